"""Sentences on the adequacy of reserves, by rule."""

from __future__ import annotations

from dataclasses import replace

from cryptorisk.countries import Country
from cryptorisk.data.overrides import BANK
from cryptorisk.estimate import Estimate, format_estimate
from cryptorisk.models.flight.adequacy import Adequacy
from cryptorisk.models.flight.position import Position
from cryptorisk.models.flight.reserve_tables import RULES
from cryptorisk.result import Finding
from cryptorisk.words import significance

POOLED = (
    "the economy belongs to a currency union, whose central bank holds the reserves for all members and "
    "creates the money: national figures are an allotment, not what stands behind the currency"
)
NO_MONEY_OF_ITS_OWN = (
    "the economy uses another country's money: reserves do not defend an exchange rate, and the IMF's metric "
    "is not meant for fully dollarised economies"
)


def reserve_findings(
    position: Position,
    adequacy: Adequacy | None,
    estimates: tuple[Estimate, ...],
    country: Country,
    status: str,
    mature: bool,
) -> tuple[Finding, ...]:
    """Sentences on reserves against the rules; arguments as in `reserves_part`."""
    name = country.name_in_sentence
    if status != "own_currency":
        reason = POOLED if status == "currency_union" else NO_MONEY_OF_ITS_OWN
        text = f"Reserve adequacy of {name}: {reason}."
        return (Finding("flight.status", text, "info", "caveat", tuple(e.id for e in estimates)),)
    findings = [f for one in estimates[1:] if (f := _against_rule(one, name)) is not None]
    if mature and position.reserves is not None:
        findings = [replace(one, severity="info") for one in findings]
        text = (
            f"The rules of thumb for reserves were made for emerging and developing economies. "
            f"{_capital(name)} has a floating currency and reports no external debt to the debtor "
            "statistics, as mature markets do: for them reserves are not the first line of defence, and a "
            "low cover is no alarm by itself."
        )
        ids = tuple(e.id for e in estimates if e.available)
        findings.append(Finding("flight.mature", text, "notice", "caveat", ids))
    if position.reserves is not None and position.reserves.sources == (BANK,):
        text = f"Official reserves are the bank's own figure of {position.date}."
        findings.append(Finding("flight.own_reserves", text, "info", "data", ("flight.reserves_usd",)))
    if adequacy is not None:
        text = (
            "The cover of the IMF's metric rests on public data: short-term debt at "
            f"{'original maturity' if position.short_term_is_floor else 'remaining maturity'}, other "
            f"liabilities {'from the bank' if adequacy.other_is_own else 'approximated by external debt'}, "
            f"the row chosen by rule (regime: {adequacy.row.regime_why}; controls: "
            f"{adequacy.row.controls_why})."
        )
        findings.append(Finding("flight.ara_data", text, "info", "caveat", ("flight.reserves_to_ara",)))
    return tuple(findings)


def _against_rule(one: Estimate, name: str) -> Finding | None:
    if one.value is None:
        return None
    level, rule_text, severity_below = RULES[one.id]
    where = significance(one, level)
    subject = f"Reserves of {name} ({one.date})"
    if where not in ("above", "below"):
        side = "below" if one.value < level else "above"
        text = (
            f"{subject} are {side} the rule of {rule_text} at the central assumptions, "
            f"{format_estimate(one)}; the range holds both sides of the rule."
        )
        return Finding(one.id, text, "warning" if side == "below" else "notice", estimates=(one.id,))
    text = f"{subject} are {where} the rule of {rule_text}: {format_estimate(one)}."
    return Finding(one.id, text, "info" if where == "above" else severity_below, estimates=(one.id,))


def _capital(name: str) -> str:
    return name[0].upper() + name[1:]
