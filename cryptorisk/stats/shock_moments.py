"""Moments of a standardised shock on either side of zero: normal, Student t, Hansen's skewed t."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from arch.univariate import SkewStudent
from scipy.integrate import quad
from scipy.special import gammaln

_SKEWED = SkewStudent()


def mean_absolute_shock(nu: float | None) -> float:
    """``E|z|`` of a shock with variance one: Student t with ``nu`` degrees of freedom, normal when None."""
    return absolute_moment(1.0, nu)


def absolute_moment(power: float, nu: float | None) -> float:
    """``E|z|^power`` of a symmetric shock with variance one; infinite from ``power >= nu`` on.

    Parameters
    ----------
    power : float
        Positive.
    nu : float or None
        Degrees of freedom above 2; None is normal.
    """
    half = 0.5 * (power + 1.0)
    if nu is None:
        return math.exp(0.5 * power * math.log(2.0) + gammaln(half) - gammaln(0.5))
    if power >= nu:
        return math.inf
    logged = 0.5 * power * math.log(nu - 2.0) + gammaln(half) + gammaln(0.5 * (nu - power))
    return math.exp(logged - gammaln(0.5) - gammaln(0.5 * nu))


@lru_cache(maxsize=4096)
def side_moments(power: float, nu: float | None, skew: float = 0.0) -> tuple[float, float]:
    """``E[|z|^power 1(z < 0)]`` and ``E[|z|^power 1(z > 0)]`` of a shock with mean zero and variance one.

    Parameters
    ----------
    power : float
    nu : float or None
        Degrees of freedom; None is normal.
    skew : float
        Parameter lambda of Hansen (1994, International Economic Review 35(3)), between -1 and 1; needs ``nu``.
    """
    if skew == 0.0 or nu is None:
        half = 0.5 * absolute_moment(power, nu)
        return half, half
    parameters = np.array([nu, skew])

    def density(z: float) -> float:
        logged = _SKEWED.loglikelihood(parameters, np.array([z]), np.ones(1), individual=True)
        return float(np.exp(np.asarray(logged)[0]))

    below = quad(lambda z: z**power * density(-z), 0.0, math.inf, limit=200)[0]
    above = quad(lambda z: z**power * density(z), 0.0, math.inf, limit=200)[0]
    return float(below), float(above)
