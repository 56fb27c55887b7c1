"""The monthly sample behind the minimum-variance share: consumer prices and the exchange rate that savers face."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cryptorisk.countries import country
from cryptorisk.models.substitution.verdict import Verdict, rate_verdict
from cryptorisk.params import Params
from cryptorisk.stats.mvp import FloatArray

if TYPE_CHECKING:
    from cryptorisk.data.inputs import Inputs

LARGEST_MONTHLY_PRICE_FALL = 0.2
"""A fall of the price index by a fifth or more within a month is taken for a break of the series (a new base, a
change of source), since no published consumer price index has fallen so far in a month; the sample then starts
after it. The vintage holds such breaks for Argentina, Sudan and South Sudan."""

LARGEST_MONTHLY_RATE_FALL = 0.5
"""A dollar that halves in price within a month is a change of the currency unit, not an appreciation."""

FEWEST_CHANGES = 60
"""Five years of changes at the headline horizon: with fewer, fewer than five of them do not overlap at twelve
months, and a block bootstrap has nothing to resample."""


@dataclass(frozen=True)
class MonthlySample:
    """Monthly log levels of prices and of the rate, from the last unbroken run.

    Attributes
    ----------
    log_price, log_rate : Series
        Month-end index, equal, without gaps. Empty when there is no overlap.
    rate_name : str
        ``official`` or ``parallel``.
    sources, series : tuple of str
        Source ids and series ids used.
    broken_at : Timestamp or None
        Month of the break that ends the run at its beginning, when data exist before it.
    reason : str
        Why there is no sample, when empty.
    confidential : bool
        Whether prices or the rate are the bank's own and must not be told from what is printed.
    """

    log_price: pd.Series
    log_rate: pd.Series
    rate_name: str
    sources: tuple[str, ...]
    series: tuple[str, ...]
    broken_at: pd.Timestamp | None = None
    reason: str = ""
    confidential: bool = False

    def rate_verdict(self, months: int) -> Verdict:
        """Verdict on the rate of the last ``months`` months."""
        rate = self.log_rate.iloc[-months:]
        return rate_verdict(rate.to_numpy(dtype=np.float64), pd.DatetimeIndex(rate.index))

    @property
    def inflation(self) -> FloatArray:
        """Monthly log change of prices."""
        return np.diff(self.log_price.to_numpy(dtype=np.float64))

    @property
    def depreciation(self) -> FloatArray:
        """Monthly log change of the national price of foreign currency."""
        return np.diff(self.log_rate.to_numpy(dtype=np.float64))

    @property
    def real_return(self) -> FloatArray:
        """Monthly real return on foreign currency in local goods."""
        return self.depreciation - self.inflation

    def changes(self, horizon: int) -> int:
        """Number of overlapping changes at a horizon."""
        return max(0, len(self.log_price) - horizon)

    def until(self, end: pd.Timestamp) -> MonthlySample:
        """The sample up to a date."""
        kept = self.log_price.index <= end
        return MonthlySample(
            self.log_price[kept],
            self.log_rate[kept],
            self.rate_name,
            self.sources,
            self.series,
            self.broken_at,
            self.reason,
            self.confidential,
        )

    def period(self, horizon: int, window: int) -> str:
        """Months at which the changes used end, ``2014-01/2023-12``."""
        if self.log_price.empty:
            return ""
        used = self.log_price.index[horizon:][-window:]
        return f"{used[0]:%Y-%m}/{used[-1]:%Y-%m}" if len(used) else ""


def monthly_sample(inputs: Inputs, params: Params) -> MonthlySample:
    """Prices with the parallel rate where one exists for long enough, else with the official rate.

    Parameters
    ----------
    inputs : Inputs
    params : Params
        The reference currency and the horizon are read.

    Returns
    -------
    MonthlySample
    """
    horizon = params.substitution.horizon_months
    parallel = _joined(inputs, params, "parallel_fx_lcu_per_usd", "parallel")
    if parallel.changes(horizon) >= FEWEST_CHANGES:
        return parallel
    return _joined(inputs, params, "official_fx_lcu_per_usd", "official")


def _joined(inputs: Inputs, params: Params, rate_id: str, rate_name: str) -> MonthlySample:
    prices, rate = inputs.series("cpi_index_monthly"), inputs.series(rate_id)
    empty = pd.Series(dtype=float, index=pd.DatetimeIndex([]))
    if prices.empty or rate.empty:
        missing = "monthly consumer price index" if prices.empty else f"monthly {rate_name} exchange rate"
        return MonthlySample(empty, empty, rate_name, (), (), reason=f"the data have no {missing}")
    sources, series = {*prices.source_ids, *rate.source_ids}, ["cpi_index_monthly", rate_id]
    frame = pd.DataFrame({"price": _monthly(prices.values), "rate": _monthly(rate.values)})
    if params.substitution.reference_currency == "EUR":
        euro, euro_sources = euro_per_dollar(inputs)
        frame["rate"] = frame["rate"] / euro.reindex(frame.index)
        sources |= set(euro_sources)
    positive = frame.where(frame > 0)
    run, broken_at = last_unbroken_run(positive.apply(np.log))
    if run.empty:
        reason = f"consumer prices and the {rate_name} exchange rate have no month in common"
        return MonthlySample(empty, empty, rate_name, (), (), reason=reason)
    return MonthlySample(
        run["price"],
        run["rate"],
        rate_name,
        tuple(sorted(sources)),
        tuple(series),
        broken_at,
        confidential=bool(inputs.confidential & set(series)),
    )


def euro_per_dollar(inputs: Inputs) -> tuple[pd.Series, tuple[str, ...]]:
    """Monthly euros per US dollar, read off an economy that uses the euro, and its sources."""
    for user in ("DEU", "XKX", "MNE"):
        series = inputs.series("official_fx_lcu_per_usd", country=user)
        if not series.empty:
            return _monthly(series.values), tuple(series.source_ids)
    return pd.Series(dtype=float, index=pd.DatetimeIndex([])), ()


def official_rate(inputs: Inputs, params: Params) -> tuple[pd.Series, tuple[str, ...]]:
    """Monthly official price of the reference currency, and its sources; empty where it is the currency in use."""
    rate = inputs.series("official_fx_lcu_per_usd")
    currency = country(params.country).currency_on(inputs.as_of)
    in_dollars = params.substitution.reference_currency == "USD"
    if currency == params.substitution.reference_currency:
        return pd.Series(dtype=float, index=pd.DatetimeIndex([])), ()
    if rate.empty and in_dollars and currency == "EUR":
        return euro_per_dollar(inputs)
    if rate.empty or in_dollars:
        return rate.values, tuple(rate.source_ids)
    euro, euro_sources = euro_per_dollar(inputs)
    return (rate.values / euro).dropna(), tuple(sorted({*rate.source_ids, *euro_sources}))


def last_unbroken_run(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.Timestamp | None]:
    """The last stretch of months with both logs and no break of the price index, and where it was cut.

    Parameters
    ----------
    frame : DataFrame
        Month-end index; columns ``price`` and ``rate`` in logs.
    """
    present = frame.dropna()
    if present.empty:
        return present, None
    full = frame.reindex(pd.date_range(present.index[0], present.index[-1], freq="ME"))
    cut = (
        full.isna().any(axis=1)
        | (full["price"].diff() < np.log(1 - LARGEST_MONTHLY_PRICE_FALL))
        | (full["rate"].diff() < np.log(1 - LARGEST_MONTHLY_RATE_FALL))
    )
    if not cut.any():
        return full, None
    last = full.index[cut.to_numpy()][-1]
    # The month of a fall is the first of the new run; a month without data belongs to neither.
    first = last if full.loc[last].notna().all() else last + pd.offsets.MonthEnd(1)
    return full.loc[first:], last


def years_of(values: pd.Series) -> pd.Index:
    """Calendar year of each date of a series."""
    return pd.Index(pd.DatetimeIndex(values.index).year)


def _monthly(values: pd.Series) -> pd.Series:
    """Monthly averages at month ends."""
    return values.resample("ME").mean()
