"""What a reader of the chapter must be told, in sentences by rule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import pandas as pd

from cryptorisk.countries import Country
from cryptorisk.estimate import Estimate
from cryptorisk.models.substitution.sample import MonthlySample, second_market_by
from cryptorisk.models.substitution.verdict import Verdict
from cryptorisk.params import Params
from cryptorisk.result import Finding
from cryptorisk.words import clause, significance

if TYPE_CHECKING:
    from cryptorisk.data.inputs import Inputs

HIGH_INFLATION_PCT = 40.0
"""Twelve-month inflation from which Reinhart and Rogoff (2004, Quarterly Journal of Economics 119(1)) class a
currency as freely falling. The vintage's latest inflation is an average of the calendar year, which is not their
twelve-month rule: the level is borrowed, the class is not given."""

UNINFORMATIVE_POINTS = 75.0
"""An interval of the share wider than this says next to nothing about a quantity between 0 and 100 %."""

DISAGREE_POINTS = 10.0
"""Two versions of the share further apart than this are both named."""

STALE_MONTHS = 12
"""Monthly prices appear within two or three months; a sample that ends a year before the report misses a year of
savers' experience at the headline horizon."""

OLD_PREMIUM_MONTHS = 24
"""A premium two years old is a fact about the data: controls and regimes behind it have changed, as Argentina's did."""


def result_findings(
    economy: Country, params: Params, estimates: Mapping[str, Estimate], verdict: Verdict, as_of: dt.date
) -> tuple[Finding, ...]:
    """Findings on the share, the gap, inflation, the premium, the displacement scenario."""
    share, unforeseen = estimates["substitution.mvp_share"], estimates["substitution.mvp_share_surprise"]
    found = [_with_annual(_share(economy, params, share, unforeseen, verdict), estimates, as_of)]
    gap = estimates["substitution.gap"]
    if gap.available:
        found.append(_gap(gap, estimates))
    inflation = estimates["substitution.inflation"]
    if inflation.value is not None and inflation.value >= HIGH_INFLATION_PCT:
        text = (
            f"High inflation: {inflation:value} in {inflation.date}, on the average of the year. The share and the "
            "seigniorage scenario suppose calmer conditions: where money loses its value this fast, much of the "
            "substitution lies behind and goes through cash that is not counted."
        )
        lost = estimates["substitution.purchasing_power_lost"]
        if lost.available and verdict.determinate:
            years = lost.date.replace("/", " to ")
            text += f" Money without interest lost {lost:value} of its purchasing power over {years}."
        found.append(
            Finding("substitution.freely_falling", text, "warning", estimates=("substitution.inflation",))
        )
    if estimates["substitution.parallel_premium"].available:
        found.append(premium_finding(estimates["substitution.parallel_premium"], as_of))
    note = estimates["substitution.depreciation"].note
    if note:
        found.append(
            Finding("substitution.later_rate", note, "warning", "data", ("substitution.depreciation",))
        )
    found.extend(_seigniorage(params, estimates))
    one = estimates["substitution.one_pct_of_broad_money"]
    if one.available:
        text = f"Each one percent of broad money that leaves equals {one:value} (figures of {one.date})."
        found.append(Finding("substitution.one_pct", text, "info", estimates=(one.id,)))
    return tuple(found)


def premium_finding(premium: Estimate, as_of: dt.date) -> Finding:
    """What the parallel dollar cost when last known; old figures say their age and are findings on the data."""
    assert premium.value is not None
    size, end = abs(premium.value), pd.Timestamp(premium.date)
    word = "more than" if premium.value >= 0 else "less than"
    how = f"cost {size:.0f} % {word}" if size >= 2 else "cost about as much as"
    months = (as_of.year - end.year) * 12 + as_of.month - end.month
    old = f" (the rates end there, {months} months before the report)" if months > STALE_MONTHS else ""
    text = f"On {premium.date} the parallel dollar {how} the official one{old}."
    kind: Literal["result", "data"] = "data" if months > OLD_PREMIUM_MONTHS else "result"
    return Finding("substitution.premium", text, "notice", kind, (premium.id,))


