"""Sums over the observations at or below a threshold, for every threshold of a grid at once."""

from __future__ import annotations

import numpy as np

from cryptorisk.errors import ModelError
from cryptorisk.stats.sample import FloatArray, IntArray


def threshold_grid(w: FloatArray, points: int, trim: float) -> FloatArray:
    """Order statistics of ``w`` that leave each regime more than ``trim`` of the observations.

    Parameters
    ----------
    w : ndarray, shape (n,)
    points : int
        At most so many, evenly spaced in ranks.
    trim : float

    Returns
    -------
    ndarray, shape (g,)
        Ascending and distinct.

    Raises
    ------
    ModelError
        When fewer than two are left.

    Notes
    -----
    Ranks of the distinct values as in the program of Hansen and Seo (2002).
    """
    distinct = np.unique(w)
    ranks = np.rint((trim + np.arange(points) * (1 - 2 * trim) / points) * len(distinct)).astype(int) - 1
    grid: FloatArray = np.unique(distinct[np.clip(ranks, 0, len(distinct) - 1)])
    below = np.searchsorted(np.sort(w), grid, side="right") / len(w)
    grid = grid[np.minimum(below, 1 - below) > trim]
    if len(grid) < 2:
        raise ModelError("the gap has too few distinct values to look for a threshold")
    return grid


def split(w: FloatArray, grid: FloatArray) -> tuple[IntArray, IntArray]:
    """Order of the observations by ``w``, and how many lie at or below each threshold."""
    order = np.argsort(w, kind="stable")
    counts: IntArray = np.searchsorted(w[order], grid, side="right")
    return order, counts


def cross_sums(left: FloatArray, right: FloatArray, counts: IntArray) -> FloatArray:
    """``left' right`` over the first ``counts[i]`` rows, for each i.

    Parameters
    ----------
    left : ndarray, shape (n, a)
    right : ndarray, shape (n, b)
        Both in the order of `split`.
    counts : ndarray of int, shape (g,)
        Ascending.

    Returns
    -------
    ndarray, shape (g, a, b)
    """
    starts = np.concatenate([[0], counts[:-1]])
    pieces = [left[a:b].T @ right[a:b] for a, b in zip(starts, counts, strict=True)]
    sums: FloatArray = np.cumsum(pieces, axis=0)
    return sums
