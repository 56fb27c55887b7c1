import numpy as np
import pytest

from cryptorisk.rules import residual_flight as rule


def test_each_item_enters_with_its_sign():
    base = {
        "debt_change": 0.0,
        "direct_investment_inflow": 0.0,
        "current_account": 0.0,
        "reserves_change": 0.0,
    }
    signs = {"debt_change": 1, "direct_investment_inflow": 1, "current_account": 1, "reserves_change": -1}
    for item, sign in signs.items():
        assert rule.world_bank(**{**base, item: 7.0}) == 7.0 * sign


def test_a_reversal_stays_negative():
    flows = rule.world_bank(
        debt_change=np.array([1.0, 1.0]),
        direct_investment_inflow=np.array([1.0, 1.0]),
        current_account=np.array([-5.0, 5.0]),
        reserves_change=np.array([0.0, 0.0]),
    )
    assert flows.tolist() == [-3.0, 7.0]


def test_bpm6_items_change_sign():
    assert rule.inflow(-12.0) == 12.0


def test_accounts_that_balance_leave_no_errors():
    # A deficit of 10 financed by 8 of net inflows and 2 out of reserves.
    rest = rule.implied_errors_and_omissions(
        financial_account=-8.0, reserves_change=-2.0, current_account=-10.0
    )
    assert rest == 0
    assert rule.hot_money(errors_and_omissions=-3.0) == 3.0
    assert rule.hot_money(errors_and_omissions=-3.0, short_term_private_inflow=-4.0) == 7.0


def test_unrecorded_outflow_shows_in_residual_and_errors_alike():
    # Debt of 20 is drawn, 5 goes to reserves, 10 finances the deficit and 5 leaves unrecorded.
    residual = rule.world_bank(
        debt_change=20.0, direct_investment_inflow=0.0, current_account=-10.0, reserves_change=5.0
    )
    errors = rule.implied_errors_and_omissions(
        financial_account=-20.0, reserves_change=5.0, current_account=-10.0
    )
    assert residual == 5.0
    assert rule.hot_money(errors_and_omissions=errors) == 5.0


def test_revaluation_is_taken_out():
    # Half of 100 is in euros, which gain 10 %: without any borrowing the stock rises to 105.
    assert rule.revalued_change(
        105.0, 100.0, other_currency_share=0.5, other_currency_move=1.1
    ) == pytest.approx(0.0)
    assert rule.revalued_change(105.0, 100.0, other_currency_share=0.0, other_currency_move=1.1) == 5.0
