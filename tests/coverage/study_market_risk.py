"""Coverage study of the market-risk intervals in synthetic worlds with known truth.

Not part of the suite; run it by hand and carry the table to METHODS.md:

    python tests/coverage/study_market_risk.py [worlds]

Worlds: (a) independent losses whose tail is exactly generalised Pareto; (b) a GJR-GARCH with Student t shocks
near what is estimated for bitcoin but away from the integrated boundary, (c) the same at the boundary. The truth
of (b) and (c) is simulated from the true parameters with a million paths or days.
"""

from __future__ import annotations

import sys

import numpy as np
from scipy.stats import genpareto

from cryptorisk.stats.bootstrap import percentile_interval
from cryptorisk.stats.fhs import fhs_interval
from cryptorisk.stats.garch import fit_gjr
from cryptorisk.stats.tail_intervals import risk_interval, shape_interval, tail_draws
from cryptorisk.stats.tails import fit_gpd
from cryptorisk.stats.volatility import VolatilityRecursion

LEVEL = 0.99
NEAR = VolatilityRecursion(omega=0.4, alpha=0.10, gamma=0.0, beta=0.86)
BOUNDARY = VolatilityRecursion(omega=0.2, alpha=0.12, gamma=0.0, beta=0.88)


def student(rng: np.random.Generator, nu: float, shape: tuple[int, ...]) -> np.ndarray:
    return rng.standard_t(nu, size=shape) * np.sqrt((nu - 2) / nu)


def pareto_world(rng: np.random.Generator, n: int, xi: float) -> np.ndarray:
    tail = rng.random(n) < 0.1
    return np.where(
        tail, 4.0 + genpareto.rvs(xi, scale=2.5, size=n, random_state=rng), rng.uniform(-10, 4, n)
    )


def independent_tail(worlds: int, n: int, xi: float) -> dict[str, float]:
    ratio = 0.1 / 0.01
    var = 4.0 + 2.5 * (ratio**xi - 1) / xi
    es = (var + 2.5 - xi * 4.0) / (1 - xi)
    hits = {"profile xi 95 %": 0, "profile VaR 90 %": 0, "profile ES 90 %": 0, "bootstrap VaR 90 %": 0}
    hits["bootstrap ES 90 %"] = 0
    for world in range(worlds):
        rng = np.random.default_rng([1, world])
        losses = pareto_world(rng, n, xi)
        fit = fit_gpd(losses)
        draws = tail_draws(losses, rng=rng, replications=200, block=1)
        checks = {
            "profile xi 95 %": (shape_interval(fit, 0.95), xi),
            "profile VaR 90 %": (risk_interval(fit, LEVEL, "value_at_risk", 0.9), var),
            "profile ES 90 %": (risk_interval(fit, LEVEL, "expected_shortfall", 0.9), es),
            "bootstrap VaR 90 %": (percentile_interval(draws["value_at_risk"], 0.9), var),
            "bootstrap ES 90 %": (percentile_interval(draws["expected_shortfall"], 0.9), es),
        }
        for name, ((low, high), truth) in checks.items():
            hits[name] += low <= truth <= high
    return {name: count / worlds for name, count in hits.items()}


def clustered_tail(worlds: int, n: int, nu: float) -> dict[str, float]:
    long = NEAR.simulate(student(np.random.default_rng(0), nu, (4000, 3000)), 3.0)[0][:, 500:]
    truth = np.quantile(-long, LEVEL)
    es = -long[-long >= truth].mean()
    hits = {"profile VaR 90 %": 0, "bootstrap VaR 90 %": 0, "bootstrap ES 90 %": 0}
    for world in range(worlds):
        rng = np.random.default_rng([2, world])
        losses = -NEAR.simulate(student(rng, nu, (1, n + 500)), 3.0)[0][0, 500:]
        fit = fit_gpd(losses)
        draws = tail_draws(losses, rng=rng, replications=200)
        low, high = risk_interval(fit, LEVEL, "value_at_risk", 0.9)
        hits["profile VaR 90 %"] += low <= truth <= high
        for name, true in (("value_at_risk", truth), ("expected_shortfall", es)):
            low, high = percentile_interval(draws[name], 0.9)
            hits[f"bootstrap {'VaR' if true is truth else 'ES'} 90 %"] += low <= true <= high
    return {name: count / worlds for name, count in hits.items()}


def simulated_risk(worlds: int, n: int, recursion: VolatilityRecursion, nu: float) -> dict[str, float]:
    hits = {"FHS VaR 10 d 90 %": 0, "FHS ES 10 d 90 %": 0, "FHS VaR 1 d 90 %": 0}
    for world in range(worlds):
        rng = np.random.default_rng([3, world])
        returns = recursion.simulate(student(rng, nu, (1, n + 500)), 3.0)[0][0]
        _, sigma = recursion.filter(returns, 3.0)
        future = recursion.simulate(student(rng, nu, (200_000, 10)), sigma)[0]
        fit = fit_gjr(returns[500:])
        for days in (1, 10):
            losses = -100 * np.expm1(future[:, :days].sum(axis=1) / 100)
            var = np.quantile(losses, LEVEL)
            interval = fhs_interval(fit, rng=rng, horizon_days=days, replications=100, paths=3_000)
            low, high = interval.value_at_risk
            hits[f"FHS VaR {days} d 90 %"] += low <= var <= high
            if days == 10:
                low, high = interval.expected_shortfall
                hits["FHS ES 10 d 90 %"] += low <= losses[losses >= var].mean() <= high
    return {name: count / worlds for name, count in hits.items()}


def main() -> None:
    worlds = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    studies = {
        "independent, n=3650, xi=0.2": independent_tail(worlds, 3650, 0.2),
        "independent, n=1500, xi=0.3": independent_tail(worlds, 1500, 0.3),
        "GARCH, n=3650": clustered_tail(worlds, 3650, 5.0),
        "GARCH, n=3650, nu=5": simulated_risk(worlds, 3650, NEAR, 5.0),
        "boundary, n=3650, nu=3.5": simulated_risk(worlds, 3650, BOUNDARY, 3.5),
    }
    for world, shares in studies.items():
        for name, share in shares.items():
            print(f"{world:30s} {name:22s} {share:6.3f}")


if __name__ == "__main__":
    main()
