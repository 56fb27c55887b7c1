"""Forecast-error variance decompositions of a vector autoregression, of many at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Protocol, get_args

import numpy as np

from cryptorisk.errors import ModelError
from cryptorisk.stats.sample import FloatArray, checked_choice, checked_count

Kind = Literal["generalised", "cholesky"]

DEPENDENT = 1e-10
"""Smallest eigenvalue of a correlation matrix at or below which its variables depend on each other: least squares on a
double's sixteen digits then keeps fewer than six."""


class FittedVar(Protocol):
    """What a decomposition needs of a vector autoregression; statsmodels' ``VARResults`` has it too."""

    @property
    def coefs(self) -> Any:
        """Lag matrices, row by equation, shape (..., p, k, k); leading dimensions are replications. ``p`` may be zero."""

    @property
    def sigma_u(self) -> Any:
        """Covariance of the shocks, shape (..., k, k)."""


@dataclass(frozen=True, eq=False)
class Var:
    """A vector autoregression by its matrices, shapes as in `FittedVar`."""

    coefs: FloatArray
    sigma_u: FloatArray


def fevd(var: FittedVar, horizon: int, kind: Kind = "generalised") -> FloatArray:
    """Forecast-error variance decomposition of a VAR.

    Parameters
    ----------
    var : FittedVar
        `Var`, the fits of `cryptorisk.stats.var_paths.var_least_squares`, or statsmodels' ``VARResults``.
    horizon : int
        Steps ahead, at least one: the shocks of ``horizon`` periods count.
    kind : {"generalised", "cholesky"}
        ``generalised``: ``theta_ij = sum_h (e_i' Phi_h Sigma e_j)^2 / sigma_jj / sum_h e_i' Phi_h Sigma Phi_h' e_i``,
        the same in any order of the series; rows need not sum to one. ``cholesky``: shocks made orthogonal in the order
        given; rows sum to one.

    Returns
    -------
    ndarray, shape (..., k, k)
        Row i, column j: share of i's variance on shocks to j, not normalised.

    Raises
    ------
    ModelError
        For matrices that do not belong together or are not finite, a covariance that is not one of shocks (not symmetric, or
        with a shock that has no variance of its own), or an unknown kind.

    References
    ----------
    Pesaran and Shin (1998), Economics Letters 58, equation (9), after Koop, Pesaran and Potter (1996); Luetkepohl (2005),
    New Introduction to Multiple Time Series Analysis, equation (2.3.37).
    """
    checked_choice(kind, get_args(Kind), name="kind")
    coefs, sigma = _checked(var)
    responses = _moving_average(coefs, checked_count(horizon, name="horizon"))
    covariance = sigma[..., None, :, :]
    if kind == "generalised":
        scale = np.sqrt(np.diagonal(covariance, axis1=-2, axis2=-1))[..., None, :]
        impact = responses @ covariance / scale
    else:
        impact = responses @ np.linalg.cholesky(covariance)
    total = np.diagonal(responses @ covariance @ np.swapaxes(responses, -1, -2), axis1=-2, axis2=-1)
    shares: FloatArray = (impact**2).sum(axis=-3) / total.sum(axis=-2)[..., :, None]
    return shares


def _checked(var: FittedVar) -> tuple[FloatArray, FloatArray]:
    """Matrices of a VAR, or an error that says what is wrong with them."""
    try:
        coefs, sigma = (np.asarray(each, dtype=np.float64) for each in (var.coefs, var.sigma_u))
    except AttributeError:
        raise ModelError(
            f"a {type(var).__name__} is no vector autoregression",
            remedy="give fevd.Var(coefs, sigma_u), or a fit that has coefs and sigma_u, as statsmodels' VARResults",
        ) from None
    shape = sigma.shape[-1:] * 2
    if coefs.ndim < 3 or sigma.ndim < 2 or not coefs.shape[-2:] == sigma.shape[-2:] == shape:
        raise ModelError(
            f"lag matrices of shape {coefs.shape} and a covariance of shape {sigma.shape} do not belong together",
            remedy="give (..., lags, k, k), also of one lag, and (..., k, k)",
        )
    if not (np.isfinite(coefs).all() and np.isfinite(sigma).all()):
        raise ModelError("lag matrices or covariance of the shocks hold values that are not finite")
    scale = np.sqrt(np.maximum(np.diagonal(sigma, axis1=-2, axis2=-1), 1e-300))
    correlation = sigma / (scale[..., :, None] * scale[..., None, :])
    if np.abs(correlation - np.swapaxes(correlation, -1, -2)).max() > 1e-8:
        raise ModelError("the covariance of the shocks is not symmetric")
    if dependent(correlation).any():
        raise ModelError(
            "the covariance of the shocks is not positive definite: a shock has no variance of its own",
            remedy="leave out a series that is the same as another, or a sum of others",
        )
    return coefs, sigma


def dependent(correlation: FloatArray) -> np.ndarray:
    """Whether variables depend on each other linearly, by their correlation matrix, shape (...)."""
    return np.asarray(np.linalg.eigvalsh(correlation)[..., 0] <= DEPENDENT)


def _moving_average(coefs: FloatArray, horizon: int) -> FloatArray:
    """Phi_0 to Phi_{horizon-1}, shape (..., horizon, k, k)."""
    p, k = coefs.shape[-3], coefs.shape[-1]
    phis = np.zeros((*coefs.shape[:-3], horizon, k, k))
    phis[..., 0, :, :] = np.eye(k)
    for h in range(1, horizon):
        for lag in range(1, min(h, p) + 1):
            phis[..., h, :, :] += phis[..., h - lag, :, :] @ coefs[..., lag - 1, :, :]
    return phis
