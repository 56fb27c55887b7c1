"""Portfolio of least risk over a holding horizon from monthly returns, with block-bootstrap intervals.

The covariance of overlapping changes over the horizon is resampled in blocks longer than the horizon; what the sample
cannot show (a lost peg, a failed custodian) is added as a variance with draws of its own. The portfolio is solved
anew on every draw, so that its interval knows of the assets that a draw gives up.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from cryptorisk.errors import ModelError
from cryptorisk.stats.bootstrap import block_indices
from cryptorisk.stats.overlap import block_for, expanded_interval, horizon_changes
from cryptorisk.stats.portfolio import checked_covariance, long_only, minimum_variance, shrunk
from cryptorisk.stats.sample import FloatArray


@dataclass(frozen=True)
class HorizonCovariance:
    """Covariance of returns over a horizon, with bootstrap draws of it.

    Attributes
    ----------
    horizon : int
        Months.
    point : ndarray, shape (k, k)
    draws : ndarray, shape (replications, k, k)
        Without rows when no generator was given or too few blocks fit: then there are no intervals.
    n, block : int
        Overlapping changes, and the length of the blocks (0 without draws).
    """

    horizon: int
    point: FloatArray
    draws: FloatArray
    n: int
    block: int

    def combined(self, mixture: FloatArray) -> HorizonCovariance:
        """Of assets that are linear combinations of these: ``A S A'``, A of shape (assets, k)."""
        a = np.asarray(mixture, dtype=np.float64)
        return replace(self, point=a @ self.point @ a.T, draws=a @ self.draws @ a.T)

    def plus(self, variance: FloatArray, draws: FloatArray | None = None) -> HorizonCovariance:
        """With independent variance added to each asset.

        Parameters
        ----------
        variance : ndarray, shape (k,)
        draws : ndarray, shape (replications, k), optional
            Draws of that variance; default the same in every draw.
        """
        k = len(self.point)
        each = np.broadcast_to(variance if draws is None else draws, (len(self.draws), k))
        return replace(
            self,
            point=self.point + np.diag(np.asarray(variance, dtype=np.float64)),
            draws=self.draws + each[:, :, None] * np.eye(k),
        )

    @property
    def without_draws(self) -> HorizonCovariance:
        """The point alone, for portfolios that need no interval."""
        return replace(self, draws=self.draws[:0], block=0)

    def shrunk(self, intensity: float) -> HorizonCovariance:
        """Drawn towards the diagonal, the draws alike."""
        return replace(self, point=shrunk(self.point, intensity), draws=shrunk(self.draws, intensity))


@dataclass(frozen=True)
class HorizonPortfolio:
    """Portfolio of least risk at one horizon, in natural units (0.3 is 30 %).

    Attributes
    ----------
    horizon, n, block : int
        As in `HorizonCovariance`.
    weights, low, high : ndarray, shape (k,)
        Intervals are NaN where there are no draws.
    level : float
    sd : float
        Standard deviation of the portfolio's return over the horizon.
    draws : ndarray, shape (replications, k)
        Weights on every draw, for intervals of what is computed from them (`interval`).
    """

    horizon: int
    weights: FloatArray
    low: FloatArray
    high: FloatArray
    level: float
    sd: float
    n: int
    block: int
    draws: FloatArray

    def interval(self, drawn: FloatArray) -> tuple[float, float]:
        """Expanded percentile interval of a quantity computed from the draws, NaN without draws."""
        return _interval(drawn, self.level, self.n, self.block)


