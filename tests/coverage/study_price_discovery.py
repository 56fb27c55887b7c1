"""How often intervals and tests of the crypto channel are right in synthetic worlds with a known truth.

``python tests/coverage/study_price_discovery.py`` from the kit's folder prints the table of METHODS.md, percent of the
worlds with the Monte Carlo error in brackets.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "recovery"))

from discovery_world import autoregression, band_gap, pair, true_shares

from cryptorisk.errors import ModelError
from cryptorisk.stats.half_life import half_life
from cryptorisk.stats.pair_model import fit_pair
from cryptorisk.stats.pair_relation import pair_relation
from cryptorisk.stats.price_discovery import discover
from cryptorisk.stats.share_intervals import share_intervals
from cryptorisk.stats.threshold import fit_threshold

WORLDS = 500
SPEEDS, SD, CORRELATION = (-0.03, 0.09), (0.01, 0.012), 0.3


def percent(count: float, of: int = WORLDS) -> str:
    """A share of the worlds with its Monte Carlo error."""
    share = count / of
    return f"{100 * share:.1f} ({100 * math.sqrt(share * (1 - share) / of):.1f})"


Row = tuple[str, str]


def shares() -> list[Row]:
    """90 % intervals of the shares, with normal and with restless news; and how often the rules let a pair through."""
    component, lower, upper = true_shares(SPEEDS, SD, CORRELATION)
    rows = []
    for n in (150, 500):
        for restless in (False, True):
            inside, through, held = np.zeros(2), 0, np.zeros(2)
            for seed in range(WORLDS):
                rng = np.random.default_rng(seed)
                x = (
                    restless_pair(n, rng)
                    if restless
                    else pair(n, SPEEDS, rng, sd=SD, correlation=CORRELATION)
                )
                model = fit_pair(x, lags=1)
                found = share_intervals(model, x, rng=rng, replications=199)
                hit = np.array(
                    [
                        found.component[0] <= component <= found.component[1],
                        found.middle[0] <= (lower + upper) / 2 <= found.middle[1],
                    ]
                )
                inside += hit
                try:
                    discover(x, rng=np.random.default_rng(0), unit=True, replications=20)
                except ModelError:
                    continue
                through += 1
                held += hit
            rows.append(
                (
                    f"true pair, {n} days, {'GARCH' if restless else 'normal'} news: component and Hasbrouck's mean "
                    "covered; let through; covered of these",
                    f"{percent(inside[0])}, {percent(inside[1])}; {percent(through)}; "
                    f"{percent(held[0], max(through, 1))}, {percent(held[1], max(through, 1))}",
                )
            )
    return rows


def restless_pair(n: int, rng: np.random.Generator) -> np.ndarray:
    """The pair with news whose variance follows a GARCH(1,1) with the persistence 0.95."""
    chol = np.linalg.cholesky(
        np.array([[SD[0] ** 2, CORRELATION * SD[0] * SD[1]], [CORRELATION * SD[0] * SD[1], SD[1] ** 2]])
    )
    x, h, z = np.zeros((n, 2)), 1.0, 0.0
    for t in range(1, n):
        h = 0.05 + 0.10 * z * z * h + 0.85 * h
        draw = rng.standard_normal(2)
        z = draw[0]
        news = math.sqrt(h) * chol @ draw
        x[t] = x[t - 1] + np.asarray(SPEEDS) * (x[t - 1, 0] - x[t - 1, 1]) + news
    return x


def relations() -> list[Row]:
    """Pairs that share nothing and are taken for one price."""
    rows = []
    for n in (150, 500, 1000):
        taken = let = 0
        for seed in range(WORLDS):
            x = np.random.default_rng(seed).standard_normal((n, 2)).cumsum(axis=0) * 0.01
            found = pair_relation(x)
            taken += found.relations > 0
            let += found.relations > 0 and not found.returns and found.p_unit >= 0.05
        rows.append(
            (
                f"two random walks, {n} days: taken for held together; and one to one (let through)",
                f"{percent(taken)}; {percent(let)}",
            )
        )
    return rows


def half_lives() -> list[Row]:
    """90 % intervals of the persistence."""
    rows = []
    for n in (60, 200):
        said = []
        for persistence in (0.8, 0.95, 1.0):
            inside = 0
            for seed in range(WORLDS):
                rng = np.random.default_rng(seed)
                found = half_life(autoregression(n, persistence, rng), rng=rng, lags=1, replications=99)
                inside += found.low <= persistence <= found.high
            said.append(percent(inside))
        rows.append((f"persistence 0.8 / 0.95 / 1, {n} observations: covered", " / ".join(said)))
    return rows


def thresholds() -> list[Row]:
    """Size and power of the test at 5 %, and 90 % intervals where there is a band."""
    n = 250
    size = {"band": 0, "switch": 0}
    for kind in size:
        for seed in range(WORLDS):
            rng = np.random.default_rng(seed)
            y = autoregression(n, 0.95, rng)
            size[kind] += fit_threshold(y, rng=rng, kind=kind, lags=0, replications=39).p <= 0.05
    found, every, told = 0, np.zeros(2), np.zeros(2)
    for seed in range(WORLDS):
        rng = np.random.default_rng(seed)
        one = fit_threshold(band_gap(n, 5.0, -0.4, rng), rng=rng, lags=0, replications=59)
        hit = np.array(
            [
                one.threshold_low <= 5.0 <= one.threshold_high,
                one.regimes[1].pull_low <= -0.4 <= one.regimes[1].pull_high,
            ]
        )
        every += hit
        if one.p <= 0.05:
            found, told = found + 1, told + hit
    of = max(found, 1)
    return [
        (
            f"threshold test, {n} observations: size (autoregression 0.95) of band and switch; power (band of 5 sd, "
            "pull 0.4)",
            f"{percent(size['band'])}, {percent(size['switch'])}; {percent(found)}",
        ),
        (
            "the same: interval of the edge and of the pull outside, all worlds; where the test finds the band",
            f"{percent(every[0])}, {percent(every[1])}; {percent(told[0], of)}, {percent(told[1], of)}",
        ),
    ]


if __name__ == "__main__":
    print(f"{WORLDS} worlds\n\n| what | result, % |\n|---|---|")
    for study in (relations, shares, half_lives, thresholds):
        for what, result in study():
            print(f"| {what} | {result} |", flush=True)
