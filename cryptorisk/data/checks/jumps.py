"""Changes beyond what history explains: one that comes back at once, and a last one that nothing confirms.

A lasting change is a new level (devaluations, hyperinflations and wars are what this kit is about); while it is young,
`runs` judges it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from cryptorisk.data.checks.case import PERIOD_DAYS, Case, Floats, Ints, Mask, Suspicion, suspicion
from cryptorisk.data.checks.redenominations import renamed
from cryptorisk.data.checks.tolerances import LONGEST, RESTLESS, TOLERANCES, WIDEST, kind
from cryptorisk.data.checks.wording import figure, period, times

RULE = "jumps"

BACK = 0.3
"""Share of a passing change by which the figures before and after it may differ: they are one level."""

CONFIRMS = 0.3
"""Share of a change by which another source's figure may miss the new level and still confirm it."""

HOLES = 3
"""Missing periods within a passing change, or before a last one: over a longer gap figures may go anywhere."""

_NET_LEVEL = 0.9
_LOW = 0.1
"""Of the median: on the scale of amounts with zeros, from where a figure counts as nearly nothing."""
_NORMAL = 1.4826
"""Median absolute deviation to standard deviation, for a normal distribution."""


@dataclass(frozen=True, eq=False)
class Measured:
    """The rows on the scale of their kind.

    Attributes
    ----------
    level : ndarray of float64
    unit : ndarray of float64
        What values are divided by before ``asinh``; NaN where the logarithm is taken.
    passing, up, down : ndarray of float64
        Bounds of the row's block.
    """

    level: Floats
    unit: Floats
    passing: Floats
    up: Floats
    down: Floats


def jumps(case: Case) -> Suspicion:
    """Figures that leave the level of their neighbours and come back, and last figures far from the one before."""
    measured = measure(case)
    sizes, reach = _passing(case, measured)
    passing = sizes > 0
    steps = _last_steps(case, measured)
    last = (np.abs(steps) > np.where(steps > 0, measured.up, measured.down)) & ~case.unchanged & ~passing
    size = np.where(passing, sizes, np.abs(steps))
    alone = (passing | last) & ~_confirmed(case, measured, passing | last, size)
    alone[[row for row in np.flatnonzero(alone & last).tolist() if renamed(case, row)]] = False
    reasons = {row: _last_sentence(case, measured, row) for row in np.flatnonzero(alone & last).tolist()}
    for row in np.flatnonzero(alone & passing).tolist():
        reasons[row] = _passing_sentence(case, measured, row, reach)
    return suspicion(RULE, case, reasons)


def measure(case: Case) -> Measured:
    """All rows on the scale of their kind, and the bounds of their blocks."""
    rows = case.fetched
    bounds = [TOLERANCES[kind(spec)] for spec in case.specs]
    scale, learns = (
        np.array([getattr(b, name) for b in bounds])[rows.series] for name in ("scale", "learns")
    )
    unit = _units(case, scale)
    level = on_scale(rows.value, unit)
    level[scale == "none"] = 0.0
    spread = np.where(learns, np.minimum(RESTLESS * _spread(case, level), WIDEST), 0.0)
    wide = (
        np.maximum(np.array([getattr(b, name) for b in bounds])[rows.series], spread)
        for name in ("passing", "up", "down")
    )
    return Measured(level, unit, *wide)


def on_scale(value: Floats, unit: Floats) -> Floats:
    """Values as logarithms where the unit is NaN, else as ``asinh(value / unit)``."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return np.where(
            np.isnan(unit), np.log(np.maximum(value, np.nextafter(0, 1))), np.arcsinh(value / unit)
        )


def _units(case: Case, scale: npt.NDArray[np.str_]) -> Floats:
    """What each row is divided by: 10 for percentages, the block's own size for net items and amounts with zeros."""
    rows = case.fetched
    table = pd.DataFrame({"value": rows.value, "size": np.abs(rows.value), "number": rows.number})
    blocks = table.groupby("number")
    lowest = blocks["value"].min().to_numpy()[rows.number]
    middle = blocks["size"].median().to_numpy()[rows.number]
    unit = np.where(lowest > 0, np.nan, np.where(lowest < 0, middle, _LOW * middle))
    unit[scale == "percent"] = 10.0
    net = scale == "net"
    if net.any():
        unit[net] = blocks["size"].quantile(_NET_LEVEL).to_numpy()[rows.number[net]]
    return np.where(unit == 0, np.inf, unit)  # a block of zeros has no size to measure by


def _spread(case: Case, level: Floats) -> Floats:
    """Robust standard deviation of the changes of each row's block."""
    rows = case.fetched
    with np.errstate(invalid="ignore"):
        change = np.r_[np.nan, np.diff(level)][: len(rows)]
    change[rows.first] = np.nan
    changes = pd.Series(change)
    away = (changes - changes.groupby(rows.number).transform("median")).abs()
    spread = _NORMAL * away.groupby(rows.number).median()
    return spread.fillna(0.0).to_numpy()[rows.number]


def _passing(case: Case, measured: Measured) -> tuple[Floats, Ints]:
    """Size of the passing change that a row is part of (0 for none), and how many periods it lasts."""
    size = len(case.fetched)
    sizes, reach = np.zeros(size), np.zeros(size, dtype=np.int64)
    for length in range(1, LONGEST + 1):
        for start, found in _excursions(case, measured, length):
            rows = slice(start, start + length)
            reach[rows] = np.where(sizes[rows] > 0, reach[rows], length)
            sizes[rows] = np.maximum(sizes[rows], found)
    return sizes, reach


