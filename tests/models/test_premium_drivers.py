"""What the premium moved with: Argentina on the embedded vintage, a made-up economy, what is refused, many economies."""

import datetime as dt
import json
import math
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "data"))

from small_vintage import make_vintage

from cryptorisk.countries import countries, country
from cryptorisk.data.catalogue import catalogue
from cryptorisk.data.inputs import load_inputs
from cryptorisk.models.flight.events import sourced_events
from cryptorisk.models.flight.part import GIVES_AWAY
from cryptorisk.models.flight.premium_changes import foretold, premium_changes
from cryptorisk.models.flight.premium_driver_sample import (
    FEWEST_MONTHS,
    MAIN,
    driver_sample,
    longest_run,
    state,
)
from cryptorisk.models.flight.premium_drivers import controls_gap, drivers_part
from cryptorisk.models.flight.premium_levels import determined, premium_levels
from cryptorisk.models.flight.premium_pooled import REGRESSORS, panel_sample, pooled_of
from cryptorisk.models.flight.premium_pooled_report import pooled_part
from cryptorisk.params import Params
from cryptorisk.result import Result

DAYS = pd.bdate_range("2014-01-01", "2022-12-31")
CAUSAL = ("caus", "drives", "driven by", "leads to", "because of", "impact", "raises", "lowers")


def by_name(part):
    return {one.id.removeprefix("flight."): one for one in part.estimates}


def as_result(part, iso3):
    made = Result.build(
        "flight", "t", iso3, estimates=part.estimates, tables=part.tables, findings=part.findings
    )
    return Result.from_dict(json.loads(json.dumps(made.to_dict(), allow_nan=False)))


@pytest.fixture(scope="module")
def argentina(inputs_for):
    return drivers_part(inputs_for("ARG"), country("ARG"), seed=1)


def test_argentina_has_a_gap_between_states_and_no_driver_beyond_chance(argentina):
    found = by_name(argentina)
    gap = found["premium_controls_gap"]
    assert gap.interval == "range"
    assert gap.low < gap.value < gap.high
    assert 50 < gap.value < 65
    assert gap.unit == "pct"
    for name in ("controls", "reserves"):
        assert "where 10 are needed" in found[f"premium_with_{name}"].reason
    for name in ("depreciation", "volatility"):
        one = found[f"premium_with_{name}"]
        assert one.interval == "confidence"
        assert one.low < 0 < one.high
        assert "average over calm and turmoil" in one.note
        assert one.date == "2010-10/2023-11"
        assert one.n_obs == 157


def test_argentina_is_told_with_its_tests_and_without_causal_words(argentina):
    result = as_result(argentina, "ARG")
    assert {"premium_drivers", "premium_drivers_tests", "premium_drivers_variants"} <= set(result.tables)
    tests = result.tables["premium_drivers_tests"].frame.set_index("row")["value"]
    assert tests["Levels: coefficients told"].startswith("no: the hypothesis of linear form is rejected")
    assert tests["Error saved on them against no change"].endswith("not used")
    assert "level" not in [one.name for one in result.tables["premium_drivers"].columns]
    text = next(one.text for one in argentina.findings if one.id == "flight.premium_drivers")
    assert (
        "With controls in force the shadow rate stood 57 % higher against the official one than without"
        in text
    )
    assert "log %" not in text
    assert "p = " not in text
    assert tests["Changes: volatility, adjusted for 2"].startswith("p")
    assert "neither an effect of controls nor a channel" in text
    assert not [word for word in CAUSAL if word in text.lower().replace("neither an effect", "")]


def test_bolivia_is_refused_with_the_number_of_its_months(inputs_for):
    part = drivers_part(inputs_for("BOL"), country("BOL"), seed=1)
    assert not part.tables
    own = [one for one in part.estimates if "pooled" not in one.id]
    assert len(own) == 1 + len(MAIN)
    assert all(f"where {FEWEST_MONTHS} are needed" in one.reason for one in own)
    assert "not estimated" in part.findings[0].text


