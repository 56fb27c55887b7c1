"""Whether there is a peg: one rule, for the metric's row of weights and for the model of an attack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd

from cryptorisk.countries import country as find_country
from cryptorisk.data.inputs import Inputs
from cryptorisk.models.flight.exchange import EURO_RATES
from cryptorisk.models.flight.overtaken import regime_change
from cryptorisk.models.official import monthly
from cryptorisk.stats.basket import nearest_basket
from cryptorisk.words import listing

LEAST_WEIGHT = 0.005
PEG_MARGIN = 0.02
"""Either side of the middle: the margin of a stabilised arrangement in the IMF's classification."""
PEG_MONTHS = 60
"""Over five years: a rate that stands still for one is no peg yet, and reserves are asked what they would have to defend."""
OLDEST_YEARS = 3
NO_PEG = "there is no peg to attack"
ANCHORS: Mapping[str, tuple[str, Sequence[str]]] = MappingProxyType(
    {
        "USD": ("dollar", ()),
        "EUR": ("euro", EURO_RATES),
        "INR": ("Indian rupee", ("IND",)),
        "SGD": ("Singapore dollar", ("SGP",)),
        "ZAR": ("rand", ("ZAF",)),
        "GBP": ("pound sterling", ("GBR",)),
        "JPY": ("yen", ("JPN",)),
        "CNY": ("renminbi", ("CHN",)),
    }
)
"""Moneys that others are held against, with the economies whose official rate is theirs: the dollar, the euro, those of
India, Singapore and South Africa for their neighbours, the pound (Gibraltar); yen and renminbi for baskets."""
SINGLE = ("USD", "EUR", "INR", "SGD", "ZAR", "GBP")
BASKET = ("USD", "EUR", "GBP", "JPY", "CNY")
"""The SDR's currencies; what a basket of others shares with them is most of it. Four free weights do not hold a float within
two percent for sixty months (a test has it): on the embedded vintage the rule adds Fiji, Samoa, the Solomon Islands, Tonga,
Tunisia and Romania."""


@dataclass(frozen=True)
class Peg:
    """What the official rate says.

    Attributes
    ----------
    to : str
        A money of `SINGLE`, or ``basket``; empty when the rate was held against none.
    known : bool
        False when the data cannot tell.
    why : str
        A clause.
    """

    to: str
    known: bool
    why: str

    @property
    def held(self) -> bool:
        """Whether there is a peg."""
        return bool(self.to)


def peg(inputs: Inputs) -> Peg:
    """Whether the official rate was held within two percent either side over five years.

    Against the dollar, else the euro, the Indian rupee, the Singapore dollar, the rand, the pound, else the basket of the
    SDR's currencies that it stayed nearest to; by the rate that stands, so that a dead official rate beside a reference is
    none. A change of regime in the kit's table of events after the last month ends it.

    Parameters
    ----------
    inputs : Inputs
    """
    here = find_country(inputs.country).currency_on(inputs.as_of)
    if here == "USD":
        return Peg("", True, "the dollar is what others are measured by")
    rate = monthly(inputs)
    last = rate.tail(PEG_MONTHS)
    if len(last) < PEG_MONTHS or (pd.Timestamp(inputs.as_of) - last.index[-1]).days > 366 * OLDEST_YEARS:
        return Peg("", False, "the data have no recent official exchange rate over five years")
    event = regime_change(inputs, last.index[-1].date())
    if event is not None:
        what = event.what[0].lower() + event.what[1:]
        return Peg("", True, f"the exchange regime changed on {event.date} ({what})")
    prices = _prices(inputs, last, here)
    for money in SINGLE:
        values = last / prices[money] if money in prices else pd.Series(dtype=float)
        if len(values.dropna()) == PEG_MONTHS and _spread(values) <= 2 * PEG_MARGIN:
            return Peg(
                money, True, f"the {ANCHORS[money][0]}'s official price was held within 2 % {_span(last)}"
            )
    basket = _basket(last, prices)
    if basket:
        return Peg("basket", True, f"the price of a basket ({basket}) was held within 2 % {_span(last)}")
    against = "and was held against no other money or basket"
    return Peg("", True, f"the official rate moved by {100 * _spread(last):.0f} % {_span(last)} {against}")


def _spread(values: pd.Series) -> float:
    return float(values.max() / values.min() - 1)


def _span(values: pd.Series) -> str:
    return f"within five years to {values.index[-1]:%Y-%m}"


def _prices(inputs: Inputs, last: pd.Series, here: str) -> dict[str, pd.Series]:
    """Price of a dollar in each anchor on the months of a rate; the economy's own money is no anchor of itself."""
    found = {}
    for money, (_name, places) in ANCHORS.items():
        if money == here:
            continue
        known = (inputs.series("official_fx_lcu_per_usd", country=one).values.dropna() for one in places)
        rates = [one.reindex(last.index) for one in known if not one.empty]
        whole = [one for one in rates if one.notna().all()]
        if money == "USD":
            found[money] = pd.Series(1.0, index=last.index)
        elif whole:
            found[money] = whole[0]
    return found


def _basket(last: pd.Series, prices: Mapping[str, pd.Series]) -> str:
    """The basket that the rate was held against, in words; empty where there is none."""
    names = [one for one in BASKET if one in prices]
    if len(names) < 2:
        return ""
    anchors = np.column_stack([np.log(prices[one].to_numpy(float)) for one in names])
    weights, spread = nearest_basket(np.log(last.to_numpy(float)), anchors)
    if spread > 2 * PEG_MARGIN:
        return ""
    order = [k for k in np.argsort(-weights) if weights[k] >= LEAST_WEIGHT]
    return listing([f"{100 * weights[k]:.0f} % {ANCHORS[names[k]][0]}" for k in order])
