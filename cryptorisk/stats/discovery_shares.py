"""Shares of two prices in the discovery of their common one, from the speeds at which they adjust and their news.

With the weights w = (a_2, -a_1), orthogonal to the speeds of adjustment a = (a_1, a_2), w'e is the lasting part of a
period's news e. The price that does not adjust carries it: its speed is nought and its share one.

References
----------
Gonzalo and Granger (1995), Journal of Business and Economic Statistics 13(1), 27-35 (w as weights of the common component).
Hasbrouck (1995), One security, many markets, Journal of Finance 50(4), 1175-1199 (share in the variance of w'e; it depends
on the order of the prices where their news is correlated). Baillie, Booth, Tse and Zabotina (2002), Journal of Financial
Markets 5(3), 309-321 (both from one error-correction model). Lien and Shrestha (2009), Journal of Futures Markets 29(4),
377-395 (the square root of the correlation matrix in place of an order).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cryptorisk.errors import ModelError
from cryptorisk.stats.sample import FloatArray


@dataclass(frozen=True)
class Shares:
    """Shares of the first of two prices in the discovery of the common one; the second has the rest.

    Attributes
    ----------
    component : float
        Of Gonzalo and Granger; outside [0, 1] when both prices move the same way after a gap.
    lower, upper : float
        Of Hasbrouck, with the first price last and first in the order.
    modified : float
        Of Lien and Shrestha; it needs no order.
    """

    component: float
    lower: float
    upper: float
    modified: float

    @property
    def middle(self) -> float:
        """Mean of Hasbrouck's two bounds."""
        return (self.lower + self.upper) / 2


def discovery_shares(speeds: FloatArray, covariance: FloatArray) -> Shares:
    """Shares of the first price from speeds of adjustment and the covariance of the news.

    Parameters
    ----------
    speeds : ndarray, shape (2,)
    covariance : ndarray, shape (2, 2)

    Returns
    -------
    Shares

    Raises
    ------
    ModelError
        When neither price adjusts (no common price), or both adjust so that the weights sum to nought.

    References
    ----------
    Baillie and others (2002), from whom the shares follow without the long-run matrix: its common row is proportional to w.
    """
    weights = np.array([speeds[1], -speeds[0]], dtype=np.float64)
    if abs(weights.sum()) < 1e-12 * max(1.0, float(np.abs(weights).max())):
        raise ModelError(f"prices with speeds of adjustment {tuple(speeds)} are not drawn together")
    s = np.asarray(covariance, dtype=np.float64)
    total = float(weights @ s @ weights)
    first = (weights[0] * np.sqrt(s[0, 0]) + weights[1] * s[0, 1] / np.sqrt(s[0, 0])) ** 2 / total
    last = weights[0] ** 2 * (s[0, 0] - s[0, 1] ** 2 / s[1, 1]) / total
    return Shares(
        component=float(weights[0] / weights.sum()),
        lower=float(min(first, last)),
        upper=float(max(first, last)),
        modified=float((weights @ _symmetric_root(s))[0] ** 2 / total),
    )


def _symmetric_root(s: FloatArray) -> FloatArray:
    """F of Lien and Shrestha: ``F F' = S`` and ``F = V C^(1/2)`` with the symmetric root of the correlations C."""
    scale = np.sqrt(np.diag(s))
    values, vectors = np.linalg.eigh(s / np.outer(scale, scale))
    root: FloatArray = scale[:, None] * (vectors * np.sqrt(values.clip(min=0.0))) @ vectors.T
    return root
