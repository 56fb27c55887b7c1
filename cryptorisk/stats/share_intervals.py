"""Bootstrap intervals of the shares of two prices in the discovery of their common one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cryptorisk.errors import ModelError
from cryptorisk.stats.bootstrap import block_indices, percentile_interval
from cryptorisk.stats.discovery_shares import discovery_shares
from cryptorisk.stats.pair_model import PairModel, pair_design, pair_paths
from cryptorisk.stats.pair_relation import checked_pair
from cryptorisk.stats.sample import FloatArray


@dataclass(frozen=True)
class ShareIntervals:
    """Bootstrap intervals of the shares of the first price; ``middle`` is that of the mean of Hasbrouck's bounds."""

    component: tuple[float, float]
    middle: tuple[float, float]
    modified: tuple[float, float]
    level: float
    replications: int


def share_intervals(
    model: PairModel,
    x: FloatArray,
    *,
    rng: np.random.Generator,
    replications: int = 499,
    block: int | None = None,
    level: float = 0.9,
) -> ShareIntervals:
    """Intervals of the shares by a residual bootstrap in blocks.

    Parameters
    ----------
    model : PairModel
    x : ndarray, shape (t, 2)
        What the model was fitted on.
    rng : numpy.random.Generator
    replications : int
    block : int, optional
        Days of residuals drawn together, so that calm and restless spells stay; default the cube root of the sample.
    level : float

    Returns
    -------
    ShareIntervals

    Notes
    -----
    Series are made from the estimated model and residuals drawn in circular blocks, both equations' together, and the
    model with the same relation and lags is fitted to each. Percentile intervals: shares are bounded, so that an interval
    turned about the estimate would leave their range.
    """
    x = checked_pair(x)
    centred = model.resid - model.resid.mean(axis=0)
    rows = block_indices(model.n, block or round(model.n ** (1 / 3)), replications, rng)
    paths = pair_paths(model, x[: model.lags + 1], centred[rows])
    draws = np.array([_redrawn(path, model) for path in paths])
    draws = draws[np.isfinite(draws).all(axis=1)]
    ends = [percentile_interval(draws[:, i], level) for i in range(3)]
    return ShareIntervals(ends[0], ends[1], ends[2], level, len(draws))


def _redrawn(path: FloatArray, model: PairModel) -> tuple[float, float, float]:
    left, z = pair_design(path, model.lags, model.slope)
    coefficients = np.linalg.solve(z.T @ z, z.T @ left)
    resid = left - z @ coefficients
    try:
        shares = discovery_shares(coefficients[1], resid.T @ resid / len(left))
    except ModelError:
        return (np.nan, np.nan, np.nan)
    return shares.component, shares.middle, shares.modified
