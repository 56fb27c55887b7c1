"""Triangular ranges against closed form, and draws with the rank correlation asked for."""

import math

import numpy as np
import pytest
from scipy import stats

from cryptorisk.errors import ModelError
from cryptorisk.stats.ranges import (
    block_correlation,
    correlated_uniforms,
    normal_correlation,
    split_triangular_quantile,
    triangular_quantile,
    two_piece_normal_quantile,
)

LEVELS = np.array([0.0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1.0])


@pytest.mark.parametrize(("low", "mode", "high"), [(0.3, 0.5, 0.85), (0.0, 0.0, 0.127), (1.0, 4.0, 4.0)])
def test_quantiles_equal_those_of_scipy(low, mode, high):
    expected = stats.triang.ppf(LEVELS, (mode - low) / (high - low), loc=low, scale=high - low)
    assert triangular_quantile(LEVELS, low, mode, high) == pytest.approx(expected, abs=1e-12)


def test_the_logarithm_can_be_triangular_and_a_point_stays_a_point():
    logs = np.log(triangular_quantile(LEVELS, 1e8, 6e8, 3e9, "log"))
    a, b, c = map(math.log, (1e8, 6e8, 3e9))
    assert logs == pytest.approx(stats.triang.ppf(LEVELS, (b - a) / (c - a), loc=a, scale=c - a), abs=1e-9)
    assert (triangular_quantile(LEVELS, 2.0, 2.0, 2.0) == 2.0).all()


@pytest.mark.parametrize("bad", [(0.5, 0.4, 0.6), (0.1, math.nan, 0.3)])
def test_an_unordered_range_is_refused(bad):
    with pytest.raises(ModelError, match="ordered and finite"):
        triangular_quantile(0.5, *bad)


def test_a_logarithm_needs_a_positive_end():
    with pytest.raises(ModelError, match="low above 0"):
        triangular_quantile(0.5, 0.0, 1.0, 2.0, "log")


@pytest.mark.parametrize("rank", [0.0, 0.3, 0.6])
def test_draws_have_the_rank_correlation_within_blocks_and_none_between(rank):
    drawn = correlated_uniforms(100_000, block_correlation((2, 2), rank), np.random.default_rng(3))
    found = stats.spearmanr(drawn).statistic
    assert found[0, 1] == pytest.approx(rank, abs=0.01)
    assert found[2, 3] == pytest.approx(rank, abs=0.01)
    assert np.abs(found[:2, 2:]).max() < 0.01
    assert stats.kstest(drawn[:, 0], "uniform").statistic < 0.006


def test_the_normal_correlation_is_pearson_s():
    assert normal_correlation(np.array([0.0, 0.5, 1.0])) == pytest.approx(
        [0.0, 2 * math.sin(math.pi / 12), 1.0]
    )


def test_contradicting_correlations_are_refused():
    matrix = np.array([[1.0, 0.9, -0.9], [0.9, 1.0, 0.9], [-0.9, 0.9, 1.0]])
    with pytest.raises(ModelError, match="contradict"):
        correlated_uniforms(10, matrix, np.random.default_rng(1))


@pytest.mark.parametrize(("low", "median", "high"), [(0.3, 0.5, 0.85), (0.0, 0.0, 0.127), (-2.0, 1.0, 1.5)])
def test_halves_that_meet_at_the_median(low, median, high):
    """Below and above the median the halves are SciPy's triangular and normal distributions, each with half the weight."""
    lower, upper = np.array([0.01, 0.1, 0.3, 0.5]), np.array([0.5, 0.7, 0.9, 0.99])
    split = split_triangular_quantile(np.r_[lower, upper], low, median, high)
    rising = stats.triang.ppf(2 * lower, 1, loc=low, scale=median - low) if median > low else np.full(4, low)
    falling = stats.triang.ppf(2 * upper - 1, 0, loc=median, scale=high - median)
    assert split == pytest.approx(np.r_[rising, falling], abs=1e-12)
    piece = two_piece_normal_quantile(np.r_[lower, upper], low, median, high, 0.1)
    z90 = stats.norm.ppf(0.9)
    below = stats.norm.ppf(lower, median, (median - low) / z90) if median > low else np.full(4, low)
    assert piece == pytest.approx(
        np.r_[below, stats.norm.ppf(upper, median, (high - median) / z90)], abs=1e-9
    )


def test_the_ends_are_the_quantiles_asked_for_and_a_point_stays_one():
    u = np.array([0.05, 0.5, 0.95])
    assert two_piece_normal_quantile(u, 1e8, 6e8, 3e9, 0.05, "log") == pytest.approx([1e8, 6e8, 3e9])
    assert (two_piece_normal_quantile(u, 2.0, 2.0, 2.0, 0.1) == 2.0).all()
    assert split_triangular_quantile(u, 2.0, 2.0, 2.0, "log") == pytest.approx(np.full(3, 2.0))
    with pytest.raises(ModelError, match="tail"):
        two_piece_normal_quantile(u, 1.0, 2.0, 3.0, 0.5)
    with pytest.raises(ModelError, match="low above 0"):
        split_triangular_quantile(u, 0.0, 1.0, 2.0, "log")
