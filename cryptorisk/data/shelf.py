"""The vintages of a folder side by side: when and how they were made, how large they are, which are damaged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cryptorisk.data.descriptor import RESTORE
from cryptorisk.data.tablefile import checked_bytes, read_table
from cryptorisk.data.vintage import NAME, Vintage, open_vintage
from cryptorisk.errors import DataError

SHELF_COLUMNS = (
    "vintage",
    "date",
    "figures",
    "series",
    "newest",
    "megabytes",
    "made",
    "sha256",
    "problem",
)


def list_vintages(data: Path) -> pd.DataFrame:
    """The vintages in the kit's ``data`` folder.

    What the descriptors say is taken from them; the newest observation and the number of series stand in the footers
    of the tables, which are not read whole. `verify` checks every byte, this does not: a file that is missing or has
    another size is seen here, one that was changed in place is not.

    Parameters
    ----------
    data : Path

    Returns
    -------
    DataFrame
        Columns vintage, date (datetime.date), figures, series (those with a figure), newest (date of the last
        observation), megabytes (on the disk, 10^6 bytes), made (how, and what became of the sources asked), sha256
        (of the descriptor), problem; one row a vintage, the oldest first. A damaged vintage has its problem and blank
        cells. Folders of other names, such as those of a refresh that was broken off, are no vintages.
    """
    folders = sorted(entry for entry in _entries(data) if NAME.fullmatch(entry.name) and entry.is_dir())
    rows = [_row(folder) for folder in folders]
    return pd.DataFrame(rows, columns=list(SHELF_COLUMNS), dtype=object)


def _entries(data: Path) -> Iterable[Path]:
    try:
        return list(data.iterdir())
    except OSError as error:
        raise DataError(
            f"cannot be read ({error.strerror})", where=str(data), remedy="name the kit's folder with --root"
        ) from None


def _row(folder: Path) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(SHELF_COLUMNS, None)
    row |= {"vintage": folder.name, "problem": ""}
    try:
        row["megabytes"] = _megabytes(folder)
        vintage = open_vintage(folder)
        row |= {"date": vintage.info.date, "sha256": vintage.info.sha256, "made": made(vintage.descriptor)}
        row["figures"] = sum(resource["rows"] for resource in _of_series(vintage).values())
        _demand_sizes(vintage)
        row["series"], row["newest"] = _extent(vintage)
    except DataError as error:
        row["problem"] = f"{_place(error, folder)}{error.what}"
    except OSError as error:
        row["problem"] = f"cannot be read ({error.strerror})"
    return row


def _place(error: DataError, folder: Path) -> str:
    """The file an error is about, when it is one of the vintage's."""
    file = Path(error.where or folder)
    return f"{file.name}: " if file.name != folder.name else ""


def _megabytes(folder: Path) -> float:
    return round(sum(file.stat().st_size for file in folder.iterdir() if file.is_file()) / 1e6, 1)


def _of_series(vintage: Vintage) -> dict[str, Mapping[str, Any]]:
    return {name: resource for name, resource in vintage.resources.items() if resource["kind"] == "series"}


def _demand_sizes(vintage: Vintage) -> None:
    for resource in vintage.resources.values():
        path = vintage.path / resource["path"]
        size = path.stat().st_size if path.is_file() else None
        if size != resource["bytes"]:
            what = (
                "is missing" if size is None else f"has {size} bytes, the descriptor says {resource['bytes']}"
            )
            raise DataError(what, where=str(path), remedy=RESTORE)


def _extent(vintage: Vintage) -> tuple[int, dt.date | None]:
    """Number of series with a figure, and the date of the newest figure."""
    found: set[str] = set()
    newest: list[dt.date] = []
    for resource in _of_series(vintage).values():
        path = vintage.path / resource["path"]
        if resource["format"] == "parquet":
            series, last = _of_parquet(path)
        else:
            table = read_table(checked_bytes(path, resource), resource, path)
            series, last = table.column("series"), [pc.max(table.column("date")).as_py()]
        found.update(series.unique().to_pylist())
        newest += [date for date in last if date is not None]
    return len(found), max(newest, default=None)


def _of_parquet(path: Path) -> tuple[pa.ChunkedArray, list[dt.date | None]]:
    """The column of series, and the last date of every row group."""
    try:
        with pq.ParquetFile(path, read_dictionary=["series"]) as file:
            groups = [file.metadata.row_group(number) for number in range(file.num_row_groups)]
            place = file.schema_arrow.names.index("date")
            statistics = [group.column(place).statistics for group in groups]
            if all(one is not None and one.has_min_max for one in statistics):
                last = [one.max for one in statistics]
            else:
                last = [pc.max(file.read(columns=["date"]).column("date")).as_py()]
            return file.read(columns=["series"]).column("series"), last
    except (pa.ArrowException, ValueError, KeyError, OSError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise DataError(f"cannot be read ({reason})", where=str(path), remedy=RESTORE) from None


def made(descriptor: Mapping[str, Any]) -> str:
    """How a vintage came about, in words: compiled, or refreshed from which one with which sources."""
    record = descriptor.get("refresh")
    if record is None:
        return "compiled"
    if not isinstance(record, Mapping):
        return "refreshed"
    said = [f"refreshed from {record.get('previous') or 'an unnamed vintage'}"]
    said += _sources(record.get("sources"))
    said += [f"{count:,} {word}" for word in ("quarantined", "corrections") if (count := record.get(word))]
    return "; ".join(said)


def _sources(listed: object) -> list[str]:
    """What became of the sources that were asked, those that came first."""
    asked = [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []
    came = [str(one.get("name")) for one in asked if one.get("state") == "refreshed"]
    others = [one for one in asked if one.get("state") not in ("refreshed", "not asked")]
    said = [", ".join(came)] if came else []
    for one in others:
        reason = f" ({one['reason']})" if one.get("reason") else ""
        said.append(f"{one.get('name')} {one.get('state')}{reason}")
    return said
