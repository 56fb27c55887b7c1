"""Many observations in little memory: names as numbers into fixed lists, keys as single integers.

A full refresh holds a few million figures; as text their names alone would take more memory than all the rest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from cryptorisk.countries import countries
from cryptorisk.data.catalogue import EURO_AREA, WORLD, Catalogue
from cryptorisk.data.observation import BLOCK, STORED
from cryptorisk.errors import DataError

_FIRST_DAY = np.datetime64("1900-01-01", "D")
_DAYS = 100_000
"""Days that a key has room for: to the year 2173."""

Keys = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Compact:
    """How observations of a catalogue are held: the columns of names as categories, sorted, the same in every frame.

    Attributes
    ----------
    known : Catalogue
    """

    known: Catalogue

    @cached_property
    def _types(self) -> dict[str, pd.CategoricalDtype]:
        places = sorted({country.iso3 for country in countries()} | {WORLD, EURO_AREA})
        names = (sorted(self.known.series), places, sorted(self.known.sources))
        return {
            name: pd.CategoricalDtype(pd.Index(list_, dtype="str"))
            for name, list_ in zip(BLOCK, names, strict=True)
        }

    def held(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Observations with their names as categories; further columns are left out.

        Raises
        ------
        DataError
            For a series, economy or source that is not known.
        """
        made = frame[list(STORED)].astype(self._types)
        for name in BLOCK:
            if made[name].isna().any():
                strange = frame.loc[made[name].isna().to_numpy(), name].iloc[0]
                raise DataError(f"unknown {name} {strange!r}", remedy="report it: a live source gave it")
        return made

    def joined(self, frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
        """Held observations one below the other; with the right columns also when there are none."""
        filled = [frame for frame in frames if not frame.empty]
        return pd.concat(filled, ignore_index=True) if filled else self.held(nothing())

    def blocks(self, frame: pd.DataFrame) -> Keys:
        """A number for series, country and source of each row of held observations."""
        return self._pairs(frame) * len(self._types["source"].categories) + _codes(frame["source"])

    def rows(self, frame: pd.DataFrame) -> Keys:
        """A number for each row's series, country, date and source; in its order rows are sorted."""
        days = (frame["date"].to_numpy().astype("datetime64[D]") - _FIRST_DAY).astype(np.int64)
        with_day = self._pairs(frame) * _DAYS + days
        return with_day * len(self._types["source"].categories) + _codes(frame["source"])

    def sorted(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Held observations by series, country, date and source."""
        return frame.iloc[np.argsort(self.rows(frame), kind="stable")].reset_index(drop=True)

    def _pairs(self, frame: pd.DataFrame) -> Keys:
        return _codes(frame["series"]) * len(self._types["country"].categories) + _codes(frame["country"])


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Held observations with their names as text."""
    return frame.astype(dict.fromkeys(BLOCK, "str"))


def nothing() -> pd.DataFrame:
    """No observation, with the columns and types of one."""
    empty = {name: pd.Series(dtype="str") for name in STORED}
    return pd.DataFrame(
        {**empty, "date": pd.Series(dtype="datetime64[us]"), "value": pd.Series(dtype="float64")}
    )


def _codes(column: pd.Series) -> Keys:
    codes: Keys = column.cat.codes.to_numpy().astype(np.int64)
    return codes
