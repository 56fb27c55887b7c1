"""A vintage on disk: finding it, checking its hashes, reading its tables, looking a series up."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from cryptorisk.data.catalogue import Catalogue, Fault, SeriesSpec, Source, catalogue, fault_from_row
from cryptorisk.data.descriptor import RESTORE, SERIES_COLUMNS, resources_of
from cryptorisk.data.package import DESCRIPTOR, sha256
from cryptorisk.errors import DataError

NAME = re.compile(r"\d{4}-\d{2}-\d{2}(-[a-z0-9]+)?")
KEPT_TABLES = 64
"""About twice as many panels as one report asks for; a monthly panel takes half a megabyte."""

_TESTS = {
    "string": (pa.types.is_string, pa.types.is_large_string),
    "number": (pa.types.is_floating,),
    "integer": (pa.types.is_integer,),
    "date": (pa.types.is_date32,),
}


@dataclass(frozen=True)
class VintageInfo:
    """What identifies a vintage: its name, its date and the hash of its descriptor (which holds all others)."""

    name: str
    date: dt.date
    sha256: str


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


class _Block:
    """A table of observations sorted by series and country, with the place of every pair."""

    def __init__(self, table: pa.Table) -> None:
        self.series, self.countries, self.sources = (
            _strings(table, name) for name in ("series", "country", "source")
        )
        self.dates = table.column("date").combine_chunks().cast(pa.int32()).to_numpy().astype("datetime64[D]")
        self.values = table.column("value").combine_chunks().to_numpy()
        self.extra = {
            name: table.column(name).to_pandas().fillna("").to_numpy(dtype=object)
            for name in ("url", "note")
            if name in table.column_names
        }
        self.places = dict(self._places())

    def _places(self) -> Iterator[tuple[tuple[str, str], slice]]:
        (series, names), (countries, codes) = self.series, self.countries
        if not len(series):
            return
        changes = np.flatnonzero((np.diff(series) != 0) | (np.diff(countries) != 0)) + 1
        starts = np.concatenate([[0], changes])
        stops = np.concatenate([changes, [len(series)]])
        for start, stop in zip(starts.tolist(), stops.tolist(), strict=True):
            yield (names[series[start]], codes[countries[start]]), slice(start, stop)

    def everywhere(self, series: str) -> Everywhere:
        codes, names = self.series
        rows = np.flatnonzero(codes == names.index(series)) if series in names else np.empty(0, dtype=np.intp)
        countries, sources = (
            np.asarray(labels, dtype=object)[positions[rows]]
            for positions, labels in (self.countries, self.sources)
        )
        return Everywhere(countries, self.dates[rows], self.values[rows], sources)

    def rows(self, place: slice) -> Observations:
        size = place.stop - place.start
        blank = np.full(size, "", dtype=object)
        codes, names = self.sources
        return Observations(
            self.dates[place],
            self.values[place],
            np.asarray(names, dtype=object)[codes[place]],
            self.extra["url"][place] if "url" in self.extra else blank,
            self.extra["note"][place] if "note" in self.extra else blank,
        )


def _strings(table: pa.Table, name: str) -> tuple[npt.NDArray[np.int64], list[str]]:
    column = table.column(name).combine_chunks()
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    return column.indices.to_numpy(), column.dictionary.to_pylist()


@dataclass(frozen=True)
class Vintage:
    """A vintage: its identity, what its descriptor says, and its tables.

    Use `open_vintage` or `find_vintage` to get one. Its tables are read once and never changed; methods hand out copies or
    read-only arrays.
    """

    path: Path
    info: VintageInfo
    descriptor: Mapping[str, Any] = field(repr=False)

    @cached_property
    def catalogue(self) -> Catalogue:
        """The package's catalogue with the series and sources that only this vintage knows."""
        series = [SeriesSpec.from_dict(raw) for raw in self.descriptor["series"]]
        sources = [Source(**raw) for raw in self.descriptor["source_register"]]
        return catalogue().extended(series, sources)

    @cached_property
    def resources(self) -> Mapping[str, Mapping[str, Any]]:
        """Descriptors of the tables, by name."""
        return resources_of(self.descriptor, str(self.path / DESCRIPTOR))

    def table(self, name: str) -> pd.DataFrame:
        """A table that is not made of series, as a new frame.

        Raises
        ------
        DataError
            For an unknown name or an unreadable file.
        """
        if name not in self.resources or self.resources[name]["kind"] == "series":
            names = [key for key, resource in self.resources.items() if resource["kind"] != "series"]
            raise DataError(
                f"no table {name!r} in the vintage {self.info.name}", remedy=f"one of {', '.join(names)}"
            )
        return self._tables[name].copy()

    def observations(self, series: str, country: str) -> Observations:
        """All figures of a series for a country, every source, by date; empty when there are none."""
        parts = [
            block.rows(block.places[series, country])
            for block in self._blocks
            if (series, country) in block.places
        ]
        if len(parts) == 1:
            return parts[0]
        joined = Observations(
            np.concatenate([np.empty(0, "datetime64[D]"), *(part.dates for part in parts)]),
            np.concatenate([np.empty(0), *(part.numbers for part in parts)]),
            np.concatenate([np.empty(0, object), *(part.sources for part in parts)]),
            np.concatenate([np.empty(0, object), *(part.urls for part in parts)]),
            np.concatenate([np.empty(0, object), *(part.notes for part in parts)]),
        )
        return joined.take(np.argsort(joined.dates, kind="stable"))

    def everywhere(self, series: str) -> Everywhere:
        """All figures of a series, every country and source."""
        parts = [block.everywhere(series) for block in self._blocks]
        return Everywhere(
            np.concatenate([np.empty(0, object), *(part.countries for part in parts)]),
            np.concatenate([np.empty(0, "datetime64[D]"), *(part.dates for part in parts)]),
            np.concatenate([np.empty(0), *(part.numbers for part in parts)]),
            np.concatenate([np.empty(0, object), *(part.sources for part in parts)]),
        )

    def kept(self, key: Hashable, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """A table derived from the vintage, made once while it is among the last `KEPT_TABLES` asked for."""
        found = self._kept.pop(key, None)
        self._kept[key] = make() if found is None else found
        if len(self._kept) > KEPT_TABLES:
            del self._kept[next(iter(self._kept))]
        return self._kept[key]

    def countries(self, series: str) -> tuple[str, ...]:
        """Codes of the economies with any figure of a series, sorted."""
        return tuple(sorted(self._countries_by_series.get(series, ())))

    def series_of(self, country: str) -> tuple[str, ...]:
        """Ids of the series with any figure for a country, sorted."""
        return tuple(sorted({s for block in self._blocks for s, c in block.places if c == country}))

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Known faults as they stood when the vintage was compiled."""
        rows = self._tables["faults"].fillna("").astype(str).to_dict("records")
        return tuple(fault_from_row({str(key): value for key, value in row.items()}) for row in rows)

    @cached_property
    def _kept(self) -> dict[Hashable, pd.DataFrame]:
        return {}

    @cached_property
    def _countries_by_series(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for block in self._blocks:
            for series, country in block.places:
                found.setdefault(series, set()).add(country)
        return found

    @cached_property
    def _blocks(self) -> tuple[_Block, ...]:
        names = [name for name, resource in self.resources.items() if resource["kind"] == "series"]
        return tuple(_Block(self._read(name)) for name in names)

    @cached_property
    def _tables(self) -> dict[str, pd.DataFrame]:
        names = [name for name, resource in self.resources.items() if resource["kind"] != "series"]
        return {name: _plain(self._read(name)) for name in names}

    def _read(self, name: str) -> pa.Table:
        resource = self.resources[name]
        path = self.path / resource["path"]
        content = checked_bytes(path, resource)
        try:
            return read_bytes(content, resource)
        except (
            pa.ArrowException,
            pd.errors.ParserError,
            UnicodeDecodeError,
            ValueError,
            KeyError,
            OSError,
        ) as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise DataError(f"cannot be read ({reason})", where=str(path), remedy=RESTORE) from None


def _plain(table: pa.Table) -> pd.DataFrame:
    """A frame with text columns as text; dates as timestamps."""
    frame: pd.DataFrame = table.to_pandas(date_as_object=False)
    for name in frame.columns:
        if isinstance(frame[name].dtype, pd.CategoricalDtype):
            frame[name] = frame[name].astype("str")
        elif pd.api.types.is_datetime64_any_dtype(frame[name]):
            frame[name] = frame[name].astype("datetime64[us]")
    return frame


def read_bytes(content: bytes, resource: Mapping[str, Any]) -> pa.Table:
    """A resource's table from the bytes of its file, with the types of its schema."""
    fields = resource["schema"]["fields"]
    if resource["format"] == "parquet":
        table = pq.read_table(io.BytesIO(content), read_dictionary=["series", "country", "source"])
    else:
        texts = {f["name"]: "str" for f in fields if f["type"] == "string"}
        frame = pd.read_csv(io.BytesIO(content), keep_default_na=False, na_values=[""], dtype=texts)
        for f in fields:
            if f["type"] == "date":
                frame[f["name"]] = pd.to_datetime(frame[f["name"]], format="%Y-%m-%d")
        table = pa.table({f["name"]: _column(frame[f["name"]], f["type"]) for f in fields})
    names = [f["name"] for f in fields]
    if table.column_names != names:
        raise ValueError(f"columns {table.column_names} instead of {names}")
    for f in fields:
        _demand_type(table.column(f["name"]), f, resource["kind"])
    return table


def _demand_type(column: pa.ChunkedArray, described: Mapping[str, str], kind: str) -> None:
    held = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if not any(test(held) for test in _TESTS[described["type"]]):
        raise ValueError(f"column {described['name']} is {held}, not {described['type']}")
    if kind == "series" and described["name"] in SERIES_COLUMNS and column.null_count:
        raise ValueError(f"column {described['name']} has empty cells")


def _column(values: pd.Series, kind: str) -> pa.Array:
    if kind == "date":
        return pa.array(values.to_numpy(dtype="datetime64[D]"), pa.date32())
    if kind == "string":
        return pa.array(values.astype("object").where(values.notna(), None), pa.string())
    return pa.array(values.to_numpy(dtype="float64" if kind == "number" else "int64"), from_pandas=True)


def checked_bytes(path: Path, resource: Mapping[str, Any]) -> bytes:
    """A file's bytes, if its size and hash are those of the descriptor.

    Raises
    ------
    DataError
        Naming the file and the remedy.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"cannot be read ({error.strerror})", where=str(path), remedy=RESTORE) from None
    if len(content) != resource["bytes"]:
        raise DataError(
            f"has {len(content)} bytes, the descriptor says {resource['bytes']}: the file is damaged or was changed",
            where=str(path),
            remedy=RESTORE,
        )
    if sha256(content) != resource["hash"]:
        raise DataError(
            "has another hash than the descriptor says: the file is damaged or was changed",
            where=str(path),
            remedy=RESTORE,
        )
    return content


def vintages(data: Path) -> list[str]:
    """Names of the complete vintages in the kit's ``data`` folder, oldest first."""
    if not data.is_dir():
        return []
    found = (entry for entry in data.iterdir() if NAME.fullmatch(entry.name))
    return sorted(entry.name for entry in found if (entry / DESCRIPTOR).is_file())


def find_vintage(data: Path, name: str = "latest") -> Vintage:
    """The vintage of that name, or the newest, in the kit's ``data`` folder.

    Raises
    ------
    DataError
        When it is not there, listing those that are.
    """
    present = vintages(data)
    if name == "latest" and present:
        name = present[-1]
    if name not in present:
        there = ", ".join(present) if present else "none"
        wanted = "there is no vintage" if name == "latest" else f"there is no vintage {name!r}"
        raise DataError(f"{wanted} (present: {there})", where=str(data), remedy="name one that is present")
    return open_vintage(data / name)


def open_vintage(path: Path) -> Vintage:
    """The vintage in a folder; kept in memory until one of its files changes.

    Raises
    ------
    DataError
        When the descriptor is missing, unreadable or not one of a vintage.
    """
    path = path.resolve()
    try:
        stamp = tuple(sorted((e.name, e.stat().st_mtime_ns, e.stat().st_size) for e in path.iterdir()))
    except OSError as error:
        raise DataError(f"cannot be opened ({error.strerror})", where=str(path)) from None
    return _open(path, stamp)


@lru_cache(maxsize=4)
def _open(path: Path, stamp: tuple[tuple[str, int, int], ...]) -> Vintage:
    del stamp
    file = path / DESCRIPTOR
    try:
        content = file.read_bytes()
        raw = json.loads(content)
        info = VintageInfo(
            path.name, dt.date.fromisoformat(raw["version"]), sha256(content).removeprefix("sha256:")
        )
        vintage = Vintage(path, info, raw)
        _ = vintage.resources
        _ = vintage.catalogue
    except OSError as error:
        raise DataError(f"cannot be read ({error.strerror})", where=str(file), remedy=RESTORE) from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        reason = f"{error} is missing" if isinstance(error, KeyError) else error
        raise DataError(
            f"is no descriptor of a vintage ({reason})", where=str(file), remedy=RESTORE
        ) from None
    return vintage
