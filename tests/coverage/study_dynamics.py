"""How often intervals and tests of the dynamic regressions are right in synthetic worlds with a known truth.

``python tests/coverage/study_dynamics.py`` from the kit's folder; about two minutes. METHODS.md quotes the figures.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "recovery"))

from test_recovery_dynamics import HORIZONS, answering, fitted, held, related, true_path

from cryptorisk.stats.bounds import bounds_test, simulate_null
from cryptorisk.stats.distributed_lags import Order
from cryptorisk.stats.error_correction import fit_error_correction
from cryptorisk.stats.long_run import long_run_intervals
from cryptorisk.stats.projections import local_projection
from cryptorisk.stats.ratchet import ratchet_test

WORLDS = 400


def projections() -> None:
    """Pointwise 90 % intervals of local projections."""
    truth = true_path()
    for n in (80, 150):
        inside = np.zeros(HORIZONS + 1)
        for seed in range(WORLDS):
            path = local_projection(
                answering(n, np.random.default_rng(seed)), "y", "x", horizons=HORIZONS, lags=2
            )
            inside += (path.low <= truth) & (truth <= path.high)
        print(f"local projections, {n} observations: {100 * (inside / WORLDS).round(3)}")


def long_run() -> None:
    """Long-run coefficients, verdicts, and verdicts where there is no relation."""
    truth = (1.0, -0.5)
    for n in (48, 80, 120, 150):
        null = simulate_null(3, 2, n - 1, rng=np.random.default_rng(9))
        count = {"found": 0, "walks": 0, "stationary": 0}
        delta, bootstrap = np.zeros(2), np.zeros(2)
        for seed in range(WORLDS):
            rng = np.random.default_rng(seed)
            fit = fitted(*related(n, rng))
            count["found"] += bounds_test(fit, null).verdict() == "level relation"
            delta += [c.low <= true <= c.high for c, true in zip(fit.long_run(), truth, strict=True)]
            intervals = long_run_intervals(fit, rng=rng, replications=299)
            bootstrap += [c.low <= true <= c.high for c, true in zip(intervals, truth, strict=True)]
            x = pd.DataFrame(rng.standard_normal((n, 2)).cumsum(axis=0), columns=["a", "b"])
            noise = rng.standard_normal((2, n))
            for kind, y in (("walks", noise[0].cumsum()), ("stationary", noise[1])):
                test = bounds_test(fit_error_correction(pd.Series(y), x, Order(1, (1, 1))), null)
                count[kind] += test.verdict() == "level relation"
        shares = {kind: round(100 * number / WORLDS, 1) for kind, number in count.items()}
        covered = [(100 * inside / WORLDS).round(1).tolist() for inside in (delta, bootstrap)]
        print(f"{n} observations: delta method {covered[0]}, bootstrap {covered[1]}, level relation {shares}")


def ratchets() -> None:
    """Rejections at 5 % with and without a pull."""
    for pull in (0.0, 0.05, 0.15):
        found = 0
        for seed in range(WORLDS):
            y, x = held(150, pull, np.random.default_rng(seed))
            found += ratchet_test(y, x, rng=np.random.default_rng(seed), replications=199).p < 0.05
        print(f"ratchet, pull {pull}: {round(100 * found / WORLDS, 1)}")


if __name__ == "__main__":
    projections()
    long_run()
    ratchets()
