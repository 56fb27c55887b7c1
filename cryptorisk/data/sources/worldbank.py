"""World Development Indicators of the World Bank, through version 2 of its Indicators API.

An answer is a list of a header (``page``, ``pages``, ``per_page``, ``total``, ``lastupdated``) and of rows, one an
economy and year, with null where nothing was reported; aggregates such as the Arab World stand among the economies,
some without a code. A code that is not served is answered with status 200 and ``[{"message": [...]}]``, an outage
sometimes with a page for people. The call is documented at the address in `WorldBank.documentation`.

The Bank's own client is not used: wbgapi 1.0.14 keeps address, database and request options in globals of its
module, sets no time limit, bounds neither size nor whole time, and turns pages until a count in a header is reached,
so that no question of several at once could be given bounds of its own.

`worldbank.csv` beside this module says which indicator is which series. The units are the catalogue's already, so that
no figure is converted: ``says`` are words of the indicator's title that must be there, because the unit stands in the
title alone. ``zero`` is ``missing`` where the catalogue reads a zero as nothing reported; ``successors`` are codes to
be tried in turn when the code is no longer served. Rows without a series say why a code is not fetched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

import pandas as pd

from cryptorisk.countries import country, known
from cryptorisk.data.catalogue import rows
from cryptorisk.data.sources.address import without_query
from cryptorisk.data.sources.numerals import figures, whole
from cryptorisk.data.sources.source import COLUMNS, LiveSource, Request, Task
from cryptorisk.data.sources.web import Web
from cryptorisk.errors import FetchError, NoFigures

SOURCE_ID = "wdi_live"
DATABASE = "2"
"""Number of the World Development Indicators among the Bank's databases."""

PER_PAGE = 10_000
"""Rows of a page; all economies and aggregates since 2000 are about 7 000. The header says how many were given."""

MOST_PAGES = 500
"""More than the finest paging of a whole indicator, fifty rows a page, would need by far."""

SUBSET = 30
"""Economies asked for by code. Beyond, the whole world in one answer is hardly larger, and cannot fail on one code."""

NOT_COVERED = frozenset({"TWN"})
"""In the Bank's classification, but refused by the API: one such code spoils the answer for all others."""

_NOT_SERVED = ("120", "175")
"""Message ids: a value that it does not know; an indicator that was deleted or archived."""


@dataclass(frozen=True)
class Indicator:
    """A row of the table: what the Bank calls a series, and what its title must say."""

    code: str
    series: str
    says: str
    zero_is_missing: bool
    successors: tuple[str, ...]


@cache
def indicators() -> dict[str, Indicator]:
    """The indicators that are fetched, by code."""
    table = [row for row in rows("sources/worldbank.csv") if row["series"]]
    return {
        row["code"]: Indicator(
            row["code"],
            row["series"],
            row["says"],
            row["zero"] == "missing",
            tuple(filter(None, row["successors"].split(";"))),
        )
        for row in table
    }


@dataclass(frozen=True)
class WorldBank(LiveSource):
    """The World Bank. A successor that was used is told in ``attrs["notes"]`` of the answer."""

    name: ClassVar[str] = "worldbank"
    register: ClassVar[tuple[str, ...]] = (SOURCE_ID,)
    home: ClassVar[str] = "https://api.worldbank.org/v2"
    documentation: ClassVar[str] = (
        "https://datahelpdesk.worldbank.org/knowledgebase/articles/898581-api-basic-call-structure"
    )
    tested: ClassVar[str] = "2026-09-20"
    limits: ClassVar[str] = (
        "no rate stated; at most 1 500 characters between two slashes and 4 000 in an address"
    )
    jobs: ClassVar[int] = 3
    answer_bytes: ClassVar[int] = 8_000_000
    """All economies since 2000 are 2 MB."""

    def tasks(self, request: Request) -> tuple[Task, ...]:
        """One an indicator, for all economies at once; none when the Bank covers no economy or year of those asked."""
        places = _covered(request.countries)
        if (request.countries and not places) or _last_year(request) < request.start.year:
            return ()
        named = places if len(places) <= SUBSET else ()
        return tuple(Task(one.code, (one.series,), countries=named) for one in indicators().values())

    def fetch(self, task: Task, request: Request, web: Web) -> pd.DataFrame:
        """The figures of an indicator, under the code of a successor if the Bank has renamed it."""
        indicator = indicators()[task.key]
        refused: list[str] = []
        for code in (indicator.code, *indicator.successors):
            try:
                given = self._rows(code, task, request, web)
            except _NotServed as refusal:
                refused.append(f"{code} ({refusal.what})")
                continue
            frame = _observations(given, indicator, code, request)
            if refused:
                frame.attrs["notes"] = (f"{indicator.code} is now served as {code}",)
            return frame
        places = f", or one of the economies {', '.join(task.countries)}" if task.countries else ""
        raise FetchError(
            f"does not serve {', '.join(refused)}{places}",
            where=without_query(self.base_url),
            remedy="a renamed code belongs into the column successors of worldbank.csv",
        )

    def _rows(self, code: str, task: Task, request: Request, web: Web) -> list[dict[str, Any]]:
        """All rows of all pages; what does not add up is an answer of two states of the database."""
        given: list[dict[str, Any]] = []
        first = page = self._page(1, code, task, request, web)
        given += page.rows
        for number in range(2, first.pages + 1):
            page = self._page(number, code, task, request, web)
            if page.state != first.state or page.number != number:
                raise FetchError(
                    f"{code}: changed while its pages were read",
                    where=without_query(self.base_url),
                    transient=True,
                )
            given += page.rows
        if len(given) != first.total:
            what = f"{code}: {len(given)} rows on {first.pages} pages where {first.total} were announced"
            raise FetchError(what, where=without_query(self.base_url), transient=True)
        return given

    def _page(self, number: int, code: str, task: Task, request: Request, web: Web) -> _Page:
        place = ";".join(task.countries) or "all"
        reply = web.get(
            f"{self.base_url}/country/{place}/indicator/{code}",
            {
                "source": DATABASE,
                "format": "json",
                "date": f"{request.start.year}:{_last_year(request)}",
                "per_page": str(PER_PAGE),
                "page": str(number),
            },
        )
        return _read(reply.json(), reply.url)


