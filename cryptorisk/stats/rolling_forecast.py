"""One-day forecasts of value at risk and expected shortfall over many days, with the distributions behind them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cryptorisk.errors import ModelError
from cryptorisk.stats.backtest import BacktestOutcome
from cryptorisk.stats.sample import FloatArray, Values
from cryptorisk.stats.shocks import Shocks
from cryptorisk.stats.shortfall_backtest import z1_p_value, z2_p_value

Method = Literal["historical", "riskmetrics", "fhs", "student", "pareto"]
METHODS: tuple[Method, ...] = ("historical", "fhs", "student", "pareto")
"""Methods that are read off a rolling fit or its window."""


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


def forecast_of(
    method: Method,
    level: float,
    losses: FloatArray,
    value_at_risk: FloatArray,
    expected_shortfall: FloatArray,
    index: pd.Index,
    fits: tuple[int, int],
    parts: tuple[tuple[slice, Shocks, FloatArray, FloatArray], ...],
) -> RollingForecast:
    """Put a method's daily forecasts and the distributions behind them together."""
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


def dated(returns: Values, sample: FloatArray) -> pd.Series[float]:
    """The returns with their index, or counted."""
    index = returns.index if isinstance(returns, pd.Series) else pd.RangeIndex(sample.size)
    return pd.Series(sample, index=index, name="return_pct")


def check_window(sample: FloatArray, window: int, minimum: int) -> None:
    """Refuse a window that is too short or leaves no day to forecast."""
    if window < minimum:
        raise ModelError(f"a window of {window} days is too short; at least {minimum} are needed")
    if sample.size <= window:
        raise ModelError(f"a window of {window} days leaves none of {sample.size} to forecast")
