"""The figures of an economy, or of the world, as a report would use them: gathered to be handed on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from cryptorisk.countries import country as country_of
from cryptorisk.data.catalogue import SEPARATE, WORLD, Source
from cryptorisk.data.corrected import Corrections, corrections_of
from cryptorisk.data.cut import Cut, is_stale
from cryptorisk.data.findings import data_findings
from cryptorisk.data.inputs import Inputs
from cryptorisk.data.own import BANK
from cryptorisk.data.vintage import VintageInfo
from cryptorisk.estimate import UNITS

INSTITUTION = Source(
    BANK, "the institution itself", "figures of its own", "not public", "bank", attribution="own figures"
)
"""Stands for the institution's own figures where sources are listed."""

FIGURE_COLUMNS = (
    *("series", "description", "date", "value", "unit", "frequency", "source", "class", "stale"),
    *("page", "note", "correction"),
)
FREQUENCIES = {"A": "annual", "Q": "quarterly", "M": "monthly", "W": "weekly", "D": "daily"}

_TABLES: dict[str, tuple[str, ...]] = {
    "regulation": ("iso3",),
    "country_crypto": ("iso3",),
    "remittance_corridors": ("from_iso3", "to_iso3"),
    "regional_volume": (),
}
"""Tables that are no series, with the columns that say which economies a row is about; none: it is about all."""


@dataclass(frozen=True)
class Export:
    """What is handed on.

    Attributes
    ----------
    place, name : str
        ISO 3166-1 alpha-3 code or ``WLD``; in words.
    vintage : VintageInfo
    as_of : datetime.date
        No figure is dated later.
    figures : DataFrame
        Columns `FIGURE_COLUMNS`; one row a figure, by series and date.
    series : DataFrame
        Columns series, description, unit, frequency, class, sign, figures, first, last, stale, sources.
    sources : DataFrame
        Of the figures and tables: columns source, organisation, title, licence, licence_class, address, attribution,
        caveat, accessed, figures.
    tables : mapping of str to DataFrame
        Rows about the economy of the tables that are no series.
    findings : tuple of str
        What a reader must know about the figures: missing, old, faulty.
    own, confidential : tuple of str
        The institution's own series that are in it; confidential ones that are left out.
    own_left_out : tuple of str
        Own series that are left out and not confidential.
    restricted_left_out : tuple of str
        Organisations whose figures are left out for their licence.
    """

    place: str
    name: str
    vintage: VintageInfo
    as_of: dt.date
    figures: pd.DataFrame
    series: pd.DataFrame
    sources: pd.DataFrame
    tables: Mapping[str, pd.DataFrame]
    findings: tuple[str, ...]
    own: tuple[str, ...]
    confidential: tuple[str, ...]
    own_left_out: tuple[str, ...]
    restricted_left_out: tuple[str, ...]

    def of_class(self, licence_class: str) -> pd.DataFrame:
        """The sources of a licence class."""
        return self.sources[self.sources["licence_class"] == licence_class]


def collect(
    inputs: Inputs,
    *,
    world: bool = False,
    with_own: bool = False,
    with_own_use: bool = False,
    restricted: bool = True,
) -> Export:
    """Gather what is handed on.

    Parameters
    ----------
    inputs : Inputs
    world : bool
        The markets and world series in place of those of the economy.
    with_own : bool
        Whether the institution's own figures are in it, in the place of the public ones as in a report. Confidential
        ones never are.
    with_own_use : bool
        Whether figures are in it that the institution fetched for its own use and has no licence to pass on.
    restricted : bool
        Whether figures are in it that may not be used commercially; without them none for own use are either.

    Returns
    -------
    Export
    """
    whole = inputs._cut
    kept = {id: own for id, own in whole.bank.items() if with_own and not world and not own.confidential}
    classes = SEPARATE if not restricted else () if with_own_use else ("own-use",)
    barred = frozenset(
        id for id, source in whole.catalogue.sources.items() if source.licence_class in classes
    )
    cut = replace(whole, bank=kept, without=whole.without | barred)
    place = WORLD if world else cut.country
    series, figures = _series_and_figures(cut, place, corrections_of(cut.vintage, place, cut.as_of))
    tables = {name: _about(inputs.table(name), name, place, cut.without) for name in _TABLES}
    tables = {name: table for name, table in tables.items() if len(table)}
    own = () if world else tuple(sorted(whole.bank))
    return Export(
        place,
        "the world" if world else country_of(place).name_in_sentence,
        inputs.vintage,
        inputs.as_of,
        figures,
        series,
        _sources(cut, figures, tables),
        tables,
        () if world else _findings(cut),
        tuple(sorted(figures.loc[figures["source"] == INSTITUTION.id, "series"].unique())),
        tuple(id for id in own if whole.bank[id].confidential),
        tuple(id for id in own if id not in kept and not whole.bank[id].confidential),
        _left_out(cut),
    )


