"""A fitted model of Markov switching: states, durations, probabilities, and how far to trust them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm

from cryptorisk.stats.regime_search import transition_matrix
from cryptorisk.stats.sample import FloatArray, Values, checked_level

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


def collected(
    model: Any,
    fitted: Any,
    covariance: FloatArray,
    returns: Values,
    counts: tuple[int, int, int],
    converged: bool,
) -> Regimes:
    """Statsmodels' smoothed results as `Regimes`, with what a reader must know of them.

    Parameters
    ----------
    model, fitted
        The switching model and its smoothed results at the maximum, states in order.
    covariance : ndarray, shape (parameters, parameters)
    returns : array-like, shape (n,)
        For the dates.
    counts : (int, int, int)
        Starts tried, followed, and ended at the best likelihood.
    converged : bool
    """
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
