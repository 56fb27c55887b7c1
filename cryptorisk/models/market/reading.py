"""What another chapter reads off the market's result: a target's months, its forecast and its past errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cryptorisk.result import Result

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Reading:
    """A target as forecast.

    Attributes
    ----------
    label : str
    log_values : pandas.Series
        Observed months, index month ends.
    log_centre : ndarray, shape (12,)
    paths : ndarray, shape (origins, 12)
        Errors of past forecasts in logs, calibrated to the fan's width.
    sources, inputs : tuple of str
    """

    label: str
    log_values: pd.Series
    log_centre: Floats
    paths: Floats
    sources: tuple[str, ...]
    inputs: tuple[str, ...]

    @property
    def months(self) -> pd.DatetimeIndex:
        """Observed and forecast months."""
        observed = pd.DatetimeIndex(self.log_values.index)
        ahead = pd.date_range(observed[-1] + pd.offsets.MonthEnd(1), periods=self.log_centre.size, freq="ME")
        return pd.DatetimeIndex(observed.append(ahead))

    @property
    def log_path(self) -> Floats:
        """Logarithms observed, then forecast."""
        return np.concatenate([self.log_values.to_numpy(dtype=float), self.log_centre])

    def errors(self, rows: NDArray[np.int64], signs: Floats) -> Floats:
        """Draws of the error of `log_path`: nothing where observed, then past errors with the given signs."""
        ahead = self.paths[rows % len(self.paths)] * signs[:, None]
        return np.hstack([np.zeros((rows.size, len(self.log_values))), ahead])


def read(market: Result, target: str) -> Reading | None:
    """A target of the market's result; None when it was refused (`refusal_of` says why)."""
    series, fan, paths = (_rows(market, name, target) for name in ("series", "fan", "paths"))
    if series.empty:
        return None
    choice = _rows(market, "choices", target).iloc[0]
    index = pd.DatetimeIndex(pd.PeriodIndex(series["month"], freq="M").to_timestamp(how="end").normalize())
    values = pd.Series(np.log(series["value"].to_numpy(dtype=float)), index=index, name=target)
    return Reading(
        str(choice["label"]),
        values,
        fan["centre"].to_numpy(dtype=float),
        paths[[f"h{h}" for h in range(1, len(fan) + 1)]].to_numpy(dtype=float),
        tuple(str(choice["sources"]).split(";")),
        tuple(str(choice["inputs"]).split(";")),
    )


def refusal_of(market: Result, target: str) -> str:
    """Why a target is not forecast; empty when it is."""
    return str(_rows(market, "choices", target)["refused"].iloc[0])


def transitory(market: Result) -> float:
    """Passing noise of single months, in steps of the random walk of the ratio."""
    return float(market.tables["noise"].frame["transitory"].iloc[0])


def _rows(market: Result, table: str, target: str) -> pd.DataFrame:
    frame = market.tables[table].frame
    return frame[frame["target"] == target].reset_index(drop=True)
