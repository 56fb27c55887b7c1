"""Broad money: what could be moved at all, in percent of GDP, in dollars, against reserves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from cryptorisk.estimate import DataClass, Estimate
from cryptorisk.models.flight.amount import Amount
from cryptorisk.models.flight.broad_money import broad_money_at
from cryptorisk.models.flight.part import CONFIDENTIAL, annual, differ, guarded, merge_sources, sourced
from cryptorisk.models.flight.position import latest_reserves

if TYPE_CHECKING:
    from cryptorisk.data.inputs import Inputs, Observation

LARGEST_BROAD_MONEY_PCT_GDP = 600.0
"""Hong Kong, the world's highest, stands near 460 % of GDP; a figure above 600 % mixes currency units, as for
Zimbabwe around its redenominations."""

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
        method=sourced((pct.source,)),
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
    return (shown, *_amounts(inputs, pct, label_usd, label_one))


def _amounts(inputs: Inputs, pct: Observation, label: str, label_one: str) -> tuple[Estimate, Estimate]:
    """Broad money in dollars, and one percent of it against reserves, as the chapter on capital flight has them."""
    id, id_one = "substitution.broad_money_usd", "substitution.one_pct_of_broad_money"
    year, gdp = pd.Timestamp(pct.date).year, annual(inputs, "gdp_usd")
    reserves, _date, why = latest_reserves(inputs)
    amount = broad_money_at(inputs, reserves.year, gdp) if reserves else None
    at = reserves.year if reserves and amount else year
    if amount is None and years_old(inputs, pct) <= OLDEST_AMOUNT_YEARS + 1:
        amount = broad_money_at(inputs, year, gdp)
    if amount is None:
        reason = f"no GDP in US dollars for {year}, or broad money of {year} is too old for an amount"
        return Estimate.missing(id, label, "usd", reason), Estimate.missing(
            id_one, label_one, "pct_reserves", reason
        )
    money = _ranged(id, label, "usd", amount, at, pct.data_class).with_(method=_METHOD)
    if reserves is None or reserves.year != at:
        reason = (
            why
            or f"broad money of {year} is too old to be set against reserves of {reserves and reserves.year}"
        )
        one = Estimate.missing(id_one, label_one, "pct_reserves", reason)
    else:
        part = amount.scaled(1 / reserves.value)
        part = replace(
            part,
            sources=merge_sources(part.sources, reserves.sources),
            inputs=(*part.inputs, *reserves.inputs),
        )
        one = _ranged(id_one, label_one, "pct_reserves", part, at, pct.data_class).with_(
            method="Arithmetic: one percent of broad money over official reserves, both at the end of the year."
        )
    return guarded(money, inputs.confidential), guarded(one, inputs.confidential)


_METHOD = (
    "Broad money in percent of GDP times GDP in US dollars, at December's official exchange rate; the range has the drift "
    "of a ratio that is brought forward (nine tenths of such ratios of all economies)."
)


def _ranged(id: str, label: str, unit: str, amount: Amount, year: int, data_class: DataClass) -> Estimate:
    """An amount with its range; modelled where it has one or its ratio to GDP is of another year."""
    ranged = differ(amount.low, amount.high)
    return Estimate(
        id,
        label,
        amount.value,
        unit,
        amount.low if ranged else None,
        amount.high if ranged else None,
        data_class="modelled" if ranged or amount.year != year else data_class,
        interval="range" if ranged else "none",
        date=str(year),
        sources=amount.sources,
        inputs=amount.inputs,
        function="cryptorisk.models.flight.broad_money.broad_money_at",
        note=amount.note,
    )


def unusable(inputs: Inputs, pct: Observation | None) -> str:
    """Why broad money cannot be used; empty when it can."""
    if pct is None:
        return "the data have no broad money for this economy"
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
