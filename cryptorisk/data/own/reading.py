"""A file of own figures as rows of cells, whatever its format, with the place of every cell for messages."""

from __future__ import annotations

import csv
import hashlib
import io
import stat
import string
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeVar

from cryptorisk.data.own import FOREIGN, FORMATS, limits
from cryptorisk.data.own.cells import Cell, text_of
from cryptorisk.data.own.faults import Fault, Unreadable
from cryptorisk.data.own.limits import Meter

KEPT_FILES, KEPT_ROWS = 64, 2_000
"""Tables that are kept as read, and rows up to which one is: a return has some hundred, all together some megabytes."""
SHEET = "data"
"""Sheet of a workbook that is read where there is one of that name; else the first."""
COMMENT = "#"
"""A row whose first cell begins so explains something and holds no figure."""

_Read = TypeVar("_Read")


@dataclass(frozen=True)
class Row:
    """A row: its number in the file, from 1, and its cells."""

    number: int
    cells: tuple[Cell, ...]

    @property
    def blank(self) -> bool:
        """Whether every cell is empty, or the row is a comment."""
        first = text_of(self.cells[0]) if self.cells else ""
        return first.startswith(COMMENT) if first else not any(map(text_of, self.cells))


@dataclass(frozen=True)
class Grid:
    """A table as it stands in a file.

    Attributes
    ----------
    kind : {"csv", "xlsx", "parquet"}
    sheet : str
        Name of the sheet of a workbook.
    head : int
        Number of the row that names the columns.
    columns : tuple of str
        Names as given, in small letters, without blanks around them.
    rows : tuple of Row
        Without empty rows and comments.
    faults : tuple of Fault
        What the format itself shows: cells with an error, rows of another width.
    unread : tuple of str
        Other sheets of the workbook that hold numbers.
    torn : tuple of Row
        Rows of another width than the head, which say nothing that is certain but in their first cell.
    """

    kind: Literal["csv", "xlsx", "parquet"]
    sheet: str
    head: int
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    faults: tuple[Fault, ...] = ()
    unread: tuple[str, ...] = ()
    torn: tuple[Row, ...] = ()

    def place(self, row: int, column: str | None = None) -> str:
        """``line 3``, ``data!C3`` or ``row 3``, as the program that made the file would call it."""
        if self.kind == "csv":
            return f"line {row}"
        if self.kind == "parquet":
            return f"row {row}"
        letter = column_letters(self.columns.index(column)) if column in self.columns else ""
        return f"{self.sheet}!{letter}{row}" if letter else f"{self.sheet}, row {row}"

    def cell(self, row: Row, column: str) -> Cell:
        """The cell of a row in a named column; None where there is no such column or the row ends before it."""
        if column not in self.columns:
            return None
        position = self.columns.index(column)
        return row.cells[position] if position < len(row.cells) else None


class RowCells:
    """The cells of a row, read one after the other; what is wrong with one is noted and the next is read."""

    def __init__(self, grid: Grid, row: Row) -> None:
        self.grid, self.row, self.faults = grid, row, list[Fault]()

    def read(self, column: str, reader: Callable[[Cell], _Read]) -> _Read | None:
        """What ``reader`` makes of the cell in a column; None, and a fault, when it raises `Unreadable`."""
        try:
            return reader(self.grid.cell(self.row, column))
        except Unreadable as problem:
            self.faults.append(problem.at(self.grid.place(self.row.number, column)))
            return None


