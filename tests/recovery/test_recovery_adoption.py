"""Adoption in a synthetic world with known effects: recovered, and covered by the jackknife's intervals."""

import numpy as np
import pytest
from adoption_world import BETA, NAMES, true_effects, world

from cryptorisk.stats.fractional import fractional_logit


def test_effects_are_recovered_in_a_large_world():
    fit = fractional_logit(*world(600, 1, np.random.default_rng(11)), NAMES)
    assert fit.coefficients.values == pytest.approx(BETA, abs=0.08)
    assert fit.effects.values[:4] == pytest.approx(true_effects(1)[:4], abs=0.008)


def test_intervals_cover_the_truth_in_small_worlds():
    """Nominal 90 %, 27 economies as in the data. A binomial with p = 0.8 exceeds 127 of 150 with probability 0.07."""
    truth, worlds = true_effects(1), 150
    covered = np.zeros(4)
    for number in range(worlds):
        fit = fractional_logit(*world(27, 1, np.random.default_rng([3, number])), NAMES)
        low, high = fit.effects.interval(0.9)
        covered += (low[:4] <= truth[:4]) & (truth[:4] <= high[:4])
    assert (covered > 127).all(), covered


def test_a_regressor_without_effect_is_seldom_found():
    worlds, found = 150, 0
    for number in range(worlds):
        fit = fractional_logit(*world(27, 1, np.random.default_rng([5, number])), NAMES)
        found += fit.effects.p_values[2] < 0.1
    assert found < 0.2 * worlds
