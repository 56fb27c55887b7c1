"""The minimum-variance share's estimators on small series."""

import math
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cryptorisk.errors import ModelError
from cryptorisk.stats import mvp


@pytest.fixture
def pair():
    rng = np.random.default_rng(11)
    depreciation = rng.normal(0, 0.03, 180)
    return 0.3 * depreciation + rng.normal(0, 0.004, 180), depreciation


@given(st.floats(0.01, 100), st.floats(0.01, 100), st.floats(-0.99, 0.99), st.floats(0.001, 1000))
@settings(max_examples=60, deadline=None)
def test_share_does_not_depend_on_units(var_pi, var_s, correlation, scale):
    cov = correlation * math.sqrt(var_pi * var_s)
    assert mvp.share(scale * var_pi, scale * var_s, scale * cov) == pytest.approx(
        mvp.share(var_pi, var_s, cov), rel=1e-6, abs=1e-9
    )


@pytest.mark.parametrize(("var_pi", "var_s", "cov"), [(4, 4, -4), (0, 0, 0)])
def test_no_depreciation_no_share(var_pi, var_s, cov):
    with pytest.raises(ModelError, match="no variance"):
        mvp.share(var_pi, var_s, cov)


@pytest.mark.parametrize(
    ("var_pi", "var_s", "cov"), [(math.nan, 4, 1.5), (math.inf, 4, 1.5), (9, 4, -math.inf)]
)
def test_what_is_not_finite_is_not_said_to_be_a_peg(var_pi, var_s, cov):
    with pytest.raises(ModelError, match="must be finite"):
        mvp.share(var_pi, var_s, cov)


def test_negative_variance_is_refused():
    with pytest.raises(ModelError, match="negative"):
        mvp.share(-1, 1, 0)


def test_weights_of_two_assets_are_the_share(pair):
    pi, depreciation = pair
    real = np.column_stack([-pi, depreciation - pi])
    covariance = np.cov(pi, depreciation - pi)
    share = mvp.share(covariance[0, 0], covariance[1, 1], covariance[0, 1])
    assert mvp.weights(real) == pytest.approx([1 - share, share])


def test_weights_refuse_a_singular_matrix():
    one = np.arange(10.0)
    with pytest.raises(ModelError, match="singular"):
        mvp.weights(np.column_stack([one, 2 * one]))


def test_share_is_the_slope_of_inflation_on_depreciation(pair):
    pi, depreciation = pair
    for found in mvp.term_structure(pi, depreciation - pi, (1, 6, 12), window=120):
        x = mvp.horizon_changes(depreciation, found.horizon, 120)
        y = mvp.horizon_changes(pi, found.horizon, 120)
        assert found.share == pytest.approx(np.polyfit(x, y, 1)[0])
        assert found.n == 120


def test_horizon_changes_overlap():
    assert mvp.horizon_changes(np.arange(1.0, 7.0), 3) == pytest.approx([6, 9, 12, 15])
    assert mvp.horizon_changes(np.arange(1.0, 7.0), 3, 2) == pytest.approx([12, 15])


@pytest.mark.parametrize(
    ("n", "horizon", "block"),
    [(120, 1, 6), (120, 12, 24), (120, 24, 30), (64, 12, 16), (64, 24, None), (20, 1, None)],
)
def test_blocks_are_longer_than_the_horizon_and_at_least_four(n, horizon, block):
    assert mvp.block_for(n, horizon) == block


def test_intervals_are_not_clipped_and_hold_the_point(pair):
    pi, depreciation = pair
    found = mvp.term_structure(
        1.2 * depreciation + pi, -0.2 * depreciation - pi, (1,), rng=np.random.default_rng(1)
    )
    assert found[0].low < found[0].share < found[0].high
    assert found[0].high > 1


def test_expanded_interval_is_wider_with_fewer_blocks():
    draws = np.random.default_rng(2).normal(size=4000)
    few, many = mvp.expanded_interval(draws, 0.9, 5), mvp.expanded_interval(draws, 0.9, 1e6)
    assert many == pytest.approx(np.quantile(draws, [0.05, 0.95]), abs=1e-3)
    assert few[0] < many[0] < many[1] < few[1]


def test_no_interval_without_blocks_or_generator(pair):
    pi, depreciation = pair
    without = mvp.term_structure(pi, depreciation - pi, (12,))
    short = mvp.term_structure(pi[:50], (depreciation - pi)[:50], (24,), rng=np.random.default_rng(1))
    assert math.isnan(without[0].low)
    assert math.isnan(short[0].low)
    assert math.isfinite(short[0].share)


def test_peg_gives_no_share_and_no_interval():
    pi = np.random.default_rng(5).normal(0.002, 0.001, 150)
    found = mvp.term_structure(pi, -pi, (12,), rng=np.random.default_rng(1))[0]
    assert math.isnan(found.share)
    assert math.isnan(found.low)


def test_same_seed_same_interval_and_inputs_untouched(pair):
    pi, depreciation = pair
    before = pi.copy()
    runs = [
        mvp.surprise_term_structure(pi, depreciation - pi, (6, 12), rng=np.random.default_rng(3))
        for _ in range(2)
    ]
    assert runs[0] == runs[1]
    assert (pi == before).all()


def test_all_horizons_take_about_a_second(pair):
    pi, depreciation = pair
    begin = time.process_time()
    mvp.term_structure(pi, depreciation - pi, range(1, 25), window=120, rng=np.random.default_rng(1))
    mvp.surprise_term_structure(pi, depreciation - pi, range(1, 25), window=120, rng=np.random.default_rng(1))
    assert time.process_time() - begin < 4


@pytest.mark.parametrize("bad", [np.array([0.1, np.nan, 0.2]), np.ones((3, 2))])
def test_gaps_and_tables_are_refused(bad):
    with pytest.raises(ModelError):
        mvp.term_structure(bad, bad, (1,))


def test_a_rate_that_moves_steadily_has_neither_share_nor_interval():
    """Constant depreciation leaves rounding over rounding; the interval must not be made of it."""
    pi = np.random.default_rng(4).normal(0, 0.01, 200)
    surprise, _lag = mvp.surprise_term_structure(pi, 0.005 - pi, [1, 12], rng=np.random.default_rng(1))
    plain = mvp.term_structure(pi, 0.005 - pi, [1, 12], rng=np.random.default_rng(1))
    for found in (*surprise, *plain):
        assert np.isnan([found.share, found.low, found.high]).all()


def test_draws_in_which_the_rate_only_rounds_are_left_out():
    """A rate that moved in one month of a hundred: resampled months without it say nothing about the share."""
    rng = np.random.default_rng(5)
    pi, depreciation = rng.normal(0, 0.01, 100), np.full(100, 0.005)
    depreciation[50] = 0.3
    rows = rng.integers(0, 100, (500, 100))
    drawn = mvp.slopes(pi, depreciation, rows)
    assert len(drawn) == int((rows == 50).any(axis=1).sum()) < 500
    assert np.abs(drawn).max() < 1
