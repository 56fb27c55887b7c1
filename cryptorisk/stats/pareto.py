"""The generalised Pareto distribution of excesses: likelihood, its maximum, tail functions."""

from __future__ import annotations

import math

import numpy as np
from scipy.optimize import minimize_scalar

from cryptorisk.stats.sample import FloatArray

LOWEST_SHAPE = -1.0
"""Below it the likelihood grows without limit as the end point nears the largest excess."""

_EXPONENTIAL = 1e-8
"""Shapes nearer to zero than this are computed as exponential; the difference is below rounding."""


def survival(excess: float, xi: float, beta: float) -> float:
    """``P(Y > excess)``."""
    if abs(xi) < _EXPONENTIAL:
        return math.exp(-excess / beta)
    base = 1.0 + xi * excess / beta
    return float(base ** (-1.0 / xi)) if base > 0 else 0.0


def scaled_quantile(xi: float, ratio: float) -> float:
    """``(ratio^xi - 1) / xi``: excess in units of beta that is exceeded with probability ``1/ratio``."""
    return math.log(ratio) if abs(xi) < _EXPONENTIAL else math.expm1(xi * math.log(ratio)) / xi


def loglikelihood(excesses: FloatArray, xi: float, beta: float) -> float:
    """Log-likelihood of excesses; minus infinity where a parameter is not admissible."""
    if beta <= 0 or xi < LOWEST_SHAPE:
        return -math.inf
    if abs(xi) < _EXPONENTIAL:
        return float(-excesses.size * math.log(beta) - excesses.sum() / beta)
    scaled = xi * excesses / beta
    if scaled.min() <= -1.0:
        return -math.inf
    return float(-excesses.size * math.log(beta) - (1.0 + 1.0 / xi) * np.log1p(scaled).sum())


def maximise(excesses: FloatArray) -> tuple[float, float]:
    """Shape and scale of highest likelihood.

    For a given ratio ``t = xi/beta`` the best shape is ``mean(log(1 + t y))`` (Grimshaw 1993, Technometrics
    35), so one dimension is searched: a grid first, since flat likelihoods have more than one stationary
    point, then the neighbourhood of its best point.
    """
    grid = _ratio_grid(excesses)
    values = _profiles(grid, excesses)
    best = int(values.argmax())
    bracket = (grid[max(best - 1, 0)], grid[min(best + 1, grid.size - 1)])
    scale = float(excesses.mean())
    found = minimize_scalar(
        lambda scaled: -_profile(scaled / scale, excesses),
        bounds=(bracket[0] * scale, bracket[1] * scale),
        method="bounded",
        options={"xatol": 1e-9},
    )
    ratio = float(found.x) / scale if -found.fun >= values[best] else float(grid[best])
    return _shape_and_scale(ratio, excesses)


def _ratio_grid(excesses: FloatArray) -> FloatArray:
    # Negative ratios end at -1/max. For positive ones the median of a GPD gives t = (2^xi - 1)/median.
    negative = -np.linspace(0.999, 0.05, 20) / excesses.max()
    shapes = np.concatenate((np.linspace(0.0, 1.0, 21), np.linspace(1.2, 6.0, 25)))
    positive = np.expm1(shapes * math.log(2.0)) / max(float(np.median(excesses)), 1e-12)
    return np.concatenate((negative, positive))


def _shape_and_scale(ratio: float, excesses: FloatArray) -> tuple[float, float]:
    mean = float(excesses.mean())
    if abs(ratio) * mean < _EXPONENTIAL:
        return 0.0, mean
    xi = float(np.log1p(ratio * excesses).mean())
    return xi, xi / ratio


def _profile(ratio: float, excesses: FloatArray) -> float:
    xi, beta = _shape_and_scale(ratio, excesses)
    if xi < LOWEST_SHAPE or beta <= 0:
        return -math.inf
    return -excesses.size * (math.log(beta) + xi + 1.0)


def _profiles(ratios: FloatArray, excesses: FloatArray) -> FloatArray:
    """`_profile` of many ratios at once, shape (ratios,)."""
    mean = float(excesses.mean())
    exponential = np.abs(ratios) * mean < _EXPONENTIAL
    steps = np.where(exponential, 1.0, ratios)
    xi = np.log1p(np.outer(steps, excesses)).mean(axis=1)
    beta = np.where(exponential, mean, xi / steps)
    xi = np.where(exponential, 0.0, xi)
    possible = (xi >= LOWEST_SHAPE) & (beta > 0)
    values = -excesses.size * (np.log(np.where(possible, beta, 1.0)) + xi + 1.0)
    return np.where(possible, values, -math.inf)
