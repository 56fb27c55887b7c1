"""When a regression is believed to predict: by how much, and how surely, it errs less on what it has not seen.

One rule for chapters 1 and 2. A regression is used when its root mean square error on what was left out is lower than that
of the simple alternative by at least `LEAST_GAIN`, and its mean squared error is lower at the one-sided `LEVEL`, clusters
(regions, economies) being the observations.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from cryptorisk.stats.sample import FloatArray

LEAST_GAIN = 0.10
"""Part of the simple alternative's root mean square error that a regression must save to be used. Less does not show in an
interval that spans a factor of three, and is within what choices that nobody would argue about move: in chapter 1, with
inflation cut at its range among published economies or not, the best of the regressions was another one, at 4 and at 6 %
below the key."""

LEVEL = 0.95
"""One-sided level at which the saving must differ from none."""


@dataclass(frozen=True)
class Gain:
    """What a regression saves on what was left out.

    Attributes
    ----------
    saved : float
        Part of the simple alternative's root mean square error; negative when the regression errs more.
    mean, error : float
        Mean squared error of the alternative less the regression's, and its standard error by clusters.
    clusters : int
    """

    saved: float
    mean: float
    error: float
    clusters: int

    @property
    def t(self) -> float:
        """The saving over its standard error; NaN without one."""
        return self.mean / self.error if self.error > 0 else math.nan

    @property
    def enough(self) -> bool:
        """Whether the regression is used, by the rule."""
        demanded = float(stats.t.ppf(LEVEL, self.clusters - 1))
        return self.saved >= LEAST_GAIN and self.mean > demanded * self.error


def gain(simple: FloatArray, rival: FloatArray, clusters: npt.ArrayLike) -> Gain:
    """Compare errors on what was left out, pair by pair.

    Parameters
    ----------
    simple, rival : ndarray, shape (n,)
        Errors of the simple alternative and of the regression on the same observations.
    clusters : array_like, shape (n,)
        Labels of at least two groups of observations that err together.

    Returns
    -------
    Gain
    """
    squares = np.mean(simple**2), np.mean(rival**2)
    difference = simple**2 - rival**2
    mean = float(difference.mean())
    blocks = pd.Series(difference - mean).groupby(np.asarray(clusters)).sum().to_numpy()
    count = blocks.size
    error = math.sqrt(count / (count - 1) * float((blocks**2).sum())) / difference.size
    return Gain(1.0 - math.sqrt(float(squares[1] / squares[0])), mean, error, count)
