"""What a peg that is held in the mean but not every day adds to the variance of a holding."""

from __future__ import annotations

import numpy as np

from cryptorisk.stats.bootstrap import block_indices, block_length
from cryptorisk.stats.sample import FloatArray, Values, checked_sample

SHORTEST_BLOCK = 30
"""Days. A distance from the peg persists for days to weeks."""


def holding_variance(
    log_price: Values, *, replications: int = 2000, rng: np.random.Generator | None = None
) -> tuple[float, FloatArray]:
    """Variance of the log change of a pegged price between two days far apart, with bootstrap draws.

    Bought at one distance from the peg, sold at another: far enough apart for the two to be independent, the
    change has twice the variance of the distance. Nearer days are correlated and the change varies less.

    Parameters
    ----------
    log_price : array-like, shape (n,)
        Daily log price of the pegged asset in the asset it is pegged to; the peg itself is a constant.
    replications : int
        Circular block bootstrap of the days; block length by the rule of Politis and White, at least 30 days.
    rng : numpy.random.Generator, optional
        Without it no draws.

    Returns
    -------
    variance : float
    draws : ndarray, shape (replications,) or (0,)

    Raises
    ------
    ModelError
        For gaps, or fewer than 120 days.
    """
    values = checked_sample(log_price, name="log prices", minimum=4 * SHORTEST_BLOCK)
    variance = 2.0 * float(values.var(ddof=1))
    if rng is None:
        return variance, np.empty(0)
    block = block_length(values, minimum=SHORTEST_BLOCK)
    drawn = values[block_indices(len(values), block, replications, rng, kind="circular")]
    return variance, 2.0 * drawn.var(axis=1, ddof=1)
