"""Files of own figures in every format: what is read, and what is said with its place when it cannot be."""

from __future__ import annotations

import datetime as dt
import io
import math
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from own_files import load, read, row, write

from cryptorisk.data.catalogue import catalogue
from cryptorisk.data.own import cells
from cryptorisk.data.own.faults import Unreadable
from cryptorisk.data.own.reading import Grid, Row, column_letters, content_of, grid_of
from cryptorisk.data.own.series import by_period
from cryptorisk.data.own.tidy import COLUMNS, parts
from cryptorisk.errors import DataError
from cryptorisk.params import Params

FORMATS = ("csv", "xlsx", "parquet")
PLACES = {"csv": "line 3", "xlsx": "figures!D3", "parquet": "row 2"}


def workbook(fill: Any) -> bytes:
    book = openpyxl.Workbook()
    fill(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("format", FORMATS)
def test_the_three_formats_say_the_same(tmp_path: Path, format: str) -> None:
    rows = [
        row(value=1234567.25, confidential="no", note="Return A"),
        row(date="2024", value=7.0, confidential="no"),
    ]
    found, faults = read(write(tmp_path / f"own.{format}", rows))
    assert faults == []
    (part,) = found.values()
    assert [(one.written, one.value, one.note) for one in part.figures] == [
        ("2025", 1234567.25, "Return A"),
        ("2024", 7.0, ""),
    ]
    assert not part.confidential


@pytest.mark.parametrize("format", FORMATS)
def test_a_file_of_an_override_may_be_of_every_format(kit_root: Path, tmp_path: Path, format: str) -> None:
    rows = [{"date": "2024", "value": 5.5e9}, {"date": "2025", "value": 6.5e9}]
    path = write(tmp_path / f"own.{format}", rows, ("date", "value"))
    own = {"bank_tier1_usd": {"file": str(path), "unit": "usd"}}
    inputs = load(kit_root, overrides=own)
    assert inputs.series("bank_tier1_usd").values.tolist() == [5.5e9, 6.5e9]
    assert [file.name for file in inputs.own_files] == [path.name]


@pytest.mark.parametrize("format", FORMATS)
def test_a_fault_has_the_place_its_program_shows(kit_root: Path, tmp_path: Path, format: str) -> None:
    rows = [row(value="1"), row(date="2024", value="one")]
    path = write(tmp_path / f"own.{format}", rows)
    _found, faults = read(path)
    assert [fault.place for fault in faults] == [PLACES[format]]
    where = f"{path}:3" if format == "csv" else f"{path} {PLACES[format]}"
    with pytest.raises(DataError) as caught:
        load(kit_root, path)
    assert str(caught.value) == f"{where}: the value must be a plain number; write 1234.5"


def test_all_faults_come_at_once_and_many_are_cut(kit_root: Path, tmp_path: Path) -> None:
    rows = [row(date=f"{1990 + number}", value="x") for number in range(30)]
    first, second = (
        write(tmp_path / "a.csv", rows),
        write(tmp_path / "b.csv", [row(unit="eur"), row(date="soon")]),
    )
    with pytest.raises(DataError) as caught:
        load(kit_root, first, second)
    lines = str(caught.value).splitlines()
    assert len(lines) == 23
    assert lines[0].startswith(f"{first}:2: the value must be")
    assert lines[20] == f"{first}: and 10 more"
    assert lines[21].startswith(
        f"{second}:2: the unit must be usd or usd_thousand or usd_mn or usd_bn (got 'eur')"
    )
    assert lines[22].startswith(f"{second}:3: the date must be")


def test_dates_numbers_and_flags_as_a_workbook_holds_them(tmp_path: Path) -> None:
    rows = [
        row(date=dt.datetime(2025, 3, 31), value=1, confidential=False),
        row(date=2023, value=2.5, confidential="no"),
        row(date="2022-Q4", value=3, confidential=0),
    ]
    found, faults = read(write(tmp_path / "own.xlsx", rows))
    assert faults == []
    (part,) = found.values()
    assert [one.written for one in part.figures] == ["2025-03-31", "2023", "2022-Q4"]
    assert not part.confidential


def test_dates_numbers_and_flags_as_parquet_holds_them(tmp_path: Path) -> None:
    rows = [row(date=dt.date(2025, 3, 31), value=7, confidential=False)]
    found, faults = read(write(tmp_path / "own.parquet", rows))
    assert faults == []
    assert next(iter(found.values())).figures[0].day == dt.date(2025, 3, 31)


def test_a_sheet_named_data_is_taken_before_the_first() -> None:
    def fill(book: Any) -> None:
        book.active.title = "read me"
        sheet = book.create_sheet("Data")
        sheet.append(["# kept by the statistics department"])
        sheet.append([])
        sheet.append(["Date ", " VALUE"])
        sheet.append(["2025", 1])

    grid = grid_of(workbook(fill), ".xlsx")
    assert (grid.sheet, grid.head, grid.columns, len(grid.rows)) == ("Data", 3, ("date", "value"), 1)
    assert grid.place(4, "value") == "Data!B4"


def test_errors_and_formulas_without_a_value_name_sheet_and_cell(tmp_path: Path) -> None:
    path = write(tmp_path / "own.xlsx", [row(value="=1+1"), row(date="2024", value="#N/A"), row(date="2023")])
    book = openpyxl.load_workbook(path)
    book["figures"]["D4"].number_format = "0.0%"
    book.save(path)
    _found, faults = read(path)
    assert [(fault.place, fault.what) for fault in faults] == [
        ("figures!D2", "holds a formula without a value"),
        ("figures!D3", "holds the error #N/A"),
        ("figures!D4", "is formatted as a percentage, which shows the stored 0.31 as 31 %"),
    ]


def with_cells(path: Path, old: str, new: str) -> bytes:
    """The workbook with a part of its sheet's XML (a regular expression) replaced."""
    stream = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            content = source.read(name).decode()
            if name.startswith("xl/worksheets/"):
                content, count = re.subn(old, new, content)
                assert count == 1
            target.writestr(name, content)
    return stream.getvalue()


def test_the_value_that_a_formula_last_gave_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "own.xlsx", [row(value="=1+1")])
    path.write_bytes(with_cells(path, r"(<f>1\+1</f>)<v ?/?>(</v>)?", r"\1<v>2</v>"))
    found, faults = read(path)
    assert faults == []
    assert next(iter(found.values())).figures[0].value == 2.0


