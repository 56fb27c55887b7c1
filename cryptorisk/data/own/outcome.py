"""What the reading of the bank's own figures has given: series, the files behind them, and everything that is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptorisk.data.own.faults import Located, refusal
from cryptorisk.data.own.series import BankSeries, Rank


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


@dataclass(frozen=True)
class Idle:
    """A file without a figure for the economy; ``empty`` when it has none for any."""

    name: str
    rank: Rank
    empty: bool


@dataclass(frozen=True)
class Own:
    """The bank's own series by id, the files they were taken from, files that gave none, and every fault."""

    series: Mapping[str, BankSeries]
    files: tuple[OwnFile, ...] = ()
    idle: tuple[Idle, ...] = ()
    faults: tuple[Located, ...] = ()

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
