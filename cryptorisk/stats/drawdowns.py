"""Falls from a peak: the episodes of a price's history and its worst moves."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cryptorisk.errors import ModelError
from cryptorisk.stats.sample import FloatArray, Values, checked_sample, checked_time


def drawdown_path(prices: Values) -> pd.Series[float]:
    """Fall from the highest price so far, in percent: zero at a record, negative below it.

    Parameters
    ----------
    prices : Series or array-like
        Positive prices in time order.
    """
    index = prices.index if isinstance(prices, pd.Series) else None
    level = pd.Series(_checked_prices(prices), index=index)
    return (100.0 * (level / level.cummax() - 1.0)).rename("drawdown_pct")


def max_drawdown(prices: Values) -> float:
    """Deepest fall from a peak, percent, as a negative number (-83.8 for a loss of 83.8 %)."""
    return float(drawdown_path(prices).min())


def drawdown_episodes(prices: pd.Series[float], *, top: int = 10) -> pd.DataFrame:
    """Deepest falls from a record price to the trough before the record is reached again.

    Parameters
    ----------
    prices : Series
        Positive prices in time order, dated.
    top : int
        How many episodes.

    Returns
    -------
    DataFrame, deepest first
        ``peak, trough, recovery`` (dates; ``recovery`` is NaT while the record has not been reached again),
        ``peak_price, trough_price, fall_pct`` (negative), ``days_to_trough``, ``days_to_recovery`` (from the
        peak; missing while open). Episodes do not overlap: a second fall within a first one is part of it.
    """
    level = pd.Series(_checked_prices(prices), index=_dated(prices))
    under = level.to_numpy() < level.cummax().to_numpy()
    begins = np.flatnonzero(under & ~np.r_[False, under[:-1]])
    ends = np.flatnonzero(~under & np.r_[False, under[:-1]])
    rows = []
    for number, begin in enumerate(begins):
        end = int(ends[number]) if number < ends.size else None
        rows.append(_episode(level, int(begin) - 1, end))
    columns = [
        "peak",
        "trough",
        "recovery",
        "peak_price",
        "trough_price",
        "fall_pct",
        "days_to_trough",
        "days_to_recovery",
    ]
    table = pd.DataFrame(rows, columns=columns).astype({"days_to_recovery": "Int64"})
    return table.sort_values("fall_pct", kind="stable").head(top).reset_index(drop=True)


def worst_moves(prices: pd.Series[float], *, horizon_days: int, top: int = 5) -> pd.DataFrame:
    """Worst returns over ``horizon_days`` observations, no two of them overlapping.

    Parameters
    ----------
    prices : Series
        Positive prices in time order, dated, one a day.
    horizon_days : int
    top : int

    Returns
    -------
    DataFrame, worst first
        ``start, end, fall_pct`` (simple return in percent). Fewer rows when history has fewer falls.
    """
    level = _checked_prices(prices)
    dates = _dated(prices)
    if not 1 <= horizon_days < level.size:
        raise ModelError(f"horizon_days must lie between 1 and {level.size - 1} (got {horizon_days})")
    moves = 100.0 * (level[horizon_days:] / level[:-horizon_days] - 1.0)
    open_window = moves < 0
    rows: list[tuple[pd.Timestamp, pd.Timestamp, float]] = []
    for start in np.argsort(moves, kind="stable"):
        if len(rows) == top or moves[start] >= 0:
            break
        if open_window[start]:
            rows.append((dates[start], dates[start + horizon_days], float(moves[start])))
            open_window[max(start - horizon_days + 1, 0) : start + horizon_days] = False
    return pd.DataFrame(rows, columns=["start", "end", "fall_pct"])


def _episode(level: pd.Series[float], peak: int, end: int | None) -> tuple[object, ...]:
    trough = peak + int(level.to_numpy()[peak:end].argmin())
    dates = level.index
    first, last = float(level.iloc[peak]), float(level.iloc[trough])
    recovery = None if end is None else (dates[end] - dates[peak]).days
    return (
        dates[peak],
        dates[trough],
        pd.NaT if end is None else dates[end],
        first,
        last,
        100.0 * (last / first - 1.0),
        (dates[trough] - dates[peak]).days,
        pd.NA if recovery is None else recovery,
    )


def _checked_prices(prices: Values) -> FloatArray:
    checked_time(prices, name="prices")
    sample = checked_sample(prices, name="prices", minimum=2)
    bad = np.flatnonzero(sample <= 0)
    if bad.size:
        raise ModelError(
            f"prices must be positive (the first that is not is {sample[bad[0]]} at position {bad[0]})"
        )
    return sample


def _dated(prices: pd.Series[float]) -> pd.DatetimeIndex:
    if not isinstance(prices.index, pd.DatetimeIndex):
        raise ModelError("prices need dates", remedy="give a Series with a DatetimeIndex")
    return prices.index
