"""A synthetic world of adoption with known effects: uneven clusters, a skewed regressor, dependence inside clusters."""

import numpy as np
from scipy import stats
from scipy.special import expit

NAMES = ("inflation", "internet", "controls", "income", "constant", "year 1", "year 2")
BETA = np.array([0.25, 0.35, 0.0, -0.2, -2.3, 0.1, 0.5])
PRECISION, INSIDE = 25.0, 0.7
"""Of the beta distribution of the shares, and correlation of their normal scores inside an economy."""


def economies(count, rng):
    """Regressors that hardly move within an economy: one lognormal, three correlated normal ones."""
    mixed = (
        rng.normal(size=(count, 3)) @ np.linalg.cholesky([[1, -0.4, 0.7], [-0.4, 1, -0.6], [0.7, -0.6, 1]]).T
    )
    skewed = (rng.lognormal(0, 0.8, count) - np.exp(0.32)) / np.sqrt((np.exp(0.64) - 1) * np.exp(0.64))
    return np.column_stack([skewed, mixed])


def world(count, fewest, rng):
    """``(fraction, design, labels)``: economies seen in ``fewest`` to three of three years.

    The conditional mean is the logistic one exactly: dependence comes by a copula and leaves the margins alone.
    """
    fixed = economies(count, rng)
    rows, labels, scores = [], [], []
    for economy in range(count):
        common = rng.normal()
        for year in sorted(rng.permutation(3)[: rng.integers(fewest, 4)]):
            x = fixed[economy] + 0.15 * rng.normal(size=4)
            rows.append([*x, 1.0, float(year == 1), float(year == 2)])
            labels.append(economy)
            scores.append(np.sqrt(INSIDE) * common + np.sqrt(1 - INSIDE) * rng.normal())
    design = np.array(rows)
    mean = expit(design @ BETA)
    u = stats.norm.cdf(np.array(scores))
    y = stats.beta.ppf(u, mean * PRECISION, (1 - mean) * PRECISION)
    return np.clip(y, 1e-6, 1 - 1e-6), design, np.array(labels)


def true_effects(fewest):
    """Average marginal effects in the population, from a very large world."""
    _y, design, _labels = world(40_000, fewest, np.random.default_rng(1))
    mean = expit(design @ BETA)
    return (mean * (1 - mean)).mean() * BETA
