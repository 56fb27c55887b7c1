"""A series of all economies at once: the choice of `selection`, made for every economy in one pass."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cryptorisk.data.block import Everywhere
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
        found = _chosen(vintage, spec, as_of, without, sources)
        ends = np.concatenate(
            [found.countries[1:] != found.countries[:-1], np.full(min(1, len(found.dates)), True)]
        )
        last = found.take(ends.astype(bool))
        classes = {id: vintage.catalogue.data_class(spec.id, id) for id in set(last.sources)}
        dates = last.dates.astype(object)
        stale = {date: is_stale(date, as_of) for date in set(dates)}
        columns = {
            "value": last.numbers,
            "date": pd.Series(dates, dtype=object),
            "source": pd.Series(last.sources, dtype="str"),
            "data_class": pd.Series([classes[id] for id in last.sources], dtype="str"),
            "stale": np.array([stale[date] for date in dates], dtype=bool),
        }
        return pd.DataFrame(columns).set_index(pd.Index(last.countries, name="country", dtype="str"))

    return vintage.kept(key, make)


def _chosen(
    vintage: Vintage,
    spec: SeriesSpec,
    as_of: dt.date,
    without: frozenset[str],
    sources: Sequence[str] | None,
) -> Everywhere:
    """One figure a country and period, by country and date: the rule of `selection.choose`."""
    groups = (tuple(sources),) if sources is not None else spec.precedence
    group_of = {source: number for number, group in reversed([*enumerate(groups)]) for source in group}
    rank_of = {source: rank for group in reversed(groups) for rank, source in enumerate(group)}
    for source in without:
        group_of.pop(source, None)
    found = vintage.everywhere(spec.id)
    group = np.array([group_of.get(source, -1) for source in found.sources], dtype=int)
    usable = (found.dates <= np.datetime64(as_of, "D")) & (found.countries != WORLD) & (group >= 0)
    found, group = found.take(usable), group[usable]
    codes, places = _factors(found.countries)
    first = np.full(len(codes), len(groups))
    np.minimum.at(first, places, group)
    of_first = group == first[places]
    found, places = found.take(of_first), places[of_first]
    rank = np.array([rank_of[source] for source in found.sources], dtype=int)
    order = np.lexsort((rank, found.dates, places))
    found, places = found.take(order), places[order]
    again = (places[1:] == places[:-1]) & (found.dates[1:] == found.dates[:-1])
    return found.take(np.concatenate([np.full(min(1, len(places)), True), ~again]))


def _wide(chosen: Everywhere) -> pd.DataFrame:
    codes, places = _factors(chosen.countries)
    dates, rows = np.unique(chosen.dates, return_inverse=True)
    values = np.full((len(dates), len(codes)), np.nan)
    values[rows, places] = chosen.numbers
    index = pd.DatetimeIndex(dates.astype("datetime64[us]"), name="date")
    return pd.DataFrame(values, index=index, columns=pd.Index(codes, name="country", dtype="str"))


def _factors(labels: npt.NDArray[Any]) -> tuple[list[str], npt.NDArray[np.intp]]:
    codes = sorted(set(labels))
    number = {code: position for position, code in enumerate(codes)}
    return codes, np.array([number[label] for label in labels], dtype=np.intp)
