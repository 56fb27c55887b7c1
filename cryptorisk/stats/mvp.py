"""Minimum-variance share of foreign currency in a saver's portfolio, by holding horizon.

A saver who buys local goods holds a deposit in national currency, with real surprise ``-pi``, and one in
foreign currency, with real surprise ``s = d ln(S / P)``. The share of foreign currency that minimises the
variance of ``(1 - share) * (-pi) + share * s`` is

    share = [Var(pi) + Cov(pi, s)] / [Var(pi) + Var(s) + 2 Cov(pi, s)].

As ``pi + s = d ln S``, the denominator is the variance of depreciation and the numerator its covariance
with inflation: the share is the slope of a regression of inflation on depreciation, the pass-through at
that horizon. It is nothing over nothing where the exchange rate does not move.

References
----------
Ize and Levy Yeyati (2003), Financial dollarization, Journal of International Economics 59(2), 323-347.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cryptorisk.errors import ModelError
from cryptorisk.stats.bootstrap import block_indices
from cryptorisk.stats.forecast_errors import bic_lag, cumulated_errors, regression_rows
from cryptorisk.stats.overlap import FEWEST_BLOCKS as FEWEST_BLOCKS
from cryptorisk.stats.overlap import SHORTEST_BLOCK as SHORTEST_BLOCK
from cryptorisk.stats.overlap import block_for as block_for
from cryptorisk.stats.overlap import expanded_interval as expanded_interval
from cryptorisk.stats.overlap import horizon_changes as horizon_changes
from cryptorisk.stats.portfolio import weights as weights
from cryptorisk.stats.sample import FloatArray as FloatArray

NO_VARIANCE = 1e-14
"""Variance of depreciation, against that of inflation and the real return together, below which it is rounding: the
changes themselves then differ by less than a ten-millionth of inflation's."""


@dataclass(frozen=True)
class HorizonShare:
    """Minimum-variance share at one holding horizon, in natural units (0.3 is 30 %).

    ``share`` is not clipped to [0, 1] and neither is the interval; both are NaN where they cannot be had.
    Variances and covariance are of ``horizon``-month log changes; ``n`` counts those changes (they overlap).
    """

    horizon: int
    share: float
    low: float
    high: float
    level: float
    var_pi: float
    var_s: float
    cov: float
    n: int
    block: int


def share(var_pi: float, var_s: float, cov: float) -> float:
    """Share of foreign currency that minimises the variance of real returns.

    Parameters
    ----------
    var_pi : float
        Variance of inflation (surprises).
    var_s : float
        Variance of the real return on the foreign-currency deposit in local goods.
    cov : float
        Their covariance.

    Returns
    -------
    float
        Not clipped: below 0 or above 1 when the covariance is large.

    Raises
    ------
    ModelError
        When a value is not finite, a variance is negative, or the variance of depreciation is zero: then every share is as
        good.

    References
    ----------
    Ize and Levy Yeyati (2003), Financial dollarization, Journal of International Economics 59(2), 323-347.
    """
    if not all(math.isfinite(value) for value in (var_pi, var_s, cov)):
        raise ModelError(f"variances and covariance must be finite (got {var_pi}, {var_s}, {cov})")
    if var_pi < 0 or var_s < 0:
        raise ModelError(f"variances must not be negative (got {var_pi}, {var_s})")
    denominator = var_pi + var_s + 2.0 * cov
    if not _moves(denominator, var_pi + var_s):
        raise ModelError(
            "the exchange rate has no variance, so that every share has the same risk",
            remedy="report the share as indeterminate",
        )
    return (var_pi + cov) / denominator


def _moves(of_depreciation: float | FloatArray, beside: float | FloatArray) -> bool | NDArray[np.bool_]:
    """Whether a variance of depreciation is more than rounding beside those of inflation and the real return."""
    return of_depreciation > NO_VARIANCE * np.maximum(beside, 1e-300)


def _beside(of_pi: FloatArray, of_depreciation: FloatArray, shared: FloatArray) -> FloatArray:
    """Variance of inflation with that of the real return, which is depreciation less inflation."""
    return 2 * of_pi + of_depreciation - 2 * shared


def slopes(pi: FloatArray, depreciation: FloatArray, rows: NDArray[np.int64]) -> FloatArray:
    """Unclipped shares of resampled pairs of changes; draws without any depreciation, but for rounding, are left out.

    Parameters
    ----------
    pi, depreciation : ndarray, shape (n,)
    rows : ndarray of int, shape (replications, n)

    Returns
    -------
    ndarray, shape (at most replications,)
    """
    x = depreciation[rows]
    x = x - x.mean(axis=1, keepdims=True)
    squares = np.einsum("ij,ij->i", x, x)
    shared, y = np.einsum("ij,ij->i", x, pi[rows]), pi[rows]
    of_pi = ((y - y.mean(axis=1, keepdims=True)) ** 2).sum(axis=1)
    moved = _moves(squares, _beside(of_pi, squares, shared))
    drawn: FloatArray = shared[moved] / squares[moved]
    return drawn


