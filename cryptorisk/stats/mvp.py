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
from scipy import stats

from cryptorisk.errors import ModelError
from cryptorisk.stats.bootstrap import block_indices, percentile_interval

FloatArray = NDArray[np.float64]

SHORTEST_BLOCK = 6
"""Months. Inflation and depreciation are autocorrelated within half a year even in one-month changes."""

FEWEST_BLOCKS = 4
"""Below four blocks the resampled series are nearly copies of the observed one and no interval is given."""


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
        When a variance is negative, or the variance of depreciation is zero: then every share is as good.

    References
    ----------
    Ize and Levy Yeyati (2003), Financial dollarization, Journal of International Economics 59(2), 323-347.
    """
    if var_pi < 0 or var_s < 0:
        raise ModelError(f"variances must not be negative (got {var_pi}, {var_s})")
    denominator = var_pi + var_s + 2.0 * cov
    if denominator <= 1e-14 * max(var_pi + var_s, 1e-300):
        raise ModelError(
            "the exchange rate has no variance, so that every share has the same risk",
            remedy="report the share as indeterminate",
        )
    return (var_pi + cov) / denominator


def weights(returns: FloatArray) -> FloatArray:
    """Weights of the minimum-variance portfolio of any number of assets, ``S^-1 1 / (1' S^-1 1)``.

    Parameters
    ----------
    returns : ndarray, shape (n, k)
        Real returns in local goods, one asset a column.

    Returns
    -------
    ndarray, shape (k,)
        Sum to one; not restricted in sign.

    Raises
    ------
    ModelError
        When the covariance matrix is singular.
    """
    covariance = np.atleast_2d(np.cov(np.asarray(returns, dtype=np.float64), rowvar=False))
    if np.linalg.cond(covariance) > 1e12:
        raise ModelError("the covariance matrix of the returns is singular")
    raw = np.linalg.solve(covariance, np.ones(len(covariance)))
    return np.asarray(raw / raw.sum(), dtype=np.float64)


def horizon_changes(monthly: FloatArray, horizon: int, window: int | None = None) -> FloatArray:
    """Overlapping ``horizon``-month log changes from monthly ones, the last ``window`` of them."""
    total = np.concatenate([[0.0], np.cumsum(np.asarray(monthly, dtype=np.float64))])
    changes = total[horizon:] - total[:-horizon]
    last: FloatArray = changes if window is None else changes[-window:]
    return last


def block_for(n: int, horizon: int) -> int | None:
    """Block length in months: twice the horizon where four blocks fit, always longer than the horizon.

    None when no block longer than the horizon fits four times into ``n`` changes.
    """
    block = max(SHORTEST_BLOCK, min(2 * horizon, n // FEWEST_BLOCKS))
    return block if block > horizon and FEWEST_BLOCKS * block <= n else None


def expanded_interval(draws: FloatArray, level: float, blocks: float) -> tuple[float, float]:
    """Percentile interval widened for the few independent blocks behind it.

    The bootstrap understates the variance by ``(k - 1) / k`` and takes normal where Student's quantiles
    belong; the expanded percentile interval moves to the quantile ``Phi(-sqrt(k / (k - 1)) t_{k-1})``. Here
    k is the number of blocks, the nearest thing to a count of independent observations.

    References
    ----------
    Hesterberg (2015), What teachers should know about the bootstrap, The American Statistician 69(4),
    371-386.
    """
    quantile = stats.t.ppf(0.5 + level / 2.0, blocks - 1.0) * math.sqrt(blocks / (blocks - 1.0))
    widened = 1.0 - 2.0 * float(stats.norm.cdf(-quantile))
    return percentile_interval(draws, min(widened, 1.0 - 1e-9))


def slopes(pi: FloatArray, depreciation: FloatArray, rows: NDArray[np.int64]) -> FloatArray:
    """Unclipped shares of resampled pairs of changes; draws without any depreciation are left out.

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
    moved = squares > 0
    drawn: FloatArray = np.einsum("ij,ij->i", x, pi[rows])[moved] / squares[moved]
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
        if rng is not None and block is not None and np.var(x + y) > 0:
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
    lag = _bic_lag(data, max_lag)
    y, x = _var_rows(data[max_lag - lag :], lag)
    point = _cumulated_errors(y[None], x[None], lag, max(horizons))[0]
    block = max(SHORTEST_BLOCK, min(24, len(y) // FEWEST_BLOCKS))
    draws = None
    if rng is not None:
        rows = block_indices(len(y), block, replications, rng, kind="circular")
        draws = _cumulated_errors(y[rows], x[rows], lag, max(horizons))
    found = []
    for horizon in horizons:
        depreciation = point[horizon - 1]
        to_real = np.array([[1.0, 0.0], [-1.0, 1.0]])
        low = high = math.nan
        if draws is not None and depreciation[1, 1] > 0:
            drawn = draws[:, horizon - 1]
            low, high = expanded_interval(drawn[:, 0, 1] / drawn[:, 1, 1], level, len(y) / block)
        covariance = to_real @ depreciation @ to_real.T
        found.append(_estimate(covariance, horizon, low, high, level, len(y), block))
    return tuple(found), lag


def _estimate(
    covariance: FloatArray, horizon: int, low: float, high: float, level: float, n: int, block: int
) -> HorizonShare:
    var_pi, var_s, cov = float(covariance[0, 0]), float(covariance[1, 1]), float(covariance[0, 1])
    try:
        point = share(var_pi, var_s, cov)
    except ModelError:
        point = math.nan
    return HorizonShare(horizon, point, low, high, level, var_pi, var_s, cov, n, block)


def _checked(pi: FloatArray, s: FloatArray) -> tuple[FloatArray, FloatArray]:
    pi, s = np.asarray(pi, dtype=np.float64), np.asarray(s, dtype=np.float64)
    if pi.ndim != 1 or pi.shape != s.shape:
        raise ModelError(
            f"inflation and real returns must be series of one length (got {pi.shape}, {s.shape})"
        )
    if not (np.isfinite(pi).all() and np.isfinite(s).all()):
        raise ModelError("monthly changes hold gaps", remedy="cut the sample to its last unbroken run")
    return pi, s


def _var_rows(data: FloatArray, lag: int) -> tuple[FloatArray, FloatArray]:
    columns = [np.ones((len(data) - lag, 1))]
    columns += [data[lag - k : len(data) - k] for k in range(1, lag + 1)]
    return data[lag:], np.hstack(columns)


def _bic_lag(data: FloatArray, max_lag: int) -> int:
    scores = []
    for lag in range(1, max_lag + 1):
        y, x = _var_rows(data[max_lag - lag :], lag)
        residuals = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
        sign, logdet = np.linalg.slogdet(residuals.T @ residuals / len(y))
        scores.append((logdet if sign > 0 else -math.inf) + 2 * x.shape[1] * math.log(len(y)) / len(y))
    return int(np.argmin(scores)) + 1


def _cumulated_errors(y: FloatArray, x: FloatArray, lag: int, longest: int) -> FloatArray:
    """Covariances of errors in forecasting sums of 1 to ``longest`` months: (draws, longest, 2, 2)."""
    gram = np.einsum("dti,dtj->dij", x, x)
    gram += 1e-12 * np.trace(gram, axis1=1, axis2=2)[:, None, None] * np.eye(x.shape[2]) / x.shape[2]
    coefficients = np.linalg.solve(gram, np.einsum("dti,dtj->dij", x, y))
    residuals = y - x @ coefficients
    omega = np.einsum("dti,dtj->dij", residuals, residuals) / (y.shape[1] - x.shape[2])
    lags = [coefficients[:, 1 + 2 * k : 3 + 2 * k].transpose(0, 2, 1) for k in range(lag)]
    response = [np.broadcast_to(np.eye(2), omega.shape)]
    cumulated, total, out = response[0], np.zeros_like(omega), []
    for _month in range(longest):
        total = total + cumulated @ omega @ cumulated.transpose(0, 2, 1)
        out.append(total)
        pairs = zip(lags, reversed(response[-lag:]), strict=False)
        response.append(sum((a @ r for a, r in pairs), np.zeros_like(omega)))
        cumulated = cumulated + response[-1]
    return np.stack(out, axis=1)
