"""Unrecorded capital flows as the chapter reports them: residual, hot money and their band."""

from __future__ import annotations

from typing import TypedDict

import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import Estimate, IntervalKind, format_estimate
from cryptorisk.models.flight.conventions import conventions_table
from cryptorisk.models.flight.measures import (
    ONE_MEASURE_HALF_WIDTH,
    WORLD_BANK,
    Measures,
    flight_measures,
)
from cryptorisk.models.flight.measures_table import measures_table
from cryptorisk.models.flight.other_estimates import other_estimates
from cryptorisk.models.flight.other_measures import HOT_MONEY, MORGAN, NDIKUMANA_BOYCE
from cryptorisk.models.flight.part import annual, differ
from cryptorisk.models.flight.residual_table import residual_table
from cryptorisk.models.flight.stock import stock_part
from cryptorisk.models.part import Part
from cryptorisk.result import Finding
from cryptorisk.words import listing, significance

MEAN_YEARS, CUMULATIVE_YEARS = 5, 10
STALE_YEARS = 3
"""Debt and balance-of-payments figures of a year are complete about two years later; beyond three they are
old."""
LARGE_PCT_GDP = 10.0
"""A residual beyond a tenth of GDP in a year exceeds what households and firms of most economies save: it is
read as a sign of faulty or missing records (trade in a new commodity, grants, debt relief) before it is read
as flight."""
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
            (*gone, hot, *other_estimates(measures)), residual_table(measures), _data_findings(measures, name)
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
            *_result_findings(measures, estimates, name),
            *_data_findings(measures, name),
            *_age(inputs, estimates[0], name),
            *_secret_findings(inputs, measures),
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


def _window(measures: Measures, length: int) -> tuple[pd.DataFrame, list[int]]:
    """The last consecutive years (at most ``length``) of the central measure; treatments complete in them."""
    years = [int(measures.central.index[-1])]
    while len(years) < length and years[0] - 1 in measures.central.index:
        years.insert(0, years[0] - 1)
    return measures.every().reindex(years).dropna(axis=1), years


def _mean(measures: Measures) -> Estimate:
    usd, years = _window(measures, MEAN_YEARS)
    id, label, unit = _RESIDUAL_IDS[2]
    if len(years) < 3:
        return Estimate.missing(id, label, unit, "fewer than three consecutive years of data")
    means = measures.pct_gdp(usd).mean()
    label = f"Capital-flight residual, mean of {len(years)} years"
    return _sum_estimate(measures, id, label, means, years, "mean")


def _cumulative(measures: Measures) -> Estimate:
    usd, years = _window(measures, CUMULATIVE_YEARS)
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
            "Minus the errors and omissions, as published or else implied by current account, financial account and "
            "change in reserves (then with the capital account, which the data lack); the range covers both records of "
            "the current account where there are two, a revaluation of up to half of the reserves, and short-term "
            "private capital where the bank gives it."
        ),
        date=str(frame.index[-1]),
        function="cryptorisk.models.flight.measures.flight_measures",
        sources=measures.sources,
        inputs=(
            "financial_account_excl_reserves_net_usd",
            "net_errors_omissions_usd",
            "reserve_transactions_usd",
            "short_term_private_net_inflow_usd",
            "current_account_usd",
            "reserves_usd",
            "gdp_usd",
        ),
    )


