"""Synthetic economies with a known truth: the chapter's measures find it, and their bands hold it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pytest

from cryptorisk.data.catalogue import catalogue
from cryptorisk.models.flight.access import accessible_share
from cryptorisk.models.flight.adequacy import adequacy, choose_row
from cryptorisk.models.flight.measures import HOT_MONEY, OTHER_CURRENCY_SHARE, WORLD_BANK, flight_measures
from cryptorisk.models.flight.position import position
from cryptorisk.models.flight.premium import premium_part
from cryptorisk.models.flight.scenario import Drain
from cryptorisk.params import FlightParams

YEARS = np.arange(2010, 2025)


@dataclass
class Known:
    value: float
    date: dt.date
    source: str = "world"


@dataclass
class Column:
    values: pd.Series
    sources_by_date: pd.Series
    source_ids: tuple[str, ...] = ("world",)


@dataclass
class World:
    """A made-up economy behind the interface of the kit's inputs."""

    columns: dict[str, pd.Series]
    country: str = "KEN"
    as_of: dt.date = dt.date(2025, 6, 30)
    confidential: frozenset[str] = frozenset()
    euro: pd.Series = field(default_factory=lambda: pd.Series(dtype=float, index=pd.DatetimeIndex([])))

    catalogue = catalogue()

    def economies(self, id):
        return (self.country,) if id in self.columns else ()

    def series(self, id, *, country=None, sources=None):
        empty = pd.Series(dtype=float, index=pd.DatetimeIndex([]))
        if country is not None:
            values = self.euro if country == "EMU" and id == "official_fx_lcu_per_usd" else empty
        else:
            values = self.columns.get(id, empty)
        return Column(values, pd.Series("world", index=values.index, dtype="str"))

    def latest(self, id, **_rest):
        values = self.series(id).values
        return Known(float(values.iloc[-1]), values.index[-1].date()) if len(values) else None

    def panel(self, id):
        return pd.DataFrame({"AAA": self.series(id).values})


def annual(values, years=YEARS):
    return pd.Series(np.asarray(values, float), index=pd.to_datetime([f"{y}-12-31" for y in years]))


def economy(seed, *, euro_share=0.0, errors=None, imf_share=0.0):
    """Accounts that balance but for a known unrecorded outflow; part of debt and reserves is in euros.

    A share of borrowing comes from the IMF: it is other investment, and the analytic total leaves it out.
    """
    rng = np.random.default_rng(seed)
    n = len(YEARS)
    gdp = 100e9 * 1.03 ** np.arange(n)
    flight = rng.normal(0.01, 0.02, n) * gdp if errors is None else errors * gdp
    current = rng.normal(-0.04, 0.02, n) * gdp
    fdi = rng.normal(0.02, 0.01, n) * gdp
    reserve_flow = rng.normal(0.005, 0.005, n) * gdp
    borrowing = flight - current - fdi + reserve_flow
    move = np.exp(rng.normal(0, 0.07, n))
    debt, reserves = np.empty(n), np.empty(n)
    debt_before, reserves_before = 60e9, 20e9
    for t in range(n):
        kept = 1 - euro_share + euro_share * move[t]
        debt[t] = debt_before * kept + borrowing[t]
        reserves[t] = reserves_before * kept + reserve_flow[t]
        debt_before, reserves_before = debt[t], reserves[t]
    euro = pd.Series(
        1 / np.cumprod(np.concatenate([[1.0], move])),
        index=pd.to_datetime([f"{y}-12-31" for y in (YEARS[0] - 1, *YEARS)]),
    )
    columns = {
        "gdp_usd": annual(gdp),
        "external_debt_usd": annual(debt),
        "reserves_usd": annual(reserves),
        "current_account_usd": annual(current),
        "fdi_inflow_pct_gdp": annual(100 * fdi / gdp + 1),
        "fdi_outflow_pct_gdp": annual(np.ones(n)),
        "direct_investment_net_usd": annual(-fdi),
        # Financial account without reserves: borrowing and direct investment come in (outflow positive).
        "financial_account_excl_reserves_net_usd": annual(-((1 - imf_share) * borrowing + fdi)),
        "portfolio_net_usd": annual(-0.25 * borrowing),
        "other_investment_net_usd": annual(-0.75 * borrowing),
    }
    return World(columns, euro=euro), flight[1:]


