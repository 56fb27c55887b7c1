import numpy as np
import pandas as pd
import pytest

from cryptorisk.errors import ModelError
from cryptorisk.stats.bootstrap import basic_interval, block_indices, block_length, percentile_interval
from cryptorisk.stats.sample import checked_level, checked_sample


@pytest.fixture
def rng():
    return np.random.default_rng(7)


@pytest.mark.parametrize("kind", ["moving", "circular", "stationary"])
def test_shape_range_and_continuity(kind, rng):
    rows = block_indices(50, 6, 300, rng, kind)
    assert rows.shape == (300, 50)
    assert rows.min() >= 0
    assert rows.max() < 50
    steps = np.diff(rows, axis=1) % 50
    continued = (steps == 1).mean()
    assert continued == pytest.approx(5 / 6, abs=0.03)


def test_fixed_blocks_hold_together(rng):
    rows = block_indices(40, 5, 20, rng, "moving").reshape(20, 8, 5)
    assert (np.diff(rows, axis=2) == 1).all()


def test_circular_draws_every_observation_equally(rng):
    counts = np.bincount(block_indices(20, 7, 20_000, rng).ravel(), minlength=20)
    assert counts / counts.mean() == pytest.approx(np.ones(20), abs=0.02)


def test_stationary_mean_block_length(rng):
    rows = block_indices(10_000, 8, 50, rng, "stationary", length=4000)
    breaks = (np.diff(rows, axis=1) % 10_000 != 1).mean()
    assert 1 / breaks == pytest.approx(8, rel=0.03)


def test_length_may_differ_from_the_sample(rng):
    assert block_indices(10, 4, 3, rng, length=90).shape == (3, 90)


def test_same_seed_same_rows():
    first = block_indices(30, 4, 5, np.random.default_rng(1), "stationary")
    assert (first == block_indices(30, 4, 5, np.random.default_rng(1), "stationary")).all()


@pytest.mark.parametrize(("n", "block", "kind"), [(10, 11, "circular"), (10, 0, "moving"), (10, 2, "blocks")])
def test_bad_sizes_are_refused(n, block, kind, rng):
    with pytest.raises(ModelError):
        block_indices(n, block, 5, rng, kind)


def test_block_bootstrap_recovers_the_standard_error_of_a_dependent_mean(rng):
    shocks = rng.standard_normal(4000)
    series = np.empty(4000)
    series[0] = shocks[0]
    for t in range(1, 4000):
        series[t] = 0.6 * series[t - 1] + shocks[t]
    block = block_length(series, kind="circular")
    draws = series[block_indices(4000, block, 600, rng)].mean(axis=1)
    true = 1 / (1 - 0.6) / np.sqrt(4000)
    single = series[block_indices(4000, 1, 600, rng)].mean(axis=1)
    assert draws.std() == pytest.approx(true, rel=0.2)
    assert single.std() < 0.6 * true


def test_block_length_respects_minimum_and_sample(rng):
    noise = rng.standard_normal(120)
    assert block_length(noise, minimum=12) >= 12
    assert block_length(np.cumsum(noise)) <= 40
    assert block_length(np.ones(60), minimum=3) == 3
    with pytest.raises(ModelError, match="fewer than three"):
        block_length(noise, minimum=50)


def test_percentile_interval_is_the_quantile():
    draws = np.arange(101.0)
    assert percentile_interval(draws, 0.9) == pytest.approx((5.0, 95.0))
    assert basic_interval(40.0, draws, 0.9) == pytest.approx((-15.0, 75.0))


def test_percentile_interval_with_infinite_draws():
    draws = np.r_[np.arange(80.0), np.full(20, np.inf)]
    low, high = percentile_interval(draws, 0.9)
    assert low == 4.0
    assert high == np.inf


def test_draws_that_are_not_numbers_are_counted():
    with pytest.raises(ModelError, match="2 of 30"):
        percentile_interval(np.r_[np.zeros(28), np.nan, np.nan], 0.9)


@pytest.mark.parametrize("level", [0.0, 1.0, 95])
def test_levels(level):
    with pytest.raises(ModelError, match="between 0 and 1"):
        checked_level(level)


def test_a_gap_is_named_by_position_and_date():
    dates = pd.date_range("2024-03-01", periods=4)
    with pytest.raises(ModelError, match=r"position 2 \(2024-03-03\)"):
        checked_sample(pd.Series([1.0, 2.0, np.nan, 4.0], index=dates), name="returns")


def test_other_bad_samples():
    with pytest.raises(ModelError, match="one-dimensional"):
        checked_sample(np.ones((2, 2)), name="returns")
    with pytest.raises(ModelError, match="at least 5"):
        checked_sample([1.0, 2.0], name="returns", minimum=5)
    with pytest.raises(ModelError, match="must be numbers"):
        checked_sample(["a", "b"], name="returns")


def test_the_sample_is_copied():
    given = np.ones(3)
    checked_sample(given, name="x")[0] = 5.0
    assert given[0] == 1.0
