"""How totals of long periods have moved with an indicator: an elasticity read off a few changes, and what it leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.stats import t as student

from cryptorisk.errors import ModelError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LinkKind = Literal["none", "proportional", "fitted"]

LOWEST, HIGHEST = -1.0, 2.5
"""Elasticities beyond these would say that the indicator is not one."""
FEWEST_CHANGES = 3


@dataclass(frozen=True)
class Link:
    """How totals have moved with the indicator.

    Attributes
    ----------
    kind : {"none", "proportional", "fitted"}
        Elasticity 0, 1, or fitted.
    elasticity, error : float
        And its standard error (0 where it is not fitted).
    change_sd : float
        Standard deviation of a total's log change that the indicator leaves.
    step_sd : float
        Of one step of the random walk, implied by it.
    degrees : int
    left_out : mapping
        Root mean square log error in predicting a change of the lead series that was left out, by kind.
    """

    kind: LinkKind
    elasticity: float
    error: float
    change_sd: float
    step_sd: float
    degrees: int
    left_out: Mapping[LinkKind, float]

    def half_width(self, level: float, indicator_change: float) -> float:
        """Of the interval of the next total's log change, by Student's t.

        Parameters
        ----------
        level : float
        indicator_change : float
            Log change of the indicator's total, known.
        """
        spread = float(np.hypot(self.change_sd, self.error * indicator_change))
        return float(student.ppf((1 + level) / 2, self.degrees)) * spread


def link(
    lead: Floats,
    group: Ints,
    log_indicator: Floats,
    totals: Floats | None = None,
    kind: LinkKind = "fitted",
) -> Link:
    """Fit the elasticity of totals to the indicator from their changes.

    Parameters
    ----------
    lead : ndarray, shape (N,)
        Positive totals that the elasticity is read from (the sum, where several series share the indicator).
    group : ndarray of int, shape (n,)
        As in `cryptorisk.stats.disaggregation.disaggregate`.
    log_indicator : ndarray, shape (n,)
    totals : ndarray, shape (series, N), optional
        Series whose changes the random walk must account for; by default the lead series alone. Their errors move
        together, so that they do not add degrees of freedom.
    kind : {"fitted", "proportional", "none"}
        A fitted elasticity, or 1, or 0. Not to be chosen by ``left_out``: with four changes the choice makes intervals cover
        65 instead of 80 % (`tests/coverage/study_disaggregation.py`).

    Raises
    ------
    ModelError
        With fewer than three changes, or totals that are not positive.

    Notes
    -----
    *dln Y = dln sum(x^e) + error*. The change of a mean of m steps of a random walk has variance
    *s2 (2 m^2 + 1) / (3 m)* (Working 1960, Econometrica 28(4), gives the limit 2/3 m), which turns the error's variance
    into that of a step.
    """
    rows = _checked(lead, totals)
    change = np.diff(np.log(lead))
    left_out = _left_out_errors(change, group, log_indicator)
    fitted = kind == "fitted"
    elasticity = _fit(change, group, log_indicator) if fitted else float(kind == "proportional")
    explained = indicator_change(elasticity, group, log_indicator)
    degrees = change.size - int(fitted)
    change_sd = _spread(np.diff(np.log(rows), axis=1) - explained, degrees)
    slope = (indicator_change(elasticity + 0.01, group, log_indicator) - explained) / 0.01
    error = _spread(change - explained, degrees) / max(float(np.sqrt(slope @ slope)), 1e-12)
    length = float(np.mean(np.bincount(group[group >= 0])))
    step_sd = change_sd / float(np.sqrt((2 * length**2 + 1) / (3 * length)))
    return Link(
        kind,
        elasticity,
        error if fitted else 0.0,
        change_sd,
        step_sd,
        degrees,
        MappingProxyType(left_out),
    )


def _checked(lead: Floats, totals: Floats | None) -> Floats:
    rows = np.atleast_2d(lead if totals is None else totals)
    if lead.size - 1 < FEWEST_CHANGES:
        raise ModelError(
            f"{lead.size - 1} changes of totals are known",
            remedy=f"{FEWEST_CHANGES} are needed for an elasticity",
        )
    if not ((rows > 0).all() and (lead > 0).all() and np.isfinite(rows).all() and np.isfinite(lead).all()):
        raise ModelError("totals must be positive")
    return rows


def _left_out_errors(change: Floats, group: Ints, log_indicator: Floats) -> dict[LinkKind, float]:
    return {
        "none": _root_mean_square(change),
        "proportional": _root_mean_square(change - indicator_change(1.0, group, log_indicator)),
        "fitted": _root_mean_square(_left_out(change, group, log_indicator)),
    }


def _spread(errors: Floats, degrees: int) -> float:
    """Standard deviation of errors about zero; several series in rows do not add degrees of freedom."""
    n = errors.shape[-1]
    return float(np.sqrt(np.mean(errors**2) * n / degrees))


def _root_mean_square(values: Floats) -> float:
    return float(np.sqrt(np.mean(values**2)))


def indicator_change(elasticity: float, group: Ints, log_indicator: Floats) -> Floats:
    """Log changes of the totals of the indicator to a power, shape (N - 1,)."""
    inside = group >= 0
    level = np.exp(elasticity * (log_indicator[inside] - log_indicator[inside].mean()))
    return np.asarray(np.diff(np.log(np.bincount(group[inside], level))))


def _fit(change: Floats, group: Ints, log_indicator: Floats, used: NDArray[np.bool_] | None = None) -> float:
    kept = np.ones(change.size, dtype=bool) if used is None else used

    def loss(elasticity: float) -> float:
        return float(np.sum((change - indicator_change(elasticity, group, log_indicator))[kept] ** 2))

    found = minimize_scalar(loss, bounds=(LOWEST, HIGHEST), method="bounded", options={"xatol": 1e-8})
    return float(found.x)


def _left_out(change: Floats, group: Ints, log_indicator: Floats) -> Floats:
    errors = np.empty_like(change)
    for position in range(change.size):
        used = np.arange(change.size) != position
        elasticity = _fit(change, group, log_indicator, used)
        errors[position] = (change - indicator_change(elasticity, group, log_indicator))[position]
    return errors
