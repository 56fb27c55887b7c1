import math

import pytest

from cryptorisk.estimate import UNITS, Estimate, decimals, format_estimate, number

THIN, MINUS = "\u202f", "\u2212"


def make(value, low=None, high=None, unit="pct", **rest):
    kind = {} if low is None else {"interval": "confidence", "level": 0.8}
    return Estimate("volumes.x", "X", value, unit, low=low, high=high, **{**kind, **rest})


@pytest.mark.parametrize(
    ("estimate", "text"),
    [
        (make(12.3456, 10.1, 14.9), "12.3 % (80 % interval 10.1 to 14.9)"),
        (make(12.3456, 2.0, 41.0), "12 % (80 % interval 2 to 41)"),
        (make(0.00123, 0.0009, 0.0021), "0.0012 % (80 % interval 0.0009 to 0.0021)"),
        (make(1.234e10, 0.4e10, 3.1e10, unit="usd"), "12 bn USD (80 % interval 4 to 31)"),
        (make(-3.21, -5.0, -1.2), f"{MINUS}3.2 % (80 % interval {MINUS}5.0 to {MINUS}1.2)"),
        (make(321e3, 0.0, 3971e3, unit="usd"), "0.3 m USD (80 % interval 0.0 to 4.0)"),
        (make(0.4e9, 0.03e9, 3.1e9, unit="usd"), "0.4 bn USD (80 % interval 0.03 to 3.1)"),
        (make(0.04, 0.004, 3.1), "0.04 % (80 % interval 0.004 to 3.1)"),
        (make(0.4, -0.02, 3.1), f"0.4 % (80 % interval {MINUS}0.02 to 3.1)"),
        (make(0.4, 1e-7, 3.1), "0.4 % (80 % interval 0.0 to 3.1)"),
        (make(1234567.0, unit="persons"), "1.23 m people"),
        (make(1984.0, unit="usd"), f"1{THIN}984 USD"),
        (make(19840.0, unit="usd"), "19.8 k USD"),
        (make(17, unit="rank"), "17"),
        (make(4.77, unit="months_imports"), "4.77 months of imports"),
    ],
)
def test_nothing_is_more_precise_than_its_interval(estimate, text):
    assert format_estimate(estimate) == text


def test_draws_of_assumed_shapes_are_not_called_an_interval():
    estimate = make(5, 1, 9).with_(interval="simulated", level=0.9)
    assert format_estimate(estimate) == "5.0 % (90 % of draws 1.0 to 9.0)"


def test_a_range_of_assumptions_is_not_called_an_interval():
    estimate = make(5, 1, 9).with_(interval="range", level=None)
    assert f"{estimate}".endswith("5.0 % (range 1.0 to 9.0)")


def test_missing_says_why():
    estimate = Estimate.missing("flight.x", "X", "usd", "no reserves in the vintage")
    assert f"{estimate:full}" == "n.a. (no reserves in the vintage)"
    assert not estimate.available


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": float("nan")},
        {"value": float("inf")},
        {"value": None},
        {"value": 1.0, "low": 0.0},
        {"value": 1.0, "low": 2.0, "high": 1.0, "interval": "range"},
        {"value": 1.0, "low": 0.0, "high": 2.0},
        {"value": 1.0, "unit": "bananas"},
    ],
)
def test_an_impossible_estimate_is_refused(wrong):
    with pytest.raises(ValueError, match=r"volumes\.x"):
        Estimate(**{"id": "volumes.x", "label": "X", "unit": "pct", **wrong})


def test_numbers_have_true_minus_and_no_negative_zero():
    assert number(-1234.5, 1) == f"{MINUS}1{THIN}234.5"
    assert number(-0.04, 1) == "0.0"


def test_decimals_never_explode():
    assert decimals(make(1e-12, 1e-13, 2e-12)) == 4
    assert decimals(make(0.0)) == 0
    assert math.isclose(float(number(1e15, 0).replace(THIN, "")), 1e15)


def test_json_round_trip():
    estimate = make(1.5, 1.0, 2.0, sources=("a", "b"), inputs=("s",), note="n", n_obs=3)
    assert Estimate.from_dict(estimate.to_dict()) == estimate


def test_every_unit_is_written():
    for unit in UNITS:
        assert format_estimate(make(2.0, unit=unit)).startswith("2")


def test_a_confidential_figure_cannot_be_recovered_from_its_ratio():
    exact = make(0.617285, unit="pct_tier1")
    coarse = exact.coarsened()
    assert coarse.value == 0.6
    assert "confidential" in coarse.note
    assert make(-0.0421, -0.061, 0.0).coarsened().low == -0.06
    assert make(0.0).coarsened().value == 0.0


def test_a_value_given_to_one_digit_is_written_with_one():
    assert f"{Estimate('a.b', 'x', 0.05, 'pct_gdp'):full}" == "0.05 % of GDP"
    assert f"{Estimate('a.b', 'x', 0.086, 'pct_gdp'):full}" == "0.086 % of GDP"
    assert f"{Estimate('a.b', 'x', 3e7, 'usd'):full}" == "30 m USD"
    assert f"{Estimate('a.b', 'x', 0.08603, 'pct_gdp'):full}" == "0.0860 % of GDP"
    assert f"{Estimate('a.b', 'x', 1.9962, 'months'):full}" == "2.00 months"


def test_digits_are_a_matter_of_writing():
    """1.473 is written as 1.5 and stays 1.473 for whoever scores it."""
    one = Estimate("crash.x", "X", 1.473, "pct_gdp", digits=2)
    assert f"{one:value}" == "1.5 % of GDP"
    assert one.value == 1.473
    ranged = Estimate("crash.x", "X", 123_456.0, "usd", 118_000.0, 131_000.0, interval="range", digits=2)
    assert f"{ranged:full}" == "120 k USD (range 120 to 130)"
    assert ranged.low == 118_000.0
    assert Estimate.from_dict(ranged.to_dict()) == ranged
    assert Estimate.missing("crash.x", "X", "usd", "no figure", digits=2).value is None
    with pytest.raises(ValueError, match="at least one digit"):
        Estimate("crash.x", "X", 1.0, "usd", digits=0)
