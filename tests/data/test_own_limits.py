"""Files that would exhaust a machine are refused in time, with the limit and the remedy; all of them are small files."""

from __future__ import annotations

import io
import re
import resource
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from own_files import load, read, row, write

from cryptorisk.data.own import archive, limits, pages, reading
from cryptorisk.data.own.faults import Unreadable
from cryptorisk.data.own.reading import content_of, grid_of
from cryptorisk.errors import DataError

FORMATS = ("csv", "xlsx", "parquet")
HEAD = b"series,date,value,unit\n"


def workbook(fill: Callable[[Any], None]) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["date", "value"])
    book.active.append(["2024", 1])
    fill(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_part(name: str, old: str, new: str, content: bytes | None = None) -> bytes:
    """A workbook with a place in a part (a regular expression) replaced; packed, so that the same again is small."""
    stream = io.BytesIO()
    raw = io.BytesIO(content or workbook(lambda book: None))
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for one in source.namelist():
            text = source.read(one)
            if one == name:
                text, count = re.subn(old.encode(), lambda _found: new.encode(), text, count=1)
                assert count == 1
            target.writestr(one, text)
    return stream.getvalue()


def repeated(text: str, rows: int = 200_000) -> pa.DictionaryArray:
    """A column that has one text in every row."""
    return pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), [text])


SHEET, STYLES = "xl/worksheets/sheet1.xml", "xl/styles.xml"


def table(columns: dict[str, Any], **options: Any) -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream, **options)
    return stream.getvalue()


def refused(content: bytes, suffix: str) -> str:
    """What is said of a file; within some seconds, and with less memory than a browser's window."""
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    with pytest.raises(Unreadable) as caught:
        grid_of(content, suffix)
    assert time.process_time() - start < 6
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400_000  # kilobytes
    return f"{caught.value.what}; {caught.value.remedy}"


def test_a_text_that_a_parquet_file_holds_once_and_shows_in_every_row() -> None:
    """Twenty kilobytes that came to 5.4 GB."""
    content = table({"date": repeated("2024"), "value": repeated("9" * 27_000)})
    assert len(content) < 200_000
    assert refused(content, ".parquet") == "has a cell with more than 2000 letters (row 1); shorten it"
    content = table({"date": repeated("2024"), "value": repeated("9" * 1_900)})
    assert "more than 64 million letters" in refused(content, ".parquet")


def test_a_note_in_every_row_of_a_parquet_file_is_held_once() -> None:
    note = "x" * 300
    grid = grid_of(table({"date": ["2024"] * 50_000, "note": [note] * 50_000}), ".parquet")
    assert len({id(row.cells[1]) for row in grid.rows}) == 1