def test_both_measures_find_the_unrecorded_outflow():
    world, truth = economy(1)
    measures = flight_measures(world)
    assert measures.central.to_numpy() == pytest.approx(truth)
    assert measures.hot_money[HOT_MONEY].dropna().to_numpy() == pytest.approx(truth)


def test_credit_from_the_imf_is_no_unrecorded_money():
    world, truth = economy(1, imf_share=0.5)
    measures = flight_measures(world)
    assert measures.hot_money[HOT_MONEY].dropna().to_numpy() == pytest.approx(truth)


def test_a_reversal_is_found_with_its_sign():
    world, truth = economy(2, errors=-0.03)
    assert (truth < 0).all()
    assert flight_measures(world).central.to_numpy() == pytest.approx(truth)


def test_the_band_holds_the_truth_when_half_is_in_euros():
    world, truth = economy(3, euro_share=OTHER_CURRENCY_SHARE)
    measures = flight_measures(world)
    exact = measures.usd[f"{WORLD_BANK}, revaluation of debt and reserves taken out"].dropna()
    assert exact.to_numpy() == pytest.approx(truth)
    every = measures.every().dropna()
    assert (every.min(axis=1) - 1 <= truth).all()
    assert (every.max(axis=1) + 1 >= truth).all()
    assert np.abs(measures.central.to_numpy() - truth).max() > 1e8


@pytest.mark.parametrize("share", [0.1, 0.25, 0.4])
def test_the_band_holds_the_truth_for_any_share_below(share):
    world, truth = economy(4, euro_share=share)
    every = flight_measures(world).usd.dropna()
    assert (every.min(axis=1) - 1 <= truth).all()
    assert (every.max(axis=1) + 1 >= truth).all()


def test_a_break_of_source_makes_no_flow():
    world, _truth = economy(5)
    series = world.series

    def broken(id, **rest):
        column = series(id, **rest)
        if id == "external_debt_usd":
            labels = ["old"] * 7 + ["new"] * (len(YEARS) - 7)
            column.sources_by_date = pd.Series(labels, index=column.sources_by_date.index, dtype="str")
        return column

    world.series = broken
    assert 2017 not in flight_measures(world).central.index
    assert 2018 in flight_measures(world).central.index


def reserves_world(*, std_known=True):
    columns = {
        "gdp_usd": annual(np.full(15, 400.0)),
        "exports_gs_usd": annual(np.full(15, 100.0)),
        "imports_gs_usd": annual(np.full(15, 120.0)),
        "broad_money_pct_gdp": annual(np.full(15, 50.0)),
        "external_debt_usd": annual(np.full(15, 130.0)),
        "reserves_usd": annual(np.full(15, 60.0)),
        "findex_account_pct": annual([50.0], [2024]),
        "internet_users_pct": annual([80.0], [2024]),
    }
    if std_known:
        columns["short_term_debt_remaining_maturity_usd"] = annual(np.full(15, 50.0))
    return World(columns)


def row_of(world, **told):
    from cryptorisk.countries import country

    return choose_row(world, country("KEN"), FlightParams(**told))


def test_the_chapter_reproduces_the_metrics_reference_case():
    """X = 100, M = 200, STD = 50, OL = 130 - 50 = 80: 61 when fixed, 42 when floating (V18)."""
    world = reserves_world()
    stocks = position(world)
    for regime, total in (("fixed", 61.0), ("floating", 42.0)):
        row = row_of(world, exchange_rate_regime=regime, capital_controls="no")
        metric = adequacy(stocks, row, usual_short_share=0.2)
        assert metric.central.total == pytest.approx(total)
        assert metric.low.total == pytest.approx(total)


def test_an_unknown_split_of_debt_is_bounded_by_none_and_all():
    world = reserves_world(std_known=False)
    row = row_of(world, exchange_rate_regime="floating", capital_controls="no")
    metric = adequacy(position(world), row, usual_short_share=50 / 130)
    assert metric.central.total == pytest.approx(42.0)
    assert metric.low.total == pytest.approx(5 + 10 + 0.15 * 130)
    assert metric.high.total == pytest.approx(5 + 10 + 0.30 * 130)


