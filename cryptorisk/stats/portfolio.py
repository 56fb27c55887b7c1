"""Portfolio of least risk from any number of assets: free in sign, or long only with the cost of reaching an asset.

A saver with relative risk aversion g who holds weights w, of returns with covariance S, over one horizon, and pays
the share ``c_k`` of what is put into asset k, minimises

    (g / 2) w' S w + c' w    subject to    1'w = 1 and, long only, w >= 0.

Without costs the solution does not depend on g and, free in sign, is ``S^-1 1 / (1' S^-1 1)``. With two assets, the
national and a foreign deposit, it is the share of Ize and Levy Yeyati (see `cryptorisk.stats.mvp`).

References
----------
Markowitz (1952), Portfolio selection, Journal of Finance 7(1), 77-91.
Ize and Levy Yeyati (2003), Financial dollarization, Journal of International Economics 59(2), 323-347.
Boyd and Vandenberghe (2004), Convex Optimization, section 5.5.3 (optimality conditions).
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
from scipy.optimize import minimize

from cryptorisk.errors import ModelError
from cryptorisk.stats.sample import FloatArray

MOST_ENUMERATED = 8
"""Up to eight assets every set of held assets (255 of them) is solved and the best taken: exact, and quick for
thousands of resampled covariances. Beyond that sequential quadratic programming takes over, one matrix at a time."""

SINGULAR = 1e-11
"""Smallest eigenvalue, against the mean variance, from which a covariance counts as of full rank: rounding leaves
about 1e-16 of it, and differences that matter to a saver (a hundredth of a percent in standard deviation against
ten percent) are 1e-6."""


def minimum_variance(covariance: FloatArray) -> FloatArray:
    """Weights of least variance, free in sign: ``S^-1 1 / (1' S^-1 1)``.

    Parameters
    ----------
    covariance : ndarray, shape (..., k, k)

    Returns
    -------
    ndarray, shape (..., k)
        Sum to one.

    Raises
    ------
    ModelError
        When a covariance is not symmetric and positive definite.
    """
    covariance = checked_covariance(covariance)
    smallest = np.linalg.eigvalsh(covariance)[..., 0]
    if np.any(smallest <= SINGULAR * _scale(covariance)):
        raise ModelError(
            "the covariance matrix of the returns is singular",
            remedy="leave out an asset that moves exactly as a combination of others",
        )
    ones = np.ones((*covariance.shape[:-1], 1))
    raw = np.linalg.solve(covariance, ones)[..., 0]
    return np.asarray(raw / raw.sum(axis=-1, keepdims=True), dtype=np.float64)


def long_only(
    covariance: FloatArray,
    costs: FloatArray | None = None,
    risk_aversion: float | None = None,
    *,
    trusted: bool = False,
) -> FloatArray:
    """Weights of least risk and cost without short positions, solved exactly.

    Parameters
    ----------
    covariance : ndarray, shape (..., k, k)
        Of the returns over the holding horizon; several matrices are solved at once. It may be singular.
    costs : ndarray, shape (k,) or (..., k), optional
        Share of an amount lost in buying and selling an asset again, or expected to be lost otherwise.
    risk_aversion : float, optional
        Relative risk aversion; needed with costs, without meaning else.
    trusted : bool
        Leave out the checks, for stacks of matrices that were computed from data as covariances.

    Returns
    -------
    ndarray, shape (..., k)
        Not negative, sum to one. Where several portfolios are equally good, one that holds fewer assets, and of
        those the one that comes first.

    Raises
    ------
    ModelError
        For costs without a positive risk aversion, or a matrix that is no covariance.

    Notes
    -----
    The optimum lies inside a face of the simplex, that is, it solves the problem of the assets held with the budget
    alone. All faces are solved (`MOST_ENUMERATED`) and the best admissible solution is the optimum, as the problem is
    convex. A face on which the solution is not unique can be left out: one moves along the direction that changes
    nothing until an asset is given up.
    """
    covariance = covariance if trusted else checked_covariance(covariance)
    linear = _linear(covariance, costs, risk_aversion)
    if covariance.shape[-1] > MOST_ENUMERATED:
        return _sequential(covariance, linear)
    scale = _scale(covariance)
    sigma, linear = covariance / scale[..., None, None], linear / scale[..., None]
    best = np.full(covariance.shape[:-2], np.inf)
    found = np.zeros(covariance.shape[:-1])
    for held in _faces(covariance.shape[-1]):
        on_face, admissible = _on_face(sigma, linear, held)
        value = _objective(sigma, linear, on_face)
        better = admissible & (value < best - 1e-15 * (1.0 + np.abs(value)))
        best = np.where(better, value, best)
        found = np.where(better[..., None], on_face, found)
    return found


def kkt_violation(
    weights: FloatArray,
    covariance: FloatArray,
    costs: FloatArray | None = None,
    risk_aversion: float | None = None,
) -> FloatArray:
    """How far long-only weights miss the optimality conditions, in relation to the marginal risk; 0 at the optimum.

    Parameters
    ----------
    weights : ndarray, shape (..., k)
    covariance, costs, risk_aversion
        As in `long_only`.

    Returns
    -------
    ndarray, shape (...)
        The largest of: a negative weight, a sum that is not one, an asset whose marginal risk and cost lies below that
        of the portfolio, an asset held although it lies above.
    """
    covariance = checked_covariance(covariance)
    linear = _linear(covariance, costs, risk_aversion)
    gradient = np.einsum("...ij,...j->...i", covariance, weights) + linear
    average = (weights * gradient).sum(axis=-1, keepdims=True)
    size = _scale(covariance)[..., None] + np.abs(linear).max(axis=-1, keepdims=True)
    below, above = np.maximum(average - gradient, 0.0) / size, np.abs(weights * (gradient - average)) / size
    budget = np.abs(weights.sum(axis=-1) - 1.0)
    worst = np.stack([below.max(axis=-1), above.max(axis=-1), (-weights).max(axis=-1), budget])
    return np.asarray(np.maximum(worst.max(axis=0), 0.0), dtype=np.float64)


def weights(
    returns: FloatArray | pd.DataFrame,
    *,
    short_sales: bool = True,
    costs: FloatArray | None = None,
    risk_aversion: float | None = None,
    added_variance: FloatArray | None = None,
    shrinkage: float = 0.0,
) -> FloatArray:
    """Weights of the portfolio of least risk from a sample of returns.

    Parameters
    ----------
    returns : array-like, shape (n, k)
        Real returns in local goods over one holding horizon, one asset a column.
    short_sales : bool
        False for weights that are not negative.
    costs : ndarray, shape (k,), optional
        Cost of reaching each asset, a share of the amount; only without short sales.
    risk_aversion : float, optional
        Needed with costs.
    added_variance : ndarray, shape (k,), optional
        Variance of each asset that the sample cannot show (a lost peg, a failed custodian), independent of the rest.
    shrinkage : float
        Weight of the diagonal target, 0 (none) to 1: ``(1 - d) S + d diag(S)``.

    Returns
    -------
    ndarray, shape (k,)
        Sum to one.

    Raises
    ------
    ModelError
        For gaps, too few rows, a singular covariance (with short sales), costs with short sales.
    """
    sample = np.asarray(returns, dtype=np.float64)
    if sample.ndim != 2 or len(sample) < 2:
        raise ModelError(f"returns must be a table of at least two rows (got shape {sample.shape})")
    if not np.isfinite(sample).all():
        raise ModelError(
            "returns hold gaps", remedy="cut the sample to the rows in which every asset is known"
        )
    covariance = shrunk(np.atleast_2d(np.cov(sample, rowvar=False)), shrinkage)
    if added_variance is not None:
        covariance = covariance + np.diag(np.asarray(added_variance, dtype=np.float64))
    if not short_sales:
        return long_only(covariance, costs, risk_aversion)
    if costs is not None:
        raise ModelError("a cost of reaching an asset has no meaning for a short position in it")
    return minimum_variance(covariance)


def shrunk(covariance: FloatArray, intensity: float) -> FloatArray:
    """Covariances drawn towards their diagonal: ``(1 - d) S + d diag(S)``, d from 0 (as it is) to 1."""
    if not 0.0 <= intensity <= 1.0:
        raise ModelError(f"shrinkage lies between 0 and 1 (got {intensity})")
    diagonal = np.eye(covariance.shape[-1]) * covariance
    return np.asarray((1.0 - intensity) * covariance + intensity * diagonal, dtype=np.float64)


def checked_covariance(covariance: FloatArray) -> FloatArray:
    """Refuse what is no covariance: not square, not finite, not symmetric, a negative or no variance at all."""
    matrix = np.asarray(covariance, dtype=np.float64)
    if matrix.ndim < 2 or matrix.shape[-1] != matrix.shape[-2]:
        raise ModelError(f"a covariance is a square matrix (got shape {matrix.shape})")
    if not np.isfinite(matrix).all():
        raise ModelError("a covariance must be finite")
    scale = _scale(matrix)
    if np.any(scale <= 0):
        raise ModelError("no asset has any variance, so that every portfolio has the same risk")
    uneven = np.abs(matrix - np.swapaxes(matrix, -1, -2)).max(axis=(-1, -2))
    if np.any(uneven > 1e-9 * scale):
        raise ModelError("a covariance is symmetric; this one is not")
    if np.any(np.linalg.eigvalsh(matrix)[..., 0] < -1e-9 * scale):
        raise ModelError("the matrix has a negative eigenvalue: it is no covariance")
    return matrix


def _scale(covariance: FloatArray) -> FloatArray:
    """Mean variance of the assets, of each matrix."""
    return np.asarray(np.trace(covariance, axis1=-2, axis2=-1) / covariance.shape[-1], dtype=np.float64)


def _linear(covariance: FloatArray, costs: FloatArray | None, risk_aversion: float | None) -> FloatArray:
    """Costs over risk aversion, of the shape of the weights."""
    shape = covariance.shape[:-1]
    if costs is None:
        return np.zeros(shape)
    if risk_aversion is None or not risk_aversion > 0:
        raise ModelError(f"costs are weighed against risk by a positive risk aversion (got {risk_aversion})")
    given = np.asarray(costs, dtype=np.float64)
    if given.shape[-1:] != shape[-1:] or not np.isfinite(given).all():
        raise ModelError(f"costs must be {shape[-1]} finite numbers, one an asset (got shape {given.shape})")
    return np.broadcast_to(given / risk_aversion, shape).copy()


def _faces(k: int) -> list[list[int]]:
    """Every set of held assets, the smaller ones first."""
    return [list(held) for size in range(1, k + 1) for held in combinations(range(k), size)]


def _objective(sigma: FloatArray, linear: FloatArray, w: FloatArray) -> FloatArray:
    risk = 0.5 * np.einsum("...i,...ij,...j->...", w, sigma, w)
    return np.asarray(risk + (linear * w).sum(axis=-1), dtype=np.float64)


def _on_face(sigma: FloatArray, linear: FloatArray, held: list[int]) -> tuple[FloatArray, np.ndarray]:
    """Optimum with these assets and the budget alone, and whether it is unique and without short positions.

    With the budget the weights of all but the first asset are free; their problem has as its matrix the covariance
    of returns in excess of the first asset's.
    """
    first, rest = held[0], held[1:]
    w = np.zeros(linear.shape)
    w[..., first] = 1.0
    if not rest:
        return w, np.ones(linear.shape[:-1], dtype=bool)
    excess = _excess(sigma, first, rest)
    unique = np.linalg.eigvalsh(excess)[..., 0] > SINGULAR
    excess = np.where(unique[..., None, None], excess, np.eye(len(rest)))
    gradient = sigma[..., first] + linear
    pull = gradient[..., [first]] - gradient[..., rest]
    moved = np.linalg.solve(excess, pull[..., None])[..., 0]
    w[..., rest] = moved
    w[..., first] = 1.0 - moved.sum(axis=-1)
    return w, unique & (w[..., held] >= 0.0).all(axis=-1)


def _excess(sigma: FloatArray, first: int, rest: list[int]) -> FloatArray:
    inner = sigma[..., rest, :][..., :, rest]
    across = sigma[..., rest, first]
    return np.asarray(
        inner - across[..., :, None] - across[..., None, :] + sigma[..., first, first][..., None, None]
    )


def _sequential(covariance: FloatArray, linear: FloatArray) -> FloatArray:
    """Sequential quadratic programming, one matrix at a time; an answer that misses the conditions is refused."""
    k = covariance.shape[-1]
    flat, pulls = covariance.reshape(-1, k, k), linear.reshape(-1, k)
    found = np.empty((len(flat), k))
    for number, (sigma, pull) in enumerate(zip(flat, pulls, strict=True)):
        scaled, tilt = sigma / _scale(sigma), pull / _scale(sigma)
        answer = minimize(
            lambda w, s=scaled, b=tilt: 0.5 * w @ s @ w + b @ w,
            np.full(k, 1.0 / k),
            jac=lambda w, s=scaled, b=tilt: s @ w + b,
            bounds=[(0.0, 1.0)] * k,
            constraints=[
                {"type": "eq", "fun": lambda w: w.sum() - 1.0, "jac": lambda w: np.ones_like(w)},
            ],
            method="SLSQP",
            options={"ftol": 1e-14, "maxiter": 1000},
        )
        w = np.clip(answer.x, 0.0, None)
        found[number] = w / w.sum()
        missed = float(kkt_violation(found[number], scaled, tilt, 1.0))
        if missed > 1e-5:
            raise ModelError(
                f"the long-only portfolio of {k} assets did not converge (optimality missed by {missed:.1e}): "
                f"{answer.message}",
                remedy=f"use at most {MOST_ENUMERATED} assets, for which the solution is exact",
            )
    return found.reshape(linear.shape)
