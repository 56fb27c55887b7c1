"""Coverage study of regimes, connectedness and the test for explosive behaviour, in synthetic worlds with known truth.

Not part of the suite; run it by hand and carry the table to METHODS.md:

    python tests/coverage/study_regimes_spillovers.py [worlds [first letters of a study]]

Worlds: (a) two states of weekly returns as long as estimated for bitcoin, 650 weeks, and twice as persistent ones; (b) a
vector autoregression of five markets with weak links, its shocks independent or with a common GARCH variance; (c) random
walks: independent steps, GARCH steps near bitcoin's, one break of volatility, and a drift of a tenth of a standard
deviation a week (bitcoin's); and one explosive episode, for the power.
"""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd

from cryptorisk.stats.bubbles import gsadf
from cryptorisk.stats.connectedness import connectedness, connectedness_interval
from cryptorisk.stats.fevd import Var, fevd
from cryptorisk.stats.regimes import fit

COEFS = np.diag([-0.05, -0.1, 0.1, 0.0, 0.05])[None]
COEFS[0, 1, 0], COEFS[0, 2, 0] = 0.1, -0.03
SIGMA = np.array(
    [
        [1.0, -0.3, -0.15, 0.05, 0.1],
        [-0.3, 1.0, 0.2, -0.3, -0.3],
        [-0.15, 0.2, 1.0, 0.1, -0.3],
        [0.05, -0.3, 0.1, 1.0, 0.3],
        [0.1, -0.3, -0.3, 0.3, 1.0],
    ]
)


def durations(worlds: int, n: int, stay: tuple[float, float]) -> dict[str, float]:
    truth = 1 / (1 - np.array(stay))
    hits = {"duration, calm, 80 %": 0, "duration, turbulent, 80 %": 0}
    refused = 0
    for world in range(worlds):
        rng = np.random.default_rng([1, world])
        state = np.zeros(n, dtype=int)
        moves = rng.random(n)
        for t in range(1, n):
            state[t] = state[t - 1] if moves[t] < stay[state[t - 1]] else 1 - state[t - 1]
        returns = np.array([0.1, 1.0])[state] + np.array([2.8, 11.0])[state] * rng.standard_normal(n)
        ends = fit(returns, 2, starts=3, followed=1, seed=world).duration_intervals(0.8)
        refused += bool(np.isnan(ends).any())
        for place, name in enumerate(hits):
            hits[name] += bool(ends[place, 0] <= truth[place] <= ends[place, 1])
    given = max(worlds - refused, 1)
    return {name: count / given for name, count in hits.items()} | {"no interval given": refused / worlds}


def markets(worlds: int, n: int, garch: bool, block: int) -> dict[str, float]:
    known = fevd(Var(COEFS, SIGMA), 10)
    known = 100 * known / known.sum(axis=1, keepdims=True)
    total = float(100 - np.trace(known) / 5)
    names = [f"share of {known[i, j]:.1f} %, 80 %" for i, j in PAIRS]
    hits, bias = dict.fromkeys(["total, 80 %", *names], 0), 0.0
    for world in range(worlds):
        rng = np.random.default_rng([2, world])
        frame = pd.DataFrame(_vector(rng, n, garch))
        found = connectedness(frame, 1)
        ends = connectedness_interval(frame, found, replications=199, block=block, seed=world)
        hits["total, 80 %"] += ends.total[0] <= total <= ends.total[1]
        bias += (found.total - total) / worlds
        for name, (i, j) in zip(names, PAIRS, strict=True):
            hits[name] += bool(ends.low.iloc[i, j] <= known[i, j] <= ends.high.iloc[i, j])
    return {name: count / worlds for name, count in hits.items()} | {"bias of the total, points": bias}


PAIRS = ((1, 0), (2, 0), (4, 0), (3, 0))


def _vector(rng: np.random.Generator, n: int, garch: bool) -> np.ndarray:
    shocks = rng.standard_normal((n + 50, 5)) @ np.linalg.cholesky(SIGMA).T
    y, variance = np.zeros((n + 50, 5)), 1.0
    for t in range(1, n + 50):
        shock = np.sqrt(variance) * shocks[t] if garch else shocks[t]
        y[t] = COEFS[0] @ y[t - 1] + shock
        variance = 0.1 + 0.2 * float((shock**2).mean()) + 0.7 * variance
    return y[50:]


def walks(worlds: int, n: int, kind: str) -> dict[str, float]:
    """Share of worlds in which the test rejects at 5 %, and in which any episode is dated."""
    rejected = falsely = alone = 0
    for world in range(worlds):
        y = _walk(np.random.default_rng([3, world]), n, kind)
        found = gsadf(y, replications=199, seed=world, control=min(104, n // 2))
        rejected += found.gsadf_p <= 0.05
        falsely += len(found.episodes()) > 0
        alone += len(found.episodes(pointwise=True)) > 0
    return {
        "GSADF rejects at 5 %": rejected / worlds,
        "an episode dated, joint level": falsely / worlds,
        "an episode dated, date by date": alone / worlds,
    }


def _walk(rng: np.random.Generator, n: int, kind: str) -> np.ndarray:
    shocks = rng.standard_normal(n)
    steps, variance = shocks.copy(), 1.0
    if kind == "GARCH":
        for t in range(n):
            steps[t] = np.sqrt(variance) * shocks[t]
            variance = 0.03 + 0.12 * steps[t] ** 2 + 0.85 * variance
    elif kind == "break":
        steps[: n // 3] *= 3
    elif kind == "drift":
        steps += 0.1
    y = 100 + steps.cumsum()
    if kind == "episode":
        for t in range(n // 2, n // 2 + 40):
            y[t] = 1.04 * y[t - 1] + shocks[t]
        y[n // 2 + 40 :] = y[n // 2 - 1] + shocks[n // 2 + 40 :].cumsum()
    return y


def main() -> None:
    worlds = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    studies = {
        "states, spells 3.6 and 6.9, n=650": lambda: durations(worlds, 650, (0.725, 0.855)),
        "states, spells 10 and 20, n=650": lambda: durations(worlds, 650, (0.9, 0.95)),
        "VAR, independent shocks, n=600": lambda: markets(worlds, 600, False, 1),
        "VAR, GARCH shocks, n=600, block 8": lambda: markets(worlds, 600, True, 8),
        "VAR, GARCH shocks, n=200, block 8": lambda: markets(worlds, 200, True, 8),
        "walk, independent, n=300": lambda: walks(worlds, 300, "plain"),
        "walk, GARCH, n=300": lambda: walks(worlds, 300, "GARCH"),
        "walk, break of volatility, n=300": lambda: walks(worlds, 300, "break"),
        "walk, drift, n=300": lambda: walks(worlds, 300, "drift"),
        "walk, explosive episode, n=300": lambda: walks(worlds, 300, "episode"),
    }
    chosen = sys.argv[2] if len(sys.argv) > 2 else ""
    for world, study in studies.items():
        if not world.startswith(chosen):
            continue
        for name, share in study().items():
            print(f"{world:36s} {name:32s} {share:6.3f}", flush=True)


if __name__ == "__main__":
    main()
