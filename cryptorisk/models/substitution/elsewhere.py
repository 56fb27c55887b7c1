"""Economies in which the standard analysis has no object: who they are, and what replaces it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptorisk.countries import Country, Spell
from cryptorisk.estimate import Estimate
from cryptorisk.models.part import Part
from cryptorisk.models.substitution.annual import annual_share
from cryptorisk.models.substitution.dollarised import dollarised_part
from cryptorisk.models.substitution.findings import data_findings
from cryptorisk.models.substitution.money import broad_money
from cryptorisk.models.substitution.portfolio_report import portfolio_part
from cryptorisk.models.substitution.sample import MonthlySample, monthly_sample
from cryptorisk.models.substitution.share import shares
from cryptorisk.params import Params
from cryptorisk.words import capital

if TYPE_CHECKING:
    from cryptorisk.data.inputs import Inputs


def not_applicable(economy: Country, inputs: Inputs, params: Params) -> str:
    """Why the standard analysis does not apply and what replaces it; empty when it applies.

    Parameters
    ----------
    economy : Country
    inputs : Inputs
        For the date, and for broad money.
    params : Params
        For the reference currency.
    """
    spell = economy.spell_on(inputs.as_of)
    if spell.status == "own_currency" and spell.currency != params.substitution.reference_currency:
        return ""
    name = capital(economy.name_in_sentence)
    if spell.status == "dollarised":
        return f"{name} {spell.arrangement}: {_of_dollarised(spell, inputs, params)}"
    if spell.currency != params.substitution.reference_currency:
        return (
            f"{name} belongs to a currency union ({spell.arrangement}): the currency is common, so that its "
            "substitution, its defence and its seigniorage are matters of the union and not of one member. What "
            "replaces the standard analysis is the view of the member's savers: the share of foreign currency that "
            "would make their own savings least uncertain. The rest is context."
        )
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


def _of_dollarised(spell: Spell, inputs: Inputs, params: Params) -> str:
    """What replaces the analysis where another economy's money circulates."""
    none = "there is no national currency to substitute, no share of it to estimate and no seigniorage of its own to lose."
    if spell.currency != params.substitution.reference_currency:
        return (
            f"{none} Savings in {params.substitution.reference_currency} are a foreign currency there too: what replaces "
            f"the standard analysis is the share of them that would make savings in {spell.currency} least uncertain. "
            "Money that moves leaves the banks, which have no lender of last resort that can issue it."
        )
    money = broad_money(inputs)[0]
    bound = (
        f"Broad money, {money:value} in {money.date}, is its upper bound."
        if money.value is not None
        else f"Its upper bound, broad money, is not available ({money.reason})."
    )
    return (
        f"{none} What replaces it is the substitution of stablecoins for deposits in the money that circulates: it would "
        f"move funding out of the banks, which have no lender of last resort that can issue this money. {bound}"
    )


def in_its_place(
    economy: Country, inputs: Inputs, params: Params, context: tuple[Estimate, ...], short: str
) -> Part:
    """Estimates, tables and findings in place of the standard analysis.

    Parameters
    ----------
    economy : Country
    inputs : Inputs
    params : Params
    context : tuple of Estimate
        Inflation, money and the like, already computed.
    short : str
        The reason in few words.
    """
    part = Part((*context, *_absent(short)))
    spell = economy.spell_on(inputs.as_of)
    if spell.currency != params.substitution.reference_currency:
        return Part.join((part, _savers(inputs, params)))
    if spell.status == "dollarised":
        return Part.join((part, dollarised_part(inputs, params, economy, {one.id: one for one in context})))
    return part


def _absent(short: str) -> tuple[Estimate, ...]:
    labels = {
        "mvp_share": ("Foreign-currency share of least risk to savers", "pct"),
        "seigniorage_at_risk": ("Seigniorage at risk a year (scenario)", "pct_gdp"),
    }
    return tuple(
        Estimate.missing(f"substitution.{name}", label, unit, f"not applicable: {short}", applies=False)
        for name, (label, unit) in labels.items()
    )


def _savers(inputs: Inputs, params: Params) -> Part:
    """The share for savers of one economy, from its own prices and the rate of the money that circulates there."""
    sample: MonthlySample = monthly_sample(inputs, params)
    found = shares(sample, params, name="mvp_share_member")
    member = found.estimates[0].with_(label="Foreign-currency share of least risk to the economy's savers")
    annual = annual_share(inputs, params, sample.rate_name)
    portfolio = portfolio_part(inputs, params, sample, found.verdict)
    findings = (*data_findings(inputs, params, sample, found.period, found.verdict), *portfolio.findings)
    return Part((member, annual, *portfolio.estimates), (*found.tables, *portfolio.tables), findings)
