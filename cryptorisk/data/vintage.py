"""A vintage on disk: finding it, opening it, looking a series up."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from cryptorisk.data.block import Block, Everywhere, Observations
from cryptorisk.data.catalogue import Catalogue, Fault, SeriesSpec, Source, catalogue, fault_from_row
from cryptorisk.data.descriptor import RESTORE, resources_of
from cryptorisk.data.package import DESCRIPTOR, sha256
from cryptorisk.data.tablefile import checked_bytes, plain, read_table
from cryptorisk.errors import DataError

NAME = re.compile(r"\d{4}-\d{2}-\d{2}(-[a-z0-9]+)?")
KEPT_TABLES = 64
"""About twice as many panels as one report asks for; a monthly panel takes half a megabyte."""


@dataclass(frozen=True)
class VintageInfo:
    """What identifies a vintage: its name, its date and the hash of its descriptor (which holds all others)."""

    name: str
    date: dt.date
    sha256: str


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
        """The package's catalogue with the series and sources that only this vintage knows.

        The figures of a compiled vintage were drawn on its date: that is when its sources were accessed. A refreshed one
        states the day of each source, also of what it carries over.
        """
        series = [SeriesSpec.from_dict(raw) for raw in self.descriptor["series"]]
        sources = [Source(**raw) for raw in self.descriptor["source_register"]]
        if "refresh" not in self.descriptor:
            day = self.info.date.isoformat()
            sources = [one if one.live or one.accessed else replace(one, accessed=day) for one in sources]
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
        return self._frame(name).copy()

    def observations(self, series: str, country: str) -> Observations:
        """All figures of a series for a country, every source, by date; empty when there are none."""
        parts = [block.rows(series, country) for block in self.blocks if (series, country) in block.places]
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
        parts = [block.everywhere(series) for block in self.blocks]
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
        return tuple(sorted({s for block in self.blocks for s, c in block.places if c == country}))

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Known faults as they stood when the vintage was compiled."""
        rows = self._frame("faults").fillna("").astype(str).to_dict("records")
        return tuple(fault_from_row({str(key): value for key, value in row.items()}) for row in rows)

    @cached_property
    def _kept(self) -> dict[Hashable, pd.DataFrame]:
        return {}

    @cached_property
    def _countries_by_series(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for block in self.blocks:
            for series, country in block.places:
                found.setdefault(series, set()).add(country)
        return found

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The tables of series, in the order of the descriptor."""
        kinds = {name: resource["kind"] for name, resource in self.resources.items()}
        return tuple(
            Block(self._read(name, self._bytes(name))) for name, kind in kinds.items() if kind == "series"
        )

    @cached_property
    def _files(self) -> dict[str, bytes]:
        """Files of the other tables: all checked as soon as one is wanted, read as each is wanted."""
        kinds = {name: resource["kind"] for name, resource in self.resources.items()}
        return {name: self._bytes(name) for name, kind in kinds.items() if kind != "series"}

    @cached_property
    def _frames(self) -> dict[str, pd.DataFrame]:
        return {}

    def _frame(self, name: str) -> pd.DataFrame:
        if name not in self._frames:
            self._frames[name] = plain(self._read(name, self._files[name]))
        return self._frames[name]

    def _bytes(self, name: str) -> bytes:
        return checked_bytes(self.path / self.resources[name]["path"], self.resources[name])

    def _read(self, name: str, content: bytes) -> pa.Table:
        return read_table(content, self.resources[name], self.path / self.resources[name]["path"])


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
