"""Empty files for the bank's own figures, with explanations: they load with no figure until somebody fills them in.

A row of a template names a series and its unit; without a period and a value it holds no figure and is passed over.
The example stands in a comment (CSV) or in a sheet of its own (Excel), so that it never counts as data.
"""

from __future__ import annotations

import csv
import datetime as dt
import difflib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cryptorisk.data.catalogue import Catalogue, SeriesSpec
from cryptorisk.data.own.readers import Readers, kinds_table, readers_of
from cryptorisk.data.own.reading import COMMENT, SHEET
from cryptorisk.data.own.series import PERIODS
from cryptorisk.data.own.tidy import COLUMNS
from cryptorisk.data.own.units import accepted
from cryptorisk.data.stocks import is_stock
from cryptorisk.errors import DataError
from cryptorisk.estimate import UNITS

SHEETS = ("read me", "data", "example")
"""Of a workbook; figures are taken from the sheet ``data``."""
EXPLAINED: Mapping[str, str] = {
    "country": "economy, ISO 3166-1 alpha-3 code; may stay empty in a file named under own_files: the file's country",
    "series": "name of the series",
    "date": "period: YYYY-MM-DD, YYYY-MM, YYYY-Qn or YYYY",
    "value": "number with a point for decimals and no mark for thousands",
    "unit": "one of the accepted names given for the series below; a thousand, million (mn, 10^6) or billion (bn, 10^9) "
    "of it is converted, and the report says so",
    "data_class": "measured, survey, modelled or proxy; empty for the series' own",
    "confidential": "yes or no, the same for all rows of a series; empty for yes: the figure is used and not printed",
    "note": "origin of the figure; printed in the report, also that of a confidential figure",
}
RULES = (
    "One row a figure. A row without date and value is passed over, and so is one that begins with #.",
    "A stock may be given at shorter intervals: the last figure in each period counts. A flow or an average needs one "
    "figure for each whole period.",
    "The rows of a series stand for its whole history: public figures of earlier years are not added.",
)


@dataclass(frozen=True)
class Entry:
    """A series of a template: what to give, the chapters that use it, an example's period and value."""

    spec: SeriesSpec
    what: str
    readers: Readers
    period: str
    example: float

    @property
    def kind(self) -> str:
        """``stock, end of each year`` or ``flow or average of each month``."""
        period = PERIODS[self.spec.frequency]
        return (
            f"stock at the end of each {period}"
            if is_stock(self.spec)
            else f"one figure for each whole {period}"
        )

    @property
    def units(self) -> str:
        """Names of the units that figures may be given in, with the own one in words."""
        own, *others = accepted(self.spec.unit)
        words = f"{own} ({UNITS[own].noun})" if UNITS[own].noun else own
        return f"accepted units: {', '.join((words, *others))}" if others else f"accepted unit: {words}"

    @property
    def sign(self) -> str:
        """Sign convention in words."""
        return self.spec.sign or ("as measured" if self.spec.unit.startswith("pct") else "positive")


@dataclass(frozen=True)
class Kind:
    """A kind of return, with its series."""

    name: str
    title: str
    entries: tuple[Entry, ...]


def kinds(known: Catalogue) -> dict[str, Kind]:
    """All kinds of templates by name."""
    return {name: _kind(name, raw, known) for name, raw in kinds_table().items()}


def kind_of(name: str, known: Catalogue) -> Kind:
    """The kind of that name.

    Raises
    ------
    DataError
        With the nearest names.
    """
    every = kinds(known)
    if name not in every:
        near = difflib.get_close_matches(name, every, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]}?" if near else f"the kinds are {', '.join(every)}"
        raise DataError(f"there is no template {name[:60]!r}", remedy=hint)
    return every[name]


