"""A file of a vintage: its bytes checked against the descriptor, its table read with the types of its schema."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv

from cryptorisk.data.descriptor import RESTORE, SERIES_COLUMNS
from cryptorisk.data.observation import BLOCK
from cryptorisk.data.package import sha256
from cryptorisk.errors import DataError

_TESTS = {
    "string": (pa.types.is_string, pa.types.is_large_string),
    "number": (pa.types.is_floating,),
    "integer": (pa.types.is_integer,),
    "date": (pa.types.is_date32,),
}
_TYPES = {"string": pa.string(), "number": pa.float64(), "integer": pa.int64(), "date": pa.date32()}
_CODED = list(BLOCK)
"""Columns of few distinct texts, kept as codes: a tenth of the memory, and places are found by comparing numbers."""


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


def read_table(content: bytes, resource: Mapping[str, Any], path: Path) -> pa.Table:
    """`read_bytes` of a file's checked bytes.

    Raises
    ------
    DataError
        Naming the file, what is wrong with it, and the remedy.
    """
    try:
        return read_bytes(content, resource)
    except (pa.ArrowException, ValueError, KeyError, OSError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise DataError(f"cannot be read ({reason})", where=str(path), remedy=RESTORE) from None


def read_bytes(content: bytes, resource: Mapping[str, Any]) -> pa.Table:
    """A resource's table from the bytes of its file, with the types of its schema."""
    fields = resource["schema"]["fields"]
    table = _parquet(content) if resource["format"] == "parquet" else _csv(content, fields)
    names = [f["name"] for f in fields]
    if table.column_names != names:
        raise ValueError(f"columns {table.column_names} instead of {names}")
    for f in fields:
        _demand_type(table.column(f["name"]), f, resource["kind"])
    return table


def plain(table: pa.Table) -> pd.DataFrame:
    """A frame with text columns as text; dates as timestamps."""
    frame: pd.DataFrame = table.to_pandas(date_as_object=False)
    for name in frame.columns:
        if isinstance(frame[name].dtype, pd.CategoricalDtype):
            frame[name] = frame[name].astype("str")
        elif pd.api.types.is_datetime64_any_dtype(frame[name]):
            frame[name] = frame[name].astype("datetime64[us]")
    return frame


def _parquet(content: bytes) -> pa.Table:
    file = pq.ParquetFile(pa.BufferReader(content))
    coded = [name for name in file.schema_arrow.names if name in _CODED]
    return pq.ParquetFile(pa.BufferReader(content), read_dictionary=coded, metadata=file.metadata).read()


def _csv(content: bytes, fields: Sequence[Mapping[str, str]]) -> pa.Table:
    """A table whose empty cells, quoted or not, are missing ones."""
    table = csv.read_csv(
        pa.BufferReader(content),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types={f["name"]: _TYPES[f["type"]] for f in fields},
            null_values=[""],
            strings_can_be_null=True,
        ),
    )
    for f in fields:
        if f["type"] == "integer" and table.column(f["name"]).null_count:
            raise ValueError(f"column {f['name']} has empty cells")
    return table


def _demand_type(column: pa.ChunkedArray, described: Mapping[str, str], kind: str) -> None:
    held = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if not any(test(held) for test in _TESTS[described["type"]]):
        raise ValueError(f"column {described['name']} is {held}, not {described['type']}")
    if kind == "series" and described["name"] in SERIES_COLUMNS and column.null_count:
        raise ValueError(f"column {described['name']} has empty cells")
