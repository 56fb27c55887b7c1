"""Rolling-origin evaluation: every forecast uses only what was known at its origin, and so does every interval."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from cryptorisk.errors import ModelError
from cryptorisk.stats.forecast_scores import (
    crps_sample,
    diebold_mariano,
    fixed_smoothing,
    half_width,
    naive_scale,
    scaled,
)
from cryptorisk.stats.forecasting import CANDIDATES, FEWEST, Forecast, checked, quiet

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BENCHMARK = "random_walk"
EQUAL, INVERSE = "equal_weights", "inverse_mse"
COMBINATIONS: Mapping[str, str] = MappingProxyType(
    {EQUAL: "Mean of all candidates", INVERSE: "Candidates weighted by inverse squared error"}
)
FEWEST_ERRORS = 12
"""Past errors of a horizon from which weights and interval are computed; with fewer, equal weights and no interval."""


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Forecasts from every origin and what came.

    Attributes
    ----------
    origins : ndarray of int, shape (m,)
        Number of observations known.
    actual : ndarray, shape (m, h)
        Outcomes; NaN where they lie after the sample.
    scale : ndarray, shape (m,)
        Naive error inside the sample at each origin.
    mean, sd : mapping of str to ndarray, shape (m, h)
        By candidate; ``mean`` also by combination.
    failed : mapping of str to int
        Origins at which a candidate could not be fitted or gave no finite forecast; its forecast there is the benchmark's.
    """

    origins: Ints
    actual: Floats
    scale: Floats
    mean: Mapping[str, Floats] = field(repr=False)
    sd: Mapping[str, Floats] = field(repr=False)
    failed: Mapping[str, int]

    def errors(self, name: str) -> Floats:
        """Outcome less forecast, NaN after the sample, shape (m, h)."""
        return np.asarray(self.actual - self.mean[name])

    @property
    def horizons(self) -> int:
        """Longest horizon."""
        return int(self.actual.shape[1])

    @property
    def whole(self) -> NDArray[np.bool_]:
        """Origins whose outcomes are all known."""
        return np.asarray(np.isfinite(self.actual).all(axis=1))


def rolling_origin(
    y: Floats,
    *,
    horizons: int = 12,
    first: int = FEWEST,
    most: int = 60,
    refit: int = 6,
    candidates: Sequence[str] = tuple(CANDIDATES),
) -> Evaluation:
    """Forecast from every origin with all observations up to it (expanding window).

    Parameters
    ----------
    y : ndarray, shape (n,)
    horizons : int
    first : int
        Observations at the first origin.
    most : int
        Only the last so many origins.
    refit : int
        Parameters are estimated anew every so many origins; in between they stay and the data move on.
    candidates : sequence of str

    Returns
    -------
    Evaluation

    Raises
    ------
    ModelError
        When fewer origins than 12, or than the longest horizon and two, have all outcomes, or the series is unfit.
    """
    y = checked(y)
    start = max(first, y.size - most)
    needed = max(FEWEST_ERRORS, horizons + 2)
    if y.size - horizons - start + 1 < needed:
        raise ModelError(
            f"{y.size} observations leave fewer than {needed} origins at horizon {horizons}",
            remedy=f"give at least {first + horizons + needed - 1}",
        )
    origins = np.arange(start, y.size)
    padded = np.concatenate([y, np.full(horizons, np.nan)])
    actual = np.array([padded[o : o + horizons] for o in origins])
    scale = np.array([naive_scale(y[:o]) for o in origins])
    mean, sd, failed = {}, {}, {}
    for name in candidates:
        mean[name], sd[name], failed[name] = _forecasts(name, y, origins, horizons, refit)
    mean |= _combinations(mean, actual, origins)
    return Evaluation(
        origins, actual, scale, MappingProxyType(mean), MappingProxyType(sd), MappingProxyType(failed)
    )


def _forecasts(name: str, y: Floats, origins: Ints, horizons: int, refit: int) -> tuple[Floats, Floats, int]:
    candidate, params, failed = CANDIDATES[name], None, 0
    rows: list[Forecast] = []
    with quiet():
        for number, origin in enumerate(origins):
            known = y[:origin]
            try:
                if number % refit == 0:
                    params = candidate.fit(known)
                row = candidate.forecast(params, known, horizons)
                usable = bool(np.isfinite(row.mean).all() and np.isfinite(row.sd).all())
            except (ValueError, np.linalg.LinAlgError):
                usable = False
            if not usable:
                row, failed = CANDIDATES[BENCHMARK].forecast(None, known, horizons), failed + 1
            rows.append(row)
    return np.array([row.mean for row in rows]), np.array([row.sd for row in rows]), failed


