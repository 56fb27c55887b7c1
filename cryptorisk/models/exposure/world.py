"""Ownership and holdings of all economies at once, from the vintage alone: the same for every country of a run."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import cast

import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.models.exposure.figures import economies, market_value, quoted_owners, readings, weo
from cryptorisk.models.exposure.holdings import Band, MarketValue, by_owners
from cryptorisk.models.exposure.ownership import Ownership, world_ownership
from cryptorisk.models.exposure.volume import VolumeShares, volume_shares
from cryptorisk.models.gdp_dollars import GdpDollars, gdp_dollars
from cryptorisk.params import Params


@dataclass(frozen=True, eq=False)
class WorldExposure:
    """What holds for all economies at once: the same for every country of a run.

    Attributes
    ----------
    frame : pandas.DataFrame
        Index ISO code; population, GDP, internet use, rank, and ownership where there is one.
    ownership : Ownership
    market : MarketValue
    by_owners, by_volume : pandas.DataFrame or None
        Holdings of every economy by each key: ``low``, ``central``, ``high`` in US dollars.
    readings : pandas.DataFrame
        Every published ownership figure.
    volumes : VolumeShares or None
    volume_reason : str
        Why key two is not there.
    """

    frame: pd.DataFrame
    ownership: Ownership
    market: MarketValue
    by_owners: pd.DataFrame | None
    by_volume: pd.DataFrame | None
    readings: pd.DataFrame
    volumes: VolumeShares | None
    volume_reason: str


def world(inputs: Inputs, params: Params) -> WorldExposure:
    """Ownership and holdings of all economies, from the vintage alone.

    Parameters
    ----------
    inputs : Inputs
    params : Params
        The income elasticity and what the volumes chapter uses.

    Returns
    -------
    WorldExposure

    Raises
    ------
    ModelError
        When published ownership shares are too few to estimate the others from.
    """
    published = readings(inputs)
    frame = economies(inputs)
    owned = world_ownership(published, frame, owners_quoted=quoted_owners(inputs))
    frame = frame.join(owned.shares)
    market = market_value(inputs)
    shares, reason = volume_shares(inputs, params)
    total = market.total
    one = None if total is None else by_owners(frame, total, params.crash.income_elasticity)
    two = None if total is None or shares is None else shares.holdings(total)
    return WorldExposure(frame, owned, market, one, two, published, shares, reason)


def cell(frame: pd.DataFrame, iso: str, column: str) -> float:
    """A cell as a float; NaN where the economy is not in the frame."""
    return float(cast(float, frame.loc[iso, column])) if iso in frame.index else math.nan


def gdp_of(everywhere: WorldExposure, inputs: Inputs) -> GdpDollars | None:
    """GDP of the inputs' country in US dollars, at both prices of a dollar where there are two; None where it is unknown."""
    gdp = cell(everywhere.frame, inputs.country, "gdp_usd")
    if math.isnan(gdp):
        return None
    return gdp_dollars(inputs, gdp, int(cell(everywhere.frame, inputs.country, "year")), weo(inputs))


BY_VOLUME = "value received"


WIDEST_KEY = 25.0
"""Key two is left out where its high end exceeds its low one by more than this factor, five times either way: it then
says less than owners and income alone, and its upper end would be the estimate's. One economy in ten is such."""


def keys_of(everywhere: WorldExposure, iso: str) -> list[tuple[str, Band]]:
    """Holdings by each key that can be computed for the country and says enough."""
    found = []
    for name, frame in (("owners and income", everywhere.by_owners), (BY_VOLUME, everywhere.by_volume)):
        if frame is None or not cell(frame, iso, "low") > 0:
            continue
        band = Band(*(cell(frame, iso, end) for end in ("low", "central", "high")))
        if name != BY_VOLUME or band.high <= WIDEST_KEY * band.low:
            found.append((name, band))
    return found


def ownership_sources(everywhere: WorldExposure, iso: str | None) -> tuple[str, ...]:
    """Source ids of the ownership figures of an economy, or of all economies."""
    rows = everywhere.readings
    chosen = rows if iso is None else rows[rows["country"] == iso]
    return tuple(dict.fromkeys(chosen["source"]))
