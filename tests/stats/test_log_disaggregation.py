import numpy as np
import pytest

from cryptorisk.errors import ModelError
from cryptorisk.stats.log_disaggregation import deviations, log_path
from cryptorisk.stats.log_link import indicator_change, link

GROUP = np.append(np.repeat(np.arange(5), 12), [-1] * 9)


@pytest.fixture
def index():
    return np.cumsum(0.2 * np.random.default_rng(5).standard_normal(GROUP.size))


def test_the_path_adds_up_and_is_positive_whatever_the_totals(index):
    totals = np.array([1.0, 8.0, 2.0, 30.0, 3.0])
    path = log_path(totals, GROUP, 0.5 * index)
    assert np.bincount(GROUP[:60], np.exp(path.log_values[:60])) == pytest.approx(totals)
    ratio = path.log_values - 0.5 * index
    assert ratio[60:] == pytest.approx(np.full(9, ratio[59]))


def test_it_is_the_smoothest_ratio(index):
    """No change of the path that leaves the totals alone lowers the sum of squared steps."""
    totals = np.array([1.0, 1.5, 1.2, 2.0, 1.7])
    path = log_path(totals, GROUP, index)
    ratio = (path.log_values - index)[:60]
    best = np.sum(np.diff(ratio) ** 2)
    rng = np.random.default_rng(1)
    for _ in range(20):
        other = np.exp(path.log_values[:60] + 0.01 * rng.standard_normal(60))
        scale = totals / np.bincount(GROUP[:60], other)
        assert np.sum(np.diff(np.log(other * scale[GROUP[:60]]) - index[:60]) ** 2) > best


def test_draws_add_up_to_draws_of_the_totals(index):
    totals = np.array([1.0, 1.5, 1.2, 2.0, 1.7])
    path, rng = log_path(totals, GROUP, index), np.random.default_rng(2)
    log_totals = np.log(totals) + 0.1 * rng.standard_normal((50, 5))
    strayed = 0.1 * np.cumsum(rng.standard_normal((50, GROUP.size)), axis=1)
    draws = path.draw(log_totals, strayed)
    sums = np.stack([np.bincount(GROUP[:60], row[:60]) for row in draws])
    assert sums == pytest.approx(np.exp(log_totals))
    assert (draws > 0).all()
    assert np.std(np.log(draws[:, -1])) > np.std(np.log(draws[:, 30]))


def test_error_of_the_path_is_the_spread_of_its_draws(index):
    totals = np.array([1.0, 1.5, 1.2, 2.0, 1.7])
    path, rng = log_path(totals, GROUP, index), np.random.default_rng(2)
    n, step = GROUP.size, 0.02  # small, so that second order does not count
    noise = np.cumsum(rng.standard_normal((4000, n)), axis=1) + 1.5 * rng.standard_normal((4000, n))
    draws = np.log(path.draw(np.tile(np.log(totals), (4000, 1)), step * noise))
    assert draws.std(axis=0) == pytest.approx(step * path.error_sd(1.5), rel=0.06)


def test_link_finds_an_exact_elasticity(index):
    totals = np.bincount(GROUP[:60], np.exp(0.7 * index[:60]))
    found = link(totals, GROUP, index)
    assert found.elasticity == pytest.approx(0.7, abs=1e-4)
    assert found.change_sd == pytest.approx(0, abs=1e-4)
    assert found.left_out["fitted"] < found.left_out["none"]
    assert found.degrees == 3


def test_fixed_elasticities_keep_all_degrees_of_freedom(index):
    totals = np.array([1.0, 1.5, 1.2, 2.0, 1.7])
    none = link(totals, GROUP, index, kind="none")
    assert (none.elasticity, none.error, none.degrees) == (0.0, 0.0, 4)
    assert none.change_sd == pytest.approx(np.sqrt(np.mean(np.diff(np.log(totals)) ** 2)))
    # the change of a twelve-month mean of a random walk has 8.03 times the variance of its step
    assert none.change_sd / none.step_sd == pytest.approx(np.sqrt(289 / 36))


def test_half_width_grows_with_the_indicators_change(index):
    found = link(np.array([1.0, 1.5, 1.2, 2.0, 1.7]), GROUP, index)
    assert found.half_width(0.8, 0.5) > found.half_width(0.8, 0.0) > 1.28 * found.change_sd


def test_variance_of_a_change_of_means_in_simulation():
    rng = np.random.default_rng(4)
    walk = np.cumsum(rng.standard_normal((20_000, 24)), axis=1)
    change = walk[:, 12:].mean(axis=1) - walk[:, :12].mean(axis=1)
    assert change.var() == pytest.approx(289 / 36, rel=0.03)


def test_deviations_carry_the_indicators_error(index):
    found = link(np.array([1.0, 1.5, 1.2, 2.0, 1.7]), GROUP, index, kind="proportional")
    error = np.zeros((300, GROUP.size))
    error[:, -1] = 5.0
    strayed = deviations(found, index, 300, np.random.default_rng(1), step_sd=1e-9, indicator_error=error)
    assert strayed[:, -1] == pytest.approx(np.full(300, 5.0), abs=1e-4)
    assert strayed[:, 0] == pytest.approx(np.zeros(300), abs=1e-4)


def test_changes_of_the_indicator_are_those_of_its_totals(index):
    level = np.bincount(GROUP[:60], np.exp(index[:60]))
    assert indicator_change(1.0, GROUP, index) == pytest.approx(np.diff(np.log(level)))


@pytest.mark.parametrize("totals", [[1.0, 2.0, 3.0], [1.0, -2.0, 3.0, 4.0, 5.0]])
def test_link_refuses_too_few_changes_and_negative_totals(totals):
    group = np.repeat(np.arange(len(totals)), 12)
    with pytest.raises(ModelError):
        link(np.array(totals), group, np.zeros(group.size))


def test_path_refuses_negative_totals():
    with pytest.raises(ModelError, match="positive"):
        log_path(np.array([1.0, -1.0]), np.repeat([0, 1], 12), np.zeros(24))
