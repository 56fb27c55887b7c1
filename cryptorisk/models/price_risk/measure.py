"""What the market itself can do: volatility, losses over ten days, the tail of daily falls. Bitcoin's price alone."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cryptorisk.errors import ModelError
from cryptorisk.params import CrashParams
from cryptorisk.stats.bootstrap import block_indices, percentile_interval
from cryptorisk.stats.clusters import Clusters, decluster
from cryptorisk.stats.fhs import FhsSimulation, RiskInterval, fhs_interval, simulate_fhs
from cryptorisk.stats.garch import GarchFit, fit_gjr
from cryptorisk.stats.tail_diagnostics import threshold_stability
from cryptorisk.stats.tail_intervals import shape_interval, tail_draws
from cryptorisk.stats.tails import GpdFit, fit_gpd

COVERAGE = 0.8
"""Nominal coverage of the chapter's intervals, the kit's usual level."""

DAYS_A_YEAR = 365
"""Bitcoin trades on every day of the year."""

REFERENCE_FALL_PCT = 20.0
"""One-day fall whose probability is shown. It lies between the tail's threshold and the largest fall seen since
2014 (12 March 2020), so that the fitted tail interpolates and is not asked about what nobody has observed."""

RETURN_PERIODS_YEARS = (1, 2, 5, 10, 20)
"""Return periods of the one-day fall. The longest is less than twice the sample; beyond it a return level says
more about the assumed tail than about data."""

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
    fit : GarchFit
    simulation : FhsSimulation
    interval_1d, interval_h : RiskInterval or None
        None when the covariance of the parameters could not be computed.
    tail : GpdFit
        Of daily losses in percent log points.
    xi_interval : (float, float)
        Profile likelihood.
    draws : pandas.DataFrame
        Block-bootstrap refits of the tail.
    clusters : Clusters
    stability : pandas.DataFrame
        Shape over thresholds.
    levels : pandas.DataFrame
        ``years``, ``fall_pct``, ``low``, ``high``: one-day fall exceeded once in so many years.
    fall_draws : pandas.DataFrame
        Block-bootstrap draws of the yearly probability of a one-day fall, a column for each fall in percent.
    gaps : int
        Days without a price in the sample, over which returns were not computed.
    """

    prices: pd.Series[float]
    returns: pd.Series[float]
    volatility: float
    volatility_interval: tuple[float, float]
    fit: GarchFit
    simulation: FhsSimulation
    interval_1d: RiskInterval | None
    interval_h: RiskInterval | None
    tail: GpdFit
    xi_interval: tuple[float, float]
    draws: pd.DataFrame
    clusters: Clusters
    stability: pd.DataFrame
    levels: pd.DataFrame
    fall_draws: pd.DataFrame
    gaps: int

    @property
    def years(self) -> float:
        """Length of the sample."""
        return len(self.returns) / DAYS_A_YEAR

    def simple_tail(self, level: float) -> tuple[float, float, tuple[float, float], tuple[float, float]]:
        """Through-the-cycle one-day value at risk and expected shortfall, simple percent, with intervals."""
        quantile = _simple(self.draws["value_at_risk"].to_numpy())
        return (
            self.tail.simple_value_at_risk(level),
            self.tail.simple_expected_shortfall(level),
            percentile_interval(quantile, COVERAGE),
            percentile_interval(self.draws["simple_expected_shortfall"].to_numpy(), COVERAGE),
        )

    def yearly_probability(self, fall_pct: float) -> float:
        """Probability of at least one one-day fall of more than ``fall_pct`` percent within a year."""
        return self.tail.probability_within(_log_loss(fall_pct), DAYS_A_YEAR, self.clusters.extremal_index)

    def fall_interval(self, fall_pct: float) -> tuple[float, float]:
        """Block-bootstrap interval of `yearly_probability`, in percent."""
        column = self.fall_draws[fall_pct]
        return percentile_interval(100 * column.to_numpy(), COVERAGE)


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
    returns = _log_returns(sample)
    if len(returns) < MIN_YEARS * DAYS_A_YEAR:
        raise ModelError(
            f"{len(returns)} daily returns from {params.sample_start} on; volatility and tails need "
            f"{MIN_YEARS:g} years",
            remedy="choose an earlier crash.sample_start",
        )
    fit = fit_gjr(returns)
    threshold = threshold_quantile(params)
    tail = fit_gpd(-returns, quantile=threshold)
    clusters = decluster(-returns, tail.threshold)
    draws = tail_draws(
        -returns,
        rng=_rng(seed, 1),
        level=params.var_level,
        quantile=threshold,
        replications=INTERVAL_DRAWS,
    )
    levels, fall_draws = _return_levels(-returns, tail, clusters, params, seed)
    return Market(
        prices=sample,
        returns=returns,
        volatility=_annual(float(returns.std())),
        volatility_interval=_volatility_interval(returns, seed),
        fit=fit,
        simulation=simulate_fhs(fit, rng=_rng(seed, 2), horizon_days=params.horizon_days, paths=params.paths),
        interval_1d=_interval(fit, params, seed, 1),
        interval_h=_interval(fit, params, seed, params.horizon_days),
        tail=tail,
        xi_interval=shape_interval(tail, COVERAGE),
        draws=draws,
        clusters=clusters,
        stability=threshold_stability(-returns, coverage=COVERAGE),
        levels=levels,
        fall_draws=fall_draws,
        gaps=int((sample.index.to_series().diff().dt.days.dropna() - 1).sum()),
    )


