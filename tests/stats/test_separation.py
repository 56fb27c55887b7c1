"""Observations that keep Poisson estimates from existing."""

import numpy as np
import pandas as pd
import pytest

from cryptorisk.stats.absorb import Effects
from cryptorisk.stats.separation import alone_in_level, in_zero_levels, independent_columns, separated

NONE = Effects((), ())


def effects(**columns):
    return Effects.of(pd.DataFrame(columns), list(columns))


def test_levels_of_zeros_are_found_also_when_they_become_so():
    # dropping origin 2 leaves destination 2 without a positive flow
    found = in_zero_levels(np.array([1.0, 0.0, 2.0, 0.0]), effects(o=[1, 2, 3, 3], d=[1, 2, 1, 2]))
    assert found.tolist() == [False, True, False, True]


def test_observations_alone_in_a_level_are_found_also_when_they_become_so():
    found = alone_in_level(effects(o=[1, 1, 2, 3, 3], d=[1, 1, 1, 2, 1]))
    # o=2 alone; d=2 alone; then the other of o=3 is alone
    assert found.tolist() == [False, False, True, True, True]


def test_a_dummy_that_is_one_at_zeros_only():
    y = np.array([0.0, 0, 0, 1, 2, 3])
    x = np.column_stack([[1, 1, 0, 0, 0, 0], np.ones(6)])
    assert separated(y, x, NONE).tolist() == [True, True, False, False, False, False]


def test_a_combination_separates_where_no_single_regressor_does():
    y = np.array([0.0, 0, 0, 1, 2, 3])
    x = np.array([[2, -1], [-1, 2], [0, 0], [0, 0], [5, -10], [6, -12]])
    assert separated(y, np.column_stack([x, np.ones(6)]), NONE).tolist() == [True] + 5 * [False]


def test_a_combination_of_both_signs_does_not_separate():
    y = np.array([0.0, 0, 1, 2])
    x = np.column_stack([[1, -1, 0, 0], np.ones(4)])
    assert not separated(y, x, NONE).any()


def test_two_effects_separate_together():
    y = np.array([0.0, 1, 0, 0, 1])
    found = separated(y, np.empty((5, 0)), effects(a=[1, 1, 2, 2, 2], b=[1, 1, 1, 2, 2]))
    assert found.tolist() == [False, False, True, False, False]


def test_effects_and_a_regressor_separate_together():
    rng = np.random.default_rng(0)
    o, d = np.repeat(np.arange(8), 8), np.tile(np.arange(8), 8)
    y = rng.poisson(3.0, 64).astype(float)
    a, b = rng.normal(size=8), rng.normal(size=8)
    hidden = np.zeros(64)
    hidden[[5, 17, 40]] = 1.0, 2.0, 0.5
    y[[5, 17, 40]] = 0.0
    x = (hidden + a[o] + b[d])[:, None]  # less the effects it is the hidden certificate
    assert np.flatnonzero(separated(y, x, effects(o=o, d=d))).tolist() == [5, 17, 40]
    x[3] += 1.0
    y[3] = 4.0  # now the certificate would be positive at a positive outcome
    assert not separated(y, x, effects(o=o, d=d)).any()


def test_nothing_is_separated_without_zeros():
    assert not separated(np.array([1.0, 2.0]), np.ones((2, 1)), NONE).any()


def test_combinations_are_left_out_in_order():
    rng = np.random.default_rng(0)
    one, two = rng.normal(size=(2, 50))
    columns = np.column_stack([one, 2 * one, two, one - two, np.zeros(50)])
    assert independent_columns(columns) == [0, 2]
    assert independent_columns(1e-7 * columns) == [0, 2]


@pytest.mark.parametrize("seed", range(5))
def test_the_certificate_is_exact_in_random_designs(seed):
    """Whatever is found can be checked: least squares on the found zeros alone fits a combination perfectly."""
    rng = np.random.default_rng(seed)
    y = np.where(rng.random(60) < 0.6, 0.0, 1.0)
    x = rng.integers(-1, 2, (60, 6)).astype(float) * (rng.random((60, 6)) < 0.25)
    found = separated(y, np.column_stack([x, np.ones(60)]), NONE)
    # without the separated observations nothing is separated any more
    kept = ~found
    assert not separated(y[kept], np.column_stack([x, np.ones(60)])[kept], NONE).any()
    assert not (found & (y > 0)).any()
