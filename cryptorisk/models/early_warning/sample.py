"""Rows of the panel that an equation is estimated on, and the equations that others are judged by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cryptorisk.models.early_warning.indicators import Panel
from cryptorisk.stats.panel_logit import after_event, first_event, within
from cryptorisk.stats.sample import FloatArray

HORIZON = 2
AFTER = 1
"""The year of a crash, or of another rise of the dollar by as much, and the year after it are left out: see
`cryptorisk.stats.panel_logit.after_event`."""
INFLATION = ("inflation",)
THREE = ("inflation", "overvaluation", "current_account")
FIVE = (*THREE, "depreciation", "growth")


@dataclass(frozen=True)
class Equation:
    """What is predicted from what.

    Attributes
    ----------
    name, label : str
    regressors : tuple of str
    horizon : int
        Years within which a crash counts.
    after : int
        Years after a crash, or a rise of the dollar as large, that are left out; -1 keeps the crash's own year too.
    """

    name: str
    label: str
    regressors: tuple[str, ...]
    horizon: int = HORIZON
    after: int = AFTER


FIXED = Equation("inflation", "Inflation in every year", INFLATION)
VARIANTS: tuple[Equation, ...] = (
    FIXED,
    Equation("three", "Inflation, overvaluation, current account", THREE),
    Equation("five", "The same, depreciation and growth", FIVE),
    Equation("kept", "Inflation, years after a crash kept", INFLATION, after=-1),
)
"""Estimated to judge the chosen equation by; no probability is read from them. Their variables were picked with the judged
years in view."""


@dataclass(frozen=True, eq=False)
class Rows:
    """A sample, one row an economy and year.

    Attributes
    ----------
    x : ndarray, shape (n, k)
    y : ndarray, shape (n,)
        Whether a crash came within the horizon.
    year : ndarray of int
    place : ndarray of str
    crash : ndarray of int
        Year of that crash, the first within the horizon; 0 without one.
    """

    x: FloatArray
    y: FloatArray
    year: NDArray[np.int64]
    place: NDArray[np.str_]
    crash: NDArray[np.int64]

    @property
    def crashes(self) -> int:
        """Different crashes that the rows stand before; windows overlap, and one crash is in several rows."""
        return distinct(self.place, self.crash)

    def take(self, which: NDArray[np.bool_]) -> Rows:
        """Some of the rows."""
        return Rows(self.x[which], self.y[which], self.year[which], self.place[which], self.crash[which])


def distinct(place: NDArray[Any], crash: NDArray[Any]) -> int:
    """Number of different crashes among rows, by economy and year of the crash (0: none)."""
    return len({(str(where), int(year)) for where, year in zip(place, crash, strict=True) if year})


def rows(panel: Panel, equation: Equation) -> Rows:
    """The complete rows whose horizon is over, without those after a crash or a rise as large."""
    frame = stacked(panel, equation.regressors).dropna()
    crash = panel.crash.to_numpy(dtype=float)
    frame["y"] = _long(within(crash, equation.horizon), panel).reindex(frame.index)
    if equation.after >= 0:
        risen = panel.risen.to_numpy(dtype=float)
        recovering = _long(after_event(risen, equation.after), panel).reindex(frame.index)
        frame = frame[~recovering.to_numpy(dtype=bool)]
    ahead = _long(first_event(crash, equation.horizon), panel)
    frame = frame.dropna()
    year = frame.index.get_level_values(0).to_numpy(dtype=np.int64)
    steps = ahead.reindex(frame.index).to_numpy(dtype=np.int64)
    return Rows(
        frame[list(equation.regressors)].to_numpy(dtype=float),
        frame["y"].to_numpy(dtype=float),
        year,
        frame.index.get_level_values(1).to_numpy(dtype=str),
        np.where(steps > 0, year + steps, 0),
    )


def stacked(panel: Panel, names: tuple[str, ...]) -> pd.DataFrame:
    """Indicators as columns, rows (year, economy); missing ones stay."""
    return pd.DataFrame({name: long(panel.values[name]) for name in names})


def long(frame: pd.DataFrame) -> pd.Series:
    """Years by economies as one series, index (year, economy)."""
    index = pd.MultiIndex.from_product([frame.index, frame.columns])
    return pd.Series(frame.to_numpy().ravel(), index=index)


def _long(values: NDArray[Any], panel: Panel) -> pd.Series:
    return long(pd.DataFrame(values, index=panel.crash.index, columns=panel.crash.columns))
