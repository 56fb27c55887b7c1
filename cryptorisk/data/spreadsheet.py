"""Tables for people who work in a spreadsheet: CSV and XLSX in which no text is a formula, the same bytes every time."""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO

import pandas as pd

if TYPE_CHECKING:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

MAX_ROWS, MAX_COLUMNS, MAX_LETTERS = 1_048_576, 16_384, 32_767
"""Rows and columns of a sheet, letters of a cell: Microsoft, "Excel specifications and limits"."""

FIRST_DATE = dt.date(1900, 3, 1)
"""Before it the day numbers of spreadsheets disagree (the 29th of February 1900 that never was): such dates go as
text."""

_WIDEST = 60
_TRIGGERS = "=+\\-@＝＋－＠"
_SKIPPED = '[\\s"\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]*'
_FORMULA = re.compile(f"\\A(?=[\t\r\n]|{_SKIPPED}[{_TRIGGERS}])|(?<=[;\t\r\n])(?={_SKIPPED}[{_TRIGGERS}])")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def neutral(text: str) -> str:
    r"""Text that no spreadsheet takes for a formula, and that every file format can hold.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        With an apostrophe before what would be read as a formula: ``=``, ``+``, ``-`` or ``@`` (or its full-width
        form) at the beginning, blanks, quotes and invisible characters apart, and a tab or line end at the very
        beginning. The same after a semicolon, a tab or a line end within the text, where a program that splits at
        these begins a new cell. Control characters are written out (``\x07``). A neutral text stays as it is.

    References
    ----------
    OWASP, "CSV Injection", https://owasp.org/www-community/attacks/CSV_Injection: the characters, and that separators
    and quotes within the text must be heeded.
    """
    return _FORMULA.sub("'", _UNWRITABLE.sub(_written_out, text))


def csv_text(frame: pd.DataFrame) -> str:
    """A table as CSV (RFC 4180): texts neutral, dates as YYYY-MM-DD, numbers with all their digits.

    Write it with the encoding ``utf-8-sig``: without the mark Excel takes the text for another encoding.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([neutral(str(name)) for name in frame.columns])
    writer.writerows(_rows(frame))
    return stream.getvalue()


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook.

    Attributes
    ----------
    name : str
    frame : DataFrame
        Columns of texts, numbers and dates; missing cells stay blank. More rows than a sheet has go on in further
        sheets, ``name 2`` and so on.
    widths : mapping of str to int
        Letters a column, where the content should not decide; longer texts of these take several lines.
    frozen : int
        Columns at the left that stay in sight beside the first rows.
    formats : mapping of column name to str or sequence of str
        Number formats (see `number_format`) of a column, which new rows take too, or of every cell in it.
    under : sequence of sequence of str
        Rows that stand under the names of the columns and stay in sight with them, such as the units.
    """

    name: str
    frame: pd.DataFrame
    widths: Mapping[str, int] = field(default_factory=dict)
    frozen: int = 0
    formats: Mapping[Any, str | Sequence[str]] = field(default_factory=dict)
    under: Sequence[Sequence[str]] = ()


TEXT = "@"
"""Format of cells that a program must leave as they are typed: 2025-12 is a month and not its first day."""


def number_format(unit: str, largest: float = math.nan, *, whole: bool = True) -> str:
    """How a spreadsheet shows figures of a unit; the figure behind keeps all its digits.

    Parameters
    ----------
    unit : str
        Key of `cryptorisk.estimate.UNITS`.
    largest : float
        The largest figure shown so, in absolute terms: where it is small there are more decimals, three digits of it.
    whole : bool
        Whether all figures of a unit that is counted are whole numbers: not so of branches to 100 000 people.

    Returns
    -------
    str
        A number format (ECMA-376 Part 1, 18.8.31): ``#,##0.00`` for amounts, ``0.0`` for percentages.
    """
    digits = _DECIMALS.get(unit, 1 if unit.startswith("pct") else 2)
    digits = digits or (0 if whole else 1)
    if digits and 0 < largest < math.inf:
        digits = min(max(digits, 2 - math.floor(math.log10(largest))), _MOST_DECIMALS)
    units = "0" if unit == "rank" or unit.startswith("pct") else "#,##0"
    return f"{units}.{'0' * digits}" if digits else units


_DECIMALS = {
    "none": 0,
    "rank": 0,
    "count": 0,
    "persons": 0,
    "days": 0,
    "pp": 1,
    "bp": 0,
    "score": 1,
    "log_return_pct": 1,
}
_MOST_DECIMALS = 8


def write_workbook(file: BinaryIO, sheets: Sequence[Sheet], *, title: str, date: dt.date) -> None:
    """Write sheets as XLSX (ECMA-376), each with a bold first row that stays in sight.

    Parameters
    ----------
    file : binary file, open for writing
    sheets : sequence of Sheet
    title : str
        Of the document.
    date : datetime.date
        Stands for the time of writing, so that the same content gives the same bytes.
    """
    from openpyxl import Workbook
    from openpyxl.xml.functions import tostring

    book = Workbook(write_only=True)
    for sheet in sheets:
        for name, start, rows in _pieces(sheet):
            _fill(book.create_sheet(name), sheet, rows, start)
    stamp = dt.datetime.combine(date, dt.time())
    raw = io.BytesIO()
    book.save(raw)
    # saving sets the time of the last change to now; the properties are written again after it
    book.properties.title, book.properties.creator = neutral(title), "cryptorisk"
    book.properties.created = book.properties.modified = stamp
    _repack(raw, file, stamp, {"docProps/core.xml": tostring(book.properties.to_tree())})


