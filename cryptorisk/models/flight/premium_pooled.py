"""What premia moved with across economies: the IMF's crypto-based parallel rates, with effects of economies and months.

The same for every report on a vintage.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import pandas as pd

from cryptorisk.countries import countries
from cryptorisk.data.inputs import Inputs
from cryptorisk.errors import ModelError
from cryptorisk.models.flight.premium_driver_sample import CARRY_YEARS
from cryptorisk.models.flight.shadow import IMF_CRYPTO_RATE, MONTHLY
from cryptorisk.models.left_out import Gain, gain
from cryptorisk.models.market.observed import without_own
from cryptorisk.stats.panel_within import PanelFit, fit_panel

LEVEL = 0.9
FEWEST_ECONOMIES, FEWEST_MONTHS = 20, 24
"""Economies, and months of each. With fewer than about twenty clusters no error over clusters is reliable (MacKinnon,
Nielsen and Webb 2023); with less than two years an economy's own mean is one of a single mood."""

FEWEST_CARRYING = 10.0
"""Economies that must carry a coefficient: as few as a jackknife over clusters may have."""

CUT = 0.01
"""Share of premia, and of depreciations, that is cut at either end: in thin markets the rate of a month is one trade."""

SPAN = 12
"""Months of the changes of the second equation."""

REGRESSORS = ("controls", "reserves", "depreciation")
SERIES = (IMF_CRYPTO_RATE, MONTHLY, "ka_open_norm01", "reserves_usd", "imports_gs_usd")


@dataclass(frozen=True, eq=False)
class Pooled:
    """Both equations on one sample.

    Attributes
    ----------
    levels, changes : PanelFit
        Levels with effects of economies and months; changes over `SPAN` months with effects of months.
    better : Gain
        The levels' on economies left out, against effects alone.
    economies : int
    first, last : Timestamp
    """

    levels: PanelFit
    changes: PanelFit | str
    better: Gain
    economies: int
    first: pd.Timestamp
    last: pd.Timestamp

    def told(self, name: str) -> bool:
        """Whether enough economies carry a coefficient."""
        return bool(self.levels.carried[self.levels.effects.at(name)] >= FEWEST_CARRYING)


@dataclass(frozen=True)
class _OfVintage:
    """What determines the regression; the inputs bring the figures and do not tell two of them apart."""

    sha256: str
    as_of: dt.date
    without: frozenset[str]
    inputs: Inputs = field(compare=False, repr=False)


def pooled_of(inputs: Inputs) -> Pooled | str:
    """The regression on a vintage's figures, or why there is none: the same for every economy of a run, so made once.

    Parameters
    ----------
    inputs : Inputs
        The vintage and the date count; the country and the bank's own figures do not.
    """
    return _made(_OfVintage(inputs.vintage.sha256, inputs.as_of, inputs._without, without_own(inputs)))


@lru_cache(maxsize=2)
def _made(of: _OfVintage) -> Pooled | str:
    public = of.inputs
    rates = public.panel(IMF_CRYPTO_RATE)
    if rates.empty:
        return "the data have no crypto-based parallel rates of many economies (the IMF's, which a refresh fetches)"
    if public.panel(MONTHLY).empty:
        return "the data have no official rates by month"
    return pooled(panel_sample(public, rates))


def panel_sample(inputs: Inputs, rates: pd.DataFrame) -> pd.DataFrame:
    """Premium and drivers of every economy with a currency of its own, a row an economy and month.

    Returns
    -------
    DataFrame
        Columns country, month, premium (log percent) and those of `REGRESSORS`, complete rows alone.
    """
    shadow, official = _by_month(rates), _by_month(inputs.panel(MONTHLY))
    months = pd.PeriodIndex(shadow.index)
    columns = shadow.columns.intersection(official.columns)
    grid = pd.period_range(min(months[0], official.index[0]), months[-1], freq="M")
    logs = _log(official[columns]).reindex(grid)
    premium = _log(shadow[columns]) - logs.reindex(months)
    reserves, imports = (_year_before(inputs.panel(id), months) for id in ("reserves_usd", "imports_gs_usd"))
    wide = {
        "premium": premium,
        "controls": 1 - _year_before(inputs.panel("ka_open_norm01"), months),
        "reserves": _log(reserves / imports) / (100 * math.log(1.1)),
        "depreciation": logs.diff(12).shift(1).reindex(months) / 10,
    }
    tidy = pd.DataFrame({name: _tidy(values, columns) for name, values in wide.items()}).dropna()
    frame = tidy.rename_axis(["month", "country"]).reset_index()
    statuses = {one.iso3: one for one in countries()}
    own = [
        country in statuses and statuses[country].status_on(month.end_time.date()) == "own_currency"
        for country, month in zip(frame["country"], frame["month"], strict=True)
    ]
    return frame[np.array(own, dtype=bool)]


