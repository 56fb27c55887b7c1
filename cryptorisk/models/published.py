"""Figures that no series of the vintage holds, quoted one by one with the page, date and licence.

`published.csv` has those that are set beside the kit's own. They are facts of other samples, quoted as they
stand. Only those that a function names enter a computation.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

import pandas as pd

from cryptorisk.errors import ModelError
from cryptorisk.result import Column, Table

Chapter = Literal["flight", "crash"]
WORDS = ("label", "unit", "date", "organisation", "url", "via", "licence_class", "note")


@dataclass(frozen=True)
class Published:
    """One published figure, or the two ends of one.

    Attributes
    ----------
    key, label : str
    chapter : {"flight", "crash"}
        Where it is shown.
    low, high : float
        In ``unit``; equal where one number was published.
    unit, date : str
    organisation, url, via : str
        Whose figure it is, where it was read, and through whom (empty: on a page of the organisation or its publisher).
    licence_class, note : str
    """

    key: str
    chapter: Chapter
    label: str
    low: float
    high: float
    unit: str
    date: str
    organisation: str
    url: str
    via: str
    licence_class: str
    note: str

    @property
    def source(self) -> str:
        """The organisation, and through whom it was read."""
        return f"{self.organisation}, via {self.via}" if self.via else self.organisation

    @property
    def value(self) -> float:
        """The middle of its ends: the number itself where one was published."""
        return (self.low + self.high) / 2

    @property
    def share(self) -> float:
        """A percentage as a share of one."""
        return self.value / 100

    @property
    def text(self) -> str:
        """The figure in words: ``1.2 to 1.6 % a year``."""
        ends = f"{self.low:g}" if self.low == self.high else f"{self.low:g} to {self.high:g}"
        return f"{ends} {self.unit}"


@cache
def published() -> tuple[Published, ...]:
    """All of them, in the order of the file."""
    return quotations("cryptorisk.models", "published.csv")


def quotations(package: str, name: str, chapter: Chapter | None = None) -> tuple[Published, ...]:
    """The rows of a table of quoted figures: ``low`` and ``high``, or ``value`` for both.

    Parameters
    ----------
    package, name : str
        Where the file lies, and its name.
    chapter : {"flight", "crash"}, optional
        Of a file without that column.
    """
    with files(package).joinpath(name).open(encoding="utf-8") as stream:
        table = pd.read_csv(stream, keep_default_na=False)
    return tuple(
        Published(
            str(row["key"]),
            chapter or row["chapter"],
            low=float(row["value"] if "value" in row else row["low"]),
            high=float(row["value"] if "value" in row else row["high"]),
            **{word: str(row[word]) for word in WORDS},
        )
        for row in table.to_dict("records")
    )


def figure(key: str) -> Published:
    """A published figure by its key.

    Raises
    ------
    ModelError
        When there is none of that name.
    """
    for one in published():
        if one.key == key:
            return one
    raise ModelError(f"no figure {key!r} stands in published.csv", where="published figures")


def published_table(
    chapter: Chapter,
    as_of: dt.date,
    *,
    own: Sequence[tuple[str, str, str]] = (),
    further: Sequence[Published] = (),
    leave_out: Sequence[str] = (),
    note: str = "",
    sources: tuple[str, ...] = (),
) -> Table | None:
    """``<chapter>.published``: what others found, one figure a row, with where it was read.

    Parameters
    ----------
    chapter : {"flight", "crash"}
    as_of : date
        Figures published later are not shown.
    own : sequence of tuple
        The kit's own figures to set above them: what, the figure in words, where from.
    further : sequence of Published
        Quoted figures of this economy alone, which stand under the own ones.
    leave_out : sequence of str
        Keys that do not concern the economy.
    note : str
    sources : tuple of str
        Of the own figures.

    Returns
    -------
    Table or None
        None when nothing had been published by then.
    """
    known = list(further) + [
        one
        for one in published()
        if one.chapter == chapter and one.date <= as_of.isoformat() and one.key not in leave_out
    ]
    if not known:
        return None
    rows = [(what, text, where, "") for what, text, where in own]
    rows += [(one.label, one.text, f"{one.source} ({one.date[:4]})", one.url) for one in known]
    columns = (
        Column("what", "What"),
        Column("figure", "Figure"),
        Column("source", "Whose"),
        Column("url", "Read on"),
    )
    frame = pd.DataFrame(rows, columns=[column.name for column in columns])
    about = (
        "Figures of other samples, quoted from abstracts and summaries; the papers themselves were not read."
    )
    return Table(
        f"{chapter}.published",
        "Published figures to compare with",
        frame,
        columns,
        note=f"{about} {note}".strip(),
        sources=sources,
    )
