"""What bitcoin's hash rate did after past falls of the price and after halvings of the coins issued: measured, not modelled.

A miner's income is the price times the coins issued, so that a halving is a fall of income at an unchanged price. The hash
rate counts computations, not electricity: the machines that leave first need more of it, and better machines hide exits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cryptorisk.data.catalogue import WORLD
from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import Estimate
from cryptorisk.models.part import Part
from cryptorisk.models.price_risk.hash_rate_response import response_part
from cryptorisk.models.price_risk.history import DEEP_PCT, FIRST_DAY, episodes
from cryptorisk.result import Column, Table

HASH_RATE, PRICE, SUPPLY = "btc_hash_rate_th_s", "btc_price_usd", "btc_supply"
DAYS = 30
"""Mean of the hash rate: a day's estimate is noisy because blocks come at random."""
FEWEST_DAYS = 27
AFTER = pd.Timedelta(days=365)
"""The hash rate is followed for a year after the price's trough, or after a halving."""
ALL_COINS = 21e6
HALVINGS = 32
"""Halvings until a block issues nothing: 50 coins are 5e9 of the smallest unit, and 2**32 is the last power of two below."""
BAN = pd.Timestamp("2021-05-21")
"""A committee of China's State Council called for action against mining (CoinDesk, 21 May 2021; South China Morning Post,
22 May); the mining map has China at 44 % in May and at 0 in July 2021. A fall of the hash rate then is not the price's."""
FEWEST = 3
"""Falls below which a least, a middle and a most say nothing."""

NAME, LABEL = (
    "crash.hash_rate_fall_pct",
    "Fall of the hash rate after falls of bitcoin's price by more than half",
)
TABLES = ("hash_rate_falls", "hash_rate_response")


@dataclass(frozen=True)
class Network:
    """Bitcoin's network by day.

    Attributes
    ----------
    hash_rate : pandas.Series
        Terahashes per second, mean of 30 days.
    price : pandas.Series
        US dollars.
    supply : pandas.Series
        Coins issued so far.
    issued : pandas.Series
        Coins a day, mean of 30 days.
    sources : tuple of str
    """

    hash_rate: pd.Series
    price: pd.Series
    supply: pd.Series
    issued: pd.Series
    sources: tuple[str, ...]

    @property
    def income(self) -> pd.Series:
        """US dollars a day from coins issued, mean of 30 days; fees are not in the vintage."""
        return (_mean(self.price) * self.issued).dropna()

    def income_fall(self, start: pd.Timestamp, end: pd.Timestamp) -> float:
        """Percent by which income fell between two days, at the prices of these days; NaN where a day is missing."""
        days = self.price.reindex([start, end]) * self.issued.reindex([start, end])
        before, after = days.to_numpy(dtype=np.float64)
        return float(100 * (1 - after / before))


def network(inputs: Inputs) -> Network | None:
    """Hash rate, price and income by day, or None where one of the series is missing."""
    found = {id: inputs.series(id, country=WORLD) for id in (HASH_RATE, PRICE, SUPPLY)}
    if any(series.empty for series in found.values()):
        return None
    daily = {id: series.values.dropna().asfreq("D") for id, series in found.items()}
    return Network(
        _mean(daily[HASH_RATE]).dropna(),
        daily[PRICE].dropna(),
        daily[SUPPLY].dropna(),
        (daily[SUPPLY].diff(DAYS) / DAYS).dropna(),
        tuple(dict.fromkeys(series.source_ids[0] for series in found.values())),
    )


def hash_rate_part(inputs: Inputs) -> Part:
    """The range of past falls of the hash rate, the table of them, and how it moved with income.

    Parameters
    ----------
    inputs : Inputs
        Without figures of the bank's own; the licence choice is in them.
    """
    found = network(inputs)
    if found is None:
        why = "hash rate, price or coins issued are not in the vintage"
        return Part((Estimate.missing(NAME, LABEL, "pct", why), *response_part(None, None, ()).estimates))
    falls = past_falls(found)
    response = response_part(found.hash_rate, found.income, found.sources)
    own = Part((fall_estimate(falls, found.sources),), (falls_table(falls, found.sources),))
    return Part.join([own, response])


def past_falls(found: Network) -> pd.DataFrame:
    """The hash rate after falls of the price and after halvings, oldest first.

    Parameters
    ----------
    found : Network

    Returns
    -------
    pandas.DataFrame
        ``what`` (price, halving), ``episode``, ``start``, ``end`` (of the price's fall; the halving's day twice),
        ``price_fall_pct``, ``income_fall_pct``, ``hash_fall_pct`` (deepest fall of the 30-day mean from its peak within
        the window, positive), ``hash_peak``, ``hash_trough``, ``trend_gap_pct`` (at the price's trough against the growth
        of the year before its peak), ``counted``, ``remark``.
    """
    prices = episodes(found.price, "Bitcoin")
    rows = [
        _row(found, "price", str(name), pd.Timestamp(peak), pd.Timestamp(trough), float(fall))
        for name, peak, trough, fall in prices[["episode", "peak", "trough", "fall_pct"]].to_numpy()
        if found.hash_rate.index[0] + AFTER <= peak <= found.hash_rate.index[-1]
    ]
    first, last = found.hash_rate.index[[0, -1]]
    rows += [
        _row(found, "halving", f"Halving of {day.year}", day, day, None)
        for day in halvings(found.supply)
        if first <= day <= last
    ]
    return pd.DataFrame(rows).sort_values("start", ignore_index=True) if rows else pd.DataFrame()


