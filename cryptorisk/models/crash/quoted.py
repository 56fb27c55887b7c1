"""Figures that no series of the vintage holds, quoted one by one with the page they were read on (`quoted.csv`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import pandas as pd

from cryptorisk.errors import ModelError


@dataclass(frozen=True)
class Quote:
    """One quoted figure.

    Attributes
    ----------
    key, label : str
    value : float
        In ``unit``.
    unit, date : str
    organisation, url, via : str
        Whose figure it is, where it was read, and through whom (empty: on the organisation's own page).
    licence_class, note : str
    """

    key: str
    label: str
    value: float
    unit: str
    date: str
    organisation: str
    url: str
    via: str
    licence_class: str
    note: str

    @property
    def source(self) -> str:
        """The organisation, and through whom it was read."""
        return f"{self.organisation}, via {self.via}" if self.via else self.organisation

    @property
    def share(self) -> float:
        """A percentage as a share of one."""
        return self.value / 100


WORDS = ("label", "unit", "date", "organisation", "url", "via", "licence_class", "note")


@cache
def _table() -> pd.DataFrame:
    place = files("cryptorisk.models.crash").joinpath("quoted.csv")
    with place.open(encoding="utf-8") as stream:
        return pd.read_csv(stream, dtype={"value": float}, keep_default_na=False).set_index("key")


def quote(key: str) -> Quote:
    """A quoted figure by its key.

    Raises
    ------
    ModelError
        When there is none of that name.
    """
    table = _table()
    if key not in table.index:
        raise ModelError(f"no figure {key!r} is quoted in quoted.csv", where="price crash")
    row = table.loc[key]
    return Quote(key, value=float(str(row["value"])), **{name: str(row[name]) for name in WORDS})
