"""Falls from a peak: the episodes of a price's history, and how deep a fall a quarter or a year may bring."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cryptorisk.errors import ModelError
from cryptorisk.stats.bootstrap import BlockKind, block_indices, percentile_interval
from cryptorisk.stats.sample import FloatArray, checked_sample


def drawdown_path(prices: pd.Series[float]) -> pd.Series[float]:
    """Fall from the highest price so far, in percent: zero at a record, negative below it.

    Parameters
    ----------
    prices : Series
        Positive prices in time order.
    """
    level = pd.Series(_checked_prices(prices), index=prices.index)
    return (100.0 * (level / level.cummax() - 1.0)).rename("drawdown_pct")


def max_drawdown(prices: pd.Series[float]) -> float:
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


@dataclass(frozen=True, eq=False)
class WorstFall:
    """Distribution of the worst fall over a horizon, from resampled history.

    Attributes
    ----------
    horizon_days, block : int
    from_peak_pct : ndarray, shape (replications,)
        Deepest fall from a peak within the horizon, as a positive percentage.
    from_start_pct : ndarray, shape (replications,)
        Deepest fall below the price at the start (zero when it never fell below).
    end_return_pct : ndarray, shape (replications,)
        Simple return over the whole horizon.
    """

    horizon_days: int
    block: int
    from_peak_pct: FloatArray
    from_start_pct: FloatArray
    end_return_pct: FloatArray

    def quantile(self, probability: float) -> float:
        """Fall from a peak that is not exceeded with this probability: 0.5 the median, 0.95 a bad case."""
        return float(np.quantile(self.from_peak_pct, probability))

    def probability_of(self, fall_pct: float) -> float:
        """Share of resampled histories with a fall from a peak of at least ``fall_pct`` percent."""
        return float((self.from_peak_pct >= fall_pct).mean())


def worst_fall(
    log_returns_pct: pd.Series[float] | FloatArray,
    *,
    horizon_days: int,
    rng: np.random.Generator,
    block: int = 30,
    replications: int = 5_000,
    kind: BlockKind = "circular",
) -> WorstFall:
    """Resample daily history in blocks and record the worst fall of each resampled path.

    Parameters
    ----------
    log_returns_pct : array-like, shape (n,)
        Daily log returns in percent, in time order.
    horizon_days : int
        91 for a quarter, 365 for a year of an asset that trades every day.
    rng : numpy.random.Generator
    block : int
        Block length in days. A month keeps the clustering of volatility; trends longer than a block are
        broken up, so the deepest falls of a year (bitcoin lost 84 % in twelve months of 2018) are drawn less
        often than they happened.
    replications : int
    kind : {"circular", "stationary", "moving"}

    Returns
    -------
    WorstFall
        No parametric model is behind it: at the integrated boundary none can be simulated so far.
    """
    sample = checked_sample(log_returns_pct, name="returns", minimum=3 * block)
    if horizon_days < 1:
        raise ModelError(f"horizon_days must be at least 1 (got {horizon_days})")
    peaks = np.empty(replications)
    starts = np.empty(replications)
    ends = np.empty(replications)
    # In slices, so that a year times many paths does not fill the memory.
    size = max(1, 2_000_000 // horizon_days)
    for begin in range(0, replications, size):
        part = slice(begin, min(begin + size, replications))
        rows = block_indices(sample.size, block, part.stop - part.start, rng, kind, length=horizon_days)
        peaks[part], starts[part], ends[part] = _falls(sample[rows] / 100.0)
    return WorstFall(horizon_days, block, peaks, starts, ends)


def worst_fall_interval(
    log_returns_pct: pd.Series[float] | FloatArray,
    probability: float,
    *,
    horizon_days: int,
    rng: np.random.Generator,
    block: int = 30,
    replications: int = 100,
    paths: int = 500,
    coverage: float = 0.9,
) -> tuple[float, float]:
    """Interval of a quantile of the worst fall, since history itself is one draw.

    History is resampled in blocks as long as the horizon allows (at most a tenth of the sample), and the
    distribution of `worst_fall` computed from each resampled history.

    Parameters
    ----------
    log_returns_pct, horizon_days, rng, block
        As in `worst_fall`.
    probability : float
        Of the quantile, see `WorstFall.quantile`.
    replications, paths : int
        Resampled histories, and paths drawn from each.
    coverage : float

    Returns
    -------
    (low, high)
        Percent.
    """
    sample = checked_sample(log_returns_pct, name="returns", minimum=3 * block)
    outer = max(block, min(horizon_days, math.floor(sample.size / 10)))
    draws = [
        worst_fall(sample[row], horizon_days=horizon_days, rng=rng, block=block, replications=paths).quantile(
            probability
        )
        for row in block_indices(sample.size, outer, replications, rng)
    ]
    return percentile_interval(draws, coverage)


def _falls(log_returns: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    path = log_returns.cumsum(axis=1)
    # The start counts as a peak: log price zero.
    record = np.maximum(np.maximum.accumulate(path, axis=1), 0.0)
    from_peak = -100.0 * np.expm1((path - record).min(axis=1))
    from_start = -100.0 * np.expm1(np.minimum(path.min(axis=1), 0.0))
    return from_peak, from_start, 100.0 * np.expm1(path[:, -1])


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


def _checked_prices(prices: pd.Series[float]) -> FloatArray:
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
    if not prices.index.is_monotonic_increasing or prices.index.has_duplicates:
        raise ModelError("dates of prices must increase", remedy="sort the series and drop repeated dates")
    return prices.index
