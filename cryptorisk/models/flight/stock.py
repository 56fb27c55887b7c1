"""What unrecorded outflows add up to: without and with interest, against external debt and GDP."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from cryptorisk.data.catalogue import WORLD
from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import Estimate, format_estimate
from cryptorisk.models.flight.measures import ONE_MEASURE_HALF_WIDTH, WORLD_BANK, Measures
from cryptorisk.models.flight.other_measures import HOT_MONEY, MORGAN, NDIKUMANA_BOYCE
from cryptorisk.models.flight.part import differ, merge_sources, public_annual, without_blanks
from cryptorisk.models.part import Part
from cryptorisk.result import Column, Finding, Table
from cryptorisk.rules.residual_flight import stock
from cryptorisk.words import significance

FEWEST_YEARS = 10
"""A stock of a few years is a sum of a few years, which the chapter gives already."""
LAG_YEARS = 2
"""Years by which the years in common may end before the residual does: the usual lag of a balance of payments."""
FULL_YEAR = {"us_3m_tbill_weekly_pct": 40, "us_fed_funds_monthly_pct": 11}
"""Figures that make a year: weekly bills (from 2020 in the vintage), else the monthly federal funds rate, which moved
within half a percentage point of the bill's in all years that have both."""
CPI = "us_cpi_index_sa"
YEARLY_FLOOR = ONE_MEASURE_HALF_WIDTH["sum"] / 10
"""Percent of each year's GDP either side where there is one measure: the floor of a sum of ten years, by year."""
_IDS = (
    ("flight.stock_usd", "Stock of unrecorded outflows, with interest", "usd"),
    ("flight.stock_to_debt", "Stock of unrecorded outflows, with interest, to external debt", "pct"),
    ("flight.stock_pct_gdp", "Stock of unrecorded outflows, with interest", "pct_gdp"),
)
_FUNCTION = "cryptorisk.models.flight.stock.stock_part"
_METHOD = (
    "K_t = K_(t-1) (1 + i_t) + KF_t over consecutive years of the World Bank residual, i the mean US Treasury bill rate of "
    "the year (federal funds rate before 2020); the range covers every measure and treatment that has those years."
)


@dataclass(frozen=True)
class _Stocks:
    """The last value of the sum, the real sum and the stock with interest of each treatment, USD.

    ``alone``: the range is the floor of a single measure, no comparison of measures.
    """

    years: list[int]
    interest: pd.Series
    nominal: pd.Series
    low: float
    high: float
    alone: bool


def stock_part(inputs: Inputs, measures: Measures, name: str) -> Part:
    """Estimates, table and finding on the stock that unrecorded flows add up to.

    Parameters
    ----------
    inputs : Inputs
    measures : Measures
    name : str
        The country's name inside a sentence.

    Returns
    -------
    Part
    """
    rates, rate_sources = treasury_rates(inputs)
    debt = public_annual(inputs, "external_debt_usd", without="cia_factbook")
    sources = merge_sources(measures.sources, rate_sources)
    table = _table(inputs, measures, rates, debt.by_year, sources)
    tables = (
        ()
        if table.frame.empty
        else (without_blanks(table, key="measure", reason="no debtor statistics of this economy"),)
    )
    found = _stocks(measures, rates)
    if found is None:
        reason = (
            "no residual can be computed"
            if measures.central.empty
            else f"fewer than {FEWEST_YEARS} consecutive years of the residual and of US interest rates"
        )
        return Part(tuple(Estimate.missing(*names, reason) for names in _IDS), tables)
    last = found.years[-1]
    against = (1.0, 100 / float(debt.by_year[last]), 100 / float(measures.gdp[last]))
    estimates = tuple(
        Estimate(
            *names[:2],
            factor * float(found.interest[WORLD_BANK]),
            names[2],
            factor * found.low,
            factor * found.high,
            interval="range",
            method=_METHOD,
            date=f"{found.years[0]}/{last}",
            n_obs=len(found.years),
            sources=sources,
            inputs=(*measures.inputs, *FULL_YEAR),
            function=_FUNCTION,
            note=_note(found),
        )
        for names, factor in zip(_IDS, against, strict=True)
        if differ(found.low, found.high)
    )
    return Part(estimates, tables, _finding(estimates, name, found.alone))


def _note(found: _Stocks) -> str:
    said = []
    if float(found.interest[WORLD_BANK]) < 0:
        said.append("Negative: recorded uses exceeded recorded sources over the years.")
    if found.alone:
        said.append(
            f"One measure only: the range is {YEARLY_FLOOR:.2g} % of each year's GDP either side, as is typical of "
            "economies with every measure, and no comparison of measures."
        )
    return " ".join(said)


