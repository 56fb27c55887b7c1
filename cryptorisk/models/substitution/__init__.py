"""Chapter 2, currency substitution: the risk-minimising share, what is held already, what the state could lose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptorisk.countries import Country, country
from cryptorisk.estimate import Estimate
from cryptorisk.models.part import Part
from cryptorisk.models.substitution import context as context
from cryptorisk.models.substitution.adoption import adoption
from cryptorisk.models.substitution.annual import annual_share
from cryptorisk.models.substitution.calculators import calculators
from cryptorisk.models.substitution.elsewhere import in_its_place
from cryptorisk.models.substitution.elsewhere import not_applicable as not_applicable
from cryptorisk.models.substitution.findings import data_findings, result_findings
from cryptorisk.models.substitution.instead import purchasing_power_lost, read_instead
from cryptorisk.models.substitution.money import broad_money
from cryptorisk.models.substitution.money_demand import money_demand
from cryptorisk.models.substitution.portfolio_report import portfolio_part
from cryptorisk.models.substitution.ratchet import currency_ratio
from cryptorisk.models.substitution.sample import monthly_sample
from cryptorisk.models.substitution.seigniorage import at_risk
from cryptorisk.models.substitution.share import shares
from cryptorisk.params import Params
from cryptorisk.result import Result, Table, estimates_table

if TYPE_CHECKING:
    from cryptorisk.data.inputs import Inputs

CHAPTER, TITLE = "substitution", "Currency substitution"
SHARES = ("mvp_share", "mvp_share_surprise", "mvp_share_annual", "mvp_share_then", "gap", "mvp_share_member")


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
    then = context.share_then(inputs, sample, params)
    risk, scenario = at_risk(inputs, params)
    portfolio = portfolio_part(inputs, params, sample, share.verdict)
    money = Part.join((money_demand(inputs, params, sample), currency_ratio(inputs, params, sample)))
    adopted = adoption(inputs, params)
    scenarios = calculators(inputs, params, adopted.estimates[0])
    estimates += (*share.estimates, annual_share(inputs, params, sample.rate_name), then, gap)
    estimates += (*portfolio.estimates, *money.estimates, *risk, *scenarios.estimates, *adopted.estimates)
    tables += (_shares_table(estimates), *share.tables, *portfolio.tables, *scenario)
    tables += (*money.tables, *scenarios.tables, *adopted.tables)
    by_id = {estimate.id: estimate for estimate in estimates}
    read = read_instead(by_id, share.verdict, inputs.as_of.year)
    findings = (
        *result_findings(economy, params, by_id, share.verdict, inputs.as_of),
        *((read,) if read else ()),
        *portfolio.findings,
        *money.findings,
        *adopted.findings,
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


def _elsewhere(economy: Country, inputs: Inputs, params: Params, reason: str) -> Result:
    """The result without a standard analysis: the context, and what replaces the analysis."""
    spell = economy.spell_on(inputs.as_of)
    context_estimates, tables = _context(inputs, params)
    part = in_its_place(economy, inputs, params, context_estimates, reason.split(":")[0])
    adopted = adoption(inputs, params)
    estimates = (*part.estimates, *adopted.estimates)
    headline = ["inflation", "broad_money_pct_gdp"]
    if spell.status == "dollarised":
        headline.append("one_pct_of_broad_money")
    else:
        # Reserves of a union are pooled, and the issuer of the reference currency needs none to pay it out.
        estimates = tuple(e for e in estimates if e.id != "substitution.one_pct_of_broad_money")
    if any(e.id == "substitution.mvp_share_member" for e in estimates):
        tables += (_shares_table(estimates),)
    return Result.build(
        CHAPTER,
        TITLE,
        params.country,
        estimates=estimates,
        tables=(*tables, *part.tables, *adopted.tables),
        findings=(*part.findings, *adopted.findings),
        headline=headline,
        applicable=False,
        reason=reason,
    )


def _headline(available: set[str]) -> tuple[str, ...]:
    """Four figures; where base money is unknown, the ceiling of its scenario, or that for each percent of GDP."""
    losses = ("seigniorage_at_risk", "seigniorage_ceiling", "seigniorage_per_pct_of_gdp")
    loss = next((name for name in losses if f"substitution.{name}" in available), losses[-1])
    return ("mvp_share", "mvp_share_annual", "inflation", loss)


def _context(inputs: Inputs, params: Params) -> tuple[tuple[Estimate, ...], tuple[Table, ...]]:
    currency = country(params.country).currency_on(inputs.as_of)
    foreign = currency != params.substitution.reference_currency
    estimates: tuple[Estimate, ...] = (
        context.inflation(inputs),
        purchasing_power_lost(inputs),
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
