"""The official price of a dollar that stands: which of several official rates counts, by day, by month and at a year's end.

Outside the chapters, because early warning reads it for all economies and capital flight for one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cryptorisk.data.inputs import Inputs

REFERENCE = ("reference_fx_buy_lcu_per_usd", "reference_fx_sell_lcu_per_usd")
DAILY, MONTHLY = "official_fx_daily_lcu_per_usd", "official_fx_lcu_per_usd"
SERIES = (MONTHLY, DAILY, *REFERENCE)
OFFICIAL_DAYS = 7
"""An official quote is carried over weekends and holidays, not further than a week; a year's last quote of its last one."""
MONTH_DAYS = 10
"""A month's mean of a daily rate needs quotes of half of its working days."""
YEAR_END_FROM = 9
"""Without a December, a year's last rate is that of the last month from September on: the last year of a vintage would else
be missing for half of the economies."""
JUMP = 0.10
"""A month's mean a tenth above that of the month before: a step, which a mean spreads over two months."""
DAY, WEEK = "last quote of the year", "mean of the reference in the year's last week"
DECEMBER, EARLIER = "mean of December", "mean of an earlier month"
STEPPED = "mean of December, about which the rate jumped"


@dataclass(frozen=True, eq=False)
class YearEnds:
    """The official price of a dollar at the end of years.

    Attributes
    ----------
    rate : DataFrame
        Year by economy, national currency per dollar.
    basis : DataFrame
        The same shape: `DAY`, `WEEK`, `DECEMBER`, `STEPPED`, `EARLIER`, or empty.
    """

    rate: pd.DataFrame
    basis: pd.DataFrame


def reference(inputs: Inputs, country: str | None = None) -> pd.Series:
    """The central bank's daily reference, mean of buying and selling.

    A value without another within a week is a month's, not a day's (Bolivia before December 2025), and is left out.
    """
    buy, sell = (inputs.series(one, country=country).values for one in REFERENCE)
    mean = ((buy + sell) / 2).dropna()
    days = pd.Series(pd.DatetimeIndex(mean.index), index=mean.index)
    week = pd.Timedelta(days=OFFICIAL_DAYS)
    return mean[(days.diff() <= week) | (-days.diff(-1) <= week)]


def monthly(inputs: Inputs, country: str | None = None) -> pd.Series:
    """The month's official price of a dollar: the reference's mean where one is published, else the official mean.

    A rate that is still called official beside a reference at which the central bank lets dollars be dealt is a dead one
    (Bolivia from December 2025). A daily official rate fills months without a mean.

    Parameters
    ----------
    inputs : Inputs
    country : str, optional
        ISO code; the inputs' own country by default.
    """
    values = inputs.series(MONTHLY, country=country).values.dropna()
    values = _mean(reference(inputs, country)).combine_first(values)
    return values.combine_first(_mean(inputs.series(DAILY, country=country).values.dropna())).rename(MONTHLY)


def sources(inputs: Inputs, country: str | None = None) -> tuple[str, ...]:
    """Sources of the series behind `monthly` that the economy has."""
    found = (inputs.series(one, country=country).source_ids[:1] for one in SERIES)
    return tuple(dict.fromkeys(one for group in found for one in group))


def year_ends(inputs: Inputs, places: Sequence[str] | None = None) -> YearEnds:
    """The rate at the end of each year, and what it is.

    The last daily quote of December where there is one; the mean of the last week of a reference, which reports deals and
    moves from day to day; else December's mean, or that of the last month from September on.

    Parameters
    ----------
    inputs : Inputs
    places : sequence of str, optional
        ISO codes; all economies with a monthly rate by default.
    """
    means = inputs.panel(MONTHLY)
    columns = list(means.columns if places is None else places)
    means = means.reindex(columns=columns)
    rate, basis = _from_means(means)
    daily = inputs.panel(DAILY)
    for place in daily.columns.intersection(columns):
        _lay(rate, basis, place, _last_week(daily[place].dropna()).last(), DAY)
    for place in inputs.panel(REFERENCE[0]).columns.intersection(columns):
        _lay(rate, basis, place, _last_week(reference(inputs, place)).mean(), WEEK)
    return YearEnds(rate.sort_index(), basis.reindex(rate.sort_index().index).fillna(""))


def _from_means(means: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    dates = pd.DatetimeIndex(means.index)
    late = means[dates.month >= YEAR_END_FROM]
    rate = late.groupby(pd.DatetimeIndex(late.index).year).last()
    by_month = means.groupby(dates.to_period("M")).last()
    rose = by_month / by_month.shift() - 1 >= JUMP
    december = by_month[pd.PeriodIndex(by_month.index).month == 12]
    years = pd.PeriodIndex(december.index).year
    has = december.notna().set_axis(years)
    # A step late in December shows in January's mean.
    about = rose | rose.shift(-1, fill_value=False)
    stepped = about.loc[december.index].set_axis(years)
    has, stepped = (one.reindex(rate.index, fill_value=False) for one in (has, stepped))
    basis = pd.DataFrame(
        np.select([has & stepped, has, rate.notna()], [STEPPED, DECEMBER, EARLIER], ""),
        index=rate.index,
        columns=means.columns,
    )
    return rate, basis


def _lay(rate: pd.DataFrame, basis: pd.DataFrame, place: str, ends: pd.Series, kind: str) -> None:
    for year, value in ends.items():
        rate.loc[year, place] = float(value)
        basis.loc[year, place] = kind


def _last_week(values: pd.Series) -> pd.api.typing.SeriesGroupBy[Any, Any]:
    dates = pd.DatetimeIndex(values.index)
    chosen = (dates.month == 12) & (dates.day > 31 - OFFICIAL_DAYS)
    return values[chosen].groupby(dates[chosen].year)


def _mean(daily: pd.Series) -> pd.Series:
    """Mean of months with enough days, dated at the month's end."""
    if daily.empty:
        return pd.Series(dtype=float, index=pd.DatetimeIndex([]))
    months = daily.resample("ME").agg(["mean", "count"])
    kept: pd.Series = months.loc[months["count"] >= MONTH_DAYS, "mean"]
    return kept