def _result_findings(measures: Measures, estimates: tuple[Estimate, ...], name: str) -> tuple[Finding, ...]:
    latest, usd, mean, cumulative = estimates
    amount = usd.with_(value=abs(usd.value or 0.0), low=None, high=None)
    where = significance(latest)
    every = measures.every()
    of_year: pd.Series = every.loc[[int(latest.date)]].iloc[0].dropna()
    alone = measures.single(of_year)
    alone_in_mean = measures.single(_window(measures, MEAN_YEARS)[0].mean())
    agree = where == significance(mean) == "above" and not (alone or alone_in_mean)
    if where == "above":
        text = (
            f"In {latest.date} the recorded sources of foreign exchange of {name} exceeded the recorded "
            f"uses by {format_estimate(latest)}, about {amount:value}: an unrecorded net outflow {_told(alone, of_year)}."
        )
    elif where == "below":
        text = (
            f"In {latest.date} the recorded uses of foreign exchange of {name} exceeded the recorded "
            f"sources: the residual is {format_estimate(latest)}, a reversal of about {amount:value} "
            f"(money that came in unrecorded, or inflows that the measure does not count, such as "
            f"portfolio equity and capital grants), {_told(alone, of_year)}."
        )
    else:
        who = "the data do not tell" if alone else "the measures do not agree on"
        text = (
            f"For {latest.date} {who} the sign of the unrecorded capital "
            f"flows: the World Bank residual is {format_estimate(latest)}{', one measure only' if alone else ''}."
        )
    findings = [
        Finding(
            "flight.residual_latest",
            text,
            # One measure, and its own assumptions, cannot confirm itself.
            "warning" if agree else "notice",
            estimates=(latest.id, usd.id),
        )
    ]
    if abs(latest.value or 0.0) > LARGE_PCT_GDP:
        text = (
            f"A residual of {latest:value} is too large to be read as capital flight alone: trade, grants, "
            f"debt relief or the stocks themselves are probably recorded in part only."
        )
        findings.append(Finding("flight.residual_size", text, "notice", "caveat", (latest.id,)))
    if mean.available:
        _usd, years = _window(measures, MEAN_YEARS)
        positive = int((measures.central.reindex(years) > 0).sum())
        text = (
            f"Over {years[0]} to {years[-1]} the residual averages {format_estimate(mean)} a year and was "
            f"an outflow in {count_of(positive, len(years))} years."
        )
        if cumulative.available:
            first = cumulative.date.split("/", 1)[0]
            text += f" Added up since {first}, without interest, it comes to {format_estimate(cumulative)}."
        findings.append(Finding("flight.residual_mean", text, "info", estimates=(mean.id, cumulative.id)))
    return tuple(findings)


def _told(alone: bool, values: pd.Series) -> str:
    """By which measures a sign holds."""
    further = [name for name in (MORGAN, NDIKUMANA_BOYCE) if name in values.index]
    if further:
        hot = [f"{HOT_MONEY.lower()} (errors and omissions)"] if HOT_MONEY in values.index else []
        return f"on all measures, {listing([f'the {WORLD_BANK}', *hot, *further])}"
    if alone:
        return "on the World Bank residual, the one measure that the data allow"
    return "on both measures, the World Bank residual and hot money (errors and omissions)"


def count_of(some: int, every: int) -> str:
    """``none of the five``, ``two of the five``, ``all five``."""
    if some == every:
        return f"all {_word(every)}"
    return f"{_word(some) if some else 'none'} of the {_word(every)}"


def _word(value: int) -> str:
    words = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return words[value] if value < len(words) else str(value)


def _secret_findings(inputs: Inputs, measures: Measures) -> tuple[Finding, ...]:
    """Which of the bank's figures the residual leaves out."""
    left_out = sorted(inputs.confidential & set(measures.inputs))
    if not left_out or measures.usd.empty:
        return ()
    text = (
        f"The residual leaves out the confidential figures of the bank ({', '.join(left_out)}) and uses public ones: "
        "a sum with public figures would give them away."
    )
    return (Finding("flight.residual_public", text, "info", "data", ("flight.residual_pct_gdp",)),)


def _data_findings(measures: Measures, name: str) -> tuple[Finding, ...]:
    if measures.has_bop or measures.usd.empty:
        return ()
    text = (
        f"The data have no balance-of-payments financial account for {name}: direct investment is taken "
        f"from inflow and outflow in percent of GDP, the current account from the World Economic Outlook, "
        "and the hot-money measure is not available: the residual is one measure only."
    )
    return (Finding("flight.no_bop", text, "info", "data", ("flight.residual_pct_gdp",)),)


def _age(inputs: Inputs, latest: Estimate, name: str) -> tuple[Finding, ...]:
    if inputs.as_of.year - int(latest.date) <= STALE_YEARS:
        return ()
    text = f"The figures behind the capital-flight residual of {name} end in {latest.date}."
    return (Finding("flight.residual_stale", text, "notice", "data", (latest.id,)),)


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
