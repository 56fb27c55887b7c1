"""Sentences on the adequacy of reserves, by rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from cryptorisk.countries import Country
from cryptorisk.data.overrides import BANK
from cryptorisk.estimate import COARSE_NOTE, Estimate, decimals, format_estimate, number
from cryptorisk.models.flight.adequacy import Adequacy
from cryptorisk.models.flight.gold_covers import missed_without_gold
from cryptorisk.models.flight.position import Position
from cryptorisk.models.flight.reserve_tables import AGAINST, RULES
from cryptorisk.result import Finding
from cryptorisk.rules.ara import LOW_INCOME_USD, QUOTED
from cryptorisk.words import listing, significance

POOLED = "not for a currency union"
POOLED_WHY = (
    "the economy belongs to a currency union, whose central bank holds the reserves for all members and "
    "creates the money: national figures are an allotment, not what stands behind the currency"
)
NO_MONEY_OF_ITS_OWN = "not where another country's money circulates"
DOLLARISED_WHY = (
    "the economy uses another country's money: reserves do not defend an exchange rate, and the IMF's metric "
    "is not meant for fully dollarised economies; a drain through crypto-assets falls on the deposits and liquid assets "
    "of banks (chapter 2 has deposits where they are known; the liquid assets only the bank can give, for chapter 4)"
)
"""Said once, in the finding; the short forms stand where a figure is missing."""
ARA = "flight.reserves_to_ara"
LOW_INCOME = (
    f" GDP here is below {number(LOW_INCOME_USD, 0)} USD a head: for economies of low income without market access the IMF "
    "looks at months of imports, and not at this metric."
)
NOTHING_BROKEN: Mapping[str, bool] = MappingProxyType({})
CLOSE = 0.1
"""A figure without a range that misses a rule by less than a tenth of it: its own error may be as large."""
LEAST_PART = 0.05
"""What makes less than a twentieth of the range by itself is not named; a tenth, with the others, moves both ends."""


def reserve_findings(
    position: Position,
    adequacy: Adequacy | None,
    estimates: tuple[Estimate, ...],
    country: Country,
    status: str,
    mature: bool,
    broken: Mapping[str, bool] = NOTHING_BROKEN,
) -> tuple[Finding, ...]:
    """Sentences on reserves against the rules; arguments as in `reserves_part`."""
    name = country.name_in_sentence
    if status != "own_currency":
        reason = POOLED_WHY if status == "currency_union" else DOLLARISED_WHY
        text = f"Reserve adequacy of {name}: {reason}."
        return (Finding("flight.status", text, "info", "caveat", tuple(e.id for e in estimates)),)
    bound = bool(position.encumbered)
    open_ = adequacy is not None and len(adequacy.row.rows) > 1
    told = {one.id: _told(one, position, adequacy) for one in estimates[1:] if one.available}
    findings = [
        f
        for one in estimates[1:]
        if (f := _against_rule(one, name, bound, told, position.low_income)) is not None
    ]
    golden = missed_without_gold(position, estimates[1:])
    findings += _above(estimates[1:], name, bound, told, position.low_income, broken, golden)
    findings += _encumbered(position, estimates[1:], name)
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
            "The cover of the IMF's reserve-adequacy metric (ARA) rests on public data: short-term debt at "
            f"{_maturity(position)}, other "
            f"liabilities {'from the bank' if adequacy.other_is_own else 'approximated by external debt'}, "
            f"the {'rows that are open' if open_ else 'row chosen'} by rule (regime: {adequacy.row.regime_why}; controls: "
            f"{adequacy.row.controls_why})."
        )
        findings.append(Finding("flight.ara_data", text, "info", "caveat", (ARA,)))
    return tuple(findings)


def _told(one: Estimate, position: Position, adequacy: Adequacy | None) -> str:
    """A cover for a sentence; of the metric with its range and what makes it.

    With several open rows the range stands alone, no row being likelier than another.
    """
    if one.id != ARA or adequacy is None or one.low is None or one.high is None:
        return format_estimate(one)
    if len(adequacy.row.rows) == 1:
        text = format_estimate(one)
    else:
        text = " to ".join(number(end, decimals(one)) for end in (one.low, one.high)) + " %"
    made = _made_by(one, position, adequacy)
    return f"{text} ({made})" if made else text


def _made_by(one: Estimate, position: Position, adequacy: Adequacy) -> str:
    """What the range of the metric is made by, the widest first, and the cover over which each alone would move it."""
    reserves = position.reserves
    if reserves is None or one.low is None or one.high is None or position.confidential & set(one.inputs):
        return ""
    covers = [
        (name, 100 * reserves.value / high, 100 * reserves.value / low) for name, low, high in adequacy.alone
    ]
    covers = [cover for cover in covers if cover[2] - cover[1] > LEAST_PART * (one.high - one.low)]
    told = [
        f"{number(low, 0)} to {number(high, 0)} by {name}{' alone' if place == 0 else ''}"
        for place, (name, low, high) in enumerate(sorted(covers, key=lambda cover: cover[1] - cover[2]))
    ]
    return listing(told)


def _against_rule(
    one: Estimate, name: str, bound: bool, told: Mapping[str, str], low_income: bool
) -> Finding | None:
    """A sentence on a rule that reserves miss, or may miss; rules that they meet are told in one sentence."""
    if one.value is None:
        return None
    rule = RULES[one.id]
    where = significance(one, rule.level)
    if where == "above":
        return None
    text = f"{_subject(bound)} of {name} ({one.date}) {rule.verb} {told[one.id]}{rule.of}{_quoted(one)}"
    proviso = LOW_INCOME if low_income and one.id == ARA else ""
    if where in ("below", "equal to"):
        met = where == "equal to"
        at = "below" if not met else "about" if COARSE_NOTE in one.note else "exactly"
        close = not met and one.low is None and one.value > (1 - CLOSE) * rule.level
        text += f", {at} the usual minimum of {rule.words}{', by less than a tenth of it' if close else ''}.{proviso}"
        return Finding(one.id, text, "notice" if met or close else rule.severity, estimates=(one.id,))
    side = "below" if one.value < rule.level else "above"
    text += f": {side} the usual minimum of {rule.words} at the central assumptions, on either side of it within the range."
    text += proviso
    return Finding(one.id, text, "notice", estimates=(one.id,))


def _quoted(one: Estimate) -> str:
    """The clause on the metric's weights, which were not read in the primary source."""
    return f" ({QUOTED})" if one.id == ARA else ""


