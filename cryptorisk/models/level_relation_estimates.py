"""What the chapters print of a relation in levels besides its tables: how fast a deviation from it fades."""

from __future__ import annotations

import numpy as np

from cryptorisk.estimate import Estimate
from cryptorisk.models.level_relation import COEFFICIENT_LEVEL, LevelRelation


def half_life_estimate(
    relation: LevelRelation,
    *,
    id: str,
    label: str,
    months: int,
    sources: tuple[str, ...],
    inputs: tuple[str, ...],
    function: str,
) -> Estimate:
    """Half-life of a deviation from the relation, ln 0.5 / ln(1 + speed of adjustment), in months.

    Parameters
    ----------
    relation : LevelRelation
        One that may be used.
    id, label : str
    months : int
        Length of a period of the sample.
    sources, inputs : tuple of str
        Sources and series of the sample.
    function : str
        Public function that the estimate comes from.
    """
    value, low, high = (months * v for v in relation.fit.half_life(level=COEFFICIENT_LEVEL))
    if not np.isfinite(high):
        return Estimate.missing(id, label, "months", "the interval of the speed of adjustment reaches zero")
    length = {1: "", 3: " Three months a quarter."}[months]
    return Estimate(
        id,
        label,
        value,
        "months",
        low=low,
        high=high,
        level=COEFFICIENT_LEVEL,
        interval="confidence",
        method=f"ln 0.5 / ln(1 + speed of adjustment), at the ends of the speed's interval.{length}",
        date=relation.period(),
        n_obs=relation.fit.n,
        sources=sources,
        inputs=inputs,
        function=function,
    )