def _combinations(mean: Mapping[str, Floats], actual: Floats, origins: Ints) -> dict[str, Floats]:
    stack = np.array(list(mean.values()))
    return {EQUAL: stack.mean(axis=0), INVERSE: _inverse_mse(stack, actual, origins)}


def _inverse_mse(stack: Floats, actual: Floats, origins: Ints) -> Floats:
    """Weights from squared errors whose outcomes were known at the origin, horizon by horizon."""
    out = stack.mean(axis=0)
    for position in range(origins.size):
        for step in range(actual.shape[1]):
            past = realised(origins, position, step)
            if past.sum() >= FEWEST_ERRORS:
                weight = 1 / np.mean((stack[:, past, step] - actual[past, step]) ** 2, axis=1)
                out[position, step] = weight @ stack[:, position, step] / weight.sum()
    return np.asarray(out)


def realised(origins: Ints, position: int, step: int) -> NDArray[np.bool_]:
    """Origins whose outcome ``step + 1`` periods ahead was known at the origin in ``position``."""
    return np.asarray(origins + step + 1 <= origins[position])


def inverse_mse_weights(evaluation: Evaluation, names: Sequence[str]) -> Floats:
    """Weights of the candidates at the end of the sample, shape (names, horizons)."""
    squared = np.array([np.nanmean(evaluation.errors(name) ** 2, axis=0) for name in names])
    return np.asarray((1 / squared) / (1 / squared).sum(axis=0))


@dataclass(frozen=True)
class Score:
    """How a candidate did.

    Attributes
    ----------
    name : str
    mase : ndarray, shape (h,)
        Mean absolute scaled error by horizon.
    relative : float
        Mean absolute error over that of the random walk, all horizons.
    crps : float
        Of the interval distribution from past errors, mean over horizons, in the series' unit; NaN before there are any.
    coverage_model, coverage : float
        Part of outcomes inside the model's own normal interval, and inside that from past errors; NaN without one.
    p_value, p_corrected : float
        Of losses equal to the random walk's, mean absolute error over all horizons: with fixed smoothing, and with the
        small-sample correction of Harvey, Leybourne and Newbold alone.
    """

    name: str
    mase: Floats
    relative: float
    crps: float
    coverage_model: float
    coverage: float
    p_value: float
    p_corrected: float

    @property
    def mean_mase(self) -> float:
        """Mean of MASE over the horizons."""
        return float(np.mean(self.mase))


def score(evaluation: Evaluation, name: str, level: float, normal_quantile: float) -> Score:
    """Scores of one candidate.

    Parameters
    ----------
    evaluation : Evaluation
    name : str
    level : float
        Nominal coverage of the intervals judged.
    normal_quantile : float
        Of the standard normal at (1 + level) / 2.
    """
    errors = evaluation.errors(name)
    benchmark = evaluation.errors(BENCHMARK)
    inside, crps = calibrated(evaluation, name, level)
    own = np.nan
    if name in evaluation.sd:
        known = np.isfinite(errors)
        own = float(np.mean((np.abs(errors) <= normal_quantile * evaluation.sd[name])[known]))
    return Score(
        name,
        np.nanmean(scaled(errors, evaluation.scale), axis=0),
        float(np.nanmean(np.abs(errors)) / np.nanmean(np.abs(benchmark))),
        crps,
        own,
        inside,
        compare(evaluation, name, BENCHMARK),
        compare(evaluation, name, BENCHMARK, diebold_mariano),
    )


def calibrated(evaluation: Evaluation, name: str, level: float) -> tuple[float, float]:
    """Coverage and CRPS of intervals made, at each origin, of the errors known by then.

    The distribution is the forecast plus and minus each past error of the same horizon.
    """
    errors, origins = evaluation.errors(name), evaluation.origins
    inside, scores = [], []
    for position in range(origins.size):
        for step in range(evaluation.horizons):
            past = errors[realised(origins, position, step), step]
            outcome = errors[position, step]
            if past.size >= FEWEST_ERRORS and np.isfinite(outcome):
                inside.append(abs(outcome) <= half_width(past, level))
                scores.append(crps_sample(outcome, np.concatenate([past, -past])))
    if not inside:
        return float("nan"), float("nan")
    return float(np.mean(inside)), float(np.mean(scores))


def compare(
    evaluation: Evaluation,
    name: str,
    other: str,
    test: Callable[[Floats, Floats, int], float] = fixed_smoothing,
) -> float:
    """P-value of equal mean absolute errors over all horizons, origins with all outcomes known.

    Parameters
    ----------
    evaluation : Evaluation
    name, other : str
    test : callable
        `fixed_smoothing`, or `diebold_mariano` with the correction of Harvey, Leybourne and Newbold.
    """
    loss, against = (np.abs(evaluation.errors(one))[evaluation.whole].mean(axis=1) for one in (name, other))
    return test(loss, against, evaluation.horizons)
