"""Many tests at once: p-values that allow for their number."""

from __future__ import annotations

import numpy as np

from cryptorisk.errors import ModelError
from cryptorisk.stats.sample import FloatArray


def adjusted_p(p: FloatArray) -> FloatArray:
    """p-values of which the smallest keeps its meaning when all hypotheses are true (Holm 1979).

    Parameters
    ----------
    p : ndarray, shape (m,)
        Missing ones are not counted and stay missing.

    Returns
    -------
    ndarray, shape (m,)
        The i-th smallest of m times m - i + 1, made ascending and held to one.

    References
    ----------
    Holm (1979), A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6(2), 65-70.
    (`statsmodels.stats.multitest.multipletests` gives the same and runs the garbage collector each time.)
    """
    values = np.array(p, dtype=np.float64)
    known = np.flatnonzero(np.isfinite(values))
    if ((values[known] < 0) | (values[known] > 1)).any():
        raise ModelError(f"p-values lie between 0 and 1 (got {values})")
    ascending = known[np.argsort(values[known], kind="stable")]
    steps = np.arange(len(known), 0, -1)
    values[ascending] = np.minimum(np.maximum.accumulate(values[ascending] * steps), 1.0)
    return values
