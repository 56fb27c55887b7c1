"""Several series in one file: a row a figure, with its economy, series, period, unit, class and confidentiality.

A figure is confidential unless its row says no: the files never leave the machine, and a report prints of them what
they allow.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import cast, get_args

from cryptorisk.countries import known as known_economy
from cryptorisk.data.catalogue import Catalogue, SeriesSpec
from cryptorisk.data.own.cells import Cell, flag, number, period, printed, quoted, text_of
from cryptorisk.data.own.faults import Fault, Unreadable
from cryptorisk.data.own.reading import SHEET, Grid, Row, RowCells
from cryptorisk.data.own.units import converted, power
from cryptorisk.errors import DataError
from cryptorisk.estimate import DataClass

REQUIRED = ("series", "date", "value", "unit")
COLUMNS = ("country", *REQUIRED, "data_class", "confidential", "note")
MAX_NOTE = 500
"""As many characters as the note of a figure under ``overrides``."""


Key = tuple[str, str]
"""Economy and series."""


@dataclass(frozen=True)
class Figure:
    """One figure of a file: place, period as written, its last day, value in the series' unit, note."""

    place: str
    written: str
    day: dt.date
    value: float
    note: str = ""


@dataclass(frozen=True)
class Part:
    """The figures of one series of one economy in a file.

    Attributes
    ----------
    figures : tuple of Figure
        In the file's order.
    units : tuple of str
        Units given that are not the series' own; the figures are converted.
    confidential : bool
    data_class : {"measured", "survey", "modelled", "proxy"} or None
        None for that of the catalogue.
    """

    figures: tuple[Figure, ...]
    units: tuple[str, ...]
    confidential: bool
    data_class: DataClass | None


@dataclass(frozen=True)
class _Entry:
    """A row that was read."""

    key: Key
    unit: str
    confidential: bool
    data_class: DataClass | None
    figure: Figure


def parts(grid: Grid, known: Catalogue, country: str | None) -> tuple[dict[Key, Part], list[Fault]]:
    """The figures of a tidy table, and everything that is wrong in it.

    Parameters
    ----------
    grid : Grid
    known : Catalogue
    country : str or None
        Economy of rows that name none; None where every row must name one.

    Returns
    -------
    parts : dict of (str, str) to Part
        By economy and series; empty for a table without figures.
    faults : list of Fault
    """
    if faults := list(_head_faults(grid, country)):
        return {}, faults
    rows = {row.number: row for row in (*grid.rows, *grid.torn)}
    faults = [_of(fault, grid, rows.get(fault.row), country) for fault in grid.faults]
    grouped = dict[Key, list[_Entry]]()
    spoilt = {fault.place for fault in faults}
    for row in grid.rows:
        if not _filled(grid, row, spoilt):
            continue
        entry = _entry(grid, row, known, country)
        if isinstance(entry, _Entry):
            grouped.setdefault(entry.key, []).append(entry)
        else:  # an empty cell is what the format's own fault at its place left
            faults += [_of(fault, grid, row, country) for fault in entry if fault.place not in spoilt]
    for (economy, _id), group in grouped.items():
        faults += [replace(fault, economy=economy) for fault in _disagreements(group)]
    return {key: _part(group) for key, group in grouped.items()}, faults


def _of(fault: Fault, grid: Grid, row: Row | None, country: str | None) -> Fault:
    """A fault in a row with the economy that the row names; without one where that cannot be relied upon."""
    if row is None or (row in grid.torn and grid.columns[:1] != ("country",)):
        return fault
    code = text_of(grid.cell(row, "country")) or country or ""
    return replace(fault, economy=code if known_economy(code) else "")


def _head_faults(grid: Grid, country: str | None) -> Iterator[Fault]:
    """What is wrong with the line that names the columns."""
    place = grid.place(grid.head) if grid.kind != "parquet" else ""
    these = f"the columns are {', '.join(COLUMNS)}"
    if not grid.columns:
        yield Fault("", _empty(grid), f"{these}; `cryptorisk data template` writes them")
        return
    if len(grid.columns) == 1 and ";" in grid.columns[0]:
        yield Fault(place, "has its columns parted by semicolons", "save it with commas, or as .xlsx")
        return
    needed = REQUIRED if country is not None else ("country", *REQUIRED)
    if lacking := [name for name in needed if name not in grid.columns]:
        other = f"; to have another sheet read, name it {SHEET}" if grid.unread else ""
        yield Fault(place, f"lacks the column {', '.join(lacking)}", these + other)
    for name in dict.fromkeys(grid.columns):
        if name not in COLUMNS:
            shown = f"column{quoted(name, secret=True)}" if name else "column without a name"
            yield Fault(place, f"has an unknown {shown}", these)
        elif grid.columns.count(name) > 1:
            yield Fault(place, f"has the column {name} twice", "keep one")