def test_without_a_coded_regime_both_rows_are_in_the_range():
    world = reserves_world()
    metric = adequacy(position(world), row_of(world), usual_short_share=0.2)
    assert metric.low.total == pytest.approx(37.0)
    assert metric.high.total == pytest.approx(61.0)


def test_the_accessible_share_lies_between_independence_and_full_overlap():
    """Accounts 50 %, internet 80 %: 40 % if independent, 50 % if all owners are online; the centre is at neither end."""
    share = accessible_share(reserves_world())
    assert (share.low, share.value, share.high) == pytest.approx((0.4, 0.45, 0.5))


def test_the_range_of_the_accessible_share_holds_every_measure_of_internet_use():
    world = reserves_world()
    world.columns["findex_used_internet_pct"] = annual([60.0], [2024])
    share = accessible_share(world)
    assert (share.low, share.value, share.high) == pytest.approx((0.3, (0.3 + 0.5) / 2, 0.5))


def test_accounts_at_institutions_are_in_the_range_if_the_survey_is_the_same():
    """Any account 50 %, at an institution 20 %, online 80 %: from 16 to 50 %; an older survey is left out."""
    world = reserves_world()
    world.columns["findex_fi_account_pct"] = annual([20.0], [2021])
    older = accessible_share(world)
    world.columns["findex_fi_account_pct"] = annual([20.0], [world.latest("findex_account_pct").date.year])
    share = accessible_share(world)
    assert (share.low, share.value, share.high) == pytest.approx((0.16, 0.33, 0.5))
    assert older.low == pytest.approx(0.4)


def test_the_drain_is_share_times_access_times_money():
    world = reserves_world()
    stocks, share = position(world), accessible_share(world)
    metric = adequacy(
        stocks, row_of(world, exchange_rate_regime="floating", capital_controls="no"), usual_short_share=0
    )
    case = Drain(stocks, metric, share, 0.10)
    drain = 0.10 * 0.45 * 200
    assert case.usd.value == pytest.approx(drain)
    assert case.within_reach == pytest.approx(90.0)
    assert case.months_after[0] == pytest.approx(12 * (60 - drain) / 120)
    assert case.coverage_after[0] == pytest.approx(100 * (60 - drain) / (42 - 0.05 * drain))
    reverse = {one.id: one for one in case.estimates()}["flight.drain_to_100_ara"]
    assert reverse.value == pytest.approx((60 - 42) / 0.95)


def original_maturity_world():
    """Original maturity of 50, external debt of 130."""
    world = reserves_world(std_known=False)
    world.columns["short_term_debt_pct_reserves"] = annual(np.full(15, 100 * 50 / 60))
    return world


def test_debt_service_is_the_mean_of_three_years_and_not_that_of_a_bond():
    """Exports of 100; service of 10, 10 and 40 percent: 50 + 20, from original maturity alone to the heaviest year."""
    world = original_maturity_world()
    world.columns["debt_service_pct_exports"] = annual([99.0, 10.0, 10.0, 40.0], [2021, 2022, 2023, 2024])
    debt = position(world).short_term_debt
    assert (debt.low, debt.value, debt.high) == pytest.approx((50.0, 70.0, 90.0))
    assert "2022 to 2024" in debt.note


def test_the_range_goes_beyond_debt_service_as_far_as_published_figures_do():
    """Service of 10: the smaller of 32 percent of 80 of longer debt and 2.5 times 10; without service 32 percent of 80."""
    world = original_maturity_world()
    world.columns["debt_service_pct_exports"] = annual([10.0, 10.0, 10.0], [2022, 2023, 2024])
    debt = position(world).short_term_debt
    assert (debt.low, debt.value, debt.high) == pytest.approx((50.0, 60.0, 75.0))
    without = position(original_maturity_world()).short_term_debt
    assert (without.low, without.high) == pytest.approx((50.0, 75.6))
    assert without.value == pytest.approx(np.sqrt(50.0 * 75.6))


def test_reserves_without_gold_stand_beside_those_with_it():
    world = reserves_world()
    assert position(world).reserves_without_gold is None
    world.columns["reserves_excluding_gold_usd"] = annual(np.full(14, 45.0), YEARS[:14])
    assert position(world).reserves_without_gold is None  # of the year before
    world.columns["reserves_excluding_gold_usd"] = annual(np.full(15, 45.0))
    assert position(world).reserves_without_gold.value == 45.0


