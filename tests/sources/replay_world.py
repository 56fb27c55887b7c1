"""Figures for the servers that stand in for the providers: the embedded vintage, continued by invented periods.

Levels, units and histories are those of the real figures, so that what judges plausibility has something to judge by.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from cryptorisk.data.catalogue import catalogue
from cryptorisk.data.selection import choose
from cryptorisk.data.vintage import Vintage

END = dt.date(2026, 11, 26)
"""Day of the replayed refreshes."""

START = dt.date(2020, 1, 1)
"""Where invented histories begin: long enough to be judged by."""


def last_days(frequency: str, start: dt.date, end: dt.date) -> np.ndarray:
    """Last days of the complete periods between two days, as datetime64[D]."""
    days = pd.date_range(
        start, end, freq={"A": "YE", "Q": "QE", "M": "ME", "W": "W-FRI", "D": "D"}[frequency]
    )
    return days.to_numpy().astype("datetime64[D]")


@dataclass(frozen=True)
class World:
    """What is true in the replayed world.

    Attributes
    ----------
    vintage : Vintage
        Whose figures are replayed.
    end : datetime.date
        The last figures are those of the last complete periods before it.
    revised : frozenset of str
        Series whose last ten years are one percent higher than in the vintage: a revision.
    """

    vintage: Vintage
    end: dt.date
    revised: frozenset[str] = frozenset()
    cache: dict = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def economies(self) -> tuple[str, ...]:
        return tuple(c for c in self.vintage.countries("population") if c not in ("WLD", "EMU"))

    def figures(self, series: str, country: str, *, frequency: str | None = None) -> pd.Series:
        """Values of a series by last day of the period: the vintage's, then a small steady walk to `end`.

        An economy without the series in the vintage has none here either; a series that no economy has there is
        invented for every one (parallel rates from the official ones). With ``frequency`` the periods are those and not
        the catalogue's.
        """
        key = (series, country, frequency)
        if key not in self.cache:
            self.cache[key] = self._figures(series, country, frequency)
        return self.cache[key].copy()

    def _figures(self, series: str, country: str, frequency: str | None) -> pd.Series:
        if series == "crypto_parallel_fx_lcu_per_usd":
            official = self.figures("official_fx_lcu_per_usd", country)
            return official[official.index >= np.datetime64(START)] * 1.2 if len(official) else official
        spec = catalogue()[series]
        frequency = frequency or spec.frequency
        known = choose(self.vintage.observations(series, country), spec)
        if not len(known) and self.vintage.countries(series):
            return pd.Series(dtype=float)
        seed = int.from_bytes(hashlib.sha256(f"{series} {country}".encode()).digest()[:4], "big")
        rng = np.random.default_rng(seed)
        if not len(known):
            days = last_days(frequency, START, self.end)
            return pd.Series(100.0 * np.exp(np.cumsum(rng.normal(0, 0.005, len(days)))), index=days)
        days = known.dates
        days = days[days <= np.datetime64(self.end)]
        values = pd.Series(known.numbers[: len(days)], index=days)
        later = last_days(frequency, days[-1].astype(dt.date) + dt.timedelta(days=1), self.end)
        steps = 1 + rng.normal(0.0005, 0.002, len(later))
        more = pd.Series(values.iloc[-1] * np.cumprod(steps), index=later)
        joined = pd.concat([values, more]) if len(more) else values
        if series in self.revised:
            late = joined.index >= np.datetime64(self.end) - np.timedelta64(3653, "D")
            joined = joined.where(~late, joined * 1.01)
        return joined


def as_period(day: np.datetime64, frequency: str) -> str:
    """``2024``, ``2024-Q3``, ``2024-06``, ``2024-06-30`` as most providers write a period."""
    date = pd.Timestamp(day)
    if frequency == "A":
        return f"{date.year}"
    if frequency == "Q":
        return f"{date.year}-Q{date.quarter}"
    return f"{date:%Y-%m}" if frequency == "M" else f"{date:%Y-%m-%d}"


__all__ = ["END", "START", "World", "as_period", "last_days"]
