"""Whether there is a peg: one rule, for the metric's row of weights and for the model of an attack."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from cryptorisk.countries import country as find_country
from cryptorisk.data.inputs import Inputs
from cryptorisk.models.flight.exchange import EURO_RATES
from cryptorisk.models.flight.overtaken import regime_change
from cryptorisk.models.official import monthly

PEG_MARGIN = 0.02
"""Either side of the middle: the margin of a stabilised arrangement in the IMF's classification."""
PEG_MONTHS = 60
"""Over five years: a rate that stands still for one is no peg yet, and reserves are asked what they would have to defend."""
OLDEST_YEARS = 3
NO_PEG = "there is no peg to attack"


@dataclass(frozen=True)
class Peg:
    """What the official rate says.

    Attributes
    ----------
    to : str
        ``USD`` or ``EUR``; empty when the rate was held against neither.
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

    Against the dollar, else against the euro; by the rate that stands, so that a dead official rate beside a reference is
    none. A change of regime in the kit's table of events after the last month ends it. A peg to another money is not seen.

    Parameters
    ----------
    inputs : Inputs
    """
    if find_country(inputs.country).currency_on(inputs.as_of) == "USD":
        return Peg("", True, "the dollar is what others are measured by")
    rate = monthly(inputs)
    last = rate.tail(PEG_MONTHS)
    if len(last) < PEG_MONTHS or (pd.Timestamp(inputs.as_of) - last.index[-1]).days > 366 * OLDEST_YEARS:
        return Peg("", False, "the data have no recent official exchange rate over five years")
    event = regime_change(inputs, last.index[-1].date())
    if event is not None:
        what = event.what[0].lower() + event.what[1:]
        return Peg("", True, f"the exchange regime changed on {event.date} ({what})")
    for money, values in (("USD", last), ("EUR", _in_euros(inputs, rate))):
        if len(values) == PEG_MONTHS and _spread(values) <= 2 * PEG_MARGIN:
            name = "dollar" if money == "USD" else "euro"
            return Peg(money, True, f"the {name}'s official price was held within 2 % {_span(values)}")
    return Peg("", True, f"the official rate moved by {100 * _spread(last):.0f} % {_span(last)}")


def _spread(values: pd.Series) -> float:
    return float(values.max() / values.min() - 1)


def _span(values: pd.Series) -> str:
    return f"within five years to {values.index[-1]:%Y-%m}"


def _in_euros(inputs: Inputs, rate: pd.Series) -> pd.Series:
    found = (inputs.series("official_fx_lcu_per_usd", country=one).values.dropna() for one in EURO_RATES)
    euro = next((one for one in found if not one.empty), None)
    if euro is None:
        return pd.Series(dtype=float)
    both = (rate / euro.reindex(rate.index)).tail(PEG_MONTHS)
    return both.dropna()