def treasury_rates(inputs: Inputs) -> tuple[pd.Series, tuple[str, ...]]:
    """Mean US Treasury bill rate by year as a share, the federal funds rate where no full year of bills is at hand."""
    by_year, sources = pd.Series(dtype=float), []
    for id, fewest in FULL_YEAR.items():
        series = inputs.series(id, country=WORLD)
        grouped = series.values.groupby(pd.DatetimeIndex(series.values.index).year)
        full = grouped.mean()[grouped.count() >= fewest] / 100
        by_year = by_year.combine_first(full)
        sources.append(series.source_ids)
    return by_year, merge_sources(*sources)


def _run(series: pd.Series, rates: pd.Series) -> list[int]:
    """The last consecutive years of a series that have an interest rate."""
    known = [int(year) for year in series.dropna().index if year in rates.index]
    years = known[-1:]
    while years and years[0] - 1 in known:
        years.insert(0, years[0] - 1)
    return years


def _stocks(measures: Measures, rates: pd.Series) -> _Stocks | None:
    """Over the years that the World Bank residual shares with hot money, if those are enough; else over its own.

    A balance of payments that ends up to `LAG_YEARS` before the residual does not put its measure out of the range.
    """
    central = measures.central
    if central.empty:
        return None
    every = measures.every()
    both = every[[WORLD_BANK, HOT_MONEY]].dropna() if HOT_MONEY in every else every.iloc[:0]
    shared = _run(both[WORLD_BANK], rates) if not both.empty else []
    last = int(central.index[-1])
    years = shared if len(shared) >= FEWEST_YEARS and shared[-1] >= last - LAG_YEARS else _run(central, rates)
    if len(years) < FEWEST_YEARS or years[-1] < last - LAG_YEARS:
        return None
    complete = every.reindex(years).dropna(axis=1)
    interest = complete.apply(lambda flows: stock(flows, rates).iloc[-1])
    low, high = float(interest.min()), float(interest.max())
    alone = measures.single(interest)
    if alone:
        floor = YEARLY_FLOOR / 100 * float(measures.gdp.reindex(years).sum())
        centre = float(interest[WORLD_BANK])
        low, high = min(low, centre - floor), max(high, centre + floor)
    return _Stocks(years, interest, complete.sum(), low, high, alone)


def _table(
    inputs: Inputs, measures: Measures, rates: pd.Series, debt: pd.Series, sources: tuple[str, ...]
) -> Table:
    prices = inputs.series(CPI, country=WORLD).values
    level = prices.groupby(pd.DatetimeIndex(prices.index).year).mean()
    rows = []
    every = measures.every()
    for name in (WORLD_BANK, HOT_MONEY, MORGAN, NDIKUMANA_BOYCE):
        years = _run(every[name], rates) if name in every else []
        if len(years) < FEWEST_YEARS:
            continue
        flows, last = every[name].reindex(years), years[-1]
        held = float(stock(flows, rates).iloc[-1])
        real = (
            (flows * (level[last] / level.reindex(years))).sum(min_count=len(years))
            if last in level
            else None
        )
        rows.append(
            {
                "measure": name,
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
        "Each measure over its own consecutive years; reversals enter with their sign. Interest: US Treasury bills "
        "(federal funds rate before 2020). Real: US consumer prices. External debt and GDP of the last year."
    )
    names = [c.name for c in columns]
    return Table(
        "flight.stock",
        "What unrecorded flows add up to",
        pd.DataFrame(rows, columns=names),
        columns,
        note,
        sources,
    )


def _finding(estimates: tuple[Estimate, ...], name: str, alone: bool) -> tuple[Finding, ...]:
    if len(estimates) < len(_IDS):
        return ()
    usd, to_debt, _to_gdp = estimates
    first, last = usd.date.split("/")
    where = significance(usd)
    if where == "above":
        what = "a stock of net unrecorded outflows"
    elif where == "below":
        what = "negative (recorded uses exceeded recorded sources; inflows that it does not count are in it)"
    else:
        what = "a stock on whose sign the measures do not agree"
    text = (
        f"Added up from {first} to {last} with interest of US Treasury bills, the residual of {name} is {what}: "
        f"{format_estimate(usd)}, {format_estimate(to_debt)} of external debt."
    )
    if alone:
        text += f" There is one measure; the range is assumed, {YEARLY_FLOOR:.2g} % of each year's GDP either side."
    return (Finding("flight.stock_result", text, "info", estimates=(usd.id, to_debt.id)),)
