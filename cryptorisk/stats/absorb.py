"""Fixed effects taken out of a regression without a dummy for each: the weighted within-transformation.

An effect is a partition of the observations. With one effect the within-transformation subtracts weighted group means;
with several the projections on each alternate until nothing is left to subtract, which conjugate gradients speed up, so
that thousands of levels cost no more than some passes over the data.

References
----------
Guimarães, P. and Portugal, P. (2010), "A simple feasible procedure to fit models with high-dimensional fixed effects",
Stata Journal 10(4): 628-649. Stammann, A. (2018), "Fast and feasible estimation of generalized linear models with
high-dimensional k-way fixed effects", arXiv:1707.01815. Hernández-Ramos, L. M., Escalante, R. and Raydan, M. (2011),
"Unconstrained optimization techniques for the acceleration of alternating projection methods", Numerical Functional
Analysis and Optimization 32(10): 1041-1066: conjugate gradients on the symmetric sweep.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from cryptorisk.errors import ModelError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

JOIN = "^"
"""Between columns whose combinations are the levels of one effect: ``origin^date``."""

EXACT_RANK_UP_TO = 2000
"""Levels up to which the rank of three and more effects is counted exactly; a Gram matrix of that size takes about two
seconds, and beyond it only the effects' overlaps by pairs are taken off."""

_MAX_SWEEPS = 10_000


def codes_of(frame: pd.DataFrame, term: str) -> tuple[Ints, list[str]]:
    """Level of each row and the levels' names, in order of first appearance, for a column or several joined by ``^``.

    Raises
    ------
    ModelError
        When a column is not there.
    """
    names = term.split(JOIN)
    lacking = [name for name in names if name not in frame.columns]
    if lacking:
        raise ModelError(
            f"no column {', '.join(lacking)}", remedy=f"the columns are {', '.join(map(str, frame))}"
        )
    texts = frame[names[0]].astype(str)
    for name in names[1:]:
        texts = texts + JOIN + frame[name].astype(str)
    codes, levels = pd.factorize(texts)
    return codes.astype(np.int64), [str(level) for level in levels]


@dataclass(frozen=True)
class Effects:
    """Partitions of the same observations.

    Attributes
    ----------
    names : tuple of str
    codes : tuple of ndarray of int, each shape (n,)
        Level of each observation, from 0 without gaps.
    """

    names: tuple[str, ...]
    codes: tuple[Ints, ...]

    @classmethod
    def of(cls, frame: pd.DataFrame, terms: Sequence[str]) -> Effects:
        """Effects named by columns, or by columns joined with ``^``."""
        return cls(tuple(terms), tuple(codes_of(frame, term)[0] for term in terms))

    @property
    def sizes(self) -> tuple[int, ...]:
        """Number of levels of each."""
        return tuple(int(code.max()) + 1 if code.size else 0 for code in self.codes)

    def take(self, kept: Mask) -> Effects:
        """The effects on a part of the observations, levels numbered anew."""
        codes = (np.unique(code[kept], return_inverse=True)[1].astype(np.int64) for code in self.codes)
        return Effects(self.names, tuple(codes))

    def dummies(self) -> sparse.csr_array:
        """All levels as columns of zeros and ones, shape (n, levels)."""
        n, rows = len(self.codes[0]), np.arange(len(self.codes[0]))
        blocks = [
            sparse.csr_array((np.ones(n), (rows, code)), shape=(n, size))
            for code, size in zip(self.codes, self.sizes, strict=True)
        ]
        return sparse.csr_array(sparse.hstack(blocks))

    def rank(self) -> int:
        """Number of levels that are not combinations of others: what the effects cost in degrees of freedom.

        Notes
        -----
        Two effects overlap once in every connected part of the graph between their levels (Abowd, Creecy and Kramarz
        2002). For more, the rank of the Gram matrix up to `EXACT_RANK_UP_TO` levels; beyond, each further effect is
        counted less its overlap with the first, which is at most too many.
        """
        if not self.codes:
            return 0
        sizes = self.sizes
        if len(sizes) > 2 and sum(sizes) <= EXACT_RANK_UP_TO:
            dummies = self.dummies()
            return int(np.linalg.matrix_rank((dummies.T @ dummies).toarray(), hermitian=True))
        return sizes[0] + sum(
            size - _parts(self.codes[0], code) for size, code in zip(sizes[1:], self.codes[1:], strict=True)
        )

    def within(self, values: Floats, weights: Floats, *, tolerance: float = 1e-11) -> tuple[Floats, bool]:
        """Residuals of weighted least squares on all levels.

        Parameters
        ----------
        values : ndarray, shape (n, k)
        weights : ndarray, shape (n,)
            Positive.
        tolerance : float
            Size of a last sweep's change, relative to the values.

        Returns
        -------
        residuals : ndarray, shape (n, k)
        converged : bool
        """
        if not self.codes:
            return values.copy(), True
        means = [_Means(code, weights) for code in self.codes]
        if not values.shape[1]:
            return values.copy(), True
        if len(means) == 1:
            return means[0].off(values), True
        columns = [_projected(values[:, j], means, weights, tolerance) for j in range(values.shape[1])]
        return np.column_stack([column for column, _ in columns]), all(converged for _, converged in columns)


class _Means:
    """Weighted means by level."""

    def __init__(self, code: Ints, weights: Floats) -> None:
        self.code, self.weights = code, weights
        self.total = np.bincount(code, weights)

    def off(self, values: Floats) -> Floats:
        if values.ndim == 2:
            return np.column_stack([self.off(values[:, j]) for j in range(values.shape[1])])
        means = np.bincount(self.code, self.weights * values, minlength=self.total.size) / self.total
        return np.asarray(values - means[self.code])


def _sweep(values: Floats, means: Sequence[_Means]) -> Floats:
    """Projections off every effect, there and back, which makes the operator symmetric."""
    for one in means:
        values = one.off(values)
    for one in reversed(means[:-1]):
        values = one.off(values)
    return values


def _projected(
    values: Floats, means: Sequence[_Means], weights: Floats, tolerance: float
) -> tuple[Floats, bool]:
    """Conjugate gradients on ``(I - S) u = (I - S) v``, S the sweep; the residual is ``v - u``."""
    size = float(weights @ values**2)
    left = values
    remainder = values - _sweep(values, means)
    direction, squared = remainder, float(weights @ remainder**2)
    for _ in range(_MAX_SWEEPS):
        if squared <= tolerance**2 * size:
            return left, True
        moved = direction - _sweep(direction, means)
        curvature = float(weights @ (direction * moved))
        if curvature <= 0:  # nothing but rounding is left
            return left, squared <= 1e-16 * size
        step = squared / curvature
        left = left - step * direction
        remainder = remainder - step * moved
        squared, before = float(weights @ remainder**2), squared
        direction = remainder + squared / before * direction
    return left, False


def _parts(first: Ints, second: Ints) -> int:
    """Connected parts of the graph between the levels of two effects."""
    size = int(first.max()) + 1
    total = size + int(second.max()) + 1
    graph = sparse.coo_array((np.ones(first.size), (first, size + second)), shape=(total, total))
    return int(connected_components(graph, directed=False)[0])
