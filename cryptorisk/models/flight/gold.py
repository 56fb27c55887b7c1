"""Gold in reserves: how much an economy held, and what its price did to the dollar value of reserves.

The World Bank counts gold in total reserves at the London price of the year's end. A rise of the price is no money kept,
but the change of the stock counts it so. The tables of this package serve where a vintage has no reserves without gold.
`gold_holdings.csv`: tonnes from the World Gold Council's lists (the IMF's statistics, two months before the list's month)
and from news pages that quote them or a central bank, each with the page where it was read. They are what reserves hold:
for Turkey with the gold of commercial banks, for Azerbaijan without that of its oil fund; where a page has a value (Belarus
and Kyrgyzstan 2022) or a share (Tajikistan from 2021), at the price of the day. `gold_prices.csv`: the last London fixing
of each year, likewise.
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
SOURCES = ("wgc_gold_copies", "gold_fixing_copies")
PRICE = "gold_future_usd_oz"
"""The live series that goes on where the table of prices ends."""
SPREAD = 0.4
"""Nine tenths of known holdings lay within 0.4 log points times the root of the years to the nearest known date, after the
last and before the first as between two dates (`tests/coverage/study_gold_holdings.py`)."""
LINE, OF_MOVE = 0.15, 0.5
"""Between two dates nine tenths also lay within 0.15 log points and half the move from one to the other of the line."""
STEADY, STEADY_SPREAD = 0.02, 0.01
"""Between two dates whose holdings differ by less than 2 %, nine tenths lay within 1 % of the line."""
LEAST_LISTED = 1.5
"""Tonnes of the hundredth and last holder in the World Gold Council's list for August 2024 (1.2 in that for March 2024,
0.9 in that for July 2017): the most that an economy in no list can hold, if it reports."""


@cache
def _table(name: str) -> pd.DataFrame:
    with files("cryptorisk.models.flight").joinpath(name).open(encoding="utf-8") as stream:
        return pd.read_csv(stream, keep_default_na=False)


def gold_prices(inputs: Inputs) -> pd.Series:
    """Last price of gold of each year, US dollars a fine troy ounce.

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
    chosen = live[pd.DatetimeIndex(live.index).month == 12]
    further = chosen.groupby(pd.DatetimeIndex(chosen.index).year).last()
    known = prices.combine_first(further)
    return known[known.index < inputs.as_of.year]


def holdings(economy: str, as_of: dt.date) -> pd.DataFrame:
    """Known holdings of an economy, oldest first: ``date`` (year and month), ``tonnes``, ``url`` of the page."""
    table = _table("gold_holdings.csv")
    known = table[(table["economy"] == economy) & (table["date"] <= f"{as_of:%Y-%m}")]
    return known[["date", "tonnes", "url"]].sort_values("date", ignore_index=True)


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
        ``central``: on the straight line between two known dates, the nearest holding outside them. ``low``, ``high``: ends
        that held nine tenths of known holdings as far from a known date (`line_with_ends`). An economy in no list: none,
        and `LEAST_LISTED` at most.
    """
    known = holdings(economy, as_of or dt.date.max)
    if known.empty:
        ends = {"central": 0.0, "low": 0.0, "high": LEAST_LISTED * OUNCES_PER_TONNE}
        return pd.DataFrame(ends, index=years)
    months = pd.PeriodIndex(known["date"], freq="M")
    dates = months.year.to_numpy() + months.month.to_numpy() / 12
    tonnes = known["tonnes"].to_numpy(float)
    central, half = line_with_ends(dates, tonnes, years.to_numpy(float) + 1)
    frame = {"central": central, "low": central * np.exp(-half), "high": central * np.exp(half)}
    return OUNCES_PER_TONNE * pd.DataFrame(frame, index=years)


def line_with_ends(
    dates: np.ndarray, tonnes: np.ndarray, wanted: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Holdings at the dates wanted, and the half-width of their range in log points.

    Parameters
    ----------
    dates, tonnes : ndarray, shape (n,)
        Known dates in years, ascending, and holdings.
    wanted : ndarray, shape (m,)
        Dates in years.

    Returns
    -------
    central, half : ndarray, shape (m,)
    """
    last = len(dates) - 1
    before = np.clip(np.searchsorted(dates, wanted, side="right") - 1, 0, last)
    after = np.clip(np.searchsorted(dates, wanted, side="left"), 0, last)
    away = np.minimum(np.abs(wanted - dates[before]), np.abs(dates[after] - wanted))
    move = np.abs(np.log(tonnes[after] / tonnes[before]))
    most = np.where(move < STEADY, STEADY_SPREAD, LINE + OF_MOVE * move)
    half = np.minimum(SPREAD * np.sqrt(away), np.where(before != after, most, np.inf))
    return np.interp(wanted, dates, tonnes), half


def revaluation(held: pd.DataFrame, prices: pd.Series, years: pd.Index) -> pd.DataFrame:
    """Change of the dollar value of a year's mean holding that is the price's alone.

    Parameters
    ----------
    held : DataFrame
        Ounces at the end of each year and of the year before it (`ounces_held`).
    prices : Series
        Dollars an ounce at the end of a year, by year.
    years : Index of int

    Returns
    -------
    DataFrame
        USD by year, columns ``central``, ``low`` and ``high``: purchases count at the mean of the prices at both ends of the
        year, so that ``mean holding x change of price`` is left.
    """
    mean = (held + held.shift(1)) / 2
    changed = prices.reindex(held.index).diff()
    found = mean.mul(changed, axis=0).reindex(years)
    # A falling price turns the ends round.
    ends = found[["low", "high"]]
    return found.assign(low=ends.min(axis=1), high=ends.max(axis=1))