def _empty(grid: Grid) -> str:
    """What is said of a table without a line that names the columns."""
    if not grid.unread:
        return "is empty: no line names the columns"
    return f"has nothing on its sheet {grid.sheet[:40]!r}, and other sheets are not read unless one is named {SHEET}"


def _filled(grid: Grid, row: Row, spoilt: set[str]) -> bool:
    """Whether a row is meant to hold a figure: a template's row with neither period nor value is not filled in."""
    return any(
        text_of(grid.cell(row, name)) or grid.place(row.number, name) in spoilt for name in ("date", "value")
    )


def _entry(grid: Grid, row: Row, known: Catalogue, country: str | None) -> _Entry | list[Fault]:
    """The row's figure, or all that is wrong with it."""
    cells = RowCells(grid, row)
    told = cells.read("confidential", flag)
    secret = told is not False
    place = cells.read("country", lambda cell: _economy(cell, country, secret))
    spec = cells.read("series", lambda cell: _series(cell, known, secret))
    when = cells.read("date", lambda cell: period(cell, secret=secret))
    amount = cells.read("value", lambda cell: number(cell, secret=secret))
    unit = cells.read("unit", lambda cell: _unit(cell, spec, secret))
    kind = cells.read("data_class", lambda cell: _class(cell, secret))
    note = cells.read("note", lambda cell: printed(cell, longest=MAX_NOTE))
    if cells.faults or place is None or spec is None or when is None or amount is None or unit is None:
        return cells.faults
    value = cells.read("value", lambda _cell: converted(amount, unit, spec.unit))
    if value is None:
        return cells.faults
    figure = Figure(grid.place(row.number, "value"), *when, value, note or "")
    return _Entry((place, spec.id), "" if unit == spec.unit else unit, secret, kind, figure)


def _economy(cell: Cell, default: str | None, secret: bool) -> str:
    code = text_of(cell)
    if not code and default is not None:
        return default
    if not code:
        raise Unreadable("the country is missing", "give its ISO 3166-1 alpha-3 code, for example KEN")
    if known_economy(code):
        return code
    near = code.upper() if known_economy(code.upper()) else None
    remedy = f"did you mean {near}?" if near else "give an ISO 3166-1 alpha-3 code, for example KEN"
    raise Unreadable(f"the country is not an economy the kit knows{quoted(cell, secret=secret)}", remedy)


def _series(cell: Cell, known: Catalogue, secret: bool) -> SeriesSpec:
    try:
        return known[text_of(cell)]
    except DataError as error:
        what = f"the series is not known{quoted(cell, secret=secret)}"
        raise Unreadable(what, error.remedy) from None


def _unit(cell: Cell, spec: SeriesSpec | None, secret: bool) -> str:
    unit = text_of(cell)
    if not unit:
        remedy = f"{spec.id} is in {spec.unit}" if spec else None
        raise Unreadable("the unit is missing", remedy)
    if spec is not None:
        try:
            power(unit, spec.unit)
        except Unreadable as problem:
            raise Unreadable(f"{problem.what}{quoted(cell, secret=secret)}") from None
    return unit


def _class(cell: Cell, secret: bool) -> DataClass | None:
    kind, kinds = text_of(cell), get_args(DataClass)
    if kind and kind not in kinds:
        what = f"data_class must be one of {', '.join(kinds)}{quoted(cell, secret=secret)}"
        raise Unreadable(what, "leave it empty for the series' own")
    return cast(DataClass, kind) if kind else None


def _disagreements(group: Sequence[_Entry]) -> Iterator[Fault]:
    """Rows of one series that differ in what holds for the whole series."""
    first = group[0]
    for entry in group[1:]:
        place, other = entry.figure.place, f"than {first.figure.place}"
        if entry.confidential != first.confidential:
            what = f"says another thing of {first.key[1]} about confidentiality {other}"
            yield Fault(place, what, "a series is confidential as a whole or not at all; empty means yes")
        if entry.data_class != first.data_class:
            yield Fault(place, f"gives {first.key[1]} another data_class {other}", "a series has one class")


def _part(group: Sequence[_Entry]) -> Part:
    units = tuple(dict.fromkeys(entry.unit for entry in group if entry.unit))
    confidential = any(entry.confidential for entry in group)
    return Part(tuple(entry.figure for entry in group), units, confidential, group[0].data_class)
