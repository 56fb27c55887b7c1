"""All figures of several vintages in common codes, and those of them that a report would see, in one pass."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cryptorisk.data.block import Block, Labels
from cryptorisk.data.catalogue import Catalogue
from cryptorisk.data.vintage import Vintage

Whole = npt.NDArray[np.int64]
Short = npt.NDArray[np.int32]
_EPOCH = dt.date(1970, 1, 1)


@dataclass(frozen=True)
class Codes:
    """The texts behind the numbers: ids of series, countries and sources, each sorted."""

    series: list[str]
    countries: list[str]
    sources: list[str]


@dataclass(frozen=True)
class Figures:
    """Figures as arrays of one length; texts are numbers of `Codes`, dates days since 1970-01-01."""

    series: Short
    countries: Short
    dates: Short
    sources: Short
    values: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.values)

    def take(self, chosen: npt.NDArray[Any]) -> Figures:
        """Figures by mask or position."""
        return Figures(
            self.series[chosen],
            self.countries[chosen],
            self.dates[chosen],
            self.sources[chosen],
            self.values[chosen],
        )


def align(vintages: Sequence[Vintage]) -> tuple[Codes, tuple[Figures, ...]]:
    """All stored figures of each vintage, in codes that mean the same in all of them."""
    blocks = [block for vintage in vintages for block in vintage.blocks]
    codes = Codes(
        _names(block.series for block in blocks),
        _names(block.countries for block in blocks),
        _names(block.sources for block in blocks),
    )
    return codes, tuple(_stored(vintage.blocks, codes) for vintage in vintages)


def seen(stored: Figures, codes: Codes, known: Catalogue, as_of: dt.date) -> Figures:
    """One figure a series, country and period: the rule of `cryptorisk.data.selection.choose` for all at once.

    Parameters
    ----------
    stored : Figures
    codes : Codes
    known : Catalogue
        Its precedence of sources decides.
    as_of : datetime.date
        No figure is dated later.

    Returns
    -------
    Figures
        Sorted by series, country and date.
    """
    groups, ranks = _precedence(codes, known)
    group = groups[stored.series, stored.sources]
    usable = (group >= 0) & (stored.dates <= (as_of - _EPOCH).days)
    figures, group = stored.take(usable), group[usable]
    place = figures.series.astype(np.int64) * len(codes.countries) + figures.countries
    first = np.full(len(codes.series) * len(codes.countries), np.iinfo(np.int64).max)
    np.minimum.at(first, place, group)
    figures = figures.take(group == first[place])
    rank = ranks[figures.series, figures.sources]
    figures = figures.take(np.lexsort((rank, figures.dates, figures.countries, figures.series)))
    period = keys(figures, codes)
    return figures.take(np.flatnonzero(np.r_[True, period[1:] != period[:-1]][: len(period)]))


def keys(figures: Figures, codes: Codes, *, by_source: bool = False) -> Whole:
    """One number for the series, country and date of every figure (and its source), of the order of these.

    Dates from 1700 to 2100 take 150 000 numbers; with 1000 series, 300 countries and 1000 sources a key stays
    below 2^56.
    """
    span, offset = 1 << 18, 1 << 17
    place = figures.series.astype(np.int64) * len(codes.countries) + figures.countries
    key = place * span + figures.dates + offset
    return key * len(codes.sources) + figures.sources if by_source else key


def _names(columns: Iterable[Labels]) -> list[str]:
    return sorted({name for column in columns for name in column.names})


def _stored(blocks: Sequence[Block], codes: Codes) -> Figures:
    def joined(column: Callable[[Block], Labels], names: list[str]) -> Short:
        number = {name: position for position, name in enumerate(names)}
        parts = []
        for block in blocks:
            labels = column(block)
            parts.append(np.array([number[name] for name in labels.names], dtype=np.int32)[labels.codes])
        return np.concatenate([np.empty(0, np.int32), *parts])

    return Figures(
        joined(lambda block: block.series, codes.series),
        joined(lambda block: block.countries, codes.countries),
        np.concatenate(
            [np.empty(0, np.int32), *(block.dates.astype(np.int64).astype(np.int32) for block in blocks)]
        ),
        joined(lambda block: block.sources, codes.sources),
        np.concatenate([np.empty(0), *(block.values for block in blocks)]),
    )


def _precedence(codes: Codes, known: Catalogue) -> tuple[Whole, Whole]:
    """Group of every series and source (-1 where the series does not take it), and the rank within the group."""
    groups = np.full((len(codes.series), len(codes.sources)), -1, dtype=np.int64)
    ranks = groups.copy()
    number = {source: position for position, source in enumerate(codes.sources)}
    for row, id in enumerate(codes.series):
        precedence = known.series[id].precedence if id in known else ()
        for group, sources in reversed([*enumerate(precedence)]):
            for rank, source in enumerate(sources):
                if source in number:
                    groups[row, number[source]], ranks[row, number[source]] = group, rank
    return groups, ranks
