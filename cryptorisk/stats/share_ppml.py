"""PPML of the members of known totals, when some members are known and the others only as what is left.

Within a group (a region in a year) member c is expected to have ``T s_c`` with ``s_c = exp(o_c + x_c'b) / sum_k exp(o_k +
x_k'b)``: Poisson pseudo-maximum likelihood with an effect for every group, which makes fitted members add up to the
total. The members that are not known enter as one flow, the rest, with the sum of their means. So the total constrains
the coefficients too: what is known was often published because it is large, and the rest says how small the others are.

References
----------
Guimarães, P., Figueirdo, O. and Woodward, D. (2003), "A tractable approach to the firm location decision problem", Review
of Economics and Statistics 85(1): 201-204, for Poisson with group effects and shares. Thompson, R. and Baker, R. J.
(1981), "Composite link functions in generalized linear models", Applied Statistics 30(2): 125-131, for sums of cells.
Papke, L. E. and Wooldridge, J. M. (1996), Journal of Applied Econometrics 11(6): 619-632, for shares as outcomes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cryptorisk.errors import ModelError
from cryptorisk.stats.absorb import Floats, Ints

_MAX_STEPS = 500
_HALVINGS = 40
_TOLERANCE = 1e-10


@dataclass(frozen=True)
class ShareModel:
    """Coefficients of an index that shares totals out.

    Attributes
    ----------
    beta : ndarray, shape (k,)
    groups : int
        Groups with a known member, which the coefficients rest on.
    known : int
        Known members in them.
    converged : bool
    steps : int
    """

    beta: Floats
    groups: int
    known: int
    converged: bool
    steps: int


def share_ppml(
    x: Floats, offset: Floats, group: Ints, share: Floats, *, penalty: float = 0.0, floor: float = 0.02
) -> ShareModel:
    """Fit the index to known shares and to what they leave.

    Parameters
    ----------
    x : ndarray, shape (n, k)
        Regressors of every member, in comparable units where there is a penalty.
    offset : ndarray, shape (n,)
        Part of the index with coefficient one; a key to start from, or zeros.
    group : ndarray of int, shape (n,)
    share : ndarray, shape (n,)
        Known member over its group's total; NaN where it is not known. Groups without a known member say nothing.
    penalty : float
        Half of it times the squared coefficients is added to the loss (ridge): with an offset the larger, the nearer to
        the offset alone.
    floor : float
        Least share left to unknown members of a group: known members and total may come from different pages.

    Returns
    -------
    ShareModel

    Raises
    ------
    ModelError
        When no share is known, or a regressor is missing.

    Notes
    -----
    Every group weighs the same, as shares and not volumes are fitted. The loss is ``-sum_g [sum_c y_c ln s_c + y_rest ln
    s_rest] + penalty / 2 b'b``, minimised by Newton's method; where its curvature is not positive the expected one
    stands in, the variance of x between the known members and the rest.
    """
    cells = _Cells.of(x, offset, group, share, floor)
    beta, steps = np.zeros(x.shape[1]), 0
    value, slope, curvature = cells.loss(beta, penalty)
    small = _TOLERANCE * cells.groups
    while np.abs(slope).max(initial=0.0) > small and steps < _MAX_STEPS:
        steps += 1
        step = np.asarray(np.linalg.solve(curvature + 1e-10 * np.eye(beta.size), -slope), dtype=np.float64)
        moved = _halved(cells, beta, step, value, penalty)
        if moved is None:
            break
        beta, (value, slope, curvature) = moved
    converged = bool(np.abs(slope).max(initial=0.0) <= max(small, 1e-7))
    return ShareModel(beta, cells.groups, cells.known_members, converged, steps)


def _halved(
    cells: _Cells, beta: Floats, step: Floats, value: float, penalty: float
) -> tuple[Floats, tuple[float, Floats, Floats]] | None:
    """The longest of a step, its half, its quarter ... that does not raise the loss; None when there is none."""
    for _ in range(_HALVINGS):
        trial = cells.loss(beta + step, penalty)
        if trial[0] <= value + 1e-14:
            return beta + step, trial
        step = step / 2
    return None


@dataclass(frozen=True)
class _Cells:
    """The groups with a known member, flat: members, and the cell (known member or rest) each belongs to."""

    x: Floats
    offset: Floats
    group: Ints
    cell: Ints
    y: Floats
    cell_group: Ints
    known_members: int

    @property
    def groups(self) -> int:
        return int(self.cell_group.max()) + 1

    @classmethod
    def of(cls, x: Floats, offset: Floats, group: Ints, share: Floats, floor: float) -> _Cells:
        known = np.isfinite(share)
        if not known.any():
            raise ModelError("no share is known")
        used = np.isin(group, np.unique(group[known])) & np.isfinite(offset)
        if not np.isfinite(x[used]).all():
            raise ModelError(
                "a regressor is missing", remedy="leave the member out, or say what stands for it"
            )
        codes = np.unique(group[used], return_inverse=True)[1].astype(np.int64)
        count = int(codes.max()) + 1
        told = known[used]
        # cells 0 to count - 1 are the rests, then the known members
        cell = codes.copy()
        cell[told] = count + np.arange(int(told.sum()))
        total = np.bincount(codes[told], share[used][told], minlength=count)
        rest = np.maximum(1 - total, floor)
        rest[np.bincount(codes[~told], minlength=count) == 0] = 0.0
        y = np.concatenate([rest, share[used][told]])
        cell_group = np.concatenate([np.arange(count), codes[told]])
        y = y / np.bincount(cell_group, y, minlength=count)[cell_group]
        return cls(x[used], offset[used], codes, cell, y, cell_group, int(told.sum()))

    def loss(self, beta: Floats, penalty: float) -> tuple[float, Floats, Floats]:
        """Loss, slope, and a positive curvature."""
        index = self.offset + self.x @ beta
        peak = np.full(self.groups, -np.inf)
        np.maximum.at(peak, self.group, index)
        weight = np.exp(index - peak[self.group])
        share = weight / np.bincount(self.group, weight)[self.group]
        cells = np.bincount(self.cell, share, minlength=self.y.size)
        means = _sums(self.cell, share, self.x, self.y.size) / np.maximum(cells, 1e-300)[:, None]
        overall = _sums(self.group, share, self.x, self.groups)
        with np.errstate(divide="ignore"):
            logs = np.where(self.y > 0, np.log(np.maximum(cells, 1e-300)), 0.0)
        away = means - overall[self.cell_group]
        value = -float(self.y @ logs) + penalty / 2 * float(beta @ beta)
        slope = -(self.y @ away) + penalty * beta
        within, spread = self.x - means[self.cell], self.x - overall[self.group]
        ratio = self.y / np.maximum(cells, 1e-300)
        observed = (spread.T * share) @ spread - (within.T * (ratio[self.cell] * share)) @ within
        observed += penalty * np.eye(beta.size)
        if beta.size and np.linalg.eigvalsh(observed)[0] <= 0:
            observed = (away.T * cells) @ away + penalty * np.eye(beta.size)
        return value, np.asarray(slope), np.asarray(observed)


def _sums(code: Ints, weight: Floats, x: Floats, size: int) -> Floats:
    """Weighted sums of the columns by code, shape (size, k)."""
    out = np.empty((size, x.shape[1]))
    for j in range(x.shape[1]):
        out[:, j] = np.bincount(code, weight * x[:, j], minlength=size)
    return out
