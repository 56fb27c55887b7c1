"""Chapter 2, currency substitution: the risk-minimising share, what is held already, what the state could lose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptorisk.countries import Country, country
from cryptorisk.estimate import Estimate
from cryptorisk.models.substitution import context as context
from cryptorisk.models.substitution.annual import annual_share
from cryptorisk.models.substitution.findings import data_findings, result_findings
from cryptorisk.models.substitution.money import broad_money
from cryptorisk.models.substitution.sample import MonthlySample, monthly_sample
from cryptorisk.models.substitution.seigniorage import at_risk
from cryptorisk.models.substitution.share import shares
from cryptorisk.params import Params
from cryptorisk.result import Finding, Result, Table, estimates_table

if TYPE_CHECKING:
    from cryptorisk.data.inputs import Inputs

CHAPTER, TITLE = "substitution", "Currency substitution"
SHARES = ("mvp_share", "mvp_share_surprise", "mvp_share_annual", "gap", "mvp_share_member")


def analyse(inputs: Inputs, params: Params) -> Result:
    """Currency substitution, or why the question does not arise here.

    Parameters
    ----------
    inputs : Inputs
    params : Params

    Returns
    -------
    Result
        ``applicable`` is False for economies without a currency of their own and for the issuer of the
        reference currency; the measured context is given all the same.
    """
    economy = country(params.country)
    reason = not_applicable(economy, inputs, params)
    if reason:
        return _elsewhere(economy, inputs, params, reason)
    sample = monthly_sample(inputs, params)
    share = shares(sample, params)
    estimates, tables = _context(inputs, params)
    by_id = {estimate.id: estimate for estimate in estimates}
    gap = context.dollarisation_gap(inputs, sample, params, by_id["substitution.deposit_dollarisation"])
    risk, scenario = at_risk(inputs, params)
    estimates += (*share.estimates, annual_share(inputs, params, sample.rate_name), gap, *risk)
    tables += (_shares_table(estimates), *share.tables, *scenario)
    findings = (
        *result_findings(economy, params, {e.id: e for e in estimates}, share.verdict),
        *data_findings(inputs, params, sample, share.period, share.verdict),
    )
    return Result.build(
        CHAPTER,
        TITLE,
        params.country,
        estimates=estimates,
        tables=tables,
        findings=findings,
        headline=_headline({e.id for e in estimates if e.available}),
    )


def not_applicable(economy: Country, inputs: Inputs, params: Params) -> str:
    """Why the standard analysis does not apply and what replaces it; empty when it applies.

    Parameters
    ----------
    economy : Country
    inputs : Inputs
        For the date.
    params : Params
        For the reference currency.
    """
    spell = economy.spell_on(inputs.as_of)
    name = economy.name_in_sentence
    name = name[0].upper() + name[1:]
    if spell.status == "dollarised":
        return (
            f"{name} {spell.arrangement}: there is no national currency to substitute, no share of it to "
            "estimate and no seigniorage of its own to lose. What replaces it is the substitution of stablecoins "
            "for deposits in the money that circulates: it would move funding out of the banks, which have no "
            "lender of last resort that can issue this money. Broad money, below, is its upper bound."
        )
    if spell.currency == params.substitution.reference_currency:
        if spell.status == "currency_union":
            return (
                f"{name} shares the {spell.currency} ({spell.arrangement}), the reference currency itself: "
                "savers there do not flee into it. Decisions on the currency, and its seigniorage, are common "
                "to the members."
            )
        return (
            f"{name} issues the reference currency ({spell.currency}): savers there do not substitute it. "
            "Its risk is the opposite one, demand from abroad for its money through stablecoins."
        )
    if spell.status == "currency_union":
        return (
            f"{name} belongs to a currency union ({spell.arrangement}): the currency is common, so that its "
            "substitution, its defence and its seigniorage are matters of the union and not of one member. "
            "What is measured for the member is given as context."
        )
    return ""


def _elsewhere(economy: Country, inputs: Inputs, params: Params, reason: str) -> Result:
    """The result without a standard analysis: the context, and the share of savers in a union's member."""
    spell = economy.spell_on(inputs.as_of)
    estimates, tables = _context(inputs, params)
    label = "Foreign-currency share of least risk to savers"
    short = reason.split(":")[0]
    estimates += (
        Estimate.missing("substitution.mvp_share", label, "pct", f"not applicable: {short}", applies=False),
        Estimate.missing(
            "substitution.seigniorage_at_risk",
            "Seigniorage at risk a year (scenario)",
            "pct_gdp",
            f"not applicable: {short}",
            applies=False,
        ),
    )
    findings: tuple[Finding, ...] = ()
    if spell.status == "currency_union" and spell.currency != "EUR":
        member, member_tables, findings = _member(inputs, params)
        estimates += (member,)
        tables += (_shares_table((member,)), *member_tables)
    headline = ["inflation", "broad_money_pct_gdp"]
    if spell.status == "dollarised":
        headline.append("one_pct_of_broad_money")
    else:
        # Reserves of a union are pooled, and the issuer of the reference currency needs none to pay it out.
        estimates = tuple(e for e in estimates if e.id != "substitution.one_pct_of_broad_money")
    return Result.build(
        CHAPTER,
        TITLE,
        params.country,
        estimates=estimates,
        tables=tables,
        findings=findings,
        headline=headline,
        applicable=False,
        reason=reason,
    )


def _member(inputs: Inputs, params: Params) -> tuple[Estimate, tuple[Table, ...], tuple[Finding, ...]]:
    """The share for savers of one member of a union, from its own prices and the union's rate."""
    sample: MonthlySample = monthly_sample(inputs, params)
    found = shares(sample, params, name="mvp_share_member")
    estimate = found.estimates[0]
    label = "Foreign-currency share of least risk to the member's savers"
    findings = data_findings(inputs, params, sample, found.period, found.verdict)
    return estimate.with_(label=label), found.tables, findings


def _headline(available: set[str]) -> tuple[str, ...]:
    """Five figures; where base money is unknown, its scenario for each percent of GDP."""
    loss = (
        "seigniorage_at_risk"
        if "substitution.seigniorage_at_risk" in available
        else "seigniorage_per_pct_of_gdp"
    )
    return ("mvp_share", "mvp_share_annual", "gap", "inflation", loss)


def _context(inputs: Inputs, params: Params) -> tuple[tuple[Estimate, ...], tuple[Table, ...]]:
    currency = country(params.country).currency_on(inputs.as_of)
    foreign = currency != params.substitution.reference_currency
    estimates: tuple[Estimate, ...] = (
        context.inflation(inputs),
        *((context.depreciation(inputs, params),) if foreign else ()),
        context.parallel_premium(inputs),
        context.deposit_dollarisation(inputs),
        *broad_money(inputs),
    )
    table = estimates_table(
        estimates,
        id="substitution.context",
        title="Inflation, depreciation, foreign-currency deposits, money",
    )
    history = context.price_history(inputs, params)
    return estimates, (table,) if history.frame.empty else (table, history)


def _shares_table(estimates: tuple[Estimate, ...]) -> Table:
    chosen = [e for e in estimates if e.id.removeprefix("substitution.") in SHARES]
    return estimates_table(
        chosen,
        id="substitution.shares",
        title="Risk-minimising share of foreign currency",
        note="Points are held to 0 to 100 %, intervals are not. None of them is an amount that could move.",
    )
