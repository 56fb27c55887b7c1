"""The chapter's first sentences (how much, how fast, through what) and the reverse stress, by rule."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from cryptorisk.countries import Country
from cryptorisk.estimate import Estimate, decimals, format_estimate, number
from cryptorisk.models.flight.gold_findings import NEARLY_ALL
from cryptorisk.models.flight.part import GIVES_AWAY
from cryptorisk.models.flight.scenario import Drain, told_share
from cryptorisk.result import Finding, Severity
from cryptorisk.rules.ara import MONTHS_OF_IMPORTS, QUOTED

DRAIN = "flight.drain_usd"
LEAD = "flight.drain_result"
"""The finding that answers the chapter's question."""
GOALS = {
    "flight.drain_to_3_months": "three months of imports",
    "flight.drain_to_short_term_debt": "short-term external debt",
    "flight.drain_to_100_ara": f"100 % of the IMF's metric ({QUOTED})",
    "flight.drain_to_20_pct_broad_money": "20 % of broad money",
}
MOST_DECIMALS = 2
"""Of months of imports."""
RULE_OF = {
    "flight.drain_to_3_months": "flight.import_cover_months",
    "flight.drain_to_short_term_debt": "flight.reserves_to_short_term_debt",
    "flight.drain_to_100_ara": "flight.reserves_to_ara",
    "flight.drain_to_20_pct_broad_money": "flight.reserves_to_broad_money",
}
"""The cover that each of these drains brings down to its minimum."""
NEAR = 0.05
"""A drain within a twentieth of what brings reserves to a minimum neither breaks the rule nor keeps it for certain."""
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
        What residents received in crypto-assets in the last year that is known, from chapter 1.
    mature : bool
        Nothing raises an alarm.
    """
    by_id = {one.id: one for one in estimates}
    months = by_id["flight.import_cover_after_drain"]
    if central.hidden:
        text = _withheld(central, by_id[DRAIN], country)
    else:
        text = (
            f"{_how_much(cases, central, country)} {_against(cases, central, received)} {_whose(central)} "
            f"{_after(central, months, estimates)}"
        )
    ids = (DRAIN, "flight.drain_pct_reserves", months.id, "flight.accessible_share_pct")
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
    text = f"That is {percent_of(drains, central.reserves)} of reserves at the end of {central.position.date}, gold included"
    liquid = central.position.reserves_without_gold
    if liquid is not None and liquid.value <= (1 - NEARLY_ALL) * central.reserves:
        text += " (it makes nearly all of them)"
    elif liquid is not None:
        roughly = "about " if liquid.high - liquid.low > NEAR * liquid.value else ""
        text += f" ({roughly}{percent_of(drains, liquid.value)} without it)"
    if received is not None and received.value:
        text += (
            f", and {percent_of(drains, received.value)} of what residents received in crypto-assets "
            f"{_span(received.date)}, {format_estimate(received)}"
        )
    return f"{text}."


def _span(date: str) -> str:
    """``in 2024``, ``from 2024-07 to 2025-06``."""
    first, _, last = date.partition("/")
    return f"from {first} to {last}" if last else f"in {first}"


def _whose(central: Drain) -> str:
    """Whose money it is, and of which year."""
    money, year = central.position.broad_money, central.position.year
    assert money is not None
    carried = "" if money.year == year else f", brought forward from {money.year}"
    value, low, high = (
        number(100 * one, 0) for one in (central.share.value, central.share.low, central.share.high)
    )
    return (
        f"Within reach is the money of adults with an account and the internet, {value} % (range {low} to {high}) of broad "
        f"money at the end of {year}{carried}."
    )


def _after(central: Drain, months: Estimate, estimates: tuple[Estimate, ...]) -> str:
    """The cover of imports before and after, and the rules that the central drain breaks."""
    imports = central.position.imports
    at = f"At {told_share(central.leaving)} %"
    fallen = _fallen(broken_goals(estimates))
    if imports is None:
        return f"Imports are not known.{f' {at} reserves would fall {fallen}.' if fallen else ''}"
    if not months.available:
        return f"{at} {months.reason}."
    digits = min(decimals(months), MOST_DECIMALS)
    before, after = (
        number(one, digits) for one in (12 * central.reserves / imports.value, months.value or 0.0)
    )
    text = f"{at} reserves would fall from {before} to {after} months of imports ({imports.year})"
    return f"{text}, and {fallen}, at the central assumptions." if fallen else f"{text}."


def _fallen(broken: Mapping[str, bool]) -> str:
    """``below a and b and to about c``; nothing of nothing."""
    below = [GOALS[id] for id, near in broken.items() if not near]
    about = [GOALS[id] for id, near in broken.items() if near]
    parts = [
        f"{words} {either(some, 'and')}" for words, some in (("below", below), ("to about", about)) if some
    ]
    return " and ".join(parts)


def broken_goals(estimates: Iterable[Estimate]) -> dict[str, bool]:
    """Rules, by the drain that reaches their minimum, that the central drain breaks or comes near to, the first one first.

    Rules that reserves miss before any drain are not among them. The value says whether the minimum is only nearly
    reached or just passed: within `NEAR` of the drain, which stands on shares that are assumptions.
    """
    by_id = {one.id: one for one in estimates}
    drain = by_id.get(DRAIN)
    if drain is None or not drain.value:
        return {}
    reached = [
        (one.value, id) for id in GOALS if (one := by_id.get(id)) is not None and one.value is not None
    ]
    return {
        id: abs(value / drain.value - 1) < NEAR
        for value, id in sorted(reached)
        if value < (1 + NEAR) * drain.value
    }


def broken_rules(estimates: Iterable[Estimate]) -> dict[str, bool]:
    """The covers (ids of estimates) that the central drain takes below their minimum, or (True) to about it."""
    return {RULE_OF[id]: near for id, near in broken_goals(estimates).items()}


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
    """Rules that reserves miss before any drain, then the drain that brings them down to each other, smallest first."""
    found = [by_id[id] for id in GOALS]
    known = sorted((one for one in found if one.value is not None), key=lambda one: one.value or 0.0)
    clauses = [one.reason for one in found if "already" in one.reason]
    clauses += [
        f"{'reserves reach ' if place == 0 else ''}{GOALS[one.id]} after {_drain(one, central)}"
        for place, one in enumerate(known)
    ]
    if not clauses:
        return ()
    text = f"Reverse stress: {'; '.join(clauses)}."
    return (Finding("flight.reverse", text, "info", estimates=tuple(GOALS)),)


def _drain(one: Estimate, central: Drain) -> str:
    """An amount with its range and its share of the money within reach; two digits at least, however wide the range."""
    value = one.value or 0.0
    (amount,), unit = amounts_of([value])
    beside = [] if one.low is None or one.high is None else [f"range {_ends(one.low, one.high)}"]
    money = central.within_reach
    if money > 0:
        share = 100 * value / money
        within = "more than all" if share > 100 else f"{number(share, 0 if share >= 10 else 1)} % of"
        beside.append(f"{within} the money within reach")
    return f"{amount} {unit}" + (f" ({'; '.join(beside)})" if beside else "")


def _ends(low: float, high: float) -> str:
    """The ends of a drain; nought means that reserves miss the rule before any drain at that end."""
    (first,), unit = amounts_of([low])
    (last,), last_unit = amounts_of([high])
    if low <= 0:
        return f"from below already to {last} {last_unit}"
    return f"{first} to {last} {unit}" if unit == last_unit else f"{first} {unit} to {last} {last_unit}"


def amounts_of(values: Sequence[float]) -> tuple[list[str], str]:
    """Amounts in one scale, each with two significant digits or whole, and the scale with the unit."""
    scale, unit = next((pair for pair in _SCALES if max(values) >= pair[0]), (1.0, "USD"))
    return [_two_digits(one / scale) for one in values], unit


def percent_of(values: Sequence[float], of: float) -> str:
    """Shares in percent, each with two significant digits or whole."""
    return f"{either([_two_digits(100 * one / of) for one in values])} %"


def _two_digits(value: float) -> str:
    digits = 1 - math.floor(math.log10(value)) if value > 0 else 0
    return number(value, max(0, min(4, digits)))


def either(items: Sequence[str], word: str = "or") -> str:
    """``a``, ``a or b``, ``a, b or c``; nothing of nothing."""
    return "".join(items) if len(items) < 2 else f"{', '.join(items[:-1])} {word} {items[-1]}"
