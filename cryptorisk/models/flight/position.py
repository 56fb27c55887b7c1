"""Stocks and flows behind reserve adequacy, brought to the date of the reserves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.data.overrides import BANK
from cryptorisk.models.flight.part import Annual, annual, merge_sources

LONGEST_CARRY_YEARS = 3
"""A figure is brought forward over at most three years; an older one is missing. Within three years the ratio
of money, trade or debt to GDP moves slowly; over a crisis such as Lebanon's it does not, and an old figure
would mislead."""
FACTBOOK = "cia_factbook"
OLDEST_RESERVES_YEARS = 5
"""Reserves older than this, seen from the report's date, say nothing about today's."""
LARGEST_MONEY_PCT_GDP = 600.0
"""Broad money above six times GDP is a mixture of currency units, not a banking system: the largest financial
centres stand at four to five times GDP. Zimbabwe's figures around its redenominations exceed this bound."""
LARGEST_YEAR_END_MOVE = 5.0
"""December's exchange rate further than this factor from the year's mean is a change of the currency unit."""


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


@dataclass(frozen=True)
class Position:
    """What reserves stand against. Anything but the date can be missing (None).

    ``encumbered`` holds the evidence that part of the reserves is not free.
    """

    year: int
    date: str
    reserves: Amount | None
    imports: Amount | None
    exports: Amount | None
    broad_money: Amount | None
    external_debt: Amount | None
    short_term_debt: Amount | None
    short_term_is_floor: bool
    other_liabilities: Amount | None
    reserves_reason: str = ""
    confidential: frozenset[str] = frozenset()
    encumbered: tuple[str, ...] = ()

    def hides(self, *amounts: Amount | None) -> bool:
        """Whether an amount rests on a series of the bank's own that a report must not print."""
        return any(self.confidential & set(one.inputs) for one in amounts if one is not None)


def position(inputs: Inputs) -> Position:
    """Reserves and what they are measured against, from the vintage or the bank's own figures.

    Parameters
    ----------
    inputs : Inputs

    Returns
    -------
    Position
    """
    reserves, date, reason = latest_reserves(inputs)
    year = reserves.year if reserves else inputs.as_of.year
    gdp = annual(inputs, "gdp_usd")
    exports = _trade(inputs, "exports", year, gdp)
    short, is_floor = _short_term_debt(inputs, year, gdp, exports)
    return Position(
        year,
        date,
        reserves,
        _trade(inputs, "imports", year, gdp),
        exports,
        broad_money_at(inputs, year, gdp),
        _carried(annual(inputs, "external_debt_usd", without=FACTBOOK), "external_debt_usd", year, gdp),
        short,
        is_floor,
        _own(inputs, "other_external_liabilities_usd"),
        reason,
        inputs.confidential,
    )


def latest_reserves(inputs: Inputs) -> tuple[Amount | None, str, str]:
    """Official reserves, their year as text, and the reason where there are none of recent years."""
    seen = inputs.latest("reserves_usd")
    if seen is None:
        return None, "", "the data have no official reserves of this economy"
    if inputs.as_of.year - seen.date.year > OLDEST_RESERVES_YEARS:
        return None, "", f"the last figure on official reserves is of {seen.date.year}"
    value = float(seen.value)
    amount = Amount(value, value, value, seen.date.year, (seen.source,), ("reserves_usd",))
    return amount, str(seen.date.year), ""


def _own(inputs: Inputs, series_id: str) -> Amount | None:
    """The bank's own figure, if there is one."""
    seen = inputs.latest(series_id)
    if seen is None:
        return None
    value = float(seen.value)
    return Amount(value, value, value, seen.date.year, (seen.source,), (series_id,), "The bank's own figure.")


def _trade(inputs: Inputs, side: Literal["imports", "exports"], year: int, gdp: Annual) -> Amount | None:
    """Trade of the reserves' year: in dollars, by its ratio to GDP, carried, or the Factbook's."""
    usd_id, pct_id = f"{side}_gs_usd", f"{side}_pct_gdp"
    published = annual(inputs, usd_id)
    if year in published.by_year.index:
        return _carried(published, usd_id, year, gdp)
    share = annual(inputs, pct_id)
    if year in share.by_year.index and year in gdp.by_year.index:
        value = float(share.by_year[year] * gdp.by_year[year]) / 100
        sources = merge_sources(share.source_ids([year]), gdp.source_ids([year]))
        return Amount(value, value, value, year, sources, (pct_id, "gdp_usd"))
    carried = _carried(published, usd_id, year, gdp)
    if carried is not None:
        return carried if side == "exports" else _demanding(carried, share, pct_id, year, gdp)
    rough = _carried(annual(inputs, usd_id, only=(FACTBOOK,)), usd_id, year, gdp)
    note = "The CIA World Factbook's figure, for want of a recent one from the World Bank."
    return None if rough is None else replace(rough, note=f"{note} {rough.note}".strip())


