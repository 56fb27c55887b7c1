"""Markov switching of mean and variance: how many states a series knows, how long they last, which one holds now."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm

from cryptorisk.errors import ModelError
from cryptorisk.stats.regime_fit import Regimes, collected
from cryptorisk.stats.regime_search import (
    begun,
    polished,
    relabelled,
    switching_model,
    transition_matrix,
)
from cryptorisk.stats.sample import FloatArray, Values, checked_level, checked_sample

FEWEST = 20
"""Fewest observations a state may be asked to stand on; a model of k states needs k times as many."""

SAME_LIKELIHOOD = 0.05
"""Starts whose log-likelihood ends this near the best have found the same maximum."""


def fit(
    returns: Values,
    k_regimes: int = 2,
    *,
    order: int = 0,
    switching_variance: bool = True,
    starts: int = 12,
    followed: int = 3,
    seed: int = 0,
) -> Regimes:
    """Maximum likelihood of a Markov-switching mean and variance, from many random starts.

    ``r_t = mu_S + sigma_S z_t``, or with an order p Hamilton's ``(r_t - mu_{S_t}) = sum_j phi_j (r_{t-j} - mu_{S_{t-j}})
    + sigma z_t``, with z normal and S a Markov chain of the first order.

    Parameters
    ----------
    returns : array-like, shape (n,)
        In time order, without gaps; a dated Series keeps its dates in the probabilities.
    k_regimes : int
        At least 2.
    order : int
        Common autoregressive coefficients.
    switching_variance : bool
    starts : int
        Random starting values beside statsmodels' own.
    followed : int
        Of these the best, after a few steps, that are followed to their maxima. With autoregression the likelihood has many
        maxima: follow more.
    seed : int

    Returns
    -------
    Regimes

    Raises
    ------
    ModelError
        For fewer than 20 observations a state, a series that does not vary, or when no start gives a likelihood.

    References
    ----------
    Hamilton (1989), Econometrica 57(2), equations (4.1) to (4.6); Kim (1994), Journal of Econometrics 60 for smoothing.
    Durations: Hamilton (1989), p. 374.
    """
    if k_regimes < 2 or order < 0 or starts < 0:
        raise ModelError(
            f"k_regimes must be at least 2 and order and starts not negative ({k_regimes}, {order}, {starts})"
        )
    sample = checked_sample(returns, name="returns", minimum=FEWEST * k_regimes + order)
    if np.ptp(sample) == 0:
        raise ModelError("returns do not vary: there are no states to tell apart")
    model = switching_model(sample, k_regimes, order, switching_variance)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # convergence is judged below and said in `warnings`
        begins = begun(model, sample, starts, np.random.default_rng(seed))
        ends = polished(model, begins[: max(followed, 1)])
        _, best, converged = ends[0]
        fitted = model.smooth(relabelled(model, best, switching_variance), cov_type="approx")
        covariance = np.asarray(fitted.cov_params(), dtype=np.float64)
    agreeing = sum(value > ends[0][0] - SAME_LIKELIHOOD for value, _, _ in ends)
    counts = (len(begins), len(ends), agreeing)
    return collected(model, fitted, covariance, returns, counts, converged)


def choose(
    returns: Values,
    candidates: Sequence[int] = (1, 2, 3),
    *,
    starts: int = 12,
    followed: int = 3,
    seed: int = 0,
) -> tuple[pd.DataFrame, dict[int, Regimes]]:
    """Number of states by the Bayesian criterion.

    Parameters
    ----------
    returns : array-like, shape (n,)
    candidates : sequence of int
        One stands for independent normal returns.
    starts, followed, seed : int

    Returns
    -------
    (criteria, fits)
        ``criteria``: index states; ``log_likelihood, parameters, bic, chosen``. ``fits``: by states, from two on.

    Notes
    -----
    Under fewer states than the model has, the transition probabilities are not identified and likelihood ratios have no
    chi-square distribution; the criterion is used as a rule of choice and no test is made of it.
    """
    sample = checked_sample(returns, name="returns", minimum=FEWEST * max(candidates))
    fits = {k: fit(returns, k, starts=starts, followed=followed, seed=seed) for k in candidates if k > 1}
    rows = {k: (found.log_likelihood, len(found.params)) for k, found in fits.items()}
    if 1 in candidates:
        rows[1] = (float(norm.logpdf(sample, sample.mean(), sample.std()).sum()), 2)
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=["log_likelihood", "parameters"])
    frame["bic"] = frame["parameters"] * math.log(sample.size) - 2 * frame["log_likelihood"]
    frame["chosen"] = frame["bic"] == frame["bic"].min()
    return frame.sort_index().rename_axis("states"), fits


def current_interval(
    returns: Values, found: Regimes, *, level: float = 0.8, draws: int = 199, seed: int = 0
) -> FloatArray:
    """Interval of the probabilities of the states at the last observation, from the uncertainty of the parameters.

    Parameters
    ----------
    returns : array-like, shape (n,)
        That ``found`` was fitted to, with a switching variance and no autoregression.
    found : Regimes
    level : float
    draws : int
        Parameters from their asymptotic normal distribution; draws outside of the admissible space are left out.
    seed : int

    Returns
    -------
    ndarray, shape (k, 2)
        NaN where the covariance cannot be drawn from or fewer than half of the draws are admissible.
    """
    model = switching_model(checked_sample(returns, name="returns"), found.k_regimes, 0, True)
    none = np.full((found.k_regimes, 2), np.nan)
    covariance = found.covariance.to_numpy()
    if not np.isfinite(covariance).all() or (np.linalg.eigvalsh(covariance) <= 0).any():
        return none
    rng = np.random.default_rng(seed)
    drawn = rng.multivariate_normal(found.params.to_numpy(), covariance, size=draws)
    inside = [one for one in drawn if _admissible(model, one)]
    if 2 * len(inside) < draws:
        return none
    # The filter's arrays alone: results with all that hangs on them take ten times as long.
    last = np.array(
        [model.filter(one, return_raw=True).filtered_marginal_probabilities[..., -1] for one in inside]
    )
    tail = (1 - checked_level(level)) / 2
    return np.asarray(np.quantile(last, [tail, 1 - tail], axis=0).T)


def _admissible(model: Any, params: FloatArray) -> bool:
    matrix = transition_matrix(model, params)
    return bool((matrix > 0).all() and (params[model.parameters["variance"]] > 0).all())
