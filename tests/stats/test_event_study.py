import numpy as np
import pytest

from cryptorisk.errors import ModelError
from cryptorisk.stats.event_study import (
    LEAST_WINDOWS,
    change_around,
    event_changes,
    free_positions,
    jumps,
    least_p,
    restlessness,
)


def walk(n, seed):
    return np.random.default_rng(seed).standard_normal(n).cumsum() * 0.2


def test_a_change_is_a_difference_of_means():
    series = np.array([1.0, 2.0, 3.0, 10.0, 20.0, 30.0])
    assert change_around(series, np.array([3]), 2) == pytest.approx([20.0 - 2.5])


def test_a_planted_step_is_told_from_chance_and_its_size_is_within_the_interval():
    series = walk(2000, 1)
    series[1000:] += 12.0
    (found,) = event_changes(series, [1000], window=20)
    assert found.low < 12.0 < found.high
    assert found.change == pytest.approx(12.0, abs=2.5)
    assert found.p == least_p(found.windows)
    assert found.dates == 2000 - 2 * 20 - 81
    assert found.windows == found.dates // 41


def test_p_values_of_dates_without_an_event_are_spread_evenly():
    p = []
    for seed in range(200):
        rng = np.random.default_rng(seed)
        (found,) = event_changes(walk(900, seed), [int(rng.integers(60, 840))], window=10)
        p.append(found.p)
    assert np.mean(np.array(p) < 0.1) == pytest.approx(0.1, abs=0.06)
    assert np.mean(p) == pytest.approx(0.5, abs=0.06)


def test_the_smallest_p_is_no_smaller_than_independent_windows_allow():
    """A thousand overlapping dates beside one event are not a thousand looks: the tail of p was too thin by twenty times."""
    size, bound = 0, 0.0
    for seed in range(400):
        rng = np.random.default_rng(seed)
        (found,) = event_changes(walk(1700, seed), [int(rng.integers(60, 1640))], window=60)
        bound = least_p(found.windows)
        assert bound <= found.p <= 1
        size += found.p <= bound + 1e-12
    assert bound > 0.05
    assert size / 400 <= bound


def test_p_is_the_rank_among_windows_side_by_side_averaged_over_where_they_begin():
    series, window, event = walk(1400, 11), 20, 700
    (found,) = event_changes(series, [event], window=window)
    free = free_positions(len(series), np.array([event]), window)
    size = np.abs(change_around(series, free, window) - found.usual) / restlessness(series, free, window)
    own = abs(found.change) / restlessness(series, np.array([event]), window)[0]
    wide = 2 * window + 1
    counts = [(size[free % wide == phase] >= own).sum() for phase in range(wide)]
    sides = [(free % wide == phase).sum() for phase in range(wide)]
    assert np.mean(counts) > 0
    assert found.p == pytest.approx((1 + np.mean(counts)) / (1 + np.mean(sides)), abs=0.02)


def test_the_interval_holds_nought_just_where_p_is_above_its_level():
    inside = 0
    for seed in range(150):
        rng = np.random.default_rng(seed)
        series = np.cumsum(rng.standard_gamma(0.5, 900) - 0.5)  # lopsided: the tails of the two sides differ
        (found,) = event_changes(series, [int(rng.integers(60, 840))], window=10)
        assert (found.low <= 0 <= found.high) == (found.p > 0.1)
        inside += found.p > 0.1
    assert 0 < inside < 150


def test_an_interval_that_the_windows_cannot_tell_is_endless():
    (found,) = event_changes(walk(500, 3), [250], window=10, level=0.99)
    assert LEAST_WINDOWS <= found.windows < 99
    assert (found.low, found.high) == (-np.inf, np.inf)


def test_what_is_usual_is_taken_off():
    """A price that always rises by 0.3 a day does so at events too."""
    series = walk(1500, 2) * 0.1 + 0.3 * np.arange(1500)
    (found,) = event_changes(series, [700], window=20)
    assert found.usual == pytest.approx(0.3 * 20.5, abs=0.3)
    assert found.change == pytest.approx(0.0, abs=0.5)
    assert found.p > 0.05


def test_other_windows_share_nothing_with_an_event():
    free = free_positions(200, np.array([100]), 10)
    assert free.min() == 10
    assert free.max() == 189
    assert not set(free) & set(range(80, 121))


def test_further_positions_are_kept_out():
    series = walk(1200, 3)
    series[600:] += 50.0
    (clean,) = event_changes(series, [300], window=10, without=[600])
    (spoilt,) = event_changes(series, [300], window=10)
    assert clean.high - clean.low < spoilt.high - spoilt.low


def test_refusals():
    series = walk(400, 4)
    with pytest.raises(ModelError, match="leaves the series"):
        event_changes(series, [5], window=20)
    with pytest.raises(ModelError, match="windows of 41 need 410"):
        event_changes(series, [200], window=20)


def test_jumps_are_dated_at_their_largest_step():
    rate = np.full(100, 10.0)
    rate[40:] = 10.3
    rate[42:] = 13.0
    rate[80:] = 13.5
    assert jumps(rate, size=0.10, span=5, apart=20).tolist() == [42]


def test_a_rise_of_just_a_tenth_counts_and_a_slow_one_does_not():
    rate = np.full(60, 10.0)
    rate[30:] = 11.0
    assert jumps(rate, size=0.10, span=5, apart=20).tolist() == [30]
    slow = 10 * 1.01 ** np.arange(60)
    assert jumps(slow, size=0.10, span=5, apart=20).tolist() == []


def test_rises_far_apart_are_two():
    rate = np.full(200, 10.0)
    rate[50:] = 12.0
    rate[150:] = 15.0
    assert jumps(rate, size=0.10, span=5, apart=20).tolist() == [50, 150]
    with pytest.raises(ModelError, match="positive"):
        jumps(rate - 10, size=0.1, span=5, apart=20)


def test_a_restless_spell_is_no_event():
    """Steps three times as large from well before the date: changes are ranked for the restlessness of their time."""
    told = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        sd = np.ones(1200)
        sd[500:700] = 3.0
        series = (sd * rng.standard_normal(1200)).cumsum()
        told += event_changes(series, [600], window=20)[0].p < 0.05
    assert told <= 8


def test_restlessness_is_the_standard_deviation_of_the_steps_before():
    series = 1e6 + walk(300, 5)
    expected = [np.diff(series[at - 20 : at]).std() for at in (50, 200)]
    assert restlessness(series, np.array([50, 200]), 20) == pytest.approx(expected, rel=1e-6)
    assert restlessness(np.r_[np.zeros(100), walk(100, 6)], np.array([60]), 20)[0] > 0
