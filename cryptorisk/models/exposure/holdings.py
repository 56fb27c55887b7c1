"""What residents hold: owners times an average holding, by two keys that bracket it.

The average holding of an owner is not observed anywhere. Key one spreads the world's market value over owners,
weighted by GDP per head; key two spreads it by the value that each economy receives. Both add to the world.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import cast

import numpy as np
import pandas as pd

from cryptorisk.errors import ModelError
from cryptorisk.models.gdp_dollars import GdpDollars
from cryptorisk.params import PositiveRange


@dataclass(frozen=True)
class Band:
    """Low, central and high value of a quantity; assumptions, no probability attached."""

    low: float
    central: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.central <= self.high:
            raise ModelError(
                f"a band must be ordered (got {self.low}, {self.central}, {self.high})", where="holdings"
            )

    def scaled(self, factor: float) -> Band:
        """The band times a positive factor."""
        return Band(self.low * factor, self.central * factor, self.high * factor)

    def plus(self, other: Band) -> Band:
        """Sum of two bands, end by end."""
        return Band(self.low + other.low, self.central + other.central, self.high + other.high)


@dataclass(frozen=True)
class Under:
    """GDP in US dollars that stands under each end of an amount in a ratio to it.

    Of an amount that does not depend on GDP the low end stands over the high GDP and the high end over the low. An amount
    that a key shares out falls and rises with GDP, so that its ends stand over others (`exposure.two_prices`).
    """

    low: float
    central: float
    high: float

    @classmethod
    def fixed(cls, gdp: GdpDollars) -> Under:
        """GDP under an amount that does not depend on it."""
        return cls(gdp.high, gdp.central, gdp.low)

    def share(self, usd: Band) -> Band:
        """An amount in percent of GDP."""
        return Band(100 * usd.low / self.low, 100 * usd.central / self.central, 100 * usd.high / self.high)


def over_gdp(usd: Band, gdp: GdpDollars) -> Band:
    """An amount that does not depend on GDP in percent of it: low over high to high over low."""
    return Under.fixed(gdp).share(usd)


@dataclass(frozen=True)
class MarketValue:
    """World market value that households can hold.

    Attributes
    ----------
    bitcoin, stablecoins : Band or None
        US dollars; None when the series is not available. The low and central value of bitcoin is the coins
        attributed to individuals, the high one the whole capitalisation.
    date : str
        Common date of both.
    sources : tuple of str
    """

    bitcoin: Band | None
    stablecoins: Band | None
    date: str
    sources: tuple[str, ...] = ()

    @property
    def total(self) -> Band | None:
        """Sum of what is known."""
        parts = [part for part in (self.bitcoin, self.stablecoins) if part is not None]
        if not parts:
            return None
        return parts[0] if len(parts) == 1 else parts[0].plus(parts[1])

    @property
    def bitcoin_share(self) -> float:
        """Share of bitcoin in the central value, 0 to 1."""
        if self.bitcoin is None or self.total is None:
            return 0.0
        return self.bitcoin.central / self.total.central


def by_owners(economies: pd.DataFrame, market: Band, elasticity: PositiveRange) -> pd.DataFrame:
    """Key one: the market value spread over owners, weighted by GDP per head to an elasticity.

    Parameters
    ----------
    economies : pandas.DataFrame
        Index ISO code; ``share``, ``low``, ``high`` (ownership, percent of population), ``population``,
        ``gdp_per_head`` (US dollars).
    market : Band
        World market value held by households, US dollars.
    elasticity : PositiveRange
        Elasticity of the average holding to GDP per head.

    Returns
    -------
    pandas.DataFrame
        Index ISO code; ``low``, ``central``, ``high`` in US dollars. The central column adds to the central
        market value.

    Notes
    -----
    ``H_c = V n_c y_c^e / sum_k n_k y_k^e`` with owners n, GDP per head y and elasticity e. Dividing by the sum
    rather than by world GDP per head makes the holdings of all economies add to the market value.
    """
    frame = with_owners(economies)
    spread = [
        shares_by_owners(economies, exponent)
        for exponent in (elasticity.low, elasticity.central, elasticity.high)
    ]
    lowest = pd.concat(spread, axis=1).min(axis=1)
    highest = pd.concat(spread, axis=1).max(axis=1)
    return pd.DataFrame(
        {
            "low": lowest * frame["low"] / frame["share"] * market.low,
            "central": spread[1] * market.central,
            "high": highest * frame["high"] / frame["share"] * market.high,
        }
    )


def with_owners(economies: pd.DataFrame) -> pd.DataFrame:
    """The economies of which ownership, population and GDP per head are known."""
    return economies.dropna(subset=["share", "population", "gdp_per_head"])


def shares_by_owners(economies: pd.DataFrame, exponent: float) -> pd.Series[float]:
    """Each economy's share of the world's holdings by key one, at central ownership; the shares add to one.

    Parameters
    ----------
    economies : pandas.DataFrame
        As for `by_owners`.
    exponent : float
        Elasticity of the average holding to GDP per head.
    """
    frame = with_owners(economies)
    # The unit of income cancels; a high power must not overflow.
    income = frame["gdp_per_head"] / frame["gdp_per_head"].max()
    weight = frame["population"] * frame["share"] / 100 * income**exponent
    return cast("pd.Series[float]", weight / weight.sum())


def bracket(keys: list[Band]) -> Band:
    """The band that spans all keys; its centre is their geometric mean.

    Raises
    ------
    ModelError
        Without a key, or with a key that is not positive.
    """
    if not keys or any(key.low <= 0 for key in keys):
        raise ModelError("holdings need at least one key, and keys must be positive", where="holdings")
    centre = math.exp(float(np.mean([math.log(key.central) for key in keys])))
    return Band(min(key.low for key in keys), centre, max(key.high for key in keys))
