import sys
from pathlib import Path

import numpy as np
import pytest
from statsmodels.tsa.vector_ar.vecm import VECM

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "recovery"))
from discovery_world import pair, threshold_pair

from cryptorisk.errors import ModelError
from cryptorisk.stats.pair_model import pair_design
from cryptorisk.stats.pair_slope import likely_slope, slope_error
from cryptorisk.stats.split_sums import cross_sums, split, threshold_grid
from cryptorisk.stats.sup_lm import lm_values, sup_lm
from cryptorisk.stats.threshold_vecm import fit_threshold_vecm

EDGE, LOW, HIGH = 0.01, (-0.02, 0.02), (-0.25, 0.25)


def two_speeds(n, seed):
    return threshold_pair(n, EDGE, LOW, HIGH, np.random.default_rng(seed))


def one_speed(n, seed):
    return pair(n, (-0.03, 0.09), np.random.default_rng(seed), sd=(0.01, 0.012), correlation=0.3)


def test_the_slope_is_that_of_statsmodels():
    x = pair(600, (-0.1, 0.1), np.random.default_rng(1)) @ np.diag([1.5, 1.0])
    other = VECM(x, k_ar_diff=2, coint_rank=1, deterministic="co").fit().beta[:, 0]
    slope = likely_slope(x, 2)
    assert slope == pytest.approx(-other[1] / other[0], rel=1e-6)
    assert 0 < slope_error(x, 2, slope) < 0.1


def test_sums_below_each_threshold_are_sums():
    rng = np.random.default_rng(2)
    w, left, right = (
        rng.standard_normal(50).round(1),
        rng.standard_normal((50, 3)),
        rng.standard_normal((50, 2)),
    )
    grid = threshold_grid(w, 10, 0.1)
    order, counts = split(w, grid)
    for c, found in zip(grid, cross_sums(left[order], right[order], counts), strict=True):
        assert found == pytest.approx(left[w <= c].T @ right[w <= c])
        assert 0.1 < (w <= c).mean() < 0.9


def test_the_statistic_is_the_robust_difference_of_two_regressions():
    """The form of the paper: coefficients of both regimes, their errors from residuals of the model without a threshold."""
    left, z = pair_design(two_speeds(400, 3), 1, 1.0)
    thresholds = threshold_grid(z[:, 1], 7, 0.15)
    resid = left - z @ np.linalg.lstsq(z, left, rcond=None)[0]
    for c, value in zip(thresholds, lm_values(left, z, thresholds), strict=True):
        difference, variance = np.zeros(8), np.zeros((8, 8))
        for sign, rows in ((1, z[:, 1] <= c), (-1, z[:, 1] > c)):
            inverse = np.kron(np.eye(2), np.linalg.inv(z[rows].T @ z[rows]))
            xi = np.hstack([z[rows] * resid[rows, i : i + 1] for i in range(2)])
            difference += sign * inverse @ np.concatenate([z[rows].T @ left[rows, i] for i in range(2)])
            variance += inverse @ xi.T @ xi @ inverse
        assert value == pytest.approx(difference @ np.linalg.solve(variance, difference), rel=1e-6)


def test_the_estimate_is_the_best_of_the_grid():
    x = two_speeds(300, 4)
    found = fit_threshold_vecm(x, lags=1, slope=1.0, grid=20)
    left, z = pair_design(x, 1, 1.0)
    costs = []
    for c in threshold_grid(z[:, 1], 20, 0.15):
        both = np.hstack([z * (z[:, 1:2] <= c), z * (z[:, 1:2] > c)])
        resid = left - both @ np.linalg.lstsq(both, left, rcond=None)[0]
        costs.append((len(left) / 2 * np.linalg.slogdet(resid.T @ resid / len(left))[1], c))
    assert (found.cost, found.threshold) == pytest.approx(min(costs))


def test_a_long_sample_gives_both_speeds_back():
    found = fit_threshold_vecm(two_speeds(5000, 5), lags=1)
    assert found.slope == pytest.approx(1.0, abs=0.02)
    assert found.threshold == pytest.approx(EDGE, abs=0.01)
    below, above = found.regimes
    assert below.speeds == pytest.approx(LOW, abs=0.02)
    assert above.speeds == pytest.approx(HIGH, abs=0.12)
    assert (np.abs(above.speeds - HIGH) < 3 * above.speed_errors).all()
    assert below.n + above.n == found.n == 4998
    assert found.cost < found.linear_cost


def test_two_speeds_are_found_and_one_is_left_alone():
    rejected = 0
    for seed in range(20):
        found = sup_lm(
            one_speed(300, seed), lags=1, slope=1.0, rng=np.random.default_rng(seed), grid=30, replications=59
        )
        rejected += found.p_fixed <= 0.05
    assert rejected <= 4
    found = sup_lm(two_speeds(1200, 6), lags=1, slope=1.0, rng=np.random.default_rng(1), replications=99)
    assert max(found.p_fixed, found.p_residual) <= 0.05


def test_the_same_seed_gives_the_same_test_and_units_do_not_matter():
    x = one_speed(300, 7)
    one, again, scaled = (
        sup_lm(y, lags=2, rng=np.random.default_rng(1), replications=29) for y in (x, x, 100 * x + 7)
    )
    assert one == again
    assert scaled.statistic == pytest.approx(one.statistic, rel=1e-6)
    assert scaled.p_residual == one.p_residual


@pytest.mark.parametrize(
    ("x", "word"),
    [
        (np.zeros((99, 2)), "at least 100"),
        (np.full((200, 2), np.nan), "finite"),
        (one_speed(120, 8), "fewer than the test's 20 equations"),
        (one_speed(300, 9)[:, [0, 0]], "move as one"),
    ],
)
def test_what_cannot_be_tested_is_refused(x, word):
    with pytest.raises(ModelError, match=word):
        sup_lm(x, lags=4, rng=np.random.default_rng(1), replications=19)


def test_a_gap_with_few_values_is_refused():
    x = one_speed(300, 10)
    x[:, 1] = x[:, 0] - 0.01 * (np.arange(300) % 2)
    for function in (fit_threshold_vecm, lambda y, **keys: sup_lm(y, rng=np.random.default_rng(1), **keys)):
        with pytest.raises(ModelError):
            function(x, lags=1, slope=1.0)
