"""A table in a Parquet file, with rows counted from 1."""

from __future__ import annotations

import io
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from cryptorisk.data.own.cells import text_of
from cryptorisk.data.own.faults import Unreadable
from cryptorisk.data.own.reading import MAX_ROWS, MAX_UNPACKED, Grid, Row


def grid(content: bytes) -> Grid:
    """The table.

    Raises
    ------
    Unreadable
        When it is no Parquet, unpacks to more than is bearable, or holds something else than plain cells.
    """
    try:
        table = _table(content)
        columns = {
            str(name).strip().casefold(): table.column(name).to_pylist() for name in table.column_names
        }
    except (pa.ArrowException, OSError, ValueError, KeyError, OverflowError):
        raise Unreadable("cannot be read as Parquet", "write it again") from None
    numbered = enumerate(zip(*columns.values(), strict=True), start=1)
    rows = (Row(number, cells) for number, cells in numbered)
    return Grid("parquet", "", 0, tuple(columns), tuple(row for row in rows if any(map(text_of, row.cells))))


def _table(content: bytes) -> Any:
    file = pq.ParquetFile(io.BytesIO(content))
    about = file.metadata
    if about.num_rows > MAX_ROWS:
        raise Unreadable(f"has more than {MAX_ROWS} rows")
    if sum(about.row_group(group).total_byte_size for group in range(about.num_row_groups)) > MAX_UNPACKED:
        raise Unreadable(f"unpacks to more than {MAX_UNPACKED // 2**20} MB")
    for field in file.schema_arrow:
        if not _plain(field.type):
            raise Unreadable(f"has a column that is neither text, number, date nor yes/no ({field.type})")
    return file.read()


def _plain(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    tests = (
        pa.types.is_string,
        pa.types.is_large_string,
        pa.types.is_string_view,
        pa.types.is_integer,
        pa.types.is_floating,
        pa.types.is_decimal,
        pa.types.is_boolean,
        pa.types.is_date,
        pa.types.is_timestamp,
        pa.types.is_null,
    )
    return any(test(kind) for test in tests)
