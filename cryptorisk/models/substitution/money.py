"""Broad money: what could be moved at all, in percent of GDP, in dollars, against reserves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from cryptorisk.estimate import Estimate
from cryptorisk.models.flight.part import CONFIDENTIAL, guarded

if TYPE_CHECKING:
    from cryptorisk.data.inputs import Inputs, Observation

LARGEST_BROAD_MONEY_PCT_GDP = 600.0
"""Hong Kong, the world's highest, stands near 460 % of GDP; a figure above 600 % mixes currency units, as for
Zimbabwe around its redenominations."""

YEARS_BACK = 3
"""Reserves and broad money are set against each other in the latest of these years that has both."""

OLDEST_SHARE_YEARS = 10
"""Broad money in percent of GDP moves slowly and is shown, with its age, for up to ten years."""

OLDEST_AMOUNT_YEARS = 5
"""An amount in dollars is not: five years can halve or double it."""


def broad_money(inputs: Inputs) -> tuple[Estimate, ...]:
    """Broad money in percent of GDP and in dollars, and one percent of it against reserves."""
    pct = inputs.latest("broad_money_pct_gdp")
    label_pct, label_usd = "Broad money", "Broad money in US dollars"
    label_one = "One percent of broad money, in percent of reserves"
    refused = unusable(inputs, pct)
    if pct is None or refused:
        return (
            Estimate.missing("substitution.broad_money_pct_gdp", label_pct, "pct_gdp", refused),
            Estimate.missing("substitution.broad_money_usd", label_usd, "usd", refused),
            Estimate.missing("substitution.one_pct_of_broad_money", label_one, "pct_reserves", refused),
        )
    year = pd.Timestamp(pct.date).year
    own = "broad_money_pct_gdp" in inputs.confidential
    share = Estimate(
        "substitution.broad_money_pct_gdp",
        label_pct,
        pct.value,
        "pct_gdp",
        data_class=pct.data_class,
        method="Sourced figure.",
        date=str(year),
        sources=(pct.source,),
        inputs=("broad_money_pct_gdp",),
        function="cryptorisk.models.substitution.money.broad_money",
        note=_age(inputs, pct),
    )
    shown = (
        share
        if not own
        else Estimate.missing(
            share.id, label_pct, "pct_gdp", CONFIDENTIAL, date=str(year), sources=(pct.source,)
        )
    )
    gdp = inputs.at("gdp_usd", year)
    if gdp is None or years_old(inputs, pct) > OLDEST_AMOUNT_YEARS + 1:
        reason = (
            f"no GDP in US dollars for {year}, the year of broad money"
            if gdp is None
            else f"the latest broad money is of {year}, too old for an amount"
        )
        return (
            shown,
            Estimate.missing("substitution.broad_money_usd", label_usd, "usd", reason),
            Estimate.missing("substitution.one_pct_of_broad_money", label_one, "pct_reserves", reason),
        )
    usd = pct.value / 100 * gdp.value
    money = share.with_(
        id="substitution.broad_money_usd",
        label=label_usd,
        value=usd,
        unit="usd",
        method="Broad money in percent of GDP times GDP in US dollars of the same year.",
        sources=tuple(sorted({pct.source, gdp.source})),
        inputs=("broad_money_pct_gdp", "gdp_usd"),
    )
    return (
        shown,
        guarded(money, inputs.confidential),
        guarded(_one_percent(inputs, year, label_one), inputs.confidential),
    )


def _one_percent(inputs: Inputs, year: int, label: str) -> Estimate:
    """One percent of broad money over reserves, in the latest year that has all three figures."""
    id = "substitution.one_pct_of_broad_money"
    for candidate in range(year, year - YEARS_BACK, -1):
        pct, gdp, reserves = (
            inputs.at(series, candidate) for series in ("broad_money_pct_gdp", "gdp_usd", "reserves_usd")
        )
        if pct is None or gdp is None or reserves is None or reserves.value <= 0:
            continue
        return Estimate(
            id,
            label,
            pct.value / 100 * gdp.value / reserves.value,
            "pct_reserves",
            data_class=pct.data_class,
            method="Arithmetic: one percent of broad money over official reserves of the same year.",
            date=str(candidate),
            sources=tuple(sorted({pct.source, gdp.source, reserves.source})),
            inputs=("broad_money_pct_gdp", "gdp_usd", "reserves_usd"),
            function="cryptorisk.models.substitution.money.broad_money",
            note=_age(inputs, pct),
        )
    reason = f"no year from {year - YEARS_BACK + 1} to {year} has broad money, GDP and reserves"
    return Estimate.missing(id, label, "pct_reserves", reason)


def unusable(inputs: Inputs, pct: Observation | None) -> str:
    """Why broad money cannot be used; empty when it can."""
    if pct is None:
        return "the embedded data have no broad money for this economy"
    if not 0 < pct.value <= LARGEST_BROAD_MONEY_PCT_GDP:
        size = "" if "broad_money_pct_gdp" in inputs.confidential else f" of {pct.value:.0f} % of GDP"
        return f"the figure{size} for {pct.date:%Y} mixes currency units"
    if years_old(inputs, pct) > OLDEST_SHARE_YEARS:
        return f"the latest figure is of {pct.date:%Y}"
    return ""


def years_old(inputs: Inputs, observation: Observation) -> float:
    """Years between the end of a figure's period and the report's date."""
    return float((pd.Timestamp(inputs.as_of) - pd.Timestamp(observation.date)).days) / 365.25


def _age(inputs: Inputs, observation: Observation) -> str:
    age = int(years_old(inputs, observation))
    return f"{age} years before the report's date." if age >= 2 else ""
