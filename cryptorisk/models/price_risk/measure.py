"""What the market itself can do: volatility, losses over ten days, the tail of daily falls. Bitcoin's price alone."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cryptorisk.errors import ModelError
from cryptorisk.models.price_risk.falls import LongFalls, long_falls
from cryptorisk.models.price_risk.tail import COVERAGE, DAYS_A_YEAR, Tail, measure_tail
from cryptorisk.models.price_risk.volatility_choice import VolatilityChoice, choose_volatility
from cryptorisk.params import CrashParams
from cryptorisk.stats.bootstrap import block_indices, percentile_interval
from cryptorisk.stats.fhs import FhsSimulation, RiskInterval, fhs_intervals, simulate_fhs
from cryptorisk.stats.garch import GarchFit

INTERVAL_DRAWS = 300
"""Parameter and block-bootstrap draws behind intervals: the Monte Carlo error of an 80 % interval's ends is
then about a tenth of the estimator's standard error."""

MIN_YEARS = 3.0
"""Shortest sample for volatility and tails: 5 % of three years' days are 55 falls, above the estimator's least."""


@dataclass(frozen=True, eq=False)
class Market:
    """Bitcoin's risk from its own price.

    Attributes
    ----------
    prices : pandas.Series
        Daily closing price in US dollars, without gaps, the estimation sample.
    returns : pandas.Series
        Daily log returns in percent.
    volatility : float
        Standard deviation of the sample's returns times the square root of 365, percent.
    volatility_interval : (float, float)
        Block-bootstrap interval.
    choice : VolatilityChoice
        Candidates, contest and the model that was chosen.
    simulation : FhsSimulation
    interval_1d, interval_h : RiskInterval or None
        None when the covariance of the parameters could not be computed.
    tail : Tail
    falls : LongFalls
        Over a quarter and a year.
    gaps : int
        Days without a price in the sample, over which returns were not computed.
    """

    prices: pd.Series[float]
    returns: pd.Series[float]
    volatility: float
    volatility_interval: tuple[float, float]
    choice: VolatilityChoice
    simulation: FhsSimulation
    interval_1d: RiskInterval | None
    interval_h: RiskInterval | None
    tail: Tail
    falls: LongFalls
    gaps: int

    @property
    def fit(self) -> GarchFit:
        """The chosen volatility model."""
        return self.choice.chosen

    @property
    def years(self) -> float:
        """Length of the sample."""
        return len(self.returns) / DAYS_A_YEAR


def measure(prices: pd.Series[float], params: CrashParams, seed: int) -> Market:
    """Fit volatility and tail to a daily price series and simulate losses.

    Parameters
    ----------
    prices : pandas.Series
        Daily closing prices, DatetimeIndex, positive; cut at ``params.sample_start`` here.
    params : CrashParams
    seed : int

    Returns
    -------
    Market

    Raises
    ------
    ModelError
        With less than three years of prices, or when an estimator refuses the series.
    """
    sample = prices[prices.index >= pd.Timestamp(params.sample_start)].dropna()
    returns = log_returns(sample)
    if len(returns) < MIN_YEARS * DAYS_A_YEAR:
        raise ModelError(
            f"{len(returns)} daily returns from {params.sample_start} on; volatility and tails need "
            f"{MIN_YEARS:g} years",
            remedy="choose an earlier crash.sample_start",
        )
    choice = choose_volatility(returns, params.var_level, generator(seed, 5))
    fit = choice.chosen
    interval_1d, interval_h = _intervals(fit, params, seed)
    return Market(
        prices=sample,
        returns=returns,
        volatility=annual_volatility(returns),
        volatility_interval=_volatility_interval(returns, seed),
        choice=choice,
        simulation=simulate_fhs(
            fit, rng=generator(seed, 2), horizon_days=params.horizon_days, paths=params.paths
        ),
        interval_1d=interval_1d,
        interval_h=interval_h,
        tail=measure_tail(-returns, fit, params, generator(seed, 1)),
        falls=long_falls(returns, generator(seed, 6), COVERAGE),
        gaps=int((sample.index.to_series().diff().dt.days.dropna() - 1).sum()),
    )


def log_returns(prices: pd.Series[float]) -> pd.Series[float]:
    """Daily log returns in percent; a return over a gap is not a daily one and is left out."""
    logs = pd.Series(100 * np.log(prices.to_numpy(dtype=float)), index=prices.index, name="return_pct")
    daily = prices.index.to_series().diff().dt.days == 1
    returns: pd.Series[float] = logs.diff()[daily].dropna()
    return returns


def annual_volatility(returns: pd.Series[float]) -> float:
    """Standard deviation of daily returns, a year's: times the square root of 365."""
    return _annual(float(returns.std()))


def _annual(daily: float) -> float:
    return daily * math.sqrt(DAYS_A_YEAR)


def _volatility_interval(returns: pd.Series[float], seed: int) -> tuple[float, float]:
    """Blocks of a quarter: volatility clusters over months."""
    values = returns.to_numpy()
    rows = block_indices(len(values), 90, INTERVAL_DRAWS, generator(seed, 3))
    return percentile_interval([_annual(float(values[row].std(ddof=1))) for row in rows], COVERAGE)


def _intervals(
    fit: GarchFit, params: CrashParams, seed: int
) -> tuple[RiskInterval, RiskInterval] | tuple[None, None]:
    """Over one day and over the horizon."""
    try:
        found = fhs_intervals(
            fit,
            tuple(dict.fromkeys((1, params.horizon_days))),
            rng=generator(seed, 11),
            level=params.var_level,
            coverage=COVERAGE,
            replications=INTERVAL_DRAWS,
            paths=2_000,
        )
    except ModelError:
        return None, None
    return found[1], found[params.horizon_days]


def generator(seed: int, stream: int) -> np.random.Generator:
    """Random numbers of one part of the chapter."""
    return np.random.default_rng([seed, 4, stream])
