"""The monthly procedure tried on series whose months are known: what annual totals and an indicator recover of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from cryptorisk.data.inputs import Inputs
from cryptorisk.models.market.observed import BITCOIN_FROM, last_run, monthly
from cryptorisk.stats.log_disaggregation import log_path
from cryptorisk.stats.log_link import FEWEST_CHANGES, Link, indicator_change, link

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

INDICATOR = "btc_exchange_inflow_usd"
ASSETS = ("btc", "eth", "ltc", "xrp", "doge", "usdt")
"""Assets whose value transferred on chain is in the vintage for at least four years from July to June."""
FIRST_MONTH = 7
"""The vendor's years begin in July."""
DEFAULT_TRANSITORY = 1.3
"""Where the licence leaves none of the series: what they gave in the embedded vintage, rounded."""


@dataclass(frozen=True, eq=False)
class KnownMonths:
    """What the procedure makes of one series.

    Attributes
    ----------
    asset : str
    years : tuple of int
        Years in which the twelve months from July begin.
    link : Link
    error : ndarray, shape (12 * years,)
        Log of the true over the recovered month.
    sd : ndarray
        Of the error as the random walk alone has it.
    bridge : float
        Mean of its square for steps of standard deviation one.
    ahead : ndarray of bool
        For each later year, hidden with all after it: whether its total lay inside the interval.
    """

    asset: str
    years: tuple[int, ...]
    link: Link
    error: Floats
    sd: Floats
    bridge: float
    ahead: NDArray[np.bool_]


def year_of(months: pd.DatetimeIndex) -> Ints:
    """The year in which the twelve months from July begin, of each month."""
    return np.where(months.month >= FIRST_MONTH, months.year, months.year - 1).astype(np.int64)


def whole_years(months: pd.DatetimeIndex) -> tuple[int, ...]:
    """Years from July to June of which every month is there."""
    years, counts = np.unique(year_of(months), return_counts=True)
    return tuple(int(year) for year in years[counts == 12])


def known_months(inputs: Inputs, level: float) -> tuple[KnownMonths, ...]:
    """Sum each series to years, spread the years by the indicator, and compare with its months.

    Parameters
    ----------
    inputs : Inputs
    level : float
        Of the interval of a total one year ahead.
    """
    indicator = monthly(inputs, INDICATOR, "flow")
    found = [_try(inputs, asset, indicator, level) for asset in ASSETS]
    return tuple(one for one in found if one is not None)


def _try(inputs: Inputs, asset: str, indicator: pd.Series, level: float) -> KnownMonths | None:
    values = monthly(inputs, f"{asset}_onchain_transfer_adj_usd", "flow")
    joined = pd.DataFrame({"value": values[values > 0], "indicator": indicator}).dropna()
    joined = joined[joined.index >= BITCOIN_FROM]
    joined = joined.loc[last_run(joined["value"]).index]
    months = pd.DatetimeIndex(joined.index)
    years = whole_years(months)
    if len(years) <= FEWEST_CHANGES:
        return None
    inside = np.isin(year_of(months), years)
    group = np.searchsorted(years, year_of(months)[inside]).astype(np.int64)
    value = joined["value"].to_numpy(dtype=float)[inside]
    log_indicator = np.log(joined["indicator"].to_numpy(dtype=float)[inside])
    totals = np.asarray(np.bincount(group, value), dtype=float)
    fitted = link(totals, group, log_indicator)
    path = log_path(totals, group, fitted.elasticity * log_indicator)
    unit = path.error_sd()
    return KnownMonths(
        asset,
        years,
        fitted,
        np.log(value) - path.log_values,
        fitted.step_sd * unit,
        float(np.mean(unit**2)),
        _ahead(totals, group, log_indicator, level),
    )


def _ahead(totals: Floats, group: Ints, log_indicator: Floats, level: float) -> NDArray[np.bool_]:
    inside = []
    for known in range(FEWEST_CHANGES + 1, totals.size):
        upto = group <= known
        shown = np.where(group < known, group, -1)[upto]
        fitted = link(totals[:known], shown, log_indicator[upto])
        path = log_path(totals[:known], shown, fitted.elasticity * log_indicator[upto])
        predicted = float(np.exp(path.log_values[group[upto] == known]).sum())
        moved = indicator_change(1.0, group[upto], log_indicator[upto])[-1]
        half = fitted.half_width(level, float(moved))
        inside.append(abs(math.log(totals[known] / predicted)) <= half)
    return np.array(inside, dtype=bool)


@dataclass(frozen=True)
class Noise:
    """How much more months err than the random walk of the ratio allows.

    Attributes
    ----------
    factor : float
        By which its intervals must be widened to cover as stated; at least 1.
    transitory : float
        Standard deviation, in steps of the random walk, of the passing noise that does so.
    months, series : int
        Behind it; zero where the default stands.
    """

    factor: float
    transitory: float
    months: int
    series: int


def noise(found: Sequence[KnownMonths], level: float) -> Noise:
    """Passing noise of single months, from all series together."""
    if not found:
        return Noise(float("nan"), DEFAULT_TRANSITORY, 0, 0)
    ratio = np.concatenate([np.abs(one.error) / one.sd for one in found])
    factor = max(1.0, float(np.quantile(ratio, level) / norm.ppf((1 + level) / 2)))
    bridge = float(np.mean([one.bridge for one in found]))
    return Noise(factor, math.sqrt((factor**2 - 1) * bridge), ratio.size, len(found))


def rows(found: Sequence[KnownMonths], level: float) -> list[dict[str, Any]]:
    """One row a series."""
    half = float(norm.ppf((1 + level) / 2))
    return [
        {
            "asset": one.asset.upper(),
            "years": f"{one.years[0]}/{(one.years[0] + 1) % 100:02d} to {one.years[-1]}/{(one.years[-1] + 1) % 100:02d}",
            "kind": one.link.kind,
            "elasticity": one.link.elasticity,
            "change_sd": 100 * one.link.change_sd,
            "month_error": 100 * float(np.median(np.abs(one.error))),
            "inside": 100 * float(np.mean(np.abs(one.error) <= half * one.sd)),
            "ahead": int(one.ahead.size),
            "ahead_inside": int(one.ahead.sum()),
        }
        for one in found
    ]
