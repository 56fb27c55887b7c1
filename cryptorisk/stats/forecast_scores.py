"""Scores of forecasts and of their intervals, the test of two forecasts, and intervals from past errors."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm
from scipy.stats import t as student
from statsmodels.tsa.stattools import diebold_mariano_test

from cryptorisk.errors import ModelError

Floats = NDArray[np.float64]


def naive_scale(y: Floats, season: int = 1) -> float:
    """Mean absolute change over ``season`` periods: the error of the naive forecast inside the sample."""
    return float(np.mean(np.abs(y[season:] - y[:-season])))


def scaled(errors: Floats, scale: Floats) -> Floats:
    """Absolute errors over the naive error of the sample before them; their mean is MASE.

    Parameters
    ----------
    errors : ndarray, shape (origins, horizons)
    scale : ndarray, shape (origins,)
        `naive_scale` of the sample at each origin.

    Notes
    -----
    Hyndman and Koehler (2006), International Journal of Forecasting 22(4). The scale is that of one step,
    so that a random walk has about 1 at the first horizon and more at longer ones.
    """
    return np.asarray(np.abs(errors) / scale[:, None])


def crps_normal(error: Floats, sd: Floats) -> Floats:
    """Continuous ranked probability score of normal forecasts, in the series' unit; smaller is better.

    Parameters
    ----------
    error : ndarray
        Outcome less mean.
    sd : ndarray
        Of the same shape; positive.

    Notes
    -----
    Gneiting and Raftery (2007), Journal of the American Statistical Association 102(477), section 4.2, with the sign
    turned. The score is the mean absolute error when the distribution is a point.
    """
    z = error / sd
    return np.asarray(sd * (z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / math.sqrt(math.pi)))


def crps_sample(outcome: float, draws: Floats) -> float:
    """Continuous ranked probability score of the empirical distribution of draws.

    Parameters
    ----------
    outcome : float
    draws : ndarray, shape (n,)

    Notes
    -----
    *E|X - y| - E|X - X'| / 2* (Gneiting and Raftery 2007, equation 21), the second mean over all pairs of draws.
    """
    ordered = np.sort(draws)
    n = ordered.size
    ranks = 2 * np.arange(1, n + 1) - n - 1
    return float(np.mean(np.abs(ordered - outcome)) - ranks @ ordered / n**2)


def half_width(errors: Floats, level: float) -> float:
    """Half-width of a symmetric interval from the sizes of past errors (split conformal prediction).

    Parameters
    ----------
    errors : ndarray, shape (n,)
    level : float
        Nominal coverage.

    Returns
    -------
    float
        The *ceil((n + 1) level)*-th smallest absolute error; infinite when n is too small for the level.

    Notes
    -----
    Lei, G'Sell, Rinaldo, Tibshirani and Wasserman (2018), Journal of the American Statistical Association 113(523),
    algorithm 2. Coverage is guaranteed for exchangeable errors; those of a time series are not, so that the
    coverage reached has to be looked at.
    """
    known = np.sort(np.abs(errors[np.isfinite(errors)]))
    place = math.ceil((known.size + 1) * level - 1e-9)
    return float(known[place - 1]) if 0 < place <= known.size else math.inf


def diebold_mariano(loss: Floats, benchmark: Floats, horizon: int) -> float:
    """Two-sided p-value of equal mean losses of two forecasts.

    Parameters
    ----------
    loss, benchmark : ndarray, shape (n,)
        Losses of the two at the same origins, in time order.
    horizon : int
        Periods ahead: the differences of losses are correlated over that many less one.

    Returns
    -------
    float
        1 where the losses never differ.

    Notes
    -----
    Diebold and Mariano (1995) with the correction and Student's t of Harvey, Leybourne and Newbold (1997),
    International Journal of Forecasting 13(2), by statsmodels. At long horizons and few origins it finds differences
    too often (37 origins, 12 periods ahead: 16 % at a nominal 5 %); see `fixed_smoothing`.
    """
    if not _comparable(loss, benchmark, horizon):
        return 1.0
    result = diebold_mariano_test(
        np.zeros_like(loss),
        loss,
        benchmark,
        criterion=lambda _outcome, given: np.asarray(given),
        harvey_adj=True,
        horizon=horizon,
    )
    return float(result.pvalue)


def fixed_smoothing(loss: Floats, benchmark: Floats, horizon: int) -> float:
    """Two-sided p-value of equal mean losses that holds its size with few origins and long horizons.

    Parameters
    ----------
    loss, benchmark, horizon
        As `diebold_mariano`.

    Notes
    -----
    The statistic of Diebold and Mariano with a long-run variance from the first cosine weights and Student's t with as many
    degrees of freedom (Lazarus, Lewis, Stock and Watson 2018, Journal of Business and Economic Statistics 36(4); for
    forecasts Coroneo and Iacone 2020, Journal of Applied Econometrics 35(4)). Their number is *0.4 n^(2/3)*, but no more
    than *n / 1.5 h*, at least two: frequencies at which overlapping errors have already lost their power are left out.
    """
    if not _comparable(loss, benchmark, horizon):
        return 1.0
    gap, n = loss - benchmark, loss.size
    terms = max(2, min(math.floor(0.4 * n ** (2 / 3)), math.floor(n / (1.5 * horizon))))
    angle = math.pi * (np.arange(n) + 0.5) / n
    weights = math.sqrt(2 / n) * np.cos(np.outer(np.arange(1, terms + 1), angle))
    statistic = math.sqrt(n) * gap.mean() / math.sqrt(float(np.mean((weights @ gap) ** 2)))
    return float(2 * student.sf(abs(statistic), terms))


def _comparable(loss: Floats, benchmark: Floats, horizon: int) -> bool:
    """Whether the losses differ at all; an error when they cannot be compared."""
    if loss.shape != benchmark.shape or loss.size < max(8, horizon + 2):
        raise ModelError(f"{loss.size} and {benchmark.size} losses cannot be compared at horizon {horizon}")
    return not np.allclose(loss, benchmark, rtol=1e-9, atol=1e-12)


def holm(p_values: Floats) -> Floats:
    """P-values adjusted for looking at all of them (Holm 1979, Scandinavian Journal of Statistics 6(2))."""
    order = np.argsort(p_values)
    steps = (p_values.size - np.arange(p_values.size)) * p_values[order]
    adjusted = np.empty_like(p_values)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted
