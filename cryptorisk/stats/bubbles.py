"""Explosive episodes of a price: right-tailed unit-root tests over all windows, with bootstrapped critical values."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from cryptorisk.errors import ModelError
from cryptorisk.stats.resampled_walks import Multipliers, composite_walks, wild_walks
from cryptorisk.stats.sample import FloatArray, Values, checked_level, checked_sample, checked_time
from cryptorisk.stats.sup_adf import backward_sup_adf, checked_window, smallest_window, unit_scale

BootstrapKind = Literal["wild", "composite"]


@dataclass(frozen=True, eq=False)
class ExplosiveTest:
    """Statistics and critical values.

    Attributes
    ----------
    bsadf : pandas.Series
        Backward sup ADF by the last observation of the window; from the first window on. NaN at dates whose windows all
        stand still or follow a line or an exact exponential: they have no t-ratio, and are in no episode.
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
        For a window too small for its regression or longer than the sample, or levels of which no window has a t-ratio:
        that stand still, or follow a straight line or an exact exponential (a crawling peg's rate or its logarithm).

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
    checked_time(y, name="levels")
    levels = unit_scale(checked_sample(y, name="levels", minimum=20))
    window = smallest_window(levels.size) if r0 is None else int(r0 * levels.size)
    checked_window(levels.size, window, lags)
    dates = levels.size - window + 1
    if not 1 <= control <= dates or replications < 19:
        raise ModelError(
            f"control must lie between 1 and {dates}, replications be at least 19 ({control}, {replications})"
        )
    size, rng = 1.0 - checked_level(level), np.random.default_rng(seed)
    adf, bsadf = backward_sup_adf(levels, window, lags)
    if np.isnan(adf).all():
        raise ModelError(
            f"levels vary in no window of {window} or more by more than rounding about a straight line or an exact "
            "exponential: nothing is tested",
            remedy="a fixed or crawling peg has no path of its own; use a price that is set in a market",
        )
    draws_adf, draws = (
        np.nan_to_num(each, nan=-np.inf)  # below every statistic
        for each in backward_sup_adf(wild_walks(levels, lags, replications, rng, multipliers), window, lags)
    )
    if bootstrap == "composite":
        short = composite_walks(levels, lags, replications, window + control - 1, rng, multipliers)
        supremum = np.nan_to_num(backward_sup_adf(short, window, lags)[1], nan=-np.inf).max(axis=1)
        critical = np.full(dates, _quantile(supremum, 1 - size))
    elif bootstrap == "wild":
        critical = _quantile(_trailing_max(draws, control), 1 - size)
    else:
        raise ModelError(f"unknown bootstrap {bootstrap!r}", remedy="use wild or composite")
    index = y.index if isinstance(y, pd.Series) else pd.RangeIndex(levels.size)
    tops = draws.max(axis=1)
    return ExplosiveTest(
        bsadf=pd.Series(bsadf, index=index[window - 1 :], name="bsadf"),
        critical=pd.Series(critical, index=index[window - 1 :], name="critical"),
        pointwise=pd.Series(_quantile(draws, 1 - size), index=index[window - 1 :], name="pointwise"),
        sadf=float(np.nanmax(adf)),
        gsadf=float(np.nanmax(bsadf)),
        sadf_p=_p_value(float(np.nanmax(adf)), draws_adf.max(axis=1)),
        gsadf_p=_p_value(float(np.nanmax(bsadf)), tops),
        gsadf_critical=float(_quantile(tops, 1 - size)),
        level=level,
        window=window,
        lags=lags,
        replications=replications,
        control=control,
        bootstrap=bootstrap,
    )


def _trailing_max(draws: FloatArray, control: int) -> FloatArray:
    """Largest of the last ``control`` columns; the first columns share the first full stretch, so that its size holds."""
    if control == 1:
        return draws
    stretches = np.lib.stride_tricks.sliding_window_view(draws, control, axis=1).max(axis=2)
    return np.concatenate([np.repeat(stretches[:, :1], control - 1, axis=1), stretches], axis=1)


def _quantile(draws: FloatArray, level: float) -> FloatArray:
    """Quantile over the draws; NaN at a date of whose draws too few have a statistic."""
    with np.errstate(invalid="ignore"):
        found = np.asarray(np.quantile(draws, level, axis=0))
    return np.where(np.isfinite(found), found, np.nan)


def _p_value(statistic: float, draws: FloatArray) -> float:
    return float((1 + (draws >= statistic).sum()) / (1 + len(draws)))