def _demanding(last: Amount, share: Annual, share_id: str, year: int, gdp: Annual) -> Amount:
    """An older figure on imports and their newest ratio to GDP: the larger is the centre, all are in the range.

    A cover must not stand at the upper end of its own range because the last dollar figure is old.
    """
    known = share.by_year[(share.by_year.index <= year) & (share.by_year.index >= last.year)]
    ends = list(last.ends)
    inputs_used, sources, note = last.inputs, last.sources, f"Imports of {last.year} and in proportion to GDP"
    if not known.empty and year in gdp.by_year.index:
        newest = int(known.index[-1])
        ends.append(float(known.iloc[-1] * gdp.by_year[year]) / 100)
        inputs_used = (*inputs_used, share_id)
        sources = merge_sources(sources, share.source_ids([newest]), gdp.source_ids([year]))
        note += f", the ratio of {newest} among them"
    return Amount(
        max(ends), min(ends), max(ends), last.year, sources, inputs_used, f"{note}; the larger is the centre."
    )


def _carried(series: Annual, series_id: str, year: int, gdp: Annual) -> Amount | None:
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


def _growth(gdp: Annual, first: int, last: int) -> float:
    if first in gdp.by_year.index and last in gdp.by_year.index:
        return float(gdp.by_year[last] / gdp.by_year[first])
    return 1.0


def broad_money_at(inputs: Inputs, year: int, gdp: Annual) -> Amount | None:
    """Broad money in USD, the one figure that both chapters use: a stock, at the year-end exchange rate.

    Parameters
    ----------
    inputs : Inputs
    year : int
        Year that the stock is brought to.
    gdp : Annual
        GDP in USD.

    Returns
    -------
    Amount or None
        The bank's own figure; else the ratio to GDP times GDP at December's official rate, with the year's mean
        rate and the drift of a carried ratio in the range. None without a recent and plausible ratio.
    """
    own = inputs.latest("broad_money_usd")
    if own is not None and own.source == BANK:
        return _own(inputs, "broad_money_usd")
    ratio = annual(inputs, "broad_money_pct_gdp")
    known = ratio.by_year[ratio.by_year.index <= year]
    gdp_year = min(year, int(gdp.by_year.index[-1])) if not gdp.empty else year
    if known.empty or gdp_year not in gdp.by_year.index or year - int(known.index[-1]) > LONGEST_CARRY_YEARS:
        return None
    last = int(known.index[-1])
    if float(known.iloc[-1]) > LARGEST_MONEY_PCT_GDP:
        return None
    # A carried ratio may have drifted: as far, by assumption, as it did over its own last three years.
    ratios = np.array([float(known.iloc[-1])] if last == year else known.loc[last - 2 :].to_numpy(float))
    at_mean = float(gdp.by_year[gdp_year]) / 100
    at_end = at_mean * _year_end(inputs, gdp_year)
    ends = [float(one) * rate for one in (ratios.min(), ratios.max()) for rate in (at_mean, at_end)]
    value = float(known.iloc[-1]) * at_end
    note = "" if last == year else f"Ratio to GDP of {last}."
    return Amount(
        value,
        min(ends),
        max(ends),
        last,
        merge_sources(ratio.source_ids([last]), gdp.source_ids([gdp_year])),
        ("broad_money_pct_gdp", "gdp_usd", "official_fx_lcu_per_usd"),
        note,
    )


def _year_end(inputs: Inputs, year: int) -> float:
    """Mean over December exchange rate: turns dollars at the mean rate into year-end dollars."""
    rate = inputs.series("official_fx_lcu_per_usd").values
    of_year = rate.to_numpy(float)[pd.DatetimeIndex(rate.index).year == year]
    if len(of_year) < 12:
        return 1.0
    factor = float(of_year.mean() / of_year[-1])
    return factor if 1 / LARGEST_YEAR_END_MOVE < factor < LARGEST_YEAR_END_MOVE else 1.0


def _short_term_debt(
    inputs: Inputs, year: int, gdp: Annual, exports: Amount | None
) -> tuple[Amount | None, bool]:
    """Debt due within a year: the bank's own, or original maturity (a floor) and a year's debt service."""
    own = _own(inputs, "short_term_debt_remaining_maturity_usd")
    if own is not None:
        return own, False
    # The source's ratio is to the source's own reserves, never to the bank's.
    share = annual(inputs, "short_term_debt_pct_reserves")
    reserves = annual(inputs, "reserves_usd", bank=False)
    stock = (share.by_year * reserves.by_year / 100).dropna()
    series = Annual(stock, share.sources.reindex(stock.index))
    floor = _carried(series, "short_term_debt_pct_reserves", year, gdp)
    if floor is None:
        return None, True
    service = _debt_service(inputs, exports, year)
    # The floor itself is no centre: a cover of it is an upper bound.
    centre, note = float(np.sqrt(floor.low * floor.high)), "Original maturity, a floor."
    if service is not None:
        centre = floor.value + service.value
        note = "Original maturity plus a year's debt service; the range begins at original maturity alone."
    return Amount(
        centre,
        floor.low,
        floor.high + (service.value if service else 0.0),
        floor.year,
        merge_sources(floor.sources, service.sources if service else ()),
        (*floor.inputs, *(service.inputs if service else ())),
        note,
    ), True


def _debt_service(inputs: Inputs, exports: Amount | None, year: int) -> Amount | None:
    share = annual(inputs, "debt_service_pct_exports")
    known = share.by_year[(share.by_year.index <= year) & (share.by_year.index >= year - LONGEST_CARRY_YEARS)]
    if known.empty or exports is None:
        return None
    value, last = float(known.iloc[-1]) / 100 * exports.value, int(known.index[-1])
    sources = merge_sources(share.source_ids([last]), exports.sources)
    return Amount(value, value, value, last, sources, ("debt_service_pct_exports", *exports.inputs))
