"""Block bootstrap: index draws that keep the dependence of a series, block lengths, intervals from draws."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from arch.bootstrap import optimal_block_length

from cryptorisk.errors import ModelError
from cryptorisk.stats.sample import FloatArray, IntArray, Values, checked_level, checked_sample

BlockKind = Literal["moving", "circular", "stationary"]


def block_indices(
    n: int,
    block: int,
    replications: int,
    rng: np.random.Generator,
    kind: BlockKind = "circular",
    *,
    length: int | None = None,
) -> IntArray:
    """Positions of resampled series, one row a replication.

    Parameters
    ----------
    n : int
        Length of the observed series.
    block : int
        Block length in periods; its mean for ``stationary``. One resamples single observations.
    replications : int
    rng : numpy.random.Generator
    kind : {"moving", "circular", "stationary"}
        ``moving``: blocks of fixed length from inside the series (Künsch 1989; ends are under-drawn).
        ``circular``: the series is joined end to start, every observation is equally likely (Politis and
        Romano 1992). ``stationary``: circular with geometric lengths, so resampled series are stationary
        (Politis and Romano 1994).
    length : int, optional
        Length of each resampled series; default ``n``.

    Returns
    -------
    ndarray of int, shape (replications, length)
        ``values[block_indices(...)]`` are the resampled series.

    Raises
    ------
    ModelError
        When a size is below one or the block is longer than the series.
    """
    size = n if length is None else length
    if min(n, block, replications, size) < 1:
        raise ModelError(
            f"sizes must be at least 1 (n={n}, block={block}, replications={replications}, length={size})"
        )
    if block > n:
        raise ModelError(f"a block of {block} is longer than the series of {n}")
    if kind == "stationary":
        return _stationary(n, block, replications, size, rng)
    if kind not in ("moving", "circular"):
        raise ModelError(f"unknown kind of blocks {kind!r}", remedy="use moving, circular or stationary")
    starts_at = n if kind == "circular" else n - block + 1
    starts = rng.integers(0, starts_at, size=(replications, math.ceil(size / block), 1))
    rows = (starts + np.arange(block)) % n
    return rows.reshape(replications, -1)[:, :size]


def _stationary(n: int, block: int, replications: int, size: int, rng: np.random.Generator) -> IntArray:
    begins = rng.random((replications, size)) < 1.0 / block
    begins[:, 0] = True
    starts = rng.integers(0, n, size=(replications, size))
    position = np.arange(size)
    last_begin = np.maximum.accumulate(np.where(begins, position, 0), axis=1)
    rows: IntArray = (np.take_along_axis(starts, last_begin, axis=1) + position - last_begin) % n
    return rows


def block_length(values: Values, *, minimum: int = 1, kind: BlockKind = "circular") -> int:
    """Block length for the mean of a series by the rule of Politis and White.

    Parameters
    ----------
    values : array-like, shape (n,)
        The series whose dependence matters: for volatility clustering give absolute returns.
    minimum : int
        Shortest block the caller accepts, for example the overlap of multi-period returns.
    kind : {"moving", "circular", "stationary"}
        Moving blocks take the circular rule.

    Returns
    -------
    int
        At least ``minimum`` and at most a third of the sample.

    Raises
    ------
    ModelError
        With fewer than 20 observations, or when ``minimum`` exceeds a third of the sample: then too few
        blocks are left to resample.

    References
    ----------
    Politis and White (2004), Econometric Reviews 23(1); correction by Patton, Politis and White (2009),
    Econometric Reviews 28(4).
    """
    sample = checked_sample(values, name="series", minimum=20)
    longest = sample.size // 3
    if minimum > longest:
        raise ModelError(
            f"blocks of at least {minimum} leave fewer than three in a sample of {sample.size}",
            remedy="use a longer sample",
        )
    if np.ptp(sample) == 0:
        return max(minimum, 1)
    column = "stationary" if kind == "stationary" else "circular"
    rule = float(optimal_block_length(sample)[column].iloc[0])
    return min(max(minimum, math.ceil(rule), 1), longest)


def percentile_interval(draws: Values, level: float) -> tuple[float, float]:
    """Central interval of bootstrap draws (Efron's percentile interval).

    Parameters
    ----------
    draws : array-like, shape (replications,)
        May hold infinities (an expected shortfall that does not exist), but no NaN.
    level : float
        Coverage, 0.9 for 90 %.

    Returns
    -------
    (low, high)
    """
    sample = _checked_draws(draws)
    tail = (1.0 - checked_level(level)) / 2.0
    # Linear interpolation next to an infinite draw gives inf - inf.
    method: Literal["linear", "inverted_cdf"] = "linear" if np.isfinite(sample).all() else "inverted_cdf"
    low, high = np.quantile(sample, [tail, 1.0 - tail], method=method)
    return float(low), float(high)


def basic_interval(estimate: float, draws: Values, level: float) -> tuple[float, float]:
    """Basic (reverse percentile) interval ``2 estimate - quantiles``; corrects bias, may leave the range.

    References
    ----------
    Davison and Hinkley (1997), Bootstrap Methods and their Application, equation (5.6).
    """
    low, high = percentile_interval(draws, level)
    return 2.0 * estimate - high, 2.0 * estimate - low


def _checked_draws(draws: Values) -> FloatArray:
    sample = np.array(draws, dtype=np.float64)
    if sample.ndim != 1 or sample.size < 20:
        raise ModelError(f"an interval needs at least 20 draws in one dimension (got shape {sample.shape})")
    bad = int(np.isnan(sample).sum())
    if bad:
        raise ModelError(
            f"{bad} of {sample.size} bootstrap draws are not numbers",
            remedy="leave failed replications out and report their share",
        )
    return sample
