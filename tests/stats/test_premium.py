import math

import numpy as np
import pytest

from cryptorisk.errors import ModelError
from cryptorisk.stats.premium import episodes, log_premium_pct


def test_premium_is_a_difference_of_logs():
    premium = log_premium_pct(np.array([2.0, 1.0, 0.5]), np.ones(3))
    assert premium == pytest.approx([100 * math.log(2), 0, -100 * math.log(2)])


@pytest.mark.parametrize(
    ("shadow", "official"), [([1.0], [0.0]), ([-1.0], [1.0]), ([1.0, 2.0], [1.0]), ([np.nan], [1.0])]
)
def test_refuses_what_is_no_exchange_rate(shadow, official):
    with pytest.raises(ModelError):
        log_premium_pct(np.array(shadow), np.array(official))


def test_episodes_bridge_short_gaps_and_drop_short_runs():
    premium = np.array([0, 20, 30, 5, 25, 0, 0, 0, 40, 0, np.nan, 15, 16, 17.0])
    found = episodes(premium, threshold=10, shortest=3, longest_gap=1)
    assert [(e.first, e.last) for e in found] == [(1, 4), (11, 13)]
    assert found[0].peak == 30
    assert found[0].mean == pytest.approx(20)


def test_no_episode():
    assert episodes(np.array([1.0, 2.0, np.nan]), threshold=10, shortest=1, longest_gap=0) == ()
