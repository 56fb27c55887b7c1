"""CSV and XLSX for people: no text is a formula, no figure loses a digit, the same content gives the same bytes."""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import re
import time
import zipfile

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cryptorisk.data import spreadsheet
from cryptorisk.data.spreadsheet import (
    MAX_LETTERS,
    TEXT,
    Sheet,
    csv_text,
    neutral,
    number_format,
    write_workbook,
)

DAY = dt.date(2026, 11, 23)
HOSTILE = [
    "=1+1",
    "+1",
    "-1+cmd|' /C calc'!A0",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\tplain",
    " =1",
    '"=1"',
    " \u00a0 \"  =HYPERLINK('https://example.org')",
    "\ufeff=1",
    "\u200b@x",
    "＝1",
    "＠x",
    "first;=1",
    'first; "=1',
    "first\n=1",
    "first\r\n+1",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_neutralised(text: str) -> None:
    made = neutral(text)
    assert made != text
    assert made.replace("'", "") == text.replace("'", "")
    assert not formulas(made)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain",
        "a = b",
        "5-10 %",
        "'=1",
        "GDP (current US$); annual",
        "Ünïcode, ελληνικά",
        "a-b;c",
        "e@mail",
        "'",
    ],
)
def test_harmless_texts_stay(text: str) -> None:
    assert neutral(text) == text


def formulas(text: str) -> list[str]:
    """Parts of a text that a program would read as a formula, wherever it splits lines and cells."""
    parts = re.split("[;\t\r\n]", text)
    bare = [re.sub('^[\\s"\u200b\ufeff]+', "", part) for part in parts]
    return [part for part in bare if part[:1] in tuple("=+-@＝＋－＠")] + [text] * (
        text[:1] in tuple("\t\r\n")
    )


@given(st.text(alphabet=st.sampled_from(list("=+-@;,\t\r\n \"'ax1＝\u200b\x00\x07")), max_size=12))
def test_no_text_is_left_as_a_formula_and_once_is_enough(text: str) -> None:
    made = neutral(text)
    assert not formulas(made)
    assert neutral(made) == made


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("a\x07b", "a\\x07b"),
        ("\x00=1", "\\x00=1"),
        ("\ud800", "\\ud800"),
        ("\ufffe", "\\ufffe"),
        ("\x85", "\\x85"),
    ],
)
def test_what_no_file_can_hold_is_written_out(text: str, made: str) -> None:
    assert neutral(text) == made


def table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "note": ["=1+1", 'a, "b"', None],
            "value": [0.1 + 0.2, -1.5e300, np.nan],
            "count": [1, 2, 3],
            "date": pd.to_datetime(["2021-12-31", None, "2024-02-29"]),
        }
    )


def test_csv_has_neutral_texts_real_dates_and_every_digit() -> None:
    text = csv_text(table())
    assert text.endswith("\r\n")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows == [
        ["note", "value", "count", "date"],
        ["'=1+1", "0.30000000000000004", "1", "2021-12-31"],
        ['a, "b"', "-1.5e+300", "2", ""],
        ["", "", "3", "2024-02-29"],
    ]


def test_names_of_columns_are_neutral_too() -> None:
    frame = pd.DataFrame({"=1+1": [1]})
    assert csv_text(frame) == "'=1+1\r\n1\r\n"
    assert book([Sheet("A", frame)])["A"]["A1"].value == "'=1+1"


def written(sheets: list[Sheet]) -> bytes:
    file = io.BytesIO()
    write_workbook(file, sheets, title="=evil", date=DAY)
    return file.getvalue()


def book(sheets: list[Sheet]) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(written(sheets)))


def test_a_sheet_has_numbers_dates_and_texts() -> None:
    sheet = book([Sheet("A", table(), frozen=1)])["A"]
    assert sheet.freeze_panes == "B2"
    assert [cell.value for cell in sheet[1]] == ["note", "value", "count", "date"]
    assert all(cell.font.bold for cell in sheet[1])
    assert [cell.data_type for cell in sheet[2]] == ["s", "n", "n", "d"]
    assert sheet["B2"].value == 0.1 + 0.2
    assert sheet["B3"].value == -1.5e300
    assert sheet["D2"].value == dt.datetime(2021, 12, 31)
    assert sheet["D2"].number_format == "yyyy-mm-dd"
    assert sheet["B4"].value is None
    assert sheet["D3"].value is None
    assert sheet.column_dimensions["A"].width >= 8


def test_hostile_texts_are_texts_in_a_sheet_also_when_it_is_saved_as_csv() -> None:
    sheet = book([Sheet("A", pd.DataFrame({"note": HOSTILE}))])["A"]
    for cell, text in zip(sheet["A"][1:], HOSTILE, strict=True):
        assert cell.data_type == "s"
        assert not formulas(str(cell.value))
        assert cell.quotePrefix == neutral(text).startswith("'")
    raw = written([Sheet("A", pd.DataFrame({"note": HOSTILE}))])
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        content = archive.read("xl/worksheets/sheet1.xml")
        styles = archive.read("xl/styles.xml")
    assert b"<f>" not in content
    assert b'quotePrefix="1"' in styles


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("#N/A", "#N/A"),
        ("#REF!", "#REF!"),
        ("_x003D_1+1", "_x005F_x003D_1+1"),
        ("see _x000D_ and _x0041_", "see _x005F_x000D_ and _x005F_x0041_"),
        ("max_x5", "max_x5"),
        ("bell \x07", "bell \\x07"),
        ("12", "12"),
        ("2024-12-31", "2024-12-31"),
        ("TRUE", "TRUE"),
    ],
)
def test_texts_that_a_spreadsheet_would_read_otherwise(text: str, stored: str) -> None:
    """Errors, escapes (Excel reads _x003D_ as =), control characters, numbers: all stay texts."""
    cell = book([Sheet("A", pd.DataFrame({"note": [text]}))])["A"]["A2"]
    assert (cell.data_type, cell.value) == ("s", stored)


