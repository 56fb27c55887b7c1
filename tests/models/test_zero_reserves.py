"""Official reserves of nothing, a real case, stop no chapter: what is divided by them is missing with the reason."""

import datetime as dt

import pytest

from cryptorisk.data.inputs import load_inputs
from cryptorisk.errors import DataError
from cryptorisk.models import crash, exposure, flight, price_risk
from cryptorisk.models.flight.position import NO_RESERVES
from cryptorisk.params import Params

NOTHING = {"reserves_usd": {"value": 0.0, "date": "2024-12-31"}}


def asked(overrides):
    return Params(
        country="KEN",
        vintage="2026-11-23",
        overrides=overrides,
        crash={"monte_carlo_draws": 1000, "sample_start": dt.date(2025, 1, 1)},
    )


def test_chapter_3_says_that_there_are_none():
    params = asked(NOTHING)
    result = flight.analyse(load_inputs(params), params)
    for name in ("import_cover_months", "drain_usd", "reserves_to_ara"):
        assert NO_RESERVES in result[name].reason


def test_chapter_4_sets_nothing_against_them(inputs_for, monkeypatch):
    params = asked(NOTHING)
    inputs = load_inputs(params)
    world = exposure.world(inputs, params)
    monkeypatch.setattr(exposure, "world", lambda inputs, params: world)
    result = crash.analyse(inputs, params, price_risk.analyse(inputs_for("KEN"), params))
    assert result["household_loss_pct_reserves"].reason == NO_RESERVES
    assert result["household_loss_pct_gdp"].available


@pytest.mark.parametrize("id", ["gdp_usd", "imports_gs_usd", "broad_money_pct_gdp"])
def test_a_zero_that_no_economy_has_is_refused_with_its_name(id):
    with pytest.raises(DataError, match=f"{id} must be above 0"):
        load_inputs(asked({id: {"value": 0.0, "date": "2024-12-31"}}))