def test_without_a_premium_there_is_nothing(inputs_for):
    assert drivers_part(inputs_for("KEN"), country("KEN"), seed=1).estimates == ()


class Column:
    def __init__(self, values, source="world"):
        self.values, self.source_ids = values, (source,) if len(values) else ()
        self.empty = values.empty


class Vintage:
    sha256 = "made up"


class World:
    """A made-up economy behind the interface of the kit's inputs: a premium that grows with past depreciation."""

    catalogue = catalogue()
    vintage = Vintage()
    own_series = frozenset()
    _without = frozenset()
    as_of = dt.date(2026, 6, 30)

    def __init__(self, *, confidential=(), iso3="KEN", index=True, fixed=False, months=None, monthly=False):
        rng = np.random.default_rng(4)
        ends = pd.date_range("2011-01-31", "2022-12-31", freq="ME")
        pace = 0.0 if fixed else 0.01 * rng.standard_normal(len(ends)).cumsum() / 4 + 0.01
        official = pd.Series(100 * np.exp(np.cumsum(np.broadcast_to(pace, len(ends)))), ends)
        past = 100 * (np.log(official).diff(12).shift(1)) / 10
        days = DAYS if months is None else DAYS[: 21 * months]
        by_day = past.reindex(days, method="bfill").to_numpy()
        noise = 0.1 * rng.standard_normal(len(days)).cumsum()
        beside = official.reindex(days, method="bfill").to_numpy()
        shadow = pd.Series(beside * np.exp((20 + 4 * by_day + noise) / 100), days)
        price = pd.date_range("2013-01-01", "2022-12-31", freq="D")
        years = pd.date_range("2010-12-31", "2022-12-31", freq="YE")
        self.columns = {
            "parallel_fx_lcu_per_usd": shadow,
            "official_fx_lcu_per_usd": official,
            "btc_price_usd": pd.Series(np.exp(0.03 * rng.standard_normal(len(price)).cumsum()), price),
            "reserves_monthly_usd": pd.Series(
                1e9 * np.exp(0.03 * rng.standard_normal(len(ends)).cumsum()), ends
            ),
            "imports_gs_usd": pd.Series(3e9, years),
        }
        if monthly:
            by_month = shadow.resample("ME").mean()
            self.columns["crypto_parallel_fx_lcu_per_usd"] = by_month
        if index:
            steps = 0.5 + 0.4 * np.sin(np.arange(len(years)))
            self.columns["ka_open_norm01"] = pd.Series(steps, years)
        self.confidential, self.country = frozenset(confidential), iso3

    def series(self, id, *, country=None, sources=None):
        world = id.startswith(("btc", "us_"))
        known = id in self.columns and (country == "WLD") == world
        return Column(self.columns[id] if known else pd.Series(dtype=float, index=pd.DatetimeIndex([])))

    def economies(self, id):
        return (self.country,) if id in self.columns else ()

    def panel(self, id, *, sources=None):
        return pd.DataFrame()


@pytest.mark.parametrize("monthly", [False, True])
def test_a_driver_of_a_made_up_premium_is_found_by_day_and_by_month(monthly):
    part = drivers_part(World(monthly=monthly), country("KEN"), seed=1)
    found = by_name(part)
    one = found["premium_with_depreciation"]
    assert one.low < 100 * math.expm1(0.04) < one.high
    assert one.low > 2
    assert found["premium_with_reserves"].available
    assert found["premium_with_reserves"].low < 0 < found["premium_with_reserves"].high
    assert found["premium_controls_gap"].reason.startswith("controls are an index here")
    text = part.findings[0].text
    assert "beyond chance, 10 points more official depreciation over the 12 months before with" in text
    as_result(part, "KEN")


