"""What the chapter says of unrecorded capital flows: sign, size, age, and what the measures lack."""

from __future__ import annotations

import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import Estimate, format_estimate
from cryptorisk.models.flight.measures import WORLD_BANK, Measures
from cryptorisk.models.flight.other_measures import HOT_MONEY, MORGAN, NDIKUMANA_BOYCE
from cryptorisk.models.flight.residual_window import MEAN_YEARS, last_years
from cryptorisk.result import Finding
from cryptorisk.words import listing, significance

STALE_YEARS = 3
"""Debt and balance-of-payments figures of a year are complete about two years later; beyond three they are
old."""
LARGE_PCT_GDP = 10.0
"""A residual beyond a tenth of GDP in a year exceeds what households and firms of most economies save: it is
read as a sign of faulty or missing records (trade in a new commodity, grants, debt relief) before it is read
as flight."""


def result_findings(measures: Measures, estimates: tuple[Estimate, ...], name: str) -> tuple[Finding, ...]:
    """Sign and size of the latest year and of the mean; a residual too large to be flight alone is said to be so."""
    latest, usd, mean, cumulative = estimates
    amount = usd.with_(value=abs(usd.value or 0.0), low=None, high=None)
    where = significance(latest)
    every = measures.every()
    of_year: pd.Series = every.loc[[int(latest.date)]].iloc[0].dropna()
    alone = measures.single(of_year)
    alone_in_mean = measures.single(last_years(measures, MEAN_YEARS)[0].mean())
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
        _usd, years = last_years(measures, MEAN_YEARS)
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


def secret_findings(inputs: Inputs, measures: Measures) -> tuple[Finding, ...]:
    """Which of the bank's figures the residual leaves out."""
    left_out = sorted(inputs.confidential & set(measures.inputs))
    if not left_out or measures.usd.empty:
        return ()
    text = (
        f"The residual leaves out the confidential figures of the bank ({', '.join(left_out)}) and uses public ones: "
        "a sum with public figures would give them away."
    )
    return (Finding("flight.residual_public", text, "info", "data", ("flight.residual_pct_gdp",)),)


def data_findings(measures: Measures, name: str) -> tuple[Finding, ...]:
    """That the residual stands on one measure, where there is no financial account."""
    if measures.has_bop or measures.usd.empty:
        return ()
    text = (
        f"The data have no balance-of-payments financial account for {name}: direct investment is taken "
        f"from inflow and outflow in percent of GDP, the current account from the World Economic Outlook, "
        "and the hot-money measure is not available: the residual is one measure only."
    )
    return (Finding("flight.no_bop", text, "info", "data", ("flight.residual_pct_gdp",)),)


def age_findings(inputs: Inputs, latest: Estimate, name: str) -> tuple[Finding, ...]:
    """That the figures behind the residual are older than `STALE_YEARS`."""
    if inputs.as_of.year - int(latest.date) <= STALE_YEARS:
        return ()
    text = f"The figures behind the capital-flight residual of {name} end in {latest.date}."
    return (Finding("flight.residual_stale", text, "notice", "data", (latest.id,)),)
