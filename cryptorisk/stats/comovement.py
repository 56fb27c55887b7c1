"""Correlation of two series that may be autocorrelated and heteroskedastic."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import statsmodels.api as sm

from cryptorisk.errors import ModelError
from cryptorisk.stats.bootstrap import block_indices, block_length, percentile_interval
from cryptorisk.stats.sample import FloatArray

FEWEST = 52


@dataclass(frozen=True)
class Comovement:
    """A correlation.

    Attributes
    ----------
    correlation, low, high : float
        Pearson's, and the percentile interval of a circular block bootstrap.
    p_value : float
        That there is none: t test of the slope with the covariance of Newey and West.
    n, block : int
        Pairs, and the length of blocks.
    """

    correlation: float
    low: float
    high: float
    p_value: float
    n: int
    block: int


def comovement(
    x: FloatArray, y: FloatArray, level: float, replications: int, rng: np.random.Generator
) -> Comovement:
    """Correlation with interval and test.

    Parameters
    ----------
    x, y : ndarray, shape (n,)
        Pairs in the order of time, none missing.
    level : float
        Coverage of the interval.
    replications : int
    rng : numpy.random.Generator

    Raises
    ------
    ModelError
        With fewer than 52 pairs, or a series that does not vary.

    References
    ----------
    Newey and West (1987), Econometrica 55(3), with the lag length 4 (n/100)^(2/9) of Newey and West (1994), Review of
    Economic Studies 61(4). Politis and Romano (1992), A circular block-resampling procedure for stationary data.
    """
    if x.size != y.size or x.size < FEWEST:
        raise ModelError(
            f"a correlation needs {FEWEST} pairs (got {x.size} and {y.size}); shorter ones tell too little"
        )
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        raise ModelError("a series that does not vary has no correlation")
    u, v = (x - x.mean()) / x.std(), (y - y.mean()) / y.std()
    # The product is what the correlation is the mean of.
    block = block_length(u * v, minimum=4)
    rows = block_indices(x.size, block, replications, rng)
    lags = int(4 * (x.size / 100) ** (2 / 9))
    fitted = sm.OLS(v, sm.add_constant(u)).fit(cov_type="HAC", cov_kwds={"maxlags": lags}, use_t=True)
    low, high = percentile_interval(_correlations(u[rows], v[rows]), level)
    return Comovement(float(np.mean(u * v)), low, high, float(fitted.pvalues[1]), int(x.size), block)


def _correlations(u: FloatArray, v: FloatArray) -> FloatArray:
    u = u - u.mean(axis=1, keepdims=True)
    v = v - v.mean(axis=1, keepdims=True)
    return np.asarray((u * v).sum(axis=1) / np.sqrt((u**2).sum(axis=1) * (v**2).sum(axis=1)))
