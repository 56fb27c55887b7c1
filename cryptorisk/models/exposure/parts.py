"""What the range of an economy's holdings is made of, so that its inputs can be drawn one by one.

The range itself takes every input at its end at once: lowest ownership with the lowest elasticity and the smallest market,
by the lower key. Its ends are therefore no quantiles of anything.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cryptorisk.models.exposure.holdings import Band, shares_by_owners
from cryptorisk.models.exposure.two_prices import CENTRE
from cryptorisk.models.exposure.volume import FEWEST_PUBLISHED
from cryptorisk.models.exposure.world import BY_VOLUME, WorldExposure, cell
from cryptorisk.models.gdp_dollars import GdpDollars
from cryptorisk.params import PositiveRange

Floats = NDArray[np.float64]
STEP = 1 / 64
"""Between elasticities at which the share of the world's holdings is computed: its logarithm, interpolated between them, is
right to four digits on any range."""


@dataclass(frozen=True, eq=False)
class Owners:
    """Key one of an economy: owners times the income of each, as a share of the world's.

    Attributes
    ----------
    share : Band
        Residents who own, percent of the population.
    ceiling : float
        Percent of the population above which there can be no owners: 100, or internet use where ownership was estimated
        from it.
    elasticity : Band
    grid, world_share : numpy.ndarray, shape (n,)
        Elasticities, and the economy's share of the world's holdings at each, at central ownership and with GDP at its
        source's price of a dollar.
    gdp : float
        GDP at the market's price of a dollar over GDP at its source's; one where there is one price.
    """

    share: Band
    ceiling: float
    elasticity: Band
    grid: Floats
    world_share: Floats
    gdp: float = 1.0

    def part(self, share: Floats | float, elasticity: Floats | float, way: Floats | float = CENTRE) -> Floats:
        """Share of the world's holdings, 0 to 1, when all other economies are at their centre.

        Parameters
        ----------
        share : array_like
            Residents who own, percent of the population.
        elasticity : array_like
            Within its range.
        way : array_like
            Of GDP, 0 to 1 in logs, from its source's price of a dollar to the market's.
        """
        at_centre = np.exp(np.interp(elasticity, self.grid, np.log(self.world_share)))
        income = self.gdp ** (np.asarray(way) * elasticity)
        return against_the_rest(np.asarray(share) / self.share.central * at_centre * income, 1.0 - at_centre)


@dataclass(frozen=True)
class Received:
    """Key two of an economy: value received in a year, US dollars, and that of all other economies.

    ``usd`` is with GDP at its source's price of a dollar; ``turned`` is the factor to GDP at the market's.
    """

    usd: Band
    others: float
    turned: float = 1.0

    def part(self, usd: Floats | float, way: Floats | float = CENTRE) -> Floats:
        """Share of the value that the world receives, 0 to 1, when all other economies are at their centre.

        Parameters
        ----------
        usd : array_like
            With GDP at its source's price of a dollar.
        way : array_like
            Of GDP, 0 to 1 in logs, from there to the market's.
        """
        return against_the_rest(np.asarray(usd) * self.turned ** np.asarray(way), self.others)


@dataclass(frozen=True, eq=False)
class Parts:
    """Inputs of an economy's holdings of bitcoin and stablecoins.

    Attributes
    ----------
    market : Band
        World market value held by households, US dollars.
    owners : Owners or None
    received : Received or None
        One of the two at least.
    keys_apart : float or None
        Standard deviation, in logs, of the two keys' distance over the economies with a published volume, where both are
        used and there are enough of these.
    """

    market: Band
    owners: Owners | None
    received: Received | None
    keys_apart: float | None = None

    def __post_init__(self) -> None:
        if self.owners is None and self.received is None:
            raise ValueError("holdings need a key")

    @property
    def central(self) -> float:
        """Holdings with every input at its centre, US dollars: the centre of the range."""
        owners, received = self.owners, self.received
        one = None if owners is None else owners.part(owners.share.central, owners.elasticity.central)
        two = None if received is None else received.part(received.usd.central)
        return float(between(one, two, 0.5) * self.market.central)


def against_the_rest(mine: Floats | float, others: Floats | float) -> Floats:
    """A part of the whole that it makes with the others: never above one, whatever is drawn for it."""
    mine = np.asarray(mine, dtype=np.float64)
    return np.asarray(mine / (mine + others), dtype=np.float64)


def between(one: Floats | None, two: Floats | None, weight: Floats | float) -> Floats:
    """Share of the world's holdings by both keys: ``one^(1 - weight) two^weight``, or the one there is."""
    if one is None or two is None:
        found = two if one is None else one
        assert found is not None
        return found
    return np.asarray(np.exp((1.0 - np.asarray(weight)) * np.log(one) + weight * np.log(two)))


def parts_of(
    everywhere: WorldExposure,
    iso: str,
    keys: list[tuple[str, Band]],
    elasticity: PositiveRange,
    gdp: GdpDollars | None = None,
) -> Parts | None:
    """The inputs behind the keys of an economy.

    Parameters
    ----------
    everywhere : WorldExposure
    iso : str
    keys : list of (name, Band)
        Of `cryptorisk.models.exposure.world.keys_of`: those that the holdings stand on.
    elasticity : PositiveRange
    gdp : GdpDollars or None

    Returns
    -------
    Parts or None
        None without a key.
    """
    market, names = everywhere.market.total, {name for name, _ in keys}
    if market is None or not names:
        return None
    factor = 1.0 if gdp is None else gdp.low / gdp.high
    owners = _owners(everywhere, iso, elasticity, factor) if names - {BY_VOLUME} else None
    received = _received(everywhere, iso) if BY_VOLUME in names else None
    return Parts(market, owners, received, _apart(everywhere) if owners and received else None)


def _apart(everywhere: WorldExposure) -> float | None:
    one, two, volumes = everywhere.by_owners, everywhere.by_volume, everywhere.volumes
    if one is None or two is None or volumes is None:
        return None
    both = volumes.frame.index[volumes.frame["published"]].intersection(one.index)
    if len(both) < FEWEST_PUBLISHED:
        return None
    return float(np.log(two.loc[both, "central"] / one.loc[both, "central"]).std())


def _owners(everywhere: WorldExposure, iso: str, elasticity: PositiveRange, gdp: float) -> Owners:
    points = math.ceil((elasticity.high - elasticity.low) / STEP) + 1
    grid = np.unique(np.append(np.linspace(elasticity.low, elasticity.high, points), elasticity.central))
    world_share = [float(shares_by_owners(everywhere.frame, exponent)[iso]) for exponent in grid]
    shares = everywhere.ownership.shares
    return Owners(
        Band(*(cell(shares, iso, name) for name in ("low", "share", "high"))),
        100.0 if shares.loc[iso, "published"] else cell(everywhere.frame, iso, "internet"),
        Band(elasticity.low, elasticity.central, elasticity.high),
        grid,
        np.array(world_share),
        gdp,
    )


def _received(everywhere: WorldExposure, iso: str) -> Received | None:
    volumes = everywhere.volumes
    mine = None if volumes is None else volumes.of(iso)
    if volumes is None or mine is None:
        return None
    return Received(mine, volumes.world - mine.central, volumes.turned(iso))
