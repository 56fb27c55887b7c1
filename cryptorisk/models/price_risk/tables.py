"""Tables behind the market's figures: return levels, observed falls, volatility, stability of the tail."""

from __future__ import annotations

import math

import pandas as pd

from cryptorisk.models.price_risk.measure import Market
from cryptorisk.models.price_risk.tail import COVERAGE, DAYS_A_YEAR
from cryptorisk.result import Column, Table
from cryptorisk.stats.tail_intervals import shape_interval


def tail_table(market: Market, sources: tuple[str, ...]) -> Table:
    """``crash.tail``: one-day fall by return period, as in the figure."""
    return Table(
        "crash.tail",
        "One-day fall of bitcoin exceeded once in so many years",
        market.tail.return_levels(),
        (
            Column("years", "Once in", "years", 0),
            Column("fall_pct", "Fall in a day", "%", 1),
            Column("low", "Low", "%", 1),
            Column("high", "High", "%", 1),
        ),
        note=(
            f"Generalised Pareto tail; {100 * COVERAGE:g} % block-bootstrap interval. Through the cycle: today's "
            "volatility does not enter. For long return periods such intervals are too narrow (METHODS.md). A "
            "one-in-twenty-year fall over ten days is not shown: the sample holds too few independent ten-day spells "
            "to support it."
        ),
        sources=sources,
    )


def observed_table(market: Market, sources: tuple[str, ...]) -> Table:
    """``crash.observed``: cluster peaks of the largest daily falls against their empirical return period."""
    peaks = pd.Series(market.tail.rare.peaks).sort_values(ascending=False).reset_index(drop=True)
    frame = pd.DataFrame(
        {
            "years": market.years / (peaks.index.to_numpy() + 0.5),
            "fall_pct": 100 * (1 - (-peaks / 100).map(math.exp)),
        }
    )
    return Table(
        "crash.observed",
        "Largest observed daily falls, the deepest of each cluster",
        frame[frame["years"] >= 0.5],
        (Column("years", "Return period", "years", 2), Column("fall_pct", "Fall in a day", "%", 1)),
        sources=sources,
        shown=False,
    )


def volatility_table(market: Market, sources: tuple[str, ...]) -> Table:
    """``crash.volatility``: conditional volatility a year, mean of each week."""
    yearly = market.fit.conditional_volatility * math.sqrt(DAYS_A_YEAR)
    frame = yearly.resample("W").mean().rename("volatility_pct").rename_axis("date").reset_index()
    return Table(
        "crash.volatility",
        f"Volatility of bitcoin by {market.fit.name}, weekly mean",
        frame,
        (Column("date", "Week to"), Column("volatility_pct", "Volatility a year", "%", 1)),
        sources=sources,
        shown=False,
    )


def stability_table(market: Market, sources: tuple[str, ...]) -> Table:
    """``crash.stability``: shape of the tail over thresholds."""
    return Table(
        "crash.stability",
        "Shape of the tail by threshold",
        market.tail.stability,
        (
            Column("quantile", "Threshold, quantile", "", 3),
            Column("threshold", "Threshold", "log %", 2),
            Column("n_exceed", "Losses above", "", 0),
            Column("xi", "Shape", "", 3),
            Column("xi_low", "Low", "", 3),
            Column("xi_high", "High", "", 3),
            Column("value_at_risk", "Value at risk", "log %", 2),
            Column("expected_shortfall", "Expected shortfall", "log %", 2),
        ),
        note=f"Profile-likelihood intervals of {100 * COVERAGE:g} %. A stable shape speaks for the tail model.",
        sources=sources,
        shown=False,
    )