def _excursions(case: Case, measured: Measured, length: int) -> list[tuple[int, float]]:
    """First row and size of the changes that last ``length`` periods and exceed the bound of their block.

    At least one of the figures concerned must be new: the others were judged when they came in.
    """
    rows, level = case.fetched, measured.level
    count = len(rows) - length - 1
    if count <= 0:
        return []
    before, after = level[:count], level[length + 1 :]
    inner = np.stack([level[1 + step : 1 + step + count] for step in range(length)])
    low, high = np.minimum(before, after), np.maximum(before, after)
    above, below = (inner - high).min(axis=0), (low - inner).min(axis=0)
    found = np.maximum(above, below)
    with np.errstate(invalid="ignore", over="ignore"):
        large = (found > measured.passing[1 : count + 1]) & (high - low <= BACK * found)
    large &= rows.block[:count] == rows.block[length + 1 :]
    large &= np.any([~case.unchanged[step : step + count] for step in range(length + 2)], axis=0)
    large &= rows.day[length + 1 :] - rows.day[:count] <= days_of(case, length)[:count]
    starts = [
        start for start in np.flatnonzero(large).tolist() if _supported(case, level, start, length, found)
    ]
    return [(start + 1, float(found[start])) for start in starts]


def days_of(case: Case, length: int) -> Ints:
    """Days that a passing change of that many periods may span, a weekend and holidays included."""
    days = case.each(lambda spec: PERIOD_DAYS[spec.frequency] * (length + 1 + HOLES))
    return np.asarray(np.maximum(days, length + 9), dtype=np.int64)


def _supported(case: Case, level: Floats, start: int, length: int, found: Floats) -> bool:
    """Whether a second figure before or after holds the level too: between two wrong figures the right one sticks out."""
    block, end = case.fetched.block, start + length + 1
    base, room = (level[start] + level[end]) / 2, 2 * BACK * found[start]
    further = [at for at in (start - 1, end + 1) if 0 <= at < len(block) and block[at] == block[start]]
    return not further or any(abs(level[at] - base) <= room for at in further)


def _last_steps(case: Case, measured: Measured) -> Floats:
    """Change from the figure before, for the last figure of each block; 0 elsewhere and over long gaps."""
    rows = case.fetched
    with np.errstate(invalid="ignore"):
        step = np.r_[0.0, np.diff(measured.level)][: len(rows)]
    gap = np.r_[0, np.diff(rows.day)][: len(rows)]
    counts = rows.last & ~rows.first & (gap <= days_of(case, 0))
    return np.where(counts & np.isfinite(step), step, 0.0)


def _confirmed(case: Case, measured: Measured, chosen: Mask, size: Floats) -> Mask:
    """Which of the chosen rows have another source, fetched or in the previous vintage, near their new level."""
    rows, old = case.fetched, case.previous
    at = np.flatnonzero(chosen)
    mine = pd.DataFrame({"place": rows.place[at], "row": at, "own": rows.source[at]})
    parts = (rows.take(np.isin(rows.place, mine["place"])), old.take(np.isin(old.place, mine["place"])))
    theirs = pd.concat(
        pd.DataFrame({"place": part.place, "source": part.source, "value": part.value}) for part in parts
    )
    pairs = mine.merge(theirs, on="place")
    pairs = pairs[pairs["own"] != pairs["source"]]
    row = pairs["row"].to_numpy(dtype=np.int64)
    away = np.abs(on_scale(pairs["value"].to_numpy(), measured.unit[row]) - measured.level[row])
    confirmed = np.zeros(len(rows), dtype=bool)
    confirmed[row[away <= CONFIRMS * size[row]]] = True
    return confirmed


def given(case: Case, row: int) -> str:
    """A fetched figure with its period: ``1 507.5 (2023-01)``."""
    rows, (spec, _, _) = case.fetched, case.described(row)
    return f"{figure(rows.value[row])} ({period(int(rows.day[row]), spec.frequency)})"


def _passing_sentence(case: Case, measured: Measured, row: int, reach: Ints) -> str:
    """What came before and after, and how large a change the history explains."""
    spec, country, source = case.described(row)
    before, after = row, row
    while reach[before] and row - before < reach[row]:
        before -= 1
    while reach[after] and after - row < reach[row]:
        after += 1
    return (
        f"{source} gives {spec.id} for {country} at {given(case, row)} between {given(case, before)} and "
        f"{given(case, after)}: a change that comes back at once, {limit(measured, row, measured.passing)}, and no "
        "other source has it."
    )


def _last_sentence(case: Case, measured: Measured, row: int) -> str:
    spec, country, source = case.described(row)
    bound = measured.up if measured.level[row] > measured.level[row - 1] else measured.down
    return (
        f"{source} gives {spec.id} for {country} at {given(case, row)} after {given(case, row - 1)}: the last "
        f"figure, {limit(measured, row, bound)}, and no later figure or other source confirms it yet."
    )


def limit(measured: Measured, row: int, bound: Floats) -> str:
    """How far beyond history a change is, in words."""
    if np.isnan(measured.unit[row]):
        return f"beyond the factor {times(float(np.exp(bound[row])))} that history explains"
    return "beyond anything that history explains"