@pytest.mark.parametrize(
    "options", [{"use_dictionary": False}, {"data_page_version": "2.0"}, {"compression": "zstd"}]
)
def test_pages_are_counted_by_their_own_headers(
    options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    content = table(
        {"date": [f"2024-{n}" for n in range(5_000)], "value": [0.5 * n for n in range(5_000)]}, **options
    )
    about = pq.ParquetFile(io.BytesIO(content)).metadata
    claimed = about.row_group(0).total_byte_size
    found = list(pages._every(content, about))
    # the footer counts the headers too, which have some bytes a page
    assert claimed - 100 * len(found) < sum(page.unpacked for page in found) <= claimed
    monkeypatch.setattr(limits, "MAX_UNPACKED", claimed // 2)
    assert "unpacks to more than" in refused(content, ".parquet")


def test_what_the_footer_claims_is_not_believed() -> None:
    """Two hundred megabytes in one page, of which the footer says a thousand bytes."""
    text = "ab" * 50_000_000
    content = bytearray(
        table(
            {"value": [text, text + "c"]},
            use_dictionary=False,
            compression="zstd",
            write_statistics=False,
            store_schema=False,
        )
    )
    assert len(content) < 100_000
    about = pq.ParquetFile(io.BytesIO(content)).metadata
    size = about.row_group(0).total_byte_size
    old = varint(size)
    new = varint(1000)
    new = new[:-1] + bytes([new[-1] | 128]) + b"\x80" * (len(old) - len(new) - 1) + b"\x00"
    assert content.count(old) >= 1
    content = content.replace(old, new)
    assert pq.ParquetFile(io.BytesIO(content)).metadata.row_group(0).total_byte_size == 1000
    assert "unpacks to more than 100 MB" in refused(bytes(content), ".parquet")


def varint(number: int) -> bytes:
    """A number in Thrift's compact protocol."""
    number, found = number << 1, bytearray()
    while number > 127:
        found.append(number & 127 | 128)
        number >>= 7
    return bytes([*found, number])


def test_an_encoding_that_no_header_bounds() -> None:
    texts = ["a" * n for n in range(1_000)]
    content = table({"value": texts}, use_dictionary=False, column_encoding={"value": "DELTA_BYTE_ARRAY"})
    assert "DELTA_BYTE_ARRAY" in refused(content, ".parquet")


def test_columns_of_a_parquet_file_that_differ_in_blanks_and_capitals_are_two(tmp_path: Path) -> None:
    path = tmp_path / "own.parquet"
    cells = {"series": ["bank_tier1_usd"], "date": ["2025"], "value": [1.0], "Value ": [2.0], "unit": ["usd"]}
    path.write_bytes(table(cells))
    _found, faults = read(path)
    assert [fault.what for fault in faults] == ["has the column value twice", "has the column value twice"][
        :1
    ]


def test_a_table_of_very_many_columns() -> None:
    assert "more than 100 columns" in refused(table({f"c{n}": [1] for n in range(101)}), ".parquet")
    assert "line 1 has a cell in the column of number 101" in refused(b"a," * 101 + b"\n", ".csv")
    assert grid_of(b"date,value" + b"," * 5_000 + b"\n2024,1" + b"," * 5_000, ".csv").columns == (
        "date",
        "value",
    )

    def far(book: Any) -> None:
        book.active["XFD2"] = 1

    said = refused(workbook(far), ".xlsx")
    assert "Sheet, row 2 has a cell in the column of number 16384" in said
    assert said.endswith("delete what stands to the right of the figures")


def test_cells_at_the_far_right_that_only_have_a_format() -> None:
    far = "".join(f'<row r="{n}"><c r="XFD{n}" s="0"/></row>' for n in range(3, 133))
    content = with_part(SHEET, "</sheetData>", f"{far}</sheetData>")
    assert "more than 2000000 cells, empty ones counted" in refused(content, ".xlsx")


@pytest.mark.parametrize(
    "rows", ['<row r="1048576"><c r="A1048576"><v>1</v></c></row>', "<row/>" * 1_000_000]
)
def test_a_million_empty_rows_of_a_sheet(rows: str) -> None:
    said = refused(with_part(SHEET, "</sheetData>", f"{rows}</sheetData>"), ".xlsx")
    assert said.startswith("has more than 200000 rows, empty ones counted; delete")


def test_rows_without_a_stated_size_of_the_sheet() -> None:
    """Then the library goes through the whole sheet before it opens it."""
    rows = "<row/>" * 1_000_000
    bare = with_part(SHEET, "<dimension[^>]*/>", "")
    assert "more than 200000 rows" in refused(
        with_part(SHEET, "</sheetData>", f"{rows}</sheetData>", bare), ".xlsx"
    )


def test_a_million_fonts_and_other_elements() -> None:
    fonts = "<fonts>" + "<font/>" * 400_000
    assert "xl/styles.xml, with more than 50000 elements" in refused(
        with_part(STYLES, "<fonts[^>]*>", fonts), ".xlsx"
    )
    assert "xl/styles.xml, that unpacks to more than 4 MB" in refused(
        with_part(STYLES, "<fonts[^>]*>", 2 * fonts), ".xlsx"
    )
    widths = "<cols>" + '<col min="1" max="1"/>' * 60_000 + "</cols><sheetData>"
    assert "more than 50000 elements beside its cells" in refused(
        with_part(SHEET, "<sheetData>", widths), ".xlsx"
    )


def test_names_of_ranges_are_not_needed() -> None:
    names = "<definedNames>" + '<definedName name="a">Sheet!$A$1</definedName>' * 40_000 + "</definedNames>"
    grid = grid_of(with_part("xl/workbook.xml", "<definedNames ?/>|(?=<calcPr)", names), ".xlsx")
    assert grid.columns == ("date", "value")


def test_texts_that_cells_share() -> None:
    texts = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        + "<si><t>a</t></si>" * 600_000
    )
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(lambda book: None))) as source,
        zipfile.ZipFile(stream, "w", 8) as target,
    ):
        for name in source.namelist():
            if name != "xl/sharedStrings.xml":
                target.writestr(name, source.read(name))
        target.writestr("xl/sharedStrings.xml", texts + "</sst>")
    assert "xl/sharedStrings.xml, with more than 1000000 elements" in refused(stream.getvalue(), ".xlsx")


