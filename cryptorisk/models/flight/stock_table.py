"""Table of what residual and unrecorded flows add up to, a row a measure and span of years."""

from __future__ import annotations

import pandas as pd

from cryptorisk.data.catalogue import WORLD
from cryptorisk.data.inputs import Inputs
from cryptorisk.models.flight.measures import WORLD_BANK, Measures
from cryptorisk.models.flight.other_measures import HOT_MONEY, MORGAN, NDIKUMANA_BOYCE
from cryptorisk.result import Column, Table
from cryptorisk.rules.residual_flight import stock

FEWEST_YEARS = 10
"""A stock of a few years is a sum of a few years, which the chapter gives already."""
CPI = "us_cpi_index_sa"
LABELS = {
    WORLD_BANK: f"{WORLD_BANK} (recorded and unrecorded)",
    HOT_MONEY: f"{HOT_MONEY} (unrecorded)",
    MORGAN: MORGAN,
    NDIKUMANA_BOYCE: NDIKUMANA_BOYCE,
}


def consecutive(series: pd.Series, rates: pd.Series) -> list[int]:
    """The last consecutive years of a series that have an interest rate."""
    known = [int(year) for year in series.dropna().index if year in rates.index]
    years = known[-1:]
    while years and years[0] - 1 in known:
        years.insert(0, years[0] - 1)
    return years


def stock_table(
    inputs: Inputs,
    measures: Measures,
    rates: pd.Series,
    debt: pd.Series,
    sources: tuple[str, ...],
    common: list[int],
) -> Table:
    """A row a measure over its own years, and one over the common years where they are others.

    Parameters
    ----------
    inputs : Inputs
    measures : Measures
    rates, debt : Series
        Interest as a share and external debt in USD, by year.
    sources : tuple of str
    common : list of int
        The years of the estimates.

    Returns
    -------
    Table
        ``stock``; without rows where no measure has enough years.
    """
    prices = inputs.series(CPI, country=WORLD).values
    level = prices.groupby(pd.DatetimeIndex(prices.index).year).mean()
    every = measures.every()
    spans = [
        (name, years)
        for name in LABELS
        if name in every
        for years in _spans(consecutive(every[name], rates), common)
    ]
    rows = []
    for name, years in spans:
        flows, last = every[name].reindex(years), years[-1]
        held = float(stock(flows, rates).iloc[-1])
        real = (
            (flows * (level[last] / level.reindex(years))).sum(min_count=len(years))
            if last in level
            else None
        )
        rows.append(
            {
                "measure": LABELS[name],
                "years": f"{years[0]} to {last}",
                "sum": float(flows.sum()) / 1e9,
                "real": None if real is None else float(real) / 1e9,
                "interest": held / 1e9,
                "to_debt": 100 * held / float(debt[last]) if last in debt.index else None,
                "to_gdp": 100 * held / float(measures.gdp[last]),
            }
        )
    columns = (
        Column("measure", "Measure"),
        Column("years", "Years"),
        Column("sum", "Sum", "bn USD", 1),
        Column("real", "Sum in the last year's dollars", "bn USD", 1),
        Column("interest", "With interest", "bn USD", 1),
        Column("to_debt", "With interest, to external debt", "%", 0),
        Column("to_gdp", "With interest, to GDP", "%", 0),
    )
    note = (
        "Each measure over its own consecutive years and, where they differ, over the years that the sentence has; "
        "reversals enter with their sign. Interest: US Treasury bills (federal funds rate before 2020). Real: US consumer "
        "prices. External debt and GDP of the last year."
    )
    names = [c.name for c in columns]
    return Table(
        "flight.stock",
        "What residual and unrecorded flows add up to",
        pd.DataFrame(rows, columns=names),
        columns,
        note,
        sources,
    )


def _spans(own: list[int], common: list[int]) -> list[list[int]]:
    """The measure's own years, and the common ones where they are others and it has them all."""
    both = [own] if own == common or not set(common) <= set(own) else [own, common]
    return [years for years in both if len(years) >= FEWEST_YEARS]
