"""A group's total shared out among its units by explicit keys, with the error that published units reveal.

Arrays are flat: one entry per unit and period, with the group (region and period) it belongs to. A key is a
logarithm, known up to a constant per group; NaN where a unit has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from cryptorisk.errors import ModelError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FLOOR_SHARE = 0.1
"""Part of their key share that unpublished units keep when the published ones exhaust a draw of the total.

A published figure and the group's total come from the same report but not always the same page or vintage; a
tenth keeps such a draw positive without letting it decide anything."""


def log_shares(log_key: Floats, group: Ints) -> Floats:
    """Logarithms of the shares that a key gives within each group; NaN where the key is missing.

    Parameters
    ----------
    log_key : ndarray, shape (n,)
    group : ndarray of int, shape (n,)
    """
    shares = np.full(log_key.shape, np.nan)
    for members in _members(group):
        known = members[np.isfinite(log_key[members])]
        if known.size:
            shares[known] = log_key[known] - _log_sum(log_key[known])
    return shares


def graft(log_key: Floats, fallback: Floats, group: Ints) -> Floats:
    """Log shares by a partial key, which redistributes what a fallback gives the units that have it.

    Units without the key keep the fallback's share, so that a key which exists for large units only says
    nothing about small ones.
    """
    base = log_shares(fallback, group)
    shares = base.copy()
    for members in _members(group):
        known = members[np.isfinite(log_key[members]) & np.isfinite(base[members])]
        if known.size:
            shares[known] = log_key[known] - _log_sum(log_key[known]) + _log_sum(base[known])
    return shares


def combine(keys: Floats, weights: Floats, group: Ints) -> tuple[Floats, Floats]:
    """Geometric mean of the shares of several keys, and how far the keys disagree.

    Parameters
    ----------
    keys : ndarray, shape (k, n)
        Log shares; a missing key leaves its weight to the others.
    weights : ndarray, shape (k,)
    group : ndarray of int, shape (n,)

    Returns
    -------
    shares : ndarray, shape (n,)
        Log shares, adding up to one within each group.
    disagreement : ndarray, shape (n,)
        Weighted standard deviation of the keys' log shares (0 where there is one key only).
    """
    known = np.isfinite(keys)
    weight = np.where(known, weights[:, None], 0.0)
    total = weight.sum(axis=0)
    values = np.where(known, keys, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = (weight * values).sum(axis=0) / total
        spread = np.sqrt((weight * np.where(known, keys - mean, 0.0) ** 2).sum(axis=0) / total)
    return log_shares(mean, group), spread


@dataclass(frozen=True)
class LeftOut:
    """Published units predicted without any of their own figures.

    Attributes
    ----------
    index : ndarray of int, shape (m,)
        Positions of the published entries.
    log_error : ndarray, shape (m,)
        Published less predicted, in logs.
    """

    index: Ints
    log_error: Floats


def leave_units_out(
    log_share: Floats, log_published: Floats, log_total: Floats, group: Ints, unit: Ints
) -> LeftOut:
    """Predict each published unit from the total, the key and the other units' figures.

    Parameters
    ----------
    log_share : ndarray, shape (n,)
        Combined log shares.
    log_published : ndarray, shape (n,)
        Logarithm of the published figure, NaN where there is none.
    log_total : ndarray, shape (n,)
        Logarithm of the group's total, repeated for its members.
    group, unit : ndarray of int, shape (n,)
        All figures of a unit are left out together, whatever the period.
    """
    index = np.flatnonzero(np.isfinite(log_published) & np.isfinite(log_share))
    errors = np.empty(index.size)
    for position, i in enumerate(index):
        members = np.flatnonzero((group == group[i]) & np.isfinite(log_share))
        others = members[np.isfinite(log_published[members]) & (unit[members] != unit[i])]
        free = np.setdiff1d(members, others)
        total = np.exp(log_total[i])
        rest = total - np.exp(log_published[others]).sum()
        rest = max(rest, FLOOR_SHARE * np.exp(log_share[free]).sum() * total)
        predicted = np.log(rest) + log_share[i] - _log_sum(log_share[free])
        errors[position] = log_published[i] - predicted
    return LeftOut(index, errors)


def calibrated_sd(log_error: Floats, known_variance: Floats, level: float) -> float:
    """Least common standard deviation that lets intervals of the given level cover that share of the errors.

    Each error has the variance ``tau**2 + known_variance``. Split-conformal in spirit: the interval's
    width comes from errors on published units, not from an assumed distribution.

    Raises
    ------
    ModelError
        If there are fewer than five errors.
    """
    if log_error.size < 5:
        raise ModelError(f"{log_error.size} published units are too few to calibrate an interval")
    needed = (log_error / norm.ppf((1 + level) / 2)) ** 2 - known_variance
    rank = int(np.ceil(level * (log_error.size + 1))) - 1
    return float(np.sqrt(max(np.sort(needed)[min(rank, log_error.size - 1)], 0.0)))


@dataclass(frozen=True)
class Persistence:
    """How long a unit's deviation from its key lasts: variance between units, and within one over time."""

    between: float
    within: float
    effects: Mapping[int, tuple[float, float]]
    """Unit -> shrunken mean deviation and its remaining variance."""


