"""What residual and unrecorded outflows add up to: without and with interest, against external debt and GDP."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from cryptorisk.data.catalogue import WORLD
from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import Estimate, format_estimate
from cryptorisk.models.flight.measures import LEAST_HALF_WIDTH, WORLD_BANK, Measures, of_measure
from cryptorisk.models.flight.other_measures import HOT_MONEY
from cryptorisk.models.flight.part import merge_sources, public_annual, without_blanks
from cryptorisk.models.flight.state_fund import fund_in_stock
from cryptorisk.models.flight.stock_table import FEWEST_YEARS, consecutive, stock_table
from cryptorisk.models.part import Part
from cryptorisk.models.published import Published
from cryptorisk.result import Finding
from cryptorisk.rules.residual_flight import stock
from cryptorisk.words import significance

LAG_YEARS = 2
"""Years by which the years in common may end before the residual does: the usual lag of a balance of payments."""
FULL_YEAR = {"us_3m_tbill_weekly_pct": 40, "us_fed_funds_monthly_pct": 11}
"""Figures that make a year: weekly bills (from 2020 in the vintage), else the monthly federal funds rate, which moved
within half a percentage point of the bill's in all years that have both."""
_RESIDUAL = "Stock of residual outflows (recorded and unrecorded), with interest"
_UNRECORDED = "Stock of unrecorded outflows (hot money), with interest"
_IDS = (
    ("flight.stock_usd", _RESIDUAL, "usd"),
    ("flight.stock_to_debt", f"{_RESIDUAL}, to external debt", "pct"),
    ("flight.stock_pct_gdp", _RESIDUAL, "pct_gdp"),
)
_HOT_IDS = (
    ("flight.unrecorded_stock_usd", _UNRECORDED, "usd"),
    ("flight.unrecorded_stock_pct_gdp", _UNRECORDED, "pct_gdp"),
)
_FUNCTION = "cryptorisk.models.flight.stock.stock_part"
_METHOD = (
    "K_t = K_(t-1) (1 + i_t) + KF_t over consecutive years, i the mean US Treasury bill rate of the year (federal funds "
    "rate before 2020); the range covers the treatments of this measure that have those years, and is never narrower than "
    "is usual."
)


@dataclass(frozen=True)
class _Stock:
    """The stock with interest of one measure over its years, USD, with its range."""

    measure: str
    years: list[int]
    value: float
    low: float
    high: float


def stock_part(inputs: Inputs, measures: Measures, name: str) -> Part:
    """Estimates, table and findings on the stocks that residual and unrecorded flows add up to.

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
    debt = public_annual(inputs, "external_debt_usd", without="cia_factbook").by_year
    sources = merge_sources(measures.sources, rate_sources)
    years = _common_years(measures, rates)
    table = stock_table(inputs, measures, rates, debt, sources, years)
    tables = (
        ()
        if table.frame.empty
        else (without_blanks(table, key="measure", reason="no debtor statistics of this economy"),)
    )
    residual = _stock(measures, rates, WORLD_BANK, years)
    hot = _stock(measures, rates, HOT_MONEY, years)
    fund = _fund(inputs, residual)
    of_residual = _estimates(measures, residual, _IDS, sources, debt)
    estimates = (
        *(of_residual if fund is None else (_with_fund(one, fund) for one in of_residual)),
        *_estimates(measures, hot, _HOT_IDS, sources, debt),
    )
    return Part(estimates, tables, (*_finding(estimates, name, fund), *_alone(estimates, name)))


def _estimates(
    measures: Measures,
    found: _Stock | None,
    ids: tuple[tuple[str, str, str], ...],
    sources: tuple[str, ...],
    debt: pd.Series,
) -> tuple[Estimate, ...]:
    """In the units of the ids."""
    if found is None:
        reason = f"fewer than {FEWEST_YEARS} consecutive years of it and of US interest rates"
        if ids is _IDS and measures.central.empty:
            reason = "no residual can be computed"
        return tuple(Estimate.missing(*names, reason) for names in ids)
    last = found.years[-1]
    against = {
        "usd": 1.0,
        "pct": 100 / float(debt.get(last, float("nan"))),
        "pct_gdp": 100 / float(measures.gdp[last]),
    }
    note = "Negative: more came in than left over the years." if found.value < 0 else ""
    return tuple(
        Estimate(
            *names[:2],
            against[names[2]] * found.value,
            names[2],
            against[names[2]] * found.low,
            against[names[2]] * found.high,
            interval="range",
            method=_METHOD,
            date=f"{found.years[0]}/{last}",
            n_obs=len(found.years),
            sources=sources,
            inputs=(*measures.inputs, *FULL_YEAR),
            function=_FUNCTION,
            note=note,
        )
        for names in ids
    )


def _fund(inputs: Inputs, residual: _Stock | None) -> Published | None:
    """The state's fund in a stock whose whole range is a net outflow."""
    if residual is None or residual.low <= 0:
        return None
    return fund_in_stock(inputs.country, residual.years[-1], residual.value, inputs.as_of)


