"""Duplicates, impossible values, stale repeats, weekends, lost histories."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from histories import held, history, judged

from cryptorisk.data.catalogue import catalogue
from cryptorisk.data.checks.impossible import FREE, POSITIVE, bounds
from cryptorisk.data.checks.markets import crypto_asset, is_market_price

YEARS = [50.0 + year for year in range(20)]


def walk(count, seed=3):
    return 50_000 * np.exp(np.cumsum(np.random.default_rng(seed).normal(0, 0.03, count)))


def test_repeated_rows_are_counted_and_one_stays():
    fetched = history("population", YEARS, start="2000")
    found = judged(pd.concat([fetched, fetched.head(3), fetched.head(1)]))
    assert found.notes == ("4 rows came more than once, word for word; one of each stays.",)
    pd.testing.assert_frame_equal(found.accepted, fetched, check_dtype=False)


def test_contradictions_are_held_altogether():
    fetched = history("population", YEARS, start="2000")
    other = fetched.iloc[[4]].assign(value=54.5)
    found = judged(pd.concat([fetched, other]))
    assert held(found) == {"duplicates": [54.0, 54.5]}
    assert found.quarantined["reason"].iloc[0] == (
        "a_live gives 2 figures for 2004, 54 and 54.5: none of them can be told to be right."
    )


@pytest.mark.parametrize(
    ("series", "value"),
    [
        ("official_fx_lcu_per_usd", 0.0),
        ("official_fx_lcu_per_usd", -3.0),
        ("population", 0.0),
        ("reserves_usd", -1.0),
        ("btc_price_usd", 0.0),
        ("equity_index_lcu", -1.0),
        ("cpi_index_monthly", 0.0),
        ("internet_users_pct", 104.0),
        ("findex_account_pct", 101.0),
        ("npl_ratio_pct", -1.0),
        ("public_debt_pct_gdp", -5.0),
        ("cpi_inflation_pct", -101.0),
        ("gcai_rank", 0.0),
        ("gdp_usd", np.nan),
        ("gdp_usd", np.inf),
        ("current_account_usd", -np.inf),
    ],
)
def test_what_cannot_be_is_held(series, value):
    found = judged(history(series, [value], start="2020-01-01"))
    assert found.quarantined["rule"].tolist() == ["impossible"]


@pytest.mark.parametrize(
    ("series", "value"),
    [
        ("wti_usd_bbl", -36.98),
        ("current_account_usd", -5.0),
        ("policy_rate_pct", -0.75),
        ("govt_effectiveness", -1.8),
        ("us_anfci", -0.5),
        ("fiscal_balance_pct_gdp", -30.0),
        ("cpi_inflation_pct", 65_374.0),
        ("internet_users_pct", 100.0000000001),
        ("remittances_paid_usd", 0.0),
        ("external_debt_pct_gni", 610.0),
    ],
)
def test_what_can_be_is_accepted(series, value):
    assert judged(history(series, [value], start="2020-01-03")).quarantined.empty


def test_dates_to_come_and_missing_ones_are_held():
    fetched = history("population", YEARS, start="2008")
    undated = fetched.iloc[[0]].assign(date=pd.NaT)
    found = judged(pd.concat([fetched, undated]))
    assert found.quarantined["reason"].tolist() == [
        "a_live dates 68 at 2026, after the day of the refresh (2026-11-23).",
        "a_live dates 69 at 2027, after the day of the refresh (2026-11-23).",
        "a_live gives 50 without a date.",
    ]


def test_a_feed_that_stands_still_keeps_its_first_value():
    prices = [*walk(60), *[61_000.5] * 5]
    found = judged(history("btc_price_usd", prices, start="2026-01-01", country="WLD"))
    assert held(found) == {"stale repeats": [61_000.5] * 4}
    assert found.accepted["value"].iloc[-1] == 61_000.5
    assert "repeats 61 000.5 for 5 days since 2026-03-02" in found.quarantined["reason"].iloc[0]


def test_four_equal_quotes_and_an_earlier_run_are_no_dead_feed():
    for prices in ([*walk(60), *[61_000.5] * 4], [*walk(60), *[52_000.5] * 9, 52_100]):
        assert judged(history("btc_price_usd", prices, start="2026-01-01")).quarantined.empty


@pytest.mark.parametrize("series", ["official_fx_daily_lcu_per_usd", "usdt_price_usd", "us_effr_daily_pct"])
def test_what_may_stand_still(series):
    assert judged(history(series, [1.0] * 60, start="2026-01-01")).quarantined.empty


def test_repeats_that_came_in_before_are_called_back():
    before = history("btc_price_usd", [*walk(60), *[61_000.5] * 3], start="2026-01-01")
    assert judged(before).quarantined.empty
    found = judged(history("btc_price_usd", [*walk(60), *[61_000.5] * 6], start="2026-01-01"), before)
    assert len(found.quarantined) == 5
    assert found.superseded["value"].tolist() == [61_000.5] * 2


def test_a_crypto_price_without_weekends_is_something_else():
    daily = history("btc_price_usd", walk(900), start="2023-01-01", country="WLD")
    working = daily[daily["date"].dt.day_of_week < 5]
    assert judged(daily).quarantined.empty
    found = judged(working)
    assert len(held(found)["calendar"]) == len(working)
    assert (
        "has 0 of the 208 Saturdays and Sundays of the last two years" in found.quarantined["reason"].iloc[0]
    )


def test_early_holes_and_short_histories_are_forgiven():
    daily = history("eth_price_usd", walk(1500), start="2020-01-01")
    holes = daily[(daily["date"].dt.day_of_week < 5) | (daily["date"] > "2021-06-01")]
    assert judged(holes).quarantined.empty
    fortnight = daily.tail(14)
    assert judged(fortnight[fortnight["date"].dt.day_of_week < 5]).quarantined.empty


def test_a_share_index_has_weekends():
    daily = history("sp500_index", walk(900), start="2023-01-01", country="WLD")
    assert judged(daily[daily["date"].dt.day_of_week < 5]).quarantined.empty


def test_a_history_cut_short_is_held_and_a_withdrawn_year_is_noted():
    previous = history("population", YEARS, start="2000")
    found = judged(previous.tail(15), previous)
    assert len(held(found)["history lost"]) == 15
    assert found.quarantined["reason"].iloc[0] == (
        "a_live withdrew 5 of the 20 periods that the previous vintage has of population for KEN (2000 to 2004): the answer "
        "looks cut short, and the previous figures stay."
    )
    found = judged(previous.tail(16), previous)
    assert found.quarantined.empty
    assert found.notes == ("a_live no longer gives 4 earlier figures of population (KEN).",)


def test_short_histories_and_other_sources_may_lack_periods():
    short = history("population", YEARS[:7], start="2000")
    assert judged(short.tail(2), short).quarantined.empty
    other = history("population", YEARS, start="2000", source="wdi")
    assert judged(other.tail(3).assign(source="a_live"), other).quarantined.empty


@pytest.mark.parametrize(
    ("series", "market", "asset"),
    [
        ("btc_price_usd", True, "btc"),
        ("btc_price_lcu", True, "btc"),
        ("usdt_price_usd", False, "usdt"),
        ("vix_close", True, ""),
        ("sp500_index", True, ""),
        ("em_equity_etf_usd", True, ""),
        ("gold_future_usd_oz", True, ""),
        ("wti_usd_bbl", True, ""),
        ("btc_market_cap_usd", False, ""),
        ("btc_onchain_transfer_usd", False, ""),
        ("defi_tvl_usd", False, ""),
        ("us_10y_pct", False, ""),
        ("market_fx_daily_lcu_per_usd", False, ""),
        ("cpi_index_monthly", False, ""),
    ],
)
def test_market_and_crypto_prices(series, market, asset):
    known = catalogue()
    assert is_market_price(known[series]) is market
    assert crypto_asset(known[series], known) == asset


@pytest.mark.parametrize("id", ["real_gdp_index_q", "equity_index_lcu", "sp500_index", "cpi_index_monthly"])
def test_indices_of_prices_and_quantities_are_above_zero(id):
    assert bounds(catalogue().series[id]) == POSITIVE


@pytest.mark.parametrize("id", ["govt_effectiveness", "us_financial_stress"])
def test_scores_may_lie_below_zero(id):
    assert bounds(catalogue().series[id]) == FREE
