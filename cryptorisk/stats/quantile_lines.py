"""Quantile regression: one by statsmodels, many resampled ones at once, and quantiles put into order."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
from statsmodels.regression.quantile_regression import QuantReg
from statsmodels.tools.sm_exceptions import IterationLimitWarning

from cryptorisk.errors import ModelError
from cryptorisk.stats.sample import FloatArray, checked_level, checked_sample

ROUNDS = 150
"""Rounds of the majorisation for resampled regressions; its distance from the exact line is then below a hundredth of a
coefficient's standard error (a test holds it to that)."""


def quantile_line(y: FloatArray, x: FloatArray, quantile: float) -> FloatArray:
    """Coefficients of one quantile regression.

    Parameters
    ----------
    y : ndarray, shape (n,)
    x : ndarray, shape (n, k)
        With its constant.
    quantile : float

    Returns
    -------
    ndarray, shape (k,)

    Raises
    ------
    ModelError
        With no more observations than coefficients, gaps, or regressors that depend on each other.

    References
    ----------
    Koenker and Bassett (1978), Econometrica 46(1), equation (2.1); statsmodels' ``QuantReg``.
    """
    checked_level(quantile, name="quantile")
    y, x = checked_sample(y, name="outcomes"), np.asarray(x, dtype=np.float64)
    if x.ndim != 2 or len(x) != y.size:
        raise ModelError(f"regressors need a row for each of {y.size} outcomes (got shape {x.shape})")
    bad = np.argwhere(~np.isfinite(x))
    if bad.size:
        raise ModelError(
            f"regressors must be finite: {len(bad)} values are not, the first in row {bad[0][0]}, column {bad[0][1]}",
            remedy="drop the rows with gaps before estimating",
        )
    if y.size <= x.shape[1]:
        raise ModelError(f"{y.size} observations do not identify {x.shape[1]} coefficients of a quantile")
    if np.linalg.matrix_rank(x) < x.shape[1]:
        raise ModelError(
            f"the {x.shape[1]} regressors depend on each other linearly: their coefficients are not identified",
            remedy="leave out one that is constant beside the constant, or a sum of others",
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", IterationLimitWarning)
        fitted = QuantReg(y, x).fit(q=quantile, max_iter=2000)
    return np.asarray(fitted.params, dtype=np.float64)


def quantile_lines(y: FloatArray, x: FloatArray, quantile: float | FloatArray) -> FloatArray:
    """Coefficients of many quantile regressions of one size at once, for resampling.

    Parameters
    ----------
    y : ndarray, shape (r, n)
    x : ndarray, shape (r, n, k)
    quantile : float, or ndarray of shape (r,)

    Returns
    -------
    ndarray, shape (r, k)

    References
    ----------
    Hunter and Lange (2000), Journal of Computational and Graphical Statistics 9(1), section 2: the check function is
    majorised by a parabola, so that each round is a weighted least-squares regression.
    """
    columns = np.ascontiguousarray(np.swapaxes(x, 1, 2))
    draws, count, _ = columns.shape
    first, second = np.triu_indices(count)
    # Every product that a weighted regression sums: then a round is one product of arrays, however many regressors.
    products = np.concatenate([columns[:, first] * columns[:, second], columns * y[:, None]], axis=1)
    gram, pairs = np.empty((draws, count, count)), len(first)
    level = np.broadcast_to(np.asarray(quantile, dtype=np.float64), (draws,))
    pull = (2 * level - 1)[:, None] * columns.sum(axis=2)
    scale, weight, pulled = np.std(y, axis=1)[:, None], np.ones_like(y), 0.0 * pull
    for round in range(ROUNDS + 1):
        sums = (products @ weight[..., None])[..., 0]
        gram[:, first, second] = gram[:, second, first] = sums[:, :pairs]
        lines = np.linalg.solve(gram, (sums[:, pairs:] + pulled)[..., None])[..., 0]
        # The corner of the check function is rounded ever less: early rounds then move fast.
        width = np.maximum(scale * 0.1 * 0.9**round, 1e-6 * scale)
        weight = 1.0 / (width + np.abs(y - (lines[:, None] @ columns)[:, 0]))
        pulled = pull
    return np.asarray(lines)


def in_order(quantiles: FloatArray) -> FloatArray:
    """Quantiles of one distribution sorted along the last axis, so that none crosses another.

    References
    ----------
    Chernozhukov, Fernandez-Val and Galichon (2010), Econometrica 78(3), equation (2.3): the rearranged quantiles are
    nowhere further from the true ones.
    """
    return np.sort(quantiles, axis=-1)


def pinball(outcome: FloatArray, forecast: FloatArray, quantiles: Sequence[float]) -> FloatArray:
    """Loss of quantile forecasts, mean over the first axis.

    Parameters
    ----------
    outcome : ndarray, shape (n,)
    forecast : ndarray, shape (n, q)
    quantiles : sequence of float, length q

    Returns
    -------
    ndarray, shape (q,)

    References
    ----------
    Gneiting (2011), Journal of the American Statistical Association 106(494), equation (24).
    """
    miss = outcome[:, None] - forecast
    level = np.asarray(quantiles, dtype=np.float64)
    return np.asarray(np.where(miss >= 0, level * miss, (level - 1) * miss).mean(axis=0))
