"""Out-of-sample forecasts of value at risk: each day's forecast uses only the days before it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.signal import lfilter

from cryptorisk.errors import ModelError
from cryptorisk.stats import garch
from cryptorisk.stats.backtest import BacktestOutcome, z1_p_value, z2_p_value
from cryptorisk.stats.garch import MIN_OBSERVATIONS, GarchFit
from cryptorisk.stats.garch_specification import Distribution, Model
from cryptorisk.stats.sample import FloatArray, Values, checked_level, checked_sample
from cryptorisk.stats.shocks import EmpiricalShocks, NormalShocks, ShockKind, Shocks, shocks_of

Method = Literal["historical", "riskmetrics", "fhs", "student", "pareto"]
METHODS: tuple[Method, ...] = ("historical", "fhs", "student", "pareto")
"""Methods that are read off a rolling fit or its window."""

RISKMETRICS_DECAY = 0.94
"""Decay of daily volatility in RiskMetrics (J.P. Morgan and Reuters 1996, Technical Document, section 5.3)."""

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


@dataclass(frozen=True, eq=False)
class RollingForecast:
    """One-day forecasts of one method and what happened.

    Attributes
    ----------
    method : str
    level : float
    losses, value_at_risk, expected_shortfall : Series
        Percent, losses positive, on the forecast days.
    hits : ndarray of bool
        Days on which the loss exceeded the value at risk.
    refits, failed : int
        Model fits, and how many of them did not converge (zero for ``historical``).
    """

    method: Method
    level: float
    losses: pd.Series[float]
    value_at_risk: pd.Series[float]
    expected_shortfall: pd.Series[float]
    hits: NDArray[np.bool_]
    refits: int
    failed: int
    _parts: tuple[tuple[slice, Shocks, FloatArray, FloatArray], ...] = field(repr=False)

    def draw_losses(self, replications: int, rng: np.random.Generator) -> FloatArray:
        """Losses drawn from each day's own forecast distribution, shape (replications, days)."""
        drawn = np.empty((replications, self.losses.size))
        for days, shocks, mean, volatility in self._parts:
            size = (replications, days.stop - days.start)
            drawn[:, days] = -mean + volatility * shocks.draw(size, rng)
        return drawn

    def z1(self, rng: np.random.Generator, *, replications: int = 1_000) -> BacktestOutcome:
        """Test of the size of losses beyond the value at risk, simulated under these forecasts."""
        return z1_p_value(
            self.losses,
            self.value_at_risk,
            self.expected_shortfall,
            self.draw_losses(replications, rng),
        )

    def z2(self, rng: np.random.Generator, *, replications: int = 1_000) -> BacktestOutcome:
        """Test of the expected shortfall by Acerbi and Szekely, simulated under these forecasts."""
        return z2_p_value(
            self.losses,
            self.value_at_risk,
            self.expected_shortfall,
            self.level,
            self.draw_losses(replications, rng),
        )


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
    _check_window(sample, window, MIN_OBSERVATIONS)
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
        sample[window:], mean, volatility, tuple(refits), failed, window, _dated(returns_pct, sample)
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
    return _forecast(
        method,
        level,
        -fitted.returns_pct,
        -fitted.mean + fitted.volatility * quantile,
        -fitted.mean + fitted.volatility * shortfall,
        fitted.history.index[fitted.window :],
        (len(fitted.refits), fitted.failed),
        tuple(parts),
    )


def rolling_historical(returns_pct: Values, *, window: int = 500, level: float = 0.99) -> RollingForecast:
    """Historical simulation: the quantile of the last ``window`` losses, every day anew."""
    sample = checked_sample(returns_pct, name="returns")
    checked_level(level)
    _check_window(sample, window, max(2, round(1.0 / (1.0 - level))))
    past = -sliding_window_view(sample, window)[:-1]
    quantile = np.quantile(past, level, axis=1)
    beyond = past >= quantile[:, None]
    shortfall = (past * beyond).sum(axis=1) / beyond.sum(axis=1)
    dates = _dated(returns_pct, sample).index[window:]
    one = np.ones(1)
    parts = tuple((slice(day, day + 1), EmpiricalShocks(row), 0.0 * one, one) for day, row in enumerate(past))
    return _forecast("historical", level, -sample[window:], quantile, shortfall, dates, (0, 0), parts)


def rolling_riskmetrics(
    returns_pct: Values, *, window: int = 500, level: float = 0.99, decay: float = RISKMETRICS_DECAY
) -> RollingForecast:
    """RiskMetrics: normal shocks scaled by exponentially weighted volatility, mean zero, nothing estimated.

    ``s_t^2 = decay s_{t-1}^2 + (1 - decay) r_{t-1}^2``, started from the mean square of the first ``window`` days;
    forecasts are those of the days after them.
    """
    sample = checked_sample(returns_pct, name="returns")
    checked_level(decay, name="decay")
    _check_window(sample, window, 2)
    first = float(np.mean(sample[:window] ** 2))
    later, _ = lfilter([1.0], [1.0, -decay], (1.0 - decay) * sample**2, zi=[decay * first])
    sigma = np.sqrt(later[window - 1 : -1])
    quantile, shortfall = NormalShocks().measures(level)
    parts = ((slice(0, sigma.size), NormalShocks(), np.zeros(sigma.size), sigma),)
    dates = _dated(returns_pct, sample).index[window:]
    return _forecast(
        "riskmetrics", level, -sample[window:], sigma * quantile, sigma * shortfall, dates, (0, 0), parts
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


def _forecast(
    method: Method,
    level: float,
    losses: FloatArray,
    value_at_risk: FloatArray,
    expected_shortfall: FloatArray,
    index: pd.Index,
    fits: tuple[int, int],
    parts: tuple[tuple[slice, Shocks, FloatArray, FloatArray], ...],
) -> RollingForecast:
    return RollingForecast(
        method=method,
        level=level,
        losses=pd.Series(losses, index=index, name="loss_pct"),
        value_at_risk=pd.Series(value_at_risk, index=index, name="value_at_risk_pct"),
        expected_shortfall=pd.Series(expected_shortfall, index=index, name="expected_shortfall_pct"),
        hits=losses > value_at_risk,
        refits=fits[0],
        failed=fits[1],
        _parts=parts,
    )


def _dated(returns: Values, sample: FloatArray) -> pd.Series[float]:
    index = returns.index if isinstance(returns, pd.Series) else pd.RangeIndex(sample.size)
    return pd.Series(sample, index=index, name="return_pct")


def _check_window(sample: FloatArray, window: int, minimum: int) -> None:
    if window < minimum:
        raise ModelError(f"a window of {window} days is too short; at least {minimum} are needed")
    if sample.size <= window:
        raise ModelError(f"a window of {window} days leaves none of {sample.size} to forecast")
