"""Shares of known totals: against PPML with group effects, and with members known only as a sum."""

import numpy as np
import pandas as pd
import pytest

from cryptorisk.errors import ModelError
from cryptorisk.stats.gravity import ppml
from cryptorisk.stats.share_ppml import share_ppml


def world(seed=0, groups=20, members=12, noise=0.3):
    rng = np.random.default_rng(seed)
    group = np.repeat(np.arange(groups), members)
    x = rng.normal(size=(group.size, 2))
    weight = np.exp(x @ [1.2, -0.5] + noise * rng.normal(size=group.size))
    share = weight / np.bincount(group, weight)[group]
    return x, group, share


def test_with_all_members_known_it_is_ppml_with_group_effects():
    x, group, share = world()
    found = share_ppml(x, np.zeros(group.size), group, share)
    same = ppml(pd.DataFrame({"y": share, "a": x[:, 0], "b": x[:, 1], "g": group}), "y", ["a", "b"], ["g"])
    assert found.converged
    assert found.beta == pytest.approx(same.params.to_numpy(), abs=1e-7)
    assert (found.groups, found.known) == (20, 240)


def test_coefficients_are_found_when_only_the_largest_are_known():
    errors = []
    for seed in range(20):
        x, group, share = world(seed)
        order = pd.Series(share).groupby(group).rank(ascending=False).to_numpy()
        told = np.where(order <= 2, share, np.nan)
        errors.append(share_ppml(x, np.zeros(group.size), group, told).beta - [1.2, -0.5])
    # the largest are a sample selected on the outcome; the rest keeps the coefficients near the truth
    assert np.abs(np.mean(errors, axis=0)).max() < 0.12


def test_first_order_conditions_hold():
    x, group, share = world(3)
    told = np.where(np.random.default_rng(1).random(group.size) < 0.3, share, np.nan)
    offset = 0.3 * x[:, 0]
    found = share_ppml(x, offset, group, told)
    step = 1e-6

    def loss(beta):
        weight = np.exp(offset + x @ beta)
        fitted = weight / np.bincount(group, weight)[group]
        value = 0.0
        for g in np.unique(group[np.isfinite(told)]):
            here, known = group == g, np.isfinite(told)
            value -= (told[here & known] * np.log(fitted[here & known])).sum()
            value -= (1 - told[here & known].sum()) * np.log(fitted[here & ~known].sum())
        return value

    for direction in np.eye(2):
        slope = (loss(found.beta + step * direction) - loss(found.beta - step * direction)) / (2 * step)
        assert abs(slope) < 1e-4


def test_the_penalty_draws_towards_the_offset():
    x, group, share = world(4)
    offset = x[:, 0]
    sizes = [
        float(np.abs(share_ppml(x, offset, group, share, penalty=p).beta).sum())
        for p in (0.0, 1.0, 100.0, 1e6)
    ]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] < 1e-4
    assert sizes[0] == pytest.approx(0.2 + 0.5, abs=0.2)


def test_an_offset_only_has_nothing_to_estimate():
    _, group, share = world(5)
    found = share_ppml(np.empty((group.size, 0)), np.zeros(group.size), group, share)
    assert found.converged
    assert found.beta.size == 0


def test_members_without_an_offset_take_no_part():
    x, group, share = world(6)
    offset = np.where(np.arange(group.size) % 12 == 11, np.nan, 0.0)
    spoilt = x.copy()
    spoilt[np.isnan(offset)] = np.nan
    told = np.where(np.arange(group.size) % 12 < 3, share, np.nan)
    assert np.isfinite(share_ppml(spoilt, offset, group, told).beta).all()


def test_known_members_may_exceed_the_total():
    x, group, share = world(7)
    told = np.where(np.arange(group.size) % 12 < 6, 3 * share, np.nan)
    assert share_ppml(x, np.zeros(group.size), group, told).converged


def test_refusals():
    x, group, share = world()
    with pytest.raises(ModelError, match="no share is known"):
        share_ppml(x, np.zeros(group.size), group, np.full(group.size, np.nan))
    x[5] = np.nan
    with pytest.raises(ModelError, match="missing"):
        share_ppml(x, np.zeros(group.size), group, share)
