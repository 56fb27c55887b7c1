"""The portfolio of least risk over a horizon, with intervals by block bootstrap."""

import math

import numpy as np
import pytest

from cryptorisk.errors import ModelError
from cryptorisk.stats import horizon_portfolio as hp
from cryptorisk.stats import mvp
from cryptorisk.stats.overlap import horizon_changes


@pytest.fixture(scope="module")
def monthly():
    rng = np.random.default_rng(41)
    depreciation = rng.normal(0, 0.03, 160)
    inflation = 0.3 * depreciation + rng.normal(0, 0.01, 160)
    bitcoin = rng.normal(0.02, 0.2, 160)
    return np.column_stack([inflation, depreciation, bitcoin])


RETURNS = np.array([[-1.0, 0, 0], [-1, 1, 0], [-1, 1, 1]])


def test_two_assets_are_the_share_of_the_other_module(monthly):
    pi, depreciation = monthly[:, 0], monthly[:, 1]
    for horizon in (1, 6, 12):
        found = mvp.term_structure(pi, depreciation - pi, (horizon,), window=120)[0]
        cov = hp.covariance_at(monthly @ RETURNS[:2].T, horizon, window=120)
        assert hp.free_in_sign(cov).weights == pytest.approx([1 - found.share, found.share])
        clipped = min(1, max(0, found.share))
        assert hp.least_risk(cov).weights == pytest.approx([1 - clipped, clipped])


def test_intervals_of_two_assets_are_those_of_the_share(monthly):
    """Same blocks, same draws: the interval of the free weight is that of the slope."""
    pi, depreciation = monthly[:, 0], monthly[:, 1]
    share = mvp.term_structure(
        pi, depreciation - pi, (12,), window=120, replications=500, rng=np.random.default_rng(3)
    )[0]
    cov = hp.covariance_at(
        monthly @ RETURNS[:2].T, 12, window=120, replications=500, rng=np.random.default_rng(3)
    )
    free = hp.free_in_sign(cov)
    assert (free.low[1], free.high[1]) == pytest.approx((share.low, share.high))
    held = hp.least_risk(cov)
    assert held.low[1] == pytest.approx(max(0.0, share.low))
    assert held.high[1] == pytest.approx(min(1.0, share.high))


def test_combination_and_direct_returns_agree(monthly):
    direct = hp.covariance_at(
        monthly @ RETURNS.T, 12, window=120, replications=50, rng=np.random.default_rng(1)
    )
    combined = hp.covariance_at(
        monthly, 12, window=120, replications=50, rng=np.random.default_rng(1)
    ).combined(RETURNS)
    assert combined.point == pytest.approx(direct.point)
    ratio = combined.draws / direct.draws  # one number: that of the draws' mean variance
    assert ratio == pytest.approx(np.full_like(ratio, ratio[0, 0, 0]))
    assert ratio[0, 0, 0] == pytest.approx(1, abs=0.05)


def test_added_variance_lowers_a_weight_and_stands_in_every_draw(monthly):
    cov = hp.covariance_at(monthly @ RETURNS.T, 12, replications=100, rng=np.random.default_rng(1))
    more = cov.plus(np.array([0, 0.01, 0]))
    assert np.diag(more.point - cov.point) == pytest.approx([0, 0.01, 0])
    assert (more.draws - cov.draws)[7] == pytest.approx(np.diag([0, 0.01, 0]))
    own = np.zeros((100, 3))
    own[:, 1] = np.linspace(0, 1, 100)
    drawn = cov.plus(np.array([0, 0.01, 0]), own)
    assert (drawn.draws - cov.draws)[99, 1, 1] == pytest.approx(1)
    assert hp.least_risk(more).weights[1] < hp.least_risk(cov).weights[1]


def test_costs_and_shrinkage_reach_the_draws(monthly):
    cov = hp.covariance_at(monthly @ RETURNS.T, 12, replications=100, rng=np.random.default_rng(1))
    dear = hp.least_risk(cov, costs=np.array([0, 10.0, 10.0]), risk_aversion=5.0)
    assert dear.weights == pytest.approx([1, 0, 0])
    assert (dear.draws[:, 0] == 1).all()
    diagonal = cov.shrunk(1.0)
    assert diagonal.draws[5] == pytest.approx(np.diag(np.diag(cov.draws[5])))


def test_simple_returns_are_those_of_the_whole_horizon(monthly):
    changes = np.expm1(horizon_changes(monthly, 12, 100))
    found = hp.covariance_at(monthly, 12, window=100, simple=True)
    assert found.point == pytest.approx(np.cov(changes, rowvar=False) * hp._small_sample(100, 12))


def test_covariance_and_its_draws_are_right_in_the_mean():
    """Independent months of variance one: twelve of them have the variance 12, in the sample and in the draws."""
    rng = np.random.default_rng(17)
    points, draws = [], []
    for _ in range(400):
        cov = hp.covariance_at(rng.normal(size=(131, 1)), 12, replications=50, rng=rng)
        points.append(cov.point[0, 0])
        draws.append(cov.draws.mean())
    assert np.mean(points) == pytest.approx(12, rel=0.06)  # three standard errors
    assert np.mean(draws) == pytest.approx(np.mean(points))


def test_no_draws_no_interval(monthly):
    without = hp.least_risk(hp.covariance_at(monthly, 12))
    short = hp.least_risk(hp.covariance_at(monthly[:50], 24, rng=np.random.default_rng(1)))
    for found in (without, short):
        assert math.isnan(found.low[0])
        assert found.weights.sum() == pytest.approx(1)
        assert math.isnan(found.interval(np.ones(3))[0])
    cov = hp.covariance_at(monthly, 12, replications=50, rng=np.random.default_rng(1))
    assert math.isnan(hp.least_risk(cov.without_draws).low[0])


def test_interval_of_a_computed_quantity(monthly):
    cov = hp.covariance_at(monthly @ RETURNS.T, 6, replications=400, rng=np.random.default_rng(1))
    found = hp.least_risk(cov)
    low, high = found.interval(found.draws[:, 1])
    assert (low, high) == pytest.approx((found.low[1], found.high[1]))
    assert found.sd == pytest.approx(math.sqrt(found.weights @ cov.point @ found.weights))


def test_same_seed_same_draws(monthly):
    one, two = (
        hp.covariance_at(monthly, 12, replications=50, rng=np.random.default_rng(9)) for _ in range(2)
    )
    assert (one.draws == two.draws).all()


@pytest.mark.parametrize(
    ("table", "horizon", "match"),
    [
        (np.ones(20), 1, "table"),
        (np.array([[1.0, np.nan]] * 20), 1, "gaps"),
        (np.ones((10, 2)), 9, "fewer than three changes"),
    ],
)
def test_refusals(table, horizon, match):
    with pytest.raises(ModelError, match=match):
        hp.covariance_at(table, horizon)
