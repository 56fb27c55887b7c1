"""What a series did around dated events, against what it did around all other dates.

References
----------
MacKinlay (1997), Event studies in economics and finance, Journal of Economic Literature 35(1), 13-39. Rank p-values from
placebo dates are permutation p-values: Phipson and Smyth (2010), Statistical Applications in Genetics and Molecular Biology
9(1), article 39 (why one is added above and below). Patell (1976), Journal of Accounting Research 14(2), 246-276 (changes
divided by their usual size). An interval and a p-value from the same ranks are a conformal pair: Vovk, Gammerman and Shafer
(2005), Algorithmic Learning in a Random World, chapter 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cryptorisk.errors import ModelError
from cryptorisk.stats.sample import FloatArray, IntArray, Values, checked_sample

LEAST_WINDOWS = 10
"""Windows beside one another that the dates to compare with must fill. Dates that lie side by side share their windows: with
fewer, hundreds of dates tell of one or two spells alone."""


FLOOR = 0.1
"""Least restlessness of a spell, of that of the whole series: a spell without any step would make every change endless."""


@dataclass(frozen=True)
class EventChange:
    """Change around one event.

    Attributes
    ----------
    position : int
        Of the event: the first observation on which it is in force.
    change : float
        Mean from the event to ``window`` observations after it, less the mean of the ``window`` before it, less `usual`;
        in the unit of the series.
    usual : float
        Median of the same at the other dates.
    low, high : float
        Change less and plus what chance does at other times, in the restlessness of the event's own time: the event's
        change when all else went as usual. They hold nought exactly where `p` is above one less the level.
    p : float
        Two-sided rank p-value, of the size of the change for its restlessness; `least_p` at the least.
    dates : int
        Other dates.
    windows : int
        Windows beside one another that these fill: what the p-value's fineness rests on.
    """

    position: int
    change: float
    usual: float
    low: float
    high: float
    p: float
    dates: int
    windows: int


def change_around(series: FloatArray, positions: IntArray, window: int) -> FloatArray:
    """Mean of ``window + 1`` observations from each position on, less the mean of the ``window`` before it."""
    sums = np.concatenate([[0.0], np.cumsum(series)])
    after = (sums[positions + window + 1] - sums[positions]) / (window + 1)
    before = (sums[positions] - sums[positions - window]) / window
    found: FloatArray = after - before
    return found


def event_changes(
    values: Values,
    events: Sequence[int],
    *,
    window: int,
    level: float = 0.9,
    without: Sequence[int] = (),
) -> tuple[EventChange, ...]:
    """Change of a series around each event, with an interval and a p-value from all other dates.

    Parameters
    ----------
    values : array-like, shape (n,)
        Log rates or premiums, equally spaced.
    events : sequence of int
        Positions. An event is left to the caller when its window does not fit: every one here must.
    window : int
        Observations before and after, at least three.
    level : float
    without : sequence of int
        Further positions whose windows are not compared with: events that are not studied, breaks in how the series is made.

    Returns
    -------
    tuple of EventChange

    Raises
    ------
    ModelError
        A window that leaves the series, or dates to compare with that fill fewer than `LEAST_WINDOWS` windows.

    Notes
    -----
    Windows of neighbouring dates overlap: a thousand dates whose windows fill sixty side by side tell as much as sixty. With
    ``K`` of these and ``f`` the share of all dates with as large a change, ``p = (1 + K f) / (K + 1)``: the rank among
    windows side by side, averaged over where the first of them begins. Nothing is found below ``1 / (K + 1)``.

    The p-value supposes that the event could have fallen on any other date: where events come in restless times, these
    dates are too calm and p is too small.
    """
    series = checked_sample(values, name="series", minimum=2 * window + 1)
    at = np.array(sorted(set(events)), dtype=np.int64)
    outside = [int(one) for one in at if one < window or one + window >= len(series)]
    if outside:
        raise ModelError(
            f"the window of {window} about position {outside[0]} leaves the series of {len(series)}"
        )
    kept_out = np.array(sorted({*at.tolist(), *without}), dtype=np.int64)
    dates = free_positions(len(series), kept_out, window)
    windows = len(dates) // (2 * window + 1)
    if windows < LEAST_WINDOWS:
        raise ModelError(
            f"{len(dates)} dates lie outside the windows of events; windows of {2 * window + 1} need "
            f"{LEAST_WINDOWS * (2 * window + 1)} to compare with"
        )
    raw = change_around(series, dates, window)
    usual = float(np.median(raw))
    sizes = np.sort(np.abs(raw - usual) / restlessness(series, dates, window))
    half_width = _largest_by_chance(sizes, windows, 1 - level)
    found = []
    changes = change_around(series, at, window) - usual
    for position, change, scale in zip(at, changes, restlessness(series, at, window), strict=True):
        ends = (float(change - half_width * scale), float(change + half_width * scale))
        p = _p(sizes, abs(change) / scale, windows)
        found.append(EventChange(int(position), float(change), usual, *ends, p, len(dates), windows))
    return tuple(found)


def least_p(windows: int) -> float:
    """The least p-value that so many windows beside one another can give."""
    return 1 / (windows + 1)


def _p(sizes: FloatArray, size: float, windows: int) -> float:
    as_large = len(sizes) - int(np.searchsorted(sizes, size - 1e-12))
    return (1 + windows * as_large / len(sizes)) / (windows + 1)


def _largest_by_chance(sizes: FloatArray, windows: int, alpha: float) -> float:
    """The size above which `_p` is ``alpha`` or less; endless where the windows cannot tell so little."""
    allowed = len(sizes) * (alpha * (windows + 1) - 1) / windows
    if allowed < 0:
        return float("inf")
    # Of the sizes in their order, so many may be as large.
    return float(sizes[len(sizes) - 1 - int(allowed + 1e-9)]) if allowed < len(sizes) else 0.0


def restlessness(series: FloatArray, positions: IntArray, window: int) -> FloatArray:
    """Standard deviation of the steps between the ``window`` observations before each position."""
    steps = np.diff(series)
    # The sums start from the mean step, so that little is lost where a series is far from nought.
    centred = steps - steps.mean()
    first, second = (np.concatenate([[0.0], np.cumsum(part)]) for part in (centred, centred**2))
    count = window - 1
    ends, starts = positions - 1, positions - window
    mean = (first[ends] - first[starts]) / count
    variance = (second[ends] - second[starts]) / count - mean**2
    least = max(FLOOR * float(steps.std()), 1e-300)
    found: FloatArray = np.maximum(np.sqrt(variance.clip(min=0.0)), least)
    return found


def free_positions(n: int, events: IntArray, window: int) -> IntArray:
    """Positions with a whole window that shares no observation with an event's."""
    inside = np.arange(window, n - window)
    if not len(events):
        return inside
    near = np.abs(inside[:, None] - np.asarray(events)[None, :]).min(axis=1) <= 2 * window
    free: IntArray = inside[~near]
    return free


