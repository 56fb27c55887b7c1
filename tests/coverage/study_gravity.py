"""How often the intervals and the test of gravity by Poisson pseudo-maximum likelihood are right, in simulated worlds.

``python tests/coverage/study_gravity.py`` from the kit's folder; about two minutes. METHODS.md quotes the figures.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "stats"))

from test_gravity import world

from cryptorisk.stats.gravity import log_ols, ppml

WORLDS = 500
TRUTH = {"distance": -1.0, "language": 0.5}
CLUSTERS = {"robust": None, "both ends": ["o", "d"]}


def study(variance: str, zeros: bool) -> None:
    """Bias of PPML and of logs, coverage of 95 % intervals, rejections by RESET."""
    rng = np.random.default_rng(7)
    bias = {name: np.zeros(2) for name in TRUTH}
    inside = {kind: np.zeros(len(TRUTH)) for kind in CLUSTERS}
    rejected = 0
    for _ in range(WORLDS):
        df = world(rng, variance=variance, zeros=zeros)
        fits = {kind: ppml(df, "y", list(TRUTH), ["o", "d"], cluster=by) for kind, by in CLUSTERS.items()}
        logs = log_ols(df, "y", list(TRUTH), ["o", "d"])
        for name, truth in TRUTH.items():
            bias[name] += (fits["robust"].params[name] - truth, logs.params[name] - truth)
        for kind, fit in fits.items():
            table = fit.table
            inside[kind] += [
                table.loc[n, "low"] <= truth <= table.loc[n, "high"] for n, truth in TRUTH.items()
            ]
        rejected += fits["robust"].reset_p < 0.05
    print(f"variance {variance}, zeros {zeros}: RESET rejects {100 * rejected / WORLDS:.1f} %")
    for name, sums in bias.items():
        print(f"  {name}: bias of PPML {sums[0] / WORLDS:.3f}, of logs {sums[1] / WORLDS:.3f}")
    for kind, hits in inside.items():
        print(
            f"  95 % intervals, {kind}: {dict(zip(TRUTH, (100 * hits / WORLDS).round(1).tolist(), strict=True))}"
        )


if __name__ == "__main__":
    study("poisson", zeros=False)
    study("mixed", zeros=True)
