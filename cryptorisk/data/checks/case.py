"""What every rule looks at: the figures that came, as histories, beside those of the previous vintage.

A *block* is the history of one series, country and source. Rows are sorted by block and date, so that a rule sees
consecutive figures as neighbours and works on whole arrays.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cryptorisk.countries import Redenomination
from cryptorisk.data.catalogue import Catalogue, Frequency, SeriesSpec
from cryptorisk.data.checks.breaks import Break
from cryptorisk.data.observation import BLOCK, COLUMNS
from cryptorisk.errors import DataError

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

PERIOD_DAYS: dict[Frequency, int] = {"A": 366, "Q": 92, "M": 31, "W": 7, "D": 1}
"""Longest distance between the ends of two consecutive periods."""

SAME = 1e-9
"""Relative difference below which two figures are one: what a detour through a text file may change."""

_SPAN = 2**22
_EPOCH = 2**21
_NO_DATE = -_EPOCH
"""Stands for a missing date; days since 1970 of every date that pandas can hold lie well inside."""


@dataclass(frozen=True, eq=False)
class History:
    """Figures sorted by block and date; all arrays have one entry a row.

    Attributes
    ----------
    frame : DataFrame
        The columns `COLUMNS`.
    series, country, source : ndarray of int64
        Positions in the names of the case.
    block, pair : ndarray of int64
        Codes of (series, country, source) and of (series, country).
    day : ndarray of int64
        Days since 1970-01-01.
    value : ndarray of float64
    """

    frame: pd.DataFrame
    series: Ints
    country: Ints
    source: Ints
    block: Ints
    pair: Ints
    day: Ints
    value: Floats

    def __len__(self) -> int:
        return len(self.value)

    def take(self, chosen: npt.NDArray[Any]) -> History:
        """Rows by mask or by rising positions."""
        rest = (self.series, self.country, self.source, self.block, self.pair, self.day, self.value)
        return History(self.frame.iloc[np.arange(len(self))[chosen]], *(array[chosen] for array in rest))

    @cached_property
    def first(self) -> Mask:
        """Whether a row is the first of its block."""
        return after(self.block[1:] != self.block[:-1], True)[: len(self)]

    @cached_property
    def last(self) -> Mask:
        """Whether a row is the last of its block."""
        return np.append(self.first[1:], True)[: len(self)]

    @cached_property
    def number(self) -> Ints:
        """Number of the row's block, from 0 without gaps."""
        return np.cumsum(self.first, dtype=np.int64) - 1

    @cached_property
    def key(self) -> Ints:
        """Code of block and date."""
        return self.block * _SPAN + self.day + _EPOCH

    @cached_property
    def place(self) -> Ints:
        """Code of series, country and date, whatever the source."""
        return self.pair * _SPAN + self.day + _EPOCH

    @cached_property
    def undated(self) -> Mask:
        """Rows without a date."""
        return np.asarray(self.day == _NO_DATE, dtype=bool)


@dataclass(frozen=True, eq=False)
class Case:
    """What is judged: `fetched` beside `previous`, and what is known of the series.

    Attributes
    ----------
    fetched, previous : History
    specs : tuple of SeriesSpec
    countries, sources : tuple of str
        Names behind the codes.
    known : Catalogue
    date : datetime.date
        Day of the refresh.
    redenominations : mapping of str to sequence of Redenomination
        By ISO code.
    before : ndarray of float64
        For each fetched row the figure of the same source and period in the previous vintage; NaN for none.
    beside : DataFrame
        Figures of other series that some rules compare with; the columns `COLUMNS`.
    """

    fetched: History
    previous: History
    specs: tuple[SeriesSpec, ...]
    countries: tuple[str, ...]
    sources: tuple[str, ...]
    known: Catalogue
    date: dt.date
    redenominations: Mapping[str, Sequence[Redenomination]]
    before: Floats
    beside: pd.DataFrame

    def without(self, rows: Mask) -> Case:
        """The case less some fetched rows."""
        return replace(self, fetched=self.fetched.take(~rows), before=self.before[~rows])

    def each(self, fact: Callable[[SeriesSpec], Any], history: History | None = None) -> npt.NDArray[Any]:
        """A fact of the series, for each fetched row (or each row of another history)."""
        rows = self.fetched if history is None else history
        return np.array([fact(spec) for spec in self.specs])[rows.series] if self.specs else np.empty(0)

    @cached_property
    def unchanged(self) -> Mask:
        """Rows that stand in the previous vintage with the same figure, judged when they came in."""
        with np.errstate(invalid="ignore", over="ignore"):
            return np.abs(self.fetched.value - self.before) <= SAME * np.abs(self.before)

    @cached_property
    def new_blocks(self) -> Mask:
        """For each fetched row, whether its block holds any figure that the previous vintage has not."""
        return self.of_block(~self.unchanged)

    def of_block(self, rows: Mask) -> Mask:
        """For each fetched row, whether any row of its block is among ``rows``."""
        number = self.fetched.number
        return np.bincount(number, weights=rows, minlength=1)[number] > 0 if len(number) else rows

    def described(self, row: int) -> tuple[SeriesSpec, str, str]:
        """Series, country and source of a fetched row."""
        rows = self.fetched
        return self.specs[rows.series[row]], self.countries[rows.country[row]], self.sources[rows.source[row]]


