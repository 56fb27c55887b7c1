"""Growth at risk: quantiles of a future outcome given today's conditions, a skewed distribution through them, a backtest."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import kstest, norm

from cryptorisk.errors import ModelError
from cryptorisk.stats.bootstrap import block_indices, percentile_interval
from cryptorisk.stats.quantile_lines import in_order, pinball, quantile_line, quantile_lines
from cryptorisk.stats.sample import FloatArray, IntArray, checked_sample
from cryptorisk.stats.skew_t import QUANTILES, SkewT, fit_skew_t

MODELS = ("conditional", "unconditional", "autoregression")

TAIL = (0.05, 0.1, 0.15, 0.2, 0.25)
"""Quantiles whose mean loss judges the lower tail: of sixty outcomes fifteen lie below the highest, three below the
lowest."""


@dataclass(frozen=True, eq=False)
class AtRisk:
    """Quantiles of the outcome ``horizon`` periods ahead.

    Attributes
    ----------
    coefficients : DataFrame
        Rows: quantiles; columns: constant and regressors.
    quantiles : pandas.Series
        At the last regressors, rearranged.
    lines : pandas.Series
        The same before rearrangement.
    low, high : float
        Interval of the lowest quantile; NaN without replications.
    distribution : SkewT
    horizon, n : int
    """

    coefficients: pd.DataFrame
    quantiles: pd.Series
    lines: pd.Series
    low: float
    high: float
    distribution: SkewT
    horizon: int
    n: int


def at_risk(
    outcome: pd.Series,
    regressors: pd.DataFrame,
    horizon: int,
    *,
    quantiles: Sequence[float] = QUANTILES,
    level: float = 0.8,
    replications: int = 0,
    block: int = 4,
    seed: int = 0,
) -> AtRisk:
    """Quantile regressions of ``y_{t+h}`` on ``x_t``, read at the last regressors.

    Parameters
    ----------
    outcome : pandas.Series, shape (n,)
    regressors : DataFrame, shape (n, k)
        Of the same periods, in time order, none missing; a constant is added.
    horizon : int
        Periods ahead, at least one.
    quantiles : sequence of float
        Increasing.
    level : float
        Of the interval of the lowest quantile.
    replications, block : int
        Rows ``(y_{t+h}, x_t)`` are resampled in blocks; outcomes that overlap need blocks of at least their overlap.
    seed : int

    Returns
    -------
    AtRisk

    References
    ----------
    Adrian, Boyarchenko and Giannone (2019), American Economic Review 109(4), equations (2) and (3); rearranged after
    Chernozhukov, Fernandez-Val and Galichon (2010).
    """
    y, x, now = _pairs(outcome, regressors, horizon)
    lines = np.array([quantile_line(y, x, tau) for tau in quantiles])
    raw = lines @ now
    ordered = in_order(raw)
    low = high = math.nan
    if replications:
        rows = block_indices(len(y), block, replications, np.random.default_rng(seed))
        draws = np.column_stack([quantile_lines(y[rows], x[rows], tau) @ now for tau in quantiles])
        low, high = percentile_interval(in_order(draws)[:, 0], level)
    names = ["constant", *map(str, regressors.columns)]
    labels = pd.Index(quantiles, name="quantile")
    # Ties would have no density between them; they are spread by a hair of the range for the fit alone.
    apart = ordered + np.arange(len(ordered)) * 1e-6 * max(float(np.ptp(ordered)), 1e-6)
    return AtRisk(
        coefficients=pd.DataFrame(lines, labels, names),
        quantiles=pd.Series(ordered, labels),
        lines=pd.Series(raw, labels),
        low=low,
        high=high,
        distribution=fit_skew_t(apart, quantiles),
        horizon=horizon,
        n=len(y),
    )


@dataclass(frozen=True, eq=False)
class AtRiskBacktest:
    """Forecasts from expanding samples, each from what was known at its origin.

    Attributes
    ----------
    losses : DataFrame
        Rows: quantiles; columns: ``conditional, unconditional, autoregression``; mean pinball loss.
    covered : DataFrame
        The same shape: share of outcomes at or below the forecast quantile.
    tail : DataFrame
        Of `tail_losses`.
    pit : ndarray, shape (origins,)
        Probability that the conditional distribution gave to what came or less.
    pit_p : float
        Kolmogorov-Smirnov test that it is uniform; for independent forecasts, so that with overlap it rejects too often.
    origins : int
    """

    losses: pd.DataFrame
    covered: pd.DataFrame
    tail: pd.DataFrame
    pit: FloatArray
    pit_p: float
    origins: int


def backtest(
    outcome: pd.Series,
    regressors: pd.DataFrame,
    horizon: int,
    *,
    first: int = 40,
    quantiles: Sequence[float] = QUANTILES,
) -> AtRiskBacktest:
    """Pinball losses and probability transforms against unconditional quantiles and a normal autoregression.

    Parameters
    ----------
    outcome : pandas.Series, shape (n,)
    regressors : DataFrame, shape (n, k)
    horizon : int
    first : int
        Pairs in the first sample. An outcome enters a sample only when it lies at or before the origin.
    quantiles : sequence of float

    Raises
    ------
    ModelError
        When fewer than eight origins remain.
    """
    truth, origins, forecasts = _forecasts(outcome, regressors, horizon, first, quantiles)
    pits = []
    for conditional, outcome_then in zip(forecasts["conditional"], truth, strict=True):
        spread = np.arange(len(conditional)) * 1e-6 * max(float(np.ptp(conditional)), 1e-6)
        pits.append(
            float(fit_skew_t(conditional + spread, quantiles, starts=1).probability(float(outcome_then)))
        )
    labels = pd.Index(quantiles, name="quantile")
    return AtRiskBacktest(
        losses=pd.DataFrame(
            {name: pinball(truth, each, quantiles) for name, each in forecasts.items()}, labels
        ),
        covered=pd.DataFrame(
            {name: (truth[:, None] <= each).mean(axis=0) for name, each in forecasts.items()}, labels
        ),
        tail=tail_losses(outcome, regressors, horizon, first=first),
        pit=np.array(pits),
        pit_p=float(kstest(pits, "uniform").pvalue),
        origins=len(origins),
    )


def tail_losses(
    outcome: pd.Series,
    regressors: pd.DataFrame,
    horizon: int,
    *,
    first: int = 40,
    levels: Sequence[float] = TAIL,
) -> pd.DataFrame:
    """Losses over the lower tail of the same forecasts, origin by origin.

    Parameters
    ----------
    outcome, regressors, horizon, first
        As in `backtest`.
    levels : sequence of float
        Increasing; the pinball losses of these quantiles are averaged.

    Returns
    -------
    DataFrame
        Rows: origins in time order; columns: ``conditional, unconditional, autoregression``.

    References
    ----------
    A mean of pinball losses over quantiles is a continuous ranked probability score with weights, here on the lower tail:
    Gneiting and Ranjan (2011), Journal of Business and Economic Statistics 29(3).
    """
    truth, origins, forecasts = _forecasts(outcome, regressors, horizon, first, levels)
    asked = np.asarray(levels, dtype=np.float64)
    return pd.DataFrame({name: _losses(truth, each, asked) for name, each in forecasts.items()}, origins)


def _forecasts(
    outcome: pd.Series, regressors: pd.DataFrame, horizon: int, first: int, quantiles: Sequence[float]
) -> tuple[FloatArray, IntArray, dict[str, FloatArray]]:
    """What came at every origin, the origins, and the quantiles that each model gave."""
    y, x, _ = _pairs(outcome, regressors, horizon)
    own = np.column_stack([np.ones(len(y)), outcome.to_numpy(dtype=np.float64)[: len(y)]])
    origins = np.arange(first + horizon - 1, len(y))
    if len(origins) < 8:
        raise ModelError(
            f"{len(y)} pairs leave {max(len(origins), 0)} origins after a first sample of {first}; 8 are needed"
        )
    levels = np.asarray(quantiles, dtype=np.float64)
    made: dict[str, list[FloatArray]] = {name: [] for name in MODELS}
    for origin in origins:
        known = slice(0, origin - horizon + 1)
        lines = quantile_lines(
            np.broadcast_to(y[known], (len(levels), len(y[known]))),
            np.broadcast_to(x[known], (len(levels), *x[known].shape)),
            levels,
        )
        made["conditional"].append(in_order(lines @ x[origin]))
        made["unconditional"].append(np.quantile(y[known], quantiles))
        made["autoregression"].append(_normal_quantiles(y[known], own[known], own[origin], quantiles))
    return y[origins], origins, {name: np.array(rows) for name, rows in made.items()}


def _losses(truth: FloatArray, forecasts: FloatArray, levels: FloatArray) -> FloatArray:
    """Mean pinball loss of every origin over its quantiles, the columns."""
    miss = truth[:, None] - forecasts
    return np.asarray(np.where(miss >= 0, levels * miss, (levels - 1) * miss).mean(axis=1))


def _pairs(
    outcome: pd.Series, regressors: pd.DataFrame, horizon: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Outcomes ``horizon`` ahead, their regressors with a constant, and the last regressors."""
    if horizon < 1 or len(outcome) != len(regressors):
        raise ModelError(
            f"horizon must be at least 1 and the samples of one length ({horizon}, {len(outcome)}, {len(regressors)})"
        )
    y = checked_sample(outcome, name="outcome", minimum=horizon + 10)
    x = np.column_stack([np.ones(y.size), regressors.to_numpy(dtype=np.float64)])
    if not np.isfinite(x).all():
        raise ModelError("regressors must be finite", remedy="cut the sample to where all are observed")
    return y[horizon:], x[:-horizon], x[-1]


def _normal_quantiles(
    y: FloatArray, x: FloatArray, now: FloatArray, quantiles: Sequence[float]
) -> FloatArray:
    line, *_ = np.linalg.lstsq(x, y, rcond=None)
    spread = math.sqrt(float(((y - x @ line) ** 2).sum()) / (len(y) - x.shape[1]))
    return np.asarray(now @ line + spread * norm.ppf(np.asarray(quantiles)))
