"""Scenario: a share of the money that can reach crypto-assets leaves, and reserves pay for it."""

from __future__ import annotations

import pandas as pd

from cryptorisk.countries import Country
from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import Estimate, number
from cryptorisk.models.flight.access import NO_ACCESS, AccessibleShare, access_estimate, accessible_share
from cryptorisk.models.flight.adequacy import Adequacy
from cryptorisk.models.flight.drain_findings import LEAD, drain_findings
from cryptorisk.models.flight.drain_rules import rules_table
from cryptorisk.models.flight.part import guarded, without_blanks
from cryptorisk.models.flight.position import Position
from cryptorisk.models.flight.reserves import not_meaningful
from cryptorisk.models.flight.scenario import IDS, SCENARIO, Drain
from cryptorisk.models.part import Part, places
from cryptorisk.params import FlightParams
from cryptorisk.result import Column, Finding, Table

DOLLARISED = (
    "such a drain falls on banks' deposits and liquid assets (`cryptorisk data template bank_liquidity`)"
)


def drain_part(
    inputs: Inputs,
    position: Position,
    adequacy: Adequacy | None,
    country: Country,
    status: str,
    params: FlightParams,
    *,
    mature: bool = False,
    received: Estimate | None = None,
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
        ``drain_shares``; the middle one is the headline, of an even number the larger of the two in the middle.
    mature : bool
        The scenario is shown and raises no alarm.
    received : Estimate, optional
        What residents received in crypto-assets in the last year that is known, from chapter 1: set beside the drain.

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
        return _refused(access, reason, country, status)
    central = shares[len(shares) // 2]
    cases = {leaving: Drain(position, adequacy, share, leaving) for leaving in shares}
    estimates = (access, *cases[central].estimates())
    if cases[central].hidden:
        return Part(
            estimates, (), drain_findings(cases, cases[central], estimates, country, received, mature)
        )
    by_rule = rules_table(cases, cases[central])
    return Part(
        estimates,
        (
            _table({0.0: Drain(position, adequacy, share, 0.0), **cases}, share),
            *((by_rule,) if by_rule is not None else ()),
        ),
        drain_findings(cases, cases[central], estimates, country, received, mature),
    )


def _refused(access: Estimate, reason: str, country: Country, status: str) -> Part:
    """No drain: what supplies it is told once, with the amount and in the sentence that would lead the chapter."""
    short = reason.partition(";")[0]
    told = f"{reason}; {DOLLARISED}" if status == "dollarised" else reason
    missing = (Estimate.missing(*IDS[0], told), *(Estimate.missing(*one, short) for one in IDS[1:]))
    if status != "own_currency":
        return Part((access, *missing))
    text = f"How much could leave {country.name_in_sentence} through crypto-assets is not computed: {reason}."
    return Part((access, *missing), (), (Finding(LEAD, text, "notice", "data", (IDS[0][0],)),))


def _reason(position: Position, share: AccessibleShare | None, status: str) -> str:
    reason = not_meaningful(position, status, money=True)
    if reason:
        return reason
    if position.broad_money is None:
        return position.money_reason
    return "" if share else NO_ACCESS


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
    amounts = places(frame, ["low", "drain", "high"], 2)
    columns = (
        Column(
            "leaving",
            "Share that leaves",
            "% of crypto-accessible broad money",
            places(frame, ["leaving"], 1),
        ),
        Column("low", "Drain, low", "bn USD", amounts),
        Column("drain", "Drain", "bn USD", amounts),
        Column("high", "Drain, high", "bn USD", amounts),
        Column("to_reserves", "To reserves", "%", places(frame, ["to_reserves"], 1)),
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
