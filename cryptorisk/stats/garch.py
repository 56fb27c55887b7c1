"""Volatility that clusters: the GARCH family by maximum likelihood, with the doubts stated."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cryptorisk.errors import ModelError
from cryptorisk.stats.garch_sample import checked_returns
from cryptorisk.stats.garch_specification import (
    DISTRIBUTION_NAMES,
    MODEL_NAMES,
    Distribution,
    Model,
    at_bound,
    other_starts,
    parameter_names,
    persistence_of,
    recursion_of,
    specification,
)
from cryptorisk.stats.sample import FloatArray, Values, checked_choice
from cryptorisk.stats.volatility import Recursion

ADVISED_OBSERVATIONS = 500
"""In shorter samples estimates of a GARCH(1,1) are biased and often sit on a bound (Hwang and Valls Pereira
2006, European Journal of Finance 12(6-7): at least 250 observations for ARCH(1), 500 for GARCH(1,1))."""

BOUNDARY = 0.999
"""Persistence from which a process is treated as integrated: the half-life of a shock is then 693 days or
more, beyond any horizon that a sample of some years can speak about."""


@dataclass(frozen=True, eq=False)
class GarchFit:
    """A fitted volatility model. Units are percent a period, as the returns that were given.

    Attributes
    ----------
    model, distribution : str
    params, std_errors : Series
        ``mu omega alpha gamma beta delta nu skew`` (those the model has). A standard error of a parameter in
        `at_bound` is not valid, and is NaN where the covariance could not be computed.
    covariance : DataFrame
        Robust (Bollerslev and Wooldridge 1992) or Hessian-based covariance of the parameters.
    loglikelihood : float
    loglikelihood_range : float
        Best less worst log-likelihood among the converged starts; well above zero means that the likelihood
        has several peaks and a single start could have missed the best.
    n_obs : int
    persistence, persistence_se : float
        Of the recursion under the fitted shocks (GJR with symmetric ones: ``alpha + gamma/2 + beta``; see
        `cryptorisk.stats.volatility`), and its delta-method error.
    integrated_boundary : bool
        Persistence is at or above `BOUNDARY`, or one lies within its one-sided 95 % limit: no unconditional
        variance can be relied on, nor simulation over long horizons.
    half_life_days : float or None
        Periods until half of a volatility shock is gone; None at the integrated boundary.
    nu : float or None
        Degrees of freedom of the Student t or the skewed t.
    skew : float
        Of the skewed t (Hansen's lambda); zero for the others.
    conditional_volatility, standardized_residuals : Series
        Indexed as the returns.
    next_sigma : float
        Volatility of the period after the last observation.
    recursion : Recursion
    at_bound : tuple of str
        Parameters estimated on the edge of what is allowed.
    converged : bool
    """

    model: Model
    distribution: Distribution
    params: pd.Series[float]
    std_errors: pd.Series[float]
    covariance: pd.DataFrame
    loglikelihood: float
    loglikelihood_range: float
    n_obs: int
    persistence: float
    persistence_se: float
    integrated_boundary: bool
    half_life_days: float | None
    nu: float | None
    skew: float
    conditional_volatility: pd.Series[float]
    standardized_residuals: pd.Series[float]
    next_sigma: float
    recursion: Recursion
    at_bound: tuple[str, ...]
    converged: bool

    @property
    def short_sample(self) -> bool:
        """Fewer observations than are advised for a GARCH(1,1)."""
        return self.n_obs < ADVISED_OBSERVATIONS

    @property
    def mu(self) -> float:
        """Mean return, percent a period."""
        return float(self.params["mu"])

    @property
    def name(self) -> str:
        """The model in words, as ``GJR-GARCH, Student t``."""
        return f"{MODEL_NAMES[self.model]}, {DISTRIBUTION_NAMES[self.distribution]}"

    @property
    def bic(self) -> float:
        """Schwarz's criterion, ``-2 logL + k ln n``; the lower, the better."""
        return -2.0 * self.loglikelihood + self.params.size * math.log(self.n_obs)

    @property
    def aic(self) -> float:
        """Akaike's criterion, ``-2 logL + 2 k``."""
        return -2.0 * self.loglikelihood + 2.0 * self.params.size

    @property
    def long_run_variance(self) -> bool:
        """Whether the fitted process has a variance that volatility returns to.

        Not at the integrated boundary, and never for an exponential model with Student t shocks: the exponential
        of such a shock has no mean (Nelson 1991, Econometrica 59(2), section 2).
        """
        return not self.integrated_boundary and not (self.model == "egarch" and self.nu is not None)


def fit(
    returns_pct: Values,
    *,
    model: Model = "gjr",
    distribution: Distribution = "t",
    robust: bool = True,
    start: FloatArray | None = None,
    quick: bool = False,
) -> GarchFit:
    """Fit a (1,1) volatility model with a constant mean.

    Parameters
    ----------
    returns_pct : array-like, shape (n,)
        Returns in percent (a rise of 3 % is 3.0), equally spaced, oldest first, without gaps. A Series with dates is held to
        it: they increase, and no hole is longer than 30 usual steps.
    model : {"gjr", "garch", "tarch", "egarch", "aparch"}
        ``gjr``: falls and rises move variance differently (Glosten, Jagannathan and Runkle 1993); ``tarch``: the
        same for standard deviation (Zakoian 1994); ``egarch``: for log variance (Nelson 1991); ``aparch``: for
        an estimated power of the standard deviation (Ding, Granger and Engle 1993).
    distribution : {"t", "normal", "skewt"}
        Of the standardised shocks, scaled to variance one; ``skewt`` is Hansen's (1994).
    robust : bool
        Sandwich covariance (True) or inverse Hessian (False).
    start : ndarray, optional
        Starting values in the order of `GarchFit.params`; then no other start is tried.
    quick : bool
        Try one start only (arch's own when none is given) and leave out the covariance, which takes longer than
        the estimates: for comparing many candidates and for refits that start from the last estimates.

    Returns
    -------
    GarchFit
        Also when the optimiser did not converge: `GarchFit.converged` says so.

    Raises
    ------
    ModelError
        For gaps, fewer than 250 observations, returns that are not in percent or all the same, a price that stands still,
        dates out of order, or an unknown model or distribution.

    Notes
    -----
    The recursion starts from arch's exponentially weighted backcast, not the sample variance.
    """
    checked_choice(model, MODEL_NAMES, name="model")
    checked_choice(distribution, DISTRIBUTION_NAMES, name="distribution")
    sample = checked_returns(returns_pct)
    asked = specification(sample, model, distribution)
    starts: list[FloatArray | None] = [start]
    if start is None and not quick:
        starts += other_starts(sample, model, distribution)
    best, spread = _best_fit(asked, starts, robust)
    index = returns_pct.index if isinstance(returns_pct, pd.Series) else pd.RangeIndex(sample.size)
    return _describe(best, spread, model, distribution, index, quick)


def fit_gjr(returns_pct: Values, *, robust: bool = True) -> GarchFit:
    """GJR-GARCH(1,1) with Student t shocks, the kit's model of daily returns; see `fit`."""
    return fit(returns_pct, model="gjr", distribution="t", robust=robust)


def _best_fit(asked: Any, starts: Iterable[FloatArray | None], robust: bool) -> tuple[Any, float]:
    with warnings.catch_warnings():
        # A failed start is counted through its flag; numerical warnings on the way to a maximum say nothing.
        warnings.simplefilter("ignore")
        fits = [
            asked.fit(
                disp="off",
                starting_values=start,
                cov_type="robust" if robust else "classic",
                show_warning=False,
            )
            for start in starts
        ]
    usable = [fit for fit in fits if np.isfinite(fit.loglikelihood) and np.isfinite(fit.params).all()]
    if not usable:
        raise ModelError("the likelihood of the volatility model could not be evaluated from any start")
    converged = [fit for fit in usable if fit.convergence_flag == 0]
    ranked = sorted(converged or usable, key=lambda fit: float(fit.loglikelihood))
    return ranked[-1], float(ranked[-1].loglikelihood - ranked[0].loglikelihood)


def _describe(
    best: Any, spread: float, model: Model, distribution: Distribution, index: Any, quick: bool
) -> GarchFit:
    names = parameter_names(best.params.index)
    params = pd.Series(np.asarray(best.params), index=names, name="estimate")
    values = dict(zip(names, params.tolist(), strict=True))
    covariance = _no_covariance(names) if quick else _covariance(best, names)
    recursion, persistence = recursion_of(model, values), persistence_of(model, values)
    persistence_se = _persistence_error(model, values, covariance)
    limit = persistence + 1.645 * persistence_se if math.isfinite(persistence_se) else persistence
    integrated = persistence >= BOUNDARY or limit >= 1.0
    volatility = np.asarray(best.conditional_volatility)
    residuals = np.asarray(best.resid)
    return GarchFit(
        model=model,
        distribution=distribution,
        params=params,
        std_errors=pd.Series(np.sqrt(np.diag(covariance).clip(min=0)), index=names, name="std_error"),
        covariance=covariance,
        loglikelihood=float(best.loglikelihood),
        loglikelihood_range=spread,
        n_obs=residuals.size,
        persistence=persistence,
        persistence_se=persistence_se,
        integrated_boundary=integrated,
        half_life_days=None if integrated else math.log(0.5) / math.log(persistence),
        nu=values.get("nu"),
        skew=values.get("skew", 0.0),
        conditional_volatility=pd.Series(volatility, index=index, name="volatility_pct"),
        standardized_residuals=pd.Series(residuals / volatility, index=index, name="standardized_residual"),
        next_sigma=recursion.filter(residuals, float(volatility[0]))[1],
        recursion=recursion,
        at_bound=at_bound(model, values, persistence),
        converged=bool(best.convergence_flag == 0),
    )


def _covariance(best: Any, names: list[str]) -> pd.DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            matrix = np.asarray(best.param_cov, dtype=float)
        except (np.linalg.LinAlgError, ValueError):
            matrix = np.full((len(names), len(names)), np.nan)
    if not np.isfinite(matrix).all() or (np.diag(matrix) < 0).any():
        return _no_covariance(names)
    return pd.DataFrame(matrix, index=names, columns=names)


def _no_covariance(names: list[str]) -> pd.DataFrame:
    return pd.DataFrame(np.nan, index=names, columns=names)


def _persistence_error(model: Model, values: dict[str, float], covariance: pd.DataFrame) -> float:
    """Delta method with a numerical gradient; the mean and the constant do not enter."""
    if not np.isfinite(covariance.to_numpy()).all():
        return math.nan
    gradient = np.zeros(len(covariance))
    for place, name in enumerate(covariance.index):
        if name in ("mu", "omega"):
            continue
        step = 1e-5 * max(abs(values[name]), 0.1)
        ends = [persistence_of(model, values | {name: values[name] + side * step}) for side in (1, -1)]
        gradient[place] = (ends[0] - ends[1]) / (2.0 * step)
    variance = float(gradient @ covariance.to_numpy() @ gradient)
    return math.sqrt(variance) if variance >= 0 else math.nan
