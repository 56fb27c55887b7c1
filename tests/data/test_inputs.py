"""What a model may see: cut at a date, one figure a period, immutable, with findings."""

from __future__ import annotations

import dataclasses
import datetime as dt
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cryptorisk.data.inputs import Inputs, is_stale, load_inputs
from cryptorisk.errors import DataError
from cryptorisk.estimate import UNITS
from cryptorisk.params import Params


def load(kit_root: Path, **fields: Any) -> Inputs:
    return load_inputs(
        Params.model_validate({"country": "KEN", "vintage": "2026-11-23", **fields}), root=kit_root
    )


def test_default_as_of_is_the_vintages_date(inputs_for: Callable[[str], Inputs]) -> None:
    inputs = inputs_for("KEN")
    assert inputs.as_of == dt.date(2026, 11, 23) == inputs.vintage.date
    assert (inputs.country, inputs.vintage.name, len(inputs.vintage.sha256)) == ("KEN", "2026-11-23", 64)


@pytest.mark.parametrize("as_of", ["2016-06-29", "2016-06-30", "2021-12-31"])
def test_nothing_is_dated_after_as_of(kit_root: Path, as_of: str) -> None:
    inputs = load(kit_root, country="NGA", as_of=as_of)
    end = pd.Timestamp(as_of)
    assert (inputs.frame["date"] <= end).all()
    for name in ("regional_volume", "regulation", "remittance_corridors", "country_crypto"):
        assert (inputs.table(name)["date"] <= end).all()
    assert (inputs.panel("gdp_usd").index <= end).all()
    month = inputs.series("official_fx_lcu_per_usd").values.index[-1]
    assert month == pd.Timestamp(as_of) + pd.offsets.MonthEnd(-1) if as_of == "2016-06-29" else month == end


def test_the_cut_changes_which_source_is_there(kit_root: Path) -> None:
    early = load(kit_root, as_of="2020-12-31")
    assert early.latest("gdp_usd").date == dt.date(2020, 12, 31)  # type: ignore[union-attr]
    assert early.latest("ownership_share_pct_population") is None
    assert early.series("ownership_share_pct_population").empty


def test_a_future_as_of_is_refused(kit_root: Path) -> None:
    with pytest.raises(DataError, match="2026-11-24 lies after the vintage of 2026-11-23") as caught:
        load(kit_root, as_of="2026-11-24")
    assert caught.value.exit_code == 2


def test_a_missing_vintage_names_those_present(kit_root: Path) -> None:
    with pytest.raises(DataError, match=r"present: .*2026-11-23") as caught:
        load(kit_root, vintage="2001-01-01")
    assert caught.value.exit_code == 2


def test_no_vintage_at_all(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="present: none"):
        load_inputs(Params(country="KEN"), data=tmp_path)


def test_an_unknown_country_is_refused(kit_root: Path) -> None:
    with pytest.raises(DataError, match="KEN"):
        load(kit_root, country="KNE")


def test_an_unknown_series_is_refused_with_a_hint(inputs_for: Callable[[str], Inputs]) -> None:
    inputs = inputs_for("KEN")
    for ask in (inputs.series, inputs.latest, inputs.panel, inputs.economies, lambda id: inputs.at(id, 2020)):
        with pytest.raises(DataError, match="reserves_usd"):
            ask("reservs_usd")  # type: ignore[operator]
    with pytest.raises(DataError, match="regional_volume"):
        inputs.table("regional_volumes")


def test_a_series_without_figures_is_empty(inputs_for: Callable[[str], Inputs]) -> None:
    series = inputs_for("KEN").series("portfolio_net_usd")
    assert series.empty
    assert series.latest is None
    assert series.source_ids == ()
    assert isinstance(series.values.index, pd.DatetimeIndex)
    assert series.values.dtype == float


def test_every_figure_knows_its_origin(inputs_for: Callable[[str], Inputs]) -> None:
    for code in ("KEN", "TUV"):
        inputs = inputs_for(code)
        frame = inputs.frame
        assert list(frame.columns) == [
            "country",
            "series",
            "date",
            "value",
            "unit",
            "frequency",
            "source",
            "vintage",
            "data_class",
        ]
        assert set(frame["country"]) == {code, "WLD"}
        assert not frame.isna().any().any()
        assert not frame.duplicated(["country", "series", "date"]).any()
        assert set(frame["source"]) <= set(inputs.sources)
        assert set(frame["unit"]) <= set(UNITS)
        assert set(frame["data_class"]) <= {"measured", "survey", "modelled", "proxy"}
        assert set(frame["vintage"]) == {"2026-11-23"}


