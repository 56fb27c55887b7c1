"""Unrestricted error-correction form of an autoregressive distributed-lag model, with long-run coefficients.

    d y_t = deterministic + phi y_{t-1} + beta'x_{t-1} + sum_{i<p} psi_i d y_{t-i} + sum_j sum_{l<q_j} delta_jl d x_{j,t-l}
            + fixed_t + e_t.

The level relation is ``y = theta'x`` with ``theta = -beta / phi``; ``phi`` is the speed of adjustment. Every
regressor has an order of at least one, so that its lagged level stands in the equation.

References
----------
Pesaran and Shin (1999), An autoregressive distributed-lag modelling approach to cointegration analysis, in
Econometrics and Economic Theory in the 20th Century, chapter 11. Pesaran, Shin and Smith (2001), Bounds testing
approaches to the analysis of level relationships, Journal of Applied Econometrics 16(3), 289-326, equation (8).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats
from statsmodels.regression.linear_model import OLS

from cryptorisk.errors import ModelError
from cryptorisk.stats.distributed_lags import DETERMINISTIC, Levels, Order, Regressors, Trend
from cryptorisk.stats.sample import FloatArray, Values, checked_level

Covariance = Literal["nonrobust", "hac"]


@dataclass(frozen=True)
class Coefficient:
    """A coefficient with its standard error, two-sided p-value and confidence interval."""

    name: str
    value: float
    se: float
    p: float
    low: float
    high: float
    level: float


@dataclass(frozen=True)
class ErrorCorrection:
    """A fitted error-correction model.

    Attributes
    ----------
    dependent : str
    regressors : tuple of str
        Names of the k regressors.
    order : Order
    trend : {"n", "c", "ct"}
    names : tuple of str
        Of all m coefficients: deterministic terms, ``y.L1``, ``x.L1`` ..., ``D.y.L1`` ..., ``D.x.L0`` ..., fixed.
    params : ndarray, shape (m,)
    cov, cov_hac : ndarray, shape (m, m)
        Classical covariance, and that of Newey and West (1987) with ``hac_lags`` lags and n / (n - m).
    response, resid : ndarray, shape (n,)
    design : ndarray, shape (n, m)
    hac_lags : int
    """

    dependent: str
    regressors: tuple[str, ...]
    order: Order
    trend: Trend
    names: tuple[str, ...]
    params: FloatArray
    cov: FloatArray
    cov_hac: FloatArray
    response: FloatArray
    resid: FloatArray
    design: FloatArray
    hac_lags: int

    @property
    def n(self) -> int:
        """Observations used."""
        return len(self.response)

    @property
    def df_resid(self) -> int:
        """Observations less coefficients."""
        return self.n - len(self.params)

    @property
    def aic(self) -> float:
        """Akaike's criterion of the normal likelihood, the error variance counted as a parameter."""
        return criterion_value(float(self.resid @ self.resid), self.n, len(self.params), "aic")

    @property
    def level_places(self) -> range:
        """Places of ``y.L1`` and the ``x.L1`` among the coefficients."""
        first = len(DETERMINISTIC[self.trend])
        return range(first, first + 1 + len(self.regressors))

    def covariance(self, kind: Covariance) -> FloatArray:
        """One of the two covariance matrices of the coefficients."""
        return self.cov_hac if kind == "hac" else self.cov

    def coefficient(self, name: str, *, kind: Covariance = "hac", level: float = 0.9) -> Coefficient:
        """A coefficient of the equation by its name."""
        if name not in self.names:
            raise ModelError(f"no coefficient {name!r}; there are {', '.join(self.names)}")
        place = self.names.index(name)
        variance = float(self.covariance(kind)[place, place])
        return self._told(name, float(self.params[place]), variance, level)

    def speed(self, *, kind: Covariance = "hac", level: float = 0.9) -> Coefficient:
        """Speed of adjustment, the coefficient on the lagged level of the dependent variable."""
        return self.coefficient(self.names[self.level_places[0]], kind=kind, level=level)

    def long_run(self, *, kind: Covariance = "hac", level: float = 0.9) -> tuple[Coefficient, ...]:
        """Long-run coefficients of all regressors; standard errors by the delta method."""
        values, cov = self.long_run_values(kind=kind)
        return tuple(
            self._told(name, float(values[i]), float(cov[i, i]), level)
            for i, name in enumerate(self.regressors)
        )

    def long_run_values(self, *, kind: Covariance = "hac") -> tuple[FloatArray, FloatArray]:
        """Long-run coefficients, shape (k,), and their covariance by the delta method, shape (k, k)."""
        places = list(self.level_places)
        phi, beta = self.params[places[0]], self.params[places[1:]]
        cov = self.covariance(kind)[np.ix_(places, places)]
        gradient = np.column_stack([beta / phi**2, -np.eye(len(beta)) / phi])
        return -beta / phi, gradient @ cov @ gradient.T

    def long_run_contrast(
        self, weights: Sequence[float], name: str, *, kind: Covariance = "hac", level: float = 0.9
    ) -> Coefficient:
        """A weighted sum of long-run coefficients (a difference of two, say) with its standard error."""
        values, cov = self.long_run_values(kind=kind)
        w = np.asarray(weights, dtype=np.float64)
        return self._told(name, float(w @ values), float(w @ cov @ w), level)

    def half_life(self, *, kind: Covariance = "hac", level: float = 0.9) -> tuple[float, float, float]:
        """Periods until half of a deviation from the level relation is gone: ``ln 0.5 / ln(1 + phi)``.

        Returns
        -------
        tuple of float
            Value and the ends that belong to the speed's interval; infinite where the speed is not negative, zero where
            it is -1 or beyond (gone within the period). The model's short-run terms play no part in it.
        """
        speed = self.speed(kind=kind, level=level)
        return _half_life(speed.value), _half_life(speed.low), _half_life(speed.high)

    def _told(self, name: str, value: float, variance: float, level: float) -> Coefficient:
        se = math.sqrt(max(variance, 0.0))
        half = float(stats.t.ppf(0.5 + checked_level(level) / 2, self.df_resid)) * se
        p = 2 * float(stats.t.sf(abs(value) / se, self.df_resid)) if se > 0 else math.nan
        return Coefficient(name, value, se, p, value - half, value + half, level)


