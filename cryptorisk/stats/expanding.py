"""Errors of a regression on observations it has not seen, estimated anew at every date from what was known then."""

from __future__ import annotations

import numpy as np

from cryptorisk.errors import ModelError
from cryptorisk.stats.sample import FloatArray


def expanding_errors(y: FloatArray, x: FloatArray, *, first: int, delay: int) -> FloatArray:
    """Errors of least squares on expanding samples.

    Parameters
    ----------
    y : ndarray, shape (n,)
        Outcomes by date of the forecast; the outcome of row t is known ``delay`` rows later.
    x : ndarray, shape (n, k)
        Regressors without a constant, which is added. What enters row t is held to be known at t, or given as part of
        the question (a forecast conditional on the path of another variable).
    first : int
        Rows known at the first forecast; more than the coefficients.
    delay : int
        Rows between a forecast and its outcome, not negative.

    Returns
    -------
    ndarray, shape (n - first - delay,)
        Outcome less forecast of the rows ``first + delay ... n - 1``; each is estimated from the rows whose outcomes were
        known by then.

    Raises
    ------
    ModelError
        Values that are not finite, shapes that do not agree, or too few rows.

    Notes
    -----
    Horizons that overlap make the errors dependent: compare them by blocks of time.
    """
    y, x = np.asarray(y, dtype=np.float64), np.asarray(x, dtype=np.float64)
    if x.ndim != 2 or y.shape != (len(x),):
        raise ModelError(f"y has shape {y.shape} and x {x.shape}; they must be (n,) and (n, k)")
    if not (np.isfinite(y).all() and np.isfinite(x).all()):
        raise ModelError("the data must be finite", remedy="drop or fill the gaps before estimating")
    if delay < 0 or first <= x.shape[1] + 1:
        raise ModelError(
            f"first must exceed the {x.shape[1] + 1} coefficients and delay not be negative ({first}, {delay})"
        )
    if len(y) <= first + delay:
        raise ModelError(f"{len(y)} rows; more than {first + delay} are needed")
    z = np.column_stack([np.ones(len(x)), x])
    return np.array([_error(y, z, row, row - delay) for row in range(first + delay, len(y))])


def _error(y: FloatArray, z: FloatArray, row: int, known: int) -> float:
    coefficients = np.linalg.lstsq(z[:known], y[:known], rcond=None)[0]
    return float(y[row] - z[row] @ coefficients)
