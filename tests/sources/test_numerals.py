"""Numbers as providers write them: nothing that is none is read as one."""

from __future__ import annotations

import numpy as np
import pytest

from cryptorisk.data.sources.numerals import figures, is_count, whole

ODD = [
    "²",
    "٣",
    "१",
    "0x10",
    "1_000",
    "1,5",
    "nan",
    "inf",
    "-Infinity",
    "",
    " 1",
    "1 ",
    "--1",
    "1e",
    ".",
    "1\n",
    "9" * 100,
]


@pytest.mark.parametrize(
    ("given", "number"),
    [("12", 12), ("-3", -3), ("+4", 4), (7, 7), (7.0, 7), ("0012", 12), (-(10**17), -(10**17))],
)
def test_whole_numbers(given, number):
    assert whole(given) == number
    assert type(whole(given)) is int


@pytest.mark.parametrize(
    "given", [*ODD, "1.0", "1e3", 1.5, float("nan"), float("inf"), 1e300, 10**400, True, None, [], {}, b"1"]
)
def test_what_is_no_whole_number(given):
    with pytest.raises(ValueError, match="no whole number") as caught:
        whole(given)
    assert len(str(caught.value)) < 100


def test_figures():
    given = [
        "1.5",
        "-2",
        "+3.",
        ".5",
        "1e-7",
        "0.00000094449512",
        4,
        5.5,
        None,
        float("nan"),
        float("inf"),
        10**300,
    ]
    np.testing.assert_array_equal(
        figures(given),
        [1.5, -2, 3, 0.5, 1e-7, 0.00000094449512, 4, 5.5, np.nan, np.nan, np.nan, 1e300],
    )
    assert figures([]).dtype == np.dtype("float64")


@pytest.mark.parametrize("given", [*ODD, "1e400", "1e9999", 10**400, -(10**400), True, [], {}, b"1"])
def test_what_is_no_figure(given):
    with pytest.raises(ValueError, match="is no number") as caught:
        figures([1.0, given])
    assert len(str(caught.value)) < 100


@pytest.mark.parametrize("text", [*ODD, "-1", "+1", "1.0", "1e3"])
def test_what_is_no_count(text):
    assert not is_count(text)


def test_counts():
    assert is_count("0")
    assert is_count("123456789012345678")
