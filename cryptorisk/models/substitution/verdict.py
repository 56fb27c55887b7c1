"""When a minimum-variance share says nothing: pegs, stale rates, tiny variances, intervals as wide as the question."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cryptorisk.stats.mvp import FloatArray, HorizonShare, horizon_changes

STABLE_MARGIN = 0.02
"""The International Monetary Fund calls an arrangement stabilised when the spot rate stays within a margin of 2
percent for six months or more (Habermeier, Kokenyne, Veyrune and Anderson 2009, Revised System for the
Classification of Exchange Rate Arrangements, IMF Working Paper 09/211)."""

STABLE_SPELL_MONTHS = 6

STABLE_SHARE = 0.9
"""A rate that was in such a spell in nine months out of ten leaves at most a year of movement in a window of ten
years: one or two devaluations, not a distribution."""

UNCHANGED_SHARE = 0.5
"""A monthly average that equals the one before to a hundredth of a percent more often than not is set, not formed
in a market: a peg, or an official rate at which little is traded."""

UNCHANGED_TOLERANCE = 1e-4

STEP = 0.1
"""Log change of the rate, over two months at most, that is told as a devaluation of an otherwise fixed rate: five
times the margin of a stabilised arrangement, beyond what that margin and the averaging of a month can bring about.
Two months, because a devaluation in the middle of a month shows half in its average and half in the next."""

MOST_STEPS_NAMED = 3
"""More devaluations than this are counted and the largest is named."""

SMALLEST_DEPRECIATION_SD = 0.02
"""Standard deviation of twelve-month depreciation, the denominator's root. Below 2 percent (the margin of the
stabilised and crawl-like arrangements above) the share divides by noise: Guyana, the Maldives, Macao and Cambodia
give shares between -1.2 and 4.3."""

WIDEST_COVER = 0.9
"""Share of the admissible range from 0 to 1 that the interval may cover; beyond it the data exclude next to
nothing."""


@dataclass(frozen=True)
class Verdict:
    """Whether a share can be given. ``kind`` is empty when it can."""

    kind: str = ""
    text: str = ""

    @property
    def determinate(self) -> bool:
        """Whether a share can be given."""
        return not self.kind


def rate_verdict(log_rate: FloatArray, months: pd.DatetimeIndex | None = None) -> Verdict:
    """Judge the exchange rate of the window.

    Parameters
    ----------
    log_rate : ndarray, shape (months,)
        Monthly logs, at least 13.
    months : DatetimeIndex, optional
        Their dates; without them a devaluation inside the window is told without its month.

    Returns
    -------
    Verdict
        ``kind`` is ``step`` for a fixed rate that was devalued inside the window, ``peg`` or ``stale`` for one
        that was not, ``variance`` for one that moves too little.
    """
    changes = np.diff(log_rate)
    unchanged = float(np.mean(np.abs(changes) < UNCHANGED_TOLERANCE))
    stable = stable_share(log_rate)
    spread = float(np.std(horizon_changes(changes, min(12, len(changes))), ddof=0))
    steps = devaluations(log_rate) if stable >= STABLE_SHARE else []
    if steps:
        return Verdict("step", _step_text(steps, months))
    if stable >= STABLE_SHARE:
        text = (
            f"indeterminate (peg or stale rate): the rate stayed within a 2 % margin for six months or more "
            f"in {100 * stable:.0f} % of the months"
        )
        return Verdict("peg", text)
    if unchanged > UNCHANGED_SHARE:
        text = (
            f"indeterminate (peg or stale rate): the rate did not change at all in "
            f"{100 * unchanged:.0f} % of the months"
        )
        return Verdict("stale", text)
    if spread < SMALLEST_DEPRECIATION_SD:
        text = (
            f"indeterminate (variance too small): twelve-month depreciation has a standard deviation of "
            f"{100 * spread:.1f} %, under the 2 % margin of a stabilised arrangement"
        )
        return Verdict("variance", text)
    return Verdict()


def devaluations(log_rate: FloatArray) -> list[tuple[int, float]]:
    """Devaluations of an otherwise fixed rate: position of the month in which each ends, and the log change.

    Parameters
    ----------
    log_rate : ndarray, shape (months,)
    """
    changes = np.diff(np.asarray(log_rate, dtype=np.float64))
    found: list[tuple[int, float]] = []
    for position, change in enumerate(changes):
        if change <= math.log1p(STABLE_MARGIN):
            continue
        if found and found[-1][0] == position:
            before = found.pop()
            found.append((position + 1, before[1] + float(change)))
        else:
            found.append((position + 1, float(change)))
    return [(place, size) for place, size in found if size >= STEP]


def _step_text(steps: list[tuple[int, float]], months: pd.DatetimeIndex | None) -> str:
    """What a fixed rate with devaluations says, and does not say."""

    def told(step: tuple[int, float]) -> str:
        size = f"of {100 * math.expm1(step[1]):.0f} %"
        return size if months is None else f"{size} in {months[step[0]]:%Y-%m}"

    apart = "before and after it the rate was fixed"
    if len(steps) == 1:
        what = f"one devaluation {told(steps[0])} (rise of the official price of foreign currency)"
    elif len(steps) <= MOST_STEPS_NAMED:
        what = (
            f"{len(steps)} devaluations {', '.join(told(step) for step in steps)} (rise of the official price of "
            "foreign currency)"
        )
        apart = "before, between and after them the rate was fixed"
    else:
        largest = max(steps, key=lambda step: step[1])
        what = f"{len(steps)} devaluations, the largest {told(largest)} (rise of the official price of foreign currency)"
        apart = "apart from them the rate was fixed most of the time"
    return (
        f"indeterminate (fixed official rate, devalued): {what}; {apart}: the official rate says nothing about "
        "what savers paid"
    )


def interval_verdict(estimate: HorizonShare) -> Verdict:
    """Judge the precision of a share."""
    if math.isnan(estimate.low):
        return Verdict("sample", "indeterminate: too few independent changes for an interval at this horizon")
    covered = max(0.0, min(1.0, estimate.high) - max(0.0, estimate.low))
    if covered > WIDEST_COVER:
        text = (
            f"indeterminate (interval too wide): the interval covers {100 * covered:.0f} % of the range from "
            "0 to 100 %"
        )
        return Verdict("imprecise", text)
    return Verdict()


def stable_share(log_rate: FloatArray) -> float:
    """Share of months inside a spell of six or more months within a 2 percent margin."""
    spell = STABLE_SPELL_MONTHS
    if len(log_rate) < spell:
        return 0.0
    windows = np.lib.stride_tricks.sliding_window_view(np.asarray(log_rate, dtype=np.float64), spell)
    calm = windows.max(axis=1) - windows.min(axis=1) <= math.log1p(STABLE_MARGIN)
    inside = np.zeros(len(log_rate), dtype=bool)
    for offset in range(spell):
        inside[offset : offset + len(calm)] |= calm
    return float(inside.mean())
