"""A table in a Parquet file, with rows counted from 1; read in portions, and never more of it than the limits allow."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from cryptorisk.data.own import limits
from cryptorisk.data.own.cells import Cell, text_of
from cryptorisk.data.own.faults import Unreadable
from cryptorisk.data.own.limits import Meter
from cryptorisk.data.own.pages import demand_pages
from cryptorisk.data.own.reading import Grid, Row

PORTION = 65_536
"""Rows read at once."""
_THRIFT = {"thrift_string_size_limit": limits.MAX_BYTES, "thrift_container_size_limit": 100_000}
"""A footer of 16 MB can claim lists and texts of some gigabytes."""


def grid(content: bytes) -> Grid:
    """The table.

    Raises
    ------
    Unreadable
        When it is no Parquet, breaks a limit, or holds something else than plain cells.
    """
    try:
        names, rows = _read(content)
    except Unreadable:
        raise
    except Exception:  # a damaged file raises whatever the first damaged header leads to
        raise Unreadable("cannot be read as Parquet", "write it again") from None
    return Grid("parquet", "", 0, names, rows)


def _read(content: bytes) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    with pq.ParquetFile(io.BytesIO(content), **_THRIFT) as file:
        about, schema = file.metadata, file.schema_arrow
        _demand_form(about, schema)
        demand_pages(content, about)
    # Texts stay numbered, so that one that stands in every row is held once.
    texts = [field.name for field in schema if _text(field.type)]
    with pq.ParquetFile(io.BytesIO(content), read_dictionary=texts, **_THRIFT) as file:
        rows = tuple(_rows(file))
    return tuple(str(name).strip().casefold() for name in schema.names), rows


def _demand_form(about: pq.FileMetaData, schema: pa.Schema) -> None:
    if len(schema) > limits.MAX_COLUMNS:
        raise Unreadable(f"has more than {limits.MAX_COLUMNS} columns", "write it without the others")
    rows = sum(about.row_group(group).num_rows for group in range(about.num_row_groups))
    Meter().count_rows(max(rows, about.num_rows))
    for field in schema:
        if not _plain(field.type):
            raise Unreadable(f"has a column that is neither text, number, date nor yes/no ({field.type})")


def _rows(file: pq.ParquetFile) -> Iterator[Row]:
    """The rows that are not empty."""
    meter, number, size = Meter(), 0, 0
    for portion in file.iter_batches(batch_size=PORTION):
        size += portion.nbytes
        if size > limits.MAX_UNPACKED:
            raise limits.unpacked_too_large()
        portion.validate(full=True)  # numbers of texts that there are not, bytes that are no text
        for cells in zip(*(_cells(column) for column in portion.columns), strict=True):
            number += 1
            meter.count_cells(len(cells))
            meter.row(cells, f"row {number}")
            if any(map(text_of, cells)):
                yield Row(number, cells)


def _cells(column: pa.Array) -> list[Cell]:
    if not pa.types.is_dictionary(column.type):
        cells: list[Cell] = column.to_pylist()
        return cells
    known: list[Any] = column.dictionary.to_pylist()
    return [None if place is None else known[place] for place in column.indices.to_pylist()]


def _text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _plain(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    tests = (
        _text,
        pa.types.is_integer,
        pa.types.is_floating,
        pa.types.is_decimal,
        pa.types.is_boolean,
        pa.types.is_date,
        pa.types.is_timestamp,
        pa.types.is_null,
    )
    return any(test(kind) for test in tests)
