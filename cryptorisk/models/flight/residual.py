"""Unrecorded capital flows as the chapter reports them: residual, hot money and their band."""

from __future__ import annotations

from typing import TypedDict

import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import Estimate, IntervalKind
from cryptorisk.models.flight.conventions import conventions_table
from cryptorisk.models.flight.measures import (
    ONE_MEASURE_HALF_WIDTH,
    WORLD_BANK,
    Measures,
    flight_measures,
)
from cryptorisk.models.flight.measures_table import measures_table
from cryptorisk.models.flight.other_estimates import other_estimates
from cryptorisk.models.flight.other_measures import ACCOUNT, HOT_MONEY
from cryptorisk.models.flight.part import annual, differ
from cryptorisk.models.flight.residual_findings import (
    age_findings,
    data_findings,
    result_findings,
    secret_findings,
)
from cryptorisk.models.flight.residual_table import residual_table
from cryptorisk.models.flight.residual_window import CUMULATIVE_YEARS, MEAN_YEARS, last_years
from cryptorisk.models.flight.stock import stock_part
from cryptorisk.models.part import Part

NOT_A_REPORTER = (
    "the economy does not report its external debt to the World Bank's debtor statistics, and the residual "
    "is defined on them"
)


def residual_part(inputs: Inputs, name: str) -> Part:
    """Estimates, tables and findings on unrecorded capital flows and the stock that they add up to.

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
    hot = _hot_money_estimate(measures)
    if measures.central.empty:
        reason = _reason_missing(inputs)
        gone = tuple(Estimate.missing(id, label, unit, reason) for id, label, unit in _RESIDUAL_IDS)
        return Part(
            (*gone, hot, *other_estimates(measures)), residual_table(measures), data_findings(measures, name)
        )
    estimates = (
        _latest(measures, "pct_gdp"),
        _latest(measures, "usd"),
        _mean(measures),
        _cumulative(measures),
    )
    return Part(
        (*estimates, hot, *other_estimates(measures)),
        residual_table(measures),
        (
            *result_findings(measures, estimates, name),
            *data_findings(measures, name),
            *age_findings(inputs, estimates[0], name),
            *secret_findings(inputs, measures),
        ),
    )


_RESIDUAL_IDS = (
    ("flight.residual_pct_gdp", "Capital-flight residual, latest year", "pct_gdp"),
    ("flight.residual_usd", "Capital-flight residual, latest year", "usd"),
    ("flight.residual_mean_pct_gdp", f"Capital-flight residual, mean of {MEAN_YEARS} years", "pct_gdp"),
    (
        "flight.residual_cumulative_pct_gdp",
        f"Capital-flight residual, sum of {CUMULATIVE_YEARS} years",
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
        "Capital-flight residual, latest year",
        factor * float(row[WORLD_BANK]),
        unit,
        **_span(low, high),
        method=(
            "World Bank residual: change in external debt + net direct investment inflow + current "
            "account - change in reserves; positive is an unrecorded outflow; the range covers hot money "
            "(where the balance of payments is at hand), what the bank's own series allow, both records of direct "
            "investment and of the current "
            "account where there are two, and a revaluation of up to half of debt and reserves."
        ),
        date=str(year),
        note="Errors and omissions of all items fall into a residual; a negative one is a reversal."
        + _one_measure(measures, row, "year"),
        function="cryptorisk.models.flight.measures.flight_measures",
        sources=measures.sources,
        inputs=measures.inputs,
    )


class _Span(TypedDict, total=False):
    low: float
    high: float
    interval: IntervalKind


def _one_measure(measures: Measures, values: pd.Series, window: str) -> str:
    """What a note adds where the band rests on one measure."""
    if not measures.single(values):
        return ""
    return (
        f" One measure only: its band is at least {ONE_MEASURE_HALF_WIDTH[window]:g} % of GDP either side, as is "
        "typical of economies with every measure."
    )


def _span(low: float, high: float) -> _Span:
    """A band as an estimate takes it; nothing where its ends are one."""
    return {"low": low, "high": high, "interval": "range"} if differ(low, high) else {}


def _mean(measures: Measures) -> Estimate:
    usd, years = last_years(measures, MEAN_YEARS)
    id, label, unit = _RESIDUAL_IDS[2]
    if len(years) < 3:
        return Estimate.missing(id, label, unit, "fewer than three consecutive years of data")
    means = measures.pct_gdp(usd).mean()
    label = f"Capital-flight residual, mean of {len(years)} years"
    return _sum_estimate(measures, id, label, means, years, "mean")


def _cumulative(measures: Measures) -> Estimate:
    usd, years = last_years(measures, CUMULATIVE_YEARS)
    id, label, unit = _RESIDUAL_IDS[3]
    if len(years) < MEAN_YEARS:
        return Estimate.missing(id, label, unit, f"fewer than {MEAN_YEARS} consecutive years of data")
    sums = 100 * usd.sum() / float(measures.gdp.reindex(years).mean())
    label = f"Capital-flight residual, sum of {len(years)} years over their mean GDP"
    return _sum_estimate(measures, id, label, sums, years, "sum")


def _sum_estimate(
    measures: Measures, id: str, label: str, values: pd.Series, years: list[int], window: str
) -> Estimate:
    return Estimate(
        id,
        label,
        float(values[WORLD_BANK]),
        "pct_gdp",
        **_span(*measures.band(values, window)),
        method="World Bank residual over consecutive years, without interest; range as for the latest year.",
        date=f"{years[0]}/{years[-1]}",
        n_obs=len(years),
        note=_one_measure(measures, values, window).strip(),
        function="cryptorisk.models.flight.measures.flight_measures",
        sources=measures.sources,
        inputs=measures.inputs,
    )


def _hot_money_estimate(measures: Measures) -> Estimate:
    id, label = "flight.hot_money_pct_gdp", "Hot-money measure, latest year"
    frame = measures.pct_gdp(measures.hot_money).dropna(how="all")
    if frame.empty:
        reason = "the data have no balance-of-payments financial account for this economy"
        if measures.has_bop:
            reason = "reserves, current account and financial account have no common year"
        return Estimate.missing(id, label, "pct_gdp", reason)
    row: pd.Series = frame.iloc[-1].dropna()
    return Estimate(
        id,
        label,
        float(row[HOT_MONEY]),
        "pct_gdp",
        **_span(float(row.min()), float(row.max())),
        method=(
            "Minus the errors and omissions, as published or else implied by current account, financial account "
            "(direct, portfolio and other investment and derivatives, so that credit from the IMF is recorded) and "
            "change in reserves (then with the capital account, which the data lack); the range covers both records of "
            "the current account where there are two, a revaluation of up to half of the reserves, and short-term "
            "private capital where the bank gives it."
        ),
        date=str(frame.index[-1]),
        function="cryptorisk.models.flight.measures.flight_measures",
        sources=measures.sources,
        inputs=(
            *ACCOUNT,
            "net_errors_omissions_usd",
            "reserve_transactions_usd",
            "short_term_private_net_inflow_usd",
            "current_account_usd",
            "reserves_usd",
            "gdp_usd",
        ),
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
