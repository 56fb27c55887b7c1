"""Delta-CoVaR: how much further a system's bad quantile lies when another market is in distress."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cryptorisk.errors import ModelError
from cryptorisk.stats.bootstrap import block_indices, percentile_interval
from cryptorisk.stats.quantile_lines import quantile_line, quantile_lines
from cryptorisk.stats.sample import FloatArray, Values, checked_alike, checked_sample, checked_time

FEWEST_BEYOND = 10
"""Observations that must lie beyond the quantile: with fewer the tail's slope is that of a few days."""


@dataclass(frozen=True)
class DeltaCoVar:
    """Estimate with interval, in the unit of the system's returns.

    Attributes
    ----------
    delta, low, high : float
        ``beta_q (VaR_q - VaR_50)``; an interval of a block bootstrap, or NaN when none was asked for.
    slope : float
        Of the system's quantile on the other market's return.
    covar, covar_median : float
        The system's quantile when the other market stands at its quantile and at its median, with the states at their
        sample means.
    value_at_risk, median : float
        Quantiles of the other market's returns.
    quantile : float
    n, block, replications : int
    """

    delta: float
    low: float
    high: float
    slope: float
    covar: float
    covar_median: float
    value_at_risk: float
    median: float
    quantile: float
    n: int
    block: int
    replications: int


def delta_covar(
    system: Values,
    market: Values,
    states: FloatArray | pd.DataFrame | None = None,
    *,
    quantile: float = 0.05,
    level: float = 0.8,
    replications: int = 0,
    block: int = 1,
    seed: int = 0,
) -> DeltaCoVar:
    """Quantile regression of the system's return on the market's, read at the market's distress and at its median.

    Parameters
    ----------
    system, market : array-like, shape (n,)
        Returns of the same periods, bad ones negative. For an upper bad tail (a volatility index) turn the sign. Two Series
        must be of the same dates, in order; arrays are paired by position.
    states : ndarray or DataFrame, shape (n, s), optional
        State variables of the period before, ``M_{t-1}``; the caller shifts them.
    quantile : float
        Below one half.
    level : float
        Coverage of the interval.
    replications : int
        Resampled regressions; none gives no interval.
    block : int
        Length of the resampled blocks of rows.
    seed : int

    Returns
    -------
    DeltaCoVar

    Raises
    ------
    ModelError
        When fewer than ten observations lie beyond the quantile, the samples differ in length or dates, a series does not
        vary, or states hold gaps.

    Notes
    -----
    ``CoVaR_q = a_q + beta_q VaR_q + gamma_q' M`` and ``Delta CoVaR = beta_q (VaR_q - VaR_50)``, with unconditional quantiles
    of the market. It measures a shift of a conditional quantile and says nothing on what moved what.

    References
    ----------
    Adrian and Brunnermeier (2016), American Economic Review 106(7), equations (6) to (9).
    """
    if not 0 < quantile < 0.5:
        raise ModelError(
            f"quantile must lie between 0 and 0.5 (got {quantile})", remedy="turn the sign for an upper tail"
        )
    checked_time(system, name="system")
    checked_alike(system=system, market=market, states=states)
    y, x = checked_sample(system, name="system"), checked_sample(market, name="market")
    for name, sample in (("system", y), ("market", x)):
        if np.ptp(sample) <= 1e-12 * np.abs(sample).max(initial=0.0):
            raise ModelError(
                f"{name} does not vary: it has no bad side", remedy="give returns, not a fixed rate"
            )
    extra = np.empty((y.size, 0)) if states is None else np.asarray(states, dtype=np.float64)
    if extra.ndim != 2:
        raise ModelError(f"states need a row a period and a column a variable (got shape {extra.shape})")
    if not (y.size == x.size == len(extra)):
        raise ModelError(f"system, market and states differ in length ({y.size}, {x.size}, {len(extra)})")
    if quantile * y.size < FEWEST_BEYOND:
        raise ModelError(
            f"{quantile * y.size:.1f} of {y.size} observations lie beyond the {100 * quantile:g} % quantile; "
            f"{FEWEST_BEYOND} are needed",
            remedy="use a longer sample or a less extreme quantile",
        )
    design = np.column_stack([np.ones(y.size), x, extra])
    line = quantile_line(y, design, quantile)
    bad, median = (float(value) for value in np.quantile(x, [quantile, 0.5]))
    base, slope = float(line[0] + extra.mean(axis=0) @ line[2:]), float(line[1])
    low = high = math.nan
    if replications:
        rows = block_indices(y.size, block, replications, np.random.default_rng(seed))
        slopes = quantile_lines(y[rows], design[rows], quantile)[:, 1]
        ends = np.quantile(x[rows], [quantile, 0.5], axis=1)
        low, high = percentile_interval(slopes * (ends[0] - ends[1]), level)
    return DeltaCoVar(
        delta=slope * (bad - median),
        low=low,
        high=high,
        slope=slope,
        covar=base + slope * bad,
        covar_median=base + slope * median,
        value_at_risk=bad,
        median=median,
        quantile=quantile,
        n=y.size,
        block=block,
        replications=replications,
    )
