import numpy as np
import pandas as pd
import pytest

from cryptorisk.errors import ModelError
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


def test_debt_in_euros_and_credit_in_sdrs_is_valued_at_the_rates_of_the_end():
    """100, of which 40 in euros that gain a tenth and 10 in SDRs that lose a twentieth: 103.5 without borrowing."""
    change = rule.adjusted_debt_change(
        debt=110.0,
        debt_before=100.0,
        parts_before={"EUR": 40.0, "SDR": 10.0},
        moves={"EUR": 1.1, "SDR": 0.95},
    )
    assert change == pytest.approx(110 - 103.5)


def test_debt_in_dollars_alone_is_not_adjusted():
    assert rule.adjusted_debt_change(debt=110.0, debt_before=100.0, parts_before={}, moves={}) == 10.0


def test_banks_foreign_assets_are_no_flight():
    assert rule.morgan_guaranty(world_bank_residual=45.0, bank_foreign_assets_change=7.0) == 38.0


def test_exports_declared_low_and_imports_declared_high_are_outflows():
    # Partners see 120 with freight where 100 was declared: 10 stayed abroad.
    assert rule.export_misinvoicing(partners_imports=120.0, exports=100.0) == pytest.approx(10.0)
    # 121 was paid for what partners sold for 100 before freight of a tenth: 11 left.
    assert rule.import_misinvoicing(imports=121.0, partners_exports=100.0) == pytest.approx(11.0)


def test_smuggled_imports_are_a_reversal():
    assert rule.import_misinvoicing(imports=90.0, partners_exports=100.0) == pytest.approx(-20.0)


def test_partners_are_scaled_to_the_world_by_their_share():
    whole = rule.export_misinvoicing(partners_imports=120.0, exports=100.0)
    assert rule.export_misinvoicing(partners_imports=60.0, exports=100.0, share=0.5) == whole


def test_factors_of_freight_are_those_of_the_method():
    assert dict(rule.CIF_FACTORS) == {"low": 1.05, "central": 1.10, "high": 1.20}


def test_a_stock_earns_interest_and_takes_reversals():
    """10, then 10 x 1.1 - 4 = 7, then 7 x 1.2 + 1 = 9.4."""
    flows, rates = (
        pd.Series([10.0, -4.0, 1.0], [2001, 2002, 2003]),
        pd.Series([0.5, 0.1, 0.2], [2001, 2002, 2003]),
    )
    assert rule.stock(flows, rates).tolist() == pytest.approx([10.0, 7.0, 9.4])
    assert rule.stock(flows).tolist() == pytest.approx([10.0, 6.0, 7.0])


def test_a_stock_of_flows_that_sum_to_nothing_keeps_what_interest_left():
    assert rule.stock(pd.Series([10.0, -10.0]), 0.1).iloc[-1] == pytest.approx(1.0)


def test_what_lacks_is_named():
    with pytest.raises(ModelError, match="debt in EUR has no move"):
        rule.adjusted_debt_change(debt=1.0, debt_before=1.0, parts_before={"EUR": 1.0}, moves={})
    for share in (0, -0.1, 1.1, float("nan")):
        with pytest.raises(ModelError, match="share of trade"):
            rule.export_misinvoicing(partners_imports=1.0, exports=1.0, share=share)
        with pytest.raises(ModelError, match="share of trade"):
            rule.import_misinvoicing(imports=1.0, partners_exports=1.0, share=share)
