"""Tables behind the market's figures: return levels, observed falls, volatility, stability of the tail."""

from __future__ import annotations

import math

import pandas as pd

from cryptorisk.models.price_risk.measure import COVERAGE, DAYS_A_YEAR, Market
from cryptorisk.result import Column, Table


def tail_table(market: Market, sources: tuple[str, ...]) -> Table:
    """``crash.tail``: one-day fall by return period, as in the figure."""
    return Table(
        "crash.tail",
        "One-day fall of bitcoin exceeded once in so many years",
        market.levels,
        (
            Column("years", "Once in", "years", 0),
            Column("fall_pct", "Fall in a day", "%", 1),
            Column("low", "Low", "%", 1),
            Column("high", "High", "%", 1),
        ),
        note=(
            f"Generalised Pareto tail; {100 * COVERAGE:g} % block-bootstrap interval. Through the cycle: today's "
            "volatility does not enter. A one-in-twenty-year fall over ten days is not shown: the sample holds "
            "too few independent ten-day spells to support it."
        ),
        sources=sources,
    )


def observed_table(market: Market, sources: tuple[str, ...]) -> Table:
    """``crash.observed``: cluster peaks of daily falls against their empirical return period."""
    peaks = pd.Series(market.clusters.peaks).sort_values(ascending=False).reset_index(drop=True)
    frame = pd.DataFrame(
        {
            "years": market.years / (peaks.index.to_numpy() + 0.5),
            "fall_pct": 100 * (1 - (-peaks / 100).map(math.exp)),
        }
    )
    return Table(
        "crash.observed",
        "Observed daily falls above the threshold, largest of each cluster",
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
        "Bitcoin: fitted volatility, weekly mean",
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
        market.stability,
        (
            Column("quantile", "Threshold, quantile", "", 3),
            Column("threshold", "Threshold", "log %", 2),
            Column("n_exceed", "Losses above", "", 0),
            Column("xi", "Shape", "", 3),
            Column("xi_low", "Low", "", 3),
            Column("xi_high", "High", "", 3),
        ),
        note=f"Profile-likelihood intervals of {100 * COVERAGE:g} %. A stable shape speaks for the tail model.",
        sources=sources,
        shown=False,
    )
