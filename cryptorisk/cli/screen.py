"""What the command line writes: plain text on stdout, problems on stderr, nothing that acts on a terminal."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str = "") -> None:
    """A line on stdout, exactly as given."""
    out.print(Text(safe(text)))


def complain(text: str) -> None:
    """A line on stderr, exactly as given."""
    err.print(Text(safe(text)))


def safe(text: str) -> str:
    """Text in which control characters, which could act on a terminal, are written out as escapes."""
    return "".join(_shown(mark) for mark in text)


def _shown(mark: str) -> str:
    hostile = mark != "\n" and unicodedata.category(mark) in ("Cc", "Cs", "Cf")
    return mark.encode("unicode_escape").decode("ascii") if hostile else mark


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, one_line: bool = False) -> None:
    """A table: aligned for a reader on a terminal, tab-separated when the output goes into a file or pipe.

    With ``one_line`` a row never takes several lines: the last column is cut where the terminal ends.
    """
    cells = [[safe("" if cell is None else str(cell)) for cell in row] for row in rows]
    if not out.is_terminal:
        for row in [list(columns), *cells]:
            sys.stdout.write("\t".join(" ".join(cell.split()) for cell in row) + "\n")
        return
    if one_line:
        cells = _cut_to_lines(columns, cells, out.width)
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for number, column in enumerate(columns):
        numeric = all(_is_number(row[number]) for row in cells)
        shown.add_column(
            column,
            no_wrap=number == 0 or one_line,
            overflow="fold",
            justify="right" if numeric else "left",
        )
    for row in cells:
        shown.add_row(*(Text(cell) for cell in row))
    out.print(shown, soft_wrap=False)


def _cut_to_lines(columns: Sequence[str], cells: list[list[str]], width: int) -> list[list[str]]:
    """Rows whose last cell ends where the line does; two blanks stand between columns."""
    widths = [
        max(map(len, [column, *(row[number] for row in cells)])) for number, column in enumerate(columns)
    ]
    room = max(width - sum(widths[:-1]) - 2 * (len(columns) - 1), len(columns[-1]))
    return [[*row[:-1], row[-1] if len(row[-1]) <= room else row[-1][: room - 1] + "…"] for row in cells]


def _is_number(cell: str) -> bool:
    try:
        float(cell.replace(",", ""))
    except ValueError:
        return cell == ""
    return True
