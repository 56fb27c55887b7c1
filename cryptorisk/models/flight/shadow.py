"""The price of a dollar outside the official market, the official one beside it, and which of several is taken."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.models.flight.part import merge_sources
from cryptorisk.models.flight.premium_tables import PremiumSeries
from cryptorisk.models.official import DAILY as DAILY
from cryptorisk.models.official import MONTHLY as MONTHLY
from cryptorisk.models.official import OFFICIAL_DAYS
from cryptorisk.models.official import REFERENCE as REFERENCE
from cryptorisk.models.official import reference as reference
from cryptorisk.models.shadow_rates import BITCOIN_RATE as BITCOIN_RATE
from cryptorisk.models.shadow_rates import CASH_RATE as CASH_RATE
from cryptorisk.models.shadow_rates import CRYPTO_RATE as CRYPTO_RATE
from cryptorisk.models.shadow_rates import IMF_CRYPTO_RATE as IMF_CRYPTO_RATE
from cryptorisk.models.shadow_rates import SHADOW as SHADOW
from cryptorisk.models.shadow_rates import shadow_rate as shadow_rate
from cryptorisk.stats.premium import log_premium_pct

FILLED_DAYS = 20
"""A comparison that lasts a month of trading days is one of its own."""


def premium_series(inputs: Inputs) -> PremiumSeries | None:
    """The daily premium of a country, crypto-implied rather than parallel where both exist.

    The official rate is the central bank's daily reference (mean of buying and selling) where it is
    published, a daily official quote else, the month's official mean last; a monthly shadow rate is compared with
    the month's official mean alone.

    Parameters
    ----------
    inputs : Inputs

    Returns
    -------
    PremiumSeries or None
    """
    return next(
        (found for id in SHADOW if (found := premium_of(inputs, id)) is not None),
        None,
    )


def premium_of(inputs: Inputs, series_id: str) -> PremiumSeries | None:
    """Premium of one of the rates in `SHADOW`; None where it, or an official rate beside it, is missing.

    Parameters
    ----------
    inputs : Inputs
    series_id : str
    """
    shadow, ids = shadow_rate(inputs, series_id)
    if shadow.empty:
        return None
    monthly = inputs.catalogue[series_id].frequency == "M"
    official, beside = official_rate(inputs, pd.DatetimeIndex(shadow.index), monthly=monthly)
    frame = pd.concat([shadow.rename("shadow"), official], axis=1, join="inner").dropna()
    if frame.empty:
        return None
    frame["premium"] = log_premium_pct(frame["shadow"].to_numpy(float), frame["official"].to_numpy(float))
    sources = merge_sources(*(inputs.series(one).source_ids for one in (ids[0], *beside)))
    return PremiumSeries(frame, SHADOW[series_id], sources, (*ids, *beside), monthly)


def official_rate(
    inputs: Inputs, days: pd.DatetimeIndex, *, monthly: bool
) -> tuple[pd.Series, tuple[str, ...]]:
    """The official price of a dollar on given days, and the series it was taken from.

    Parameters
    ----------
    inputs : Inputs
    days : DatetimeIndex
    monthly : bool
        Whether the days are month ends of a monthly rate.
    """
    candidates = _candidates(inputs, days)
    if monthly:
        candidates = {(MONTHLY,): candidates[(MONTHLY,)]}
    official = pd.Series(np.nan, index=days, name="official")
    used: tuple[str, ...] = ()
    for ids, values in candidates.items():
        fills = official.isna() & values.notna()
        if fills.any():
            official = official.where(~fills, values)
            used += ids
    return official.rename("official"), used


def comparator_changes(inputs: Inputs, days: pd.DatetimeIndex) -> list[pd.Timestamp]:
    """Days on which the daily comparison goes over from one kind of official rate to another, for good on both sides.

    A kind that fills a gap of a few days (`FILLED_DAYS`) is no other comparison.
    """
    taken = pd.Series("", index=days)
    for ids, values in _candidates(inputs, days).items():
        taken = taken.mask((taken == "") & values.notna(), ids[0])
    taken = taken[taken != ""]
    run = taken.ne(taken.shift()).cumsum()
    taken = taken[run.map(run.value_counts()) > FILLED_DAYS]
    new = taken.ne(taken.shift()).to_numpy() & (np.arange(len(taken)) > 0)
    return list(pd.DatetimeIndex(taken.index[new]))


def published_pair(inputs: Inputs, series_id: str) -> pd.DataFrame:
    """Shadow and official rate on the days on which both were published; nothing is carried, no month's mean enters.

    Returns
    -------
    DataFrame
        Day by ``shadow`` and ``official``.
    """
    shadow, _ids = shadow_rate(inputs, series_id)
    official = reference(inputs).combine_first(inputs.series(DAILY).values.dropna())
    return pd.concat([shadow.rename("shadow"), official.rename("official")], axis=1, join="inner").dropna()


def _candidates(inputs: Inputs, days: pd.DatetimeIndex) -> dict[tuple[str, ...], pd.Series]:
    means = inputs.series(MONTHLY).values
    by_month = pd.Series(means.to_numpy(float), index=pd.DatetimeIndex(means.index).to_period("M"))
    month_mean = pd.Series(by_month.reindex(days.to_period("M")).to_numpy(float), index=days)
    return {
        REFERENCE: _carried(reference(inputs), days),
        (DAILY,): _carried(inputs.series(DAILY).values, days),
        (MONTHLY,): month_mean,
    }


def _carried(values: pd.Series, days: pd.DatetimeIndex) -> pd.Series:
    known = values.dropna()
    if known.empty:
        return pd.Series(np.nan, index=days)
    return known.reindex(days, method="ffill", tolerance=pd.Timedelta(days=OFFICIAL_DAYS))
