"""The years over which residual flows are averaged and added up."""

from __future__ import annotations

import pandas as pd

from cryptorisk.models.flight.measures import WORLD_BANK, Measures

MEAN_YEARS, CUMULATIVE_YEARS = 5, 10


def last_years(measures: Measures, length: int, measure: str = WORLD_BANK) -> tuple[pd.DataFrame, list[int]]:
    """The last consecutive years (at most ``length``) of a measure, and the treatments complete in them.

    Parameters
    ----------
    measures : Measures
    length : int
    measure : str
        A column of `Measures.every`.

    Returns
    -------
    frame : DataFrame
        USD, year by treatment of every measure; empty without a figure of ``measure``.
    years : list of int
    """
    every = measures.every()
    known = every[measure].dropna().index if measure in every else every.index[:0]
    years = [int(known[-1])] if len(known) else []
    while years and len(years) < length and years[0] - 1 in known:
        years.insert(0, years[0] - 1)
    return every.reindex(years).dropna(axis=1), years
