"""Stability of a regression's coefficients: cumulative sums of recursive residuals and of their squares.

References
----------
Brown, Durbin and Evans (1975), Techniques for testing the constancy of regression relationships over time, Journal of
the Royal Statistical Society B 37(2), 149-192. Edgerton and Wells (1994), Critical values for the CUSUMSQ statistic in
medium and large sized samples, Oxford Bulletin of Economics and Statistics 56(3), 355-365.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.stats import norm
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.diagnostic import recursive_olsresiduals

from cryptorisk.errors import ModelError
from cryptorisk.stats.sample import FloatArray, Values, checked_level, checked_sample

SQUARES_APPROXIMATION = {
    0.10: (1.2238734, -0.6700069, -0.7351697),
    0.05: (1.3581015, -0.6701218, -0.8858694),
    0.01: (1.6276236, -0.6703724, -1.2365861),
}
"""Two-sided level and the terms of ``c = a1 / sqrt(m) + a2 / m + a3 / m^1.5``, m = (n - k) / 2 - 1: the approximation of
Edgerton and Wells (1994), as statsmodels' recursive least squares has it."""


@dataclass(frozen=True)
class Stability:
    """The two paths with their straight bounds.

    Attributes
    ----------
    first : int
        Place, in the sample, of the first recursive residual.
    sums, sums_bound : ndarray, shape (n - k,)
        Cumulative sum over its standard deviation; the bounds are plus and minus ``sums_bound``.
    squares, squares_middle : ndarray, shape (n - k,)
        Share of the sum of squares so far, and its expected path; the bounds are that path plus and minus ``squares_bound``.
    squares_bound : float
    p : float
        Probability of a cumulative sum that comes as near to crossing, with stable coefficients.
    level : float
        Probability of crossing the bounds with stable coefficients (0.05 for 5 %), for each path.
    """

    first: int
    sums: FloatArray
    sums_bound: FloatArray
    squares: FloatArray
    squares_middle: FloatArray
    squares_bound: float
    p: float
    level: float

    @property
    def sums_crossed(self) -> int | None:
        """Place, in the sample, at which the cumulative sum first leaves its bounds."""
        return self._place(np.abs(self.sums) > self.sums_bound)

    @property
    def squares_crossed(self) -> int | None:
        """Place, in the sample, at which the sum of squares first leaves its bounds."""
        return self._place(np.abs(self.squares - self.squares_middle) > self.squares_bound)

    def _place(self, outside: np.ndarray) -> int | None:
        return self.first + int(outside.argmax()) if outside.any() else None


def stability(
    response: Values, design: FloatArray, *, level: float = 0.05, start: int | None = None
) -> Stability:
    """Both tests for a linear regression.

    Parameters
    ----------
    response : array-like, shape (n,)
    design : ndarray, shape (n, k)
        The first rows, ``start`` or k of them, must determine the coefficients.
    level : {0.10, 0.05, 0.01}
    start : int, optional
        Rows before the first recursive residual; more than k for a regressor that is zero at the beginning.

    Returns
    -------
    Stability

    Raises
    ------
    ModelError
        Fewer than ten recursive residuals, first rows that do not determine the coefficients, another level.
    """
    y = checked_sample(response, name="response")
    n, k = len(design), max(design.shape[1], start or 0)
    if n - k < 10:
        raise ModelError(
            f"{n} observations, {k} of them to begin with, leave {n - k} recursive residuals; ten are needed"
        )
    if level not in SQUARES_APPROXIMATION:
        raise ModelError(f"level must be one of {sorted(SQUARES_APPROXIMATION)} (got {level})")
    if np.linalg.matrix_rank(design[:k]) < design.shape[1]:
        raise ModelError(
            f"the first {k} observations do not determine the coefficients",
            remedy="leave out regressors that are zero at the beginning of the sample",
        )
    recursive = np.asarray(recursive_olsresiduals(OLS(y, design).fit(), skip=k)[4])[k:]
    m = len(recursive)
    time = np.arange(1.0, m + 1) / m
    sums = np.cumsum(recursive) / float(np.std(recursive, ddof=1))
    slope = boundary(level)
    squares = np.cumsum(recursive**2) / float(recursive @ recursive)
    half = 0.5 * m - 1
    terms = SQUARES_APPROXIMATION[level]
    wide = sum(a / half**power for a, power in zip(terms, (0.5, 1.0, 1.5), strict=True))
    nearest = float(np.max(np.abs(sums) / (math.sqrt(m) * (1 + 2 * time))))
    return Stability(
        k,
        sums,
        slope * math.sqrt(m) * (1 + 2 * time),
        squares,
        time,
        float(wide),
        crossing_probability(nearest),
        level,
    )


def boundary(level: float) -> float:
    """Slope a of the bounds ``a sqrt(m) (1 + 2 t / m)`` that are crossed with a probability: 0.948 for 5 %."""
    return float(brentq(lambda a: crossing_probability(a) - checked_level(level), 0.4, 3.0))


def crossing_probability(a: float) -> float:
    """Probability that a Brownian motion leaves ``a (1 + 2 t)`` either way in [0, 1].

    The approximation of Brown, Durbin and Evans (1975) with the further terms of R's strucchange (Zeileis, Leisch, Hornik,
    Kleiber 2002, Journal of Statistical Software 7(2)), good for a above 0.3; one below.
    """
    if a < 0.3:
        return 1.0
    return float(
        2
        * (
            norm.sf(3 * a)
            + math.exp(-4 * a**2) * (norm.cdf(a) + norm.cdf(5 * a) - 1)
            - math.exp(-16 * a**2) * norm.sf(a)
        )
    )
