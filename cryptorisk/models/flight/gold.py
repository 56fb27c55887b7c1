"""Gold in reserves: how much an economy held, and what its price did to the dollar value of reserves.

The World Bank counts gold in total reserves at the London price of the year's end. A rise of the price is no money kept,
but the change of the stock counts it so. The tables of this package serve where a vintage has no reserves without gold:
`gold_holdings.csv`, tonnes from the World Gold Council's lists (the IMF's statistics, two months before the list's month)
and from central banks, each with the page where it was read; `gold_prices.csv`, means of December in dollars a fine troy
ounce (World Bank, Pink Sheet, from 2004, Deutsche Bundesbank before, both through
https://github.com/datasets/gold-prices, PDDL).
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from importlib.resources import files

import numpy as np
import pandas as pd

from cryptorisk.data.catalogue import WORLD
from cryptorisk.data.inputs import Inputs

OUNCES_PER_TONNE = 32_150.7466
"""Fine troy ounces of 31.1034768 g."""
SOURCES = ("wgc_gold_copies", "gold_prices_pddl")
PRICE = "gold_future_usd_oz"
"""The live series that goes on where the table of prices ends."""


@cache
def _table(name: str) -> pd.DataFrame:
    with files("cryptorisk.models.flight").joinpath(name).open(encoding="utf-8") as stream:
        return pd.read_csv(stream, keep_default_na=False)


def gold_prices(inputs: Inputs) -> pd.Series:
    """Mean price of gold in December by year, US dollars a fine troy ounce.

    Parameters
    ----------
    inputs : Inputs

    Returns
    -------
    Series
        To the last December before the report's date.
    """
    table = _table("gold_prices.csv")
    prices = pd.Series(table["usd_per_ounce"].to_numpy(float), table["year"].to_numpy(int))
    live = inputs.series(PRICE, country=WORLD).values.dropna()
    dates = pd.DatetimeIndex(live.index)
    chosen = live[dates.month == 12]
    further = chosen.groupby(pd.DatetimeIndex(chosen.index).year).mean()
    known = prices.combine_first(further)
    return known[known.index < inputs.as_of.year]


def ounces_held(economy: str, years: pd.Index, as_of: dt.date | None = None) -> pd.DataFrame:
    """Fine ounces at the end of each year.

    Parameters
    ----------
    economy : str
    years : Index of int
    as_of : date, optional
        Later lists are not known.

    Returns
    -------
    DataFrame
        ``central``: on the straight line between two dates at which the holding is known, missing outside them. ``low``,
        ``high``: the smaller and the larger of the two; outside the known dates from none to the nearest holding. Empty for
        an economy without a known holding.
    """
    known = holdings(economy, as_of or dt.date.max)
    if known.empty:
        return pd.DataFrame(columns=["central", "low", "high"], dtype=float)
    months = pd.PeriodIndex(known["date"], freq="M")
    dates = months.year.to_numpy() + months.month.to_numpy() / 12
    tonnes = known["tonnes"].to_numpy(float)
    ends = years.to_numpy(float) + 1
    inside = (ends >= dates[0]) & (ends <= dates[-1])
    before = np.clip(np.searchsorted(dates, ends, side="right") - 1, 0, len(dates) - 1)
    after = np.clip(np.searchsorted(dates, ends, side="left"), 0, len(dates) - 1)
    pair = np.vstack([tonnes[before], tonnes[after]])
    frame = {
        "central": np.where(inside, np.interp(ends, dates, tonnes), np.nan),
        "low": np.where(inside, pair.min(axis=0), 0.0),
        "high": pair.max(axis=0),
    }
    return OUNCES_PER_TONNE * pd.DataFrame(frame, index=years)


def holdings(economy: str, as_of: dt.date) -> pd.DataFrame:
    """Known holdings of an economy, oldest first: ``date`` (year and month), ``tonnes``, ``url`` of the page."""
    table = _table("gold_holdings.csv")
    known = table[(table["economy"] == economy) & (table["date"] <= f"{as_of:%Y-%m}")]
    return known[["date", "tonnes", "url"]].sort_values("date", ignore_index=True)


def revaluation(
    economy: str, prices: pd.Series, years: pd.Index, as_of: dt.date | None = None
) -> pd.DataFrame:
    """Change of the dollar value of a year's mean holding that is the price's alone.

    Parameters
    ----------
    economy : str
    prices : Series
        Dollars an ounce at the end of a year, by year.
    years : Index of int
    as_of : date, optional
        Later lists of holdings are not known.

    Returns
    -------
    DataFrame
        USD by year, columns ``central``, ``low`` and ``high`` (`ounces_held`): purchases count at the mean of the prices at
        both ends of the year, so that ``mean holding x change of price`` is left.
    """
    held = ounces_held(economy, years.union(years - 1), as_of)
    if held.empty:
        return held
    mean = (held + held.shift(1)) / 2
    changed = prices.reindex(held.index).diff()
    found = mean.mul(changed, axis=0).reindex(years)
    # A falling price turns the ends round.
    ends = found[["low", "high"]]
    return found.assign(low=ends.min(axis=1), high=ends.max(axis=1))
