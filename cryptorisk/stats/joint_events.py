"""What a series did around several events of one kind taken together, against as many dates drawn among all others.

One event among sixty windows can never be told from chance once many are looked at (`event_study.least_p`); the mean over a
kind's events can, because there are far more ways to draw several windows than one.

References
----------
As for `cryptorisk.stats.event_study`; tests by random draws of as many placebo dates: Bertrand, Duflo and
Mullainathan (2004), Quarterly Journal of Economics 119(1), 249-275 (placebo laws); Phipson and Smyth (2010) for the one
added.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cryptorisk.errors import ModelError
from cryptorisk.stats.event_study import LEAST_WINDOWS, change_around, free_positions, restlessness
from cryptorisk.stats.sample import FloatArray, IntArray, Values, checked_sample

FEWEST = 3
"""Events below which there is no kind, only cases."""
DRAWS = 9_999


@dataclass(frozen=True)
class JointChange:
    """Mean change around the events of one kind.

    Attributes
    ----------
    change : float
        Mean of sign times change, each over and above the usual; in the unit of the series.
    low, high : float
        Change less and plus what chance does with as many dates as restless; they hold nought exactly where `p` is above one
        less the level.
    p : float
        Two-sided.
    positions : tuple of int
        Events that count; one whose window shares observations with that of an earlier one is part of it.
    windows : int
        Windows beside one another that the other dates fill, the mean over where the first begins, rounded down.
    """

    change: float
    low: float
    high: float
    p: float
    positions: tuple[int, ...]
    windows: int


def joint_change(
    values: Values,
    events: Sequence[int],
    signs: Sequence[float],
    *,
    window: int,
    rng: np.random.Generator,
    level: float = 0.9,
    without: Sequence[int] = (),
    among: NDArray[np.bool_] | None = None,
    draws: int = DRAWS,
) -> JointChange:
    """Mean change of a series around events, each taken with the sign that is expected of it.

    Parameters
    ----------
    values : array-like, shape (n,)
        Log rates or premiums, equally spaced.
    events : sequence of int, shape (m,)
        Positions, ascending; every window fits.
    signs : sequence of float, shape (m,)
        1 or -1.
    window : int
        Observations before and after.
    rng : numpy.random.Generator
    level : float
    without : sequence of int
        Further positions whose windows are not drawn from.
    among : ndarray of bool, shape (n,), optional
        Positions that may be drawn. Where events of a certain state of the series alone count, other dates must come from
        that state too.
    draws : int

    Returns
    -------
    JointChange

    Raises
    ------
    ModelError
        Fewer than `FEWEST` events apart from one another, other dates that fill fewer than `LEAST_WINDOWS` windows or fewer
        than two for each event, or a series that stands still: without a step in most windows there is no size of a usual
        change to compare with, and an interval would have no width.

    Notes
    -----
    A draw takes as many windows as there are events from those beside one another, wherever the first begins, divides each
    change by the restlessness of its own time and multiplies it by that of the event it stands for, and by its sign. Each is
    put back: a few windows of the few there are, drawn without, would have a mean that varies too little.

    Dates must not have been picked by a jump of the series itself: no date drawn at random jumps so, and p is then near
    nought whatever the truth.
    """
    series = checked_sample(values, name="series", minimum=2 * window + 1)
    at = np.asarray(events, dtype=np.int64)
    if len(at) and (at.min() < window or at.max() + window >= len(series)):
        raise ModelError(f"a window of {window} about an event leaves the series of {len(series)}")
    kept = _apart(at, window)
    if len(kept) < FEWEST:
        raise ModelError(f"{len(kept)} events whose windows share nothing; {FEWEST} are needed")
    positions, weights = at[kept], np.asarray(signs, dtype=np.float64)[kept]
    dates = free_positions(len(series), np.array(sorted({*at.tolist(), *without}), dtype=np.int64), window)
    if among is not None:
        dates = dates[among[dates]]
    grids = [_beside(dates, start, 2 * window + 1) for start in range(2 * window + 1)]
    least = min((len(grid) for grid in grids), default=0)
    if least < max(LEAST_WINDOWS, 2 * len(kept)):
        raise ModelError(
            f"the other dates fill {least} windows of {2 * window + 1} beside one another; "
            f"{max(LEAST_WINDOWS, 2 * len(kept))} are needed"
        )
    _checked_moving(series, dates, positions, window)
    raw = change_around(series, dates, window)
    usual = float(np.median(raw))
    sizes = np.full(len(series), np.nan)
    sizes[dates] = (raw - usual) / restlessness(series, dates, window)
    scale = weights * restlessness(series, positions, window) / len(kept)
    chance = np.sort(np.abs(_drawn(sizes, grids, len(kept), draws, rng) @ scale))
    change = float(np.mean(weights * (change_around(series, positions, window) - usual)))
    as_large = len(chance) - int(np.searchsorted(chance, abs(change) - 1e-12))
    half_width = _half_width(chance, 1 - level)
    return JointChange(
        change,
        change - half_width,
        change + half_width,
        (1 + as_large) / (len(chance) + 1),
        tuple(positions.tolist()),
        int(np.mean([len(grid) for grid in grids])),
    )


def _checked_moving(series: FloatArray, dates: IntArray, events: IntArray, window: int) -> None:
    """Refuse a series without a step around most other dates, or before most events."""
    steps = np.concatenate([[0], np.cumsum(np.diff(series) != 0)])
    around = steps[dates + window] == steps[dates - window]
    before = steps[events - 1] == steps[events - window]
    for still, where in ((around, "around other dates"), (before, "before events")):
        if still.mean() > 0.5:
            raise ModelError(
                f"the series does not move in {int(still.sum())} of {len(still)} windows {where}; a change has no usual size"
            )


def _apart(at: IntArray, window: int) -> list[int]:
    """Indices of events whose windows share nothing with that of an earlier one that is kept."""
    kept: list[int] = []
    for index in np.argsort(at, kind="stable").tolist():
        if not kept or at[index] - at[kept[-1]] > 2 * window:
            kept.append(index)
    return kept


def _beside(dates: IntArray, start: int, width: int) -> IntArray:
    """Of the dates from the ``start``-th on, the first and then each that lies a whole window after the one before."""
    found: list[int] = []
    index = start
    while index < len(dates):
        found.append(int(dates[index]))
        index = int(np.searchsorted(dates, dates[index] + width))
    return np.array(found, dtype=np.int64)


def _drawn(
    sizes: FloatArray, grids: Sequence[IntArray], m: int, draws: int, rng: np.random.Generator
) -> FloatArray:
    """Sizes at ``m`` windows of one grid, each put back; shape (draws, m)."""
    of_grid = np.bincount(rng.integers(len(grids), size=draws), minlength=len(grids)).tolist()
    rows = [
        sizes[grid[rng.integers(len(grid), size=(many, m))]]
        for grid, many in zip(grids, of_grid, strict=True)
    ]
    return np.concatenate(rows)


def _half_width(chance: FloatArray, alpha: float) -> float:
    """The size above which p is ``alpha`` or less; endless where the draws cannot tell so little."""
    allowed = int(alpha * (len(chance) + 1) - 1 + 1e-9)
    return float(chance[len(chance) - 1 - allowed]) if allowed >= 0 else float("inf")
