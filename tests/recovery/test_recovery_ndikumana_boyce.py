"""A world whose debt is in several currencies and whose trade is invoiced wrongly: the measures find what left.

Debt moves with exchange rates as well as with borrowing. The unadjusted residual is wrong by exactly that valuation, the
measure of Ndikumana and Boyce is right, and confidential figures leave no trace.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pytest
from test_recovery_flight import YEARS, Column, World, annual

from cryptorisk.models.flight.debt import adjusted_debt
from cryptorisk.models.flight.measures import WORLD_BANK, flight_measures
from cryptorisk.models.flight.misinvoicing import misinvoicing
from cryptorisk.models.flight.other_estimates import other_estimates
from cryptorisk.models.flight.other_measures import HOT_MONEY, MORGAN, NDIKUMANA_BOYCE
from cryptorisk.models.flight.part import public_annual
from cryptorisk.models.flight.stock import stock_part, treasury_rates
from cryptorisk.models.flight.stock_table import LABELS

CIF = 1.10


@dataclass
class Rates(World):
    """A world with exchange rates of several economies and with US series."""

    rates: dict[str, pd.Series] = field(default_factory=dict)
    world: dict[str, pd.Series] = field(default_factory=dict)

    def series(self, id, *, country=None, sources=None):
        held = self.rates if id == "official_fx_lcu_per_usd" else {}
        if country in held:
            values = held[country]
        elif country == "WLD" and id in self.world:
            values = self.world[id]
        else:
            return super().series(id, country=country, sources=sources)
        return Column(values, pd.Series("world", index=values.index, dtype="str"))


def path(moves):
    """Units per dollar in December from the dollar's moves, one year before the sample on."""
    dates = pd.to_datetime([f"{y}-12-31" for y in (YEARS[0] - 1, *YEARS)])
    return pd.Series(1 / np.cumprod(np.concatenate([[1.0], moves])), index=dates)


def economy(seed, *, euro=0.4, yen=0.2):
    """The world, what left unrecorded, misinvoicing, and the valuation in the debt stock."""
    rng = np.random.default_rng(seed)
    n = len(YEARS)
    gdp = 100e9 * 1.03 ** np.arange(n)
    moves = {"EMU": np.exp(rng.normal(0, 0.08, n)), "JPN": np.exp(rng.normal(0, 0.12, n))}
    flight = rng.normal(0.01, 0.02, n) * gdp
    true_exports, true_imports = 0.20 * gdp, 0.25 * gdp
    low_declared, dear = rng.uniform(0.0, 0.1, n), rng.uniform(-0.05, 0.1, n)
    exports, imports = true_exports * (1 - low_declared), CIF * true_imports * (1 + dear)
    hidden = CIF * (true_exports - exports) + imports - CIF * true_imports
    equity = rng.normal(0.005, 0.01, n) * gdp
    current, fdi = rng.normal(-0.04, 0.02, n) * gdp, rng.normal(0.02, 0.01, n) * gdp
    reserve_flow = rng.normal(0.005, 0.005, n) * gdp
    borrowing = flight - current - fdi - equity + reserve_flow
    debt, valuation, before = np.empty(n), np.empty(n), 60e9
    for t in range(n):
        valuation[t] = before * (euro * (moves["EMU"][t] - 1) + yen * (moves["JPN"][t] - 1))
        debt[t] = before + valuation[t] + borrowing[t]
        before = debt[t]
    columns = {
        "gdp_usd": gdp,
        "external_debt_usd": debt,
        "reserves_usd": 20e9 + np.cumsum(reserve_flow),
        "current_account_usd": current,
        "fdi_inflow_pct_gdp": 100 * fdi / gdp + 1,
        "fdi_outflow_pct_gdp": np.ones(n),
        "portfolio_equity_net_inflow_usd": equity,
        "external_debt_share_eur_pct": np.full(n, 100 * euro),
        "external_debt_share_jpy_pct": np.full(n, 100 * yen),
        "exports_goods_usd": exports,
        "imports_goods_usd": imports,
        "imports_reported_by_partners_usd": CIF * true_exports,
        "exports_reported_by_partners_usd": true_imports,
        "bank_foreign_assets_usd": 5e9 + np.cumsum(rng.normal(0.002, 0.004, n) * gdp),
    }
    world = Rates(
        {name: annual(values) for name, values in columns.items()},
        rates={code: path(one) for code, one in moves.items()},
    )
    return world, flight[1:], hidden[1:], valuation[1:], equity[1:]


def test_the_adjusted_measure_finds_what_left_and_the_unadjusted_is_wrong_by_the_valuation():
    world, flight, hidden, valuation, equity = economy(1)
    measures = flight_measures(world)
    found = measures.further[NDIKUMANA_BOYCE].dropna()
    assert found.to_numpy() == pytest.approx(flight + hidden)
    assert measures.further[f"{NDIKUMANA_BOYCE}, before misinvoicing"].dropna().to_numpy() == pytest.approx(
        flight
    )
    assert measures.central.to_numpy() == pytest.approx(flight - equity + valuation)
    assert np.abs(valuation).max() > 1e9


