"""Where the likelihood of a Markov-switching model is highest: many starts, the best followed to their maxima."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from statsmodels.tsa.regime_switching.markov_autoregression import MarkovAutoregression
from statsmodels.tsa.regime_switching.markov_regression import MarkovRegression

from cryptorisk.errors import ModelError
from cryptorisk.stats.sample import FloatArray

SHORT, LONG = 20, 60
"""Steps of expectation-maximisation from every start, and further ones of the best few before a quasi-Newton method."""

REACHED = 0.01
"""Distance in log-likelihood at which a start counts as having come to a maximum that another was followed to."""

FLAT = 0.05
"""Largest slope of the log-likelihood in any unconstrained parameter that counts as arrived: a step of a tenth then gains
less than a hundredth of a unit of likelihood."""


def switching_model(sample: FloatArray, k: int, order: int, switching_variance: bool) -> Any:
    """Statsmodels' model, with autoregression when there is an order."""
    if order == 0:
        return MarkovRegression(sample, k_regimes=k, switching_variance=switching_variance)
    return MarkovAutoregression(
        sample, k_regimes=k, order=order, switching_ar=False, switching_variance=switching_variance
    )


def begun(
    model: Any, sample: FloatArray, starts: int, rng: np.random.Generator
) -> list[tuple[float, FloatArray]]:
    """Log-likelihood and parameters a few steps from every start, best first."""
    begins = [np.asarray(model.start_params, dtype=np.float64)]
    begins += [_drawn(model, sample, rng) for _ in range(starts)]
    moved = [pair for begin in begins if (pair := _climbed(model, begin, SHORT)) is not None]
    if not moved:
        values, counts = np.unique(sample, return_counts=True)
        most, alike = int(counts.max()), float(values[counts.argmax()])
        failed = f"none of {len(begins)} starts gave a likelihood of the switching model"
        if most > 1:
            raise ModelError(
                f"{failed}: {most} of {sample.size} returns are {alike:.4g}: that of a state without variance has no bound",
                remedy="use a price that moves every period, or longer periods",
            )
        raise ModelError(failed, remedy="use fewer states or a longer sample")
    return sorted(moved, key=lambda pair: -pair[0])


def _climbed(model: Any, begin: FloatArray, steps: int) -> tuple[float, FloatArray] | None:
    """Where expectation-maximisation comes to; None where it breaks down."""
    try:
        end = np.asarray(model.fit(start_params=begin, em_iter=steps, maxiter=0, return_params=True))
        value = float(model.loglike(end))
    except (np.linalg.LinAlgError, ValueError, FloatingPointError):
        return None
    return (value, end) if math.isfinite(value) and np.isfinite(end).all() else None


def polished(model: Any, begins: Sequence[tuple[float, FloatArray]]) -> list[tuple[float, FloatArray, bool]]:
    """Log-likelihood, parameters and convergence of the best few, followed to their maxima; best first.

    One that expectation-maximisation alone brings to a maximum already found is not followed further.
    """
    ends: list[tuple[float, FloatArray, bool]] = []
    for begin in begins:
        value, params = _climbed(model, begin[1], LONG) or begin
        if any(found and abs(top - value) < REACHED for top, _, found in ends):
            ends.append((value, params, True))
            continue
        try:
            fitted = model.fit(start_params=params, em_iter=0, method="lbfgs", maxiter=200, disp=0)
            top, end = float(fitted.llf), np.asarray(fitted.params, dtype=np.float64)
        except (np.linalg.LinAlgError, ValueError, FloatingPointError):
            top, end = -math.inf, params
        if math.isfinite(top) and top >= value and np.isfinite(end).all():
            # Optimisers report failure where they stop for want of precision: the slope tells.
            slope = float(np.abs(model.score(fitted.mlefit.params, transformed=False)).max())
            ends.append((top, end, bool(slope < FLAT)))
        else:
            ends.append((value, params, False))
    return sorted(ends, key=lambda each: -each[0])


def _drawn(model: Any, sample: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Random starting values: persistent states, means about the sample's, variances up to tenfold apart."""
    k, places = model.k_regimes, model.parameters
    begin = np.asarray(model.start_params, dtype=np.float64).copy()
    stay = rng.uniform(0.5, 0.98, k)
    leave = rng.dirichlet(np.ones(k - 1), size=k) * (1 - stay)[:, None]
    matrix = np.array([np.insert(leave[i], i, stay[i]) for i in range(k)])
    begin[places["regime_transition"]] = matrix[:, :-1].T.ravel()
    begin[places["exog"]] = sample.mean() + sample.std() * rng.standard_normal(k)
    count = len(begin[places["variance"]])
    begin[places["variance"]] = sample.var() * np.exp(rng.uniform(-1.2, 1.2, count))
    return begin


def relabelled(model: Any, params: FloatArray, switching_variance: bool) -> FloatArray:
    """The same model with its states in order: a permutation of states leaves the likelihood as it is."""
    k, places = model.k_regimes, model.parameters
    key = params[places["variance"] if switching_variance else places["exog"]]
    rank = np.argsort(key, kind="stable")
    matrix = transition_matrix(model, params)[np.ix_(rank, rank)]
    ordered = params.copy()
    ordered[places["regime_transition"]] = matrix[:, : k - 1].T.ravel()
    ordered[places["exog"]] = params[places["exog"]][rank]
    if switching_variance:
        ordered[places["variance"]] = params[places["variance"]][rank]
    return ordered


def transition_matrix(model: Any, params: FloatArray) -> FloatArray:
    """Row from, column to; statsmodels has it the other way round and with a dimension of time."""
    return np.asarray(model.regime_transition_matrix(params), dtype=np.float64)[:, :, 0].T