def csv_template(kind: Kind, country: str = "") -> str:
    """A template as CSV: explanations as comments, the columns, a row a series to be filled in.

    Parameters
    ----------
    kind : Kind
    country : str
        ISO 3166-1 alpha-3 code to be written into the rows.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    for line in (kind.title, *RULES, *(f"{name}: {text}" for name, text in EXPLAINED.items())):
        writer.writerow([f"{COMMENT} {line}"])
    for entry in kind.entries:
        writer.writerow([f"{COMMENT} {entry.spec.id}: {_in_words(entry)}"])
    writer.writerow([f"{COMMENT} An example; without the first two letters it would be a figure:"])
    stream.write(f"{COMMENT} {','.join(_example(kind.entries[0], country))}\n")
    writer.writerow(COLUMNS)
    writer.writerows(_row(entry, country) for entry in kind.entries)
    return stream.getvalue()


def xlsx_template(kind: Kind, country: str = "") -> bytes:
    """A template as an Excel workbook: what to know, the sheet ``data`` to be filled in, and an example.

    Raises
    ------
    KitError
        When the library that writes workbooks is not installed.
    """
    import pandas as pd

    from cryptorisk.data.spreadsheet import TEXT, Sheet, number_format, write_workbook

    rows = [_row(entry, country) for entry in kind.entries]
    about, data, example = SHEETS
    # a program that takes 2025-12 for its first day, and Q4 for a word, leaves what is typed into a cell of text
    formats = {"date": TEXT, "value": [number_format(entry.spec.unit) for entry in kind.entries]}
    sheets = [
        Sheet(
            about,
            pd.DataFrame(list(_explanations(kind)), columns=["what", "explanation"]),
            {"what": 44, "explanation": 110},
        ),
        Sheet(
            data,
            pd.DataFrame(rows, columns=list(COLUMNS), dtype=object),
            {"country": 10, "series": 44, "date": 14, "value": 22, "unit": 18, "note": 40},
            formats=formats,
        ),
        Sheet(
            example,
            pd.DataFrame([_example(kind.entries[0], country)], columns=list(COLUMNS)),
            formats={"date": TEXT},
        ),
    ]
    stream = io.BytesIO()
    write_workbook(stream, sheets, title=kind.title, date=MADE)
    return stream.getvalue()


MADE = dt.date(2026, 1, 1)
"""Stands for the time of writing, so that a template is the same file whenever it is written."""


def _row(entry: Entry, country: str) -> list[str | None]:
    """A row that lacks period and value."""
    given = {"country": country, "series": entry.spec.id, "unit": entry.spec.unit}
    return [given.get(name) or None for name in COLUMNS]


def _example(entry: Entry, country: str) -> list[str]:
    given = {
        "country": country or "KEN",
        "series": entry.spec.id,
        "date": entry.period,
        "value": f"{entry.example:.15g}",
        "unit": entry.spec.unit,
        "data_class": "measured",
        "confidential": "yes",
        "note": "Supervisory return A12",
    }
    return [given[name] for name in COLUMNS]


def _in_words(entry: Entry) -> str:
    return f"{entry.what}; {entry.units}; {entry.kind}; sign: {entry.sign}; {entry.readers.words}."


def _explanations(kind: Kind) -> Iterator[tuple[str, str]]:
    yield kind.title, f"Fill in the sheet {SHEET}; the sheet example shows how. Other sheets are not read."
    yield from (("rule", rule) for rule in RULES)
    yield from ((f"column {name}", text) for name, text in EXPLAINED.items())
    yield from ((entry.spec.id, _in_words(entry)) for entry in kind.entries)


def _kind(name: str, raw: Mapping[str, Any], known: Catalogue) -> Kind:
    entries = tuple(_entry(known[id], given) for id, given in raw["series"].items())
    return Kind(name, str(raw["title"]), entries)


def _entry(spec: SeriesSpec, given: Mapping[str, Any]) -> Entry:
    period = str(given.get("period") or _PERIODS[spec.frequency])
    readers = readers_of(spec.id)
    assert readers is not None
    return Entry(spec, str(given["what"]), readers, period, float(given["example"]))


_PERIODS = {"A": "2025", "Q": "2025-Q4", "M": "2025-12", "W": "2025-12-31", "D": "2025-12-31"}
"""Period of the example, as it is usually written at a frequency."""
