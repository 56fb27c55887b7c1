"""Figures handed on: all that a report would use, nothing confidential, whole files that are the same every time."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
from small_vintage import Row, make_vintage

from cryptorisk.data import outfile
from cryptorisk.data.browse import show_series
from cryptorisk.data.catalogue import WORLD, SeriesSpec
from cryptorisk.data.export import FIGURE_COLUMNS, Export, collect
from cryptorisk.data.exportfile import FORMATS, Format, file_name, wide, write_export
from cryptorisk.data.exportnotes import notes
from cryptorisk.data.inputs import Inputs, load_inputs
from cryptorisk.data.outfile import put_out
from cryptorisk.data.refresh.record import RefreshRecord
from cryptorisk.errors import DataError
from cryptorisk.params import Params

EVIL = '=HYPERLINK("https://example.org")'
ROWS: list[Row] = [
    ("gdp_usd", "KEN", "2021-12-31", 100.123456789012345, "weo_2026_04"),
    ("gdp_usd", "KEN", "2022-12-31", 110, "weo_2026_04"),
    ("gdp_usd", "KEN", "2021-12-31", 90, "wdi"),
    ("gdp_usd", "UGA", "2021-12-31", 40, "weo_2026_04"),
    ("reserves_usd", "KEN", "2021-12-31", 9.0, "wdi"),
    ("reserves_usd", "KEN", "2026-12-31", 99.0, "wdi"),
    ("policy_rate_pct", "KEN", "2026-09-30", 9.5, "bis_cbpol_2024_01"),
    ("btc_price_usd", WORLD, "2021-01-01", 30000, "coinmetrics_2026_03"),
    ("btc_price_usd", WORLD, "2026-10-31", 90000, "yahoo_live"),
    ("vix_close", WORLD, "2026-10-30", 20.5, "cboe_vix"),
    ("evil_usd", "KEN", "2021-12-31", -1.5, "wdi"),
]
SPECS = [SeriesSpec("evil_usd", "usd", "A", "measured", (("wdi",),), description=EVIL, sign="-1 or +1")]
QUOTED = [{"country": "KEN", "series": "gcai_rank", "date": "2025-12-31", "value": 3.0, "source": "chainalysis_gcai_2025",
           "period": "2025", "url": "@evil", "note": "+1+1"}]  # fmt: skip


@pytest.fixture
def kit(tmp_path: Path) -> Path:
    """A kit with a small vintage, whose descriptions and notes are hostile."""
    root = tmp_path / "kit"
    for folder in ("notebooks", "params", "data"):
        (root / folder).mkdir(parents=True)
    (root / "pyproject.toml").write_text("")
    make_vintage(
        root / "data",
        "2026-11-01",
        ROWS,
        quoted=QUOTED,
        specs=SPECS,
        accessed={"yahoo_live": "2026-10-31"},
        regulation=[("KEN", "licensing=Yes", "=1+1", "regulation_pages", "2025-10-31"),
                    ("UGA", "banned", "", "regulation_pages", "2022-01-31")],
    )  # fmt: skip
    return root


def inputs(kit: Path, **fields: Any) -> Inputs:
    return load_inputs(Params.model_validate({"country": "KEN", **fields}), root=kit)


def values(export: Export, series: str) -> dict[str, float]:
    rows = export.figures[export.figures["series"] == series]
    return {str(day)[:10]: value for day, value in zip(rows["date"], rows["value"], strict=True)}


def test_every_figure_that_a_report_would_use(kit: Path) -> None:
    given = inputs(kit)
    export = collect(given)
    assert tuple(export.figures.columns) == FIGURE_COLUMNS
    frame = given.frame[given.frame["country"] == "KEN"].reset_index(drop=True)
    for name in ("series", "date", "value", "source"):
        assert export.figures[name].tolist() == frame[name].tolist()
    assert export.figures["class"].tolist() == frame["data_class"].tolist()
    assert values(export, "gdp_usd") == {"2021-12-31": 100.123456789012345, "2022-12-31": 110}
    assert values(export, "reserves_usd") == {"2021-12-31": 9.0}
    stale = dict(zip(export.series["series"], export.series["stale"], strict=True))
    assert (stale["gdp_usd"], stale["policy_rate_pct"]) == ("yes", "no")
    rank = export.figures[export.figures["series"] == "gcai_rank"].iloc[0]
    assert (rank["page"], rank["note"], rank["unit"], rank["frequency"]) == (
        "@evil",
        "+1+1",
        "rank",
        "annual",
    )


def test_the_embedded_vintage_for_an_economy_and_the_world(kit_root: Path) -> None:
    given = load_inputs(Params(country="KEN", vintage="2026-11-23"), root=kit_root)
    frame = given.frame
    for world in (False, True):
        export = collect(given, world=world)
        theirs = frame[(frame["country"] == WORLD) == world]
        assert export.figures["value"].tolist() == theirs["value"].tolist()
        assert set(export.figures["source"]) <= set(export.sources["source"])
        assert export.sources["figures"].sum() == len(theirs)


def test_as_of_and_name(kit: Path) -> None:
    export = collect(inputs(kit, as_of="2021-12-31"))
    assert values(export, "gdp_usd") == {"2021-12-31": 100.123456789012345}
    assert list(export.tables) == ["remittance_corridors", "regional_volume"]
    assert file_name(export, "csv") == "KEN-2026-11-01-as-of-2021-12-31.csv"
    assert file_name(collect(inputs(kit)), "xlsx") == "KEN-2026-11-01.xlsx"


def test_tables_are_about_the_economy(kit: Path) -> None:
    tables = collect(inputs(kit)).tables
    assert tables["regulation"]["iso3"].tolist() == ["KEN"]
    assert "country_crypto" not in tables
    assert tables["remittance_corridors"]["to_iso3"].tolist() == ["KEN"]
    assert "regulation_pages" in set(collect(inputs(kit)).sources["source"])


def test_restricted_figures_and_their_notices(kit: Path) -> None:
    usual = collect(inputs(kit), world=True)
    assert "yahoo_live" not in set(usual.sources["source"])
    assert "Not to be passed on" not in dict(notes(usual))
    assert "Yahoo" in dict(notes(usual))["Left out"]
    export = collect(inputs(kit), world=True, with_own_use=True)
    assert values(export, "btc_price_usd") == {"2021-01-01": 30000, "2026-10-31": 90000}
    said = dict(notes(export))
    assert "Coin Metrics" in said["Not for commercial use"]
    assert "Yahoo" in said["Not to be passed on"]
    assert "--with-own-use" in said["Not to be passed on"]
    accessed = dict(zip(export.sources["source"], export.sources["accessed"], strict=True))
    assert accessed["yahoo_live"] == "2026-10-31"
    without = collect(inputs(kit), world=True, restricted=False)
    assert values(without, "btc_price_usd") == {}
    assert set(without.sources["licence_class"]) == {"open", "facts-quoted"}
    said = dict(notes(without))
    assert not {"Not for commercial use", "Not to be passed on"} & set(said)
    assert said["Left out"].startswith("Figures of Coin Metrics, Yahoo")
    assert dict(notes(collect(inputs(kit, include_non_commercial=False), world=True)))["Left out"]


OWN = {
    "overrides": {
        "reserves_usd": {"value": 7.77, "date": "2021-12-31", "confidential": True, "note": "secret origin"},
        "gdp_usd": {"value": 5.55, "date": "2022-12-31", "note": "our estimate"},
    }
}


def everything(kit: Path, export: Export) -> str:
    """All bytes of all formats as text."""
    texts = []
    for format in FORMATS:
        for file in write_export(export, kit / f"x.{format}", format, force=True):
            if format == "xlsx":
                book = openpyxl.load_workbook(file)
                texts += [str(cell) for sheet in book for row in sheet.values for cell in row]
            elif format == "parquet":
                table = pq.read_table(file)
                texts += [str(table.to_pydict()), str(table.schema.metadata)]
            else:
                texts.append(file.read_text(encoding="utf-8-sig"))
    return "\n".join(texts)


def test_own_figures_stay_out_unless_asked_for_and_confidential_ones_always(kit: Path) -> None:
    given = inputs(kit, **OWN)
    assert given.latest("reserves_usd").value == 7.77  # type: ignore[union-attr]
    without = collect(given)
    assert values(without, "gdp_usd")["2022-12-31"] == 110
    assert values(without, "reserves_usd") == {"2021-12-31": 9.0}
    assert (without.own, without.confidential, without.own_left_out) == ((), ("reserves_usd",), ("gdp_usd",))
    written = everything(kit, without)
    for secret in ("7.77", "secret origin", "5.55", "our estimate"):
        assert secret not in written
    said = [text for topic, text in notes(without) if topic == "Left out"]
    assert said[0].startswith(
        "Confidential figures of the institution's own, which a report uses: reserves_usd."
    )
    assert "gdp_usd" in said[1]
    assert "reserves_usd" not in said[1]


def test_own_figures_that_were_asked_for(kit: Path) -> None:
    export = collect(inputs(kit, **OWN), with_own=True)
    assert values(export, "gdp_usd") == {"2021-12-31": 100.123456789012345, "2022-12-31": 5.55}
    assert values(export, "reserves_usd") == {"2021-12-31": 9.0}
    assert (export.own, export.confidential, export.own_left_out) == (("gdp_usd",), ("reserves_usd",), ())
    written = everything(kit, export)
    assert "5.55" in written
    assert "7.77" not in written
    assert "secret origin" not in written
    assert "bank" in set(export.sources["source"])
    assert "gdp_usd" in dict(notes(export))["The institution's own figures"]


def test_own_figures_are_not_the_worlds(kit: Path) -> None:
    export = collect(inputs(kit, **OWN), world=True, with_own=True)
    assert (export.own, export.confidential, export.own_left_out) == ((), (), ())
    assert set(export.figures["series"]) == {"btc_price_usd", "vix_close"}


def test_the_read_me_says_what_a_reader_must_know(kit: Path) -> None:
    export = collect(inputs(kit))
    said = dict(notes(export))
    assert said["Figures"] == "of Kenya (KEN), as a cryptorisk report would use them"
    assert said["Vintage"] == "2026-11-01, of 2026-11-01"
    assert export.vintage.sha256 in said["Hash of the vintage"]
    assert said["As of"] == "2026-11-01"
    texts = [text for topic, text in notes(export) if topic == "Attribution"]
    assert "Source: IMF, World Economic Outlook, April 2026" in texts
    assert any("had ended more than 24 months before" in text for topic, text in notes(export))


def test_a_workbook_for_a_person(kit: Path) -> None:
    (file,) = write_export(collect(inputs(kit)), kit / "KEN.xlsx", "xlsx")
    book = openpyxl.load_workbook(file)
    assert book.sheetnames == [
        "Read me", "Annual", "Monthly", "Figures", "Series", "Sources",
        "Regulation", "Remittance corridors", "Regional volumes",
    ]  # fmt: skip
    annual = [list(row) for row in book["Annual"].values]
    head, rows = annual[0], {row[0]: row for row in annual[1:]}
    assert head == ["series", "unit", "description", 2021, 2022, 2025]
    assert rows["gdp_usd"][3:] == [100.123456789012345, 110, None]
    assert [list(row) for row in book["Monthly"].values] == [
        ["date", "policy_rate_pct"],
        ["unit", "percent"],
        [dt.datetime(2026, 9, 30), 9.5],
    ]
    assert book["Figures"].max_row == 1 + len(collect(inputs(kit)).figures)
    assert all(sheet.freeze_panes for sheet in book)
    assert any("Not " in str(row[0]) or "Licences" in str(row[0]) for row in book["Read me"].values)


def test_figures_in_a_workbook_have_the_format_of_their_unit(kit: Path) -> None:
    (file,) = write_export(collect(inputs(kit)), kit / "KEN.xlsx", "xlsx")
    book = openpyxl.load_workbook(file)
    annual, monthly, figures = book["Annual"], book["Monthly"], book["Figures"]
    formats = {row[0].value: row[3].number_format for row in annual.iter_rows(min_row=2)}
    assert formats == {
        "evil_usd": "#,##0.00",
        "gcai_rank": "0",
        "gdp_usd": "#,##0.00",
        "reserves_usd": "#,##0.00",
    }
    assert (annual.freeze_panes, monthly.freeze_panes, figures.freeze_panes) == ("C2", "B3", "A2")
    assert (monthly["A3"].number_format, monthly["B3"].number_format) == ("yyyy-mm-dd", "0.00")
    head = {cell.value: cell.column - 1 for cell in figures[1]}
    for row in figures.iter_rows(min_row=2):
        series = row[head["series"]].value
        assert row[head["value"]].number_format == {**formats, "policy_rate_pct": "0.00"}[series]
        assert row[head["date"]].number_format == "yyyy-mm-dd"
    for sheet in book:
        for row in sheet.iter_rows(min_row=2):
            bare = [
                cell.coordinate for cell in row if cell.data_type == "n" and cell.number_format == "General"
            ]
            assert not [place for place in bare if sheet[place].value is not None], sheet.title
    for name in ("Series", "Regulation"):
        dates = [cell for row in book[name].iter_rows(min_row=2) for cell in row if cell.is_date]
        assert dates
        assert {cell.number_format for cell in dates} == {"yyyy-mm-dd"}


CORRECTED = [
    ("gdp_usd", "KEN", "2022-12-31", "weo_2026_04", 11.0, 110.0, "a misplaced point", "letter of 3 March"),
    ("reserves_usd", "KEN", "2021-12-31", "wdi", 9.0, 9.0, "asked the source", "circular 7"),
    ("reserves_usd", "KEN", "2020-12-31", "wdi", 5.0, float("nan"), "a figure of another economy", "letter"),
    ("gdp_usd", "UGA", "2021-12-31", "weo_2026_04", 4.0, 40.0, "not Kenya's", "letter"),
    ("gdp_usd", "KEN", "2021-12-31", "wdi", 9.0, 90.0, "of a source that is not chosen", "letter"),
]


@pytest.fixture
def corrected(tmp_path: Path) -> Path:
    """A kit with a vintage to which corrections were applied."""
    root = tmp_path / "corrected"
    for folder in ("notebooks", "params", "data"):
        (root / folder).mkdir(parents=True)
    (root / "pyproject.toml").write_text("")
    refresh = RefreshRecord("2026-10-01", "0" * 64, ()).to_dict()
    make_vintage(root / "data", "2026-11-01", ROWS, specs=SPECS, corrections=CORRECTED, refresh=refresh)
    return root


def test_a_figure_corrected_by_hand_is_marked_wherever_it_goes(corrected: Path) -> None:
    export = collect(inputs(corrected))
    marks = export.figures.set_index(["series", "date"])["correction"]
    marked = {(id, str(day)[:10]): text for (id, day), text in marks[marks != ""].items()}
    assert marked == {
        ("gdp_usd", "2022-12-31"): "corrected by hand from 11: a misplaced point (letter of 3 March)",
        ("reserves_usd", "2021-12-31"): "accepted by hand: asked the source (circular 7)",
    }
    said = "\n".join(text for _topic, text in notes(export))
    assert "in the column correction" in said
    assert "11 became 110: a misplaced point (letter of 3 March)" in said
    assert "5 was left out" in said
    (file,) = write_export(export, corrected / "KEN.csv", "csv")[:1]
    assert "corrected by hand from 11" in file.read_text(encoding="utf-8-sig")
    own = inputs(corrected, overrides={"gdp_usd": {"value": 5.55, "date": "2022-12-31"}})
    assert (
        collect(own, with_own=True)
        .figures.set_index(["series", "date"])["correction"]
        .loc[("gdp_usd", pd.Timestamp("2022-12-31"))]
        == ""
    ), "an own figure stands for itself"


def test_the_corrections_of_a_series_are_shown_with_it(corrected: Path) -> None:
    given = inputs(corrected)
    words, frame = show_series(given, "gdp_usd")
    assert frame["correction"].tolist() == [
        "",
        "corrected by hand from 11: a misplaced point (letter of 3 March)",
    ]
    words, frame = show_series(given, "reserves")
    assert (
        "left out by hand: the figure of wdi for 2020-12-31, 5: a figure of another economy (letter)" in words
    )
    assert frame["correction"].tolist() == ["accepted by hand: asked the source (circular 7)"]
    assert "correction" not in show_series(given, "policy_rate_pct")[1]
    assert "correction" not in show_series(inputs(corrected, as_of="2021-12-31"), "gdp_usd")[1]


def test_nothing_hostile_is_a_formula_in_any_format(kit: Path) -> None:
    export = collect(inputs(kit))
    (book,) = write_export(export, kit / "KEN.xlsx", "xlsx")
    for sheet in openpyxl.load_workbook(book):
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in ("s", "n", "d")
                assert not (cell.data_type == "s" and str(cell.value)[:1] in tuple("=+-@\t\r\n"))
    for file in write_export(export, kit / "KEN.csv", "csv"):
        if file.suffix == ".csv":
            for cells in csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"), newline="")):
                assert not [cell for cell in cells if cell[:1] in tuple("=+@\t\r\n")]
    figures = pd.read_csv(kit / "KEN.csv").set_index("series")
    assert figures.loc["evil_usd", "description"] == "'" + EVIL
    assert figures.loc["evil_usd", "value"] == -1.5
    assert figures.loc["gcai_rank", "page"] == "'@evil"


def test_csv_files_side_by_side(kit: Path) -> None:
    export = collect(inputs(kit))
    files = write_export(export, kit / "KEN.csv", "csv")
    assert [file.name for file in files] == ["KEN.csv", "KEN-series.csv", "KEN-sources.csv", "KEN-readme.txt"]
    read = pd.read_csv(files[0])
    assert read["value"].tolist() == export.figures["value"].tolist()
    assert read["date"].tolist() == export.figures["date"].dt.strftime("%Y-%m-%d").tolist()
    assert len(pd.read_csv(files[2])) == len(export.sources)
    assert "SHA-256 " in files[3].read_text(encoding="utf-8-sig")


def test_parquet_carries_its_explanations(kit: Path) -> None:
    export = collect(inputs(kit))
    (file,) = write_export(export, kit / "KEN.parquet", "parquet")
    table = pq.read_table(file)
    assert table.column("value").to_pylist() == export.figures["value"].tolist()
    assert str(table.schema.field("date").type) == "date32[day]"
    assert table.column("description").to_pylist() == export.figures["description"].tolist()
    about = json.loads(table.schema.metadata[b"cryptorisk"])
    assert (about["country"], about["vintage"], about["as_of"]) == ("KEN", "2026-11-01", "2026-11-01")
    assert about["vintage_sha256"] == export.vintage.sha256
    assert about["series"][0]["first"] == "2021-12-31"
    assert {source["source"] for source in about["sources"]} == set(export.sources["source"])


def test_wide_sheets_by_frequency() -> None:
    days = pd.to_datetime(["2021-06-30", "2021-12-31", "2021-12-31"])
    figures = pd.DataFrame({"series": ["a", "a", "b"], "date": days, "value": [1.0, 2.0, 3.0], "frequency": "annual",
                            "description": "words", "unit": "unit"})  # fmt: skip
    made = wide(figures)
    assert list(made) == ["Annual"]
    assert made["Annual"].to_dict("list") == {
        "series": ["a", "b"], "unit": ["unit"] * 2, "description": ["words"] * 2, 2021: [2.0, 3.0],
    }  # fmt: skip
    daily = wide(figures.assign(frequency="daily"))["Daily"]
    assert daily.columns.tolist() == ["date", "a", "b"]
    assert daily["b"].isna().tolist() == [True, False]


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_vintage_gives_the_same_bytes(kit: Path, format: Format) -> None:
    def once(name: str) -> list[bytes]:
        return [
            file.read_bytes() for file in write_export(collect(inputs(kit)), kit / f"{name}.{format}", format)
        ]

    first = once("a")
    time.sleep(2.1 if format == "xlsx" else 0)  # zip archives count in steps of two seconds
    assert once("b") == first


def test_nothing_to_hand_on_is_said(kit: Path) -> None:
    export = collect(inputs(kit))
    empty = replace(export, figures=export.figures.head(0))
    with pytest.raises(DataError, match="no figure of Kenya up to 2026-11-01; give a later day"):
        write_export(empty, kit / "x.csv", "csv")
    with pytest.raises(DataError, match=r"x.csv: must end in .xlsx"):
        write_export(export, kit / "x.csv", "xlsx")


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def _there(folder: Path) -> Path:
    (folder / "x.csv").write_text("mine")
    return folder / "x.csv"


def _folder(folder: Path) -> Path:
    (folder / "x.csv").mkdir()
    return folder / "x.csv"


def _link(folder: Path) -> Path:
    (folder / "target.csv").write_text("mine")
    (folder / "x.csv").symlink_to(folder / "target.csv")
    return folder / "x.csv"


def _dangling(folder: Path) -> Path:
    (folder / "x.csv").symlink_to(folder / "nowhere")
    return folder / "x.csv"


def _pipe(folder: Path) -> Path:
    os.mkfifo(folder / "x.csv")
    return folder / "x.csv"


def _nowhere(folder: Path) -> Path:
    return folder / "no" / "x.csv"


def _vintage(folder: Path) -> Path:
    return make_vintage(folder, "2026-11-01", ROWS[:1]) / "x.csv"


def _within_vintage(folder: Path) -> Path:
    made = make_vintage(folder, "2026-11-01", ROWS[:1]) / "sub"
    made.mkdir()
    return made / "x.csv"


@pytest.mark.parametrize(
    ("place", "force", "said"),
    [
        (_there, False, "exists already; name another file, or give --force"),
        (_folder, True, "is a folder"),
        (_link, True, "is a symbolic link"),
        (_dangling, True, "is a symbolic link"),
        (_pipe, True, "is no ordinary file"),
        (_nowhere, True, "there is no such folder"),
        (_vintage, True, "lies within a vintage"),
        (_within_vintage, True, "lies within a vintage"),
    ],
)
def test_where_nothing_may_be_written(tmp_path: Path, place: Any, force: bool, said: str) -> None:
    path = place(tmp_path)
    before = files(tmp_path)
    with pytest.raises(DataError, match=said):
        put_out({path: b"new"}, force=force)
    assert files(tmp_path) == before
    if place in (_there, _link):
        assert path.read_text() == "mine"


def test_force_replaces_a_file(tmp_path: Path) -> None:
    path = _there(tmp_path)
    put_out({path: b"new"}, force=True)
    assert path.read_bytes() == b"new"
    assert files(tmp_path) == ["x.csv"]


def test_several_files_come_together_or_not_at_all(tmp_path: Path) -> None:
    _folder(tmp_path)
    with pytest.raises(DataError, match="is a folder"):
        put_out({tmp_path / "a.csv": b"1", tmp_path / "x.csv": b"2"})
    assert files(tmp_path) == ["x.csv"]


@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_a_stop_in_the_middle_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: BaseException
) -> None:
    """Of two files the first is written when the stop comes: neither gets its name, no folder stays."""
    write = Path.write_bytes

    def stopping(self: Path, content: bytes) -> int:
        if self.name == "b.csv":
            raise stop
        return write(self, content)

    monkeypatch.setattr(Path, "write_bytes", stopping)
    with pytest.raises((KeyboardInterrupt, DataError)):
        put_out({tmp_path / "a.csv": b"1", tmp_path / "b.csv": b"2"})
    assert files(tmp_path) == []


def test_a_file_that_came_about_meanwhile_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    demand = outfile.demand_writable

    def meanwhile(path: Path, *, force: bool) -> None:
        asked.append(path)
        if len(asked) == 2:
            path.write_text("another's")
        demand(path, force=force)

    monkeypatch.setattr(outfile, "demand_writable", meanwhile)
    with pytest.raises(DataError, match="exists already"):
        put_out({tmp_path / "x.csv": b"new"})
    assert (tmp_path / "x.csv").read_text() == "another's"
    assert files(tmp_path) == ["x.csv"]


def test_a_place_that_cannot_be_written_to_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied", str(tmp_path))

    monkeypatch.setattr("cryptorisk.files.private.tempfile.mkdtemp", refused)
    with pytest.raises(DataError, match=r"cannot be written \(Permission denied\)"):
        put_out({tmp_path / "x.csv": b"new"})