def test_a_drain_beyond_reserves_is_a_shortfall_and_not_a_negative_cover():
    world = reserves_world()
    world.columns["reserves_usd"] = annual(np.full(15, 5.0))
    case = Drain(position(world), None, accessible_share(world), 0.10)
    after = {one.id: one for one in case.estimates()}["flight.import_cover_after_drain"]
    assert not after.available
    assert "exceeds reserves" in after.reason


def test_an_old_figure_is_not_carried_forward():
    world = reserves_world()
    world.columns["broad_money_pct_gdp"] = annual(np.full(8, 50.0), YEARS[:8])
    assert position(world).broad_money is None
    assert "of 2017; broad_money_pct_gdp" in position(world).money_reason
    world.columns["broad_money_pct_gdp"] = annual(np.full(13, 50.0), YEARS[:13])
    assert position(world).broad_money is not None


def test_money_that_mixes_units_is_left_out():
    world = reserves_world()
    world.columns["broad_money_pct_gdp"] = annual(np.full(15, 1200.0))
    assert position(world).broad_money is None
    assert "mixes currency units" in position(world).money_reason


def test_a_planted_premium_is_found_with_its_dates():
    from cryptorisk.countries import country

    days = pd.date_range("2020-01-01", "2023-12-31", freq="D")
    planted = np.where((days >= "2021-03-01") & (days <= "2022-06-30"), 1.5, 1.01)
    columns = {
        "parallel_fx_lcu_per_usd": pd.Series(100 * planted, index=days),
        "official_fx_daily_lcu_per_usd": pd.Series(100.0, index=days),
    }
    part = premium_part(World(columns), country("KEN"))
    table = next(t for t in part.tables if t.id == "flight.premium_episodes")
    assert table.frame[["first", "last"]].to_numpy().tolist() == [["2021-03", "2022-06"]]
    assert table.frame["mean"].iloc[0] == pytest.approx(50.0)
    latest = next(e for e in part.estimates if e.id == "flight.premium")
    assert latest.value == pytest.approx(1.0)


def test_a_planted_monthly_premium_is_compared_with_the_months_official_mean():
    from cryptorisk.countries import country

    months = pd.date_range("2020-01-31", "2023-12-31", freq="ME")
    official = 100 * np.exp(0.01 * np.arange(len(months)))
    planted = np.where((months >= "2021-03-01") & (months <= "2022-06-30"), 1.5, 1.02)
    columns = {
        "crypto_parallel_fx_lcu_per_usd": pd.Series(official * planted, index=months),
        "official_fx_lcu_per_usd": pd.Series(official, index=months),
        # a daily quote far from the month's mean must not be compared with the mean of another
        "official_fx_daily_lcu_per_usd": pd.Series(3 * official, index=months),
    }
    part = premium_part(World(columns), country("KEN"))
    table = next(t for t in part.tables if t.id == "flight.premium_episodes")
    assert table.frame[["first", "last"]].to_numpy().tolist() == [["2021-03", "2022-06"]]
    latest, peak = (
        next(e for e in part.estimates if e.id == f"flight.{name}") for name in ("premium", "premium_peak")
    )
    assert latest.value == pytest.approx(2.0)
    assert latest.date == "2023-12"
    assert "last 3 months" in latest.method
    assert peak.value == pytest.approx(50.0)
    assert "highest" not in next(t for t in part.tables if t.id == "flight.premium").frame


def test_a_daily_rate_comes_before_the_monthly_one():
    from cryptorisk.countries import country

    days = pd.date_range("2023-01-01", "2023-12-31", freq="D")
    months = pd.date_range("2023-01-31", "2023-12-31", freq="ME")
    columns = {
        "crypto_implied_fx_lcu_per_usd": pd.Series(110.0, index=days),
        "crypto_parallel_fx_lcu_per_usd": pd.Series(190.0, index=months),
        "official_fx_lcu_per_usd": pd.Series(100.0, index=months),
    }
    latest = next(
        e for e in premium_part(World(columns), country("KEN")).estimates if e.id == "flight.premium"
    )
    assert latest.value == pytest.approx(10.0)
