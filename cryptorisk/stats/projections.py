"""Local projections: the path of a variable after a movement of another that the past did not foretell.

    y_{t+h} - y_{t-1} = alpha_h + beta_h shock_t + Gamma_h'z_t + e_{t+h},   h = 0 ... H,

where z holds lags of all variables and contemporaneous controls. Because the lag of y is among them, the path is the
same whether the left side is y_{t+h} or its distance from y_{t-1}.

References
----------
Jorda (2005), Estimation and inference of impulse responses by local projections, American Economic Review 95(1), 161-182.
Newey and West (1987), Econometrica 55(3), 703-708. Montiel Olea and Plagborg-Moller (2021), Local projection inference is
simpler and more robust than you think, Econometrica 89(4), 1789-1823 (why lags of all variables belong in z).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.tsa.api import LocalProjections

from cryptorisk.errors import ModelError
from cryptorisk.stats.sample import FloatArray, checked_level

FEWEST_DF = 20
"""Degrees of freedom, at the longest horizon, below which the errors of Newey and West understate badly."""


@dataclass(frozen=True)
class Path:
    """Responses by horizon.

    Attributes
    ----------
    response, shock : str
    horizons : ndarray of int, shape (H + 1,)
    values, se, low, high : ndarray, shape (H + 1,)
        Per unit of the shock.
    level : float
    bandwidths : ndarray of int, shape (H + 1,)
        Lags of the covariance of Newey and West; never fewer than the horizon.
    shock_sd : float
        Standard deviation of what the regressors leave of the shock: a movement of usual size.
    n, coefficients : int
    """

    response: str
    shock: str
    horizons: np.ndarray
    values: FloatArray
    se: FloatArray
    low: FloatArray
    high: FloatArray
    level: float
    bandwidths: np.ndarray
    shock_sd: float
    n: int
    coefficients: int


def local_projection(
    data: pd.DataFrame,
    response: str,
    shock: str,
    *,
    horizons: int,
    lags: int,
    beside: tuple[str, ...] = (),
    level: float = 0.9,
) -> Path:
    """Response of one column to an unforetold movement of another.

    Parameters
    ----------
    data : DataFrame, shape (t, k)
        All variables whose lags are controls; levels or differences.
    response, shock : str
        Columns; the same one for a variable's response to itself.
    horizons : int
        H.
    lags : int
        At least one.
    beside : tuple of str
        Columns that also enter with their value of the same period: what is left of the shock is then free of them.
    level : float
        Nominal coverage, pointwise.

    Returns
    -------
    Path

    Raises
    ------
    ModelError
        Values that are not finite, unknown columns, no lag, or too few observations.

    Notes
    -----
    `statsmodels.tsa.api.LocalProjections` (0.15) gives coefficients and the covariance of Newey and West with a
    bandwidth of at least h. Its intervals cover too little in samples of some hundred observations, so that three things
    are added: n / (n - m), Student's quantiles, and, where it is larger, the error robust to changing variance alone,
    which is enough when lags of all variables are controls (Montiel Olea and Plagborg-Moller 2021). In a world of 150
    observations 90 % intervals then cover 85 to 91 % at horizons to 12 (statsmodels' own 80 to 88 %;
    `tests/recovery/test_recovery_dynamics.py`).
    """
    columns = tuple(map(str, data.columns))
    unknown = {response, shock, *beside} - set(columns)
    if unknown or shock in beside or response in beside:
        raise ModelError(
            f"response, shock and beside must be different columns of {columns} (got {response}, {shock}, {beside})"
        )
    table = data.to_numpy(dtype=np.float64)
    if not np.isfinite(table).all():
        raise ModelError("the data must be finite", remedy="drop or fill the gaps before estimating")
    if lags < 1 or horizons < 0:
        raise ModelError(f"lags must be 1 or more and horizons 0 or more (got {lags}, {horizons})")
    n, width = len(data) - lags - horizons, 2 + lags * len(columns) + len(beside)
    if n - width < FEWEST_DF:
        raise ModelError(
            f"{len(data)} observations leave {n} at horizon {horizons}; {width} coefficients need {width + FEWEST_DF}",
            remedy="shorten horizons or lags",
        )
    ordered = [shock, *(name for name in columns if name != shock)]
    now = data[list(beside)].to_numpy(dtype=np.float64) if beside else None
    settings = {"shock_idx": 0, "lags": lags, "horizons": horizons, "exog": now}
    levels, place, df = data[ordered].to_numpy(dtype=np.float64), ordered.index(response), n - width
    fitted = LocalProjections(levels, **settings).fit()
    # A bandwidth of zero leaves the covariance of White (1980).
    robust = LocalProjections(levels, **settings, nw_lags=0).fit()
    values = np.asarray(fitted.irfs)[:, place, 0]
    se = np.maximum(np.asarray(fitted.stderr), np.asarray(robust.stderr))[:, place, 0] * np.sqrt(n / df)
    half = stats.t.ppf(0.5 + checked_level(level) / 2, df) * se
    return Path(
        response,
        shock,
        np.arange(horizons + 1),
        values,
        se,
        values - half,
        values + half,
        level,
        np.array([bandwidth(h) for h in range(horizons + 1)]),
        _unforetold_sd(data[ordered], beside, lags, n, df),
        n,
        width,
    )


def bandwidth(horizon: int) -> int:
    """Lags of the covariance at a horizon: ``max(h, ceil(4 (h / 100)^(2/9)))``, statsmodels' rule."""
    return max(horizon, int(np.ceil(4.0 * (max(horizon, 1) / 100.0) ** (2.0 / 9.0))))


def _unforetold_sd(ordered: pd.DataFrame, beside: tuple[str, ...], lags: int, n: int, df: int) -> float:
    """Standard deviation of the shock after the regressors (Frisch and Waugh)."""
    table = ordered.to_numpy(dtype=np.float64)
    rows = np.arange(lags, lags + n)
    parts = [np.ones((n, 1)), *(table[rows - lag] for lag in range(1, lags + 1))]
    if beside:
        parts.append(ordered[list(beside)].to_numpy(dtype=np.float64)[rows])
    z = np.column_stack(parts)
    left = table[rows, 0]
    resid = left - z @ np.linalg.lstsq(z, left, rcond=None)[0]
    return float(np.sqrt(resid @ resid / df))
