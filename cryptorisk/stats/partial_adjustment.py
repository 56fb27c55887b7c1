"""Partial adjustment: a variable that closes a part of its distance to where its drivers would have it each period.

References
----------
Ramirez-Rojas (1985), Currency substitution in Argentina, Mexico, and Uruguay, IMF Staff Papers 32(4), 629-667.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.regression.linear_model import OLS

from cryptorisk.errors import ModelError
from cryptorisk.stats.error_correction import FEWEST_DF, Coefficient
from cryptorisk.stats.sample import FloatArray, Values, checked_level, checked_sample


@dataclass(frozen=True)
class PartialAdjustment:
    """A fitted equation ``y_t = b0 + b1 x_t + b2 y_{t-1} + other terms``.

    Attributes
    ----------
    names : tuple of str
        ``const``, those of x, ``y.L1``, those of the other terms.
    params : ndarray, shape (m,)
    cov : ndarray, shape (m, m)
        Newey and West (1987), with n / (n - m).
    response, resid : ndarray, shape (n,)
    design : ndarray, shape (n, m)
    drivers : int
        Number of columns of x.
    """

    names: tuple[str, ...]
    params: FloatArray
    cov: FloatArray
    response: FloatArray
    resid: FloatArray
    design: FloatArray
    drivers: int

    @property
    def df_resid(self) -> int:
        """Observations less coefficients."""
        return len(self.response) - len(self.params)

    @property
    def persistence(self) -> float:
        """Coefficient on the lagged dependent variable."""
        return float(self.params[1 + self.drivers])

    def coefficient(self, name: str, *, level: float = 0.9) -> Coefficient:
        """A coefficient by its name."""
        weights = np.zeros(len(self.params))
        weights[self.names.index(name)] = 1.0
        return self._told(name, float(weights @ self.params), weights, level)

    def long_run(self, name: str, *, level: float = 0.9) -> Coefficient:
        """``b / (1 - b2)`` for a term of the equation, standard error by the delta method.

        Raises
        ------
        ModelError
            When the persistence is one or more: there is no long run.
        """
        if self.persistence >= 1:
            raise ModelError(f"persistence is {self.persistence:.3f}: the equation has no long run")
        place, rest = self.names.index(name), 1 - self.persistence
        gradient = np.zeros(len(self.params))
        gradient[place] = 1 / rest
        gradient[1 + self.drivers] = self.params[place] / rest**2
        return self._told(name, float(self.params[place]) / rest, gradient, level)

    def _told(self, name: str, value: float, gradient: FloatArray, level: float) -> Coefficient:
        se = math.sqrt(max(float(gradient @ self.cov @ gradient), 0.0))
        half = float(stats.t.ppf(0.5 + checked_level(level) / 2, self.df_resid)) * se
        p = 2 * float(stats.t.sf(abs(value) / se, self.df_resid)) if se > 0 else math.nan
        return Coefficient(name, value, se, p, value - half, value + half, level)


def partial_adjustment(
    y: Values, x: pd.DataFrame, *, other: pd.DataFrame | None = None, hac_lags: int | None = None
) -> PartialAdjustment:
    """Estimate a partial-adjustment equation by least squares.

    Parameters
    ----------
    y : array-like, shape (t,)
    x : DataFrame, shape (t, d)
        Drivers, whose long-run effect is of interest.
    other : DataFrame, shape (t, o), optional
        Further terms: a past peak, seasonal dummies.
    hac_lags : int, optional
        Default ``4 (n / 100)^(2/9)``, whole part.

    Returns
    -------
    PartialAdjustment

    Raises
    ------
    ModelError
        Values that are not finite after the first observation, too few observations, dependent terms.
    """
    left = checked_sample(y, name="y")
    terms = x if other is None else pd.concat([x, other], axis=1)
    table = terms.to_numpy(dtype=np.float64)
    if len(table) != len(left) or not np.isfinite(table[1:]).all():
        raise ModelError(
            "x and other must be finite from the second observation on, with one row for each value of y"
        )
    d = x.shape[1]
    n = len(left) - 1
    design = np.column_stack([np.ones(n), table[1:, :d], left[:-1], table[1:, d:]])
    names = ("const", *map(str, x.columns), "y.L1", *(() if other is None else map(str, other.columns)))
    if n < design.shape[1] + FEWEST_DF:
        raise ModelError(
            f"{n} observations for {design.shape[1]} coefficients; at least {FEWEST_DF} more are needed"
        )
    if np.linalg.matrix_rank(design / np.linalg.norm(design, axis=0).clip(min=1e-300)) < design.shape[1]:
        raise ModelError(f"terms are linearly dependent ({', '.join(names)})")
    lags = int(4 * (n / 100) ** (2 / 9)) if hac_lags is None else hac_lags
    fitted = OLS(left[1:], design).fit()
    cov = fitted.get_robustcov_results("HAC", maxlags=lags, use_correction=True).cov_params()
    return PartialAdjustment(
        names, np.asarray(fitted.params), np.asarray(cov), left[1:], np.asarray(fitted.resid), design, d
    )
