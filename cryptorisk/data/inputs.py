"""What a model may see: the figures of one economy and of the world, cut at a date, immutable."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd

from cryptorisk.countries import country as country_of
from cryptorisk.data.catalogue import SEPARATE, WORLD, Catalogue, Frequency, Source
from cryptorisk.data.cut import Cut, Observation, is_stale
from cryptorisk.data.findings import data_findings
from cryptorisk.data.own.flows import OwnFlows, flows_finding, own_flows
from cryptorisk.data.own.folder import NAME as OWN_FOLDER
from cryptorisk.data.own.gather import asked, gather
from cryptorisk.data.own.outcome import OwnFile
from cryptorisk.data.own.series import BankSeries
from cryptorisk.data.panel import public_latest, public_panel
from cryptorisk.data.vintage import Vintage, VintageInfo, find_vintage
from cryptorisk.errors import DataError, KitError
from cryptorisk.estimate import DataClass
from cryptorisk.kit import find_root
from cryptorisk.params import Params
from cryptorisk.result import Finding

__all__ = ["Inputs", "Observation", "Series", "is_stale", "load_inputs"]


@dataclass(frozen=True)
class Series:
    """A series of one economy, one figure a period.

    Attributes
    ----------
    id, country, unit : str
    frequency : {"A", "Q", "M", "W", "D"}
    data_class : {"measured", "survey", "modelled", "proxy"}
        Of the latest figure (of the catalogue when empty).
    values : pandas.Series
        Float, index ``date`` (last day of the period, ascending), name the id. A copy: yours to change.
    sources_by_date : pandas.Series
        Source id of every figure, same index.
    stale : bool
        Whether the last figure is older than 24 months at ``as_of``.
    latest : Observation or None
    """

    id: str
    country: str
    unit: str
    frequency: Frequency
    data_class: DataClass
    values: pd.Series
    sources_by_date: pd.Series = field(repr=False)
    stale: bool
    latest: Observation | None

    @property
    def empty(self) -> bool:
        """Whether there is no figure."""
        return self.values.empty

    @property
    def source_ids(self) -> tuple[str, ...]:
        """Ids of the sources of the figures, that of the latest figure first."""
        return tuple(dict.fromkeys(self.sources_by_date.iloc[::-1]))


@dataclass(frozen=True)
class Inputs:
    """Everything a report may be computed from.

    Attributes
    ----------
    country : str
        ISO 3166-1 alpha-3 of the economy.
    as_of : datetime.date
        No figure is dated later.
    vintage : VintageInfo
    sources : mapping of str to Source
    findings : tuple of Finding
        What a reader must know about the data: missing, stale, faulty, the bank's own, left out for its licence.
    confidential : frozenset of str
        Series of the bank's own, with a figure not after ``as_of``, that a report must not print.
    own_files : tuple of OwnFile
        Files that the bank's own series and flows were taken from.
    flows : OwnFlows or None
        The bank's own flows between pairs of economies.
    """

    country: str
    as_of: dt.date
    vintage: VintageInfo
    sources: Mapping[str, Source] = field(repr=False)
    findings: tuple[Finding, ...] = field(repr=False)
    confidential: frozenset[str]
    _vintage: Vintage = field(repr=False)
    _bank: Mapping[str, BankSeries] = field(repr=False)
    _without: frozenset[str] = field(repr=False)
    own_files: tuple[OwnFile, ...] = ()
    flows: OwnFlows | None = field(default=None, repr=False)

    @cached_property
    def _cut(self) -> Cut:
        return Cut(self.country, self.as_of, self._vintage, self._bank, self._without)

    @property
    def catalogue(self) -> Catalogue:
        """The series and sources that the vintage knows."""
        return self._vintage.catalogue

    @property
    def without(self) -> frozenset[str]:
        """Tables of the vintage that are left out for their licence."""
        return self._without

    @property
    def own_series(self) -> frozenset[str]:
        """Series that the bank gave figures of its own for."""
        return frozenset(self._bank)

    def series(self, id: str, *, country: str | None = None, sources: Sequence[str] | None = None) -> Series:
        """A series of the economy (or of another, ``WLD`` for the world); empty when there is no figure.

        Parameters
        ----------
        id : str
        country : str, optional
        sources : sequence of str, optional
            Sources to take, in this order, in place of the catalogue's precedence. The bank's own figures then take
            part only when ``bank`` is among them.

        Raises
        ------
        DataError
            For an id that the catalogue does not know, with the nearest ids.
        """
        spec = self._vintage.catalogue[id]
        place = country or self.country
        rows = self._cut.rows(id, place, sources)
        index = pd.DatetimeIndex(rows.dates.astype("datetime64[us]"), name="date")
        values = pd.Series(rows.numbers.copy(), index=index, name=id)
        labels = pd.Series(rows.sources, index=index, name="source", dtype="str")
        latest = self._cut.observation(id, place, rows, len(rows) - 1) if len(rows) else None
        return Series(
            id,
            place,
            spec.unit,
            spec.frequency,
            latest.data_class if latest else spec.data_class,
            values,
            labels,
            latest.stale if latest else False,
            latest,
        )

    def latest(
        self, id: str, *, country: str | None = None, sources: Sequence[str] | None = None
    ) -> Observation | None:
        """The last figure of a series, or None. Errors as `series`."""
        _ = self._vintage.catalogue[id]
        place = country or self.country
        return self._cut.latest(id, place, sources)

    def at(
        self, id: str, year: int, *, country: str | None = None, sources: Sequence[str] | None = None
    ) -> Observation | None:
        """The last figure whose period ends in ``year``, or None. Errors as `series`."""
        _ = self._vintage.catalogue[id]
        place = country or self.country
        rows = self._cut.rows(id, place, sources)
        years = rows.dates.astype("datetime64[Y]").astype(int) + 1970
        found = np.flatnonzero(years == year)
        return self._cut.observation(id, place, rows, int(found[-1])) if len(found) else None

    def pages(self, id: str, country: str, source: str) -> tuple[str, ...]:
        """Pages that a source's figures of a series were read on, each once; empty but for quoted figures."""
        rows = self._cut.rows(id, country, (source,))
        return tuple(dict.fromkeys(str(page) for page in rows.urls if page))

    def panel(self, id: str, *, sources: Sequence[str] | None = None) -> pd.DataFrame:
        """A series of all economies: rows period ends, columns country codes, the world left out."""
        spec = self._vintage.catalogue[id]
        frame = public_panel(self._vintage, spec, self.as_of, self._without, sources).copy()
        if id in self._bank:
            frame = _with_column(frame, self.series(id, sources=sources))
        return frame

    def panel_latest(self, id: str, *, sources: Sequence[str] | None = None) -> pd.DataFrame:
        """The last figure of every economy: index country; columns value, date, source, data_class, stale."""
        spec = self._vintage.catalogue[id]
        frame = public_latest(self._vintage, spec, self.as_of, self._without, sources).copy()
        if id in self._bank:
            frame = _with_row(frame, self.latest(id, sources=sources), self.country)
        return frame

    def economies(self, id: str) -> tuple[str, ...]:
        """Codes of the economies with any figure of a series at any date, sorted, the world left out."""
        _ = self._vintage.catalogue[id]
        bank = (self.country,) if id in self._bank else ()
        return tuple(sorted({*self._vintage.countries(id), *bank} - {WORLD}))

    def table(self, name: str) -> pd.DataFrame:
        """A table that is not a series, rows dated at or before ``as_of``: a copy.

        ``regional_volume``, ``regulation``, ``remittance_corridors`` or ``country_crypto``.
        """
        frame = self._vintage.table(name)
        if "date" in frame.columns:
            frame = frame[frame["date"] <= pd.Timestamp(self.as_of)]
        return frame.reset_index(drop=True)

    @property
    def frame(self) -> pd.DataFrame:
        """Every figure of the economy and of the world, tidy.

        Columns country, series, date, value, unit, frequency, source, vintage, data_class; one row a figure.
        """
        parts = [
            self._tidy(id, place)
            for place in (self.country, WORLD)
            for id in sorted(
                {*self._vintage.series_of(place), *(self._bank if place == self.country else ())}
            )
        ]
        parts = [part for part in parts if not part.empty]
        if not parts:
            return pd.DataFrame(columns=list(FRAME_COLUMNS))
        return pd.concat(parts, ignore_index=True)[list(FRAME_COLUMNS)]

    def _tidy(self, id: str, place: str) -> pd.DataFrame:
        spec = self._vintage.catalogue[id]
        rows = self._cut.rows(id, place, None)
        sources = pd.Series(rows.sources, dtype="str")
        frame = pd.DataFrame({"date": rows.dates.astype("datetime64[us]"), "value": rows.numbers.copy()})
        frame["source"] = sources
        classes = {source: self._cut.data_class(id, source) for source in sources.unique()}
        frame["data_class"] = sources.map(classes)
        frame["country"], frame["series"], frame["unit"] = place, id, spec.unit
        frame["frequency"], frame["vintage"] = spec.frequency, self.vintage.name
        return frame