def covariance_at(
    monthly: FloatArray,
    horizon: int,
    *,
    window: int | None = None,
    simple: bool = False,
    replications: int = 2000,
    rng: np.random.Generator | None = None,
) -> HorizonCovariance:
    """Covariance of overlapping changes over a horizon.

    Parameters
    ----------
    monthly : ndarray, shape (n, k)
        Monthly log real returns without gaps, one asset a column.
    horizon : int
        Months.
    window : int, optional
        Overlapping changes counted back from the end; default all.
    simple : bool
        Simple returns ``exp(x) - 1`` in place of log returns.
    replications : int
        Circular block bootstrap of rows.
    rng : numpy.random.Generator, optional
        Without it no draws.

    Returns
    -------
    HorizonCovariance

    Raises
    ------
    ModelError
        For gaps, or fewer than three changes.

    Notes
    -----
    The mean of overlapping changes is taken from the same few years, so that their sample covariance is too small. It
    is multiplied by what makes it unbiased for independent months, ``h / (h - Var(mean))`` in units of a month's
    variance (Bod, Blitz, Franses and Kluitman 2002, An unbiased variance estimator for overlapping returns, Applied
    Financial Economics 12(3)). A bootstrap of few blocks is too small once more: all draws are multiplied by one number
    that makes their variances those of the sample in the mean. Weights without costs and without added variance know
    neither.
    """
    table = np.asarray(monthly, dtype=np.float64)
    if table.ndim != 2 or not np.isfinite(table).all():
        raise ModelError("monthly returns must be a table without gaps, one asset a column")
    if len(table) - horizon + 1 < 3:
        raise ModelError(f"{len(table)} months hold fewer than three changes over {horizon} months")
    changes = horizon_changes(table, horizon, window)
    changes = np.expm1(changes) if simple else changes
    n, k = changes.shape
    point = _small_sample(n, horizon) * np.atleast_2d(np.cov(changes, rowvar=False))
    block, draws = block_for(n, horizon), np.empty((0, k, k))
    if rng is not None and block is not None:
        drawn = changes[block_indices(n, block, replications, rng, kind="circular")]
        drawn = drawn - drawn.mean(axis=1, keepdims=True)
        draws = np.einsum("rti,rtj->rij", drawn, drawn)
        draws *= _mean_ratio(np.diag(point), np.diag(draws.mean(axis=0)))
    return HorizonCovariance(horizon, point, draws, n, block if block and len(draws) else 0)


def _small_sample(n: int, horizon: int) -> float:
    """What the sample variance of n overlapping sums of independent months must be multiplied by to be unbiased."""
    lag = np.arange(1 - horizon, horizon)
    shared = np.maximum(n - np.abs(lag), 0) * (horizon - np.abs(lag))
    of_mean = float(shared.sum()) / n**2
    return horizon * (n - 1) / (n * (horizon - of_mean))


def _mean_ratio(point: FloatArray, drawn: FloatArray) -> float:
    """Mean over the assets of the sample's variance over that of the draws."""
    moved = drawn > 0
    return float(np.mean(point[moved] / drawn[moved])) if moved.any() else 1.0


def least_risk(
    covariance: HorizonCovariance,
    *,
    costs: FloatArray | None = None,
    risk_aversion: float | None = None,
    level: float = 0.9,
) -> HorizonPortfolio:
    """Long-only portfolio of least risk and cost, with intervals from the covariance's draws.

    Parameters
    ----------
    covariance : HorizonCovariance
    costs, risk_aversion
        As in `cryptorisk.stats.portfolio.long_only`.
    level : float
        Coverage of the intervals.

    Returns
    -------
    HorizonPortfolio
    """
    checked_covariance(covariance.point)
    return _solved(
        covariance, lambda matrices: long_only(matrices, costs, risk_aversion, trusted=True), level
    )


def free_in_sign(covariance: HorizonCovariance, *, level: float = 0.9) -> HorizonPortfolio:
    """Portfolio of least variance with short positions allowed and no costs, with intervals.

    Raises
    ------
    ModelError
        When a covariance is singular: an asset is a combination of others.
    """
    return _solved(covariance, minimum_variance, level)


def _solved(
    covariance: HorizonCovariance, solve: Callable[[FloatArray], FloatArray], level: float
) -> HorizonPortfolio:
    point = solve(covariance.point)
    draws = solve(covariance.draws) if len(covariance.draws) else np.empty((0, len(point)))
    ends = [_interval(draws[:, j], level, covariance.n, covariance.block) for j in range(len(point))]
    return HorizonPortfolio(
        covariance.horizon,
        point,
        np.array([low for low, _ in ends]),
        np.array([high for _, high in ends]),
        level,
        math.sqrt(max(0.0, float(point @ covariance.point @ point))),
        covariance.n,
        covariance.block,
        draws,
    )


def _interval(draws: FloatArray, level: float, n: int, block: int) -> tuple[float, float]:
    if not block or not len(draws):
        return math.nan, math.nan
    return expanded_interval(draws, level, n / block)
