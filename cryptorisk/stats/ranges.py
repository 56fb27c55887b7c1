"""Distributions that stand for a low, a central and a high value, and draws of several with a given rank correlation.

A range of assumptions has ends and a middle and no more. Where the ends are limits, the triangular distribution takes them
as its support (Kotz and van Dorp 2004, "Beyond Beta", chapter 1), with the middle as mode, or split in two halves of equal
weight, with the middle as median. Where the ends are quantiles, as of an 80 % interval, a distribution is given by its
quantiles (the idea of Keelin and Powley 2011, Decision Analysis 8): two half-normals joined at the median. For a positive
quantity whose ends are factors apart either is taken of the logarithm. Dependence comes from a Gaussian copula (Nelsen 2006,
"An Introduction to Copulas", section 2.3.6), so that any distribution keeps its own shape whatever the correlation.
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from cryptorisk.errors import ModelError

Floats = NDArray[np.float64]
Scale = Literal["level", "log"]


def triangular_quantile(
    probability: Floats | float, low: float, mode: float, high: float, scale: Scale = "level"
) -> Floats:
    """Quantiles of the triangular distribution, of the quantity or of its logarithm.

    Parameters
    ----------
    probability : array_like
        0 to 1, any shape.
    low, mode, high : float
        Ends of the support and the mode; equal ends give that number throughout.
    scale : {"level", "log"}
        ``log``: the logarithm is triangular; needs ``low`` above 0.

    Returns
    -------
    numpy.ndarray
        In the shape of ``probability``.

    Raises
    ------
    ModelError
        When the three are not ordered, or not positive where a logarithm is taken.

    Notes
    -----
    With ``c = (mode - low) / (high - low)``: ``low + sqrt(u (high - low) (mode - low))`` for ``u <= c``, else
    ``high - sqrt((1 - u) (high - low) (high - mode))``.
    """
    _check(low, mode, high, scale)
    u = np.asarray(probability, dtype=np.float64)
    if scale == "log":
        return np.exp(triangular_quantile(u, math.log(low), math.log(mode), math.log(high)))
    width = high - low
    if width == 0:
        return np.full(u.shape, low)
    below = low + np.sqrt(u * width * (mode - low))
    above = high - np.sqrt((1.0 - u) * width * (high - mode))
    return np.where(u <= (mode - low) / width, below, above)


def split_triangular_quantile(
    probability: Floats | float, low: float, median: float, high: float, scale: Scale = "level"
) -> Floats:
    """Quantiles of two triangular halves of equal weight that meet at the median; the ends are limits.

    Parameters and errors as `triangular_quantile`, with the median in place of the mode.

    Notes
    -----
    ``low + (median - low) sqrt(2 u)`` for ``u <= 1/2``, else ``high - (high - median) sqrt(2 (1 - u))``.
    """
    _check(low, median, high, scale)
    u = np.asarray(probability, dtype=np.float64)
    if scale == "log":
        return np.exp(split_triangular_quantile(u, math.log(low), math.log(median), math.log(high)))
    below = low + (median - low) * np.sqrt(2.0 * u)
    above = high - (high - median) * np.sqrt(2.0 * (1.0 - u))
    return np.where(u <= 0.5, below, above)


def two_piece_normal_quantile(
    probability: Floats | float,
    low: float,
    median: float,
    high: float,
    tail: float,
    scale: Scale = "level",
) -> Floats:
    """Quantiles of two half-normals of equal weight that meet at the median; the ends are quantiles, not limits.

    Parameters
    ----------
    probability : array_like
        Strictly between 0 and 1, any shape.
    low, median, high : float
        The ``tail``, one half and ``1 - tail`` quantiles; equal ones give that number throughout.
    tail : float
        Above 0, below one half: 0.1 for the ends of an 80 % interval.
    scale : {"level", "log"}
        ``log``: of the logarithm; needs ``low`` above 0.

    Returns
    -------
    numpy.ndarray
        In the shape of ``probability``.

    Raises
    ------
    ModelError
        When the three are not ordered, or not positive where a logarithm is taken, or ``tail`` is no tail.

    Notes
    -----
    With ``z = Phi^-1(u)`` and ``z_t = Phi^-1(1 - tail)``: ``median + (high - median) z / z_t`` above the median,
    ``median + (median - low) z / z_t`` below it. The usual two-piece normal (Wallis 2014, Statistical Science 29) joins
    its halves at the mode instead and then holds unequal weights on either side.
    """
    _check(low, median, high, scale)
    if not 0 < tail < 0.5:
        raise ModelError(f"a tail lies between 0 and one half (got {tail})", where="ranges")
    u = np.asarray(probability, dtype=np.float64)
    if scale == "log":
        logs = (math.log(low), math.log(median), math.log(high))
        return np.exp(two_piece_normal_quantile(u, *logs, tail))
    z = ndtri(u) / ndtri(1.0 - tail)
    return np.asarray(median + z * np.where(z > 0, high - median, median - low), dtype=np.float64)


def _check(low: float, middle: float, high: float, scale: Scale) -> None:
    if not low <= middle <= high or not all(map(math.isfinite, (low, middle, high))):
        raise ModelError(f"a range must be ordered and finite (got {low}, {middle}, {high})", where="ranges")
    if scale == "log" and not low > 0:
        raise ModelError(f"the logarithm of a range needs a low above 0 (got {low})", where="ranges")


def normal_correlation(rank: Floats | float) -> Floats:
    """Correlation of normal variables whose rank correlation is given: ``2 sin(pi rank / 6)`` (Pearson 1907)."""
    return 2.0 * np.sin(np.pi * np.asarray(rank, dtype=np.float64) / 6.0)


def block_correlation(blocks: tuple[int, ...], rank: float) -> Floats:
    """Rank correlation matrix of blocks: the same within each, none between them.

    Parameters
    ----------
    blocks : tuple of int
        Variables in each block, in order.
    rank : float
        Rank correlation within a block, 0 to 1.

    Returns
    -------
    numpy.ndarray, shape (sum(blocks), sum(blocks))
    """
    block = np.repeat(np.arange(len(blocks)), blocks)
    matrix = np.where(block[:, None] == block[None, :], rank, 0.0)
    np.fill_diagonal(matrix, 1.0)
    return matrix


def correlated_uniforms(draws: int, rank_correlation: Floats, rng: np.random.Generator) -> Floats:
    """Uniform variables with a given rank correlation, from a Gaussian copula.

    Parameters
    ----------
    draws : int
    rank_correlation : numpy.ndarray, shape (k, k)
        Spearman's, symmetric with ones on the diagonal.
    rng : numpy.random.Generator

    Returns
    -------
    numpy.ndarray, shape (draws, k)
        Strictly between 0 and 1 up to rounding.

    Raises
    ------
    ModelError
        When no normal variables have these rank correlations.
    """
    normal = normal_correlation(rank_correlation)
    try:
        factor = np.linalg.cholesky(normal)
    except np.linalg.LinAlgError as error:
        raise ModelError(
            "the rank correlations contradict each other: no joint distribution has them",
            where="ranges",
            remedy="lower them towards zero",
        ) from error
    return np.asarray(ndtr(rng.standard_normal((draws, len(normal))) @ factor.T), dtype=np.float64)
