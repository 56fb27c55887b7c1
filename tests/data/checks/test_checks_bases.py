"""Price indices whose base changes within an answer: let pass and told."""

from __future__ import annotations

import numpy as np
import pytest
from histories import history, judged

from cryptorisk.data.checks.breaks import Break

CALM = 100 * 1.004 ** np.arange(60)


def broken(factor, series="cpi_index_monthly", start="2015-01"):
    values = CALM.copy()
    values[30:] *= factor
    return judged(history(series, values, start=start))


@pytest.mark.parametrize("factor", [0.75, 0.4, 1.5, 3.0])
def test_a_new_base_from_a_month_on_is_told_and_hides_nothing(factor):
    found = broken(factor)
    assert found.quarantined.empty
    assert len(found.accepted) == 60
    (one,) = found.breaks
    assert (one.series, one.country, one.source, one.date) == (
        "cpi_index_monthly",
        "KEN",
        "a_live",
        "2017-07-31",
    )
    assert one.text in found.notes
    assert one.text.startswith("a_live gives cpi_index_monthly for KEN at 112.274 (2017-06) and then ")


def test_a_break_that_the_vintage_has_is_still_one_and_no_news():
    first = broken(0.4)
    again = judged(first.accepted, first.accepted)
    assert again.breaks == first.breaks
    assert again.notes == ()


def test_years_tell_of_falls_alone():
    assert isinstance(broken(0.5, "cpi_index", "1960").breaks[0], Break)
    assert broken(1.5, "cpi_index", "1960").breaks == ()


@pytest.mark.parametrize("factor", [0.9, 1.0, 1.2])
def test_ordinary_changes_are_none(factor):
    assert broken(factor).breaks == ()


def test_a_leap_among_leaps_is_inflation():
    values = CALM * np.where(np.arange(60) < 30, 1, 1.6)
    values[25:36] = values[24] * np.cumprod([1.1, 1.12, 1.15, 1.2, 1.25, 1.4, 1.3, 1.2, 1.15, 1.1, 1.1])
    values[36:] = values[35] * 1.004 ** np.arange(24)
    assert judged(history("cpi_index_monthly", values, start="2015-01")).breaks == ()


def test_what_comes_back_is_no_base():
    values = CALM.copy()
    values[30:32] *= 0.5
    assert judged(history("cpi_index_monthly", values, start="2015-01")).breaks == ()


def test_other_series_have_no_base():
    assert broken(0.5, "official_fx_lcu_per_usd").breaks == ()
    assert broken(0.5, "gdp_usd", "1960").breaks == ()


def test_the_vintage_has_none(whole_vintage):
    prices = whole_vintage[whole_vintage["series"].str.startswith("cpi_index")]
    assert prices["country"].nunique() > 150
    assert judged(prices).breaks == ()
