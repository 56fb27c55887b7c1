"""Out-of-sample forecasts of value at risk: each day's forecast uses only the days before it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from cryptorisk.errors import ModelError
from cryptorisk.stats import garch
from cryptorisk.stats.garch import GarchFit
from cryptorisk.stats.garch_sample import MIN_OBSERVATIONS
from cryptorisk.stats.garch_specification import Distribution, Model
from cryptorisk.stats.rolling_benchmarks import rolling_historical, rolling_riskmetrics
from cryptorisk.stats.rolling_forecast import Method, RollingForecast, check_window, dated, forecast_of
from cryptorisk.stats.sample import FloatArray, Values, checked_level, checked_sample
from cryptorisk.stats.shocks import ShockKind, shocks_of

_SHOCKS: dict[Method, ShockKind] = {"fhs": "empirical", "student": "student", "pareto": "pareto"}


@dataclass(frozen=True, eq=False)
class RollingFit:
    """Volatility known the day before, with parameters refitted at intervals.

    Attributes
    ----------
    returns_pct, mean, volatility : ndarray, shape (days,)
        Of the forecast days.
    refits : tuple of (int, GarchFit)
        First forecast day on which each fit was used, and the fit.
    failed : int
        Refits that did not converge; the parameters before were kept.
    window : int
    history : Series, shape (window + days,)
        All returns, in percent.
    """

    returns_pct: FloatArray
    mean: FloatArray
    volatility: FloatArray
    refits: tuple[tuple[int, GarchFit], ...]
    failed: int
    window: int
    history: pd.Series[float]


def rolling_fit(
    returns_pct: Values,
    *,
    window: int = 1_000,
    refit_days: int = 20,
    model: Model = "gjr",
    distribution: Distribution = "t",
    expanding: bool = False,
) -> RollingFit:
    """Fit a volatility model on past days, refit it now and then, filter in between.

    Parameters
    ----------
    returns_pct : array-like, shape (n,)
        Daily returns in percent, in time order.
    window : int
        Days in each fit; at least 250.
    refit_days : int
        Days between fits. In between the parameters stay and the volatility is updated every day.
    model, distribution
        As in `cryptorisk.stats.garch.fit`.
    expanding : bool
        Every fit uses all days before it; else the last ``window`` ones.

    Returns
    -------
    RollingFit
        Forecast days are the last ``n - window`` ones.

    Raises
    ------
    ModelError
        When the window is shorter than 250 days or leaves no day to forecast, or the first fit fails.
    """
    sample = checked_sample(returns_pct, name="returns")
    check_window(sample, window, MIN_OBSERVATIONS)
    if refit_days < 1:
        raise ModelError(f"refit_days must be at least 1 (got {refit_days})")
    days = sample.size - window
    mean, volatility = np.empty(days), np.empty(days)
    refits: list[tuple[int, GarchFit]] = []
    failed = 0
    for begin in range(0, days, refit_days):
        end = min(begin + refit_days, days)
        first = 0 if expanding else begin
        past = sample[first : begin + window]
        previous = refits[-1][1] if refits else None
        fit = _refit(past, model, distribution, previous)
        if fit is None:
            failed += 1
            # Old parameters, but the residuals of the present window.
            fit = _refiltered(refits[-1][1], past)
        refits.append((begin, fit))
        seen = sample[first : window + end] - fit.mu
        sigma, _ = fit.recursion.filter(seen, float(fit.conditional_volatility.iloc[0]))
        mean[begin:end], volatility[begin:end] = fit.mu, sigma[begin - end :]
    return RollingFit(
        sample[window:], mean, volatility, tuple(refits), failed, window, dated(returns_pct, sample)
    )


def forecast_from(fitted: RollingFit, method: Method, *, level: float = 0.99) -> RollingForecast:
    """Value at risk and expected shortfall of one method from a rolling fit.

    Parameters
    ----------
    fitted : RollingFit
        One fit serves all methods.
    method : {"historical", "riskmetrics", "fhs", "student", "pareto"}
        ``historical``: quantile of the window's losses, no volatility model; ``riskmetrics``: see
        `rolling_riskmetrics`. The others scale the quantile of
        the standardised losses by the day's volatility: as observed (filtered historical simulation),
        Student t, or with a Pareto tail (McNeil and Frey).
    level : float
    """
    if method == "historical":
        return rolling_historical(fitted.history, window=fitted.window, level=level)
    if method == "riskmetrics":
        return rolling_riskmetrics(fitted.history, window=fitted.window, level=level)
    checked_level(level)
    days = fitted.returns_pct.size
    quantile, shortfall = np.empty(days), np.empty(days)
    parts = []
    begins = [begin for begin, _ in fitted.refits] + [days]
    for (begin, fit), end in zip(fitted.refits, begins[1:], strict=True):
        span = slice(begin, end)
        shocks = shocks_of(fit, _SHOCKS[method])
        quantile[span], shortfall[span] = shocks.measures(level)
        parts.append((span, shocks, fitted.mean[span], fitted.volatility[span]))
    return forecast_of(
        method,
        level,
        -fitted.returns_pct,
        -fitted.mean + fitted.volatility * quantile,
        -fitted.mean + fitted.volatility * shortfall,
        fitted.history.index[fitted.window :],
        (len(fitted.refits), fitted.failed),
        tuple(parts),
    )


def rolling_var(
    returns_pct: Values,
    *,
    method: Method = "fhs",
    level: float = 0.99,
    window: int = 1_000,
    refit_days: int = 20,
) -> RollingForecast:
    """One-day value at risk and expected shortfall out of sample, by one method.

    Parameters
    ----------
    returns_pct : array-like, shape (n,)
        Daily returns in percent, in time order.
    method : {"fhs", "historical", "riskmetrics", "student", "pareto"}
        See `forecast_from`. To compare methods, call `rolling_fit` once and `forecast_from` for each.
    level, window, refit_days
        As in `rolling_fit` and `forecast_from`.

    Returns
    -------
    RollingForecast
    """
    if method == "historical":
        return rolling_historical(returns_pct, window=window, level=level)
    if method == "riskmetrics":
        return rolling_riskmetrics(returns_pct, window=window, level=level)
    return forecast_from(rolling_fit(returns_pct, window=window, refit_days=refit_days), method, level=level)


def _refit(
    past: FloatArray, model: Model, distribution: Distribution, previous: GarchFit | None
) -> GarchFit | None:
    if previous is None:
        first = garch.fit(past, model=model, distribution=distribution, quick=True)
        if not first.converged:
            first = garch.fit(past, model=model, distribution=distribution)
        if not first.converged:
            raise ModelError(
                "the first fit of the rolling window did not converge", remedy="use a longer window"
            )
        return first
    start = np.asarray(previous.params, dtype=np.float64)
    warm = garch.fit(past, model=model, distribution=distribution, start=start, quick=True)
    if warm.converged:
        return warm
    afresh = garch.fit(past, model=model, distribution=distribution)
    return afresh if afresh.converged else None


def _refiltered(fit: GarchFit, past: FloatArray) -> GarchFit:
    residuals = past - fit.mu
    sigma, next_sigma = fit.recursion.filter(residuals, float(fit.conditional_volatility.iloc[0]))
    return replace(
        fit,
        conditional_volatility=pd.Series(sigma, name="volatility_pct"),
        standardized_residuals=pd.Series(residuals / sigma, name="standardized_residual"),
        next_sigma=next_sigma,
    )
