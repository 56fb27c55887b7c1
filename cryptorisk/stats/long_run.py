"""Intervals of long-run coefficients that cover what they say: a bootstrap of their t statistics.

The delta method treats ``-beta / phi`` as if it were linear. In samples of 50 to 150 observations its 90 % intervals
cover 72 to 83 % in worlds with a known truth, with errors of Newey and West. Here the equation makes new series, with the
regressors as they are and its residuals with random signs (Liu 1988); the spread of their t statistics about the estimate
gives the width. Then 84 to 90 % are covered (`tests/coverage/study_dynamics.py`).

References
----------
Liu (1988), Bootstrap procedures under some non-i.i.d. models, Annals of Statistics 16(4), 1696-1708. Li and Maddala (1997),
Bootstrapping cointegrating regressions, Journal of Econometrics 80(2), 297-318.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from cryptorisk.errors import ModelError
from cryptorisk.stats.distributed_lags import DETERMINISTIC
from cryptorisk.stats.error_correction import Coefficient, ErrorCorrection
from cryptorisk.stats.sample import FloatArray, checked_level


def long_run_intervals(
    fit: ErrorCorrection,
    *,
    rng: np.random.Generator,
    contrasts: Mapping[str, Sequence[float]] | None = None,
    replications: int = 999,
    level: float = 0.9,
) -> tuple[Coefficient, ...]:
    """Long-run coefficients, and weighted sums of them, with symmetric bootstrap-t intervals.

    Parameters
    ----------
    fit : ErrorCorrection
    rng : numpy.random.Generator
    contrasts : mapping of str to sequence of float, optional
        Weights on the regressors' coefficients, by name.
    replications : int
    level : float

    Returns
    -------
    tuple of Coefficient
        The regressors in their order, then the contrasts. ``se`` is the larger of the classical and the robust error by the
        delta method; ``p`` the share of t statistics as far from zero, at least 1 / (replications + 1).

    Raises
    ------
    ModelError
        A contrast whose weights are not one a regressor.
    """
    names, weights = _weights(fit, contrasts or {})
    values, classical = fit.long_run_values(kind="nonrobust")
    robust = fit.long_run_values(kind="hac")[1]
    se = np.sqrt(
        np.maximum(*(np.einsum("ci,ij,cj->c", weights, cov, weights) for cov in (classical, robust)))
    )
    centre = weights @ values
    drawn = np.abs(_bootstrap_t(fit, weights, centre, rng, replications))
    width = np.quantile(drawn, checked_level(level), axis=0) * se
    found = []
    for i, name in enumerate(names):
        p = (1 + float(np.sum(drawn[:, i] >= abs(centre[i]) / se[i]))) / (replications + 1)
        ends = (float(centre[i] - width[i]), float(centre[i] + width[i]))
        found.append(Coefficient(name, float(centre[i]), float(se[i]), p, *ends, level))
    return tuple(found)


def _weights(
    fit: ErrorCorrection, contrasts: Mapping[str, Sequence[float]]
) -> tuple[tuple[str, ...], FloatArray]:
    k = len(fit.regressors)
    for name, given in contrasts.items():
        if len(given) != k or not all(math.isfinite(w) for w in given):
            raise ModelError(
                f"contrast {name!r} needs a finite weight for each of {', '.join(fit.regressors)}"
            )
    rows = [np.eye(k), *(np.asarray(given, dtype=np.float64)[None, :] for given in contrasts.values())]
    return (*fit.regressors, *contrasts), np.concatenate(rows)


def _bootstrap_t(
    fit: ErrorCorrection, weights: FloatArray, centre: FloatArray, rng: np.random.Generator, replications: int
) -> FloatArray:
    """Classical t statistics, about the estimate, of series that the equation makes, shape (replications, c)."""
    first = len(DETERMINISTIC[fit.trend])
    k, n, m = len(fit.regressors), *fit.design.shape
    own = [first, *range(first + 1 + k, first + k + fit.order.lags)]
    change, columns = _made(fit, own, rng, replications)
    design = np.broadcast_to(fit.design, (replications, n, m)).copy()
    design[:, :, own] = columns
    across = design.transpose(0, 2, 1)
    inverse, moment = np.linalg.inv(across @ design), across @ change[:, :, None]
    b = (inverse @ moment)[:, :, 0]
    squares = np.einsum("sn,sn->s", change, change) - np.einsum("si,si->s", b, moment[:, :, 0])
    levels = range(first, first + 1 + k)
    cov = (squares / (n - m))[:, None, None] * inverse[:, levels][:, :, levels]
    phi, beta = b[:, first], b[:, first + 1 : first + 1 + k]
    theta = -(beta / phi[:, None]) @ weights.T
    gradient = np.concatenate(
        [
            ((beta @ weights.T) / phi[:, None] ** 2)[:, :, None],
            -np.broadcast_to(weights, (replications, *weights.shape)) / phi[:, None, None],
        ],
        axis=2,
    )
    variance = np.einsum("sci,sij,scj->sc", gradient, cov, gradient)
    t: FloatArray = (theta - centre) / np.sqrt(variance.clip(min=1e-300))
    return t


def _made(
    fit: ErrorCorrection, own: list[int], rng: np.random.Generator, replications: int
) -> tuple[FloatArray, FloatArray]:
    """Changes of made series (s, n) and their own lagged columns (s, n, p): the level before and lagged changes."""
    n, m = fit.design.shape
    others = [place for place in range(m) if place not in own]
    steady = fit.design[:, others] @ fit.params[others]
    # Residuals are smaller than errors by the coefficients that were fitted to them.
    shocks = rng.choice(np.array([-1.0, 1.0]), size=(replications, n)) * fit.resid * math.sqrt(n / (n - m))
    change, columns = np.empty((replications, n)), np.empty((replications, n, len(own)))
    state = np.broadcast_to(fit.design[0, own], (replications, len(own))).copy()
    for t in range(n):
        columns[:, t] = state
        change[:, t] = steady[t] + state @ fit.params[own] + shocks[:, t]
        level = state[:, :1] + change[:, t : t + 1]
        state = np.concatenate([level, change[:, t : t + 1], state[:, 1:-1]], axis=1)[:, : len(own)]
    return change, columns
