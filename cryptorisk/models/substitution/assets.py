"""What a saver can hold besides national money: how far stablecoins strayed from a dollar, bitcoin's price, terms."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from cryptorisk.params import Params, ShareRange
from cryptorisk.stats.peg import holding_variance
from cryptorisk.stats.sample import FloatArray

if TYPE_CHECKING:
    from cryptorisk.data.inputs import Inputs

Asset = Literal["national", "bank", "stablecoin", "bitcoin"]
End = Literal["low", "central", "high"]

COINS = ("usdt", "usdc")
"""The two largest dollar stablecoins, both backed by reserves outside the chain; together most of the supply."""

FIRST_STABLECOIN_DAY = "2018-01-01"
"""Tether's market value passed a billion dollars in December 2017 (the vintage's own figures). Before that its price
was one of a thin market: for months in 2015 it stood ten percent and more below a dollar."""

FEWEST_STABLECOIN_DAYS = 365
"""A year of days. The deviation is a matter of days to weeks, but a shorter record has hardly seen a bad one."""


@dataclass(frozen=True)
class Deviation:
    """Variance of a holding's return from the coin's distance to one dollar at purchase and at sale.

    Attributes
    ----------
    coin : str
        The coin whose price strayed most of those with a record; empty without one.
    variance : float
        In squared log changes.
    draws : ndarray, shape (replications,)
    sd_pct : float
        Standard deviation of the daily distance from one dollar, percent.
    first, last : Timestamp or None
    days : int
    sources, series : tuple of str
    """

    coin: str = ""
    variance: float = float("nan")
    draws: FloatArray = field(default_factory=lambda: np.empty(0), repr=False)
    sd_pct: float = float("nan")
    first: pd.Timestamp | None = None
    last: pd.Timestamp | None = None
    days: int = 0
    sources: tuple[str, ...] = ()
    series: tuple[str, ...] = ()


def deviation(inputs: Inputs, replications: int, rng: np.random.Generator) -> Deviation:
    """Variance that the daily distance from one dollar adds to a stablecoin's return.

    The coin is bought at one distance from a dollar and sold at another. Holdings outlast the weeks in which a
    distance persists, so that the two are taken for independent (`cryptorisk.stats.peg`). Over 365 days Tether's own
    changes have the standard deviation that this gives (1.03 against 1.06 %).

    Parameters
    ----------
    inputs : Inputs
    replications : int
        Block bootstrap of the days.
    rng : numpy.random.Generator

    Returns
    -------
    Deviation
        Of the coin that strayed most; with an empty ``coin`` when none has a year of prices.
    """
    records = {}
    for coin in COINS:
        series = inputs.series(f"{coin}_price_usd", country="WLD")
        log_price = np.log(series.values[series.values > 0].loc[FIRST_STABLECOIN_DAY:])
        if len(log_price) >= FEWEST_STABLECOIN_DAYS:
            records[coin] = (float(log_price.var()), log_price, series)
    if not records:
        return Deviation()
    coin = max(records, key=lambda one: records[one][0])
    _variance, log_price, series = records[coin]
    variance, draws = holding_variance(
        log_price.to_numpy(dtype=np.float64), replications=replications, rng=rng
    )
    return Deviation(
        coin.upper(),
        variance,
        draws,
        100 * float(log_price.std()),
        log_price.index[0],
        log_price.index[-1],
        len(log_price),
        tuple(series.source_ids),
        (series.id,),
    )


def bitcoin_log_price(inputs: Inputs) -> tuple[pd.Series, tuple[str, ...]]:
    """Monthly mean of bitcoin's log price in dollars at month ends, as prices and rates are means of months."""
    series = inputs.series("btc_price_usd", country="WLD")
    if series.empty:
        return pd.Series(dtype=float, index=pd.DatetimeIndex([])), ()
    monthly = series.values[series.values > 0].resample("ME").mean()
    return np.log(monthly).dropna(), tuple(series.source_ids)


@dataclass(frozen=True)
class Terms:
    """What holding an asset costs and how likely it fails; shares of the amount and a probability a year."""

    cost: float = 0.0
    failure: float = 0.0
    loss: float = 0.0

    def failing(self, months: int) -> float:
        """Probability that it fails within the holding."""
        return float(1.0 - (1.0 - self.failure) ** (months / 12))

    def charge(self, months: int) -> float:
        """Cost of access with the loss to be expected from a failure, a share of the amount."""
        return self.cost + self.failing(months) * self.loss

    def variance(self, months: int) -> float:
        """Variance of the return from a failure that happens or does not."""
        p = self.failing(months)
        return p * (1.0 - p) * self.loss**2


def terms(asset: Asset, params: Params, end: End = "central") -> Terms:
    """Terms of an asset at one end of the assumptions; national money costs nothing and cannot fail here."""
    chosen: dict[Asset, tuple[ShareRange, ShareRange]] = {
        "bank": (params.substitution.bank_dollar_cost, params.substitution.bank_dollar_failure),
        "stablecoin": (params.substitution.stablecoin_cost, params.substitution.stablecoin_failure),
        "bitcoin": (params.substitution.bitcoin_cost, params.substitution.bitcoin_failure),
    }
    if asset not in chosen:
        return Terms()
    cost, failure = chosen[asset]
    return Terms(getattr(cost, end), getattr(failure, end), params.substitution.loss_given_failure)