def test_a_number_marked_as_a_date_is_not_told_by_a_warning(tmp_path: Path, recwarn: Any) -> None:
    """openpyxl's warning of a date out of bounds repeats the number, which may be confidential."""
    path = write(tmp_path / "own.xlsx", [row(value=987654321987.0)])
    book = openpyxl.load_workbook(path)
    book["figures"]["D2"].number_format = "yyyy-mm-dd"
    book.save(path)
    _found, faults = read(path)
    assert [fault.place for fault in faults] == ["figures!D2"]
    assert not recwarn.list
    assert "987654321987" not in repr(faults)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"date,value\n2024,1\n"])
@pytest.mark.parametrize("suffix", [".xlsx", ".parquet"])
def test_damaged_files_are_said_to_be_such(content: bytes, suffix: str) -> None:
    with pytest.raises(Unreadable, match=r"is no Excel workbook|cannot be read as"):
        grid_of(content, suffix)


def test_a_damaged_part_of_a_workbook(tmp_path: Path) -> None:
    path = write(tmp_path / "own.xlsx", [row()])
    with pytest.raises(Unreadable, match="cannot be read as an Excel workbook"):
        grid_of(with_cells(path, "<sheetData>", "<sheetData><row><c"), ".xlsx")


@pytest.mark.parametrize("name", ["a.xls", "a.ods", "a.XLSM", "a.tsv"])
def test_other_formats_are_refused_and_not_taken_for_csv(name: str) -> None:
    with pytest.raises(Unreadable, match=r"is no file of the kinds \.csv, \.xlsx, \.parquet"):
        grid_of(b"date,value\n2024,1\n", Path(name).suffix)


def test_a_column_of_lists_is_refused() -> None:
    stream = io.BytesIO()
    pq.write_table(pa.table({"date": ["2024"], "value": [[1.0, 2.0]]}), stream)
    with pytest.raises(Unreadable, match="neither text, number, date nor yes/no"):
        grid_of(stream.getvalue(), ".parquet")