def test_a_text_too_long_for_a_cell_is_cut_and_says_so() -> None:
    value = book([Sheet("A", pd.DataFrame({"note": ["x" * (MAX_LETTERS + 1), "y" * MAX_LETTERS]}))])["A"][
        "A2"
    ].value
    assert isinstance(value, str)
    assert len(value) == MAX_LETTERS
    assert value.endswith("(cut: a cell holds 32767 letters)")


def test_more_rows_than_a_sheet_has_go_on_in_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "MAX_ROWS", 4)
    made = book([Sheet("Figures", pd.DataFrame({"n": range(7)})), Sheet("Empty", pd.DataFrame({"n": []}))])
    assert made.sheetnames == ["Figures", "Figures 2", "Figures 3", "Empty"]
    assert [made[name].max_row for name in made.sheetnames] == [4, 4, 2, 1]
    assert [cell.value for cell in made["Figures 2"]["A"]] == ["n", 3, 4, 5]


def test_dates_before_the_calendar_of_spreadsheets_go_as_text() -> None:
    frame = pd.DataFrame({"date": pd.to_datetime(["1899-12-31", "1900-02-28", "1900-03-01"])})
    cells = book([Sheet("A", frame)])["A"]["A"][1:]
    assert [cell.value for cell in cells] == ["1899-12-31", "1900-02-28", dt.datetime(1900, 3, 1)]


def test_years_at_the_head_of_columns_are_numbers() -> None:
    sheet = book([Sheet("A", pd.DataFrame({"series": ["x"], 2021: [1.5]}))])["A"]
    assert sheet["B1"].value == 2021


@pytest.mark.parametrize(
    ("unit", "largest", "format"),
    [
        ("usd", 9e9, "#,##0.00"),
        ("lcu_per_usd", 129.4, "#,##0.00"),
        ("lcu_per_usd", 0.0021, "#,##0.00000"),
        ("pct", 12.34, "0.0"),
        ("pct_gdp", 3.2, "0.00"),
        ("pct_gdp", 0.05, "0.0000"),
        ("pct", 1e-30, "0.00000000"),
        ("rank", 28.0, "0"),
        ("count", 12345.0, "#,##0"),
        ("pct", 0.0, "0.0"),
        ("none", 4.0, "#,##0"),
        ("no such unit", math.nan, "#,##0.00"),
    ],
)
def test_number_formats_by_unit(unit: str, largest: float, format: str) -> None:
    assert number_format(unit, largest) == format


def test_what_is_counted_has_decimals_where_it_is_no_whole_number() -> None:
    assert number_format("count", 7.5, whole=False) == "#,##0.00"
    assert number_format("count", 1234.5, whole=False) == "#,##0.0"
    assert number_format("rank", 12.5, whole=False) == "0.0"


def test_formats_of_columns_and_of_cells_and_rows_under_the_head() -> None:
    frame = pd.DataFrame(
        {"name": ["a", "b"], "x": [1.5, 0.1 + 0.2], "y": [2.5, None], "day": ["2025-12", None]}
    )
    formats = {"x": ["0.0", "0.00"], "y": "#,##0.00", "day": TEXT}
    sheet = book([Sheet("A", frame, frozen=1, formats=formats, under=[["unit", "usd", "=1+1", ""]])])["A"]
    assert sheet.freeze_panes == "B3"
    assert [cell.value for cell in sheet[2]] == ["unit", "usd", "'=1+1", None]
    assert [cell.number_format for cell in sheet["B"][2:]] == ["0.0", "0.00"]
    assert [sheet[f"{column}3"].number_format for column in "CD"] == ["#,##0.00", TEXT]
    assert [sheet.column_dimensions[column].number_format for column in "CD"] == ["#,##0.00", TEXT]
    assert sheet.column_dimensions["C"].number_format == "#,##0.00"
    assert sheet["B4"].value == 0.1 + 0.2, "the figure behind keeps its digits"


def test_formats_of_cells_go_on_in_another_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "MAX_ROWS", 4)
    formats = {"n": [f"0.{'0' * (place + 1)}" for place in range(5)]}
    made = book([Sheet("A", pd.DataFrame({"n": [1.5] * 5}), formats=formats, under=[["unit"]])])
    shown = [cell.number_format for name in made.sheetnames for cell in made[name]["A"][2:]]
    assert shown == formats["n"]


def test_the_same_content_gives_the_same_bytes() -> None:
    first = written([Sheet("A", table())])
    time.sleep(2.1)  # zip archives count in steps of two seconds
    assert written([Sheet("A", table())]) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2026, 11, 23, 0, 0, 0)}
    properties = openpyxl.load_workbook(io.BytesIO(first)).properties
    assert (properties.created, properties.modified) == (dt.datetime(2026, 11, 23), dt.datetime(2026, 11, 23))
    assert (properties.creator, properties.title) == ("cryptorisk", "'=evil")


def test_the_frame_stays_as_it_was() -> None:
    frame, before = table(), table()
    csv_text(frame)
    written([Sheet("A", frame)])
    pd.testing.assert_frame_equal(frame, before)
