"""Households' holdings drawn input by input: ownership, income elasticity, value received, market value and the two keys.

Ends of ownership and of value received are those of 80 % intervals. Ends of the elasticity and of the market value are
limits. Between the two keys nothing says which is nearer, so that any weight is as likely as another.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from cryptorisk.models.exposure.holdings import Band
from cryptorisk.models.exposure.parts import Parts, between
from cryptorisk.models.exposure.two_prices import CENTRE
from cryptorisk.stats.ranges import (
    split_triangular_quantile,
    triangular_quantile,
    two_piece_normal_quantile,
)

Floats = NDArray[np.float64]
TOGETHER = ("ownership", "received", "market")
"""Drawn with the correlation of sizes: figures of ownership and of volumes go back to the same few vendors."""
ALONE = ("elasticity", "key")
"""Drawn by themselves: neither has a direction in which it would go with an error of the others."""
Ends = Literal["deciles", "twentieths", "modes"]
"""What the ends of ownership and value received are: the 10 and 90 % quantile, the 5 and 95 %, or limits about a mode (then
all central values are modes of triangular distributions)."""
Keys = Literal["between", "either", "mean"]
"""How the keys are put together: any weight alike, the one or the other with even chances, or their geometric mean."""
TAILS: Mapping[Ends, float] = MappingProxyType({"deciles": 0.1, "twentieths": 0.05})


@dataclass(frozen=True)
class Shapes:
    """What the simulation assumes beyond the ranges themselves."""

    ends: Ends = "deciles"
    keys: Keys = "between"

    @property
    def within(self) -> Callable[..., Floats]:
        """Quantile function of a range whose ends are limits."""
        return triangular_quantile if self.ends == "modes" else split_triangular_quantile


def drawn_holdings(
    parts: Parts, uniform: Mapping[str, Floats], shapes: Shapes, way: Floats | float = CENTRE
) -> Floats:
    """Holdings in US dollars, one a draw.

    Parameters
    ----------
    parts : Parts
    uniform : mapping of str to numpy.ndarray, shape (draws,)
        By the names of `TOGETHER` and `ALONE`, strictly between 0 and 1.
    shapes : Shapes
    way : array_like
        Of GDP in the keys, 0 to 1 in logs, from its source's price of a dollar to the market's.

    Returns
    -------
    numpy.ndarray, shape (draws,)
        Never above the world's market value: each key is a share of the world's that the others complete to one.
    """
    one = two = None
    if parts.owners is not None:
        owners, limits = parts.owners, parts.owners.elasticity
        elasticity = shapes.within(uniform["elasticity"], limits.low, limits.central, limits.high)
        # In log-odds below the ceiling, as the intervals of ownership are made.
        odds = _quantile(
            uniform["ownership"], [logit(x / owners.ceiling) for x in _ends(owners.share)], shapes
        )
        one = owners.part(owners.ceiling * expit(odds), elasticity, way)
    if parts.received is not None:
        logs = _quantile(uniform["received"], [math.log(x) for x in _ends(parts.received.usd)], shapes)
        two = parts.received.part(np.exp(logs), way)
    market = shapes.within(uniform["market"], *_ends(parts.market))
    return between(one, two, _weight(uniform["key"], shapes.keys)) * market


def _ends(band: Band) -> tuple[float, float, float]:
    return band.low, band.central, band.high


def _quantile(uniform: Floats, ends: list[float], shapes: Shapes) -> Floats:
    """Of an interval on a scale that has no bounds."""
    low, central, high = ends
    if shapes.ends == "modes":
        return triangular_quantile(uniform, low, central, high)
    return two_piece_normal_quantile(uniform, low, central, high, TAILS[shapes.ends])


def _weight(uniform: Floats, keys: Keys) -> Floats | float:
    """Of the second key, 0 to 1."""
    if keys == "mean":
        return 0.5
    return uniform if keys == "between" else np.where(uniform < 0.5, 0.0, 1.0)
