"""The world of the share's recovery with a stablecoin and bitcoin in it: weights are found and intervals cover them."""

import numpy as np
import pytest
from test_recovery_mvp import world

from cryptorisk.stats import horizon_portfolio as hp
from cryptorisk.stats.portfolio import long_only

# Real returns of national money, a stablecoin and bitcoin from inflation, depreciation and bitcoin in dollars.
RETURNS = np.array([[-1.0, 0, 0], [-1, 1, 0], [-1, 1, 1]])
OWN = np.array([0.0, 2 * 0.75**2, 0.0])
BITCOIN_SD = 20.0


def assets(months, rng):
    pi, depreciation = world(months, rng)
    return np.column_stack([pi, depreciation, BITCOIN_SD * rng.standard_normal(months)])


def portfolio(covariance):
    return hp.least_risk(covariance.combined(RETURNS).plus(OWN))


@pytest.fixture(scope="module")
def truth():
    return portfolio(hp.covariance_at(assets(60_000, np.random.default_rng(73)), 12)).weights


def test_long_sample_gives_the_weights_of_the_moments(truth):
    """Bitcoin is independent with 12 * 20**2: the population's matrix from the moments of the other two alone."""
    pi, depreciation = world(60_000, np.random.default_rng(73))
    two = hp.covariance_at(np.column_stack([pi, depreciation]), 12).point
    moments = np.zeros((3, 3))
    moments[:2, :2] = two
    moments[2, 2] = 12 * BITCOIN_SD**2
    expected = long_only(RETURNS @ moments @ RETURNS.T + np.diag(OWN))
    assert truth == pytest.approx(expected, abs=0.005)
    assert 0.1 < truth[1] < 0.3
    assert truth[2] < 0.01


def test_intervals_cover_the_weights(truth):
    """Nominal 90 %, 87 % in the study. With p = 0.8 fewer than 107 of 150 cover with a probability under 1 %."""
    worlds, covered = 150, np.zeros(3)
    for number in range(worlds):
        rng = np.random.default_rng([74, number])
        found = portfolio(hp.covariance_at(assets(131, rng), 12, replications=300, rng=rng))
        covered += (found.low <= truth + 1e-9) & (truth <= found.high + 1e-9)
    assert (covered[:2] / worlds > 0.71).all()
    assert (covered[:2] / worlds < 0.99).all()
    assert covered[2] / worlds > 0.85
