"""Receiver operating characteristic: how well a score tells events from the rest, with intervals by clusters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cryptorisk.errors import ModelError
from cryptorisk.stats.bootstrap import percentile_interval
from cryptorisk.stats.sample import FloatArray, Values, checked_sample


@dataclass(frozen=True, eq=False)
class Auroc:
    """Area under the curve.

    Attributes
    ----------
    value, low, high : float
    events, others : int
        Observations of each kind.
    clusters : int
    draws : ndarray
        Areas of the resampled clusters; those in which all are of one kind are left out.
    """

    value: float
    low: float
    high: float
    events: int
    others: int
    clusters: int
    draws: FloatArray


def auroc(scores: Values, events: Values) -> float:
    """Area under the ROC curve: the chance that an event scores higher than another observation, ties counted half.

    Parameters
    ----------
    scores : array-like, shape (n,)
    events : array-like of 0 and 1, shape (n,)

    Raises
    ------
    ModelError
        When all observations are of one kind.

    Notes
    -----
    ``U / (n1 n0)`` with Mann and Whitney's U (Hanley and McNeil 1982, Radiology 143(1), 29-36).
    """
    score, event = _pair(scores, events)
    return float(_areas(score, event, np.ones((1, score.size)))[0])


def auroc_interval(
    scores: Values,
    events: Values,
    clusters: Sequence[Any] | NDArray[Any],
    *,
    level: float,
    replications: int,
    rng: np.random.Generator,
) -> Auroc:
    """Area with a percentile interval from resampled clusters (all observations of a country together).

    Parameters
    ----------
    scores, events : array-like, shape (n,)
    clusters : sequence, shape (n,)
        Labels of the clusters.
    level : float
    replications : int
    rng : numpy.random.Generator

    Raises
    ------
    ModelError
        When all observations are of one kind, or in nearly all resamples are.
    """
    score, event = _pair(scores, events)
    weights = cluster_weights(clusters, replications, rng)
    draws = _areas(score, event, weights)
    draws = draws[np.isfinite(draws)]
    low, high = percentile_interval(draws, level)
    count = len(np.unique(np.asarray(clusters)))
    ones = int(event.sum())
    return Auroc(auroc(score, event), low, high, ones, event.size - ones, count, draws)


def auroc_gain(
    scores: Values,
    other: Values,
    events: Values,
    clusters: Sequence[Any] | NDArray[Any],
    *,
    level: float,
    replications: int,
    rng: np.random.Generator,
) -> tuple[float, float, float]:
    """How much larger the area of one score is than that of another, with an interval: both on the same resamples."""
    score, event = _pair(scores, events)
    second, _ = _pair(other, events)
    weights = cluster_weights(clusters, replications, rng)
    draws = _areas(score, event, weights) - _areas(second, event, weights)
    low, high = percentile_interval(draws[np.isfinite(draws)], level)
    return auroc(score, event) - auroc(second, event), low, high


def auroc_within(
    scores: Values,
    events: Values,
    strata: Sequence[Any] | NDArray[Any],
    clusters: Sequence[Any] | NDArray[Any],
    *,
    level: float,
    replications: int,
    rng: np.random.Generator,
) -> tuple[float, float, float]:
    """Area over the pairs of one stratum alone (a year): what differs between strata does not enter.

    Parameters
    ----------
    scores, events : array-like, shape (n,)
    strata, clusters : sequence, shape (n,)
    level : float
    replications : int
        Resamples of clusters.
    rng : numpy.random.Generator

    Raises
    ------
    ModelError
        When no stratum has both kinds.

    Notes
    -----
    ``sum_s U_s / sum_s n1_s n0_s``: every pair counts the same (the covariate-adjusted area of Janes and Pepe 2009,
    Biometrika 96(2), 371-382, weights strata by their events).
    """
    score, event = _pair(scores, events)
    labels = np.asarray(strata)
    weights = np.vstack([np.ones(score.size), cluster_weights(clusters, replications, rng)])
    below, size = np.zeros(len(weights)), np.zeros(len(weights))
    for one in np.unique(labels):
        of = labels == one
        found = _below(score[of], event[of], weights[:, of])
        below, size = below + found[0], size + found[1]
    if size[0] == 0:
        raise ModelError("no stratum has both events and others")
    areas = below[size > 0] / size[size > 0]
    low, high = percentile_interval(areas[1:], level)
    return float(areas[0]), low, high


def roc_curve(scores: Values, events: Values) -> tuple[FloatArray, FloatArray]:
    """False-alarm rate and hit rate at every threshold, from none called to all called."""
    score, event = _pair(scores, events)
    _, place = np.unique(-score, return_inverse=True)
    hits = np.bincount(place, weights=event)
    alarms = np.bincount(place, weights=1 - event)
    start = np.zeros(1)
    return (
        np.concatenate([start, np.cumsum(alarms) / alarms.sum()]),
        np.concatenate([start, np.cumsum(hits) / hits.sum()]),
    )


def roc_band(
    scores: Values,
    events: Values,
    clusters: Sequence[Any] | NDArray[Any],
    grid: FloatArray,
    *,
    level: float,
    replications: int,
    rng: np.random.Generator,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Hit rate at given false-alarm rates, with a pointwise interval from resampled clusters."""
    score, event = _pair(scores, events)
    order = np.argsort(-score, kind="stable")
    weights = cluster_weights(clusters, replications, rng)
    curves = [_hits(score[order], event[order], row[order], grid) for row in weights]
    known = np.array([one for one in curves if one is not None])
    low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2], axis=0)
    alarms, hits = roc_curve(score, event)
    return np.interp(grid, alarms, hits), low, high


