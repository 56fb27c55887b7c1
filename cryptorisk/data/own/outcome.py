"""What the reading of the bank's own figures has given: series, the files behind them, and everything that is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from cryptorisk.data.own.faults import Located, refusal
from cryptorisk.data.own.reading import SHEET
from cryptorisk.data.own.series import BankSeries, Rank

NAMED = 3
"""Sheets that are named in a sentence."""


def unread(sheets: Sequence[str]) -> str:
    """That sheets with numbers are not read, and how one would be."""
    names = ", ".join(sheets[:NAMED])
    more = f" and {len(sheets) - NAMED} others" if len(sheets) > NAMED else ""
    holds = "has sheets with numbers that are" if len(sheets) > 1 else "has a sheet with numbers that is"
    return (
        f"{holds} not read: {names}{more}; figures are taken from the sheet {SHEET}, or else from the first"
    )


@dataclass(frozen=True)
class OwnFile:
    """A file that figures were taken from.

    Attributes
    ----------
    name : str
    path : Path
    sha256 : str
        Of its bytes; of a file with confidential figures it must not be printed (see `cryptorisk.data.own.seal`).
    confidential : bool
        Whether any figure in it is, of whatever economy.
    notes : tuple of str
        What the file says of the origin of its figures; a report prints it.
    """

    name: str
    path: Path = field(repr=False)
    sha256: str = field(repr=False)
    confidential: bool
    notes: tuple[str, ...] = ()


Why = Literal["empty", "others", "refused", "sheets"]


@dataclass(frozen=True)
class Idle:
    """A file, or a part of one, that gave nothing to the report of an economy.

    Attributes
    ----------
    name : str
        Of the file.
    rank : {"overrides", "own_files", "folder"}
    why : {"empty", "others", "refused", "sheets"}
        It holds no figure; none for the economy; it cannot be read, and its name says that it is about another economy;
        it has sheets with numbers that are not read.
    sheets : tuple of str
    """

    name: str
    rank: Rank
    why: Why
    sheets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Own:
    """What the bank gives.

    Attributes
    ----------
    series : mapping of str to BankSeries
        By id.
    files : tuple of OwnFile
        Those that figures were taken from.
    idle : tuple of Idle
    faults : tuple of Located
        Everything that is wrong and stops the report.
    remarks : tuple of Located
        What stops nothing and should be known before a report is made, with its place.
    """

    series: Mapping[str, BankSeries]
    files: tuple[OwnFile, ...] = ()
    idle: tuple[Idle, ...] = ()
    faults: tuple[Located, ...] = ()
    remarks: tuple[Located, ...] = ()

    def demanded(self) -> Own:
        """The same, if there is no fault.

        Raises
        ------
        DataError
            With every fault.
        """
        if self.faults:
            raise refusal(self.faults)
        return self
