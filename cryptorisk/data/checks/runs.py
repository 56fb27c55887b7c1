"""New levels that are young: several newest figures in a row far from all before them, which nobody else confirms.

A single last figure is judged by `jumps`; a second one of the same source does not confirm it. A level that has stood
for longer than `YOUNG` is history, and accepted. Another source that covers the same periods is asked for its change
and not for its level, which may be defined otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from cryptorisk.data.catalogue import Frequency
from cryptorisk.data.checks.beside import has_no_unit
from cryptorisk.data.checks.case import Case, Floats, History, Suspicion, suspicion
from cryptorisk.data.checks.jumps import (
    CONFIRMS,
    Measured,
    days_of,
    given,
    limit,
    measure,
    on_scale,
)
from cryptorisk.data.checks.redenominations import renamed
from cryptorisk.data.checks.wording import figure

RULE = "runs"

YOUNG: dict[Frequency, int] = {"A": 3, "Q": 3, "M": 6, "W": 26, "D": 183}
"""Periods of half a year, and no fewer than three: time for another source to come, and for people to look. In the kit's
vintage every lasting change beyond the bounds is older, but for the euro in Croatia (see `renamed`) and the remittances
from Sao Tome, which grew 23 times in 2020."""

LEAST = 2
"""Common periods in which another source must contradict: an average and a closing rate of the month of a devaluation
may differ by as much as the devaluation, and agree a month later."""


@dataclass(frozen=True, eq=False)
class _Run:
    """The rows from ``start`` to ``end`` of a block, and the change of each from the figure before them."""

    start: int
    end: int
    change: Floats

    def beyond(self, bound: float, change: Floats | None = None) -> bool:
        """Whether every figure (or every ``change``) lies further than that on the run's side."""
        side = np.sign(self.change[0])
        return bool(((self.change if change is None else change) * side > bound).all())


@dataclass(frozen=True, eq=False)
class _Other:
    """Another source (or the same one in the previous vintage) in the periods that it has in common with a run.

    Attributes
    ----------
    name : str
    first, last : float
        Its figures of the period before the run (NaN for none) and of the last common period.
    size : ndarray of float64
        The run's change since before, as a size.
    off, away : ndarray of float64
        How far the run's level is from the other's, and the run's change from the other's; NaN where that says nothing.
    """

    name: str
    first: float
    last: float
    size: Floats
    off: Floats
    away: Floats

    @property
    def confirms(self) -> bool:
        return any(bool((np.abs(one) <= CONFIRMS * self.size).any()) for one in (self.off, self.away))

    def contradicts(self, run: _Run, bound: float) -> bool:
        return len(self.away) >= LEAST and run.beyond(bound, self.away)


def runs(case: Case) -> Suspicion:
    """The newest figures of a block, from two to `YOUNG`, on a level that history or another source speaks against."""
    measured = measure(case)
    reasons: dict[int, str] = {}
    for run in _runs(case, measured):
        if run.start in reasons:
            continue
        others = list(_others(case, measured, run))
        if not any(other.confirms for other in others):
            text = _reason(case, measured, run, others)
            reasons |= dict.fromkeys(range(run.start, run.end), text) if text else {}
    return suspicion(RULE, case, reasons)


def _runs(case: Case, measured: Measured) -> Iterator[_Run]:
    """New figures at the end of their blocks that all stay beyond a passing change from the one before."""
    rows, level = case.fetched, measured.level
    if not len(rows):
        return
    with np.errstate(invalid="ignore"):
        step = np.diff(level, prepend=level[0])
    gap = np.diff(rows.day, prepend=rows.day[0])
    end = np.flatnonzero(rows.last)[rows.number] + 1
    length = end - np.arange(len(rows))
    with np.errstate(invalid="ignore"):
        large = np.isfinite(step) & (np.abs(step) > measured.passing) & ~rows.first & ~case.unchanged
    young = case.each(lambda spec: YOUNG[spec.frequency])
    for start in np.flatnonzero(
        large & (length > 1) & (length <= young) & (gap <= days_of(case, 0))
    ).tolist():
        stop = int(end[start])
        run = _Run(start, stop, level[start:stop] - level[start - 1])
        if run.beyond(measured.passing[start]) and not renamed(case, start):
            yield run


def _others(case: Case, measured: Measured, run: _Run) -> Iterator[_Other]:
    """What else there is for the same periods, by source: fetched beside it, or in the previous vintage."""
    pair, own = case.fetched.pair[run.start], case.fetched.source[run.start]
    for history in (case.previous, case.fetched):
        rows = history.take(np.arange(*np.searchsorted(history.pair, [pair, pair + 1])))
        for source in np.unique(rows.source).tolist():
            if history is case.previous or source != own:
                yield from _other(case, measured, run, rows.take(rows.source == source))


def _other(case: Case, measured: Measured, run: _Run, theirs: History) -> Iterator[_Other]:
    rows, unit = case.fetched, measured.unit[run.start : run.start + 1]
    _, mine, common = np.intersect1d(rows.day[run.start : run.end], theirs.day, return_indices=True)
    if not len(common):
        return
    before = theirs.value[theirs.day == rows.day[run.start - 1]][:1]
    first = _scaled(before, unit)[0] if len(before) else np.nan
    there = _scaled(theirs.value[common], unit)
    off = measured.level[run.start : run.end][mine] - there
    yield _Other(
        case.sources[theirs.source[0]],
        float(before[0]) if len(before) else np.nan,
        float(theirs.value[common[-1]]),
        np.abs(run.change[mine]),
        np.full(len(off), np.nan) if has_no_unit(case.described(run.start)[0]) else off,
        run.change[mine] - (there - first),
    )


def _scaled(value: Floats, unit: Floats) -> Floats:
    """Values on the run's scale; NaN for a nought or less where its figures are compared by factors."""
    return np.where(np.isnan(unit) & (value <= 0), np.nan, on_scale(value, unit))


def _reason(case: Case, measured: Measured, run: _Run, others: list[_Other]) -> str:
    """The sentence of a run that must wait; "" for one that may stand."""
    row = run.start
    spec, country, source = case.described(row)
    bound = measured.up if run.change[0] > 0 else measured.down
    text = (
        f"{source} gives {spec.id} for {country} at {given(case, row)} after {given(case, row - 1)} and stays "
        f"there in all {run.end - row} newest periods"
    )
    against = next((other for other in others if other.contradicts(run, measured.passing[row])), None)
    if against is not None:
        whose = "its own figures in the previous vintage" if against.name == source else against.name
        return (
            f"{text}, while {whose} had {figure(against.first)} before and {figure(against.last)} at last: one of the "
            "two is wrong, and the new level is young."
        )
    if run.beyond(bound[row]):
        return f"{text}: {limit(measured, row, bound)}, and no other source confirms it yet."
    return ""
