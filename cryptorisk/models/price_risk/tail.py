"""The tail of daily falls: generalised Pareto above a threshold, with clustering, other estimators and intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from cryptorisk.errors import ModelError
from cryptorisk.models.price_risk.clustering import clustering_frame
from cryptorisk.params import CrashParams
from cryptorisk.stats.bootstrap import block_indices, percentile_interval
from cryptorisk.stats.clusters import (
    Clusters,
    about_index,
    decluster,
    decluster_near,
    intervals_extremal_index,
)
from cryptorisk.stats.garch import GarchFit
from cryptorisk.stats.shocks import MCNEIL_FREY_QUANTILE
from cryptorisk.stats.tail_diagnostics import (
    hill,
    mean_excess_table,
    quantile_pairs,
    threshold_sensitivity,
    threshold_stability,
)
from cryptorisk.stats.tail_intervals import Measure, risk_interval, shape_interval
from cryptorisk.stats.tails import GpdFit, gpd

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

DRAWS = 300
"""Block-bootstrap draws behind intervals: the Monte Carlo error of an 80 % interval's ends is then about a tenth of
the estimator's standard error."""

BLOCKS = 20
"""The bootstrap's blocks are a twentieth of the sample (`cryptorisk.stats.tail_intervals.tail_draws`, METHODS.md)."""

OTHER_THRESHOLDS = (0.90, 0.975)
"""Thresholds that might as well have been chosen: below the first the body of the distribution enters (McNeil and
Frey take 0.90), above the second fewer than 120 of twelve years' days are left."""


@dataclass(frozen=True, eq=False)
class Tail:
    """The fitted tail with what it is held against. Losses are in percent log points.

    Attributes
    ----------
    fit : GpdFit
        Of daily losses.
    shape_ends : (float, float)
        Profile likelihood, as if losses were independent.
    residuals, peaks : GpdFit
        Of the volatility model's standardised losses, and of the largest loss of each cluster.
    hill : (float, float, float)
        Hill's estimate from as many losses as exceed the threshold, with its interval.
    clusters : Clusters
        Of the losses above the threshold.
    rare : Clusters
        Of the losses nearest to `REFERENCE_FALL_PCT` that are enough to count clusters: the index of rare falls.
    clustering : pandas.DataFrame
        Extremal index over thresholds and run lengths.
    intervals_index : float
        Extremal index of Ferro and Segers.
    draws : pandas.DataFrame
        Block-bootstrap refits: ``xi, value_at_risk, expected_shortfall, simple_expected_shortfall, runs, rare,
        intervals, fall`` (yearly probability of `REFERENCE_FALL_PCT`).
    years : tuple of int
        Return periods.
    level_draws : ndarray, shape (draws, years)
        Return levels of the same refits.
    stability, mean_excess, quantiles : pandas.DataFrame
        Over thresholds; observed against expected excesses.
    sensitive : bool
        A threshold of `OTHER_THRESHOLDS` would have given a shape outside the interval.
    """

    fit: GpdFit
    shape_ends: tuple[float, float]
    residuals: GpdFit
    peaks: GpdFit
    hill: tuple[float, float, float]
    clusters: Clusters
    rare: Clusters
    clustering: pd.DataFrame
    intervals_index: float
    draws: pd.DataFrame
    years: tuple[int, ...]
    level_draws: np.ndarray
    stability: pd.DataFrame
    mean_excess: pd.DataFrame
    quantiles: pd.DataFrame
    sensitive: bool

    def drawn(self, column: str) -> tuple[float, float]:
        """Block-bootstrap interval of a column of `draws`."""
        return percentile_interval(self.draws[column].to_numpy(), COVERAGE)

    def drawn_index(self, column: str, point: float) -> tuple[float, float]:
        """Block-bootstrap interval of an extremal index about its estimate."""
        return about_index(point, self.draws[column].to_numpy(), COVERAGE)

    def simple(self, level: float) -> tuple[float, float, tuple[float, float], tuple[float, float]]:
        """Through-the-cycle one-day value at risk and expected shortfall, simple percent, with intervals."""
        quantile = simple_fall(self.draws["value_at_risk"].to_numpy())
        return (
            self.fit.simple_value_at_risk(level),
            self.fit.simple_expected_shortfall(level),
            percentile_interval(quantile, COVERAGE),
            self.drawn("simple_expected_shortfall"),
        )

    def yearly_probability(self, fall_pct: float, extremal_index: float | None = None) -> float:
        """Probability of at least one one-day fall of more than ``fall_pct`` percent within a year.

        With the index of rare falls when none is given.
        """
        index = self.rare.extremal_index if extremal_index is None else extremal_index
        return self.fit.probability_within(log_loss(fall_pct), DAYS_A_YEAR, index)

    def return_levels(self) -> pd.DataFrame:
        """``years, fall_pct, low, high``: one-day fall exceeded once in so many years, simple percent."""
        theta = self.rare.extremal_index
        point = np.array([self.fit.return_level(DAYS_A_YEAR * years, theta) for years in self.years])
        ends = [percentile_interval(simple_fall(column), COVERAGE) for column in self.level_draws.T]
        return pd.DataFrame(
            {
                "years": self.years,
                "fall_pct": simple_fall(point),
                "low": [low for low, _ in ends],
                "high": [high for _, high in ends],
            }
        )

    def intervals(self, level: float) -> pd.DataFrame:
        """``measure, value, low, high, profile_low, profile_high``: bootstrap against profile likelihood, log points."""
        theta, rows = self.rare.extremal_index, []
        asked: list[tuple[str, float, Measure, np.ndarray]] = [
            ("Value at risk, one day", level, "value_at_risk", self.draws["value_at_risk"].to_numpy()),
            (
                "Expected shortfall, one day",
                level,
                "expected_shortfall",
                self.draws["expected_shortfall"].to_numpy(),
            ),
        ]
        for years, column in zip(self.years, self.level_draws.T, strict=True):
            # The loss exceeded once in m periods is the quantile of probability 1 - 1/(m theta).
            reached = 1.0 - 1.0 / (DAYS_A_YEAR * years * theta)
            words = f"Loss once in {years} year{'s' if years > 1 else ''}"
            asked.append((words, reached, "value_at_risk", column))
        for words, reached, measure, column in asked:
            low, high = percentile_interval(column, COVERAGE)
            try:
                profile = risk_interval(self.fit, reached, measure, COVERAGE)
            except ModelError:
                profile = (math.nan, math.nan)
            value = getattr(self.fit, measure)(reached)
            rows.append((words, value, low, high, *profile))
        return pd.DataFrame(rows, columns=["measure", "value", "low", "high", "profile_low", "profile_high"])


