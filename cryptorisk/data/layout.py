"""In which table of a vintage a figure stands: by frequency, and apart where its licence asks for it."""

from __future__ import annotations

import pandas as pd

from cryptorisk.data.catalogue import Catalogue, Frequency
from cryptorisk.data.package import Resource

SERIES_TABLES: dict[Frequency, str] = {
    "A": "annual",
    "Q": "quarterly",
    "M": "monthly",
    "W": "daily",
    "D": "daily",
}
APART = {"non-commercial": "crypto_noncommercial", "own-use": "own_use"}
"""Table of the licence classes whose figures must not stand among the others."""

TABLES = (*dict.fromkeys(SERIES_TABLES.values()), *APART.values())
"""Tables of observations, in the order of a vintage; ``quoted_facts`` is not one of them, for its rows have pages."""

ALWAYS = tuple(name for name in TABLES if name != APART["own-use"])
"""Tables that every vintage has; figures for own use come by a refresh alone."""


def series_resources(observations: pd.DataFrame, known: Catalogue) -> list[Resource]:
    """The tables of observations.

    Parameters
    ----------
    observations : DataFrame
        Columns series, country, date, value, source; sorted.
    known : Catalogue

    Returns
    -------
    list of Resource
        In the order of `TABLES`; a table that only some vintages have is left out when empty.
    """
    licence = observations["source"].map({id: source.licence_class for id, source in known.sources.items()})
    frequency = observations["series"].map({id: spec.frequency for id, spec in known.series.items()})
    apart = licence.map(APART)
    table = apart.where(apart.notna(), frequency.map(SERIES_TABLES))
    parts = {name: observations[table == name].reset_index(drop=True) for name in TABLES}
    return [
        Resource(name, frame, "parquet", kind="series")
        for name, frame in parts.items()
        if name in ALWAYS or not frame.empty
    ]
