"""How the parts of the capital-flight chapter read annual series and what they have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.data.overrides import BANK
from cryptorisk.estimate import COARSE_NOTE, Estimate, one_digit
from cryptorisk.result import Table

CONFIDENTIAL = "the bank's own figure is confidential: it was used and is not printed"
GIVES_AWAY = "it stands on a confidential figure and, set against public ones, would give it away"


class Annual(NamedTuple):
    """An annual series by calendar year, with the source of each year."""

    by_year: pd.Series
    sources: pd.Series

    @property
    def empty(self) -> bool:
        """Whether there is no value at all."""
        return bool(self.by_year.empty)

    def source_ids(self, years: Iterable[int] | None = None) -> tuple[str, ...]:
        """Sources of the given years (or all), without repetition."""
        chosen = self.sources if years is None else self.sources.reindex(list(years)).dropna()
        return tuple(dict.fromkeys(chosen))

    def change(self) -> pd.Series:
        """First difference, only between consecutive years of the same source."""
        before = self.by_year.copy()
        before.index = before.index + 1
        source_before = self.sources.copy()
        source_before.index = source_before.index + 1
        same = self.sources == source_before.reindex(self.sources.index)
        return (self.by_year - before.reindex(self.by_year.index)).where(same).dropna()

    def before(self) -> pd.Series:
        """Each year's value one year earlier, dated at the later year."""
        shifted = self.by_year.copy()
        shifted.index = shifted.index + 1
        return shifted.reindex(self.by_year.index)


def annual(
    inputs: Inputs, series_id: str, *, without: str = "", only: Sequence[str] = (), bank: bool = True
) -> Annual:
    """One value a year of a series of the report's country.

    Parameters
    ----------
    inputs : Inputs
    series_id : str
    without : str
        Leave out values whose source id contains this text (any case).
    only : sequence of str
        Take these sources alone, in this order, in place of the catalogue's precedence.
    bank : bool
        Whether the bank's own figures take part.

    Returns
    -------
    Annual
        Index: calendar year; empty when the data have nothing.
    """
    series = inputs.series(series_id, sources=only or None)
    frame = pd.DataFrame({"value": series.values, "source": series.sources_by_date})
    frame = frame.dropna()
    if not bank:
        frame = frame[frame["source"] != BANK]
    if without:
        frame = frame[~frame["source"].str.contains(without, case=False, regex=False)]
    last = frame.groupby(pd.DatetimeIndex(frame.index).year).last()
    return Annual(last["value"].astype(float), last["source"].astype(object))


def public_annual(inputs: Inputs, series_id: str, *, without: str = "") -> Annual:
    """A series by year, without the bank's own figures where they are confidential."""
    return annual(inputs, series_id, without=without, bank=series_id not in inputs.confidential)


def merge_sources(*groups: Iterable[str]) -> tuple[str, ...]:
    """Source ids of several groups, in order, without repetition."""
    return tuple(dict.fromkeys(source for group in groups for source in group))


def differ(low: float, high: float) -> bool:
    """Whether two ends are far enough apart (half a percent) to be written as a range."""
    return high - low > 0.005 * max(abs(low), abs(high))


def guarded(estimate: Estimate, confidential: frozenset[str]) -> Estimate:
    """The estimate, to one digit when it stands on a confidential series (see `Estimate.coarsened`)."""
    return estimate.coarsened() if confidential & set(estimate.inputs) else estimate


def sourced(sources: Iterable[str], remark: str = "") -> str:
    """The method of an estimate that is a figure as it stands in its source; the bank's own is called so.

    Parameters
    ----------
    sources : iterable of str
    remark : str
        What holds for a public source alone.
    """
    if BANK in sources:
        return "The bank's own figure."
    return f"Sourced figure{'; ' if remark else ''}{remark}."


def coarse_table(table: Table, *, keep: Iterable[str]) -> Table:
    """A table whose numbers stand on a confidential series: every column but ``keep`` to one digit."""
    frame = table.frame.copy()
    for name in frame.columns.difference(list(keep)):
        if pd.api.types.is_numeric_dtype(frame[name]):
            frame[name] = [one_digit(float(one)) if pd.notna(one) else one for one in frame[name]]
    return replace(table, frame=frame, note=f"{table.note} {COARSE_NOTE}".strip())


def without_blanks(table: Table, *, key: str, reason: str) -> Table:
    """The table without columns that hold nothing and without the empty rows before its first figure.

    Parameters
    ----------
    table : Table
    key : str
        Column that names the rows; it is no figure.
    reason : str
        Why figures are missing; added to the note after the names of what was left out.
    """
    figures = [column for column in table.columns if column.name != key]
    gone = [column for column in figures if table.frame[column.name].isna().all()]
    if len(gone) == len(figures):
        return table
    columns = tuple(column for column in table.columns if column not in gone)
    frame = table.frame[[column.name for column in columns]]
    known = frame.drop(columns=key).notna().any(axis=1).to_numpy()
    frame = frame.iloc[int(known.argmax()) :]
    if not gone:
        return replace(table, frame=frame)
    names = ", ".join(column.label for column in gone)
    return replace(
        table, frame=frame, columns=columns, note=f"{table.note} Left out: {names} ({reason}).".strip()
    )
