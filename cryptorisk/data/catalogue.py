"""What is known about every series and source before any figure is read.

The facts are tables beside this module: `series.csv` (unit, frequency, class, precedence of sources, sign; in
its column ``sources`` a semicolon joins sources that continue each other and a bar separates groups),
`sources.csv` (organisation, licence, attribution), `source_labels.csv` (how the compiled tables name a source)
and `faults.csv` (ranges that must not be used, or only with a warning).
"""

from __future__ import annotations

import csv
import datetime as dt
import difflib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal, cast, get_args

from cryptorisk.countries import known
from cryptorisk.errors import DataError
from cryptorisk.estimate import UNITS, DataClass

Frequency = Literal["A", "Q", "M", "W", "D"]
"""Annual, quarterly, monthly, weekly, daily."""

LicenceClass = Literal["open", "attribution", "facts-quoted", "non-commercial", "own-use", "bank"]
SHIPPED: tuple[LicenceClass, ...] = ("open", "attribution", "facts-quoted", "non-commercial")
"""Licence classes of figures that may be passed on with the kit."""

HELD: tuple[LicenceClass, ...] = (*SHIPPED, "own-use")
"""Licence classes that may stand in a vintage on the user's machine. ``own-use``: the provider lets its users fetch the
figures for themselves and gives no licence to pass them on; they come by `data refresh` alone. ``bank`` marks the
user's own series, which are never in a vintage."""

SEPARATE: tuple[LicenceClass, ...] = ("non-commercial", "own-use")
"""Licence classes whose figures stand in a resource of their own, with a notice, and can be left out."""

WORLD = "WLD"
"""Country code of markets and world series."""

LIVE = "live"
"""Last word in the id of a source whose figures are fetched by `data refresh`."""

EURO_AREA = "EMU"
"""Country code of series of the euro area as a whole."""


def is_place(code: str) -> bool:
    """Whether figures may be filed under ``code``: an economy, the world or the euro area."""
    return known(code) or code in (WORLD, EURO_AREA)


@dataclass(frozen=True)
class SeriesSpec:
    """A series: what it measures and whose figure is taken.

    Attributes
    ----------
    id : str
    unit : str
        Key of `cryptorisk.estimate.UNITS`.
    frequency : {"A", "Q", "M", "W", "D"}
    data_class : {"measured", "survey", "modelled", "proxy"}
        Of the series; a source that has a class of its own overrides it.
    precedence : tuple of tuple of str
        Groups of source ids, the preferred first. One group stands for the whole history of an economy, the first
        that has any figure, because levels differ between groups; within a group the sources continue each other
        and the first that has a figure for a period gives it.
    core : bool
        Whether its absence or age is reported for every economy.
    sign : str
        Sign convention in words.
    description : str
    """

    id: str
    unit: str
    frequency: Frequency
    data_class: DataClass
    precedence: tuple[tuple[str, ...], ...] = ()
    core: bool = False
    sign: str = ""
    description: str = ""

    def __post_init__(self) -> None:
        problems = []
        if self.unit not in UNITS:
            problems.append(f"unknown unit {self.unit!r}")
        if self.frequency not in get_args(Frequency):
            problems.append(f"unknown frequency {self.frequency!r}")
        if self.data_class not in get_args(DataClass):
            problems.append(f"unknown class {self.data_class!r}")
        if problems:
            raise DataError("; ".join(problems), where=f"series {self.id}")

    @property
    def sources(self) -> tuple[str, ...]:
        """All source ids, the preferred one first."""
        return tuple(source for group in self.precedence for source in group)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {**asdict(self), "precedence": [list(group) for group in self.precedence]}

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> SeriesSpec:
        """Inverse of `to_dict`."""
        return cls(**{**raw, "precedence": tuple(tuple(group) for group in raw["precedence"])})