def _seigniorage(params: Params, estimates: Mapping[str, Estimate]) -> list[Finding]:
    risk, per = (
        estimates["substitution.seigniorage_at_risk"],
        estimates["substitution.seigniorage_per_pct_of_gdp"],
    )
    scenario = (
        f"In a scenario in which stablecoins displace {100 * params.substitution.displacement.central:g} % of base "
        "money the state forgoes"
    )
    if risk.available:
        return [
            Finding("substitution.seigniorage", f"{scenario} {risk} a year.", "notice", estimates=(risk.id,))
        ]
    if not per.available:
        return []
    ceiling = estimates["substitution.seigniorage_ceiling"]
    if ceiling.available:
        text = (
            f"{scenario} at most {ceiling} a year: base money is not in the data, and the ceiling takes all broad money "
            "for it."
        )
        return [Finding("substitution.seigniorage", text, "info", estimates=(ceiling.id, per.id))]
    text = (
        f"{scenario} {per} a year for each 1 % of GDP of base money outstanding; base money itself is not in "
        "the data."
    )
    return [Finding("substitution.seigniorage", text, "info", estimates=(per.id,))]


def _other_version(share: Estimate, unforeseen: Estimate) -> str:
    """The version on unforeseen changes, where it disagrees with the headline."""
    if share.value is None or unforeseen.value is None:
        return ""
    if abs(share.value - unforeseen.value) < DISAGREE_POINTS:
        return ""
    return f" Unforeseen changes alone give {unforeseen}: the two versions differ."


def _share(
    economy: Country, params: Params, share: Estimate, unforeseen: Estimate, verdict: Verdict
) -> Finding:
    months = params.substitution.horizon_months
    currency = {"USD": "US dollars", "EUR": "euros"}[params.substitution.reference_currency]
    if share.value is None:
        text = f"The foreign-currency share of least risk to savers cannot be given: {share.reason}."
        if verdict.kind in ("peg", "stale"):
            text += (
                " Under such a rate the risk is not that it varies but that it breaks: reserves and the premium of a "
                "parallel rate, in the chapter on capital flight, speak of that."
            )
        if verdict.kind == "sample":
            return Finding("substitution.share", text, "notice", "data", (share.id,))
        return Finding("substitution.share", text, "notice", "caveat", (share.id,))
    standing = significance(share)
    if standing == "above":
        text = (
            f"Over {months} months a saver in {economy.name_in_sentence} who wanted the least risk in local goods "
            f"would have held {share} in {currency}. It measures the incentive, not an amount that could move."
            f"{_other_version(share, unforeseen)}"
        )
        return Finding("substitution.share", text, "notice", estimates=(share.id,))
    if standing != "below" and (share.high or 0) - (share.low or 0) > UNINFORMATIVE_POINTS:
        text = (
            f"Over {months} months the sample is uninformative about the risk-minimising share of {currency}: {share}, "
            f"an interval of more than {UNINFORMATIVE_POINTS:.0f} points.{_other_version(share, unforeseen)}"
        )
        return Finding("substitution.share", text, "notice", "caveat", (share.id,))
    relation = "below zero" if standing == "below" else "not distinguishable from zero"
    high = f"{share.high or 0:.0f}".replace("-", "\u2212")
    text = (
        f"Over {months} months the risk-minimising share of {currency}, {share}, is {relation}; the sample "
        f"speaks against shares above {high} %.{_other_version(share, unforeseen)}"
    )
    return Finding("substitution.share", text, "info", estimates=(share.id,))


