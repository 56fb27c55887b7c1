"""Nested CES demand: closed forms, the Cobb-Douglas limit, and calibration as the inverse of demand."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from cryptorisk.errors import ModelError
from cryptorisk.stats.ces import MoneyShares, NestedCES, UserCosts, calibrate, user_cost

COSTS = UserCosts(0.09, 0.05, 0.04)


def test_user_cost_is_interest_forgone_discounted_to_the_start():
    assert user_cost(0.10) == pytest.approx(0.10 / 1.10)
    assert user_cost(0.04, own_return=0.04, access=0.01) == pytest.approx(0.01 / 1.04)


@pytest.mark.parametrize("sigma", [0.5, 1.0, 3.0])
def test_one_foreign_money_follows_the_textbook_formula(sigma):
    """With a stablecoin that nobody wants ``ln(m*/m) = sigma ln((1 - w)/w) + sigma ln(u/u*)``."""
    weight = 0.6
    shares = NestedCES(weight, 1 - 1e-12, sigma, sigma).shares(COSTS)
    expected = sigma * math.log((1 - weight) / weight) + sigma * math.log(COSTS.national / COSTS.bank)
    assert math.log(shares.foreign / shares.national) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("inner", [0.5, 1.0, 3.0])
def test_inside_the_nest_only_relative_costs_count(inner):
    model = NestedCES(0.7, 0.8, 1.0, inner)
    for national in (0.02, 0.5):
        shares = model.shares(UserCosts(national, 0.05, 0.04))
        expected = inner * (math.log(0.2 / 0.8) + math.log(0.05 / 0.04))
        assert math.log(shares.stablecoin / shares.bank) == pytest.approx(expected, abs=1e-12)


def test_cobb_douglas_is_exact_and_the_limit_of_its_neighbours():
    """At one, spending is split by the weights whatever the costs: w, (1 - w) v, (1 - w)(1 - v)."""
    shares = NestedCES(0.7, 0.8, 1.0, 1.0).shares(COSTS)
    spent = (shares.national * 0.09, shares.bank * 0.05, shares.stablecoin * 0.04)
    assert [one / sum(spent) for one in spent] == pytest.approx([0.7, 0.3 * 0.8, 0.3 * 0.2], abs=1e-14)
    near = NestedCES(0.7, 0.8, 1 + 1e-5, 1 - 1e-5).shares(COSTS)
    assert near.national == pytest.approx(shares.national, abs=1e-5)


@pytest.mark.parametrize(("outer", "inner"), [(0.5, 3.0), (1.0, 1.0), (3.0, 0.5), (2.0, 2.0)])
def test_demand_is_the_cheapest_way_to_the_same_services(outer, inner):
    """Minimise spending at a given service numerically: the closed form gives the same shares."""
    model, costs = NestedCES(0.6, 0.7, outer, inner), COSTS

    def nest(first, second, weight, sigma):
        if sigma == 1:
            return math.exp(weight * math.log(first) + (1 - weight) * math.log(second))
        rho = 1 - 1 / sigma
        return (weight * first**rho + (1 - weight) * second**rho) ** (1 / rho)

    def service(logs):
        m, b, c = (math.exp(one) for one in logs)
        return nest(m, nest(b, c, model.bank, inner), model.national, outer)

    spending = lambda logs: 0.09 * math.exp(logs[0]) + 0.05 * math.exp(logs[1]) + 0.04 * math.exp(logs[2])  # noqa: E731
    best = minimize(
        spending,
        [0.0, 0.0, 0.0],
        constraints={"type": "eq", "fun": lambda x: math.log(service(x))},
        method="SLSQP",
        options={"ftol": 1e-15, "maxiter": 500},
    )
    held = [math.exp(one) for one in best.x]
    found = model.shares(costs)
    assert [one / sum(held) for one in held] == pytest.approx(
        [found.national, found.bank, found.stablecoin], abs=2e-5
    )


positive = st.floats(0.005, 0.5)
elasticity = st.sampled_from([0.5, 0.999, 1.0, 1.001, 2.0, 3.0, 6.0])


@given(st.floats(0.02, 0.98), st.floats(0.02, 0.98), positive, positive, positive, elasticity, elasticity)
@settings(max_examples=200, deadline=None)
def test_calibration_reproduces_what_was_observed(foreign, coins, national, bank, stablecoin, outer, inner):
    shares = MoneyShares(1 - foreign, foreign * (1 - coins), foreign * coins)
    costs = UserCosts(national, bank, stablecoin)
    again = calibrate(shares, costs, outer, inner).shares(costs)
    assert again.national == pytest.approx(shares.national, rel=1e-6)
    assert again.stablecoin == pytest.approx(shares.stablecoin, rel=1e-6)


def test_a_dearer_national_money_is_held_less_and_more_so_with_a_higher_elasticity():
    start = MoneyShares(0.8, 0.19, 0.01)
    shares = [
        calibrate(start, COSTS, sigma, 3.0).shares(UserCosts(0.15, 0.05, 0.04)).national
        for sigma in (0.5, 1.0, 3.0)
    ]
    assert start.national > shares[0] > shares[1] > shares[2]


def test_changes_need_no_weights():
    """Exact hat algebra: odds change with the ratio of costs to the power of the elasticity."""
    start, sigma = MoneyShares(0.75, 0.2, 0.05), 2.0
    found = calibrate(start, COSTS, sigma, 3.0).shares(UserCosts(0.18, 0.05, 0.04))
    odds = found.foreign / found.national
    assert odds == pytest.approx(start.foreign / start.national * (0.18 / 0.09) ** sigma)
    assert found.stablecoin / found.bank == pytest.approx(start.stablecoin / start.bank)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: UserCosts(0.0, 0.05, 0.04),
        lambda: NestedCES(1.0, 0.5, 1, 1),
        lambda: NestedCES(0.5, 0.5, 0, 1),
        lambda: calibrate(MoneyShares(0.9, 0.1, 0.0), COSTS, 1, 1),
        lambda: calibrate(MoneyShares(0.9, 0.2, 0.1), COSTS, 1, 1),
        lambda: user_cost(-1.0),
    ],
)
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(ModelError):
        wrong()
