"""Currency crashes and what is known before them, by year and economy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np
import pandas as pd

from cryptorisk.countries import country, known
from cryptorisk.data.inputs import Inputs
from cryptorisk.models.official import DAILY, MONTHLY, REFERENCE, year_ends
from cryptorisk.stats.exchange_pressure import SMALLEST_CRASH, crashes

RATE = MONTHLY
RATES = (MONTHLY, DAILY, REFERENCE[0])
"""What the year's last official rate is taken from: see `cryptorisk.models.official.year_ends`."""
INFLATION = "cpi_inflation_eop_pct"
TREND_YEARS = 5
"""The real exchange rate is compared with its mean of the five years before: known in the year itself, where a trend
through the whole sample would look ahead."""
ANCHOR = "USA"


@dataclass(frozen=True)
class Indicator:
    """A variable that may warn.

    Attributes
    ----------
    name, label, unit : str
    danger : {1, -1}
        Whether a high or a low value is the dangerous one.
    series : tuple of str
        What it is made of.
    older : int
        Years that it is behind the others: what is published later than prices and the national accounts.
    at : str
        What of the year the figure is, where the label does not say it.
    """

    name: str
    label: str
    unit: str
    danger: Literal[1, -1]
    series: tuple[str, ...]
    older: int = 0
    at: str = ""


INDICATORS: tuple[Indicator, ...] = (
    Indicator("inflation", "Inflation", "log %", 1, (INFLATION,), at="end of year"),
    Indicator("depreciation", "Depreciation over the year", "log %", 1, RATES),
    Indicator("overvaluation", "Real value above its five-year mean", "log %", 1, (*RATES, INFLATION)),
    Indicator("current_account", "Current account", "% of GDP", -1, ("current_account_pct_gdp",)),
    Indicator("growth", "Growth of real GDP", "%", -1, ("real_gdp_growth_pct",)),
    Indicator(
        "money_to_reserves",
        "Broad money over reserves",
        "log",
        1,
        ("broad_money_pct_gdp", "gdp_usd", "reserves_usd"),
        1,
    ),
    Indicator("reserve_growth", "Change of reserves", "log %", -1, ("reserves_usd",), 1),
    Indicator(
        "export_growth", "Change of exports in dollars", "log %", -1, ("exports_pct_gdp", "gdp_usd"), 1
    ),
    Indicator(
        "credit_growth",
        "Private credit, change over two years",
        "% of GDP",
        1,
        ("domestic_credit_private_pct_gdp",),
        1,
    ),
)
BY_NAME: Mapping[str, Indicator] = MappingProxyType({one.name: one for one in INDICATORS})


@dataclass(frozen=True, eq=False)
class Panel:
    """Years by economies.

    Attributes
    ----------
    values : mapping of str to DataFrame
        Indicators by name: what was known of them in a year, those published later one year older. NaN where the economy
        had no currency of its own.
    crash : DataFrame
        1 in the year of a currency crash, 0 in others, NaN where it cannot be told.
    rate : DataFrame
        The year's last official rate.
    basis : DataFrame, optional
        What that rate is: see `cryptorisk.models.official.YearEnds`.
    """

    values: Mapping[str, pd.DataFrame]
    crash: pd.DataFrame
    rate: pd.DataFrame
    basis: pd.DataFrame | None = None

    @property
    def risen(self) -> pd.DataFrame:
        """Whether the dollar rose by as much as a crash in a year, be it more than before or not."""
        pct = 100 * self.rate.pct_change(fill_method=None)
        return (pct >= SMALLEST_CRASH) | (self.crash == 1)

    @property
    def years(self) -> list[int]:
        """Consecutive years."""
        return [int(year) for year in self.crash.index]