def _with_annual(finding: Finding, estimates: Mapping[str, Estimate], as_of: dt.date) -> Finding:
    """The share's finding with what annual averages say of later years, where the monthly sample is old."""
    share, annual = estimates["substitution.mvp_share"], estimates["substitution.mvp_share_annual"]
    if share.value is None or annual.value is None:
        return finding
    end, later = pd.Timestamp(share.date[-7:]), int(annual.date[-4:])
    if (as_of.year - end.year) * 12 + as_of.month - end.month <= STALE_MONTHS or later <= end.year:
        return finding
    relation = {
        "above": "which is above zero",
        "below": "which is below zero",
    }.get(
        significance(annual),
        "not distinguishable from zero either"
        if share.low is not None and share.low <= 0
        else "not distinguishable from zero",
    )
    text = (
        f"{finding.text} The monthly data end in {end:%Y-%m}; annual averages, which reach {later}, give {annual}, "
        f"{relation}."
    )
    return replace(finding, text=text, estimates=(*finding.estimates, annual.id))


def _gap(gap: Estimate, estimates: Mapping[str, Estimate]) -> Finding:
    """What deposits held against the share of the same year, both said: today's share is on other data."""
    actual, then = estimates["substitution.deposit_dollarisation"], estimates["substitution.mvp_share_then"]
    share = estimates["substitution.mvp_share"]
    tail = {
        "above": "savers held more than this measure of risk explains (habit, regulation, credit demand)",
        "below": "on this measure savers had an incentive to hold more",
    }.get(
        significance(gap),
        "the two cannot be told apart, and the data do not say which way the incentive pointed",
    )
    text = (
        f"In {gap.date} {clause(actual)} were in foreign currency; on data to then the share of least risk was "
        f"{clause(then)}: {tail}."
    )
    moved = (
        share.value is not None
        and then.value is not None
        and abs(share.value - then.value) >= DISAGREE_POINTS
    )
    if moved:
        text += f" On data to {share.date[-7:]} it is {share:value}."
    return Finding("substitution.gap", text, "info", estimates=(gap.id, actual.id, then.id))


def data_findings(
    inputs: Inputs, params: Params, sample: MonthlySample, period: str, verdict: Verdict
) -> tuple[Finding, ...]:
    """Findings on the sample: a second market; where it ends, which rate, breaks, when a share rests on it."""
    found = []
    end = pd.Timestamp(inputs.as_of) if sample.log_price.empty else sample.log_price.index[-1]
    second = second_market_by(inputs, end)
    if sample.rate_name == "official" and second is not None:
        coded = inputs.series("irr_dual_market_share_of_months").values.index[-1].year
        when = f"{second}, the last year coded" if second == coded else f"{second}, where the sample ends"
        text = (
            f"A second exchange market existed in {when} (Ilzetzki, Reinhart and Rogoff): the official rate may not "
            "have been the one that savers pay."
        )
        found.append(Finding("substitution.second_market", text, "warning", "data"))
    if not verdict.determinate or sample.log_price.empty:
        return tuple(found)
    months = (inputs.as_of.year - end.year) * 12 + inputs.as_of.month - end.month
    if months > STALE_MONTHS:
        text = (
            f"The monthly sample of prices and exchange rates ends in {end:%Y-%m}, {months} months before the "
            "report's date: the monthly share does not know what happened since."
        )
        found.append(Finding("substitution.stale_sample", text, "notice", "data"))
    if sample.rate_name != "official":
        text = f"The share uses the {sample.rate_name} exchange rate and not the official one ({period})."
        found.append(Finding("substitution.parallel_rate", text, "notice", "data"))
    horizon, window = params.substitution.horizon_months, params.substitution.window_months
    if sample.changes(horizon) < window:
        text = (
            f"The window of {window} months could not be filled: the share rests on {sample.changes(horizon)} "
            f"overlapping changes from {sample.log_price.index[0]:%Y-%m} on"
            + (
                ", where prices or the rate are broken or missing before."
                if sample.broken_at is not None
                else "."
            )
        )
        found.append(Finding("substitution.short_sample", text, "notice", "data"))
    return tuple(found)
