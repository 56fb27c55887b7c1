"""Another currency, instrument or definition, and short answers in front of long histories."""

from __future__ import annotations

import pandas as pd
import pytest
from histories import held, history, judged

from cryptorisk.data.catalogue import catalogue

RATES = [100 + month * 0.3 + (month % 3) * 0.2 for month in range(40)]
YEARS = [5e9 * 1.05**year for year in range(20)]


def test_the_rates_of_another_currency_are_held():
    for source in ("imf_er_live", "imf_er_2026_01"):  # other sources of the group, and its own figures
        previous = history("official_fx_lcu_per_usd", RATES, start="2020-01", source=source)
        wrong = history(
            "official_fx_lcu_per_usd", [rate * 27.6 for rate in RATES], start="2020-01", source="imf_er_live"
        )
        found = judged(wrong, previous)
        assert len(held(found)["levels"]) == 40
        assert "a median factor of 28" in found.quarantined["reason"].iloc[0]


def test_one_source_of_the_same_size_is_enough():
    rates = history("official_fx_lcu_per_usd", RATES, start="2020-01", source="imf_er_live")
    near = rates.assign(source="frb_h10", value=rates["value"] * 1.01)
    far = rates.assign(source="imf_er_2026_01", value=rates["value"] * 27.6)
    assert judged(rates, pd.concat([near, far])).quarantined.empty
    assert len(held(judged(rates, pd.concat([near.head(5), far])))["levels"]) == 40


def test_groups_may_differ_by_less_than_a_factor_of_five_in_dollars():
    previous = history("external_debt_usd", YEARS, start="2000", source="cia_factbook")
    for factor, count in ((4.0, 0), (6.0, 20)):
        fetched = history("external_debt_usd", [v * factor for v in YEARS], start="2000", source="wdi_live")
        assert len(judged(fetched, previous).quarantined) == count


def test_a_large_revision_is_noted():
    previous = history("gdp_usd", YEARS, start="2000", source="wdi_live")
    found = judged(previous.assign(value=previous["value"] * 1.3), previous)
    assert found.quarantined.empty
    assert found.notes == (
        "wdi_live revised its earlier figures of gdp_usd for KEN by more than 10 % in the median.",
    )


def test_a_short_answer_does_not_hide_a_long_history():
    previous = history("reserves_usd", YEARS, start="2000", source="wdi")
    short = history("reserves_usd", YEARS[:3], start="2000", source="wdi_live")
    found = judged(short, previous)
    assert len(held(found)["shadows"]) == 3
    assert found.quarantined["reason"].iloc[0] == (
        "wdi_live gives 3 of the 20 periods that wdi has of reserves_usd for KEN; "
        "in front of it they would hide the rest."
    )
    assert judged(
        short, history("reserves_usd", YEARS, start="2000", source="wdi_live").iloc[:2]
    ).quarantined.empty


def test_a_history_of_ten_years_that_ends_later_stands_in_front():
    previous = history("reserves_usd", YEARS, start="2000", source="wdi")
    late = history("reserves_usd", [*YEARS[10:], YEARS[-1]], start="2010", source="wdi_live")
    assert judged(late, previous).quarantined.empty


def test_groups_may_differ_by_less_than_a_factor_of_three_elsewhere():
    people = [1e6 * 1.02**year for year in range(20)]
    previous = history("population", people, start="2000", source="wdi")
    for factor, count in ((2.5, 0), (4.0, 20)):
        fetched = history("population", [v * factor for v in people], start="2000", source="weo_live")
        assert len(judged(fetched, previous).quarantined) == count


@pytest.mark.parametrize(("series", "count"), [("public_debt_pct_gdp", 0), ("remittances_pct_gdp", 20)])
def test_debt_is_defined_in_many_ways_and_other_shares_are_not(series, count):
    groups = catalogue()[series].precedence
    shares = [54 + year % 3 for year in range(20)]
    previous = history(series, [4.0] * 20, start="2000", source=groups[-1][0])
    fetched = history(series, shares, start="2000", source=groups[0][0])
    assert len(held(judged(fetched, previous)).get("levels", [])) == count
    assert len(judged(fetched.assign(value=fetched["value"] * 10), previous).quarantined) == 20


@pytest.mark.parametrize("source", ["cia_factbook", "weo_2026_04", "wdi", "wdi_2026", "derived_wdi"])
def test_no_source_of_the_vintage_is_on_another_level_than_the_others(whole_vintage, source):
    """Each is judged by the rest, as if it came for the first time."""
    mine = whole_vintage["source"] == source
    series = whole_vintage.loc[mine, "series"].unique()
    rest = whole_vintage[~mine & whole_vintage["series"].isin(series)]
    assert "levels" not in held(judged(whole_vintage[mine], rest))
