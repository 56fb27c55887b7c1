"""Reference cases V18 and V19 (METHODS.md, Capital flight)."""

import pytest

from cryptorisk.rules import residual_flight
from cryptorisk.rules.ara import ara


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
