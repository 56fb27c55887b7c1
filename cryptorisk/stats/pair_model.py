"""Error-correction model of two log prices that share a random walk and are held together by the weights (1, -b).

    d x_t = m + a (x_1,t-1 - b x_2,t-1) + sum_i G_i d x_{t-i} + e_t,     Var(e) = S,

equation by equation by least squares, b given.

References
----------
Engle and Granger (1987), Econometrica 55(2), 251-276 (representation). Baillie, Booth, Tse and Zabotina (2002), Journal of
Financial Markets 5(3), 309-321 (both measures of price discovery from this model).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cryptorisk.errors import ModelError
from cryptorisk.stats.discovery_shares import Shares, discovery_shares
from cryptorisk.stats.pair_relation import checked_pair
from cryptorisk.stats.sample import FloatArray


@dataclass(frozen=True)
class PairModel:
    """Error-correction model of two log prices, equation by equation by least squares.

    Attributes
    ----------
    slope : float
        b of the relation ``x_1 - b x_2``.
    speeds : ndarray, shape (2,)
    t : ndarray, shape (2,)
        Classical t of the speeds.
    covariance : ndarray, shape (2, 2)
        Of the residuals.
    coefficients : ndarray, shape (2 + 2 lags, 2)
        Constant, gap, lagged changes; one column an equation.
    resid : ndarray, shape (n, 2)
    lags : int
        Lagged changes.
    """

    slope: float
    speeds: FloatArray
    t: FloatArray
    covariance: FloatArray
    coefficients: FloatArray
    resid: FloatArray
    lags: int

    @property
    def n(self) -> int:
        """Observations used."""
        return len(self.resid)

    @property
    def shares(self) -> Shares:
        """Point estimates of the shares."""
        return discovery_shares(self.speeds, self.covariance)


def fit_pair(x: FloatArray, *, lags: int, slope: float = 1.0) -> PairModel:
    """Error-correction model with a given relation ``x_1 - slope x_2``.

    Parameters
    ----------
    x : ndarray, shape (t, 2)
        Log prices at equally spaced times.
    lags : int
        Lagged changes, at least 0.
    slope : float

    Returns
    -------
    PairModel

    Raises
    ------
    ModelError
        Values that are not finite, another shape, too few observations, or prices that move as one.
    """
    x = checked_pair(x)
    left, z = pair_design(x, lags, slope)
    inverse = np.linalg.pinv(z.T @ z)
    coefficients = inverse @ z.T @ left
    resid = left - z @ coefficients
    covariance = resid.T @ resid / (len(left) - z.shape[1])
    if np.linalg.matrix_rank(covariance) < 2:
        raise ModelError("one of the two prices does not move, or both move as one")
    errors = np.sqrt(np.diag(covariance) * inverse[1, 1])
    return PairModel(slope, coefficients[1], coefficients[1] / errors, covariance, coefficients, resid, lags)


def pair_design(x: FloatArray, lags: int, slope: float) -> tuple[FloatArray, FloatArray]:
    """Changes (n, 2) and regressors (n, 2 + 2 lags): constant, gap, lagged changes."""
    change = np.diff(x, axis=0)
    gap = x[lags:-1, 0] - slope * x[lags:-1, 1]
    parts = [np.ones(len(gap)), gap]
    for lag in range(1, lags + 1):
        parts += list(change[lags - lag : len(change) - lag].T)
    return change[lags:], np.column_stack(parts)


def pair_paths(model: PairModel, start: FloatArray, news: FloatArray) -> FloatArray:
    """Paths of levels, shape (replications, lags + 1 + n, 2), from the first observations on."""
    count, n, _ = news.shape
    lead = model.lags + 1
    levels = np.empty((count, lead + n, 2))
    levels[:, :lead] = start
    constant, speeds, short = model.coefficients[0], model.coefficients[1], model.coefficients[2:]
    for t in range(n):
        at = lead + t
        gap = levels[:, at - 1, 0] - model.slope * levels[:, at - 1, 1]
        change = constant + gap[:, None] * speeds + news[:, t]
        for lag in range(model.lags):
            before = levels[:, at - 1 - lag] - levels[:, at - 2 - lag]
            change = change + before @ short[2 * lag : 2 * lag + 2]
        levels[:, at] = levels[:, at - 1] + change
    return levels
