"""Bitcoin's share of an economy's holdings: the world's, moved by what stablecoins are of the value it receives.

Nobody publishes how residents of a country split what they hold. What has been published is the share of stablecoins in the
value received by a few economies and regions (`stablecoin_flows.csv`). Stablecoins change hands more often than bitcoin: in
the world they are 45 % of the flow and a quarter of the stock. Where that ratio of turnovers is the world's, the odds of
holding stablecoins differ from the world's by as much as the odds of receiving them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import pandas as pd

from cryptorisk.countries import Scheme, country
from cryptorisk.data.catalogue import WORLD
from cryptorisk.models.exposure.holdings import Band

SCHEME: Scheme = "chainalysis_2022"
"""Regions of the vendor's report of 2024, which the figures are from."""
SHARE_LOW, SHARE_HIGH = 0.4, 0.9
"""Range of bitcoin's share of one economy's holdings, the kit's own assumption. Where prices rise fast stablecoins stand in
for dollars and are kept, not passed on, so that they may be more than half of what is held; where they do not, holders
bought bitcoin as an investment, and a tenth in stablecoins is about what waits to be invested."""


@dataclass(frozen=True)
class FlowShare:
    """Stablecoins in value received, as published.

    Attributes
    ----------
    place : str
        In a sentence: the economy, its region, or the world.
    share : float
        0 to 1.
    period_end, source, url : str
    """

    place: str
    share: float
    period_end: str
    source: str
    url: str


@dataclass(frozen=True)
class Split:
    """Bitcoin's share of holdings.

    Attributes
    ----------
    band : Band
        Low, central, high.
    flow : FlowShare or None
        What moved the centre away from the world's; None where nothing is published.
    world : float
        The world's share.
    """

    band: Band
    flow: FlowShare | None
    world: float

    @property
    def sentence(self) -> str:
        """What the centre is and why; empty where only one of the two assets is in the vintage."""
        if self.band.low == self.band.high and self.band.central in (0.0, 1.0):
            return ""
        at = f"Bitcoin is taken for {100 * self.band.central:.0f} % of holdings"
        if self.flow is None:
            return f"{at}, as in the world, because no share for the country or its region is published."
        return f"{at} (world {100 * self.world:.0f} %), by the share of stablecoins in value received in {self.flow.place}."

    @property
    def basis(self) -> str:
        """The figures behind the centre, for a note."""
        if self.flow is None:
            return f"split as in the world ({100 * self.world:.0f} % bitcoin) at the centre"
        return (
            f"{100 * self.band.central:.0f} % bitcoin at the centre: the world's {100 * self.world:.0f} % moved by "
            f"stablecoins' share of value received, {100 * self.flow.share:.1f} % in {self.flow.place} in the year to "
            f"{self.flow.period_end[:7]} ({self.flow.source})"
        )


def flow_share(iso3: str, as_of: dt.date) -> FlowShare | None:
    """The published share of stablecoins in the value that an economy receives, or that of its region.

    Parameters
    ----------
    iso3 : str
    as_of : datetime.date
        Figures whose period ends later are not known yet.

    Returns
    -------
    FlowShare or None
        None where neither is published.
    """
    here = country(iso3)
    own = _read(iso3, here.name_in_sentence, as_of)
    region = here.region(SCHEME)
    if own is not None or not region:
        return own
    name = here.region_name(SCHEME)
    return _read(region, f"the {name}" if name.startswith("Middle") else name, as_of)


def world_flow_share(as_of: dt.date) -> FlowShare | None:
    """The published share of stablecoins in the value that the world receives; None before it was known."""
    return _read(WORLD, "the world", as_of)


def bitcoin_split(world_share: float, iso3: str, as_of: dt.date) -> Split:
    """Bitcoin's share of an economy's holdings.

    Parameters
    ----------
    world_share : float
        Bitcoin in the world's holdings of bitcoin and stablecoins. 0 and 1 mean that the other part is not in the vintage:
        no range then.
    iso3 : str
    as_of : datetime.date

    Notes
    -----
    With stock shares s and flow shares f of stablecoins, in the country c and the world w:
    ``s_c / (1 - s_c) = s_w / (1 - s_w) * [f_c / (1 - f_c)] / [f_w / (1 - f_w)]``.
    """
    if world_share in (0.0, 1.0):
        return Split(Band(world_share, world_share, world_share), None, world_share)
    here, everywhere = flow_share(iso3, as_of), world_flow_share(as_of)
    if here is None or everywhere is None:
        return Split(_around(world_share), None, world_share)
    odds = _odds(1 - world_share) * _odds(here.share) / _odds(everywhere.share)
    return Split(_around(1 / (1 + odds)), here, world_share)


def _around(centre: float) -> Band:
    return Band(min(SHARE_LOW, centre), centre, max(SHARE_HIGH, centre))


def _odds(share: float) -> float:
    return share / (1 - share)


@cache
def _table() -> pd.DataFrame:
    place = files("cryptorisk.models.exposure").joinpath("stablecoin_flows.csv")
    with place.open(encoding="utf-8") as stream:
        return pd.read_csv(stream, dtype={"share_pct": float}, keep_default_na=False).set_index("place")


def _read(place: str, words: str, as_of: dt.date) -> FlowShare | None:
    table = _table()
    if place not in table.index or str(table.loc[place, "period_end"]) > as_of.isoformat():
        return None
    row = {name: str(table.loc[place, name]) for name in ("period_end", "organisation", "via", "url")}
    share = float(str(table.loc[place, "share_pct"])) / 100
    return FlowShare(words, share, row["period_end"], f"{row['organisation']}, via {row['via']}", row["url"])
