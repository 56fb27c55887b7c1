"""How often the event study finds something where there is nothing, and what it finds where there is.

``python tests/coverage/study_event_study.py`` from the kit's folder prints the table of METHODS.md, percent of the worlds
with the Monte Carlo error in brackets.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "recovery"))

from discovery_world import autoregression

from cryptorisk.stats.event_study import event_changes, least_p
from cryptorisk.stats.joint_events import joint_change
from cryptorisk.stats.sample import FloatArray

WORLDS = 2000
JOINT_WORLDS, EVENTS = 500, 5
SIZES = ((3370, 20), (3370, 60), (748, 20))
"""Quotes and windows as Argentina and Bolivia have them."""
Row = tuple[str, str]
News = Callable[[int, np.random.Generator], FloatArray]


def percent(hits: FloatArray) -> str:
    """A share of the worlds with its Monte Carlo error."""
    share = float(np.mean(hits))
    return f"{100 * share:.1f} ({100 * math.sqrt(share * (1 - share) / len(hits)):.1f})"


def walk(n: int, rng: np.random.Generator) -> FloatArray:
    """A random walk."""
    return rng.standard_normal(n).cumsum()


def restless_walk(n: int, rng: np.random.Generator) -> FloatArray:
    """A random walk with GARCH news."""
    news, variance = rng.standard_normal(n), 1.0
    for t in range(n):
        news[t] *= math.sqrt(variance)
        variance = 0.05 + 0.10 * news[t] ** 2 + 0.85 * variance
    return news.cumsum()


def reverting(n: int, rng: np.random.Generator) -> FloatArray:
    """A premium of which half is gone in 34 days."""
    return autoregression(n, 0.98, rng)


def without_an_effect() -> list[Row]:
    """An event on a random day: how often p is as small as 10 %, 5 % and the least it can be."""
    rows = []
    for name, world in (
        ("random walk", walk),
        ("GARCH news", restless_walk),
        ("autoregression 0.98", reverting),
    ):
        for n, window in SIZES:
            p, windows = [], 0
            for seed in range(WORLDS):
                rng = np.random.default_rng(seed)
                place = int(rng.integers(window, n - window))
                (found,) = event_changes(world(n, rng), [place], window=window)
                p.append(found.p)
                windows = found.windows
            least = least_p(windows)
            hits = [np.array(p) <= bound + 1e-9 for bound in (0.1, 0.05, least)]
            rows.append(
                (
                    f"{name}, {n} quotes, window {window} (least p {100 * least:.1f})",
                    "; ".join(percent(one) for one in hits),
                )
            )
    return rows


def restless_and_moved() -> Row:
    """An event in a spell three times as restless, no effect; and an effect of eight daily standard deviations."""
    hits = np.zeros((3, WORLDS))
    for seed in range(WORLDS):
        rng = np.random.default_rng(seed)
        sd = np.ones(2000)
        sd[800:1000] = 3.0
        y = autoregression(2000, 0.98, rng)
        loud = np.zeros(2000)
        for t in range(1, 2000):
            loud[t] = 0.98 * loud[t - 1] + sd[t] * rng.standard_normal()
        place = int(rng.integers(100, 1900))
        (found,) = event_changes(y + 8.0 * (np.arange(2000) >= place), [place], window=20)
        restless = event_changes(loud, [900], window=20)[0].p <= 0.05
        hits[:, seed] = restless, found.p <= 0.05, found.low <= 8.0 <= found.high
    return (
        "event in a spell three times as restless, no effect; effect of eight daily sd found at 5 %, within the 90 % "
        "interval",
        "; ".join(percent(one) for one in hits),
    )


def of_several() -> list[Row]:
    """Five events taken together, as Argentina has devaluations: on random days, then in restless spells, then moved."""
    rows = []
    for name, world in (
        ("random walk", walk),
        ("GARCH news", restless_walk),
        ("autoregression 0.98", reverting),
    ):
        for window in (20, 60):
            p = np.array([_joint(world, window, seed, 0.0) for seed in range(JOINT_WORLDS)])
            rows.append(
                (
                    f"{name}, 3370 quotes, window {window}, {EVENTS} events",
                    "; ".join(percent(p <= bound) for bound in (0.1, 0.05, 0.01)),
                )
            )
    moved = np.array([_joint(reverting, 20, seed, 4.0) for seed in range(JOINT_WORLDS)])
    loud = np.array([_joint(walk, 20, seed, 0.0, loud=3.0) for seed in range(JOINT_WORLDS)])
    rows += [
        (
            f"{EVENTS} events in spells three times as restless, no effect",
            "; ".join(percent(loud <= bound) for bound in (0.1, 0.05, 0.01)),
        ),
        (
            f"{EVENTS} events that move an autoregression by four daily standard deviations",
            "; ".join(percent(moved <= bound) for bound in (0.1, 0.05, 0.01)),
        ),
    ]
    return rows


def _joint(world: News, window: int, seed: int, size: float, loud: float = 1.0) -> float:
    rng = np.random.default_rng(10_000 + seed)
    n, width = 3370, 2 * window + 1
    cells = rng.choice((n - 2 * window) // width, EVENTS, replace=False)
    at = np.sort(cells * width + window)
    steps = np.diff(world(n, rng), prepend=0.0)
    for place in at:
        steps[place - 2 * window : place + 2 * window] *= loud
        steps[place] += size
    return joint_change(steps.cumsum(), at, np.ones(EVENTS), window=window, rng=rng, draws=999).p


if __name__ == "__main__":
    print(f"{WORLDS} worlds\n\n| what | p at most 10; 5; the least, % |\n|---|---|")
    for what, result in (*without_an_effect(), restless_and_moved()):
        print(f"| {what} | {result} |", flush=True)
    print("\n| taken together | p at most 10; 5; 1, % |\n|---|---|")
    for what, result in of_several():
        print(f"| {what} | {result} |", flush=True)
