"""Markov switching of mean and variance: how many states a series knows, how long they last, which one holds now."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm

from cryptorisk.errors import ModelError
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

BOUND = 1e-3
"""A probability of staying or leaving nearer than this to zero or one stands on its bound: no normal interval holds."""

FEWEST_SPELLS = 5.0
"""Expected number of departures from a state below which its duration rests on a handful of spells."""


@dataclass(frozen=True, eq=False)
class Regimes:
    """A fitted model, its states in the order of variance (of means where the variance does not switch).

    Attributes
    ----------
    params : pandas.Series
        Under statsmodels' names.
    covariance : DataFrame
        Of the parameters, from the numerical Hessian.
    means, sigmas : ndarray, shape (k,)
        Of each state, in the data's unit; with autoregression the mean about which deviations are autoregressive.
    transition : ndarray, shape (k, k)
        Row: from, column: to; rows sum to one.
    filtered, smoothed : DataFrame
        Probability of each state by observation, given the past and present, and given the whole sample.
    stay_errors : ndarray, shape (k,)
        Standard error of the logit of each probability of staying.
    log_likelihood, bic : float
    n_obs, order : int
        Observations in the likelihood; autoregressive order.
    starts, followed, agreeing : int
        Starts tried, the best of them that were followed to the end, and those of these that ended at the best likelihood.
    converged : bool
    warnings : tuple of str
        What a reader of the estimates must know: convergence, bounds, lone maxima, few spells.
    """

    params: pd.Series
    covariance: pd.DataFrame
    means: FloatArray
    sigmas: FloatArray
    transition: FloatArray
    filtered: pd.DataFrame
    smoothed: pd.DataFrame
    stay_errors: FloatArray
    log_likelihood: float
    bic: float
    n_obs: int
    order: int
    starts: int
    followed: int
    agreeing: int
    converged: bool
    warnings: tuple[str, ...]

    @property
    def k_regimes(self) -> int:
        """Number of states."""
        return len(self.means)

    @property
    def standard_errors(self) -> pd.Series:
        """Of the parameters; NaN where the Hessian is not negative definite."""
        with np.errstate(invalid="ignore"):
            return pd.Series(np.sqrt(np.diag(self.covariance)), index=self.params.index)

    @property
    def durations(self) -> FloatArray:
        """Expected length of a spell, ``1 / (1 - p_ii)``, in observations."""
        return np.asarray(1.0 / (1.0 - np.diag(self.transition)))

    @property
    def current(self) -> FloatArray:
        """Probability of each state at the last observation."""
        return np.asarray(self.filtered.iloc[-1], dtype=np.float64)

    def duration_intervals(self, level: float) -> FloatArray:
        """Normal intervals of ``log(duration - 1)``, the logit of staying, carried to durations.

        Parameters
        ----------
        level : float
            Coverage, 0.8 for 80 %.

        Returns
        -------
        ndarray, shape (k, 2)
            NaN where a probability of the state's row stands on a bound, the Hessian gives no error, or the sample holds
            fewer than five spells of the state.
        """
        reach = float(norm.ppf(0.5 + checked_level(level) / 2)) * self.stay_errors
        centre = np.log(np.maximum(self.durations - 1.0, 1e-300))
        return np.asarray(1.0 + np.exp(np.column_stack([centre - reach, centre + reach])))


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
    return _collected(model, fitted, covariance, returns, counts, converged)


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
    last = np.array([np.asarray(model.filter(one).filtered_marginal_probabilities)[-1] for one in inside])
    tail = (1 - checked_level(level)) / 2
    return np.asarray(np.quantile(last, [tail, 1 - tail], axis=0).T)


def _admissible(model: Any, params: FloatArray) -> bool:
    matrix = transition_matrix(model, params)
    return bool((matrix > 0).all() and (params[model.parameters["variance"]] > 0).all())


def _collected(
    model: Any,
    fitted: Any,
    covariance: FloatArray,
    returns: Values,
    counts: tuple[int, int, int],
    converged: bool,
) -> Regimes:
    params, places = np.asarray(fitted.params, dtype=np.float64), model.parameters
    k, transition = model.k_regimes, transition_matrix(model, params)
    index = (
        returns.index[model.order :] if isinstance(returns, pd.Series) else pd.RangeIndex(int(fitted.nobs))
    )
    variance = np.broadcast_to(params[places["variance"]], (k,))
    smoothed = pd.DataFrame(np.asarray(fitted.smoothed_marginal_probabilities), index=index)
    leaving = (1 - np.diag(transition)) * smoothed.sum().to_numpy()
    stay_errors = np.where(leaving < FEWEST_SPELLS, np.nan, _stay_errors(transition, covariance, k))
    names = list(model.param_names)
    return Regimes(
        params=pd.Series(params, index=names),
        covariance=pd.DataFrame(covariance, index=names, columns=names),
        means=params[places["exog"]],
        sigmas=np.sqrt(variance),
        transition=transition,
        filtered=pd.DataFrame(np.asarray(fitted.filtered_marginal_probabilities), index=index),
        smoothed=smoothed,
        stay_errors=stay_errors,
        log_likelihood=float(fitted.llf),
        bic=float(fitted.bic),
        n_obs=int(fitted.nobs),
        order=int(model.order),
        starts=counts[0],
        followed=counts[1],
        agreeing=counts[2],
        converged=converged,
        warnings=tuple(_warnings(transition, leaving, stay_errors, counts, converged)),
    )


def _stay_errors(transition: FloatArray, covariance: FloatArray, k: int) -> FloatArray:
    """Delta method: of the logit of p_ii; the last state's probability of staying is one less the others of its row."""
    stay, errors = np.diag(transition), np.full(k, np.nan)
    for i in range(k):
        gradient = np.zeros(len(covariance))
        # Parameters p[i->j] stand by destination first: j * k + i, for all destinations but the last.
        if i < k - 1:
            gradient[i * k + i] = 1.0
        else:
            gradient[[j * k + i for j in range(k - 1)]] = -1.0
        variance = float(gradient @ covariance @ gradient)
        inside = ((transition[i] > BOUND) & (transition[i] < 1 - BOUND)).all()
        if math.isfinite(variance) and variance > 0 and inside:
            errors[i] = math.sqrt(variance) / (stay[i] * (1 - stay[i]))
    return errors


def _warnings(
    transition: FloatArray,
    leaving: FloatArray,
    stay_errors: FloatArray,
    counts: tuple[int, int, int],
    converged: bool,
) -> list[str]:
    said = []
    if not converged:
        said.append("the optimiser did not report convergence")
    _starts, followed, agreeing = counts
    if agreeing < 2 <= followed:
        said.append(
            f"of the best {followed} starts one alone ended at the highest likelihood: there may be a higher one"
        )
    bound = (transition < BOUND) | (transition > 1 - BOUND)
    if bound.any():
        pairs = [f"{i} to {j}" for i, j in np.argwhere(bound)]
        said.append(f"transition probabilities on a bound (from state to state): {', '.join(pairs)}")
    few = [str(i) for i in np.flatnonzero(leaving < FEWEST_SPELLS)]
    if few:
        said.append(f"fewer than {FEWEST_SPELLS:g} spells of state {', '.join(few)}: its duration is a guess")
    if np.isnan(stay_errors).any():
        said.append(
            "a duration has no interval: a bound, few spells, or a Hessian that is not negative definite"
        )
    return said