def jumps(values: Values, *, size: float, span: int, apart: int) -> IntArray:
    """Positions at which a positive series rose by a share of itself within a few observations.

    Parameters
    ----------
    values : array-like, shape (n,)
    size : float
        0.1 for a tenth.
    span : int
        Observations within which it rises.
    apart : int
        Rises that begin within so many observations of the one before belong to it.

    Returns
    -------
    ndarray of int
        The observation of the largest single rise of each.
    """
    series = checked_sample(values, name="rates")
    if (series <= 0).any():
        raise ModelError("rates must be positive")
    logs = np.log(series)
    step = np.diff(logs, prepend=logs[0])
    before = logs[np.maximum(np.arange(len(logs)) - span, 0)]
    # A rise ends where it is complete; what rounding takes off a rise of just that share is given back.
    risen = np.flatnonzero(logs - before >= np.log1p(size) - 1e-9)
    if not len(risen):
        return np.empty(0, dtype=np.int64)
    groups = np.split(risen, np.flatnonzero(np.diff(risen) > apart) + 1)
    found = []
    for group in groups:
        first = max(int(group[0]) - span + 1, 1)
        found.append(first + int(np.argmax(step[first : int(group[-1]) + 1])))
    return np.array(sorted(set(found)), dtype=np.int64)
