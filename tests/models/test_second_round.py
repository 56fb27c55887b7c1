"""Second round: credit by published effects lies within its bounds, in proportion to the loss of capital."""

import dataclasses

import pytest

from cryptorisk.models.crash.bank_capital import Capital
from cryptorisk.models.crash.losses import Reserves
from cryptorisk.models.crash.scenarios import Scenario
from cryptorisk.models.crash.second_round import credit_effect, second_round_table
from cryptorisk.models.crash.shocks import Shock
from cryptorisk.models.crash.surroundings import Ratio, Surroundings
from cryptorisk.models.exposure.holdings import Band
from cryptorisk.params import ShareRange

GDP = 1e11
BANKS = Capital(exposure=1e9, tier1=9e9, cet1=8e9, rwa=8e10)


@pytest.fixture
def around():
    nothing = Reserves(*(None for _ in dataclasses.fields(Reserves)))
    return Surroundings(nothing, None, Ratio(20.0, 2024), Ratio(40.0, 2024), Ratio(), False, False)


def table(around, capital, drop=0.5, *, coarse=False):
    return second_round_table(
        Band(1e8, 6e8, 3e9).scaled(100 / GDP),
        GDP,
        Scenario("half", Shock(drop), "assumption", "one month"),
        ShareRange(low=0.03, central=0.05, high=0.1),
        around,
        capital,
        coarse_home=False,
        coarse_banks=coarse,
        sources=(),
    )


def test_a_point_of_capital_takes_0_6_to_1_6_percent_of_loans():
    assert credit_effect(1.0, 40.0) == pytest.approx((0.24, 0.64))
    assert credit_effect(0.0, 40.0) == (0.0, 0.0)


def test_known_banks_lose_points_of_their_own_ratio(around):
    frame = table(around, BANKS).frame.set_index("what")
    effect, bounds = frame.loc["Bank credit within a year"], frame.loc["Bank credit, bounds"]
    points = 100 * 1e9 * 0.5 / 8e10
    assert (effect["low"], effect["high"]) == pytest.approx(credit_effect(points, 40.0))
    assert bounds["low"] == 0.0
    assert bounds["high"] == pytest.approx(
        100 * 0.5e9 * 10 / GDP
    )  # ten dollars of assets a dollar of capital
    assert effect["high"] < bounds["high"]


def test_unknown_banks_stand_at_the_limit_with_the_required_tier_1(around):
    frame = table(around, None).frame.set_index("what")
    effect = frame.loc["Bank credit within a year, at the SCO60 limit"]
    assert (effect["low"], effect["high"]) == pytest.approx(credit_effect(0.02 * 0.5 * 8.5, 40.0))
    assert effect["high"] < frame.loc["Bank credit, bounds at the SCO60 limit", "high"]
    assert "8.5 %" in effect["assumption"]


def test_the_effect_grows_with_the_fall_and_is_rounded_where_confidential(around):
    half, all_of_it = (
        table(around, BANKS, drop).frame.set_index("what").loc["Bank credit within a year"]
        for drop in (0.5, 1.0)
    )
    assert all_of_it["high"] == pytest.approx(2 * half["high"])
    larger = dataclasses.replace(BANKS, exposure=1.2e9)
    coarse = table(around, larger, coarse=True).frame.set_index("what").loc["Bank credit within a year"]
    assert (coarse["low"], coarse["high"]) == pytest.approx((0.1, 0.5))  # of 0.18 and 0.48, outwards
    credit = dataclasses.replace(around, credit=Ratio(41.3, 2024, (), True))
    rounded = table(credit, None).frame.set_index("what").loc["Bank credit within a year, at the SCO60 limit"]
    assert rounded["low"] == pytest.approx(0.02)  # of 0.02106


def test_without_credit_to_gdp_there_is_no_effect(around):
    frame = table(dataclasses.replace(around, credit=Ratio()), BANKS).frame
    assert not frame["what"].str.contains("within a year").any()
    assert frame["what"].str.contains("bounds").any()
