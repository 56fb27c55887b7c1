"""Which of Yahoo's tickers are asked, and under which economies each is filed.

Prices of crypto-assets, share indices and world markets stand in `yahoo.csv` beside this module (ticker, series, place,
the currency and the kind that Yahoo must name). Exchange rates are those of every currency of the country table:
``KES=X`` is Kenyan shillings per US dollar.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from cryptorisk.countries import countries, country, known
from cryptorisk.data.catalogue import EURO_AREA, WORLD

RATES = "market_fx_daily_lcu_per_usd"
NOT_QUOTED = frozenset({"SLE", "SSP", "XCG", "ZWG"})
"""Currencies that Yahoo is not known to quote: absent from the list of its tickers that was read (FinanceDatabase,
directory Currencies), on which every other currency of the country table stands."""

KINDS: Mapping[str, str] = {
    "crypto": "CRYPTOCURRENCY",
    "fx": "CURRENCY",
    "index": "INDEX",
    "etf": "ETF",
    "future": "FUTURE",
}
"""Kind to what Yahoo calls it (``instrumentType``)."""


@dataclass(frozen=True)
class Instrument:
    """What a ticker is.

    Attributes
    ----------
    ticker, series : str
    places : tuple of str
        Economies under which it is filed; ``WLD`` for markets, ``EMU`` for the euro.
    currency : str
        ISO 4217 code that Yahoo must name.
    kind : {"crypto", "fx", "index", "etf", "future"}
    """

    ticker: str
    series: str
    places: tuple[str, ...]
    currency: str
    kind: str


def instruments(wanted: tuple[str, ...], end: dt.date) -> tuple[Instrument, ...]:
    """What is asked, filed under the economies that are wanted; the world's markets whatever is wanted.

    Parameters
    ----------
    wanted : tuple of str
        ISO 3166-1 alpha-3 codes; all economies when empty.
    end : datetime.date
        Whose currencies are in force.
    """
    found = (*_listed(), *_rates(end))
    if not wanted:
        return found
    places = {WORLD, *wanted}
    if any(known(code) and country(code).currency_on(end) == "EUR" for code in wanted):
        places.add(EURO_AREA)
    kept = (replace(one, places=tuple(p for p in one.places if p in places)) for one in found)
    return tuple(one for one in kept if one.places)


def first_day(instrument: Instrument, place: str, end: dt.date) -> dt.date:
    """The day from which an instrument is in the unit in use today.

    A rate that was quoted before the money in force, or before zeros were cut from it, is in another unit, which
    vendors restate or not as it happens. Prices and indices begin when they begin.
    """
    if instrument.kind != "fx" or place == EURO_AREA:
        return dt.date.min
    economy = country(place)
    cuts = [cut.date for cut in economy.redenominations if cut.date <= end]
    return max([economy.spell_on(end).start or dt.date.min, *cuts])


@cache
def _listed() -> tuple[Instrument, ...]:
    with files("cryptorisk.data.sources").joinpath("yahoo.csv").open(encoding="utf-8") as file:
        return tuple(
            Instrument(row["ticker"], row["series"], (row["country"],), row["currency"], row["kind"])
            for row in csv.DictReader(file)
        )


@cache
def _rates(end: dt.date) -> tuple[Instrument, ...]:
    """One for each currency in force, filed under the economies whose own or common money it is.

    The euro is filed once, under the euro area. Who uses another economy's money has no rate of its own.
    """
    users: dict[str, tuple[str, ...]] = {}
    for economy in countries():
        spell = economy.spell_on(end)
        if spell.status != "dollarised" and spell.currency not in ("USD", *NOT_QUOTED):
            users[spell.currency] = (*users.get(spell.currency, ()), economy.iso3)
    users["EUR"] = (EURO_AREA,)
    return tuple(Instrument(f"{money}=X", RATES, users[money], money, "fx") for money in sorted(users))
