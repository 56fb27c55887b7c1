"""Inference for clustered data by leaving one cluster out at a time, for any estimator that takes a sample."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from cryptorisk.errors import ModelError
from cryptorisk.stats.holm import adjusted_p

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

FEWEST_CLUSTERS = 10
"""A convention of ours: clustered inference is asymptotic in the number of clusters, and with a handful no interval can
be relied on (MacKinnon, Nielsen and Webb 2023, Cluster-robust inference, Journal of Econometrics 232(2), 272-299)."""

WORST_CONDITION = 1e5
"""Condition number of a design with columns of unit size beyond which its cross-products have lost ten digits."""


@dataclass(frozen=True, eq=False)
class Effects:
    """Estimates of one regression with standard errors from its clusters.

    Attributes
    ----------
    names : tuple of str
    values, errors : ndarray, shape (k,)
    clusters : int
    """

    names: tuple[str, ...]
    values: FloatArray
    errors: FloatArray
    clusters: int

    def interval(self, level: float) -> tuple[FloatArray, FloatArray]:
        """Symmetric intervals with Student's t of ``clusters - 1`` degrees of freedom."""
        half = float(stats.t.ppf(0.5 + level / 2, self.clusters - 1)) * self.errors
        return self.values - half, self.values + half

    @property
    def p_values(self) -> FloatArray:
        """Two-sided p-values against zero with the same distribution; NaN where an error is zero."""
        ratio = np.abs(self.values) / np.where(self.errors > 0, self.errors, np.nan)
        return np.asarray(2 * stats.t.sf(ratio, self.clusters - 1), dtype=np.float64)

    @property
    def adjusted_p_values(self) -> FloatArray:
        """P-values that allow for testing all of them at once (Holm 1979)."""
        return adjusted_p(self.p_values)

    def at(self, name: str) -> int:
        """Place of an estimate."""
        return self.names.index(name)


def jackknife(names: Sequence[str], values: FloatArray, left_out: FloatArray) -> Effects:
    """Estimates with jackknife errors: root of ``(G - 1)/G sum_g (theta_(g) - theta)^2``.

    Parameters
    ----------
    names : sequence of str, length k
    values : ndarray, shape (k,)
        On the whole sample.
    left_out : ndarray, shape (G, k)
        Without each cluster in turn.

    References
    ----------
    MacKinnon, Nielsen and Webb (2023), Fast and reliable jackknife and bootstrap methods for cluster-robust
    inference, Journal of Applied Econometrics 38(5), 671-694: the estimator they call CV3.
    """
    count = len(left_out)
    errors = np.sqrt((count - 1) / count * ((left_out - values) ** 2).sum(axis=0))
    return Effects(tuple(names), values, errors, count)


def leave_out(estimate: Callable[[Mask], FloatArray], labels: IntArray) -> FloatArray:
    """An estimator's values when each cluster is left out, one row a cluster in the order of its label.

    Parameters
    ----------
    estimate : callable
        Takes a mask of the observations that are kept.
    labels : ndarray, shape (n,)
    """
    return np.array([estimate(labels != group) for group in np.unique(labels)])


def least_squares(
    y: npt.ArrayLike, design: npt.ArrayLike, clusters: npt.ArrayLike, names: Sequence[str]
) -> Effects:
    """Ordinary least squares with jackknife errors over clusters.

    Parameters, errors as `checked`.
    """
    response, x, labels = checked(y, design, clusters, names)

    def solve(keep: Mask) -> FloatArray:
        return np.asarray(np.linalg.lstsq(x[keep], response[keep], rcond=None)[0], dtype=np.float64)

    return jackknife(names, solve(np.ones(len(response), dtype=bool)), leave_out(solve, labels))


def checked(
    y: npt.ArrayLike, design: npt.ArrayLike, clusters: npt.ArrayLike, names: Sequence[str]
) -> tuple[FloatArray, FloatArray, IntArray]:
    """Response, design and cluster numbers of a regression that can be estimated, also without any one cluster.

    Parameters
    ----------
    y : array_like, shape (n,)
    design : array_like, shape (n, k)
        With its constant, where one is wanted.
    clusters : array_like, shape (n,)
        Labels; observations of one cluster may depend on each other in any way.
    names : sequence of str, length k

    Raises
    ------
    ModelError
        Shapes that do not fit, figures that are not finite, fewer than ten clusters, regressors that are not
        independent (Hansen 2025, Jackknife standard errors for clustered regression, shows that the jackknife fails
        where one cluster alone carries a regressor).
    """
    response, x = np.asarray(y, dtype=np.float64), np.asarray(design, dtype=np.float64)
    _groups, labels = np.unique(np.asarray(clusters), return_inverse=True)
    if x.ndim != 2 or x.shape != (len(response), len(names)) or len(labels) != len(response):
        raise ModelError(
            f"{len(response)} observations, a design of {x.shape} and {len(names)} names do not fit"
        )
    if not (np.isfinite(x).all() and np.isfinite(response).all()):
        raise ModelError("a regression needs finite figures; leave out the observations that lack one")
    count = int(labels.max(initial=-1)) + 1
    if count < FEWEST_CLUSTERS:
        raise ModelError(f"{count} clusters where {FEWEST_CLUSTERS} are needed")
    for group in range(-1, count):
        kept = x[labels != group]
        size = np.linalg.norm(kept, axis=0)
        if len(kept) <= x.shape[1] or not (size > 0).all() or np.linalg.cond(kept / size) > WORST_CONDITION:
            which = "" if group < 0 else " when one cluster is left out"
            raise ModelError(f"the regressors are not independent{which}")
    return response, x, labels.astype(np.int64)
