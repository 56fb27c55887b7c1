"""The figures of a new vintage: those of the previous one, with what was fetched in the place of what was fetched before."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from cryptorisk.data.layout import TABLES
from cryptorisk.data.sources.source import COLUMNS
from cryptorisk.data.tablefile import checked_bytes, read_bytes
from cryptorisk.data.vintage import Vintage

BLOCK = ["series", "country", "source"]
"""What one source says of one series of one economy is replaced as a whole."""

KEYS = ["series", "country", "date", "source"]


def stored(vintage: Vintage) -> dict[str, pd.DataFrame]:
    """The tables of observations of a vintage by name; the quoted facts, which have pages, are not among them.

    Returns
    -------
    dict of str to DataFrame
        With the columns series, country, date (datetime64), value, source.
    """
    return {name: _rows(vintage, name) for name in TABLES if name in vintage.resources}


def _rows(vintage: Vintage, name: str) -> pd.DataFrame:
    resource = vintage.resources[name]
    table = read_bytes(checked_bytes(vintage.path / resource["path"], resource), resource)
    frame: pd.DataFrame = table.select(["series", "country", "date", "value", "source"]).to_pandas(
        date_as_object=False
    )
    for column in ("series", "country", "source"):
        frame[column] = frame[column].astype("str")
    frame["date"] = frame["date"].astype("datetime64[us]")
    return frame


def of_pairs(tables: Iterable[pd.DataFrame], fetched: pd.DataFrame) -> pd.DataFrame:
    """The rows of the series and economies that were fetched, of every source."""
    pairs = _index(fetched, ["series", "country"]).unique()
    wanted = pairs.get_level_values("series").unique()
    near = joined(table[table["series"].isin(wanted)] for table in tables)
    return near[_index(near, ["series", "country"]).isin(pairs)].reset_index(drop=True)


def joined(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Observations one below the other; with the right columns also when there are none."""
    filled = [part[list(COLUMNS)] for part in parts if not part.empty]
    return pd.concat(filled, ignore_index=True) if filled else _nothing()


def merge(
    previous: pd.DataFrame, accepted: pd.DataFrame, aside: pd.DataFrame, superseded: pd.DataFrame
) -> pd.DataFrame:
    """The rows after a refresh.

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

    Returns
    -------
    DataFrame
        Columns as ``previous``, sorted by series, country, date, source. Blocks (series, country, source) that were
        not fetched stand as before; of fetched ones nothing stays that the source no longer gives.
    """
    fetched = _index(accepted, BLOCK)
    touched = previous["source"].isin(accepted["source"].unique())
    replaced = touched & _index(previous, BLOCK).isin(fetched.unique())
    if len(aside):
        replaced &= ~_index(previous, KEYS).isin(_index(aside, KEYS))
    if len(superseded):
        replaced |= _index(previous, KEYS).isin(_index(superseded, KEYS))
    rows = pd.concat([previous[~replaced], accepted[list(previous.columns)]], ignore_index=True)
    return rows.sort_values(KEYS, kind="stable", ignore_index=True)


def _index(frame: pd.DataFrame, columns: list[str]) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(frame[columns])


def _nothing() -> pd.DataFrame:
    empty = {name: pd.Series(dtype="str") for name in COLUMNS}
    return pd.DataFrame(
        {**empty, "date": pd.Series(dtype="datetime64[us]"), "value": pd.Series(dtype="float64")}
    )
