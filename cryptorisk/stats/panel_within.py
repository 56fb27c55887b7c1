"""Least squares with effects of units and periods on a panel, with errors from leaving a unit out at a time.

A unit's errors may depend on each other in any way, wandering included: with many units the errors of the jackknife hold
where those that count every month do not (Kao 1999 shows that t statistics of a within regression of unrelated random walks
diverge). The effects of periods take up what all units have in common.

References
----------
Kao (1999), Spurious regression and residual-based tests for cointegration in panel data, Journal of Econometrics 90(1),
1-44. MacKinnon, Nielsen and Webb (2023), Fast and reliable jackknife and bootstrap methods for cluster-robust inference,
Journal of Applied Econometrics 38(5), 671-694. Kish (1965), Survey Sampling, section 11.7.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cryptorisk.errors import ModelError
from cryptorisk.stats.absorb import Effects as Absorbed
from cryptorisk.stats.cluster_jackknife import FEWEST_CLUSTERS, WORST_CONDITION, Effects, jackknife
from cryptorisk.stats.sample import FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class PanelFit:
    """A regression within units and periods.

    Attributes
    ----------
    effects : Effects
        Coefficients with errors over units.
    carried : ndarray, shape (k,)
        Units that carry each coefficient: ``(sum v)^2 / sum v^2``, v the squares of what is left of the regressor, by unit.
    n : int
    simple, rival : ndarray, shape (n,)
        What is left of the response after its effects, and of that after the regressors, with coefficients from the other
        units.
    units : ndarray of int, shape (n,)
    """

    effects: Effects
    carried: FloatArray
    n: int
    simple: FloatArray
    rival: FloatArray
    units: IntArray


def fit_panel(
    frame: pd.DataFrame, response: str, regressors: Sequence[str], *, unit: str, absorbed: Sequence[str]
) -> PanelFit:
    """Estimate the regression on the complete rows of a frame.

    Parameters
    ----------
    frame : DataFrame
    response : str
    regressors : sequence of str
    unit : str
        Column of the units that are left out in turn.
    absorbed : sequence of str
        Columns whose levels have an effect each.

    Returns
    -------
    PanelFit

    Raises
    ------
    ModelError
        Fewer than ten units, values that are not finite, or regressors that the effects hold, with all units or without one.
    """
    values = frame[[response, *regressors]].to_numpy(dtype=np.float64)
    if not np.isfinite(values).all():
        raise ModelError("a panel regression needs finite figures; leave out rows that lack one")
    labels, _names = pd.factorize(frame[unit], sort=True)
    count = int(labels.max(initial=-1)) + 1
    if count < FEWEST_CLUSTERS:
        raise ModelError(f"{count} units where {FEWEST_CLUSTERS} are needed")
    effects = Absorbed.of(frame, absorbed)
    left = _within(effects, values, np.ones(len(values), dtype=bool))
    sizes = np.linalg.norm(values[:, 1:] - values[:, 1:].mean(axis=0), axis=0)
    whole = _solved(left, sizes)
    without = np.array([_solved(_within(effects, values, labels != group), sizes) for group in range(count)])
    return PanelFit(
        jackknife(tuple(regressors), whole, without),
        _carried(left[:, 1:], labels.astype(np.int64)),
        len(values),
        left[:, 0],
        left[:, 0] - np.einsum("nk,nk->n", left[:, 1:], without[labels]),
        labels.astype(np.int64),
    )


def _within(effects: Absorbed, values: FloatArray, kept: np.ndarray) -> FloatArray:
    part = values[kept]
    left, converged = effects.take(kept).within(part, np.ones(len(part)))
    if not converged:
        raise ModelError("the effects could not be taken out", remedy="use fewer effects")
    return left


def _solved(left: FloatArray, sizes: FloatArray) -> FloatArray:
    x = left[:, 1:]
    norm = np.linalg.norm(x, axis=0)
    if not (norm > 1e-8 * sizes).all() or np.linalg.cond(x / norm) > WORST_CONDITION:
        raise ModelError("the regressors are not independent of each other and of the effects")
    return np.asarray(np.linalg.lstsq(x, left[:, 0], rcond=None)[0], dtype=np.float64)


def _carried(x: FloatArray, labels: IntArray) -> FloatArray:
    found = []
    for place in range(x.shape[1]):
        others = np.delete(x, place, axis=1)
        column = x[:, place]
        if others.shape[1]:
            column = column - others @ np.linalg.lstsq(others, column, rcond=None)[0]
        squares = np.bincount(labels, column**2)
        found.append(float(squares.sum() ** 2 / np.sum(squares**2)))
    return np.array(found)
