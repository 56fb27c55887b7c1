"""Did forecasts of value at risk hold? Tests of the number and the order of violations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import xlog1py, xlogy
from scipy.stats import binom, chi2

from cryptorisk.errors import ModelError
from cryptorisk.stats.sample import (
    FloatArray,
    Values,
    checked_alike,
    checked_count,
    checked_level,
    checked_sample,
    checked_time,
)

Zone = Literal["green", "yellow", "red"]


@dataclass(frozen=True)
class BacktestOutcome:
    """A test statistic, its p-value and the counts behind it."""

    statistic: float
    p_value: float
    violations: int
    n_obs: int

    @property
    def violation_share(self) -> float:
        """Violations per observation."""
        return self.violations / self.n_obs


def violations(losses: Values, value_at_risk: Values) -> NDArray[np.bool_]:
    """Periods in which the loss exceeded the forecast, shape (n,); both in the same unit, losses positive.

    Two Series must be of the same dates, in order; arrays are paired by position.
    """
    checked_time(losses, name="losses")
    checked_alike(losses=losses, forecasts=value_at_risk)
    actual = checked_sample(losses, name="losses")
    forecast = checked_sample(value_at_risk, name="value at risk")
    if actual.size != forecast.size:
        raise ModelError(f"{actual.size} losses but {forecast.size} forecasts")
    return np.asarray(actual > forecast)


def kupiec(count: int, n_obs: int, probability: float) -> BacktestOutcome:
    """Likelihood-ratio test that violations come with the stated probability.

    Parameters
    ----------
    count : int
        Violations.
    n_obs : int
        Forecasts.
    probability : float
        Of a violation: 0.01 for a value at risk at 99 %.

    Returns
    -------
    BacktestOutcome
        Chi-squared with one degree of freedom.

    References
    ----------
    Kupiec (1995), Journal of Derivatives 3(2), equation (6).
    """
    checked_level(probability, name="probability")
    _checked_counts(count, n_obs)
    ratio = _kupiec_ratio(np.array([count]), n_obs, probability)
    return BacktestOutcome(float(ratio[0]), float(chi2.sf(ratio[0], 1)), count, n_obs)


def kupiec_region(n_obs: int, probability: float, *, size: float = 0.05) -> tuple[int, int]:
    """Fewest and most violations that Kupiec's test does not reject.

    Parameters
    ----------
    n_obs : int
    probability : float
        Of a violation.
    size : float
        Of the test.

    Returns
    -------
    (fewest, most)
        Both not rejected.
    """
    checked_level(probability, name="probability")
    counts = np.arange(n_obs + 1)
    accepted = counts[_kupiec_ratio(counts, n_obs, probability) < chi2.isf(size, 1)]
    if accepted.size == 0:
        raise ModelError(
            f"no number of violations in {n_obs} forecasts is accepted", remedy="use a longer sample"
        )
    return int(accepted[0]), int(accepted[-1])


def christoffersen_independence(hits: NDArray[np.bool_]) -> BacktestOutcome:
    """Likelihood-ratio test that a violation does not make one on the next day more or less likely.

    Parameters
    ----------
    hits : ndarray of bool, shape (n,)
        In time order.

    Returns
    -------
    BacktestOutcome
        Chi-squared with one degree of freedom. It sees dependence from one day to the next only.

    References
    ----------
    Christoffersen (1998), International Economic Review 39(4), section 3.2.
    """
    flags = _checked_hits(hits)
    before, after = flags[:-1], flags[1:]
    n01, n11 = int((~before & after).sum()), int((before & after).sum())
    n00, n10 = int((~before & ~after).sum()), int((before & ~after).sum())
    pooled = _binomial_loglikelihood(n01 + n11, n00 + n10)
    apart = _binomial_loglikelihood(n01, n00) + _binomial_loglikelihood(n11, n10)
    ratio = max(0.0, -2.0 * (pooled - apart))
    return BacktestOutcome(ratio, float(chi2.sf(ratio, 1)), int(flags.sum()), flags.size)


def christoffersen_coverage(hits: NDArray[np.bool_], probability: float) -> BacktestOutcome:
    """Joint test of the number of violations and of their independence (conditional coverage).

    Chi-squared with two degrees of freedom; the sum of Kupiec's ratio and that of independence
    (Christoffersen 1998, section 3.3).
    """
    flags = _checked_hits(hits)
    count = int(flags.sum())
    ratio = kupiec(count, flags.size, probability).statistic + christoffersen_independence(flags).statistic
    return BacktestOutcome(ratio, float(chi2.sf(ratio, 2)), count, flags.size)


def dynamic_quantile(
    hits: NDArray[np.bool_], value_at_risk: Values, probability: float, *, lags: int = 4
) -> BacktestOutcome:
    """Test that neither past violations nor the forecast itself predict a violation.

    Parameters
    ----------
    hits : ndarray of bool, shape (n,)
    value_at_risk : array-like, shape (n,)
    probability : float
        Of a violation.
    lags : int
        Past days that are looked at.

    Returns
    -------
    BacktestOutcome
        Chi-squared with as many degrees of freedom as linearly independent regressors (``lags + 2`` as a rule).

    References
    ----------
    Engle and Manganelli (2004), Journal of Business and Economic Statistics 22(4), theorem 4.
    """
    flags = _checked_hits(hits)
    forecast = checked_sample(value_at_risk, name="value at risk", minimum=10 * (lags + 2))
    if forecast.size != flags.size:
        raise ModelError(f"{flags.size} violations but {forecast.size} forecasts")
    excess = flags - checked_level(probability, name="probability")
    past = [excess[lags - lag : -lag] for lag in range(1, lags + 1)]
    regressors = np.column_stack([np.ones(flags.size - lags), *past, forecast[lags:]])
    coefficients, _, rank, _ = np.linalg.lstsq(regressors, excess[lags:], rcond=None)
    fitted = regressors @ coefficients
    statistic = float(fitted @ fitted) / (probability * (1.0 - probability))
    return BacktestOutcome(statistic, float(chi2.sf(statistic, int(rank))), int(flags.sum()), flags.size)


def traffic_light(count: int, n_obs: int, probability: float) -> Zone:
    """Zone of the market-risk rules: how likely fewer violations were under a correct model.

    Yellow from a cumulative probability of 95 %, red from 99.99 %; with 250 observations and 1 % these are 5
    and 10 violations (Basel Committee 1996, Supervisory framework for the use of backtesting, table 2).
    """
    _checked_counts(count, n_obs)
    cumulative = float(binom.cdf(count, n_obs, checked_level(probability, name="probability")))
    if cumulative < 0.95:
        return "green"
    return "yellow" if cumulative < 0.9999 else "red"


def _kupiec_ratio(counts: NDArray[np.int64], n_obs: int, probability: float) -> FloatArray:
    stated = xlogy(counts, probability) + xlog1py(n_obs - counts, -probability)
    share = counts / n_obs
    seen = xlogy(counts, share) + xlog1py(n_obs - counts, -share)
    return np.asarray(np.maximum(-2.0 * (stated - seen), 0.0))


def _binomial_loglikelihood(hits: int, misses: int) -> float:
    total = hits + misses
    if total == 0:
        return 0.0
    share = hits / total
    return float(xlogy(hits, share) + xlogy(misses, 1.0 - share))


def _checked_counts(count: int, n_obs: int) -> None:
    checked_count(n_obs, name="the number of forecasts")
    if checked_count(count, name="the number of violations", least=0) > n_obs:
        raise ModelError(f"{count} violations in {n_obs} forecasts are not possible")


def _checked_hits(hits: NDArray[np.bool_]) -> NDArray[np.bool_]:
    flags = np.asarray(hits)
    if flags.dtype != np.bool_ or flags.ndim != 1 or flags.size < 2:
        raise ModelError("violations must be a one-dimensional array of true and false, at least two of them")
    return flags
