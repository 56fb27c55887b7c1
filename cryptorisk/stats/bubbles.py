"""Explosive episodes of a price: right-tailed unit-root tests over all windows, with bootstrapped critical values."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy.signal import lfilter

from cryptorisk.errors import ModelError
from cryptorisk.stats.sample import FloatArray, Values, checked_level, checked_sample

BootstrapKind = Literal["wild", "composite"]
Multipliers = Literal["signs", "normal"]

FEWEST_IN_WINDOW = 8
"""Degrees of freedom of the smallest regression beyond its coefficients; below it a t-ratio is mostly noise."""

CHUNK_CELLS = 24_000
"""Window statistics worked on at a time: the arrays then stay in a processor's cache."""


@dataclass(frozen=True, eq=False)
class ExplosiveTest:
    """Statistics and critical values.

    Attributes
    ----------
    bsadf : pandas.Series
        Backward sup ADF by the last observation of the window; from the first window on.
    critical : pandas.Series
        Critical value for ``bsadf`` at the same dates, at ``level``, by ``bootstrap`` and ``control``.
    pointwise : pandas.Series
        The same by the wild bootstrap date by date, each with a size of its own.
    sadf, gsadf : float
    sadf_p, gsadf_p : float
        Share of bootstrap statistics above the observed, counting it: (1 + number) / (1 + replications).
    gsadf_critical : float
        At ``level``.
    level : float
    window, lags, replications, control : int
        Smallest window in observations; ``control`` observations share a size of ``1 - level``.
    bootstrap : {"wild", "composite"}
    """

    bsadf: pd.Series
    critical: pd.Series
    pointwise: pd.Series
    sadf: float
    gsadf: float
    sadf_p: float
    gsadf_p: float
    gsadf_critical: float
    level: float
    window: int
    lags: int
    replications: int
    control: int
    bootstrap: BootstrapKind

    def episodes(self, minimum: int | None = None, *, pointwise: bool = False) -> pd.DataFrame:
        """Runs of ``bsadf`` above its critical value, of at least ``minimum`` observations (default ln n).

        Parameters
        ----------
        minimum : int, optional
        pointwise : bool
            Against the critical values that are each valid for one date alone.

        Returns
        -------
        DataFrame
            ``start, end`` (labels of the first and last observation above), ``length``, ``peak`` (largest statistic),
            ``open`` (whether it lasts to the sample's end), in time order.

        References
        ----------
        Phillips, Shi and Yu (2015), equations (10) and (11), with the minimum duration ln T of section 2.3.
        """
        n = len(self.bsadf) + self.window - 1
        shortest = math.ceil(math.log(n)) if minimum is None else minimum
        above = (self.bsadf > (self.pointwise if pointwise else self.critical)).to_numpy()
        edges = np.flatnonzero(np.diff(np.r_[0, above.astype(int), 0]))
        rows = [
            (
                self.bsadf.index[first],
                self.bsadf.index[last - 1],
                last - first,
                float(self.bsadf.iloc[first:last].max()),
                last == len(above),
            )
            for first, last in zip(edges[::2], edges[1::2], strict=True)
            if last - first >= shortest
        ]
        return pd.DataFrame(rows, columns=["start", "end", "length", "peak", "open"])


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
        By last observation. ``sadf`` is the largest of the first, ``gsadf`` of the second.

    Notes
    -----
    Every window's regression of the difference on a constant, the lagged level and lagged differences is solved from
    cumulated sums of products; lagged differences are swept out one by one, so that a window costs the same however long
    it is.

    References
    ----------
    Phillips, Shi and Yu (2015), International Economic Review 56(4), equations (4) to (6).
    """
    paths = np.atleast_2d(np.asarray(y, dtype=np.float64))
    n = paths.shape[1]
    size = smallest_window(n) if window is None else window
    _checked_window(n, size, lags)
    sums = _cumulated(paths, lags)
    ends = np.arange(size, n + 1)
    adf, bsadf = np.empty((len(paths), len(ends))), np.empty((len(paths), len(ends)))
    for place, end in enumerate(ends):
        rows = max(1, CHUNK_CELLS // max(int(end) - size + 1, 1))
        for first in range(0, len(paths), rows):
            part = slice(first, first + rows)
            ratios = _ratios(sums[:, part], int(end), size, lags)
            adf[part, place], bsadf[part, place] = ratios[:, 0], ratios.max(axis=1)
    return (adf[0], bsadf[0]) if np.ndim(y) == 1 else (adf, bsadf)


def gsadf(
    y: Values,
    r0: float | None = None,
    lags: int = 0,
    replications: int = 499,
    bootstrap: BootstrapKind = "wild",
    seed: int = 0,
    *,
    level: float = 0.95,
    control: int = 1,
    multipliers: Multipliers = "signs",
) -> ExplosiveTest:
    """Test for explosive episodes, and critical values that hold under changing volatility.

    Parameters
    ----------
    y : array-like, shape (n,)
        Levels, usually log prices, in time order without gaps.
    r0 : float, optional
        Smallest window as a share of the sample; default ``0.01 + 1.8 / sqrt(n)``.
    lags : int
    replications : int
    bootstrap : {"wild", "composite"}
        ``wild``: differences keep their places and are multiplied, so that the pattern of volatility is kept (Harvey,
        Leybourne, Sollis and Taylor 2016). ``composite``: residuals are drawn anew, multiplied, and the
        supremum over ``control`` observations after the first window gives one critical value for all dates (Phillips and
        Shi 2020); ``gsadf_p`` and ``sadf_p`` are those of the wild bootstrap in either case.
    seed : int
    level : float
        One less the size.
    control : int
        Observations over which ``bsadf`` exceeds ``critical`` by chance at all with probability ``1 - level``. With
        ``wild``: one gives critical values date by date, as Phillips, Shi and Yu use them; more takes the quantile of the
        largest of the last so many statistics, the idea of Shi, Hurn and Phillips (2020) applied to the wild bootstrap.

    multipliers : {"signs", "normal"}
        Of the bootstrapped differences: one or minus one with equal odds (Rademacher), which keeps the size of every
        difference, or the standard normals of Harvey, Leybourne, Sollis and Taylor. A product with a normal has far heavier
        tails than the difference itself; in the smallest windows the critical values then lie too high (METHODS.md).

    Returns
    -------
    ExplosiveTest

    Raises
    ------
    ModelError
        For a window too small for its regression or longer than the sample, or levels that do not change.

    Notes
    -----
    Under the hypothesis the level is a random walk with a negligible drift. A rejection says that the level behaved
    explosively, upwards or in a crash; it is no evidence of a bubble, which is a statement about fundamentals.

    References
    ----------
    Phillips, Shi and Yu (2015), International Economic Review 56(4); Harvey, Leybourne, Sollis and Taylor (2016), Journal
    of Empirical Finance 38; Phillips and Shi (2020), Handbook of Statistics 42; Shi, Hurn and Phillips (2020), Journal of
    Financial Econometrics 18(1).
    """
    levels = checked_sample(y, name="levels", minimum=20)
    window = smallest_window(levels.size) if r0 is None else int(r0 * levels.size)
    _checked_window(levels.size, window, lags)
    dates = levels.size - window + 1
    if not 1 <= control <= dates or replications < 19:
        raise ModelError(
            f"control must lie between 1 and {dates}, replications be at least 19 ({control}, {replications})"
        )
    if np.ptp(np.diff(levels)) == 0:
        raise ModelError("levels do not vary about a straight line: nothing is tested")
    size, rng = 1.0 - checked_level(level), np.random.default_rng(seed)
    adf, bsadf = backward_sup_adf(levels, window, lags)
    draws_adf, draws = backward_sup_adf(_wild(levels, lags, replications, rng, multipliers), window, lags)
    if bootstrap == "composite":
        short = _composite(levels, lags, replications, window + control - 1, rng, multipliers)
        supremum = backward_sup_adf(short, window, lags)[1].max(axis=1)
        critical = np.full(dates, np.quantile(supremum, 1 - size))
    elif bootstrap == "wild":
        critical = np.quantile(_trailing_max(draws, control), 1 - size, axis=0)
    else:
        raise ModelError(f"unknown bootstrap {bootstrap!r}", remedy="use wild or composite")
    index = y.index if isinstance(y, pd.Series) else pd.RangeIndex(levels.size)
    tops = draws.max(axis=1)
    return ExplosiveTest(
        bsadf=pd.Series(bsadf, index=index[window - 1 :], name="bsadf"),
        critical=pd.Series(critical, index=index[window - 1 :], name="critical"),
        pointwise=pd.Series(
            np.quantile(draws, 1 - size, axis=0), index=index[window - 1 :], name="pointwise"
        ),
        sadf=float(adf.max()),
        gsadf=float(bsadf.max()),
        sadf_p=_p_value(float(adf.max()), draws_adf.max(axis=1)),
        gsadf_p=_p_value(float(bsadf.max()), tops),
        gsadf_critical=float(np.quantile(tops, 1 - size)),
        level=level,
        window=window,
        lags=lags,
        replications=replications,
        control=control,
        bootstrap=bootstrap,
    )


def _checked_window(n: int, window: int, lags: int) -> None:
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


def _ratios(sums: FloatArray, end: int, window: int, lags: int) -> FloatArray:
    """t-ratios of the lagged level in all windows that end after ``end`` observations, shape (replications, starts)."""
    # A window of w observations has w - 1 - lags rows; rows are numbered by their place after the first lags + 1.
    last, starts, count = end - 1 - lags, end - window + 1, lags + 2
    rows = last - np.arange(starts, dtype=np.float64)
    total = sums[:, :, last, None] - sums[:, :, :starts]
    means = total[: count - 1] / rows
    moments: dict[tuple[int, int], FloatArray] = {}
    place = count
    for a in range(count):
        for b in range(a, count):
            # The mean of the one times the sum of the other; the last variable's own needs its mean too.
            moments[a, b] = total[place]
            moments[a, b] -= means[a] * total[b] if a < count - 1 else total[a] ** 2 / rows
            place += 1
    for swept in range(count - 1, 1, -1):
        pivot = np.maximum(moments[swept, swept], 1e-300)
        for a in range(swept):
            for b in range(a, swept):
                moments[a, b] -= moments[a, swept] * moments[b, swept] / pivot
    level, cross, change = moments[0, 0], moments[0, 1], moments[1, 1]
    left = level * change
    left -= cross * cross
    np.maximum(left, 1e-300, out=left)
    np.divide(rows - count, left, out=left)
    np.sqrt(left, out=left)
    ratios: FloatArray = cross * left
    return ratios


def _wild(
    levels: FloatArray, lags: int, replications: int, rng: np.random.Generator, kind: Multipliers
) -> FloatArray:
    """Random walks whose steps are the residuals under the hypothesis, in their places, times multipliers."""
    slopes, residuals = _under_hypothesis(np.diff(levels), lags)
    shocks = residuals * _multipliers((replications, residuals.size), rng, kind)
    return _walks(levels, slopes, shocks, lags)


def _composite(
    levels: FloatArray,
    lags: int,
    replications: int,
    length: int,
    rng: np.random.Generator,
    kind: Multipliers,
) -> FloatArray:
    slopes, residuals = _under_hypothesis(np.diff(levels), lags)
    shape = (replications, length - 1 - lags)
    shocks = residuals[rng.integers(0, residuals.size, shape)] * _multipliers(shape, rng, kind)
    return _walks(levels, slopes, shocks, lags)


def _multipliers(shape: tuple[int, int], rng: np.random.Generator, kind: Multipliers) -> FloatArray:
    if kind == "normal":
        return np.asarray(rng.standard_normal(shape), dtype=np.float64)
    if kind == "signs":
        return np.asarray(2.0 * rng.integers(0, 2, shape) - 1.0, dtype=np.float64)
    raise ModelError(f"unknown multipliers {kind!r}", remedy="use signs or normal")


def _under_hypothesis(changes: FloatArray, lags: int) -> tuple[FloatArray, FloatArray]:
    """Autoregression of differences without a constant: slopes and residuals."""
    if lags == 0:
        return np.empty(0), changes
    regressors = np.column_stack([changes[lags - k : changes.size - k] for k in range(1, lags + 1)])
    slopes: FloatArray = np.asarray(
        np.linalg.lstsq(regressors, changes[lags:], rcond=None)[0], dtype=np.float64
    )
    return slopes, changes[lags:] - regressors @ slopes


def _walks(levels: FloatArray, slopes: FloatArray, shocks: FloatArray, lags: int) -> FloatArray:
    begun = np.concatenate([np.zeros((len(shocks), lags)), shocks], axis=1)
    changes = lfilter([1.0], np.r_[1.0, -slopes], begun, axis=1) if lags else begun
    walks = np.concatenate([np.zeros((len(shocks), 1)), np.cumsum(changes, axis=1)], axis=1)
    return np.asarray(walks + levels[0])


def _trailing_max(draws: FloatArray, control: int) -> FloatArray:
    """Largest of the last ``control`` columns; the first columns share the first full stretch, so that its size holds."""
    if control == 1:
        return draws
    stretches = np.lib.stride_tricks.sliding_window_view(draws, control, axis=1).max(axis=2)
    return np.concatenate([np.repeat(stretches[:, :1], control - 1, axis=1), stretches], axis=1)


def _p_value(statistic: float, draws: FloatArray) -> float:
    return float((1 + (draws >= statistic).sum()) / (1 + len(draws)))