def threshold_quantile(params: CrashParams) -> float:
    """Quantile above which the tail is fitted: at least a hundredth below the level that is read off it."""
    return min(params.tail_threshold, params.var_level - 0.01)


def _log_returns(prices: pd.Series[float]) -> pd.Series[float]:
    """Daily log returns in percent; a return over a gap is not a daily one and is left out."""
    logs = pd.Series(100 * np.log(prices.to_numpy(dtype=float)), index=prices.index, name="return_pct")
    daily = prices.index.to_series().diff().dt.days == 1
    returns: pd.Series[float] = logs.diff()[daily].dropna()
    return returns


def _annual(daily: float) -> float:
    return daily * math.sqrt(DAYS_A_YEAR)


def _volatility_interval(returns: pd.Series[float], seed: int) -> tuple[float, float]:
    """Blocks of a quarter: volatility clusters over months."""
    values = returns.to_numpy()
    rows = block_indices(len(values), 90, INTERVAL_DRAWS, _rng(seed, 3))
    return percentile_interval([_annual(float(values[row].std(ddof=1))) for row in rows], COVERAGE)


def _interval(fit: GarchFit, params: CrashParams, seed: int, horizon: int) -> RiskInterval | None:
    try:
        return fhs_interval(
            fit,
            rng=_rng(seed, 10 + horizon),
            level=params.var_level,
            coverage=COVERAGE,
            horizon_days=horizon,
            replications=INTERVAL_DRAWS,
            paths=2_000,
        )
    except ModelError:
        return None


def _return_levels(
    losses: pd.Series[float], tail: GpdFit, clusters: Clusters, params: CrashParams, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return levels with block-bootstrap intervals, and draws of the yearly probability of the reference fall."""
    # A return period beyond twice the sample's length would say more about the assumed tail than about data.
    sample = losses.to_numpy()
    years = [y for y in RETURN_PERIODS_YEARS if y <= 2 * len(sample) / DAYS_A_YEAR]
    rows = block_indices(len(sample), 20, INTERVAL_DRAWS, _rng(seed, 4))
    draws, falls = np.empty((INTERVAL_DRAWS, len(years))), np.empty(INTERVAL_DRAWS)
    theta = clusters.extremal_index
    for number, row in enumerate(rows):
        refit = fit_gpd(sample[row], quantile=threshold_quantile(params))
        draws[number] = [refit.return_level(DAYS_A_YEAR * y, theta) for y in years]
        falls[number] = refit.probability_within(_log_loss(REFERENCE_FALL_PCT), DAYS_A_YEAR, theta)
    point = [tail.return_level(DAYS_A_YEAR * y, theta) for y in years]
    ends = [percentile_interval(_simple(column), COVERAGE) for column in draws.T]
    levels = {"years": years, "fall_pct": _simple(np.array(point))}
    levels |= {"low": [low for low, _ in ends], "high": [high for _, high in ends]}
    return pd.DataFrame(levels), pd.DataFrame({REFERENCE_FALL_PCT: falls})


def _simple(log_points: np.ndarray) -> np.ndarray:
    return np.asarray(-100 * np.expm1(-log_points / 100))


def _log_loss(fall_pct: float) -> float:
    return -100 * math.log1p(-fall_pct / 100)


def _rng(seed: int, stream: int) -> np.random.Generator:
    return np.random.default_rng([seed, 4, stream])
