"""ADF t-ratios over all windows of a series: backward suprema, by cumulated sums of products."""

from __future__ import annotations

import math

import numpy as np

from cryptorisk.errors import ModelError
from cryptorisk.stats.sample import FloatArray, Values

FEWEST_IN_WINDOW = 8
"""Degrees of freedom of the smallest regression beyond its coefficients; below it a t-ratio is mostly noise."""

ROUNDING = 1e-12
"""Share of the sample's sums of squares below which what is left in a window is rounding: a double holds sixteen digits,
and sums over thousands of observations lose up to three of them. Such a window has no t-ratio: its level stands still, or
the regression fits without error (a line, an exact exponential)."""

CHUNK_CELLS = 24_000
"""Window statistics worked on at a time: the arrays then stay in a processor's cache."""


def smallest_window(n: int) -> int:
    """``n (0.01 + 1.8 / sqrt n)``, the rule of Phillips, Shi and Yu (2015), p. 1049, whole observations."""
    return int(n * (0.01 + 1.8 / math.sqrt(n)))


def backward_sup_adf(y: Values, window: int | None = None, lags: int = 0) -> tuple[FloatArray, FloatArray]:
    """ADF t-ratios of windows that begin at the first observation, and suprema over all beginnings.

    Parameters
    ----------
    y : array-like, shape (n,) or (replications, n)
        Levels, usually log prices.
    window : int, optional
        Observations in the smallest window.
    lags : int
        Lagged differences, the same in all windows.

    Returns
    -------
    (adf, bsadf) : ndarrays, shape (..., n - window + 1)
        By last observation. ``sadf`` is the largest of the first, ``gsadf`` of the second. NaN where no window has a
        t-ratio: the level does not change in any, or the regression fits without error (`ROUNDING`).

    Notes
    -----
    Every window's regression of the difference on a constant, the lagged level and lagged differences is solved from
    cumulated sums of products; lagged differences are swept out one by one, so that a window costs the same however long
    it is.

    References
    ----------
    Phillips, Shi and Yu (2015), International Economic Review 56(4), equations (4) to (6).
    """
    paths = unit_scale(np.atleast_2d(np.asarray(y, dtype=np.float64)))
    n = paths.shape[1]
    size = smallest_window(n) if window is None else window
    checked_window(n, size, lags)
    sums = _cumulated(paths, lags)
    ends = np.arange(size, n + 1)
    adf, bsadf = np.empty((len(paths), len(ends))), np.empty((len(paths), len(ends)))
    for place, end in enumerate(ends):
        rows = max(1, CHUNK_CELLS // max(int(end) - size + 1, 1))
        for first in range(0, len(paths), rows):
            part = slice(first, first + rows)
            squares = _signed_squares(sums[:, part], int(end), size, lags)
            adf[part, place], bsadf[part, place] = _root(squares[:, 0]), _root(squares.max(axis=1))
    adf[np.isneginf(adf)] = bsadf[np.isneginf(bsadf)] = np.nan
    return (adf[0], bsadf[0]) if np.ndim(y) == 1 else (adf, bsadf)


def unit_scale(paths: FloatArray) -> FloatArray:
    """Paths divided by a power of two that brings the largest level to between a half and one.

    A t-ratio does not depend on the scale; squares of very large levels would overflow. Powers of two leave every digit as
    it is.
    """
    _, exponent = np.frexp(np.abs(paths).max(axis=-1, keepdims=True))
    return np.asarray(np.ldexp(paths, -exponent))


def checked_window(n: int, window: int, lags: int) -> None:
    """Refuse a smallest window that holds too few observations for its regression, or more than there are."""
    if lags < 0:
        raise ModelError(f"lags must not be negative (got {lags})")
    needed = 2 * lags + 3 + FEWEST_IN_WINDOW
    if not needed <= window <= n:
        raise ModelError(
            f"the smallest window has {window} observations; with {lags} lags it needs {needed} and at most the {n} there "
            "are",
            remedy="use a longer sample or a larger r0",
        )


def _cumulated(paths: FloatArray, lags: int) -> FloatArray:
    """Cumulated sums of the variables and their products, shape (sums, replications, rows + 1).

    Variables of row t: lagged level, difference, lagged differences. A common shift of levels leaves the t-ratio as it
    is and keeps the sums of squares small against rounding.
    """
    centred = paths - paths.mean(axis=1, keepdims=True)
    changes = np.diff(paths, axis=1)
    rows = changes.shape[1] - lags
    variables = [centred[:, lags:-1], changes[:, lags:]]
    variables += [changes[:, lags - k : lags - k + rows] for k in range(1, lags + 1)]
    count = len(variables)
    columns = [*variables, *(variables[a] * variables[b] for a in range(count) for b in range(a, count))]
    sums = np.zeros((len(columns), len(paths), rows + 1))
    for place, column in enumerate(columns):
        np.cumsum(column, axis=1, out=sums[place, :, 1:])
    return sums


def _root(squares: FloatArray) -> FloatArray:
    """t-ratios of squares that carry their sign."""
    return np.asarray(np.copysign(np.sqrt(np.abs(squares)), squares))


def _signed_squares(sums: FloatArray, end: int, window: int, lags: int) -> FloatArray:
    """Squared t-ratios of the lagged level, with their sign, in all windows that end after ``end`` observations.

    Shape (replications, starts). The order is that of the ratios, so that roots are taken of the largest alone. Minus
    infinity for a window that has none.
    """
    # A window of w observations has w - 1 - lags rows; rows are numbered by their place after the first lags + 1.
    last, starts, count = end - 1 - lags, end - window + 1, lags + 2
    rows = last - np.arange(starts, dtype=np.float64)
    total = sums[:, :, last, None] - sums[:, :, :starts]
    share = 1.0 / rows
    means = total[: count - 1] * share
    moments: dict[tuple[int, int], FloatArray] = {}
    squares = []  # by variable, from the sample's first row to the window's last
    place = count
    for a in range(count):
        squares.append(sums[place, :, last, None])
        for b in range(a, count):
            # The mean of the one times the sum of the other; the last variable's own needs its mean too.
            moments[a, b] = total[place]
            moments[a, b] -= means[a] * total[b] if a < count - 1 else total[a] ** 2 * share
            place += 1
    flat = np.zeros(1, dtype=np.bool_)
    for swept in range(count - 1, 1, -1):
        least = ROUNDING * squares[swept]
        flat = flat | (moments[swept, swept] <= least)
        pivot = np.maximum(moments[swept, swept], np.maximum(least, 1e-300))
        for a in range(swept):
            for b in range(a, swept):
                moments[a, b] -= moments[a, swept] * moments[b, swept] / pivot
    cross = moments[0, 1]
    # A sum of squares below nought is rounding, and two of them would have a positive product.
    level, change = (np.maximum(moments[k, k], 0.0) for k in (0, 1))
    left = level * change
    left -= cross * cross
    flat = flat | (left <= ROUNDING * (squares[0] * change + squares[1] * level))
    left[flat] = 1.0
    np.divide(rows - count, left, out=left)
    left *= cross
    np.abs(cross, out=cross)
    left *= cross
    left[flat] = -np.inf
    return left
