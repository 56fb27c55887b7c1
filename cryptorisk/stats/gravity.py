"""Gravity: flows between pairs by the sizes of both ends and what lies between them.

PPML with an effect for every origin and destination takes the place of the theory's multilateral resistance. Where the
flows of one country alone are known, partners' effects cannot be fitted, and the terms of Baier and Bergstrand stand in.

References
----------
Anderson, J. E. and van Wincoop, E. (2003), "Gravity with gravitas", American Economic Review 93(1): 170-192. Baier, S. L.
and Bergstrand, J. H. (2009), "Bonus vetus OLS", Journal of International Economics 77(1): 77-85. Santos Silva, J. M. C.
and Tenreyro, S. (2006), "The log of gravity", Review of Economics and Statistics 88(4): 641-658.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from cryptorisk.errors import ModelError
from cryptorisk.stats.absorb import Floats
from cryptorisk.stats.fe_regression import Fit, Solution, inference, reset_test, squared_correlation
from cryptorisk.stats.fe_sample import Sample
from cryptorisk.stats.ppml import ppml

__all__ = ["Fit", "log_ols", "multilateral_resistance", "ppml", "unilateral_resistance"]


def log_ols(
    df: pd.DataFrame,
    y: str,
    x: Sequence[str],
    fixed_effects: Sequence[str] = (),
    cluster: str | Sequence[str] | None = None,
    *,
    level: float = 0.95,
) -> Fit:
    """Least squares of the logarithm of y, to be shown beside PPML: zeros fall out, and heteroskedasticity biases it.

    Parameters and errors as `ppml`; outcomes that are not positive are left out and counted.
    """
    sample = Sample.read(df, y, x, fixed_effects, cluster)
    if not (sample.y > 0).any():
        raise ModelError(f"the outcome {y} is nowhere positive")
    sample = sample.take(sample.y > 0, "not positive").without_alone()
    found = _least_squares(sample)
    cov, degrees = inference(sample, found)
    names = [sample.names[position] for position in found.kept]
    logs = np.log(sample.y)
    total = float(((logs - logs.mean()) ** 2).sum())
    return Fit(
        estimator="log_ols",
        params=pd.Series(found.beta, index=names),
        cov=pd.DataFrame(cov, index=names, columns=names),
        n=sample.y.size,
        dropped=dict(sample.dropped),
        omitted=tuple(name for name in sample.names if name not in names),
        converged=found.converged,
        steps=found.steps,
        clusters={name: int(code.max()) + 1 for name, code in sample.clusters.items()},
        effects=dict(zip(sample.effects.names, sample.effects.sizes, strict=True)),
        df=degrees,
        deviance=found.deviance,
        pseudo_r2=1 - found.deviance / total if total > 0 else math.nan,
        correlation2=squared_correlation(logs, found.index),
        reset_p=reset_test(sample, found, _least_squares),
        fitted=pd.Series(found.index, index=df.index[sample.rows]),
        level=level,
    )


def _least_squares(sample: Sample) -> Solution:
    ones, logs = np.ones(sample.y.size), np.log(sample.y)
    left, converged = sample.effects.within(np.column_stack([logs, sample.x]), ones)
    response, x = left[:, 0], left[:, 1:]
    kept = sample.usable(x, ones)
    beta = np.asarray(np.linalg.lstsq(x[:, kept], response, rcond=None)[0], dtype=np.float64)
    error = response - x[:, kept] @ beta
    return Solution(kept, beta, logs - error, x[:, kept], ones, error, float(error @ error), converged, 1)


def multilateral_resistance(d: pd.DataFrame, weights: pd.Series) -> pd.DataFrame:
    """A trade cost less the averages that multilateral resistance takes of it.

    Parameters
    ----------
    d : DataFrame, shape (n, n)
        Cost of every pair, origins in rows and destinations in columns, the same names in both; a pair of a country with
        itself included.
    weights : Series, shape (n,)
        Sizes, for example GDP; only their shares matter.

    Returns
    -------
    DataFrame, shape (n, n)
        ``MR_ij = d_ij - sum_k w_k d_ik - sum_k w_k d_kj + sum_k sum_m w_k w_m d_km``. A regression on it needs no effects
        of countries; what belongs to one end alone (a sum ``a_i + b_j``) is zero in it.

    Raises
    ------
    ModelError
        When rows and columns are of other names, a value is missing, or weights are not positive.

    References
    ----------
    Baier and Bergstrand (2009): first-order expansion of the price terms of Anderson and van Wincoop (2003).
    """
    shares = _shares(d, weights)
    cost = d.loc[shares.index, shares.index].to_numpy(dtype=float)
    share = shares.to_numpy()
    outward, inward = cost @ share, share @ cost
    found = cost - outward[:, None] - inward[None, :] + float(share @ cost @ share)
    return pd.DataFrame(found, index=shares.index, columns=shares.index)


def unilateral_resistance(
    d: pd.DataFrame, weights: pd.Series, own: str, side: Literal["origin", "destination"] = "origin"
) -> pd.Series:
    """The same for the flows of one country: its row (or column) of `multilateral_resistance`, itself left out.

    Parameters
    ----------
    d, weights
        As in `multilateral_resistance`: costs between all others are needed too, for what a partner's other ways out cost.
    own : str
        The country whose flows are known.
    side : {"origin", "destination"}
        Which end of the flows it is.

    Returns
    -------
    Series
        By partner.

    Raises
    ------
    ModelError
        As `multilateral_resistance`, and when ``own`` is not among the names.
    """
    found = multilateral_resistance(d, weights)
    if own not in found.index:
        raise ModelError(f"there are no costs of {own}")
    return (found.T if side == "origin" else found)[own].drop(own)


def _shares(d: pd.DataFrame, weights: pd.Series) -> pd.Series:
    """Weights of the matrix's names as shares."""
    if set(d.index) != set(d.columns) or not d.index.is_unique or not d.columns.is_unique:
        raise ModelError("costs need the same names in rows and columns, each once")
    chosen = weights.reindex(d.index)
    if not (chosen > 0).all():
        bad = ", ".join(map(str, chosen.index[~(chosen > 0)][:5]))
        raise ModelError(f"weights must be positive (not so: {bad})")
    cost: Floats = d.to_numpy(dtype=float)
    if not np.isfinite(cost).all():
        row, column = np.argwhere(~np.isfinite(cost))[0]
        raise ModelError(f"the cost from {d.index[row]} to {d.columns[column]} is missing")
    return chosen.astype(float) / float(chosen.sum())
