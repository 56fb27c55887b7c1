"""Economies: codes, names, regions in every scheme, and the currency and monetary status at a date.

The tables beside this module hold the facts: `countries.csv` (today), `monetary_status.csv` (dated spells of
every economy whose currency changed or is not its own), `redenominations.csv` and `regions.csv`. The schemes
`chainalysis_2021`, `_2022` and `_2025` are the regions of the vendor's reports of those years (the first also the
United Nations paper's); the reports publish no complete list of members, so that the Caucasus and small
territories are placed by this kit. `world_bank` is the Bank's classification since July 2025, which counts
Afghanistan and Pakistan to the Middle East and North Africa.
"""

from __future__ import annotations

import csv
import datetime as dt
import difflib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Literal, cast, get_args

from cryptorisk.errors import DataError

Scheme = Literal["chainalysis_2021", "chainalysis_2022", "chainalysis_2025", "world_bank"]
SCHEMES: tuple[Scheme, ...] = get_args(Scheme)

Status = Literal["own_currency", "currency_union", "dollarised"]
"""``dollarised``: the legal tender is another economy's money (dollar, euro, franc ...); ``currency_union``: a
common money with a common central bank in which the economy has a voice; a peg is ``own_currency``."""


@dataclass(frozen=True)
class Spell:
    """A period with one currency and one monetary status.

    Attributes
    ----------
    start, end : datetime.date or None
        First and last day; None for open.
    currency : str
        ISO 4217 code.
    status : {"own_currency", "currency_union", "dollarised"}
    arrangement : str
        In words: the union, or whose currency is used.
    anchor : str
        Currency that the money is bound to by law or treaty; "" when it floats or follows no formal anchor.
    central_bank : bool
        Whether the economy has a central bank or monetary authority of its own.
    note : str
    """

    start: dt.date | None
    end: dt.date | None
    currency: str
    status: Status
    arrangement: str = ""
    anchor: str = ""
    central_bank: bool = True
    note: str = ""

    def covers(self, date: dt.date) -> bool:
        """Whether the spell was in force on ``date``."""
        return (self.start is None or self.start <= date) and (self.end is None or date <= self.end)


@dataclass(frozen=True)
class Redenomination:
    """Zeros cut from a currency: one ``new`` unit is ``old_per_new`` old ones from ``date`` on."""

    date: dt.date
    old: str
    new: str
    old_per_new: float


@dataclass(frozen=True)
class Country:
    """An economy.

    Attributes
    ----------
    iso3, iso2, numeric : str
        ISO 3166-1 codes (XKX and XK for Kosovo, which has none in the standard).
    name, name_in_sentence : str
        ``Central African Republic`` and ``the Central African Republic``.
    spells : tuple of Spell
        Oldest first.
    redenominations : tuple of Redenomination
    """

    iso3: str
    iso2: str
    numeric: str
    name: str
    name_in_sentence: str
    spells: tuple[Spell, ...]
    redenominations: tuple[Redenomination, ...] = ()
    regions: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    def spell_on(self, date: dt.date) -> Spell:
        """The currency and status in force on ``date``; before the first known spell, that first one."""
        covering = [spell for spell in self.spells if spell.covers(date)]
        return covering[-1] if covering else self.spells[0]

    def currency_on(self, date: dt.date) -> str:
        """ISO 4217 code of the currency in force on ``date``."""
        return self.spell_on(date).currency

    def status_on(self, date: dt.date) -> Status:
        """``own_currency``, ``currency_union`` or ``dollarised`` on ``date``."""
        return self.spell_on(date).status

    def anchor_on(self, date: dt.date) -> str:
        """Currency that the money is bound to by law or treaty on ``date``; "" for none."""
        return self.spell_on(date).anchor

    def arrangement_on(self, date: dt.date) -> str:
        """The monetary arrangement in words; "" for a plain currency of its own."""
        return self.spell_on(date).arrangement

    def has_central_bank(self, date: dt.date) -> bool:
        """Whether the economy had a central bank or monetary authority of its own on ``date``."""
        return self.spell_on(date).central_bank

    def region(self, scheme: Scheme) -> str:
        """Code of the region in a scheme; "" where the scheme leaves the economy out.

        Raises
        ------
        DataError
            For an unknown scheme.
        """
        try:
            return dict(self.regions)[scheme]
        except KeyError:
            raise DataError(
                f"unknown region scheme {scheme!r}", remedy=f"one of {', '.join(SCHEMES)}"
            ) from None

    def region_name(self, scheme: Scheme) -> str:
        """Name of the region in a scheme; "" where the scheme leaves the economy out."""
        code = self.region(scheme)
        return region_names(scheme)[code] if code else ""


