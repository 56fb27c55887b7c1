"""How often Hansen and Seo's test finds a threshold where there is none, and where there is one.

``python tests/coverage/study_threshold_vecm.py`` from the kit's folder prints the table of METHODS.md, percent of the worlds
with the Monte Carlo error in brackets.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "recovery"))

from discovery_world import pair, threshold_pair
from study_price_discovery import CORRELATION, SD, SPEEDS, restless_pair

from cryptorisk.stats.sup_lm import sup_lm
from cryptorisk.stats.threshold_vecm import fit_threshold_vecm

WORLDS, REPLICATIONS, GRID = 500, 99, 50
EDGE, LOW, HIGH = 0.01, (-0.02, 0.02), (-0.25, 0.25)

World = Callable[[int, np.random.Generator], np.ndarray]


def percent(count: float) -> str:
    """A share of the worlds with its Monte Carlo error."""
    share = count / WORLDS
    return f"{100 * share:.1f} ({100 * math.sqrt(share * (1 - share) / WORLDS):.1f})"


def normal(n: int, rng: np.random.Generator) -> np.ndarray:
    """No threshold, news alike at all times."""
    return pair(n, SPEEDS, rng, sd=SD, correlation=CORRELATION)


def two_speeds(n: int, rng: np.random.Generator) -> np.ndarray:
    """Each price adds a fiftieth of the gap a day up to a gap of one daily standard deviation, and a quarter beyond."""
    return threshold_pair(n, EDGE, LOW, HIGH, rng)


def rejections(world: World, n: int, slope: float | None) -> str:
    """Worlds in which each bootstrap rejects at 5 %."""
    fixed = residual = 0
    for seed in range(WORLDS):
        rng = np.random.default_rng(seed)
        found = sup_lm(world(n, rng), lags=1, slope=slope, rng=rng, grid=GRID, replications=REPLICATIONS)
        fixed += found.p_fixed <= 0.05
        residual += found.p_residual <= 0.05
    return f"{percent(fixed)}; {percent(residual)}"


def edges(n: int) -> str:
    """Median and central nine tenths of the estimated less the true threshold, in daily standard deviations."""
    found = [
        fit_threshold_vecm(two_speeds(n, np.random.default_rng(seed)), lags=1, slope=1.0).threshold
        for seed in range(WORLDS)
    ]
    low, middle, high = (np.quantile(found, [0.05, 0.5, 0.95]) - EDGE) / 0.01
    return f"{middle:.2f} ({low:.2f} to {high:.2f})"


if __name__ == "__main__":
    print(
        f"{WORLDS} worlds, {REPLICATIONS} replications, {GRID} thresholds\n\n| what | fixed; residual, % |\n|---|---|"
    )
    for n in (300, 900):
        print(
            f"| no threshold, {n} days, normal news, slope known | {rejections(normal, n, 1.0)} |", flush=True
        )
        print(f"| the same, GARCH news | {rejections(restless_pair, n, 1.0)} |", flush=True)
        print(f"| two speeds (0.02 and 0.25), {n} days | {rejections(two_speeds, n, 1.0)} |", flush=True)
        print(
            f"| the same: estimated less true threshold in daily sd, median (5th to 95th percentile) | {edges(n)} |",
            flush=True,
        )
    print(
        f"| no threshold, 300 days, normal news, slope estimated | {rejections(normal, 300, None)} |",
        flush=True,
    )
