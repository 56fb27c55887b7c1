"""Exchange-market pressure: one index of depreciation, reserve losses and rate rises, and the crises that it dates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cryptorisk.errors import ModelError
from cryptorisk.stats.sample import FloatArray, IntArray

Mask = NDArray[np.bool_]

CLIP = 3.0
"""A change further than three standard deviations from the mean is left out of a component's scale: in a series with one
devaluation of several hundred percent the ordinary standard deviation is that devaluation, and every other crisis would
vanish beside it."""
CAP = 10.0
"""No component counts for more than ten of its scales: one month of overnight rates of several hundred percent would set
the mean and the standard deviation that all other months are judged by."""
SMALLEST_CRASH = 30.0
"""Percent by which the dollar rises in a year of a crash, at the least."""
FEWEST = 12
"""A group of periods (calm, high inflation) is given a mean and a scale of its own from a dozen periods on."""


@dataclass(frozen=True, eq=False)
class Pressure:
    """The index, period by period.

    Attributes
    ----------
    index : ndarray, shape (n,)
        Sum of the components over their scales; NaN where a component is missing.
    parts : ndarray, shape (n, k)
        The components over their scales, held between plus and minus `CAP`; zero for one that never moves.
    scales : ndarray, shape (n, k)
        What each component is divided by in each period; infinite for one that never moves.
    centre, spread : ndarray, shape (n,)
        Mean and standard deviation of the index among the periods of the same group.
    multiple : float
        Standard deviations above the mean that make a crisis.
    """

    index: FloatArray
    parts: FloatArray
    scales: FloatArray
    centre: FloatArray
    spread: FloatArray
    multiple: float

    @property
    def deviations(self) -> FloatArray:
        """The index in standard deviations from its mean."""
        return np.asarray((self.index - self.centre) / self.spread, dtype=np.float64)

    @property
    def above(self) -> Mask:
        """Periods whose index exceeds the mean by more than ``multiple`` standard deviations."""
        return np.asarray(np.nan_to_num(self.deviations, nan=-np.inf) > self.multiple, dtype=bool)

    def onsets(self, window: int, multiple: float | None = None) -> IntArray:
        """Positions of the periods above the threshold, or above another multiple, that open a crisis: see `onsets`."""
        if multiple is None:
            return onsets(self.above, window)
        return onsets(np.nan_to_num(self.deviations, nan=-np.inf) > multiple, window)

    def peak(self, opening: int, window: int) -> int:
        """Position of the highest index among an opening and the ``window`` periods after it, which belong to its crisis."""
        return int(opening + np.nanargmax(self.deviations[opening : opening + window + 1]))


def exchange_pressure(
    changes: FloatArray, *, multiple: float, high_inflation: Mask | None = None, robust: bool = True
) -> Pressure:
    """Index of exchange-market pressure.

    Parameters
    ----------
    changes : array, shape (n, k)
        Components so oriented that more is more pressure: depreciation, fall of reserves, rise of the interest rate.
        NaN where missing.
    multiple : float
        Standard deviations above the mean that make a crisis.
    high_inflation : array of bool, shape (n,), optional
        Periods that are judged among themselves (Kaminsky, Lizondo and Reinhart split a country's sample where inflation
        over six months exceeded 150 percent). With fewer than twelve of either kind, all are judged together.
    robust : bool
        Scales without outliers (`CLIP`) and capped terms (`CAP`); else ordinary standard deviations and no cap, as
        Eichengreen, Rose and Wyplosz weigh the components.

    Returns
    -------
    Pressure

    Raises
    ------
    ModelError
        With fewer than twelve complete periods, or when no component ever moves.

    Notes
    -----
    ``EMP_t = sum_k x_kt / s_k``, each term capped; crisis where ``EMP_t > mean + multiple sd`` of the index. ``s_k`` is the
    standard deviation of the component without its outliers (`CLIP`); of all changes where the others never move (a peg
    that was given up once).

    References
    ----------
    Eichengreen, Rose and Wyplosz (1996), Contagious currency crises, NBER Working Paper 5681. Kaminsky, Lizondo and
    Reinhart (1998), Leading indicators of currency crises, IMF Staff Papers 45(1), 1-48.
    """
    x = np.array(changes, dtype=np.float64)
    if x.ndim != 2:
        raise ModelError(f"changes must be periods by components (got shape {x.shape})")
    complete: Mask = np.asarray(np.isfinite(x).all(axis=1), dtype=bool)
    if complete.sum() < FEWEST:
        raise ModelError(f"{int(complete.sum())} complete periods; at least {FEWEST} are needed for an index")
    scales = np.full_like(x, np.inf)
    groups = _groups(complete, high_inflation)
    for group in groups:
        scales[group] = [scale(column, robust=robust) or np.inf for column in x[group & complete].T]
    parts = np.clip(x / scales, -CAP, CAP) if robust else x / scales
    if not np.isfinite(scales[complete]).any():
        raise ModelError("no component ever moves: there is no pressure to see in it")
    index = np.where(complete, parts.sum(axis=1), np.nan)
    centre, spread = np.full(len(x), np.nan), np.full(len(x), np.nan)
    for group in groups:
        known = index[group & complete]
        centre[group], spread[group] = known.mean(), known.std(ddof=1)
    return Pressure(index, parts, scales, centre, spread, multiple)


def scale(values: FloatArray, *, robust: bool = True) -> float:
    """Standard deviation without outliers; of all values where the others never move; zero where none moves.

    Not ``robust``: of all values.
    """
    x = np.asarray(values, dtype=np.float64)
    if not robust:
        return float(x.std(ddof=1)) if x.std(ddof=1) > 1e-12 else 0.0
    inside = x[np.abs(x - x.mean()) <= CLIP * x.std(ddof=1)]
    spread = float(inside.std(ddof=1)) if inside.size > 1 else 0.0
    every = float(x.std(ddof=1))
    # Rounding leaves a constant with a spread of 1e-17.
    still = 1e-9 * max(every, 1e-12)
    return spread if spread > still else (every if every > 1e-12 else 0.0)


def onsets(above: Mask, window: int) -> IntArray:
    """Positions that open a crisis: above the threshold, and more than ``window`` periods after the last opening.

    Parameters
    ----------
    above : array of bool, shape (n,)
    window : int
        Periods after an opening that belong to the same crisis.
    """
    found: list[int] = []
    for position in np.flatnonzero(above):
        if not found or position - found[-1] > window:
            found.append(int(position))
    return np.array(found, dtype=np.int64)


def crashes(
    depreciation_pct: FloatArray, *, smallest: float = SMALLEST_CRASH, acceleration: float = 10.0
) -> FloatArray:
    """Currency crashes by year: 1, 0, or NaN where it cannot be told.

    Parameters
    ----------
    depreciation_pct : array, shape (years,) or (years, economies)
        Rise of the price of foreign currency over the year, percent, consecutive years.
    smallest, acceleration : float
        At least so much, and at least so many points more than in the year before.

    References
    ----------
    Frankel and Rose (1996), Currency crashes in emerging markets, Journal of International Economics 41(3-4), 351-366;
    with the bounds of Laeven and Valencia (2020), Systemic banking crises database II, IMF Economic Review 68, 307-361.
    """
    rise = np.array(depreciation_pct, dtype=np.float64)
    before = np.full_like(rise, np.nan)
    before[1:] = rise[:-1]
    small = rise < smallest  # whatever came before, it is none
    known = np.isfinite(rise) & (np.isfinite(before) | small)
    return np.where(known, (~small & (rise - before >= acceleration)).astype(float), np.nan)


def _groups(complete: Mask, high: Mask | None) -> list[Mask]:
    if high is None:
        return [np.ones(len(complete), dtype=bool)]
    turbulent: Mask = np.asarray(high, dtype=bool)
    calm: Mask = np.logical_not(turbulent)
    split: list[Mask] = [turbulent, calm]
    if min(int((part & complete).sum()) for part in split) < FEWEST:
        return [np.ones(len(complete), dtype=bool)]
    return split
