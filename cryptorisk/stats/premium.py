"""Premium of a shadow exchange rate over the official one, and its episodes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cryptorisk.errors import ModelError


def log_premium_pct(shadow: NDArray[np.float64], official: NDArray[np.float64]) -> NDArray[np.float64]:
    """Premium in log percent, ``100 (ln S_shadow - ln S_official)``, both in national currency per dollar.

    Positive when a dollar costs more in the shadow market. Log points keep a collapse on the same scale as a
    gentle drift: 100 is a shadow rate 2.7 times the official one.

    Raises
    ------
    ModelError
        If a rate is not positive or the lengths differ.
    """
    shadow, official = np.asarray(shadow, float), np.asarray(official, float)
    if shadow.shape != official.shape:
        raise ModelError(f"rates of different length: {shadow.shape} and {official.shape}")
    if not (np.all(shadow > 0) and np.all(official > 0)):
        raise ModelError("exchange rates must be positive")
    return 100 * (np.log(shadow) - np.log(official))


@dataclass(frozen=True)
class Episode:
    """A run of periods with a premium above the threshold: positions of its first and last, mean and peak."""

    first: int
    last: int
    mean: float
    peak: float


def episodes(
    premium: NDArray[np.float64], *, threshold: float, shortest: int, longest_gap: int
) -> tuple[Episode, ...]:
    """Runs of equally spaced periods whose premium exceeds a threshold.

    Parameters
    ----------
    premium : array, shape (n,)
        NaN where not observed; counts as not above.
    threshold : float
        In the unit of ``premium``; a period counts when it lies strictly above.
    shortest : int
        Runs of fewer periods above the threshold are dropped.
    longest_gap : int
        Periods below the threshold that do not end a run.

    Returns
    -------
    tuple of Episode
    """
    above = np.flatnonzero(np.nan_to_num(np.asarray(premium, float), nan=-np.inf) > threshold)
    if above.size == 0:
        return ()
    runs = np.split(above, np.flatnonzero(np.diff(above) > longest_gap + 1) + 1)
    return tuple(_episode(premium, run) for run in runs if run.size >= shortest)


def _episode(premium: NDArray[np.float64], run: NDArray[np.intp]) -> Episode:
    part = np.asarray(premium, float)[run[0] : run[-1] + 1]
    return Episode(int(run[0]), int(run[-1]), float(np.nanmean(part)), float(np.nanmax(part)))
