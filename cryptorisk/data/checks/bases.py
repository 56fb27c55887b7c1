"""Price indices whose base changes within one answer: they are let pass, and told.

An index falls for good by more than prices ever did, or leaps among calm figures: from there on it is measured against
another year. The figures on both sides are right, and nothing computed across the break is.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from cryptorisk.data.checks.breaks import Break
from cryptorisk.data.checks.case import PERIOD_DAYS, Case, Floats, Mask, Suspicion
from cryptorisk.data.checks.jumps import given
from cryptorisk.data.checks.tolerances import LONGEST, TOLERANCES, kind

RULE = "bases"

PRICES = ("prices", "yearly prices")

AROUND = 6
"""Changes before and after that must be calm."""

CALM = 1 / 4
"""Of a leap, what the largest change around it may be: where prices rise by a quarter in one month, they rise by much in
the months around it (Argentina in December 2023: 25 %, between 13 and 21). Years tell nothing of the kind: prices in
Palestine rose by half in 2024."""

_ADJACENT = 2
"""Periods over which a change is one: a missing month is no break."""


def bases(case: Case) -> Suspicion:
    """No suspicion, but the breaks of the price indices that came."""
    nothing = np.zeros(len(case.fetched), dtype=bool)
    found = tuple(_breaks(case))
    notes = tuple(one.text for row, one in found if not case.unchanged[row - 1 : row + 1].all())
    return Suspicion(RULE, nothing, np.empty(0, dtype=object), notes, breaks=tuple(one for _, one in found))


def _breaks(case: Case) -> Iterator[tuple[int, Break]]:
    """Breaks with their rows, also those that the previous vintage has already."""
    rows = case.fetched
    prices = case.each(lambda spec: kind(spec) in PRICES and spec.unit == "index").astype(bool)
    if not prices.any():
        return
    with np.errstate(divide="ignore", invalid="ignore"):
        level = np.log(rows.value)
        step = np.diff(level, prepend=np.nan)
    bound = case.each(lambda spec: TOLERANCES[kind(spec)].passing)
    days = case.each(lambda spec: PERIOD_DAYS[spec.frequency] * _ADJACENT)
    gap = np.diff(rows.day, prepend=0)
    step[rows.first | (gap > days) | ~prices] = np.nan
    for row in np.flatnonzero(np.abs(step) > bound).tolist():
        spec, country, source = case.described(row)
        falls, monthly = step[row] < 0, kind(spec) == "prices"
        if _for_good(case, level, row, bound[row]) and (falls or (monthly and _among_calm(case, step, row))):
            text = (
                f"{source} gives {spec.id} for {country} at {given(case, row - 1)} and then "
                f"{given(case, row)}: a new base from there on, most likely; changes across it mean nothing."
            )
            day = str(np.datetime64(int(rows.day[row]), "D"))
            yield row, Break(spec.id, country, source, day, text)


def _block(case: Case, row: int) -> slice:
    number = case.fetched.number
    return slice(*np.searchsorted(number, [number[row], number[row] + 1]).tolist())


def _for_good(case: Case, level: Floats, row: int, bound: float) -> bool:
    """Whether the next figures stay on that side of the one before."""
    end = min(row + LONGEST, _block(case, row).stop)
    moved = (level[row:end] - level[row - 1]) * np.sign(level[row] - level[row - 1])
    return bool((moved > bound).all())


def _among_calm(case: Case, step: Floats, row: int) -> bool:
    block = _block(case, row)
    around: Mask = np.zeros(len(step), dtype=bool)
    around[max(block.start, row - AROUND) : min(block.stop, row + AROUND + 1)] = True
    around[row] = False
    others = np.abs(step[around & ~np.isnan(step)])
    return len(others) >= AROUND and bool(others.max() <= CALM * step[row])
