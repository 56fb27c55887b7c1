"""Random walks as the tests for explosive behaviour resample them: wild, and composite."""

from __future__ import annotations

from typing import Literal

import numpy as np
from scipy.signal import lfilter

from cryptorisk.errors import ModelError
from cryptorisk.stats.sample import FloatArray

Multipliers = Literal["signs", "normal"]


def wild_walks(
    levels: FloatArray, lags: int, replications: int, rng: np.random.Generator, kind: Multipliers
) -> FloatArray:
    """Random walks whose steps are the residuals under the hypothesis, in their places, times multipliers.

    Harvey, Leybourne, Sollis and Taylor (2016), algorithm 1, with the signs of `Multipliers` beside its normals.
    """
    slopes, residuals = _under_hypothesis(np.diff(levels), lags)
    shocks = residuals * _multipliers((replications, residuals.size), rng, kind)
    return _walks(levels, slopes, shocks, lags)


def composite_walks(
    levels: FloatArray,
    lags: int,
    replications: int,
    length: int,
    rng: np.random.Generator,
    kind: Multipliers,
) -> FloatArray:
    """Random walks of ``length`` observations whose steps are residuals drawn anew, times multipliers.

    Phillips and Shi (2020), section 3.2, steps 1 to 3.
    """
    slopes, residuals = _under_hypothesis(np.diff(levels), lags)
    shape = (replications, length - 1 - lags)
    shocks = residuals[rng.integers(0, residuals.size, shape)] * _multipliers(shape, rng, kind)
    return _walks(levels, slopes, shocks, lags)


def _multipliers(shape: tuple[int, int], rng: np.random.Generator, kind: Multipliers) -> FloatArray:
    if kind == "normal":
        return np.asarray(rng.standard_normal(shape), dtype=np.float64)
    if kind == "signs":
        return np.asarray(2.0 * rng.integers(0, 2, shape) - 1.0, dtype=np.float64)
    raise ModelError(f"unknown multipliers {kind!r}", remedy="use signs or normal")


def _under_hypothesis(changes: FloatArray, lags: int) -> tuple[FloatArray, FloatArray]:
    """Autoregression of differences without a constant: slopes and residuals."""
    if lags == 0:
        return np.empty(0), changes
    regressors = np.column_stack([changes[lags - k : changes.size - k] for k in range(1, lags + 1)])
    slopes: FloatArray = np.asarray(
        np.linalg.lstsq(regressors, changes[lags:], rcond=None)[0], dtype=np.float64
    )
    return slopes, changes[lags:] - regressors @ slopes


def _walks(levels: FloatArray, slopes: FloatArray, shocks: FloatArray, lags: int) -> FloatArray:
    begun = np.concatenate([np.zeros((len(shocks), lags)), shocks], axis=1)
    changes = lfilter([1.0], np.r_[1.0, -slopes], begun, axis=1) if lags else begun
    walks = np.concatenate([np.zeros((len(shocks), 1)), np.cumsum(changes, axis=1)], axis=1)
    return np.asarray(walks + levels[0])