def test_what_stands_still_is_left_out_with_its_reason():
    sample = driver_sample(World(fixed=True, index=False))
    assert "depreciation" not in sample.drivers
    assert "commonest value" in sample.left_out["depreciation"]
    assert "neither dated controls" in sample.left_out["controls"]
    assert sample.drivers == ("reserves", "volatility")
    part = drivers_part(World(fixed=True, index=False), country("KEN"), seed=1)
    assert "commonest value" in by_name(part)["premium_with_depreciation"].reason
    assert by_name(part)["premium_controls_gap"].reason.startswith("controls: the data have neither")


def test_too_few_months_and_confidential_figures_are_refused():
    short = drivers_part(World(months=30), country("KEN"), seed=1)
    assert all("where 60 are needed" in one.reason for one in short.estimates if "pooled" not in one.id)
    for id in ("parallel_fx_lcu_per_usd", "reserves_monthly_usd"):
        kept = drivers_part(World(confidential=(id,)), country("KEN"), seed=1)
        assert not kept.tables
        assert not kept.findings
        assert {one.reason for one in kept.estimates if "pooled" not in one.id} == {GIVES_AWAY}


def test_the_state_of_controls_follows_the_dated_events():
    months = pd.date_range("2011-09-30", "2016-01-31", freq="ME")
    found = state(sourced_events("ARG", dt.date(2026, 1, 1)), months)
    assert found["2011-09-30"] == 0
    assert found["2011-10-31"] == pytest.approx(1 / 31)
    assert found["2013-05-31"] == 1
    assert found["2015-12-31"] == pytest.approx(16 / 31)
    assert found["2016-01-31"] == 0
    assert state(sourced_events("NGA", dt.date(2026, 1, 1)), months) is None


def test_the_longest_run_ends_at_a_gap_and_at_another_comparison():
    months = pd.date_range("2020-01-31", periods=12, freq="ME")
    values = pd.Series(np.arange(12.0), months)
    values.iloc[3] = np.nan
    assert list(longest_run(values)) == list(range(4, 12))
    assert list(longest_run(values, [pd.Timestamp("2020-10-15")])) == [4, 5, 6, 7, 8]
    assert list(longest_run(values, [pd.Timestamp("2020-09-15")])) == [4, 5, 6, 7]
    assert longest_run(values * np.nan).empty


def test_a_later_figure_moves_no_earlier_month():
    """Reserves and depreciation are of the months before: what comes after a month does not change its row."""
    world = World()
    before = driver_sample(world).frame
    for id in ("official_fx_lcu_per_usd", "reserves_monthly_usd"):
        changed = world.columns[id].copy()
        changed.iloc[-1] *= 2
        world.columns[id] = changed
    after = driver_sample(world).frame
    names = ["reserves", "depreciation"]
    pd.testing.assert_frame_equal(before[names], after[names])


def test_months_not_seen_are_told_from_the_months_before():
    rng = np.random.default_rng(1)
    index = pd.date_range("2010-01-31", periods=130, freq="ME")
    x = rng.standard_normal(130)
    changes = pd.DataFrame({"premium": 3 * x + rng.standard_normal(130), "a": x}, index)
    better, months = foretold(changes, ["a"])
    assert months == 70
    assert better.enough
    assert better.clusters == 6
    assert foretold(changes.iloc[:100], ["a"])[0] is None


def test_a_state_that_holds_from_the_start_delays_the_recursion():
    design = np.column_stack([np.ones(40), np.arange(40) >= 15, np.random.default_rng(1).standard_normal(40)])
    assert determined(design.astype(float)) == 16


def test_gap_and_levels_of_argentina(inputs_for):
    sample = driver_sample(inputs_for("ARG"))
    gap = controls_gap(sample)
    assert len(gap.by_spell) == 2
    levels = premium_levels(sample, np.random.default_rng(1))
    assert levels.relation.test.f.lower == levels.relation.test.f.upper
    assert set(levels.relation.orders) == {"premium", "depreciation", "volatility"}
    changes = premium_changes(sample)
    assert changes.told == ("depreciation", "volatility")
    assert {one.name for one in changes.other_measures} == {"rate_gap", "inflation_gap", "volatility_month"}


