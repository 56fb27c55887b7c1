import numpy as np
import pytest

from cryptorisk.errors import ModelError
from cryptorisk.stats.disaggregation import aggregation, disaggregate, random_walk_gain

METHODS = ("chow-lin", "fernandez", "litterman", "denton-cholette")


@pytest.fixture
def world():
    rng = np.random.default_rng(3)
    x = np.exp(np.cumsum(0.05 * rng.standard_normal(45)))
    # A stretch before the first total, years of unequal length, and months after the last one.
    group = np.concatenate([[-1] * 2, np.repeat([0, 1, 2, 3, 4, 5], [7, 6, 6, 6, 6, 6]), [-1] * 6])
    totals = np.array([6.0, 7.5, 7.0, 9.0, 8.0, 10.0])
    return totals, group, x


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("conversion", ["sum", "mean"])
def test_the_path_adds_up_and_totals_leave_no_error(world, method, conversion):
    totals, group, x = world
    found = disaggregate(totals, group, x, method=method, conversion=conversion)
    c = aggregation(group, conversion)
    assert c @ found.values == pytest.approx(totals)
    assert c @ found.covariance @ c.T == pytest.approx(np.zeros((6, 6)), abs=1e-9)
    assert found.weights @ totals == pytest.approx(found.values)
    assert found.standard_errors[-1] > found.standard_errors[20]


def test_an_indicator_that_is_the_truth_is_returned_without_error():
    truth = 5 + np.sin(np.arange(48))
    group = np.repeat(np.arange(4), 12)
    found = disaggregate(np.bincount(group, truth), group, truth, method="chow-lin", rho=0.5)
    assert found.values == pytest.approx(truth)
    assert found.coefficients == pytest.approx([1.0])
    assert found.standard_errors == pytest.approx(np.zeros(48), abs=1e-6)


def test_chow_lin_without_autocorrelation_spreads_the_residual_evenly():
    totals, group = np.array([10.0, 20.0, 60.0]), np.repeat(np.arange(3), 4)
    found = disaggregate(totals, group, np.ones(12), method="chow-lin", rho=0.0)
    assert found.values == pytest.approx(np.repeat(totals / 4, 4))


def test_beyond_the_last_total_chow_lin_returns_to_the_indicator_and_denton_keeps_the_ratio():
    totals, group = np.array([10.0, 20.0, 60.0]), np.append(np.repeat(np.arange(3), 4), [-1] * 200)
    chow_lin = disaggregate(totals, group, np.ones(212), method="chow-lin", rho=0.9)
    denton = disaggregate(totals, group, np.ones(212), method="denton-cholette")
    assert chow_lin.values[-1] == pytest.approx(chow_lin.coefficients[0], rel=1e-6)
    assert denton.values[12:] == pytest.approx(np.full(200, denton.values[11]))
    assert denton.standard_errors[-1] > 3 * denton.standard_errors[20]


def test_rho_maximises_the_likelihood(world):
    totals, group, x = world
    found = disaggregate(totals, group, x, method="litterman")
    others = [disaggregate(totals, group, x, method="litterman", rho=r) for r in (0, 0.3, 0.6, 0.9)]
    assert found.log_likelihood >= max(one.log_likelihood for one in others) - 1e-9
    assert found.degrees == others[0].degrees - 1


def test_interval_needs_a_degree_of_freedom():
    found = disaggregate(np.array([4.0]), np.zeros(4, dtype=int), np.ones(4), method="fernandez")
    with pytest.raises(ModelError, match="degree of freedom"):
        found.interval(0.8)


@pytest.mark.parametrize(
    ("totals", "group", "x", "message"),
    [
        ([1.0, 2.0], [0, 0, 2, 2], np.ones(4), "every position"),
        ([1.0, 2.0], [0, 0, 1], np.ones(4), "periods"),
        ([1.0, np.nan], [0, 0, 1, 1], np.ones(4), "finite"),
        ([1.0, 2.0], [0, 0, 1, 1], np.column_stack([np.ones(4), 2 * np.ones(4)]), "identify"),
    ],
)
def test_refuses_what_it_cannot_work_with(totals, group, x, message):
    with pytest.raises(ModelError, match=message):
        disaggregate(np.array(totals), np.array(group), x)


def test_denton_takes_one_indicator_without_zeros():
    with pytest.raises(ModelError, match="without zeros"):
        disaggregate(
            np.array([1.0, 2.0]), np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1.0]), method="denton-cholette"
        )


def test_gain_of_a_random_walk_reproduces_its_means():
    weights = aggregation(np.repeat(np.arange(4), 6), "mean")
    assert weights @ random_walk_gain(weights) == pytest.approx(np.eye(4), abs=1e-9)


@pytest.mark.parametrize(
    ("method", "rho"),
    [
        ("chow-lin", 1.0),
        ("chow-lin", -2.0),
        ("litterman", 1.5),
        ("litterman", -0.1),
        ("chow-lin", np.nan),
        ("fernandez", 0.5),
    ],
)
def test_a_rho_out_of_its_bounds_is_refused_in_words(method, rho):
    group = np.repeat(np.arange(10), 4)
    totals = np.bincount(group, np.arange(40.0))
    with pytest.raises(ModelError, match="rho must be at least 0 and below 1"):
        disaggregate(totals, group, np.ones(40), method=method, rho=rho)
