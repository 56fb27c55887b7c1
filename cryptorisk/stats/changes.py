"""Regression of changes on changes with errors of Newey and West: what is left when levels wander.

Two series that wander by themselves look related in levels whatever they are (Granger and Newbold 1974); their changes do
not. A coefficient of changes is what moved together within a period, and no more. How many observations carry it is told
with it: a regressor that stands still but for three dates has three observations, and no robust error is one (the same is
true of leverage in general, MacKinnon and White 1985).

References
----------
Granger and Newbold (1974), Spurious regressions in econometrics, Journal of Econometrics 2(2), 111-120. Newey and West
(1987), Econometrica 55(3), 703-708; (1994), Review of Economic Studies 61(4), 631-653. MacKinnon and White (1985), Journal
of Econometrics 29(3), 305-325. Kish (1965), Survey Sampling, section 11.7 (the effective size of a weighted sample).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.regression.linear_model import OLS

from cryptorisk.errors import ModelError
from cryptorisk.stats.error_correction import FEWEST_DF, Coefficient
from cryptorisk.stats.sample import FloatArray, checked_level

CONSTANT = "const"


@dataclass(frozen=True, eq=False)
class ChangesFit:
    """A fitted regression of changes.

    Attributes
    ----------
    names : tuple of str
        Regressors, the constant last.
    params : ndarray, shape (k,)
    cov : ndarray, shape (k, k)
        Of Newey and West with ``lags`` lags and n / (n - k).
    carried : ndarray, shape (k,)
        Observations that carry each coefficient: ``(sum r^2)^2 / sum r^4`` with r what is left of the regressor after the
        others.
    response, resid : ndarray, shape (n,)
    design : ndarray, shape (n, k)
    lags : int
    """

    names: tuple[str, ...]
    params: FloatArray
    cov: FloatArray
    carried: FloatArray
    response: FloatArray
    resid: FloatArray
    design: FloatArray
    lags: int

    @property
    def n(self) -> int:
        """Observations used."""
        return len(self.response)

    @property
    def df(self) -> int:
        """Observations less coefficients."""
        return self.n - len(self.params)

    @property
    def r2(self) -> float:
        """Share of the variance of the changes."""
        return 1.0 - float(self.resid @ self.resid) / float(
            np.sum((self.response - self.response.mean()) ** 2)
        )

    def coefficient(self, name: str, *, level: float = 0.9) -> Coefficient:
        """A coefficient with its interval by Student's t."""
        place = self._place(name)
        value, se = float(self.params[place]), math.sqrt(float(self.cov[place, place]))
        half = float(stats.t.ppf(0.5 + checked_level(level) / 2, self.df)) * se
        p = 2 * float(stats.t.sf(abs(value) / se, self.df))
        return Coefficient(name, value, se, p, value - half, value + half, level)

    def carrying(self, name: str) -> float:
        """Observations that carry one coefficient."""
        return float(self.carried[self._place(name)])

    def joint_p(self, names: Sequence[str]) -> float:
        """P-value of the F test that several coefficients are zero."""
        places = [self._place(name) for name in names]
        part = self.params[places]
        f = float(part @ np.linalg.solve(self.cov[np.ix_(places, places)], part)) / len(places)
        return float(stats.f.sf(f, len(places), self.df))

    def _place(self, name: str) -> int:
        if name not in self.names:
            raise ModelError(f"no regressor {name!r}; there are {', '.join(self.names)}")
        return self.names.index(name)


def fit_changes(response: pd.Series, regressors: pd.DataFrame, *, lags: int | None = None) -> ChangesFit:
    """Least squares of changes on changes and a constant.

    Parameters
    ----------
    response : Series, shape (n,)
        Changes, without gaps.
    regressors : DataFrame, shape (n, k)
    lags : int, optional
        Of Newey and West; default the whole part of ``4 (n / 100)^(2/9)``.

    Returns
    -------
    ChangesFit

    Raises
    ------
    ModelError
        Values that are not finite, too few observations, regressors that are not independent.
    """
    y = response.to_numpy(dtype=np.float64)
    x = np.column_stack([regressors.to_numpy(dtype=np.float64), np.ones(len(regressors))])
    names = (*map(str, regressors.columns), CONSTANT)
    if len(y) != len(x) or not (np.isfinite(y).all() and np.isfinite(x).all()):
        raise ModelError("changes and regressors must be finite and of one length")
    if len(y) < x.shape[1] + FEWEST_DF:
        raise ModelError(
            f"{len(y)} changes for {x.shape[1]} coefficients; at least {FEWEST_DF} more are needed"
        )
    size = np.linalg.norm(x, axis=0)
    if not (size > 0).all() or np.linalg.matrix_rank(x / size) < x.shape[1]:
        raise ModelError(
            f"regressors are linearly dependent or do not move ({', '.join(names[:-1])})",
            remedy="leave one of them out",
        )
    chosen = int(4 * (len(y) / 100) ** (2 / 9)) if lags is None else lags
    fitted = OLS(y, x).fit()
    robust = fitted.get_robustcov_results("HAC", maxlags=chosen, use_correction=True)
    return ChangesFit(
        names,
        np.asarray(fitted.params),
        np.asarray(robust.cov_params()),
        carried_by(x),
        y,
        np.asarray(fitted.resid),
        x,
        chosen,
    )


def carried_by(design: FloatArray) -> FloatArray:
    """Observations that carry each coefficient of a design, shape (k,): between one and n; n / 3 for normal regressors."""
    found = []
    for place in range(design.shape[1]):
        others = np.delete(design, place, axis=1)
        column = design[:, place]
        left = column - others @ np.linalg.lstsq(others, column, rcond=None)[0]
        squares = left**2
        found.append(float(squares.sum() ** 2 / np.sum(squares**2)))
    return np.array(found)
