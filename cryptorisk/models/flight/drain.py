"""Scenario: a share of the money that can reach crypto-assets leaves, and reserves pay for it."""

from __future__ import annotations

import pandas as pd

from cryptorisk.countries import Country
from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import Estimate, decimals, format_estimate, number
from cryptorisk.models.flight.access import AccessibleShare, access_estimate, accessible_share
from cryptorisk.models.flight.adequacy import Adequacy
from cryptorisk.models.flight.drain_rules import rules_table
from cryptorisk.models.flight.part import GIVES_AWAY, guarded, without_blanks
from cryptorisk.models.flight.position import Position
from cryptorisk.models.flight.reserves import not_meaningful
from cryptorisk.models.flight.scenario import IDS, SCENARIO, Drain
from cryptorisk.models.part import Part
from cryptorisk.params import FlightParams
from cryptorisk.result import Column, Finding, Severity, Table
from cryptorisk.rules.ara import MONTHS_OF_IMPORTS, QUOTED


def drain_part(
    inputs: Inputs,
    position: Position,
    adequacy: Adequacy | None,
    country: Country,
    status: str,
    params: FlightParams,
    *,
    mature: bool = False,
) -> Part:
    """Estimates, table and findings of the drain scenario.

    Parameters
    ----------
    inputs : Inputs
    position : Position
    adequacy : Adequacy or None
    country : Country
    status : str
    params : FlightParams
        ``drain_shares``; the middle one is the headline.
    mature : bool
        The scenario is shown and raises no alarm.

    Returns
    -------
    Part
    """
    share = accessible_share(inputs)
    shares = sorted({one for one in params.drain_shares if one > 0})
    reason = _reason(position, share, status) or (
        "" if shares else "the parameter file asks for no share above zero"
    )
    access = guarded(access_estimate(share), inputs.confidential)
    if reason or share is None or position.reserves is None or position.broad_money is None:
        return Part((access, *(Estimate.missing(*one, reason) for one in IDS)))
    central = shares[len(shares) // 2]
    cases = {leaving: Drain(position, adequacy, share, leaving) for leaving in shares}
    estimates = (access, *cases[central].estimates())
    if cases[central].hidden:
        return Part(estimates, (), _findings(cases[central], estimates, country, mature))
    by_rule = rules_table(cases, cases[central])
    return Part(
        estimates,
        (
            _table({0.0: Drain(position, adequacy, share, 0.0), **cases}, share),
            *((by_rule,) if by_rule is not None else ()),
        ),
        _findings(cases[central], estimates, country, mature),
    )


def _reason(position: Position, share: AccessibleShare | None, status: str) -> str:
    reason = not_meaningful(position, status, money=True)
    if reason:
        return reason
    if position.broad_money is None:
        return "the data have no recent and plausible broad money"
    return "" if share else "account ownership or internet use is not known"


def _table(cases: dict[float, Drain], share: AccessibleShare) -> Table:
    rows = []
    for leaving, case in cases.items():
        months, cover = case.months_after, case.coverage_after
        rows.append(
            {
                "leaving": 100 * leaving,
                "low": case.usd.low / 1e9,
                "drain": case.usd.value / 1e9,
                "high": case.usd.high / 1e9,
                "to_reserves": 100 * case.usd.value / case.reserves,
                "left": (case.reserves - case.usd.value) / 1e9,
                "months": months[0] if months else None,
                "months_low": months[1] if months else None,
                "months_high": months[2] if months else None,
                "cover": cover[0] if cover else None,
                "cover_low": cover[1] if cover else None,
                "cover_high": cover[2] if cover else None,
            }
        )
    frame = pd.DataFrame(rows).astype(float)
    columns = (
        Column("leaving", "Share that leaves", "% of crypto-accessible broad money", 1),
        Column("low", "Drain, low", "bn USD", 2),
        Column("drain", "Drain", "bn USD", 2),
        Column("high", "Drain, high", "bn USD", 2),
        Column("to_reserves", "To reserves", "%", 1),
        Column("left", "Reserves left", "bn USD; negative: shortfall", 2),
        Column("months", "Imports covered after", "months", 1),
        Column("months_low", "Low", "months", 1),
        Column("months_high", "High", "months", 1),
        Column("cover", "Reserves to the IMF's metric after", "%", 0),
        Column("cover_low", "Low", "%", 0),
        Column("cover_high", "High", "%", 0),
    )
    note = (
        f"{SCENARIO} Accessible share {number(100 * share.value, 0)} % (range "
        f"{number(100 * share.low, 0)} to {number(100 * share.high, 0)} %): adults with an account and on "
        f"the internet. Reserves are supposed to pay for all of the drain at an unchanged exchange rate. "
        f"The first row is the position before; negative figures are a shortfall: reserves do not suffice."
    )
    table = Table(
        "flight.drain", "Reserves after a drain through crypto-assets", frame, columns, note, share.sources
    )
    return without_blanks(table, key="leaving", reason="imports or a part of the metric are not known")


def _findings(
    case: Drain, estimates: tuple[Estimate, ...], country: Country, mature: bool
) -> tuple[Finding, ...]:
    by_id = {one.id: one for one in estimates}
    drain, months = by_id["flight.drain_usd"], by_id["flight.import_cover_after_drain"]
    reserves_share = by_id["flight.drain_pct_reserves"]
    leaving = number(100 * case.leaving, 1).removesuffix(".0")
    text = (
        f"Scenario: if {leaving} % of the broad money within reach of crypto-assets left "
        f"{country.name_in_sentence} within a year, reserves would have to pay {format_estimate(drain)}"
    )
    if reserves_share.available:
        text += f", {reserves_share:value}"
    before = case.position.imports
    if months.available and before is not None:
        text += (
            f"; the cover would fall from {number(12 * case.reserves / before.value, decimals(months))} to "
            f"{months:value}"
        )
    elif not months.available:
        text += f"; what is left of them is not given: {GIVES_AWAY}" if case.hidden else f"; {months.reason}"
    severity: Severity = "notice"
    if mature:
        severity = "info"
    elif case.usd.value > case.reserves and not case.hidden:
        severity = "alert"
    elif months.value is not None and months.value < MONTHS_OF_IMPORTS:
        severity = "warning"
    finding = Finding(
        "flight.drain_result",
        text + ".",
        severity,
        estimates=(drain.id, months.id),
    )
    return (finding, *_reverse_finding(by_id))


def _reverse_finding(by_id: dict[str, Estimate]) -> tuple[Finding, ...]:
    goals = {
        "flight.drain_to_3_months": "three months of imports",
        "flight.drain_to_short_term_debt": "short-term external debt",
        "flight.drain_to_100_ara": f"100 % of the IMF's metric ({QUOTED})",
    }
    sentences = []
    for id, goal in goals.items():
        if by_id[id].available:
            sentences.append(f"reserves reach {goal} after a drain of {by_id[id]:value}")
        elif "already" in by_id[id].reason:
            sentences.append(by_id[id].reason)
    if not sentences:
        return ()
    return (
        Finding("flight.reverse", f"Reverse stress: {'; '.join(sentences)}.", "info", estimates=tuple(goals)),
    )
