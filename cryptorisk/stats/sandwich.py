"""Covariance of estimates by the sandwich: robust to heteroskedasticity, or to dependence within one or more clusters.

References
----------
Cameron, A. C. and Miller, D. L. (2015), "A practitioner's guide to cluster-robust inference", Journal of Human Resources
50(2): 317-372. Cameron, A. C., Gelbach, J. B. and Miller, D. L. (2011), "Robust inference with multiway clustering",
Journal of Business and Economic Statistics 29(2): 238-249.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from cryptorisk.errors import ModelError
from cryptorisk.stats.absorb import Floats, Ints


def covariance(scores: Floats, bread: Floats, clusters: Sequence[Ints], parameters: int) -> Floats:
    """Sandwich covariance of estimates.

    Parameters
    ----------
    scores : ndarray, shape (n, k)
        Contributions to the estimating equations: residual times regressor (freed of effects).
    bread : ndarray, shape (k, k)
        Inverse of the weighted cross-products of the regressors.
    clusters : sequence of ndarray of int, each shape (n,)
        Codes from 0; none for heteroskedasticity alone (HC1).
    parameters : int
        Coefficients that count, K in the factor.

    Returns
    -------
    ndarray, shape (k, k)

    Raises
    ------
    ModelError
        When a clustering has one cluster only, or no degrees of freedom are left.

    Notes
    -----
    The factor is ``n / (n - K)`` without clusters and ``G / (G - 1) (n - 1) / (n - K)`` with, as in Stata, fixest and
    statsmodels. Several clusterings are added and their intersections taken off (Cameron, Gelbach and Miller 2011),
    each with the G of the clustering that has fewest; negative eigenvalues are set to zero as they
    propose.
    """
    n = scores.shape[0]
    if n <= parameters:
        raise ModelError(f"{n} observations do not suffice for {parameters} coefficients")
    if not clusters:
        return np.asarray(n / (n - parameters) * bread @ (scores.T @ scores) @ bread)
    fewest = min(int(code.max()) + 1 for code in clusters)
    if fewest < 2:
        raise ModelError("there is one cluster only", remedy="cluster by something finer")
    factor = fewest / (fewest - 1) * (n - 1) / (n - parameters)
    meat = np.zeros((scores.shape[1], scores.shape[1]))
    for size in range(1, len(clusters) + 1):
        for chosen in combinations(clusters, size):
            meat += (-1) ** (size + 1) * _summed(scores, _crossed(chosen))
    found = factor * bread @ meat @ bread
    return found if len(clusters) == 1 else _without_negative(found)


def _summed(scores: Floats, code: Ints) -> Floats:
    sums = np.column_stack([np.bincount(code, scores[:, j]) for j in range(scores.shape[1])])
    return np.asarray(sums.T @ sums)


def _crossed(codes: Sequence[Ints]) -> Ints:
    """The clustering by all of the given ones together."""
    crossed = codes[0]
    for code in codes[1:]:
        crossed = crossed * (int(code.max()) + 1) + code
    return np.unique(crossed, return_inverse=True)[1].astype(np.int64)


def _without_negative(matrix: Floats) -> Floats:
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    return np.asarray((vectors * np.maximum(values, 0.0)) @ vectors.T)
