"""Coverage of the intervals of temporal disaggregation and of forecasts in synthetic worlds with known truth.

Not part of the suite (a small version is: tests/recovery/test_recovery_disaggregation.py); run it by hand and carry the
tables to METHODS.md:

    python tests/coverage/study_disaggregation.py [worlds]

Nominal coverage 80 %. Worlds of the linear methods: the model itself, months from 8, 16 or 30 annual totals. Worlds in
logarithms: five annual totals that end in June, as there are, spread by an index to an elasticity of one half, with steps
and passing noise of the size found; the intervals are those of the report, from draws. Forecasts: random walks and mean
reverting series of 77 months, as there are.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np

from cryptorisk.stats.disaggregation import disaggregate
from cryptorisk.stats.forecast_choice import choose, fan
from cryptorisk.stats.forecast_evaluation import rolling_origin, score
from cryptorisk.stats.forecasting import CANDIDATES
from cryptorisk.stats.log_disaggregation import deviations, log_path
from cryptorisk.stats.log_link import link

LEVEL, QUANTILE = 0.8, 1.2815515655446004
AHEAD = 12
ELASTICITY, STEP, PASSING = 0.5, 0.11, 1.3


def walk(n: int, rng: np.random.Generator, sd: float = 1.0) -> np.ndarray:
    return np.cumsum(sd * rng.standard_normal(n))


def autoregressive(n: int, rho: float, rng: np.random.Generator) -> np.ndarray:
    noise = rng.standard_normal(n)
    noise[0] /= np.sqrt(1 - rho**2)
    for t in range(1, n):
        noise[t] += rho * noise[t - 1]
    return noise


def linear_world(
    method: str, years: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Indicators, truth and grouping of a world in which the method's model holds."""
    n = 12 * years + AHEAD
    group = np.where(np.arange(n) < 12 * years, np.arange(n) // 12, -1)
    indicator = 100 + walk(n, rng)
    if method == "denton-cholette":
        indicator = np.exp(0.1 * walk(n, rng))
        return indicator, indicator * (10 + walk(n, rng, 0.1)), group
    error = autoregressive(n, 0.9, rng) if method == "chow-lin" else walk(n, rng)
    x = np.column_stack([np.ones(n), indicator])
    return x, x @ np.array([20.0, 1.5]) + error, group


def linear(method: str, years: int, worlds: int) -> tuple[float, float]:
    """Share of months inside, within the totals and beyond them."""
    inside, beyond = [], []
    for number in range(worlds):
        rng = np.random.default_rng([3, years, number])
        x, truth, group = linear_world(method, years, rng)
        totals = np.bincount(group[group >= 0], truth[group >= 0])
        low, high = disaggregate(totals, group, x, method=method).interval(LEVEL)
        hit = (low <= truth) & (truth <= high)
        inside.append(hit[group >= 0].mean())
        beyond.append(hit[group < 0].mean())
    return 100 * float(np.mean(inside)), 100 * float(np.mean(beyond))


def log_world(years: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    n = 12 * years + AHEAD
    group = np.where(np.arange(n) < 12 * years, np.arange(n) // 12, -1)
    index = walk(n, rng, 0.2)
    truth = np.exp(ELASTICITY * index + walk(n, rng, STEP) + PASSING * STEP * rng.standard_normal(n))
    return index, truth, group


def logarithms(years: int, worlds: int, *, chosen: bool) -> tuple[float, float, float]:
    """Share inside: months of the totals, months beyond, and the total of the next twelve months.

    ``chosen``: the elasticity is that of 0, 1 and the fitted one that predicts left-out changes best.
    """
    inside, beyond, total = [], [], []
    for number in range(worlds):
        rng = np.random.default_rng([4, years, number])
        index, truth, group = log_world(years, rng)
        totals = np.bincount(group[group >= 0], truth[group >= 0])
        found = link(totals, group, index)
        if chosen:
            found = link(totals, group, index, kind=min(found.left_out, key=found.left_out.__getitem__))
        path = log_path(totals, group, found.elasticity * index)
        strayed = deviations(found, index, 1000, rng, transitory=PASSING)
        draws = path.draw(np.tile(np.log(totals), (1000, 1)), strayed)
        low, high = np.quantile(draws, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
        hit = (low <= truth) & (truth <= high)
        inside.append(hit[group >= 0].mean())
        beyond.append(hit[group < 0].mean())
        sums = draws[:, group < 0].sum(axis=1)
        low, high = np.quantile(sums, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        total.append(low <= truth[group < 0].sum() <= high)
    return tuple(100 * float(np.mean(one)) for one in (inside, beyond, total))


def series(kind: str, rng: np.random.Generator, n: int) -> np.ndarray:
    return walk(n, rng, 0.15) if kind == "random walk" else 0.15 * autoregressive(n, 0.8, rng)


def forecasts(kind: str, worlds: int) -> Iterator[tuple[str, float, float, float]]:
    """By horizon: own normal interval of exponential smoothing, fan from past errors; and what is chosen."""
    own, calibrated, chosen = np.zeros(3), np.zeros(3), []
    steps = np.array([1, 6, 12])
    for number in range(worlds):
        rng = np.random.default_rng([5, number])
        y = series(kind, rng, 77 + AHEAD)
        evaluation = rolling_origin(y[:77], most=48, refit=12)
        scores = {name: score(evaluation, name, LEVEL, QUANTILE) for name in evaluation.mean}
        name = choose(evaluation, scores).name
        chosen.append(name)
        ahead = {one: c.forecast(c.fit(y[:77]), y[:77], AHEAD) for one, c in CANDIDATES.items()}
        mean = (
            np.mean([one.mean for one in ahead.values()], axis=0) if name not in ahead else ahead[name].mean
        )
        calibrated += np.abs(y[77:] - mean)[steps - 1] <= fan(evaluation, name, LEVEL)[steps - 1]
        smooth = ahead["ets"]
        own += np.abs(y[77:] - smooth.mean)[steps - 1] <= QUANTILE * smooth.sd[steps - 1]
    for place, step in enumerate(steps):
        share = 100 * np.mean([one == "random_walk" for one in chosen])
        yield f"{kind}, {step}", 100 * own[place] / worlds, 100 * calibrated[place] / worlds, float(share)


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    for method in ("chow-lin", "fernandez", "denton-cholette"):
        for length in (8, 16, 30):
            within, after = linear(method, length, count)
            print(f"{method}, {length} totals: months {within:.0f}, twelve months beyond {after:.0f} %")
    for length in (5, 10):
        for how in (False, True):
            shares = logarithms(length, count, chosen=how)
            print(
                f"logarithms, {length} totals, elasticity {'chosen' if how else 'fitted'}: months {shares[0]:.0f}, "
                f"months beyond {shares[1]:.0f}, total beyond {shares[2]:.0f} %"
            )
    for world in ("random walk", "mean reverting"):
        for label, own, fan_share, naive in forecasts(world, max(20, count // 5)):
            print(
                f"{label} months: own {own:.0f}, from past errors {fan_share:.0f} %; no change used in {naive:.0f} %"
            )