def panel(inputs: Inputs, *, only: str = "") -> Panel:
    """Crashes and indicators of all economies, or of one.

    Parameters
    ----------
    inputs : Inputs
        Figures of the bank's own take part where the inputs have them.
    only : str
        ISO code of the one economy.
    """
    ends = year_ends(inputs, [only] if only else _known(inputs, RATE))
    rate = ends.rate
    years = range(int(rate.index[0]), int(rate.index[-1]) + 1) if len(rate) else range(0)
    places = [only] if only else sorted(rate.columns)
    own = _own_currency(places, years)

    def read(series: str) -> pd.DataFrame:
        return _annual(inputs, series).reindex(index=list(years), columns=places)

    rate = rate.reindex(index=list(years), columns=places).where(own)
    depreciation = 100 * _log(_positive(rate)).diff()
    pct = 100 * np.expm1(depreciation.to_numpy(dtype=float) / 100)
    inflation = 100 * _log(_positive(1 + read(INFLATION) / 100))
    gdp, reserves = read("gdp_usd"), _positive(read("reserves_usd"))
    money = _positive(read("broad_money_pct_gdp") * gdp)
    exports = _positive(read("exports_pct_gdp") * gdp)
    found = {
        "inflation": inflation,
        "depreciation": depreciation,
        "overvaluation": _overvaluation(depreciation, inflation, _anchor(inputs, years)),
        "current_account": read("current_account_pct_gdp"),
        "growth": read("real_gdp_growth_pct"),
        "money_to_reserves": _log(money / 100) - _log(reserves),
        "reserve_growth": 100 * _log(reserves).diff(),
        "export_growth": 100 * _log(exports).diff(),
        "credit_growth": read("domestic_credit_private_pct_gdp").diff(2),
    }
    values = {name: frame.shift(BY_NAME[name].older).where(own) for name, frame in found.items()}
    crash = pd.DataFrame(crashes(pct), index=rate.index, columns=rate.columns)
    return Panel(MappingProxyType(values), crash, rate, ends.basis.reindex_like(rate).fillna(""))


def shown(unit: str, value: float) -> float:
    """A value as a page shows it: percent for log percent, a ratio for its log."""
    if unit == "log %":
        return float(100 * np.expm1(value / 100))
    return float(np.exp(value)) if unit == "log" else float(value)


def shown_unit(unit: str) -> str:
    """The unit that goes with `shown`."""
    return {"log %": "%", "log": "times"}.get(unit, unit)


def sources_of(inputs: Inputs, series: tuple[str, ...]) -> tuple[str, ...]:
    """Ids of the sources of the last figures of some series, over all economies."""
    found = (inputs.panel_latest(one)["source"].unique() for one in series)
    return tuple(dict.fromkeys(sorted({str(source) for group in found for source in group})))


def _known(inputs: Inputs, series: str) -> list[str]:
    return [str(code) for code in inputs.panel(series).columns if known(str(code))]


def _annual(inputs: Inputs, series: str) -> pd.DataFrame:
    frame = inputs.panel(series)[_known(inputs, series)]
    return frame.groupby(pd.DatetimeIndex(frame.index).year).last()


def _own_currency(places: list[str], years: range) -> pd.DataFrame:
    """Whether an economy had a currency of its own at the end of a year; the dollar's own economy has no rate."""
    flags = {}
    for place in places:
        here = country(place)
        ends = [dt.date(year, 12, 31) for year in years]
        flags[place] = [here.status_on(d) == "own_currency" and here.currency_on(d) != "USD" for d in ends]
    return pd.DataFrame(flags, index=list(years), columns=places, dtype=bool)


def _overvaluation(depreciation: pd.DataFrame, inflation: pd.DataFrame, anchor: pd.Series) -> pd.DataFrame:
    """``mean(q_{t-5..t-1}) - q_t`` with ``q`` the log of the real price of a dollar: above zero, money is dear."""
    change = depreciation.sub(inflation).add(anchor, axis=0)
    # q_t - q_{t-j} is a sum of changes; over j = 1..5 the change k years ago counts (5 - k) times.
    weights = [(TREND_YEARS - lag) / TREND_YEARS for lag in range(TREND_YEARS)]
    moved = pd.DataFrame(0.0, index=change.index, columns=change.columns)
    for lag, weight in enumerate(weights):
        moved = moved + weight * change.shift(lag)
    return -moved


def _anchor(inputs: Inputs, years: range) -> pd.Series:
    frame = _annual(inputs, INFLATION).reindex(index=list(years), columns=[ANCHOR])
    return pd.Series(100 * np.log(_positive(1 + frame / 100)[ANCHOR]))


def _positive(values: pd.DataFrame) -> pd.DataFrame:
    return values.where(values > 0)


def _log(values: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(np.log(values), index=values.index, columns=values.columns)