def country(iso3: str) -> Country:
    """The economy with an ISO 3166-1 alpha-3 code.

    Raises
    ------
    DataError
        For an unknown code, with the nearest codes or names.
    """
    found = _table().get(iso3) if isinstance(iso3, str) else None
    if found is None:
        shown = repr(iso3 if isinstance(iso3, str) and len(iso3) <= 40 else "...")
        raise DataError(f"unknown country {shown}", remedy=_suggestion(iso3))
    return found


def countries() -> tuple[Country, ...]:
    """All economies, by code."""
    return tuple(_table().values())


def known(iso3: str) -> bool:
    """Whether the code names an economy of the table."""
    return iso3 in _table()


def members(scheme: Scheme, region: str) -> tuple[str, ...]:
    """Codes of the economies of a region, sorted."""
    return tuple(c.iso3 for c in countries() if c.region(scheme) == region)


@cache
def region_names(scheme: Scheme) -> dict[str, str]:
    """Region code to name in a scheme."""
    names = {row["code"]: row["name"] for row in _rows("regions.csv") if row["scheme"] == scheme}
    if not names:
        raise _no_scheme(scheme)
    return names


def _no_scheme(scheme: object) -> DataError:
    return DataError(f"unknown region scheme {scheme!r}", remedy=f"one of {', '.join(SCHEMES)}")


def _suggestion(given: object) -> str:
    text = str(given)[:40].strip()
    by_name = {c.name.casefold(): c for c in countries()}
    by_code = {c.iso2: c for c in countries()} | _table()
    near = [by_code[text.upper()]] if text.upper() in by_code else []
    near += [by_name[name] for name in difflib.get_close_matches(text.casefold(), by_name, n=2, cutoff=0.75)]
    near += [_table()[code] for code in difflib.get_close_matches(text.upper(), _table(), n=3, cutoff=0.6)]
    unique = list(dict.fromkeys(near))[:3]
    hint = "give an ISO 3166-1 alpha-3 code such as KEN"
    return f"{hint}; did you mean {', '.join(f'{c.iso3} ({c.name})' for c in unique)}?" if unique else hint


@cache
def _table() -> dict[str, Country]:
    spells: dict[str, list[Spell]] = {}
    for row in _rows("monetary_status.csv"):
        spells.setdefault(row["iso3"], []).append(_spell(row))
    cuts: dict[str, list[Redenomination]] = {}
    for row in _rows("redenominations.csv"):
        cut = Redenomination(
            dt.date.fromisoformat(row["date"]), row["old"], row["new"], float(row["old_per_new"])
        )
        cuts.setdefault(row["iso3"], []).append(cut)
    return {row["iso3"]: _country(row, spells, cuts) for row in _rows("countries.csv")}


def _country(
    row: dict[str, str], spells: dict[str, list[Spell]], cuts: dict[str, list[Redenomination]]
) -> Country:
    iso3 = row["iso3"]
    own = spells.get(iso3) or [Spell(None, None, row["currency"], "own_currency")]
    return Country(
        iso3,
        row["iso2"],
        row["numeric"],
        row["name"],
        row["name_in_sentence"],
        tuple(sorted(own, key=lambda spell: spell.start or dt.date.min)),
        tuple(cuts.get(iso3, ())),
        tuple((scheme, row[scheme]) for scheme in SCHEMES),
    )


def _spell(row: dict[str, str]) -> Spell:
    return Spell(
        dt.date.fromisoformat(row["from"]) if row["from"] else None,
        dt.date.fromisoformat(row["to"]) if row["to"] else None,
        row["currency"],
        cast(Status, row["status"]),
        row["arrangement"],
        row["anchor"],
        row["central_bank"] == "yes",
        row["note"],
    )


def _rows(name: str) -> list[dict[str, str]]:
    with files("cryptorisk").joinpath(name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))
