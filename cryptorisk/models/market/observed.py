"""Monthly market and on-chain series as observed: complete months only, nothing interpolated."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

import numpy as np
import pandas as pd

from cryptorisk.data.catalogue import WORLD
from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import DataClass
from cryptorisk.stats.forecasting import FEWEST

FEWEST_DAYS = 0.9
"""Part of a month's days that must be observed; the mean of the observed days stands for the month."""
STALE_MONTHS = 12
"""A series that ended more than a year before the report's date is not forecast: its horizon would have passed."""
FEWEST_MONTHS = FEWEST + 24 + 12 - 1
"""Two years before the first origin, then two years of origins with twelve months to look ahead: with fewer, whether one
forecast is better than another cannot be told."""
STABLECOINS_FROM = "2020-01-31"
"""DefiLlama's total counts few issuers at first: until August 2019 it is below the sum of Tether on Omni and USD Coin as
Coin Metrics has them, and in January 2019 a quarter of that. From 2020 on its growth is the market's."""
BITCOIN_FROM = "2014-01-31"
"""As the sample of chapter 4: before it, the market was a few exchanges of which one failed."""


@dataclass(frozen=True)
class Target:
    """A series that is forecast.

    Attributes
    ----------
    name, label, unit : str
    series : str
        Daily series of the catalogue.
    kind : {"flow", "stock"}
        Whether a month is the sum or the mean of its days.
    start : str
        First month used.
    coins : bool
        Whether dollars are divided by bitcoin's mean price of the month.
    """

    name: str
    label: str
    unit: str
    series: str
    kind: Literal["flow", "stock"]
    start: str = BITCOIN_FROM
    coins: bool = False


TARGETS: tuple[Target, ...] = (
    Target("exchange_inflow_usd", "Bitcoin sent to exchanges", "USD", "btc_exchange_inflow_usd", "flow"),
    Target(
        "exchange_inflow_coins",
        "Bitcoin sent to exchanges",
        "BTC",
        "btc_exchange_inflow_usd",
        "flow",
        coins=True,
    ),
    Target(
        "transfer_usd",
        "Bitcoin transferred on chain, adjusted",
        "USD",
        "btc_onchain_transfer_adj_usd",
        "flow",
    ),
    Target(
        "transfer_coins",
        "Bitcoin transferred on chain, adjusted",
        "BTC",
        "btc_onchain_transfer_adj_usd",
        "flow",
        coins=True,
    ),
    Target("transactions", "Bitcoin transactions", "number", "btc_tx_count", "flow"),
    Target("addresses", "Bitcoin addresses active on a day", "number", "btc_active_addresses", "stock"),
    Target(
        "stablecoins_usd",
        "Supply of dollar stablecoins",
        "USD",
        "stablecoin_supply_total_usd",
        "stock",
        STABLECOINS_FROM,
    ),
)
PRICE = "btc_price_usd"


@dataclass(frozen=True, eq=False)
class Observed:
    """A monthly series, and the reason why it is not forecast, if there is one.

    Attributes
    ----------
    name, label, unit : str
    values : pandas.Series
        Index month ends, without gaps.
    data_class : {"measured", "survey", "modelled", "proxy"}
    sources, inputs : tuple of str
    reason : str
    """

    name: str
    label: str
    unit: str
    values: pd.Series
    data_class: DataClass
    sources: tuple[str, ...]
    inputs: tuple[str, ...]
    reason: str = ""

    @property
    def refused(self) -> bool:
        """Whether it is not forecast."""
        return bool(self.reason)


def without_own(inputs: Inputs) -> Inputs:
    """The inputs without any figure of the bank's own: what is computed of them may be kept and shared."""
    if not inputs.own_series:
        return inputs
    return replace(inputs, confidential=frozenset(), _bank=MappingProxyType({}), own_files=())


def observed(inputs: Inputs) -> Mapping[str, Observed]:
    """All targets by name, each with its months or the reason why it has none.

    Parameters
    ----------
    inputs : Inputs
    """
    price = monthly(inputs, PRICE, "stock")
    return {target.name: _observed(inputs, target, price) for target in TARGETS}


def monthly(inputs: Inputs, series: str, kind: Literal["flow", "stock"]) -> pd.Series:
    """Complete months of a daily world series: means of days, or means times the number of days.

    A month with fewer than nine tenths of its days is left out, the last, unfinished one among them.
    """
    values = inputs.series(series, country=WORLD).values.dropna()
    if values.empty:
        return pd.Series(dtype=float, index=pd.DatetimeIndex([], name="date"), name=series)
    grouped = values.resample("ME")
    days = grouped.count()
    length = pd.DatetimeIndex(days.index).days_in_month.to_numpy()
    complete = (days.to_numpy() >= FEWEST_DAYS * length) & (days.index <= _last_whole_month(inputs.as_of))
    means = grouped.mean().to_numpy() * (length if kind == "flow" else 1)
    return pd.Series(means, index=days.index, name=series)[complete]


def _last_whole_month(as_of: dt.date) -> pd.Timestamp:
    """End of the last month that was over at a date."""
    return pd.Timestamp(as_of) + pd.Timedelta(days=1) - pd.offsets.MonthEnd(1)


def _observed(inputs: Inputs, target: Target, price: pd.Series) -> Observed:
    values = monthly(inputs, target.series, target.kind)
    names = (target.series, PRICE) if target.coins else (target.series,)
    if target.coins:
        values = (values / price.reindex(values.index)).dropna()
    values = last_run(values[(values.index >= target.start) & (values.to_numpy() > 0)])
    known = [inputs.series(name, country=WORLD) for name in names]
    sources = tuple(dict.fromkeys(s for one in known if not one.empty for s in one.source_ids[:1]))
    found = Observed(target.name, target.label, target.unit, values, known[0].data_class, sources, names)
    return judged(found, inputs.as_of, licensed=_licensed(inputs, names))


def _licensed(inputs: Inputs, names: tuple[str, ...]) -> bool:
    """Whether the catalogue's sources of the series are all left out for their licence."""
    needed = [set(inputs.catalogue[name].sources) for name in names]
    return bool(inputs._without) and any(sources <= inputs._without for sources in needed if sources)


def judged(found: Observed, as_of: dt.date, *, licensed: bool = False) -> Observed:
    """The series with the reason why it is not forecast, if there is one."""
    reason = found.reason or too_old(found.values, as_of)
    if found.values.empty:
        reason = reason or ("left out for its licence" if licensed else "no complete month in the vintage")
    elif len(found.values) < FEWEST_MONTHS:
        few = f"{len(found.values)} months in a row are known, and {FEWEST_MONTHS} are needed to judge a forecast"
        reason = reason or few
    return replace(found, reason=reason)


def too_old(values: pd.Series, as_of: dt.date) -> str:
    """That a series ended long before the report's date; empty when it did not."""
    if values.empty:
        return ""
    last = pd.Timestamp(values.index[-1])
    late = 12 * (as_of.year - last.year) + as_of.month - last.month
    if late <= STALE_MONTHS:
        return ""
    return f"the series ends in {last:%B %Y}, {late} months before the report's date"


def last_run(values: pd.Series) -> pd.Series:
    """The last run of months without a gap."""
    if values.empty:
        return values
    index = pd.DatetimeIndex(values.index)
    number = index.year * 12 + index.month
    breaks = np.flatnonzero(np.diff(number) != 1)
    return values.iloc[int(breaks[-1]) + 1 :] if breaks.size else values
