"""The mean change around several events, against draws of other dates."""

import numpy as np
import pytest

from cryptorisk.errors import ModelError
from cryptorisk.stats.event_study import change_around
from cryptorisk.stats.joint_events import FEWEST, _beside, joint_change

WINDOW = 20
EVENTS = (400, 900, 1400, 1900, 2400)


def walk(seed, n=3000):
    return np.random.default_rng(seed).standard_normal(n).cumsum()


def study(series, events=EVENTS, signs=None, seed=1, **more):
    signs = np.ones(len(events)) if signs is None else signs
    return joint_change(
        series, events, signs, window=WINDOW, rng=np.random.default_rng(seed), draws=1999, **more
    )


def moved(series, size, signs):
    out = series.copy()
    for place, sign in zip(EVENTS, signs, strict=True):
        out[place:] += sign * size
    return out


def test_an_effect_too_small_for_one_event_is_found_in_five():
    signs = np.array([1, -1, 1, 1, -1])
    series = moved(walk(3), 6.0, signs)
    found = study(series, signs=signs)
    assert found.p < 0.01
    assert found.low <= 6.0 <= found.high
    assert found.low > 0
    assert found.positions == EVENTS
    raw = signs * change_around(series, np.array(EVENTS), WINDOW)
    assert found.change == pytest.approx(raw.mean(), abs=0.5)  # the usual change is near nought


def test_without_signs_opposite_effects_cancel():
    signs = np.array([1, -1, 1, -1, 1])
    series = moved(walk(3), 6.0, signs)
    assert study(series, signs=signs).p < study(series).p


def test_no_effect_is_seldom_found():
    p = np.array(
        [
            study(
                walk(seed), sorted(np.random.default_rng(900 + seed).choice(70, 5, replace=False) * 41 + 60)
            ).p
            for seed in range(80)
        ]
    )
    assert (p <= 0.1).mean() < 0.2
    assert np.median(p) == pytest.approx(0.5, abs=0.15)


def test_the_interval_holds_nought_where_p_is_large():
    for seed in range(15):
        found = study(walk(seed))
        assert (found.low <= 0 <= found.high) == (found.p > 0.1)


def test_a_restless_time_is_allowed_for():
    steps = np.random.default_rng(5).standard_normal(3000)
    for place in EVENTS:
        steps[place - 60 : place + 60] *= 5
    loud = study(steps.cumsum())
    calm = study(np.random.default_rng(5).standard_normal(3000).cumsum())
    assert loud.high - loud.low > 3 * (calm.high - calm.low)
    assert loud.p > 0.05


def test_events_that_share_a_window_count_once():
    found = study(walk(2), events=(400, 430, 900, 1400))
    assert found.positions == (400, 900, 1400)


def test_windows_beside_one_another():
    dates = np.array([*range(10, 40), *range(100, 130)])
    assert _beside(dates, 0, 20).tolist() == [10, 30, 100, 120]
    assert _beside(dates, 5, 20).tolist() == [15, 35, 100, 120]


def test_other_dates_come_from_the_state_that_the_events_are_in():
    """A series that is restless in its second half alone, where the events are."""
    steps = np.random.default_rng(6).standard_normal(3000)
    steps[:1500] += 1.0  # the first half drifts: its windows change by 20 without any event
    state = np.arange(3000) >= 1500
    series = steps.cumsum()
    inside = study(series, events=(1700, 2100, 2500, 2800), among=state)
    anywhere = study(series, events=(1700, 2100, 2500, 2800))
    assert inside.windows < 0.6 * anywhere.windows
    assert inside.p > 0.1
    assert abs(inside.change) < abs(anywhere.change)
    with pytest.raises(ModelError, match="are needed"):
        study(series, events=(1700, 2100, 2500), among=np.arange(3000) >= 2700)


def test_it_is_the_same_again():
    assert study(walk(2)) == study(walk(2))


@pytest.mark.parametrize(
    ("events", "n", "words"),
    [
        (EVENTS[:2], 3000, f"{FEWEST} are needed"),
        (EVENTS[:3], 1450, "are needed"),
        ((5, 900, 1400), 3000, "leaves the series"),
    ],
)
def test_what_cannot_be_told_is_refused(events, n, words):
    without = range(450, 1400, 30) if n == 1450 else ()
    with pytest.raises(ModelError, match=words):
        study(walk(1, n), events=events, without=without)


def test_a_series_quoted_in_steps_is_refused():
    """Flat but for jumps at the events: every drawn change would be nought and the interval without width."""
    with pytest.raises(ModelError, match=r"does not move in .* around other dates"):
        study(moved(np.zeros(3000), 20.0, np.ones(5)))


def test_events_in_a_spell_that_stands_still_are_refused():
    """The other half moves, so that most other dates do; what the events' own time does by chance is not known."""
    series = walk(4, 6000)
    series[:2700] = series[2700]
    with pytest.raises(ModelError, match="does not move in 5 of 5 windows before events"):
        study(moved(series, 20.0, np.ones(5)))


def test_a_rate_that_moves_now_and_then_is_judged():
    series = np.where(np.arange(3000) % 15 == 0, np.random.default_rng(6).standard_normal(3000), 0.0).cumsum()
    found = study(series)
    assert found.high > found.low