def test_a_part_that_unpacks_to_a_thousandfold_is_not_unpacked() -> None:
    spaces = " " * (limits.MAX_UNPACKED + 1)
    content = with_part(SHEET, "<sheetData>", f"{spaces}<sheetData>")
    assert len(content) < 200_000
    assert "xl/worksheets/sheet1.xml, that unpacks to more than 100 MB" in refused(content, ".xlsx")


def test_what_the_archive_claims_is_not_believed() -> None:
    """More than a hundred megabytes in a part of which the archive says a thousand bytes."""
    spaces = " " * 120_000_000
    content = bytearray(with_part(SHEET, "<sheetData>", f"{spaces}<sheetData>"))
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        size = book.getinfo(SHEET).file_size.to_bytes(4, "little")
    assert content.count(size) == 2, "before the part and in the list of parts"
    assert refused(bytes(content.replace(size, (1_000).to_bytes(4, "little"))), ".xlsx").startswith(
        "is no Excel workbook"
    )


def test_a_part_packed_in_another_way_is_refused() -> None:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(lambda book: None))) as source,
        zipfile.ZipFile(stream, "w") as target,
    ):
        for name in source.namelist():
            target.writestr(
                name, source.read(name), zipfile.ZIP_LZMA if name == STYLES else zipfile.ZIP_DEFLATED
            )
    assert "xl/styles.xml, that is packed as no workbook is" in refused(stream.getvalue(), ".xlsx")


def test_very_many_sheets_that_are_not_read_are_not_unpacked_together() -> None:
    """Two of 90 MB, each within the limits of the one that is read."""

    def fill(book: Any) -> None:
        for number in range(40):
            book.create_sheet(f"s{number}")

    raw, spaces = workbook(fill), b" " * 90_000_000
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(raw)) as source,
        zipfile.ZipFile(stream, "w", 8, compresslevel=1) as target,
    ):
        for name in source.namelist():
            part = source.read(name)
            large = name.startswith("xl/worksheets/") and name in (
                "xl/worksheets/sheet2.xml",
                "xl/worksheets/sheet41.xml",
            )
            target.writestr(name, part.replace(b"<sheetData", spaces + b"<sheetData") if large else part)
    grid = grid_of(stream.getvalue(), ".xlsx")
    assert (grid.sheet, len(grid.rows), grid.unread) == ("Sheet", 1, ("s0", "s39"))
    parts = archive.bounded(stream.getvalue())
    assert len(parts.content) < 1_000_000
    assert set(parts.refused) == {"xl/worksheets/sheet2.xml", "xl/worksheets/sheet41.xml"}


@pytest.mark.parametrize("titles", [["cover", "Data", "x"], ["x", "cover"], ["DATA"]])
def test_the_sheet_that_is_read_is_the_one_that_may_be_large(
    titles: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill(book: Any) -> None:
        book.remove(book.active)
        for title in titles:
            book.create_sheet(title).append([title, "value"])

    monkeypatch.setattr(archive, "MAX_OTHER_BYTES", 20_000)
    spaces = " " * 30_000
    content = workbook(fill)
    for number in range(1, len(titles) + 1):
        content = with_part(f"xl/worksheets/sheet{number}.xml", "<sheetData", f"{spaces}<sheetData", content)
    grid = grid_of(content, ".xlsx")
    chosen = next((title for title in titles if title.casefold() == "data"), titles[0])
    assert (grid.sheet, grid.columns) == (chosen, (chosen.casefold(), "value"))
    assert grid.unread == tuple(title for title in titles if title != chosen)


def test_pictures_and_pivot_tables_are_not_unpacked() -> None:
    stream = io.BytesIO(workbook(lambda book: None))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as book:
        for name in ("xl/media/image1.png", "xl/pivotCache/pivotCacheRecords1.xml"):
            book.writestr(name, b"\0" * 50_000_000)
    assert grid_of(stream.getvalue(), ".xlsx").columns == ("date", "value")


def test_a_large_sheet_that_is_not_read_does_no_harm_and_is_named() -> None:
    def fill(book: Any) -> None:
        book.active.title = "data"
        book.create_sheet("raw").append([1])

    rows = "<row/>" * 300_000
    content = with_part("xl/worksheets/sheet2.xml", "</sheetData>", f"{rows}</sheetData>", workbook(fill))
    grid = grid_of(content, ".xlsx")
    assert (grid.sheet, grid.unread, len(grid.rows)) == ("data", ("raw",), 1)


def test_a_definition_of_entities_is_refused() -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b "xxxxxxxxxx">]><worksheet'
    assert "that no spreadsheet program writes so" in refused(with_part(SHEET, "<worksheet", bomb), ".xlsx")


