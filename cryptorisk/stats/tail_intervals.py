"""Intervals of a fitted tail: profile likelihood for independent losses, block bootstrap for clustered ones."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

import numpy as np
import pandas as pd
from scipy.optimize import brentq, minimize, minimize_scalar
from scipy.stats import chi2

from cryptorisk.errors import ModelError
from cryptorisk.stats import pareto
from cryptorisk.stats.bootstrap import block_indices
from cryptorisk.stats.sample import Values, checked_level, checked_sample
from cryptorisk.stats.tails import REGULAR_SHAPE, GpdFit, gpd

Measure = Literal["value_at_risk", "expected_shortfall"]


def shape_interval(fit: GpdFit, coverage: float = 0.95) -> tuple[float, float]:
    """Profile-likelihood interval of the shape, as if losses were independent (Coles 2001, section 2.6.6).

    Parameters
    ----------
    fit : GpdFit
    coverage : float

    Returns
    -------
    (low, high)
        ``low`` is -1 when even that shape is not rejected.

    Raises
    ------
    ModelError
        When the estimated shape is -0.5 or less: the likelihood is then not regular.
    """
    _check_regular(fit)

    def profile(xi: float) -> float:
        lowest = max(1e-6, -xi * fit.excesses.max() * (1.0 + 1e-9))
        top = fit.excesses.mean() * 20.0 + lowest
        found = minimize_scalar(
            lambda logged: -pareto.loglikelihood(fit.excesses, xi, math.exp(logged)),
            bounds=(math.log(lowest), math.log(top)),
            method="bounded",
        )
        return -float(found.fun)

    return _profile_ends(profile, fit.xi, fit.loglikelihood, coverage, 0.05, pareto.LOWEST_SHAPE, 10.0)


def risk_interval(fit: GpdFit, level: float, measure: Measure, coverage: float = 0.95) -> tuple[float, float]:
    """Profile-likelihood interval of value at risk or expected shortfall, as if losses were independent.

    Parameters
    ----------
    fit : GpdFit
    level : float
        Of the value at risk.
    measure : {"value_at_risk", "expected_shortfall"}
    coverage : float

    Returns
    -------
    (low, high)
        In the unit of the losses; ``high`` is infinite when an expected shortfall that does not exist is
        not rejected.

    Notes
    -----
    The likelihood of the excesses is joined by the binomial one of how many there are, so the uncertainty of
    the share above the threshold is part of the interval (Coles 2001, section 4.3.3).
    """
    _check_regular(fit)
    point = getattr(fit, measure)(level)
    if not math.isfinite(point):
        raise ModelError("expected shortfall is infinite at the estimated shape; it has no interval")
    tail = 1.0 - checked_level(level)
    below = fit.n_obs - fit.n_exceed

    def deviance(values: np.ndarray, target: float) -> float:
        xi, logit = float(values[0]), float(values[1])
        share = 1.0 / (1.0 + math.exp(-logit))
        if share <= tail or not pareto.LOWEST_SHAPE <= xi < (
            1.0 if measure == "expected_shortfall" else 10.0
        ):
            return math.inf
        units = pareto.scaled_quantile(xi, share / tail)
        units = units if measure == "value_at_risk" else (units + 1.0) / (1.0 - xi)
        excess_part = pareto.loglikelihood(fit.excesses, xi, (target - fit.threshold) / units)
        return -(excess_part + fit.n_exceed * math.log(share) + below * math.log1p(-share))

    share = fit.exceed_share
    origin = np.array([fit.xi, math.log(share / (1.0 - share))])
    top = -deviance(origin, point)

    def profile(target: float) -> float:
        found = minimize(
            deviance,
            origin,
            args=(target,),
            method="Nelder-Mead",
            options={"xatol": 1e-4, "fatol": 1e-5, "initial_simplex": origin + _SIMPLEX},
        )
        return -float(found.fun)

    step = 0.1 * (point - fit.threshold)
    return _profile_ends(profile, point, top, coverage, step, fit.threshold, 1e6 * point)


def _check_regular(fit: GpdFit) -> None:
    if fit.xi <= REGULAR_SHAPE:
        raise ModelError(
            f"the tail ends at a finite loss (shape {fit.xi:.2f}); likelihood intervals need a shape above -0.5"
        )


_SIMPLEX = np.array([[0.0, 0.0], [0.05, 0.0], [0.0, 0.05]])


def _profile_ends(
    profile: Callable[[float], float],
    point: float,
    top: float,
    coverage: float,
    step: float,
    floor: float,
    ceiling: float,
) -> tuple[float, float]:
    cut = top - 0.5 * float(chi2.ppf(checked_level(coverage, name="coverage"), 1))

    def gap(value: float) -> float:
        return max(profile(value) - cut, -1e6)

    ends = []
    for direction in (-1.0, 1.0):
        limit = floor if direction < 0 else ceiling
        inside, reach = point, step
        while True:
            outside = point + direction * reach
            if (outside - limit) * direction >= 0:
                ends.append(limit if direction < 0 else math.inf)
                break
            if gap(outside) < 0:
                ends.append(float(brentq(gap, inside, outside, xtol=1e-4 * max(abs(point), 0.1))))
                break
            inside, reach = outside, reach * 1.7
    return ends[0], ends[1]


def tail_draws(
    losses: Values,
    *,
    rng: np.random.Generator,
    level: float = 0.99,
    quantile: float = 0.95,
    block: int | None = None,
    replications: int = 1_000,
) -> pd.DataFrame:
    """Refit the tail on block-resampled losses: draws for intervals that allow for clustering.

    Parameters
    ----------
    losses : array-like, shape (n,)
        In time order, percent log points.
    rng : numpy.random.Generator
    level : float
        Of value at risk and expected shortfall.
    quantile : float
        Threshold; chosen anew in every replication, so its uncertainty is part of the draws.
    block : int, optional
        Length of circular blocks in periods; default a twentieth of the sample. Volatility clusters are long:
        in simulated GARCH worlds of ten years blocks of a month cover clearly less often than blocks of half
        a year, and no block reaches the nominal level (METHODS.md, coverage).
    replications : int

    Returns
    -------
    DataFrame, one row a replication
        ``xi, value_at_risk, expected_shortfall, simple_expected_shortfall``; the third may be infinite.
    """
    sample = checked_sample(losses, name="losses", minimum=2)
    length = max(1, sample.size // 20) if block is None else block
    rows = block_indices(sample.size, length, replications, rng)
    records = []
    for row in rows:
        fit = gpd(sample[row], quantile=quantile)
        records.append(
            (
                fit.xi,
                fit.value_at_risk(level),
                fit.expected_shortfall(level),
                fit.simple_expected_shortfall(level),
            )
        )
    return pd.DataFrame(
        records, columns=["xi", "value_at_risk", "expected_shortfall", "simple_expected_shortfall"]
    )
