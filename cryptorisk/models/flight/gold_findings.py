"""What is said where gold matters for the residual and for unrecorded flows."""

from __future__ import annotations

import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import number
from cryptorisk.models.flight.gold import LEAST_LISTED, SOURCES, holdings
from cryptorisk.models.flight.measures import Measures
from cryptorisk.models.flight.other_measures import HOT_MONEY
from cryptorisk.result import Column, Finding, Severity, Table

MATTERS = 0.2
"""A fifth of reserves in gold: a year in which gold gains a quarter, as in 2024 and more than once before, then moves
reserves by a twentieth."""
HALF, NEARLY_ALL = 0.5, 0.95
STILL_IN_IT = (
    "What the price of gold did to reserves is still in it: the economy is in none of the lists of holders (the last of the "
    f"hundred held {LEAST_LISTED} tonnes in August 2024, which is in the range; a share in a union's gold is not known)."
)


def gold_note(measures: Measures) -> str:
    """What stands in the note of a measure where the holding of gold is not known; empty where it is."""
    return "" if measures.gold_known else STILL_IN_IT


def gold_findings(measures: Measures, name: str) -> tuple[Finding, ...]:
    """The share of gold in reserves and what its price alone would do to the residual, where it is large.

    Parameters
    ----------
    measures : Measures
    name : str
        The country's name inside a sentence.

    Returns
    -------
    tuple of Finding
        None where neither the residual nor hot money is known.
    """
    alone = measures.central.empty
    known = measures.hot_money.get(HOT_MONEY, pd.Series(dtype=float)).dropna() if alone else measures.central
    if known.empty:
        return ()
    year = int(known.index[-1])
    gold = measures.gold.reindex([year]).iloc[0]
    if not gold["share"] >= MATTERS:
        return ()
    share, share_low, share_high = (float(gold[f"share{end}"]) for end in ("", "_low", "_high"))
    taken = [100 * float(gold[f"taken{end}"] / measures.gdp[year]) for end in ("", "_low", "_high")]
    size = _ranged(taken[0], taken[1], taken[2], 1, f" of GDP in {year}")
    text = (
        f"Gold made {told_share(share, share_low, share_high)} of reserves of {name} at the end of {year}. What its price "
        f"did to the value of reserves is not counted as money kept: {size}."
    )
    severity: Severity = "notice" if share > HALF else "info"
    ids = ("flight.hot_money_pct_gdp" if alone else "flight.residual_pct_gdp",)
    return (Finding("flight.residual_gold", text, severity, "caveat", ids),)


def told_share(share: float, low: float, high: float) -> str:
    """A share of gold (0 to 1) in words, with its range where the holding is not known to the percent."""
    return _ranged(100 * share, 100 * low, 100 * high, 0) if share < NEARLY_ALL else "nearly all"


def _ranged(value: float, low: float, high: float, digits: int, of: str = "") -> str:
    first, last = number(low, digits), number(high, digits)
    return f"{number(value, digits)} %{of}" + ("" if first == last else f" (range {first} to {last})")


def gold_table(inputs: Inputs, measures: Measures) -> tuple[Table, ...]:
    """Holdings of gold with the page of each; none where nothing was taken out of the change of reserves for gold."""
    known = holdings(inputs.country, inputs.as_of)
    if known.empty or not measures.gold["taken"].any():
        return ()
    columns = (
        Column("date", "List, or date"),
        Column("tonnes", "Gold held", "tonnes", 1),
        Column("url", "Page"),
    )
    note = (
        "Between two dates on a straight line, outside them the nearest; the range is the distance from a known date in "
        "which nine tenths of all economies' holdings lay. Lists of the World Gold Council give the IMF's statistics of "
        "about two months before; they were read on copies. Price: the year's last London fixing."
    )
    return (Table("flight.gold_held", "Gold in reserves", known, columns, note, SOURCES),)
