"""What monthly volumes moved with: the world on the embedded vintage, a country on a made-up series of its own."""

import datetime as dt
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from own_money import VINTAGE, written

from cryptorisk.charts import drivers as charts
from cryptorisk.data.inputs import load_inputs
from cryptorisk.estimate import one_digit
from cryptorisk.models.level_relation import LevelRelation, estimate_relation, reason_in_words
from cryptorisk.models.volumes import monthly_drivers as module
from cryptorisk.models.volumes.monthly_driver_sample import DRIVERS, monthly_mean, world_sample
from cryptorisk.models.volumes.monthly_drivers import country_drivers, driver_part, world_drivers
from cryptorisk.params import Params
from cryptorisk.result import Result
from cryptorisk.stats.cusum import stability


def by_name(part):
    return {e.id.removeprefix("volumes."): e for e in part.estimates}


def as_result(part, iso3="KEN"):
    made = Result.build(
        "volumes", "t", iso3, estimates=part.estimates, tables=part.tables, findings=part.findings
    )
    return Result.from_dict(json.loads(json.dumps(made.to_dict(), allow_nan=False)))


@pytest.fixture(scope="module")
def world(inputs_for):
    return world_drivers(inputs_for("KEN"), Params(country="KEN", vintage=VINTAGE))


def test_the_volume_in_dollars_is_the_volume_in_coins_and_the_price(world):
    found = by_name(world)
    rows = world.tables[0].frame.query("driver == 'Price of bitcoin'").set_index("dependent")["value"]
    assert rows.iloc[0] - rows.iloc[1] == pytest.approx(1.0, abs=0.02)
    # Both halves of the sample differ: the whole sample's coefficient is no result, nor is what stands on it.
    for name in ("drivers_price_usd", "drivers_price_coins", "drivers_half_life"):
        assert not found[name].available
        assert "not the same throughout" in found[name].reason
    assert "p = 0.0" in found["drivers_price_coins"].reason


def test_the_sentence_follows_the_numbers(world):
    text = next(f.text for f in world.findings if f.id == "volumes.drivers")
    rows = world.tables[1].frame.set_index("row")
    for equation in ("e0", "e1"):
        for which in ("first", "second"):
            value = rows.loc[f"Price of bitcoin: long run, {which} half (s.e.)", equation].split(" ")[0]
            assert f"{value} % in the {which}" in text
    table = world.tables[0].frame
    coins = table[(table["dependent"].str.contains("coins")) & (table["driver"] == "Price of bitcoin")].iloc[
        0
    ]
    assert f"p = {coins['p']:.3f}, adjusted for {table['p'].notna().sum()} coefficients" in text
    assert "about one for one" in text
    assert "in coins there is no stable relation" in text
    assert f"{coins['value']:.2f} %" not in text
    assert "causes" not in text


def test_what_fails_the_rule_is_refused_with_its_statistics(world):
    count = by_name(world)["drivers_price_count"]
    assert not count.available
    assert "bounds at 5 %" in count.reason
    table = world.tables[0].frame
    refused = table[table["dependent"] == "Transactions of bitcoin"]
    assert refused["value"].isna().all()
    assert refused["same"].notna().all()


def test_tables_tell_bounds_orders_and_checks(world):
    coefficients, tests, paths = world.tables
    assert len(coefficients.frame) == 12
    known = coefficients.frame.dropna(subset=["p"])
    assert (known["p"] <= 1).all()
    assert "Holm" in coefficients.note
    rows = tests.frame.set_index("row")
    for name in ("F, all lagged levels", "t, lagged level of the dependent variable", "RESET, linear form"):
        assert rows.loc[name].notna().all()
    assert rows.loc["Verdict", "e0"] == "level relation"
    assert len(paths.frame) == 2 * 3 * 13
    assert (paths.frame["low"] <= paths.frame["value"]).all()
    assert not paths.shown


