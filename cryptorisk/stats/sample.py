"""A sample that can be estimated from: one-dimensional, finite, long enough. Refusals say where it is not."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cryptorisk.errors import ModelError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Values = Sequence[float] | FloatArray | pd.Series
"""What every estimator of this package takes: a list, an array or a Series of numbers."""


def checked_sample(values: Values, *, name: str, minimum: int = 1) -> FloatArray:
    """Copy a sample into an array, or refuse it.

    Parameters
    ----------
    values : array-like, shape (n,)
    name : str
        What the sample is, for the message: ``"returns"``.
    minimum : int
        Fewest observations that the caller's estimator can work with.

    Returns
    -------
    ndarray of float, shape (n,)

    Raises
    ------
    ModelError
        When it is not one-dimensional, holds a value that is not a finite number (the message names the
        first position, and the date or label if there is one), or is too short.
    """
    if np.iscomplexobj(values):
        raise ModelError(f"{name} must be real numbers, not complex ones")
    try:
        sample = np.array(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ModelError(f"{name} must be numbers ({error})") from error
    if sample.ndim != 1:
        raise ModelError(f"{name} must be one-dimensional (got shape {sample.shape})")
    bad = np.flatnonzero(~np.isfinite(sample))
    if bad.size:
        raise ModelError(
            f"{name} must be finite: {bad.size} of {sample.size} are not, the first is {sample[bad[0]]} "
            f"at position {bad[0]}{_label(values, int(bad[0]))}",
            remedy="drop or fill the gaps before estimating",
        )
    if sample.size < minimum:
        raise ModelError(f"{name} has {sample.size} observations; at least {minimum} are needed")
    return sample


def checked_level(level: float, *, name: str = "level") -> float:
    """Refuse a probability that is not strictly between zero and one (99 % is 0.99)."""
    if not 0.0 < level < 1.0:
        raise ModelError(f"{name} must lie strictly between 0 and 1 (got {level})", remedy="99 % is 0.99")
    return float(level)


def checked_count(value: int, *, name: str, least: int = 1) -> int:
    """Refuse what is not a whole number of at least ``least``."""
    try:
        count = operator.index(value)
    except TypeError:
        raise ModelError(f"{name} must be a whole number (got {value!r})") from None
    if count < least:
        raise ModelError(f"{name} must be at least {least} (got {count})")
    return count


def checked_choice(value: str, choices: Iterable[str], *, name: str) -> None:
    """Refuse a name that is none of those there are."""
    known = tuple(choices)
    if value not in known:
        raise ModelError(f"unknown {name} {value!r}", remedy=f"use one of {', '.join(known)}")


def checked_time(values: object, *, name: str) -> None:
    """Refuse a Series or frame whose dates do not increase: what is estimated from it depends on their order."""
    if not isinstance(values, pd.Series | pd.DataFrame):
        return
    index = values.index
    if isinstance(index, pd.DatetimeIndex | pd.PeriodIndex) and not (
        index.is_monotonic_increasing and index.is_unique
    ):
        ranks = index.factorize(sort=True)[0]
        place = int(np.flatnonzero(np.diff(ranks) <= 0)[0]) + 1
        raise ModelError(
            f"dates of {name} must increase ({index[place]} at position {place} follows {index[place - 1]})",
            remedy="sort by date and drop repeated dates",
        )


def checked_alike(**given: object) -> None:
    """Refuse Series or frames of different dates: they would be paired by position."""
    indexed = {name: one.index for name, one in given.items() if isinstance(one, pd.Series | pd.DataFrame)}
    (first, index), *others = indexed.items() or [("", pd.RangeIndex(0))]
    for name, other in others:
        if len(other) == len(index) and not other.equals(index):
            place = int(np.flatnonzero(np.asarray(other != index))[0])
            raise ModelError(
                f"{first} and {name} are of different dates: {index[place]} and {other[place]} at position {place}",
                remedy="give both for the same dates, or arrays if they are paired by position on purpose",
            )


def _label(values: Values, position: int) -> str:
    if not isinstance(values, pd.Series):
        return ""
    label = values.index[position]
    shown = label.date().isoformat() if isinstance(label, pd.Timestamp) else label
    return f" ({shown})"
