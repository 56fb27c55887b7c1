"""The years over which unrecorded flows are averaged and added up."""

from __future__ import annotations

import pandas as pd

from cryptorisk.models.flight.measures import Measures

MEAN_YEARS, CUMULATIVE_YEARS = 5, 10


def last_years(measures: Measures, length: int) -> tuple[pd.DataFrame, list[int]]:
    """The last consecutive years (at most ``length``) of the central measure; treatments complete in them."""
    years = [int(measures.central.index[-1])]
    while len(years) < length and years[0] - 1 in measures.central.index:
        years.insert(0, years[0] - 1)
    return measures.every().reindex(years).dropna(axis=1), years