def test_the_figure_is_drawn_from_the_tables_that_are_kept(world):
    figure = charts.paths(as_result(world))
    assert figure.svg
    assert figure.alt.startswith("6 panels")
    assert "higher in dollars" in figure.title
    assert charts.table(as_result(world), "drivers_tests").frame.shape[0] >= 12


def test_the_world_is_the_same_for_every_economy(inputs_for, world, monkeypatch):
    monkeypatch.setattr(module, "_last", [])
    other = world_drivers(inputs_for("SLV"), Params(country="SLV", vintage=VINTAGE))
    assert [e.to_dict() for e in other.estimates] == [e.to_dict() for e in world.estimates]


def test_the_sample_has_complete_months_alone(inputs_for):
    frame = world_sample(inputs_for("KEN")).frame
    assert frame.notna().all(axis=None)
    assert frame.index[0] == pd.Timestamp("2014-01-31")
    assert frame.index.equals(pd.date_range("2014-01-31", periods=len(frame), freq="ME"))
    days = pd.Series(1.0, pd.date_range("2020-01-01", "2020-03-10"))
    assert monthly_mean(days).notna().tolist() == [True, True, False]
    price = inputs_for("KEN").series("btc_price_usd", country="WLD").values["2020-05"]
    returns = np.log(inputs_for("KEN").series("btc_price_usd", country="WLD").values).diff()["2020-05"]
    assert np.exp(frame.loc["2020-05-31", "price"]) == pytest.approx(price.mean())
    assert np.exp(frame.loc["2020-05-31", "volatility"]) == pytest.approx(np.sqrt(365 * (returns**2).mean()))


def test_without_the_licence_or_before_enough_months_there_is_nothing(kit_root):
    for change, words in (
        ({"include_non_commercial": False}, "left out for its licence"),
        ({"as_of": dt.date(2017, 6, 30)}, "where 60 are needed"),
    ):
        params = Params(country="KEN", vintage=VINTAGE, **change)
        part = driver_part(load_inputs(params, root=kit_root), params)
        assert not any(e.available for e in part.estimates)
        assert words in by_name(part)["drivers_price_usd"].reason
        assert part.tables == ()
        assert charts.paths(as_result(part)).reason
        assert charts.table(as_result(part), "drivers").reason


@pytest.mark.parametrize("iso3", ["KEN", "NGA", "ARG", "SLV", "DEU"])
def test_without_a_series_of_its_own_a_country_is_told_so(inputs_for, iso3):
    part = country_drivers(inputs_for(iso3), Params(country=iso3, vintage=VINTAGE))
    (estimate,), (finding,) = part.estimates, part.findings
    assert estimate.reason == "the data have no monthly volume of this economy"
    assert "is not estimated" in finding.text
    assert "60 months" in finding.text
    assert "p2p_volume_usd" not in finding.text  # prose names no parameter
    assert charts.table(as_result(part, iso3), "country_drivers").reason == estimate.reason


@pytest.fixture(scope="module")
def frame(inputs_for):
    return world_sample(inputs_for("KEN")).frame


def own_volume(frame, elasticity, seed=1, months=None):
    """A volume whose coins are drawn to ``elasticity`` times the log price."""
    rng = np.random.default_rng(seed)
    coins = np.zeros(len(frame))
    target = elasticity * frame["price"].to_numpy() + 0.3 * frame["vix"].to_numpy()
    coins[0] = target[0]
    for t in range(1, len(frame)):
        coins[t] = coins[t - 1] - 0.4 * (coins[t - 1] - target[t - 1]) + 0.1 * rng.standard_normal()
    series = pd.Series(np.exp(coins + frame["price"].to_numpy()), frame.index)
    return series if months is None else series.iloc[-months:]