@dataclass(frozen=True)
class Source:
    """Whose figures: organisation, title, licence and the words that name it in a report.

    ``data_class`` is "" unless figures of this source have a class of their own whatever the series; ``accessed`` is the
    ISO date on which a vintage's figures were fetched (a live source) or drawn from a public copy (an embedded one), for
    figures that come with the package the day their pages were read; "" where the vintage has none of the source.
    """

    id: str
    organisation: str
    title: str
    licence: str
    licence_class: LicenceClass
    url: str = ""
    attribution: str = ""
    data_class: str = ""
    caveat: str = ""
    accessed: str = ""

    @property
    def live(self) -> bool:
        """Whether its figures are fetched by `data refresh`."""
        return self.id.endswith(f"_{LIVE}")

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types; without the date of access where there is none."""
        plain = asdict(self)
        if not self.accessed:
            del plain["accessed"]
        return plain


@dataclass(frozen=True)
class Fault:
    """A range of a series that is left out (``drop``) or needs a warning (``flag``).

    ``start`` and ``end`` are inclusive, None for open; ``source`` "" means every source.
    """

    series: str
    country: str
    start: dt.date | None
    end: dt.date | None
    source: str
    action: Literal["drop", "flag"]
    reason: str


@dataclass(frozen=True)
class Catalogue:
    """Series and sources by id."""

    series: Mapping[str, SeriesSpec]
    sources: Mapping[str, Source]

    def __getitem__(self, id: str) -> SeriesSpec:
        """The series of that id.

        Raises
        ------
        DataError
            For an unknown id, with the nearest ids.
        """
        spec = self.series.get(id)
        if spec is None:
            near = difflib.get_close_matches(str(id), self.series, n=3, cutoff=0.5)
            hint = f"did you mean {' or '.join(near)}?" if near else "`cryptorisk data list` names the series"
            raise DataError(f"unknown series {str(id)[:60]!r}", remedy=hint)
        return spec

    def __contains__(self, id: object) -> bool:
        return id in self.series

    def data_class(self, series: str, source: str) -> DataClass:
        """Class of a figure of ``series`` from ``source``."""
        known = self.sources.get(source)
        return cast(DataClass, known.data_class) if known and known.data_class else self[series].data_class

    def family(self, name: str) -> tuple[str, ...]:
        """Ids of the sources that are editions of one publication, the newest first.

        The id of a source is the publication and then the edition (``weo_2026_04``), so that who asks for
        ``family("weo")`` stays right when a later vintage brings a later edition. An id belongs to the family whose
        name it begins with, whole words, case and underscores apart: ``triple_a`` has ``triple_a_2023`` and
        ``TripleA_2024``. What was fetched live (``wdi_live``) is the newest, editions without a year come last; among
        equals the order of the register decides.

        Parameters
        ----------
        name : str
            For example ``weo``, ``wdi``, ``chainalysis_gcai``, ``triple_a``.

        Returns
        -------
        tuple of str
            Keys of `sources`, which says each one's organisation, title and class; fit for the argument ``sources``
            of the inputs' methods.

        Raises
        ------
        DataError
            When no source is of that family.
        """
        wanted = name.casefold().replace("_", "")
        editions = {id: found for id in self.sources if (found := _edition(id, wanted)) is not None}
        if not editions:
            near = difflib.get_close_matches(name.casefold(), [id.split("_")[0] for id in self.sources], n=1)
            hint = f"did you mean {near[0]}?" if near else "sources.csv lists the sources"
            raise DataError(f"no source is of the family {name[:60]!r}", remedy=hint)
        return tuple(sorted(editions, key=editions.__getitem__, reverse=True))

    def extended(self, series: Iterable[SeriesSpec], sources: Iterable[Source]) -> Catalogue:
        """A copy with further series and sources; what is known stays, new sources come last.

        Of a known source only the date of access is taken over.
        """
        specs = dict(self.series)
        for spec in series:
            if spec.id in specs:
                old = specs[spec.id]
                new = tuple(s for s in spec.sources if s not in old.sources)
                specs[spec.id] = replace(old, precedence=_appended(old.precedence, new))
            else:
                specs[spec.id] = spec
        given = {source.id: source for source in sources}
        kept = {
            id: replace(source, accessed=given[id].accessed) if id in given else source
            for id, source in self.sources.items()
        }
        return Catalogue(MappingProxyType(specs), MappingProxyType({**given, **kept}))


@cache
def catalogue() -> Catalogue:
    """The package's catalogue."""
    series = {row["id"]: _spec(row) for row in rows("series.csv")}
    sources = {row["id"]: Source(**cast(Any, row)) for row in rows("sources.csv")}
    return Catalogue(MappingProxyType(series), MappingProxyType(sources))


@cache
def faults() -> tuple[Fault, ...]:
    """The known faults, in the order of the table."""
    return tuple(fault_from_row(row) for row in rows("faults.csv"))


def fault_from_row(row: Mapping[str, str]) -> Fault:
    """A fault from a row of its table (dates as ISO text, empty for open)."""
    return Fault(
        row["series"],
        row["country"],
        dt.date.fromisoformat(row["from"]) if row["from"] else None,
        dt.date.fromisoformat(row["to"]) if row["to"] else None,
        row["source"],
        cast(Literal["drop", "flag"], row["action"]),
        row["reason"],
    )


def rows(name: str) -> list[dict[str, str]]:
    """Rows of one of the tables beside this module."""
    with files("cryptorisk.data").joinpath(name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _edition(id: str, family: str) -> tuple[int, ...] | None:
    """Year and month in the id of a source of the family, () where there are none; None for another family."""
    words = id.casefold().split("_")
    for count in range(1, len(words) + 1):
        if "".join(words[:count]) == family:
            rest = words[count:]
            if rest == [LIVE]:
                return (dt.MAXYEAR,)
            return tuple(int(word) for word in rest) if all(word.isdecimal() for word in rest) else ()
    return None


def _appended(precedence: tuple[tuple[str, ...], ...], new: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Quoted figures continue a series of one group; elsewhere they only stand in where no group has a figure."""
    if not new:
        return precedence
    return (precedence[0] + new,) if len(precedence) == 1 else (*precedence, new)


def _groups(text: str) -> tuple[tuple[str, ...], ...]:
    """``a;b|c``: the group a, b, then the group c."""
    return tuple(tuple(group.split(";")) for group in text.split("|")) if text else ()


def _spec(row: Mapping[str, str]) -> SeriesSpec:
    return SeriesSpec(
        row["id"],
        row["unit"],
        cast(Frequency, row["frequency"]),
        cast(DataClass, row["data_class"]),
        _groups(row["sources"]),
        row["core"] == "yes",
        row["sign"],
        row["description"],
    )
