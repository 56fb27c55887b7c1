"""The bank's own figures in place of public ones."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from cryptorisk.data.catalogue import catalogue
from cryptorisk.data.inputs import Inputs, load_inputs
from cryptorisk.data.stocks import FLOWS, STOCKS, TO_JUNE, is_stock
from cryptorisk.errors import DataError
from cryptorisk.params import Params


def load(kit_root: Path, overrides: dict[str, Any], **fields: Any) -> Inputs:
    given = {"country": "KEN", "vintage": "2026-11-23", "overrides": overrides, **fields}
    return load_inputs(Params.model_validate(given), root=kit_root)


def file_override(tmp_path: Path, text: str | bytes, unit: str = "usd", **fields: Any) -> dict[str, Any]:
    path = tmp_path / "own.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return {"file": str(path), "unit": unit, **fields}


def test_a_single_figure_stands_at_as_of(kit_root: Path) -> None:
    inputs = load(kit_root, {"bank_crypto_exposure_usd": 1.2e8}, as_of="2025-06-30")
    latest = inputs.latest("bank_crypto_exposure_usd")
    assert latest is not None
    assert (latest.value, latest.source, latest.date) == (1.2e8, "bank", dt.date(2025, 6, 30))
    assert latest.data_class == "measured"
    assert inputs.sources["bank"].licence_class == "bank"


def test_a_single_figure_keeps_earlier_public_ones(kit_root: Path) -> None:
    public = load(kit_root, {}).series("reserves_usd").values
    inputs = load(kit_root, {"reserves_usd": {"value": 9.9e9, "date": "2023-12-31"}})
    own = inputs.series("reserves_usd")
    assert own.values.iloc[-1] == 9.9e9
    assert own.values.index[-1].year == 2023
    assert own.values.iloc[:-1].tolist() == public[public.index.year < 2023].tolist()
    assert own.source_ids == ("bank", "wdi")
    (finding,) = [f for f in inputs.findings if f.id == "data.own_reserves_usd"]
    assert (
        "take precedence over the public figures of the same name from 2023-12-31 on: one figure, of 2023-12-31"
        in finding.text
    )
    assert finding.text.endswith("given in the parameter file. Chapters 3 and 4 read the series.")


def test_a_file_replaces_the_whole_series(kit_root: Path, tmp_path: Path) -> None:
    text = "date,value\n2024-01,101.5\n2024-02,102.0\n2024-03-31,102.5\n"
    own = file_override(tmp_path, text, "index", note="national statistics office")
    inputs = load(kit_root, {"cpi_index_monthly": own})
    series = inputs.series("cpi_index_monthly")
    assert series.values.tolist() == [101.5, 102.0, 102.5]
    assert [str(day.date()) for day in series.values.index] == ["2024-01-31", "2024-02-29", "2024-03-31"]
    assert series.source_ids == ("bank",)
    (finding,) = [f for f in inputs.findings if f.id == "data.own_cpi_index_monthly"]
    assert "national statistics office" in finding.text
    assert (
        "over the public figures of the same name for the whole history: 3 figures from 2024-01-31 to 2024-03-31"
        in finding.text
    )
    assert "from own.csv, named in the parameter file" in finding.text
    assert "KEN" in inputs.panel("cpi_index_monthly").columns
    assert inputs.series("cpi_index_monthly", country="UGA").source_ids == ("wb_inflation_2024_04",)
    assert inputs.series("cpi_index_monthly", sources=["wb_inflation_2024_04"]).values.size > 200


def test_figures_after_as_of_are_not_seen(kit_root: Path, tmp_path: Path) -> None:
    own = file_override(tmp_path, "date,value\n2024,1\n2025,2\n")
    inputs = load(kit_root, {"bank_tier1_usd": own}, as_of="2025-06-30")
    assert inputs.series("bank_tier1_usd").values.tolist() == [1.0]
    (finding,) = [f for f in inputs.findings if f.id == "data.own_bank_tier1_usd"]
    assert "1 of its figures lie after 2025-06-30" in finding.text


def test_confidential_series_are_named(kit_root: Path) -> None:
    inputs = load(kit_root, {"bank_tier1_usd": {"value": 5e9, "confidential": True}})
    assert inputs.confidential == {"bank_tier1_usd"}
    (finding,) = [f for f in inputs.findings if f.id == "data.own_bank_tier1_usd"]
    assert "confidential" in finding.text
    assert "5" not in finding.text


def test_a_relative_file_lies_beside_the_parameter_files(kit_root: Path) -> None:
    with pytest.raises(DataError, match=r"params.own\.csv.*cannot be read"):
        load(kit_root, {"bank_tier1_usd": {"file": "own.csv", "unit": "usd"}})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"own\.csv:1: must be date,value"),
        ("day,value\n2024,1\n", r"own\.csv:1"),
        ("date,value\n", "holds no figure"),
        ("date,value\n2024,one\n", r"own\.csv:2: the value must be a plain number \(got 'one'\)"),
        ("date,value\n2024,1\n2024-13,2\n", r"own\.csv:3"),
        ("date,value\n2024,1\nlast year,2\n", r"own\.csv:3: the date must be .* \(got 'last year'\)"),
        ("date,value\n2024,nan\n", r"own\.csv:2"),
        ("date,value\n2024,1,2\n", r"own\.csv:2: has 3 columns, not 2"),
        ("date,value\n2024-06-30,1\n2024-06-30,2\n", r"own\.csv:3: 2024-06-30 is given twice"),
        ("date,value\n2024,1\n2024-12-31,2\n", r"own\.csv:3: a second figure"),
        (b"\xff\xfe\x00\x01binary", "is not UTF-8 text"),
        ("date,value\n2024-02-30,1\n", r"own\.csv:2"),
    ],
)
def test_a_bad_file_is_refused_by_line(
    kit_root: Path, tmp_path: Path, text: str | bytes, message: str
) -> None:
    with pytest.raises(DataError, match=message) as caught:
        load(kit_root, {"bank_tier1_usd": file_override(tmp_path, text)})
    assert caught.value.exit_code == 2


def test_another_unit_is_refused(kit_root: Path) -> None:
    with pytest.raises(DataError, match=r"overrides\.bank_tier1_usd.*'usd'"):
        load(kit_root, {"bank_tier1_usd": {"value": 5, "unit": "usd_bn"}})


def test_an_unknown_series_is_refused_with_a_hint(kit_root: Path) -> None:
    with pytest.raises(DataError, match="bank_tier1_usd"):
        load(kit_root, {"bank_tier_1_usd": 5})


def test_a_figure_dated_after_as_of_is_refused(kit_root: Path) -> None:
    with pytest.raises(DataError, match="after as_of"):
        load(kit_root, {"bank_tier1_usd": {"value": 5, "date": "2025-01-01"}}, as_of="2024-12-31")


MONTHS = "date,value\n2024-06-30,1\n2024-12-31,2\n2025-06-30,4\n2025-01-31,3\n2026-09-30,5\n2026-10-31,6\n"


def test_a_stock_may_be_given_at_shorter_intervals(kit_root: Path, tmp_path: Path) -> None:
    """The last figure of every year counts; in the running year it keeps its day, so that it is used at all."""
    inputs = load(kit_root, {"household_crypto_holdings_usd": file_override(tmp_path, MONTHS)})
    values = inputs.series("household_crypto_holdings_usd").values
    assert {str(day.date()): value for day, value in values.items()} == {
        "2024-12-31": 2.0,
        "2025-12-31": 4.0,
        "2026-10-31": 6.0,
    }
    (finding,) = [f for f in inputs.findings if f.id == "data.own_household_crypto_holdings_usd"]
    assert "The last figure given in each year stands for that year" in finding.text
    assert "2026-10-31" in finding.text


def test_the_figure_of_the_last_date_not_after_as_of_counts(kit_root: Path, tmp_path: Path) -> None:
    own = {"reserves_usd": file_override(tmp_path, MONTHS)}
    inputs = load(kit_root, own, as_of="2025-03-31")
    latest = inputs.latest("reserves_usd")
    assert latest is not None
    assert (latest.value, latest.date) == (3.0, dt.date(2025, 1, 31))
    (finding,) = [f for f in inputs.findings if f.id == "data.own_reserves_usd"]
    assert "3 of its figures lie after 2025-03-31" in finding.text


def test_own_figures_that_all_lie_after_as_of_are_said_not_to_be_used(kit_root: Path, tmp_path: Path) -> None:
    """The public figures stand, and nothing is confidential about them."""
    own = {"exports_gs_usd": file_override(tmp_path, "date,value\n2025,1\n", confidential=True)}
    inputs = load(kit_root, own, as_of="2025-06-30")
    assert "bank" not in inputs.series("exports_gs_usd").source_ids
    assert not inputs.confidential
    (finding,) = [f for f in inputs.findings if f.id == "data.own_exports_gs_usd"]
    assert finding.severity == "warning"
    assert "all lie after 2025-06-30 and were not used" in finding.text


def test_annual_figures_of_a_stock_need_no_such_remark(kit_root: Path, tmp_path: Path) -> None:
    own = file_override(tmp_path, "date,value\n2024,1\n2025-12-31,2\n")
    (finding,) = [f for f in load(kit_root, {"bank_tier1_usd": own}).findings if "own_bank" in f.id]
    assert "stands for" not in finding.text


@pytest.mark.parametrize(
    ("series", "unit", "text", "message"),
    [
        (
            "exports_gs_usd",
            "usd",
            "2025-03-31,1\n2025-06-30,2\n",
            "own.csv:3: a second figure for the year that ends 2025-12-31, and exports_gs_usd has one figure a "
            "year; give one line a year, with the figure of the whole year",
        ),
        (
            "remittances_received_usd",
            "usd",
            "2025-Q1,1\n",
            "own.csv:2: 2025-Q1 is a part of a year, and remittances",
        ),
        ("portfolio_net_usd_q", "usd", "2025-02,1\n", "own.csv:2: 2025-02 is a part of a quarter"),
        (
            "policy_rate_pct",
            "pct",
            "2025-02-10,1\n2025-02-20,2\n",
            "own.csv:3: a second figure for the month",
        ),
    ],
)
def test_parts_of_a_period_of_a_flow_are_refused(
    kit_root: Path, tmp_path: Path, series: str, unit: str, text: str, message: str
) -> None:
    with pytest.raises(DataError) as caught:
        load(kit_root, {series: file_override(tmp_path, "date,value\n" + text, unit)})
    assert message in str(caught.value)


def test_stocks_are_series_of_the_catalogue() -> None:
    known = catalogue().series
    assert set(known) >= STOCKS
    only_own = {id for id, spec in known.items() if not spec.precedence}
    assert only_own
    assert only_own <= STOCKS | FLOWS
    assert not STOCKS & FLOWS
    assert not is_stock(known["p2p_volume_usd"])
    assert is_stock(known["bank_tier1_usd"])
    assert set(known) >= TO_JUNE
