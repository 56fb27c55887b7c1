import math
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "recovery"))
from discovery_world import autoregression

from cryptorisk.errors import ModelError
from cryptorisk.stats.half_life import half_life, periods_of


def test_half_of_a_half():
    assert periods_of(0.5) == pytest.approx(1.0)
    assert periods_of(1.0) == math.inf
    assert periods_of(-0.2) == 0.0


def test_a_known_persistence_is_within_the_interval_and_the_bias_is_taken_off():
    held, least, unbiased = 0, [], []
    for seed in range(25):
        rng = np.random.default_rng(seed)
        found = half_life(autoregression(200, 0.95, rng), rng=rng, lags=1, replications=99)
        held += found.low <= 0.95 <= found.high
        least.append(found.least_squares)
        unbiased.append(found.persistence)
    assert held >= 20
    assert abs(np.median(unbiased) - 0.95) < abs(np.median(least) - 0.95)
    assert np.median(least) < 0.94


def test_a_random_walk_has_no_longest_half_life():
    rng = np.random.default_rng(3)
    found = half_life(rng.standard_normal(400).cumsum(), rng=rng, replications=99)
    assert found.longest == math.inf
    assert found.shortest > 10


def test_the_level_and_unit_of_the_series_do_not_matter():
    y = autoregression(150, 0.8, np.random.default_rng(4))
    one = half_life(y, rng=np.random.default_rng(1), replications=99)
    other = half_life(50 + 10 * y, rng=np.random.default_rng(1), replications=99)
    assert one.persistence == pytest.approx(other.persistence, abs=1e-6)
    assert other.mean == pytest.approx(50 + 10 * one.mean)


def test_longer_lags_are_part_of_the_persistence():
    rng = np.random.default_rng(5)
    y = np.zeros(3000)
    for t in range(2, 3000):
        y[t] = 0.5 * y[t - 1] + 0.3 * y[t - 2] + rng.standard_normal()
    found = half_life(y, rng=rng, replications=99)
    assert found.lags == 2
    assert found.low < 0.8 < found.high


@pytest.mark.parametrize(
    ("values", "word"),
    [(np.arange(59.0), "at least 60"), (np.ones(80), "does not move"), ([np.nan] * 80, "finite")],
)
def test_what_cannot_be_used_is_refused(values, word):
    with pytest.raises(ModelError, match=word):
        half_life(values, rng=np.random.default_rng(1))


@pytest.mark.parametrize(
    "values",
    [
        np.log(1.3 * np.linspace(1, 2, 200)) - np.log(np.linspace(1, 2, 200)),  # constant but for rounding
        np.tile([0.0, 1.0], 100),
        1.05 ** np.arange(200),
    ],
    ids=["rounding", "alternating", "explosive"],
)
def test_a_series_without_errors_is_refused(values):
    with pytest.raises(ModelError):
        half_life(values, rng=np.random.default_rng(0))
