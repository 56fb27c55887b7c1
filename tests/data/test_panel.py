"""The panel of all economies, made in one pass, equals the series of every economy side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from cryptorisk.data.inputs import Inputs, load_inputs
from cryptorisk.params import Params


def one_by_one(inputs: Inputs, id: str, sources: Sequence[str] | None = None) -> pd.DataFrame:
    """The definition: one economy after the other."""
    found = [inputs.series(id, country=place, sources=sources) for place in inputs.economies(id)]
    frame = pd.DataFrame({series.country: series.values for series in found if not series.empty})
    frame.index.name, frame.columns.name = "date", "country"
    return frame.sort_index()


def same(inputs: Inputs, id: str, sources: Sequence[str] | None = None) -> None:
    one = one_by_one(inputs, id, sources)
    if one.empty:
        assert inputs.panel(id, sources=sources).empty
        return
    pd.testing.assert_frame_equal(inputs.panel(id, sources=sources), one, check_freq=False)


def test_every_series_of_the_embedded_vintage(inputs_for: Callable[[str], Inputs]) -> None:
    inputs = inputs_for("KEN")
    for id in inputs.catalogue.series:
        same(inputs, id)


@pytest.mark.parametrize(
    "fields",
    [
        {"as_of": "2019-06-30"},
        {"include_non_commercial": False},
        {"overrides": {"reserves_usd": {"value": 1e9, "date": "2025-06-30"}, "bank_tier1_usd": 5e9}},
    ],
)
def test_cut_licence_and_own_figures(kit_root: Path, fields: dict[str, Any]) -> None:
    given = {"country": "KEN", "vintage": "2026-11-23", **fields}
    inputs = load_inputs(Params.model_validate(given), root=kit_root)
    for id in (
        "gdp_usd",
        "reserves_usd",
        "bank_tier1_usd",
        "official_fx_lcu_per_usd",
        "gcai_rank",
        "btc_price_usd",
    ):
        same(inputs, id)
    same(inputs, "gdp_usd", ("weo_2026_04",))
    same(inputs, "exports_gs_usd", ("wdi", "cia_factbook"))
    same(inputs, "reserves_usd", ("wdi", "bank"))


def latest_one_by_one(inputs: Inputs, id: str, sources: Sequence[str] | None = None) -> list[tuple[Any, ...]]:
    """The definition: the last figure of one economy after the other."""
    found = [(place, inputs.latest(id, country=place, sources=sources)) for place in inputs.economies(id)]
    return [(p, o.value, o.date, o.source, o.data_class, o.stale) for p, o in found if o is not None]


def same_latest(inputs: Inputs, id: str, sources: Sequence[str] | None = None) -> None:
    frame = inputs.panel_latest(id, sources=sources)
    assert list(frame.columns) == ["value", "date", "source", "data_class", "stale"]
    assert list(frame.itertuples(name=None)) == latest_one_by_one(inputs, id, sources)


def test_the_last_figures_of_every_series(inputs_for: Callable[[str], Inputs]) -> None:
    inputs = inputs_for("KEN")
    for id in inputs.catalogue.series:
        same_latest(inputs, id)
    same_latest(inputs, "gdp_usd", ("weo_2026_04",))


@pytest.mark.parametrize(
    "fields",
    [
        {"as_of": "2019-06-30"},
        {"include_non_commercial": False},
        {"overrides": {"reserves_usd": {"value": 1e9, "date": "2025-06-30"}, "bank_tier1_usd": 5e9}},
        {"country": "SSD", "overrides": {"reserves_usd": {"value": 1e9, "date": "2025-06-30"}}},
    ],
)
def test_the_last_figures_cut_without_a_licence_and_with_own(kit_root: Path, fields: dict[str, Any]) -> None:
    given = {"country": "KEN", "vintage": "2026-11-23", **fields}
    inputs = load_inputs(Params.model_validate(given), root=kit_root)
    for id in ("gdp_usd", "reserves_usd", "bank_tier1_usd", "gcai_rank", "btc_price_usd"):
        same_latest(inputs, id)
    same_latest(inputs, "reserves_usd", ("wdi",))
    same_latest(inputs, "reserves_usd", ("wdi", "bank"))


def test_the_last_figures_are_a_copy(inputs_for: Callable[[str], Inputs]) -> None:
    inputs = inputs_for("KEN")
    frame = inputs.panel_latest("gdp_usd")
    frame["value"] = -1.0
    assert inputs.panel_latest("gdp_usd")["value"].min() > 0


def test_a_caller_cannot_change_what_the_next_one_sees(inputs_for: Callable[[str], Inputs]) -> None:
    inputs = inputs_for("KEN")
    first = inputs.panel("gdp_usd")
    first.loc[:, :] = -1.0
    assert inputs.panel("gdp_usd").min().min() > 0
