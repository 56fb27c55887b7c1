"""Filtered historical simulation: losses over some days from today's volatility and yesterday's surprises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from cryptorisk.errors import ModelError
from cryptorisk.stats.bootstrap import block_indices, block_length, percentile_interval
from cryptorisk.stats.expected_shortfall import expected_shortfall, value_at_risk
from cryptorisk.stats.garch import GarchFit
from cryptorisk.stats.parameter_draws import parameter_draws
from cryptorisk.stats.sample import FloatArray, checked_level

MAX_HORIZON_DAYS = 10
"""Beyond ten days the fitted recursion of an asset at the integrated boundary (bitcoin: persistence 1.000, a
shock without fourth moment) lets simulated variance grow without limit; longer horizons are left to resampled
history (`cryptorisk.stats.resampled_falls`). Ten days is also the liquidity horizon of the market-risk rules."""

ReturnKind = Literal["log", "simple"]


@dataclass(frozen=True, eq=False)
class FhsSimulation:
    """Simulated returns of a position held from the last observation on.

    Attributes
    ----------
    cumulative_returns_pct : ndarray, shape (paths, horizon)
        Simple return since the origin, in percent, after 1, 2, ... days.
    block : int
        Mean length of the blocks in which standardised residuals were drawn; one is independent draws.
    sigma_cap : float
        Highest fitted volatility of the sample; simulated volatility is held at or below it.
    capped_paths : int
        Paths on which the cap was binding at least once.
    """

    cumulative_returns_pct: FloatArray
    block: int
    sigma_cap: float
    capped_paths: int

    @property
    def paths(self) -> int:
        """Number of simulated paths."""
        return int(self.cumulative_returns_pct.shape[0])

    @property
    def horizon_days(self) -> int:
        """Longest horizon simulated."""
        return int(self.cumulative_returns_pct.shape[1])

    def losses_pct(self, day: int | None = None) -> FloatArray:
        """Losses in percent of the position after ``day`` days (default the horizon)."""
        chosen = self.horizon_days if day is None else day
        if not 1 <= chosen <= self.horizon_days:
            raise ModelError(f"day must lie between 1 and {self.horizon_days} (got {chosen})")
        return np.asarray(-self.cumulative_returns_pct[:, chosen - 1])

    def value_at_risk(self, level: float, day: int | None = None) -> float:
        """Loss in percent exceeded with probability ``1 - level``."""
        return value_at_risk(self.losses_pct(day), level)

    def expected_shortfall(self, level: float, day: int | None = None) -> float:
        """Mean loss in percent at or beyond the value at risk."""
        return expected_shortfall(self.losses_pct(day), level)


@dataclass(frozen=True)
class RiskInterval:
    """Interval of value at risk and expected shortfall for estimation and simulation error.

    Attributes
    ----------
    value_at_risk, expected_shortfall : (float, float)
        Percent of the position.
    coverage : float
        Nominal coverage.
    replications : int
        Parameter draws behind it.
    rejected_share : float
        Share of parameter draws outside the admissible region, which were replaced.
    """

    value_at_risk: tuple[float, float]
    expected_shortfall: tuple[float, float]
    coverage: float
    replications: int
    rejected_share: float


def simulate_fhs(
    fit: GarchFit,
    *,
    rng: np.random.Generator,
    horizon_days: int = 10,
    paths: int = 10_000,
    block: int | None = None,
    returns: ReturnKind = "log",
) -> FhsSimulation:
    """Resample standardised residuals and push them through the variance recursion.

    Parameters
    ----------
    fit : GarchFit
        Model of daily returns in percent.
    rng : numpy.random.Generator
    horizon_days : int
        1 to 10.
    paths : int
    block : int, optional
        Mean block length of the stationary bootstrap of the residuals. Default: the rule of Politis and White
        on their absolute values, which is short when the model has taken the clustering out. One draws
        independently.
    returns : {"log", "simple"}
        Which returns the model was fitted to.

    Returns
    -------
    FhsSimulation

    Raises
    ------
    ModelError
        For a horizon outside 1 to 10 days.

    References
    ----------
    Barone-Adesi, Giannopoulos and Vosper (1999), Journal of Futures Markets 19(5); stationary bootstrap:
    Politis and Romano (1994), Journal of the American Statistical Association 89.
    """
    _check_horizon(horizon_days)
    pool = np.asarray(fit.standardized_residuals, dtype=np.float64)
    length = residual_block(fit) if block is None else block
    cap = float(fit.conditional_volatility.max())
    rows = block_indices(pool.size, length, paths, rng, "stationary", length=horizon_days)
    residuals, capped = fit.recursion.simulate(pool[rows], fit.next_sigma, cap)
    return FhsSimulation(_cumulate(residuals + fit.mu, returns), length, cap, int(capped.sum()))


def residual_block(fit: GarchFit) -> int:
    """Mean block length for the residuals: rule of Politis and White on absolute values, at most 10."""
    return min(block_length(fit.standardized_residuals.abs(), kind="stationary"), MAX_HORIZON_DAYS)


def fhs_interval(
    fit: GarchFit,
    *,
    rng: np.random.Generator,
    level: float = 0.99,
    coverage: float = 0.9,
    horizon_days: int = 10,
    replications: int = 200,
    paths: int = 5_000,
    block: int | None = None,
    returns: ReturnKind = "log",
) -> RiskInterval:
    """Interval of the simulated value at risk and expected shortfall at one horizon; see `fhs_intervals`."""
    return fhs_intervals(
        fit,
        (horizon_days,),
        rng=rng,
        level=level,
        coverage=coverage,
        replications=replications,
        paths=paths,
        block=block,
        returns=returns,
    )[horizon_days]


def fhs_intervals(
    fit: GarchFit,
    horizons: Sequence[int],
    *,
    rng: np.random.Generator,
    level: float = 0.99,
    coverage: float = 0.9,
    replications: int = 200,
    paths: int = 5_000,
    block: int | None = None,
    returns: ReturnKind = "log",
) -> dict[int, RiskInterval]:
    """Intervals of the simulated value at risk and expected shortfall, given the observed history.

    Each replication draws the parameters from their asymptotic normal distribution, filters the observed
    returns with them, resamples the implied residuals (so the tail that is drawn from is itself uncertain)
    and simulates. Draws that break positivity or exceed a persistence of one are drawn again.

    Parameters
    ----------
    fit : GarchFit
    horizons : sequence of int
        Days, each 1 to 10; all are read off the same paths.
    rng : numpy.random.Generator
    level : float
        Of the value at risk.
    coverage : float
        Of the interval.
    paths, block, returns
        As in `simulate_fhs`; fewer paths suffice, simulation noise only widens the interval.
    replications : int

    Returns
    -------
    dict of int to RiskInterval

    Raises
    ------
    ModelError
        When the covariance of the parameters could not be computed.

    References
    ----------
    Christoffersen and Goncalves (2005), Journal of Risk 7(3), on why the residuals must be resampled too;
    Blasques, Koopman, Lasak and Lucas (2016), International Journal of Forecasting 32(3), on parameter draws
    given the observed series.
    """
    for horizon in horizons:
        _check_horizon(horizon)
    checked_level(level)
    draws, rejected = parameter_draws(fit, replications, rng)
    length = residual_block(fit) if block is None else block
    residual_series = fit.standardized_residuals * fit.conditional_volatility
    observed = np.asarray(residual_series, dtype=np.float64) + fit.mu
    first = float(fit.conditional_volatility.iloc[0])
    measures = np.empty((replications, len(horizons), 2))
    for number, (mu, recursion) in enumerate(draws):
        residuals = observed - mu
        sigma, next_sigma = recursion.filter(residuals, first)
        pool = residuals / sigma
        pool = pool[block_indices(pool.size, length, 1, rng, "stationary")[0]]
        rows = block_indices(pool.size, length, paths, rng, "stationary", length=max(horizons))
        simulated, _ = recursion.simulate(pool[rows], next_sigma, float(sigma.max()))
        cumulated = -_cumulate(simulated + mu, returns)
        for place, horizon in enumerate(horizons):
            losses = cumulated[:, horizon - 1]
            measures[number, place] = value_at_risk(losses, level), expected_shortfall(losses, level)
    return {
        horizon: RiskInterval(
            percentile_interval(measures[:, place, 0], coverage),
            percentile_interval(measures[:, place, 1], coverage),
            coverage,
            replications,
            rejected,
        )
        for place, horizon in enumerate(horizons)
    }


def _cumulate(returns_pct: FloatArray, kind: ReturnKind) -> FloatArray:
    if kind == "log":
        return np.asarray(100.0 * np.expm1(returns_pct.cumsum(axis=1) / 100.0))
    return np.asarray(100.0 * ((1.0 + returns_pct / 100.0).cumprod(axis=1) - 1.0))


def _check_horizon(horizon_days: int) -> None:
    if not 1 <= horizon_days <= MAX_HORIZON_DAYS:
        raise ModelError(
            f"filtered historical simulation covers 1 to {MAX_HORIZON_DAYS} days (got {horizon_days})",
            remedy="use resampled history for longer horizons",
        )
