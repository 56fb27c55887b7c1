"""Temporal disaggregation of positive series in logarithms, and draws of the path.

Totals that double within a year make the linear methods negative. Here the logarithm of the short periods follows an
elasticity times the logarithm of the indicator plus a random walk, and the path is positive whatever the totals.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cryptorisk.errors import ModelError
from cryptorisk.stats.disaggregation import aggregation, random_walk_gain
from cryptorisk.stats.log_link import Link

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

STEPS = 50


@dataclass(frozen=True, eq=False)
class LogPath:
    """The most likely path and what is needed to draw around it.

    Attributes
    ----------
    log_values : ndarray, shape (n,)
        Adds up to the totals; beyond them the last ratio is carried.
    totals : ndarray, shape (N,)
    group : ndarray of int, shape (n,)
    weights : ndarray, shape (N, n)
        Part of each short period in its total.
    gain : ndarray, shape (n, N)
        How log totals move the log path: ``weights @ gain`` is the identity.
    """

    log_values: Floats
    totals: Floats
    group: Ints
    weights: Floats = field(repr=False)
    gain: Floats = field(repr=False)

    def error_sd(self, transitory: float = 0.0) -> Floats:
        """Standard deviations of the path given the totals, for steps of standard deviation one, shape (n,)."""
        n = self.log_values.size
        walk = np.tri(n)
        left = np.eye(n) - self.gain @ self.weights
        return np.asarray(
            np.sqrt(np.sum((left @ walk) ** 2, axis=1) + transitory**2 * np.sum(left**2, axis=1))
        )

    def draw(self, log_totals: Floats, deviations: Floats) -> Floats:
        """Draws of the path that add up to draws of the totals.

        Parameters
        ----------
        log_totals : ndarray, shape (draws, N)
        deviations : ndarray, shape (draws, n)
            Of the logarithms from ``log_values``, before the totals are heeded: the random walk, noise, another
            elasticity or indicator.

        Returns
        -------
        ndarray, shape (draws, n)
            Positive. The part of a deviation that the totals exclude is taken out of it linearly in logs; what is left of
            second order is scaled away year by year.
        """
        shift = log_totals - np.log(self.totals) - deviations @ self.weights.T
        values = np.exp(self.log_values + deviations + shift @ self.gain.T)
        scale = np.exp(log_totals) / (values @ aggregation(self.group).T)
        last = int(np.flatnonzero(self.group >= 0)[-1])
        # Beyond the last total its factor goes on, so that the path has no step there.
        place = np.where(self.group >= 0, self.group, self.group[last])
        return np.asarray(values * scale[:, place])


def log_path(totals: Floats, group: Ints, log_indicator: Floats) -> LogPath:
    """The smoothest ratio to an indicator that adds up to the totals.

    Parameters
    ----------
    totals : ndarray, shape (N,)
        Positive.
    group : ndarray of int, shape (n,)
        Groups in time order; -1 before the first and after the last total.
    log_indicator : ndarray, shape (n,)
        Times its elasticity.

    Returns
    -------
    LogPath

    Raises
    ------
    ModelError
        When totals are not positive or the steps towards the solution do not end.

    Notes
    -----
    Minimises the sum of squared steps of *r = ln y - ln x* subject to *sum y = Y*: Denton's proportional first differences
    in logarithms. The constraint is linear in logs around the present path, and the path is corrected until it holds
    (Di Fonzo 2003, Eurostat Working Papers, on log-transformed disaggregation).
    """
    if not ((totals > 0).all() and np.isfinite(log_indicator).all()):
        raise ModelError("totals must be positive and the indicator known")
    matrix = aggregation(group)
    log_values = log_indicator - log_indicator[group >= 0].mean() + np.log(totals / matrix.sum(axis=1)).mean()
    for _ in range(STEPS):
        level = np.exp(log_values) * matrix
        weights = level / level.sum(axis=1, keepdims=True)
        gain = random_walk_gain(weights)
        # The ratio, not the last path, is smoothed: the constraint is the linear one at the last path.
        wanted = np.log(totals / level.sum(axis=1)) + weights @ (log_values - log_indicator)
        new = log_indicator + gain @ wanted
        done = float(np.max(np.abs(new - log_values))) < 1e-10
        log_values = new
        if done:
            return LogPath(log_values, np.asarray(totals, dtype=float), group, weights, gain)
    raise ModelError(f"the path did not settle in {STEPS} steps", remedy="look at totals that jump")


def deviations(
    link: Link,
    log_indicator: Floats,
    draws: int,
    rng: np.random.Generator,
    *,
    transitory: float = 0.0,
    step_sd: float | None = None,
    indicator_error: Floats | None = None,
) -> Floats:
    """Draws of how far log periods stray from an elasticity times the indicator, for `LogPath.draw`.

    Parameters
    ----------
    link : Link
        The elasticity and the variance of the steps are drawn from what the few changes say of them: Student's t.
    log_indicator : ndarray, shape (n,)
    draws : int
    rng : numpy.random.Generator
    transitory : float
        Standard deviation of passing noise of single periods, in steps of the random walk.
    step_sd : float, optional
        Of the random walk; by default the link's.
    indicator_error : ndarray, shape (draws, n), optional
        Of the indicator where it is itself forecast.

    Returns
    -------
    ndarray, shape (draws, n)
    """
    scale = np.sqrt(link.degrees / rng.chisquare(link.degrees, draws))[:, None]
    elasticity = link.elasticity + link.error * scale * rng.standard_normal((draws, 1))
    shape = (draws, log_indicator.size)
    walk = np.cumsum(rng.standard_normal(shape), axis=1) + transitory * rng.standard_normal(shape)
    known = log_indicator if indicator_error is None else log_indicator + indicator_error
    moved = elasticity * known - link.elasticity * log_indicator
    return np.asarray(moved + (link.step_sd if step_sd is None else step_sd) * scale * walk)
