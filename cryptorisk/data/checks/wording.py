"""Figures, factors and periods as the sentences of a judgement write them."""

from __future__ import annotations

import datetime as dt
import math

from cryptorisk.data.catalogue import Frequency

_EPOCH = dt.date(1970, 1, 1)


def figure(value: float) -> str:
    """A number with about six digits, spaces between thousands: ``1 507.5``, ``0.00033``, ``1.8e+16``."""
    if not math.isfinite(value):
        return "no number"
    size = abs(value)
    if value and not 1e-4 <= size < 1e15:
        return f"{value:.3g}"
    decimals = max(0, 5 - math.floor(math.log10(size))) if value else 0
    text = f"{value:,.{decimals}f}".replace(",", " ")
    return text.rstrip("0").rstrip(".") if "." in text else text


def times(factor: float) -> str:
    """A factor of at least 1 with two or three digits: ``1.5``, ``12``, ``1 000``."""
    rounded = float(f"{factor:.3g}") if factor >= 100 else float(f"{factor:.2g}")
    return figure(rounded)


def size(power: int) -> str:
    """A power of ten before what is compared: ``1 000 times``, ``one 1 000th of``."""
    return f"{times(10.0**power)} times" if power > 0 else f"one {times(10.0**-power)}th of"


def period(day: int, frequency: Frequency) -> str:
    """The period that ends on a day: ``2023``, ``2023-Q4``, ``2023-06``, ``2023-06-30``.

    Parameters
    ----------
    day : int
        Days since 1970-01-01.
    frequency : {"A", "Q", "M", "W", "D"}
    """
    try:
        date = _EPOCH + dt.timedelta(days=int(day))
    except OverflowError:
        return "no date"
    if frequency == "A":
        return str(date.year)
    if frequency == "Q":
        return f"{date.year}-Q{(date.month + 2) // 3}"
    return f"{date:%Y-%m}" if frequency == "M" else date.isoformat()
