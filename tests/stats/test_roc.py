"""Area under the ROC curve: identities, ties, clusters."""

import numpy as np
import pytest
from scipy import stats

from cryptorisk.errors import ModelError
from cryptorisk.stats.roc import (
    auroc,
    auroc_gain,
    auroc_interval,
    auroc_within,
    cluster_weights,
    roc_band,
    roc_curve,
)


def world(n=400, d=1.0, seed=0):
    rng = np.random.default_rng(seed)
    event = (rng.random(n) < 0.2).astype(float)
    return rng.standard_normal(n) + d * event, event, np.arange(n) % 40


def test_it_is_mann_whitneys_u_with_ties():
    rng = np.random.default_rng(3)
    score, event = rng.integers(0, 8, 300).astype(float), (rng.random(300) < 0.3).astype(float)
    u = stats.mannwhitneyu(score[event == 1], score[event == 0]).statistic
    assert auroc(score, event) == pytest.approx(u / (event.sum() * (1 - event).sum()), abs=1e-12)
    assert auroc(-score, event) == pytest.approx(1 - auroc(score, event))
    assert auroc(np.ones(300), event) == 0.5


def test_by_hand():
    assert auroc([1, 2, 3, 4], [0, 1, 0, 1]) == 0.75
    assert auroc([1, 2, 2, 4], [0, 1, 0, 1]) == 0.875


def test_the_curve_has_the_same_area():
    score, event, _ = world()
    alarms, hits = roc_curve(np.round(score, 1), event)
    assert np.trapezoid(hits, alarms) == pytest.approx(auroc(np.round(score, 1), event))
    assert (alarms[0], hits[0], alarms[-1], hits[-1]) == (0, 0, 1, 1)


def test_a_cluster_drawn_twice_counts_twice():
    score, event, place = world(60, seed=2)
    weights = cluster_weights(place, 3, np.random.default_rng(4))
    found = auroc_interval(score, event, place, level=0.9, replications=40, rng=np.random.default_rng(4))
    again = cluster_weights(place, 40, np.random.default_rng(4))[0].astype(int)
    assert found.draws[0] == pytest.approx(auroc(np.repeat(score, again), np.repeat(event, again)))
    assert weights.sum(axis=1) == pytest.approx(60, abs=30)
    for label in range(40):
        assert np.ptp(weights[:, place == label], axis=1).max(initial=0) == 0


def test_clusters_that_are_alike_widen_the_interval():
    rng = np.random.default_rng(8)
    effect = rng.standard_normal(30)
    place = np.repeat(np.arange(30), 12)
    event = (effect[place] + 0.1 * rng.standard_normal(360) > 0.8).astype(float)
    score = effect[place] + 1.5 * rng.standard_normal(30)[place]
    wide = auroc_interval(score, event, place, level=0.9, replications=300, rng=rng)
    narrow = auroc_interval(score, event, np.arange(360), level=0.9, replications=300, rng=rng)
    assert wide.high - wide.low > 1.5 * (narrow.high - narrow.low)


def test_gain_and_band():
    score, event, place = world(600, 1.5)
    noise = np.random.default_rng(1).standard_normal(600)
    value, low, high = auroc_gain(
        score, noise, event, place, level=0.9, replications=200, rng=np.random.default_rng(2)
    )
    assert value == pytest.approx(auroc(score, event) - auroc(noise, event))
    assert 0 < low < value < high
    same = auroc_gain(score, score, event, place, level=0.9, replications=50, rng=np.random.default_rng(2))
    assert same == (0, 0, 0)
    grid = np.linspace(0, 1, 11)
    hits, below, above = roc_band(
        score, event, place, grid, level=0.9, replications=100, rng=np.random.default_rng(3)
    )
    assert (below <= hits + 1e-9).all()
    assert (hits <= above + 1e-9).all()
    assert (np.diff(hits) >= 0).all()


@pytest.mark.parametrize(
    ("score", "event", "words"),
    [
        ([1, 2, 3], [0, 0, 0], "one kind"),
        ([1, 2, 3], [0, 1, 2], "0 or 1"),
        ([1, 2], [0, 1, 1], "2 scores and 3 events"),
        ([1, np.nan, 2], [0, 1, 1], "finite"),
    ],
)
def test_what_cannot_be_judged_is_refused(score, event, words):
    with pytest.raises(ModelError, match=words):
        auroc(score, event)


def test_pairs_of_one_stratum_do_not_see_what_differs_between_strata():
    """A level of the year that has nothing to do with the events spoils the area of all pairs alone."""
    rng = np.random.default_rng(8)
    year = np.repeat(np.arange(10), 100)
    event = (rng.random(1000) < 0.3).astype(float)
    inside = event + rng.standard_normal(1000)
    score = inside + 20 * rng.standard_normal(10)[year]
    how = {"level": 0.9, "replications": 99, "rng": rng}
    value, low, high = auroc_within(score, event, year, np.arange(1000), **how)
    by_hand = [(auroc(score[year == y], event[year == y]), event[year == y]) for y in range(10)]
    pairs = np.array([one.sum() * (1 - one).sum() for _, one in by_hand])
    assert value == pytest.approx(float(np.average([area for area, _ in by_hand], weights=pairs)))
    assert low < value < high
    assert value == pytest.approx(auroc(inside, event), abs=0.02)
    assert auroc(score, event) < value - 0.1
    with pytest.raises(ModelError, match="both events and others"):
        auroc_within(score, (year == 3).astype(float), year, np.arange(1000), **how)
