"""Distribution of the level tests with the regressors as they are: identities, refusals, and what it is for."""

import numpy as np
import pandas as pd
import pytest

from cryptorisk.errors import ModelError
from cryptorisk.stats.bounds import bounds_test, simulate_null, statistics
from cryptorisk.stats.conditional_null import _own, _statistics, conditional_null
from cryptorisk.stats.distributed_lags import Order
from cryptorisk.stats.error_correction import fit_error_correction

N = 120


def fitted(seed=1, order=None, trend="c"):
    rng = np.random.default_rng(seed)
    x = pd.DataFrame(rng.standard_normal((N, 2)).cumsum(axis=0), columns=["a", "b"])
    y = pd.Series(rng.standard_normal(N).cumsum(), name="y")
    return fit_error_correction(y, x, order or Order(2, (1, 2)), trend=trend)


def test_the_statistics_of_the_series_itself_are_those_of_the_equation():
    fit = fitted()
    found = _statistics(fit, fit.response[None, :], fit.design[None, :, _own(fit)])
    for name, value in statistics(fit, 3).items():
        assert found[name][0] == pytest.approx(value, rel=1e-8)


def test_one_distribution_stands_for_both_bounds_and_seeds_repeat():
    fit = fitted()
    first, again = (conditional_null(fit, rng=np.random.default_rng(5), replications=300) for _ in range(2))
    assert first.replications == 300
    assert np.array_equal(first.upper["f"], again.upper["f"])
    test = bounds_test(fit, first)
    assert test.f.lower == test.f.upper
    assert test.f.p_lower == test.f.p_upper
    assert test.verdict() in ("level relation", "degenerate", "none")


def test_with_random_walks_it_is_near_the_upper_bound():
    made = [
        conditional_null(fitted(seed, Order(1, (1, 1))), rng=np.random.default_rng(seed), replications=1000)
        for seed in range(12)
    ]
    tabulated = simulate_null(3, 2, N - 1, rng=np.random.default_rng(1), replications=6000)
    for name, share in (("f", 0.95), ("t", 0.05)):
        mean = np.mean([np.quantile(one.upper[name], share) for one in made])
        assert mean == pytest.approx(np.quantile(tabulated.upper[name], share), rel=0.1)


def test_refusals():
    with pytest.raises(ModelError, match="constant"):
        conditional_null(fitted(trend="ct"), rng=np.random.default_rng(1))
    with pytest.raises(ModelError, match="100 samples"):
        conditional_null(fitted(), rng=np.random.default_rng(1), replications=10)
