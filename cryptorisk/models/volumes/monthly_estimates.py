"""Numbers of the monthly section: the next reporting year, the year ahead, and how volumes move with the index."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import t as student

from cryptorisk.estimate import Estimate
from cryptorisk.models.volumes.estimates import FUNCTION, QUOTES
from cryptorisk.models.volumes.fit import VolumesFit, period
from cryptorisk.models.volumes.monthly import Floats, Monthly, MonthlyPath
from cryptorisk.models.volumes.regions import summary

NAMES: Mapping[str, tuple[str, str]] = {
    "region_nowcast_usd": ("Region's crypto value received, next reporting year", "usd"),
    "country_nowcast_usd": ("Crypto value received, next reporting year", "usd"),
    "region_nowcast_coins": ("Region's crypto value received, next reporting year, in bitcoin", "coins"),
    "country_nowcast_coins": ("Crypto value received, next reporting year, in bitcoin", "coins"),
    "region_forecast_usd": ("Region's crypto value received, twelve months ahead of the index", "usd"),
    "country_forecast_usd": ("Crypto value received, twelve months ahead of the index", "usd"),
    "index_elasticity": ("Change of annual volumes with the activity index, elasticity", "ratio"),
}
METHOD = (
    "Annual figures spread over months by an index of activity to an elasticity (random walk of the log ratio, adding up "
    "to the years), the last ratio carried on; draws of the annual figures, the elasticity, the ratio and, where the "
    "index itself is forecast, of past forecast errors."
)
NOTE = (
    "No month of any region or country was observed; not comparable with figures that later reports restate."
)


def monthly_estimates(found: Monthly | str, fitted: VolumesFit) -> list[Estimate]:
    """All numbers of the section, missing ones with their reason."""
    if isinstance(found, str):
        return missing_monthly(found)
    return [
        *_sums("nowcast_usd", found, fitted, _next_year(found), coins=False),
        *_sums("nowcast_coins", found, fitted, _next_year(found), coins=True),
        *_sums("forecast_usd", found, fitted, found.ahead, coins=False),
        _elasticity(found, fitted.level),
    ]


def missing_monthly(reason: str) -> list[Estimate]:
    """All of them as not available."""
    return [Estimate.missing(f"volumes.{name}", *NAMES[name], reason) for name in NAMES]


def _next_year(found: Monthly) -> NDArray[np.bool_]:
    """Months of the first year from July after the published ones; none when the forecast does not reach its end."""
    return found.within(found.years[-1] + 1)


def _sums(
    name: str, found: Monthly, fitted: VolumesFit, months: NDArray[np.bool_], *, coins: bool
) -> list[Estimate]:
    return [
        _sum(f"{who}_{name}", path, found, fitted, months, coins)
        for who, path in (("region", found.region), ("country", found.country))
    ]


def _sum(
    name: str,
    path: MonthlyPath | None,
    found: Monthly,
    fitted: VolumesFit,
    months: NDArray[np.bool_],
    coins: bool,
) -> Estimate:
    draws = None if path is None else path.coin_draws if coins else path.draws
    reason = found.reason if path is None else found.coins_reason if draws is None else ""
    if draws is not None and not months.any():
        reason = (
            f"the index ends in {found.last_observed:%B %Y}, more than a year before the end of that year"
        )
    if draws is None or reason:
        return Estimate.missing(f"volumes.{name}", *NAMES[name], reason)
    return _estimate(
        name, draws[:, months].sum(axis=1), _span(found.months[months]), found, fitted.level, months
    )


def _estimate(
    name: str, draws: Floats, date: str, found: Monthly, level: float, months: NDArray[np.bool_]
) -> Estimate:
    ends = summary(draws, level)
    ahead = int((found.ahead & months).sum())
    basis = (
        f"Index observed in {int(months.sum()) - ahead} and forecast in {ahead} of the twelve months."
        if ahead < int(months.sum())
        else "The index is forecast in all twelve months."
    )
    label, unit = NAMES[name]
    return Estimate(
        f"volumes.{name}",
        label,
        ends["value"],
        unit,
        ends["low"],
        ends["high"],
        level,
        interval="prediction",
        method=METHOD,
        date=date,
        sources=(QUOTES, *found.reading.sources),
        inputs=found.reading.inputs,
        function=FUNCTION,
        note=f"{basis} {NOTE}",
    )


def _span(months: pd.DatetimeIndex) -> str:
    return f"{months[0]:%Y-%m}/{months[-1]:%Y-%m}"


def _elasticity(found: Monthly, level: float) -> Estimate:
    link = found.link
    half = float(student.ppf((1 + level) / 2, link.degrees)) * link.error
    common: dict[str, Any] = {
        "method": "Least squares of the world's annual log changes on those of the index; Student's t.",
        "date": f"{period(found.years[0])} to {period(found.years[-1])}",
        "n_obs": len(found.years) - 1,
        "sources": (QUOTES, *found.reading.sources),
        "inputs": found.reading.inputs,
        "function": FUNCTION,
    }
    label, unit = NAMES["index_elasticity"]
    common |= {"low": link.elasticity - half, "high": link.elasticity + half, "level": level}
    return Estimate("volumes.index_elasticity", label, link.elasticity, unit, interval="confidence", **common)
