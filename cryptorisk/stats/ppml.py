"""Poisson pseudo-maximum likelihood with fixed effects: constant elasticities of anything that is not negative.

``E[y | x] = exp(x'b + effects)``, fitted by the first-order conditions of a Poisson likelihood: consistent whatever the
distribution of y, zeros included, as long as the conditional mean is right. Logarithms fitted by least squares are not:
under heteroskedasticity the expected error of a logarithm depends on x, and zeros fall out.

References
----------
Santos Silva, J. M. C. and Tenreyro, S. (2006), "The log of gravity", Review of Economics and Statistics 88(4): 641-658.
Correia, S., Guimarães, P. and Zylkin, T. (2020), "Fast Poisson estimation with high-dimensional fixed effects", Stata
Journal 20(1): 95-115. Stammann, A. (2018), arXiv:1707.01815.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from cryptorisk.errors import ModelError
from cryptorisk.stats.absorb import Floats
from cryptorisk.stats.fe_regression import Fit, Solution, inference, reset_test, squared_correlation
from cryptorisk.stats.fe_sample import CONSTANT, Sample
from cryptorisk.stats.separation import in_zero_levels, separated

_MAX_STEPS = 200
_HALVINGS = 40
_SCORE = 1e-6
"""Largest score relative to the sum of what it is made of."""
_LARGEST_INDEX = 700.0
"""The exponential of more is no number."""


def ppml(
    df: pd.DataFrame,
    y: str,
    x: Sequence[str],
    fixed_effects: Sequence[str] = (),
    cluster: str | Sequence[str] | None = None,
    *,
    offset: str | None = None,
    tol: float = 1e-12,
    level: float = 0.95,
) -> Fit:
    """Poisson pseudo-maximum likelihood of y on x and fixed effects.

    Parameters
    ----------
    df : DataFrame
        A row an observation; rows with a missing value in a column used are left out and counted.
    y : str
        Column of the outcome, in any unit: flows, volumes, counts. Not negative.
    x : sequence of str
        Columns of the regressors (in logs for elasticities).
    fixed_effects : sequence of str
        Columns whose levels each have an effect; ``origin^date`` for combinations. A constant is fitted where there are
        none.
    cluster : str or sequence of str, optional
        Columns (or combinations) within which errors may depend on each other; several for multi-way clustering. None:
        robust to heteroskedasticity.
    offset : str, optional
        Column added to the index with coefficient one (the logarithm of an exposure).
    tol : float
        Relative change of the deviance at which the iteration ends.
    level : float
        Nominal coverage of intervals, for example 0.95.

    Returns
    -------
    Fit

    Raises
    ------
    ModelError
        When a column is not there or not numeric, an outcome is negative, or too few observations are left.

    Notes
    -----
    Iteratively reweighted least squares of ``ln mu + (y - mu) / mu`` with weights mu, effects taken out by
    `cryptorisk.stats.absorb`; y is divided by its mean first. Observations that keep the estimates from existing
    (`cryptorisk.stats.separation`) and those alone in a level are dropped and counted.
    """
    sample = _informative(Sample.read(df, y, x, fixed_effects, cluster, offset), df, y)
    scale = float(sample.y.mean())
    scaled = replace(sample, y=sample.y / scale)
    found = solve(scaled, tol)
    cov, degrees = inference(scaled, found)
    beta = found.beta.copy()
    names = [sample.names[position] for position in found.kept]
    if CONSTANT in names:
        beta[names.index(CONSTANT)] += math.log(scale)
    mean = scale * np.exp(found.index)
    exposure = np.exp(sample.offset - sample.offset.max())
    null = _deviance(scaled.y, exposure * scaled.y.sum() / exposure.sum())
    return Fit(
        estimator="ppml",
        params=pd.Series(beta, index=names),
        cov=pd.DataFrame(cov, index=names, columns=names),
        n=sample.y.size,
        dropped=dict(sample.dropped),
        omitted=tuple(name for name in sample.names if name not in names),
        converged=found.converged,
        steps=found.steps,
        clusters={name: int(code.max()) + 1 for name, code in sample.clusters.items()},
        effects=dict(zip(sample.effects.names, sample.effects.sizes, strict=True)),
        df=degrees,
        deviance=scale * found.deviance,
        pseudo_r2=1 - found.deviance / null if null > 0 else math.nan,
        correlation2=squared_correlation(sample.y, mean),
        reset_p=reset_test(scaled, found, lambda longer: solve(longer, tol, start=found.index)),
        fitted=pd.Series(mean, index=df.index[sample.rows]),
        level=level,
    )


def _informative(sample: Sample, df: pd.DataFrame, y: str) -> Sample:
    """The sample without observations on which the estimates do not depend or do not exist.

    Raises
    ------
    ModelError
        For a negative outcome, or when no positive one is left.
    """
    if (sample.y < 0).any():
        row = df.index[sample.rows][int(np.argmax(sample.y < 0))]
        raise ModelError(f"the outcome {y} is negative in row {row}", remedy="PPML needs zero or more")
    if not (sample.y > 0).any():
        raise ModelError(f"the outcome {y} is nowhere positive")
    sample = sample.take(~in_zero_levels(sample.y, sample.effects), "no variation")
    sample = sample.take(~separated(sample.y, sample.x, sample.effects), "separated")
    return sample.without_alone()


def solve(sample: Sample, tol: float, start: Floats | None = None) -> Solution:
    """The iteration, on an outcome of about one; it begins from ``start``, an index, where one is given.

    Notes
    -----
    What effects were taken out of stays free of them under other weights but for effects, so that each step begins where
    the last one ended (Correia, Guimarães and Zylkin 2020).
    """
    y, effects = sample.y, sample.effects
    index = np.log((y + y.mean()) / 2) if start is None else start
    mean, deviance = (
        np.exp(index),
        math.inf,
    )  # the start lies outside the model and may fit better than any point in it
    left, _ = effects.within(sample.x, mean)
    kept = sample.usable(left, mean)
    left, response, before = left[:, kept], np.zeros_like(y), np.zeros_like(y)
    beta, calm, steps = np.empty(0), 0, 0
    while calm < 2 and steps < _MAX_STEPS:  # one small step may come from halving
        steps += 1
        working = index - sample.offset + (y - mean) / mean
        both, _ = effects.within(np.column_stack([response + working - before, left]), mean)
        response, left, before = both[:, 0], both[:, 1:], working
        root = np.sqrt(mean)
        beta = np.linalg.lstsq(root[:, None] * left, root * response, rcond=None)[0]
        target = sample.offset + working - (response - left @ beta)
        index, new = _damped(y, index, target, deviance)
        mean = np.exp(index)
        calm = calm + 1 if abs(deviance - new) < tol * max(new, 0.1) else 0
        deviance = new
    final, closed = effects.within(sample.x[:, kept], mean)
    solved = closed and _solves(sample, final, mean)
    return Solution(kept, beta, index, final, mean, y - mean, deviance, solved, steps)


def _solves(sample: Sample, left: Floats, mean: Floats) -> bool:
    """Whether the estimating equations hold: every level's fitted sum is its own, and no regressor goes with the errors.

    A deviance that no longer falls is no proof: it may be stuck far away, or move in its last digits at the solution.
    """
    error, size = sample.y - mean, sample.y + mean
    met = [bool((np.abs(left.T @ error) <= _SCORE * (np.abs(left).T @ size)).all())]
    for code in sample.effects.codes:
        met.append(bool((np.abs(np.bincount(code, error)) <= _SCORE * np.bincount(code, size)).all()))
    return all(met)


def _damped(y: Floats, index: Floats, target: Floats, deviance: float) -> tuple[Floats, float]:
    """The target, or a point nearer to the index where the target has the higher deviance; and its deviance."""
    for _ in range(_HALVINGS):
        bounded = np.clip(target, -_LARGEST_INDEX, _LARGEST_INDEX)
        new = _deviance(y, np.exp(bounded))
        if new <= deviance * (1 + 1e-9) + 1e-12:
            return bounded, new
        target = (target + index) / 2
    return index, deviance


def _deviance(y: Floats, mean: Floats) -> float:
    """Poisson deviance, ``2 sum(y ln(y / mu) - (y - mu))``."""
    positive = y > 0
    logs = float((y[positive] * np.log(y[positive] / mean[positive])).sum())
    return 2 * (logs - float((y - mean).sum()))
