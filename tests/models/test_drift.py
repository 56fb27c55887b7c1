"""The drift of a ratio to GDP that is carried forward: known series, and the coverage on all economies of the vintage."""

import numpy as np
import pandas as pd
import pytest

from cryptorisk.countries import countries
from cryptorisk.models.flight.broad_money import LARGEST_MONEY_PCT_GDP
from cryptorisk.models.flight.drift import MONEY, POOLED_YEARS, drift, spread
from cryptorisk.models.flight.position import position


def ratios(*values, first=2015):
    return pd.Series(values, index=range(first, first + len(values)), dtype=float)


def test_a_ratio_of_the_year_itself_does_not_drift():
    assert drift(ratios(20.0, 25.0), 0, MONEY) == (1.0, 1.0)


def test_a_rising_ratio_may_rise_on_and_may_fall():
    """The last of a rising series is no upper end."""
    for years in (1, 2, 3):
        low, high = drift(ratios(18.2, 18.3, 19.0, 25.1), years, MONEY)
        assert low < 0.9 < 1.2 < high


def test_the_range_widens_with_the_years_and_with_the_economys_own_swings():
    calm = ratios(*np.full(15, 40.0))
    wild = ratios(*(40.0 * np.exp(0.3 * (-1.0) ** np.arange(15))))
    for series in (calm, wild):
        widths = [np.log(high / low) for low, high in (drift(series, years, MONEY) for years in (1, 2, 3))]
        assert widths == sorted(widths)
    assert np.log(drift(wild, 1, MONEY)[1]) > 2 * np.log(drift(calm, 1, MONEY)[1])


def test_few_years_take_the_spread_of_all_and_a_gap_makes_no_change():
    assert spread(ratios(10.0, 40.0), 0.1) == 0.1
    gap = pd.concat([ratios(20.0, 20.0, first=2010), ratios(80.0, 80.0, 80.0, 80.0, first=2016)])
    assert spread(gap, 0.1) == 0.1
    calm = spread(ratios(*np.full(11, 30.0)), 0.1)
    assert calm == pytest.approx(0.1 * np.sqrt(POOLED_YEARS / (10 + POOLED_YEARS)))


def test_nine_tenths_of_what_came_lie_inside_on_both_sides_and_in_volatile_economies(inputs_for):
    """Money of every economy with a currency of its own, from what was known in each year from 2010 on."""
    inputs = inputs_for("KEN")
    panel = inputs.panel("broad_money_pct_gdp")
    panel = panel.where(panel <= LARGEST_MONEY_PCT_GDP).set_axis(pd.DatetimeIndex(panel.index).year)
    own = {one.iso3 for one in countries() if one.status_on(inputs.as_of) == "own_currency"}
    for years in (1, 3):
        place, volatile = [], []
        for economy in own & set(panel):
            known = panel[economy].dropna()
            for year in known.index[known.index >= 2010]:
                if year + years not in known.index:
                    continue
                low, high = drift(known.loc[:year], years, MONEY)
                came = known[year + years] / known[year]
                place.append(int(came > high) - int(came < low))
                volatile.append(np.log(high / low))
        where, wide = np.array(place), np.array(volatile) > np.quantile(volatile, 2 / 3)
        assert len(where) > 1200
        assert (where == 0).mean() == pytest.approx(0.90, abs=0.04)
        assert 0.02 < (where == 1).mean() < 0.08
        assert 0.02 < (where == -1).mean() < 0.08
        assert (where[wide] == 0).mean() > 0.86


def test_nigerias_money_of_2024_has_room_above_its_ratio_of_2023(inputs_for):
    """25.1 % of GDP in 2023, up from 19.0: at 30 % in 2024 the amount lies inside, where the old range ended at 25.1."""
    money = position(inputs_for("NGA")).broad_money
    assert money.year == 2023
    assert money.high / money.value > 1.2
    assert money.low / money.value < 0.9