def _with_fund(one: Estimate, fund: Published) -> Estimate:
    """The stock with the state's own fund abroad in its note."""
    note = f"What the state's own fund bought abroad is in it ({_in_words(fund)}; {fund.source})."
    return one.with_(note=f"{note} {one.note}".strip())


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


def _common_years(measures: Measures, rates: pd.Series) -> list[int]:
    """The years that the residual shares with hot money, if those are enough; else those of the one that there is.

    A balance of payments that ends up to `LAG_YEARS` before the residual does not put its measure out of the sum.
    """
    every = measures.every()
    names = [name for name in (WORLD_BANK, HOT_MONEY) if name in every]
    if not names:
        return []
    shared = consecutive(every[names].dropna()[names[0]], rates)
    own = consecutive(every[names[0]], rates)
    last = int(every[names[0]].dropna().index[-1])
    enough = len(shared) >= FEWEST_YEARS and shared[-1] >= last - LAG_YEARS
    years = shared if enough else own
    return years if len(years) >= FEWEST_YEARS and years[-1] >= last - LAG_YEARS else []


def _stock(measures: Measures, rates: pd.Series, measure: str, years: list[int]) -> _Stock | None:
    """Over the given years, with the least range of each year's GDP; None where the measure lacks one of them."""
    complete = measures.every().reindex(years).dropna(axis=1)
    if not years or measure not in complete:
        return None
    held = of_measure(complete.apply(lambda flows: stock(flows, rates).iloc[-1]), measure)
    value = float(held[measure])
    least = LEAST_HALF_WIDTH[measure]["sum"] / 1000 * float(measures.gdp.reindex(years).sum())
    return _Stock(
        measure, years, value, min(float(held.min()), value - least), max(float(held.max()), value + least)
    )


def _finding(estimates: tuple[Estimate, ...], name: str, fund: Published | None) -> tuple[Finding, ...]:
    """What the residual adds up to, and of it the unrecorded part."""
    usd, to_debt, _to_gdp, hot, _hot_to_gdp = estimates
    if not usd.available:
        return ()
    where = significance(usd)
    if where == "above":
        what = "a stock of net outflows"
    elif where == "below":
        what = "negative (more came in than left; inflows that it does not count are in it)"
    else:
        what = "a stock whose sign its range leaves open"
    when = f"from {usd.date.replace('/', ' to ')} with interest of US Treasury bills"
    size = f"{format_estimate(usd)}, {format_estimate(to_debt)} of external debt"
    if fund is not None:
        text = _beside_fund(fund, hot, name, when, size)
    else:
        text = f"Added up {when}, the residual of {name}, recorded and unrecorded, is {what}: {size}."
        if hot.available:
            text += f" Unrecorded flows alone add up to {format_estimate(hot)}{_sign(hot)}."
    ids = tuple(one.id for one in (usd, to_debt, hot))
    return (Finding("flight.stock_result", text, "info", estimates=ids),)


def _beside_fund(fund: Published, hot: Estimate, name: str, when: str, size: str) -> str:
    """Unrecorded flows first, where the state's own fund abroad is in the residual."""
    if hot.available:
        first = f"Unrecorded flows of {name} add up to {format_estimate(hot)}{_sign(hot)}, {when}."
        second = f"The residual, recorded and unrecorded, adds up to {size}"
    else:
        first = f"How much of the outflows of {name} is unrecorded is not known."
        second = f"The residual, recorded and unrecorded, adds up to {size}, {when}"
    return (
        f"{first} {second}; what the state's own fund bought abroad outside reserves ({_in_words(fund)}, with its returns) "
        "is in it and is no capital flight."
    )


def _in_words(fund: Published) -> str:
    """``National Fund: 58.5 bn USD at 2025-01``."""
    return f"{fund.label}: {fund.value:.3g} {fund.unit} at {fund.date[:7]}"


def _sign(hot: Estimate) -> str:
    return ", whose sign is not told" if significance(hot) == "not distinguishable from" else ""


def _alone(estimates: tuple[Estimate, ...], name: str) -> tuple[Finding, ...]:
    """What errors and omissions add up to where there is no residual, and what that is."""
    usd, _to_debt, _to_gdp, hot, hot_to_gdp = estimates
    if usd.available or not hot.available:
        return ()
    text = (
        f"Errors and omissions of {name} add up to {format_estimate(hot)} from {hot.date.replace('/', ' to ')} with "
        f"interest of US Treasury bills, {format_estimate(hot_to_gdp)}{_sign(hot)}: transactions that one side of the "
        "balance of payments shows and the other does not. No other measure says how much of it is capital flight."
    )
    return (Finding("flight.stock_unrecorded", text, "info", estimates=(hot.id, hot_to_gdp.id)),)
