"""What a file of own figures may hold: generous for any return, too little to exhaust a machine.

Forty years of daily figures are 15 000 rows and about 0.3 MB. Every limit is held to while a file is read, so that one
that unpacks to a thousandfold is refused before its content lies in memory.
"""

from __future__ import annotations

from collections.abc import Sequence

from cryptorisk.data.own.cells import Cell
from cryptorisk.data.own.faults import Unreadable

MAX_BYTES = 16 * 1024 * 1024
"""Of the file as it lies on the disk."""
MAX_UNPACKED = 100 * 1024 * 1024
"""Bytes of a workbook's sheet, or of all columns of a Parquet file: twenty times what the most rows need."""
MAX_ROWS = 200_000
"""Rows, empty ones counted: a program that reads them all takes as long for an empty one."""
MAX_COLUMNS = 100
"""Columns with anything in them; the kit knows eight names of columns."""
MAX_CELLS = 2_000_000
"""Cells, empty ones between others counted: the most rows with ten columns."""
MAX_LETTERS = 2_000
"""Letters of a cell; a note has 500 at most."""
MAX_TEXT = 64 * 1024 * 1024
"""Letters of all cells together."""


class Meter:
    """Counts what is read of one file and stops at the limits."""

    def __init__(self) -> None:
        self.rows = self.cells = self.letters = 0

    def row(self, cells: Sequence[Cell], place: str, *, blank: bool = False) -> None:
        """Count a row and the texts in it.

        Parameters
        ----------
        cells : sequence of Cell
        place : str
            How messages name the row.
        blank : bool
            Whether it is empty or a comment, which may be long.

        Raises
        ------
        Unreadable
        """
        self.count_rows(1)
        for column, cell in enumerate(() if blank else cells, start=1):
            if cell is None or cell == "":
                continue
            if column > MAX_COLUMNS:
                what = f"has more than {MAX_COLUMNS} columns ({place} has a cell in the column of number {column})"
                raise Unreadable(what, "delete what stands to the right of the figures")
            if isinstance(cell, str):
                self.text(cell, place)

    def count_rows(self, rows: int) -> None:
        """Count rows.

        Raises
        ------
        Unreadable
        """
        self.rows += rows
        if self.rows > MAX_ROWS:
            what = f"has more than {MAX_ROWS} rows, empty ones counted"
            raise Unreadable(what, "delete the empty rows below the figures, or make several files of it")

    def count_cells(self, cells: int) -> None:
        """Count cells.

        Raises
        ------
        Unreadable
        """
        self.cells += cells
        if self.cells > MAX_CELLS:
            what = f"has more than {MAX_CELLS} cells, empty ones counted"
            raise Unreadable(what, "delete the columns to the right of the figures and the rows below them")

    def text(self, cell: str, place: str) -> None:
        """Count a text.

        Raises
        ------
        Unreadable
        """
        if len(cell) > MAX_LETTERS:
            raise Unreadable(f"has a cell with more than {MAX_LETTERS} letters ({place})", "shorten it")
        self.letters += len(cell)
        if self.letters > MAX_TEXT:
            what = f"holds more than {MAX_TEXT // 2**20} million letters"
            raise Unreadable(what, "make several files of it")


def unpacked_too_large(what: str = "") -> Unreadable:
    """The refusal of a file, or of a part of it, that unpacks to more than is bearable."""
    return Unreadable(f"{what}unpacks to more than {MAX_UNPACKED // 2**20} MB", "make several files of it")
