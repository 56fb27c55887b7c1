"""Units in which own figures may be given: the series' unit, or a stated multiple of it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from cryptorisk.data.own.faults import Unreadable

_POWERS = {"": 0, "_thousand": 3, "_mn": 6, "_bn": 9}
MULTIPLES: Mapping[str, Mapping[str, int]] = MappingProxyType(
    {money: {money + ending: power for ending, power in _POWERS.items()} for money in ("usd", "lcu")}
)
"""Power of ten of every unit of a kind of money: thousand, million (10^6) and billion (10^9)."""


def accepted(unit: str) -> tuple[str, ...]:
    """Units that a figure of a series in ``unit`` may be given in, its own first."""
    for powers in MULTIPLES.values():
        if unit in powers:
            return (unit, *(other for other in powers if other != unit))
    return (unit,)


def power(given: str, unit: str) -> int:
    """Power of ten that turns a figure in ``given`` into one in ``unit``.

    Raises
    ------
    Unreadable
        When the one is no multiple of the other.
    """
    if given == unit:
        return 0
    for powers in MULTIPLES.values():
        if given in powers and unit in powers:
            return powers[given] - powers[unit]
    raise Unreadable(f"the unit must be {' or '.join(accepted(unit))}")


def converted(value: Decimal, given: str, unit: str) -> float:
    """A figure in the series' unit, exact to the last digit typed: the decimal point is moved, nothing multiplied.

    Parameters
    ----------
    value : Decimal
        In ``given``.
    given, unit : str
        Unit of the figure and of the series.

    Raises
    ------
    Unreadable
        As `power`; or for a figure beyond what a number of the machine can hold.
    """
    try:
        return float(value.scaleb(power(given, unit)))
    except (ArithmeticError, OverflowError):
        raise Unreadable("the value is beyond any figure") from None
