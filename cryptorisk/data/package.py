"""A vintage as a Frictionless data package: its files, their hashes and the descriptor that vouches for them."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from cryptorisk.data.catalogue import Catalogue, Source

DESCRIPTOR = "datapackage.json"
NON_COMMERCIAL_NOTICE = """The resource crypto_noncommercial holds community data of Coin Metrics (https://coinmetrics.io/community-network-data/).
Licence: Creative Commons Attribution-NonCommercial 4.0 International (https://creativecommons.org/licenses/by-nc/4.0/).
It may be used and passed on with attribution and not for commercial purposes. The rest of the package is not bound by
this notice. The parameter include_non_commercial: false leaves the resource out of a report.
Changes: prices and market values of zero before the first quote were left out; columns were made series.
"""
OWN_USE_NOTICE = """The resource own_use holds quotes of Yahoo Finance, fetched by this institution for its own use.
The provider gives no licence to pass them on: leave this file out of any copy that leaves the institution. The rest of
the package is not bound by this notice. The parameter include_non_commercial: false leaves the resource out of a report.
"""
NOTICES = {
    "non-commercial": ("NOTICE-noncommercial.txt", NON_COMMERCIAL_NOTICE),
    "own-use": ("NOTICE-own-use.txt", OWN_USE_NOTICE),
}
"""File and text of the notice that goes with figures of a licence class."""

TITLES = {
    "annual": "Annual series by economy",
    "quarterly": "Quarterly series by economy",
    "monthly": "Monthly series by economy, and of the world",
    "daily": "Daily and weekly series of markets and exchange rates",
    "crypto_noncommercial": "Crypto-asset prices and on-chain figures (Coin Metrics, CC BY-NC 4.0)",
    "own_use": "Quotes fetched for own use, not to be passed on (Yahoo Finance)",
    "quoted_facts": "Single quoted figures with their pages",
    "regional_volume": "Published regional volumes of crypto-assets",
    "country_crypto": "Adoption ranks, ownership and value received, as published",
    "regulation": "Regulation and legal status with date and page",
    "remittance_corridors": "Cost of sending remittances by corridor",
    "faults": "Known faults: ranges left out or marked",
    "dropped": "Rows of the source tables that were left out, and why",
    "quarantined": "Fetched figures that were set aside as suspicious, and why",
    "corrections": "Figures corrected or released by the corrections file, with reason and page",
}

LICENCES: dict[str, dict[str, str]] = {
    "CC BY 4.0": {"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"},
    "CC BY-NC 4.0": {"name": "CC-BY-NC-4.0", "path": "https://creativecommons.org/licenses/by-nc/4.0/"},
    "ODC-PDDL-1.0": {"name": "ODC-PDDL-1.0", "path": "https://opendatacommons.org/licenses/pddl/1-0/"},
}


@dataclass(frozen=True)
class Resource:
    """A table of a vintage.

    Attributes
    ----------
    name : str
    frame : DataFrame
    format : {"parquet", "csv"}
    kind : {"series", "table", "record"}
        ``series``: observations of series; ``table``: rows with columns of their own; ``record``: how the vintage
        was made.
    source_column : str
        Column with source ids; "" for none.
    """

    name: str
    frame: pd.DataFrame
    format: Literal["parquet", "csv"]
    kind: Literal["series", "table", "record"] = "table"
    source_column: str = "source"

    @property
    def path(self) -> str:
        """File name."""
        return f"{self.name}.{self.format}"


@dataclass(frozen=True)
class Carried:
    """A table taken over from another vintage as it is: its descriptor and the bytes of its file."""

    described: Mapping[str, Any]
    content: bytes


@dataclass(frozen=True)
class Making:
    """How a vintage came about: ``description`` in words; ``record`` further entries of the descriptor."""

    description: str
    record: Mapping[str, Any] = field(default_factory=dict)


COMPILED = Making(
    "Compiled by `cryptorisk data compile`. Dates are the last day of the period; units, signs and "
    "precedence of sources stand under series; licence classes under source_register."
)


def write_package(
    folder: Path,
    name: str,
    date: dt.date,
    resources: Sequence[Resource | Carried],
    known: Catalogue,
    *,
    also: Iterable[Source] = (),
    making: Making = COMPILED,
) -> None:
    """Write the tables, the notices and the descriptor into ``folder``.

    Parameters
    ----------
    folder : Path
    name : str
        Of the vintage.
    date : datetime.date
        Of the vintage.
    resources : sequence of Resource or Carried
    known : Catalogue
    also : iterable of Source
        For the register, besides those that the resources name: the sources of what is carried over.
    making : Making
    """
    described = []
    used = {source.id: source for source in also}
    for resource in resources:
        if isinstance(resource, Carried):
            (folder / resource.described["path"]).write_bytes(resource.content)
            described.append(dict(resource.described))
            continue
        content = to_bytes(resource)
        (folder / resource.path).write_bytes(content)
        sources = _sources(resource, known)
        used |= {source.id: source for source in sources}
        described.append(_describe(resource, content, sources))
    for notice, text in NOTICES.values():
        if any(one.get("notice") == notice for one in described):
            (folder / notice).write_text(text, encoding="utf-8", newline="\n")
    descriptor = {
        "profile": "data-package",
        "name": f"cryptorisk-{name}",
        "title": f"cryptorisk: figures of {date.isoformat()}",
        "version": date.isoformat(),
        "created": f"{date.isoformat()}T00:00:00Z",
        "description": making.description,
        "licenses": [{"name": "other-at", "title": "by resource and source: see source_register"}],
        **making.record,
        "resources": described,
        "series": [known.series[id].to_dict() for id in sorted(known.series)],
        "source_register": [used[id].to_dict() for id in sorted(used)],
    }
    text = json.dumps(descriptor, ensure_ascii=False, indent=1) + "\n"
    (folder / DESCRIPTOR).write_text(text, encoding="utf-8", newline="\n")


def to_bytes(resource: Resource) -> bytes:
    """A resource's file: the same frame gives the same bytes."""
    if resource.format == "csv":
        frame = resource.frame.copy()
        for column in frame.columns:
            if pd.api.types.is_datetime64_any_dtype(frame[column]):
                frame[column] = frame[column].dt.strftime("%Y-%m-%d")
        return frame.to_csv(index=False, lineterminator="\n").encode("utf-8")
    table = pa.table({name: _arrow(resource.frame[name]) for name in resource.frame.columns})
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd", compression_level=19, use_dictionary=True)
    return buffer.getvalue()


def sha256(content: bytes) -> str:
    """``sha256:<hex>``."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


def _arrow(values: pd.Series) -> pa.Array:
    if pd.api.types.is_datetime64_any_dtype(values):
        return pa.array(values.to_numpy(dtype="datetime64[D]"), pa.date32())
    if pd.api.types.is_float_dtype(values):
        return pa.array(values.to_numpy(dtype="float64"), pa.float64(), from_pandas=True)
    if pd.api.types.is_integer_dtype(values):
        return pa.array(values.to_numpy(dtype="int64"), pa.int64())
    if isinstance(values.dtype, pd.CategoricalDtype):
        names = pa.array(values.cat.categories.to_numpy(dtype=object), pa.string())
        return names.take(pa.array(values.cat.codes.to_numpy(), mask=values.isna())).dictionary_encode()
    return pa.array(values.astype("object").where(values.notna(), None), pa.string()).dictionary_encode()


def _sources(resource: Resource, known: Catalogue) -> list[Source]:
    if not resource.source_column:
        return []
    return [known.sources[id] for id in sorted(resource.frame[resource.source_column].unique())]


def _describe(resource: Resource, content: bytes, sources: list[Source]) -> dict[str, Any]:
    parquet = resource.format == "parquet"
    licences = {source.licence: LICENCES.get(source.licence) for source in sources}
    classes = sorted({source.licence_class for source in sources})
    bound = [one for one in classes if one in NOTICES]
    return {
        "name": resource.name,
        "title": TITLES[resource.name],
        "kind": resource.kind,
        "path": resource.path,
        "profile": "data-resource" if parquet else "tabular-data-resource",
        "format": resource.format,
        "mediatype": "application/vnd.apache.parquet" if parquet else "text/csv",
        **({} if parquet else {"encoding": "utf-8"}),
        "bytes": len(content),
        "hash": sha256(content),
        "rows": len(resource.frame),
        "schema": {"fields": [_field(resource.frame, name) for name in resource.frame.columns]},
        "sources": [
            {
                "title": f"{source.organisation}: {source.title}",
                **({"path": source.url} if source.url else {}),
            }
            for source in sources
        ],
        "licenses": [known or {"name": "other", "title": text} for text, known in sorted(licences.items())],
        "licence_class": classes,
        **({"notice": NOTICES[bound[0]][0]} if bound else {}),
    }


def _field(frame: pd.DataFrame, name: str) -> dict[str, str]:
    values = frame[name]
    if pd.api.types.is_datetime64_any_dtype(values):
        return {"name": name, "type": "date"}
    if pd.api.types.is_float_dtype(values):
        return {"name": name, "type": "number"}
    if pd.api.types.is_integer_dtype(values):
        return {"name": name, "type": "integer"}
    return {"name": name, "type": "string"}
