"""Whether one number describes a stretch of weeks: its halves, single weeks left out, and short windows by chance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cryptorisk.errors import ModelError
from cryptorisk.estimate import number
from cryptorisk.models.price_risk.spillover_measure import (
    BEFORE,
    BLOCK,
    HORIZON,
    ORDERS,
    RETURNS,
    SINCE,
    VOLATILITY,
    WINDOW,
    Spillovers,
)
from cryptorisk.models.price_risk.weekly import BITCOIN, Weeks
from cryptorisk.stats.connectedness import connectedness
from cryptorisk.stats.connectedness_chance import Chance, Level, chance
from cryptorisk.stats.connectedness_influence import without_each
from cryptorisk.words import listing

NOTABLE = 0.1
"""A single week is named when the share without it differs by more than a tenth: in a sample of three hundred weeks each is
a third of a percent of what was seen."""


@dataclass(frozen=True, eq=False)
class Half:
    """Bitcoin's share that goes with other markets in half of a sample, and what chance gives there; by kind, percent."""

    weeks: Weeks
    shares: Mapping[str, float]
    levels: Mapping[str, Level]

    @property
    def above(self) -> bool:
        """Whether the share of returns is above chance."""
        return self.levels[RETURNS].below(self.shares[RETURNS])

    @property
    def months(self) -> str:
        """``2014-01 to 2016-12``."""
        first, last = self.weeks.returns.index[[0, -1]]
        return f"{first:%Y-%m} to {last:%Y-%m}"


@dataclass(frozen=True, eq=False)
class Steadiness:
    """What a sample's share of returns hangs on.

    Attributes
    ----------
    share : float
        Of all weeks, percent.
    halves : tuple of Half
        Empty where a half has fewer weeks than a rolling window.
    without : pandas.Series
        The share without each week, by the Friday that ends it.
    """

    share: float
    halves: tuple[Half, ...]
    without: pd.Series[float]

    @property
    def week(self) -> pd.Timestamp:
        """The week that moves the share most."""
        return pd.Timestamp(str((self.without - self.share).abs().idxmax()))

    @property
    def without_week(self) -> float:
        """The share without that week."""
        return float(self.without.to_dict()[self.week])

    def week_in_words(self) -> str:
        """A clause where one week moves the share by more than `NOTABLE` of it; else nothing."""
        if abs(self.without_week - self.share) <= NOTABLE * self.share:
            return ""
        return f", {number(self.without_week, 0)} % without the week to {self.week.date().isoformat()}"

    def weeks_in_words(self) -> str:
        """How far the share moves when any one week is left out, for a note."""
        others = self.without.drop(self.week)
        return (
            f"Without the week to {self.week.date().isoformat()} {number(self.without_week, 1)} %, without any other one "
            f"{number(float(others.min()), 1)} to {number(float(others.max()), 1)} %."
        )

    def halves_in_words(self) -> str:
        """A clause where one half is above chance and the other is not; else nothing."""
        if len({half.above for half in self.halves}) < 2:
            return ""
        said = [
            f"{half.months} {number(half.shares[RETURNS], 0)} %, {'above' if half.above else 'not above'} its "
            f"{number(half.levels[RETURNS].high, 0)} % of chance"
            for half in self.halves
        ]
        return f" ({'; '.join(said)})"


def steadiness(samples: Mapping[str, Spillovers], seed: int) -> dict[str, Steadiness]:
    """Of the samples before and since the break, those that there are."""
    return {name: _steady(samples[name], seed) for name in (BEFORE, SINCE) if name in samples}


def _steady(spill: Spillovers, seed: int) -> Steadiness:
    found = spill.found[RETURNS]
    without = without_each(spill.weeks.returns, BITCOIN, found)
    return Steadiness(float(found.from_others[BITCOIN]), _halves(spill.weeks, seed), without)


def _halves(weeks: Weeks, seed: int) -> tuple[Half, ...]:
    """Both halves, the first with the odd week; none where a half is shorter than a window or is refused."""
    index = weeks.returns.index
    middle = (len(index) + 1) // 2
    if len(index) - middle < WINDOW:
        return ()
    try:
        return tuple(
            _half(weeks.part(rows), seed)
            for rows in (slice(None, index[middle - 1]), slice(index[middle], None))
        )
    except ModelError:
        return ()


def _half(weeks: Weeks, seed: int) -> Half:
    shares, levels = {}, {}
    for kind, frame in ((RETURNS, weeks.returns), (VOLATILITY, weeks.volatility)):
        found = connectedness(frame, horizon=HORIZON)
        drawn = chance(frame, BITCOIN, found, replications=ORDERS, block=BLOCK, seed=seed)
        shares[kind] = float(found.from_others[BITCOIN])
        levels[kind] = Level.of(drawn.from_others(BITCOIN))
    return Half(weeks, shares, levels)


def window_levels(spill: Spillovers, seed: int) -> dict[str, Level]:
    """What chance gives in windows of `WINDOW` weeks, from those of the sample that do not overlap; by kind."""
    levels = {}
    for kind, frame in ((RETURNS, spill.weeks.returns), (VOLATILITY, spill.weeks.volatility)):
        starts = range(len(frame) % WINDOW, len(frame), WINDOW)
        drawn = [_window(frame.iloc[at : at + WINDOW], spill, kind, seed + at) for at in starts]
        levels[kind] = Level.of(np.concatenate([each.from_others(BITCOIN) for each in drawn]))
    return levels


def _window(frame: pd.DataFrame, spill: Spillovers, kind: str, seed: int) -> Chance:
    return chance(frame, BITCOIN, spill.found[kind], replications=ORDERS, block=BLOCK, seed=seed)


def windows_in_words(levels: Mapping[str, Level]) -> str:
    """What chance gives in a window, for notes."""
    said = [
        f"{kind} {number(level.mean, 1)} % on average and up to {number(level.high, 1)} % in 19 of 20"
        for kind, level in levels.items()
    ]
    return f"By chance a window of {WINDOW} weeks shows of {listing(said)}."