def test_millions_of_short_lines() -> None:
    said = refused(HEAD + b"1\n" * 1_000_000, ".csv")
    assert said.startswith("has more than 200000 rows, empty ones counted; delete the empty rows")


def test_very_many_cells_and_letters(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(limits, "MAX_CELLS", 20)
    monkeypatch.setattr(reading, "_KEPT", {})
    for format in FORMATS:
        path = write(tmp_path / f"own.{format}", [row(value=n + 0.5) for n in range(5)])
        with pytest.raises(Unreadable, match="has more than 20 cells"):
            grid_of(path.read_bytes(), path.suffix)
    monkeypatch.undo()
    assert "(line 2)" in refused(HEAD + b"a,2024,1," + b"x" * 2_001, ".csv")
    assert grid_of(b"# " + b"x" * 5_000 + b"\n" + HEAD, ".csv").columns == ("series", "date", "value", "unit")


def test_too_many_rows_in_every_format(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(limits, "MAX_ROWS", 3)
    monkeypatch.setattr(reading, "_KEPT", {})
    for format in FORMATS:
        path = write(tmp_path / f"own.{format}", [row(value=n + 0.5) for n in range(5)])
        with pytest.raises(Unreadable, match="has more than 3 rows"):
            grid_of(path.read_bytes(), path.suffix)


def test_a_large_file_is_not_even_opened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    with path.open("wb") as file:
        file.truncate(limits.MAX_BYTES + 1)

    def opened(*_given: object) -> None:
        raise AssertionError

    monkeypatch.setattr(Path, "open", opened)
    with pytest.raises(Unreadable, match="is larger than 16 MB"):
        content_of(path)


def test_the_file_and_the_limit_are_named(kit_root: Path, tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_bytes(HEAD + b"\n" * 300_000)
    with pytest.raises(DataError) as caught:
        load(kit_root, path)
    assert str(caught.value).startswith(f"{path}: has more than 200000 rows, empty ones counted; delete")


def test_only_small_tables_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_KEPT", {})
    monkeypatch.setattr(reading, "KEPT_FILES", 2)
    small = [HEAD + b"a,2024,%d,usd\n" % n for n in range(3)]
    assert [grid_of(one, ".csv") for one in small] == [grid_of(one, ".csv") for one in small]
    assert len(reading._KEPT) == 2
    assert grid_of(small[2], ".csv") is grid_of(small[2], ".csv")
    large = HEAD + b"a,2024,1,usd\n" * 3_000
    assert grid_of(large, ".csv") is not grid_of(large, ".csv")


def test_a_file_of_the_largest_size_is_read() -> None:
    """The limits are for hostile files: whoever has two hundred thousand figures can give them."""
    lines = b"".join(b"bank_tier1_usd,2025,%d,usd\n" % n for n in range(100_000))
    assert len(grid_of(HEAD + lines, ".csv").rows) == 100_000


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60), st.integers(0, 10_000))
def test_a_damaged_parquet_file_is_refused_or_read(bytes_: bytes, place: int) -> None:
    content = bytearray(table({"date": ["2024", "2025"], "value": [1.0, 2.0]}, store_schema=False))
    place %= len(content)
    content[place : place + len(bytes_)] = bytes_
    try:
        grid_of(bytes(content), ".parquet")
    except Unreadable:
        return


def test_parts_that_are_needed_are_the_only_ones_left() -> None:
    with zipfile.ZipFile(io.BytesIO(archive.bounded(workbook(lambda book: None)).content)) as left:
        assert "xl/workbook.xml" in left.namelist()
        assert not [name for name in left.namelist() if name.startswith(("docProps", "xl/theme"))]


def test_memory_of_the_whole_refusal_in_a_process_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "own.parquet"
    path.write_bytes(table({"date": repeated("2024"), "value": repeated("9" * 27_000)}))
    code = (
        "import resource, sys; from pathlib import Path; from cryptorisk.data.own.reading import grid_of\n"
        "resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))\n"
        "try:\n    grid_of(Path(sys.argv[1]).read_bytes(), '.parquet')\n"
        "except Exception as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("has a cell with more than 2000 letters")
