"""Reconciling quotes about cells: exactness, bounds, conflicts, errors."""

import numpy as np
import pytest

from cryptorisk.errors import ModelError
from cryptorisk.stats.reconcile import LogContrast, reconcile


def value(cells, level, sd=0.05, **rest):
    return LogContrast(((1.0, cells),), float(np.log(level)), sd, **rest)


def share(cells, total, level, sd=0.05, **rest):
    return LogContrast(((1.0, cells), (-1.0, total)), float(np.log(level)), sd, **rest)


def test_consistent_quotes_are_reproduced_and_the_rest_follows():
    # 100 is a quarter of the world; two of the three others are 150 together, one of them half of the other
    fit = reconcile(
        [
            value((0,), 100.0),
            share((0,), (0, 1, 2, 3), 0.25),
            value((1, 2), 150.0),
            LogContrast(((1.0, (1,)), (-1.0, (2,))), float(np.log(0.5)), 0.05),
        ],
        4,
    )
    assert fit.converged
    assert np.exp(fit.log_cells) == pytest.approx([100, 50, 100, 150], rel=1e-6)
    assert fit.residuals == pytest.approx(0, abs=1e-5)


def test_two_quotes_of_one_cell_meet_by_their_precision():
    fit = reconcile([value((0,), 100.0, 0.1), value((0,), 200.0, 0.2)], 1)
    assert fit.log_cells[0] == pytest.approx((np.log(100) / 0.01 + np.log(200) / 0.04) / 125)
    assert fit.covariance[0, 0] == pytest.approx(1 / 125)


def test_draws_of_sums_have_the_stated_spread():
    fit = reconcile([value((0,), 100.0, 0.1), value((1,), 300.0, 0.2)], 2)
    draws = fit.draws(20_000, np.random.default_rng(5))
    assert np.log(draws).std(axis=0) == pytest.approx([0.1, 0.2], rel=0.03)
    assert np.median(draws.sum(axis=1)) == pytest.approx(400, rel=0.01)


def test_a_bound_moves_only_what_breaks_it():
    free = reconcile([value((0,), 100.0), value((0,), 50.0, 0.05, side="at_least")], 1)
    held = reconcile([value((0,), 100.0, 0.3), value((0,), 200.0, 0.05, side="at_least")], 1)
    assert np.exp(free.log_cells[0]) == pytest.approx(100, rel=1e-3)
    assert 150 < np.exp(held.log_cells[0]) < 220
    below = reconcile([value((0,), 100.0, 0.3), value((0,), 50.0, 0.05, side="at_most")], 1)
    assert np.exp(below.log_cells[0]) < 70


def test_a_heavy_tail_shrugs_off_a_contradiction():
    agreeing = [value((0,), level, 0.05, tail=4.0) for level in (98.0, 100.0, 102.0)]
    robust = reconcile([*agreeing, value((0,), 400.0, 0.05, tail=4.0)], 1)
    gaussian = reconcile([value((0,), level, 0.05) for level in (98.0, 100.0, 102.0, 400.0)], 1)
    assert np.exp(robust.log_cells[0]) == pytest.approx(100, rel=0.05)
    assert np.exp(gaussian.log_cells[0]) > 130


def test_smoothness_fills_a_gap_with_a_wide_interval():
    change = [LogContrast(((1.0, (i + 1,)), (-1.0, (i,))), 0.0, 0.2) for i in range(2)]
    fit = reconcile([value((0,), 100.0), value((2,), 100.0), *change], 3)
    sd = np.sqrt(np.diag(fit.covariance))
    assert np.exp(fit.log_cells[1]) == pytest.approx(100, rel=1e-6)
    assert sd[1] > 2 * sd[0]


def test_the_same_quotes_give_the_same_draws():
    quotes = [value((0,), 100.0), share((0,), (0, 1), 0.4)]
    first, second = reconcile(quotes, 2), reconcile(quotes, 2)
    one, other = first.draws(10, np.random.default_rng(1)), second.draws(10, np.random.default_rng(1))
    assert (one == other).all()


@pytest.mark.parametrize(
    ("quotes", "cells", "message"),
    [
        ([value((0,), 100.0, 0.0)], 1, "standard deviation 0"),
        ([value((3,), 100.0)], 2, "outside 0 to 1"),
        ([value((0,), 100.0)], 2, r"cells \[1\]"),
    ],
)
def test_unusable_quotes_are_refused(quotes, cells, message):
    with pytest.raises(ModelError, match=message):
        reconcile(quotes, cells)


def test_quotes_that_leave_a_direction_open_are_refused():
    with pytest.raises(ModelError, match="do not determine"):
        reconcile([LogContrast(((1.0, (0,)), (-1.0, (1,))), 0.0, 0.1)], 2)
