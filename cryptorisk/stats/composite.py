"""Composite scores: linear scoring between two thresholds, weighted means, and their sensitivity to the choices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

FLOOR = 10.0
"""Lowest resilience (100 less the score) that enters a geometric mean.

At zero one pillar would decide alone; at 1 a single pillar at 100 among five calm ones would still give 60. At 10 it
gives 37, against 20 by the arithmetic mean: stressed pillars weigh more than in proportion, but do not decide alone.
"""


def linear_score(values: ArrayLike, calm: ArrayLike, stress: ArrayLike) -> Array:
    """Score from 0 at ``calm`` to 100 at ``stress``, clipped; ``calm`` may lie above ``stress``.

    Parameters
    ----------
    values, calm, stress : array_like
        Broadcast against each other. NaN values give NaN scores.

    Raises
    ------
    ValueError
        Where the two thresholds coincide.
    """
    calm, stress = np.asarray(calm, float), np.asarray(stress, float)
    if np.any(calm == stress):
        raise ValueError("the two thresholds of an indicator must differ")
    return np.asarray(np.clip((np.asarray(values, float) - calm) / (stress - calm), 0, 1) * 100)


def weighted_mean(scores: ArrayLike, weights: ArrayLike, *, geometric: bool) -> Array:
    """Weighted mean over the last axis, leaving out NaN scores; NaN where nothing is left.

    Scores are risks. The geometric mean is taken of their complements to 100, the resilience: so a calm pillar cannot make
    up for a stressed one (OECD and Joint Research Centre 2008, Handbook on Constructing Composite Indicators, step 6).
    A geometric mean of the risks themselves would do the opposite: one calm pillar would pull the whole rating down.
    Resilience below `FLOOR` enters as `FLOOR`.
    """
    scores, weights = np.asarray(scores, float), np.asarray(weights, float)
    seen = ~np.isnan(scores)
    used = np.where(seen, weights, 0.0)
    total = used.sum(axis=-1)
    base = np.where(seen, scores, 0.0)
    if geometric:
        base = np.log(np.maximum(100.0 - base, FLOOR))
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = (base * used).sum(axis=-1) / total
    return np.asarray(100.0 - np.exp(mean) if geometric else mean)


@dataclass(frozen=True)
class Indicators:
    """Plain arrays of one entry an indicator: value with interval ends, thresholds, pillar number, may-vary flag."""

    value: Array
    low: Array
    high: Array
    calm: Array
    stress: Array
    pillar: NDArray[np.int64]
    vary: NDArray[np.bool_]


def pillar_scores(indicators: Indicators, n_pillars: int, *, coverage: ArrayLike = 0.5) -> Array:
    """Mean score of each pillar's observed indicators; NaN where less than ``coverage`` of them is observed.

    ``coverage`` is a number, or one number a pillar.
    """
    scores = linear_score(indicators.value, indicators.calm, indicators.stress)
    return np.asarray(_by_pillar(scores[None, :], indicators.pillar, n_pillars, coverage)[0])


def pillar_ranges(indicators: Indicators, n_pillars: int, *, coverage: ArrayLike = 0.5) -> Array:
    """Lowest and highest score of each pillar over the intervals of its indicators.

    Every score moves one way with its value, so the ends of a mean are the means of the scores' ends, whatever the
    indicators have in common: the covers of one stock of reserves err together, and independent draws would make too
    little of that.

    Returns
    -------
    ndarray, shape (2, pillars)
        NaN where `pillar_scores` is.
    """
    ends = np.stack([indicators.low, indicators.value, indicators.high])
    scores = linear_score(ends, indicators.calm, indicators.stress)
    extremes = np.stack([scores.min(axis=0), scores.max(axis=0)])
    return _by_pillar(extremes, indicators.pillar, n_pillars, coverage)


def rating_draws(
    indicators: Indicators,
    weights: ArrayLike,
    *,
    draws: int,
    rng: np.random.Generator,
    concentration: float = 5.0,
    threshold_spread: float = 0.2,
    coverage: ArrayLike = 0.5,
) -> Array:
    """Ratings under perturbed choices.

    Parameters
    ----------
    indicators : Indicators
    weights : array_like, shape (pillars,)
        Central weights; drawn from a Dirichlet distribution with mean ``weights / sum`` and ``concentration`` per pillar.
    draws : int
    rng : numpy.random.Generator
    threshold_spread : float
        Thresholds that may vary are multiplied by independent uniforms on ``1 -/+ threshold_spread``.
    coverage : float or array_like, shape (pillars,)
        Share of a pillar's indicators that must be observed.

    Returns
    -------
    ndarray, shape (draws,)
        Half of the draws use the geometric mean over pillars, half the arithmetic one. Values are drawn from a
        triangular distribution over their interval, so the spread holds both the choices' and the estimates' doubt.

    References
    ----------
    Saisana, Saltelli and Tarantola (2005), Journal of the Royal Statistical Society A 168(2), 307-323.
    """
    weights = np.asarray(weights, float)
    n, m = len(weights), len(indicators.value)
    drawn_weights = rng.dirichlet(np.maximum(concentration * n * weights / weights.sum(), 1e-9), size=draws)
    factor = rng.uniform(1 - threshold_spread, 1 + threshold_spread, size=(2, draws, m))
    factor = np.where(indicators.vary, factor, 1.0)
    calm, stress = indicators.calm * factor[0], indicators.stress * factor[1]
    # Thresholds drawn onto each other or past each other keep their order and a twentieth of their distance.
    gap = indicators.stress - indicators.calm
    stress = np.where((stress - calm) * np.sign(gap) < 0.05 * np.abs(gap), calm + 0.05 * gap, stress)
    scores = linear_score(_triangular(indicators, draws, rng), calm, stress)
    pillars = _by_pillar(scores, indicators.pillar, n, coverage)
    half = draws // 2
    return np.concatenate(
        [
            weighted_mean(pillars[:half], drawn_weights[:half], geometric=True),
            weighted_mean(pillars[half:], drawn_weights[half:], geometric=False),
        ]
    )


def _triangular(indicators: Indicators, draws: int, rng: np.random.Generator) -> Array:
    wide = indicators.high > indicators.low
    low = np.where(wide, indicators.low, 0.0)
    high = np.where(wide, indicators.high, 1.0)
    mode = np.clip(np.where(wide, indicators.value, 0.5), low, high)
    drawn = rng.triangular(low, mode, high, size=(draws, len(low)))
    return np.where(wide, drawn, indicators.value)


def _by_pillar(scores: Array, pillar: NDArray[np.int64], n_pillars: int, coverage: ArrayLike) -> Array:
    result = np.full((scores.shape[0], n_pillars), np.nan)
    needed = np.broadcast_to(np.asarray(coverage, float), (n_pillars,))
    for number in range(n_pillars):
        inside = scores[:, pillar == number]
        if inside.shape[1] == 0:
            continue
        seen = ~np.isnan(inside)
        enough = seen.mean(axis=1) >= needed[number]
        sums = np.where(seen, inside, 0.0).sum(axis=1)
        result[:, number] = np.where(enough, sums / np.maximum(seen.sum(axis=1), 1), np.nan)
    return result
