import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "recovery"))
from discovery_world import pair, true_shares

from cryptorisk.errors import ModelError
from cryptorisk.stats.discovery_shares import discovery_shares
from cryptorisk.stats.pair_model import fit_pair
from cryptorisk.stats.pair_relation import pair_relation
from cryptorisk.stats.price_discovery import discover
from cryptorisk.stats.share_intervals import share_intervals

SPEEDS, SD = (-0.03, 0.09), (0.01, 0.012)


def test_a_long_sample_gives_speeds_and_shares_back():
    x = pair(20_000, SPEEDS, np.random.default_rng(1), sd=SD, correlation=0.4, short=0.2)
    model = fit_pair(x, lags=1)
    component, lower, upper = true_shares(SPEEDS, SD, 0.4)
    assert model.speeds == pytest.approx(SPEEDS, abs=0.01)
    assert model.shares.component == pytest.approx(component, abs=0.05)
    assert (model.shares.lower, model.shares.upper) == pytest.approx((lower, upper), abs=0.06)


def test_the_order_of_prices_turns_the_shares():
    x = pair(1500, SPEEDS, np.random.default_rng(2), sd=SD, correlation=0.3)
    one, other = fit_pair(x, lags=2).shares, fit_pair(x[:, ::-1], lags=2).shares
    assert one.component + other.component == pytest.approx(1)
    assert (one.lower + other.upper, one.upper + other.lower) == pytest.approx((1, 1))
    assert one.modified + other.modified == pytest.approx(1)


def test_units_and_levels_do_not_matter():
    x = pair(800, SPEEDS, np.random.default_rng(3), sd=SD)
    one, other = fit_pair(x, lags=1).shares, fit_pair(100 * x + 7, lags=1).shares
    assert one.middle == pytest.approx(other.middle)


def test_intervals_hold_the_truth_and_do_not_change_with_the_same_seed():
    x = pair(1000, SPEEDS, np.random.default_rng(4), sd=SD, correlation=0.3)
    model = fit_pair(x, lags=1)
    found = share_intervals(model, x, rng=np.random.default_rng(1), replications=199)
    again = share_intervals(model, x, rng=np.random.default_rng(1), replications=199)
    assert found == again
    component, lower, upper = true_shares(SPEEDS, SD, 0.3)
    assert found.component[0] < component < found.component[1]
    assert found.middle[0] < (lower + upper) / 2 < found.middle[1]
    assert 0 <= found.middle[0] < found.middle[1] <= 1


def test_prices_of_their_own_are_refused():
    x = np.random.default_rng(5).standard_normal((500, 2)).cumsum(axis=0) * 0.01
    with pytest.raises(ModelError, match="not held together"):
        discover(x, rng=np.random.default_rng(1))


def test_a_price_that_is_set_is_refused():
    x = np.column_stack([pair(400, SPEEDS, np.random.default_rng(6))[:, 0], np.full(400, 1.93)])
    x[200:, 1] += 0.2
    with pytest.raises(ModelError, match="set and not found"):
        pair_relation(x)


def test_prices_that_return_to_levels_are_refused():
    rng = np.random.default_rng(7)
    x = np.zeros((600, 2))
    for t in range(1, 600):
        x[t] = 0.6 * x[t - 1] + 0.01 * rng.standard_normal(2)
    with pytest.raises(ModelError, match="level of their own"):
        discover(x, rng=rng)


def test_prices_that_rise_as_one_to_two_are_not_two_quotes_of_one_thing():
    """The gap grows with the price: accepted as a relation, refused where one to one is asked for."""
    x = pair(800, (-0.1, 0.1), np.random.default_rng(8), drift=0.002) @ np.diag([2.0, 1.0])
    found = discover(x, rng=np.random.default_rng(1), replications=49)
    assert found.model.slope == pytest.approx(2.0, abs=0.1)
    assert not found.unit
    with pytest.raises(ModelError, match="1 to 2"):
        discover(x, rng=np.random.default_rng(1), unit=True)


@pytest.mark.parametrize(
    ("x", "word"),
    [
        (np.zeros((99, 2)), "at least 100"),
        (np.zeros((200, 3)), "two columns"),
        (np.full((200, 2), np.nan), "finite"),
    ],
)
def test_what_cannot_be_used_is_refused(x, word):
    for function in (pair_relation, lambda y: fit_pair(y, lags=1)):
        with pytest.raises(ModelError, match=word):
            function(x)


def test_prices_that_do_not_adjust_have_no_shares():
    with pytest.raises(ModelError, match="not drawn together"):
        discovery_shares(np.array([0.05, 0.05]), np.eye(2))


def test_one_price_twice_is_refused():
    x = pair(300, SPEEDS, np.random.default_rng(9))
    with pytest.raises(ModelError, match="move as one"):
        fit_pair(x[:, [0, 0]], lags=1)
