"""The bank's own flows between economies: reading, faults with their line, and what inputs make of them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from own_files import VINTAGE, write

from cryptorisk.data.inputs import load_inputs
from cryptorisk.data.own.flows import COLUMNS, read_flows
from cryptorisk.errors import DataError
from cryptorisk.params import Params

ROW = {
    "origin": "KEN",
    "destination": "UGA",
    "date": "2024",
    "asset": "usdt",
    "value": 12.5,
    "ln_distance": 6.2,
}
WIDE = (*COLUMNS, "ln_distance")


def faults(path: Path, secret: bool = False) -> list[str]:
    flows, found = read_flows(path, confidential=secret)
    assert (flows is None) == bool(found)
    return [f"{one.place}: {one.what}" + (f"; {one.remedy}" if one.remedy else "") for one in found]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
def test_the_same_flows_in_every_format(tmp_path, suffix):
    rows = [ROW, {**ROW, "destination": "TZA", "value": 0.0, "ln_distance": None}, {**ROW, "asset": None}]
    flows, found = read_flows(write(tmp_path / f"flows{suffix}", rows, WIDE), confidential=True)
    assert found == []
    assert flows.further == ("ln_distance",)
    assert flows.frame["value"].tolist() == [12.5, 0.0, 12.5]
    assert flows.frame["asset"].tolist() == ["usdt", "usdt", "all"]
    assert flows.frame["date"].tolist() == 3 * [pd.Timestamp(2024, 12, 31)]
    assert np.isnan(flows.frame["ln_distance"]).tolist() == [False, True, False]
    assert flows.confidential


def test_every_fault_stands_with_its_line(tmp_path):
    bad = [
        {**ROW, "origin": "ken"},
        {**ROW, "destination": ""},
        {**ROW, "destination": "KEN"},
        {**ROW, "date": "May 2024"},
        {**ROW, "value": "12,5"},
        {**ROW, "value": -3},
        {**ROW, "ln_distance": "far"},
    ]
    said = faults(write(tmp_path / "flows.csv", [ROW, *bad], WIDE))
    assert said == [
        "line 3: the origin is not an economy the kit knows (got 'ken'); did you mean KEN?",
        "line 4: the destination is missing; give its ISO 3166-1 alpha-3 code, for example KEN",
        "line 5: origin and destination are the same economy; leave the line out",
        "line 6: the date must be YYYY-MM-DD, YYYY-MM, YYYY-Qn or YYYY (got 'May 2024')",
        "line 7: the value must be a plain number (got '12,5'); write 1234.5",
        "line 8: the value is negative; give gross flows, each direction in a row of its own",
        "line 9: the value must be a plain number (got 'far'); write 1234.5",
    ]


def test_a_pair_date_and_asset_stands_once(tmp_path):
    rows = [ROW, {**ROW, "asset": "btc"}, {**ROW, "value": 3}]
    assert faults(write(tmp_path / "f.csv", rows, WIDE)) == [
        "line 4: is of the same pair, date and asset as line 2; keep one, or add them up"
    ]


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        (("origin", "date", "value"), "lacks the column destination"),
        ((*COLUMNS, "asset"), "has the column asset twice"),
        ((*COLUMNS, "ln distance"), "whose name is not a word"),
        ((*COLUMNS, *(f"x{k}" for k in range(13))), "more than 12 further columns"),
        (("origin;destination;date;value",), "parted by semicolons"),
    ],
)
def test_heads_are_judged(tmp_path, columns, words):
    (said,) = faults(write(tmp_path / "f.csv", [ROW], columns))
    assert words in said
    assert said.startswith("line 1: ")


def test_an_empty_file_holds_no_flows(tmp_path):
    assert faults(write(tmp_path / "f.csv", [], COLUMNS)) == [": holds no flows"]
    assert faults(tmp_path / "none.csv") == [": cannot be read (No such file or directory); check the path"]


def test_confidential_cells_are_not_quoted(tmp_path):
    rows = [{**ROW, "value": "7654.5.6"}, {**ROW, "ln_distance": "98765x"}, {**ROW, "date": "31415"}]
    said = " ".join(faults(write(tmp_path / "f.csv", rows, WIDE), secret=True))
    for figure in ("7654", "98765", "31415"):
        assert figure not in said


def load(kit_root, path, **fields):
    volumes = {"flows_file": str(path), **fields}
    return load_inputs(Params(country="KEN", vintage=VINTAGE, volumes=volumes), root=kit_root)


def test_inputs_carry_the_flows_until_their_date_and_tell_of_them(kit_root, tmp_path):
    path = write(tmp_path / "flows.csv", [ROW, {**ROW, "date": "2030"}], WIDE)
    inputs = load(kit_root, path)
    assert len(inputs.flows.frame) == 1
    assert inputs.flows.late == 1
    assert inputs.own_files[-1].name == "flows.csv"
    assert inputs.own_files[-1].confidential
    (text,) = [finding.text for finding in inputs.findings if finding.id == "data.own_flows"]
    assert "flows.csv" in text
    assert "confidential" in text
    assert "after the report's date" in text
    assert "12.5" not in text
    open_inputs = load(kit_root, path, flows_confidential=False)
    assert not open_inputs.own_files[-1].confidential


def test_without_a_file_there_are_no_flows(kit_root, inputs_for):
    assert inputs_for("KEN").flows is None
    assert not [finding for finding in inputs_for("KEN").findings if finding.id == "data.own_flows"]


def test_a_bad_file_stops_the_loading_with_file_and_line(kit_root, tmp_path):
    path = write(tmp_path / "flows.csv", [ROW, {**ROW, "destination": "XYZ"}], WIDE)
    with pytest.raises(DataError, match=r"flows\.csv:3: the destination is not an economy"):
        load(kit_root, path)


def test_earlier_dates_cut(tmp_path):
    path = write(tmp_path / "flows.csv", [ROW, {**ROW, "date": "2022-06"}], WIDE)
    flows, _ = read_flows(path, confidential=True)
    assert flows.until(dt.date(2023, 1, 1)).frame["date"].tolist() == [pd.Timestamp(2022, 6, 30)]
