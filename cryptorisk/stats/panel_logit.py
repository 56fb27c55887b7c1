"""Probability of an event within some years: a pooled logit on a panel, clustered by unit, with what it is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import statsmodels.api as sm
from numpy.typing import NDArray
from scipy import stats
from scipy.special import expit

from cryptorisk.errors import ModelError
from cryptorisk.stats.roc import cluster_weights
from cryptorisk.stats.sample import FloatArray

EVENTS_PER_COEFFICIENT = 10
"""Fewest events for every coefficient (Peduzzi, Concato, Kemper, Holford and Feinstein 1996, Journal of Clinical
Epidemiology 49(12), 1373-1379): with fewer, coefficients of a logit are biased and intervals miss too often."""


@dataclass(frozen=True, eq=False)
class PanelLogit:
    """A fitted logit.

    Attributes
    ----------
    names : tuple of str
        Regressors, the constant left out.
    coefficients : ndarray, shape (k + 1,)
        The constant first.
    covariance : ndarray, shape (k + 1, k + 1)
        Clustered.
    means : ndarray, shape (k,)
        Of the regressors in the sample.
    observations, events, clusters : int
    pseudo_r2 : float
        McFadden's.
    """

    names: tuple[str, ...]
    coefficients: FloatArray
    covariance: FloatArray
    means: FloatArray
    observations: int
    events: int
    clusters: int
    pseudo_r2: float

    @property
    def errors(self) -> FloatArray:
        """Standard errors."""
        return np.sqrt(np.diag(self.covariance))

    def interval(self, level: float) -> tuple[FloatArray, FloatArray]:
        """Symmetric intervals of the coefficients, Student's t with ``clusters - 1`` degrees of freedom."""
        half = float(stats.t.ppf(0.5 + level / 2, self.clusters - 1)) * self.errors
        return self.coefficients - half, self.coefficients + half

    def probability(self, x: FloatArray) -> FloatArray:
        """``Λ(a + x'b)`` for one or more rows of regressors."""
        return probability(x, self.coefficients)

    def contributions(self, x: FloatArray) -> FloatArray:
        """``b_k (x_k - mean_k)``: what each regressor adds to the log-odds beside the average of the sample.

        They sum to the log-odds at ``x`` less those at the sample's mean.
        """
        return np.asarray(self.coefficients[1:] * (np.asarray(x) - self.means), dtype=np.float64)


def panel_logit(
    y: FloatArray,
    x: FloatArray,
    clusters: Sequence[Any] | NDArray[Any],
    names: Sequence[str],
    *,
    distinct: int | None = None,
) -> PanelLogit:
    """Maximum likelihood with errors clustered by unit.

    Parameters
    ----------
    y : array of 0 and 1, shape (n,)
    x : array, shape (n, k)
        Without a constant.
    clusters : sequence, shape (n,)
    names : sequence of str, length k
    distinct : int, optional
        Different events among the rows: where windows of several periods overlap, one event stands in several rows and
        counts once. Every row's event is its own by default.

    Raises
    ------
    ModelError
        With fewer than ten different events a coefficient, or when the likelihood has no maximum (a regressor separates the
        events).
    """
    event = np.asarray(y, dtype=np.float64)
    design = _design(x)
    needed = EVENTS_PER_COEFFICIENT * design.shape[1]
    fewer = int(min(event.sum(), event.size - event.sum()))
    if fewer < needed:
        raise ModelError(f"{fewer} observations of the rarer kind; {needed} are needed for {design.shape[1]}")
    if distinct is not None and distinct < needed:
        raise ModelError(
            f"{fewer} observations before {distinct} different events; {needed} are needed for {design.shape[1]}"
        )
    start = newton(event, design, np.ones(event.size))
    if start is None:
        raise ModelError("the logit does not converge", remedy="drop a regressor that separates the events")
    _, groups = np.unique(np.asarray(clusters), return_inverse=True)
    model = sm.Logit(event, design)
    fit = model.fit(
        start_params=start,
        method="newton",
        disp=0,
        warn_convergence=False,
        cov_type="cluster",
        cov_kwds={"groups": groups},
    )
    return PanelLogit(
        tuple(names),
        np.asarray(fit.params, dtype=np.float64),
        np.asarray(fit.cov_params(), dtype=np.float64),
        np.asarray(x, dtype=np.float64).mean(axis=0),
        event.size,
        int(event.sum()),
        int(groups.max()) + 1,
        float(fit.prsquared),
    )


