"""Large losses come in clusters: runs declustering and the extremal index."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from cryptorisk.errors import ModelError
from cryptorisk.stats.bootstrap import block_indices, percentile_interval
from cryptorisk.stats.sample import FloatArray, IntArray, Values, checked_sample

LEAST_COUNTED = 30
"""Fewest losses that an extremal index is counted from: at an index near one its standard error is then about 0.05, at one
half 0.09."""


@dataclass(frozen=True, eq=False)
class Clusters:
    """Exceedances grouped into clusters.

    Attributes
    ----------
    threshold : float
    run_length : int
        Consecutive periods at or below the threshold that end a cluster.
    n_exceed, n_clusters : int
    extremal_index : float
        Clusters per exceedance: one for independent losses, below one when they cluster.
    peaks : ndarray, shape (n_clusters,)
        Largest loss of each cluster.
    positions : ndarray of int, shape (n_clusters,)
        Where in the series each peak is.
    """

    threshold: float
    run_length: int
    n_exceed: int
    n_clusters: int
    extremal_index: float
    peaks: FloatArray
    positions: IntArray


def decluster(losses: Values, threshold: float, *, run_length: int = 4) -> Clusters:
    """Group exceedances by the runs rule (Coles 2001, section 5.3.2).

    Parameters
    ----------
    losses : array-like, shape (n,)
        In time order, without gaps.
    threshold : float
    run_length : int
        A cluster ends after this many consecutive periods at or below the threshold.

    Returns
    -------
    Clusters

    Raises
    ------
    ModelError
        When nothing exceeds the threshold.
    """
    sample = checked_sample(losses, name="losses", minimum=2)
    if run_length < 1:
        raise ModelError(f"run_length must be at least 1 (got {run_length})")
    places = np.flatnonzero(sample > threshold)
    if places.size == 0:
        raise ModelError(f"no loss exceeds the threshold {threshold:.4g}")
    begins = np.flatnonzero(np.r_[True, np.diff(places) > run_length])
    # Of every cluster the first of its largest losses.
    cluster = np.repeat(np.arange(begins.size), np.diff(np.r_[begins, places.size]))
    largest = np.maximum.reduceat(sample[places], begins)
    at_peak = np.flatnonzero(sample[places] == largest[cluster])
    peaks = places[at_peak[np.unique(cluster[at_peak], return_index=True)[1]]].astype(np.int64)
    return Clusters(
        threshold=float(threshold),
        run_length=run_length,
        n_exceed=int(places.size),
        n_clusters=begins.size,
        extremal_index=begins.size / places.size,
        peaks=sample[peaks],
        positions=peaks,
    )


def decluster_near(
    losses: Values, level: float, *, run_length: int = 4, least: int = LEAST_COUNTED
) -> Clusters:
    """Clusters of losses at the level asked about, or at the highest level that enough losses still exceed.

    Large losses may cluster less the larger they are (independent in the limit for a Gaussian process, not for a GARCH
    one), so that an index read at the threshold of a fitted tail need not be that of the losses asked about.

    Parameters
    ----------
    losses : array-like, shape (n,)
        In time order, without gaps; more than ``least``.
    level : float
    run_length : int
    least : int
        Losses that must exceed the level.

    Returns
    -------
    Clusters
        ``threshold`` says at which level they were counted.
    """
    sample = checked_sample(losses, name="losses", minimum=least + 1)
    countable = float(np.partition(sample, -least - 1)[-least - 1])
    return decluster(sample, min(level, countable), run_length=run_length)


def intervals_extremal_index(losses: Values, threshold: float) -> float:
    """Extremal index from the times between exceedances, without a run length to choose.

    References
    ----------
    Ferro and Segers (2003), Journal of the Royal Statistical Society B 65, equations (4) and (5).
    """
    sample = checked_sample(losses, name="losses", minimum=2)
    gaps = np.diff(np.flatnonzero(sample > threshold)).astype(float)
    if gaps.size < 2:
        raise ModelError("fewer than three losses exceed the threshold; the extremal index needs more")
    if gaps.max() <= 2:
        moment = 2.0 * gaps.sum() ** 2 / (gaps.size * (gaps**2).sum())
    else:
        moment = 2.0 * (gaps - 1.0).sum() ** 2 / (gaps.size * ((gaps - 1.0) * (gaps - 2.0)).sum())
    return min(1.0, float(moment))


def extremal_index_interval(
    losses: Values,
    threshold: float,
    *,
    rng: np.random.Generator,
    estimator: Literal["runs", "intervals"] = "runs",
    run_length: int = 4,
    block: int | None = None,
    replications: int = 500,
    coverage: float = 0.9,
) -> tuple[float, float]:
    """Block-bootstrap interval of the extremal index, centred on its estimate.

    Parameters
    ----------
    losses, threshold, run_length
        As in `decluster`.
    rng : numpy.random.Generator
    estimator : {"runs", "intervals"}
        `decluster` or `intervals_extremal_index`.
    block : int, optional
        Default ``2 n^(1/2)``, long against clusters, which a joint between blocks would cut.
    replications : int
    coverage : float

    Returns
    -------
    (low, high)
        Percentiles of the draws, moved as `about_index` says.
    """
    sample = checked_sample(losses, name="losses", minimum=20)
    length = block or math.ceil(2.0 * math.sqrt(sample.size))
    rows = block_indices(sample.size, length, replications, rng)
    if estimator == "intervals":
        point = intervals_extremal_index(sample, threshold)
        draws = [intervals_extremal_index(sample[row], threshold) for row in rows]
    else:
        point = decluster(sample, threshold, run_length=run_length).extremal_index
        draws = [decluster(sample[row], threshold, run_length=run_length).extremal_index for row in rows]
    return about_index(point, np.asarray(draws), coverage)


def about_index(point: float, draws: FloatArray, coverage: float) -> tuple[float, float]:
    """Percentiles of resampled extremal indices, moved by the distance of their mean from the estimate and cut at one.

    Parameters
    ----------
    point : float
        Of the sample.
    draws : ndarray, shape (replications,)
    coverage : float

    Returns
    -------
    (low, high)
        Joints between blocks cut clusters and a threshold estimated anew is higher in stormy histories, so that resampled
        indices lie above the sample's: unmoved, the interval need not hold its own estimate.
    """
    low, high = percentile_interval(draws, coverage)
    moved = point - float(np.mean(draws))
    return max(low + moved, 0.0), min(high + moved, 1.0)
