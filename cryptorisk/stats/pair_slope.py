"""Maximum-likelihood slope b of the relation ``x_1 - b x_2`` of two log prices, given that there is one relation.

References
----------
Johansen (1991), Econometrica 59(6), 1551-1580 (reduced-rank regression). Hansen and Seo (2002), Journal of Econometrics
110(2), 293-318 (its error from the curvature of the likelihood, as in their program).
"""

from __future__ import annotations

import math

import numpy as np

from cryptorisk.errors import ModelError
from cryptorisk.stats.pair_model import pair_design
from cryptorisk.stats.sample import FloatArray

STEP = 1e-3
"""Step of the second difference, as in the program of Hansen and Seo; slopes of two prices of one thing are near one."""


def likely_slope(x: FloatArray, lags: int) -> float:
    """Slope of the largest likelihood in an error-correction model with a constant and ``lags`` lagged changes.

    Parameters
    ----------
    x : ndarray, shape (t, 2)
        Log prices at equally spaced times.
    lags : int

    Returns
    -------
    float

    Raises
    ------
    ModelError
        When the prices' past has too little in it.
    """
    left, z = pair_design(x, lags, 1.0)
    others = np.delete(z, 1, axis=1)
    both = np.column_stack([left, x[lags:-1]])
    both = both - others @ np.linalg.lstsq(others, both, rcond=None)[0]
    change, level = both[:, :2], both[:, 2:]
    cross = level.T @ change
    try:
        found = np.linalg.solve(level.T @ level, cross @ np.linalg.solve(change.T @ change, cross.T))
    except np.linalg.LinAlgError as singular:
        raise ModelError("one of the two prices does not move, or both move as one") from singular
    values, vectors = np.linalg.eig(found)
    vector = np.real(vectors[:, int(np.argmax(np.real(values)))])
    return float(-vector[1] / vector[0])


def slope_error(x: FloatArray, lags: int, slope: float) -> float:
    """Standard error of the slope, from the curvature of the concentrated likelihood; infinite where it is flat."""
    at = [_half_log_determinant(x, lags, slope + step) for step in (-STEP, 0.0, STEP)]
    curvature = (at[0] - 2 * at[1] + at[2]) / STEP**2
    return 1 / math.sqrt(curvature) if curvature > 0 else math.inf


def _half_log_determinant(x: FloatArray, lags: int, slope: float) -> float:
    left, z = pair_design(x, lags, slope)
    resid = left - z @ np.linalg.lstsq(z, left, rcond=None)[0]
    return len(left) / 2 * float(np.linalg.slogdet(resid.T @ resid / len(left))[1])