FRAME_COLUMNS = ("country", "series", "date", "value", "unit", "frequency", "source", "vintage", "data_class")


def _with_row(latest: pd.DataFrame, own: Observation | None, country: str) -> pd.DataFrame:
    """The last figures with an economy's own in place of the public one, if any."""
    others = latest.drop(index=country, errors="ignore")
    if own is None:
        return others
    cells = {"value": own.value, "date": own.date, "source": own.source}
    cells |= {"data_class": own.data_class, "stale": own.stale}
    row = pd.DataFrame([cells], index=pd.Index([country], name="country", dtype=latest.index.dtype))
    return (row if others.empty else pd.concat([others, row])).sort_index()


def _with_column(panel: pd.DataFrame, own: Series) -> pd.DataFrame:
    """The panel with an economy's column in place of the one it has, if any."""
    others = panel.drop(columns=own.country, errors="ignore").dropna(how="all")
    joined = others if own.empty else others.join(own.values.rename(own.country), how="outer")
    joined.index.name, joined.columns.name = "date", "country"
    return joined.sort_index(axis=0).sort_index(axis=1)


def load_inputs(params: Params, *, root: Path | None = None, data: Path | None = None) -> Inputs:
    """The figures that a country's report may be computed from.

    Parameters
    ----------
    params : Params
        Country, ``as_of``, vintage, licence choice and the bank's own series are read from it; unless it says
        otherwise the files in ``overrides`` in the folder of vintages are read too.
    root : Path, optional
        The kit's folder; default: found by walking up.
    data : Path, optional
        Folder of vintages; default ``<root>/data``.

    Returns
    -------
    Inputs

    Raises
    ------
    DataError
        Unknown country, missing or damaged vintage, ``as_of`` after the vintage's date, unusable own figures or files.
    KitError
        When the kit's folder is not found.
    """
    place = country_of(params.country)
    kit = find_root(root) if root is not None or data is None else None
    vintage = find_vintage(_folder(data, kit), params.vintage)
    as_of = params.as_of or vintage.info.date
    if as_of > vintage.info.date:
        raise DataError(
            f"as_of {as_of} lies after the vintage of {vintage.info.date}",
            remedy="give an earlier as_of or a later vintage",
        )
    sources = vintage.catalogue.sources
    base = kit / "params" if kit is not None else Path.cwd()
    wanted = asked(params, as_of, base, _folder(data, kit) / OWN_FOLDER)
    own = gather(wanted, vintage.catalogue).demanded()
    left_out = () if params.include_non_commercial else SEPARATE
    without = frozenset(id for id, source in sources.items() if source.licence_class in left_out)
    cut = Cut(place.iso3, as_of, vintage, MappingProxyType(own.series), without)
    flows = own_flows(params, base, as_of)
    return Inputs(
        cut.country,
        as_of,
        vintage.info,
        sources,
        (*data_findings(cut, own.idle), *([flows_finding(flows)] if flows else [])),
        cut.confidential,
        vintage,
        cut.bank,
        without,
        (*own.files, *([flows.file] if flows else [])),
        flows,
    )


def _folder(data: Path | None, kit: Path | None) -> Path:
    """The folder of vintages: the given one, or the kit's."""
    if data is not None:
        return data
    if kit is None:
        raise KitError(
            "neither the kit's folder nor a folder of vintages is given", remedy="give root or data"
        )
    return kit / "data"
