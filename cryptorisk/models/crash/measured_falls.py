"""What the currency has lost within twelve months, as far as prices tell: the severe rung may not lie below it.

Where the official rate was no price and there is no other, months are missing. From the last price before them to the first
one after them the whole fall is known, and with it the least that some twelve months on the way must have brought. The
official rate's own step at the end is no fall of a price and is not used.
"""

from __future__ import annotations

import math
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

    ``usual`` is exceeded in one of ten windows (nothing where falls are seldom); ``largest`` was lost at least within some
    twelve months; ``when`` says when, in words, and by what rate.
    """

    usual: float
    largest: float
    when: str


class Gap(NamedTuple):
    """Months without a price: the last price before them, the first after them, and what was lost from one to the other."""

    first: pd.Timestamp
    last: pd.Timestamp
    fall: float

    @property
    def least(self) -> float:
        """Share that some twelve months must have lost: of ``n`` years that cover the gap one lost the mean or more."""
        months = 12 * (self.last.year - self.first.year) + self.last.month - self.first.month
        return 1 - math.pow(1 - self.fall, 1 / math.ceil(months / MONTHS))


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


def gaps(rate: pd.Series) -> list[Gap]:
    """Stretches without a price over which the currency fell, of the last twenty years.

    Parameters
    ----------
    rate : pandas.Series
        National money per dollar by month end; NaN where not known.
    """
    known = rate.dropna()
    known = known[known.index > known.index[-1] - pd.DateOffset(years=YEARS)] if len(known) else known
    found = []
    for before, after in zip(known.index[:-1], known.index[1:], strict=True):
        fall = 1 - float(known[before] / known[after])
        if after > before + pd.offsets.MonthEnd(1) and fall > 0:
            found.append(Gap(before, after, min(fall, LARGEST)))
    return found


def measured(price: DollarPrice) -> Measured | None:
    """The economy's own falls, however few; None without a window of twelve months or a fall over months without a price.

    Parameters
    ----------
    price : DollarPrice

    Returns
    -------
    Measured or None
        Windows with a price at both ends; where no window fell as far, the least that a gap must have brought.
    """
    if price.monthly.dropna().empty:
        return None
    fell = windows(price.monthly.asfreq("ME"))
    gap = max(gaps(price.monthly), key=lambda one: one.least, default=None)
    largest = 0.0 if fell.empty else float(fell.max())
    if gap is not None and gap.least > max(largest, 0.0):
        when = (
            f"or more within some twelve months between {gap.first:%Y-%m} and {gap.last:%Y-%m}, when there was no price "
            f"({100 * gap.fall:.0f} % in all)"
        )
        return Measured(_usual(fell), gap.least, when)
    if fell.empty:
        return None
    return Measured(_usual(fell), largest, f"in the twelve months to {fell.idxmax():%Y-%m} ({price.kind})")


def _usual(fell: pd.Series) -> float:
    if fell.empty or float((fell > STABLE_MARGIN).mean()) < SELDOM:
        return 0.0
    return float(fell.clip(lower=0.0).quantile(USUAL_BAD))
