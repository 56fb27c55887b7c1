"""Correlations of dependent series."""

import numpy as np
import pytest

from cryptorisk.errors import ModelError
from cryptorisk.stats.comovement import comovement


def pair(n, rho, seed):
    rng = np.random.default_rng(seed)
    x, e = rng.standard_normal((2, n))
    return x, rho * x + np.sqrt(1 - rho**2) * e


def test_it_is_pearsons_and_scale_does_not_matter():
    x, y = pair(300, 0.4, 1)
    found = comovement(x, y, 0.9, 200, np.random.default_rng(1))
    assert found.correlation == pytest.approx(np.corrcoef(x, y)[0, 1])
    assert found.low < found.correlation < found.high
    scaled = comovement(5 * x + 2, -3 * y, 0.9, 200, np.random.default_rng(1))
    assert scaled.correlation == pytest.approx(-found.correlation)
    assert scaled.p_value == pytest.approx(found.p_value)


def test_the_interval_and_the_test_keep_their_levels():
    inside, rejected = 0, 0
    for seed in range(100):
        x, y = pair(200, 0.3, seed)
        found = comovement(x, y, 0.8, 150, np.random.default_rng(seed))
        inside += found.low <= 0.3 <= found.high
        x, y = pair(200, 0.0, 1000 + seed)
        # Large moves of both come together, without a common direction.
        size = np.exp(0.5 * np.random.default_rng(seed).standard_normal(200))
        rejected += comovement(size * x, size * y, 0.8, 20, np.random.default_rng(seed)).p_value < 0.1
    assert 0.68 <= inside / 100 <= 0.92
    assert rejected / 100 <= 0.2


def test_short_or_constant_series_are_refused():
    rng = np.random.default_rng(1)
    with pytest.raises(ModelError, match="52 pairs"):
        comovement(np.arange(51.0), np.arange(51.0), 0.8, 50, rng)
    with pytest.raises(ModelError, match="does not vary"):
        comovement(np.ones(60), np.arange(60.0), 0.8, 50, rng)
