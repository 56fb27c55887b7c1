"""GDP in dollars beside a second market: at the rate of its source, and at the price at which dollars were dealt in.

A source turns national money into dollars at an official rate. Where that rate stands beside a market on which a dollar
costs far more (Bolivia's 6.86 beside 12.4 in 2025), dollars of crypto-assets, which are bought at the market's price, look
small against a GDP at the official one. Such a GDP has both prices as its range and their geometric mean as its centre, as
broad money has (`cryptorisk.models.flight.broad_money.broad_money_at`). Where the market's price stands near the rate at
which the source converts, GDP stays as it is; so it does where the source has left a dead rate itself (Lebanon).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.data.overrides import BANK
from cryptorisk.estimate import number
from cryptorisk.models.official import monthly as official_by_month
from cryptorisk.models.reporting_years import reporting_year
from cryptorisk.models.shadow_rates import SHADOW, shadow_rate

GDP, LCU = "gdp_usd", "gdp_lcu"
APART_LOG_PCT = 10.0
"""Further apart than fees and the timing of quotes explain: the mark of an episode of the premium."""
FEWEST_MONTHS = 3
"""Months of a year with quotes: as many as an episode of the premium needs."""
UNIT_CHANGE_LOG_PCT = 400.0
"""Prices fifty times apart are of two currency units, not of two markets (Lebanon and Iran came to twenty)."""


@dataclass(frozen=True)
class Gap:
    """How far the market's price of a dollar stood above the rate at which a year's GDP is converted.

    Attributes
    ----------
    log_pct : float
        Log percent, above `APART_LOG_PCT`.
    rate, market : float
        National currency per dollar: of GDP, and the geometric mean of the year's months outside the official market.
    months : int
        Months with quotes.
    sources, inputs : tuple of str
    """

    log_pct: float
    rate: float
    market: float
    months: int
    sources: tuple[str, ...]
    inputs: tuple[str, ...]

    @property
    def half(self) -> float:
        """Factor from either end of GDP in dollars to the centre."""
        return float(np.exp(self.log_pct / 200))


@dataclass(frozen=True)
class GdpDollars:
    """GDP of a year in dollars; low and high are one where the official rate stands.

    Attributes
    ----------
    low, central, high : float
        US dollars.
    year : int
    gap : Gap or None
    """

    low: float
    central: float
    high: float
    year: int
    gap: Gap | None = None

    def at(self, way: float) -> float:
        """GDP some way, 0 to 1 in logs, from its source's price of a dollar to the market's: 0.5 is the centre."""
        return float(self.high * (self.low / self.high) ** way)

    @property
    def note(self) -> str:
        """At which rates GDP is converted; empty where there is one."""
        if self.gap is None:
            return ""
        return (
            f"GDP is at two prices of a dollar, {number(self.gap.rate, 2)} (its source) and {number(self.gap.market, 2)} "
            f"(outside the official market, {self.gap.months} months of {self.year}): {number(self.low / 1e9, 1)} to "
            f"{number(self.high / 1e9, 1)} bn USD, {number(self.central / 1e9, 1)} in the centre."
        )


def gdp_dollars(inputs: Inputs, usd: float, year: int, sources: Sequence[str] | None = None) -> GdpDollars:
    """GDP of a year with the range of the rates at which it can be converted.

    Parameters
    ----------
    inputs : Inputs
    usd : float
        As its source has it, US dollars.
    year : int
    sources : sequence of str, optional
        Where GDP is read; the catalogue's precedence by default.
    """
    gap = gdp_gaps(inputs, [year], sources=sources).get(year)
    if gap is None:
        return GdpDollars(usd, usd, usd, year)
    return GdpDollars(usd / gap.half**2, usd / gap.half, usd, year, gap)


def gdp_gaps(
    inputs: Inputs, years: Sequence[int], *, country: str | None = None, sources: Sequence[str] | None = None
) -> dict[int, Gap]:
    """By year, how far the market's price stood above GDP's own rate; only years in which it stood far.

    The bank's own GDP keeps the rate that the bank chose; a confidential price of a dollar is not used.

    Parameters
    ----------
    inputs : Inputs
    years : sequence of int
    country : str, optional
        ISO code; the inputs' own country by default.
    sources : sequence of str, optional
        Where GDP is read.
    """
    code = country or inputs.country
    prices = _prices(inputs, code)
    rates = gdp_rates(inputs, code, sources) if prices else pd.Series(dtype=float)
    found = {}
    for year in years:
        if year not in rates.index:
            continue
        gap = _gap(float(rates[year]), year, code, prices)
        if gap is not None:
            found[year] = gap
    return found


def quoted(inputs: Inputs, year: int, country: str | None = None) -> bool:
    """Whether a price of a dollar outside the official market is known in enough months of the accounts' year."""
    code = country or inputs.country
    return any(len(_months(price, year, code)) >= FEWEST_MONTHS for price, *_ in _prices(inputs, code))


