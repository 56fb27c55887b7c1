"""The mark that a correction by hand leaves on a figure wherever figures are looked at or handed on.

A refresh records in ``corrections.csv`` of the vintage every figure that stands, or no longer stands, because of an
entry of ``data/corrections.yaml``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from cryptorisk.data.block import Observations
from cryptorisk.data.checks.wording import figure
from cryptorisk.data.vintage import Vintage
from cryptorisk.data.wording import told

TABLE = "corrections"
Key = tuple[str, dt.date, str]
"""Series, last day of the period, source."""


@dataclass(frozen=True)
class Corrections:
    """What was corrected of one economy, or of the world.

    Attributes
    ----------
    marks : mapping of (str, datetime.date, str) to str
        By series, date and source: what was done and why, in words.
    removed : mapping of (str, datetime.date, str) to str
        The same for figures that were left out: the figure and why.
    """

    marks: Mapping[Key, str]
    removed: Mapping[Key, str]

    def beside(self, id: str, rows: Observations) -> list[str]:
        """A mark for every figure of a series; empty for one that stands as its source gives it."""
        if not self.marks:
            return [""] * len(rows)
        dates = rows.dates.astype("datetime64[D]").astype(object)
        return [
            self.marks.get((id, date, str(source)), "")
            for date, source in zip(dates, rows.sources, strict=True)
        ]

    def left_out(self, id: str) -> Iterator[str]:
        """What was left out of a series, in words."""
        for (series, date, source), what in self.removed.items():
            if series == id:
                yield f"the figure of {source} for {date}, {what}"


def corrections_of(vintage: Vintage, place: str, as_of: dt.date) -> Corrections:
    """The corrections of an economy's figures up to a day; none from a vintage without any.

    Parameters
    ----------
    vintage : Vintage
    place : str
        ISO 3166-1 alpha-3, or ``WLD``.
    as_of : datetime.date
    """
    if TABLE not in vintage.resources:
        return Corrections({}, {})
    table = vintage.table(TABLE)
    here = table[(table["country"] == place) & (table["date"] <= np.datetime64(as_of))]
    marks: dict[Key, str] = {}
    removed: dict[Key, str] = {}
    for row in here.to_dict("records"):
        key = (str(row["series"]), row["date"].date(), str(row["source"]))
        (removed if row["new"] != row["new"] else marks)[key] = _in_words(row)
    return Corrections(marks, removed)


def _in_words(row: Mapping[Any, Any]) -> str:
    why = f"{told(str(row['reason']))} ({told(str(row['page']))})"
    if row["new"] == row["old"]:
        return f"accepted by hand: {why}"
    if row["new"] != row["new"]:
        return f"{figure(row['old'])}: {why}"
    return f"corrected by hand from {figure(row['old'])}: {why}"
