"""All events of a kind taken together: what is found in made-up quotes, what is left out, and what is told of Argentina."""

import math

import numpy as np
import pandas as pd
import pytest

from cryptorisk.countries import country
from cryptorisk.models.flight.channel import channel_part
from cryptorisk.models.flight.events import ExchangeEvent, with_devaluations
from cryptorisk.models.flight.joint_effects import (
    CONTROLS,
    DEVALUATIONS,
    joint_effects,
    joint_findings,
    joint_table,
    rates_apart,
)
from cryptorisk.models.flight.premium_tables import PremiumSeries
from cryptorisk.stats.joint_events import joint_change

DAYS = pd.bdate_range("2010-01-01", periods=2600)
PLACES = (300, 800, 1300, 1800, 2300)
JUMP = 12.0
"""Log percent by which the shadow rate rises at each event: eight daily standard deviations."""
GAP = 300.0
"""Log percent between the two rates at the start, more than their walks ever close."""


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
        {"shadow": 100 * np.exp((GAP + walk) / 100), "official": 100 * np.exp(official / 100)}, index=DAYS
    )
    return premium_of(frame)


def premium_of(frame):
    frame["premium"] = 100 * np.log(frame["shadow"] / frame["official"])
    return PremiumSeries(frame, "made-up", ("source",), ("series",))


def picked(seed, *, rates):
    """No effect of anything, devaluations picked by the kit's own rule: one rate that jumps, or two that know nothing of
    one another, of which the official one steps on random days."""
    rng, n = np.random.default_rng(seed), len(DAYS)
    steps = 1.2 * rng.standard_t(3, n) / math.sqrt(3)
    jumped = np.where(rng.random(n) < 6 / n, 20.0, 0.0)
    official = (steps + jumped if rates == 1 else jumped).cumsum()
    shadow = official if rates == 1 else GAP + steps.cumsum()
    frame = pd.DataFrame({"shadow": np.exp(shadow / 100), "official": np.exp(official / 100)}, index=DAYS)
    series = premium_of(frame)
    return series, with_devaluations((), series.daily["official"])


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
    assert "around 5 devaluations with the two rates apart" in text
    assert "after Holm over 2 tests, intervals before it)" in text
    assert "Left out" not in text
    assert "a devaluation that waits for the shadow rate to rise finds that rise" in text
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


def test_kinds_of_changes_are_named_by_what_is_there():
    for kind, words in (
        ("controls_tightened", "5 tightenings of controls"),
        ("controls_eased", "5 easings of controls (sign turned)"),
    ):
        _by_case, made, _series = found(2, [kind] * 5)
        text = joint_findings(made, ())[0].text
        assert words in text
        assert "changes of controls" not in text


def test_devaluations_picked_by_the_jump_of_the_one_rate_are_refused():
    """Dates picked by a jump of the tested price: without an effect of anything p is small in nearly every world."""
    small = []
    for seed in range(15):
        series, events_ = picked(seed, rates=1)
        logs = 100 * np.log(series.daily["shadow"].to_numpy(float))
        at = [int(DAYS.searchsorted(one.day)) for one in events_]
        inside = [place for place in at if 20 <= place < len(DAYS) - 20]
        if len(inside) < 4:
            continue
        rng = np.random.default_rng(1)
        signs = np.ones(len(inside))
        small.append(joint_change(logs, inside, signs, window=20, rng=rng, without=at, draws=999).p <= 0.05)
        made = joint_effects(series, series.daily["shadow"], events_, (), seed=1)
        assert all(isinstance(one.found, str) for one in made)
        (finding,) = joint_findings(made, ())
        assert "devaluations are not tested: 0 events" in finding.text
        assert "the price whose jump picked the date" in finding.text
        assert joint_table(made, series) == ()
    assert len(small) > 8
    assert np.mean(small) > 0.9


def test_steps_beside_another_rate_that_knows_nothing_of_them_are_seldom_found():
    p = []
    for seed in range(45):
        series, events_ = picked(seed, rates=2)
        made = joint_effects(series, series.daily["shadow"], events_, (), seed=1)
        p += [
            one.found.p
            for one in made
            if (one.kind, one.window) == (DEVALUATIONS, 20) and not isinstance(one.found, str)
        ]
    assert len(p) > 30
    assert np.mean(np.array(p) <= 0.1) < 0.2
    assert np.median(p) == pytest.approx(0.5, abs=0.2)


def test_only_steps_with_the_rates_apart_count_whatever_they_are_filed_as():
    """Five steps, one filed as controls eased; the two rates are one before the first two."""
    frame = quotes(1, ["controls_eased"] + ["devaluation"] * 4, stepped=True).daily
    days = np.arange(len(DAYS))
    frame["shadow"] = frame["shadow"].where(days >= PLACES[2] - 100, frame["official"])
    series = premium_of(frame)
    filed = [ExchangeEvent(DAYS[PLACES[2]].date(), "controls_eased", "lifted")]
    events_ = with_devaluations(filed, series.daily["official"])
    assert [one.kind for one in events_].count("devaluation") == 4
    assert all(one.stepped for one in events_)
    apart = rates_apart(series.daily["premium"], DAYS)
    assert not apart[: PLACES[2] - 100].any()
    assert apart[PLACES[2] :].all()
    made = joint_effects(series, series.daily["shadow"], events_, (), seed=1)
    one = next(m for m in made if (m.kind, m.series, m.window) == (DEVALUATIONS, "shadow", 20))
    assert one.days == tuple(DAYS[list(PLACES[2:])])
    assert one.left_out == 2
    assert "Left out are 2 devaluations while the two rates were one" in joint_findings(made, ())[0].text


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


def test_argentina_s_devaluations_in_the_free_market_prove_nothing(inputs_for):
    """2018-05, 2018-08 and 2019-08: the premium was 2 to 3 %, the shadow rate is the official one that jumped."""
    part = channel_part(inputs_for("ARG"), country("ARG"), seed=1)
    table = next(one for one in part.tables if one.id == "flight.premium_joint_events")
    frame = table.frame.set_index(["kind", "series", "window"])
    assert len(frame) == 6
    moved = frame.loc[("Devaluations", "Shadow rate", 20)]
    assert moved["events"] == "2014-01, 2015-12, 2023-08"
    assert frame["holm"].min() > 0.05
    known = frame[frame["reason"] == ""]
    assert (known["holm"] >= known["p"]).all()
    text = next(one.text for one in part.findings if one.id == "flight.premium_joint")
    assert "beyond chance" not in text
    assert f"after Holm over {len(known)} tests, intervals before it)" in text
    assert "around 3 tightenings of controls" in text  # the easing stepped: its premium is arithmetic
    assert "around 4 changes of controls (easings with the sign turned)" in text
    assert "Left out are 3 devaluations" in text
    assert "log %" not in text
    events_ = next(one for one in part.tables if one.id == "flight.premium_events")
    assert "is that jump" in events_.note.replace("\n", " ")
