"""Observations whose Poisson mean runs to zero: they carry no information and keep the estimates from existing.

A combination ``z = X g`` of regressors and effects that is zero wherever the outcome is positive, nowhere negative and
positive somewhere *separates* the zeros where it is positive: the likelihood rises for ever as their mean falls to zero.
The pseudo-likelihood estimate of everything else is that of the sample without them.

References
----------
Correia, S., Guimarães, P. and Zylkin, T. (2019), "Verifying the existence of maximum likelihood estimates for generalized
linear models", arXiv:1903.01633. Santos Silva, J. M. C. and Tenreyro, S. (2010), "On the existence of the
maximum likelihood estimates in Poisson regression", Economics Letters 107(2): 310-312. Konis, K. (2007), Linear
programming algorithms for detecting separated data in binary logistic regression models, DPhil thesis, Oxford.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from cryptorisk.errors import ModelError
from cryptorisk.stats.absorb import EXACT_RANK_UP_TO, Effects, Floats, Mask

_SINGULAR = 1e-9
"""Length of a column's remainder relative to the column below which it is a combination of the others."""


def in_zero_levels(outcome: Floats, effects: Effects) -> Mask:
    """Observations in a level whose outcomes are all zero, levels that become so by dropping them included.

    Parameters
    ----------
    outcome : ndarray, shape (n,)
    effects : Effects
    """
    gone = np.zeros(outcome.size, dtype=bool)
    before = -1
    while gone.sum() != before:
        before = int(gone.sum())
        for code, size in zip(effects.codes, effects.sizes, strict=True):
            total = np.bincount(code, np.where(gone, 0.0, outcome), minlength=size)
            gone |= total[code] <= 0
    return gone


def alone_in_level(effects: Effects) -> Mask:
    """Observations that are alone in a level, levels that come to have one by dropping others included.

    Such an effect fits its observation whatever the coefficients, and counting it understates standard errors (Correia
    2015, "Singletons, cluster-robust standard errors and fixed effects: a bad mix").
    """
    n = effects.codes[0].size if effects.codes else 0
    gone = np.zeros(n, dtype=bool)
    before = -1
    while gone.sum() != before:
        before = int(gone.sum())
        for code, size in zip(effects.codes, effects.sizes, strict=True):
            gone |= np.bincount(code, ~gone, minlength=size)[code] == 1
    return gone


def separated(outcome: Floats, regressors: Floats, effects: Effects) -> Mask:
    """Zeros that a combination of regressors and effects separates.

    Parameters
    ----------
    outcome : ndarray, shape (n,)
        Not negative.
    regressors : ndarray, shape (n, k)
        A constant among them where there is no effect.
    effects : Effects

    Returns
    -------
    ndarray of bool, shape (n,)

    Raises
    ------
    ModelError
        When the linear programme is not solved.

    Notes
    -----
    The zeros are found at once by a linear programme: the sum of ``min(z_i, 1)`` over the zeros is largest, over all g
    with ``z = X g`` zero at positive outcomes and nowhere negative. As the sum of two such z is one again and may be
    scaled at will, every separated observation is at one in the optimum and every other at zero. Where regressors and
    effects are as independent on the positive outcomes as on all, there is no such z and nothing to solve.
    """
    zero = outcome <= 0
    if not zero.any() or zero.all() or _as_independent(~zero, regressors, effects):
        return np.zeros(outcome.size, dtype=bool)
    design = _design(regressors, effects)
    free, zeros = design.shape[1], int(zero.sum())
    held = sparse.hstack([design[~zero], sparse.csr_array((int((~zero).sum()), zeros))])
    above = sparse.hstack([-design[zero], sparse.eye_array(zeros)])
    solved = linprog(
        np.concatenate([np.zeros(free), -np.ones(zeros)]),
        A_ub=sparse.csr_array(above),
        b_ub=np.zeros(zeros),
        A_eq=sparse.csr_array(held),
        b_eq=np.zeros(held.shape[0]),
        bounds=[(None, None)] * free + [(0.0, 1.0)] * zeros,
        method="highs",
    )
    if solved.x is None:
        raise ModelError(f"the search for separated observations failed ({solved.message})")
    found = np.zeros(outcome.size, dtype=bool)
    found[zero] = solved.x[free:] > 0.5
    return found


def independent_columns(columns: Floats) -> list[int]:
    """Positions of columns that are no combination of the columns before them.

    Parameters
    ----------
    columns : ndarray, shape (n, k)
    """
    kept: list[int] = []
    basis = np.empty((columns.shape[0], 0))
    for position in range(columns.shape[1]):
        column = columns[:, position]
        rest = column - basis @ (basis.T @ column)
        rest -= basis @ (basis.T @ rest)  # a second pass takes off the rounding of the first
        size = float(np.linalg.norm(rest))
        if size > _SINGULAR * max(float(np.linalg.norm(column)), 1e-300):
            kept.append(position)
            basis = np.column_stack([basis, rest / size])
    return kept


def _design(regressors: Floats, effects: Effects) -> sparse.csr_array:
    """Regressors of unit length and all levels."""
    size = np.linalg.norm(regressors, axis=0)
    scaled = sparse.csr_array(regressors / np.where(size > 0, size, 1.0) * np.sqrt(len(regressors)))
    return sparse.csr_array(sparse.hstack([scaled, effects.dummies()])) if effects.codes else scaled


def _as_independent(part: Mask, regressors: Floats, effects: Effects) -> bool:
    """Whether regressors and effects surely have the same rank on a part of the observations as on all."""
    if len(effects.codes) > 2 and sum(effects.sizes) > EXACT_RANK_UP_TO:
        return False
    ranks = []
    for kept in (np.ones(part.size, dtype=bool), part):
        some = effects.take(kept)
        left, _ = some.within(regressors[kept], np.ones(int(kept.sum())))
        size = np.linalg.norm(regressors[kept], axis=0)
        left[:, np.linalg.norm(left, axis=0) <= _SINGULAR * size] = 0.0
        ranks.append((sum(some.sizes), some.rank(), len(independent_columns(left))))
    return ranks[0] == ranks[1]
