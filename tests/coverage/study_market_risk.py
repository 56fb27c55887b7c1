"""Coverage study of the market-risk intervals in synthetic worlds with known truth.

Not part of the suite; run it by hand and carry the table to METHODS.md:

    python tests/coverage/study_market_risk.py [worlds] [part of a world's name]

Worlds: (a) independent losses whose tail is exactly generalised Pareto; (b) a GJR-GARCH with Student t shocks
near what is estimated for bitcoin but away from the integrated boundary, (c) the same at the boundary, (d) a
max-autoregressive process whose extremal index is known. The truth of (b) and (c) is simulated from the true
parameters with ten million days or hundreds of thousands of paths. 500 worlds take about half an hour.
"""

from __future__ import annotations

import sys

import numpy as np
from scipy.stats import genpareto

from cryptorisk.stats.bootstrap import block_indices, percentile_interval
from cryptorisk.stats.clusters import (
    decluster,
    decluster_near,
    extremal_index_interval,
    intervals_extremal_index,
)
from cryptorisk.stats.fhs import fhs_intervals
from cryptorisk.stats.garch import fit_gjr
from cryptorisk.stats.resampled_falls import falls_of_paths, worst_fall_intervals
from cryptorisk.stats.tail_diagnostics import hill
from cryptorisk.stats.tail_intervals import risk_interval, shape_interval, tail_draws
from cryptorisk.stats.tails import gpd
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
    hits |= {"bootstrap ES 90 %": 0, "profile return level 10 y 90 %": 0, "Hill xi 90 %": 0}
    decade = 4.0 + 2.5 * ((0.1 * 3650) ** xi - 1) / xi
    for world in range(worlds):
        rng = np.random.default_rng([1, world])
        losses = pareto_world(rng, n, xi)
        fit = gpd(losses)
        draws = tail_draws(losses, rng=rng, replications=200, block=1)
        checks = {
            "profile xi 95 %": (shape_interval(fit, 0.95), xi),
            "profile VaR 90 %": (risk_interval(fit, LEVEL, "value_at_risk", 0.9), var),
            "profile ES 90 %": (risk_interval(fit, LEVEL, "expected_shortfall", 0.9), es),
            "profile return level 10 y 90 %": (
                risk_interval(fit, 1 - 1 / 3650, "value_at_risk", 0.9),
                decade,
            ),
            "Hill xi 90 %": (hill(losses, fit.n_exceed, coverage=0.9)[1:], xi),
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
    path = -long.ravel()
    theta = decluster(path, float(np.quantile(path, 0.95))).extremal_index
    decade = once_in(path, 3650)
    names = (
        "profile VaR 90 %",
        "bootstrap VaR 90 %",
        "bootstrap ES 90 %",
        "bootstrap return level 10 y 90 %",
    )
    hits = dict.fromkeys((*names, "runs index 90 %"), 0)
    for world in range(worlds):
        rng = np.random.default_rng([2, world])
        losses = -NEAR.simulate(student(rng, nu, (1, n + 500)), 3.0)[0][0, 500:]
        fit = gpd(losses)
        levels, draws = [], []
        for row in block_indices(n, n // 20, 200, rng):
            again = gpd(losses[row])
            index = decluster_near(losses[row], again.return_level(3650)).extremal_index
            levels.append(again.return_level(3650, index))
            draws.append((again.value_at_risk(LEVEL), again.expected_shortfall(LEVEL)))
        var_draws, es_draws = np.array(draws).T
        ends = {
            "profile VaR 90 %": (risk_interval(fit, LEVEL, "value_at_risk", 0.9), truth),
            "bootstrap VaR 90 %": (percentile_interval(var_draws, 0.9), truth),
            "bootstrap ES 90 %": (percentile_interval(es_draws, 0.9), es),
            "bootstrap return level 10 y 90 %": (percentile_interval(levels, 0.9), decade),
            "runs index 90 %": (
                extremal_index_interval(losses, fit.threshold, rng=rng, replications=200),
                theta,
            ),
        }
        for name, ((low, high), true) in ends.items():
            hits[name] += low <= true <= high
    return {name: count / worlds for name, count in hits.items()}


def once_in(path: np.ndarray, days: int) -> float:
    """Loss whose clusters begin once in so many days of a long path."""
    level = float(np.quantile(path, 1 - 1 / days))
    for _ in range(5):
        theta = decluster(path, level).extremal_index
        level = float(np.quantile(path, 1 - 1 / (days * theta)))
    return level


def known_index(worlds: int, n: int, theta: float) -> dict[str, float]:
    """``X_t = max((1 - theta) X_{t-1}, theta Z_t)``, unit Frechet Z: extremal index theta (Coles 2001, section 5.2).

    At a finite threshold runs also join losses that have nothing to do with each other: the truth is the estimator's value
    on two million days at the same quantile.
    """
    long = max_autoregressive(np.random.default_rng(0), 2_000_000, theta)
    level = float(np.quantile(long, 0.97))
    truth = {
        "runs": decluster(long, level).extremal_index,
        "intervals": intervals_extremal_index(long, level),
    }
    hits = {"runs index 90 %": 0, "intervals index 90 %": 0}
    for world in range(worlds):
        rng = np.random.default_rng([4, world])
        losses = max_autoregressive(rng, n + 100, theta)[100:]
        threshold = float(np.quantile(losses, 0.97))
        for estimator in ("runs", "intervals"):
            low, high = extremal_index_interval(
                losses, threshold, rng=rng, estimator=estimator, replications=200
            )
            hits[f"{estimator} index 90 %"] += low <= truth[estimator] <= high
    return {name: count / worlds for name, count in hits.items()}


def max_autoregressive(rng: np.random.Generator, n: int, theta: float) -> np.ndarray:
    """Logs of the process of `known_index`."""
    frechet = (-1.0 / np.log(rng.random(n))).tolist()
    path = [frechet[0]]
    for shock in frechet[1:]:
        path.append(max((1 - theta) * path[-1], theta * shock))
    return np.log(path)


def long_falls(worlds: int, n: int, nu: float) -> dict[str, float]:
    """Falls below the start over a quarter and a year, resampled in blocks of a quarter as in the report."""
    hits = {}
    for days in (91, 365):
        rng = np.random.default_rng([5, days])
        paths = NEAR.simulate(student(rng, nu, (40_000, days + 200)), 3.0)[0][:, 200:]
        truth = np.quantile(falls_of_paths(paths / 100)[1], [0.95, 0.99])
        counts = np.zeros(2)
        for world in range(worlds):
            rng = np.random.default_rng([6, world])
            returns = NEAR.simulate(student(rng, nu, (1, n + 500)), 3.0)[0][0, 500:]
            ends = worst_fall_intervals(
                returns,
                [0.95, 0.99],
                horizon_days=days,
                rng=rng,
                measure="from_start",
                block=91,
                replications=100,
                paths=300,
            )
            counts += [low <= true <= high for (low, high), true in zip(ends, truth, strict=True)]
        for level, count in zip((95, 99), counts, strict=True):
            hits[f"fall {days} d, {level} % 90 %"] = count / worlds
    return hits


def simulated_risk(worlds: int, n: int, recursion: VolatilityRecursion, nu: float) -> dict[str, float]:
    hits = {"FHS VaR 10 d 90 %": 0, "FHS ES 10 d 90 %": 0, "FHS VaR 1 d 90 %": 0, "FHS ES 1 d 90 %": 0}
    for world in range(worlds):
        rng = np.random.default_rng([3, world])
        returns = recursion.simulate(student(rng, nu, (1, n + 500)), 3.0)[0][0]
        _, sigma = recursion.filter(returns, 3.0)
        future = recursion.simulate(student(rng, nu, (100_000, 10)), sigma)[0]
        fit = fit_gjr(returns[500:])
        intervals = fhs_intervals(fit, (1, 10), rng=rng, replications=100, paths=2_000)
        for days, interval in intervals.items():
            losses = -100 * np.expm1(future[:, :days].sum(axis=1) / 100)
            var = np.quantile(losses, LEVEL)
            low, high = interval.value_at_risk
            hits[f"FHS VaR {days} d 90 %"] += low <= var <= high
            low, high = interval.expected_shortfall
            hits[f"FHS ES {days} d 90 %"] += low <= losses[losses >= var].mean() <= high
    return {name: count / worlds for name, count in hits.items()}


def main() -> None:
    worlds = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    chosen = sys.argv[2] if len(sys.argv) > 2 else ""
    studies = {
        "independent, n=3650, xi=0.2": lambda: independent_tail(worlds, 3650, 0.2),
        "independent, n=1500, xi=0.3": lambda: independent_tail(worlds, 1500, 0.3),
        "max-autoregressive, index 0.6": lambda: known_index(worlds, 3650, 0.6),
        "GARCH, n=3650, tail": lambda: clustered_tail(worlds, 3650, 5.0),
        "GARCH, n=3650, falls": lambda: long_falls(worlds, 3650, 5.0),
        "GARCH, n=3650, nu=5, FHS": lambda: simulated_risk(worlds, 3650, NEAR, 5.0),
        "boundary, n=3650, nu=3.5, FHS": lambda: simulated_risk(worlds, 3650, BOUNDARY, 3.5),
    }
    for world, study in studies.items():
        if chosen in world:
            for name, share in study().items():
                print(f"{world:30s} {name:34s} {share:6.3f}", flush=True)


if __name__ == "__main__":
    main()
