"""The variance recursion of the GARCH family: filtering a series, simulating paths, persistence."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.signal import lfilter
from scipy.special import gammaln

from cryptorisk.stats.sample import FloatArray


@dataclass(frozen=True)
class VolatilityRecursion:
    """``s_t = omega + (alpha + gamma 1[e < 0]) |e|^power + beta s_{t-1}``, where ``s = sigma^power``.

    ``power`` 2 is GJR-GARCH (GARCH when ``gamma`` is zero), ``power`` 1 is TARCH (Zakoian 1994).
    """

    omega: float
    alpha: float
    gamma: float
    beta: float
    power: float = 2.0

    def news(self, residuals: FloatArray) -> FloatArray:
        """What a residual adds to the next period's ``s``, without ``omega``."""
        weight = self.alpha + self.gamma * (residuals < 0)
        return np.asarray(weight * np.abs(residuals) ** self.power)

    def filter(self, residuals: FloatArray, first_sigma: float) -> tuple[FloatArray, float]:
        """Run the recursion over an observed series.

        Parameters
        ----------
        residuals : ndarray, shape (n,)
            Returns less their mean, in percent.
        first_sigma : float
            Volatility of the first period.

        Returns
        -------
        sigma : ndarray, shape (n,)
        next_sigma : float
            Volatility of the period after the last one.
        """
        added = self.omega + self.news(residuals)
        first = first_sigma**self.power
        later, _ = lfilter([1.0], [1.0, -self.beta], added, zi=[self.beta * first])
        sigma = np.concatenate(([first], later)) ** (1.0 / self.power)
        return sigma[:-1], float(sigma[-1])

    def simulate(
        self, shocks: FloatArray, next_sigma: float, cap: float = math.inf
    ) -> tuple[FloatArray, FloatArray]:
        """Push standardised shocks through the recursion, all paths at once.

        Parameters
        ----------
        shocks : ndarray, shape (paths, horizon)
            Standardised residuals.
        next_sigma : float
            Volatility of the first simulated period, known at the origin.
        cap : float
            Volatility is held at or below it.

        Returns
        -------
        residuals : ndarray, shape (paths, horizon)
        capped : ndarray of bool, shape (paths,)
            Whether the cap was binding on the path.
        """
        residuals = np.empty(shocks.shape)
        level = np.full(shocks.shape[0], next_sigma**self.power)
        ceiling = cap**self.power
        capped = np.zeros(shocks.shape[0], dtype=bool)
        for step in range(shocks.shape[1]):
            over = level > ceiling
            capped |= over
            level = np.where(over, ceiling, level)
            residuals[:, step] = shocks[:, step] * level ** (1.0 / self.power)
            level = self.omega + self.news(residuals[:, step]) + self.beta * level
        return residuals, capped

    def persistence(self, nu: float | None = None) -> float:
        """Rate at which ``s`` returns to its mean for symmetric shocks; one is the integrated process.

        ``alpha + gamma/2 + beta`` for power 2; for power 1 the first two are multiplied by ``E|z|`` of the
        standardised Student t with ``nu`` degrees of freedom (normal when None).
        """
        weight = 1.0 if self.power == 2.0 else mean_absolute_shock(nu)
        return weight * (self.alpha + 0.5 * self.gamma) + self.beta


def mean_absolute_shock(nu: float | None) -> float:
    """``E|z|`` of a shock with variance one: Student t with ``nu`` degrees of freedom, normal when None."""
    if nu is None:
        return math.sqrt(2.0 / math.pi)
    ratio = math.exp(gammaln((nu + 1.0) / 2.0) - gammaln(nu / 2.0))
    return 2.0 * math.sqrt((nu - 2.0) / math.pi) * ratio / (nu - 1.0)
