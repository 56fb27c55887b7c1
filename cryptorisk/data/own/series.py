"""A series of the bank's own, dated at the ends of its periods: one figure a period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from cryptorisk.data.block import Observations
from cryptorisk.data.catalogue import Frequency, SeriesSpec
from cryptorisk.data.checks.impossible import ROUNDING, bounds
from cryptorisk.data.own import BANK
from cryptorisk.data.own.faults import Fault
from cryptorisk.data.own.tidy import Figure
from cryptorisk.data.periods import frequency_of, snap
from cryptorisk.data.stocks import TO_JUNE, is_stock
from cryptorisk.estimate import DataClass

PERIODS: dict[Frequency, str] = {"A": "year", "Q": "quarter", "M": "month", "W": "week", "D": "day"}
_SHORTER: dict[Frequency, str] = {"A": "QM", "Q": "M"}
"""Spellings of a period that is a part of the series' own; a day is how a period's end may be written."""

Rank = Literal["overrides", "own_files", "folder"]
RANKS: tuple[Rank, ...] = ("overrides", "own_files", "folder")
"""Where a series is given, what comes first first."""

NOTES = 5
"""Notes of a file's rows that a finding prints; a series usually has one origin, at most a change of return."""

ByPeriod = dict[dt.date, Figure]


@dataclass(frozen=True)
class BankSeries:
    """A series given by the user.

    Attributes
    ----------
    id : str
    rows : Observations
        Not shown by ``repr``: the figures may be confidential.
    whole : bool
        A file stands for the whole history (its level need not fit the public one); a single figure leaves the
        public figures of earlier periods in place.
    confidential : bool
    note : str
        Origin, printed in the report.
    within : tuple of datetime.date
        Days inside a period whose figure stands for it, because a stock was given at shorter intervals than the
        series has.
    data_class : {"measured", "survey", "modelled", "proxy"} or None
        None for that of the catalogue.
    rank : {"overrides", "own_files", "folder"}
        Where it is given.
    file : str
        Name of the file; empty for a single figure.
    units : tuple of str
        Multiples of the series' unit that figures were given in and converted from.
    passed_over : tuple of str
        Names of files of a lower rank that give the series too and were not used.
    """

    id: str
    rows: Observations = field(repr=False)
    whole: bool
    confidential: bool
    note: str
    within: tuple[dt.date, ...] = ()
    data_class: DataClass | None = None
    rank: Rank = "overrides"
    file: str = ""
    units: tuple[str, ...] = ()
    passed_over: tuple[str, ...] = ()


def by_period(
    figures: Sequence[Figure], spec: SeriesSpec, as_of: dt.date
) -> tuple[ByPeriod, tuple[dt.date, ...], list[Fault]]:
    """One figure a period of the series.

    Parameters
    ----------
    figures : sequence of Figure
        In the file's order.
    spec : SeriesSpec
    as_of : datetime.date

    Returns
    -------
    points : dict of datetime.date to Figure
        Of a stock the last figure in each period not after ``as_of``, dated at the period's end; in the period still
        running at ``as_of`` it keeps its own day. What lies after ``as_of`` is kept to be counted.
    within : tuple of datetime.date
        Days within a period whose figure stands for it.
    faults : list of Fault
        Figures given twice, and figures for a part of a period of a series that is no stock.
    """
    once, faults = _without_repeats(figures)
    for figure in figures:
        if what := impossible(figure.value, spec):
            faults.append(Fault(figure.place, what, "correct the figure, or leave the row out"))
    if is_stock(spec):
        points, within, more = _last_of_each(once, spec, as_of)
        return points, within, faults + more
    points, more = _one_a_period(once, spec)
    return points, (), faults + more


def late(id: str, points: ByPeriod, as_of: dt.date) -> list[Fault]:
    """What is to be said of figures of a series that are dated after ``as_of`` and therefore not used: once a series."""
    after = [points[day] for day in sorted(points) if day > as_of]
    if not after:
        return []
    first, others = after[0], len(after) - 1
    are = f"and {others} more are" if others else "is"
    none = ", so that the series has no figure" if len(after) == len(points) else ""
    what = f"the figure of {id} for {first.written} {are} dated after {as_of}, where this report's data end, and not used"
    return [Fault(first.place, what + none, "correct the date if it is a slip")]


