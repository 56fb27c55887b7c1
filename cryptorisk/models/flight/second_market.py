"""A market for dollars beside the official one: in which years it existed, and how far apart the two prices were."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.models.flight.premium_tables import EPISODE_LOG_PCT, Spell, find_episodes
from cryptorisk.models.flight.shadow import premium_series
from cryptorisk.models.official import MONTHLY, YEAR_END_FROM

CODED = "irr_dual_market_share_of_months"
SECOND_MARKET_SHARE = 0.5
"""A second market in half of a year's months is more than an episode at a devaluation."""
MOST_MONTHS = 6
STILL = 1e-3
"""A month in which the official rate moves by less than a tenth of a percent; it was held where most of a year's are so."""


class Gap(NamedTuple):
    """Premium of the market's price of a dollar over the official one: log percent, and where it is from."""

    log_pct: float
    month: str
    sources: tuple[str, ...]
    inputs: tuple[str, ...]


def coded_years(inputs: Inputs) -> list[int]:
    """Years that the classification of exchange regimes codes with a second market in most months."""
    share = inputs.series(CODED).values.dropna()
    return [int(year) for year in pd.DatetimeIndex(share.index[share >= SECOND_MARKET_SHARE]).year]


def coded_to(inputs: Inputs) -> int | None:
    """Last year that the classification codes; None where it does not cover the economy."""
    share = inputs.series(CODED).values.dropna()
    return None if share.empty else int(share.index[-1].year)


def years(inputs: Inputs) -> list[int]:
    """Years with a second market: coded so, or with a mean premium that would count as an episode.

    A code gives way to the premium itself where that is known for half of the year's months and is none.
    """
    found = set(coded_years(inputs))
    series = premium_series(inputs)
    if series is not None:
        premium = series.daily["premium"]
        dates = pd.DatetimeIndex(premium.index)
        mean = premium.groupby(dates.year).mean()
        months = pd.Series(dates.month, index=dates.year).groupby(level=0).nunique()
        found -= {int(year) for year in mean.index[(mean <= EPISODE_LOG_PCT) & (months >= MOST_MONTHS)]}
        found |= {int(year) for year in mean.index[mean > EPISODE_LOG_PCT]}
    return sorted(found)


def held_years(inputs: Inputs, beside: Iterable[int]) -> list[int]:
    """Years in which the official rate was held beside a second market, and those right after in which it still was.

    The coding ends in 2021 at the latest; a rate that goes on standing still after it is still the same rate. A year that
    is coded without a second market is taken at its word.
    """
    rate = inputs.series(MONTHLY).values.dropna()
    still = (rate.pct_change().abs() < STILL).to_numpy()
    moved = rate.groupby(pd.DatetimeIndex(rate.index).year).agg(lambda one: one.max() / one.min() - 1)
    share = pd.Series(still, index=rate.index).groupby(pd.DatetimeIndex(rate.index).year).mean()
    standing = [
        int(year) for year in share.index if share[year] > 0.5 and moved[year] < EPISODE_LOG_PCT / 100
    ]
    marked, end = set(beside), coded_to(inputs) or 0
    found: list[int] = []
    for year in standing:
        if year in marked or (year > end and found and found[-1] == year - 1):
            found.append(year)
    return found


def year_end_gap(inputs: Inputs, year: int) -> Gap | None:
    """The premium at a year's end, where it would count as an episode; None where it would not, or is not known.

    The mean of December, or of the last month quoted from September on.
    """
    series = premium_series(inputs)
    if series is None:
        return None
    premium = series.daily["premium"]
    dates = pd.DatetimeIndex(premium.index)
    late = premium[(dates.year == year) & (dates.month >= YEAR_END_FROM)]
    if late.empty:
        return None
    month = late.index[-1].to_period("M")
    mean = float(late[pd.DatetimeIndex(late.index).to_period("M") == month].mean())
    return Gap(mean, str(month), series.sources, series.inputs) if mean > EPISODE_LOG_PCT else None


def episodes_since(inputs: Inputs, day: pd.Timestamp) -> tuple[list[Spell], tuple[str, ...]]:
    """Episodes of a large premium that lasted to a day or beyond it, and the series they are from."""
    series = premium_series(inputs)
    if series is None:
        return [], ()
    spells = find_episodes(series.daily[["premium"]].resample("ME").mean())
    return [one for one in spells if one[1] >= day], series.inputs


def spans(found: Iterable[int]) -> list[str]:
    """Years as spans: ``2011 to 2015``, ``2020``."""
    known = np.array(sorted(found), dtype=int)
    runs = np.split(known, np.flatnonzero(np.diff(known) > 1) + 1) if known.size else []
    return [f"{run[0]}" if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs]
