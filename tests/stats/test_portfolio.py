"""Portfolios of least risk: closed forms, optimality conditions, another solver, what is refused."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from cryptorisk.errors import ModelError
from cryptorisk.stats import mvp, portfolio


def covariance(rng, k, scales=None):
    sample = rng.normal(size=(5 * k, k)) * (np.ones(k) if scales is None else scales)
    return np.cov(sample, rowvar=False)


@pytest.fixture
def rng():
    return np.random.default_rng(31)


def test_v17_is_the_case_of_two_assets():
    """Var(pi) 9, Var(s) 4, Cov(pi, s) 1.5: national money -pi, foreign s; share (9 + 1.5) / (9 + 4 + 3)."""
    matrix = np.array([[9.0, -1.5], [-1.5, 4.0]])
    assert portfolio.minimum_variance(matrix) == pytest.approx([1 - 0.65625, 0.65625])
    assert portfolio.long_only(matrix) == pytest.approx([1 - 0.65625, 0.65625])
    assert mvp.share(9, 4, 1.5) == pytest.approx(0.65625)


def test_uncorrelated_assets_are_held_by_the_inverse_of_their_variance():
    assert portfolio.minimum_variance(np.diag([1.0, 2.0, 4.0])) == pytest.approx(np.array([4, 2, 1]) / 7)
    assert portfolio.long_only(np.diag([1.0, 2.0, 4.0])) == pytest.approx(np.array([4, 2, 1]) / 7)


def test_three_assets_against_the_adjugate(rng):
    """S^-1 1 by cofactors, written out."""
    s = covariance(rng, 3)
    cofactors = np.array(
        [
            [np.linalg.det(np.delete(np.delete(s, i, 0), j, 1)) * (-1) ** (i + j) for j in range(3)]
            for i in range(3)
        ]
    )
    expected = cofactors.sum(axis=1) / cofactors.sum()
    assert portfolio.minimum_variance(s) == pytest.approx(expected)


def test_two_assets_with_costs_in_closed_form():
    """Interior: w = (v_n + c_n/g - c_f/g) / (v_n + v_f) for uncorrelated assets; at the corner none."""
    matrix, aversion = np.diag([0.04, 0.02]), 5.0
    w = portfolio.long_only(matrix, np.array([0.0, 0.1]), aversion)
    assert w[1] == pytest.approx((0.04 - 0.1 / 5) / 0.06)
    assert portfolio.long_only(matrix, np.array([0.0, 0.3]), aversion)[1] == 0.0


def test_a_free_dollar_and_a_noisy_one_share_by_their_own_variance():
    """Same currency risk, own variance v_D and v_S: they are held as v_S to v_D."""
    currency = np.array([[0.01, -0.004, -0.004], [-0.004, 0.02, 0.02], [-0.004, 0.02, 0.02]])
    w = portfolio.long_only(currency + np.diag([0.0, 0.001, 0.003]))
    assert w[1] / w[2] == pytest.approx(3.0)


def test_costs_decide_between_equal_risks():
    same = np.array([[0.02, 0.02], [0.02, 0.02]])
    assert portfolio.long_only(same, np.array([0.02, 0.01]), 5.0) == pytest.approx([0, 1])
    assert portfolio.long_only(same) == pytest.approx([1, 0])  # a tie goes to the first


def test_scale_does_not_matter_without_costs(rng):
    s = covariance(rng, 4, np.array([0.01, 0.1, 0.1, 1.0]))
    assert portfolio.long_only(1e-6 * s) == pytest.approx(portfolio.long_only(s), abs=1e-12)


def test_more_aversion_is_less_cost(rng):
    s, c = covariance(rng, 4), np.array([0.0, 0.1, 0.2, 0.3])
    assert portfolio.long_only(s, 2 * c, 8.0) == pytest.approx(portfolio.long_only(s, c, 4.0))
    assert portfolio.long_only(s, c, 1e9) == pytest.approx(portfolio.long_only(s), abs=1e-7)


@given(st.integers(0, 10_000), st.integers(2, 6))
@settings(max_examples=60, deadline=None)
def test_optimality_conditions_hold(seed, k):
    """Equal marginal risk and cost of what is held, no less of what is not (Boyd and Vandenberghe 5.5.3)."""
    rng = np.random.default_rng(seed)
    s, c, aversion = covariance(rng, k, rng.uniform(0.05, 2, k)), rng.uniform(0, 0.3, k), 3.0
    w = portfolio.long_only(s, c, aversion)
    marginal = aversion * s @ w + c
    held = w > 0
    assert w.sum() == pytest.approx(1)
    assert (w >= 0).all()
    assert np.ptp(marginal[held]) < 1e-9
    assert (marginal[~held] >= marginal[held].min() - 1e-9).all()
    assert portfolio.kkt_violation(w, s, c, aversion) < 1e-10


def test_conditions_tell_a_wrong_answer():
    s = np.diag([1.0, 2.0, 4.0])
    right = portfolio.long_only(s)
    assert portfolio.kkt_violation(right, s) < 1e-12
    for wrong in ([1 / 3, 1 / 3, 1 / 3], [1.0, 0.0, 0.0], [0.6, 0.6, -0.2], [0.4, 0.2, 0.1]):
        assert portfolio.kkt_violation(np.array(wrong), s) > 0.01


@pytest.mark.parametrize("k", [3, 5])
def test_enumeration_agrees_with_quadratic_programming(rng, k):
    for _ in range(10):
        s, c = covariance(rng, k), rng.uniform(0, 0.2, k)
        solved = minimize(
            lambda w, s=s, c=c: 2.0 * w @ s @ w + c @ w,
            np.full(k, 1 / k),
            bounds=[(0, 1)] * k,
            constraints=[{"type": "eq", "fun": lambda w: w.sum() - 1}],
            method="SLSQP",
            options={"ftol": 1e-14, "maxiter": 500},
        )
        assert portfolio.long_only(s, c, 4.0) == pytest.approx(solved.x, abs=1e-5)


def test_many_assets_go_to_quadratic_programming_and_meet_the_conditions(rng):
    k = portfolio.MOST_ENUMERATED + 2
    s, c = np.stack([covariance(rng, k) for _ in range(3)]), rng.uniform(0, 0.2, k)
    w = portfolio.long_only(s, c, 4.0)
    assert w.shape == (3, k)
    assert (portfolio.kkt_violation(w, s, c, 4.0) < 1e-5).all()
    exact = portfolio.long_only(s[:, :4, :4], c[:4], 4.0)
    assert (portfolio.kkt_violation(exact, s[:, :4, :4], c[:4], 4.0) < 1e-12).all()


def test_a_stack_of_matrices_is_solved_as_each_alone(rng):
    stack = np.stack([covariance(rng, 4) for _ in range(20)])
    c = rng.uniform(0, 0.2, 4)
    together = portfolio.long_only(stack, c, 4.0)
    for one, w in zip(stack, together, strict=True):
        assert portfolio.long_only(one, c, 4.0) == pytest.approx(w, abs=1e-12)
    assert portfolio.minimum_variance(stack)[3] == pytest.approx(portfolio.minimum_variance(stack[3]))


def test_a_singular_covariance_is_solved_long_only_and_refused_otherwise():
    """The third asset is the mean of the first two: any split of it is as good, and the conditions hold."""
    base = np.array([[0.04, 0.01], [0.01, 0.09]])
    mix = np.array([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]])
    s = mix @ base @ mix.T
    w = portfolio.long_only(s)
    assert portfolio.kkt_violation(w, s) < 1e-12
    assert w @ s @ w == pytest.approx(
        portfolio.minimum_variance(base) @ base @ portfolio.minimum_variance(base)
    )
    with pytest.raises(ModelError, match="singular"):
        portfolio.minimum_variance(s)


def test_weights_take_anybodys_returns(rng):
    table = pd.DataFrame(rng.normal(size=(80, 3)) * [0.01, 0.03, 0.2], columns=["a", "b", "c"])
    free = portfolio.weights(table)
    assert free == pytest.approx(portfolio.minimum_variance(np.cov(table.to_numpy(), rowvar=False)))
    assert mvp.weights(table.to_numpy()) == pytest.approx(free)
    careful = portfolio.weights(table, short_sales=False, added_variance=np.array([0, 0.01, 0]))
    assert careful[1] < portfolio.weights(table, short_sales=False)[1]


def test_shrinkage_is_what_it_says(rng):
    s = covariance(rng, 3)
    half = portfolio.shrunk(s, 0.5)
    assert np.diag(half) == pytest.approx(np.diag(s))
    assert half[0, 1] == pytest.approx(s[0, 1] / 2)
    assert portfolio.shrunk(s, 0.0) == pytest.approx(s)
    sample = rng.normal(size=(40, 3))
    inverse = 1 / sample.var(axis=0, ddof=1)
    assert portfolio.weights(sample, shrinkage=1.0) == pytest.approx(inverse / inverse.sum())
    with pytest.raises(ModelError, match="between 0 and 1"):
        portfolio.shrunk(s, 1.5)


def test_inputs_are_not_changed(rng):
    s, c = covariance(rng, 4), np.full(4, 0.1)
    copies = s.copy(), c.copy()
    portfolio.long_only(s, c, 3.0)
    assert (s == copies[0]).all()
    assert (c == copies[1]).all()


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: portfolio.long_only(np.eye(3)[:2]), "square"),
        (lambda: portfolio.long_only(np.array([[1.0, 0.5], [0.2, 1.0]])), "symmetric"),
        (lambda: portfolio.long_only(np.array([[1.0, 2.0], [2.0, 1.0]])), "negative eigenvalue"),
        (lambda: portfolio.long_only(np.zeros((2, 2))), "no asset has any variance"),
        (lambda: portfolio.long_only(np.full((2, 2), np.nan)), "finite"),
        (lambda: portfolio.long_only(np.eye(2), np.zeros(2)), "positive risk aversion"),
        (lambda: portfolio.long_only(np.eye(2), np.zeros(3), 2.0), "one an asset"),
        (lambda: portfolio.weights(np.array([[1.0, np.nan], [2.0, 1.0]])), "gaps"),
        (lambda: portfolio.weights(np.ones(4)), "at least two rows"),
        (lambda: portfolio.weights(np.eye(3) + np.arange(3)[:, None], costs=np.zeros(3)), "short position"),
    ],
)
def test_refusals_say_what(call, match):
    with pytest.raises(ModelError, match=match):
        call()
