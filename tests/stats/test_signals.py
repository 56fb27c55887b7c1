"""The signals approach by hand."""

import numpy as np
import pytest

from cryptorisk.errors import ModelError
from cryptorisk.stats.signals import Warnings, best_cutoff, best_threshold, composite


def test_the_table_and_its_ratios():
    signal = np.array([1, 1, 1, 0, 0, 0, 0, 0, 0, 0], dtype=bool)
    event = np.array([1, 1, 0, 1, 1, 0, 0, 0, 0, 0], dtype=bool)
    found = Warnings.count(signal, event)
    assert (found.hits, found.false_alarms, found.missed, found.quiet) == (2, 1, 2, 5)
    assert found.missed_share == 0.5
    assert found.false_share == pytest.approx(1 / 6)
    assert found.noise_to_signal == pytest.approx((1 / 6) / 0.5)
    assert found.conditional == pytest.approx(2 / 3)
    assert found.base_rate == 0.4
    assert found.usefulness(0.5) == pytest.approx(0.5 - 0.25 - 1 / 12)
    assert found.usefulness(0.3) == pytest.approx(0.3 - 0.3 * 0.5 - 0.7 / 6)


def test_ignoring_or_always_heeding_is_worth_nothing():
    event = np.array([1, 0, 0, 1], dtype=bool)
    for theta in (0.3, 0.5):
        assert Warnings.count(np.zeros(4, dtype=bool), event).usefulness(theta) <= 0
    assert Warnings.count(np.ones(4, dtype=bool), event).usefulness(0.5) == 0
    assert Warnings.count(event, event).usefulness(0.5) == 0.5
    assert Warnings.count(np.zeros(4, dtype=bool), event).noise_to_signal == np.inf
    with pytest.raises(ModelError, match="between 0 and 1"):
        Warnings(1, 1, 1, 1).usefulness(1.0)


def test_the_threshold_has_the_least_noise_among_those_that_warn_often_enough():
    values = np.arange(100.0)
    event = np.zeros(100)
    event[[75, 85, 96, 98]] = 1
    free = best_threshold(values, event, (70, 80, 90, 95))
    assert free.percentile == 95
    assert free.value == pytest.approx(94.05)
    assert (free.warnings.hits, free.warnings.false_alarms) == (2, 3)
    held = best_threshold(values, event, (70, 80, 90, 95), fewest_hits=3)
    assert held.percentile == 80
    assert best_threshold(values, event, (95,), fewest_hits=3) is None


def test_the_cut_off_is_the_most_useful_one():
    score = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
    event = np.array([0, 0, 1, 0, 1, 1])
    assert best_cutoff(score, event, 0.7) == 0.3
    assert best_cutoff(score, event, 0.2) == 0.5


def test_the_composite_weighs_by_the_inverse_of_noise():
    signals = np.array([[1, 0, 1], [1, 1, 0], [np.nan, 1, 0], [0, np.nan, 1]], dtype=float)
    found = composite(signals, np.array([0.25, 0.5, 1.2]))
    assert found[0] == pytest.approx(4 / 6)
    assert found[1] == pytest.approx(1)
    assert np.isnan(found[2])  # a third of the weight is known
    assert found[3] == pytest.approx(0)
