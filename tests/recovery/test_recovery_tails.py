"""Tails of synthetic losses whose shape, quantiles and clustering are known."""

import math

import numpy as np
import pytest
from scipy.stats import genpareto

from cryptorisk.stats.clusters import decluster, extremal_index_interval, intervals_extremal_index
from cryptorisk.stats.tail_intervals import risk_interval, shape_interval, tail_draws
from cryptorisk.stats.tails import gpd

XI, BETA, U = 0.2, 2.5, 4.0
WORLDS = 150


def world(seed, n=3650):
    """Losses uniform below 4; one in ten lies above, with an exact generalised Pareto excess."""
    rng = np.random.default_rng([44, seed])
    excess = genpareto.rvs(XI, scale=BETA, size=n, random_state=rng)
    return np.where(rng.random(n) < 0.1, U + excess, rng.uniform(-10, U, n))


TRUE_VAR = U + BETA / XI * (10**XI - 1)
TRUE_ES = (TRUE_VAR + BETA - XI * U) / (1 - XI)


@pytest.fixture(scope="module")
def fits():
    return [gpd(world(seed)) for seed in range(WORLDS)]


def covered(intervals, truth):
    return np.mean([low <= truth <= high for low, high in intervals])


def within_binomial_error(share, nominal, draws=WORLDS):
    return abs(share - nominal) <= 3 * math.sqrt(nominal * (1 - nominal) / draws)


def test_shape_interval_covers_at_its_level(fits):
    assert within_binomial_error(covered([shape_interval(fit, 0.95) for fit in fits], XI), 0.95)
    assert within_binomial_error(covered([shape_interval(fit, 0.8) for fit in fits], XI), 0.8)


@pytest.mark.parametrize(("measure", "truth"), [("value_at_risk", TRUE_VAR), ("expected_shortfall", TRUE_ES)])
def test_risk_interval_covers_at_its_level(fits, measure, truth):
    assert within_binomial_error(
        covered([risk_interval(fit, 0.99, measure, 0.9) for fit in fits], truth), 0.9
    )


def test_standard_error_is_the_spread_of_the_estimates(fits):
    spread = np.std([fit.xi for fit in fits])
    assert np.mean([fit.xi_se for fit in fits]) == pytest.approx(spread, rel=0.2)


def test_estimates_are_nearly_unbiased(fits):
    assert np.mean([fit.xi for fit in fits]) == pytest.approx(XI, abs=0.03)
    assert np.mean([fit.value_at_risk(0.99) for fit in fits]) == pytest.approx(TRUE_VAR, rel=0.01)


def test_simple_shortfall_of_the_known_tail(fits):
    uniform = (np.arange(1_000_000) + 0.5) / 1_000_000
    scale = BETA + XI * (TRUE_VAR - U)
    known = np.mean(100 * -np.expm1(-(TRUE_VAR + genpareto.ppf(uniform, XI, scale=scale)) / 100))
    assert np.mean([fit.simple_expected_shortfall(0.99) for fit in fits]) == pytest.approx(known, rel=0.02)


def test_block_bootstrap_widens_under_clustering():
    """Volatility clusters: losses scaled by a slow regime. Independent resampling understates the error."""
    rng = np.random.default_rng(3)
    regime = np.repeat(rng.choice([1.0, 2.5], size=60), 60)
    losses = regime * rng.standard_t(5, size=3600)
    alone = tail_draws(losses, rng=np.random.default_rng(0), block=1, replications=200)["value_at_risk"]
    blocks = tail_draws(losses, rng=np.random.default_rng(0), block=120, replications=200)["value_at_risk"]
    assert blocks.std() > 1.3 * alone.std()


@pytest.mark.parametrize("theta", [0.3, 0.6, 1.0])
def test_extremal_index_of_a_max_autoregressive_process(theta):
    """``X_t = max((1 - theta) X_{t-1}, theta Z_t)`` with unit Frechet Z has extremal index theta (Coles 2001)."""
    rng = np.random.default_rng(12)
    frechet = -1.0 / np.log(rng.random(40_000))
    path = np.empty(frechet.size)
    path[0] = frechet[0]
    for day in range(1, path.size):
        path[day] = max((1 - theta) * path[day - 1], theta * frechet[day])
    threshold = float(np.quantile(path, 0.985))
    assert decluster(path, threshold, run_length=4).extremal_index == pytest.approx(theta, abs=0.08)
    assert intervals_extremal_index(path, threshold) == pytest.approx(theta, abs=0.08)


@pytest.mark.parametrize("estimator", ["runs", "intervals"])
def test_interval_of_the_extremal_index_covers(estimator):
    """Fifty histories of ten years of the same process; the nominal 90 % less three binomial errors.

    The truth is the index at the threshold: runs of four days join losses that come together by chance as well.
    """
    theta, inside = 0.6, []
    truth = {"runs": 0.555, "intervals": 0.596}[estimator]  # on two million days
    for seed in range(50):
        rng = np.random.default_rng([13, seed])
        frechet = -1.0 / np.log(rng.random(3650))
        path = frechet.copy()
        for day in range(1, path.size):
            path[day] = max((1 - theta) * path[day - 1], theta * frechet[day])
        losses = np.log(path)
        threshold = float(np.quantile(losses, 0.97))
        inside.append(
            extremal_index_interval(losses, threshold, rng=rng, estimator=estimator, replications=100)
        )
    assert covered(inside, truth) >= 0.9 - 3 * math.sqrt(0.9 * 0.1 / 50)


def test_profile_interval_of_the_return_level_covers(fits):
    level = 1 - 1 / 3650
    true = U + BETA / XI * ((3650 * 0.1) ** XI - 1)
    share = covered([risk_interval(fit, level, "value_at_risk", 0.9) for fit in fits[:60]], true)
    assert within_binomial_error(share, 0.9, 60)


def test_return_level_is_exceeded_once_on_average():
    """In fresh histories from the same world the 1000-day level is exceeded once per 1000 days."""
    levels = [gpd(world(seed)).return_level(1000) for seed in range(40)]
    true = U + BETA / XI * ((1000 * 0.1) ** XI - 1)
    assert np.median(levels) == pytest.approx(true, rel=0.06)
    fresh = np.concatenate([world(seed) for seed in range(1000, 1060)])
    assert (fresh > true).sum() / (fresh.size / 1000) == pytest.approx(1.0, abs=0.25)
