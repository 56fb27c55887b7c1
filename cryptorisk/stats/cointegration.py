"""Johansen's test for the number of cointegrating relations, with a restricted or an unrestricted constant.

    d X_t = sum_{i<p} Gamma_i d X_{t-i} + alpha beta'X_{t-1} + deterministic + e_t.

A trap when published figures are repeated: statsmodels' `coint_johansen` knows no constant restricted to the
cointegrating relation and no seasonal dummies. On the Danish data its trace is 48.80 (unrestricted constant, no
seasonals), and 49.14 in the paper (restricted constant, centred seasonals); both are got here.

References
----------
Johansen and Juselius (1990), Maximum likelihood estimation and inference on cointegration, Oxford Bulletin of Economics
and Statistics 52(2), 169-210 (Table 2). MacKinnon, Haug and Michelis (1999), Journal of Applied Econometrics 14(5),
563-577 (critical values of statsmodels, for an unrestricted constant).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from scipy.linalg import eigh
from statsmodels.tsa.coint_tables import c_sjt

from cryptorisk.errors import ModelError
from cryptorisk.stats.sample import FloatArray, checked_choice, checked_count, checked_time

Constant = Literal["restricted", "unrestricted"]


@dataclass(frozen=True)
class Rank:
    """Johansen's trace test.

    Attributes
    ----------
    eigenvalues, trace : ndarray, shape (k,)
        The r-th trace tests at most r relations against more.
    critical : ndarray, shape (k,), or None
        At 5 %; None with a restricted constant or with seasonals, for which there is no table here.
    n : int
    """

    eigenvalues: FloatArray
    trace: FloatArray
    critical: FloatArray | None
    n: int

    @property
    def relations(self) -> int | None:
        """Number of relations at 5 %: the smallest that the trace does not reject."""
        if self.critical is None:
            return None
        rejected = self.trace > self.critical
        return len(rejected) if rejected.all() else int(rejected.argmin())


def johansen_trace(
    levels: FloatArray | pd.DataFrame, *, lags: int, constant: Constant = "unrestricted", seasons: int = 0
) -> Rank:
    """Trace statistics of a vector autoregression in levels.

    Parameters
    ----------
    levels : ndarray or DataFrame, shape (t, k)
    lags : int
        Of the autoregression in levels: p, so that p - 1 lagged differences stand in the equation.
    constant : {"restricted", "unrestricted"}
        Within the relations alone, or outside them (a linear trend in levels).
    seasons : int
        Observations a year for centred seasonal dummies; 0 for none.

    Returns
    -------
    Rank

    Raises
    ------
    ModelError
        Values that are not finite, one variable alone, too few observations, or an unknown kind of constant.
    """
    checked_choice(constant, get_args(Constant), name="constant")
    checked_count(lags, name="lags")
    checked_time(levels, name="levels")
    x = np.array(levels, dtype=np.float64)
    if x.ndim != 2 or x.shape[1] < 2:
        raise ModelError(f"levels must be of two variables or more (got shape {x.shape})")
    bad = np.argwhere(~np.isfinite(x))
    if bad.size:
        row, column = bad[0]
        named = levels.columns[column] if isinstance(levels, pd.DataFrame) else f"column {column}"
        at = levels.index[row] if isinstance(levels, pd.DataFrame) else f"position {row}"
        raise ModelError(
            f"levels must be finite: {len(bad)} values are not, the first of {named} at {at}",
            remedy="give a sample in which all series are observed",
        )
    t, k = x.shape
    if t - lags < k * lags + seasons + 10:
        raise ModelError(f"{t} observations are too few for {k} variables with {lags} lags")
    change = np.diff(x, axis=0)
    left, level = change[lags - 1 :], x[lags - 1 : -1]
    short = [change[lags - 1 - i : -i] for i in range(1, lags)]
    if seasons:
        place = (np.arange(t)[lags:, None] % seasons == np.arange(seasons - 1)).astype(np.float64)
        short.append(place - 1 / seasons)
    ones = np.ones((len(left), 1))
    if constant == "restricted":
        level = np.column_stack([level, ones])
    else:
        short.append(ones)
    r0, r1 = (_resid(part, short) for part in (left, level))
    n = len(left)
    s00, s11, s01 = r0.T @ r0 / n, r1.T @ r1 / n, r0.T @ r1 / n
    values = eigh(s01.T @ np.linalg.solve(s00, s01), s11, eigvals_only=True)[::-1][:k]
    trace = -n * np.cumsum(np.log1p(-values)[::-1])[::-1]
    table = None
    if constant == "unrestricted" and not seasons and k <= 12:
        table = np.array([c_sjt(k - r, 0)[1] for r in range(k)])
    return Rank(values, trace, table, n)


def _resid(left: FloatArray, right: list[FloatArray]) -> FloatArray:
    if not right:
        return left
    z = np.column_stack(right)
    resid: FloatArray = left - z @ np.linalg.lstsq(z, left, rcond=None)[0]
    return resid
