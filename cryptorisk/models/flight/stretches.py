"""The premium within stretches of one exchange regime: its level, how long it lasts, which market's price moves first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cryptorisk.errors import ModelError
from cryptorisk.models.flight.events import ExchangeEvent
from cryptorisk.models.flight.premium_tables import PremiumSeries
from cryptorisk.models.flight.two_speeds import TwoSpeeds, two_speeds
from cryptorisk.stats.bootstrap import block_indices, block_length, percentile_interval
from cryptorisk.stats.half_life import HalfLife, half_life
from cryptorisk.stats.price_discovery import Discovery, discover
from cryptorisk.stats.threshold import Threshold, fit_threshold
from cryptorisk.stats.threshold_autoregression import Kind

LEVEL = 0.9
SHORTEST = 20
"""Observations: a stretch with fewer than a month of quotes has no level of its own yet and is not listed."""
BOTH_SIDES = 0.15
"""Share of days on the rarer side of parity from which a band about parity is asked for, and not a switch between a low and
a high premium; the smallest regime of the threshold search."""
MEAN_DRAWS = 999
MOST_APART = 4
"""Days between one quote and the next, in the middle of all: a weekend and a holiday. A half-life counted in quotes that are
weeks apart is no time."""
MONTHS_ONLY = "averages of months do not tell which market moves first"


@dataclass(frozen=True)
class Stretch:
    """One stretch of an exchange regime.

    Attributes
    ----------
    name : str
    first, last : Timestamp
    n : int
        Quotes of the premium.
    mean, mean_low, mean_high, highest : float
        Premium, log percent; the interval of the mean by a block bootstrap.
    half_life : HalfLife or str
        Or why there is none; in days on which both rates were published, or months (`comparable`).
    threshold : Threshold or str
    discovery : Discovery or str
        Of the shadow rate (first) and the official rate.
    two_speeds : TwoSpeeds, str or None
        None where price discovery is refused.
    """

    name: str
    first: pd.Timestamp
    last: pd.Timestamp
    n: int
    mean: float
    mean_low: float
    mean_high: float
    highest: float
    half_life: HalfLife | str
    threshold: Threshold | str
    discovery: Discovery | str
    two_speeds: TwoSpeeds | str | None

    @property
    def label(self) -> str:
        """Name with its first and last month."""
        return f"{self.name}, {self.first:%Y-%m} to {self.last:%Y-%m}"


def stretches(
    series: PremiumSeries,
    pairs: pd.DataFrame,
    events: Sequence[ExchangeEvent],
    changes: Sequence[pd.Timestamp],
    *,
    seed: int,
) -> tuple[Stretch, ...]:
    """The premium's stretches, in their order.

    Parameters
    ----------
    series : PremiumSeries
    pairs : DataFrame
        Shadow and official rate on the days on which both were published (`shadow.published_pair`).
    events : sequence of ExchangeEvent
        A stretch begins with each that has a name for one (`starts`).
    changes : sequence of Timestamp
        Days on which the comparison goes over to another official rate: a stretch begins there too.
    seed : int

    Returns
    -------
    tuple of Stretch
    """
    found = []
    for place, (name, first, before) in enumerate(_bounds(series, events, changes)):
        premium = series.daily["premium"]
        premium = premium[(premium.index >= first) & (premium.index < before)]
        if len(premium) < SHORTEST:
            continue
        inside = pairs[(pairs.index >= first) & (pairs.index < before)]
        found.append(_stretch(name, premium, inside, series.monthly, np.random.default_rng([seed, 3, place])))
    return tuple(found)


def _bounds(
    series: PremiumSeries, events: Sequence[ExchangeEvent], changes: Sequence[pd.Timestamp]
) -> list[tuple[str, pd.Timestamp, pd.Timestamp]]:
    days = series.daily.index
    named = {one.day: one.starts for one in events if one.starts}
    for change in changes:
        # The kit's table may date the same change a few days apart.
        if all(abs((change - day).days) > SHORTEST for day in named):
            named[change] = "another official rate"
    earlier = [day for day in named if day <= days[0]]
    opening = named[max(earlier)] if earlier else (f"before {named[min(named)]}" if named else "all quotes")
    starts = [(opening, days[0])] + [(named[day], day) for day in sorted(named) if days[0] < day <= days[-1]]
    ends = [day for _name, day in starts[1:]] + [days[-1] + pd.Timedelta(days=1)]
    return [(name, day, end) for (name, day), end in zip(starts, ends, strict=True)]


def _stretch(
    name: str, premium: pd.Series, pair: pd.DataFrame, monthly: bool, rng: np.random.Generator
) -> Stretch:
    values = premium.to_numpy(float)
    days = pd.DatetimeIndex(premium.index)
    mean_interval = _mean_interval(values, rng)
    lasting_part = comparable(premium, pair, monthly)
    life, threshold = (
        (lasting_part, lasting_part)
        if isinstance(lasting_part, str)
        else (_half_life(lasting_part, rng), _threshold(lasting_part, rng))
    )
    discovery = MONTHS_ONLY if monthly else _discovery(pair, rng)
    return Stretch(
        name,
        days[0],
        days[-1],
        len(values),
        float(values.mean()),
        *mean_interval,
        float(values.max()),
        life,
        threshold,
        discovery,
        two_speeds(pair, discovery, rng),
    )


def comparable(premium: pd.Series, pair: pd.DataFrame, monthly: bool) -> np.ndarray | str:
    """The premium on the days on which both rates were published, or why its course in time cannot be read.

    On a weekend the official rate is carried over and the premium is the shadow rate's noise alone, which reverts at once. A
    month's official mean has no days: all quotes count.

    Parameters
    ----------
    premium : Series
        By day, or by month.
    pair : DataFrame
        Both rates on the days on which both were published.
    monthly : bool
    """
    both = premium.index.intersection(pair.index)
    taken = premium if monthly or len(both) < SHORTEST else premium[both]
    if not monthly and not daily_quotes(pd.DatetimeIndex(taken.index)):
        return f"the quotes are more than {MOST_APART} days apart"
    return taken.to_numpy(float)


def daily_quotes(days: pd.DatetimeIndex) -> bool:
    """Whether quotes follow one another by the day, weekends and holidays aside."""
    return bool(len(days) > 1 and np.median(np.diff(days.to_numpy()) / np.timedelta64(1, "D")) <= MOST_APART)


def _mean_interval(values: np.ndarray, rng: np.random.Generator) -> tuple[float, float]:
    rows = block_indices(len(values), block_length(values), MEAN_DRAWS, rng)
    return percentile_interval(values[rows].mean(axis=1), LEVEL)


def _half_life(values: np.ndarray, rng: np.random.Generator) -> HalfLife | str:
    try:
        return half_life(values, rng=rng, level=LEVEL)
    except ModelError as error:
        return error.what


def _threshold(values: np.ndarray, rng: np.random.Generator) -> Threshold | str:
    above = float((values > 0).mean())
    kind: Kind = "band" if min(above, 1 - above) >= BOTH_SIDES else "switch"
    try:
        return fit_threshold(values, rng=rng, kind=kind, level=LEVEL)
    except ModelError as error:
        return error.what


def _discovery(pair: pd.DataFrame, rng: np.random.Generator) -> Discovery | str:
    try:
        return discover(np.log(pair[["shadow", "official"]].to_numpy(float)), rng=rng, unit=True, level=LEVEL)
    except ModelError as error:
        return error.what


def lasting(found: HalfLife) -> bool:
    """Whether the interval of the persistence holds a random walk: the premium then has no half-life that ends."""
    return math.isinf(found.longest)
