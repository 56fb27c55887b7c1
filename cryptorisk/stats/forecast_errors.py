"""Errors of a vector autoregression in forecasting sums of coming months: what could not be foreseen."""

from __future__ import annotations

import math

import numpy as np

from cryptorisk.stats.sample import FloatArray


def regression_rows(data: FloatArray, lag: int) -> tuple[FloatArray, FloatArray]:
    """Regressands and regressors (a constant, then lags 1 to ``lag``) of a vector autoregression.

    Parameters
    ----------
    data : ndarray, shape (n, m)
    lag : int

    Returns
    -------
    y : ndarray, shape (n - lag, m)
    x : ndarray, shape (n - lag, 1 + m * lag)
    """
    columns = [np.ones((len(data) - lag, 1))]
    columns += [data[lag - k : len(data) - k] for k in range(1, lag + 1)]
    return data[lag:], np.hstack(columns)


def bic_lag(data: FloatArray, max_lag: int) -> int:
    """Lag of least Bayesian information criterion, all on the same rows."""
    scores = []
    for lag in range(1, max_lag + 1):
        y, x = regression_rows(data[max_lag - lag :], lag)
        residuals = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
        sign, logdet = np.linalg.slogdet(residuals.T @ residuals / len(y))
        penalty = data.shape[1] * x.shape[1] * math.log(len(y)) / len(y)
        scores.append((logdet if sign > 0 else -math.inf) + penalty)
    return int(np.argmin(scores)) + 1


def cumulated_errors(y: FloatArray, x: FloatArray, lag: int, longest: int) -> FloatArray:
    """Covariances of the errors in forecasting sums of 1 to ``longest`` periods.

    Parameters
    ----------
    y : ndarray, shape (draws, n, m)
    x : ndarray, shape (draws, n, 1 + m * lag)
        Rows as of `regression_rows`, one sample a draw.
    lag, longest : int

    Returns
    -------
    ndarray, shape (draws, longest, m, m)

    Notes
    -----
    With moving-average matrices ``C_0 = I, C_j = sum_k A_k C_{j-k}`` and ``D_j = C_0 + ... + C_j`` the error of the
    sum over h periods has the covariance ``sum_{j<h} D_j Omega D_j'`` (Lütkepohl 2005, New Introduction to Multiple
    Time Series Analysis, section 2.2.2).
    """
    m = y.shape[2]
    gram = np.einsum("dti,dtj->dij", x, x)
    gram += 1e-12 * np.trace(gram, axis1=1, axis2=2)[:, None, None] * np.eye(x.shape[2]) / x.shape[2]
    coefficients = np.linalg.solve(gram, np.einsum("dti,dtj->dij", x, y))
    residuals = y - x @ coefficients
    omega = np.einsum("dti,dtj->dij", residuals, residuals) / (y.shape[1] - x.shape[2])
    lags = [coefficients[:, 1 + m * k : 1 + m * (k + 1)].transpose(0, 2, 1) for k in range(lag)]
    response = [np.broadcast_to(np.eye(m), omega.shape)]
    cumulated, total, out = response[0], np.zeros_like(omega), []
    for _month in range(longest):
        total = total + cumulated @ omega @ cumulated.transpose(0, 2, 1)
        out.append(total)
        pairs = zip(lags, reversed(response[-lag:]), strict=False)
        response.append(sum((a @ r for a, r in pairs), np.zeros_like(omega)))
        cumulated = cumulated + response[-1]
    return np.stack(out, axis=1)