def impossible(value: float, spec: SeriesSpec) -> str:
    """Why a figure cannot be one of the series, by the rule that fetched figures are held to; "" when it can.

    The figure itself is not said: it may be confidential.
    """
    low, high, shut = bounds(spec)
    if value < low or (value == low and shut):
        return f"{spec.id} {'must be above' if shut else 'cannot be below'} {low:g}"
    return f"{spec.id} cannot be above {high:g}" if value > high + ROUNDING else ""


def rows_of(points: ByPeriod, note: str = "") -> Observations:
    """The figures by date as the vintage holds its own; ``note`` for figures without one."""
    dates = sorted(points)
    texts = (BANK, "")
    source, url = (np.full(len(dates), text, dtype=object) for text in texts)
    notes = np.array([points[date].note or note for date in dates], dtype=object)
    values = np.array([points[date].value for date in dates], dtype=float)
    return Observations(np.array(dates, dtype="datetime64[D]"), values, source, url, notes)


def told(notes: Iterable[str]) -> str:
    """Notes of a series in one text: every one once, the first `NOTES` of them."""
    every = list(dict.fromkeys(note.rstrip(". ") for note in notes if note))
    more = [f"and {len(every) - NOTES} more notes"] if len(every) > NOTES else []
    return "; ".join(every[:NOTES] + more)


def _without_repeats(figures: Sequence[Figure]) -> tuple[list[Figure], list[Fault]]:
    first: dict[str, Figure] = {}
    faults = []
    for figure in figures:
        if figure.written in first:
            what = f"{figure.written} is given twice (first on {first[figure.written].place})"
            faults.append(Fault(figure.place, what, "keep one"))
        first.setdefault(figure.written, figure)
    return list(first.values()), faults


def _last_of_each(
    figures: Sequence[Figure], spec: SeriesSpec, as_of: dt.date
) -> tuple[ByPeriod, tuple[dt.date, ...], list[Fault]]:
    by_day: ByPeriod = {}
    faults = []
    for figure in figures:
        if figure.day in by_day:
            what = f"a second figure for {spec.id} on {figure.day} (first on {by_day[figure.day].place})"
            faults.append(Fault(figure.place, what, "keep one"))
        by_day[figure.day] = figure
    last = {snap(day, spec.frequency): day for day in sorted(by_day) if day <= as_of}
    points = {day: figure for day, figure in by_day.items() if day > as_of}
    points |= {end if end <= as_of else day: by_day[day] for end, day in last.items()}
    return points, tuple(day for end, day in last.items() if day != end), faults


def _one_a_period(figures: Sequence[Figure], spec: SeriesSpec) -> tuple[ByPeriod, list[Fault]]:
    period = PERIODS[spec.frequency]
    once = f"{spec.id} has one figure a {period}"
    remedy = f"give one line a {period}, with the figure of the whole {period}"
    points: ByPeriod = {}
    faults = []
    for figure in figures:
        end = _end(figure, spec)
        if end is None:
            faults.append(Fault(figure.place, *_no_end(figure, spec, once, remedy)))
            continue
        if end in points:
            what = f"a second figure for the {period} that ends {end}, and {once}"
            faults.append(Fault(figure.place, what, remedy))
        points.setdefault(end, figure)
    return points, faults


def _end(figure: Figure, spec: SeriesSpec) -> dt.date | None:
    """Last day of the whole period that a figure of a flow or an average is for; None for a part of one."""
    if spec.id in TO_JUNE:
        return dt.date(figure.day.year, 6, 30) if figure.day.month == 6 else None
    part = frequency_of(figure.written) in _SHORTER.get(spec.frequency, "")
    return None if part else snap(figure.day, spec.frequency)


def _no_end(figure: Figure, spec: SeriesSpec, once: str, remedy: str) -> tuple[str, str]:
    if spec.id in TO_JUNE:
        what = f"{figure.written} does not end in June, and {spec.id} is for twelve months to 30 June"
        return what, "date the figure YYYY-06-30"
    return f"{figure.written} is a part of a {PERIODS[spec.frequency]}, and {once}", remedy
