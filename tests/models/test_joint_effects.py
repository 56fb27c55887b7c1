"""All events of a kind taken together: what is found in made-up quotes, what is left out, and what is told of Argentina."""

import datetime as dt
import math

import numpy as np
import pandas as pd
import pytest

from cryptorisk.countries import country
from cryptorisk.models.flight.channel import channel_part
from cryptorisk.models.flight.events import ExchangeEvent
from cryptorisk.models.flight.joint_effects import (
    CONTROLS,
    DEVALUATIONS,
    joint_effects,
    joint_findings,
    joint_table,
)
from cryptorisk.models.flight.premium_tables import PremiumSeries

DAYS = pd.bdate_range("2010-01-01", periods=2600)
PLACES = (300, 800, 1300, 1800, 2300)
JUMP = 12.0
"""Log percent by which the shadow rate rises at each event: eight daily standard deviations."""


def events(kinds):
    return [
        ExchangeEvent(DAYS[place].date(), kind, "made up") for place, kind in zip(PLACES, kinds, strict=True)
    ]


def quotes(seed, kinds, *, stepped=False):
    """A shadow rate that jumps at the events (down where controls are eased) over an official one that may step there."""
    walk = 1.5 * np.random.default_rng(seed).standard_normal(len(DAYS)).cumsum()
    official = np.zeros(len(DAYS))
    for place, kind in zip(PLACES, kinds, strict=True):
        walk[place:] += JUMP * (-1 if kind == "controls_eased" else 1)
        official[place:] += 25.0 if stepped else 0.0
    frame = pd.DataFrame(
        {"shadow": 150 * np.exp(walk / 100), "official": 100 * np.exp(official / 100)}, index=DAYS
    )
    frame["premium"] = 100 * np.log(frame["shadow"] / frame["official"])
    return PremiumSeries(frame, "made-up", ("source",), ("series",))


def found(seed, kinds, *, changes=(), **more):
    series = quotes(seed, kinds, **more)
    made = joint_effects(series, series.daily["shadow"], events(kinds), changes, seed=1)
    return {(one.kind, one.series, one.window): one for one in made}, made, series


def test_what_devaluations_move_is_found_and_told_in_percent():
    by_case, made, series = found(1, ["devaluation"] * 5, stepped=True)
    one = by_case[DEVALUATIONS, "shadow", 20]
    assert one.found.low < JUMP < one.found.high
    assert one.found.low > 0
    assert one.adjusted < 0.05
    assert one.days == tuple(DAYS[list(PLACES)])
    assert (DEVALUATIONS, "premium", 20) not in by_case  # there its change is arithmetic
    assert all(isinstance(by_case[CONTROLS, name, 20].found, str) for name in ("premium", "shadow"))
    text = joint_findings(made, ())[0].text
    assert "beyond chance, the shadow rate rose by" in text
    assert "around 5 devaluations" in text
    assert "log %" not in text
    assert f"rose by {100 * math.expm1(one.found.change / 100):.0f} %" in text
    assert "controls" not in text
    (table,) = joint_table(made, series)
    assert set(table.frame["reason"]) == {"", "0 events with 20 quotes either side; 3 are needed"} | {
        "0 events with 60 quotes either side; 3 are needed"
    }


def test_easings_count_with_their_sign_turned():
    kinds = [
        "controls_tightened",
        "controls_eased",
        "controls_tightened",
        "controls_eased",
        "controls_tightened",
    ]
    by_case, made, _series = found(2, kinds)
    for name in ("premium", "shadow"):
        one = by_case[CONTROLS, name, 20]
        assert one.found.low < JUMP < one.found.high
        assert one.adjusted < 0.05
    assert "5 changes of controls (easings with the sign turned)" in joint_findings(made, ())[0].text


def test_the_premium_is_left_out_where_the_official_rate_stepped():
    by_case, _made, _series = found(3, ["controls_tightened"] * 5, stepped=True)
    assert by_case[CONTROLS, "premium", 20].found.startswith("0 events")
    assert by_case[CONTROLS, "shadow", 20].found.low > 0


def test_windows_do_not_reach_across_a_change_of_the_comparison():
    kinds = ["controls_tightened"] * 5
    near = [DAYS[place + 5] for place in PLACES[:3]]
    by_case, _made, _series = found(4, kinds, changes=near)
    assert by_case[CONTROLS, "premium", 20].found.startswith("2 events")
    assert len(by_case[CONTROLS, "shadow", 20].days) == 5


def test_holm_counts_all_cases_and_chance_is_called_chance():
    """Events on days without an effect."""
    beyond = 0
    for seed in range(12):
        series = quotes(100 + seed, ["regime"] * 5)
        flat = series.daily["shadow"] / np.exp(
            JUMP / 100 * np.searchsorted(PLACES, np.arange(len(DAYS)), "right")
        )
        made = joint_effects(series, flat, events(["devaluation"] * 5), (), seed=1)
        told = [one for one in made if not isinstance(one.found, str)]
        assert len(told) == 2
        assert all(one.adjusted >= one.found.p for one in told)
        assert min(one.adjusted for one in told) == pytest.approx(min(1, 2 * min(t.found.p for t in told)))
        beyond += min(one.adjusted for one in told) < 0.05
        if min(one.adjusted for one in told) >= 0.05:
            assert "not told from chance" in joint_findings(made, ())[0].text
    assert beyond <= 2


def test_without_events_there_is_neither_table_nor_sentence():
    series = quotes(5, ["regime"] * 5)
    made = joint_effects(series, series.daily["shadow"], [], (), seed=1)
    assert joint_table(made, series) == ()
    assert joint_findings(made, ()) == ()


def test_argentina_s_shadow_rate_moved_with_devaluations_and_not_told_with_controls(inputs_for):
    part = channel_part(inputs_for("ARG"), country("ARG"), seed=1)
    table = next(one for one in part.tables if one.id == "flight.premium_joint_events")
    frame = table.frame.set_index(["kind", "series", "window"])
    assert len(frame) == 6
    moved = frame.loc[("Devaluations", "Shadow rate", 20)]
    assert 15 < moved["change"] < 26
    assert 10 < moved["low"] < moved["change"] < moved["high"] < 32
    assert moved["holm"] < 0.01
    assert frame.drop(index="Devaluations")["holm"].min() > 0.05
    assert (frame["holm"] >= frame["p"]).all()
    text = next(one.text for one in part.findings if one.id == "flight.premium_joint")
    assert "beyond chance, the shadow rate rose by 23 %" in text
    assert "not told from chance" in text
    assert "log %" not in text
    assert dt.date(2014, 1, 23).strftime("%Y-%m") in moved["events"]
