"""Bounds tests without bounds: the statistics' distribution with the regressors as they are.

Tabulated and simulated bounds suppose regressors that are white noise or random walks, and errors of one variance. A state
that is on or off by date, or a figure that changes once a year, is neither; and a price that stands still in one regime and
moves in another has no one variance. Here the equation without lagged levels makes new series of the dependent variable:
the regressors stay, residuals get random signs (Liu 1988), so that each month keeps its variance. The statistics of these
series are the distribution under no level relation, and there is nothing between a lower and an upper bound.

The regressors must not answer to the dependent variable's past level: they are not made anew.

References
----------
McNown, Sam and Goh (2018), Bootstrapping the autoregressive distributed lag test for cointegration, Applied Economics
50(13), 1509-1521, and Bertelli, Vacca and Zoia (2022), Bootstrap cointegration tests in ARDL models, Economic Modelling 116,
105987 (who make the regressors anew as well, from equations of their own). Liu (1988), Bootstrap procedures under some
non-i.i.d. models, Annals of Statistics 16(4), 1696-1708.
"""

from __future__ import annotations

import math

import numpy as np

from cryptorisk.errors import ModelError
from cryptorisk.stats.bounds import Case, NullDistribution, Statistic
from cryptorisk.stats.error_correction import ErrorCorrection
from cryptorisk.stats.sample import FloatArray

CASE: Case = 3
"""Constant, unrestricted: the only case made here."""

BATCH = 1_000
"""Made samples held at once."""


def conditional_null(
    fit: ErrorCorrection, *, rng: np.random.Generator, replications: int = 4_000
) -> NullDistribution:
    """Distribution of F, t and F of the regressors for one equation, without a level relation.

    Parameters
    ----------
    fit : ErrorCorrection
        With a constant and no trend; its regressors, lags and residuals are those of the made samples.
    rng : numpy.random.Generator
    replications : int
        4 000 put the 5 % point within a third of a percentage point.

    Returns
    -------
    NullDistribution
        Its lower and upper distributions are the same one.

    Raises
    ------
    ModelError
        Another deterministic part, or fewer than 100 replications.
    """
    if fit.trend != "c" or replications < 100:
        raise ModelError(
            f"the conditional distribution is made for a constant and 100 samples or more (got trend {fit.trend!r}, "
            f"{replications})"
        )
    steady, own, shocks = _without_levels(fit)
    drawn: dict[Statistic, list[FloatArray]] = {"f": [], "t": [], "fx": []}
    for size in [BATCH] * (replications // BATCH) + [replications % BATCH]:
        if not size:
            continue
        signs = rng.choice(np.array([-1.0, 1.0]), size=(size, fit.n))
        change, columns = _made(fit, steady, own, signs * shocks)
        for name, values in _statistics(fit, change, columns).items():
            drawn[name].append(values)
    ordered = {name: np.sort(np.concatenate(parts)) for name, parts in drawn.items()}
    return NullDistribution(CASE, len(fit.regressors), fit.n, ordered, ordered)


def _own(fit: ErrorCorrection) -> list[int]:
    """Places of the dependent variable's lagged level and lagged changes."""
    first, k = fit.level_places[0], len(fit.regressors)
    return [first, *range(first + 1 + k, first + k + fit.order.lags)]


def _without_levels(fit: ErrorCorrection) -> tuple[FloatArray, FloatArray, FloatArray]:
    """What the equation without levels gives by month, its coefficients on lagged changes, and its residuals."""
    levels = list(fit.level_places)
    kept = [place for place in range(fit.design.shape[1]) if place not in levels]
    beta = np.linalg.lstsq(fit.design[:, kept], fit.response, rcond=None)[0]
    params = np.zeros(fit.design.shape[1])
    params[kept] = beta
    own = _own(fit)[1:]
    others = [place for place in kept if place not in own]
    resid = fit.response - fit.design @ params
    # Residuals are smaller than errors by the coefficients that were fitted to them.
    scale = math.sqrt(fit.n / (fit.n - len(kept)))
    return fit.design[:, others] @ params[others], params[own], scale * resid


def _made(
    fit: ErrorCorrection, steady: FloatArray, lagged: FloatArray, shocks: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Changes of made series, shape (s, n), and their own level and changes before, shape (s, n, p)."""
    samples, n = shocks.shape
    state = np.broadcast_to(fit.design[0, _own(fit)], (samples, fit.order.lags)).copy()
    change, columns = np.empty((samples, n)), np.empty((samples, n, fit.order.lags))
    for t in range(n):
        columns[:, t] = state
        change[:, t] = steady[t] + state[:, 1:] @ lagged + shocks[:, t]
        level = state[:, :1] + change[:, t : t + 1]
        state = np.concatenate([level, change[:, t : t + 1], state[:, 1:-1]], axis=1)[:, : fit.order.lags]
    return change, columns


def _statistics(fit: ErrorCorrection, change: FloatArray, columns: FloatArray) -> dict[Statistic, FloatArray]:
    """The three statistics of every made sample, with the classical covariance."""
    samples, n = change.shape
    m, places = fit.design.shape[1], list(fit.level_places)
    design = np.broadcast_to(fit.design, (samples, n, m)).copy()
    design[:, :, _own(fit)] = columns
    across = design.transpose(0, 2, 1)
    inverse = np.linalg.inv(across @ design)
    moment = across @ change[:, :, None]
    b = (inverse @ moment)[:, :, 0]
    squares = np.einsum("sn,sn->s", change, change) - np.einsum("si,si->s", b, moment[:, :, 0])
    variance = squares / (n - m)

    def wald(chosen: list[int]) -> FloatArray:
        part = b[:, chosen]
        solved = np.linalg.solve(inverse[:, chosen][:, :, chosen], part[:, :, None])[:, :, 0]
        value: FloatArray = np.einsum("si,si->s", part, solved) / (len(chosen) * variance)
        return value

    first = places[0]
    t = b[:, first] / np.sqrt(variance * inverse[:, first, first])
    return {"f": wald(places), "t": t, "fx": wald(places[1:])}