def _series_and_figures(cut: Cut, place: str, corrections: Corrections) -> tuple[pd.DataFrame, pd.DataFrame]:
    own = cut.bank if place == cut.country else {}
    ids = sorted({*cut.vintage.series_of(place), *own})
    listed, parts = [], []
    for id in ids:
        figures = _figures(cut, id, place, corrections)
        if len(figures):
            parts.append(figures)
            listed.append(_series_row(cut, id, figures))
    empty = pd.DataFrame(columns=list(FIGURE_COLUMNS))
    return pd.DataFrame(listed), pd.concat(parts, ignore_index=True) if parts else empty


def _figures(cut: Cut, id: str, place: str, corrections: Corrections) -> pd.DataFrame:
    """The figures of a series with the words that explain each."""
    spec, rows = cut.catalogue[id], cut.rows(id, place)
    sources = pd.Series(rows.sources, dtype="str")
    stale = len(rows) > 0 and is_stale(rows.dates[-1].astype(object), cut.as_of)
    frame = pd.DataFrame({"date": rows.dates.astype("datetime64[us]"), "value": rows.numbers.copy()})
    frame["source"], frame["series"], frame["description"] = sources, id, spec.description
    frame["unit"], frame["frequency"] = UNITS[spec.unit].noun or spec.unit, FREQUENCIES[spec.frequency]
    frame["class"] = sources.map({source: cut.data_class(id, source) for source in sources.unique()})
    frame["stale"] = "yes" if stale else "no"
    frame["page"], frame["note"] = (pd.Series(texts, dtype="str") for texts in (rows.urls, rows.notes))
    frame["correction"] = pd.Series(corrections.beside(id, rows), dtype="str")
    return frame[list(FIGURE_COLUMNS)]


def _series_row(cut: Cut, id: str, figures: pd.DataFrame) -> dict[str, object]:
    last = figures.iloc[-1]
    shared = {name: last[name] for name in ("series", "description", "unit", "frequency", "class")}
    return {
        **shared,
        "sign": cut.catalogue[id].sign,
        "figures": len(figures),
        "first": figures["date"].iloc[0],
        "last": last["date"],
        "stale": last["stale"],
        "sources": ", ".join(dict.fromkeys(figures["source"].iloc[::-1])),
    }


def _about(table: pd.DataFrame, name: str, place: str, without: frozenset[str]) -> pd.DataFrame:
    """The rows of a table about an economy, without those of some sources."""
    columns = _TABLES[name]
    mine = np.logical_or.reduce([table[column] == place for column in columns]) if columns else True
    rows = table[mine & ~table[_source_column(table)].isin(without)]
    return rows.reset_index(drop=True)


def _source_column(table: pd.DataFrame) -> str:
    return "source_id" if "source_id" in table.columns else "source"


def _sources(cut: Cut, figures: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The sources of all figures and rows, with the number of figures of each."""
    counts = figures["source"].value_counts()
    used = {*counts.index, *(id for table in tables.values() for id in table[_source_column(table)])}
    known = {**cut.catalogue.sources, INSTITUTION.id: INSTITUTION}
    return pd.DataFrame([_source_row(known[id], int(counts.get(id, 0))) for id in sorted(used)])


def _source_row(source: Source, figures: int) -> dict[str, object]:
    return {
        "source": source.id,
        "organisation": source.organisation,
        "title": source.title,
        "licence": source.licence,
        "licence_class": source.licence_class,
        "address": source.url,
        "attribution": source.attribution,
        "caveat": source.caveat,
        "accessed": source.accessed,
        "figures": figures,
    }


def _findings(cut: Cut) -> tuple[str, ...]:
    """Findings on the figures that are handed on; licences have their own notices."""
    wanted = ("data.missing", "data.stale", "data.fault_", "data.correction_", "data.own_")
    return tuple(finding.text for finding in data_findings(cut) if finding.id.startswith(wanted))


def _left_out(cut: Cut) -> tuple[str, ...]:
    """Organisations of which the vintage has figures that are left out."""
    held = {one["id"] for one in cut.vintage.descriptor["source_register"]}
    return tuple(sorted({cut.catalogue.sources[id].organisation for id in held & cut.without}))
