"""Holdings of an economy whose GDP in dollars has two prices: its own GDP in the keys is that of the ratio.

Both keys rise with the economy's GDP in dollars, by three quarters of a percent or so with one percent of it. Holdings at
the source's price of a dollar over GDP at the market's would be what no price gives: each end is computed with one price
throughout. All other economies stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from cryptorisk.models.exposure.holdings import Band, Under, bracket, by_owners
from cryptorisk.models.exposure.world import BY_VOLUME, WorldExposure, cell, keys_of
from cryptorisk.models.gdp_dollars import GdpDollars
from cryptorisk.params import PositiveRange

CENTRE = 0.5
WAYS = (0.0, CENTRE, 1.0)
"""From the source's price of a dollar to the market's, in logs: GDP at both and at its centre, their geometric mean."""


@dataclass(frozen=True)
class Key:
    """Holdings by one key.

    Attributes
    ----------
    name : str
    usd : Band
        US dollars: the centre with GDP at its centre, the ends over all of `WAYS`.
    by_way : tuple of Band
        US dollars with GDP at each of `WAYS`.
    """

    name: str
    usd: Band
    by_way: tuple[Band, ...]


def keys_at(
    everywhere: WorldExposure, iso: str, elasticity: PositiveRange, gdp: GdpDollars | None
) -> list[Key]:
    """Holdings by each key of `keys_of` with the economy's own GDP at both prices of a dollar and at their centre.

    Parameters
    ----------
    everywhere : WorldExposure
    iso : str
    elasticity : PositiveRange
    gdp : GdpDollars or None
    """
    found = []
    for name, band in keys_of(everywhere, iso):
        by_way = tuple(_turned(everywhere, iso, elasticity, gdp, name, band, way) for way in WAYS)
        low, high = min(one.low for one in by_way), max(one.high for one in by_way)
        found.append(Key(name, Band(low, by_way[1].central, high), by_way))
    return found


def under(keys: Sequence[Key], gdp: GdpDollars) -> Under:
    """GDP under each end of the holdings that the keys bracket: their ends in percent of GDP are those of one price.

    Parameters
    ----------
    keys : sequence of Key
    gdp : GdpDollars
    """
    if gdp.gap is None:
        return Under.fixed(gdp)
    usd = bracket([key.usd for key in keys])
    shares = [
        100 / gdp.at(way) * end
        for key in keys
        for way, band in zip(WAYS, key.by_way, strict=True)
        for end in (band.low, band.high)
    ]
    return Under(100 * usd.low / min(shares), gdp.central, 100 * usd.high / max(shares))


def _turned(
    everywhere: WorldExposure,
    iso: str,
    elasticity: PositiveRange,
    gdp: GdpDollars | None,
    name: str,
    band: Band,
    way: float,
) -> Band:
    """Holdings by a key with the economy's own GDP some way from its source's price to the market's."""
    market, volumes = everywhere.market.total, everywhere.volumes
    if name == BY_VOLUME and volumes is not None:
        factor = volumes.turned(iso) ** way
        mine = cell(volumes.frame, iso, "central")
        return band.scaled(factor * volumes.world / (volumes.world + (factor - 1) * mine))
    if way == 0 or gdp is None or gdp.gap is None or market is None:
        return band
    held = by_owners(with_gdp(everywhere.frame, iso, gdp.at(way) / gdp.high), market, elasticity)
    return Band(*(cell(held, iso, end) for end in ("low", "central", "high")))


def with_gdp(economies: pd.DataFrame, iso: str, factor: float) -> pd.DataFrame:
    """Economies with the GDP per head of one of them times a factor."""
    mine = economies.index == iso
    return economies.assign(
        gdp_per_head=economies["gdp_per_head"].mask(mine, factor * economies["gdp_per_head"])
    )
