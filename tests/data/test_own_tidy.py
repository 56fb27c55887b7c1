"""Several series in one file: columns, units, class, confidentiality, and figures a period."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from own_files import load, read, row, write

from cryptorisk.data.catalogue import catalogue
from cryptorisk.data.own.faults import Unreadable
from cryptorisk.data.own.series import by_period
from cryptorisk.data.own.tidy import COLUMNS
from cryptorisk.data.own.units import accepted, converted, power

SECRET = 7717391384.25


def faults_of(tmp_path: Path, *rows: dict[str, Any], **options: Any) -> list[str]:
    _found, faults = read(write(tmp_path / "own.csv", rows), **options)
    return [f"{fault.place}: {fault.what}" for fault in faults]


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"country": "Kenya"}, "line 2: the country is not an economy the kit knows (got 'Kenya')"),
        ({"country": "ken"}, "line 2: the country is not an economy the kit knows (got 'ken')"),
        ({"country": "WLD"}, "line 2: the country is not an economy the kit knows (got 'WLD')"),
        ({"series": "bank_tier_1"}, "line 2: the series is not known (got 'bank_tier_1')"),
        ({"series": ""}, "line 2: the series is not known (got '')"),
        ({"date": ""}, "line 2: the date must be YYYY-MM-DD, YYYY-MM, YYYY-Qn or YYYY (got '')"),
        ({"date": "2025-13"}, "line 2: the date must be YYYY-MM-DD, YYYY-MM, YYYY-Qn or YYYY"),
        ({"value": ""}, "line 2: has no value"),
        ({"value": "n.a."}, "line 2: the value must be a plain number"),
        ({"unit": ""}, "line 2: the unit is missing"),
        ({"unit": "kes"}, "line 2: the unit must be usd or usd_thousand or usd_mn or usd_bn (got 'kes')"),
        (
            {"unit": "lcu_mn"},
            "line 2: the unit must be usd or usd_thousand or usd_mn or usd_bn (got 'lcu_mn')",
        ),
        (
            {"data_class": "guess"},
            "line 2: data_class must be one of measured, survey, modelled, proxy (got 'guess')",
        ),
        ({"confidential": "secret"}, "line 2: confidential must be yes or no"),
        (
            {"note": "a {{b}}"},
            "line 2: the note must not hold {{, which the page's checks take for a template",
        ),
        ({"note": "a\u202eb"}, "line 2: the note holds control characters"),
        ({"note": "x" * 501}, "line 2: the note is longer than 500 characters"),
    ],
)
def test_one_mistake_one_fault(tmp_path: Path, cells: dict[str, Any], fault: str) -> None:
    assert faults_of(tmp_path, row(**cells)) == [fault]


def test_every_mistake_of_a_row_at_once(tmp_path: Path) -> None:
    found = faults_of(tmp_path, row(country="X", date="soon", value="much", unit="", confidential="no"))
    assert len(found) == 4


def test_a_row_of_the_folder_must_name_its_country(tmp_path: Path) -> None:
    assert faults_of(tmp_path, row(), country=None) == ["line 2: the country is missing"]
    assert faults_of(tmp_path, row()) == []


@pytest.mark.parametrize(
    ("columns", "faults"),
    [
        (("series", "date", "value"), ["line 1: lacks the column unit"]),
        ((*COLUMNS, "remark"), ["line 1: has an unknown column (got 'remark')"]),
        ((*COLUMNS, "12.5"), ["line 1: has an unknown column"]),
        ((*COLUMNS, "note"), ["line 1: has the column note twice"]),
    ],
)
def test_the_columns(tmp_path: Path, columns: tuple[str, ...], faults: list[str]) -> None:
    _found, said = read(write(tmp_path / "own.csv", [row()], columns))
    assert [f"{one.place}: {one.what}" for one in said] == faults


def test_columns_of_any_order_and_letters(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("Unit,VALUE, Date,series\nusd,1,2024,bank_tier1_usd\n")
    found, faults = read(path)
    assert faults == []
    assert list(found) == [("KEN", "bank_tier1_usd")]


def test_the_rows_of_a_series_agree_on_class_and_confidentiality(tmp_path: Path) -> None:
    rows = [
        row(confidential="no", data_class="survey"),
        row(date="2024"),
        row(date="2023", confidential="no", data_class="survey"),
    ]
    assert faults_of(tmp_path, *rows) == [
        "line 3: says another thing of bank_tier1_usd about confidentiality than line 2",
        "line 3: gives bank_tier1_usd another data_class than line 2",
    ]


def test_confidential_unless_the_row_says_no(tmp_path: Path) -> None:
    rows = [
        row(),
        row(series="bank_cet1_usd", confidential="no"),
        row(series="bank_rwa_usd", confidential="yes"),
    ]
    found, _faults = read(write(tmp_path / "own.csv", rows))
    assert {key[1]: part.confidential for key, part in found.items()} == {
        "bank_tier1_usd": True,
        "bank_cet1_usd": False,
        "bank_rwa_usd": True,
    }


def test_a_row_that_was_not_filled_in_is_no_figure(kit_root: Path, tmp_path: Path) -> None:
    path = write(tmp_path / "own.csv", [row(date="", value=""), row(series="bank_cet1_usd")])
    inputs = load(kit_root, path)
    assert inputs.own_series == {"bank_cet1_usd"}


@pytest.mark.parametrize("format", ["csv", "xlsx", "parquet"])
@pytest.mark.parametrize(
    "cells",
    [
        {"value": f"{SECRET} KES"},
        {"value": str(SECRET).replace(".", ",")},
        {"date": str(SECRET)},
        {"unit": str(SECRET)},
        {"series": str(SECRET)},
        {"country": str(SECRET)},
        {"data_class": str(SECRET)},
        {"confidential": str(SECRET)},
        {"value": SECRET, "note": "{{"},
        {"value": SECRET, "date": "soon"},
    ],
)
def test_no_message_repeats_a_confidential_figure(tmp_path: Path, format: str, cells: dict[str, Any]) -> None:
    _found, faults = read(write(tmp_path / f"own.{format}", [row(**cells)]))
    assert faults
    assert "7717391384" not in repr(faults)


def test_a_figure_of_a_shifted_line_is_not_repeated(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text(
        f"{','.join(COLUMNS)}\n{SECRET},KEN,bank_tier1_usd,2025,usd,,,\n,KEN,{SECRET}\n{SECRET}\n"
    )
    _found, faults = read(path)
    assert len(faults) > 3
    assert "77173913" not in repr(faults)
    path.write_text(f"{SECRET}\n{SECRET}\n")
    _found, faults = read(path)
    assert "77173913" not in repr(faults)


def test_an_open_figure_is_repeated(tmp_path: Path) -> None:
    assert faults_of(tmp_path, row(value="1 000", confidential="no")) == [
        "line 2: the value must be a plain number (got '1 000')"
    ]


def test_units_are_converted_to_the_digit() -> None:
    assert converted(Decimal("12.3"), "usd_mn", "usd") == 12_300_000
    assert converted(Decimal("2900"), "usd_mn", "usd_bn") == 2.9
    assert power("lcu_bn", "lcu_mn") == 3
    assert accepted("lcu_per_usd") == ("lcu_per_usd",)
    assert accepted("usd_bn") == ("usd_bn", "usd", "usd_thousand", "usd_mn")
    with pytest.raises(Unreadable, match=r"must be pct$"):
        power("pp", "pct")


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9))
def test_a_conversion_moves_the_point_and_no_digit(value: Decimal) -> None:
    assert converted(value, "usd_mn", "usd") == float(f"{value}e6")
    assert converted(value, "usd", "usd") == float(value)


def test_a_conversion_is_visible(kit_root: Path, tmp_path: Path) -> None:
    rows = [row(value=1.1, unit="usd_mn", confidential="no"), row(date="2024", value=5, confidential="no")]
    inputs = load(kit_root, write(tmp_path / "own.csv", rows))
    assert inputs.series("bank_tier1_usd").values.tolist() == [5.0, 1_100_000.0]
    (finding,) = [one for one in inputs.findings if one.id == "data.own_bank_tier1_usd"]
    assert "Figures given in usd_mn were multiplied by a million, to usd." in finding.text


def test_class_note_and_source_go_with_the_figures(kit_root: Path, tmp_path: Path) -> None:
    rows = [
        row(data_class="survey", confidential="no", note="Return A."),
        row(date="2024", data_class="survey", confidential="no", note="Return B"),
    ]
    inputs = load(kit_root, write(tmp_path / "own.csv", rows))
    latest = inputs.latest("bank_tier1_usd")
    assert latest is not None
    assert (latest.data_class, latest.source, latest.note) == ("survey", "bank", "Return A.")
    assert inputs.series("bank_tier1_usd").data_class == "survey"
    own = inputs.frame.query("series == 'bank_tier1_usd'")
    assert set(own["data_class"]) == {"survey"}
    (finding,) = [one for one in inputs.findings if one.id == "data.own_bank_tier1_usd"]
    assert "The institution calls them survey." in finding.text
    assert "Origin: Return A; Return B." in finding.text
    assert "for which there are no public ones: 2 figures from 2024-12-31 to 2025-12-31" in finding.text


def test_many_notes_are_cut(kit_root: Path, tmp_path: Path) -> None:
    rows = [row(date=f"{2000 + n}", note=f"Return {n}") for n in range(8)]
    inputs = load(kit_root, write(tmp_path / "own.csv", rows))
    (finding,) = [one for one in inputs.findings if one.id == "data.own_bank_tier1_usd"]
    assert "Return 4; and 3 more notes." in finding.text


def test_the_rules_of_periods_hold_in_tidy_files(tmp_path: Path, kit_root: Path) -> None:
    rows = [
        row(series="exports_gs_usd", date="2025-Q1"),
        row(series="exports_gs_usd", date="2024"),
        row(series="exports_gs_usd", date="2024"),
        row(series="bank_tier1_usd", date="2024"),
        row(series="bank_tier1_usd", date="2024-12-31"),
    ]
    from cryptorisk.errors import DataError

    with pytest.raises(DataError) as caught:
        load(kit_root, write(tmp_path / "own.csv", rows))
    first, second, third = str(caught.value).splitlines()
    assert "own.csv:4: 2024 is given twice (first on line 3)" in first
    assert "own.csv:2: 2025-Q1 is a part of a year" in second
    assert "own.csv:6: a second figure for bank_tier1_usd on 2024-12-31 (first on line 5)" in third


def test_a_year_that_ends_in_june(tmp_path: Path) -> None:
    spec = catalogue()["crypto_value_received_usd"]
    rows = [row(series=spec.id, date=date) for date in ("2025-06-30", "2024-06", "2023")]
    found, _faults = read(write(tmp_path / "own.csv", rows))
    points, within, faults = by_period(found["KEN", spec.id].figures, spec, dt.date(2026, 1, 1))
    assert sorted(points) == [dt.date(2024, 6, 30), dt.date(2025, 6, 30)]
    assert within == ()
    assert [fault.place for fault in faults] == ["line 4"]
    assert "2023 does not end in June" in faults[0].what


def test_a_monthly_flow(kit_root: Path, tmp_path: Path) -> None:
    rows = [row(series="p2p_volume_usd", date=date, value=2.0) for date in ("2025-11", "2025-12-31")]
    inputs = load(kit_root, write(tmp_path / "own.csv", rows))
    assert [str(day.date()) for day in inputs.series("p2p_volume_usd").values.index] == [
        "2025-11-30",
        "2025-12-31",
    ]


def test_future_figures_are_counted_and_not_seen(kit_root: Path, tmp_path: Path) -> None:
    rows = [row(date=date, value=float(date)) for date in ("2023", "2024", "2030", "2031")]
    inputs = load(kit_root, write(tmp_path / "own.csv", rows), as_of="2024-12-31")
    assert inputs.series("bank_tier1_usd").values.tolist() == [2023.0, 2024.0]
    (finding,) = [one for one in inputs.findings if one.id == "data.own_bank_tier1_usd"]
    assert "2 figures from 2023-12-31 to 2024-12-31" in finding.text
    assert "2 of its figures lie after 2024-12-31 and were not used." in finding.text
