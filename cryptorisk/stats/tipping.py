"""Adoption with a network externality: every steady state, its stability, and how far the next threshold is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from cryptorisk.errors import ModelError

TANGENT = 1e-13
"""Excess of wishes over adoption at an extremum that is taken for zero: both lie between 0 and 1, so that it is a few
hundred roundings."""

SAME = 1e-9
"""Two shares nearer than this are one: a root is found to about 1e-15."""

PEAK = 1 / math.sqrt(2 * math.pi)
"""Height of the standard normal density."""


@dataclass(frozen=True)
class SteadyState:
    """A share of adopters that reproduces itself.

    Attributes
    ----------
    share : float
    slope : float
        Derivative of the excess of wishes over adoption; the map's own is ``1 + g slope``.
    kind : {"stable", "unstable", "tangent"}
        ``tangent``: reached from one side and left on the other, where two states merge.
    """

    share: float
    slope: float
    kind: Literal["stable", "unstable", "tangent"]


@dataclass(frozen=True)
class Network:
    """``x' = x + g [Phi((a + b x) / s) - x]``: who would adopt when a share *x* has.

    Attributes
    ----------
    advantage : float
        *a*: what adopting gives a person of average taste when nobody else has adopted, net of its cost.
    externality : float
        *b*, not negative: what it gains when everybody has.
    spread : float
        *s*, positive: standard deviation of tastes, in the same unit.

    Notes
    -----
    The excess ``E(x) = Phi((a + b x)/s) - x`` is positive at 0 and negative at 1. Its derivative is zero where the
    density equals ``s/b``, at ``z = -r`` and ``z = r`` with ``r = sqrt(2 ln(b phi(0)/s))``: nowhere when
    ``b phi(0)/s < 1``. Between these points E is monotone, so that each stretch holds one steady state when E changes
    sign over it and none otherwise: all of them are found, and at most three exist. With ``b phi(0)/s <= 1`` there is
    one; more is necessary, not sufficient, for several.

    References
    ----------
    Uribe (1997), Hysteresis in a simple model of currency substitution, Journal of Monetary Economics 40(1),
    185-202; Oomes (2003), Network externalities and dollarization hysteresis: the case of Russia, IMF Working
    Paper 03/96.
    """

    advantage: float
    externality: float
    spread: float

    def __post_init__(self) -> None:
        if not (self.spread > 0 and self.externality >= 0):
            raise ModelError(
                "the externality must not be negative and the spread of tastes must be positive "
                f"(got {self.externality}, {self.spread})"
            )
        if not all(map(math.isfinite, (self.advantage, self.externality, self.spread))):
            raise ModelError("the parameters of the network must be finite")

    @property
    def strength(self) -> float:
        """Externality in standard deviations of tastes, ``b / s``."""
        return self.externality / self.spread

    def taste(self, share: float) -> float:
        """Standardised advantage of adopting at a share of adopters: ``(a + b x) / s``."""
        return (self.advantage + self.externality * share) / self.spread

    def wishes(self, share: float) -> float:
        """Share that would adopt."""
        return float(ndtr(self.taste(share)))

    def excess(self, share: float) -> float:
        """Share that would adopt less the share that has, to full precision at both ends."""
        taste = self.taste(share)
        return float(ndtr(taste) - share if share < 0.5 else (1 - share) - ndtr(-taste))

    def slope(self, share: float) -> float:
        """Derivative of the excess."""
        return self.strength * PEAK * math.exp(-0.5 * self.taste(share) ** 2) - 1

    def states(self) -> tuple[SteadyState, ...]:
        """All steady states from low to high."""
        inside = self._extrema()
        points = [0.0, *inside, 1.0]
        heights = [self.excess(0.0), *(_level(self.excess(x)) for x in inside), self.excess(1.0)]
        found = [
            SteadyState(x, self.slope(x), "tangent")
            for x, e in zip(inside, heights[1:-1], strict=True)
            if e == 0
        ]
        # Phi underflows to zero at 0, or to one at 1: the end itself is the state, to the last digit.
        found += [self._state(x) for x, e in ((0.0, heights[0]), (1.0, heights[-1])) if e == 0]
        for left, right, low, high in zip(points, points[1:], heights, heights[1:], strict=False):
            if (low > 0 > high) or (low < 0 < high):
                found.append(self._state(float(brentq(self.excess, left, right, xtol=1e-15, rtol=1e-14))))
        return tuple(sorted(found, key=lambda one: one.share))

    def _state(self, share: float) -> SteadyState:
        slope = self.slope(share)
        return SteadyState(share, slope, "stable" if slope < 0 else "unstable")

    def _extrema(self) -> list[float]:
        """Where the excess turns, inside (0, 1)."""
        if self.strength * PEAK <= 1:
            return []
        turn = math.sqrt(2 * math.log(self.strength * PEAK))
        places = [(z * self.spread - self.advantage) / self.externality for z in (-turn, turn)]
        return [x for x in places if 0 < x < 1]

    def threshold(self, share: float) -> float | None:
        """The unstable (or tangent) state next above a share: what adoption must pass to go on by itself.

        The share itself when it is such a state; None when adoption would rise from it, or no such state lies above.
        """
        states = self.states()
        here = next((one for one in states if abs(one.share - share) <= SAME), None)
        if here is not None and here.kind != "stable":
            return share
        above = [one for one in states if one.share > share + SAME]
        if (here is None and self.excess(share) > 0) or not above or above[0].kind == "stable":
            return None
        return above[0].share

    def periods(self, start: float, target: float, speed: float, most: int = 1000) -> int | None:
        """Periods until a path from ``start`` reaches ``target`` from below; None when it does not within ``most``."""
        if not 0 < speed <= 1:
            raise ModelError(f"the speed of adjustment lies in (0, 1] (got {speed})")
        share = start
        for period in range(most + 1):
            if share >= target:
                return period
            share += speed * self.excess(share)
        return None


def through(share: float, externality: float, spread: float) -> Network:
    """The network of which an observed share of adopters is a steady state.

    Raises
    ------
    ModelError
        When the share does not lie strictly between 0 and 1.
    """
    if not 0 < share < 1:
        raise ModelError(f"a share of adopters lies between 0 and 1 (got {share})")
    return Network(spread * float(ndtri(share)) - externality * share, externality, spread)


def slack(network: Network) -> float | None:
    """By how much the advantage must rise, in standard deviations of tastes, until the low state is gone.

    None without an upper threshold: there is nothing to fall off.

    Notes
    -----
    The low state and the threshold merge where the excess and its derivative are zero:
    ``a/s = -r - (b/s) Phi(-r)`` with ``r = sqrt(2 ln(b phi(0)/s))``.
    """
    if network.strength * PEAK <= 1:
        return None
    turn = math.sqrt(2 * math.log(network.strength * PEAK))
    fold = -turn - network.strength * float(ndtr(-turn))
    distance = fold - network.advantage / network.spread
    other = turn - network.strength * float(ndtr(turn))
    # Above the upper fold there is the high state alone, below the lower one the low state alone.
    return distance if distance >= 0 and network.advantage / network.spread >= other else None


def _level(excess: float) -> float:
    return 0.0 if abs(excess) <= TANGENT else excess
