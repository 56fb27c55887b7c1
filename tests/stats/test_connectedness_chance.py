import numpy as np
import pandas as pd
import pytest

from cryptorisk.errors import ModelError
from cryptorisk.stats.connectedness import bayesian_lags, connectedness
from cryptorisk.stats.connectedness_chance import Level, _orders, chance

NAMES = ["bitcoin", "a", "b", "c", "d"]


def unrelated(n, seed):
    values = np.random.default_rng(seed).standard_normal((n, 5))
    values[:, 2] += 0.5 * values[:, 1]  # the others go together
    return pd.DataFrame(values, columns=NAMES)


def test_orders_hold_every_place_once_and_keep_blocks_together():
    orders = _orders(100, 8, 50, np.random.default_rng(1))
    assert (np.sort(orders, axis=1) == np.arange(100)).all()
    together = (np.diff(orders, axis=1) == 1).mean()
    assert 0.85 < together < 0.92  # seven steps in eight stay within a block
    assert len({tuple(row) for row in orders}) == 50


def test_unrelated_series_lie_at_chance_and_related_ones_above():
    above = 0
    for seed in range(40):
        frame = unrelated(300, seed)
        found = connectedness(frame)
        drawn = Level.of(chance(frame, "bitcoin", found, replications=99, seed=seed).from_others("bitcoin"))
        above += drawn.below(float(found.from_others["bitcoin"]))
        assert 1.0 < drawn.mean < 4.5 < 100
    assert above <= 6  # two of forty are due
    frame = unrelated(300, 99)
    frame["bitcoin"] += 0.5 * frame["a"]
    found = connectedness(frame)
    drawn = chance(frame, "bitcoin", found, replications=99, seed=0)
    assert Level.of(drawn.from_others("bitcoin")).below(float(found.from_others["bitcoin"]))
    assert Level.of(drawn.share("bitcoin", "a")).below(float(found.shares.loc["bitcoin", "a"]))


def test_only_the_named_series_loses_its_company():
    frame = unrelated(600, 5)
    found = connectedness(frame)
    drawn = chance(frame, "bitcoin", found, replications=60, block=4, seed=2)
    assert drawn.share("a", "b").mean() == pytest.approx(found.shares.loc["a", "b"], abs=1.0)
    assert drawn.shares.sum(axis=2) == pytest.approx(np.full((60, 5), 100.0))
    assert drawn.from_others("bitcoin") == pytest.approx(100 - drawn.share("bitcoin", "bitcoin"))


def test_the_same_seed_gives_the_same_level_and_the_frame_stays():
    frame = unrelated(200, 6)
    kept = frame.copy()
    found = connectedness(frame)
    one, other = (chance(frame, "bitcoin", found, replications=20, block=8, seed=3).shares for _ in range(2))
    assert (one == other).all()
    pd.testing.assert_frame_equal(frame, kept)


def test_the_criterion_may_take_no_lag_and_the_result_says_so():
    frame = unrelated(500, 7)
    assert bayesian_lags(frame) == 0
    found = connectedness(frame)
    assert (found.lags, found.asked) == (1, 0)
    assert connectedness(frame, lags=2).asked is None


def test_an_unknown_series_is_told_the_known_ones():
    frame = pd.DataFrame(np.random.default_rng(0).standard_normal((60, 2)), columns=["a", "b"])
    with pytest.raises(ModelError, match="no series 'c' in the frame; use one of a, b"):
        chance(frame, "c", connectedness(frame, 1), replications=9)
