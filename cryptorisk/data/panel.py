"""A series of all economies at once: the choice of `selection`, made for every economy in one pass."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cryptorisk.data.catalogue import WORLD, SeriesSpec
from cryptorisk.data.cut import is_stale
from cryptorisk.data.vintage import Vintage


def public_panel(
    vintage: Vintage,
    spec: SeriesSpec,
    as_of: dt.date,
    without: frozenset[str],
    sources: Sequence[str] | None = None,
) -> pd.DataFrame:
    """The public figures of a series: rows period ends, columns economies, the world left out.

    Parameters
    ----------
    vintage : Vintage
    spec : SeriesSpec
    as_of : datetime.date
        No figure is dated later.
    without : frozenset of str
        Sources left out.
    sources : sequence of str, optional
        One group of sources in place of the catalogue's precedence.

    Returns
    -------
    DataFrame
        Kept with the vintage: for reading, not for changing.
    """
    key = ("panel", spec.id, as_of, without, None if sources is None else tuple(sources))
    return vintage.kept(key, lambda: _wide(_chosen(vintage, spec, as_of, without, sources)))


def public_latest(
    vintage: Vintage,
    spec: SeriesSpec,
    as_of: dt.date,
    without: frozenset[str],
    sources: Sequence[str] | None = None,
) -> pd.DataFrame:
    """The last public figure of every economy, the world left out.

    Parameters are those of `public_panel`.

    Returns
    -------
    DataFrame
        Index country, sorted; columns value, date (datetime.date), source, data_class, stale. Kept with the vintage:
        for reading, not for changing.
    """
    key = ("latest", spec.id, as_of, without, None if sources is None else tuple(sources))

    def make() -> pd.DataFrame:
        last = _chosen(vintage, spec, as_of, without, sources).drop_duplicates("country", keep="last")
        classes = {id: vintage.catalogue.data_class(spec.id, id) for id in last["source"].unique()}
        dates = pd.Series(last["date"].dt.date, dtype=object)
        stale = {date: is_stale(date, as_of) for date in dates.unique()}
        columns = {
            "value": last["value"].to_numpy(dtype=float),
            "date": dates.to_numpy(),
            "source": last["source"].astype("str").to_numpy(),
            "data_class": last["source"].map(classes).astype("str").to_numpy(),
            "stale": dates.map(stale).to_numpy(dtype=bool),
        }
        index = pd.Index(last["country"].to_numpy(dtype=object), name="country", dtype="str")
        return pd.DataFrame(columns, index=index)

    return vintage.kept(key, make)


def _chosen(
    vintage: Vintage,
    spec: SeriesSpec,
    as_of: dt.date,
    without: frozenset[str],
    sources: Sequence[str] | None,
) -> pd.DataFrame:
    groups = (tuple(sources),) if sources is not None else spec.precedence
    group_of = {source: number for number, group in reversed([*enumerate(groups)]) for source in group}
    rank_of = {source: rank for group in reversed(groups) for rank, source in enumerate(group)}
    found = vintage.everywhere(spec.id)
    usable = (found["date"] <= pd.Timestamp(as_of)) & (found["country"] != WORLD)
    usable &= found["source"].isin(list(group_of)) & ~found["source"].isin(list(without))
    found = found[usable]
    found = found.assign(group=found["source"].map(group_of), rank=found["source"].map(rank_of))
    first = found.groupby("country")["group"].transform("min")
    found = found[found["group"] == first].sort_values(["country", "date", "rank"], kind="stable")
    return found.drop_duplicates(["country", "date"])


def _wide(chosen: pd.DataFrame) -> pd.DataFrame:
    codes, places = _factors(chosen["country"].to_numpy(dtype=object))
    dates, rows = np.unique(chosen["date"].to_numpy(), return_inverse=True)
    values = np.full((len(dates), len(codes)), np.nan)
    values[rows, places] = chosen["value"].to_numpy()
    index = pd.DatetimeIndex(dates.astype("datetime64[us]"), name="date")
    return pd.DataFrame(values, index=index, columns=pd.Index(codes, name="country", dtype="str"))


def _factors(labels: npt.NDArray[Any]) -> tuple[list[str], npt.NDArray[np.intp]]:
    codes = sorted(set(labels))
    number = {code: position for position, code in enumerate(codes)}
    return codes, np.array([number[label] for label in labels], dtype=np.intp)
