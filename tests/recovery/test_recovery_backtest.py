"""Size and power of the backtests where the probability of a violation is known."""

import numpy as np
import pytest
from scipy.stats import binom, norm

from cryptorisk.stats.backtest import (
    christoffersen_coverage,
    christoffersen_independence,
    dynamic_quantile,
    kupiec,
    kupiec_region,
)
from cryptorisk.stats.shortfall_backtest import z2_p_value


@pytest.mark.parametrize(("n_obs", "probability"), [(1000, 0.01), (1000, 0.05), (2500, 0.01)])
def test_kupiec_size_is_near_nominal(n_obs, probability):
    """Exact size: the binomial probability of leaving the region."""
    fewest, most = kupiec_region(n_obs, probability)
    kept = binom.cdf(most, n_obs, probability) - binom.cdf(fewest - 1, n_obs, probability)
    assert 1 - kept == pytest.approx(0.05, abs=0.02)


def test_kupiec_power_grows_with_the_sample():
    """A model whose 1 % is really 2 %."""
    power = []
    for n_obs in (255, 1000, 2500):
        fewest, most = kupiec_region(n_obs, 0.01)
        power.append(1 - (binom.cdf(most, n_obs, 0.02) - binom.cdf(fewest - 1, n_obs, 0.02)))
    assert power == sorted(power)
    assert power[0] < 0.5
    assert power[-1] > 0.95


def test_independence_and_coverage_hold_their_size():
    rng = np.random.default_rng(14)
    hits = rng.random((800, 1500)) < 0.05
    alone = np.mean([christoffersen_independence(row).p_value < 0.05 for row in hits])
    joint = np.mean([christoffersen_coverage(row, 0.05).p_value < 0.05 for row in hits])
    assert alone == pytest.approx(0.05, abs=0.03)
    assert joint == pytest.approx(0.05, abs=0.03)


def test_independence_finds_a_markov_chain():
    rng = np.random.default_rng(15)
    found = []
    for _ in range(200):
        hit, path = False, np.empty(1500, dtype=bool)
        for day in range(path.size):
            hit = bool(rng.random() < (0.3 if hit else 0.04))
            path[day] = hit
        found.append(christoffersen_independence(path).p_value < 0.05)
    assert np.mean(found) > 0.9


def test_z2_p_values_are_uniform_under_a_true_forecast():
    rng = np.random.default_rng(16)
    level, days = 0.975, 500
    var = np.full(days, norm.ppf(level))
    es = np.full(days, norm.pdf(norm.ppf(level)) / (1 - level))
    simulated = rng.standard_normal((1000, days))
    chances = np.array(
        [z2_p_value(rng.standard_normal(days), var, es, level, simulated).p_value for _ in range(400)]
    )
    assert (chances < 0.05).mean() == pytest.approx(0.05, abs=0.035)
    assert chances.mean() == pytest.approx(0.5, abs=0.05)


def test_kupiec_p_value_of_the_expected_number_is_one():
    assert kupiec(25, 2500, 0.01).p_value == 1.0


def test_dynamic_quantile_holds_its_size_and_sees_what_one_lag_does_not():
    rng = np.random.default_rng(17)
    var = 5 + np.abs(rng.standard_normal(1500))
    size = [dynamic_quantile(rng.random(1500) < 0.05, var, 0.05).p_value < 0.05 for _ in range(400)]
    assert np.mean(size) == pytest.approx(0.05, abs=0.04)
    # Violations come when the forecast is low: a model that overreacts.
    tilted = [
        dynamic_quantile(rng.random(1500) < np.where(var < 5.5, 0.1, 0.01), var, 0.05).p_value < 0.05
        for _ in range(50)
    ]
    assert np.mean(tilted) > 0.9
