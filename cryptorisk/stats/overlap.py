"""Overlapping changes over a holding horizon: the changes, blocks that outlast them, intervals for few blocks."""

from __future__ import annotations

import math

import numpy as np
from scipy import stats

from cryptorisk.stats.bootstrap import percentile_interval
from cryptorisk.stats.sample import FloatArray

SHORTEST_BLOCK = 6
"""Months. Inflation and depreciation are autocorrelated within half a year even in one-month changes."""

FEWEST_BLOCKS = 4
"""Below four blocks the resampled series are nearly copies of the observed one and no interval is given."""


def horizon_changes(monthly: FloatArray, horizon: int, window: int | None = None) -> FloatArray:
    """Overlapping ``horizon``-month log changes from monthly ones, the last ``window`` of them.

    Parameters
    ----------
    monthly : ndarray, shape (n,) or (n, k)
        Monthly log changes, without gaps; several series stand in columns.
    horizon : int
        Months.
    window : int, optional
        Default all.

    Returns
    -------
    ndarray, shape (n - horizon + 1,) or (n - horizon + 1, k), or ``window`` rows
    """
    values = np.asarray(monthly, dtype=np.float64)
    total = np.concatenate([np.zeros((1, *values.shape[1:])), np.cumsum(values, axis=0)])
    changes = total[horizon:] - total[:-horizon]
    last: FloatArray = changes if window is None else changes[-window:]
    return last


def block_for(n: int, horizon: int) -> int | None:
    """Block length in months: twice the horizon where four blocks fit, always longer than the horizon.

    None when no block longer than the horizon fits four times into ``n`` changes.
    """
    block = max(SHORTEST_BLOCK, min(2 * horizon, n // FEWEST_BLOCKS))
    return block if block > horizon and FEWEST_BLOCKS * block <= n else None


def expanded_interval(draws: FloatArray, level: float, blocks: float) -> tuple[float, float]:
    """Percentile interval widened for the few independent blocks behind it.

    The bootstrap understates the variance by ``(k - 1) / k`` and takes normal where Student's quantiles
    belong; the expanded percentile interval moves to the quantile ``Phi(-sqrt(k / (k - 1)) t_{k-1})``. Here
    k is the number of blocks, the nearest thing to a count of independent observations.

    References
    ----------
    Hesterberg (2015), What teachers should know about the bootstrap, The American Statistician 69(4),
    371-386.
    """
    quantile = stats.t.ppf(0.5 + level / 2.0, blocks - 1.0) * math.sqrt(blocks / (blocks - 1.0))
    widened = 1.0 - 2.0 * float(stats.norm.cdf(-quantile))
    return percentile_interval(draws, min(widened, 1.0 - 1e-9))