def halvings(supply: pd.Series) -> list[pd.Timestamp]:
    """Days on which half, three quarters, seven eighths ... of all coins were first issued: the coins a block halve then."""
    shares = 1 - 0.5 ** np.arange(1, HALVINGS + 1)
    reached = [supply.index[supply >= ALL_COINS * share] for share in shares]
    days = dict.fromkeys(above[0] for above in reached if len(above))
    return [day for day in days if day > supply.index[0] and day >= FIRST_DAY]


def fall_estimate(falls: pd.DataFrame, sources: tuple[str, ...]) -> Estimate:
    """Least, median and most of the falls that count."""
    counted = falls[falls["counted"]] if len(falls) else falls
    if len(counted) < FEWEST:
        why = f"{len(counted)} falls of the price by more than half with a hash rate; {FEWEST} are needed"
        return Estimate.missing(NAME, LABEL, "pct", why)
    depth = counted["hash_fall_pct"]
    return Estimate(
        NAME,
        LABEL,
        float(depth.median()),
        "pct",
        low=float(depth.min()),
        high=float(depth.max()),
        interval="range",
        data_class="measured",
        method="Deepest fall of the 30-day mean of the hash rate from its peak, from the price's peak to a year after its "
        "trough; least, median and most of the falls.",
        date=f"{counted['start'].iloc[0].year}/{counted['end'].iloc[-1].year}",
        n_obs=len(counted),
        sources=sources,
        inputs=(HASH_RATE, PRICE, SUPPLY),
        function="cryptorisk.models.price_risk.hash_rate.past_falls",
        note="Few falls, no probability. The fall that China's ban of 2021 fell into is not counted.",
    )


def falls_table(falls: pd.DataFrame, sources: tuple[str, ...]) -> Table:
    """``crash.hash_rate_falls``: every fall and every halving."""
    columns = (
        Column("episode", "Fall of the price, or halving"),
        Column("start", "From"),
        Column("price_fall_pct", "Price fell", "%", 0),
        Column("income_fall_pct", "Income fell", "%", 0),
        Column("hash_fall_pct", "Hash rate fell", "%", 1),
        Column("hash_trough", "Lowest on"),
        Column("trend_gap_pct", "Against trend", "%", 0),
        Column("remark", "Remark"),
    )
    names = [column.name for column in columns]
    return Table(
        "crash.hash_rate_falls",
        "Bitcoin's hash rate after falls of miners' income",
        falls[names] if len(falls) else pd.DataFrame(columns=names),
        columns,
        note="Hash rate: deepest fall of its 30-day mean from a peak, from the price's peak to a year after the trough, "
        "or a year from a halving. Income: price times coins issued, from the price's peak to its trough, or over 30 days; "
        "fees are left out. Trend: growth of the year before, at the price's trough; until 2018 it was that of new kinds of "
        "machines, so that a gap says little about exits.",
        sources=sources,
    )


def _row(
    found: Network, what: str, name: str, start: pd.Timestamp, end: pd.Timestamp, fall: float | None
) -> dict[str, object]:
    rate = found.hash_rate[start : end + AFTER]
    under = rate / rate.cummax() - 1
    trough = under.idxmin()
    last = end if what == "price" else start + pd.Timedelta(days=DAYS)
    whole = rate.index[-1] >= end + AFTER - pd.Timedelta(days=1)
    banned = start <= BAN <= end + AFTER
    deep = fall is not None and fall >= DEEP_PCT
    remarks = (
        ("China's ban, not counted", banned),
        ("a year has not passed", not whole),
        ("less than half, not counted", fall is not None and not deep),
    )
    depth = abs(100 * float(under.min()))
    return {
        "what": what,
        "episode": name,
        "start": start,
        "end": end,
        "price_fall_pct": np.nan if fall is None else fall,
        "income_fall_pct": found.income_fall(start, last),
        "hash_fall_pct": depth,
        "hash_peak": rate[:trough].idxmax(),
        "hash_trough": trough if depth > 0 else pd.NaT,
        "trend_gap_pct": _gap(found.hash_rate, start, end) if what == "price" else np.nan,
        "counted": deep and whole and not banned,
        "remark": "; ".join(words for words, holds in remarks if holds),
    }


def _gap(rate: pd.Series, start: pd.Timestamp, end: pd.Timestamp) -> float:
    """Hash rate at the trough against the growth of the year before the peak, in percent."""
    days = pd.DatetimeIndex([start - AFTER, start, end])
    before, peak, trough = rate.reindex(days, method="ffill").to_numpy(dtype=np.float64)
    years = (end - start).days / AFTER.days
    return float(100 * (trough / (peak * (peak / before) ** years) - 1))


def _mean(series: pd.Series) -> pd.Series:
    return series.rolling(f"{DAYS}D", min_periods=FEWEST_DAYS).mean()
