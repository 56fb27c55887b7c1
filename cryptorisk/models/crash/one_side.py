"""Rounding to one digit to the safe side: a figure that must be above a floor down, one that must stay below a limit up.

To the nearest digit a ratio of 6.6 % would read 7 % and seem to meet a requirement of 7 %.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

Side = Literal["at least", "at most"]


def rounded_up(value: float) -> float:
    """A number not below zero, up to one significant digit: above 1 stays above 1, above 2 above 2.

    Parameters
    ----------
    value : float
        Not negative; zero stays.
    """
    if value <= 0:
        return 0.0
    place = -math.floor(math.log10(value))
    steps = math.ceil(round(value * 10.0**place, 9))  # 0.7 is 7 tenths and not a little more
    return round(steps * 10.0**-place, max(place, 0))


def rounded_down(value: float) -> float:
    """A number not below zero, down to one significant digit: 134 is 100 and 98 is 90, each on its side of 100.

    Parameters
    ----------
    value : float
        What is negative is nothing.
    """
    if not value > 0:
        return 0.0
    place = -math.floor(math.log10(value))
    steps = math.floor(round(value * 10.0**place, 9))
    return round(steps * 10.0**-place, max(place, 0))


def digit_ends(digit: float) -> tuple[float, float]:
    """Least and largest number that reads as this one to its nearest digit: 6.5 and 7.5 for 7, 0.95 and 1.5 for 1.

    Parameters
    ----------
    digit : float
        Positive, of one significant digit.
    """
    unit = 10.0 ** math.floor(math.log10(digit) + 1e-9)
    below = 0.05 if round(digit / unit) == 1 else 0.5
    return digit - below * unit, digit + 0.5 * unit


def next_digit(digit: float) -> float:
    """The next larger number of one digit: 8 after 7, 20 after 10, 0.1 after 0.09."""
    unit = 10.0 ** math.floor(math.log10(digit) + 1e-9)
    return (round(digit / unit) + 1) * unit


def previous_digit(digit: float) -> float:
    """The next smaller number of one digit: 6 before 7, 0.9 before 1."""
    unit = 10.0 ** math.floor(math.log10(digit) + 1e-9)
    steps = round(digit / unit)
    return (steps - 1) * unit if steps > 1 else 0.9 * unit


def bounded(value: float, side: Side) -> float:
    """A number to one digit that it is at least, or at most; a negative one away from or towards zero accordingly.

    Parameters
    ----------
    value : float
    side : {"at least", "at most"}
    """
    outward: dict[Side, tuple[Callable[[float], float], Callable[[float], float]]] = {
        "at least": (rounded_down, rounded_up),
        "at most": (rounded_up, rounded_down),
    }
    positive, negative = outward[side]
    return positive(value) if value >= 0 else -negative(-value)
