"""Network externality: all steady states, their stability, thresholds; nothing is missed on random networks."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from cryptorisk.errors import ModelError
from cryptorisk.stats.tipping import PEAK, Network, slack, through


@pytest.mark.parametrize("advantage", [-2.0, -0.5, 0.0, 1.0])
def test_one_state_without_a_strong_externality(advantage):
    """``b phi(0)/s < 1``: the excess falls everywhere."""
    states = Network(advantage, 0.99 / PEAK, 1.0).states()
    assert [one.kind for one in states] == ["stable"]


@pytest.mark.parametrize("strength", [2.6, 4.0, 10.0])
def test_symmetric_case_has_three_states_around_one_half(strength):
    """``a = -b/2``: one half is a state, unstable exactly when the slope there exceeds one."""
    low, middle, high = Network(-strength / 2, strength, 1.0).states()
    assert middle.share == pytest.approx(0.5, abs=1e-12)
    assert (low.kind, middle.kind, high.kind) == ("stable", "unstable", "stable")
    assert low.share + high.share == pytest.approx(1.0, abs=1e-12)
    assert middle.slope == pytest.approx(strength * PEAK - 1)


def test_a_strong_externality_is_not_sufficient():
    assert len(Network(1.0, 5.0, 1.0).states()) == 1
    assert len(Network(-4.9, 5.0, 1.0).states()) == 1


def test_without_externality_the_state_is_the_share_of_those_who_gain():
    (state,) = Network(-0.3, 0.0, 0.5).states()
    assert state.share == pytest.approx(float(ndtr(-0.6)), abs=1e-14)
    assert state.slope == -1


@given(st.floats(-8, 6), st.floats(0, 15), st.floats(0.05, 4))
@settings(max_examples=300, deadline=None)
def test_no_state_is_missed(advantage, externality, spread):
    network = Network(advantage, externality, spread)
    states = network.states()
    assert 1 <= len(states) <= 3
    assert all(abs(network.excess(one.share)) < 1e-12 for one in states)
    grid = np.linspace(0, 1, 4001)
    taste = (advantage + externality * grid) / spread
    excess = np.where(grid < 0.5, ndtr(taste) - grid, (1 - grid) - ndtr(-taste))
    for at in np.flatnonzero((excess[:-1] > 0) & (excess[1:] < 0) | (excess[:-1] < 0) & (excess[1:] > 0)):
        assert any(grid[at] - 1e-12 <= one.share <= grid[at + 1] + 1e-12 for one in states), (at, states)
    # From low to high they alternate, beginning and ending with a stable one, unless two of them touch.
    kinds = [one.kind for one in states]
    if "tangent" not in kinds:
        assert kinds == ["stable", "unstable", "stable"][: len(kinds)]


@given(st.floats(0.001, 0.6), st.floats(0.1, 8), st.floats(0.1, 2), st.floats(0.05, 1))
@settings(max_examples=150, deadline=None)
def test_paths_go_where_the_states_say(share, externality, spread, speed):
    """A stable state draws paths back; from just above a threshold they rise, from just below they fall."""
    network = through(share, externality, spread)
    assert abs(network.excess(share)) < 1e-9
    threshold = network.threshold(share)
    if threshold is None or threshold - share < 1e-4 or threshold > 1 - 1e-4:
        return
    assert network.excess(threshold + 1e-5) > 0 or network.states()[-1].share < threshold + 1e-4
    assert network.excess(threshold - 1e-5) < 0
    moved = threshold - 1e-5
    for _ in range(50):
        before, moved = moved, moved + speed * network.excess(moved)
        assert moved <= before


def test_threshold_of_a_share_between_states():
    network = through(0.05, 1.0, 0.2)
    low, middle, high = network.states()
    assert low.share == pytest.approx(0.05)
    assert network.threshold(0.05) == pytest.approx(middle.share)
    assert network.threshold((low.share + middle.share) / 2) == pytest.approx(middle.share)
    assert network.threshold((middle.share + high.share) / 2) is None
    assert network.threshold(high.share) is None
    assert network.threshold(middle.share) == middle.share


def test_slack_is_what_removes_the_low_state_and_no_less():
    network = through(0.05, 1.0, 0.2)
    room = slack(network)
    assert room > 0

    def lowered(part):
        return Network(network.advantage + part * room * network.spread, 1.0, 0.2)

    assert len(lowered(0.999).states()) == 3
    assert [one.kind for one in lowered(1.0).states()] == ["tangent", "stable"]
    assert len(lowered(1.001).states()) == 1
    assert lowered(1.001).states()[0].share > 0.9


def test_slack_is_none_where_there_is_nothing_to_lose():
    assert slack(Network(-2.0, 2.0, 1.0)) is None  # too weak for a second state
    assert slack(Network(1.0, 5.0, 1.0)) is None  # high adoption alone
    assert slack(Network(-4.9, 5.0, 1.0)) is None  # low adoption alone


def test_periods_count_steps_of_the_path():
    network = Network(0.0, 0.0, 1.0)  # half would adopt whatever others do: the gap shrinks by a factor 1 - g
    expected = math.ceil(math.log((0.5 - 0.45) / 0.5) / math.log(1 - 0.3))
    assert network.periods(0.0, 0.45, 0.3) == expected
    assert network.periods(0.0, 0.51, 0.3) is None
    assert network.periods(0.6, 0.5, 0.3) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Network(0, -0.1, 1),
        lambda: Network(0, 1, 0),
        lambda: Network(math.nan, 1, 1),
        lambda: through(0.0, 1, 1),
        lambda: Network(0, 1, 1).periods(0, 1, 0),
    ],
)
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(ModelError):
        wrong()
