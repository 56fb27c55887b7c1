"""What the currency has lost within twelve months, whatever rate there was: no rung may lie below it unsaid.

Where the official rate was no price and there is no other, the official rate itself stands in: its step from such a month
to a price is what holders at that rate lost. It says nothing about calm, and is read for the largest falls alone.
"""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from cryptorisk.models.crash.dollar_price import DollarPrice
from cryptorisk.models.substitution.verdict import STABLE_MARGIN

YEARS = 20
MONTHS = 12
USUAL_BAD = 0.9
"""Quantile of the windows that the central scenario takes: one window in ten was worse."""
SELDOM = 0.3
"""Where fewer than three windows in ten fell, that quantile lies near the step from nothing to the few falls and says
where the step is, not how deep a fall was."""
UNIT_CHANGE = 0.5
"""A dollar that halves in price within a month is a change of the currency unit."""
LARGEST = 0.99


class Measured(NamedTuple):
    """Falls over twelve months.

    ``usual`` is exceeded in one of ten windows (nothing where falls are seldom); the ``largest`` ends in ``end``; ``kind``
    is the rate in words.
    """

    usual: float
    largest: float
    end: pd.Timestamp
    kind: str


def windows(rate: pd.Series) -> pd.Series:
    """Share of its value that the currency lost over every twelve months of the last twenty years.

    Parameters
    ----------
    rate : pandas.Series
        National money per dollar, every month from the first to the last; NaN where not known.

    Returns
    -------
    pandas.Series
        By last month; negative where it gained; without windows that hold a change of the currency unit.
    """
    known = rate.dropna()
    if known.empty:
        return known
    rate = rate[rate.index > known.index[-1] - pd.DateOffset(years=YEARS)]
    cut = (rate / rate.shift() < UNIT_CHANGE).astype(float).rolling(MONTHS, min_periods=1).max().eq(1.0)
    return (1 - rate.shift(MONTHS) / rate).where(~cut).dropna().clip(upper=LARGEST)


def measured(price: DollarPrice) -> Measured | None:
    """The economy's own falls, however few; None without a window of twelve months.

    Parameters
    ----------
    price : DollarPrice

    Returns
    -------
    Measured or None
        The official rate fills hidden months after the first price: one that never was a price has lost nothing.
    """
    known = price.monthly.dropna()
    if known.empty:
        return None
    rate = price.monthly.combine_first(price.marked[price.marked.index > known.index[0]]).asfreq("ME")
    fell = windows(rate)
    if fell.empty:
        return None
    end = pd.Timestamp(str(fell.idxmax()))
    ends = (end, end - pd.DateOffset(months=MONTHS) + pd.offsets.MonthEnd(0))
    no_price = bool(price.marked.reindex(ends).notna().any())
    kind = "the official rate, which had been no price" if no_price else price.kind
    often = float((fell > STABLE_MARGIN).mean()) >= SELDOM
    usual = float(fell.clip(lower=0.0).quantile(USUAL_BAD)) if often else 0.0
    return Measured(usual, float(fell.max()), end, kind)
