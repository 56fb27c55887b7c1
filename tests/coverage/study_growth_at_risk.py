"""Size and power of the rule by which growth at risk is given, in synthetic worlds with known truth.

Not part of the suite; run it by hand and carry the table to METHODS.md:

    python tests/coverage/study_growth_at_risk.py [worlds [letters of worlds [quarters ...]]]

Worlds: quarterly steps of activity and a log VIX (first-order autoregression, 0.65 a quarter, in standard deviations v). The
VIX (a) does not matter; (b) moves the scale of the next step, 0.6 exp(0.6 v), as in Adrian, Boyarchenko and Giannone (2019);
(c) lowers the next step when it is high, 0.7 - 0.8 max(v, 0) with noise of 0.4; (d) moves growth over four quarters itself,
2 - v with noise of 0.3, far stronger than anything measured. 66 quarters are what a VIX from 2010 on gives, 120 what one
from 1990 on would nearly give. Beside the rule (the mean loss over quantiles of 5 to 25 %) stands the same at 5 % alone.
"""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd

from cryptorisk.models.spillovers.growth_trial import given
from cryptorisk.stats.at_risk import TAIL, tail_losses

FIRST = 30
"""Quarters of the first sample, as in `cryptorisk.models.spillovers.growth`."""


def world(kind: str, n: int, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng([ord(kind), seed])
    v = np.zeros(n + 60)
    for t in range(1, v.size):
        v[t] = 0.65 * v[t - 1] + np.sqrt(1 - 0.65**2) * rng.standard_normal()
    noise, before = rng.standard_normal(v.size), np.r_[0.0, v[:-1]]
    steps = {
        "a": 0.7 + 0.8 * noise,
        "b": 0.7 + 0.6 * np.exp(0.6 * before) * noise,
        "c": 0.7 - 0.8 * np.maximum(before, 0) + 0.4 * noise,
        "d": np.zeros(v.size),
    }[kind]
    growth = 2 - before + 0.3 * noise if kind == "d" else np.convolve(steps, np.ones(4))[: v.size]
    return pd.DataFrame({"growth": growth, "vix": v}).iloc[-n:].reset_index(drop=True)


def given_in(kind: str, n: int, horizon: int, worlds: int) -> tuple[float, float]:
    """Percent of worlds in which the model is believed by the rule, and by the loss at 5 % alone."""
    found = []
    for seed in range(worlds):
        frame = world(kind, n, seed)
        losses = [
            tail_losses(frame["growth"], frame, horizon, first=FIRST, levels=levels)
            for levels in (TAIL, TAIL[:1])
        ]
        found.append([given(each, horizon) for each in losses])
    joint, alone = 100 * np.mean(found, axis=0)
    return float(joint), float(alone)


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    kinds = sys.argv[2] if len(sys.argv) > 2 else "abcd"
    quarters = [int(n) for n in sys.argv[3:]] or [66, 120]
    print(f"{count} worlds: given in percent, by the rule | at 5 % alone")
    for kind in kinds:
        for n in quarters:
            for horizon in (1, 4):
                joint, alone = given_in(kind, n, horizon, count)
                print(f"{kind}  {n:3d} quarters, {horizon} ahead: {joint:5.1f} | {alone:5.1f}", flush=True)
