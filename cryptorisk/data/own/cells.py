"""One cell of a file of own figures: text, period, number or yes/no, the same for CSV, Excel and Parquet."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from decimal import Decimal

from cryptorisk.data.own.faults import Unreadable
from cryptorisk.data.periods import period_end

Cell = str | bool | int | float | Decimal | dt.date | None

CENTURIES = (1900, 2100)
"""A figure of another year is a slip of the keyboard: the oldest statistics in use begin after the first."""

_PERIOD = re.compile(r"(\d{4})(-\d{2}(-\d{2})?|-Q[1-4])?", flags=re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", flags=re.ASCII)
_FLAGS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
_BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def text_of(cell: Cell) -> str:
    """A cell as a person would type it; empty for an empty one."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return str(int(cell))
    return str(cell).strip()


def quoted(cell: Cell, *, secret: bool) -> str:
    """`` (got '...')`` for a message; nothing where a confidential figure could stand in the cell."""
    text = text_of(cell)
    harmless = text.isascii() and (text.isidentifier() or not any(letter.isdigit() for letter in text))
    return "" if secret and not harmless else f" (got {text[:40]!r})"


def period(cell: Cell, *, secret: bool) -> tuple[str, dt.date]:
    """The period as written and its last day.

    Raises
    ------
    Unreadable
    """
    written = text_of(cell)
    match = _PERIOD.fullmatch(written)
    try:
        if match is None or not CENTURIES[0] <= int(match[1]) <= CENTURIES[1]:
            raise ValueError
        return written, period_end(written)
    except ValueError:
        what = "the date must be YYYY-MM-DD, YYYY-MM, YYYY-Qn or YYYY"
        raise Unreadable(what + quoted(cell, secret=secret)) from None


def number(cell: Cell, *, secret: bool) -> Decimal:
    """The number exactly as written. A confidential one is never quoted.

    Raises
    ------
    Unreadable
        For anything but a finite plain number (decimals with a point, thousands without a mark).
    """
    text = "" if isinstance(cell, bool | dt.date) else text_of(cell)
    if not text and not isinstance(cell, bool | dt.date):
        raise Unreadable("has no value", "leave the line out when there is no figure")
    try:
        # repr and str of a float are the shortest text that gives the same float back
        if _NUMBER.fullmatch(text) and math.isfinite(float(text)):
            return Decimal(text)
    except (OverflowError, ArithmeticError):
        pass
    got = "" if secret else f" (got {text_of(cell)[:40]!r})"
    raise Unreadable(f"the value must be a plain number{got}", "write 1234.5")


def flag(cell: Cell) -> bool | None:
    """Yes or no; None for an empty cell.

    Raises
    ------
    Unreadable
    """
    text = text_of(cell).casefold()
    if not text:
        return None
    if text not in _FLAGS:
        raise Unreadable("confidential must be yes or no", "leave it empty for yes")
    return _FLAGS[text]


def printed(cell: Cell, *, longest: int, called: str = "note") -> str:
    """Text that a report may print: one line, nothing that acts on a terminal or looks like an unfilled template.

    Parameters
    ----------
    cell : Cell
    longest : int
        Letters.
    called : str
        What messages call the text.

    Raises
    ------
    Unreadable
    """
    text = " ".join(text_of(cell).split())
    if len(text) > longest:
        raise Unreadable(f"the {called} is longer than {longest} characters")
    if any(unicodedata.category(mark) in ("Cc", "Cs") or mark in _BIDI for mark in text):
        raise Unreadable(f"the {called} holds control characters", "retype it as plain text")
    for mark in ("{{", "}}", "{%", "%}", "{#"):
        if mark in text:
            raise Unreadable(
                f"the {called} must not hold {mark}, which the page's checks take for a template"
            )
    return text
