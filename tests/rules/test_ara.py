import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cryptorisk.errors import ModelError
from cryptorisk.rules.ara import WEIGHTS, ara, drain_to_level

amount = st.floats(0.1, 1e3)


@given(amount, amount, amount, amount, st.sampled_from(["fixed", "floating"]), st.booleans())
def test_parts_add_up_and_controls_only_touch_money(x, m, std, ol, regime, controls):
    metric = ara(x, m, std, ol, regime=regime, controls=controls)
    parts = (metric.exports, metric.broad_money, metric.short_term_debt, metric.other_liabilities)
    assert metric.total == pytest.approx(sum(parts))
    other = ara(x, m, std, ol, regime=regime, controls=not controls)
    assert metric.total - metric.broad_money == pytest.approx(other.total - other.broad_money)


@given(amount, amount, amount, amount, st.floats(1.01, 5))
def test_the_reverse_drain_brings_coverage_to_100(x, m, std, ol, multiple):
    metric = ara(x, m, std, ol, regime="fixed", controls=False)
    reserves = multiple * metric.total
    drain = metric.drain_to_adequate(reserves)
    assert drain is not None
    if metric.weights.broad_money * drain < metric.total:
        assert metric.coverage_after_pct(reserves, drain) == pytest.approx(100)


def test_a_drain_lowers_coverage_less_than_reserves_alone():
    metric = ara(100, 200, 50, 80, regime="fixed", controls=False)
    assert metric.coverage_after_pct(70, 5) == pytest.approx(100 * 65 / 60.5)
    assert metric.coverage_after_pct(70, 5) > 100 * 65 / 61
    assert metric.coverage_after_pct(70, 0) == metric.coverage_pct(70)


def test_no_reverse_drain_below_the_metric():
    metric = ara(100, 200, 50, 80, regime="fixed", controls=False)
    assert metric.drain_to_adequate(60) is None
    assert metric.drain_to_adequate(61) == pytest.approx(0)


def test_short_term_debt_weighs_30_percent_in_every_row():
    assert {weights.short_term_debt for weights in WEIGHTS.values()} == {0.30}


@pytest.mark.parametrize(
    ("bad", "text"),
    [
        ((-1, 1, 1, 1, "fixed", False, "2015"), "not be negative"),
        ((1, 1, 1, 1, "fixed", True, "2011"), "no weights"),
    ],
)
def test_refuses(bad, text):
    *amounts, regime, controls, version = bad
    with pytest.raises(ModelError, match=text):
        ara(*amounts, regime=regime, controls=controls, version=version)


def test_refuses_nan():
    with pytest.raises(ModelError):
        ara(float("nan"), 1, 1, 1, regime="fixed", controls=False)


@pytest.mark.parametrize("odd", [float("inf"), float("nan"), None, "3", np.array([1.0])])
def test_a_part_is_one_finite_number_and_is_named(odd):
    with pytest.raises(ModelError, match=r"ARA: broad money must be (one|a finite) number"):
        ara(1, odd, 1, 1, regime="fixed", controls=False)


def test_no_drain_reaches_a_level_that_falls_as_fast():
    assert drain_to_level(90, 61, 1, 1) is None
    assert drain_to_level(90, 61, 0.2, 1) == pytest.approx((90 - 12.2) / 0.8)
