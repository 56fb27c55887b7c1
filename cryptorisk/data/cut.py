"""The figures of one economy and of the world at a date: public ones by precedence, the institution's own first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from cryptorisk.data.block import Observations
from cryptorisk.data.catalogue import Catalogue
from cryptorisk.data.own import BANK
from cryptorisk.data.own.series import BankSeries
from cryptorisk.data.selection import choose
from cryptorisk.data.vintage import Vintage
from cryptorisk.estimate import DataClass

STALE_MONTHS = 24
"""A last figure older than this before ``as_of`` is called stale: annual statistics of most economies appear within
eighteen months of the year's end, so that a gap of two years means an interruption and not a publication lag."""


@dataclass(frozen=True)
class Observation:
    """One figure: value, last day of its period, unit, source, class; ``stale`` when old, with its page and note."""

    value: float
    date: dt.date
    unit: str
    source: str
    data_class: DataClass
    stale: bool
    series: str = ""
    country: str = ""
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class Cut:
    """What may be seen of a vintage.

    Attributes
    ----------
    country : str
        Economy that the institution's own series are about.
    as_of : datetime.date
        No figure is dated later.
    vintage : Vintage
    bank : mapping of str to BankSeries
        The institution's own series.
    without : frozenset of str
        Sources left out.
    """

    country: str
    as_of: dt.date
    vintage: Vintage
    bank: Mapping[str, BankSeries]
    without: frozenset[str]

    @property
    def catalogue(self) -> Catalogue:
        """The series and sources that the vintage knows."""
        return self.vintage.catalogue

    @property
    def confidential(self) -> frozenset[str]:
        """Own series with a figure not after ``as_of`` that a report must not print."""
        end = np.datetime64(self.as_of, "D")
        return frozenset(
            id for id, own in self.bank.items() if own.confidential and (own.rows.dates <= end).any()
        )

    @property
    def public(self) -> Cut:
        """The same without the institution's own series."""
        return replace(self, bank={})

    def data_class(self, id: str, source: str) -> DataClass:
        """Class of a figure of a series: the institution says that of its own, the catalogue that of all others."""
        own = self.bank.get(id) if source == BANK else None
        return own.data_class if own and own.data_class else self.catalogue.data_class(id, source)

    def rows(self, id: str, place: str, sources: Sequence[str] | None = None) -> Observations:
        """One figure a period of a series; ``sources`` in place of the catalogue's precedence."""
        spec = self.catalogue[id]
        end = np.datetime64(self.as_of, "D")
        rows = self.vintage.observations(id, place)
        usable = rows.dates <= end
        if self.without:
            usable &= ~np.isin(rows.sources.astype(str), list(self.without))
        rows = choose(rows.take(usable), spec, sources)
        own = self.bank.get(id) if place == self.country else None
        if own is None or (sources is not None and BANK not in sources):
            return rows
        mine = own.rows.take(own.rows.dates <= end)
        if not len(mine):
            return rows
        before = rows.dates < mine.dates[0]
        return mine if own.whole else _joined(rows.take(before), mine)

    def latest(self, id: str, place: str, sources: Sequence[str] | None = None) -> Observation | None:
        """The last figure of a series, or None."""
        rows = self.rows(id, place, sources)
        return self.observation(id, place, rows, len(rows) - 1) if len(rows) else None

    def observation(self, id: str, place: str, rows: Observations, position: int) -> Observation:
        """The figure at a position of `rows`."""
        date = rows.dates[position].astype(object)
        source = str(rows.sources[position])
        return Observation(
            float(rows.numbers[position]),
            date,
            self.catalogue[id].unit,
            source,
            self.data_class(id, source),
            is_stale(date, self.as_of),
            id,
            place,
            str(rows.urls[position]),
            str(rows.notes[position]),
        )


def is_stale(date: dt.date, as_of: dt.date) -> bool:
    """Whether a figure dated ``date`` is more than 24 months old at ``as_of``."""
    months = 12 * (as_of.year - date.year) + as_of.month - date.month - (as_of.day < date.day)
    return months >= STALE_MONTHS and (months > STALE_MONTHS or as_of.day != date.day)


def _joined(first: Observations, second: Observations) -> Observations:
    return Observations(
        np.concatenate([first.dates, second.dates]),
        np.concatenate([first.numbers, second.numbers]),
        np.concatenate([first.sources, second.sources]),
        np.concatenate([first.urls, second.urls]),
        np.concatenate([first.notes, second.notes]),
    )
