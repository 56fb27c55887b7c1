"""What can go wrong, by phase: every error says what, where and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


class CryptoriskError(Exception):
    """Root of the package's errors.

    Parameters
    ----------
    what : str
        What is wrong, with the offending value.
    where : str, optional
        ``file:line``, or series and dates.
    remedy : str, optional
        What the reader can do about it.
    """

    exit_code = 1

    def __init__(self, what: str, *, where: str | None = None, remedy: str | None = None) -> None:
        super().__init__(what)
        self.what, self.where, self.remedy = what, where, remedy

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text}; {self.remedy}" if self.remedy else text


@dataclass(frozen=True)
class Problem:
    """One problem in a parameter file: the field, what is wrong, the remedy, the line if known."""

    field: str
    what: str
    remedy: str | None = None
    line: int | None = None

    def render(self, file: Path | str | None) -> str:
        """``params/KEN.yaml:12: crash.var_level: must ...; remedy``."""
        place = ":".join(str(part) for part in (file, self.line) if part is not None)
        text = ": ".join(part for part in (place, self.field, self.what) if part)
        return f"{text}; {self.remedy}" if self.remedy else text


class ParameterError(CryptoriskError):
    """The parameter file cannot be used; carries every problem found in it."""

    exit_code = 2

    def __init__(self, problems: Sequence[Problem], *, file: Path | str | None = None) -> None:
        self.problems, self.file = tuple(problems), file
        super().__init__("\n".join(problem.render(file) for problem in self.problems))


class DataError(CryptoriskError):
    """A vintage, table or series cannot be read or breaks its schema."""

    exit_code = 2


class FetchError(DataError):
    """A live source gave no usable answer.

    Parameters
    ----------
    transient : bool
        Whether asking again later may help.
    retry_after : float, optional
        Seconds that the provider asks to wait before that.
    status : int, optional
        HTTP status of the answer, when there was one other than 200.
    """

    def __init__(
        self,
        what: str,
        *,
        where: str | None = None,
        remedy: str | None = None,
        transient: bool = False,
        retry_after: float | None = None,
        status: int | None = None,
    ) -> None:
        super().__init__(what, where=where, remedy=remedy)
        self.transient, self.retry_after, self.status = transient, retry_after, status


class NoFigures(FetchError):
    """A live source answered well and has no figure of what was asked."""


class KitError(CryptoriskError):
    """The kit's own folders (notebooks, params, data) or a needed program are not where they should be."""

    exit_code = 2


class ModelError(CryptoriskError):
    """An estimator was given what it cannot work with."""


class RunError(CryptoriskError):
    """A notebook did not finish: carries chapter, cell and traceback."""

    def __init__(
        self,
        what: str,
        *,
        notebook: str,
        cell: int | None = None,
        source: str = "",
        traceback: str = "",
        remedy: str | None = None,
    ) -> None:
        place = notebook if cell is None else f"{notebook}, code cell {cell}"
        super().__init__(what, where=place, remedy=remedy)
        self.notebook, self.cell, self.source, self.traceback = notebook, cell, source, traceback


class RenderError(CryptoriskError):
    """The page could not be made, or the gate refused it."""
