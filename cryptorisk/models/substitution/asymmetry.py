"""Rises of depreciation against its falls: an error-correction equation on partial sums."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cryptorisk.errors import ModelError
from cryptorisk.models.level_relation import (
    REPLICATIONS,
    TEST_LEVEL,
    VERDICTS,
    LevelRelation,
    bound_text,
    estimate_relation,
    reason_in_words,
)
from cryptorisk.stats.bounds import Bound, simulate_null
from cryptorisk.stats.error_correction import Coefficient
from cryptorisk.stats.ratchet import partial_sums

MAX_ORDER = 4
DIFFERENCE = "rises less falls"
SIDES = {"rises": "rises of depreciation", "falls": "falls of depreciation"}


@dataclass(frozen=True)
class Asymmetry:
    """What partial sums say.

    Attributes
    ----------
    difference : Coefficient or None
        Long-run answer to rises less that to falls; ``p`` is that of symmetry. None with a ``reason``.
    rows : tuple of (str, Coefficient)
        Long-run coefficients for the table, where they are relied on.
    reason, short_reason : str
        Why there is none, with and without the figures.
    verdict : str
        The bounds test in words.
    """

    difference: Coefficient | None
    rows: tuple[tuple[str, Coefficient], ...]
    reason: str
    short_reason: str
    verdict: str


def asymmetry(frame: pd.DataFrame, beside: pd.DataFrame, rng: np.random.Generator) -> Asymmetry:
    """Test whether the ratio answers alike to rises and falls of depreciation.

    Parameters
    ----------
    frame : DataFrame
        Columns ``ratio`` and ``depreciation``, by month.
    beside : DataFrame
        Terms that enter as they are.
    rng : numpy.random.Generator

    Returns
    -------
    Asymmetry
    """
    plus, minus = partial_sums(frame["depreciation"])
    levels = pd.DataFrame({"ratio": frame["ratio"], "rises": plus, "falls": minus}, index=frame.index)
    try:
        relation = estimate_relation(
            levels,
            "ratio",
            SIDES,
            label="Ratio",
            year=12,
            max_order=MAX_ORDER,
            rng=rng,
            fixed=beside,
            contrasts={DIFFERENCE: {"rises": 1.0, "falls": -1.0}},
        )
    except ModelError as error:
        return Asymmetry(None, (), str(error), "the equation cannot be estimated", "not estimated")
    # Two sums of one driver: with the bounds of one driver, which are wider, the test is on the safe side.
    null = simulate_null(3, 1, relation.fit.n, rng=rng, replications=REPLICATIONS)
    f = null.bound("f", relation.test.f.statistic)
    reason, short = _reason(relation, f)
    verdict = f"F {bound_text(f)} with the bounds of one driver, t {bound_text(relation.test.t)}"
    if reason:
        return Asymmetry(None, (), reason, short, f"{verdict}; {short}")
    difference = relation.long_run[DIFFERENCE]
    rows = (*((SIDES[name], relation.long_run[name]) for name in SIDES), (DIFFERENCE, difference))
    return Asymmetry(difference, rows, "", "a relation in levels is found", verdict)


def _reason(relation: LevelRelation, f: Bound) -> tuple[str, str]:
    if relation.reason:
        return relation.reason, reason_in_words(relation)
    if f.standing(TEST_LEVEL) != "beyond":
        words = VERDICTS["inconclusive"]
        return f"{words} (F {bound_text(f)} with the bounds of one driver)", words
    return "", ""
