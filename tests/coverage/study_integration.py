"""How often the screen for series integrated of an order above one speaks, where it should and where it should not.

Not part of the suite; run it by hand and carry the table to METHODS.md:

    python tests/coverage/study_integration.py [worlds]

Levels whose growth is a random walk (order two), or an autoregression of the first order (order one), after sixty periods
of a start. Beside the rule in use stands the simpler one: no rejection by Dickey and Fuller in the difference.
"""

from __future__ import annotations

import sys

import numpy as np
from scipy.signal import lfilter

from cryptorisk.stats.integration import unit_roots

START = 60
LEVEL = 0.05


def level(growth: float, n: int, rng: np.random.Generator) -> np.ndarray:
    """A series whose difference is autoregressive with a coefficient (1: a random walk)."""
    drawn = lfilter([1.0], [1.0, -growth], rng.standard_normal(n + START))
    return np.cumsum(drawn)[START:]


def study(growth: float, n: int, worlds: int) -> tuple[float, float, float]:
    """Shares of worlds flagged by the rule, flagged by Dickey and Fuller alone, taken for stationary in the level."""
    used = alone = still = 0
    for number in range(worlds):
        found = unit_roots(level(growth, n, np.random.default_rng([11, n, number])))
        still += found.p_level < LEVEL
        used += found.order(LEVEL) == 2
        alone += found.p_level >= LEVEL and found.p_change >= LEVEL
    return used / worlds, alone / worlds, still / worlds


if __name__ == "__main__":
    worlds = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    print("n growth | rule | Dickey-Fuller alone | level taken for stationary, percent")
    for n in (100, 148):
        for growth in (1.0, 0.95, 0.9, 0.8, 0.5, 0.0):
            print(n, growth, *(f"{100 * one:.0f}" for one in study(growth, n, worlds)), flush=True)
