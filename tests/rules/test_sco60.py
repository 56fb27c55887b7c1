import datetime as dt
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cryptorisk.errors import ModelError
from cryptorisk.rules import sco60


@given(st.floats(0, 1e12), st.floats(1, 1e13))
def test_parts_add_up_and_capital_never_exceeds_the_exposure(exposure, tier1):
    got = sco60.assess(exposure, tier1)
    assert got.penalised + got.own_treatment == pytest.approx(exposure)
    assert 0 <= got.penalised <= exposure
    assert got.capital == pytest.approx(got.penalised)  # 1250 % x 8 % = 100 %


@given(st.floats(1, 1e9), st.floats(0, 0.05), st.floats(0, 0.05))
def test_capital_rises_with_the_exposure(tier1, one, other):
    small, large = sorted((one, other))
    assert sco60.assess(small * tier1, tier1).rwa <= sco60.assess(large * tier1, tier1).rwa + 1e-6 * tier1


def test_status_does_not_depend_on_the_currency():
    assert sco60.assess(1.5, 100).status == sco60.assess(1.5e9, 100e9).status == "notify"


def test_in_force_from_2026():
    assert sco60.assess(1, 100, on=dt.date(2025, 12, 31)).in_force is False
    assert sco60.assess(1, 100, on=dt.date(2026, 1, 1)).in_force is True
    assert sco60.assess(1, 100).in_force is None


def test_cet1_after_a_loss():
    before, after = sco60.cet1_after(cet1=120, rwa=1000, loss=10, added_rwa=100)
    assert before == pytest.approx(12)
    assert after == pytest.approx(10)


@pytest.mark.parametrize(("exposure", "tier1"), [(-1, 100), (1, 0), (1, -5), (float("nan"), 100)])
def test_nonsense_is_refused(exposure, tier1):
    with pytest.raises(ModelError):
        sco60.assess(exposure, tier1)


def test_no_risk_weighted_assets_no_ratio():
    with pytest.raises(ModelError):
        sco60.cet1_after(1, 0, 0)


def test_after_a_fall_the_limit_is_applied_to_what_is_left():
    # Exposure 30 of Tier 1 1000, half lost: 15 of 985 is above 1 % by 5.15; the loss of 15 is charged once.
    got = sco60.after_fall(30, 1000, 900, 7000, 0.5)
    assert got.rule.status == "notify"
    assert got.added_rwa == pytest.approx(12.5 * 5.15)
    assert got.loss_only == pytest.approx(100 * 885 / 7000)
    assert got.after == pytest.approx(100 * 885 / (7000 + 12.5 * 5.15))


def test_before_and_after_stand_on_the_same_base():
    """V20's 21 of 1000: from 11.25 as given to 11.11 looks like a loss; with the weights on both sides the ratio rises."""
    got = sco60.after_fall(21, 1000, 900, 8000, 0.5)
    assert got.before == pytest.approx(11.25)
    assert got.before_limit == pytest.approx(100 * 900 / (8000 + 12.5 * 21))
    assert got.before_limit < got.after < got.before
    assert got.before_all_2b == pytest.approx(got.before_limit)  # above 2 % both readings are one


def test_unhedged_positions_take_1250_percent_at_any_size():
    got = sco60.after_fall(20, 1000, 900, 8000, 0.5)  # 10 of 990 left: 0.1 above 1 %
    assert got.after == pytest.approx(100 * 890 / (8000 + 12.5 * 0.1))
    assert got.after_all_2b == pytest.approx(100 * 890 / (8000 + 12.5 * 10))


def test_what_is_lost_carries_no_risk_weight():
    got = sco60.after_fall(30, 1000, 900, 7000, 1.0)
    assert got.added_rwa == 0
    assert got.after == got.loss_only == pytest.approx(100 * 870 / 7000)


def test_a_loss_beyond_tier1_leaves_no_ratio():
    with pytest.raises(ModelError):
        sco60.after_fall(3000, 1000, 900, 7000, 0.5)


@pytest.mark.parametrize("odd", [None, "15", np.array([15.0, 3.0]), pd.Series([15.0]), math.inf, math.nan])
def test_an_amount_is_one_finite_number(odd):
    with pytest.raises(ModelError, match=r"SCO60: Group 2 exposure must be (one|a finite) number"):
        sco60.assess(odd, 1000)
    with pytest.raises(ModelError, match=r"SCO60: Tier 1 capital must be (one|a finite) number"):
        sco60.assess(15, odd)


def test_a_moment_has_its_day_and_text_has_none():
    assert sco60.assess(1, 100, on=pd.Timestamp("2026-01-01 09:00")).in_force is True
    assert sco60.assess(1, 100, on=dt.datetime(2025, 12, 31, 23)).in_force is False
    with pytest.raises(ModelError, match=r"datetime\.date \(got '2026-02-01'\)"):
        sco60.assess(1, 100, on="2026-02-01")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"cet1": math.nan}, "finite"),
        ({"cet1": 1200}, "part of Tier 1"),
        ({"fall": -0.5}, "not be negative"),
        ({"fall": 1.5}, "no more than all"),
        ({"rwa": math.nan}, "must be positive"),
    ],
)
def test_after_a_fall_only_of_figures_that_can_be(changed, words):
    given = {"group2_exposure": 15, "tier1": 1000, "cet1": 900, "rwa": 8000, "fall": 0.5} | changed
    with pytest.raises(ModelError, match=words):
        sco60.after_fall(**given)