def measure_tail(
    losses: pd.Series[float], model: GarchFit, params: CrashParams, rng: np.random.Generator
) -> Tail:
    """Fit the tail of daily losses and what it is held against.

    Parameters
    ----------
    losses : pandas.Series
        Percent log points, losses positive.
    model : GarchFit
        Of the returns, for the residuals.
    params : CrashParams
    rng : numpy.random.Generator
    """
    quantile = threshold_quantile(params)
    fit = gpd(losses, quantile=quantile)
    clusters = decluster(losses, fit.threshold)
    # A return period beyond twice the sample's length would say more about the assumed tail than about data.
    years = tuple(y for y in RETURN_PERIODS_YEARS if y <= 2 * len(losses) / DAYS_A_YEAR)
    draws, level_draws = _resampled(losses.to_numpy(), years, quantile, params.var_level, rng)
    stability = threshold_stability(losses, coverage=COVERAGE, level=params.var_level)
    return Tail(
        fit=fit,
        shape_ends=shape_interval(fit, COVERAGE),
        residuals=gpd(-model.standardized_residuals, quantile=quantile),
        peaks=gpd(clusters.peaks, threshold=fit.threshold),
        hill=hill(losses, fit.n_exceed, coverage=COVERAGE),
        clusters=clusters,
        rare=decluster_near(losses, log_loss(REFERENCE_FALL_PCT)),
        clustering=clustering_frame(losses, fit, log_loss(REFERENCE_FALL_PCT), DAYS_A_YEAR),
        intervals_index=intervals_extremal_index(losses, fit.threshold),
        draws=draws,
        years=years,
        level_draws=level_draws,
        stability=stability,
        mean_excess=mean_excess_table(losses),
        quantiles=quantile_pairs(fit),
        sensitive=threshold_sensitivity(stability, quantile, OTHER_THRESHOLDS),
    )


def threshold_quantile(params: CrashParams) -> float:
    """Quantile above which the tail is fitted: at least a hundredth below the level that is read off it."""
    return min(params.tail_threshold, params.var_level - 0.01)


def next_day(model: GarchFit, level: float) -> tuple[float, float] | None:
    """Value at risk and expected shortfall of the day after the sample by McNeil and Frey, simple percent.

    None when the level lies below the threshold that they take.
    """
    if level < MCNEIL_FREY_QUANTILE + 0.01:
        return None
    tail = gpd(-model.standardized_residuals, quantile=MCNEIL_FREY_QUANTILE)
    scaled = replace(
        tail, threshold=-model.mu + model.next_sigma * tail.threshold, beta=model.next_sigma * tail.beta
    )
    return scaled.simple_value_at_risk(level), scaled.simple_expected_shortfall(level)


def simple_fall(log_points: np.ndarray) -> np.ndarray:
    """Simple falls in percent of losses in percent log points."""
    return np.asarray(-100 * np.expm1(-log_points / 100))


def log_loss(fall_pct: float) -> float:
    """Loss in percent log points of a simple fall in percent."""
    return -100 * math.log1p(-fall_pct / 100)


def _resampled(
    sample: np.ndarray, years: tuple[int, ...], quantile: float, level: float, rng: np.random.Generator
) -> tuple[pd.DataFrame, np.ndarray]:
    """Threshold, tail and clustering estimated anew in every resampled history."""
    records, levels = [], np.empty((DRAWS, len(years)))
    for number, row in enumerate(block_indices(sample.size, max(1, sample.size // BLOCKS), DRAWS, rng)):
        drawn = sample[row]
        fit = gpd(drawn, quantile=quantile)
        # No fall once in a year or more is smaller than the losses that clusters can be counted from.
        theta = decluster_near(drawn, log_loss(REFERENCE_FALL_PCT)).extremal_index
        levels[number] = [fit.return_level(DAYS_A_YEAR * y, theta) for y in years]
        records.append(
            (
                fit.xi,
                fit.value_at_risk(level),
                fit.expected_shortfall(level),
                fit.simple_expected_shortfall(level),
                decluster(drawn, fit.threshold).extremal_index,
                theta,
                intervals_extremal_index(drawn, fit.threshold),
                fit.probability_within(log_loss(REFERENCE_FALL_PCT), DAYS_A_YEAR, theta),
            )
        )
    columns = [
        "xi",
        "value_at_risk",
        "expected_shortfall",
        "simple_expected_shortfall",
        "runs",
        "rare",
        "intervals",
        "fall",
    ]
    return pd.DataFrame(records, columns=columns), levels
