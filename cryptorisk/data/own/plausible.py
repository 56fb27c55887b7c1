"""Whether own figures may stand in another unit than they say: they are set against the public ones.

The bank may know better, so that this is a question to the reader and never a refusal.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from cryptorisk.data.block import Observations
from cryptorisk.data.catalogue import SeriesSpec
from cryptorisk.data.cut import Cut

POWERS = (3, 6, 9)
"""Thousands, millions and billions taken for units."""
PERCENT = 2
"""Power of ten between a percentage and a share."""
BAND = 0.3
"""Width on either side in powers of ten, a factor of two: further apart no two sources of one quantity are revised."""
REACH_DAYS = 731
"""How far a public figure may lie from the own one: levels that move a thousandfold in two years are hyperinflations."""


@dataclass(frozen=True)
class Doubt:
    """A figure that is about ``10 ** power`` times the public one: its series, day, the public figure's day."""

    series: str
    day: dt.date
    power: int
    public_day: dt.date
    source: str
    others: int


def doubts(cut: Cut) -> Iterator[Doubt]:
    """Own series of an economy that seem to be in another unit, one doubt a series."""
    public = cut.public
    for id, own in cut.bank.items():
        rows = own.rows.take(own.rows.dates <= np.datetime64(cut.as_of, "D"))
        yield from _plausible(own.id, rows, public.rows(id, cut.country), cut.catalogue[id])


def _plausible(id: str, own: Observations, public: Observations, spec: SeriesSpec) -> tuple[Doubt, ...]:
    """The rules that a single series can be held to: every own figure against the public one nearest in time.

    Parameters
    ----------
    id : str
    own, public : Observations
        By date.
    spec : SeriesSpec

    Returns
    -------
    tuple of Doubt
        None or one: the latest figure in doubt, with the number of the others.
    """
    powers = (*POWERS, PERCENT) if spec.unit.startswith("pct") else POWERS
    found = []
    for date, value in zip(own.dates, own.numbers, strict=True):
        near = _nearest(public, date)
        if near is not None and (power := _slip(float(value), float(public.numbers[near]), powers)):
            found.append((date, power, near))
    if not found:
        return ()
    date, power, near = found[-1]
    day, public_day = date.astype(object), public.dates[near].astype(object)
    return (Doubt(id, day, power, public_day, str(public.sources[near]), len(found) - 1),)


def _nearest(public: Observations, date: np.datetime64) -> int | None:
    """Position of the public figure nearest to a day, if any is within `REACH_DAYS`."""
    if not len(public):
        return None
    distance = np.abs((public.dates - date).astype(int))
    position = int(distance.argmin())
    return position if distance[position] <= REACH_DAYS else None


def _slip(own: float, public: float, powers: tuple[int, ...]) -> int:
    """The power of ten of a unit between two figures of one sign; 0 when it is none."""
    if own * public <= 0:
        return 0
    apart = math.log10(own / public)
    return next(
        (sign * power for power in powers for sign in (1, -1) if abs(apart - sign * power) <= BAND), 0
    )
