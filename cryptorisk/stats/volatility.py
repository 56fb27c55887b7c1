"""The variance recursions of the GARCH family: filtering a series, simulating paths, persistence."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.signal import lfilter

from cryptorisk.stats.sample import FloatArray
from cryptorisk.stats.shock_moments import mean_absolute_shock, side_moments

__all__ = [
    "AsymmetricPowerRecursion",
    "ExponentialRecursion",
    "Recursion",
    "VolatilityRecursion",
    "mean_absolute_shock",
]


class Recursion(Protocol):
    """How volatility follows from the day before; see `VolatilityRecursion` for the methods."""

    def filter(self, residuals: FloatArray, first_sigma: float) -> tuple[FloatArray, float]:
        """Run the recursion over an observed series."""

    def simulate(
        self, shocks: FloatArray, next_sigma: float, cap: float = math.inf
    ) -> tuple[FloatArray, FloatArray]:
        """Push standardised shocks through the recursion, all paths at once."""

    def persistence(self, nu: float | None = None, skew: float = 0.0) -> float:
        """Share of a shock to (transformed) volatility that is left a period later."""


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

    def persistence(self, nu: float | None = None, skew: float = 0.0) -> float:
        """Expected factor by which ``s`` carries over to the next period.

        ``alpha E|z|^power + gamma E[|z|^power 1(z < 0)] + beta``; with symmetric shocks and ``power`` 2 this is
        ``alpha + gamma/2 + beta``.

        Parameters
        ----------
        nu : float or None
            Degrees of freedom of the shock; None is normal.
        skew : float
            Of Hansen's skewed t; zero is symmetric.
        """
        below, above = side_moments(self.power, nu, skew)
        return self.alpha * (below + above) + self.gamma * below + self.beta


@dataclass(frozen=True)
class AsymmetricPowerRecursion(VolatilityRecursion):
    """``s_t = omega + alpha (|e| - gamma e)^power + beta s_{t-1}``, ``s = sigma^power`` (Ding, Granger and Engle 1993)."""

    def news(self, residuals: FloatArray) -> FloatArray:
        """What a residual adds to the next period's ``s``, without ``omega``."""
        return np.asarray(self.alpha * (np.abs(residuals) - self.gamma * residuals) ** self.power)

    def persistence(self, nu: float | None = None, skew: float = 0.0) -> float:
        """``alpha E(|z| - gamma z)^power + beta``."""
        below, above = side_moments(self.power, nu, skew)
        falls, rises = (1.0 + self.gamma) ** self.power, (1.0 - self.gamma) ** self.power
        return float(self.alpha * (falls * below + rises * above) + self.beta)


@dataclass(frozen=True)
class ExponentialRecursion:
    """``ln v_t = omega + alpha (|z| - sqrt(2/pi)) + gamma z + beta ln v_{t-1}``, ``v = sigma^2`` (Nelson 1991).

    The constant ``sqrt(2/pi)`` is the normal shock's, whatever the distribution (arch's convention); it only
    moves ``omega``.
    """

    omega: float
    alpha: float
    gamma: float
    beta: float

    def filter(self, residuals: FloatArray, first_sigma: float) -> tuple[FloatArray, float]:
        """As `VolatilityRecursion.filter`; day by day, since the news is scaled by the day's volatility."""
        logs = np.empty(residuals.size + 1)
        level = 2.0 * math.log(first_sigma)
        for day, residual in enumerate(residuals.tolist()):
            logs[day] = level
            shock = residual * math.exp(-0.5 * level)
            level = self._next(level, abs(shock), shock)
        logs[-1] = level
        sigma = np.exp(0.5 * logs)
        return sigma[:-1], float(sigma[-1])

    def simulate(
        self, shocks: FloatArray, next_sigma: float, cap: float = math.inf
    ) -> tuple[FloatArray, FloatArray]:
        """As `VolatilityRecursion.simulate`."""
        residuals = np.empty(shocks.shape)
        level = np.full(shocks.shape[0], 2.0 * math.log(next_sigma))
        ceiling = 2.0 * math.log(cap) if math.isfinite(cap) else math.inf
        capped = np.zeros(shocks.shape[0], dtype=bool)
        for step in range(shocks.shape[1]):
            capped |= level > ceiling
            level = np.minimum(level, ceiling)
            residuals[:, step] = shocks[:, step] * np.exp(0.5 * level)
            level = self.omega + self.beta * level + self.news(shocks[:, step])
        return residuals, capped

    def news(self, shocks: FloatArray) -> FloatArray:
        """What a standardised shock adds to the next period's log variance, without ``omega``."""
        return np.asarray(self.alpha * (np.abs(shocks) - _NORMAL_MEAN) + self.gamma * shocks)

    def persistence(self, nu: float | None = None, skew: float = 0.0) -> float:
        """``beta``: what is left of a shock to the log variance, for shocks of any distribution."""
        del nu, skew
        return self.beta

    def _next(self, level: float, size: float, shock: float) -> float:
        return self.omega + self.alpha * (size - _NORMAL_MEAN) + self.gamma * shock + self.beta * level


_NORMAL_MEAN = math.sqrt(2.0 / math.pi)
