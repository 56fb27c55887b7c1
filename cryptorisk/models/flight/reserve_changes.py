"""How much reserves changed by transactions, as far as prices can be told from them."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.models.flight.gold import gold_prices, ounces_held, revaluation
from cryptorisk.models.flight.part import Annual, public_annual

WITHOUT_GOLD = "reserves_excluding_gold_usd"
ENDS = {"low": "gold at its smaller holding", "high": "gold at its larger holding"}
"""Ends of the holding, as a treatment's name has them."""


@dataclass(frozen=True)
class ReserveChanges:
    """Changes of reserves by treatment, USD by year, accumulation positive.

    ``kept``: by what a treatment's name adds (empty: the centre). ``gold``: by year the ``share`` of gold in reserves
    (0 to 1) and what the centre has ``taken`` out for it, USD. ``without_gold``: reserves without gold, empty where none
    are known.
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
        revaluation where the holding is known; else the change of all.
    """
    change, prices = reserves.change(), gold_prices(inputs)
    without = public_annual(inputs, WITHOUT_GOLD)
    of_others = without.change().reindex(change.index)
    price_alone = revaluation(inputs.country, prices, change.index, inputs.as_of)

    def net_of(end: str) -> pd.Series:
        return of_others.combine_first(change - price_alone[end].fillna(0.0))

    centre = of_others.combine_first(change) if price_alone.empty else net_of("central")
    gold = _gold_value(inputs, prices, reserves, without)
    others = reserves.by_year - gold
    others.index = others.index + 1
    currencies = other_currency_share * others.reindex(change.index) * (move.reindex(change.index) - 1)
    kept = {"": centre, "reserves": centre - currencies}
    if not price_alone.empty:
        kept |= {name: one for end, name in ENDS.items() if not (one := net_of(end)).equals(centre)}
    return ReserveChanges(kept, _account(reserves, gold, change - centre), without)


def _gold_value(inputs: Inputs, prices: pd.Series, reserves: Annual, without: Annual) -> pd.Series:
    """Gold in reserves at the end of each year, USD; nought where nothing is known of it."""
    years = reserves.by_year.index
    held = ounces_held(inputs.country, years, inputs.as_of)
    known = held["central"] * prices.reindex(years) if not held.empty else pd.Series(float("nan"), years)
    value = (reserves.by_year - without.by_year.reindex(years)).combine_first(known).fillna(0.0)
    return value.clip(lower=0.0, upper=reserves.by_year)


def _account(reserves: Annual, gold: pd.Series, taken: pd.Series) -> pd.DataFrame:
    share = (gold / reserves.by_year).where(reserves.by_year > 0)
    return pd.DataFrame({"share": share, "taken": taken.reindex(share.index)})
