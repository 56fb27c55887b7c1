"""Observations as arrays: a table of them with the place of every series and economy, and what is taken from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cryptorisk.data.observation import BLOCK


@dataclass(frozen=True)
class Observations:
    """Rows of one country and series, by date; arrays of one length, read-only.

    Attributes
    ----------
    dates : ndarray of datetime64[D]
    numbers : ndarray of float64
    sources : ndarray of str
    urls, notes : ndarray of str
        Empty unless the figure is a quoted one.
    """

    dates: npt.NDArray[np.datetime64]
    numbers: npt.NDArray[np.float64]
    sources: npt.NDArray[np.object_]
    urls: npt.NDArray[np.object_]
    notes: npt.NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.dates)

    def take(self, chosen: npt.NDArray[Any]) -> Observations:
        """Rows by mask or position."""
        return Observations(
            self.dates[chosen],
            self.numbers[chosen],
            self.sources[chosen],
            self.urls[chosen],
            self.notes[chosen],
        )


@dataclass(frozen=True)
class Everywhere:
    """Rows of one series for all countries; arrays of one length."""

    countries: npt.NDArray[np.object_]
    dates: npt.NDArray[np.datetime64]
    numbers: npt.NDArray[np.float64]
    sources: npt.NDArray[np.object_]

    def take(self, chosen: npt.NDArray[Any]) -> Everywhere:
        """Rows by mask or position."""
        return Everywhere(
            self.countries[chosen], self.dates[chosen], self.numbers[chosen], self.sources[chosen]
        )


@dataclass(frozen=True)
class Labels:
    """A column of texts: the distinct ones, and which of them stands in every row."""

    codes: npt.NDArray[np.integer[Any]]
    names: list[str]

    @classmethod
    def of(cls, table: pa.Table, name: str) -> Labels:
        """A column of a table."""
        column = table.column(name).combine_chunks()
        if not pa.types.is_dictionary(column.type):
            column = column.dictionary_encode()
        return cls(column.indices.to_numpy(), column.dictionary.to_pylist())

    def texts(self, rows: npt.NDArray[Any] | slice) -> npt.NDArray[np.object_]:
        """The texts of some rows."""
        found: npt.NDArray[np.object_] = np.asarray(self.names, dtype=object)[self.codes[rows]]
        return found


class Block:
    """A table of observations sorted by series and country, with the place of every pair.

    Parameters
    ----------
    table : pyarrow.Table
        Columns series, country, date, value, source; url and note where it has them.

    Attributes
    ----------
    series, countries, sources : Labels
    dates : ndarray of datetime64[D]
    values : ndarray of float64
    places : mapping of (series, country) to (first row, row after the last)
    """

    def __init__(self, table: pa.Table) -> None:
        self.series, self.countries, self.sources = (Labels.of(table, name) for name in BLOCK)
        self.dates = table.column("date").combine_chunks().cast(pa.int32()).to_numpy().astype("datetime64[D]")
        self.dates.setflags(write=False)
        self.values = table.column("value").combine_chunks().to_numpy()
        self._extra = {
            name: table.column(name).to_pandas().fillna("").to_numpy(dtype=object)
            for name in ("url", "note")
            if name in table.column_names
        }

    @cached_property
    def places(self) -> Mapping[tuple[str, str], tuple[int, int]]:
        """Where the rows of every series and country stand."""
        series, countries = self.series.codes, self.countries.codes
        if not len(series):
            return {}
        starts = np.flatnonzero(np.r_[True, (np.diff(series) != 0) | (np.diff(countries) != 0)])
        pairs = zip(self.series.texts(starts), self.countries.texts(starts), strict=True)
        ends = np.append(starts[1:], len(series))
        return dict(zip(pairs, zip(starts.tolist(), ends.tolist(), strict=True), strict=True))

    def everywhere(self, series: str) -> Everywhere:
        """The rows of a series, all countries."""
        if series not in self.series.names:
            rows = np.empty(0, dtype=np.intp)
        else:
            rows = np.flatnonzero(self.series.codes == self.series.names.index(series))
        return Everywhere(
            self.countries.texts(rows), self.dates[rows], self.values[rows], self.sources.texts(rows)
        )

    def rows(self, series: str, country: str) -> Observations:
        """The rows of a series and country that has some: a key of `places`."""
        place = slice(*self.places[series, country])
        blank = np.full(place.stop - place.start, "", dtype=object)
        return Observations(
            self.dates[place],
            self.values[place],
            self.sources.texts(place),
            self._extra["url"][place] if "url" in self._extra else blank,
            self._extra["note"][place] if "note" in self._extra else blank,
        )
