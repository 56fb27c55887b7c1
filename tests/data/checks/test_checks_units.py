"""Another unit, another base, another money."""

from __future__ import annotations

import pandas as pd
import pytest
from histories import held, history, judged

GDP = [100e9 * 1.05**year for year in range(12)]


@pytest.mark.parametrize("power", [-6, -3, 1, 2, 3, 9])
def test_a_block_a_power_of_ten_off_its_own_source_is_held_whole(power):
    previous = history("gdp_usd", GDP, start="2010")
    fetched = history("gdp_usd", [value * 10.0**power * 1.02 for value in [*GDP, 200e9]], start="2010")
    found = judged(fetched, previous)
    assert len(held(found)["units"]) == 13
    assert found.accepted.empty


def test_the_sentence_names_the_factor_and_the_source():
    previous = history("gdp_usd", GDP, start="2010", source="wdi")
    fetched = history("gdp_usd", [value / 1e6 for value in GDP], start="2010", source="wdi_live")
    reason = judged(fetched, previous).quarantined["reason"].iloc[0]
    assert reason == (
        "wdi_live gives gdp_usd for KEN at one 1 000 000th of the figures of wdi, in 12 periods that both have: "
        "another unit."
    )


def test_revisions_and_other_ratios_are_no_other_unit():
    previous = history("gdp_usd", GDP, start="2010")
    for factor in (0.8, 1.3, 1.45):
        assert judged(
            history("gdp_usd", [value * factor for value in GDP], start="2010"), previous
        ).quarantined.empty


def test_its_own_source_decides_before_the_others():
    own = history("gdp_usd", GDP, start="2010")
    other = history("gdp_usd", [value / 1000 for value in GDP], start="2010", source="b")
    assert judged(own, pd.concat([own, other])).quarantined.empty
    assert len(judged(own, other).quarantined) == 12


def test_one_source_of_its_size_is_enough():
    mine = history("gdp_usd", GDP, start="2010")
    near = history("gdp_usd", [value * 1.1 for value in GDP], start="2010", source="b")
    far = history("gdp_usd", [value / 1000 for value in GDP], start="2010", source="c")
    assert judged(mine, pd.concat([near, far])).quarantined.empty


def test_two_common_periods_are_enough_for_exact_powers_only():
    previous = history("gdp_usd", GDP[:2], start="2010")
    exact = history("gdp_usd", [value * 1000 for value in GDP[:2]], start="2010")
    assert len(held(judged(exact, previous))["units"]) == 2
    near = history("gdp_usd", [value * 1300 for value in GDP[:2]], start="2010")
    assert judged(near, previous).quarantined.empty


def test_the_newest_years_in_thousands_are_held_against_another_source_and_what_follows_with_them():
    previous = history("reserves_usd", GDP, start="2010", source="wdi")
    values = [*GDP[:-2], GDP[-2] / 1000, GDP[-1] / 1000, GDP[-1] / 990]
    found = judged(history("reserves_usd", values, start="2010", source="wdi_live"), previous)
    assert held(found) == {"units": values[-3:]}
    assert "one 1 000th of the figure of wdi for the same period" in found.quarantined["reason"].iloc[0]


def test_a_restatement_to_the_euro_is_named():
    rates = [6.5 + month / 50 for month in range(20)]
    previous = history("official_fx_lcu_per_usd", rates, start="2020-01", country="HRV")
    euro = history(
        "official_fx_lcu_per_usd", [rate / 7.5345 for rate in rates], start="2020-01", country="HRV"
    )
    found = judged(euro, previous)
    assert len(held(found)["units"]) == 20
    assert "restated to the euro by the conversion rate of 7.5345 HRK" in found.quarantined["reason"].iloc[0]


def test_a_rebased_index_with_a_wrong_month_keeps_nothing_on_the_old_base():
    index = [100 + month * 0.4 for month in range(60)]
    previous = history("cpi_index_monthly", index, start="2020-01")
    moved = [value * 0.4 for value in index]
    moved[30] *= 3
    found = judged(history("cpi_index_monthly", moved, start="2020-01"), previous)
    assert held(found) == {"jumps": [moved[30]]}
    assert found.superseded["value"].tolist() == [index[30]]


def test_a_part_of_the_history_in_another_unit_is_held_with_what_follows_it():
    previous = history("exports_gs_usd", GDP, start="2010")
    fetched = history(
        "exports_gs_usd", [*GDP[:6], *(value * 1000 for value in [*GDP[6:], 200e9])], start="2010"
    )
    found = judged(fetched, previous)
    assert len(held(found)["units"]) == 7
    assert len(found.accepted) == 6
    assert "another unit in a part of the history" in found.quarantined["reason"].iloc[0]


def test_an_index_on_a_new_base_is_accepted_with_a_note_and_the_old_base_must_go():
    index = [100 + month * 0.4 for month in range(40)]
    previous = history("cpi_index_monthly", index, start="2020-01")
    fetched = history("cpi_index_monthly", [value / 1.37 for value in [*index[5:], 117]], start="2020-06")
    found = judged(fetched, previous)
    assert found.quarantined.empty
    assert (
        found.notes[-1]
        == "a_live gives cpi_index_monthly on a new base for KEN: all figures moved by one factor."
    )
    assert found.superseded["value"].tolist() == index[:5]


def test_indices_of_different_sources_have_any_ratio():
    previous = history("cpi_index_monthly", [100 + month for month in range(20)], start="2020-01", source="b")
    fetched = history("cpi_index_monthly", [1000 + 10 * month for month in range(20)], start="2020-01")
    assert judged(fetched, previous).quarantined.empty


def test_an_index_of_a_market_has_one_level_everywhere():
    close = [15 + day % 7 for day in range(40)]
    previous = history("vix_close", close, start="2026-01-01", country="WLD", source="cboe_vix")
    fetched = history("vix_close", [value * 10 for value in close], start="2026-01-01", country="WLD")
    assert len(held(judged(fetched, previous))["units"]) == 40


def test_a_listed_redenomination_is_offered_as_the_explanation():
    previous = history("gdp_lcu", GDP, start="2010", country="SLE")
    fetched = history("gdp_lcu", [value / 1000 for value in GDP], start="2010", country="SLE")
    reason = judged(fetched, previous).quarantined["reason"].iloc[0]
    assert reason.endswith("another unit, perhaps SLE (one SLE is 1 000 SLL since 2022-07-01).")
