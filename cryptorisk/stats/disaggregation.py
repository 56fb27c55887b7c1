"""Temporal disaggregation: a series known as totals of long periods, spread over short ones with indicators.

Every method is generalised least squares on the short periods with another covariance of the error, so that one
solution gives the path, its standard errors and the extrapolation beyond the last total.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve, toeplitz
from scipy.optimize import minimize_scalar
from scipy.stats import t as student

from cryptorisk.errors import ModelError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Method = Literal["chow-lin", "fernandez", "litterman", "denton-cholette"]
Conversion = Literal["sum", "mean"]

HIGHEST_RHO = 0.999
"""Upper end of the search for the autoregressive coefficient: at 1 the AR(1) covariance does not exist."""


@dataclass(frozen=True, eq=False)
class Disaggregated:
    """The path over short periods and what it rests on.

    Attributes
    ----------
    method : {"chow-lin", "fernandez", "litterman", "denton-cholette"}
    values, standard_errors : ndarray, shape (n,)
        In the totals' unit; standard errors are conditional on the totals and on ``rho``.
    covariance : ndarray, shape (n, n)
        Of the errors of ``values``.
    coefficients, coefficient_errors : ndarray, shape (k,)
        Of the indicators.
    rho : float
        Autoregressive coefficient; NaN where the method has none.
    sigma2 : float
        Variance of the innovations, divided by the degrees of freedom.
    log_likelihood : float
        Of the totals, at the maximum-likelihood variance.
    degrees : int
        Totals less coefficients, less one where ``rho`` was estimated.
    weights : ndarray, shape (n, totals)
        ``values = weights @ totals``: the path is linear in the totals, given ``rho``.
    """

    method: Method
    values: Floats
    standard_errors: Floats
    covariance: Floats = field(repr=False)
    coefficients: Floats
    coefficient_errors: Floats
    rho: float
    sigma2: float
    log_likelihood: float
    degrees: int
    weights: Floats = field(repr=False)

    def interval(self, level: float) -> tuple[Floats, Floats]:
        """Lower and upper ends at a nominal coverage, from Student's t with ``degrees``.

        Raises
        ------
        ModelError
            Without a degree of freedom.
        """
        if self.degrees < 1:
            raise ModelError(
                "no degree of freedom is left for an interval", remedy="give more totals or fewer indicators"
            )
        half = student.ppf((1 + level) / 2, self.degrees) * self.standard_errors
        return self.values - half, self.values + half


def disaggregate(
    totals: Floats,
    group: Ints,
    indicators: Floats,
    *,
    method: Method = "chow-lin",
    conversion: Conversion = "sum",
    rho: float | None = None,
) -> Disaggregated:
    """Spread totals of long periods over short ones.

    Parameters
    ----------
    totals : ndarray, shape (N,)
    group : ndarray of int, shape (n,)
        Position in ``totals`` of the long period that each short one belongs to; -1 outside of all of them (before
        the first total, after the last one), where the path is extrapolated. Any grouping will do: years that end
        in June, quarters, years of unequal length.
    indicators : ndarray, shape (n,) or (n, k)
        Related series over the short periods; a constant is a column of ones. ``denton-cholette`` takes one
        (ones: no indicator), which must not be zero.
    method : {"chow-lin", "fernandez", "litterman", "denton-cholette"}
    conversion : {"sum", "mean"}
        What a total is of its short periods.
    rho : float, optional
        Autoregressive coefficient of ``chow-lin`` and ``litterman``, from 0 to below 1; by default the
        maximum-likelihood one between 0 and 0.999. Negative ones are shut out, as they make the path swing from one
        period to the next.

    Returns
    -------
    Disaggregated

    Raises
    ------
    ModelError
        Totals that no short period belongs to, missing values, collinear indicators, too few totals, a ``rho`` out of its
        bounds or for a method that has none.

    Notes
    -----
    With *y = X b + u*, *Var u = s2 V* and *C y = Y* (Chow and Lin 1971, Review of Economics and Statistics 53(4)),
    *b* is generalised least squares of *Y* on *C X* with variance *C V C'*, and *y = X b + V C' (C V C')^-1 (Y - C X b)*.
    *V* is that of an AR(1) process (Chow and Lin), of a random walk (Fernandez 1981, ibid. 63(3)), of one with AR(1)
    steps (Litterman 1983, Journal of Business and Economic Statistics 1(2)), or, for Denton's proportional first
    differences with Cholette's free start (Denton 1971, JASA 66(333); Dagum and Cholette 2006, chapter 6), that of a
    random walk of the ratio to the indicator. The last ratio is carried beyond the last total. Standard errors leave
    the estimation error of ``rho`` out.
    """
    totals, x, c = _checked(totals, group, indicators, method, conversion)
    autoregressive = method in ("chow-lin", "litterman")
    if rho is not None and not (autoregressive and 0 <= rho < 1):
        raise ModelError(
            f"rho must be at least 0 and below 1, and is for chow-lin and litterman (got {rho} for {method})",
            remedy="use fernandez for a random walk: it is litterman with a rho of 0",
        )
    searched = rho is None and autoregressive
    if searched:
        rho = _most_likely(totals, x, c, method)
    found = _solve(totals, x, c, _variance(method, x, rho or 0.0))
    degrees = totals.size - x.shape[1] - int(searched)
    sigma2 = found.squares / max(1, totals.size - x.shape[1])
    covariance = sigma2 * found.covariance
    return Disaggregated(
        method,
        found.weights @ totals,
        np.sqrt(np.clip(np.diag(covariance), 0, None)),
        covariance,
        found.coefficients,
        np.sqrt(sigma2 * np.diag(found.gram)),
        math.nan if rho is None else rho,
        sigma2,
        found.log_likelihood,
        degrees,
        found.weights,
    )


def aggregation(group: Ints, conversion: Conversion = "sum") -> Floats:
    """The matrix that takes short periods to totals, shape (totals, n)."""
    matrix = (np.arange(int(group.max()) + 1)[:, None] == group[None, :]).astype(float)
    length = matrix.sum(axis=1, keepdims=True) if conversion == "mean" else 1.0
    return np.asarray(matrix / length)


def random_walk_gain(weights: Floats) -> Floats:
    """How a random walk of unknown level follows weighted means of its periods, shape (n, totals).

    Parameters
    ----------
    weights : ndarray, shape (totals, n)
        Of full row rank.
    """
    n = weights.shape[1]
    walk = np.tri(n)
    found = _solve(np.zeros(weights.shape[0]), np.ones((n, 1)), weights, np.asarray(walk @ walk.T))
    return found.weights


@dataclass(frozen=True, eq=False)
class _Solution:
    coefficients: Floats
    gram: Floats
    squares: float
    weights: Floats
    log_likelihood: float
    covariance: Floats


def _checked(
    totals: Floats, group: Ints, indicators: Floats, method: Method, conversion: Conversion
) -> tuple[Floats, Floats, Floats]:
    totals, x = np.asarray(totals, dtype=float), np.asarray(indicators, dtype=float)
    x = x[:, None] if x.ndim == 1 else x
    if x.shape[0] != len(group):
        raise ModelError(f"indicators have {x.shape[0]} periods, the grouping {len(group)}")
    if set(np.unique(group[group >= 0]).tolist()) != set(range(totals.size)):
        raise ModelError(f"the grouping must use every position of the {totals.size} totals and no other")
    if not (np.isfinite(totals).all() and np.isfinite(x).all()):
        raise ModelError(
            "totals and indicators must be finite", remedy="cut the sample to periods without gaps"
        )
    if method == "denton-cholette" and (x.shape[1] != 1 or (x == 0).any()):
        raise ModelError("denton-cholette takes one indicator without zeros")
    c = aggregation(group, conversion)
    if totals.size < x.shape[1] or np.linalg.matrix_rank(c @ x) < x.shape[1]:
        raise ModelError(f"{totals.size} totals do not identify {x.shape[1]} coefficients")
    return totals, x, c


def _variance(method: Method, x: Floats, rho: float) -> Floats:
    n = x.shape[0]
    if method == "chow-lin":
        return np.asarray(toeplitz(rho ** np.arange(n)) / (1 - rho**2))
    walk = np.tri(n)
    if method == "litterman":
        # Sums of an AR(1) process that starts at zero.
        walk = walk @ np.tril(toeplitz(rho ** np.arange(n)))
    variance = walk @ walk.T
    return np.asarray(x * variance * x.T if method == "denton-cholette" else variance)


def _solve(totals: Floats, x: Floats, c: Floats, v: Floats) -> _Solution:
    cx, vc = c @ x, v @ c.T
    inner = cho_factor(c @ vc)
    gain = cho_solve(inner, vc.T).T  # V C' (C V C')^-1
    gram = np.linalg.inv(cx.T @ cho_solve(inner, cx))
    projector = gram @ cho_solve(inner, cx).T
    residual = totals - cx @ (projector @ totals)
    squares = float(residual @ cho_solve(inner, residual))
    n = totals.size
    determinant = 2 * float(np.log(np.diag(inner[0])).sum())
    likelihood = -0.5 * (n * (1 + math.log(2 * math.pi * max(squares, 1e-300) / n)) + determinant)
    left = x - gain @ cx
    covariance = v - gain @ vc.T + left @ gram @ left.T
    return _Solution(
        projector @ totals, gram, squares, left @ projector + gain, likelihood, np.asarray(covariance)
    )


def _most_likely(totals: Floats, x: Floats, c: Floats, method: Method) -> float:
    """Maximum of the profile likelihood: a grid first, because it may have two peaks."""

    def loss(rho: float) -> float:
        return -_solve(totals, x, c, _variance(method, x, rho)).log_likelihood

    grid = np.append(np.arange(0, 1, 0.05), HIGHEST_RHO)
    best = int(np.argmin([loss(float(rho)) for rho in grid]))
    low, high = grid[max(best - 1, 0)], grid[min(best + 1, grid.size - 1)]
    found = minimize_scalar(loss, bounds=(low, high), method="bounded", options={"xatol": 1e-9})
    return float(found.x) if found.fun < loss(float(grid[best])) else float(grid[best])
