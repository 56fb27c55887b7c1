"""Distributions that stand for a low, a central and a high value, and draws of several with a given rank correlation.

A range of assumptions has ends and a middle and no more. The triangular distribution takes them as its support and mode
(Kotz and van Dorp 2004, "Beyond Beta", chapter 1); for a positive quantity whose ends are factors apart it is taken of the
logarithm. Dependence comes from a Gaussian copula (Nelsen 2006, "An Introduction to Copulas", section 2.3.6), so that
any distribution keeps its own shape whatever the correlation.
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

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
    if not low <= mode <= high or not all(map(math.isfinite, (low, mode, high))):
        raise ModelError(f"a range must be ordered and finite (got {low}, {mode}, {high})", where="ranges")
    u = np.asarray(probability, dtype=np.float64)
    if scale == "log":
        if not low > 0:
            raise ModelError(f"the logarithm of a range needs a low above 0 (got {low})", where="ranges")
        return np.exp(triangular_quantile(u, math.log(low), math.log(mode), math.log(high)))
    width = high - low
    if width == 0:
        return np.full(u.shape, low)
    below = low + np.sqrt(u * width * (mode - low))
    above = high - np.sqrt((1.0 - u) * width * (high - mode))
    return np.where(u <= (mode - low) / width, below, above)


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