@pytest.mark.parametrize("elasticity", [0.5, 0.0, -0.4])
def test_a_known_elasticity_is_found_in_an_own_series(frame, tmp_path, elasticity):
    volume = own_volume(frame, elasticity, seed=3)
    params, inputs = written(tmp_path / "v.csv", "KEN", {"p2p_volume_usd": volume})
    part = country_drivers(inputs, params)
    (estimate,), (finding,) = part.estimates, part.findings
    assert estimate.low < elasticity < estimate.high or estimate.value == pytest.approx(elasticity, abs=0.05)
    assert "bank" in estimate.sources
    said = {0.5: "more coins", 0.0: "not distinguishable", -0.4: "fewer coins"}[elasticity]
    assert said in finding.text
    assert [t.id for t in part.tables] == [
        "volumes.country_drivers",
        "volumes.country_drivers_tests",
        "volumes.country_drivers_paths",
    ]
    assert charts.paths(as_result(part), "country_drivers").svg


def test_a_short_own_series_is_counted(frame, tmp_path):
    volume = own_volume(frame, 0.5, months=40)
    params, inputs = written(tmp_path / "v.csv", "KEN", {"p2p_volume_usd": volume})
    (estimate,) = country_drivers(inputs, params).estimates
    assert "for 40 months" in estimate.reason
    assert "where 60 are needed" in estimate.reason


def test_a_confidential_own_series_leaves_one_digit(frame, tmp_path):
    volume = own_volume(frame, 0.5)
    params, inputs = written(tmp_path / "v.csv", "KEN", {"p2p_volume_usd": volume}, confidential="yes")
    part = country_drivers(inputs, params)
    assert [t.id for t in part.tables] == ["volumes.country_drivers", "volumes.country_drivers_tests"]
    for number in (part.estimates[0].value, part.estimates[0].low, part.estimates[0].high):
        assert number == pytest.approx(one_digit(number))
    for column in part.tables[0].frame.select_dtypes("number"):
        for number in part.tables[0].frame[column].dropna():
            assert number == pytest.approx(one_digit(number))
    assert charts.paths(as_result(part), "country_drivers").reason


@pytest.fixture(scope="module")
def sound(frame):
    """An equation that passes every rule."""
    rng = np.random.default_rng(0)
    return estimate_relation(frame, "coins", DRIVERS, label="Coins", year=12, max_order=1, rng=rng)


def test_an_order_above_one_refuses_before_anything_else(sound):
    assert sound.reason == ""
    changed = LevelRelation(**{**vars(sound), "orders": {**sound.orders, "vix": 2}})
    assert "integrated of an order above one" in changed.reason
    assert DRIVERS["vix"] in changed.reason


def test_a_coefficient_that_differs_between_halves_is_told(world, sound):
    reason = by_name(world)["drivers_price_coins"].reason
    rows = world.tables[1].frame.set_index("row")["e1"]
    for which in ("first", "second"):
        value = rows[f"Price of bitcoin: long run, {which} half (s.e.)"].split(" ")[0]
        assert f"{value} (s.e." in reason
    assert sound.differs
    assert "in the first half of the sample" in sound.unequal
    whole = sound.fit.long_run(level=0.9)[0]
    same = LevelRelation(**{**vars(sound), "halves": (whole, whole)})
    assert not same.differs
    assert same.unequal == ""
    # Signs that differ within their errors are no difference.
    near = (replace(whole, value=0.05, se=0.1), replace(whole, value=-0.05, se=0.1))
    assert not LevelRelation(**{**vars(sound), "halves": near}).differs
    assert not LevelRelation(**{**vars(sound), "halves": None}).differs


def test_a_break_refuses_and_is_dated(sound):
    place = np.arange(sound.fit.n) >= 80
    broken = stability(sound.fit.response + 2.0 * place, sound.fit.design, level=0.01)
    changed = LevelRelation(**{**vars(sound), "stable": broken})
    assert "leaves its 1 % bounds in 20" in changed.reason
    assert "fails a check" in reason_in_words(changed)
