"""Sentences of the monthly section, each by rule."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from cryptorisk.estimate import Estimate, number
from cryptorisk.models.volumes.fit import VolumesFit, short_period
from cryptorisk.models.volumes.monthly import Monthly
from cryptorisk.result import Finding, Result, Severity
from cryptorisk.words import clause, inside

Numbers = Mapping[str, Estimate]


def monthly_findings(
    found: Monthly | str, fitted: VolumesFit, market: Result, numbers: Numbers
) -> list[Finding]:
    """All findings of the section."""
    if isinstance(found, str):
        text = f"No monthly path and no year ahead can be given: {inside(found)}."
        return [Finding("volumes.no_months", text, "notice", "data", ("volumes.region_nowcast_usd",))]
    all_of_them = [
        _nowcast(found, fitted, numbers),
        _not_observed(found, fitted),
        _index(found),
        _late(found),
        _refused(market),
        _coins(found),
    ]
    return [finding for finding in all_of_them if finding is not None]


def _nowcast(found: Monthly, fitted: VolumesFit, numbers: Numbers) -> Finding | None:
    """That nothing is known after the last published year, what the method gives, and how it did on a known year."""
    region, here = numbers["region_nowcast_usd"], numbers["country_nowcast_usd"]
    last = found.years[-1] + 1
    text = f"No figure after June {last} exists: the sources have none of any region or country."
    if not region.available:
        return Finding("volumes.nowcast", text, "info", "result")
    name = fitted.country.name_in_sentence
    also = f", and {clause(here)} for {name}" if here.available else ""
    text = (
        f"{text} Carried on with market activity, which is observed to {found.last_observed:%B %Y}, last year's figures "
        f"give {clause(region)} for {fitted.region_name}{also} in the twelve months to June {last + 1}. "
        f"{_direction(region, float(found.region.annual[-1]))}{_hidden(found)}"
    )
    ids = tuple(one.id for one in (region, here) if one.available)
    return Finding("volumes.nowcast", text, "info", "result", ids)


def _direction(region: Estimate, before: float) -> str:
    low, high = region.low or 0.0, region.high or 0.0
    if low > before:
        return "All of the interval lies above the year before: by this method the region's volume rose."
    if high < before:
        return "All of the interval lies below the year before: by this method the region's volume fell."
    return "The interval holds the figure of the year before: rise and fall are both possible."


def _hidden(found: Monthly) -> str:
    """How the world's last annual figure compares with its own forecast from the years before."""
    if found.hold_out is None:
        return ""
    error, half = found.hold_out
    missed, most = percent_of(error), percent_of(half if error >= 0 else -half)
    side = "above" if error >= 0 else "below"
    kept = "within" if abs(error) <= half else "beyond"
    asked = f" Asked in this way for {short_period(found.years[-1])} from the years before,"
    if abs(missed) <= BADLY:
        return (
            f"{asked} it came within {number(abs(missed), 0)} % of the world's figure, {kept} its interval."
        )
    return (
        f"{asked} the method did badly: the world's figure came out {number(abs(missed), 0)} % {side} its answer, {kept} an "
        f"interval that reached {number(abs(most), 0)} % {side} it."
    )


BADLY = 25.0
"""Percent from which a miss is called bad: a quarter is what the vendor's own restatements reach."""


def percent_of(log_change: float) -> float:
    """A difference of logarithms as a percentage change."""
    return 100 * math.expm1(log_change)


def _not_observed(found: Monthly, fitted: VolumesFit) -> Finding:
    text = (
        f"No month of {fitted.region_name} or {fitted.country.name_in_sentence} was ever observed. The monthly path adds up "
        "to annual figures in the terms of the vendor's last report, which are themselves estimates, and "
        f"takes its shape from the {inside(found.reading.label)}. A path made backwards is no observation: it "
        "is not scored, and nothing should be estimated from it."
    )
    return Finding("volumes.months_not_observed", text, "info", "caveat", ("volumes.region_nowcast_usd",))


def _index(found: Monthly) -> Finding:
    errors, link = found.link.left_out, found.link
    text = (
        f"Over {len(found.years) - 1} annual changes of the world, like for like, the method erred by "
        f"{number(percent_of(errors[link.kind]), 0)} % typically, and saying that nothing changes by "
        f"{number(percent_of(errors['none']), 0)} %. So few changes are weak evidence at best: what market activity says of "
        "a year without a published figure is little, and the interval is wide for that reason."
    )
    missed = found.hold_out is not None and abs(found.hold_out[0]) > found.hold_out[1]
    severity: Severity = "notice" if missed else "info"
    return Finding("volumes.index_knows_little", text, severity, "caveat", ("volumes.index_elasticity",))


def _late(found: Monthly) -> Finding | None:
    as_of = pd.Timestamp(found.as_of)
    late = 12 * (as_of.year - found.last_observed.year) + as_of.month - found.last_observed.month
    if late < 2:
        return None
    text = (
        f"Market activity is observed to {found.last_observed:%B %Y}, so that the month of this report is month {late} of "
        "the forecast."
        if late <= int(np.sum(found.ahead))
        else f"Market activity is observed to {found.last_observed:%B %Y}, and its forecast ends before the month of this "
        "report."
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
