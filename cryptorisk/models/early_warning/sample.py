"""Rows of the panel that an equation is estimated on, and the equations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cryptorisk.models.early_warning.indicators import Panel
from cryptorisk.stats.panel_logit import after_event, within
from cryptorisk.stats.sample import FloatArray

AFTER = 1
"""The year of a crash and the year after it are left out: see `cryptorisk.stats.panel_logit.after_event`."""
PRICES = ("inflation", "depreciation", "overvaluation", "current_account", "growth")
RESERVES = ("money_to_reserves", "reserve_growth")


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
        Years after a crash that are left out; -1 keeps the crash's own year too.
    """

    name: str
    label: str
    regressors: tuple[str, ...]
    horizon: int = 2
    after: int = AFTER


MAIN = Equation("main", "Five variables", PRICES)
EQUATIONS: tuple[Equation, ...] = (MAIN, Equation("reserves", "With reserves", PRICES + RESERVES))
VARIANTS: tuple[Equation, ...] = (
    Equation("inflation_only", "Logit of inflation alone", ("inflation",)),
    Equation("kept", "Five variables, years after a crash kept", PRICES, after=-1),
)
"""Estimated to judge the main equation by; no probability is read from them."""


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
    """

    x: FloatArray
    y: FloatArray
    year: NDArray[np.int64]
    place: NDArray[np.str_]

    def take(self, which: NDArray[np.bool_]) -> Rows:
        """Some of the rows."""
        return Rows(self.x[which], self.y[which], self.year[which], self.place[which])


def rows(panel: Panel, equation: Equation) -> Rows:
    """The complete rows whose horizon is over, without those after a crash."""
    frame = stacked(panel, equation.regressors).dropna()
    crash = panel.crash.to_numpy(dtype=float)
    frame["y"] = _long(within(crash, equation.horizon), panel).reindex(frame.index)
    if equation.after >= 0:
        recovering = _long(after_event(crash, equation.after), panel).reindex(frame.index)
        frame = frame[~recovering.to_numpy(dtype=bool)]
    frame = frame.dropna()
    return Rows(
        frame[list(equation.regressors)].to_numpy(dtype=float),
        frame["y"].to_numpy(dtype=float),
        frame.index.get_level_values(0).to_numpy(dtype=np.int64),
        frame.index.get_level_values(1).to_numpy(dtype=str),
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