def test_series_latest_at_and_panel_agree(inputs_for: Callable[[str], Inputs]) -> None:
    inputs = inputs_for("KEN")
    for id in ("gdp_usd", "official_fx_lcu_per_usd", "gcai_rank", "policy_rate_pct"):
        series, panel = inputs.series(id), inputs.panel(id)
        assert series.latest == inputs.latest(id)
        assert series.latest is not None
        assert series.latest.value == series.values.iloc[-1]
        pd.testing.assert_series_equal(
            panel["KEN"].dropna(), series.values, check_names=False, check_freq=False
        )
        last = inputs.panel_latest(id).loc["KEN"]
        assert (last["value"], last["date"]) == (series.latest.value, series.latest.date)
        year = inputs.at(id, series.latest.date.year)
        assert year is not None
        assert year.date == series.latest.date
    assert inputs.at("gdp_usd", 1850) is None
    assert "WLD" not in inputs.panel("gdp_usd").columns


def test_callers_cannot_change_the_inputs(inputs_for: Callable[[str], Inputs]) -> None:
    inputs = inputs_for("KEN")
    series = inputs.series("gdp_usd")
    series.values.iloc[:] = -1.0
    with pytest.raises(ValueError, match="read-only"):
        series.values.to_numpy()[:] = -1.0
    assert (inputs.series("gdp_usd").values > 0).all()
    table = inputs.table("regional_volume")
    table.loc[:, "kind"] = "invented"
    assert "invented" not in set(inputs.table("regional_volume")["kind"])
    frame = inputs.frame
    frame.loc[:, "value"] = np.nan
    assert not inputs.frame["value"].isna().any()
    with pytest.raises(dataclasses.FrozenInstanceError):
        inputs.country = "UGA"  # type: ignore[misc]
    with pytest.raises(TypeError):
        inputs.sources["x"] = None  # type: ignore[index]


def test_non_commercial_series_can_be_left_out(kit_root: Path) -> None:
    inputs = load(kit_root, include_non_commercial=False)
    assert inputs.series("btc_price_usd", country="WLD").empty
    assert inputs.panel("btc_price_usd").empty
    used = {inputs.sources[id].licence_class for id in inputs.frame["source"].unique()}
    assert used <= {"open", "attribution", "facts-quoted"}
    assert not inputs.series("stablecoin_supply_total_usd", country="WLD").empty
    (finding,) = [f for f in inputs.findings if f.id == "data.non_commercial"]
    assert finding.severity == "warning"
    assert "Coin Metrics" in finding.text
    with_them = load(kit_root)
    assert not with_them.series("btc_price_usd", country="WLD").empty
    (finding,) = [f for f in with_them.findings if f.id == "data.non_commercial"]
    assert "not for commercial use" in finding.text


@pytest.mark.parametrize(
    ("date", "as_of", "stale"),
    [
        ("2022-12-31", "2024-12-31", False),
        ("2022-12-31", "2025-01-01", True),
        ("2024-11-23", "2026-11-23", False),
        ("2024-11-22", "2026-11-23", True),
        ("2024-12-31", "2026-11-23", False),
        ("2023-12-31", "2026-11-23", True),
    ],
)
def test_stale_means_more_than_24_months(date: str, as_of: str, stale: bool) -> None:
    assert is_stale(dt.date.fromisoformat(date), dt.date.fromisoformat(as_of)) is stale


def test_missing_and_stale_series_are_findings(inputs_for: Callable[[str], Inputs]) -> None:
    by_id = {finding.id: finding.text for finding in inputs_for("TUV").findings}
    assert "official reserves" in by_id["data.missing"]
    assert "Tuvalu" in by_id["data.missing"]
    by_id = {finding.id: finding.text for finding in inputs_for("KEN").findings}
    assert "consumer prices, headline" in by_id["data.stale"]
    assert inputs_for("KEN").series("cpi_index_monthly").stale
    assert not inputs_for("KEN").series("gdp_usd").stale


def test_faulty_ranges_are_findings_and_no_figures(inputs_for: Callable[[str], Inputs]) -> None:
    inputs = inputs_for("VEN")
    texts = " ".join(finding.text for finding in inputs.findings)
    assert "bolívares fuertes" in texts
    assert "fictitious" in texts
    assert set(inputs.series("official_fx_lcu_per_usd").source_ids) == {"frb_h10"}
    assert inputs_for("SLE").series("broad_money_pct_gdp").values.max() < 30
    zimbabwe = inputs_for("ZWE").series("official_fx_lcu_per_usd").values
    assert zimbabwe.index[0] == pd.Timestamp("2024-04-30")
    assert not any(f.id.startswith("data.fault") for f in inputs_for("DEU").findings)


def test_findings_have_unique_ids_and_are_about_data(inputs_for: Callable[[str], Inputs]) -> None:
    for code in ("KEN", "VEN", "SLV", "CAF", "PRK", "SSD"):
        ids = [finding.id for finding in inputs_for(code).findings]
        assert len(ids) == len(set(ids))
        assert {finding.kind for finding in inputs_for(code).findings} == {"data"}


def test_a_second_country_loads_quickly(kit_root: Path) -> None:
    load(kit_root)
    begin = time.perf_counter()
    load(kit_root, country="BRA")
    assert time.perf_counter() - begin < 0.2