def test_a_folder_a_pipe_and_a_device_are_no_files(tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(Unreadable, match="is not a regular file"):
            content_of(path)


def test_a_csv_with_comments_blanks_quotes_and_a_byte_order_mark() -> None:
    text = '\ufeff# Return A, "checked"\n\ndate,value\n"2024",1\n\n2025 , 2\n'
    grid = grid_of(text.encode(), ".csv")
    assert grid.columns == ("date", "value")
    assert [(one.number, one.cells) for one in grid.rows] == [(4, ("2024", "1")), (6, ("2025 ", " 2"))]


def test_semicolons_are_told_with_the_remedy(kit_root: Path, tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("country;series;date;value;unit\nKEN;bank_tier1_usd;2024;1,5;usd\n")
    with pytest.raises(
        DataError, match=r"own\.csv:1: has its columns parted by semicolons; save it with commas"
    ):
        load(kit_root, path)
    path.write_text("date;value\n2024;1,5\n")
    with pytest.raises(
        DataError, match=r"own\.csv:1: must be date,value \(got 'date;value'\); save it with commas"
    ):
        load(kit_root, overrides={"bank_tier1_usd": {"file": str(path), "unit": "usd"}})


def test_a_tidy_file_under_overrides_is_sent_to_own_files(kit_root: Path, tmp_path: Path) -> None:
    path = write(tmp_path / "own.csv", [row()])
    with pytest.raises(DataError, match="name the file under own_files"):
        load(kit_root, overrides={"bank_tier1_usd": {"file": str(path), "unit": "usd"}})


@pytest.mark.parametrize(
    ("cell", "number"),
    [("1234.5", "1234.5"), (" 1e9 ", "1E+9"), (7, "7"), (0.1, "0.1"), ("-.5", "-0.5"), (1e22, "1E+22")],
)
def test_plain_numbers(cell: Any, number: str) -> None:
    assert str(cells.number(cell, secret=False)) == number


NO_NUMBERS = ["1,5", "1 000", "1_000", "nan", "inf", "1e999", "=1", "0x1F", "٣", True, dt.date(2024, 1, 1)]


@pytest.mark.parametrize("cell", NO_NUMBERS)
def test_what_is_no_plain_number(cell: Any) -> None:
    with pytest.raises(Unreadable, match=r"must be a plain number \(got"):
        cells.number(cell, secret=False)
    with pytest.raises(Unreadable, match=r"must be a plain number$"):
        cells.number(cell, secret=True)


@pytest.mark.parametrize("cell", ["", None, float("nan"), "  "])
def test_an_empty_cell_has_no_value(cell: Any) -> None:
    with pytest.raises(Unreadable, match="has no value"):
        cells.number(cell, secret=False)


@pytest.mark.parametrize(
    "cell", ["1899", "2101", "0000", "9999-12", "2024-13", "2024-02-30", "31.12.2024", 45291]
)
def test_what_is_no_period(cell: Any) -> None:
    with pytest.raises(Unreadable, match="the date must be"):
        cells.period(cell, secret=False)


def test_letters_of_columns() -> None:
    assert [column_letters(place) for place in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_no_library_of_tables_is_loaded_for_a_csv(kit_root: Path, tmp_path: Path) -> None:
    import subprocess
    import sys

    path = write(tmp_path / "own.csv", [row()])
    code = (
        "import sys; from pathlib import Path; from cryptorisk.data.inputs import load_inputs; "
        "from cryptorisk.params import Params; "
        "load_inputs(Params(country='KEN', own_files=(sys.argv[1],)), root=Path(sys.argv[2])); "
        "print('openpyxl' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path), str(kit_root)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
    assert Params(country="KEN").own_files == ()


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=300), st.sampled_from([".csv", ".xlsx", ".parquet"]), st.sampled_from(["KEN", None])
)
@example(b"PK\x05\x06" + b"\0" * 18, ".xlsx", None)
@example(b"PAR1" * 4, ".parquet", None)
@example(b'"', ".csv", None)
@example(b"series,date,value,unit\n\xc3\xa9,\xc3\xa9,\xc3\xa9,\xc3\xa9\n", ".csv", "KEN")
def test_any_bytes_are_read_or_refused(content: bytes, suffix: str, country: str | None) -> None:
    try:
        grid = grid_of(content, suffix)
    except Unreadable:
        return
    _found, faults = parts(grid, catalogue(), country)
    assert all(fault.what for fault in faults)


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**62), 2**62),
    st.floats(),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=12),
    st.sampled_from(["KEN", "bank_tier1_usd", "2025", "2024-Q1", "usd", "usd_mn", "yes", "no", "#"]),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=8, max_size=8), max_size=6))
def test_any_cells_are_read_or_refused(table: list[list[Any]]) -> None:
    rows = tuple(Row(place, tuple(line)) for place, line in enumerate(table, start=1))
    found, faults = parts(Grid("parquet", "", 0, COLUMNS, rows), catalogue(), "KEN")
    for (country, id), part in found.items():
        assert country in {"KEN"}
        assert all(math.isfinite(figure.value) for figure in part.figures)
        by_period(part.figures, catalogue()[id], dt.date(2026, 1, 1))
    assert all(fault.place for fault in faults)
