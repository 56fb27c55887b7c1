"""What the pages of a Parquet file unpack to, read from their own headers before any of them is unpacked.

The footer's sizes are only what the writer claims: memory is taken by what the header before each page says, and a
file of some kilobytes can claim some gigabytes there.

References
----------
Apache Parquet, parquet-format 2.10, ``parquet.thrift``: ``PageHeader``, ``DataPageHeader``, ``DataPageHeaderV2``,
``DictionaryPageHeader``, ``Encoding``. Apache Thrift, "Thrift Compact protocol encoding".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow.parquet as pq

from cryptorisk.data.own import limits
from cryptorisk.data.own.faults import Unreadable

GROWING = 7
"""``DELTA_BYTE_ARRAY``: a text is the beginning of the one before and an end, so that no header bounds its size."""

MAX_PAGES = 100_000
"""Writers make pages of about a megabyte; whoever writes a page a row has half as many rows as a file may have."""

_UNPACKED, _PACKED, _DATA, _DICTIONARY, _DATA_2 = 2, 3, 5, 7, 8
"""Fields of ``PageHeader``."""
_DEEPEST = 8
"""Structures within structures; a page's header has three."""


@dataclass(frozen=True)
class Page:
    """A page: bytes when unpacked, values, encoding."""

    unpacked: int
    values: int
    encoding: int


def demand_pages(content: bytes, about: pq.FileMetaData) -> None:
    """Refuse a file whose pages unpack to more than is bearable.

    Parameters
    ----------
    content : bytes
        The file.
    about : pyarrow.parquet.FileMetaData
        Its footer.

    Raises
    ------
    Unreadable
    ValueError
        When the headers cannot be read, or contradict the footer.
    """
    size = 0
    for number, page in enumerate(_every(content, about)):
        size += page.unpacked
        if size > limits.MAX_UNPACKED:
            raise limits.unpacked_too_large()
        if number >= MAX_PAGES or not 0 <= page.values <= limits.MAX_ROWS:
            raise Unreadable(
                f"has more than {MAX_PAGES} pages, or a page with more than {limits.MAX_ROWS} values"
            )
        if page.encoding == GROWING:
            raise Unreadable("has texts in the encoding DELTA_BYTE_ARRAY", "write it with another encoding")


def _every(content: bytes, about: pq.FileMetaData) -> Iterator[Page]:
    for group in range(about.num_row_groups):
        rows = about.row_group(group)
        for column in range(rows.num_columns):
            yield from _pages(content, rows.column(column))


def _pages(content: bytes, chunk: pq.ColumnChunkMetaData) -> Iterator[Page]:
    """The pages of a column in a group of rows, as the library that reads them goes through them."""
    place = chunk.data_page_offset
    if chunk.has_dictionary_page and 0 < chunk.dictionary_page_offset < place:
        place = chunk.dictionary_page_offset
    end = place + chunk.total_compressed_size
    if not 0 <= place <= end <= len(content):
        raise ValueError("a column lies outside the file")
    while place < end:
        reader = _Compact(content, place)
        header = reader.structure()
        packed, unpacked = header[_PACKED], header[_UNPACKED]
        if packed < 0 or unpacked < 0:
            raise ValueError("a page has a size below nothing")
        said = header.get(_DATA) or header.get(_DATA_2) or header.get(_DICTIONARY) or {}
        yield Page(unpacked, said.get(1, 0), said.get(4 if _DATA_2 in header else 2, 0))
        place = reader.place + packed


class _Compact:
    """Reads a structure of Thrift's compact protocol as a dictionary by number of field."""

    def __init__(self, content: bytes, place: int) -> None:
        self.content, self.place = content, place

    def structure(self, depth: int = 0) -> dict[int, Any]:
        if depth > _DEEPEST:
            raise ValueError("structures lie too deep")
        fields: dict[int, Any] = {}
        number = 0
        while head := self._byte():
            step, kind = head >> 4, head & 15
            number = number + step if step else self._signed()
            fields[number] = kind == 1 if kind in (1, 2) else self._value(kind, depth)
        return fields

    def _value(self, kind: int, depth: int) -> Any:
        if kind == 3:
            return self._byte()
        if kind in (4, 5, 6):
            return self._signed()
        if kind == 7:
            return self._bytes(8)
        if kind == 8:
            return self._bytes(self._unsigned())
        if kind == 12:
            return self.structure(depth + 1)
        raise ValueError(f"there is no field of the kind {kind} in a page's header")

    def _byte(self) -> int:
        (byte,) = self._bytes(1)
        return byte

    def _bytes(self, size: int) -> bytes:
        taken = self.content[self.place : self.place + size]
        if len(taken) != size:
            raise ValueError("a page's header ends too early")
        self.place += size
        return taken

    def _unsigned(self) -> int:
        number = 0
        for shift in range(0, 70, 7):
            byte = self._byte()
            number |= (byte & 127) << shift
            if byte < 128:
                return number
        raise ValueError("a number in a page's header has no end")

    def _signed(self) -> int:
        number = self._unsigned()
        return (number >> 1) ^ -(number & 1)
