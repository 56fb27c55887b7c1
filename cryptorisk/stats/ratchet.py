"""Ratchets and other asymmetries: memory of past peaks, and different answers to rises and falls.

References
----------
Mongardini and Mueller (2000), Ratchet effects in currency substitution: an application to the Kyrgyz Republic, IMF Staff
Papers 47(2), 218-237 (past peak as a regressor). Shin, Yu and Greenwood-Nimmo (2014), Modelling asymmetric cointegration
and dynamic multipliers in a nonlinear ARDL framework, in Festschrift in Honor of Peter Schmidt, 281-314 (partial sums).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cryptorisk.errors import ModelError
from cryptorisk.stats.error_correction import Coefficient, ErrorCorrection
from cryptorisk.stats.partial_adjustment import partial_adjustment
from cryptorisk.stats.sample import FloatArray, Values, checked_sample


@dataclass(frozen=True)
class RatchetTest:
    """Whether a variable is drawn towards its own past peak.

    Attributes
    ----------
    pull : Coefficient
        On the distance below the past peak; 0.1 closes a tenth of it in a period. Interval and p of the usual t, which are
        too optimistic when the variable is persistent.
    p : float
        Of no pull against an upward one, by the bootstrap.
    replications : int
    """

    pull: Coefficient
    p: float
    replications: int


def ratchet_test(
    y: Values,
    x: pd.DataFrame,
    *,
    rng: np.random.Generator,
    other: pd.DataFrame | None = None,
    replications: int = 999,
    level: float = 0.9,
) -> RatchetTest:
    """Test for a ratchet: ``y_t = b0 + b1 x_t + b2 y_{t-1} + b3 (max_{s<t} y_s - y_{t-1}) + other + e_t``, b3 > 0.

    Parameters
    ----------
    y : array-like, shape (t,)
    x, other : DataFrame, shape (t, d) and (t, o)
        As in `partial_adjustment`.
    rng : numpy.random.Generator
    replications : int
    level : float
        Of the interval.

    Returns
    -------
    RatchetTest

    Raises
    ------
    ModelError
        As `partial_adjustment`, and when the series never fell below its past peak.

    Notes
    -----
    Without a pull, y near a random walk and its running maximum are related, and the usual t rejects too often. The
    p-value is that of the t statistic among those of series made without a pull: the estimated equation with b3 = 0,
    its residuals with random signs (wild bootstrap, Liu 1988), peaks taken anew.
    """
    left = checked_sample(y, name="y")
    given = partial_adjustment(left, x, other=other)
    terms = past_distance(pd.Series(left, index=x.index)).to_frame()
    if not np.count_nonzero(terms[PULL].to_numpy()[1:]):
        raise ModelError("the series never fell below its past peak: a ratchet cannot be told from a trend")
    if float(left[1:-1].max()) <= left[0]:
        raise ModelError("the series never rose above its first value: its past peak is a constant")
    further = terms if other is None else pd.concat([other, terms], axis=1)
    fit = partial_adjustment(left, x, other=further)
    place = 1 + given.drivers
    certain = np.delete(given.design, place, axis=1)
    steady = certain @ np.delete(given.params, place)
    signs = rng.choice(np.array([-1.0, 1.0]), size=(replications, len(steady)))
    drawn = np.empty((replications, len(left)))
    drawn[:, 0] = left[0]
    for t in range(len(steady)):
        drawn[:, t + 1] = steady[t] + given.persistence * drawn[:, t] + signs[:, t] * given.resid[t]
    p = (1 + float(np.sum(_pull_t(drawn, certain) >= _pull_t(left[None, :], certain)[0]))) / (
        replications + 1
    )
    return RatchetTest(fit.coefficient(PULL, level=level), p, replications)


PULL = "distance below the past peak"


def _pull_t(series: FloatArray, certain: FloatArray) -> FloatArray:
    """Classical t of the pull in many series at once, shape (s, t)."""
    before = series[:, :-1]
    distance = np.maximum.accumulate(series, axis=1)[:, :-1] - before
    basis, _ = np.linalg.qr(certain)

    def less(table: FloatArray) -> FloatArray:
        left: FloatArray = table - (table @ basis) @ basis.T
        return left

    y, lag, gap = less(series[:, 1:]), less(before), less(distance)
    lag_square = np.einsum("st,st->s", lag, lag)
    gap = gap - lag * (np.einsum("st,st->s", gap, lag) / lag_square)[:, None]
    y = y - lag * (np.einsum("st,st->s", y, lag) / lag_square)[:, None]
    square = np.einsum("st,st->s", gap, gap)
    # A series without a new peak, or without a fall, says nothing of a pull.
    told = square > 1e-10 * np.einsum("st,st->s", distance, distance)
    square = np.where(told, square, 1.0)
    slope = np.einsum("st,st->s", gap, y) / square
    rest = np.einsum("st,st->s", y, y) - slope**2 * square
    df = series.shape[1] - 1 - certain.shape[1] - 2
    t: FloatArray = np.where(told, slope / np.sqrt(rest.clip(min=1e-300) / df / square), 0.0)
    return t


def past_distance(y: pd.Series) -> pd.Series:
    """Distance, a period before, below the largest value until then: ``max_{s<t} y_s - y_{t-1}``; missing for the first."""
    before = past_peak(y) - np.concatenate([[np.nan], y.to_numpy(dtype=np.float64)[:-1]])
    return pd.Series(before, index=y.index, name=PULL)


def past_peak(values: Values) -> FloatArray:
    """Largest value before each observation: ``max_{s<t} x_s``; missing for the first.

    Parameters
    ----------
    values : array-like, shape (t,)

    Returns
    -------
    ndarray, shape (t,)
    """
    series = checked_sample(values, name="values")
    return np.concatenate([[np.nan], np.maximum.accumulate(series)[:-1]])


def partial_sums(values: Values) -> tuple[FloatArray, FloatArray]:
    """Sums of a series' rises and of its falls, ``x_t = x_0 + plus_t + minus_t``; both start at zero.

    Parameters
    ----------
    values : array-like, shape (t,)

    Returns
    -------
    plus, minus : ndarray, shape (t,)
        The first never falls, the second never rises.
    """
    series = checked_sample(values, name="values")
    change = np.concatenate([[0.0], np.diff(series)])
    return np.cumsum(np.maximum(change, 0.0)), np.cumsum(np.minimum(change, 0.0))


def symmetry(fit: ErrorCorrection, plus: str, minus: str, *, level: float = 0.9) -> Coefficient:
    """Long-run coefficient of the sum of rises less that of the sum of falls, with its Wald test.

    Parameters
    ----------
    fit : ErrorCorrection
        With both partial sums among its regressors.
    plus, minus : str
        Their names.

    Returns
    -------
    Coefficient
        ``p`` is that of the hypothesis of symmetry (the square of its t is the Wald statistic). Covariance of Newey and
        West.
    """
    weights = [float(name == plus) - float(name == minus) for name in fit.regressors]
    if plus not in fit.regressors or minus not in fit.regressors:
        raise ModelError(f"{plus} and {minus} must be regressors (they are {', '.join(fit.regressors)})")
    return fit.long_run_contrast(weights, f"{plus} less {minus}", level=level)
