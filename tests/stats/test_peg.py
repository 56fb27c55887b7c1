"""Variance of a holding whose price strays from its peg."""

import numpy as np
import pandas as pd
import pytest

from cryptorisk.errors import ModelError
from cryptorisk.stats import peg


def straying(days, rng, persistence=0.9, sd=0.01):
    distance, shock = np.zeros(days), sd * np.sqrt(1 - persistence**2)
    for t in range(1, days):
        distance[t] = persistence * distance[t - 1] + shock * rng.standard_normal()
    return distance


def test_variance_is_that_of_changes_over_a_long_time():
    distance = straying(40_000, np.random.default_rng(3))
    variance, draws = peg.holding_variance(distance)
    assert variance == pytest.approx(2 * 0.01**2, rel=0.1)
    assert variance == pytest.approx((distance[365:] - distance[:-365]).var(), rel=0.03)
    assert not len(draws)


def test_nearer_days_vary_less():
    distance = straying(20_000, np.random.default_rng(4))
    assert (distance[3:] - distance[:-3]).var() < 0.5 * peg.holding_variance(distance)[0]


def test_draws_spread_about_the_variance_and_repeat_with_the_seed():
    distance = pd.Series(straying(900, np.random.default_rng(5)))
    variance, draws = peg.holding_variance(distance, replications=400, rng=np.random.default_rng(1))
    again = peg.holding_variance(distance, replications=400, rng=np.random.default_rng(1))[1]
    assert (draws == again).all()
    assert np.quantile(draws, 0.05) < variance < np.quantile(draws, 0.95)


@pytest.mark.parametrize(
    ("values", "match"), [(np.r_[np.zeros(200), np.nan], "finite"), (np.zeros(60), "60")]
)
def test_refusals(values, match):
    with pytest.raises(ModelError, match=match):
        peg.holding_variance(values)
