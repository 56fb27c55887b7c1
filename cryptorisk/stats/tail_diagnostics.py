"""Is the threshold high enough? Mean excesses, stability of the shape, and Hill's estimate beside it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import norm

from cryptorisk.errors import ModelError
from cryptorisk.stats import pareto
from cryptorisk.stats.sample import Values, checked_level, checked_sample
from cryptorisk.stats.tail_intervals import shape_interval
from cryptorisk.stats.tails import GpdFit, gpd

DEFAULT_QUANTILES = (0.80, 0.85, 0.875, 0.90, 0.925, 0.94, 0.95, 0.96, 0.97, 0.975, 0.98)


def mean_excess_table(losses: Values, quantiles: Sequence[float] = DEFAULT_QUANTILES) -> pd.DataFrame:
    """Mean excess over rising thresholds; a straight line upwards is a Pareto-type tail.

    Parameters
    ----------
    losses : array-like, shape (n,)
    quantiles : sequence of float
        Thresholds as sample quantiles; those with fewer than five excesses are left out.

    Returns
    -------
    DataFrame
        ``quantile, threshold, n_exceed, mean_excess, std_error`` (Embrechts, Kluppelberg and Mikosch 1997,
        section 6.2.2).
    """
    sample = checked_sample(losses, name="losses", minimum=30)
    rows = []
    for quantile in quantiles:
        threshold = float(np.quantile(sample, quantile))
        excesses = sample[sample > threshold] - threshold
        if excesses.size >= 5:
            error = float(excesses.std(ddof=1)) / math.sqrt(excesses.size)
            rows.append((quantile, threshold, excesses.size, float(excesses.mean()), error))
    return pd.DataFrame(rows, columns=["quantile", "threshold", "n_exceed", "mean_excess", "std_error"])


def threshold_stability(
    losses: Values,
    quantiles: Sequence[float] = DEFAULT_QUANTILES,
    *,
    coverage: float = 0.95,
    level: float = 0.99,
) -> pd.DataFrame:
    """Shape and modified scale over rising thresholds; both are constant where the tail model holds.

    Parameters
    ----------
    losses : array-like, shape (n,)
    quantiles : sequence of float
        Thresholds as sample quantiles; those with fewer than 30 excesses are left out.
    coverage : float
        Of the profile-likelihood interval of the shape.
    level : float
        Of the value at risk and expected shortfall read off each fit; NaN where it lies below the threshold.

    Returns
    -------
    DataFrame
        ``quantile, threshold, n_exceed, xi, xi_low, xi_high, modified_scale`` (``beta - xi u``; Coles 2001,
        section 4.3.4), ``value_at_risk, expected_shortfall``.
    """
    sample = checked_sample(losses, name="losses", minimum=30)
    rows = []
    for quantile in quantiles:
        if (sample > np.quantile(sample, quantile)).sum() < 30:
            continue
        fit = gpd(sample, quantile=quantile)
        low, high = shape_interval(fit, coverage)
        scale = fit.beta - fit.xi * fit.threshold
        known = fit.exceed_share >= 1.0 - level
        measures = (
            (fit.value_at_risk(level), fit.expected_shortfall(level)) if known else (math.nan, math.nan)
        )
        rows.append((quantile, fit.threshold, fit.n_exceed, fit.xi, low, high, scale, *measures))
    columns = ["quantile", "threshold", "n_exceed", "xi", "xi_low", "xi_high", "modified_scale"]
    return pd.DataFrame(rows, columns=[*columns, "value_at_risk", "expected_shortfall"])


def threshold_sensitivity(stability: pd.DataFrame, quantile: float, span: tuple[float, float]) -> bool:
    """Whether the choice of threshold moves the shape by more than its own interval.

    Parameters
    ----------
    stability : DataFrame
        Of `threshold_stability`.
    quantile : float
        The threshold that was chosen; the nearest of the table is taken.
    span : (float, float)
        Quantiles between which thresholds might as well have been chosen.

    Returns
    -------
    bool
        True when a shape within the span lies outside the interval of the shape at the chosen threshold.
    """
    chosen = stability.iloc[(stability["quantile"] - quantile).abs().argmin()]
    within = stability[stability["quantile"].between(*span)]
    outside = (within["xi"] < chosen["xi_low"]) | (within["xi"] > chosen["xi_high"])
    return bool(outside.any())


def hill(losses: Values, k: int, *, coverage: float = 0.95) -> tuple[float, float, float]:
    """Hill's estimate of the shape from the ``k`` largest losses, with its normal interval.

    Parameters
    ----------
    losses : array-like, shape (n,)
    k : int
    coverage : float

    Returns
    -------
    (xi, low, high)
        ``xi (1 -+ z / sqrt(k))``, as if losses were independent and the tail an exact power (Embrechts, Kluppelberg
        and Mikosch 1997, theorem 6.4.6).
    """
    xi = float(hill_table(losses, [k])["xi"].iloc[0])
    half = float(norm.isf((1.0 - checked_level(coverage, name="coverage")) / 2.0)) / math.sqrt(k)
    return xi, xi * (1.0 - half), xi * (1.0 + half)


def quantile_pairs(fit: GpdFit) -> pd.DataFrame:
    """Observed excesses against those that the fitted tail expects at their rank: a straight line when it holds.

    Returns
    -------
    DataFrame
        ``expected, observed``, losses (threshold added), smallest first, at ``(i - 0.5) / n``.
    """
    observed = np.sort(fit.excesses)
    share = (np.arange(observed.size) + 0.5) / observed.size
    expected = [fit.beta * pareto.scaled_quantile(fit.xi, 1.0 / (1.0 - part)) for part in share]
    return pd.DataFrame(
        {"expected": fit.threshold + np.array(expected), "observed": fit.threshold + observed}
    )


def hill_table(losses: Values, counts: Sequence[int]) -> pd.DataFrame:
    """Hill's estimate of the tail shape from the ``k`` largest losses.

    Parameters
    ----------
    losses : array-like, shape (n,)
    counts : sequence of int
        Values of ``k``, each below the number of positive losses.

    Returns
    -------
    DataFrame
        ``k, threshold, xi, std_error`` with ``std_error = xi / sqrt(k)``.

    Notes
    -----
    It knows only ``xi > 0`` and, unlike the generalised Pareto fit, moves when a constant is added to the
    losses; the two need not agree in samples of some thousands (Hill 1975, Annals of Statistics 3).
    """
    sample = np.sort(checked_sample(losses, name="losses", minimum=2))[::-1]
    positive = int((sample > 0).sum())
    rows = []
    for k in counts:
        if not 1 <= k < positive:
            raise ModelError(f"k must lie between 1 and {positive - 1} (got {k})")
        xi = float(np.log(sample[:k] / sample[k]).mean())
        rows.append((k, float(sample[k]), xi, xi / math.sqrt(k)))
    return pd.DataFrame(rows, columns=["k", "threshold", "xi", "std_error"])