def term_structure(
    pi: FloatArray,
    s: FloatArray,
    horizons: Sequence[int],
    *,
    window: int | None = None,
    level: float = 0.9,
    replications: int = 2000,
    rng: np.random.Generator | None = None,
) -> tuple[HorizonShare, ...]:
    """Minimum-variance share by holding horizon from overlapping changes, with block-bootstrap intervals.

    Parameters
    ----------
    pi : ndarray, shape (n,)
        Monthly log changes of consumer prices, without gaps.
    s : ndarray, shape (n,)
        Monthly log changes of the exchange rate (national currency per unit of foreign) less ``pi``.
    horizons : sequence of int
        Months.
    window : int, optional
        Number of overlapping changes, counted back from the end; default all.
    level : float
        Coverage of the intervals.
    replications : int
        Circular block bootstrap of pairs of changes.
    rng : numpy.random.Generator, optional
        Without it no intervals are computed.

    Returns
    -------
    tuple of HorizonShare
        Only horizons with at least three changes.
    """
    pi, s = _checked(pi, s)
    found = []
    for horizon in horizons:
        if len(pi) - horizon + 1 < 3:
            continue
        x, y = horizon_changes(pi, horizon, window), horizon_changes(s, horizon, window)
        covariance = np.cov(x, y)
        block = block_for(len(x), horizon)
        low = high = math.nan
        if rng is not None and block is not None and _known(covariance):
            rows = block_indices(len(x), block, replications, rng, kind="circular")
            low, high = expanded_interval(slopes(x, x + y, rows), level, len(x) / block)
        found.append(_estimate(covariance, horizon, low, high, level, len(x), block or 0))
    return tuple(found)


def surprise_term_structure(
    pi: FloatArray,
    s: FloatArray,
    horizons: Sequence[int],
    *,
    window: int | None = None,
    max_lag: int = 6,
    level: float = 0.9,
    replications: int = 2000,
    rng: np.random.Generator | None = None,
) -> tuple[tuple[HorizonShare, ...], int]:
    """Minimum-variance share by horizon from forecast errors of a VAR in inflation and depreciation.

    What a saver could foresee is in the interest rate; only surprises matter (Ize and Levy Yeyati 2003,
    section 2). The lag is chosen by BIC and held fixed in the bootstrap, which resamples blocks of rows
    (regressand with its lags) so that changing volatility is kept.

    Parameters
    ----------
    pi, s, horizons, window, level, replications, rng
        As in `term_structure`; ``window`` counts months.
    max_lag : int
        Largest lag tried.

    Returns
    -------
    shares : tuple of HorizonShare
    lag : int
    """
    pi, s = _checked(pi, s)
    data = np.column_stack([pi, pi + s])
    data = data if window is None else data[-(window + max_lag) :]
    lag = bic_lag(data, max_lag)
    y, x = regression_rows(data[max_lag - lag :], lag)
    point = cumulated_errors(y[None], x[None], lag, max(horizons))[0]
    block = max(SHORTEST_BLOCK, min(24, len(y) // FEWEST_BLOCKS))
    draws = None
    if rng is not None:
        rows = block_indices(len(y), block, replications, rng, kind="circular")
        draws = cumulated_errors(y[rows], x[rows], lag, max(horizons))
    found = []
    for horizon in horizons:
        to_real = np.array([[1.0, 0.0], [-1.0, 1.0]])
        covariance = to_real @ point[horizon - 1] @ to_real.T
        low = high = math.nan
        if draws is not None and _known(covariance):
            drawn = draws[:, horizon - 1]
            shared, own = drawn[:, 0, 1], drawn[:, 1, 1]
            moved = _moves(own, _beside(drawn[:, 0, 0], own, shared))
            low, high = expanded_interval(shared[moved] / own[moved], level, len(y) / block)
        found.append(_estimate(covariance, horizon, low, high, level, len(y), block))
    return tuple(found), lag


def _known(covariance: FloatArray) -> bool:
    """Whether the share of a covariance of inflation and the real return is more than nothing over nothing."""
    return not math.isnan(_share_of(covariance))


def _share_of(covariance: FloatArray) -> float:
    try:
        return share(float(covariance[0, 0]), float(covariance[1, 1]), float(covariance[0, 1]))
    except ModelError:
        return math.nan


def _estimate(
    covariance: FloatArray, horizon: int, low: float, high: float, level: float, n: int, block: int
) -> HorizonShare:
    var_pi, var_s, cov = float(covariance[0, 0]), float(covariance[1, 1]), float(covariance[0, 1])
    return HorizonShare(horizon, _share_of(covariance), low, high, level, var_pi, var_s, cov, n, block)


def _checked(pi: FloatArray, s: FloatArray) -> tuple[FloatArray, FloatArray]:
    pi, s = np.asarray(pi, dtype=np.float64), np.asarray(s, dtype=np.float64)
    if pi.ndim != 1 or pi.shape != s.shape:
        raise ModelError(
            f"inflation and real returns must be series of one length (got {pi.shape}, {s.shape})"
        )
    if not (np.isfinite(pi).all() and np.isfinite(s).all()):
        raise ModelError("monthly changes hold gaps", remedy="cut the sample to its last unbroken run")
    return pi, s
