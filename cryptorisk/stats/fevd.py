"""Forecast-error variance decompositions of a vector autoregression, of many at once."""

from __future__ import annotations

from typing import Literal

import numpy as np

from cryptorisk.errors import ModelError
from cryptorisk.stats.sample import FloatArray

Kind = Literal["generalised", "cholesky"]


def fevd(coefs: FloatArray, sigma: FloatArray, horizon: int, kind: Kind = "generalised") -> FloatArray:
    """Forecast-error variance decomposition of a VAR.

    Parameters
    ----------
    coefs : ndarray, shape (..., p, k, k)
        Lag matrices; leading dimensions are replications. ``p`` may be zero.
    sigma : ndarray, shape (..., k, k)
        Covariance of the shocks.
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

    References
    ----------
    Pesaran and Shin (1998), Economics Letters 58, equation (9), after Koop, Pesaran and Potter (1996); Luetkepohl (2005),
    New Introduction to Multiple Time Series Analysis, equation (2.3.37).
    """
    if horizon < 1:
        raise ModelError(f"horizon must be at least 1 (got {horizon})")
    responses = _moving_average(np.asarray(coefs, dtype=np.float64), horizon)
    covariance = np.asarray(sigma, dtype=np.float64)[..., None, :, :]
    if kind == "generalised":
        scale = np.sqrt(np.diagonal(covariance, axis1=-2, axis2=-1))[..., None, :]
        impact = responses @ covariance / scale
    elif kind == "cholesky":
        impact = responses @ np.linalg.cholesky(covariance)
    else:
        raise ModelError(f"unknown kind {kind!r}", remedy="use generalised or cholesky")
    total = np.diagonal(responses @ covariance @ np.swapaxes(responses, -1, -2), axis1=-2, axis2=-1)
    shares: FloatArray = (impact**2).sum(axis=-3) / total.sum(axis=-2)[..., :, None]
    return shares


def _moving_average(coefs: FloatArray, horizon: int) -> FloatArray:
    """Phi_0 to Phi_{horizon-1}, shape (..., horizon, k, k)."""
    p, k = coefs.shape[-3], coefs.shape[-1]
    phis = np.zeros((*coefs.shape[:-3], horizon, k, k))
    phis[..., 0, :, :] = np.eye(k)
    for h in range(1, horizon):
        for lag in range(1, min(h, p) + 1):
            phis[..., h, :, :] += phis[..., h - lag, :, :] @ coefs[..., lag - 1, :, :]
    return phis