@dataclass(frozen=True, eq=False)
class Suspicion:
    """What one rule found.

    Attributes
    ----------
    rule : str
    rows : ndarray of bool
        Suspicious rows of the case's fetched figures.
    reasons : ndarray of str
        A full sentence for each suspicious row.
    notes : tuple of str
        What was seen and let pass.
    superseded : ndarray of bool
        Rows of the case's previous figures that no longer go with what came.
    breaks : tuple of Break
        Of what was let pass, what reports must tell.
    """

    rule: str
    rows: Mask
    reasons: npt.NDArray[np.object_]
    notes: tuple[str, ...] = ()
    superseded: Mask | None = None
    breaks: tuple[Break, ...] = ()


def after(between: npt.NDArray[np.bool_], start: bool) -> Mask:
    """What holds between each row and the one before, as a mask of rows: ``start`` for the first row."""
    return np.concatenate([np.array([start]), between]).astype(bool)


def suspicion(rule: str, case: Case, reasons: Mapping[int, str], notes: Sequence[str] = ()) -> Suspicion:
    """A `Suspicion` from the sentence of each suspicious row."""
    positions = np.array(sorted(reasons), dtype=np.int64)
    rows = np.zeros(len(case.fetched), dtype=bool)
    rows[positions] = True
    texts = np.array([reasons[position] for position in positions.tolist()], dtype=object)
    return Suspicion(rule, rows, texts, tuple(notes))


def of_blocks(rule: str, case: Case, reasons: Mapping[int, str], notes: Sequence[str] = ()) -> Suspicion:
    """A `Suspicion` of whole blocks from the sentence of each suspicious block, by its number."""
    numbers = case.fetched.number
    rows = np.isin(numbers, np.array(list(reasons), dtype=np.int64))
    texts = np.array([reasons[number] for number in numbers[rows].tolist()], dtype=object)
    return Suspicion(rule, rows, texts, tuple(notes))


def build(
    fetched: pd.DataFrame,
    previous: pd.DataFrame,
    known: Catalogue,
    date: dt.date,
    redenominations: Mapping[str, Sequence[Redenomination]],
    beside: pd.DataFrame | None = None,
) -> Case:
    """A case from two frames with the columns `COLUMNS`; the frames are not changed.

    Raises
    ------
    DataError
        When a frame lacks a column, or for a series that the catalogue does not know.
    """
    for frame, name in ((fetched, "fetched"), (previous, "previous")):
        lacking = [column for column in COLUMNS if column not in frame.columns]
        if lacking:
            raise DataError(f"the {name} figures lack the columns {', '.join(lacking)}")
    both = pd.concat([frame[list(COLUMNS)] for frame in (fetched, previous)], ignore_index=True)
    codes, names = zip(*(_coded(both[column]) for column in BLOCK), strict=True)
    new, old = (
        _history(both, codes, names, rows)
        for rows in (np.arange(len(fetched)), np.arange(len(fetched), len(both)))
    )
    specs = tuple(known[name] for name in names[0])
    countries, sources = (tuple(labels) for labels in names[1:])
    before = _looked_up(new.key, old.key, old.value)
    other = fetched.iloc[:0] if beside is None else beside
    return Case(
        new, old, specs, countries, sources, known, date, redenominations, before, other[list(COLUMNS)]
    )


def _coded(column: pd.Series) -> tuple[Ints, list[str]]:
    codes, labels = pd.factorize(column.astype("str"), sort=True)
    return codes.astype(np.int64), [str(label) for label in labels]


def _history(
    both: pd.DataFrame, codes: tuple[Ints, ...], names: tuple[list[str], ...], rows: Ints
) -> History:
    series, country, source = (code[rows] for code in codes)
    day = _days(both["date"].iloc[rows])
    value = both["value"].iloc[rows].to_numpy(dtype=np.float64)
    pair = series * max(1, len(names[1])) + country
    block = pair * max(1, len(names[2])) + source
    order = np.lexsort((value, day, block))
    arrays = (series[order], country[order], source[order], block[order], pair[order], day[order])
    return History(both.iloc[rows[order]], *arrays, value[order])


def _days(dates: pd.Series) -> Ints:
    days = pd.to_datetime(dates).to_numpy().astype("datetime64[D]")
    missing = np.isnat(days)
    return np.where(missing, _NO_DATE, np.where(missing, np.datetime64(0, "D"), days).astype(np.int64))


def _looked_up(wanted: Ints, keys: Ints, values: Floats) -> Floats:
    """Values at the wanted keys, NaN where there is none; keys are sorted."""
    found = np.full(len(wanted), np.nan)
    if len(keys):
        place = np.searchsorted(keys, wanted).clip(max=len(keys) - 1)
        hit = keys[place] == wanted
        found[hit] = values[place[hit]]
    return found
