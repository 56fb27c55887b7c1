"""Evidence that gross reserves are not free: a second market, a collapse of the official rate, dollar deposits.

Public figures on reserves are gross. What banks must hold at the central bank against deposits in foreign currency,
swaps and pledges are in them. None of that is published for all economies; what is known is whether the external
position broke, which is when such claims become large. The rule marks a cover as an upper bound, it corrects nothing.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from cryptorisk.countries import Country
from cryptorisk.data.inputs import Inputs

SECOND_MARKET_SHARE = 0.5
"""A second market in half of a year's months is more than an episode at a devaluation."""
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


def evidence(inputs: Inputs, country: Country) -> tuple[str, ...]:
    """Signs that reserves are encumbered, in words; empty when there is none.

    Parameters
    ----------
    inputs : Inputs
    country : Country
        Only an economy with a currency of its own is judged: elsewhere deposits in foreign currency are deposits
        in the money that circulates, and reserves are pooled or defend nothing.

    Returns
    -------
    tuple of str
        Clauses that stand after "because" or in a list.
    """
    if country.status_on(inputs.as_of) != "own_currency":
        return ()
    signs = (_second_market(inputs), _devaluation(inputs), _deposits(inputs, country))
    return tuple(sign for sign in signs if sign)


def _second_market(inputs: Inputs) -> str:
    coded = inputs.latest("irr_dual_market_share_of_months")
    if coded is None or coded.value < SECOND_MARKET_SHARE:
        return ""
    if inputs.as_of.year - coded.date.year > OLDEST_CODING_YEARS:
        return ""
    return f"a second exchange market existed in {coded.date.year} (the last year coded)"


def _devaluation(inputs: Inputs) -> str:
    """The largest rise of the official dollar between two months of the last five years."""
    rate = inputs.series("official_fx_lcu_per_usd").values.dropna()
    start = pd.Timestamp(inputs.as_of) - pd.DateOffset(years=DEVALUATION_YEARS)
    rate = rate[rate.index >= start]
    halved = np.flatnonzero((rate / rate.shift() < UNIT_CHANGE).to_numpy())
    rate = rate.iloc[halved[-1] :] if len(halved) else rate
    if rate.empty:
        return ""
    rise = float((rate / rate.cummin()).max())
    if rise < HALVED:
        return ""
    secret = "official_fx_lcu_per_usd" in inputs.confidential
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
