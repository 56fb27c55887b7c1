"""The bank's own figures in place of public ones: read, checked against the series' unit, dated."""

from __future__ import annotations

import csv
import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cryptorisk.data.catalogue import Catalogue, SeriesSpec
from cryptorisk.data.periods import period_end, snap
from cryptorisk.data.vintage import Observations
from cryptorisk.errors import DataError
from cryptorisk.params import Override

BANK = "bank"
MAX_BYTES = 20_000_000


@dataclass(frozen=True)
class BankSeries:
    """A series given by the user.

    ``whole``: a file stands for the whole history (its level need not fit the public one); a single figure leaves
    the public figures of earlier periods in place.
    """

    id: str
    rows: Observations
    whole: bool
    confidential: bool
    note: str


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
        For an unknown series, another unit than the series', an unreadable file (with its line), or a date after
        ``as_of`` of a single figure.
    """
    return {id: _one(known[id], override, as_of, folder) for id, override in sorted(overrides.items())}


def _one(spec: SeriesSpec, override: Override, as_of: dt.date, folder: Path) -> BankSeries:
    where = f"overrides.{spec.id}"
    if override.unit is not None and override.unit != spec.unit:
        raise DataError(
            f"unit {override.unit!r} given", where=where, remedy=f"the series is in {spec.unit!r}"
        )
    if override.file is not None:
        path = Path(override.file)
        points = _read(path if path.is_absolute() else folder / path, spec)
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
    return BankSeries(spec.id, rows, override.file is not None, override.confidential, override.note)


def _read(path: Path, spec: SeriesSpec) -> dict[dt.date, float]:
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
    points: dict[dt.date, float] = {}
    for line, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        date, value = _point(row, f"{path}:{line}", spec)
        if date in points:
            raise DataError(f"a second figure for the period that ends {date}", where=f"{path}:{line}")
        points[date] = value
    if not points:
        raise DataError("holds no figure", where=str(path))
    return points


def _point(row: list[str], where: str, spec: SeriesSpec) -> tuple[dt.date, float]:
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
    return snap(date, spec.frequency), value
