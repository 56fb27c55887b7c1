"""First-generation attack: the literature's closed form, its limits, and the forward integral that it solves."""

import math

import pytest
from scipy.integrate import quad

from cryptorisk.errors import ModelError
from cryptorisk.stats.speculative_attack import GrowingPeg, LinearPeg


def linear(**changed):
    given = {"rate": 1.0, "beta": 100.0, "alpha": 50.0, "credit": 60.0, "credit_flow": 10.0}
    return LinearPeg(**{**given, **changed})


def test_flood_garber_by_hand():
    """R = 100 - 60 = 40; z = R/mu - alpha/beta = 4 - 0.5; the attack takes alpha mu/beta = 5."""
    peg = linear()
    assert peg.reserves == pytest.approx(40)
    assert peg.attack_time == pytest.approx(3.5)
    assert peg.jump == pytest.approx(5)
    assert peg.exhaustion_time == pytest.approx(4)


def test_the_attack_comes_when_the_shadow_rate_reaches_the_peg():
    peg = linear(floor=7.0)
    assert peg.shadow_rate(peg.attack_time) == pytest.approx(peg.rate)
    assert peg.shadow_rate(peg.attack_time - 0.1) < peg.rate < peg.shadow_rate(peg.attack_time + 0.1)


def test_reserves_just_before_the_attack_are_floor_and_jump():
    peg = linear(floor=7.0)
    assert peg.reserves - peg.credit_flow * peg.attack_time == pytest.approx(peg.floor + peg.jump)


def test_the_linear_shadow_rate_solves_its_differential_equation():
    """beta S - alpha dS/dt = D + floor along the floating path, whose slope is mu/beta."""
    peg, t = linear(floor=3.0), 2.0
    slope = (peg.shadow_rate(t + 1e-6) - peg.shadow_rate(t - 1e-6)) / 2e-6
    assert peg.beta * peg.shadow_rate(t) - peg.alpha * slope == pytest.approx(60 + 20 + 3)


def test_without_response_of_money_reserves_run_out_and_nothing_jumps():
    assert linear(alpha=0.0).attack_time == linear(alpha=0.0).exhaustion_time
    assert linear(alpha=0.0).jump == 0


def test_more_reserves_later_faster_credit_sooner():
    assert linear(credit=50.0).attack_time > linear().attack_time > linear(credit_flow=20.0).attack_time


def test_thin_reserves_are_attacked_at_once():
    assert linear(credit=98.0).attack_time < 0


@pytest.mark.parametrize("wrong", [{"credit_flow": 0.0}, {"rate": 0.0}, {"alpha": -1.0}, {"floor": -1.0}])
def test_what_is_no_peg_under_pressure_is_refused(wrong):
    with pytest.raises(ModelError):
        linear(**wrong)


def growing(**changed):
    given = {
        "money": 100.0,
        "reserves": 20.0,
        "credit_growth": 0.12,
        "money_growth": 0.05,
        "semi_elasticity": 0.5,
    }
    return GrowingPeg(**{**given, **changed})


def test_growing_peg_by_hand():
    """ln(100/80)/0.07 - 0.5 = 2.688; 1 - exp(-0.035) = 3.44 % of money."""
    peg = growing()
    assert peg.attack_time == pytest.approx(2.6878, abs=1e-4)
    assert peg.jump == pytest.approx(0.03439, abs=1e-5)
    assert peg.shadow_premium(peg.attack_time) == pytest.approx(0, abs=1e-12)


def test_the_growing_shadow_rate_is_the_forward_integral_of_its_fundamentals():
    """s = (1/eta) int exp(-(u - t)/eta) [ln D_u - g u - k] du, with k from the peg (s = 0) at t = 0."""
    peg, t = growing(floor=4.0), 1.5
    k, eta = math.log(peg.money), peg.semi_elasticity

    def discounted(u):
        credit = math.log((80 + 4) * math.exp(0.12 * u))
        return math.exp(-(u - t) / eta) * (credit - 0.05 * u - k) / eta

    assert peg.shadow_premium(t) == pytest.approx(quad(discounted, t, t + 40 * eta)[0], rel=1e-6)


def test_money_falls_by_the_jump_from_demand_to_what_covers_it():
    peg = growing(floor=4.0)
    t = peg.attack_time
    before, after = 100 * math.exp(0.05 * t), 84 * math.exp(0.12 * t)
    assert 1 - after / before == pytest.approx(peg.jump)


def test_small_reserves_and_no_trend_give_the_linear_model():
    small = growing(reserves=0.01, money_growth=0.0, semi_elasticity=0.0)
    flat = LinearPeg(rate=1.0, beta=100.0, alpha=0.0, credit=99.99, credit_flow=0.12 * 99.99)
    assert small.attack_time == pytest.approx(flat.attack_time, rel=1e-3)


def test_credit_no_faster_than_demand_is_never_attacked():
    assert growing(credit_growth=0.05).attack_time == math.inf
    assert growing(credit_growth=0.02).jump == 0


def test_reserves_below_the_floor_are_attacked_already():
    assert growing(floor=30.0).attack_time < 0
    assert growing(floor=30.0, credit_growth=0.01).attack_time == -math.inf


@pytest.mark.parametrize("wrong", [{"reserves": 120.0}, {"floor": -1.0}, {"semi_elasticity": -0.1}])
def test_impossible_positions_are_refused(wrong):
    with pytest.raises(ModelError):
        growing(**wrong)
