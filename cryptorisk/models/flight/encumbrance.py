"""Evidence that gross reserves are not free: a second market, a premium, a collapse of the official rate, dollar deposits.

Public figures on reserves are gross. What banks must hold at the central bank against deposits in foreign currency,
swaps and pledges are in them. None of that is published for all economies; what is known is whether the external
position broke, which is when such claims become large. The rule marks a cover as an upper bound, it corrects nothing.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from cryptorisk.countries import Country
from cryptorisk.data.inputs import Inputs
from cryptorisk.models.flight.second_market import CODED, SECOND_MARKET_SHARE, episodes_since
from cryptorisk.models.official import SERIES, monthly

PREMIUM_YEARS = 2
"""An episode of a large premium that lasted into the two years before the end of the reserves' year, or beyond it."""
OLDEST_CODING_YEARS = 5
"""The classification ends in 2018 to 2021 according to the country; an older coding does not speak of the position."""
DEVALUATION_YEARS = 5
HALVED = 2.0
"""The official price of the dollar at least doubled within five years: the currency lost half its value or more."""
UNIT_CHANGE = 0.5
"""A dollar that halves in price within a month is a change of the currency unit; the window starts after it."""
MOSTLY_FOREIGN_PCT = 50.0
"""With more than half of deposits in foreign currency, the banks' required reserves are mostly foreign exchange that
the central bank counts among its own."""
OLDEST_DEPOSITS_YEARS = 10
"""Currency composition of deposits is persistent, but not across a decade."""

NOTE = "Gross; at most: reserves may be encumbered."


def evidence(inputs: Inputs, country: Country, year: int) -> tuple[str, ...]:
    """Signs that reserves are encumbered, in words; empty when there is none.

    Parameters
    ----------
    inputs : Inputs
    country : Country
        Only an economy with a currency of its own is judged: elsewhere deposits in foreign currency are deposits
        in the money that circulates, and reserves are pooled or defend nothing.
    year : int
        Of the reserves.

    Returns
    -------
    tuple of str
        Clauses that stand after "because" or in a list.
    """
    if country.status_on(inputs.as_of) != "own_currency":
        return ()
    signs = (
        _second_market(inputs),
        _premium(inputs, year),
        _devaluation(inputs),
        _deposits(inputs, country),
    )
    return tuple(sign for sign in signs if sign)


def _second_market(inputs: Inputs) -> str:
    coded = inputs.latest(CODED)
    if coded is None or coded.value < SECOND_MARKET_SHARE:
        return ""
    if inputs.as_of.year - coded.date.year > OLDEST_CODING_YEARS:
        return ""
    return f"a second exchange market existed in {coded.date.year} (the last year coded)"


def _premium(inputs: Inputs, year: int) -> str:
    """The last episode of a large premium of a parallel or crypto-implied rate."""
    since = pd.Timestamp(year - PREMIUM_YEARS, 12, 31)
    spells, used = episodes_since(inputs, since)
    if not spells:
        return ""
    first, last, mean, _peak = spells[-1]
    size = (
        "more" if inputs.confidential & set(used) else f"{100 * np.expm1(mean / 100):.0f} % more on average"
    )
    return f"outside the official market a dollar cost {size} in {first:%Y-%m} to {last:%Y-%m}"


def _devaluation(inputs: Inputs) -> str:
    """The largest rise of the official dollar between two months of the last five years."""
    rate = monthly(inputs)
    start = pd.Timestamp(inputs.as_of) - pd.DateOffset(years=DEVALUATION_YEARS)
    rate = rate[rate.index >= start]
    halved = np.flatnonzero((rate / rate.shift() < UNIT_CHANGE).to_numpy())
    rate = rate.iloc[halved[-1] :] if len(halved) else rate
    if rate.empty:
        return ""
    rise = float((rate / rate.cummin()).max())
    if rise < HALVED:
        return ""
    secret = inputs.confidential & set(SERIES)
    size = "at least doubled" if secret else f"rose to {rise:.1f} times its level"
    return f"the official price of the dollar {size} between {rate.index[0]:%Y-%m} and {rate.index[-1]:%Y-%m}"


def _deposits(inputs: Inputs, country: Country) -> str:
    share = inputs.latest("deposit_dollarization_pct")
    begun = country.spell_on(inputs.as_of).start
    if share is None or share.value <= MOSTLY_FOREIGN_PCT or (begun is not None and share.date < begun):
        return ""
    if inputs.as_of.year - share.date.year > OLDEST_DEPOSITS_YEARS:
        return ""
    return (
        f"more than half of deposits were in foreign currency in {share.date.year}, so that reserves hold banks' "
        "required reserves"
    )