def many(rng, economies):
    """Rows of a vintage in which crypto-based premia grow with past depreciation within every economy."""
    own = [one.iso3 for one in countries() if one.status_on(dt.date(2020, 1, 1)) == "own_currency"][
        :economies
    ]
    union = [one.iso3 for one in countries() if one.status_on(dt.date(2020, 1, 1)) == "currency_union"][:2]
    months = pd.date_range("2014-06-30", "2020-12-31", freq="ME")
    rows = []
    for iso3 in own + union:
        log_rate = np.cumsum(0.01 + 0.01 * rng.standard_normal(len(months)))
        past = np.full(len(months), np.nan)
        past[13:] = 10 * (log_rate[12:-1] - log_rate[:-13])
        premium = 10 + 3 * past + rng.standard_normal(len(months))
        for month, rate, log_premium in zip(months, np.exp(log_rate), premium, strict=True):
            rows.append(("official_fx_lcu_per_usd", iso3, f"{month:%Y-%m-%d}", rate, "imf_er_2026_01"))
            if np.isfinite(log_premium):
                shadow = rate * np.exp(log_premium / 100)
                rows.append(
                    ("crypto_parallel_fx_lcu_per_usd", iso3, f"{month:%Y-%m-%d}", shadow, "imf_wpcper_live")
                )
        for year in range(2013, 2021):
            for id, value, source in (
                ("reserves_usd", 1e9 * np.exp(0.2 * rng.standard_normal()), "wdi"),
                ("imports_gs_usd", 2e9, "wdi"),
                ("ka_open_norm01", rng.uniform(), "chinn_ito_2022"),
            ):
                rows.append((id, iso3, f"{year}-12-31", value, source))
    return rows, own


def loaded(tmp_path, rows):
    make_vintage(tmp_path, "2026-01-31", rows)
    return load_inputs(Params(country="KEN", vintage="2026-01-31", as_of=dt.date(2026, 1, 31)), data=tmp_path)


def test_many_economies_are_pooled_where_the_vintage_has_their_rates(tmp_path):
    rows, own = many(np.random.default_rng(1), 24)
    inputs = loaded(tmp_path, rows)
    frame = panel_sample(inputs, inputs.panel("crypto_parallel_fx_lcu_per_usd"))
    assert set(frame["country"]) == set(own)
    part = pooled_part(inputs, spoken=False)
    found = by_name(part)
    assert set(found) == {f"premium_pooled_{name}" for name in REGRESSORS}
    one = found["premium_pooled_depreciation"]
    assert one.value == pytest.approx(3, abs=0.2)
    assert one.low < 3 < one.high
    for name in ("controls", "reserves"):
        assert found[f"premium_pooled_{name}"].low < 0 < found[f"premium_pooled_{name}"].high
    assert set(one.sources) >= {"imf_wpcper_live", "imf_er_2026_01", "chinn_ito_2022"}
    text = part.findings[0].text
    assert "higher with more past depreciation" in text
    assert "Across 24 economies" in text
    as_result(part, "KEN")


def test_few_economies_are_refused(tmp_path):
    inputs = loaded(tmp_path, many(np.random.default_rng(2), 12)[0])
    assert pooled_of(inputs) == (
        "12 economies have a crypto-based premium and its drivers for 24 months where 20 are needed"
    )
    assert pooled_part(inputs, spoken=False).estimates == ()
    (missing,) = pooled_part(inputs, spoken=True).estimates
    assert "12 economies" in missing.reason


def test_without_rates_the_pooled_regression_says_so_once(inputs_for):
    (missing,) = pooled_part(inputs_for("ARG"), spoken=True).estimates
    assert "which a refresh fetches" in missing.reason
