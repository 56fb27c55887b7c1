import numpy as np
import pytest

from cryptorisk.stats.composite import (
    Indicators,
    linear_score,
    pillar_ranges,
    pillar_scores,
    rating_draws,
    weighted_mean,
)


def indicators(value, low=None, high=None):
    value = np.asarray(value, float)
    n = len(value)
    return Indicators(
        value,
        value if low is None else np.asarray(low, float),
        value if high is None else np.asarray(high, float),
        np.zeros(n),
        np.full(n, 10.0),
        np.arange(n),
        np.ones(n, bool),
    )


def test_linear_score_in_both_directions():
    assert linear_score([11, 25.5, 40, 90], 11, 40).tolist() == [0, 50, 100, 100]
    assert linear_score([6, 4.5, 3, 1], 6, 3).tolist() == [0, 50, 100, 100]
    with pytest.raises(ValueError, match="must differ"):
        linear_score(1, 2, 2)


def test_geometric_mean_limits_compensation_and_skips_missing():
    weights = np.ones(2)
    assert weighted_mean([75, 0], weights, geometric=True) == pytest.approx(50)
    assert weighted_mean([75, 0], weights, geometric=False) == pytest.approx(37.5)
    assert weighted_mean([100, 0], weights, geometric=True) == pytest.approx(100 - np.sqrt(1000))
    assert weighted_mean([75, np.nan], weights, geometric=True) == pytest.approx(75)
    assert np.isnan(weighted_mean([np.nan, np.nan], weights, geometric=True))


def test_a_pillar_needs_half_of_its_indicators():
    three = Indicators(
        np.array([5.0, np.nan, np.nan]),
        np.full(3, np.nan),
        np.full(3, np.nan),
        np.zeros(3),
        np.full(3, 10.0),
        np.array([0, 0, 0]),
        np.ones(3, bool),
    )
    assert np.isnan(pillar_scores(three, 1)[0])
    assert pillar_scores(three, 1, coverage=0.3)[0] == 50


def test_rating_draws_surround_the_central_rating_and_are_reproducible():
    data = indicators([5.0, 8.0, 2.0], low=[4, 7, 1], high=[6, 9, 3])
    one = rating_draws(data, np.ones(3), draws=4000, rng=np.random.default_rng(1))
    two = rating_draws(data, np.ones(3), draws=4000, rng=np.random.default_rng(1))
    assert np.array_equal(one, two)
    centre = weighted_mean(pillar_scores(data, 3), np.ones(3), geometric=True)
    low, high = np.percentile(one, [5, 95])
    assert low < centre < high
    assert np.isfinite(one).all()
    assert 0 <= one.min() <= one.max() <= 100


def test_without_doubt_there_is_no_spread():
    data = indicators([5.0, 5.0])
    drawn = rating_draws(data, np.ones(2), draws=100, rng=np.random.default_rng(1), threshold_spread=0.0)
    assert np.ptp(drawn) == pytest.approx(0, abs=1e-9)


def test_the_range_of_a_pillar_has_all_its_figures_at_one_end():
    """One threshold pair rises, one falls; the second figure has no interval, the third is missing."""
    made = Indicators(
        np.array([5.0, 4.0, np.nan]),
        np.array([2.0, 4.0, np.nan]),
        np.array([12.0, 4.0, np.nan]),
        np.array([10.0, 0.0, 0.0]),
        np.array([0.0, 10.0, 10.0]),
        np.array([0, 0, 1]),
        np.ones(3, bool),
    )
    low, high = pillar_ranges(made, 2)
    assert (low[0], high[0]) == (20.0, 60.0)
    assert low[0] <= pillar_scores(made, 2)[0] <= high[0]
    assert np.isnan([low[1], high[1]]).all()
