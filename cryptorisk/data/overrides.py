"""The bank's own figures in place of public ones: read, checked against the series' unit, dated."""

from __future__ import annotations

import csv
import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cryptorisk.data.catalogue import Catalogue, Frequency, SeriesSpec
from cryptorisk.data.periods import frequency_of, period_end, snap
from cryptorisk.data.stocks import is_stock
from cryptorisk.data.vintage import Observations
from cryptorisk.errors import DataError
from cryptorisk.params import Override

BANK = "bank"
MAX_BYTES = 20_000_000
PERIODS: dict[Frequency, str] = {"A": "year", "Q": "quarter", "M": "month", "W": "week", "D": "day"}
_SHORTER: dict[Frequency, str] = {"A": "QM", "Q": "M"}
"""Spellings of a period that is a part of the series' own; a day is how a period's end may be written."""


@dataclass(frozen=True)
class BankSeries:
    """A series given by the user.

    ``whole``: a file stands for the whole history (its level need not fit the public one); a single figure leaves
    the public figures of earlier periods in place. ``within``: days inside a period whose figure stands for it,
    because a stock was given at shorter intervals than the series has.
    """

    id: str
    rows: Observations
    whole: bool
    confidential: bool
    note: str
    within: tuple[dt.date, ...] = ()


@dataclass(frozen=True)
class _Line:
    """A figure of a file: number of its line, period as written, the day it ends, value."""

    number: int
    written: str
    day: dt.date
    value: float


def bank_series(
    overrides: Mapping[str, Override], known: Catalogue, as_of: dt.date, folder: Path
) -> dict[str, BankSeries]:
    """The user's series by id.

    Parameters
    ----------
    overrides : mapping of str to Override
    known : Catalogue
    as_of : datetime.date
        Date of a single figure that has none.
    folder : Path
        Folder that a relative file name is looked up in.

    Raises
    ------
    DataError
        For an unknown series, another unit than the series', an unreadable file (with its line), figures for parts
        of a period of a series that is no stock, or a date after ``as_of`` of a single figure.
    """
    return {id: _one(known[id], override, as_of, folder) for id, override in sorted(overrides.items())}


def _one(spec: SeriesSpec, override: Override, as_of: dt.date, folder: Path) -> BankSeries:
    where = f"overrides.{spec.id}"
    within: tuple[dt.date, ...] = ()
    if override.unit is not None and override.unit != spec.unit:
        raise DataError(
            f"unit {override.unit!r} given", where=where, remedy=f"the series is in {spec.unit!r}"
        )
    if override.file is not None:
        points, within = _of_file(folder / override.file, spec, as_of)
    else:
        date = override.date or as_of
        if date > as_of:
            raise DataError(
                f"dated {date}, after as_of {as_of}", where=where, remedy="date it at or before as_of"
            )
        assert override.value is not None
        points = {date: override.value}
    dates = np.array(sorted(points), dtype="datetime64[D]")
    values = np.array([points[date] for date in sorted(points)], dtype=float)
    size = len(dates)
    texts = (np.full(size, text, dtype=object) for text in (BANK, "", override.note))
    rows = Observations(dates, values, *texts)
    whole = override.file is not None
    return BankSeries(spec.id, rows, whole, override.confidential, override.note, within)


def _of_file(
    path: Path, spec: SeriesSpec, as_of: dt.date
) -> tuple[dict[dt.date, float], tuple[dt.date, ...]]:
    """Figures of a file by date, and the days within a period whose figure stands for it."""
    lines = _read(path)
    if is_stock(spec):
        return _last_of_each_period(path, lines, spec, as_of)
    return _one_a_period(path, lines, spec), ()


def _last_of_each_period(
    path: Path, lines: list[_Line], spec: SeriesSpec, as_of: dt.date
) -> tuple[dict[dt.date, float], tuple[dt.date, ...]]:
    """The last figure in each period not after ``as_of``, dated at the period's end.

    In the period still running at ``as_of`` it keeps its own day. What lies after ``as_of`` is kept to be counted.
    """
    by_day: dict[dt.date, float] = {}
    for line in lines:
        if line.day in by_day:
            raise DataError(f"a second figure for {spec.id} on {line.day}", where=f"{path}:{line.number}")
        by_day[line.day] = line.value
    last = {snap(day, spec.frequency): day for day in sorted(by_day) if day <= as_of}
    points = {day: value for day, value in by_day.items() if day > as_of}
    points |= {end if end <= as_of else day: by_day[day] for end, day in last.items()}
    return points, tuple(day for end, day in last.items() if day != end)


def _one_a_period(path: Path, lines: list[_Line], spec: SeriesSpec) -> dict[dt.date, float]:
    period = PERIODS[spec.frequency]
    once = f"{spec.id} has one figure a {period}"
    remedy = f"give one line a {period}, with the figure of the whole {period}"
    points: dict[dt.date, float] = {}
    for line in lines:
        where, end = f"{path}:{line.number}", snap(line.day, spec.frequency)
        if frequency_of(line.written) in _SHORTER.get(spec.frequency, ""):
            raise DataError(f"{line.written} is a part of a {period}, and {once}", where=where, remedy=remedy)
        if end in points:
            what = f"a second figure for the {period} that ends {end}, and {once}"
            raise DataError(what, where=where, remedy=remedy)
        points[end] = line.value
    return points


def _read(path: Path) -> list[_Line]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise DataError("is too large for a series", where=str(path))
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise DataError(
            f"cannot be read ({error.strerror})", where=str(path), remedy="check overrides"
        ) from None
    except UnicodeDecodeError:
        raise DataError("is no text in UTF-8", where=str(path), remedy="save it as CSV (UTF-8)") from None
    try:
        rows = list(csv.reader(text.splitlines()))
    except csv.Error as error:
        raise DataError(f"is no CSV ({error})", where=str(path)) from None
    if not rows or [cell.strip().casefold() for cell in rows[0]] != ["date", "value"]:
        raise DataError("must begin with the line date,value", where=f"{path}:1")
    lines = [
        _line(row, number, path)
        for number, row in enumerate(rows[1:], start=2)
        if any(cell.strip() for cell in row)
    ]
    if not lines:
        raise DataError("holds no figure", where=str(path))
    return lines


def _line(row: list[str], number: int, path: Path) -> _Line:
    where = f"{path}:{number}"
    if len(row) != 2:
        raise DataError(f"{len(row)} cells instead of date,value", where=where)
    try:
        date = period_end(row[0])
    except ValueError as error:
        raise DataError(str(error), where=where) from None
    try:
        value = float(row[1])
    except ValueError:
        raise DataError(f"{row[1].strip()[:40]!r} is no number", where=where, remedy="write 1234.5") from None
    if not math.isfinite(value):
        raise DataError(f"{row[1].strip()!r} is no number", where=where, remedy="leave the line out")
    return _Line(number, row[0].strip(), date, value)
