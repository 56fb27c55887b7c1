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
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "recovery"))

from discovery_world import autoregression

from cryptorisk.errors import ModelError
from cryptorisk.models.flight.events import APART_DAYS, STEP, STEP_DAYS, with_devaluations
from cryptorisk.models.flight.joint_effects import DEVALUATIONS, joint_effects
from cryptorisk.models.flight.premium_tables import PremiumSeries
from cryptorisk.stats.event_study import event_changes, jumps, least_p
from cryptorisk.stats.joint_events import joint_change
from cryptorisk.stats.sample import FloatArray

WORLDS = 2000
JOINT_WORLDS, EVENTS, PICKED_WORLDS = 500, 5, 200
QUOTES = 3370
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


def picked_by_jumps() -> list[Row]:
    """Devaluations picked by the kit's rule, without an effect: one rate, two that know nothing of one another, and an
    official one that follows when the shadow rate has risen."""
    rows = []
    for name, world in (
        ("one rate, which jumps up about six times: whatever the rule", one_rate),
        ("two rates apart, the official one steps on six random days", stepping),
        ("two rates apart, the official one steps when the premium passes 60 log %", following),
    ):
        for window in (20, 60):
            p, left = [], 0
            for seed in range(PICKED_WORLDS):
                shadow, official = world(np.random.default_rng(20_000 + seed))
                found = _naive(shadow, window) if world is one_rate else _by_rule(shadow, official, window)
                p += [] if math.isnan(found) else [found]
                left += math.isnan(found)
            told = "; ".join(percent(np.array(p) <= bound) for bound in (0.1, 0.05, 0.01))
            rows.append((f"{name}, window {window} ({left} of {PICKED_WORLDS} refused)", told))
    return rows


def _fat(rng: np.random.Generator) -> FloatArray:
    """Daily steps of 1.2 log % with fat tails."""
    steps: FloatArray = 1.2 * rng.standard_t(3, QUOTES) / math.sqrt(3)
    return steps


def one_rate(rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """The shadow rate is the official one."""
    steps = _fat(rng) + 20 * rng.random(QUOTES) * (rng.random(QUOTES) < 6 / QUOTES)
    return steps.cumsum(), steps.cumsum()


def stepping(rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """An official rate that steps by 20 log % on six days, and a shadow rate above it that drifts as much."""
    steps = np.zeros(QUOTES)
    steps[rng.choice(QUOTES, 6, replace=False)] = 20.0
    return 50 + (_fat(rng) + 120 / QUOTES).cumsum(), steps.cumsum()


def following(rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """An official rate that steps by 25 log % the day after the premium passes 60."""
    shadow, level, last = 50 + (_fat(rng) + 0.05).cumsum(), 0.0, -QUOTES
    official = np.zeros(QUOTES)
    for t in range(1, QUOTES):
        if shadow[t - 1] - level > 60 and t - last > 60:
            level, last = level + 25, t
        official[t] = level
    return shadow, official


def _naive(logs: FloatArray, window: int) -> float:
    """p of the test without the kit's rule; NaN where it cannot be computed."""
    at = jumps(np.exp(logs / 100), size=STEP, span=STEP_DAYS, apart=APART_DAYS)
    inside = [int(one) for one in at if window <= one < len(logs) - window]
    try:
        return joint_change(
            logs,
            inside,
            np.ones(len(inside)),
            window=window,
            rng=np.random.default_rng(1),
            without=list(at),
            draws=999,
        ).p
    except ModelError:
        return math.nan


def _by_rule(shadow: FloatArray, official: FloatArray, window: int) -> float:
    """p of the chapter's test of devaluations; NaN where it is refused."""
    days = pd.bdate_range("2010-01-01", periods=QUOTES)
    frame = pd.DataFrame({"shadow": np.exp(shadow / 100), "official": np.exp(official / 100)}, index=days)
    series = PremiumSeries(frame.assign(premium=shadow - official), "made-up", (), ())
    made = joint_effects(series, frame["shadow"], with_devaluations((), frame["official"]), (), seed=1)
    found = next(one.found for one in made if (one.kind, one.window) == (DEVALUATIONS, window))
    return math.nan if isinstance(found, str) else found.p


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
    for what, result in (*of_several(), *picked_by_jumps()):
        print(f"| {what} | {result} |", flush=True)
