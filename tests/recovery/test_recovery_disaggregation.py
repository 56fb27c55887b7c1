"""Disaggregation finds known months and covers them as stated: small versions of tests/coverage/study_disaggregation.py."""

import numpy as np
import pytest

from cryptorisk.stats.disaggregation import disaggregate
from cryptorisk.stats.forecast_choice import fan
from cryptorisk.stats.forecast_evaluation import rolling_origin
from cryptorisk.stats.log_disaggregation import deviations, log_path
from cryptorisk.stats.log_link import link

WORLDS = 60
# Months of one world are correlated: sixty worlds pin a coverage down to about five points.
BAND = 0.1


def walk(n, rng, sd=1.0):
    return np.cumsum(sd * rng.standard_normal(n))


def grouping(years, ahead=12):
    n = 12 * years + ahead
    return np.where(np.arange(n) < 12 * years, np.arange(n) // 12, -1)


def test_chow_lin_recovers_coefficients_and_autocorrelation():
    rng, group = np.random.default_rng(1), grouping(80, 0)
    indicator = 100 + walk(group.size, rng)
    error = np.zeros(group.size)
    for t in range(1, group.size):
        error[t] = 0.9 * error[t - 1] + rng.standard_normal()
    truth = 20 + 1.5 * indicator + error
    totals = np.bincount(group, truth)
    x = np.column_stack([np.ones(group.size), indicator])
    found = disaggregate(totals, group, x)
    assert found.coefficients[1] == pytest.approx(1.5, abs=3 * found.coefficient_errors[1])
    assert found.rho == pytest.approx(0.9, abs=0.08)
    assert np.sqrt(found.sigma2) == pytest.approx(1.0, rel=0.3)
    flat = np.repeat(totals / 12, 12)
    assert np.std(found.values - truth) < 0.8 * np.std(flat - truth)


@pytest.mark.parametrize("method", ["fernandez", "denton-cholette"])
def test_months_lie_in_their_intervals_as_often_as_stated(method):
    group, hits = grouping(12), []
    for number in range(WORLDS):
        rng = np.random.default_rng([1, number])
        indicator = np.exp(walk(group.size, rng, 0.1))
        error = walk(group.size, rng, 0.1)
        truth = indicator * (10 + error) if method == "denton-cholette" else 2 * indicator + error
        totals = np.bincount(group[group >= 0], truth[group >= 0])
        low, high = disaggregate(totals, group, indicator, method=method).interval(0.8)
        hits.append((low <= truth) & (truth <= high))
    hits = np.array(hits)
    assert hits[:, group >= 0].mean() == pytest.approx(0.8, abs=BAND)
    assert hits[:, group < 0].mean() == pytest.approx(0.8, abs=BAND)


def test_five_totals_in_logarithms_as_the_report_has_them():
    """Months, and the total of the year after, with the elasticity fitted on four changes."""
    group, months, total = grouping(5), [], []
    for number in range(WORLDS):
        rng = np.random.default_rng([2, number])
        index = walk(group.size, rng, 0.2)
        noise = walk(group.size, rng, 0.11) + 0.14 * rng.standard_normal(group.size)
        truth = np.exp(0.5 * index + noise)
        totals = np.bincount(group[group >= 0], truth[group >= 0])
        found = link(totals, group, index)
        path = log_path(totals, group, found.elasticity * index)
        strayed = deviations(found, index, 500, rng, transitory=1.3)
        draws = path.draw(np.tile(np.log(totals), (500, 1)), strayed)
        low, high = np.quantile(draws, [0.1, 0.9], axis=0)
        months.append(((low <= truth) & (truth <= high))[group >= 0])
        low, high = np.quantile(draws[:, group < 0].sum(axis=1), [0.1, 0.9])
        total.append(low <= truth[group < 0].sum() <= high)
    assert np.mean(months) == pytest.approx(0.8, abs=BAND)
    assert np.mean(total) == pytest.approx(0.8, abs=0.13)  # two and a half binomial standard errors


def test_the_fan_covers_random_walks_as_stated():
    steps, hits = np.array([1, 6, 12]), []
    for number in range(80):
        y = walk(89, np.random.default_rng([3, number]), 0.15)
        evaluation = rolling_origin(y[:77], most=48, candidates=("random_walk", "drift"))
        hits.append((np.abs(y[77:] - y[76]) <= fan(evaluation, "random_walk", 0.8))[steps - 1])
    assert np.mean(hits, axis=0) == pytest.approx([0.8, 0.8, 0.8], abs=0.13)
