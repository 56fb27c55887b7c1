"""The figures of a new vintage: those of the previous one, with what was fetched in the place of what was fetched before."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from cryptorisk.data.compact import Compact
from cryptorisk.data.layout import TABLES
from cryptorisk.data.observation import STORED
from cryptorisk.data.tablefile import checked_bytes, read_bytes
from cryptorisk.data.vintage import Vintage

_ROOM = 2**16
"""More than there are economies."""


def stored(vintage: Vintage, form: Compact) -> dict[str, pd.DataFrame]:
    """The tables of observations of a vintage by name, held in ``form``; the quoted facts, which have pages, apart."""
    return {name: form.held(_rows(vintage, name)) for name in TABLES if name in vintage.resources}


def of_pairs(tables: Iterable[pd.DataFrame], fetched: pd.DataFrame) -> pd.DataFrame:
    """The stored rows (tables held compactly) of the series and economies that were fetched, of every source."""
    wanted = fetched[["series", "country"]].drop_duplicates()
    near = []
    for table in tables:
        codes = [table[name].cat.categories.get_indexer(pd.Index(wanted[name])) for name in wanted]
        pairs = _pairs(*(table[name].cat.codes.to_numpy() for name in wanted))
        near.append(table[np.isin(pairs, _pairs(*codes))])
    return pd.concat(near, ignore_index=True)


def _pairs(series: np.ndarray, country: np.ndarray) -> np.ndarray:
    """One number for a series and an economy, from their places in the lists of names; -1 is the place of none."""
    return np.where((series < 0) | (country < 0), -1, series.astype(np.int64) * _ROOM + country)


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
    frame: pd.DataFrame = table.select(list(STORED)).to_pandas(date_as_object=False)
    return frame.assign(date=frame["date"].astype("datetime64[us]"))
