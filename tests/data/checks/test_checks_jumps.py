"""Changes that come back, last changes that nothing confirms, and lasting ones, which are news."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from histories import held, history, judged

from cryptorisk.data.catalogue import catalogue
from cryptorisk.data.checks.tolerances import TOLERANCES, kind

CALM = [100 + month * 0.3 + (month % 3) * 0.2 for month in range(40)]
PEG = [3.75] * 40


def changed(values, place, factor):
    values = [float(value) for value in values]
    values[place] *= factor
    return values


@pytest.mark.parametrize("factor", [0.01, 0.5, 2, 10, 1000])
def test_an_isolated_value_that_comes_back_is_held(factor):
    found = judged(history("official_fx_lcu_per_usd", changed(CALM, 20, factor), start="2020-01"))
    assert held(found) == {"jumps": [pytest.approx(CALM[20] * factor)]}
    assert len(found.accepted) == 39


def test_the_sentence_says_the_figures_around_it_and_what_history_explains():
    found = judged(history("official_fx_lcu_per_usd", changed(PEG, 20, 100), start="2020-01"))
    assert found.quarantined["reason"].tolist() == [
        "a_live gives official_fx_lcu_per_usd for KEN at 375 (2021-09) between 3.75 (2021-08) and 3.75 (2021-10): a change "
        "that comes back at once, beyond the factor 1.5 that history explains, and no other source has it."
    ]


def test_three_periods_are_held_and_four_are_a_new_level():
    for length, count in ((2, 2), (3, 3), (4, 0)):
        values = [*CALM[:20], *([900.0] * length), *CALM[20:]]
        found = judged(history("official_fx_lcu_per_usd", values, start="2020-01"))
        assert len(found.quarantined) == count, length


def test_a_peg_that_moves_for_good_is_accepted():
    found = judged(history("official_fx_lcu_per_usd", [*PEG, 7.5, 7.5, 7.6], start="2020-01"))
    assert found.quarantined.empty


def test_the_right_value_between_two_wrong_ones_is_not_the_suspect():
    values = [100.0, 101, 102, 9000, 103, 9100, 104, 105, 106]
    found = judged(history("gdp_usd", values, start="2005"))
    assert 103 not in found.quarantined["value"].tolist()


@pytest.mark.parametrize(
    ("after", "count"), [(15000.0, 0), (1507.5 * 19, 0), (1507.5 * 25, 1), (1507.5 / 2, 0), (1507.5 / 4, 1)]
)
def test_a_last_exchange_rate_is_held_beyond_twenty_times_or_a_third(after, count):
    found = judged(history("official_fx_lcu_per_usd", [*[1507.5] * 30, after], start="2020-01"))
    assert len(found.quarantined) == count


def test_another_source_confirms_in_the_previous_vintage_and_in_the_same_answer():
    mine = history("official_fx_lcu_per_usd", [*[6.0] * 30, 820.0], start="2020-01")
    other = history("official_fx_lcu_per_usd", [*[6.0] * 30, 810.0], start="2020-01", source="b")
    contrary = history("official_fx_lcu_per_usd", [*[6.0] * 30, 6.1], start="2020-01", source="b")
    assert judged(mine, other).quarantined.empty
    assert judged(pd.concat([mine, other])).quarantined.empty
    assert held(judged(mine, contrary)) == {"jumps": [820.0]}


def test_a_figure_accepted_as_the_last_is_held_once_it_turns_out_to_be_a_spike():
    prices = [60_000 + day for day in range(60)]
    before = history("btc_price_usd", [*prices, 60_000 * 5], start="2026-01-01")
    assert judged(before).quarantined.empty  # five times up may be news
    after = history("btc_price_usd", [*prices, 60_000 * 5, 60_060, 60_070], start="2026-01-01")
    found = judged(after, before)
    assert held(found) == {"jumps": [60_000 * 5]}
    assert found.superseded["value"].tolist() == [60_000 * 5]


def test_what_the_previous_vintage_has_already_is_not_judged_again():
    fetched = history("official_fx_lcu_per_usd", changed(CALM, 20, 10), start="2020-01")
    assert judged(fetched, fetched).quarantined.empty


def test_a_restless_history_widens_the_bounds_but_not_to_a_thousand():
    rng = np.random.default_rng(7)
    restless = np.exp(np.cumsum(rng.normal(0, 0.9, 60)) * 0 + rng.normal(18, 0.9, 60))
    assert judged(history("remittances_received_usd", restless, start="1965")).quarantined.empty
    restless[30] = np.exp(18) * 3000
    assert len(judged(history("remittances_received_usd", restless, start="1965")).quarantined) == 1


def test_a_change_over_a_long_gap_is_not_judged():
    early = history("population", [1000.0, 1010, 1020], start="1990")
    late = history("population", [9000.0], start="2010")
    again = history("population", [1030.0, 1040], start="2020")
    assert judged(pd.concat([early, late, again])).quarantined.empty


def test_net_items_change_sign_and_size_as_they_please():
    rng = np.random.default_rng(1)
    flows = rng.normal(0, 1e8, 60)
    flows[30] = 6e9
    assert judged(history("portfolio_net_usd_q", flows, start="2008-01")).quarantined.empty


def test_a_missing_value_written_as_zero_is_held():
    values = [5e8 + year * 1e7 for year in range(20)]
    values[10] = 0.0
    assert held(judged(history("remittances_received_usd", values, start="2000"))) == {"jumps": [0.0]}


def test_every_series_of_the_catalogue_has_a_kind():
    for spec in catalogue().series.values():
        assert kind(spec) in TOLERANCES


@pytest.mark.parametrize(
    ("series", "expected"),
    [
        ("official_fx_lcu_per_usd", "exchange rate"),
        ("cpi_index_monthly", "prices"),
        ("us_cpi_index_sa", "prices"),
        ("cpi_index", "yearly prices"),
        ("population", "people"),
        ("gdp_lcu", "national amount"),
        ("gdp_usd", "amount"),
        ("btc_price_usd", "market"),
        ("vix_close", "market"),
        ("usdt_price_usd", "amount"),
        ("btc_onchain_transfer_usd", "activity"),
        ("policy_rate_pct", "rate"),
        ("us_10y_pct", "yield"),
        ("public_debt_pct_gdp", "share"),
        ("current_account_usd", "net"),
        ("kaopen", "coding"),
        ("gcai_rank", "coding"),
    ],
)
def test_kinds(series, expected):
    assert kind(catalogue()[series]) == expected