def _maturity(position: Position) -> str:
    if position.short_term_debt is None:
        return "the share of external debt that is usual elsewhere"
    return (
        "original maturity with the mean debt service of the last three years (deposits of non-residents and trade credit "
        "that roll over are in no debt service: the range allows for them)"
        if position.short_term_is_floor
        else "remaining maturity"
    )


def _subject(bound: bool) -> str:
    return "Gross reserves" if bound else "Reserves"


def _above(
    estimates: tuple[Estimate, ...],
    name: str,
    bound: bool,
    told: Mapping[str, str],
    low_income: bool,
    broken: Mapping[str, bool],
    golden: tuple[str, ...],
) -> list[Finding]:
    """One sentence on all rules that reserves meet with the whole range, and which of them the scenario's drain breaks.

    ``golden``: those that they meet with their gold alone.
    """
    met = [one for one in estimates if one.available and significance(one, RULES[one.id].level) == "above"]
    if not met:
        return []
    parts = [
        f"{RULES[one.id].verb} {told[one.id]}{RULES[one.id].of}{_quoted(one)} against a usual minimum "
        f"of {RULES[one.id].words}"
        for one in met
    ]
    end = (
        "would meet each of these rules if none of them were encumbered"
        if bound
        else "meet each of these rules"
    )
    if len(met) == 1:
        end = end.replace("each of these rules", "this rule")
    lost = [AGAINST[one.id] for one in met if broken.get(one.id) is False]
    near = [AGAINST[one.id] for one in met if broken.get(one.id)]
    if lost or near:
        taken = [
            f"{words} that for {listing(some)}"
            for words, some in (("below", lost), ("to about", near))
            if some
        ]
        free = " if none of them were encumbered" if bound else ""
        end = (
            f"lie above these minimums{free} before any drain; the scenario's central drain takes them "
            f"{' and '.join(taken)}"
        )
    text = f"{_subject(bound)} of {name} ({met[0].date}) {listing(parts)}: they {end}."
    if golden:
        text += f" Gold is in them; without it they miss, or may miss, that for {listing([AGAINST[id] for id in golden])}."
    if low_income and any(one.id == ARA for one in met):
        text += LOW_INCOME
    return [Finding("flight.reserves_above_rules", text, "info", estimates=tuple(one.id for one in met))]


def _encumbered(position: Position, estimates: tuple[Estimate, ...], name: str) -> list[Finding]:
    known = tuple(one.id for one in estimates if one.available)
    if not position.encumbered or not known:
        return []
    text = (
        f"Reserves of {name} are gross and may be encumbered in part: {'; '.join(position.encumbered)}. Their "
        "cover of imports, of short-term debt and of the IMF's metric is an upper bound."
    )
    return [Finding("flight.encumbered", text, "warning", "caveat", known)]


def _capital(name: str) -> str:
    return name[0].upper() + name[1:]
