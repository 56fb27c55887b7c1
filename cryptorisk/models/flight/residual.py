"""Capital flows as the chapter reports them: the residual, recorded and unrecorded, and its band."""

from __future__ import annotations

import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import Estimate
from cryptorisk.models.flight.conventions import conventions_table
from cryptorisk.models.flight.gold_findings import gold_findings, gold_note, gold_table
from cryptorisk.models.flight.measures import WORLD_BANK, Measures, flight_measures
from cryptorisk.models.flight.measures_table import measures_table
from cryptorisk.models.flight.other_estimates import other_estimates
from cryptorisk.models.flight.part import annual
from cryptorisk.models.flight.residual_findings import (
    age_findings,
    data_findings,
    result_findings,
    secret_findings,
    unrecorded_findings,
)
from cryptorisk.models.flight.residual_table import residual_table
from cryptorisk.models.flight.residual_window import CUMULATIVE_YEARS, MEAN_YEARS, last_years
from cryptorisk.models.flight.stock import stock_part
from cryptorisk.models.flight.unrecorded import unrecorded_estimates
from cryptorisk.models.part import Part

NOT_A_REPORTER = (
    "the economy does not report its external debt to the World Bank's debtor statistics, and the residual "
    "is defined on them"
)


def residual_part(inputs: Inputs, name: str) -> Part:
    """Estimates, tables and findings on the residual, its unrecorded part and the stocks that they add up to.

    Parameters
    ----------
    inputs : Inputs
    name : str
        The country's name inside a sentence.

    Returns
    -------
    Part
    """
    measures = flight_measures(inputs)
    tables = Part(tables=(measures_table(inputs, measures), conventions_table()))
    return Part.join((_flows(inputs, measures, name), stock_part(inputs, measures, name), tables))


def _flows(inputs: Inputs, measures: Measures, name: str) -> Part:
    """Flows by year: estimates, the table, what is to be said of them."""
    unrecorded = unrecorded_estimates(measures)
    told = unrecorded_findings(measures, unrecorded, name, inputs.as_of.year)
    if measures.central.empty:
        reason = _reason_missing(inputs)
        gone = tuple(Estimate.missing(id, label, unit, reason) for id, label, unit in _RESIDUAL_IDS)
        return Part(
            (*gone, *unrecorded, *other_estimates(measures)),
            (*residual_table(measures), *gold_table(inputs, measures)),
            (*told, *data_findings(measures, name), *gold_findings(measures, name)),
        )
    estimates = (
        _latest(measures, "pct_gdp"),
        _latest(measures, "usd"),
        _mean(measures),
        _cumulative(measures),
    )
    return Part(
        (*estimates, *unrecorded, *other_estimates(measures)),
        (*residual_table(measures), *gold_table(inputs, measures)),
        (
            *told,
            *result_findings(measures, estimates, unrecorded, name),
            *data_findings(measures, name),
            *gold_findings(measures, name),
            *age_findings(inputs, estimates[0], name),
            *secret_findings(inputs, measures),
        ),
    )


_LABEL = "Capital-flight residual (recorded and unrecorded)"
_NOTE = "Errors and omissions of all items fall into a residual; a negative one is a reversal."
_RESIDUAL_IDS = (
    ("flight.residual_pct_gdp", f"{_LABEL}, latest year", "pct_gdp"),
    ("flight.residual_usd", f"{_LABEL}, latest year", "usd"),
    ("flight.residual_mean_pct_gdp", f"{_LABEL}, mean of {MEAN_YEARS} years", "pct_gdp"),
    (
        "flight.residual_cumulative_pct_gdp",
        f"{_LABEL}, sum of {CUMULATIVE_YEARS} years",
        "pct_gdp",
    ),
)


def _latest(measures: Measures, unit: str) -> Estimate:
    year = int(measures.central.index[-1])
    row: pd.Series = measures.pct_gdp(measures.every()).loc[[year]].iloc[0].dropna()
    factor = float(measures.gdp[year]) / 100 if unit == "usd" else 1.0
    low, high = (factor * end for end in measures.band(row, "year"))
    return Estimate(
        "flight.residual_" + unit,
        f"{_LABEL}, latest year",
        factor * float(row[WORLD_BANK]),
        unit,
        low,
        high,
        interval="range",
        method=(
            "World Bank residual: change in external debt + net direct investment inflow + current account - change in "
            "reserves, without what gold's price did where the holding is known; positive is an outflow, in part recorded; "
            "the range covers both records of direct investment and of the current account where there are two and a "
            "revaluation of up to half of debt and of reserves, and is never narrower than is usual."
        ),
        date=str(year),
        note=f"{_NOTE} {gold_note(measures)}".strip(),
        function="cryptorisk.models.flight.measures.flight_measures",
        sources=measures.sources,
        inputs=measures.inputs,
    )


def _mean(measures: Measures) -> Estimate:
    usd, years = last_years(measures, MEAN_YEARS)
    id, label, unit = _RESIDUAL_IDS[2]
    if len(years) < 3:
        return Estimate.missing(id, label, unit, "fewer than three consecutive years of data")
    means = measures.pct_gdp(usd).mean()
    label = f"{_LABEL}, mean of {len(years)} years"
    return _sum_estimate(measures, id, label, means, years, "mean")


def _cumulative(measures: Measures) -> Estimate:
    usd, years = last_years(measures, CUMULATIVE_YEARS)
    id, label, unit = _RESIDUAL_IDS[3]
    if len(years) < MEAN_YEARS:
        return Estimate.missing(id, label, unit, f"fewer than {MEAN_YEARS} consecutive years of data")
    sums = 100 * usd.sum() / float(measures.gdp.reindex(years).mean())
    label = f"{_LABEL}, sum of {len(years)} years over their mean GDP"
    return _sum_estimate(measures, id, label, sums, years, "sum")


def _sum_estimate(
    measures: Measures, id: str, label: str, values: pd.Series, years: list[int], window: str
) -> Estimate:
    return Estimate(
        id,
        label,
        float(values[WORLD_BANK]),
        "pct_gdp",
        *measures.band(values, window),
        interval="range",
        method="World Bank residual over consecutive years, without interest; range as for the latest year.",
        date=f"{years[0]}/{years[-1]}",
        n_obs=len(years),
        function="cryptorisk.models.flight.measures.flight_measures",
        sources=measures.sources,
        inputs=measures.inputs,
    )


def _reason_missing(inputs: Inputs) -> str:
    debt = annual(inputs, "external_debt_usd")
    if debt.empty or all("cia_factbook" in source.lower() for source in debt.source_ids()):
        return NOT_A_REPORTER
    lacking = [
        label
        for id, label in (
            ("reserves_usd", "reserves"),
            ("current_account_usd", "the current account"),
            ("fdi_outflow_pct_gdp", "direct investment"),
            ("gdp_usd", "GDP"),
        )
        if annual(inputs, id).empty
    ]
    if lacking:
        return f"the data have no figures for {' and '.join(lacking)}"
    return "debt, direct investment, current account and reserves have no two consecutive years in common"
