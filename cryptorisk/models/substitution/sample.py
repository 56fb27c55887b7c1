"""The monthly sample behind the minimum-variance share: consumer prices and the exchange rate that savers face."""

from __future__ import annotations

import math
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

FICTION_PREMIUM = 0.1
"""A fixed official rate is fiction when the crypto-based one differs from it by ten percent or more in half of the
months: the threshold of the premium in the chapter on capital flight. Less is friction of the crypto market."""

DUAL_SHARE = 0.5
"""A second market in half of a year's months is more than an episode at a devaluation."""

_NOTHING = pd.Series(dtype=float, index=pd.DatetimeIndex([]))


OLDEST_SAMPLE_MONTHS = 60
"""A sample that ends five years before the report shares no month with the shortest window that is accepted: it
speaks of other savers, in Venezuela's case (to 2016) of another currency unit. Annual averages reach further."""

IMF_CRYPTO_RATE = "crypto_parallel_fx_lcu_per_usd"


@dataclass(frozen=True)
class MonthlySample:
    """Monthly log levels of prices and of the rate, from the last unbroken run.

    Attributes
    ----------
    log_price, log_rate : Series
        Month-end index, equal, without gaps. Empty when there is no overlap.
    rate_name : str
        ``official``, ``parallel`` or ``crypto-based parallel``.
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
    """Prices with the rate that savers pay, as far as the data have it.

    The parallel rate where it overlaps prices for long enough. Else the official one; where that is fiction (fixed,
    stale, or beside a coded second market) and the IMF's monthly crypto-based rate is in the data for long enough,
    that one.

    Parameters
    ----------
    inputs : Inputs
    params : Params
        The reference currency and the horizon are read.

    Returns
    -------
    MonthlySample
        Empty with its reason when prices or rates lack, or end more than five years before the report's date.
    """
    horizon = params.substitution.horizon_months
    parallel = _recent(_joined(inputs, params, "parallel_fx_lcu_per_usd", "parallel"), inputs)
    if parallel.changes(horizon) >= FEWEST_CHANGES:
        return parallel
    official = _recent(_joined(inputs, params, "official_fx_lcu_per_usd", "official"), inputs)
    crypto = _recent(_joined(inputs, params, IMF_CRYPTO_RATE, "crypto-based parallel"), inputs)
    if crypto.changes(horizon) >= FEWEST_CHANGES and _fiction(inputs, official, crypto, params):
        return crypto
    return official


def _recent(sample: MonthlySample, inputs: Inputs) -> MonthlySample:
    """The sample, or an empty one with the reason when it ends too long before the report."""
    if sample.log_price.empty:
        return sample
    end = sample.log_price.index[-1]
    months = (inputs.as_of.year - end.year) * 12 + inputs.as_of.month - end.month
    if months <= OLDEST_SAMPLE_MONTHS:
        return sample
    reason = (
        f"monthly prices{'' if sample.rate_name == 'own' else f' and the {sample.rate_name} rate'} end in {end:%Y-%m}, "
        f"{months} months before the report's date (at most {OLDEST_SAMPLE_MONTHS} are accepted)"
    )
    return MonthlySample(_NOTHING, _NOTHING, sample.rate_name, (), (), reason=reason)


def _fiction(inputs: Inputs, official: MonthlySample, crypto: MonthlySample, params: Params) -> bool:
    """Whether the official rate is not the one that savers pay."""
    if official.log_price.empty:
        return True
    verdict = official.rate_verdict(params.substitution.window_months + params.substitution.horizon_months)
    if verdict.kind in ("peg", "stale", "step"):
        # A peg that holds is no fiction: its crypto-based rate stands at the official one.
        premium = (crypto.log_rate - official.log_rate).dropna()
        return bool(premium.empty or float(premium.abs().median()) > math.log1p(FICTION_PREMIUM))
    return second_market_by(inputs, pd.Timestamp(inputs.as_of)) is not None


def second_market_by(inputs: Inputs, end: pd.Timestamp) -> int | None:
    """Last coded year up to a date when a dual market existed in at least half of its months."""
    coded = inputs.series("irr_dual_market_share_of_months").values
    coded = coded[coded.index <= end] if not coded.empty else coded
    if coded.empty or float(coded.iloc[-1]) < DUAL_SHARE:
        return None
    return int(coded.index[-1].year)


def _joined(inputs: Inputs, params: Params, rate_id: str, rate_name: str) -> MonthlySample:
    prices, rate = inputs.series("cpi_index_monthly"), inputs.series(rate_id)
    rates, rate_sources = rate.values, tuple(rate.source_ids)
    currency = country(params.country).currency_on(inputs.as_of)
    if rate_name == "official" and currency == "EUR":
        rates, rate_sources = euro_per_dollar(inputs)
    if prices.empty or rates.empty:
        missing = "monthly consumer price index" if prices.empty else f"monthly {rate_name} exchange rate"
        return MonthlySample(_NOTHING, _NOTHING, rate_name, (), (), reason=f"the data have no {missing}")
    sources, series = {*prices.source_ids, *rate_sources}, ["cpi_index_monthly", rate_id]
    frame = pd.DataFrame({"price": _monthly(prices.values), "rate": _monthly(rates)})
    if params.substitution.reference_currency == "EUR":
        euro, euro_sources = euro_per_dollar(inputs)
        frame["rate"] = frame["rate"] / euro.reindex(frame.index)
        sources |= set(euro_sources)
    positive = frame.where(frame > 0)
    run, broken_at = last_unbroken_run(positive.apply(np.log))
    if run.empty:
        reason = f"consumer prices and the {rate_name} exchange rate have no month in common"
        return MonthlySample(_NOTHING, _NOTHING, rate_name, (), (), reason=reason)
    return MonthlySample(
        run["price"],
        run["rate"],
        rate_name,
        tuple(sorted(sources)),
        tuple(series),
        broken_at,
        confidential=bool(inputs.confidential & set(series)),
    )


def home_sample(inputs: Inputs) -> MonthlySample:
    """Prices alone, for an economy that uses the reference currency itself: its rate is one for ever.

    Parameters
    ----------
    inputs : Inputs

    Returns
    -------
    MonthlySample
    """
    prices = inputs.series("cpi_index_monthly")
    if prices.empty:
        reason = "the data have no monthly consumer price index"
        return MonthlySample(_NOTHING, _NOTHING, "own", (), (), reason=reason)
    levels = _monthly(prices.values)
    frame = pd.DataFrame({"price": np.log(levels.where(levels > 0)), "rate": 0.0})
    run, broken_at = last_unbroken_run(frame)
    sample = MonthlySample(
        run["price"],
        run["rate"],
        "own",
        tuple(prices.source_ids),
        ("cpi_index_monthly",),
        broken_at,
        confidential="cpi_index_monthly" in inputs.confidential,
    )
    return _recent(sample, inputs)


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
    if in_dollars and currency == "EUR":
        # An economy's own series may end with the currency that the euro replaced.
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
