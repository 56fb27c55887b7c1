"""The skew-t distribution of Jones and Faddy, and the one nearest to a set of quantiles."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares
from scipy.special import betainc, betaincinv

from cryptorisk.errors import ModelError
from cryptorisk.stats.sample import FloatArray

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""That growth at risk is usually described by."""

FEWEST_FREEDOM = 3.0
"""Floor of the degrees of freedom of either tail: below three the variance of the distribution through five quantiles is
all but unbounded, and five numbers cannot support that. Two, where IMF's tool fixes them, has no variance."""

MOST_FREEDOM = 60.0
"""Beyond it a Student tail cannot be told from a normal one by five quantiles."""


@dataclass(frozen=True)
class SkewT:
    """Skew-t distribution of Jones and Faddy: location, scale and degrees of freedom of the left and the right tail.

    The same as scipy's ``jf_skew_t`` with half the degrees of freedom, without its checks, which take most of a fit's time.
    """

    location: float
    scale: float
    left: float
    right: float

    def quantile(self, probability: float | FloatArray) -> FloatArray:
        """Inverse of `probability`."""
        part = betaincinv(self.left / 2, self.right / 2, probability)
        root = math.sqrt((self.left + self.right) / 2) / 2
        return np.asarray(self.location + self.scale * root * (2 * part - 1) / np.sqrt(part * (1 - part)))

    def probability(self, value: float | FloatArray) -> FloatArray:
        """Distribution function."""
        z = (np.asarray(value, dtype=np.float64) - self.location) / self.scale
        part = (1 + z / np.sqrt((self.left + self.right) / 2 + z**2)) / 2
        return np.asarray(betainc(self.left / 2, self.right / 2, part))

    def shortfall(self, probability: float) -> float:
        """Mean below the quantile of ``probability``, by the mean of quantiles."""
        grid = (np.arange(400) + 0.5) / 400 * probability
        return float(self.quantile(grid).mean())


def fit_skew_t(quantiles: FloatArray, levels: Sequence[float] = QUANTILES, *, starts: int = 3) -> SkewT:
    """The skew-t nearest to a set of quantiles, by least squares.

    Parameters
    ----------
    quantiles : ndarray, shape (q,)
        Increasing.
    levels : sequence of float, length q
        At least four, for four parameters.
    starts : int
        One to three.

    Raises
    ------
    ModelError
        For quantiles that do not increase.

    References
    ----------
    Jones and Faddy (2003), Journal of the Royal Statistical Society B 65(1), equations (4) and (5). Adrian, Boyarchenko and
    Giannone (2019), American Economic Review 109(4), equation (5), match quantiles of Azzalini and Capitanio's skew-t, whose
    quantiles have no closed form.
    """
    given, place = np.asarray(quantiles, dtype=np.float64), np.asarray(levels, dtype=np.float64)
    if given.size < 4 or given.size != place.size or (np.diff(given) <= 0).any():
        raise ModelError(f"quantiles must be at least four and increase (got {given.round(3).tolist()})")
    spread = float(given[-1] - given[0])
    centre, floor, roof = float(np.interp(0.5, place, given)), FEWEST_FREEDOM, MOST_FREEDOM

    def miss(parameters: FloatArray) -> FloatArray:
        location, log_scale, left, right = parameters
        return np.asarray(SkewT(location, math.exp(log_scale), left, right).quantile(place) - given) / spread

    bounds = (
        [centre - 5 * spread, math.log(spread) - 8, floor, floor],
        [centre + 5 * spread, math.log(spread) + 3, roof, roof],
    )
    begins = [(6.0, 6.0), (4.0, 12.0), (12.0, 4.0)][:starts]
    fits = [
        least_squares(miss, [centre, math.log(spread / 3), left, right], bounds=bounds)
        for left, right in begins
    ]
    best = min(fits, key=lambda each: float(each.cost))
    location, log_scale, left, right = (float(value) for value in best.x)
    return SkewT(location, math.exp(log_scale), left, right)
