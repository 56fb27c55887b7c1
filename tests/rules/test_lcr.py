"""The liquidity coverage ratio after a withdrawal: by hand, and what holds for every bank."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cryptorisk.errors import ModelError
from cryptorisk.rules.lcr import (
    RUN_OFF_OPERATIONAL,
    RUN_OFF_OTHER,
    Coverage,
    after_withdrawal,
    net_outflows,
    smallest_withdrawal,
)


def test_inflows_count_up_to_three_quarters_of_outflows():
    assert net_outflows(100, 40) == 60
    assert net_outflows(100, 75) == net_outflows(100, 500) == 25
    with pytest.raises(ModelError, match="not be negative"):
        net_outflows(-1, 0)


def test_by_hand():
    before = Coverage(130, 100)
    assert before.ratio == pytest.approx(1.3)
    full = after_withdrawal(before, 20, RUN_OFF_OTHER)
    assert (full.hqla, full.outflows) == (110, 80)
    operational = after_withdrawal(before, 20, RUN_OFF_OPERATIONAL)
    assert (operational.hqla, operational.outflows) == (110, 95)
    assert operational.ratio == pytest.approx(110 / 95)


@given(st.floats(1, 1e6), st.floats(1, 1e6), st.floats(0, 0.9), st.floats(0, 1))
def test_the_surplus_falls_by_what_the_outflows_did_not_hold(hqla, outflows, share, run_off):
    before, withdrawn = Coverage(hqla, outflows), share * outflows
    after = after_withdrawal(before, withdrawn, run_off)
    assert after.surplus == pytest.approx(
        before.surplus - (1 - run_off) * withdrawn, abs=1e-6 * (hqla + outflows)
    )


@given(st.floats(100, 1e6), st.floats(0.01, 0.9))
def test_a_run_counted_in_full_raises_a_ratio_above_one_and_lowers_one_below(outflows, share):
    for hqla, higher in ((1.2 * outflows, True), (0.95 * outflows, False)):
        before = Coverage(hqla, outflows)
        after = after_withdrawal(before, share * outflows, RUN_OFF_OTHER)
        assert (after.ratio > before.ratio) is higher


def test_the_smallest_withdrawal_is_the_root():
    before = Coverage(130, 100)
    root = smallest_withdrawal(before, RUN_OFF_OPERATIONAL)
    assert root == pytest.approx(40)
    assert after_withdrawal(before, root, RUN_OFF_OPERATIONAL).ratio == pytest.approx(1)
    assert smallest_withdrawal(before, RUN_OFF_OTHER) is None
    assert smallest_withdrawal(Coverage(90, 100), RUN_OFF_OTHER) == 0


def test_liquid_assets_that_are_used_up_cover_nothing():
    after = after_withdrawal(Coverage(10, 100), 50, 0.25)
    assert after.ratio == 0
    assert after.surplus == pytest.approx(-40 - 87.5)


@pytest.mark.parametrize(
    ("withdrawn", "run_off", "words"),
    [
        (-1, 1, "not be negative"),
        (1, 1.5, "rate"),
        (float("nan"), 1, "not be negative"),
        (100, 1, "at their cap"),
    ],
)
def test_what_cannot_be_is_refused(withdrawn, run_off, words):
    with pytest.raises(ModelError, match=words):
        after_withdrawal(Coverage(130, 100), withdrawn, run_off)


def test_no_outflow_no_ratio():
    with pytest.raises(ModelError, match="must be positive"):
        Coverage(100, 0)
