"""How long half of a deviation lasts in an autoregression, with an interval that holds near a random walk.

References
----------
Hansen (1999), The grid bootstrap and the autoregressive model, Review of Economics and Statistics 81(4), 594-607 (the
interval). Andrews (1993), Econometrica 61(1), 139-165 (least squares understate persistence). Andrews and Chen (1994),
Journal of Business and Economic Statistics 12(2), 187-204 (the sum of the coefficients as the measure of persistence).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.signal import savgol_filter
from statsmodels.tsa.ar_model import ar_select_order

from cryptorisk.errors import ModelError
from cryptorisk.stats.sample import FloatArray, Values, checked_level, checked_sample

LEAST = 60
"""Three months of trading days, five years of months: the shortest sample of the coverage study."""
MOST_LAGS = 10
GRID = 25
"""Points of the grid for the persistence, a third of a standard error apart: from three errors below the least-squares
estimate to five above it (its bias is downwards, and the 5 % point of Dickey and Fuller lies at 2.9). Ends of the interval
are interpolated."""

SMOOTHED = 7
"""Points of the local quadratic by which quantiles are smoothed along the grid: two standard errors of the estimate wide. A
cubic over the whole grid misses the bend at a random walk."""
DRAWN = 400_000
ROUNDING = 1e-9
"""Movements smaller than this, relative to the values, are those of a computer's arithmetic."""


@dataclass(frozen=True)
class HalfLife:
    """Persistence and half-life of a deviation from the mean.

    Attributes
    ----------
    persistence, low, high : float
        Sum of the autoregressive coefficients: median-unbiased estimate and interval; ``high`` may be one or more.
    periods, shortest, longest : float
        ``ln 0.5 / ln persistence``; infinite where the persistence is one or more, nought where it is not positive.
    least_squares : float
        Persistence by least squares, biased downwards.
    mean : float
        Of the series.
    lags : int
        Of the autoregression in levels.
    n : int
    level : float
    """

    persistence: float
    low: float
    high: float
    periods: float
    shortest: float
    longest: float
    least_squares: float
    mean: float
    lags: int
    n: int
    level: float