def fit_error_correction(
    y: Values,
    x: Regressors,
    order: Order,
    *,
    trend: Trend = "c",
    fixed: Regressors | None = None,
    hold_back: int | None = None,
    hac_lags: int | None = None,
) -> ErrorCorrection:
    """Estimate an error-correction model of a given order by least squares.

    Parameters
    ----------
    y : array-like, shape (t,)
        Dependent variable in levels (logs, rates).
    x : ndarray or DataFrame, shape (t, k)
        Regressors in levels; at most integrated of order one.
    order : Order
    trend : {"n", "c", "ct"}
    fixed : ndarray or DataFrame, shape (t, f), optional
        Regressors that enter as they are: seasonal dummies, centred so that the constant keeps its meaning.
    hold_back : int, optional
        First observations left out, for samples in common; default as many as the longest lag.
    hac_lags : int, optional
        Default the whole part of ``4 (n / 100)^(2/9)`` (Newey and West 1994).

    Returns
    -------
    ErrorCorrection

    Raises
    ------
    ModelError
        Values that are not finite, unequal lengths, fewer observations than coefficients and ten, or linearly
        dependent regressors.
    """
    table = Levels.read(y, x, fixed)
    if len(order.distributed) != len(table.x_names):
        raise ModelError(f"order {order} has {len(order.distributed)} regressors, x has {len(table.x_names)}")
    start = order.longest if hold_back is None else hold_back
    if start < order.longest:
        raise ModelError(f"hold_back ({start}) is shorter than the longest lag ({order.longest})")
    blocks = table.blocks(order.lags, order.distributed, trend)
    names = tuple(name for block in blocks for name in block.names)
    design = np.column_stack([block.values for block in blocks])[start:]
    response = table.change()[start:]
    if len(response) < design.shape[1] + FEWEST_DF:
        raise ModelError(
            f"{len(response)} observations for {design.shape[1]} coefficients; at least {FEWEST_DF} more are needed",
            remedy="lower the order or lengthen the sample",
        )
    if np.linalg.matrix_rank(design / np.linalg.norm(design, axis=0).clip(min=1e-300)) < design.shape[1]:
        raise ModelError(
            f"regressors are linearly dependent ({', '.join(names)})", remedy="leave one of them out"
        )
    lags = int(4 * (len(response) / 100) ** (2 / 9)) if hac_lags is None else hac_lags
    fitted = OLS(response, design).fit()
    robust = fitted.get_robustcov_results("HAC", maxlags=lags, use_correction=True)
    return ErrorCorrection(
        table.y_name,
        table.x_names,
        order,
        trend,
        names,
        np.asarray(fitted.params),
        np.asarray(fitted.cov_params()),
        np.asarray(robust.cov_params()),
        response,
        np.asarray(fitted.resid),
        design,
        lags,
    )


FEWEST_DF = 10
"""Degrees of freedom below which t quantiles and the covariance of Newey and West are not worth printing."""


def _half_life(speed: float) -> float:
    if speed >= 0:
        return math.inf
    return 0.0 if speed <= -1 else math.log(0.5) / math.log1p(speed)


def criterion_value(ssr: float, n: int, coefficients: int, criterion: str) -> float:
    """Information criterion of a least-squares fit, as statsmodels defines it."""
    twice = n * (math.log(2 * math.pi * ssr / n) + 1)
    penalty = 2.0 if criterion == "aic" else math.log(n)
    return twice + penalty * (coefficients + 1)
