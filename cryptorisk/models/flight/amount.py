"""An amount in US dollars with its range, and bringing an older figure to the year of the reserves."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from cryptorisk.data.inputs import Inputs
from cryptorisk.models.flight.part import Annual, merge_sources

LONGEST_CARRY_YEARS = 3
"""A figure is brought forward over at most three years; an older one is missing. Within three years the ratio
of money, trade or debt to GDP moves slowly; over a crisis such as Lebanon's it does not, and an old figure
would mislead."""


@dataclass(frozen=True)
class Amount:
    """An amount in USD at the date of the reserves, with the range that bringing it there leaves.

    ``year`` is the year the figure was published for; ``exact`` whether it is that of the reserves.
    """

    value: float
    low: float
    high: float
    year: int
    sources: tuple[str, ...]
    inputs: tuple[str, ...]
    note: str = ""

    @property
    def ends(self) -> tuple[float, float, float]:
        """Low, value, high."""
        return self.low, self.value, self.high

    def scaled(self, factor: float) -> Amount:
        """Multiplied by a positive number."""
        low, value, high = (factor * end for end in self.ends)
        return Amount(value, low, high, self.year, self.sources, self.inputs, self.note)


def own_amount(inputs: Inputs, series_id: str) -> Amount | None:
    """The bank's own figure, if there is one."""
    seen = inputs.latest(series_id)
    if seen is None:
        return None
    value = float(seen.value)
    return Amount(value, value, value, seen.date.year, (seen.source,), (series_id,), "The bank's own figure.")


def carried(series: Annual, series_id: str, year: int, gdp: Annual) -> Amount | None:
    """The last figure up to ``year``; the range also has it in proportion to GDP in dollars."""
    known = series.by_year[series.by_year.index <= year]
    if known.empty or year - int(known.index[-1]) > LONGEST_CARRY_YEARS:
        return None
    last = int(known.index[-1])
    value = float(known.iloc[-1])
    sources = series.source_ids([last])
    if last == year:
        return Amount(value, value, value, last, sources, (series_id,))
    grown = value * _growth(gdp, last, year)
    note = f"Figure of {last}, in the range also in proportion to GDP."
    sources = merge_sources(sources, gdp.source_ids([last, year]))
    return Amount(value, min(value, grown), max(value, grown), last, sources, (series_id, "gdp_usd"), note)


def between(amount: Amount | None) -> Amount | None:
    """The amount with its centre half-way (in logs) between its ends, of which neither is likelier."""
    return None if amount is None else replace(amount, value=float(np.sqrt(amount.low * amount.high)))


def _growth(gdp: Annual, first: int, last: int) -> float:
    if first in gdp.by_year.index and last in gdp.by_year.index:
        return float(gdp.by_year[last] / gdp.by_year[first])
    return 1.0
