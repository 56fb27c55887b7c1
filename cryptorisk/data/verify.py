"""Checking a vintage: hashes, schema, keys, dates and licences of every table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from cryptorisk.data.catalogue import HELD, SEPARATE
from cryptorisk.data.descriptor import RESTORE
from cryptorisk.data.observation import KEY
from cryptorisk.data.package import DESCRIPTOR
from cryptorisk.data.refresh.record import RefreshRecord
from cryptorisk.data.tablefile import checked_bytes, read_bytes
from cryptorisk.data.vintage import Vintage, open_vintage
from cryptorisk.errors import DataError


def verify(vintage: Vintage | Path) -> pd.DataFrame:
    """Check every file of a vintage against its descriptor.

    Parameters
    ----------
    vintage : Vintage or Path

    Returns
    -------
    DataFrame
        Columns resource, path, rows, bytes, licence_class, problems (text, empty when fine); one row a file.

    Raises
    ------
    DataError
        When the descriptor itself cannot be used. Damaged files do not raise: see `problems`.
    """
    opened = open_vintage(vintage) if isinstance(vintage, Path) else vintage
    rows = []
    for name, resource in opened.resources.items():
        problems = list(_problems(opened, resource))
        rows.append(
            {
                "resource": name,
                "path": resource["path"],
                "rows": resource["rows"],
                "bytes": resource["bytes"],
                "licence_class": ", ".join(resource["licence_class"]),
                "problems": "; ".join(problems),
            }
        )
    try:
        RefreshRecord.from_descriptor(opened.descriptor)
    except DataError as error:
        rows.append(
            {
                "resource": "",
                "path": DESCRIPTOR,
                "rows": 0,
                "bytes": 0,
                "licence_class": "",
                "problems": error.what,
            }
        )
    expected = {DESCRIPTOR, *(r["path"] for r in opened.resources.values())}
    expected |= {r["notice"] for r in opened.resources.values() if "notice" in r}
    for stray in sorted({entry.name for entry in opened.path.iterdir()} - expected):
        text = "the descriptor does not name this file"
        rows.append(
            {"resource": "", "path": stray, "rows": 0, "bytes": 0, "licence_class": "", "problems": text}
        )
    return pd.DataFrame(rows)


def problems(checked: pd.DataFrame) -> list[str]:
    """``file: problem`` of every row of `verify` that has one."""
    bad = checked[checked["problems"] != ""]
    return [f"{row.path}: {row.problems}" for row in bad.itertuples()]


def require(vintage: Vintage | Path) -> pd.DataFrame:
    """`verify`, raising one DataError that lists every problem."""
    checked = verify(vintage)
    found = problems(checked)
    if found:
        raise DataError("; ".join(found), where=str(getattr(vintage, "path", vintage)), remedy=RESTORE)
    return checked


def _problems(vintage: Vintage, resource: Mapping[str, Any]) -> Iterator[str]:
    try:
        content = checked_bytes(vintage.path / resource["path"], resource)
        table = read_bytes(content, resource)
    except DataError as error:
        yield error.what
        return
    except (pa.ArrowException, ValueError, KeyError) as error:
        yield f"cannot be read ({error})"
        return
    if table.num_rows != resource["rows"]:
        yield f"{table.num_rows} rows, the descriptor says {resource['rows']}"
    classes = set(resource["licence_class"])
    if not classes <= set(HELD):
        yield f"licence class {', '.join(sorted(classes - set(HELD)))} may not be in a vintage"
    if classes & set(SEPARATE) and len(classes) > 1:
        yield f"figures of class {', '.join(sorted(classes & set(SEPARATE)))} must stand in a resource of their own"
    if resource["kind"] == "series":
        yield from _observations(vintage, table, classes)


def _observations(vintage: Vintage, table: pa.Table, classes: set[str]) -> Iterator[str]:
    frame = table.select([*KEY, "value"]).to_pandas(date_as_object=False)
    if frame.duplicated(KEY).any():
        yield "two figures for one series, country, date and source"
    if not np.isfinite(frame["value"].to_numpy()).all():
        yield "a value is not a finite number"
    if len(frame) and frame["date"].max() > pd.Timestamp(vintage.info.date):
        yield f"a figure is dated after the vintage ({frame['date'].max().date()})"
    known = vintage.catalogue
    strange = sorted(set(frame["series"].unique()) - set(known.series))
    if strange:
        yield f"series outside the catalogue: {', '.join(strange[:5])}"
    sources = set(frame["source"].unique())
    if sources - set(known.sources):
        yield f"sources outside the register: {', '.join(sorted(sources - set(known.sources))[:5])}"
    found = {known.sources[id].licence_class for id in sources & set(known.sources)}
    if found - classes:
        yield f"licence class {', '.join(sorted(found - classes))} is not the resource's"
