"""A sheet of an Excel workbook: the values that were last calculated, never the formulas.

Office Open XML keeps beside a formula the value it last gave (ECMA-376, part 1, 18.3.1.96, ``v``); a program that
writes formulas without calculating leaves it out, and openpyxl then reads the cell as empty. The sheet is therefore
read twice, for the values and for the formulas.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from cryptorisk.data.own.cells import Cell
from cryptorisk.data.own.faults import Fault, Unreadable
from cryptorisk.data.own.reading import MAX_ROWS, MAX_UNPACKED, Grid, Row, column_letters, headed

SHEET = "data"
"""Sheet that is read where there is one of that name; else the first."""


def grid(content: bytes) -> Grid:
    """The table in the sheet ``data``, or in the first sheet.

    Raises
    ------
    Unreadable
        When it is no workbook, or unpacks to more than is bearable.
    """
    _demand_size(content)
    try:
        # openpyxl warns of a cell that is no date with the number in it, which may be a confidential figure
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            sheet, rows, faults = _read(content)
    except Unreadable:
        raise
    except ImportError:
        remedy = "install it (pip install openpyxl), or save the file as CSV"
        raise Unreadable("needs the library openpyxl to be read", remedy) from None
    except Exception:  # a damaged workbook raises whatever the first damaged part leads to
        raise Unreadable("cannot be read as an Excel workbook (.xlsx)", "save it again as .xlsx") from None
    return headed("xlsx", sheet, rows, faults)


def _demand_size(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError):
        raise Unreadable("is no Excel workbook (.xlsx)", "save it as .xlsx, without a password") from None
    if size > MAX_UNPACKED:
        raise Unreadable(f"unpacks to more than {MAX_UNPACKED // 2**20} MB")


def _read(content: bytes) -> tuple[str, list[Row], list[Fault]]:
    name, values = _cells(content, data_only=True)
    _name, formulas = _cells(content, data_only=False)
    rows: list[Row] = []
    faults: list[Fault] = []
    pairs = zip_longest(values, formulas, fillvalue=())
    for number, (seen, written) in enumerate(pairs, start=1):
        if number > MAX_ROWS:  # a single cell at the end of the sheet makes a million empty rows before it
            raise Unreadable(f"has more than {MAX_ROWS} rows", "delete the rows below the figures")
        rows.append(Row(number, tuple(_plain(cell) for cell in seen)))
        for position, (cell, formula) in enumerate(zip(seen, written, strict=False)):
            if what := _wrong(cell, formula):
                faults.append(Fault(f"{name}!{column_letters(position)}{number}", *what))
    return name, rows, faults


def _cells(content: bytes, *, data_only: bool) -> tuple[str, Iterator[tuple[Any, ...]]]:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=data_only, keep_links=False)
    sheets = {sheet.title.casefold(): sheet for sheet in reversed(book.worksheets)}
    sheet = sheets.get(SHEET) or book.worksheets[0]
    sheet.reset_dimensions()  # some programs state them wrongly
    return sheet.title, sheet.iter_rows(min_row=1, min_col=1)


def _plain(cell: Any) -> Cell:
    value = cell.value
    if cell.data_type == "e" or value is None:
        return None
    return value if isinstance(value, str | bool | int | float) or hasattr(value, "isoformat") else str(value)


def _wrong(cell: Any, formula: Any) -> tuple[str, str] | None:
    """What the cell itself shows, and the remedy."""
    if cell.data_type == "e":
        return f"holds the error {cell.value}", "correct the cell, or empty it"
    never = (
        formula.data_type == "f" and cell.value is None and cell.data_type != "str"
    )  # "str": an empty text
    if never:
        remedy = "open and save the file in a spreadsheet program, or write the value"
        return "holds a formula without a value", remedy
    if isinstance(cell.value, int | float) and "%" in str(cell.number_format):
        what = "is formatted as a percentage, which shows the stored 0.31 as 31 %"
        return what, "format it as a number and write it in the series' unit"
    return None
