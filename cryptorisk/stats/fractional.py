"""Fractional logit: the expected fraction given regressors, average marginal effects, clustered inference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from cryptorisk.errors import ModelError
from cryptorisk.stats.cluster_jackknife import Effects, FloatArray, Mask, checked, jackknife, leave_out

STEPS, CLOSE = 60, 1e-10
LONGEST_STEP = 5.0
"""In log-odds per unit of a regressor. The quasi-likelihood is concave, but its quadratic form holds only near by."""


@dataclass(frozen=True, eq=False)
class FractionalFit:
    """A fitted fractional logit.

    Attributes
    ----------
    coefficients : Effects
        On the log-odds.
    effects : Effects
        Average marginal effects on the expected fraction; that of a constant is not to be read.
    fitted : ndarray, shape (n,)
    held_out : ndarray, shape (n,)
        Expected fractions from the fit without the observation's own cluster.
    """

    coefficients: Effects
    effects: Effects
    fitted: FloatArray
    held_out: FloatArray

    @property
    def n(self) -> int:
        """Observations."""
        return len(self.fitted)

    def expected(self, row: Sequence[float]) -> float:
        """Expected fraction at given regressors, in the order of the coefficients."""
        return float(expit(np.asarray(row, dtype=np.float64) @ self.coefficients.values))


def fractional_logit(
    fraction: npt.ArrayLike, design: npt.ArrayLike, clusters: npt.ArrayLike, names: Sequence[str]
) -> FractionalFit:
    """Quasi-maximum likelihood of ``E[y | x] = 1 / (1 + exp(-x'b))`` for fractions, inference by cluster jackknife.

    Parameters
    ----------
    fraction : array_like, shape (n,)
        Between 0 and 1, both included.
    design : array_like, shape (n, k)
        With its constant, where one is wanted.
    clusters : array_like, shape (n,)
    names : sequence of str, length k

    Returns
    -------
    FractionalFit

    Raises
    ------
    ModelError
        Fractions outside [0, 1], no convergence, and what `cluster_jackknife.checked` refuses.

    Notes
    -----
    The Bernoulli quasi-likelihood is consistent for the conditional mean whatever the distribution of the fraction
    (Papke and Wooldridge 1996). Its variance is not Bernoulli's, so that only robust errors are
    valid; those of the sandwich are too small with few or uneven clusters, and the jackknife over clusters does better
    (MacKinnon, Nielsen and Webb 2024). Marginal effects are computed anew on what is left when a cluster is out.

    References
    ----------
    Papke and Wooldridge (1996), Econometric methods for fractional response variables with an application to
    401(k) plan participation rates, Journal of Applied Econometrics 11(6), 619-632.
    MacKinnon, Nielsen and Webb (2024), Cluster-robust jackknife and bootstrap inference for logistic regression
    models, arXiv 2406.00650.
    """
    y, x, labels = checked(fraction, design, clusters, names)
    if ((y < 0) | (y > 1)).any():
        raise ModelError("fractions must lie between 0 and 1")
    beta = newton(y, x, np.zeros(x.shape[1]))

    def both(keep: Mask) -> FloatArray:
        found = newton(y[keep], x[keep], beta)
        return np.concatenate([found, average_effects(x[keep], found)])

    left = leave_out(both, labels)
    k = len(names)
    return FractionalFit(
        jackknife(names, beta, left[:, :k]),
        jackknife(names, average_effects(x, beta), left[:, k:]),
        expit(x @ beta),
        expit((x * left[labels, :k]).sum(axis=1)),
    )


def newton(y: FloatArray, x: FloatArray, start: FloatArray) -> FloatArray:
    """Coefficients at which the scores ``x'(y - mu)`` are zero, by Newton's method.

    Parameters
    ----------
    y : ndarray, shape (n,)
    x : ndarray, shape (n, k)
    start : ndarray, shape (k,)

    Raises
    ------
    ModelError
        When the information matrix is singular or the steps do not shrink.
    """
    beta = start
    for _ in range(STEPS):
        mean = expit(x @ beta)
        weighted = x * (mean * (1 - mean))[:, None]
        try:
            step = np.linalg.solve(weighted.T @ x, x.T @ (y - mean))
        except np.linalg.LinAlgError:
            break
        largest = float(np.abs(step).max())
        if not np.isfinite(largest):
            break
        beta = beta + step * (LONGEST_STEP / max(largest, LONGEST_STEP))
        if largest < CLOSE * (1 + float(np.abs(beta).max())):
            return beta
    raise ModelError("a fractional logit did not converge: a regressor separates the fractions")


def average_effects(x: FloatArray, beta: FloatArray) -> FloatArray:
    """Average over observations of the derivative of the expected fraction by each regressor."""
    mean = expit(x @ beta)
    return np.asarray((mean * (1 - mean)).mean() * beta, dtype=np.float64)
