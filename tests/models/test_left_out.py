"""When a regression is believed to predict: paired errors, clusters, and the two parts of the rule."""

import numpy as np
import pytest
from scipy import stats

from cryptorisk.models.left_out import gain


def errors(saving, clusters=60, each=3, seed=3):
    """Errors that a cluster shares in part, and those of a regression that takes part of them away."""
    rng = np.random.default_rng(seed)
    labels = np.repeat(np.arange(clusters), each)
    simple = rng.normal(size=clusters)[labels] + rng.normal(size=len(labels))
    return simple, (1 - saving) * simple + 0.05 * rng.normal(size=len(labels)), labels


def test_saving_and_error_by_hand():
    simple, rival, labels = errors(0.2)
    found = gain(simple, rival, labels)
    assert found.saved == pytest.approx(1 - np.sqrt((rival**2).mean() / (simple**2).mean()))
    difference = simple**2 - rival**2
    sums = np.array([(difference - difference.mean())[labels == one].sum() for one in range(60)])
    assert found.mean == pytest.approx(difference.mean())
    assert found.error == pytest.approx(np.sqrt(60 / 59 * (sums**2).sum()) / len(difference))
    assert found.t == pytest.approx(found.mean / found.error)
    assert found.enough


def test_a_saving_that_is_sure_but_small_is_refused():
    found = gain(*errors(0.05))
    assert found.t > stats.t.ppf(0.95, 59)
    assert not found.enough


def test_a_large_saving_of_one_cluster_is_refused():
    simple, rival, labels = errors(0.0)
    simple[labels == 7] = 15.0
    found = gain(simple, rival, labels)
    assert found.saved > 0.3
    assert found.t < 1.1
    assert not found.enough


def test_noise_is_used_in_one_case_of_twenty_at_most():
    """Two ways of predicting that are equally good: one errs less by chance in half of the worlds."""
    found = [
        gain(errors(0.0, 30, seed=seed)[0], *errors(0.0, 30, seed=1000 + seed)[::2]) for seed in range(300)
    ]
    assert 100 < sum(one.mean > 0 for one in found) < 200
    assert 0 < sum(one.enough for one in found) <= 22  # 5 % and two standard errors