def _written_out(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode("ascii")


def _rows(frame: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """Rows of plain Python values for a file: neutral texts, dates, numbers; None for a missing or empty cell."""
    return zip(*(_plain(frame.iloc[:, place]) for place in range(frame.shape[1])), strict=True)


def _plain(column: pd.Series) -> list[Any]:
    if pd.api.types.is_datetime64_any_dtype(column):
        column = column.dt.date
    known: dict[str, str] = {}
    cells: list[Any] = []
    for cell in column.tolist():
        if isinstance(cell, str) and cell:
            if cell not in known:
                known[cell] = neutral(cell)
            cells.append(known[cell])
        else:
            cells.append(None if cell is None or cell == "" or cell != cell else cell)
    return cells


def _pieces(sheet: Sheet) -> Iterator[tuple[str, int, pd.DataFrame]]:
    """The rows of a sheet in portions that one sheet can hold, with the names of these and where they begin."""
    size = MAX_ROWS - 1 - len(sheet.under)
    for number, start in enumerate(range(0, max(len(sheet.frame), 1), size), start=1):
        name = sheet.name if number == 1 else f"{sheet.name} {number}"
        yield name, start, sheet.frame.iloc[start : start + size]


def _fill(target: WriteOnlyWorksheet, sheet: Sheet, rows: pd.DataFrame, start: int) -> None:
    from openpyxl.styles import Alignment
    from openpyxl.utils import get_column_letter

    target.freeze_panes = f"{get_column_letter(sheet.frozen + 1)}{2 + len(sheet.under)}"
    for place, name in enumerate(rows.columns, start=1):
        column = target.column_dimensions[get_column_letter(place)]
        column.width = sheet.widths.get(str(name)) or _width(rows.iloc[:, place - 1], str(name))
        if isinstance(format := sheet.formats.get(name), str):
            column.number_format = format
    _heads(target, sheet, rows)
    lines = Alignment(wrap_text=True, vertical="top") if sheet.widths else None
    formats = [sheet.formats.get(name) for name in rows.columns]
    for number, row in enumerate(_rows(rows), start=start):
        asked = [one if one is None or isinstance(one, str) else one[number] for one in formats]
        target.append(
            [
                # an empty cell takes the format of its column
                None
                if cell is None and isinstance(of_column, str)
                else _of_sheet(target, cell, lines, format)
                for cell, format, of_column in zip(row, asked, formats, strict=True)
            ]
        )


def _heads(target: WriteOnlyWorksheet, sheet: Sheet, rows: pd.DataFrame) -> None:
    """The names of the columns, bold, and what stands under them, slanted."""
    from openpyxl.styles import Font

    heads = [_cell(target, neutral(name) if isinstance(name, str) else name) for name in rows.columns]
    for cell in heads:
        cell.font = Font(bold=True)
    target.append(heads)
    for line in sheet.under:
        cells = [_cell(target, neutral(text)) for text in line]
        for cell in cells:
            cell.font = Font(italic=True)
        target.append(cells)


def _width(column: pd.Series, name: str) -> int:
    """Room for the name and for most of the content."""
    sample = column.head(200).astype("str")
    longest = int(sample.str.len().max()) if len(sample) and sample.notna().any() else 0
    return min(max(longest, len(name), 8) + 2, _WIDEST)


def _of_sheet(
    target: WriteOnlyWorksheet, cell: Any, lines: Alignment | None, format: str | None = None
) -> Any:
    """What is put into a sheet: texts that could mean something to one as cells of text, the rest as it is."""
    if isinstance(cell, str):
        plain = cell[:1] not in ("'", "#") and len(cell) <= MAX_LETTERS and "_x" not in cell
        if plain and lines is None and format is None:
            return cell
        made = _cell(target, cell)
        if lines is not None:
            made.alignment = lines
        return _formatted(made, format)
    if isinstance(cell, dt.date) and cell < FIRST_DATE:
        return cell.isoformat()
    if isinstance(cell, float) and float(f"{cell:.16g}") != cell:
        return _formatted(_number(target, cell), format)  # the package writes no more digits by itself
    if format is None or isinstance(cell, bool | dt.date):
        return cell
    return _formatted(_cell(target, cell), format)


def _formatted(cell: WriteOnlyCell, format: str | None) -> WriteOnlyCell:
    if format is not None:
        cell.number_format = format
    return cell


def _number(target: WriteOnlyWorksheet, number: float) -> WriteOnlyCell:
    """A number with all its digits."""
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(target, repr(number))
    cell.data_type = "n"
    return cell


def _cell(target: WriteOnlyWorksheet, content: Any) -> WriteOnlyCell:
    """A cell; a text stays one, whatever it looks like.

    The apostrophe that makes it neutral is a part of the text, so that it is still there when the sheet is saved as
    CSV; ``quotePrefix`` says that it is text also when somebody edits the cell. ``_x003D_`` would be read as ``=``:
    its first underscore is escaped (ECMA-376 Part 1, 22.9.2.19; MS-OI29500, 2.1.1747).
    """
    from openpyxl.cell import WriteOnlyCell

    if not isinstance(content, str):
        return WriteOnlyCell(target, content)
    if len(content) > MAX_LETTERS:
        end = f" ... (cut: a cell holds {MAX_LETTERS} letters)"
        content = content[: MAX_LETTERS - len(end)] + end
    cell = WriteOnlyCell(target, _LOOKS_ESCAPED.sub("_x005F_", content))
    cell.data_type = "s"
    cell.quotePrefix = content.startswith("'")
    return cell


def _repack(raw: BinaryIO, file: BinaryIO, stamp: dt.datetime, instead: Mapping[str, bytes]) -> None:
    """The same archive with every entry dated ``stamp`` and some entries replaced."""
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, stamp.timetuple()[:6])
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            entry.external_attr = 0o600 << 16
            new.writestr(entry, instead[name] if name in instead else old.read(name))
