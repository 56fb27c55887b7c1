"""Coverage of the intervals of the minimum-variance share in synthetic worlds with known truth.

Not part of the suite; run it by hand and carry the table to METHODS.md:

    python tests/coverage/study_currency_substitution.py [worlds]

Worlds: inflation follows an AR(1) depreciation with a lag and is persistent, with (a) normal shocks and (b) Student t
shocks with four degrees of freedom in the exchange rate. Ten years of monthly data; nominal coverage 90 %.
"""

from __future__ import annotations

import sys

import numpy as np

from cryptorisk.stats import mvp
from cryptorisk.stats.bootstrap import block_indices, percentile_interval

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


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    for tails in (False, True):
        study(count, tails)