def half_life(
    values: Values,
    *,
    rng: np.random.Generator,
    lags: int | None = None,
    replications: int | None = None,
    level: float = 0.9,
) -> HalfLife:
    """Half-life of a deviation of a series from its mean.

    Parameters
    ----------
    values : array-like, shape (t,)
        Equally spaced.
    rng : numpy.random.Generator
    lags : int, optional
        Of the autoregression in levels; default by Schwarz's criterion, at most ten.
    replications : int, optional
        Series made at each point of the grid; default as many as make `DRAWN` observations, from 399 to 1999.
    level : float

    Returns
    -------
    HalfLife

    Raises
    ------
    ModelError
        Fewer than `LEAST` observations, values that are not finite or do not move.

    Notes
    -----
    ``y_t = m + a y_{t-1} + sum_i c_i d y_{t-i} + e_t``. For each a of a grid, m and c are estimated with a held and series
    are made from them with residuals of random sign (which keeps restless spells where they were); a is in the interval
    when the t of the observed estimate lies between the quantiles of theirs, and the median-unbiased estimate is where it
    is their median. Quantiles are smoothed along the grid, as Hansen does.
    """
    y = checked_sample(values, name="deviations", minimum=LEAST)
    checked_level(level)
    if np.ptp(y) <= ROUNDING * max(1.0, float(np.abs(y).max())):
        raise ModelError("the series does not move")
    order = schwarz_order(y) if lags is None else max(1, lags)
    draws = replications or min(max(DRAWN // len(y), 399), 1999)
    left, before, short = _parts(y[None, :], order)
    try:
        slope, error = (part[0] for part in _slope(left, before, short))
    except np.linalg.LinAlgError as singular:
        raise ModelError("the series' past has too little in it to tell its persistence") from singular
    if not error > ROUNDING * max(1.0, abs(slope)):
        raise ModelError("the series follows its own past without an error")
    grid = np.linspace(slope - 3 * error, slope + 5 * error, GRID)
    tail = (1 - level) / 2
    seen = (slope - grid) / error
    quantiles = np.array([_quantiles(y, order, a, (tail, 0.5, 1 - tail), draws, rng) for a in grid])
    if not np.isfinite(quantiles).all():
        raise ModelError("series made like this one have no errors to judge it by")
    quantiles = savgol_filter(quantiles, SMOOTHED, 2, axis=0)
    middle, low, high = (_crossing(grid, seen - quantiles[:, which]) for which in (1, 2, 0))
    low, high = min(low, middle), max(high, middle)
    return HalfLife(
        persistence=middle,
        low=low,
        high=high,
        periods=periods_of(middle),
        shortest=periods_of(low),
        longest=periods_of(high),
        least_squares=float(slope),
        mean=float(y.mean()),
        lags=order,
        n=len(y),
        level=level,
    )


def periods_of(persistence: float) -> float:
    """``ln 0.5 / ln a``; infinite for a of one or more, nought where it is not positive."""
    if persistence >= 1:
        return math.inf
    return 0.0 if persistence <= 0 else math.log(0.5) / math.log(persistence)


def schwarz_order(y: FloatArray) -> int:
    """Lags in levels by Schwarz's criterion: one to ten, and at most an eighth of the sample."""
    chosen = ar_select_order(y, max(1, min(MOST_LAGS, len(y) // 8)), ic="bic", trend="c").ar_lags
    return max(chosen) if chosen else 1


def _quantiles(
    y: FloatArray, order: int, a: float, at: tuple[float, ...], replications: int, rng: np.random.Generator
) -> FloatArray:
    """Quantiles of the t about ``a`` in series made with persistence ``a``."""
    left, before, short = _parts(y[None, :], order)
    z = np.column_stack([np.ones(left.shape[1]), *short[0]])
    coefficients = np.linalg.lstsq(z, (left - a * before)[0], rcond=None)[0]
    resid = (left - a * before)[0] - z @ coefficients
    signs = rng.choice(np.array([-1.0, 1.0]), size=(replications, len(resid)))
    made = np.empty((replications, len(y)))
    made[:, :order] = y[:order]
    for t in range(order, len(y)):
        now = coefficients[0] + a * made[:, t - 1] + signs[:, t - order] * resid[t - order]
        for lag in range(1, order):
            now += coefficients[lag] * (made[:, t - lag] - made[:, t - lag - 1])
        made[:, t] = now
    slope, error = _slope(*_parts(made, order))
    found: FloatArray = np.quantile((slope - a) / error, at)
    return found


def _parts(series: FloatArray, order: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Left side, lagged level and lagged changes (s, order - 1, n) of many series (s, t)."""
    change = np.diff(series, axis=1)
    n = series.shape[1] - order
    short = (
        np.stack([change[:, order - 1 - lag : order - 1 - lag + n] for lag in range(1, order)], axis=1)
        if (order > 1)
        else np.empty((len(series), 0, n))
    )
    return series[:, order:], series[:, order - 1 : -1], short


def _slope(left: FloatArray, before: FloatArray, short: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Coefficient on the lagged level and its classical error, one a series."""
    count, n = left.shape
    z = np.concatenate([before[:, None, :], np.ones((count, 1, n)), short], axis=1)
    cross = z @ z.transpose(0, 2, 1)
    inverse = np.linalg.inv(cross)
    coefficients = np.einsum("sij,sj->si", inverse, np.einsum("sin,sn->si", z, left))
    resid = left - np.einsum("si,sin->sn", coefficients, z)
    variance = np.einsum("sn,sn->s", resid, resid) / (n - z.shape[1])
    return coefficients[:, 0], np.sqrt(variance * inverse[:, 0, 0])


def _crossing(grid: FloatArray, distance: FloatArray) -> float:
    """Where a falling function crosses nought: the last crossing; an end of the grid where there is none."""
    positive = np.flatnonzero(distance > 0)
    if positive.size == 0:
        return float(grid[0])
    i = int(positive[-1])
    if i == len(grid) - 1:
        return float(grid[-1])
    share = distance[i] / (distance[i] - distance[i + 1])
    return float(grid[i] + share * (grid[i + 1] - grid[i]))
