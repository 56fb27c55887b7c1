"""A synthetic world with a known share: the estimators find it and their intervals cover it."""

import numpy as np
import pytest

from cryptorisk.stats import mvp

# Depreciation is an AR(1); inflation follows it with a lag and is persistent. Monthly percent.
PERSISTENCE, INERTIA, NOW, LATER = 0.3, 0.6, 0.03, 0.05
SD_RATE, SD_PRICE = 3.0, 0.5


def world(months, rng):
    burn = 100
    shocks = rng.standard_normal((months + burn, 2)) * (SD_RATE, SD_PRICE)
    rate, price = np.zeros(months + burn), np.zeros(months + burn)
    for t in range(1, months + burn):
        rate[t] = PERSISTENCE * rate[t - 1] + shocks[t, 0]
        price[t] = INERTIA * price[t - 1] + NOW * rate[t] + LATER * rate[t - 1] + shocks[t, 1]
    return price[burn:], rate[burn:]


def surprise_truth(horizon):
    """Share of the cumulated forecast errors, from the moving-average form of the world."""
    step = np.array([[INERTIA, LATER + NOW * PERSISTENCE], [0, PERSISTENCE]])
    impact = np.array([[1, NOW], [0, 1]])
    omega = impact @ np.diag([SD_PRICE**2, SD_RATE**2]) @ impact.T
    response, cumulated, total = np.eye(2), np.zeros((2, 2)), np.zeros((2, 2))
    for _ in range(horizon):
        cumulated = cumulated + response
        total = total + cumulated @ omega @ cumulated.T
        response = response @ step
    return total[0, 1] / total[1, 1]


@pytest.fixture(scope="module")
def long_world():
    return world(60_000, np.random.default_rng(71))


@pytest.mark.parametrize("horizon", [1, 6, 12, 24])
def test_surprise_share_recovers_the_truth(long_world, horizon):
    price, rate = long_world
    found, lag = mvp.surprise_term_structure(price, rate - price, (horizon,))
    assert lag >= 1
    assert found[0].share == pytest.approx(surprise_truth(horizon), abs=0.01)


def test_share_rises_with_the_horizon_as_in_the_world(long_world):
    price, rate = long_world
    shares = [one.share for one in mvp.term_structure(price, rate - price, (1, 6, 12, 24))]
    assert shares == sorted(shares)
    long_run = (NOW + LATER) / (1 - INERTIA)
    assert shares[-1] == pytest.approx(long_run, abs=0.02)


@pytest.mark.parametrize("method", ["raw", "surprise"])
def test_intervals_cover_the_truth(long_world, method):
    """Nominal 90 %. 150 worlds of ten years: a binomial with p = 0.8 exceeds 113 with probability over 0.9."""
    price, rate = long_world
    worlds, covered, rng = 150, 0, np.random.default_rng(72)
    truth = mvp.term_structure(price, rate - price, (12,))[0].share if method == "raw" else surprise_truth(12)
    for _ in range(worlds):
        pi, depreciation = world(131, rng)
        if method == "raw":
            found = mvp.term_structure(pi, depreciation - pi, (12,), window=120, replications=400, rng=rng)
        else:
            found, _lag = mvp.surprise_term_structure(
                pi, depreciation - pi, (12,), window=120, replications=400, rng=rng
            )
        covered += found[0].low <= truth <= found[0].high
    assert covered / worlds > 0.78
    assert covered / worlds < 0.99
