"""Zeros cut from a currency."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from histories import held, history, judged

from cryptorisk.countries import Redenomination
from cryptorisk.data.checks.redenominations import listed


def test_months_before_the_cut_are_in_the_old_unit():
    rates = [4000.0, 4100, 4300, 4.5, 4.6, 4.7, 4.8]
    found = judged(history("official_fx_lcu_per_usd", rates, start="2018-10", country="MRT"))
    assert found.quarantined.empty  # Mauritania cut one zero in January 2018, not three
    found = judged(
        history("official_fx_lcu_per_usd", [35.2, 35.4, 3.55, 3.56, 3.57], start="2017-11", country="MRT")
    )
    assert held(found) == {"redenominations": [35.2, 35.4]}
    assert found.quarantined["reason"].iloc[0] == (
        "a_live gives official_fx_lcu_per_usd for MRT at 35.4 in 2017-12 and 3.55 in 2018-01; one MRU is 10 MRO since "
        "2018-01-01: figures before are in the old unit."
    )


def test_a_month_that_mixes_both_units_goes_with_the_old_ones():
    rates = [9000.0, 9100, 4000.0, 0.9, 0.91, 0.92]
    found = judged(history("official_fx_lcu_per_usd", rates, start="2007-05", country="GHA"))
    assert held(found) == {"redenominations": [9000.0, 9100.0, 4000.0]}


def test_a_hyperinflation_hides_a_part_of_the_zeros():
    cut = {"VEN": (Redenomination(dt.date(2018, 8, 20), "VEF", "VES", 1e5),)}
    rates = [2.0e5, 2.5e5, 60.0, 65.0, 90.0]
    fetched = history("official_fx_lcu_per_usd", rates, start="2018-07", country="VEN")
    assert held(judged(fetched, redenominations=cut)) == {"redenominations": [2.0e5, 2.5e5]}


@pytest.mark.parametrize("series", ["gdp_lcu", "fx_lcu_usd_avg"])
def test_years_before_the_cut_are_in_the_old_unit(series):
    values = [8.9e6, 9.1e6, 9.3e6, 960.0, 1005.0, 1100.0]
    found = judged(history(series, values, start="2004", country="GHA"))
    assert held(found) == {"redenominations": [8.9e6, 9.1e6, 9.3e6]}


def test_restated_figures_of_the_previous_vintage_are_not_judged():
    restated = history("gdp_lcu", [890.0, 910, 930, 960, 1005], start="2004", country="GHA")
    fetched = history("gdp_lcu", [8.9e6, 9.1e6, 9.3e6, 960, 1005], start="2004", country="GHA")
    found = judged(fetched, restated)
    assert set(held(found)) <= {"redenominations", "units"}
    assert sorted(found.accepted["value"]) == [960, 1005]
    assert found.superseded.empty


def test_series_in_dollars_and_steps_far_from_the_date_are_left_alone():
    values = [9e9, 9.1e9, 9.0e5, 9.1e5, 9.2e5, 9.3e5]
    dollars = history("gdp_usd", values, start="2005", country="GHA")
    early = history("gdp_lcu", values, start="1990", country="GHA")
    assert judged(pd.concat([dollars, early])).quarantined.empty


def test_a_lasting_fall_that_no_table_explains_is_noted():
    rates = [1500.0, 1510, 1.52, 1.53, 1.54, 1.55, 1.56, 1.57, 1.58]
    found = judged(history("official_fx_lcu_per_usd", rates, start="2026-01", country="NGA"))
    assert found.quarantined.empty
    assert "the kit's table of redenominations lacks it" in found.notes[0]


def test_joining_the_euro_is_no_missing_redenomination():
    rates = [7.1, 7.2, 7.3, 0.93, 0.92, 0.92]
    assert judged(history("official_fx_lcu_per_usd", rates, start="2022-10", country="HRV")).notes == ()


def test_the_table_of_the_kit():
    assert listed()["GHA"][0].old_per_new == 10_000