def cluster_weights(
    clusters: Sequence[Any] | NDArray[Any], replications: int, rng: np.random.Generator
) -> FloatArray:
    """How often every observation appears when clusters are drawn with replacement: (replications, n)."""
    _, place = np.unique(np.asarray(clusters), return_inverse=True)
    count = int(place.max()) + 1
    drawn = rng.multinomial(count, np.full(count, 1 / count), size=replications)
    return drawn[:, place].astype(np.float64)


def _areas(score: FloatArray, event: FloatArray, weights: FloatArray) -> FloatArray:
    """One area for every row of weights; NaN where one kind has no weight."""
    below, size = _below(score, event, weights)
    return np.asarray(below / np.where(size > 0, size, np.nan), dtype=np.float64)


def _below(score: FloatArray, event: FloatArray, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Weight of the pairs in which the event scores higher, ties half, and of all pairs, by row of weights."""
    order = np.argsort(score, kind="stable")
    ranked = score[order]
    starts = np.flatnonzero(np.concatenate([[True], ranked[1:] != ranked[:-1]]))
    ones = np.add.reduceat(weights[:, order] * event[order], starts, axis=1)
    rest = np.add.reduceat(weights[:, order] * (1 - event[order]), starts, axis=1)
    below = np.cumsum(rest, axis=1) - rest / 2
    size = ones.sum(axis=1) * rest.sum(axis=1)
    return np.asarray((ones * below).sum(axis=1), dtype=np.float64), np.asarray(size, dtype=np.float64)


def _hits(score: FloatArray, event: FloatArray, weight: FloatArray, grid: FloatArray) -> FloatArray | None:
    ends = np.flatnonzero(np.concatenate([score[1:] != score[:-1], [True]]))
    hits, alarms = np.cumsum(weight * event)[ends], np.cumsum(weight * (1 - event))[ends]
    if hits[-1] == 0 or alarms[-1] == 0:
        return None
    alarms, hits = np.concatenate([[0.0], alarms / alarms[-1]]), np.concatenate([[0.0], hits / hits[-1]])
    return np.asarray(np.interp(grid, alarms, hits), dtype=np.float64)


def _pair(scores: Values, events: Values) -> tuple[FloatArray, FloatArray]:
    score = checked_sample(scores, name="scores", minimum=2)
    event = checked_sample(events, name="events", minimum=2)
    if score.size != event.size:
        raise ModelError(f"{score.size} scores and {event.size} events")
    if not np.isin(event, (0.0, 1.0)).all():
        raise ModelError("events must be 0 or 1")
    if not 0 < event.sum() < event.size:
        raise ModelError(
            f"all {event.size} observations are of one kind", remedy="take a longer sample with both kinds"
        )
    return score, event
