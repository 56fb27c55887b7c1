"""Benchmarks of a backtest, without a fitted model: historical simulation and RiskMetrics."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.signal import lfilter

from cryptorisk.stats.rolling_forecast import RollingForecast, check_window, dated, forecast_of
from cryptorisk.stats.sample import Values, checked_level, checked_sample
from cryptorisk.stats.shocks import EmpiricalShocks, NormalShocks

RISKMETRICS_DECAY = 0.94
"""Decay of daily volatility in RiskMetrics (J.P. Morgan and Reuters 1996, Technical Document, section 5.3)."""


def rolling_historical(returns_pct: Values, *, window: int = 500, level: float = 0.99) -> RollingForecast:
    """Historical simulation: the quantile of the last ``window`` losses, every day anew."""
    sample = checked_sample(returns_pct, name="returns")
    checked_level(level)
    check_window(sample, window, max(2, round(1.0 / (1.0 - level))))
    past = -sliding_window_view(sample, window)[:-1]
    quantile = np.quantile(past, level, axis=1)
    beyond = past >= quantile[:, None]
    shortfall = (past * beyond).sum(axis=1) / beyond.sum(axis=1)
    dates = dated(returns_pct, sample).index[window:]
    one = np.ones(1)
    parts = tuple((slice(day, day + 1), EmpiricalShocks(row), 0.0 * one, one) for day, row in enumerate(past))
    return forecast_of("historical", level, -sample[window:], quantile, shortfall, dates, (0, 0), parts)


def rolling_riskmetrics(
    returns_pct: Values, *, window: int = 500, level: float = 0.99, decay: float = RISKMETRICS_DECAY
) -> RollingForecast:
    """RiskMetrics: normal shocks scaled by exponentially weighted volatility, mean zero, nothing estimated.

    ``s_t^2 = decay s_{t-1}^2 + (1 - decay) r_{t-1}^2``, started from the mean square of the first ``window`` days;
    forecasts are those of the days after them.
    """
    sample = checked_sample(returns_pct, name="returns")
    checked_level(decay, name="decay")
    check_window(sample, window, 2)
    first = float(np.mean(sample[:window] ** 2))
    later, _ = lfilter([1.0], [1.0, -decay], (1.0 - decay) * sample**2, zi=[decay * first])
    sigma = np.sqrt(later[window - 1 : -1])
    quantile, shortfall = NormalShocks().measures(level)
    parts = ((slice(0, sigma.size), NormalShocks(), np.zeros(sigma.size), sigma),)
    dates = dated(returns_pct, sample).index[window:]
    return forecast_of(
        "riskmetrics", level, -sample[window:], sigma * quantile, sigma * shortfall, dates, (0, 0), parts
    )
