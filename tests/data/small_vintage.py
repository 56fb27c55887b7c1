"""Vintages of a few invented figures, written by the package's own writer: to compare, list and export."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from cryptorisk.data.catalogue import Catalogue, SeriesSpec, Source, catalogue
from cryptorisk.data.checks.corrections import APPLIED
from cryptorisk.data.package import COMPILED, Making, Resource, write_package

Row = tuple[str, str, str, float, str]
"""Series, country, date, value, source."""

KEYS = ["series", "country", "date", "source"]
REGULATION = [("KEN", "licensing=Yes", "a note", "regulation_pages", "2025-10-31")]


def frame(rows: Sequence[Row]) -> pd.DataFrame:
    """Observations sorted as a vintage has them."""
    made = pd.DataFrame(rows, columns=["series", "country", "date", "value", "source"])
    made["date"] = pd.to_datetime(made["date"])
    return made.astype({"value": float}).sort_values(KEYS, ignore_index=True)


def make_vintage(
    data: Path,
    name: str,
    rows: Sequence[Row],
    *,
    quoted: Sequence[Mapping[str, Any]] = (),
    regulation: Sequence[tuple[str, str, str, str, str]] = REGULATION,
    accessed: Mapping[str, str] | None = None,
    refresh: Mapping[str, Any] | None = None,
    also: Sequence[Source] = (),
    specs: Sequence[SeriesSpec] = (),
    corrections: Sequence[tuple[str, str, str, str, float, float, str, str]] = (),
    faults: Sequence[tuple[str, str, str, str, str, str, int, str]] = (),
) -> Path:
    """Write a vintage; those of separate licence classes go into a table of their own."""
    known = catalogue().extended(specs, also)
    if accessed:
        raw = [Source(**{**known.sources[id].to_dict(), "accessed": day}) for id, day in accessed.items()]
        known = Catalogue(known.series, {**known.sources, **{source.id: source for source in raw}})
    observations = frame(rows)
    classes = observations["source"].map({id: source.licence_class for id, source in known.sources.items()})
    resources = [
        Resource(table, observations[mask].reset_index(drop=True), "parquet", kind="series")
        for table, mask in (
            ("annual", ~classes.isin(["non-commercial", "own-use"])),
            ("crypto_noncommercial", classes == "non-commercial"),
            ("own_use", classes == "own-use"),
        )
        if mask.any()
    ]
    if quoted:
        facts = pd.DataFrame(quoted)
        facts["date"] = pd.to_datetime(facts["date"])
        resources.append(Resource("quoted_facts", facts, "csv", kind="series"))
    if corrections:
        record = pd.DataFrame(corrections, columns=list(APPLIED))
        record["date"] = pd.to_datetime(record["date"])
        resources.append(Resource("corrections", record, "csv", kind="record", source_column=""))
    folder = data / name
    folder.mkdir(parents=True)
    making = COMPILED if refresh is None else Making("Refreshed.", {"refresh": dict(refresh)})
    write_package(
        folder,
        name,
        dt.date.fromisoformat(name[:10]),
        [*resources, *_tables(regulation, faults)],
        known,
        making=making,
    )
    return folder


def _tables(
    regulation: Sequence[tuple[str, str, str, str, str]],
    listed: Sequence[tuple[str, str, str, str, str, str, int, str]],
) -> list[Resource]:
    rules = pd.DataFrame(regulation, columns=["iso3", "status", "note", "source_id", "date"])
    rules["date"] = pd.to_datetime(rules["date"])
    volumes = pd.DataFrame(
        {"region": ["Eastern Africa"], "value_received_usd_bn": [1.5], "source": ["un_e_c16_2023_7"]}
    )
    crypto = pd.DataFrame({"iso3": ["UGA"], "metric": ["rank"], "value": [5.0], "source": ["triple_a_2023"]})
    corridors = pd.DataFrame(
        {"from_iso3": ["GBR"], "to_iso3": ["KEN"], "cost_200_pct": [7.5], "source": ["wb_rpw_2021"]}
    )
    names = ["series", "country", "from", "to", "source", "action", "rows", "reason"]
    faults = pd.DataFrame(listed or [("x",) * 8], columns=names).head(len(listed))
    return [
        Resource("regulation", rules, "csv", source_column="source_id"),
        Resource("regional_volume", volumes, "csv"),
        Resource("country_crypto", crypto, "csv"),
        Resource("remittance_corridors", corridors, "parquet"),
        Resource("faults", faults, "csv", kind="record", source_column=""),
    ]