def test_the_change_of_debt_at_constant_rates_is_borrowing():
    world, *_truth, valuation, _equity = economy(2)
    debt = public_annual(world, "external_debt_usd")
    adjusted = adjusted_debt(world, debt)
    assert (debt.change() - adjusted.change).to_numpy() == pytest.approx(valuation)


def test_shares_above_all_are_refused_with_the_year():
    world, *_rest = economy(3, euro=0.7, yen=0.6)
    adjusted = adjusted_debt(world, public_annual(world, "external_debt_usd"))
    assert adjusted.change.empty
    assert "more than 100 % in 2010" in adjusted.reason


def test_partners_that_are_a_part_are_scaled_to_all():
    world, _flight, hidden, *_rest = economy(4)
    for side, id in (
        ("exports", "imports_reported_by_partners_usd"),
        ("imports", "exports_reported_by_partners_usd"),
    ):
        world.columns[id] = 0.6 * world.columns[id]
        world.columns[f"partners_share_{side}_pct"] = annual(np.full(len(YEARS), 60.0))
    assert misinvoicing(world).usd["central"].to_numpy()[1:] == pytest.approx(hidden)


def test_a_higher_factor_of_freight_makes_exports_look_less_hidden():
    world, *_rest = economy(5)
    usd = misinvoicing(world).usd
    assert (usd["low"] > usd["central"]).all()
    assert (usd["central"] > usd["high"]).all()
    one = {e.id: e for e in other_estimates(flight_measures(world))}["flight.misinvoicing_pct_gdp"]
    assert one.low < one.value < one.high


def test_morgan_guaranty_is_the_residual_less_what_banks_added_abroad():
    world, *_rest = economy(6)
    measures = flight_measures(world)
    added = np.diff(world.columns["bank_foreign_assets_usd"].to_numpy())
    assert (measures.central - measures.further[MORGAN].dropna()).to_numpy() == pytest.approx(added)


@pytest.mark.parametrize(
    "secret",
    [
        "external_debt_share_eur_pct",
        "portfolio_equity_net_inflow_usd",
        "bank_foreign_assets_usd",
        "exports_goods_usd",
        "partners_share_exports_pct",
        "short_term_private_net_inflow_usd",
        "net_errors_omissions_usd",
    ],
)
def test_a_confidential_figure_of_the_bank_moves_no_measure(secret):
    """The bank's own source is left out where it is confidential: the measures are those of a world without it."""
    world, *_rest = economy(7)
    world.columns["partners_share_exports_pct"] = annual(np.full(len(YEARS), 100.0))
    world.columns["short_term_private_net_inflow_usd"] = annual(np.linspace(1e9, 2e9, len(YEARS)))
    world.columns["net_errors_omissions_usd"] = annual(np.linspace(-1e9, 2e9, len(YEARS)))
    plain, open_series = flight_measures(world).every(), world.series

    def of_the_bank(id, **rest):
        column = open_series(id, **rest)
        if id == secret:
            column.sources_by_date = pd.Series("bank", index=column.values.index, dtype="str")
        return column

    world.series, world.confidential = of_the_bank, frozenset({secret})
    hidden = flight_measures(world).every()
    world.columns[secret] = world.columns[secret] * 1.7
    again = flight_measures(world).every()
    pd.testing.assert_frame_equal(hidden, again)
    assert set(hidden) < set(plain) or not hidden.equals(plain)


def test_published_errors_and_omissions_are_the_centre_of_hot_money():
    world, *_rest = economy(8)
    world.columns["net_errors_omissions_usd"] = annual(np.linspace(-3e9, 2e9, len(YEARS)))
    assert flight_measures(world).hot_money[HOT_MONEY].to_numpy() == pytest.approx(
        -np.linspace(-3e9, 2e9, len(YEARS))
    )


def test_the_stock_grows_with_the_bills_rate_and_keeps_reversals():
    world, *_rest = economy(9)
    weeks = pd.date_range("2010-01-01", "2024-12-31", freq="W")
    world.world["us_3m_tbill_weekly_pct"] = pd.Series(5.0, index=weeks)
    rates, _sources = treasury_rates(world)
    assert rates.to_numpy() == pytest.approx(0.05)
    measures = flight_measures(world)
    flows = measures.central.to_numpy()
    assert (flows < 0).any()
    expected = sum(flow * 1.05 ** (len(flows) - 1 - t) for t, flow in enumerate(flows))
    part = stock_part(world, measures, "the world")
    stock = next(e for e in part.estimates if e.id == "flight.stock_usd")
    assert stock.value == pytest.approx(expected)
    assert stock.low <= stock.value <= stock.high
    row = part.tables[0].frame.set_index("measure").loc[LABELS[WORLD_BANK]]
    assert row["sum"] == pytest.approx(flows.sum() / 1e9)
    assert row["to_debt"] == pytest.approx(100 * expected / world.columns["external_debt_usd"].iloc[-1])


def test_without_interest_rates_there_is_no_stock():
    world, *_rest = economy(10)
    part = stock_part(world, flight_measures(world), "the world")
    assert not any(one.available for one in part.estimates)
