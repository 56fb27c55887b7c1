"""Stocks and flows behind reserve adequacy, brought to the date of the reserves."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.models.flight.amount import Amount, between, carried, own_amount
from cryptorisk.models.flight.broad_money import broad_money_at, why_no_money
from cryptorisk.models.flight.falling_due import short_term_debt
from cryptorisk.models.flight.foreign_trade import FACTBOOK, trade_of
from cryptorisk.models.flight.gold import SOURCES as GOLD
from cryptorisk.models.flight.gold import gold_prices, holdings, ounces_held
from cryptorisk.models.flight.part import Annual, annual, merge_sources
from cryptorisk.models.flight.without_gold import WITHOUT_GOLD, possible
from cryptorisk.rules.ara import LOW_INCOME_USD

OLDEST_RESERVES_YEARS = 5
"""Reserves older than this, seen from the report's date, say nothing about today's."""
NO_RESERVES = "the official reserves given are nought"


@dataclass(frozen=True)
class Position:
    """What reserves stand against. Anything but the date can be missing (None).

    ``encumbered`` holds the evidence that part of the reserves is not free; ``money_reason`` says why broad money is
    missing and what supplies it; ``low_income``: the IMF's metric is meant for the economy only with market access;
    ``reserves_without_gold``: with the range of the holding where that stands between known dates.
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
    reserves_without_gold: Amount | None = None
    money_reason: str = ""
    low_income: bool = False

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
    exports = trade_of(inputs, "exports", year, gdp)
    short, is_floor = short_term_debt(inputs, year, gdp, exports)
    money = broad_money_at(inputs, year, gdp)
    return Position(
        year,
        date,
        reserves,
        trade_of(inputs, "imports", year, gdp),
        exports,
        money,
        between(
            carried(annual(inputs, "external_debt_usd", without=FACTBOOK), "external_debt_usd", year, gdp)
        ),
        short,
        is_floor,
        own_amount(inputs, "other_external_liabilities_usd"),
        reason,
        inputs.confidential,
        reserves_without_gold=_without_gold(inputs, reserves),
        money_reason="" if money else why_no_money(inputs, year),
        low_income=_low_income(inputs, year, gdp),
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


def _low_income(inputs: Inputs, year: int, gdp: Annual) -> bool:
    """Whether GDP a head lies below the bound of `cryptorisk.rules.ara.LOW_INCOME_USD`."""
    people = annual(inputs, "population").by_year
    if year not in gdp.by_year.index or year not in people.index:
        return False
    return bool(gdp.by_year[year] / people[year] < LOW_INCOME_USD)


def _without_gold(inputs: Inputs, reserves: Amount | None) -> Amount | None:
    """Reserves without gold of the year of the reserves: as given, else by the known holding at the year's last price.

    None where they are confidential, or no holding is known.
    """
    if reserves is None or {WITHOUT_GOLD, "reserves_usd"} & inputs.confidential:
        return None
    known, year = possible(annual(inputs, WITHOUT_GOLD), annual(inputs, "reserves_usd")), reserves.year
    if year in known.by_year.index:
        value = float(known.by_year[year])
        return Amount(value, value, value, year, known.source_ids([year]), (WITHOUT_GOLD,))
    prices = gold_prices(inputs)
    if year not in prices.index or holdings(inputs.country, inputs.as_of).empty:
        return None
    held = ounces_held(inputs.country, pd.Index([year]), inputs.as_of).iloc[0] * float(prices[year])
    high, value, low = (max(0.0, reserves.value - float(held[end])) for end in ("low", "central", "high"))
    return Amount(value, low, high, year, merge_sources(reserves.sources, GOLD), reserves.inputs)