def pooled(frame: pd.DataFrame) -> Pooled | str:
    """Both equations on a sample, or why there are none.

    Parameters
    ----------
    frame : DataFrame
        As `panel_sample` gives it; months as monthly periods.
    """
    counts = frame["country"].value_counts()
    frame = frame[frame["country"].isin(counts.index[counts >= FEWEST_MONTHS])]
    economies = int(frame["country"].nunique())
    if economies < FEWEST_ECONOMIES:
        return (
            f"{economies} economies have a crypto-based premium and its drivers for {FEWEST_MONTHS} months where "
            f"{FEWEST_ECONOMIES} are needed"
        )
    frame = frame.assign(**{name: _cut(frame[name]) for name in ("premium", "depreciation")})
    try:
        levels = fit_panel(frame, "premium", REGRESSORS, unit="country", absorbed=("country", "month"))
    except ModelError as error:
        return error.what
    months = frame["month"]
    better = gain(levels.simple, levels.rival, levels.units)
    return Pooled(
        levels, _changes(frame), better, economies, months.min().to_timestamp(), months.max().to_timestamp()
    )


def _changes(frame: pd.DataFrame) -> PanelFit | str:
    """The same over a year: changes of every economy on changes, with effects of months."""
    before = frame.assign(month=frame["month"] + SPAN)
    both = frame.merge(before, on=["country", "month"], suffixes=("", "_before"))
    names = ("premium", *REGRESSORS)
    moved = both[["country", "month"]].assign(**{name: both[name] - both[f"{name}_before"] for name in names})
    try:
        return fit_panel(moved, "premium", REGRESSORS, unit="country", absorbed=("month",))
    except ModelError as error:
        return error.what


def _cut(values: pd.Series) -> pd.Series:
    low, high = values.quantile([CUT, 1 - CUT])
    cut: pd.Series = values.clip(low, high)
    return cut


def _by_month(panel: pd.DataFrame) -> pd.DataFrame:
    found = panel.copy()
    found.index = pd.DatetimeIndex(panel.index).to_period("M")
    return found[~found.index.duplicated(keep="last")]


def _year_before(panel: pd.DataFrame, months: pd.PeriodIndex) -> pd.DataFrame:
    """Figures of the latest year that had ended before each month's year began, not older than `CARRY_YEARS`."""
    by_year = panel.groupby(pd.DatetimeIndex(panel.index).year).last()
    first = int(by_year.index[0]) if len(by_year) else int(months.year.min())
    years = range(min(first, int(months.year.min()) - 1), int(months.year.max()) + 1)
    carried = by_year.reindex(years).ffill(limit=CARRY_YEARS - 1)
    found = carried.reindex(months.year - 1)
    found.index = months
    return found


def _tidy(values: pd.DataFrame, columns: pd.Index) -> pd.Series:
    # A column for every economy, so that all measures have the same rows.
    wide = values.reindex(columns=columns)
    index = pd.MultiIndex.from_product([wide.index, wide.columns])
    return pd.Series(wide.to_numpy(dtype=float).ravel(), index=index)


def _log(values: pd.DataFrame) -> pd.DataFrame:
    """Logarithm times 100."""
    positive = values.where(values > 0)
    return pd.DataFrame(100 * np.log(positive.to_numpy(dtype=float)), values.index, values.columns)