@dataclass(frozen=True)
class _Page:
    number: int
    pages: int
    total: int
    updated: str
    rows: list[dict[str, Any]]

    @property
    def state(self) -> tuple[int, int, str]:
        """What all pages of an answer have in common."""
        return self.pages, self.total, self.updated


class _NotServed(FetchError):
    """The provider says that it has no such indicator, or none any more."""


def _read(answer: Any, where: str) -> _Page:
    """A page of rows from what was answered."""
    _demand_no_message(answer, where)
    try:
        header, given = answer
        page = _Page(
            whole(header["page"]),
            whole(header["pages"]),
            whole(header["total"]),
            str(header.get("lastupdated")),
            list(given or ()),
        )
    except (TypeError, ValueError, KeyError, AttributeError):
        what = f"answered neither rows nor a message: {str(answer)[:80]!r}"
        raise FetchError(what, where=where, transient=True) from None
    if page.pages > MOST_PAGES:
        raise FetchError(f"announces {page.pages} pages, more than {MOST_PAGES}", where=where)
    return page


def _demand_no_message(answer: Any, where: str) -> None:
    head = answer[0] if isinstance(answer, list) and answer else answer
    if not isinstance(head, dict) or "message" not in head:
        return
    given = head["message"]
    messages = [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []
    said = "; ".join(str(one.get("value") or one.get("key") or one) for one in messages) or str(given)[:80]
    if any(str(one.get("id")) in _NOT_SERVED for one in messages):
        raise _NotServed(said.rstrip("."), where=where)
    raise FetchError(f"answered with a message: {said}", where=where, transient=True)


def _observations(
    given: list[dict[str, Any]], indicator: Indicator, code: str, request: Request
) -> pd.DataFrame:
    """Rows of economies with a value, as observations; the same row twice is one, differing ones both stay."""
    _demand_meant(given, indicator, code)
    try:
        table = pd.DataFrame(
            [(str(row["countryiso3code"]), whole(row["date"])) for row in given], columns=["country", "year"]
        )
        table["value"] = figures(row["value"] for row in given)
    except (KeyError, TypeError, ValueError) as error:
        raise FetchError(f"{code}: a row is not as documented ({error})") from None
    table["date"] = pd.to_datetime(table["year"].astype(str) + "-12-31", format="%Y-%m-%d", errors="coerce")
    frame = table[_wanted(table, indicator, request)].assign(series=indicator.series, source=SOURCE_ID)
    frame = frame[list(COLUMNS)].drop_duplicates()
    if frame.empty:
        raise NoFigures(f"{code}: no figure for the economies and years asked for")
    return frame.sort_values(["country", "date"], kind="stable", ignore_index=True)


def _demand_meant(given: list[dict[str, Any]], indicator: Indicator, code: str) -> None:
    """Check by code and title that the rows are the indicator's, in its unit."""
    try:
        titles = {(str(row["indicator"]["id"]), str(row["indicator"]["value"])) for row in given}
    except (KeyError, TypeError) as error:
        raise FetchError(f"{code}: a row names no indicator ({error})") from None
    for id, title in sorted(titles):
        if id.casefold() != code.casefold():
            raise FetchError(f"{code}: answered with another indicator, {id} ({title})")
        if indicator.says.casefold() not in title.casefold():
            what = f"{code}: is now titled {title!r}, without {indicator.says!r}"
            raise FetchError(what, remedy="check its unit and definition, then worldbank.csv")


def _wanted(table: pd.DataFrame, indicator: Indicator, request: Request) -> pd.Series:
    """Rows of economies, of the period and with a value: the API drops a period that it cannot apply."""
    places = set(_covered(request.countries)) if request.countries else set(filter(known, table["country"]))
    value = table["value"]
    chosen = table["country"].isin(places) & value.notna()
    chosen &= table["date"].between(pd.Timestamp(request.start), pd.Timestamp(request.end))
    return chosen & (value != 0) if indicator.zero_is_missing else chosen


def _covered(countries: Sequence[str]) -> tuple[str, ...]:
    """Those of the economies that are in the Bank's own classification, in the order given."""
    return tuple(
        one
        for one in dict.fromkeys(countries)
        if known(one) and one not in NOT_COVERED and country(one).region("world_bank")
    )


def _last_year(request: Request) -> int:
    """The last complete year of a request."""
    end = request.end
    return end.year if (end.month, end.day) == (12, 31) else end.year - 1


SOURCE = WorldBank
