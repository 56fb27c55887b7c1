"""The chapter's first sentences (how much, how fast, through what) and the reverse stress, by rule."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from cryptorisk.countries import Country
from cryptorisk.estimate import Estimate, decimals, format_estimate, number
from cryptorisk.models.flight.part import GIVES_AWAY
from cryptorisk.models.flight.scenario import Drain, told_share
from cryptorisk.result import Finding, Severity
from cryptorisk.rules.ara import MONTHS_OF_IMPORTS, QUOTED

LEAD = "flight.drain_result"
"""The finding that answers the chapter's question."""
GOALS = {
    "flight.drain_to_3_months": "three months of imports",
    "flight.drain_to_short_term_debt": "short-term external debt",
    "flight.drain_to_100_ara": f"100 % of the IMF's metric ({QUOTED})",
}
_SCALES = ((1e9, "bn USD"), (1e6, "m USD"))


def drain_findings(
    cases: Mapping[float, Drain],
    central: Drain,
    estimates: tuple[Estimate, ...],
    country: Country,
    received: Estimate | None,
    mature: bool,
) -> tuple[Finding, ...]:
    """The lead and the reverse stress.

    Parameters
    ----------
    cases : mapping of float to Drain
        By the share that leaves, without nought, smallest first.
    central : Drain
        The case of the estimates.
    estimates : tuple of Estimate
    country : Country
    received : Estimate or None
        What residents receive in crypto-assets in a year, from chapter 1.
    mature : bool
        Nothing raises an alarm.
    """
    by_id = {one.id: one for one in estimates}
    months = by_id["flight.import_cover_after_drain"]
    if central.hidden:
        text = _withheld(central, by_id["flight.drain_usd"], country)
    else:
        text = (
            f"{_how_much(cases, central, country)} {_against(cases, central, received)} {_whose(central)} "
            f"{_after(central, months)}"
        )
    ids = ("flight.drain_usd", "flight.drain_pct_reserves", months.id, "flight.accessible_share_pct")
    lead = Finding(LEAD, text, _severity(central, months, mature), estimates=ids)
    return (lead, *_reverse(by_id, central))


def _how_much(cases: Mapping[float, Drain], central: Drain, country: Country) -> str:
    """The amounts at each share, over all assumptions, and by month."""
    drains = [case.usd for case in cases.values()]
    amounts, unit = amounts_of([one.value for one in drains])
    (low, high), span_unit = amounts_of([drains[0].low, drains[-1].high])
    (month,), month_unit = amounts_of([central.usd.value / 12])
    at = f"at {told_share(central.leaving)} % " if len(cases) > 1 else ""
    return (
        f"Scenario: if {either([told_share(one) for one in cases])} % of the money within reach of crypto-assets left "
        f"{country.name_in_sentence} within a year, reserves would have to pay {either(amounts)} {unit} "
        f"({low} to {high} {span_unit} over all assumptions), {at}{month} {month_unit} a month."
    )


def _against(cases: Mapping[float, Drain], central: Drain, received: Estimate | None) -> str:
    """The amounts against reserves, with and without gold, and against what residents receive in crypto-assets."""
    drains = [case.usd.value for case in cases.values()]
    text = f"That is {percent_of(drains, central.reserves)} of reserves, gold included"
    liquid = central.position.reserves_without_gold
    if liquid is not None and liquid.value > 0:
        text += f" ({percent_of(drains, liquid.value)} without it)"
    if received is not None and received.value:
        text += (
            f", and {percent_of(drains, received.value)} of what residents receive in crypto-assets in a year: "
            f"{format_estimate(received)}"
        )
    return f"{text}."


def _whose(central: Drain) -> str:
    """Whose money it is."""
    value, low, high = (
        number(100 * one, 0) for one in (central.share.value, central.share.low, central.share.high)
    )
    return (
        f"Within reach is the money of adults with an account and the internet, {value} % of broad money (range {low} "
        f"to {high})."
    )


def _after(central: Drain, months: Estimate) -> str:
    """The cover of imports before and after."""
    imports = central.position.imports
    at = f"At {told_share(central.leaving)} %"
    if not months.available or imports is None:
        return f"{at} {months.reason}." if imports is not None else "Imports are not known."
    before = number(12 * central.reserves / imports.value, decimals(months))
    return f"{at} reserves would fall from {before} to {months:value}."


def _withheld(central: Drain, drain: Estimate, country: Country) -> str:
    """The amount alone, coarse, where a confidential figure is in it."""
    return (
        f"Scenario: if {told_share(central.leaving)} % of the money within reach of crypto-assets left "
        f"{country.name_in_sentence} within a year, reserves would have to pay {format_estimate(drain)}; what is left "
        f"of them is not given: {GIVES_AWAY}."
    )


def _severity(central: Drain, months: Estimate, mature: bool) -> Severity:
    if mature:
        return "info"
    if not central.hidden and central.usd.value > central.reserves:
        return "alert"
    return "warning" if months.value is not None and months.value < MONTHS_OF_IMPORTS else "notice"


def _reverse(by_id: Mapping[str, Estimate], central: Drain) -> tuple[Finding, ...]:
    """The drain that brings reserves down to each rule, the smallest first, then rules that they miss already."""
    found = [by_id[id] for id in GOALS]
    known = sorted((one for one in found if one.value is not None), key=lambda one: one.value or 0.0)
    clauses = [
        f"{'reserves reach ' if place == 0 else ''}{GOALS[one.id]} after {_drain(one, central)}"
        for place, one in enumerate(known)
    ]
    clauses += [one.reason for one in found if "already" in one.reason]
    if not clauses:
        return ()
    text = f"Reverse stress: {'; '.join(clauses)}."
    return (Finding("flight.reverse", text, "info", estimates=tuple(GOALS)),)


def _drain(one: Estimate, central: Drain) -> str:
    """An amount with its range and its share of the money within reach; two digits at least, however wide the range."""
    value = one.value or 0.0
    (amount,), unit = amounts_of([value])
    beside = [] if one.low is None else [f"range {one:interval}"]
    money = central.within_reach
    if money > 0:
        share = 100 * value / money
        within = "more than all" if share > 100 else f"{number(share, 0 if share >= 10 else 1)} % of"
        beside.append(f"{within} the money within reach")
    return f"{amount} {unit}" + (f" ({'; '.join(beside)})" if beside else "")


def amounts_of(values: Sequence[float]) -> tuple[list[str], str]:
    """Amounts in one scale, the smallest above nought with two significant digits, and the scale with the unit."""
    scale, unit = next((pair for pair in _SCALES if max(values) >= pair[0]), (1.0, "USD"))
    digits = _digits(values, scale)
    return [number(one / scale, digits) for one in values], unit


def percent_of(values: Sequence[float], of: float) -> str:
    """Shares in percent, the smallest with two significant digits."""
    shares = [100 * one / of for one in values]
    return f"{either([number(one, _digits(shares, 1.0)) for one in shares])} %"


def _digits(values: Sequence[float], scale: float) -> int:
    smallest = min((one for one in values if one > 0), default=scale) / scale
    return max(0, min(4, 1 - math.floor(math.log10(smallest))))


def either(items: Sequence[str]) -> str:
    """``a``, ``a or b``, ``a, b or c``."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} or {items[-1]}"
