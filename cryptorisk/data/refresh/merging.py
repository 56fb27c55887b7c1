"""The figures of a new vintage: those of the previous one, with what was fetched in the place of what was fetched before."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from cryptorisk.data.compact import Compact
from cryptorisk.data.layout import TABLES
from cryptorisk.data.tablefile import checked_bytes, read_bytes
from cryptorisk.data.vintage import Vintage


def stored(vintage: Vintage, form: Compact) -> dict[str, pd.DataFrame]:
    """The tables of observations of a vintage by name, held in ``form``; the quoted facts, which have pages, apart."""
    return {name: form.held(_rows(vintage, name)) for name in TABLES if name in vintage.resources}


def of_pairs(tables: Iterable[pd.DataFrame], fetched: pd.DataFrame) -> pd.DataFrame:
    """The stored rows of the series and economies that were fetched, of every source."""
    series, countries = fetched["series"].unique(), fetched["country"].unique()
    near = [
        table[table["series"].isin(series).to_numpy() & table["country"].isin(countries).to_numpy()]
        for table in tables
    ]
    joined = pd.concat(near, ignore_index=True)
    pairs = set(fetched[["series", "country"]].drop_duplicates().itertuples(index=False, name=None))
    there = joined[["series", "country"]].drop_duplicates()
    foreign = [pair for pair in there.itertuples(index=False, name=None) if pair not in pairs]
    for id, country in foreign:
        joined = joined[~((joined["series"] == id) & (joined["country"] == country))]
    return joined


def merge(
    previous: pd.DataFrame,
    accepted: pd.DataFrame,
    aside: pd.DataFrame,
    superseded: pd.DataFrame,
    form: Compact,
) -> pd.DataFrame:
    """The rows after a refresh; all frames are held in ``form``.

    Parameters
    ----------
    previous : DataFrame
        Rows of the previous vintage.
    accepted : DataFrame
        Fetched rows that may enter.
    aside : DataFrame
        Fetched rows that were set aside: for their periods the figure of the previous vintage stays, if it has one.
    superseded : DataFrame
        Rows of the previous vintage that must not stay even so.
    form : Compact

    Returns
    -------
    DataFrame
        Sorted by series, country, date, source. Blocks (series, country, source) that were not fetched stand as before;
        of fetched ones nothing stays that the source no longer gives.
    """
    rows = form.rows(previous)
    replaced = np.isin(form.blocks(previous), np.unique(form.blocks(accepted)))
    replaced &= ~np.isin(rows, form.rows(aside))
    replaced |= np.isin(rows, form.rows(superseded))
    return form.sorted(pd.concat([previous[~replaced], accepted], ignore_index=True))


def _rows(vintage: Vintage, name: str) -> pd.DataFrame:
    resource = vintage.resources[name]
    table = read_bytes(checked_bytes(vintage.path / resource["path"], resource), resource)
    frame: pd.DataFrame = table.select(["series", "country", "date", "value", "source"]).to_pandas(
        date_as_object=False
    )
    return frame.assign(date=frame["date"].astype("datetime64[us]"))
