"""Sharing a total out by keys: identities, hold-out, calibration."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cryptorisk.errors import ModelError
from cryptorisk.stats.allocation import (
    allocate,
    calibrated_sd,
    combine,
    graft,
    leave_units_out,
    log_shares,
    persistence,
)

GROUP = np.array([0, 0, 0, 1, 1])


@given(arrays(float, 5, elements=st.floats(-20, 20)))
def test_shares_add_up_to_one_in_each_group(key):
    shares = np.exp(log_shares(key, GROUP))
    assert shares[:3].sum() == pytest.approx(1)
    assert shares[3:].sum() == pytest.approx(1)


def test_a_missing_key_stays_missing():
    shares = log_shares(np.array([0.0, np.nan, 0.0, 1.0, 1.0]), GROUP)
    assert np.isnan(shares[1])
    assert np.exp(shares[[0, 2]]) == pytest.approx([0.5, 0.5])


def test_a_grafted_key_redistributes_only_among_those_who_have_it():
    size = np.log(np.array([4.0, 4.0, 2.0, 1.0, 1.0]))
    key = np.array([np.log(3.0), 0.0, np.nan, np.nan, np.nan])
    shares = np.exp(graft(key, size, GROUP))
    assert shares == pytest.approx([0.6, 0.2, 0.2, 0.5, 0.5])


def test_combined_keys_measure_their_disagreement():
    first = log_shares(np.log(np.array([8.0, 2.0, 2.0, 1.0, 1.0])), GROUP)
    same, none = combine(np.vstack([first, first]), np.array([0.5, 0.5]), GROUP)
    assert same == pytest.approx(first)
    assert none == pytest.approx(0, abs=1e-12)
    second = first + np.array([0.6, 0, 0, 0, 0])
    _, spread = combine(np.vstack([first, second]), np.array([0.5, 0.5]), GROUP)
    assert spread[0] == pytest.approx(0.3)


def test_perfect_keys_predict_what_was_left_out():
    shares = np.log(np.array([0.5, 0.3, 0.2, 0.6, 0.4]))
    total = np.log(np.array([100.0, 100, 100, 50, 50]))
    published = np.where([True, True, False, True, False], shares + total, np.nan)
    left = leave_units_out(shares, published, total, GROUP, np.array([0, 1, 2, 0, 3]))
    assert left.index.tolist() == [0, 1, 3]
    assert left.log_error == pytest.approx(0, abs=1e-12)


def test_a_unit_is_left_out_in_all_its_periods():
    # unit 0 is published twice in one group; its other figure must not help
    shares = np.log(np.array([0.4, 0.4, 0.2]))
    published = np.log(np.array([90.0, 40.0, np.nan]))
    left = leave_units_out(
        shares, published, np.log(np.full(3, 100.0)), np.zeros(3, int), np.array([0, 0, 1])
    )
    assert np.exp(left.log_error) == pytest.approx([90 / 40, 1.0])


def test_calibration_covers_at_the_level_it_is_asked_for():
    rng = np.random.default_rng(3)
    errors = 0.5 * rng.standard_normal(4000)
    assert calibrated_sd(errors, np.zeros(4000), 0.8) == pytest.approx(0.5, rel=0.05)
    assert calibrated_sd(errors, np.full(4000, 0.09), 0.8) == pytest.approx(0.4, rel=0.08)
    assert calibrated_sd(errors, np.full(4000, 9.0), 0.8) == 0


def test_calibration_needs_some_errors():
    with pytest.raises(ModelError, match="too few"):
        calibrated_sd(np.zeros(4), np.zeros(4), 0.8)


def test_persistence_separates_units_from_periods():
    rng = np.random.default_rng(8)
    unit = np.repeat(np.arange(400), 3)
    effect = rng.normal(0, 0.6, 400)
    found = persistence(effect[unit] + rng.normal(0, 0.2, 1200), unit)
    assert np.sqrt(found.between) == pytest.approx(0.6, rel=0.1)
    assert np.sqrt(found.within) == pytest.approx(0.2, rel=0.1)
    shrunk = np.array([found.effects[u][0] for u in range(400)])
    assert np.sqrt(np.mean((shrunk - effect) ** 2)) == pytest.approx(0.2 / np.sqrt(3), rel=0.15)


def test_allocated_and_published_units_exhaust_the_total():
    shares = log_shares(np.log(np.array([5.0, 3.0, 2.0, 1.0, 1.0])), GROUP)
    published = np.array([np.log(30.0), np.nan, np.nan, np.nan, np.nan])
    totals = np.column_stack([np.full(500, 100.0), np.full(500, 40.0)])
    spread = np.full(5, 0.4)
    rng = np.random.default_rng(1)
    draws = allocate(shares, (np.zeros(5), spread), (published, np.full(5, 0.1)), totals, GROUP, rng)
    assert draws[:, :3].sum(axis=1) == pytest.approx(100)
    assert draws[:, 3:].sum(axis=1) == pytest.approx(40)
    assert np.median(draws[:, 0]) == pytest.approx(30, rel=0.03)
    assert np.median(draws[:, 1] / draws[:, 2]) == pytest.approx(1.5, rel=0.1)


def test_units_without_a_key_get_nothing_and_are_not_zero():
    key = np.array([0.0, np.nan, 0.0, 0.0, 0.0])
    shares = log_shares(key, GROUP)
    none = np.full(5, np.nan)
    rng = np.random.default_rng(1)
    draws = allocate(shares, (np.zeros(5), np.zeros(5)), (none, none), np.full((2, 2), 10.0), GROUP, rng)
    assert np.isnan(draws[:, 1]).all()
    assert draws[:, [0, 2]] == pytest.approx(5)


def test_published_units_above_the_total_leave_the_rest_a_little():
    shares = log_shares(np.zeros(5), GROUP)
    published = np.array([np.log(200.0), np.nan, np.nan, np.nan, np.nan])
    rng = np.random.default_rng(1)
    draws = allocate(
        shares, (np.zeros(5), np.zeros(5)), (published, np.zeros(5)), np.full((3, 2), 100.0), GROUP, rng
    )
    assert (draws[:, 1:3] > 0).all()
    assert draws[:, 1:3].sum(axis=1) == pytest.approx(100 * 0.1 * 2 / 3)
