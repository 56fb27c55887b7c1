"""How far the assumption of the depreciation depends on what counts as a rate that was held and given up."""

from __future__ import annotations

import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.models.crash.ended_pegs import CHOSEN, HELD_MONTHS, LARGE, ended_pegs
from cryptorisk.models.substitution.verdict import STABLE_MARGIN
from cryptorisk.result import Column, Table

VARIANTS = {
    f"As used: within {100 * STABLE_MARGIN:g} % for {HELD_MONTHS} months, {100 * LARGE:g} % or more lost": CHOSEN,
    "Held for 12 months": CHOSEN._replace(held=12),
    "Held for 36 months": CHOSEN._replace(held=36),
    "Within 5 %": CHOSEN._replace(margin=0.05),
    "5 % or more lost": CHOSEN._replace(large=0.05),
    "20 % or more lost": CHOSEN._replace(large=0.20),
    "Months in which the official rate was no price kept": CHOSEN._replace(marked=True),
    "Deepest month within the year": CHOSEN._replace(deepest=True),
}
"""Each moves one choice. Marked months hold the worst ends (Lebanon, Syria, Venezuela), whose rates were no prices."""


def variants_table(inputs: Inputs) -> Table | None:
    """``crash.depreciation_variants``: both quantiles by variant, or None where the assumption cannot be made.

    Parameters
    ----------
    inputs : Inputs
    """
    found = {name: ended_pegs(inputs, rule) for name, rule in VARIANTS.items()}
    rows = [
        (name, pegs.n, pegs.economies, 100 * pegs.median, 100 * pegs.ninth)
        for name, pegs in found.items()
        if pegs is not None
    ]
    if not rows:
        return None
    return Table(
        "crash.depreciation_variants",
        "What currencies lost within a year when a held rate gave way, by what counts as such",
        pd.DataFrame(rows, columns=["what", "n", "economies", "median", "ninth"]),
        (
            Column("what", "Counted"),
            Column("n", "Cases", "", 0),
            Column("economies", "Economies", "", 0),
            Column("median", "Median: central", "%", 0),
            Column("ninth", "90 % quantile: severe", "%", 0),
        ),
        note="The first row is the assumption of the combined scenario; every other row moves one choice of it.",
        sources=inputs.series("official_fx_lcu_per_usd").source_ids,
    )
