"""Key two of holdings: the world's market value spread by the value that each economy receives in a year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.errors import ModelError
from cryptorisk.models import volumes
from cryptorisk.models.exposure.holdings import Band
from cryptorisk.params import Params

USUAL = (0.05, 0.95)
"""Quantiles of turnover over the economies with a published volume; outside them a country's is called unusual."""

FEWEST_PUBLISHED = 8
"""With fewer published volumes their range says nothing."""


@dataclass(frozen=True, eq=False)
class VolumeShares:
    """Value received in the latest twelve months, by economy.

    Attributes
    ----------
    frame : pandas.DataFrame
        Index ISO code; ``low``, ``central``, ``high`` in US dollars with GDP at its source's price of a dollar,
        ``published`` (bool) and ``turned``, the factor to GDP at the market's price (`cryptorisk.models.volumes.turned`).
    date : str
        The twelve months.
    sources : tuple of str
    """

    frame: pd.DataFrame
    date: str
    sources: tuple[str, ...]

    @property
    def world(self) -> float:
        """Sum of the central values, US dollars."""
        return float(self.frame["central"].sum())

    def of(self, iso: str, way: float = 0.0) -> Band | None:
        """Value received by an economy, with its GDP some way (0 to 1) from its source's price to the market's."""
        if iso not in self.frame.index:
            return None
        band = Band(*(float(cast(float, self.frame.loc[iso, end])) for end in ("low", "central", "high")))
        return band.scaled(self.turned(iso) ** way)

    def turned(self, iso: str) -> float:
        """Factor on the value received by an economy from GDP at its source's price of a dollar to GDP at the market's."""
        return float(cast(float, self.frame.loc[iso, "turned"]))

    def holdings(self, market: Band) -> pd.DataFrame:
        """Holdings of every economy: ``low``, ``central``, ``high`` in US dollars.

        Parameters
        ----------
        market : Band
            World market value held by households.

        Notes
        -----
        The central column adds to the central market value. An economy that turns its holdings over faster
        than the world does is given too much, one that holds longer too little: that is why there are two keys.
        """
        share = self.frame[["low", "central", "high"]] / self.world
        scale = pd.Series({"low": market.low, "central": market.central, "high": market.high})
        return share * scale


def volume_shares(inputs: Inputs, params: Params) -> tuple[VolumeShares | None, str]:
    """Value received by every economy from the volumes model, or None and the reason."""
    try:
        table = volumes.allocation(inputs, params)
    except ModelError as error:
        return None, f"volumes could not be allocated ({error.what})"
    table = table[table["value"].gt(0) & table["low"].gt(0)]
    if table.empty:
        return None, "no regional volume is in the vintage"
    first = int(table["first_year"].max())
    table = table[table["first_year"] == first].set_index("iso3")
    frame = table.rename(columns={"value": "central"})[["low", "central", "high", "turned"]].astype(float)
    frame["low"] /= frame["turned"]
    frame["central"] /= frame["turned"] ** 0.5
    frame["low"] = frame[["low", "central"]].min(axis=1)
    frame["high"] = frame[["high", "central"]].max(axis=1)
    frame["published"] = table["basis"].eq("quoted")
    return VolumeShares(frame, f"{first}-07/{first + 1}-06", ("chainalysis_geography",)), ""


def unusual_turnover(shares: VolumeShares, by_owners: pd.DataFrame, iso: str) -> str:
    """A sentence when the country's value received and its owners' holdings do not fit together; else empty.

    Parameters
    ----------
    shares : VolumeShares
    by_owners : pandas.DataFrame
        Holdings by key one.
    iso : str

    Notes
    -----
    No turnover range is taken from elsewhere: the range is that of the economies with a published volume.
    """
    both = shares.frame.index.intersection(by_owners.index)
    turnover = shares.frame.loc[both, "central"] / by_owners.loc[both, "central"]
    known = turnover[shares.frame.loc[both, "published"]]
    if iso not in turnover.index or len(known) < FEWEST_PUBLISHED:
        return ""
    low, high = np.quantile(known, USUAL)
    mine = float(turnover[iso])
    if low <= mine <= high:
        return ""
    world = shares.world / float(by_owners["central"].sum())
    side = "above" if mine > high else "below"
    return (
        f"Value received is {mine:.1f} times the holdings that owners and income suggest, {side} "
        f"the {low:.1f} to {high:.1f} of economies with a published volume (world {world:.1f}): either residents trade "
        "unusually much or little, or ownership or volume is misjudged."
    )