def persistence(log_error: Floats, unit: Ints) -> Persistence:
    """Empirical-Bayes unit effects from repeated deviations (one-way random effects, method of moments).

    Notes
    -----
    With n deviations of mean m a unit's effect is ``m * n*B / (n*B + W)`` with remaining variance
    ``B*W / (n*B + W)``, B and W being the variances between and within. The deviations are taken about zero,
    not about their mean: the mean of published units is raised by their selection on size.

    References
    ----------
    Searle, S. R., Casella, G. and McCulloch, C. E. (1992), Variance Components, sections 3.5 and 3.9.
    """
    units, inverse, counts = np.unique(unit, return_inverse=True, return_counts=True)
    means = np.bincount(inverse, log_error) / counts
    spare = log_error.size - units.size
    total = float(np.mean(log_error**2))
    within = float(((log_error - means[inverse]) ** 2).sum() / spare) if spare > 0 else total
    between = max(total - within, 0.0)
    if between == 0:
        return Persistence(0.0, within, {})
    shrink = counts * between / (counts * between + within)
    left = between * within / (counts * between + within)
    effects = {
        int(u): (float(s * m), float(v)) for u, s, m, v in zip(units, shrink, means, left, strict=True)
    }
    return Persistence(between, within, effects)


def allocate(
    log_share: Floats,
    deviation: tuple[Floats, Floats],
    published: tuple[Floats, Floats],
    totals: Floats,
    group: Ints,
    rng: np.random.Generator,
) -> Floats:
    """Draws of every unit: published figures with their error, the rest of the total by key.

    ``V_c = rest * s_c u_c / sum_k s_k u_k`` over the unpublished units k of the group, ``ln u ~ N(mean,
    sd**2)``, ``rest`` the total less the published units.

    Parameters
    ----------
    log_share : ndarray, shape (n,)
        NaN where a unit has no key: it gets none of the total.
    deviation : (ndarray, ndarray), each shape (n,)
        Mean and standard deviation of ln u.
    published : (ndarray, ndarray), each shape (n,)
        Logarithm of the published figure (NaN where there is none) and its standard deviation.
    totals : ndarray, shape (draws, groups)
        Draws of each group's total; a column a group.
    group : ndarray of int, shape (n,)
    rng : numpy Generator

    Returns
    -------
    ndarray, shape (draws, n)
        NaN columns where a unit has neither figure nor key.
    """
    draws = totals.shape[0]
    out = np.full((draws, log_share.size), np.nan)
    for members in _members(group):
        total = totals[:, group[members[0]]]
        quoted = members[np.isfinite(published[0][members])]
        noise = rng.standard_normal((draws, quoted.size)) * published[1][quoted]
        out[:, quoted] = np.exp(published[0][quoted] + noise)
        free = np.setdiff1d(members[np.isfinite(log_share[members])], quoted)
        if not free.size:
            continue
        floor = FLOOR_SHARE * np.exp(log_share[free]).sum() * total
        rest = np.maximum(total - out[:, quoted].sum(axis=1), floor)
        shocks = deviation[0][free] + deviation[1][free] * rng.standard_normal((draws, free.size))
        weight = np.exp(log_share[free] + shocks)
        out[:, free] = rest[:, None] * weight / weight.sum(axis=1, keepdims=True)
    return out


def _members(group: Ints) -> list[Ints]:
    order = np.argsort(group, kind="stable")
    return list(np.split(order, np.flatnonzero(np.diff(group[order])) + 1))


def _log_sum(values: Floats) -> float:
    peak = float(values.max())
    return peak + float(np.log(np.exp(values - peak).sum()))
