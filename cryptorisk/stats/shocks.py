"""Distributions of a standardised shock: as observed, Student t, or as observed with a Pareto tail."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, Protocol, get_args

import numpy as np
from scipy.stats import norm
from scipy.stats import t as student

from cryptorisk.errors import ModelError
from cryptorisk.stats.expected_shortfall import expected_shortfall, value_at_risk
from cryptorisk.stats.garch import GarchFit
from cryptorisk.stats.sample import FloatArray, checked_choice, checked_level
from cryptorisk.stats.tails import GpdFit, gpd

ShockKind = Literal["empirical", "student", "pareto"]

MCNEIL_FREY_QUANTILE = 0.90
"""McNeil and Frey (2000, section 2.3) fit the tail to the largest tenth of the standardised losses."""


class Shocks(Protocol):
    """Distribution of the standardised loss ``-z``."""

    def measures(self, level: float) -> tuple[float, float]:
        """Value at risk and expected shortfall of the standardised loss."""

    def draw(self, shape: tuple[int, ...], rng: np.random.Generator) -> FloatArray:
        """Independent standardised losses."""


@dataclass(frozen=True, eq=False)
class EmpiricalShocks:
    """The standardised losses of the sample themselves: filtered historical simulation over one day."""

    losses: FloatArray

    def measures(self, level: float) -> tuple[float, float]:
        """Sample quantile and the mean beyond it."""
        return value_at_risk(self.losses, level), expected_shortfall(self.losses, level)

    def draw(self, shape: tuple[int, ...], rng: np.random.Generator) -> FloatArray:
        """Draw with replacement."""
        return self.losses[rng.integers(0, self.losses.size, size=shape)]


@dataclass(frozen=True)
class NormalShocks:
    """Standard normal."""

    def measures(self, level: float) -> tuple[float, float]:
        """Closed form (McNeil, Frey and Embrechts 2015, example 2.14)."""
        quantile = float(norm.ppf(checked_level(level)))
        return quantile, float(norm.pdf(quantile)) / (1.0 - level)

    def draw(self, shape: tuple[int, ...], rng: np.random.Generator) -> FloatArray:
        """Draw standard normals."""
        return rng.standard_normal(shape)


@dataclass(frozen=True)
class StudentShocks:
    """Student t scaled to variance one."""

    nu: float

    def measures(self, level: float) -> tuple[float, float]:
        """Closed form (McNeil, Frey and Embrechts 2015, example 2.15)."""
        scale = math.sqrt((self.nu - 2.0) / self.nu)
        quantile = float(student.ppf(checked_level(level), self.nu))
        density = float(student.pdf(quantile, self.nu))
        shortfall = density / (1.0 - level) * (self.nu + quantile**2) / (self.nu - 1.0)
        return scale * quantile, scale * shortfall

    def draw(self, shape: tuple[int, ...], rng: np.random.Generator) -> FloatArray:
        """Draw from the scaled t."""
        return math.sqrt((self.nu - 2.0) / self.nu) * rng.standard_t(self.nu, size=shape)


@dataclass(frozen=True, eq=False)
class ParetoTailShocks:
    """The sample's losses below a threshold, a generalised Pareto tail above it (McNeil and Frey 2000)."""

    losses: FloatArray
    tail: GpdFit

    def measures(self, level: float) -> tuple[float, float]:
        """Quantile and mean excess of the fitted tail; the second is infinite when the shape is one or more."""
        return self.tail.value_at_risk(level), self.tail.expected_shortfall(level)

    def draw(self, shape: tuple[int, ...], rng: np.random.Generator) -> FloatArray:
        """Draw with replacement, and redraw from the Pareto tail what lies above the threshold."""
        drawn = self.losses[rng.integers(0, self.losses.size, size=shape)]
        above = drawn > self.tail.threshold
        uniform = rng.random(int(above.sum()))
        if abs(self.tail.xi) < 1e-8:
            excess = -np.log1p(-uniform)
        else:
            excess = np.expm1(-self.tail.xi * np.log1p(-uniform)) / self.tail.xi
        drawn[above] = self.tail.threshold + self.tail.beta * excess
        return drawn


def shocks_of(fit: GarchFit, kind: ShockKind) -> Shocks:
    """Distribution of a fitted model's standardised losses.

    Parameters
    ----------
    fit : GarchFit
    kind : {"empirical", "student", "pareto"}
        ``student`` needs a fit with Student t shocks.

    Raises
    ------
    ModelError
        For another kind, or ``student`` of a fit without.
    """
    checked_choice(kind, get_args(ShockKind), name="kind of shocks")
    losses = -np.asarray(fit.standardized_residuals, dtype=np.float64)
    if kind == "empirical":
        return EmpiricalShocks(losses)
    if kind == "student":
        if fit.nu is None or fit.distribution != "t":
            raise ModelError(f"the model was fitted with {fit.distribution} shocks, not with Student t ones")
        return StudentShocks(fit.nu)
    return ParetoTailShocks(losses, gpd(losses, quantile=MCNEIL_FREY_QUANTILE))


def next_day_risk(fit: GarchFit, level: float, kind: ShockKind) -> tuple[float, float]:
    """Value at risk and expected shortfall of the day after the sample, in the unit of the returns.

    ``-mu + sigma VaR(-z)`` and the same with the expected shortfall (McNeil and Frey 2000, Journal of
    Empirical Finance 7, equations 6 and 7).
    """
    quantile, shortfall = shocks_of(fit, kind).measures(level)
    return -fit.mu + fit.next_sigma * quantile, -fit.mu + fit.next_sigma * shortfall
