"""How far a ratio to GDP drifts while it is carried forward: a range calibrated on all economies.

The change of the log ratio over h years is set against a yearly spread ``s = sqrt((n sd^2 + w S^2) / (n + w))``, ``sd`` the
standard deviation of the economy's own n yearly changes, S that of all economies and w the years that S counts for. The
range is ``last * exp(q s)`` with q the 5th and the 95th percentile of such changes over h years. The constants are those of
`tests/coverage/study_drift.py`, which also calibrates on the years to 2014 and judges on those after.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

FEWEST_CHANGES = 5
"""With fewer yearly changes of its own an economy has the spread of all."""
LARGEST_CHANGE = 0.5
"""Log points. A larger yearly change is a break of the series (rebased accounts, a bank added) and counts as this."""
POOLED_YEARS = 10
"""Years that the spread of all economies counts for: with it calm and volatile economies are covered alike."""


class Calibration(NamedTuple):
    """The spread of all economies, log points a year, and by years carried the 5th and 95th percentile in spreads."""

    pooled: float
    ends: dict[int, tuple[float, float]]


MONEY = Calibration(0.111, {1: (-1.20, 1.86), 2: (-1.69, 2.60), 3: (-1.87, 3.27)})
"""Broad money to GDP. Ratios have risen more often than fallen, so that the range reaches further up."""
IMPORTS = Calibration(0.123, {1: (-1.61, 1.68), 2: (-2.20, 2.49), 3: (-2.32, 2.78)})
EXPORTS = Calibration(0.138, {1: (-1.68, 1.62), 2: (-2.42, 2.44), 3: (-2.84, 2.69)})


def spread(ratios: pd.Series, pooled: float) -> float:
    """Yearly spread of the log ratio, shrunk towards that of all economies.

    Parameters
    ----------
    ratios : Series
        By year, positive; changes are taken between consecutive years alone.
    pooled : float

    Returns
    -------
    float
        Log points.
    """
    values, years = ratios.to_numpy(float), ratios.index.to_numpy(int)
    known = values > 0
    changes = np.diff(np.log(values[known]))[np.diff(years[known]) == 1]
    own = changes.clip(-LARGEST_CHANGE, LARGEST_CHANGE)
    if len(own) < FEWEST_CHANGES:
        return pooled
    weighted = len(own) * float(own.var(ddof=1)) + POOLED_YEARS * pooled**2
    return float(np.sqrt(weighted / (len(own) + POOLED_YEARS)))


def drift(ratios: pd.Series, years: int, calibration: Calibration) -> tuple[float, float]:
    """Factors on the last ratio that hold nine tenths of what ratios were ``years`` later.

    Parameters
    ----------
    ratios : Series
        By year, to the last one known.
    years : int
        0 to 3; nought gives ones.
    calibration : Calibration

    Returns
    -------
    low, high : float
    """
    if years == 0:
        return 1.0, 1.0
    scale = spread(ratios, calibration.pooled)
    low, high = (float(np.exp(end * scale)) for end in calibration.ends[years])
    return low, high
