"""What regressions with fixed effects end in: coefficients, their covariance, tests, and the table of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats

from cryptorisk.errors import ModelError
from cryptorisk.stats.absorb import Effects, Floats, Ints
from cryptorisk.stats.fe_sample import REASONS, SQUARED, Sample
from cryptorisk.stats.sandwich import covariance
from cryptorisk.stats.separation import separated

Estimator = Literal["ppml", "log_ols"]


@dataclass(frozen=True)
class Fit:
    """Estimates of a regression with fixed effects.

    Attributes
    ----------
    estimator : {"ppml", "log_ols"}
    params : Series
        Coefficients of the regressors; ``const`` among them only where there is no effect.
    cov : DataFrame
    n : int
        Observations used.
    dropped : mapping of str to int
        Observations not used, by reason (keys of `REASONS`).
    omitted : tuple of str
        Regressors without a coefficient: combinations of the effects and of the regressors before them.
    converged : bool
    steps : int
    clusters : mapping of str to int
        Number of clusters by clustering; empty for heteroskedasticity alone.
    effects : mapping of str to int
        Number of levels by effect.
    df : float
        Degrees of freedom of the t distribution behind p values and intervals: clusters less one (the smallest
        clustering), else observations less coefficients.
    deviance : float
        Of PPML the Poisson deviance, in units of the outcome; of least squares the residual sum of squares, in logs.
    pseudo_r2 : float
        One less the ratio of the deviance to that of a constant (Cameron and Windmeijer 1997); of least squares R2.
    correlation2 : float
        Squared correlation of outcome and fit, of least squares in logs.
    reset_p : float
        P value of the square of the fitted index added to the regressors (Ramsey's RESET, as Santos Silva and Tenreyro
        2006 use it; see `reset_test`); NaN where it cannot be had.
    fitted : Series
        Fitted outcome (of least squares its logarithm) of the observations used, by the frame's index.
    level : float
        Nominal coverage of intervals.
    """

    estimator: Estimator
    params: pd.Series
    cov: pd.DataFrame
    n: int
    dropped: Mapping[str, int]
    omitted: tuple[str, ...]
    converged: bool
    steps: int
    clusters: Mapping[str, int]
    effects: Mapping[str, int]
    df: float
    deviance: float
    pseudo_r2: float
    correlation2: float
    reset_p: float
    fitted: pd.Series = field(repr=False)
    level: float = 0.95

    @property
    def se(self) -> pd.Series:
        """Standard errors."""
        return pd.Series(np.sqrt(np.diag(self.cov.to_numpy())), index=self.params.index)

    @property
    def table(self) -> pd.DataFrame:
        """A row a coefficient: estimate, se, t, p, low, high."""
        se = self.se
        t = self.params / se
        half = float(stats.t.ppf((1 + self.level) / 2, self.df)) * se
        p = 2 * stats.t.sf(np.abs(t.to_numpy()), self.df)
        columns = {"estimate": self.params, "se": se, "t": t, "p": p}
        return pd.DataFrame({**columns, "low": self.params - half, "high": self.params + half})

    @property
    def dropped_table(self) -> pd.DataFrame:
        """A row a reason: reason in words, number of observations."""
        rows = [(REASONS[reason], n) for reason, n in self.dropped.items()]
        return pd.DataFrame(rows, columns=["reason", "n"])


@dataclass(frozen=True)
class Solution:
    """What an estimator found.

    Attributes
    ----------
    kept : list of int
        Positions of the regressors with a coefficient.
    beta : ndarray, shape (k,)
    index : ndarray, shape (n,)
        Fitted linear index, effects and offset included.
    x : ndarray, shape (n, k)
        The regressors without their effects.
    weights, error : ndarray, shape (n,)
        The estimating equations are ``x' error = 0``, their slope ``x' diag(weights) x``.
    deviance : float
    converged : bool
    steps : int
    """

    kept: list[int]
    beta: Floats
    index: Floats
    x: Floats
    weights: Floats
    error: Floats
    deviance: float
    converged: bool
    steps: int


def inference(sample: Sample, found: Solution) -> tuple[Floats, float]:
    """Covariance of the coefficients and degrees of freedom of their t distribution.

    In the covariance's factor effects nested in a cluster do not count (Cameron and Miller 2015).

    Raises
    ------
    ModelError
        When no regressor has a coefficient.
    """
    if not found.kept:
        raise ModelError("no regressor varies beside the effects", remedy="name others, or fewer effects")
    bread = np.asarray(np.linalg.inv(found.x.T @ (found.weights[:, None] * found.x)), dtype=np.float64)
    counted = [code for code in sample.effects.codes if not _nested(code, sample.clusters)]
    absorbed = Effects(("",) * len(counted), tuple(counted)).rank()
    if sample.effects.codes and not counted:
        absorbed = 1
    parameters = len(found.kept) + absorbed
    clusters = list(sample.clusters.values())
    cov = covariance(found.x * found.error[:, None], bread, clusters, parameters)
    fewest = min((int(code.max()) + 1 for code in clusters), default=0)
    return cov, float(fewest - 1 if clusters else sample.y.size - parameters)


def reset_test(sample: Sample, found: Solution, solve: Callable[[Sample], Solution]) -> float:
    """P value of the square of the regressors' part of the index as a further regressor; NaN where it cannot be had.

    The effects are left out of the square. They are estimated from the very outcomes that the test is about, and with
    them it rejected a true model of 20 countries in half of the cases (nominal 5 %; multiplicative errors with a standard
    deviation of one), without them in 15 %. Without effects it is the test of Santos Silva and Tenreyro.
    """
    own = sample.x[:, found.kept] @ found.beta
    longer = sample.extended((own - own.mean()) ** 2)
    if separated(longer.y, longer.x, longer.effects).any():
        return math.nan
    again = solve(longer)
    position = longer.names.index(SQUARED)
    if position not in again.kept or not again.converged:
        return math.nan
    place = again.kept.index(position)
    cov, df = inference(longer, again)
    if not cov[place, place] > 0:
        return math.nan
    return float(2 * stats.t.sf(abs(again.beta[place]) / math.sqrt(cov[place, place]), df))


def squared_correlation(one: Floats, other: Floats) -> float:
    """Squared correlation; NaN where one of the two does not vary."""
    if one.size < 2 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return math.nan
    return float(np.corrcoef(one, other)[0, 1] ** 2)


def _nested(code: Ints, clusters: Mapping[str, Ints]) -> bool:
    """Whether every level lies within one cluster of some clustering."""
    for cluster in clusters.values():
        pairs = np.unique(np.column_stack([code, cluster]), axis=0)
        if len(pairs) == int(code.max()) + 1:
            return True
    return False
