"""How much reserves changed by transactions, as far as prices can be told from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.models.flight.gold import gold_prices, ounces_held, revaluation
from cryptorisk.models.flight.part import Annual, public_annual
from cryptorisk.models.flight.without_gold import WITHOUT_GOLD, possible

ENDS = {"low": "gold at its smaller holding", "high": "gold at its larger holding"}
"""Ends of the holding, as a treatment's name has them."""


@dataclass(frozen=True)
class ReserveChanges:
    """Changes of reserves by treatment, USD by year, accumulation positive.

    ``kept``: by what a treatment's name adds (empty: the centre). ``gold``: by year the ``share`` of gold in reserves
    (0 to 1) and what the centre has ``taken`` out for it, USD, each with its ends (``share_low``, ...). ``without_gold``:
    reserves without gold, empty where none are known.
    """

    kept: dict[str, pd.Series]
    gold: pd.DataFrame
    without_gold: Annual


def reserve_changes(
    inputs: Inputs, reserves: Annual, move: pd.Series, other_currency_share: float
) -> ReserveChanges:
    """Changes of reserves net of what the price of gold did, and what exchange rates may have done.

    Parameters
    ----------
    inputs : Inputs
    reserves : Annual
        Official reserves with gold, USD.
    move : Series
        Dollar value of other currencies at the end of a year relative to the end before.
    other_currency_share : float
        Largest share of reserves without gold that is in other currencies.

    Returns
    -------
    ReserveChanges
        The centre: reserves without gold where they are known for both years; else the change of all less gold's
        revaluation at the central holding, which is nought for an economy in no list of holders.
    """
    change, prices = reserves.change(), gold_prices(inputs)
    without = possible(public_annual(inputs, WITHOUT_GOLD), reserves)
    of_others = without.change().reindex(change.index)
    held = _held(inputs, reserves, prices)
    price_alone = revaluation(held, prices, change.index).fillna(0.0)
    net_of = {end: of_others.combine_first(change - price_alone[end]) for end in ("central", *ENDS)}
    centre = net_of["central"]
    gold = {end: _value(held[end] * prices, reserves, without) for end in net_of}
    others = reserves.by_year - gold["central"]
    others.index = others.index + 1
    currencies = other_currency_share * others.reindex(change.index) * (move.reindex(change.index) - 1)
    kept = {"": centre, "reserves": centre - currencies}
    kept |= {name: net_of[end] for end, name in ENDS.items() if not net_of[end].equals(centre)}
    taken = {end: change - one for end, one in net_of.items()}
    return ReserveChanges(kept, _account(reserves, gold, taken), without)


def _held(inputs: Inputs, reserves: Annual, prices: pd.Series) -> pd.DataFrame:
    """Ounces by year, never worth more than all reserves."""
    of_reserves = reserves.by_year.index
    held = ounces_held(inputs.country, of_reserves.union(of_reserves - 1), inputs.as_of)
    most = (reserves.by_year / prices).reindex(held.index).fillna(np.inf)
    return held.clip(upper=most, axis=0)


def _value(of_lists: pd.Series, reserves: Annual, without: Annual) -> pd.Series:
    """Gold in reserves at the end of each year, USD: by reserves without gold where they are known."""
    years = reserves.by_year.index
    exact = reserves.by_year - without.by_year.reindex(years)
    value = exact.combine_first(of_lists.reindex(years)).fillna(0.0)
    return value.clip(lower=0.0, upper=reserves.by_year)


def _account(reserves: Annual, gold: dict[str, pd.Series], taken: dict[str, pd.Series]) -> pd.DataFrame:
    frame = {}
    for end, value in gold.items():
        which = "" if end == "central" else f"_{end}"
        share = (value / reserves.by_year).where(reserves.by_year > 0)
        frame[f"share{which}"] = share
        frame[f"taken{which}"] = taken[end].reindex(share.index)
    return pd.DataFrame(frame)