def content_of(path: Path) -> bytes:
    """The bytes of a regular file of a bearable size, which is looked at before anything is read.

    Raises
    ------
    Unreadable
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable("is not a regular file")
        _demand_size(status.st_size)
        with path.open("rb") as file:
            content = file.read(limits.MAX_BYTES + 1)
    except FileNotFoundError:
        raise Unreadable("cannot be read (No such file or directory)", "check the path") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise Unreadable(f"cannot be read ({reason})") from None
    _demand_size(len(content))  # it may have grown meanwhile
    return content


def _demand_size(size: int) -> None:
    if size > limits.MAX_BYTES:
        raise Unreadable(f"is larger than {limits.MAX_BYTES // 2**20} MB", "make several files of it")


def grid_of(content: bytes, suffix: str) -> Grid:
    """The table in a file's bytes; anything that is neither Excel nor Parquet by its name is read as CSV.

    Parameters
    ----------
    content : bytes
    suffix : str
        Ending of the file's name, ``.xlsx``.

    Raises
    ------
    Unreadable
    """
    suffix = suffix.casefold()
    if suffix in FOREIGN:
        raise Unreadable(f"is no file of the kinds {', '.join(FORMATS)}", "save it as one of them")
    key = hashlib.sha256(content).hexdigest(), suffix
    if key not in _KEPT:
        grid = _grid(content, suffix)
        if len(grid.rows) > KEPT_ROWS:
            return grid
        _KEPT[key] = grid
        while len(_KEPT) > KEPT_FILES:
            del _KEPT[next(iter(_KEPT))]
    return _KEPT[key]


_KEPT: dict[tuple[str, str], Grid] = {}
"""The check before a report, the report and those of other countries read the same files one after the other."""


def _grid(content: bytes, suffix: str) -> Grid:
    if suffix == ".xlsx":
        from cryptorisk.data.own.workbook import grid as workbook_grid

        return workbook_grid(content)
    if suffix == ".parquet":
        from cryptorisk.data.own.parquet import grid as parquet_grid

        return parquet_grid(content)
    return _csv_grid(content)


def _csv_grid(content: bytes) -> Grid:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("is not UTF-8 text", "save it as CSV in UTF-8") from None
    reader, rows, before, meter = csv.reader(io.StringIO(text, newline=""), strict=True), [], 0, Meter()
    try:
        for cells in reader:
            row = Row(before + 1, tuple(cells))
            before = reader.line_num
            meter.count_cells(len(cells))
            meter.row(cells, f"line {row.number}", blank=row.blank)
            rows += [] if row.blank else [row]
    except csv.Error as error:
        raise Unreadable(f"line {reader.line_num} is not CSV ({error})") from None
    return headed("csv", "", rows)


def headed(
    kind: Literal["csv", "xlsx"], sheet: str, rows: Iterable[Row], faults: Sequence[Fault] = ()
) -> Grid:
    """A table whose first row names the columns; of rows that are neither empty nor comments."""
    filled = list(rows)
    if not filled:
        return Grid(kind, sheet, 1, (), (), tuple(faults))
    names = tuple(text_of(cell).casefold() for cell in _trimmed(filled[0].cells))
    grid = Grid(kind, sheet, filled[0].number, names, tuple(filled[1:]), tuple(faults))
    return grid if kind == "xlsx" else _of_one_width(grid)


def _of_one_width(grid: Grid) -> Grid:
    """A CSV whose rows have the width of its first line; others, which a decimal comma makes, are faults."""
    width = len(grid.columns)
    remedy = "decimals take a point, thousands no mark, a text with a comma quotes"
    torn = tuple(
        row
        for row in grid.rows
        if len(row.cells) != width and not len(_trimmed(row.cells)) <= width <= len(row.cells)
    )
    faults = [
        Fault(grid.place(row.number), f"has {len(row.cells)} columns, not {width}", remedy, row.number)
        for row in torn
    ]
    wrong = {row.number for row in torn}
    kept = tuple(row for row in grid.rows if row.number not in wrong)
    return replace(grid, rows=kept, torn=torn, faults=(*grid.faults, *faults))


def _trimmed(cells: Sequence[Cell]) -> Sequence[Cell]:
    """Cells without the empty ones at the end."""
    end = len(cells)
    while end and not text_of(cells[end - 1]):
        end -= 1
    return cells[:end]


def column_letters(position: int) -> str:
    """``A`` for 0, ``Z`` for 25, ``AA`` for 26."""
    letters = ""
    position += 1
    while position:
        position, digit = divmod(position - 1, 26)
        letters = string.ascii_uppercase[digit] + letters
    return letters
