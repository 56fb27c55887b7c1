"""Vector autoregressions of many samples at once: least squares, resampled paths, coefficients less their bias."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cryptorisk.errors import ModelError
from cryptorisk.stats.bootstrap import block_indices
from cryptorisk.stats.fevd import DEPENDENT, Var, dependent
from cryptorisk.stats.sample import FloatArray, checked_count

FEWEST_FREE = 30
"""Degrees of freedom an equation must have left."""

APART = "leave out a series that is the same as another or its lag, or a sum of others"

LARGEST_ROOT = 0.999
"""A bootstrap bias correction is shrunk until the largest root lies below it (Kilian 1998)."""


@dataclass(frozen=True, eq=False)
class VarFits(Var):
    """VARs by least squares, one a leading index: with `Var.coefs` and `Var.sigma_u` their constants and residuals.

    Attributes
    ----------
    constant : ndarray, shape (r, k)
    residuals : ndarray, shape (r, n - p, k)
    """

    constant: FloatArray
    residuals: FloatArray


def var_least_squares(paths: FloatArray, lags: int) -> VarFits:
    """VARs of many samples, one a leading index of (r, n, k).

    Raises
    ------
    ModelError
        With fewer than 30 degrees of freedom an equation, or series or lags of them that depend on each other.
    """
    r, n, k = paths.shape
    free = n - checked_count(lags, name="lags") - (k * lags + 1)
    if free < FEWEST_FREE:
        raise ModelError(
            f"{n} observations of {k} series leave {free} degrees of freedom with {lags} lags; at least "
            f"{FEWEST_FREE} are needed",
            remedy="use a longer sample, fewer lags or fewer series",
        )
    # Deviations from each column's mean over the rows used: the constant drops out of the normal equations.
    y = paths[:, lags:]
    x = np.concatenate([paths[:, lags - j : n - j] for j in range(1, lags + 1)], axis=2)
    y_mean, x_mean = y.mean(axis=1, keepdims=True), x.mean(axis=1, keepdims=True)
    dy, dx = y - y_mean, x - x_mean
    across = np.swapaxes(dx, 1, 2)
    gram = across @ dx
    _check_apart(gram, f"the {lags} lags of the {k} series depend on each other linearly")
    slopes = np.linalg.solve(gram, across @ dy)
    residuals = dy - dx @ slopes
    if ((residuals**2).sum(axis=1) <= DEPENDENT * (dy**2).sum(axis=1)).any():
        raise ModelError(f"a series follows from the {lags} lags without error", remedy=APART)
    sigma = np.swapaxes(residuals, 1, 2) @ residuals / free
    constant = (y_mean - x_mean @ slopes)[:, 0]
    coefs = np.swapaxes(slopes.reshape(r, lags, k, k), -1, -2)
    return VarFits(coefs, sigma, constant, residuals)


def _check_apart(gram: FloatArray, what: str) -> None:
    """Refuse regressors that depend on each other, by their sums of products."""
    scale = np.sqrt(np.maximum(np.diagonal(gram, axis1=-2, axis2=-1), 1e-300))
    if dependent(gram / (scale[..., :, None] * scale[..., None, :])).any():
        raise ModelError(what, remedy=APART)


def resampled_paths(
    values: FloatArray,
    coefs: FloatArray,
    constant: FloatArray,
    residuals: FloatArray,
    block: int,
    replications: int,
    rng: np.random.Generator,
) -> FloatArray:
    """Paths of the VAR with resampled residuals, begun at random stretches of the data."""
    lags, n = len(coefs), len(values)
    rows = block_indices(len(residuals), block, replications, rng)
    shocks = residuals[rows]
    begins = rng.integers(0, n - lags + 1, replications)
    paths = np.empty((replications, n, values.shape[1]))
    paths[:, :lags] = values[begins[:, None] + np.arange(lags)]
    for t in range(lags, n):
        paths[:, t] = constant + shocks[:, t - lags]
        for j in range(1, lags + 1):
            paths[:, t] += paths[:, t - j] @ coefs[j - 1].T
    return paths


def largest_root(coefs: FloatArray) -> float:
    """Modulus of the largest root of the companion matrix; below one the autoregression is stationary."""
    p, k = coefs.shape[0], coefs.shape[-1]
    companion = np.eye(k * p, k=-k)
    companion[:k] = np.concatenate(list(coefs), axis=1)
    return float(np.abs(np.linalg.eigvals(companion)).max())


def less_bias(coefs: FloatArray, bias: FloatArray) -> FloatArray:
    """Coefficients less their bias, or less as much of it as keeps them stationary."""
    if largest_root(coefs) >= LARGEST_ROOT:
        return coefs
    share = 1.0
    while share > 0.01 and largest_root(coefs - share * bias) >= LARGEST_ROOT:
        share -= 0.01
    return np.asarray(coefs - max(share, 0.0) * bias)
