"""Templates load empty, and filled in they give exactly what was typed."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pytest
from own_files import VINTAGE, kit_of

from cryptorisk.cli import main
from cryptorisk.data.catalogue import catalogue
from cryptorisk.data.inputs import Inputs, load_inputs
from cryptorisk.data.own.reading import grid_of
from cryptorisk.data.own.template import COLUMNS, EXPLAINED, csv_template, kind_of, kinds, xlsx_template
from cryptorisk.data.own.tidy import parts
from cryptorisk.data.own.units import accepted
from cryptorisk.data.spreadsheet import neutral
from cryptorisk.errors import DataError
from cryptorisk.params import Params

KINDS = kinds(catalogue())
TYPED = {
    "bank_crypto_exposure_usd": ("2025-12-31", 123456789.01, "no"),
    "bank_tier1_usd": ("2025", 6100000000.1, "yes"),
    "bank_cet1_usd": ("2025-Q4", 0.1, ""),
    "bank_rwa_usd": ("2025-12", 41e9, "no"),
}


def written(kind: str, format: str, country: str = "KEN") -> bytes:
    chosen = KINDS[kind]
    return xlsx_template(chosen, country) if format == "xlsx" else csv_template(chosen, country).encode()


@pytest.mark.parametrize("format", ["csv", "xlsx"])
@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("country", ["", "KEN"])
def test_a_template_holds_no_figure_and_no_fault(kind: str, format: str, country: str) -> None:
    grid = grid_of(written(kind, format, country), f".{format}")
    assert grid.columns == COLUMNS
    assert parts(grid, catalogue(), None) == ({}, [])
    assert len(grid.rows) == len(KINDS[kind].entries)
    assert written(kind, format, country) == written(kind, format, country)


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_the_example_is_a_good_figure_once_it_is_one(format: str) -> None:
    for kind in KINDS.values():
        if format == "csv":
            lines = csv_template(kind).splitlines()
            example = [line.removeprefix("# ") for line in lines if line.startswith("# KEN,")]
            text = "\n".join([",".join(COLUMNS), *example])
            grid = grid_of(text.encode(), ".csv")
        else:
            book = openpyxl.load_workbook(io.BytesIO(xlsx_template(kind)))
            del book["data"], book["read me"]
            stream = io.BytesIO()
            book.save(stream)
            grid = grid_of(stream.getvalue(), ".xlsx")
        found, faults = parts(grid, catalogue(), None)
        assert faults == []
        ((key, part),) = found.items()
        assert key == ("KEN", kind.entries[0].spec.id)
        assert part.figures[0].value == kind.entries[0].example


def fill(path: Path, format: str) -> None:
    """Type figures into the template, as a person would."""
    if format == "xlsx":
        book = openpyxl.load_workbook(path)
        for cells in book["data"].iter_rows(min_row=2):
            typed = TYPED[cells[COLUMNS.index("series")].value]
            for name, value in zip(("date", "value", "confidential"), typed, strict=True):
                cells[COLUMNS.index(name)].value = value or None
        book.save(path)
        return
    lines = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    for cells in lines:
        if len(cells) == len(COLUMNS) and cells[1] in TYPED and not cells[0].startswith("#"):
            date, value, confidential = TYPED[cells[1]]
            cells[2], cells[3], cells[6] = date, repr(value), confidential
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(lines)


@pytest.mark.parametrize("format", ["csv", "xlsx"])
@pytest.mark.parametrize("place", ["folder", "named"])
def test_a_template_filled_in_gives_exactly_the_figures_typed(
    kit_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format: str, place: str
) -> None:
    kit = kit_of(kit_root, tmp_path / "kit")
    folder = kit / "data" / "overrides" if place == "folder" else kit / "params" / "own"
    folder.mkdir()
    monkeypatch.chdir(folder)
    assert main(["data", "template", "bank_exposures", "--country", "ken", "--to", format]) == 0
    fill(folder / f"bank_exposures.{format}", format)
    named = () if place == "folder" else (f"own/bank_exposures.{format}",)
    inputs: Inputs = load_inputs(Params(country="KEN", vintage=VINTAGE, own_files=named), root=kit)
    assert {id: inputs.series(id).values.tolist() for id in TYPED} == {id: [t[1]] for id, t in TYPED.items()}
    assert inputs.confidential == {"bank_tier1_usd", "bank_cet1_usd"}


def test_every_series_is_explained_with_unit_kind_sign_and_chapter() -> None:
    for kind in KINDS.values():
        text = csv_template(kind)
        for entry in kind.entries:
            (line,) = [one for one in text.splitlines() if f"# {entry.spec.id}: " in one]
            for said in (
                entry.spec.unit,
                *accepted(entry.spec.unit),
                "accepted unit",
                "sign: ",
                entry.readers.words,
                entry.kind,
            ):
                assert said in line
        for column in COLUMNS:
            assert f"# {column}: {EXPLAINED[column]}" in text


def test_the_kinds_cover_what_a_bank_is_asked_for() -> None:
    series = {entry.spec.id for kind in KINDS.values() for entry in kind.entries}
    assert series >= {
        "bank_crypto_exposure_usd",
        "household_crypto_holdings_usd",
        "deposit_dollarization_pct",
        "crypto_implied_fx_lcu_per_usd",
        "p2p_volume_usd",
        "base_money_pct_gdp",
        "other_external_liabilities_usd",
    }
    assert {len(kind.entries) > 0 for kind in KINDS.values()} == {True}


def test_no_cell_of_a_template_is_a_formula() -> None:
    for kind in KINDS.values():
        for cells in csv.reader(csv_template(kind, "KEN").splitlines()):
            assert all(cell == neutral(cell) for cell in cells)
        book = openpyxl.load_workbook(io.BytesIO(xlsx_template(kind, "KEN")))
        values = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert not [cell for cell in values if cell.data_type == "f"]


def test_an_unknown_kind_is_refused_with_the_nearest() -> None:
    with pytest.raises(DataError, match=r"no template 'bank_exposure'; did you mean bank_exposures\?"):
        kind_of("bank_exposure", catalogue())
    with pytest.raises(DataError, match="the kinds are bank_exposures, exchange_reports"):
        kind_of("zzzz", catalogue())


def test_the_command_lists_and_never_overwrites(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["data", "template"]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert listed[0] == "kind\twhat\tseries"
    assert [line.split("\t")[0] for line in listed[1:]] == list(KINDS)
    assert main(["data", "template", "external", "--out", "x.csv"]) == 0
    before = (tmp_path / "x.csv").read_bytes()
    assert main(["data", "template", "external", "--out", "x.csv"]) == 2
    assert main(["data", "template", "external", "--out", "no/x.csv"]) == 2
    assert main(["data", "template", "external", "--country", "ZZZ"]) == 2
    assert main(["data", "template", "external", "--to", "ods"]) == 2
    assert (tmp_path / "x.csv").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["x.csv"]


def test_a_workbook_begins_with_what_to_know_and_leaves_dates_as_they_are_typed() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx_template(KINDS["bank_exposures"], "KEN")))
    assert book.sheetnames == ["read me", "data", "example"]
    said = "\n".join(str(row[1]) for row in book["read me"].values)
    assert "accepted units: usd (US dollars), usd_thousand, usd_mn, usd_bn" in said
    sheet = book["data"]
    assert sheet.freeze_panes == "A2"
    assert sheet["D2"].number_format == "#,##0.00"
    assert sheet.column_dimensions["C"].number_format == "@", "also of rows that are added below"
    rates = openpyxl.load_workbook(io.BytesIO(xlsx_template(KINDS["deposit_dollarization"])))["data"]
    assert rates["D2"].number_format == "0.0"


@pytest.mark.parametrize(
    ("arguments", "written"),
    [
        (["--out", "z.xlsx"], "PK"),
        (["--out", "z.csv"], "\ufeff#"),
        (["--to", "csv", "--out", "z.CSV"], "\ufeff#"),
        (["--to", "xlsx"], "PK"),
        (["--to", "xlsx", "--out", "z.csv"], "--out: must end in .xlsx (got 'z.csv'); or say --to csv"),
        (["--to", "csv", "--out", "z.xlsx"], "--out: must end in .csv (got 'z.xlsx'); or say --to xlsx"),
        (["--out", "z.ods"], "--out: must end in .csv or .xlsx (got 'z.ods')"),
        (["--out", "z"], "--out: must end in .csv or .xlsx (got 'z')"),
    ],
)
def test_the_format_is_that_of_the_ending_and_a_contradiction_is_refused(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    written: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    refused = written.startswith("--out")
    assert main(["data", "template", "external", *arguments]) == (2 if refused else 0)
    if refused:
        assert written in capsys.readouterr().err
        assert not list(tmp_path.iterdir())
    else:
        (path,) = tmp_path.iterdir()
        assert path.read_bytes().startswith(written.encode())
