"""Fiscal years behind national accounts, and the exchange rates that turn their dollars into those of a stock.

GDP in dollars is national money at the mean rate of the year that the accounts speak of. Where that year is fiscal, the
calendar year's mean turns it back wrongly: Egypt's GDP of 2024 is that of July 2023 to June 2024, before the pound fell.

Which economies: `cryptorisk.models.reporting_years`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.models.reporting_years import ReportingYear as ReportingYear
from cryptorisk.models.reporting_years import reporting_year as reporting_year
from cryptorisk.models.reporting_years import reporting_years as reporting_years
from cryptorisk.result import Finding

CLOSE = 0.02
"""The rate that GDP in both currencies implies is taken for a year's mean rate within two percent of it; figures that
were rounded or revised apart miss it by less, the means of two years mostly differ by more where it matters."""
LARGEST_YEAR_END_MOVE = 5.0
"""December's exchange rate further than this factor from the year's mean is a change of the currency unit."""


class Conversion(NamedTuple):
    """Factors from dollars of GDP to dollars of a year-end stock, and what must be said of the year."""

    factor: float
    low: float
    high: float
    note: str = ""


def to_stock(inputs: Inputs, year: int) -> Conversion:
    """From GDP dollars of a year to dollars at the end of that calendar year.

    Parameters
    ----------
    inputs : Inputs
    year : int
        The year that labels GDP.

    Returns
    -------
    Conversion
        The mean official rate of the accounts' year over that of December, at which money is counted: one figure. In a
        fiscal year the range has the end of that year in place of December (the statistics do not say at which of the
        two money was counted), and both means where it is not known at which GDP was converted; none is likelier, the
        factor lies half-way in logs. Ones where a rate is missing or the currency unit changed.
    """
    monthly = _monthly(inputs)
    calendar = _window(monthly, year, 0)
    if calendar is None:
        return Conversion(1.0, 1.0, 1.0)
    own = reporting_year(inputs.country)
    fiscal = _window(monthly, year, own.months_after_december) if own else None
    means, stocks = [_mean(calendar)], [float(calendar[-1])]
    note = ""
    if own is not None and fiscal is not None:
        means, note = _converted_at(inputs, year, own, _mean(fiscal), _mean(calendar))
        stocks.append(float(fiscal[-1]))
    elif own is not None:
        note = (
            f"GDP is of the year {own.period}; converted at the calendar year's rate for want of the other's."
        )
    factors = [mean / stock for mean in means for stock in stocks]
    if not all(1 / LARGEST_YEAR_END_MOVE < one < LARGEST_YEAR_END_MOVE for one in factors):
        return Conversion(1.0, 1.0, 1.0)
    low, high = min(factors), max(factors)
    return Conversion(float(np.sqrt(low * high)), low, high, note)


def over_calendar_years(by_year: pd.Series, fiscal: ReportingYear) -> pd.Series:
    """A flow of fiscal years by calendar year: the months of each that fall into it, at an even pace.

    Missing where the neighbouring fiscal year is.
    """
    months = fiscal.months_after_december
    before = by_year.copy()
    before.index = before.index + int(np.sign(months))
    weight = abs(months) / 12
    return (1 - weight) * by_year + weight * before.reindex(by_year.index)


def fiscal_year_finding(economy: str, name: str) -> tuple[Finding, ...]:
    """That accounts and stocks are of different years, where they are."""
    own = reporting_year(economy)
    if own is None:
        return ()
    text = (
        f"GDP of {name}, and its current account in the World Economic Outlook, are for years from {own.period}; debt, "
        "reserves and direct investment are for calendar years. Money is turned into dollars accordingly, and the band "
        "of the residual holds a current account for calendar years."
    )
    ids = ("flight.residual_pct_gdp", "flight.reserves_to_broad_money", "flight.drain_usd")
    return (Finding("flight.fiscal_year", text, "info", "caveat", ids),)


def _converted_at(
    inputs: Inputs, year: int, own: ReportingYear, fiscal: float, calendar: float
) -> tuple[list[float], str]:
    """Mean rates at which GDP may have been converted, and the remark."""
    implied = _implied(inputs, year)
    told = f"GDP of {year} is of the year {own.period}"
    if implied is not None and abs(np.log(implied / fiscal)) <= CLOSE:
        return [fiscal], f"{told} and was converted at that year's mean rate."
    if implied is not None and abs(np.log(implied / calendar)) <= CLOSE:
        return [calendar], f"{told} and was converted at the calendar year's mean rate."
    return [
        fiscal,
        calendar,
    ], f"{told}; at which year's rate it was converted is not known, both are in the range."


def _implied(inputs: Inputs, year: int) -> float | None:
    """National currency over dollars of GDP."""
    lcu, usd = (_of_year(inputs, name, year) for name in ("gdp_lcu", "gdp_usd"))
    return lcu / usd if lcu and usd and lcu > 0 and usd > 0 else None


def _of_year(inputs: Inputs, series_id: str, year: int) -> float | None:
    values = inputs.series(series_id).values.dropna()
    chosen = values[pd.DatetimeIndex(values.index).year == year]
    return float(chosen.iloc[-1]) if len(chosen) else None


def _monthly(inputs: Inputs) -> pd.Series:
    """Official rates by month."""
    rate = inputs.series("official_fx_lcu_per_usd").values.dropna()
    months = pd.DatetimeIndex(rate.index).to_period("M")
    return pd.Series(rate.to_numpy(float), months).groupby(level=0).last()


def _window(monthly: pd.Series, year: int, months: int) -> np.ndarray | None:
    """Twelve months that end ``months`` after December of a year; None unless every one is known."""
    end = pd.Period(year=year, month=12, freq="M") + months
    values = monthly.reindex(pd.period_range(end - 11, end, freq="M")).to_numpy(float)
    return values if np.isfinite(values).all() and (values > 0).all() else None


def _mean(values: np.ndarray) -> float:
    return float(values.mean())
