"""Coverage of early warning's intervals in worlds with a known hazard.

Not part of the suite; run it by hand and carry the table to METHODS.md:

    python tests/coverage/study_early_warning.py [worlds]

Worlds (tests/recovery/early_warning_world.py): 100 economies over 22 years, persistent indicators with levels of their own,
a crash next year by a logit. *Plain*: the logit is all there is. *Traits*: the hazard has a fixed trait of the economy that
no indicator shows (standard deviation 0.5). *Common shocks*: it has a shock to all economies in a year (0.7), as when the
dollar rose in 2008 and 2015. *Noise*: no indicator matters. Nominal coverage 90 %; 200 resamples each.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from scipy.special import expit

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "recovery"))

from early_warning_world import BETA, NAMES, NEXT_YEAR, panel

from cryptorisk.models.early_warning.forecasts import predict
from cryptorisk.models.early_warning.sample import rows
from cryptorisk.stats.bootstrap import percentile_interval
from cryptorisk.stats.panel_logit import bootstrap_coefficients, panel_logit, probability
from cryptorisk.stats.roc import auroc, auroc_interval

LEVEL, RESAMPLES = 0.9, 200
HERE = np.array([[1.0, 1.0, 0.0]])
WORLDS = {
    "plain": {},
    "traits": {"unseen": 0.5},
    "common shocks": {"common": 0.7},
    "noise": {"beta": np.array([-2.0, 0.0, 0.0, 0.0])},
}


def inside(interval: tuple[float, float], truth: float) -> bool:
    return interval[0] <= truth <= interval[1]


def averages(beta: np.ndarray, kind: dict[str, float]) -> tuple[float, float]:
    """Probability at `HERE` and the area of the true score, over traits and shocks."""
    rng = np.random.default_rng(1)
    spread = np.hypot(kind.get("unseen", 0.0), kind.get("common", 0.0))
    at_here = expit(beta[0] + HERE @ beta[1:] + spread * rng.standard_normal(200_000)).mean()
    score = rng.standard_normal((400_000, 3)) @ beta[1:]
    event = rng.random(400_000) < expit(beta[0] + score + spread * rng.standard_normal(400_000))
    return float(at_here), auroc(score, event.astype(float)) if np.ptp(score) > 0 else 0.5


def study(name: str, worlds: int) -> None:
    kind = WORLDS[name]
    beta = kind.get("beta", BETA)
    at_here, area = averages(beta, kind)
    tally = dict.fromkeys(("slope", "draws", "probability", "area", "area, years", "unseen years"), 0.0)
    areas = []
    for number in range(worlds):
        sample = rows(panel([17, number], **kind), NEXT_YEAR)
        rng = np.random.default_rng([18, number])
        fit = panel_logit(sample.y, sample.x, sample.place, NAMES)
        low, high = fit.interval(LEVEL)
        tally["slope"] += inside((low[1], high[1]), beta[1])
        draws = bootstrap_coefficients(sample.y, sample.x, sample.place, RESAMPLES, rng)
        tally["draws"] += inside(percentile_interval(draws[:, 1], LEVEL), beta[1])
        tally["probability"] += inside(percentile_interval(probability(HERE, draws)[0], LEVEL), at_here)
        score = sample.x @ beta[1:] if np.any(beta[1:]) else sample.x[:, 0]
        for label, clusters in (("area", sample.place), ("area, years", sample.year)):
            found = auroc_interval(score, sample.y, clusters, level=LEVEL, replications=RESAMPLES, rng=rng)
            tally[label] += inside((found.low, found.high), area)
        known = predict(sample, NEXT_YEAR)
        found = auroc_interval(
            known["p"], known["y"], known["place"], level=LEVEL, replications=RESAMPLES, rng=rng
        )
        areas.append(found.value)
        tally["unseen years"] += inside((found.low, found.high), area)
    shares = ", ".join(f"{key} {100 * value / worlds:.1f}" for key, value in tally.items())
    print(
        f"{name}: {worlds} worlds, area {area:.3f}, mean on unseen years {np.mean(areas):.3f}; {shares}",
        flush=True,
    )


if __name__ == "__main__":
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    for one in WORLDS:
        study(one, many)
