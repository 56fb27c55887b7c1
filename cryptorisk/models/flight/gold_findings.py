"""What is said where gold matters for the residual."""

from __future__ import annotations

from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import number
from cryptorisk.models.flight.gold import SOURCES, holdings
from cryptorisk.models.flight.measures import Measures
from cryptorisk.result import Column, Finding, Severity, Table

MATTERS = 0.2
"""A fifth of reserves in gold: a year in which gold gains a quarter, as in 2024 and more than once before, then moves
reserves by a twentieth."""

HALF, NEARLY_ALL = 0.5, 0.95


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
    """
    year = int(measures.central.index[-1])
    share, taken = (float(measures.gold[name].reindex([year]).iloc[0]) for name in ("share", "taken"))
    if not share >= MATTERS:
        return ()
    part = f"{number(100 * share, 0)} %" if share < NEARLY_ALL else "nearly all"
    size = number(100 * taken / float(measures.gdp[year]), 1)
    left = (
        f"would be {number(100 * (1 - share), 0)} % of that"
        if share < NEARLY_ALL
        else "would be next to nothing"
    )
    text = (
        f"Gold made {part} of reserves of {name} at the end of {year}. What its price did to the value of reserves is not "
        f"counted as money kept ({size} % of GDP in {year}). The covers of imports, debt and money count gold: without it "
        f"reserves {left}."
    )
    severity: Severity = "notice" if share > HALF else "info"
    return (Finding("flight.residual_gold", text, severity, "caveat", ("flight.residual_pct_gdp",)),)


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
        "Between two dates on a straight line. Lists of the World Gold Council give the IMF's statistics of about two "
        "months before; they were read on copies. Price: mean of December."
    )
    return (Table("flight.gold_held", "Gold in reserves", known, columns, note, SOURCES),)
