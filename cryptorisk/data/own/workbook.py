"""A sheet of an Excel workbook: the values that were last calculated, never the formulas.

Office Open XML keeps beside a formula the value it last gave (ECMA-376, part 1, 18.3.1.96, ``v``); a program that
writes formulas without calculating leaves it out, and openpyxl then reads the cell as empty. A sheet with formulas is
therefore read twice, for the values and for the formulas.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable
from dataclasses import replace
from itertools import repeat
from typing import Any

from cryptorisk.data.own.archive import Archive, bounded
from cryptorisk.data.own.cells import Cell
from cryptorisk.data.own.faults import Fault, Unreadable
from cryptorisk.data.own.limits import Meter
from cryptorisk.data.own.reading import SHEET, Grid, Row, column_letters, headed

LOOKED_AT = 50
"""Rows and columns of another sheet in which a number is looked for."""


def grid(content: bytes) -> Grid:
    """The table in the sheet ``data``, or in the first sheet.

    Raises
    ------
    Unreadable
        When it is no workbook, or breaks a limit.
    """
    archive = bounded(content)
    try:
        # openpyxl warns of a cell that is no date with the number in it, which may be a confidential figure
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _grid(archive)
    except Unreadable:
        raise
    except ImportError:
        remedy = "install it (pip install openpyxl), or save the file as CSV"
        raise Unreadable("needs the library openpyxl to be read", remedy) from None
    except Exception:  # a damaged workbook raises whatever the first damaged part leads to
        raise Unreadable("cannot be read as an Excel workbook (.xlsx)", "save it again as .xlsx") from None


def _grid(archive: Archive) -> Grid:
    sheet, others = _sheets(archive, data_only=True)
    if sheet._worksheet_path in archive.refused:
        raise archive.refused[sheet._worksheet_path]
    formulas: Iterable[Any] = repeat(())
    if sheet._worksheet_path in archive.with_formulas:
        formulas = _lines(_sheets(archive, data_only=False)[0])
    rows: list[Row] = []
    faults: list[Fault] = []
    meter = Meter()
    for number, (seen, written) in enumerate(zip(_lines(sheet), formulas, strict=False), start=1):
        meter.count_cells(len(seen))
        row = Row(number, tuple(_plain(cell) for cell in seen))
        meter.row(row.cells, f"{sheet.title}, row {number}", blank=row.blank)
        rows += [] if row.blank else [row]
        for position, (cell, formula) in enumerate(zip(seen, written or repeat(None), strict=False)):
            if what := _wrong(cell, formula):
                faults.append(Fault(f"{sheet.title}!{column_letters(position)}{number}", *what, row=number))
    unread = tuple(other.title for other in others if _holds_numbers(other, archive))
    return replace(headed("xlsx", sheet.title, rows, faults), unread=unread)


def _sheets(archive: Archive, *, data_only: bool) -> tuple[Any, list[Any]]:
    """The sheet that is read, and the others."""
    import openpyxl

    content = io.BytesIO(archive.content)
    book = openpyxl.load_workbook(content, read_only=True, data_only=data_only, keep_links=False)
    named = {sheet.title.casefold(): sheet for sheet in reversed(book.worksheets)}
    chosen = named.get(SHEET) or book.worksheets[0]
    return chosen, [sheet for sheet in book.worksheets if sheet is not chosen]


def _lines(sheet: Any) -> Iterable[tuple[Any, ...]]:
    sheet.reset_dimensions()  # some programs state them wrongly
    lines: Iterable[tuple[Any, ...]] = sheet.iter_rows(min_row=1, min_col=1)
    return lines


def _holds_numbers(sheet: Any, archive: Archive) -> bool:
    """Whether a sheet has a number in its first rows, as one with figures has, or is too large to look."""
    if sheet._worksheet_path in archive.refused:
        return True
    lines = sheet.iter_rows(max_row=LOOKED_AT, max_col=LOOKED_AT, values_only=True)
    return any(
        isinstance(cell, int | float) and not isinstance(cell, bool) for line in lines for cell in line
    )


def _plain(cell: Any) -> Cell:
    value = cell.value
    if cell.data_type == "e" or value is None:
        return None
    return value if isinstance(value, str | bool | int | float) or hasattr(value, "isoformat") else str(value)


def _wrong(cell: Any, formula: Any) -> tuple[str, str] | None:
    """What the cell itself shows, and the remedy; ``formula`` is None on a sheet without any."""
    if cell.data_type == "e":
        return f"holds the error {cell.value}", "correct the cell, or empty it"
    # "str": an empty text
    if formula is not None and formula.data_type == "f" and cell.value is None and cell.data_type != "str":
        remedy = "open and save the file in a spreadsheet program, or write the value"
        return "holds a formula without a value", remedy
    if isinstance(cell.value, int | float) and "%" in str(cell.number_format):
        what = "is formatted as a percentage, which shows the stored 0.31 as 31 %"
        return what, "format it as a number and write it in the series' unit"
    return None
