"""In which table of a vintage a figure stands: by frequency, and apart where its licence asks for it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
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


NOWHERE = -1


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
    apart = _looked_up(
        observations["source"],
        {id: APART.get(source.licence_class, "") for id, source in known.sources.items()},
    )
    usual = _looked_up(
        observations["series"], {id: SERIES_TABLES[spec.frequency] for id, spec in known.series.items()}
    )
    table = np.where(apart == NOWHERE, usual, apart)
    parts = {name: observations[table == number].reset_index(drop=True) for number, name in enumerate(TABLES)}
    return [
        Resource(name, frame, "parquet", kind="series")
        for name, frame in parts.items()
        if name in ALWAYS or not frame.empty
    ]


def _looked_up(names: pd.Series, tables: Mapping[str, str]) -> npt.NDArray[np.int8]:
    """The place in `TABLES` that each name stands for; `NOWHERE` for ""."""
    codes, distinct = pd.factorize(names)
    places = [TABLES.index(tables[str(name)]) if tables[str(name)] else NOWHERE for name in distinct]
    return np.array([*places, NOWHERE], dtype=np.int8)[codes]
