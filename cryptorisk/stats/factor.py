"""One common factor of several series: how much of each one's variance it carries."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from statsmodels.tools.sm_exceptions import ConvergenceWarning, EstimationWarning
from statsmodels.tsa.arima_process import ArmaProcess
from statsmodels.tsa.statespace.dynamic_factor import DynamicFactor as ByLikelihood
from statsmodels.tsa.statespace.dynamic_factor_mq import DynamicFactorMQ as ByExpectation

from cryptorisk.errors import ModelError
from cryptorisk.stats.bootstrap import block_indices
from cryptorisk.stats.sample import FloatArray

LEAST_NOISE = 0.005
"""Least share of a series' variance that is its own. Likelihoods of factor models can rise without bound as one series
becomes the factor itself (Heywood case); half a percent is below any share that a report would tell from zero."""
MOST_ITERATIONS = 1000
STOP = 1e9
"""Relative change of the likelihood, in units of the machine's precision, at which the search ends. On weekly returns of
eight assets the log likelihood is then within 0.001 of that of a search a hundred times finer, and shares within 0.001."""
FEWEST_PERIODS = 30
"""Observations of a series, below which its two parameters and their errors mean nothing."""


@dataclass(frozen=True, eq=False)
class DynamicFactor:
    """A dynamic factor model with one factor, fitted.

    Attributes
    ----------
    factor : pandas.Series
        Smoothed factor, in units of its own standard deviation; positive loadings on average.
    loadings : pandas.Series
        Standard deviations of each series for one of the factor.
    shares : pandas.Series
        Part of each series' variance that is the factor's, 0 to 1, as the model has it (not as smoothed).
    ar : tuple of float
        Autoregressive coefficients of the factor.
    own_ar : pandas.Series
        First-order autoregressive coefficient of what is each series' own.
    log_likelihood : float
    converged : bool
    """

    factor: pd.Series
    loadings: pd.Series
    shares: pd.Series
    ar: tuple[float, ...]
    own_ar: pd.Series
    log_likelihood: float
    converged: bool

    @property
    def share(self) -> float:
        """Part of the variance of the standardised series together: the mean of the shares."""
        return float(self.shares.mean())


def dynamic_factor(panel: pd.DataFrame, orders: tuple[int, ...] = (1, 2)) -> DynamicFactor:
    """Fit ``x_it = l_i f_t + e_it``, f an AR(p) and e_i AR(1), to standardised series; p by the Schwarz criterion.

    Parameters
    ----------
    panel : DataFrame, shape (periods, series)
        Stationary series at equal distances in time; missing values are allowed anywhere.
    orders : tuple of int
        Orders of the factor that are tried.

    Returns
    -------
    DynamicFactor

    Raises
    ------
    ModelError
        With fewer than three series (one factor of two is not identified), or a series with fewer than 30 values or
        none but one value; when the factor is not stationary.

    Notes
    -----
    The share of series i is ``l_i^2 var(f) / (l_i^2 var(f) + var(e_i))``. The first principal component of N series
    carries at least 1/N of their variance even if nothing is common to them; this share does not have that floor.

    The likelihood of the Kalman filter is maximised directly (`statsmodels.tsa.statespace.dynamic_factor`), from the
    values of `statsmodels.tsa.statespace.dynamic_factor_mq.DynamicFactorMQ` with white own parts. That class also has
    own parts that are AR(1), but its expectation maximisation then leaves the loadings where principal components put
    them: they are regressed on a state that takes up all that is left of a series.

    References
    ----------
    Stock and Watson (1991), A probability model of the coincident economic indicators, in Lahiri and Moore (eds),
    Leading Economic Indicators, Cambridge University Press. Bańbura and Modugno (2014), Journal of Applied
    Econometrics 29(1).
    """
    scaled = _scaled(panel)
    order = _order(scaled, orders)
    model = ByLikelihood(
        scaled, k_factors=1, factor_order=order.lags, error_order=1, error_cov_type="diagonal"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # told by `converged`
        fitted = model.fit(
            start_params=order.start,
            disp=False,
            maxiter=MOST_ITERATIONS,
            cov_type="none",
            factr=STOP,
        )
    return _read(fitted, scaled, order.lags)


@dataclass(frozen=True, eq=False)
class _Order:
    lags: int
    start: FloatArray
    criterion: float


def _order(scaled: pd.DataFrame, orders: tuple[int, ...]) -> _Order:
    """The order by the model whose own parts are white, which expectation maximisation fits at once; and its values."""
    found = [_white(scaled, lags) for lags in orders]
    return min(found, key=lambda one: one.criterion)


def _white(scaled: pd.DataFrame, lags: int) -> _Order:
    model = ByExpectation(scaled, factors=1, factor_orders=lags, idiosyncratic_ar1=False, standardize=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", (ConvergenceWarning))
        warnings.simplefilter("ignore", EstimationWarning)
        fitted = model.fit(disp=False, maxiter=MOST_ITERATIONS)
    values = dict(zip(model.param_names, np.asarray(fitted.params, dtype=float), strict=True))
    sd, names = values["fb(0).cov.chol[1,1]"], list(scaled.columns)
    ar = [values[f"L{lag}.0->0"] for lag in range(1, lags + 1)]
    if not ArmaProcess.from_coeffs(arcoefs=ar).isstationary:
        raise ModelError("the common factor is not stationary", remedy="use differences")
    loading = np.array([values[f"loading.0->{name}"] for name in names])
    smoothed = np.asarray(fitted.factors.smoothed, dtype=float).ravel()
    own = scaled - np.outer(smoothed, loading)
    own_ar = np.clip([own[name].autocorr() for name in names], -0.8, 0.8)
    noise = [values[f"sigma2.{name}"] for name in names] * (1 - own_ar**2)
    return _Order(lags, np.concatenate([loading * sd, noise, ar, own_ar]), float(fitted.bic))


def _read(fitted: Any, scaled: pd.DataFrame, lags: int) -> DynamicFactor:
    values = dict(zip(fitted.model.param_names, np.asarray(fitted.params, dtype=float), strict=True))
    names = list(scaled.columns)
    ar = tuple(values[f"L{lag}.f1.f1"] for lag in range(1, lags + 1))
    own = pd.Series({name: values[f"L1.e({name}).e({name})"] for name in names})
    # The shocks of the factor have variance one.
    sd = math.sqrt(float(ArmaProcess.from_coeffs(arcoefs=ar).acovf(1)[0]))
    loadings = pd.Series({name: values[f"loading.f1.{name}"] for name in names}) * sd
    noise = pd.Series({name: values[f"sigma2.{name}"] for name in names}) / (1 - own**2)
    sign = 1.0 if loadings.mean() >= 0 else -1.0
    smoothed = pd.Series(fitted.factors.smoothed[0], index=scaled.index, name="factor")
    return DynamicFactor(
        sign * smoothed / sd,
        sign * loadings,
        loadings**2 / (loadings**2 + noise),
        ar,
        own,
        float(fitted.llf),
        bool(fitted.mle_retvals["converged"]),
    )


def static_shares(panel: pd.DataFrame) -> pd.Series:
    """Shares of the same model without dynamics, by maximum likelihood over what is observed.

    Parameters
    ----------
    panel : DataFrame, shape (periods, series)

    Returns
    -------
    pandas.Series
        Part of each series' variance that is the common factor's.

    Raises
    ------
    ModelError
        As `dynamic_factor`.
    """
    scaled = _scaled(panel)
    found = _maximum_likelihood(scaled.to_numpy(dtype=float), np.ones((1, len(scaled))))
    return pd.Series(found[0], index=scaled.columns)


def bootstrap_shares(
    panel: pd.DataFrame, block: int, replications: int, rng: np.random.Generator
) -> FloatArray:
    """Shares of the model without dynamics in resampled blocks of periods.

    Parameters
    ----------
    panel : DataFrame, shape (periods, series)
    block : int
        Periods that are drawn together, for all series at once.
    replications : int
    rng : numpy.random.Generator

    Returns
    -------
    ndarray, shape (replications, series)
        NaN for a series that a replication has fewer than 30 values of.
    """
    scaled = _scaled(panel)
    rows = block_indices(len(scaled), block, replications, rng)
    # A resample is how often each period was drawn: the likelihood does not ask for their order.
    weights = np.array([np.bincount(one, minlength=len(scaled)) for one in rows], dtype=float)
    return _maximum_likelihood(scaled.to_numpy(dtype=float), weights, tolerance=1e-4)


def principal_share(panel: FloatArray) -> float:
    """Part of the variance of standardised series that their first principal component carries.

    Parameters
    ----------
    panel : ndarray, shape (periods, series)
        Without missing values.
    """
    correlation = np.corrcoef(np.asarray(panel, dtype=float), rowvar=False)
    return float(np.linalg.eigvalsh(correlation)[-1] / len(correlation))


def shifted_interval(value: float, reference: float, draws: FloatArray, level: float) -> tuple[float, float]:
    """Interval of a share whose own resampling is too slow, from a reference share that is near it.

    Parameters
    ----------
    value : float
        Share of the slow model, between 0 and 1.
    reference : float
        Share of the quick one on the same data.
    draws : ndarray, shape (replications,)
        Of the quick one, resampled; missing ones are left out.
    level : float

    Returns
    -------
    (low, high)
        Percentiles of the draws in logits, moved by the distance between the two shares.
    """
    tail = (1 - level) / 2
    moved = _logit(draws[np.isfinite(draws)]) + _logit(np.array([value])) - _logit(np.array([reference]))
    low, high = np.quantile(moved, [tail, 1 - tail])
    return 1 / (1 + math.exp(-low)), 1 / (1 + math.exp(-high))


def _logit(share: FloatArray) -> FloatArray:
    inside = np.clip(share, 1e-6, 1 - 1e-6)
    return np.asarray(np.log(inside / (1 - inside)))


def _scaled(panel: pd.DataFrame) -> pd.DataFrame:
    values = panel.astype(float)
    if values.shape[1] < 3:
        raise ModelError(
            f"a common factor needs at least three series (got {values.shape[1]})",
            remedy="with two series one correlation would have to tell two loadings",
        )
    counts = values.notna().sum()
    if (counts < FEWEST_PERIODS).any():
        raise ModelError(f"{counts.idxmin()} has {counts.min()} values, and {FEWEST_PERIODS} are needed")
    sd = values.std()
    if not (sd > 0).all():
        raise ModelError(f"{sd.idxmin()} does not vary", remedy="leave it out")
    return (values - values.mean()) / sd


def _maximum_likelihood(
    x: FloatArray, weights: FloatArray, tolerance: float = 1e-7, steps: int = 200
) -> FloatArray:
    """Expectation maximisation of ``x_ti = m_i + l_i f_t + e_ti``, all rows of weights at once.

    The factor is a scalar given which series are observed, so that every step is a few products of matrices.
    """
    known = np.isfinite(x)
    filled, mask = np.where(known, x, 0.0), known.astype(float)
    counts = weights @ mask
    enough = counts >= FEWEST_PERIODS
    safe = np.maximum(counts, 1.0)
    mean = (weights @ filled) / safe
    variance = np.maximum((weights @ filled**2) / safe - mean**2, 1e-12)
    loading, noise = np.sqrt(0.5 * variance), 0.5 * variance
    share = np.full_like(mean, 0.5)
    for _ in range(steps):
        over = loading / noise
        precision = 1.0 + (loading * over) @ mask.T
        expected = (over @ filled.T - (over * mean) @ mask.T) / precision
        square = (expected**2 + 1.0 / precision) * weights
        expected = expected * weights
        cross = expected @ filled - mean * (expected @ mask)
        moment = np.maximum(square @ mask, 1e-12)
        # The factor's variance is set to one again at each step (parameter expansion: fewer steps).
        size = np.sqrt(square.sum(axis=1, keepdims=True) / weights.sum(axis=1, keepdims=True))
        loading = cross / moment
        noise = np.maximum(variance - loading * cross / safe, LEAST_NOISE * variance)
        loading = loading * size
        before, share = share, loading**2 / (loading**2 + noise)
        if np.abs(share - before)[enough].max(initial=0.0) < tolerance:
            break
    return np.where(enough, share, np.nan)
