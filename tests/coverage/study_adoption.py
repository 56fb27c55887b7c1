"""Coverage of the intervals of adoption's average marginal effects and of predictions, in worlds with known truth.

Not part of the suite; run it by hand and carry the table to METHODS.md:

    python tests/coverage/study_adoption.py [worlds]

Worlds (tests/recovery/adoption_world.py): beta-distributed shares with a logistic mean, dependent inside an economy; one
skewed and three correlated regressors that hardly move over time. 27 economies seen in one to three years, as the
published shares; 138 seen in two or three, as the ranks. Nominal coverage 90 %.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import numpy as np
import statsmodels.api as sm
from scipy import stats
from scipy.special import expit, logit

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "recovery"))

from adoption_world import BETA, NAMES, economies, true_effects, world

from cryptorisk.stats.fractional import average_effects, fractional_logit

LEVEL = 0.9


def sandwich(y: np.ndarray, x: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Average marginal effects with delta-method errors from the usual clustered sandwich."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit = sm.GLM(y, x, family=sm.families.Binomial()).fit(cov_type="cluster", cov_kwds={"groups": labels})
    step = 1e-5 * np.eye(len(fit.params))
    slope = np.array(
        [(average_effects(x, fit.params + e) - average_effects(x, fit.params - e)) / 2e-5 for e in step]
    )
    return average_effects(x, fit.params), np.sqrt(np.einsum("ia,ij,ja->a", slope, fit.cov_params(), slope))


def study(count: int, fewest: int, worlds: int) -> None:
    truth = true_effects(fewest)
    jack, normal, student = np.zeros(4), np.zeros(4), np.zeros(4)
    predicted, gains, null = 0, [], 0
    for number in range(worlds):
        rng = np.random.default_rng([7, count, number])
        y, x, labels = world(count, fewest, rng)
        fit = fractional_logit(y, x, labels, NAMES)
        low, high = fit.effects.interval(LEVEL)
        jack += (low[:4] <= truth[:4]) & (truth[:4] <= high[:4])
        null += fit.effects.p_values[2] < 1 - LEVEL
        value, error = sandwich(y, x, labels)
        for tally, quantile in (
            (normal, stats.norm.ppf(0.5 + LEVEL / 2)),
            (student, stats.t.ppf(0.5 + LEVEL / 2, count - 1)),
        ):
            tally += np.abs(value[:4] - truth[:4]) <= quantile * error[:4]
        # A further economy in the last year, and the interval that the chapter prints for it.
        new = np.array([*economies(1, rng)[0], 1.0, 0.0, 1.0])
        mean = expit(new @ BETA)
        own = np.clip(rng.beta(25 * mean, 25 * (1 - mean)), 1e-6, 1 - 1e-6)
        spread = np.sqrt(np.mean((logit(y) - logit(fit.held_out)) ** 2))
        half = stats.t.ppf(0.5 + LEVEL / 2, count - 1) * spread
        predicted += abs(logit(own) - logit(fit.expected(new))) <= half
        years = fractional_logit(y, x[:, 4:], labels, NAMES[4:])
        gains.append(1 - np.sum((y - fit.held_out) ** 2) / np.sum((y - years.held_out) ** 2))
    print(f"{count} economies, {worlds} worlds, nominal {100 * LEVEL:.0f} %")
    for name, tally in (("jackknife, t", jack), ("sandwich, t", student), ("sandwich, normal", normal)):
        cells = ", ".join(f"{NAMES[i]} {100 * tally[i] / worlds:.1f}" for i in range(4))
        print(f"  {name}: {cells}")
    print(
        f"  prediction of a further economy: {100 * predicted / worlds:.1f}; false finds {100 * null / worlds:.1f} %; "
        f"median gain outside of the sample {np.median(gains):.2f}"
    )


if __name__ == "__main__":
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    study(27, 1, many)
    study(138, 2, many)
