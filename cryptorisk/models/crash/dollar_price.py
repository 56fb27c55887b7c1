"""What a dollar cost by month: the official rate, another one where the official rate was no price, nothing else.

An official rate that a known fault marks (`cryptorisk/data/faults.csv`) was not what holders of national money paid. In
those months, and after an official series has ended, the rates of chapter 3 stand in where there are any
(`cryptorisk.models.flight.shadow`); else the month is left out.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from cryptorisk.countries import countries, country
from cryptorisk.data.inputs import Inputs
from cryptorisk.models.flight.shadow import MONTHLY, SHADOW, shadow_rate

EURO_AREA = "EMU"
"""Code under which the vintage holds the euro: members' own series end with the money that it replaced."""
OLDEST_MONTHS = 18
"""A rate older than a year and a half says nothing about windows of twelve months (as in chapter 2)."""


@dataclass(frozen=True, eq=False)
class DollarPrice:
    """The national price of a US dollar.

    Attributes
    ----------
    monthly : pandas.Series
        Month end; NaN where no rate can be used; empty without any.
    kind : str
        In words, for a sentence.
    series, sources : tuple of str
    hidden : DatetimeIndex
        Months without a rate because the official one is marked and there is no other.
    marked_since : Timestamp or None
        Since when the official rate is marked without an end: what was before says nothing about today's.
    """

    monthly: pd.Series
    kind: str
    series: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    hidden: pd.DatetimeIndex = field(default_factory=lambda: pd.DatetimeIndex([]))
    marked_since: pd.Timestamp | None = None


def dollar_price(inputs: Inputs) -> DollarPrice:
    """The price of a dollar in the economy's money, by month.

    Parameters
    ----------
    inputs : Inputs

    Returns
    -------
    DollarPrice
        Of the union for its members, and of the money's own economy where another's money is used.
    """
    place = _place(inputs)
    series = inputs.series(MONTHLY, country=place)
    official = _by_month(series.values).dropna()
    if place != inputs.country:
        whose = "the euro" if place == EURO_AREA else f"the currency of {country(place).name_in_sentence}"
        return DollarPrice(official, f"official rate of {whose}", (MONTHLY,), series.source_ids)
    known = inputs.table("faults")
    known = known[(known["series"] == MONTHLY) & (known["country"] == place) & (known["action"] == "flag")]
    kept, since = _without_marked(official, known)
    return _filled(inputs, kept, series.source_ids, since)


def _place(inputs: Inputs) -> str:
    """The economy whose series holds today's money: its own, the euro area, or one that has the same money and a rate."""
    here = country(inputs.country)
    money = here.currency_on(inputs.as_of)
    if MONTHLY in inputs.own_series or here.status_on(inputs.as_of) == "own_currency":
        return inputs.country
    if money == "EUR":
        return EURO_AREA
    with_rate = set(inputs.economies(MONTHLY))
    if inputs.country in with_rate:
        return inputs.country
    same = [one for one in countries() if one.currency_on(inputs.as_of) == money and one.iso3 in with_rate]
    same.sort(key=lambda one: (one.status_on(inputs.as_of) != "own_currency", one.iso3))
    return same[0].iso3 if same else inputs.country


def _by_month(values: pd.Series) -> pd.Series:
    return values.dropna().resample("ME").mean() if len(values.dropna()) else values.dropna()


def _without_marked(official: pd.Series, known: pd.DataFrame) -> tuple[pd.Series, pd.Timestamp | None]:
    """The rate without the months of which any day is marked, and since when it is marked without an end."""
    kept, since = official.copy(), None
    for _, row in known.iterrows():
        start = pd.Timestamp(str(row["from"])) if isinstance(row["from"], str) else pd.Timestamp.min
        open_end = not isinstance(row["to"], str)
        end = pd.Timestamp.max if open_end else pd.Timestamp(str(row["to"])) + pd.offsets.MonthEnd(0)
        kept[(official.index >= start) & (official.index <= end)] = float("nan")
        if open_end:
            since = start if since is None else min(since, start)
    return kept, since


def _filled(
    inputs: Inputs, official: pd.Series, sources: tuple[str, ...], since: pd.Timestamp | None
) -> DollarPrice:
    """The official rate with the first rate of chapter 3 that has months where it has none."""
    known = official.dropna()
    marked = pd.DatetimeIndex(official.index[official.isna()])
    for id, words in SHADOW.items():
        values, ids = shadow_rate(inputs, id)
        other = _by_month(values)
        fills = other.index.isin(marked)
        if len(official):
            fills |= other.index > official.index[-1]
        months = pd.DatetimeIndex(other.index[fills | (len(official) == 0)])
        if len(months):
            both = pd.concat([known, other[months]]).sort_index()
            used = tuple(dict.fromkeys((MONTHLY, *ids)))
            others = (source for one in ids for source in inputs.series(one).source_ids)
            named = tuple(dict.fromkeys((*sources, *others)))
            kind = f"official rate, {words.split(' (')[0]} where that was no price"
            return DollarPrice(_regular(both), kind, used, named, marked.difference(months), since)
    return DollarPrice(_regular(known), "official rate", (MONTHLY,), sources, marked, since)


def _regular(values: pd.Series) -> pd.Series:
    """Every month from the first to the last, NaN where there is none."""
    if values.empty:
        return values
    return values.reindex(pd.date_range(values.index[0], values.index[-1], freq="ME"))
