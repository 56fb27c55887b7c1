"""Forecasts of one series by simple models: naive ones, smoothing, autoregression, local level and trend.

All work on any real series of equal steps; levels that grow in proportion are given as logarithms.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from statsmodels.tools.sm_exceptions import ConvergenceWarning, EstimationWarning, ModelWarning
from statsmodels.tsa.ar_model import AutoReg, ar_select_order
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
from statsmodels.tsa.statespace.structural import UnobservedComponents

from cryptorisk.errors import ModelError

Floats = NDArray[np.float64]

SEASON = 12
MOST_LAGS = 4
"""Autoregression of changes: at most four lags, of which BIC keeps as many as pay for themselves."""
FEWEST = 24
"""Observations below which nothing is fitted: two years of months."""


@dataclass(frozen=True, eq=False)
class Forecast:
    """Mean and standard deviation of the coming periods as the model itself states them, shape (h,)."""

    mean: Floats
    sd: Floats


@dataclass(frozen=True)
class Candidate:
    """A way of forecasting.

    Attributes
    ----------
    name, label : str
    fit : callable
        Series to parameters; the costly part, which a rolling evaluation repeats now and then.
    forecast : callable
        Parameters, series and number of periods to a `Forecast`; cheap.
    naive : bool
        Whether it estimates nothing but the size of its errors.
    """

    name: str
    label: str
    fit: Callable[[Floats], Any]
    forecast: Callable[[Any, Floats, int], Forecast]
    naive: bool = False


def _nothing(y: Floats) -> None:
    del y


def random_walk(_: None, y: Floats, periods: int) -> Forecast:
    """The last value; the standard deviation grows with the square root of the horizon."""
    ahead = np.arange(1, periods + 1)
    return Forecast(np.full(periods, y[-1]), _root_mean_square(np.diff(y)) * np.sqrt(ahead))


def random_walk_with_drift(_: None, y: Floats, periods: int) -> Forecast:
    """The last value and the mean change; the drift's own error is in the standard deviation."""
    ahead = np.arange(1, periods + 1)
    drift, n = (y[-1] - y[0]) / (y.size - 1), y.size - 1
    sd = np.std(np.diff(y), ddof=1) * np.sqrt(ahead + ahead**2 / n)
    return Forecast(y[-1] + drift * ahead, np.asarray(sd))


