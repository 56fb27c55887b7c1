"""Two prices drawn together at one speed when the gap is small and at another when it is large.

With the gap ``w_t = x_1t - b x_2t`` and ``z_{t-1} = (1, w_{t-1}, d x_{t-1}, ..., d x_{t-l})``,

    d x_t = A_1' z_{t-1} [w_{t-1} <= c] + A_2' z_{t-1} [w_{t-1} > c] + e_t,     Var(e) = S.

Every coefficient may differ; b, c and A by maximum likelihood, over a grid of (b, c).

References
----------
Hansen and Seo (2002), Testing for two-regime threshold cointegration in vector error-correction models, Journal of
Econometrics 110(2), 293-318. They prove neither consistency nor a distribution of the estimates: errors of A are those of a
known b and c.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from cryptorisk.errors import ModelError
from cryptorisk.stats.pair_model import pair_design
from cryptorisk.stats.pair_relation import checked_pair
from cryptorisk.stats.pair_slope import likely_slope, slope_error
from cryptorisk.stats.sample import FloatArray
from cryptorisk.stats.split_sums import cross_sums, split, threshold_grid

TRIM = 0.15
"""Smallest share of the observations in a regime (Andrews 1993, Econometrica 61(4), 821-856). Hansen and Seo take 0.05,
which leaves their smaller regime 24 observations for eight coefficients and their robust errors."""
GRID = 100
"""Thresholds tried; Hansen and Seo take 300."""
SLOPES = 50
REACH = 6.0
"""The grid of slopes reaches six standard errors to each side of the linear model's, as in the program of Hansen and Seo."""


@dataclass(frozen=True)
class SpeedRegime:
    """One regime: how fast each price moves when there is a gap.

    Attributes
    ----------
    name : str
        ``below`` and ``above`` the threshold.
    n : int
    coefficients, errors : ndarray, shape (2 + 2 lags, 2)
        Constant, gap, lagged changes; one column an equation. Errors of Eicker and White, the threshold known.
    """

    name: str
    n: int
    coefficients: FloatArray
    errors: FloatArray

    @property
    def speeds(self) -> FloatArray:
        """Share of the gap that each price adds in a period, shape (2,)."""
        speeds: FloatArray = self.coefficients[1]
        return speeds

    @property
    def speed_errors(self) -> FloatArray:
        """Their standard errors."""
        errors: FloatArray = self.errors[1]
        return errors


@dataclass(frozen=True)
class ThresholdVECM:
    """Estimated two-regime model.

    Attributes
    ----------
    slope : float
        b.
    threshold : float
        c, in the unit of the gap.
    regimes : (SpeedRegime, SpeedRegime)
    cost : float
        ``n / 2 ln det S`` at the estimates: the log likelihood but for its sign and a constant.
    linear_cost, linear_slope, linear_slope_error : float
        Of the model without a threshold; no error where the slope is given (nought).
    lags, n : int
    """

    slope: float
    threshold: float
    regimes: tuple[SpeedRegime, SpeedRegime]
    cost: float
    linear_cost: float
    linear_slope: float
    linear_slope_error: float
    lags: int
    n: int


def fit_threshold_vecm(
    x: FloatArray,
    *,
    lags: int,
    slope: float | None = None,
    trim: float = TRIM,
    grid: int = GRID,
    slopes: int = SLOPES,
) -> ThresholdVECM:
    """Estimate the two-regime error-correction model of two log prices.

    Parameters
    ----------
    x : ndarray, shape (t, 2)
        Log prices at equally spaced times.
    lags : int
        Lagged changes.
    slope : float, optional
        b, where it is known; default estimated.
    trim : float
        Smallest share of the observations in a regime.
    grid, slopes : int
        Thresholds and slopes tried; thresholds are values of the linear model's gap.

    Returns
    -------
    ThresholdVECM

    Raises
    ------
    ModelError
        As `checked_pair` and `threshold_grid`; and where a regime's past has too little in it.
    """
    x = checked_pair(x)
    linear, error = (
        (slope, 0.0) if slope is not None else (found := likely_slope(x, lags), slope_error(x, lags, found))
    )
    if not math.isfinite(error):
        raise ModelError("the likelihood does not tell the slope of the relation")
    thresholds = threshold_grid(pair_design(x, lags, linear)[1][:, 1], grid, trim)
    tried = np.array([linear]) if slope is not None else linear + error * np.linspace(-REACH, REACH, slopes)
    costs = np.array([_costs(x, lags, float(b), thresholds, trim) for b in tried])
    if not np.isfinite(costs).any():
        raise ModelError("no threshold leaves both regimes enough observations")
    at, place = np.unravel_index(int(np.argmin(costs)), costs.shape)
    b, c = float(tried[at]), float(thresholds[place])
    left, z = pair_design(x, lags, b)
    low = z[:, 1] <= c
    regimes = (_regime("below", left[low], z[low]), _regime("above", left[~low], z[~low]))
    straight = pair_design(x, lags, linear)[1]
    resid = left - straight @ np.linalg.lstsq(straight, left, rcond=None)[0]
    return ThresholdVECM(
        b,
        c,
        regimes,
        float(costs[at, place]),
        float(_cost(resid.T @ resid, len(left))),
        linear,
        error,
        lags,
        len(left),
    )


def _costs(x: FloatArray, lags: int, slope: float, thresholds: FloatArray, trim: float) -> FloatArray:
    """``n / 2 ln det S`` for every threshold, shape (g,); infinite where a regime is too small."""
    left, z = pair_design(x, lags, slope)
    order, counts = split(z[:, 1], thresholds)
    n, shares = len(left), counts / len(left)
    kept = np.minimum(shares, 1 - shares) > trim
    costs = np.full(len(thresholds), math.inf)
    if not kept.any():
        return costs
    sums = cross_sums(z[order], np.column_stack([z, left])[order], counts[kept])
    explained = np.zeros((int(kept.sum()), 2, 2))
    for part in (sums, (z.T @ np.column_stack([z, left]))[None] - sums):
        cross, moment = part[:, :, : z.shape[1]], part[:, :, z.shape[1] :]
        try:
            explained += moment.transpose(0, 2, 1) @ np.linalg.solve(cross, moment)
        except np.linalg.LinAlgError as singular:
            raise ModelError("the prices' past has too little in it to look for a threshold") from singular
    costs[kept] = _cost(left.T @ left - explained, n)
    return costs


def _cost(squares: FloatArray, n: int) -> FloatArray:
    cost: FloatArray = n / 2 * np.linalg.slogdet(squares / n)[1]
    return cost


def _regime(name: str, left: FloatArray, z: FloatArray) -> SpeedRegime:
    inverse = np.linalg.pinv(z.T @ z)
    coefficients = inverse @ z.T @ left
    resid = left - z @ coefficients
    errors = [np.sqrt(np.diag(inverse @ (z * e[:, None] ** 2).T @ z @ inverse)) for e in resid.T]
    return SpeedRegime(name, len(left), coefficients, np.column_stack(errors))
