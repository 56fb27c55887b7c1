"""How often the chapter finds what a premium moves with, in worlds where there is nothing and where there is something.

``python tests/coverage/study_premium_drivers.py`` from the kit's folder; about two minutes. METHODS.md quotes the figures.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from statsmodels.regression.linear_model import OLS

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "recovery"))

from premium_world import MOVES, POOLED, TRUTH, held, moving, panel, sample, wandering

from cryptorisk.models.flight.premium_changes import premium_changes
from cryptorisk.models.flight.premium_pooled import Pooled, pooled
from cryptorisk.stats.bounds import bounds_test, simulate_null
from cryptorisk.stats.conditional_null import conditional_null
from cryptorisk.stats.error_correction import fit_error_correction
from cryptorisk.stats.lag_order import select_order
from cryptorisk.stats.long_run import long_run_intervals

WORLDS, N = 400, 158
NAMES = list(TRUTH)


def levels(world) -> None:
    """Share with a relation in levels by each test, and with a significant coefficient in a plain regression of levels."""
    table = simulate_null(3, len(NAMES), N - 2, rng=np.random.default_rng(9))
    count = {"conditional": 0, "bounds": 0, "plain": 0, "covers controls": 0}
    for seed in range(WORLDS):
        rng = np.random.default_rng(seed)
        frame = world(N, rng)
        y, x = frame["premium"], frame[NAMES]
        fit = fit_error_correction(y, x, select_order(y, x, max_lags=2, max_order=2).order)
        null = conditional_null(fit, rng=rng, replications=500)
        count["conditional"] += bounds_test(fit, null).verdict() == "level relation"
        count["bounds"] += bounds_test(fit, table).verdict() == "level relation"
        plain = OLS(y, np.column_stack([x, np.ones(N)])).fit(cov_type="HAC", cov_kwds={"maxlags": 4})
        count["plain"] += bool(plain.pvalues.iloc[: len(NAMES)].min() < 0.05 / len(NAMES))
        one = long_run_intervals(fit, rng=rng, replications=299)[0]
        count["covers controls"] += one.low <= TRUTH["controls"] <= one.high
    print(world.__name__, {name: f"{100 * found / WORLDS:.1f} %" for name, found in count.items()})


def changes(world) -> None:
    """Share of worlds in which some driver is said to move, is used for predicting, and in which its interval is right."""
    count = {"moving": 0, "joint at 10 %": 0, "used": 0, "covers depreciation": 0}
    for seed in range(WORLDS):
        found = premium_changes(sample(world(N, np.random.default_rng(seed))))
        assert not isinstance(found, str)
        count["moving"] += bool(found.moving)
        count["joint at 10 %"] += found.joint_p < 0.1
        count["used"] += found.better is not None and found.better.enough
        one, true = found.coefficient("depreciation"), MOVES["depreciation"] if world is moving else 0.0
        count["covers depreciation"] += one.low <= true <= one.high
    print(world.__name__, {name: f"{100 * share / WORLDS:.1f} %" for name, share in count.items()})


def pools(economies: int, truth: dict[str, float] | None) -> None:
    """Share of panels with a significant coefficient, and of 90 % intervals that hold the truth."""
    some, inside, made = 0, np.zeros(3), 0
    for seed in range(WORLDS // 4):
        found = pooled(panel(economies, 72, np.random.default_rng(seed), truth=truth))
        assert isinstance(found, Pooled)
        effects = found.levels.effects
        low, high = effects.interval(0.9)
        true = np.array([(truth or {}).get(name, 0.0) for name in effects.names])
        inside += (low <= true) & (true <= high)
        some += bool((effects.adjusted_p_values < 0.1).any())
        made += 1
    print(economies, "economies, truth" if truth else "economies, nothing", some / made, inside / made)


if __name__ == "__main__":
    levels(wandering)
    levels(held)
    changes(wandering)
    changes(moving)
    for count in (20, 40):
        pools(count, None)
        pools(count, POOLED)