def bootstrap_coefficients(
    y: FloatArray,
    x: FloatArray,
    clusters: Sequence[Any] | NDArray[Any],
    replications: int,
    rng: np.random.Generator,
) -> FloatArray:
    """Coefficients on resampled units, one row a replication; those without a maximum are left out.

    A unit drawn twice counts twice: the likelihood is weighted in place of copying rows.
    """
    event, design = np.asarray(y, dtype=np.float64), _design(x)
    start = newton(event, design, np.ones(event.size))
    weights = cluster_weights(clusters, replications, rng)
    fits = [newton(event, design, row, start=start) for row in weights]
    return np.array([one for one in fits if one is not None]).reshape(-1, design.shape[1])


def newton(
    y: FloatArray, design: FloatArray, weights: FloatArray, *, start: FloatArray | None = None
) -> FloatArray | None:
    """Maximum of the weighted likelihood; None when it is not reached in 50 steps or runs away."""
    beta = np.zeros(design.shape[1]) if start is None else start.copy()
    for _ in range(50):
        p = expit(design @ beta)
        slope = design.T @ (weights * (y - p))
        bend = (design * (weights * p * (1 - p))[:, None]).T @ design
        try:
            step = np.linalg.solve(bend, slope)
        except np.linalg.LinAlgError:
            return None
        beta = beta + np.clip(step, -5.0, 5.0)
        if not np.isfinite(beta).all() or np.abs(beta).max() > 50:
            return None
        if np.abs(step).max() < 1e-8:
            return np.asarray(beta, dtype=np.float64)
    return None


def probability(x: FloatArray, coefficients: FloatArray) -> FloatArray:
    """``Λ(a + x'b)``; one row of coefficients gives (rows,), many give (rows, draws)."""
    return np.asarray(expit(_design(np.atleast_2d(x)) @ np.asarray(coefficients).T), dtype=np.float64)


def within(events: FloatArray, horizon: int) -> FloatArray:
    """Whether an event falls into the next ``horizon`` periods, by period (rows) and unit (columns).

    1 or 0 where all of them are known, NaN else. A window that is not over counts for nothing, also where an event has
    already come: of the last periods the events alone would be in the sample.
    """
    e = np.array(events, dtype=np.float64)
    ahead = np.full((horizon, *e.shape), np.nan)
    for step in range(1, horizon + 1):
        ahead[step - 1, : len(e) - step] = e[step:]
    return np.where(np.isfinite(ahead).all(axis=0), (ahead == 1).any(axis=0).astype(float), np.nan)


def first_event(events: FloatArray, horizon: int) -> FloatArray:
    """How many periods ahead the first event within the horizon is, by period (rows) and unit (columns); 0 where none.

    It tells the rows that stand before one and the same event: of windows of two periods every event is in two.
    """
    e = np.array(events, dtype=np.float64)
    found = np.zeros(e.shape)
    for step in range(horizon, 0, -1):
        ahead = np.zeros(e.shape, dtype=bool)
        ahead[: len(e) - step] = e[step:] == 1
        found[ahead] = step
    return found


def after_event(events: FloatArray, periods: int) -> NDArray[np.bool_]:
    """Periods of an event and the ``periods`` after it, by period (rows) and unit (columns).

    They are left out of an estimation: while an economy recovers its indicators are neither those of calm times nor those
    before a crisis (Bussière and Fratzscher 2006, Towards a new early warning system of financial crises, Journal of
    International Money and Finance 25(6), 953-973: the post-crisis bias).
    """
    e: NDArray[np.bool_] = np.asarray(np.array(events, dtype=np.float64) == 1, dtype=bool)
    found = e.copy()
    for step in range(1, periods + 1):
        found[step:] |= e[:-step]
    return found


def _design(x: FloatArray) -> FloatArray:
    rows = np.asarray(x, dtype=np.float64)
    return np.column_stack([np.ones(len(rows)), rows])
