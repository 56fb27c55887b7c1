"""Volatility that clusters: GARCH, GJR-GARCH and TARCH by maximum likelihood, with the doubts stated."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from arch import arch_model

from cryptorisk.errors import ModelError
from cryptorisk.stats.sample import FloatArray, Values, checked_sample
from cryptorisk.stats.volatility import VolatilityRecursion, mean_absolute_shock

Model = Literal["garch", "gjr", "tarch"]
Distribution = Literal["t", "normal"]

MIN_OBSERVATIONS = 250
"""A year of trading days; nothing is fitted below it."""

ADVISED_OBSERVATIONS = 500
"""In shorter samples estimates of a GARCH(1,1) are biased and often sit on a bound (Hwang and Valls Pereira
2006, European Journal of Finance 12(6-7): at least 250 observations for ARCH(1), 500 for GARCH(1,1))."""

BOUNDARY = 0.999
"""Persistence from which a process is treated as integrated: the half-life of a shock is then 693 days or
more, beyond any horizon that a sample of some years can speak about."""

MAX_UNCHANGED = 10
"""Two weeks of trading days. In a longer spell without any change fitted volatility runs down towards zero and
the Student t likelihood gains without limit; a market price does not stand still so long."""

_POWER = {"garch": 2.0, "gjr": 2.0, "tarch": 1.0}
_ALTERNATIVE_STARTS = ((0.03, 0.02, 0.95), (0.10, 0.00, 0.88), (0.05, 0.15, 0.70))
"""(alpha, gamma, beta) from slow to fast volatility: where the likelihood has two peaks they lie apart so."""


@dataclass(frozen=True, eq=False)
class GarchFit:
    """A fitted volatility model. Units are percent a period, as the returns that were given.

    Attributes
    ----------
    model, distribution : str
    params, std_errors : Series
        ``mu omega alpha gamma beta nu`` (those the model has). A standard error of a parameter in
        `at_bound` is not valid, and is NaN where the covariance could not be computed.
    covariance : DataFrame
        Robust (Bollerslev and Wooldridge 1992) or Hessian-based covariance of the parameters.
    loglikelihood : float
    loglikelihood_range : float
        Best less worst log-likelihood among the converged starts; well above zero means that the likelihood
        has several peaks and a single start could have missed the best.
    n_obs : int
    persistence, persistence_se : float
        ``alpha + gamma/2 + beta`` (see `VolatilityRecursion.persistence`) and its delta-method error.
    integrated_boundary : bool
        Persistence is at or above `BOUNDARY`, or one lies within its one-sided 95 % limit: no unconditional
        variance can be relied on, nor simulation over long horizons.
    half_life_days : float or None
        Periods until half of a volatility shock is gone; None at the integrated boundary.
    nu : float or None
        Degrees of freedom of the Student t.
    conditional_volatility, standardized_residuals : Series
        Indexed as the returns.
    next_sigma : float
        Volatility of the period after the last observation.
    recursion : VolatilityRecursion
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
    conditional_volatility: pd.Series[float]
    standardized_residuals: pd.Series[float]
    next_sigma: float
    recursion: VolatilityRecursion
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


def fit_garch(
    returns_pct: Values,
    *,
    model: Model = "gjr",
    distribution: Distribution = "t",
    robust: bool = True,
    start: FloatArray | None = None,
) -> GarchFit:
    """Fit a (1,1) volatility model with a constant mean.

    Parameters
    ----------
    returns_pct : array-like, shape (n,)
        Returns in percent (a rise of 3 % is 3.0), equally spaced, oldest first, without gaps.
    model : {"gjr", "garch", "tarch"}
        ``gjr``: falls and rises move variance differently (Glosten, Jagannathan and Runkle 1993).
    distribution : {"t", "normal"}
        Of the standardised shocks; the t is scaled to variance one.
    robust : bool
        Sandwich covariance (True) or inverse Hessian (False).
    start : ndarray, optional
        Starting values in the order of `GarchFit.params`; then no other start is tried.

    Returns
    -------
    GarchFit
        Also when the optimiser did not converge: `GarchFit.converged` says so.

    Raises
    ------
    ModelError
        For gaps, fewer than 250 observations, returns that are not in percent, or a price that stands still.

    Notes
    -----
    The recursion starts from arch's exponentially weighted backcast, not the sample variance.
    """
    sample = checked_sample(returns_pct, name="returns", minimum=MIN_OBSERVATIONS)
    _check_scale(sample)
    power = _POWER[model]
    specification = arch_model(
        sample,
        mean="Constant",
        vol="GARCH",
        p=1,
        o=0 if model == "garch" else 1,
        q=1,
        power=power,
        dist=distribution,
        rescale=False,
    )
    starts = [start] if start is not None else [None, *_starting_values(sample, model, distribution)]
    best, spread = _best_fit(specification, starts, robust)
    index = returns_pct.index if isinstance(returns_pct, pd.Series) else pd.RangeIndex(sample.size)
    return _describe(best, spread, model, distribution, index)