def last_month(year: int, code: str) -> pd.Period:
    """The last month of an economy's accounts of a year; they have twelve."""
    fiscal = reporting_year(code)
    return pd.Period(year=year, month=12, freq="M") + (fiscal.months_after_december if fiscal else 0)


Price = tuple[pd.Series, tuple[str, ...], tuple[str, ...]]
"""A price of a dollar by day or month, its series and its sources."""


def _prices(inputs: Inputs, code: str) -> list[Price]:
    prices = [
        (*shadow_rate(inputs, id, code), inputs.series(id, country=code).source_ids)
        for id in SHADOW
        if id not in inputs.confidential
    ]
    return [one for one in prices if len(one[0])]


def _months(price: pd.Series, year: int, code: str) -> pd.Series:
    """Mean log price in the months of the accounts' year."""
    logs, end = np.log(price[price > 0]), last_month(year, code)
    by_month = logs.groupby(pd.DatetimeIndex(logs.index).to_period("M")).mean()
    own: pd.Series = by_month[(by_month.index > end - 12) & (by_month.index <= end)]
    return own


def _gap(rate: float, year: int, code: str, prices: Sequence[Price]) -> Gap | None:
    """By the first price with enough months of the accounts' year."""
    for price, ids, sources in prices:
        own = _months(price, year, code)
        if len(own) >= FEWEST_MONTHS:
            log_pct = 100 * (float(own.mean()) - float(np.log(rate)))
            if not APART_LOG_PCT < log_pct < UNIT_CHANGE_LOG_PCT:
                return None
            return Gap(
                log_pct, rate, float(np.exp(own.mean())), len(own), tuple(sources[:1]), (*ids, GDP, LCU)
            )
    return None


def gdp_rates(inputs: Inputs, code: str, sources: Sequence[str] | None = None) -> pd.Series:
    """National currency per dollar of GDP by year: both figures of one source, else the mean official rate."""
    usd = inputs.series(GDP, country=code, sources=tuple(sources) if sources else None)
    lcu = inputs.series(LCU, country=code, sources=tuple(sources) if sources else None)
    of_usd, of_lcu = usd.sources_by_date, lcu.sources_by_date
    known = usd.values.dropna()
    known = known[(of_usd.reindex(known.index) != BANK) & (known > 0)]
    same = of_lcu.reindex(known.index) == of_usd.reindex(known.index)
    rates = (lcu.values.reindex(known.index) / known).where(same)
    rates.index = pd.DatetimeIndex(rates.index).year
    official = official_by_month(inputs, code)
    months = official.groupby(pd.DatetimeIndex(official.index).year).agg(["mean", "count"])
    means = months.loc[months["count"] == 12, "mean"] if len(months) else pd.Series(dtype=float)
    filled: pd.Series = rates.fillna(means.reindex(rates.index)).dropna()
    return filled[filled > 0]