def shape_table(market: Market, sources: tuple[str, ...]) -> Table:
    """``crash.tail_shape``: the tail's shape and its clustering by several estimators."""
    tail, clusters = market.tail, market.tail.clusters
    peaks, residuals = (shape_interval(fit, COVERAGE) for fit in (tail.peaks, tail.residuals))
    rows = [
        ("Shape, all losses above the threshold", tail.fit.n_exceed, tail.fit.xi, *tail.shape_ends),
        ("the same, block bootstrap", tail.fit.n_exceed, tail.fit.xi, *tail.drawn("xi")),
        ("Shape, largest loss of each cluster", tail.peaks.n_exceed, tail.peaks.xi, *peaks),
        (f"Shape, residuals of {market.fit.name}", tail.residuals.n_exceed, tail.residuals.xi, *residuals),
        ("Shape after Hill", tail.fit.n_exceed, *tail.hill),
        (
            "Extremal index, runs of four days",
            clusters.n_exceed,
            clusters.extremal_index,
            *tail.drawn_index("runs", clusters.extremal_index),
        ),
        (
            "Extremal index of rare falls, runs of four days",
            tail.rare.n_exceed,
            tail.rare.extremal_index,
            *tail.drawn_index("rare", tail.rare.extremal_index),
        ),
        (
            "Extremal index, Ferro and Segers",
            tail.fit.n_exceed,
            tail.intervals_index,
            *tail.drawn_index("intervals", tail.intervals_index),
        ),
    ]
    pure = tail.fit.xi * tail.fit.threshold
    moved = (
        "Some thresholds that might as well have been chosen give a shape outside the interval: the tail depends on "
        "the choice."
        if tail.sensitive
        else "No threshold between the 90 and the 97.5 % quantile gives a shape outside the interval."
    )
    return Table(
        "crash.tail_shape",
        "The tail of daily losses by several estimators",
        pd.DataFrame(rows, columns=["what", "n", "value", "low", "high"]),
        (
            Column("what", "Estimator"),
            Column("n", "Losses", "", 0),
            Column("value", "Value", "", 3),
            Column("low", "Low", "", 3),
            Column("high", "High", "", 3),
        ),
        note=(
            f"Intervals of {100 * COVERAGE:g} %: profile likelihood for shapes, normal for Hill, block bootstrap for the "
            "extremal index. "
            f"{moved} Hill's estimate differs because it takes the tail for a power law from zero on, whose "
            f"scale at the threshold would be {pure:.2f}; the fitted scale is {tail.fit.beta:.2f}. An extremal index of "
            f"{clusters.extremal_index:.2f} means {1 / clusters.extremal_index:.1f} large losses a cluster."
        ),
        sources=sources,
    )


def intervals_table(market: Market, level: float, sources: tuple[str, ...]) -> Table:
    """``crash.tail_intervals``: block bootstrap against profile likelihood."""
    return Table(
        "crash.tail_intervals",
        f"One-day losses through the cycle by two kinds of interval, level {100 * level:g} %",
        market.tail.intervals(level),
        (
            Column("measure", "Loss"),
            Column("value", "Value", "log %", 2),
            Column("low", "Bootstrap, low", "log %", 2),
            Column("high", "high", "log %", 2),
            Column("profile_low", "Profile, low", "log %", 2),
            Column("profile_high", "high", "log %", 2),
        ),
        note=(
            f"{100 * COVERAGE:g} % intervals. The profile likelihood supposes independent losses whose clustering is "
            "known; the block bootstrap (blocks of a twentieth of the sample) allows for both and is the one reported, "
            "though it too is too narrow where storms are rare (METHODS.md)."
        ),
        sources=sources,
    )


def mean_excess_plot(market: Market, sources: tuple[str, ...]) -> Table:
    """``crash.mean_excess``: mean loss above a threshold by threshold, for the figure."""
    return Table(
        "crash.mean_excess",
        "Mean loss above a threshold",
        market.tail.mean_excess,
        (
            Column("threshold", "Threshold", "log %", 2),
            Column("mean_excess", "Mean excess", "log %", 2),
            Column("std_error", "Standard error", "log %", 2),
            Column("n_exceed", "Losses above", "", 0),
        ),
        sources=sources,
        shown=False,
    )


def quantile_plot(market: Market, sources: tuple[str, ...]) -> Table:
    """``crash.tail_quantiles``: observed losses against those of the fitted tail, for the figure."""
    return Table(
        "crash.tail_quantiles",
        "Losses above the threshold against the fitted tail",
        market.tail.quantiles,
        (Column("expected", "Fitted tail", "log %", 2), Column("observed", "Observed", "log %", 2)),
        sources=sources,
        shown=False,
    )