def fit_gjr(returns_pct: Values, *, robust: bool = True) -> GarchFit:
    """GJR-GARCH(1,1) with Student t shocks, the kit's model of daily returns; see `fit_garch`."""
    return fit_garch(returns_pct, model="gjr", distribution="t", robust=robust)


def _check_scale(sample: FloatArray) -> None:
    spread = float(sample.std())
    if spread == 0 or (sample == 0).mean() > 0.5:
        raise ModelError(
            "more than half of the returns are exactly zero: the price is fixed or not updated",
            remedy="volatility clustering cannot be estimated on it",
        )
    stale = _longest_zero_run(sample)
    if stale > MAX_UNCHANGED:
        raise ModelError(
            f"the price does not change for {stale} periods in a row: it was not updated or was fixed",
            remedy="start the sample after that spell",
        )
    if spread < 0.1:
        raise ModelError(
            f"returns have a standard deviation of {spread:.4g} percent; they look like shares, not percent",
            remedy="multiply them by 100",
        )
    if spread > 100:
        raise ModelError(
            f"returns have a standard deviation of {spread:.4g} percent; they look multiplied by 100 twice",
            remedy="give returns in percent (a rise of 3 % is 3.0)",
        )


def _longest_zero_run(sample: FloatArray) -> int:
    breaks = np.flatnonzero(np.r_[True, sample != 0, True])
    return int(np.diff(breaks).max()) - 1


def _starting_values(sample: FloatArray, model: Model, distribution: Distribution) -> list[FloatArray]:
    power = _POWER[model]
    scale = float(np.mean(np.abs(sample - sample.mean()) ** power))
    tail = [5.0] if distribution == "t" else []
    values = []
    for alpha, gamma, beta in _ALTERNATIVE_STARTS:
        arch_part = [alpha + 0.5 * gamma] if model == "garch" else [alpha, gamma]
        persistence = alpha + 0.5 * gamma + beta
        values.append(np.array([sample.mean(), scale * (1 - persistence), *arch_part, beta, *tail]))
    return values


def _best_fit(specification: Any, starts: Iterable[FloatArray | None], robust: bool) -> tuple[Any, float]:
    with warnings.catch_warnings():
        # A failed start is counted through its flag; numerical warnings on the way to a maximum say nothing.
        warnings.simplefilter("ignore")
        fits = [
            specification.fit(
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


def _describe(best: Any, spread: float, model: Model, distribution: Distribution, index: Any) -> GarchFit:
    names = [str(name).removesuffix("[1]") for name in best.params.index]
    params = pd.Series(np.asarray(best.params), index=names, name="estimate")
    covariance = _covariance(best, names)
    std_errors = pd.Series(np.sqrt(np.diag(covariance).clip(min=0)), index=names, name="std_error")
    recursion = VolatilityRecursion(
        omega=float(params["omega"]),
        alpha=float(params["alpha"]),
        gamma=float(params.get("gamma", 0.0)),
        beta=float(params["beta"]),
        power=_POWER[model],
    )
    nu = float(params["nu"]) if distribution == "t" else None
    persistence = recursion.persistence(nu)
    persistence_se = _persistence_error(covariance, recursion.power, nu)
    limit = persistence + 1.645 * persistence_se if math.isfinite(persistence_se) else persistence
    integrated = persistence >= BOUNDARY or limit >= 1.0
    volatility = np.asarray(best.conditional_volatility)
    residuals = np.asarray(best.resid)
    _, next_sigma = recursion.filter(residuals, float(volatility[0]))
    return GarchFit(
        model=model,
        distribution=distribution,
        params=params,
        std_errors=std_errors,
        covariance=covariance,
        loglikelihood=float(best.loglikelihood),
        loglikelihood_range=spread,
        n_obs=residuals.size,
        persistence=persistence,
        persistence_se=persistence_se,
        integrated_boundary=integrated,
        half_life_days=None if integrated else math.log(0.5) / math.log(persistence),
        nu=nu,
        conditional_volatility=pd.Series(volatility, index=index, name="volatility_pct"),
        standardized_residuals=pd.Series(residuals / volatility, index=index, name="standardized_residual"),
        next_sigma=next_sigma,
        recursion=recursion,
        at_bound=_at_bound(params, persistence),
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
        matrix = np.full((len(names), len(names)), np.nan)
    return pd.DataFrame(matrix, index=names, columns=names)


def _persistence_error(covariance: pd.DataFrame, power: float, nu: float | None) -> float:
    shock = 1.0 if power == 2.0 else mean_absolute_shock(nu)
    slopes = {"alpha": shock, "gamma": 0.5 * shock, "beta": 1.0}
    gradient = np.array([slopes.get(name, 0.0) for name in covariance.index])
    variance = float(gradient @ covariance.to_numpy() @ gradient)
    return math.sqrt(variance) if variance >= 0 else math.nan


def _at_bound(params: pd.Series[float], persistence: float) -> tuple[str, ...]:
    edges = [name for name in ("alpha", "beta") if float(params[name]) < 1e-6]
    if "gamma" in params and float(params["alpha"] + params["gamma"]) < 1e-6:
        edges.append("alpha + gamma")
    if persistence > 1.0 - 1e-6:
        edges.append("persistence")
    return tuple(edges)
