"""The bank's own figures: the series must be known, its unit right, its CSV file readable."""

from __future__ import annotations

import csv
import datetime as dt
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptorisk.errors import DataError, Problem
from cryptorisk.paramfile.names import suggestion
from cryptorisk.paramfile.problems import got
from cryptorisk.paramfile.yamltree import Location, Tree, dotted
from cryptorisk.params import Override, Params

if TYPE_CHECKING:
    from cryptorisk.data.catalogue import Catalogue, SeriesSpec

MAX_CSV_BYTES = 16 * 1024 * 1024
"""Forty years of daily figures are about 0.3 MB."""

_PERIOD = re.compile(r"\d{4}(-\d{2}(-\d{2})?|-Q[1-4])?")
_SHOWN_ROWS = 5


def problems(tree: Tree, name: str, given: Any, folder: Path, root: Path | None) -> list[Problem]:
    """Problems of one entry under ``overrides``.

    Parameters
    ----------
    tree : Tree
    name : str
        Series id.
    given : object
        A number, or a mapping with value or file, unit, date, note, confidential.
    folder : Path
        Folder that ``file`` is relative to.
    root : Path or None
        The kit's folder, for the series that only its vintage knows.
    """
    place: Location = ("overrides", name)
    known = _known_series(name, root)
    if name not in known:
        remedy = suggestion(name, known) or "`cryptorisk data list` names the series"
        return [Problem(dotted(place), "is not a known series", remedy, tree.line(place))]
    if not isinstance(given, dict):
        return []
    found = []
    unit = given.get("unit")
    if isinstance(unit, str) and unit != known[name].unit:
        what = f"must be the series' unit, {known[name].unit}{got(unit)}"
        found.append(Problem(dotted((*place, "unit")), what, None, tree.line((*place, "unit"))))
    if isinstance(given.get("file"), str):
        found += _file_problems(tree, (*place, "file"), folder, given["file"])
    return found


def refusals(params: Params, tree: Tree, root: Path | None, found: Sequence[Problem]) -> list[Problem]:
    """What the reading of the own series for a report would refuse: the same code, so that both agree.

    Parameters
    ----------
    params : Params
        With the files of the overrides absolute.
    tree : Tree
    root : Path or None
        The kit's folder, for the vintage.
    found : sequence of Problem
        What is known already; a series with a problem there is not read again.
    """
    bad = {problem.field for problem in found}
    wanted = {name: own for name, own in params.overrides.items() if not _named(bad, name)}
    if not wanted:
        return []  # reading a vintage takes time
    known, last = _vintage(params, root)
    as_of = params.as_of or last
    refused = (_refusal(name, own, known, as_of, tree) for name, own in wanted.items())
    return [problem for problem in refused if problem is not None]


def _named(fields: set[str], name: str) -> bool:
    field = dotted(("overrides", name))
    return any(one == field or one.startswith(f"{field}.") for one in fields)


def _vintage(params: Params, root: Path | None) -> tuple[Catalogue, dt.date]:
    """Series and last date of the vintage; the package's own, without an end, when no vintage is at hand."""
    from cryptorisk.data.catalogue import catalogue
    from cryptorisk.data.vintage import find_vintage

    if root is not None:
        try:
            vintage = find_vintage(root / "data", params.vintage)
        except DataError:  # said where the vintage is checked, or when the data are read
            pass
        else:
            return vintage.catalogue, vintage.info.date
    return catalogue(), dt.date.max


def _refusal(name: str, own: Override, known: Catalogue, as_of: dt.date, tree: Tree) -> Problem | None:
    from cryptorisk.data.overrides import bank_series

    try:
        bank_series({name: own}, known, as_of, Path())
    except DataError as error:
        place: Location = ("overrides", name) if own.file is None else ("overrides", name, "file")
        what = error.what
        if own.file is not None and error.where is not None:
            at = error.where.removeprefix(own.file).removeprefix(":")
            what = f"{Path(own.file).name!r}: {f'line {at}: ' if at.isdigit() else ''}{what}"
        return Problem(dotted(place), what, error.remedy, tree.line(place))
    return None


def _known_series(name: str, root: Path | None) -> Mapping[str, SeriesSpec]:
    """The package's catalogue; the vintage's, which is slower to read, only when that lacks the name."""
    from cryptorisk.data.catalogue import catalogue

    known = catalogue().series
    if name in known or root is None:
        return known
    from cryptorisk.data.vintage import find_vintage

    try:
        return find_vintage(root / "data").catalogue.series
    except DataError:  # said where the vintage is checked
        return known


def _file_problems(tree: Tree, place: Location, folder: Path, file: str) -> list[Problem]:
    path, field, line = folder / file, dotted(place), tree.line(place)
    shown, written = repr(path.name), got(file)
    try:
        if not path.exists():
            what = "there is no such file"
            return [Problem(field, what + written, "the path is relative to the parameter file", line)]
        if not path.is_file():
            return [Problem(field, "is not a regular file" + written, None, line)]
        if path.stat().st_size > MAX_CSV_BYTES:
            return [Problem(field, f"{shown} is larger than {MAX_CSV_BYTES // 2**20} MB", None, line)]
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        return [Problem(field, f"{shown} is not UTF-8 text", "save it as CSV in UTF-8", line)]
    except (OSError, ValueError) as error:
        return [Problem(field, f"{shown} cannot be read ({type(error).__name__})", None, line)]
    faults = list(_row_faults(text))
    more = [f"and {len(faults) - _SHOWN_ROWS} more"] if len(faults) > _SHOWN_ROWS else []
    return [Problem(field, f"{shown}: {fault}", None, line) for fault in faults[:_SHOWN_ROWS] + more]


def _row_faults(text: str) -> Iterator[str]:
    """What is wrong with the rows of a CSV of the columns date,value."""
    rows = csv.reader(text.splitlines(), strict=True)
    try:
        head = [cell.strip() for cell in next(rows, [])]
        if head != ["date", "value"]:
            yield f"line 1 must be date,value (got {','.join(head)[:60]!r})"
            return
        first_lines: dict[str, int] = {}
        empty = True
        for row in rows:
            if any(cell.strip() for cell in row):
                empty = False
                yield from _one_row(row, rows.line_num, first_lines)
    except csv.Error as error:
        yield f"line {rows.line_num} is not CSV ({error})"
        return
    if empty:
        yield "holds no figures"


def _one_row(row: list[str], line: int, first_lines: dict[str, int]) -> Iterator[str]:
    if len(row) != 2:
        yield f"line {line} has {len(row)} columns, not 2; decimals take a point, thousands no mark"
        return
    date, value = (cell.strip() for cell in row)
    if not _is_period(date):
        yield f"line {line}: the date must be YYYY-MM-DD, YYYY-MM, YYYY-Qn or YYYY (got {date[:40]!r})"
    elif date in first_lines:
        yield f"line {line}: {date} is given twice (first on line {first_lines[date]})"
    first_lines.setdefault(date, line)
    if not _is_number(value):
        yield f"line {line}: the value must be a plain number (got {value[:40]!r})"


def _is_period(text: str) -> bool:
    if not _PERIOD.fullmatch(text):
        return False
    if "Q" in text or len(text) == 4:
        return int(text[:4]) > 0
    try:
        dt.date.fromisoformat(text if len(text) == 10 else text + "-01")
    except ValueError:
        return False
    return True


def _is_number(text: str) -> bool:
    try:
        return "_" not in text and math.isfinite(float(text))
    except ValueError:
        return False
