"""Regressors on one scale, with the bounds, means and spreads of the sample that they are learnt from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cryptorisk.errors import ModelError
from cryptorisk.stats.sample import FloatArray

TAIL = 1.0
"""Percent of either tail that is drawn in to its bound: inflation of a thousand percent would else be all of the fit."""


@dataclass(frozen=True, eq=False)
class Scaling:
    """Bounds, means and standard deviations by column.

    Attributes
    ----------
    low, high, mean, spread : ndarray, shape (k,)
    """

    low: FloatArray
    high: FloatArray
    mean: FloatArray
    spread: FloatArray

    @classmethod
    def learn(cls, x: FloatArray) -> Scaling:
        """From a sample, rows by columns.

        Raises
        ------
        ModelError
            When a column does not vary.
        """
        rows = np.asarray(x, dtype=np.float64)
        low, high = np.percentile(rows, [TAIL, 100 - TAIL], axis=0)
        held = np.clip(rows, low, high)
        spread = held.std(axis=0)
        if not (spread > 0).all():
            raise ModelError(f"column {int(np.argmin(spread))} does not vary", remedy="leave it out")
        return cls(low, high, held.mean(axis=0), spread)

    def apply(self, x: FloatArray) -> FloatArray:
        """Held within the bounds, less the mean, over the spread: any rows, by the sample that was learnt from."""
        return np.asarray((np.clip(x, self.low, self.high) - self.mean) / self.spread, dtype=np.float64)
