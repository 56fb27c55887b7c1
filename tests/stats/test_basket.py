"""The basket that a rate stayed nearest to, in worlds with a known one."""

import numpy as np
import pytest

from cryptorisk.errors import ModelError
from cryptorisk.stats.basket import nearest_basket

MONTHS, SD = 60, 0.02


def anchors(seed, k=5):
    walks = SD * np.random.default_rng(seed).standard_normal((MONTHS, k)).cumsum(axis=0)
    walks[:, 0] = 0.0  # the common currency in itself
    return walks


def test_a_basket_is_found_with_its_weights():
    log_anchors, truth = anchors(1), np.array([0.5, 0.3, 0.2, 0.0, 0.0])
    weights, spread = nearest_basket(3.0 + log_anchors @ truth, log_anchors)
    assert weights == pytest.approx(truth, abs=1e-6)
    assert spread == pytest.approx(0.0, abs=1e-8)


def test_no_other_weights_hold_the_rate_closer():
    log_anchors = anchors(2)
    noise = np.random.default_rng(3).uniform(-0.01, 0.01, MONTHS)
    rate = log_anchors @ np.array([0.4, 0.6, 0.0, 0.0, 0.0]) + noise
    weights, spread = nearest_basket(rate, log_anchors)
    assert weights.sum() == pytest.approx(1)
    assert (weights >= -1e-9).all()
    assert spread <= np.exp(np.ptp(noise)) - 1 + 1e-9
    drawn = np.random.default_rng(4).dirichlet(np.ones(5), 2000)
    others = np.expm1(np.ptp(rate[:, None] - log_anchors @ drawn.T, axis=0))
    assert spread <= others.min() + 1e-9


def test_a_float_is_not_taken_for_a_basket():
    """Nothing of the anchors in it, one percent a month: four percent from end to end is never met."""
    spreads = []
    for seed in range(60):
        walk = 0.01 * np.random.default_rng(500 + seed).standard_normal(MONTHS).cumsum()
        spreads.append(nearest_basket(walk, anchors(seed))[1])
    assert min(spreads) > 0.04


def test_gaps_and_few_months_are_refused():
    log_anchors = anchors(5)
    with pytest.raises(ModelError, match="without gaps"):
        nearest_basket(np.full(MONTHS, np.nan), log_anchors)
    with pytest.raises(ModelError, match="two a currency"):
        nearest_basket(np.zeros(8), log_anchors[:8])
