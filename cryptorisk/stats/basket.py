"""The basket of currencies that a rate stayed nearest to."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from cryptorisk.errors import ModelError
from cryptorisk.stats.sample import FloatArray


def nearest_basket(log_rate: FloatArray, log_anchors: FloatArray) -> tuple[FloatArray, float]:
    """Weights of the basket against which a rate moved least, and by how much it did.

    Parameters
    ----------
    log_rate : array, shape (n,)
        Log of the price of a common currency (the dollar) in the money.
    log_anchors : array, shape (n, k)
        Log of the same price in each of the basket's currencies; nought for the common currency itself.

    Returns
    -------
    weights : ndarray, shape (k,)
        None below zero, sum one.
    spread : float
        Highest over lowest price of the basket in the money, less one.

    Raises
    ------
    ModelError
        For gaps, or fewer than two observations a currency.

    Notes
    -----
    The price of the basket is ``ln r_t - sum_k w_k ln a_kt`` (a geometric basket). The weights with the least
    ``max_t - min_t`` are a linear programme: ``min u - l`` with ``l <= ln r_t - w'ln a_t <= u``. No distribution is
    supposed. Frankel and Wei (1994, Yen bloc or dollar bloc?, in Ito and Krueger, eds, Macroeconomic Linkage, NBER) regress
    changes on changes; here a rate must stay near the basket's level.
    """
    rate, anchors = np.asarray(log_rate, dtype=np.float64), np.asarray(log_anchors, dtype=np.float64)
    n, k = anchors.shape
    if rate.shape != (n,) or n < 2 * k or not (np.isfinite(rate).all() and np.isfinite(anchors).all()):
        raise ModelError(
            f"{rate.size} rates and {n} prices of {k} currencies: as many of each, without gaps, two a currency, are needed"
        )
    one = np.ones((n, 1))
    found = linprog(
        np.concatenate([np.zeros(k), [-1.0, 1.0]]),
        A_ub=np.vstack([np.hstack([-anchors, 0 * one, -one]), np.hstack([anchors, one, 0 * one])]),
        b_ub=np.concatenate([-rate, rate]),
        A_eq=np.concatenate([np.ones(k), [0.0, 0.0]])[None, :],
        b_eq=[1.0],
        bounds=[(0.0, 1.0)] * k + [(None, None)] * 2,
    )
    if not found.success:
        raise ModelError(f"the nearest basket was not found: {found.message}")
    weights: NDArray[np.float64] = np.asarray(found.x[:k], dtype=np.float64)
    return weights, float(np.expm1(max(found.fun, 0.0)))
