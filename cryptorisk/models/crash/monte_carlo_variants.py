"""The simulated loss by what the simulation assumes: correlation, ends of intervals, and how the two keys go together."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from cryptorisk.estimate import one_digit
from cryptorisk.models.crash.monte_carlo import AS_USED, Question, draw, percentiles
from cryptorisk.models.crash.monte_carlo_holdings import Shapes
from cryptorisk.models.exposure.parts import Parts
from cryptorisk.params import Params
from cryptorisk.result import Column, Table

CORRELATIONS = (0.0, 0.3, 0.6)
OTHER_ENDS = (
    (Shapes(ends="twentieths"), "Ends of ownership and value received as 5 and 95 %"),
    (Shapes(ends="modes"), "All ends as limits, central values as modes (triangular)"),
)
OTHER_KEYS = (
    (Shapes(keys="either"), "Keys: one or the other, with even chances"),
    (Shapes(keys="mean"), "Keys: their geometric mean"),
)


def variants_table(asked: Question, params: Params, coarse: bool, sources: tuple[str, ...]) -> Table:
    """``crash.correlation``: households' loss by the same simulation with other correlations, ends and keys.

    Parameters
    ----------
    asked : Question
        With GDP.
    params : Params
    coarse : bool
        Whether households' holdings are confidential.
    sources : tuple of str
    """
    crash, bare = params.crash, replace(asked, capital=None, government_usd=None)
    rows = []
    for words, correlation, shapes in _chosen(asked, crash.uncertainty_correlation):
        found = draw(
            bare, draws=crash.monte_carlo_draws, correlation=correlation, seed=params.seed, shapes=shapes
        )
        low, _, median, _, high = percentiles(found.in_gdp("household_usd"))
        rows.append((words, *(one_digit(v) if coarse else v for v in (low, median, high)), correlation))
    names = ["assumed", "p5", "p50", "p95", "correlation"]
    return Table(
        "crash.correlation",
        "Households' loss by what the simulation assumes",
        pd.DataFrame(rows, columns=names).astype(dict.fromkeys(names[1:], float)),
        (
            Column("assumed", "Assumed"),
            Column("p5", "5 %", "% of GDP", 3),
            Column("p50", "Median", "% of GDP", 3),
            Column("p95", "95 %", "% of GDP", 3),
        ),
        note="No data tell the correlation, the shape or which key is nearer; the table shows how much they matter.",
        sources=sources,
    )


def _chosen(asked: Question, used: float) -> list[tuple[str, float, Shapes]]:
    """Those that differ from what is used: without inputs that are drawn, or with one key, some do not."""
    rows = [
        ("As above" if one == used else f"Rank correlation {one:g}", one, AS_USED)
        for one in sorted({*CORRELATIONS, used})
    ]
    parts = asked.holdings
    if isinstance(parts, Parts):
        both = parts.owners is not None and parts.received is not None
        rows += [(words, used, shapes) for shapes, words in (*OTHER_ENDS, *(OTHER_KEYS if both else ()))]
    else:
        rows.append((OTHER_ENDS[1][1], used, OTHER_ENDS[1][0]))
    return rows