def seasonal_naive(_: None, y: Floats, periods: int) -> Forecast:
    """The value of the same month a year before."""
    ahead = np.arange(periods)
    sd = _root_mean_square(y[SEASON:] - y[:-SEASON]) * np.sqrt(ahead // SEASON + 1)
    return Forecast(y[-SEASON:][ahead % SEASON], sd)


def _root_mean_square(values: Floats) -> float:
    return float(np.sqrt(np.mean(values**2)))


def _ets(y: Floats) -> ETSModel:
    return ETSModel(pd.Series(y), error="add", trend="add", damped_trend=True)


def _fit_ets(y: Floats) -> Any:
    return _ets(y).fit(disp=False).params


def _forecast_ets(params: Any, y: Floats, periods: int) -> Forecast:
    """Run the recursions and carry them on (Hyndman and others 2008, table 6.1): the library's own takes 40 times longer."""
    alpha, beta, phi, level, trend = (float(one) for one in params)
    squares = 0.0
    for value in y:
        error = value - level - phi * trend
        level, trend = level + phi * trend + alpha * error, phi * trend + beta * error
        squares += error**2
    damping = np.cumsum(phi ** np.arange(1, periods + 1))
    response = np.concatenate([[1.0], alpha + beta * damping[:-1]])
    return Forecast(level + damping * trend, np.sqrt(squares / y.size * np.cumsum(response**2)))


def _fit_autoregression(y: Floats) -> Any:
    change = np.diff(y)
    lags = ar_select_order(change, MOST_LAGS, ic="bic").ar_lags
    fitted = AutoReg(change, lags or 0).fit()
    return tuple(lags or ()), np.asarray(fitted.params), float(np.sqrt(fitted.sigma2))


def _forecast_autoregression(fitted: Any, y: Floats, periods: int) -> Forecast:
    lags, params, sigma = fitted
    change = list(np.diff(y)[-MOST_LAGS:])
    response = [1.0]  # of the change to its own error
    for _ in range(periods):
        change.append(params[0] + sum(b * change[-lag] for b, lag in zip(params[1:], lags, strict=True)))
        known = zip(params[1:], lags, strict=True)
        response.append(sum(b * response[-lag] for b, lag in known if lag <= len(response)))
    mean = y[-1] + np.cumsum(change[-periods:])
    level = np.cumsum(response[:periods])  # of the level to an error that many periods before
    return Forecast(mean, sigma * np.sqrt(np.cumsum(level**2)))


def _components(kind: str) -> Candidate:
    def fit(y: Floats) -> Any:
        return UnobservedComponents(y, kind).fit(disp=False, maxiter=100).params

    def forecast(params: Any, y: Floats, periods: int) -> Forecast:
        model = UnobservedComponents(y, kind)
        model.update(params)
        return _carried_on(model.ssm, periods)

    label = {"llevel": "Local level", "lltrend": "Local linear trend"}[kind]
    return Candidate({"llevel": "local_level", "lltrend": "local_trend"}[kind], label, fit, forecast)


def _carried_on(ssm: Any, periods: int) -> Forecast:
    """Mean and deviation of the coming observations from the last predicted state."""
    found = ssm.filter()
    state, variance = found.predicted_state[:, -1], found.predicted_state_cov[:, :, -1]
    z, transition, chosen = ssm["design"], ssm["transition"], ssm["selection"]
    noise = chosen @ ssm["state_cov"] @ chosen.T
    mean, spread = np.empty(periods), np.empty(periods)
    for step in range(periods):
        mean[step], spread[step] = (z @ state).item(), (z @ variance @ z.T + ssm["obs_cov"]).item()
        state, variance = transition @ state, transition @ variance @ transition.T + noise
    return Forecast(mean, np.sqrt(spread))


CANDIDATES: Mapping[str, Candidate] = MappingProxyType(
    {
        one.name: one
        for one in (
            Candidate("random_walk", "Random walk (no change)", _nothing, random_walk, naive=True),
            Candidate("drift", "Random walk with drift", _nothing, random_walk_with_drift, naive=True),
            Candidate("seasonal_naive", "Same month a year before", _nothing, seasonal_naive, naive=True),
            Candidate("ets", "Exponential smoothing, damped trend", _fit_ets, _forecast_ets),
            Candidate(
                "autoregression", "Autoregression of changes", _fit_autoregression, _forecast_autoregression
            ),
            _components("llevel"),
            _components("lltrend"),
        )
    }
)
"""The candidates by name. Exponential smoothing is ETS(A, Ad, N) (Hyndman and others 2008); local level and local linear
trend are the structural models of Harvey (1989), by maximum likelihood in state space."""


def forecast(name: str, y: Floats, periods: int) -> Forecast:
    """Fit a candidate and forecast.

    Parameters
    ----------
    name : str
        Key of `CANDIDATES`.
    y : ndarray, shape (n,)
        Without gaps, at least 24.
    periods : int

    Returns
    -------
    Forecast

    Raises
    ------
    ModelError
        For gaps, too short a series, or a series that does not move.
    """
    y = checked(y)
    candidate = CANDIDATES[name]
    with quiet():
        return candidate.forecast(candidate.fit(y), y, periods)


def checked(y: Floats) -> Floats:
    """The series as floats, refused when it has gaps, is short or never moves."""
    y = np.asarray(y, dtype=float)
    if y.ndim != 1 or y.size < FEWEST:
        raise ModelError(
            f"{y.size} observations are too few to forecast from", remedy=f"give at least {FEWEST}"
        )
    if not np.isfinite(y).all():
        raise ModelError(f"{int((~np.isfinite(y)).sum())} observations are missing", remedy="cut the sample")
    if np.ptp(y) == 0:
        raise ModelError("the series never moves")
    return y


@contextmanager
def quiet() -> Iterator[None]:
    """Optimisers' warnings are not shown: the rolling evaluation judges the forecasts themselves."""
    with warnings.catch_warnings():
        for kind in (ConvergenceWarning, EstimationWarning, ModelWarning, RuntimeWarning):
            warnings.simplefilter("ignore", kind)
        yield
