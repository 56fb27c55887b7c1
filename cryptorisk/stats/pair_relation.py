"""Whether two log prices are held together, and whether their difference is what is held: the relation (1, -1).

References
----------
Johansen (1991), Econometrica 59(6), 1551-1580 (trace test; likelihood ratio of a known relation). MacKinnon, Haug and
Michelis (1999), Journal of Applied Econometrics 14(5), 563-577 (critical values in statsmodels).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2
from statsmodels.tsa.stattools import adfuller
from statsmodels.tsa.vector_ar.var_model import VAR
from statsmodels.tsa.vector_ar.vecm import coint_johansen

from cryptorisk.errors import ModelError
from cryptorisk.stats.sample import FloatArray

LEAST = 100
"""Fewest observations: of true pairs of 150 days the coverage study lets a third through and covers the truth in 81 to 84 of
100; with fewer the answer is nearly always a refusal, or worse."""
MOST_LAGS = 10
"""Two weeks of trading days."""
MOVES = 0.10
"""A price that changes on fewer than a tenth of the days is set and not found: there is nothing to discover in it, and the
critical values suppose news every day."""


@dataclass(frozen=True)
class PairRelation:
    """Johansen's test of two log prices.

    Attributes
    ----------
    relations : int
        At 5 %: none (each goes its own way), one (a common price), two (both are stationary, or the common price's pace
        changes within the sample, which the test takes for the same).
    returns : bool
        Whether a price by itself returns to a level: the smaller p-value of two augmented Dickey-Fuller tests is below 5 %.
    trace : tuple of float
        Of none against more, of one against two.
    critical : tuple of float
        Of both, at 5 %.
    slope : float
        b of the estimated relation ``x_1 - b x_2``.
    p_unit : float
        Of the likelihood-ratio test that b is one.
    lags : int
        Lagged changes, by Schwarz's criterion, at least one.
    n : int
    """

    relations: int
    returns: bool
    trace: tuple[float, float]
    critical: tuple[float, float]
    slope: float
    p_unit: float
    lags: int
    n: int


def pair_relation(x: FloatArray, *, most_lags: int = MOST_LAGS) -> PairRelation:
    """Test two log prices for a common one.

    Parameters
    ----------
    x : ndarray, shape (t, 2)
        Log prices at equally spaced times.
    most_lags : int

    Returns
    -------
    PairRelation

    Raises
    ------
    ModelError
        Too few observations (`LEAST`), values that are not finite, or a price that hardly ever changes (`MOVES`).

    Notes
    -----
    With a constant in the equations (prices may drift). The trace rejects too often under changing volatility, so that one
    relation found is weak evidence; none found is told as none found.
    """
    prices = checked_pair(x)
    moved = (np.diff(prices, axis=0) != 0).mean(axis=0)
    if moved.min() < MOVES:
        raise ModelError(
            f"one of the two prices changed on {100 * moved.min():.0f} % of the days: it is set and not found"
        )
    lags = schwarz_lags(prices, most_lags)
    test = coint_johansen(prices, 0, lags)
    rejected = test.trace_stat > test.trace_stat_crit_vals[:, 1]
    vector = test.evec[:, 0]
    return PairRelation(
        relations=0 if not rejected[0] else 1 + int(rejected[1]),
        returns=min(
            float(adfuller(price, maxlag=lags, autolag=None, result_object=True).pvalue) for price in prices.T
        )
        < 0.05,
        trace=(float(test.trace_stat[0]), float(test.trace_stat[1])),
        critical=(float(test.trace_stat_crit_vals[0, 1]), float(test.trace_stat_crit_vals[1, 1])),
        slope=float(-vector[1] / vector[0]),
        p_unit=_p_unit(test.r0t, test.rkt, float(test.eig[0])),
        lags=lags,
        n=len(prices),
    )


def checked_pair(x: FloatArray) -> FloatArray:
    """Copy two log prices, or refuse them: shape (t, 2), finite, at least `LEAST`."""
    prices = np.array(x, dtype=np.float64)
    if prices.ndim != 2 or prices.shape[1] != 2 or not np.isfinite(prices).all():
        raise ModelError(f"two columns of finite log prices are needed (got shape {prices.shape})")
    if len(prices) < LEAST:
        raise ModelError(f"{len(prices)} observations of two prices; at least {LEAST} are needed")
    return prices


def schwarz_lags(prices: FloatArray, most: int) -> int:
    """Lagged changes by Schwarz's criterion, from one to ``most`` and a tenth of the sample at most."""
    top = max(1, min(most, len(prices) // 10 - 1))
    order = VAR(prices).select_order(top + 1, trend="c").selected_orders["bic"]
    return max(1, int(order) - 1)


def _p_unit(r0: FloatArray, r1: FloatArray, largest: float) -> float:
    """P-value of the hypothesis that the relation is (1, -1): chi-squared with one degree of freedom."""
    n = len(r0)
    s00, s11, s01 = r0.T @ r0 / n, r1.T @ r1 / n, r0.T @ r1 / n
    unit = np.array([1.0, -1.0])
    held = float(unit @ s01.T @ np.linalg.solve(s00, s01) @ unit / (unit @ s11 @ unit))
    return float(chi2.sf(max(0.0, n * (np.log1p(-held) - np.log1p(-largest))), 1))
