"""Which of two prices of one thing moves first: the test for a common price, the model, the shares, or a refusal.

References
----------
As `pair_relation` (is there a common price), `pair_model` (how each price moves towards the other), `discovery_shares`
(whose news lasts) and `share_intervals`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cryptorisk.errors import ModelError
from cryptorisk.stats.discovery_shares import Shares
from cryptorisk.stats.pair_model import PairModel, fit_pair
from cryptorisk.stats.pair_relation import MOST_LAGS, PairRelation, pair_relation
from cryptorisk.stats.sample import FloatArray
from cryptorisk.stats.share_intervals import ShareIntervals, share_intervals


@dataclass(frozen=True)
class Discovery:
    """The test for a common price, the model and the shares of the first price with their intervals."""

    relation: PairRelation
    model: PairModel
    shares: Shares
    intervals: ShareIntervals

    @property
    def unit(self) -> bool:
        """Whether the difference of the logs is what is held, (1, -1)."""
        return self.model.slope == 1.0


def discover(
    x: FloatArray,
    *,
    rng: np.random.Generator,
    unit: bool = False,
    most_lags: int = MOST_LAGS,
    replications: int = 499,
    level: float = 0.9,
) -> Discovery:
    """Shares of the first of two prices in the discovery of their common one, or a refusal with its reason.

    Parameters
    ----------
    x : ndarray, shape (t, 2)
        Log prices at equally spaced times.
    rng : numpy.random.Generator
    unit : bool
        Whether (1, -1) alone is accepted, as for two quotes of one thing: with another relation the gap between them grows
        with the price, and two prices that merely rise together are taken for one.
    most_lags, replications : int
    level : float

    Returns
    -------
    Discovery

    Raises
    ------
    ModelError
        As `pair_relation`; and where Johansen's test at 5 % finds no relation, two of them where a price by itself returns
        to a level, one in which the prices do not go the same way, or (``unit``) one that is not (1, -1).

    Notes
    -----
    A second relation with prices that do not return to a level is the mark of a pace that changed within the sample; the
    shares are then given, and rest on prices being random walks.

    The relation is (1, -1) unless its likelihood-ratio test rejects it at 5 %; then the estimated one is taken, as known.
    """
    relation = pair_relation(x, most_lags=most_lags)
    trace, critical = relation.trace, relation.critical
    if relation.relations == 0:
        raise ModelError(
            f"the two prices are not held together (Johansen's trace {trace[0]:.1f}, 5 % point {critical[0]:.1f}, "
            f"{relation.n} days)"
        )
    if relation.relations > 1 and relation.returns:
        raise ModelError(
            f"both prices return to a level of their own (Johansen's second trace {trace[1]:.1f}, 5 % point "
            f"{critical[1]:.1f}): there is no lasting news to discover"
        )
    slope = 1.0 if relation.p_unit >= 0.05 else relation.slope
    if unit and slope != 1.0:
        p = "below 0.001" if relation.p_unit < 0.001 else f"{relation.p_unit:.3f}"
        raise ModelError(
            f"the two prices rise together as 1 to {slope:.2f} and not one to one (p {p}): the gap between them grows with "
            "the price"
        )
    if slope <= 0:
        raise ModelError(f"the estimated relation has the two prices go opposite ways (slope {slope:.2f})")
    model = fit_pair(x, lags=relation.lags, slope=slope)
    intervals = share_intervals(model, x, rng=rng, replications=replications, level=level)
    return Discovery(relation, model, model.shares, intervals)
