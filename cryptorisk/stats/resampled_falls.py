"""How deep a fall may a quarter or a year bring? Daily history resampled in blocks, without a model."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from cryptorisk.errors import ModelError
from cryptorisk.stats.bootstrap import BlockKind, block_indices, percentile_interval
from cryptorisk.stats.sample import FloatArray, checked_level, checked_sample

LEAST_SPELLS = 10
"""Spells of the horizon's length that the sample must hold: with fewer, what a horizon brings is read off a handful
of independent histories, and the interval itself can no longer be resampled."""

Measure = Literal["from_start", "from_peak"]


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

    def quantile(self, probability: float, measure: Measure = "from_peak") -> float:
        """Fall that is not exceeded with this probability: 0.5 the median, 0.95 a bad case."""
        return float(np.quantile(self._falls(measure), probability))

    def probability_of(self, fall_pct: float, measure: Measure = "from_peak") -> float:
        """Share of resampled histories with a fall of at least ``fall_pct`` percent."""
        return float((self._falls(measure) >= fall_pct).mean())

    def _falls(self, measure: Measure) -> FloatArray:
        return self.from_start_pct if measure == "from_start" else self.from_peak_pct


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
        91 for a quarter, 365 for a year of an asset that trades every day; at most a tenth of the sample.
    rng : numpy.random.Generator
    block : int
        Block length in days. A month keeps the clustering of volatility; trends longer than a block are
        broken up, so that with short blocks the deepest falls of a year (bitcoin lost 84 % in twelve months of
        2018) are drawn less often than they happened. A block of the horizon's length or more draws spells as
        they were.
    replications : int
    kind : {"circular", "stationary", "moving"}

    Returns
    -------
    WorstFall
        No parametric model is behind it: at the integrated boundary none can be simulated so far.

    Raises
    ------
    ModelError
        When the sample holds fewer than `LEAST_SPELLS` spells of the horizon's length, or three blocks.
    """
    sample = checked_sample(log_returns_pct, name="returns", minimum=3 * block)
    _check_horizon(sample.size, horizon_days)
    peaks = np.empty(replications)
    starts = np.empty(replications)
    ends = np.empty(replications)
    # In slices, so that a year times many paths does not fill the memory.
    size = max(1, 2_000_000 // horizon_days)
    for begin in range(0, replications, size):
        part = slice(begin, min(begin + size, replications))
        rows = block_indices(sample.size, block, part.stop - part.start, rng, kind, length=horizon_days)
        peaks[part], starts[part], ends[part] = falls_of_paths(sample[rows] / 100.0)
    return WorstFall(horizon_days, block, peaks, starts, ends)


def worst_fall_intervals(
    log_returns_pct: pd.Series[float] | FloatArray,
    probabilities: Sequence[float],
    *,
    horizon_days: int,
    rng: np.random.Generator,
    measure: Measure = "from_peak",
    block: int = 30,
    replications: int = 100,
    paths: int = 500,
    coverage: float = 0.9,
) -> list[tuple[float, float]]:
    """Intervals of quantiles of the worst fall, since history itself is one draw.

    History is resampled in blocks as long as the horizon allows (at most a tenth of the sample), and the
    distribution of `worst_fall` computed from each resampled history.

    Parameters
    ----------
    log_returns_pct, horizon_days, rng, block
        As in `worst_fall`.
    probabilities : sequence of float
        Of the quantiles, see `WorstFall.quantile`.
    measure : {"from_peak", "from_start"}
    replications, paths : int
        Resampled histories, and paths drawn from each.
    coverage : float

    Returns
    -------
    list of (low, high)
        Percent, one for each probability.
    """
    sample = checked_sample(log_returns_pct, name="returns", minimum=3 * block)
    wanted = [checked_level(probability, name="probability") for probability in probabilities]
    outer = max(block, min(horizon_days, math.floor(sample.size / 10)))
    draws = np.empty((replications, len(wanted)))
    for number, row in enumerate(block_indices(sample.size, outer, replications, rng)):
        fall = worst_fall(sample[row], horizon_days=horizon_days, rng=rng, block=block, replications=paths)
        draws[number] = [fall.quantile(probability, measure) for probability in wanted]
    return [percentile_interval(column, coverage) for column in draws.T]


def observed_falls(log_returns_pct: pd.Series[float] | FloatArray, horizon_days: int) -> WorstFall:
    """The same of every spell of the sample as it was, overlapping ones: what the resampling is held against."""
    sample = checked_sample(log_returns_pct, name="returns", minimum=horizon_days)
    _check_horizon(sample.size, horizon_days)
    spells = np.lib.stride_tricks.sliding_window_view(sample, horizon_days)
    return WorstFall(horizon_days, horizon_days, *falls_of_paths(spells / 100.0))


def falls_of_paths(log_returns: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Worst fall from a peak, worst fall below the start, and end return of each path, percent.

    Parameters
    ----------
    log_returns : ndarray, shape (paths, days)
        Not in percent.
    """
    path = log_returns.cumsum(axis=1)
    # The start counts as a peak: log price zero.
    record = np.maximum(np.maximum.accumulate(path, axis=1), 0.0)
    from_peak = -100.0 * np.expm1((path - record).min(axis=1))
    from_start = -100.0 * np.expm1(np.minimum(path.min(axis=1), 0.0))
    return from_peak, from_start, 100.0 * np.expm1(path[:, -1])


def _check_horizon(days: int, horizon_days: int) -> None:
    if horizon_days < 1:
        raise ModelError(f"horizon_days must be at least 1 (got {horizon_days})")
    if days < LEAST_SPELLS * horizon_days:
        raise ModelError(
            f"{days} daily returns hold {days / horizon_days:.1f} spells of {horizon_days} days; a fall over that "
            f"horizon needs {LEAST_SPELLS}",
            remedy="use a longer sample or a shorter horizon",
        )
