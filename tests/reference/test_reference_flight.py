"""Reference cases V18 and V19 (METHODS.md, Capital flight)."""

import pytest

from cryptorisk.rules import residual_flight
from cryptorisk.rules.ara import ara, drain_to_level


@pytest.mark.parametrize(
    ("regime", "controls", "version", "expected"),
    [
        ("fixed", False, "2015", 61.0),
        ("floating", False, "2015", 42.0),
        ("fixed", True, "2015", 51.0),
        ("floating", True, "2015", 37.0),
        ("fixed", False, "2011", 57.0),
        ("floating", False, "2011", 38.0),
    ],
)
def test_v18_metric(regime, controls, version, expected):
    """X = 100, M = 200, STD = 50, OL = 80; weights of IMF (2011, 2015, 2016)."""
    metric = ara(100, 200, 50, 80, regime=regime, controls=controls, version=version)
    assert metric.total == pytest.approx(expected)


@pytest.mark.parametrize(("regime", "ratio"), [("fixed", 0.98), ("floating", 1.43)])
def test_v18_coverage(regime, ratio):
    """Reserves of 60 against 61 and 42."""
    metric = ara(100, 200, 50, 80, regime=regime, controls=False)
    assert metric.coverage_pct(60) / 100 == pytest.approx(ratio, abs=0.005)


def test_v19_ndikumana_boyce():
    """100 + 20 - 5 - (60 + 15) + 12 = 52 (Ndikumana and Boyce 2010, their identity)."""
    flight = residual_flight.ndikumana_boyce(
        debt_change_adjusted=100.0,
        direct_investment_inflow=20.0,
        portfolio_inflow=-5.0,
        current_account_deficit=60.0,
        reserves_change=15.0,
        misinvoicing=12.0,
    )
    assert flight == pytest.approx(52)


def test_v19_world_bank():
    """Without portfolio and misinvoicing: 100 + 20 - 60 - 15 = 45 (World Bank 1985)."""
    flight = residual_flight.world_bank(
        debt_change=100.0, direct_investment_inflow=20.0, current_account=-60.0, reserves_change=15.0
    )
    assert flight == pytest.approx(45)


def test_v19_from_its_parts():
    """The same 52 with debt adjusted from its currencies and misinvoicing from both records of trade."""
    debt = residual_flight.adjusted_debt_change(
        debt=1_120.0, debt_before=1_000.0, parts_before={"EUR": 400.0}, moves={"EUR": 1.05}
    )
    exports = residual_flight.export_misinvoicing(partners_imports=230.0, exports=200.0)
    imports = residual_flight.import_misinvoicing(imports=332.0, partners_exports=300.0)
    assert (debt, exports, imports) == pytest.approx((100.0, 10.0, 2.0))
    flight = residual_flight.ndikumana_boyce(
        debt_change_adjusted=debt,
        direct_investment_inflow=20.0,
        portfolio_inflow=-5.0,
        current_account_deficit=60.0,
        reserves_change=15.0,
        misinvoicing=exports + imports,
    )
    assert flight == pytest.approx(52)


@pytest.mark.parametrize(("regime", "controls", "total"), [("fixed", False, 61.0), ("floating", True, 37.0)])
def test_v18_the_drain_that_brings_cover_to_the_metric(regime, controls, total):
    """(R - D) / (ARA - w D) = 1 at D = (R - ARA) / (1 - w), for the general rule as for the metric's own."""
    metric = ara(100, 200, 50, 80, regime=regime, controls=controls)
    drain = drain_to_level(90.0, total, 1.0, metric.weights.broad_money)
    assert drain == pytest.approx(metric.drain_to_adequate(90.0))
    assert metric.coverage_after_pct(90.0, drain) == pytest.approx(100.0)
