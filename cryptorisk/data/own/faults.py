"""What is wrong with the bank's own figures: where in which file, in words that never hold a confidential figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cryptorisk.errors import DataError

SHOWN = 20
"""Faults of a file that are listed; whoever has more has made one mistake many times."""

Origin = tuple[str | int, ...]
"""What names a file or figure: ``("overrides", id)``, ``("own_files", position)`` or ``("folder",)``."""

FOLDER: Origin = ("folder",)


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, or worth a word.

    Attributes
    ----------
    place : str
        ``line 3``, ``data!C4`` or ``row 3``; empty for the whole file.
    what : str
    remedy : str or None
    row : int
        Number of the row; 0 where the fault is not in one.
    economy : str
        Whose figures are wrong; empty where that is not told.
    """

    place: str
    what: str
    remedy: str | None = None
    row: int = 0
    economy: str = ""


@dataclass(frozen=True)
class Located:
    """A fault with the file it is in (as messages name it; empty for a typed figure) and what names that."""

    origin: Origin
    file: str
    fault: Fault

    @property
    def where(self) -> str:
        """``own/held.csv:3``, ``own/held.xlsx data!C4``, ``own/held.parquet row 3`` or ``overrides.reserves_usd``."""
        if not self.file:
            return ".".join(str(part) for part in self.origin)
        if self.fault.place.startswith("line "):
            return f"{self.file}:{self.fault.place.removeprefix('line ')}"
        return f"{self.file} {self.fault.place}".rstrip()


class Unreadable(Exception):
    """A file, table or cell that is not what it must be; becomes a `Fault` where its place is known."""

    def __init__(self, what: str, remedy: str | None = None) -> None:
        super().__init__(what)
        self.what, self.remedy = what, remedy

    def at(self, place: str) -> Fault:
        """The fault it is at a place."""
        return Fault(place, self.what, self.remedy)


def shortened(faults: Sequence[Fault]) -> list[Fault]:
    """The first `SHOWN` faults of a file, and how many more there are."""
    if len(faults) <= SHOWN:
        return list(faults)
    return [*faults[:SHOWN], Fault("", f"and {len(faults) - SHOWN} more")]


class FolderError(DataError):
    """Files in ``data/overrides`` that cannot be used: of several reports those fail that they concern."""


def refusal(found: Sequence[Located]) -> DataError:
    """One error that says everything found."""
    kind = FolderError if all(one.origin == FOLDER for one in found) else DataError
    errors = [kind(one.fault.what, where=one.where, remedy=one.fault.remedy) for one in found]
    return errors[0] if len(errors) == 1 else kind("\n".join(str(error) for error in errors))
