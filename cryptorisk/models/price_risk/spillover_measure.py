"""Connectedness and tails of a sample of weeks, for the world's markets and for a country's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from cryptorisk.errors import ModelError
from cryptorisk.models.price_risk.weekly import BITCOIN, FEWEST_WEEKS, Weeks
from cryptorisk.stats.connectedness import (
    Connectedness,
    ConnectednessInterval,
    connectedness,
    connectedness_interval,
)
from cryptorisk.stats.connectedness_chance import Chance, Level, chance
from cryptorisk.stats.covar import delta_covar

COVERAGE = 0.8
HORIZON = 10
"""Weeks ahead, as Diebold and Yilmaz (2012) take ten days ahead; from a few weeks on the decomposition hardly moves."""

WINDOW, STEP = 104, 4
"""Weeks of a rolling window, and between two: with fewer than two years a window has too few observations a coefficient."""

BLOCK = 8
"""Weeks of a resampled block: about a spell of turbulence (`cryptorisk.models.price_risk.regimes`)."""

REPLICATIONS = 299
ORDERS = 199
"""Orders of bitcoin's weeks behind the level of chance: ten lie beyond it."""
TAIL = 0.05
RETURNS, VOLATILITY = "returns", "volatility"

RECENT = pd.Timestamp("2020-01-01")
"""Bitcoin has gone with other markets more since then. The date is that of Iyer (2022, IMF Global Financial Stability Note
2022/001), who compares 2017 to 2019 with January 2020 on; it was not searched for in the data of the report."""

WHOLE, BEFORE, SINCE = "whole sample", f"before {RECENT:%B %Y}", f"since {RECENT:%B %Y}"


@dataclass(frozen=True, eq=False)
class Spillovers:
    """Connectedness of returns and volatilities with intervals, and what it is with bitcoin's weeks in another order."""

    weeks: Weeks
    found: Mapping[str, Connectedness]
    ends: Mapping[str, ConnectednessInterval]
    chance: Mapping[str, Chance]

    def level(self, kind: str, pair: tuple[str, str] | None = None) -> Level:
        """What chance gives for the share of a pair, or for bitcoin's share with all others."""
        drawn = self.chance[kind]
        return Level.of(drawn.from_others(BITCOIN) if pair is None else drawn.share(*pair))


def measured(weeks: Weeks, seed: int) -> Spillovers:
    """Both decompositions, with intervals by a residual block bootstrap and levels of chance."""
    frames = {RETURNS: weeks.returns, VOLATILITY: weeks.volatility}
    found = {name: connectedness(frame, horizon=HORIZON) for name, frame in frames.items()}
    ends = {
        name: connectedness_interval(
            frame, found[name], level=COVERAGE, replications=REPLICATIONS, block=BLOCK, seed=seed
        )
        for name, frame in frames.items()
    }
    drawn = {
        name: chance(frame, BITCOIN, found[name], replications=ORDERS, block=BLOCK, seed=seed)
        for name, frame in frames.items()
    }
    return Spillovers(weeks, found, ends, drawn)


def by_sample(weeks: Weeks, seed: int) -> dict[str, Spillovers]:
    """The whole sample, and what lies before and since `RECENT` where either has the weeks for it.

    Raises
    ------
    ModelError
        When the whole sample is refused.
    """
    found = {WHOLE: measured(weeks, seed)}
    for name, rows in ((BEFORE, slice(None, RECENT - pd.Timedelta(days=1))), (SINCE, slice(RECENT, None))):
        part = weeks.part(rows)
        if len(part.returns) == len(weeks.returns):
            found[name] = found[WHOLE]
        elif len(part.returns) >= FEWEST_WEEKS:
            try:
                found[name] = measured(part, seed)
            except ModelError:
                continue  # Its estimates say that they are missing.
    return found


def cell(frame: pd.DataFrame, row: str, column: str) -> float:
    """A number of a frame by its labels."""
    return float(frame[column].astype(float).to_dict()[row])


def tail_rows(weeks: Weeks, seed: int) -> list[dict[str, Any]]:
    """Delta-CoVaR of every market that has a bad side, given bitcoin's worst weeks; its bad side negative."""
    rows: list[dict[str, Any]] = []
    for name, market in weeks.markets.items():
        if name == BITCOIN or market.bad == 0:
            continue
        try:
            found = delta_covar(
                -market.bad * weeks.returns[name],
                weeks.returns[BITCOIN],
                quantile=TAIL,
                level=COVERAGE,
                replications=REPLICATIONS,
                block=BLOCK,
                seed=seed,
            )
        except ModelError:
            continue
        rows.append(
            {
                "name": name,
                "market": market.label,
                "side": "rise" if market.bad > 0 else "fall",
                "median": -found.covar_median,
                "distress": -found.covar,
                "delta": -found.delta,
                "low": -found.high,
                "high": -found.low,
            }
        )
    return rows
