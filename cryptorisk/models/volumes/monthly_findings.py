"""Sentences of the monthly section, each by rule."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cryptorisk.estimate import Estimate, number
from cryptorisk.models.market.activity import USD
from cryptorisk.models.volumes.fit import VolumesFit, short_period
from cryptorisk.models.volumes.monthly import Monthly
from cryptorisk.result import Finding, Result, Severity
from cryptorisk.stats.forecast_choice import SIGNIFICANCE
from cryptorisk.stats.forecast_evaluation import BENCHMARK
from cryptorisk.words import clause, inside

Numbers = Mapping[str, Estimate]
COVERAGE_MARGIN = 10.0
"""Percentage points by which coverage must miss its nominal value before the sentence says so."""


def monthly_findings(
    found: Monthly | str, fitted: VolumesFit, market: Result, numbers: Numbers
) -> list[Finding]:
    """All findings of the section."""
    if isinstance(found, str):
        text = f"No monthly path and no year ahead can be given: {inside(found)}."
        return [Finding("volumes.no_months", text, "warning", "data", ("volumes.region_nowcast_usd",))]
    all_of_them = [
        _nowcast(found, fitted, numbers),
        _accuracy(market, fitted.level),
        _not_observed(found, fitted),
        _index(found),
        _late(found),
        _refused(market),
        _coins(found),
    ]
    return [finding for finding in all_of_them if finding is not None]


def _nowcast(found: Monthly, fitted: VolumesFit, numbers: Numbers) -> Finding | None:
    region, here = numbers["region_nowcast_usd"], numbers["country_nowcast_usd"]
    if not region.available:
        return None
    country = f" and {clause(here)} for {fitted.country.name_in_sentence}" if here.available else ""
    text = (
        f"Carried on with the index of activity, last year's figures give {clause(region)} for {fitted.region_name}"
        f"{country} in the twelve months to June {found.years[-1] + 2}; the vendor's own figures for them are "
        "not among the sources."
    )
    direction = _direction(region, float(found.region.annual[-1]), fitted.region_name)
    ids = tuple(one.id for one in (region, here) if one.available)
    return Finding("volumes.nowcast", f"{text} {direction}", "notice", "result", ids)


def _direction(region: Estimate, before: float, name: str) -> str:
    low, high = region.low or 0.0, region.high or 0.0
    if low > before:
        return f"All of the interval lies above the year before: the volume of {name} rose."
    if high < before:
        return f"All of the interval lies below the year before: the volume of {name} fell."
    return "The interval holds the figure of the year before: whether the volume rose or fell cannot be told."


def _accuracy(market: Result, level: float) -> Finding | None:
    frame = market.tables["accuracy"].frame
    rows = frame[frame["target"] == USD]
    if rows.empty:
        return None
    used = rows[rows["used"] == "yes"].iloc[0]
    ids = ("volumes.region_forecast_usd",)
    if used["candidate"] == BENCHMARK:
        text = (
            "The index is forecast by no change: the mean of all candidates erred no less over the months that could be "
            "checked, and no candidate erred significantly less."
        )
        return Finding("volumes.forecast_accuracy", text, "notice", "result", ids)
    verdict = (
        "which is less than chance alone would explain"
        if used["p_value"] < SIGNIFICANCE
        else "which is not distinguishable from it"
    )
    text = (
        f"The index is forecast by the {inside(str(used['label']))}; its error over one to twelve months was "
        f"{number(used['relative'], 2)} times that of no change, {verdict} (p = {number(used['p_value'], 2)}). "
        f"{number(used['coverage'], 0)} % of the outcomes lay inside the {number(100 * level, 0)} % interval that was "
        f"possible at the time{_width(float(used['coverage']), 100 * level)}."
    )
    return Finding("volumes.forecast_accuracy", text, "notice", "result", ids)


def _width(coverage: float, nominal: float) -> str:
    """What coverage says of the interval's width; overlapping months make differences of less than the margin common."""
    if abs(coverage - nominal) <= COVERAGE_MARGIN:
        return ""
    return ", which was wider than it had to be" if coverage > nominal else ", which was too narrow"


def _not_observed(found: Monthly, fitted: VolumesFit) -> Finding:
    text = (
        f"No month of {fitted.region_name} or {fitted.country.name_in_sentence} was ever observed. The monthly path adds up "
        "to annual figures in the terms of the vendor's last report, which are themselves reconciled or allocated, and "
        f"takes its shape from the {inside(found.reading.label)}. A path made backwards is no observation: it "
        "is not scored, and nothing should be estimated from it."
    )
    return Finding("volumes.months_not_observed", text, "notice", "caveat", ("volumes.region_nowcast_usd",))


def _index(found: Monthly) -> Finding:
    errors, link = found.link.left_out, found.link
    text = (
        f"The index with its elasticity missed the world's annual changes, like for like, by "
        f"{number(100 * errors[link.kind], 0)} log %, no change by {number(100 * errors['none'], 0)}. With "
        f"{len(found.years) - 1} changes the difference is weak evidence at best: what the index says of a year without "
        "a published figure is little, and the interval is wide for that reason."
        f"{_hidden(found)}"
    )
    missed = found.hold_out is not None and abs(found.hold_out[0]) > found.hold_out[1]
    severity: Severity = "notice" if missed else "info"
    return Finding("volumes.index_knows_little", text, severity, "caveat", ("volumes.index_elasticity",))


def _hidden(found: Monthly) -> str:
    """How the last annual figure compares with its own forecast from the years before."""
    if found.hold_out is None:
        return ""
    error, half = found.hold_out
    where = "inside" if abs(error) <= half else "outside"
    return (
        f" Asked for the world's change to {short_period(found.years[-1])} from the years before, it missed by "
        f"{number(100 * abs(error), 0)} log %, {where} the interval that it then gave, {number(100 * half, 0)} either way."
    )


def _late(found: Monthly) -> Finding | None:
    as_of = pd.Timestamp(found.as_of)
    late = 12 * (as_of.year - found.last_observed.year) + as_of.month - found.last_observed.month
    if late < 2:
        return None
    text = (
        f"The index ends in {found.last_observed:%B %Y}, so that the month of this report is month {late} of the forecast."
        if late <= int(np.sum(found.ahead))
        else f"The index ends in {found.last_observed:%B %Y}, and its forecast before the month of this report."
    )
    return Finding("volumes.index_late", text, "notice", "data", ("volumes.region_forecast_usd",))


def _refused(market: Result) -> Finding | None:
    frame = market.tables["choices"].frame
    refused = frame[frame["refused"] != ""]
    if refused.empty:
        return None
    reasons = {
        str(reason): sorted({inside(str(label)) for label in rows["label"]})
        for reason, rows in refused.groupby("refused", sort=False)
    }
    parts = [f"{' and '.join(labels)} ({reason})" for reason, labels in reasons.items()]
    text = f"Not forecast: {'; '.join(parts)}."
    return Finding("volumes.series_not_forecast", text, "info", "data", ("volumes.region_forecast_usd",))


def _coins(found: Monthly) -> Finding | None:
    if not found.coins_reason:
        return None
    text = f"The volume contains the price, and without bitcoin's it cannot be taken out: {inside(found.coins_reason)}."
    return Finding("volumes.no_coins", text, "notice", "data", ("volumes.region_nowcast_coins",))
