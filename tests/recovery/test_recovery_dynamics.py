"""Synthetic worlds with known truth: impulse responses, long-run coefficients, relations in levels, ratchets, symmetry."""

import numpy as np
import pandas as pd
import pytest

from cryptorisk.stats.bounds import bounds_test, simulate_null
from cryptorisk.stats.distributed_lags import Order
from cryptorisk.stats.error_correction import fit_error_correction
from cryptorisk.stats.lag_order import select_order
from cryptorisk.stats.long_run import long_run_intervals
from cryptorisk.stats.projections import local_projection
from cryptorisk.stats.ratchet import partial_sums, ratchet_test, symmetry

HORIZONS = 12


def answering(n, rng):
    """x follows x(-1); y follows itself and x."""
    e = rng.standard_normal((n + 50, 2))
    x, y = np.zeros(n + 50), np.zeros(n + 50)
    for t in range(1, n + 50):
        x[t] = 0.6 * x[t - 1] + e[t, 0]
        y[t] = 0.8 * y[t - 1] + 0.5 * x[t] + e[t, 1]
    return pd.DataFrame({"x": x[50:], "y": y[50:]})


def true_path():
    x, y, path = 1.0, 0.5, [0.5]
    for _ in range(HORIZONS):
        x *= 0.6
        y = 0.8 * y + 0.5 * x
        path.append(y)
    return np.array(path)


def test_local_projections_find_the_impulse_response():
    path = local_projection(answering(20_000, np.random.default_rng(1)), "y", "x", horizons=HORIZONS, lags=2)
    assert path.values == pytest.approx(true_path(), abs=0.04)
    assert path.shock_sd == pytest.approx(1.0, abs=0.02)


def test_their_intervals_cover_in_samples_of_usual_size():
    """90 % intervals; Newey and West's alone cover 80 % at the longest horizons."""
    truth, inside = true_path(), np.zeros(HORIZONS + 1)
    for seed in range(150):
        path = local_projection(
            answering(150, np.random.default_rng(seed)), "y", "x", horizons=HORIZONS, lags=2
        )
        inside += (path.low <= truth) & (truth <= path.high)
    assert (inside / 150 >= 0.77).all()
    assert 0.84 <= inside.mean() / 150 <= 0.94


def related(n, rng, speed=0.25):
    """y is drawn to 1.0 a - 0.5 b, two random walks."""
    x = rng.standard_normal((n, 2)).cumsum(axis=0)
    y = np.zeros(n)
    for t in range(1, n):
        gap = y[t - 1] - 2.0 - x[t - 1] @ [1.0, -0.5]
        y[t] = y[t - 1] - speed * gap + 0.3 * (x[t, 0] - x[t - 1, 0]) + rng.standard_normal()
    return pd.Series(y, name="y"), pd.DataFrame(x, columns=["a", "b"])


@pytest.fixture(scope="module")
def null():
    return simulate_null(3, 2, 119, rng=np.random.default_rng(9), replications=5000)


def fitted(y, x):
    order = select_order(y, x, max_lags=2, max_order=2).order
    return fit_error_correction(y, x, order)


def test_long_run_coefficients_are_found_and_covered(null):
    inside, verdicts, values = np.zeros(2), [], []
    for seed in range(100):
        fit = fitted(*related(120, np.random.default_rng(seed)))
        verdicts.append(bounds_test(fit, null).verdict())
        found = long_run_intervals(fit, rng=np.random.default_rng(seed), replications=199)
        values.append([c.value for c in found])
        inside += [c.low <= true <= c.high for c, true in zip(found, (1.0, -0.5), strict=True)]
    assert np.median(values, axis=0) == pytest.approx([1.0, -0.5], abs=0.05)
    assert (inside / 100 >= 0.8).all()
    assert verdicts.count("level relation") >= 90


def test_speed_and_half_life_are_found_in_long_samples():
    fit = fitted(*related(3000, np.random.default_rng(2)))
    assert fit.speed().value == pytest.approx(-0.25, abs=0.03)
    low, high = fit.half_life()[1:]
    assert low < np.log(0.5) / np.log(0.75) < high


def test_unrelated_walks_are_seldom_called_related(null):
    found = []
    for seed in range(200):
        rng = np.random.default_rng(1000 + seed)
        x = pd.DataFrame(rng.standard_normal((120, 2)).cumsum(axis=0), columns=["a", "b"])
        y = pd.Series(rng.standard_normal(120).cumsum())
        found.append(bounds_test(fit_error_correction(y, x, Order(1, (1, 1))), null).verdict())
    assert found.count("level relation") <= 14  # 5 % of 200 is 10; three tests at once are stricter


def test_a_stationary_variable_is_not_called_related(null):
    """Its own level alone gives a large F: the case for which F of the regressors' levels is there."""
    found, large = [], 0
    for seed in range(100):
        rng = np.random.default_rng(2000 + seed)
        x = pd.DataFrame(rng.standard_normal((120, 2)).cumsum(axis=0), columns=["a", "b"])
        test = bounds_test(
            fit_error_correction(pd.Series(rng.standard_normal(120)), x, Order(1, (1, 1))), null
        )
        large += test.f.standing() == "beyond"
        found.append(test.verdict())
    assert large == 100
    assert found.count("level relation") <= 10


def held(n, pull, rng):
    """A persistent ratio that answers to x, drawn to its past peak by ``pull``."""
    x, y = np.zeros(n), np.zeros(n)
    y[0] = peak = -0.5  # below its mean, so that it makes new peaks
    for t in range(1, n):
        x[t] = 0.9 * x[t - 1] + rng.standard_normal()
        y[t] = 0.03 * x[t] + 0.93 * y[t - 1] + pull * (peak - y[t - 1]) + 0.03 * rng.standard_normal()
        peak = max(peak, y[t])
    return y, pd.DataFrame({"x": x})


def share_of_ratchets(pull, worlds):
    found = []
    for seed in range(worlds):
        y, x = held(150, pull, np.random.default_rng(seed))
        found.append(ratchet_test(y, x, rng=np.random.default_rng(seed), replications=199).p < 0.05)
    return np.mean(found)


def test_a_ratchet_is_found_where_there_is_one_and_seldom_else():
    assert share_of_ratchets(0.0, 100) <= 0.11
    assert share_of_ratchets(0.15, 40) >= 0.9


@pytest.mark.parametrize(("down", "at_least", "at_most"), [(0.5, 0.0, 0.2), (0.1, 0.85, 1.0)])
def test_symmetry_is_rejected_where_it_fails(down, at_least, at_most):
    """y is drawn to 0.5 of the rises and ``down`` of the falls of a random walk."""
    rejected = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        plus, minus = partial_sums(rng.standard_normal(200).cumsum())
        y = np.zeros(200)
        for t in range(1, 200):
            y[t] = (
                y[t - 1] - 0.3 * (y[t - 1] - 0.5 * plus[t - 1] - down * minus[t - 1]) + rng.standard_normal()
            )
        fit = fit_error_correction(y, pd.DataFrame({"up": plus, "down": minus}), Order(1, (1, 1)))
        rejected.append(symmetry(fit, "up", "down").p < 0.1)
    assert at_least <= np.mean(rejected) <= at_most
