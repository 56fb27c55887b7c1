"""Coverage of the intervals of the minimum-variance share in synthetic worlds with known truth.

Not part of the suite; run it by hand and carry the table to METHODS.md:

    python tests/coverage/study_currency_substitution.py [worlds]

Worlds: inflation follows an AR(1) depreciation with a lag and is persistent, with (a) normal shocks and (b) Student t
shocks with four degrees of freedom in the exchange rate. Ten years of monthly data; nominal coverage 90 %.
"""

from __future__ import annotations

import sys

import numpy as np

from cryptorisk.stats import horizon_portfolio as hp
from cryptorisk.stats import mvp
from cryptorisk.stats.bootstrap import block_indices, percentile_interval
from cryptorisk.stats.peg import holding_variance

MONTHS, LEVEL, HORIZONS = 120, 0.9, (1, 6, 12, 24)


def world(months: int, rng: np.random.Generator, heavy: bool) -> tuple[np.ndarray, np.ndarray]:
    burn = 100
    draws = rng.standard_t(4, months + burn) / np.sqrt(2) if heavy else rng.standard_normal(months + burn)
    noise = 0.5 * rng.standard_normal(months + burn)
    rate, price = np.zeros(months + burn), np.zeros(months + burn)
    for t in range(1, months + burn):
        rate[t] = 0.3 * rate[t - 1] + 3.0 * draws[t]
        price[t] = 0.6 * price[t - 1] + 0.03 * rate[t] + 0.05 * rate[t - 1] + noise[t]
    return price[burn:], rate[burn:]


def study(worlds: int, heavy: bool) -> None:
    price, rate = world(200_000, np.random.default_rng(1), heavy)
    truth = {one.horizon: one.share for one in mvp.term_structure(price, rate - price, HORIZONS)}
    forecast, _ = mvp.surprise_term_structure(price, rate - price, HORIZONS)
    ahead = {one.horizon: one.share for one in forecast}
    plain, raw, surprise = (dict.fromkeys(HORIZONS, 0) for _ in range(3))
    for number in range(worlds):
        rng = np.random.default_rng([2, number])
        pi, depreciation = world(MONTHS + 23, rng, heavy)
        s = depreciation - pi
        for one in mvp.term_structure(pi, s, HORIZONS, window=MONTHS, replications=1000, rng=rng):
            raw[one.horizon] += one.low <= truth[one.horizon] <= one.high
            x = mvp.horizon_changes(depreciation, one.horizon, MONTHS)
            y = mvp.horizon_changes(pi, one.horizon, MONTHS)
            rows = block_indices(MONTHS, one.block, 1000, rng)
            low, high = percentile_interval(mvp.slopes(y, x, rows), LEVEL)
            plain[one.horizon] += low <= truth[one.horizon] <= high
        found, _ = mvp.surprise_term_structure(pi, s, HORIZONS, window=MONTHS, replications=1000, rng=rng)
        for one in found:
            surprise[one.horizon] += one.low <= ahead[one.horizon] <= one.high
    print("Student t(4)" if heavy else "normal")
    for horizon in HORIZONS:
        shares = [100 * count[horizon] / worlds for count in (plain, raw, surprise)]
        print(
            f"  {horizon:2d} months: percentile {shares[0]:.0f}, expanded {shares[1]:.0f}, surprise {shares[2]:.0f} %"
        )


# National money, a stablecoin, bitcoin: real returns from inflation, depreciation and bitcoin, in percent a month.
RETURNS = np.array([[-1.0, 0, 0], [-1, 1, 0], [-1, 1, 1]])
DAYS, PEG_PERSISTENCE, PEG_SD = 730, 0.95, 0.75
COSTS, AVERSION = np.array([0.0, 0.5, 0.5]), 0.05
"""Percent of the amount; a risk aversion of 5 on shares of one is 0.05 on percent."""


def peg(days: int, rng: np.random.Generator) -> np.ndarray:
    distance, shock = np.zeros(days + 200), PEG_SD * np.sqrt(1 - PEG_PERSISTENCE**2)
    for t in range(1, days + 200):
        distance[t] = PEG_PERSISTENCE * distance[t - 1] + shock * rng.standard_normal()
    return distance[200:]


def assets(months: int, rng: np.random.Generator, heavy: bool) -> np.ndarray:
    pi, depreciation = world(months, rng, heavy)
    return np.column_stack([pi, depreciation, 20.0 * rng.standard_normal(months)])


def least(
    covariance: hp.HorizonCovariance, peg_variance: float, draws: np.ndarray, cost: bool
) -> hp.HorizonPortfolio:
    own = np.array([0.0, 1.0, 0.0])
    added = covariance.combined(RETURNS).plus(peg_variance * own, draws[: len(covariance.draws), None] * own)
    return hp.least_risk(added, costs=COSTS if cost else None, risk_aversion=AVERSION)


def portfolio_study(
    worlds: int, heavy: bool, replications: int = 1000
) -> dict[tuple[int, bool], list[float]]:
    """Coverage of the stablecoin's and of bitcoin's weight, percent, by horizon and whether costs count."""
    truth_peg = 2.0 * PEG_SD**2
    population = assets(200_000, np.random.default_rng(1), heavy)
    cases = [(horizon, cost) for horizon in HORIZONS for cost in (False, True)]
    truth = {
        (horizon, cost): least(hp.covariance_at(population, horizon), truth_peg, np.empty(0), cost).weights
        for horizon, cost in cases
    }
    covered = {case: np.zeros(3) for case in cases}
    for number in range(worlds):
        rng = np.random.default_rng([3, number])
        sample = assets(MONTHS + 23, rng, heavy)
        strayed, draws = holding_variance(peg(DAYS, rng), replications=replications, rng=rng)
        for horizon in HORIZONS:
            covariance = hp.covariance_at(sample, horizon, window=MONTHS, replications=replications, rng=rng)
            for cost in (False, True):
                found = least(covariance, strayed, draws, cost)
                inside = (found.low <= truth[horizon, cost] + 1e-9) & (
                    truth[horizon, cost] <= found.high + 1e-9
                )
                covered[horizon, cost] += inside
    return {case: [*(100 * truth[case]), *(100 * covered[case] / worlds)] for case in cases}


def print_portfolio(worlds: int, heavy: bool) -> None:
    print("Portfolio,", "Student t(4)" if heavy else "normal")
    for (horizon, cost), row in portfolio_study(worlds, heavy).items():
        print(
            f"  {horizon:2d} months, {'cost' if cost else 'risk'}: stablecoin {row[1]:.0f} %, covered {row[4]:.0f}; "
            f"bitcoin {row[2]:.1f} %, covered {row[5]:.0f}"
        )


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    for tails in (False, True):
        study(count, tails)
        print_portfolio(count, tails)
