"""Covers of reserves without gold, of the covers' own year: gold pays for nothing until it is sold or pledged."""

from __future__ import annotations

from collections.abc import Iterable

from cryptorisk.estimate import COARSE_NOTE, Estimate, format_estimate
from cryptorisk.models.flight.gold_findings import HALF, MATTERS, told_share
from cryptorisk.models.flight.position import Position
from cryptorisk.models.flight.reserve_tables import AGAINST, RULES
from cryptorisk.result import Finding, Severity
from cryptorisk.words import listing, significance

MET = ("above", "equal to")
SIDES = {"below": "below", "not distinguishable from": "on either side of"}


def without_gold(one: Estimate, position: Position) -> Estimate | None:
    """A cover without gold, with the ends of the holding in its range.

    Parameters
    ----------
    one : Estimate
    position : Position

    Returns
    -------
    Estimate or None
        None where the cover, or reserves without gold, are not known or stand on a confidential figure.
    """
    reserves, liquid = position.reserves, position.reserves_without_gold
    if reserves is None or liquid is None or reserves.value <= 0 or one.value is None:
        return None
    if COARSE_NOTE in one.note or position.confidential & {*one.inputs, *liquid.inputs}:
        return None
    low, value, high = (end / reserves.value for end in liquid.ends)
    ends = (
        low * (one.value if one.low is None else one.low),
        high * (one.value if one.high is None else one.high),
    )
    ranged = ends[0] < ends[1]
    return one.with_(
        value=value * one.value,
        low=ends[0] if ranged else None,
        high=ends[1] if ranged else None,
        interval="range" if ranged else "none",
    )


def missed_without_gold(position: Position, covers: Iterable[Estimate]) -> tuple[str, ...]:
    """Ids of rules that reserves meet with their whole range, and without gold miss or may miss."""
    if gold_share(position) is None:
        return ()
    pairs = [(one, bare) for one in covers if (bare := without_gold(one, position)) is not None]
    return tuple(
        one.id
        for one, bare in pairs
        if significance(one, RULES[one.id].level) in MET
        and significance(bare, RULES[one.id].level) not in MET
    )


def gold_share(position: Position) -> tuple[float, float, float] | None:
    """Share of gold in reserves (0 to 1) with its ends; None where it is not known or less than `MATTERS`."""
    reserves, liquid = position.reserves, position.reserves_without_gold
    if reserves is None or liquid is None or reserves.value <= 0:
        return None
    share = 1 - liquid.value / reserves.value
    return (
        None
        if share < MATTERS
        else (share, 1 - liquid.high / reserves.value, 1 - liquid.low / reserves.value)
    )


def gold_cover_findings(
    position: Position, covers: tuple[Estimate, ...], name: str, status: str, mature: bool
) -> tuple[Finding, ...]:
    """What is left of the covers without gold, where it is a fifth of reserves or more.

    Parameters
    ----------
    position : Position
    covers : tuple of Estimate
    name : str
        The country's name inside a sentence.
    status : str
        Monetary status; only an economy with a currency of its own is judged by the rules.
    mature : bool
        No alarm.
    """
    share = gold_share(position)
    bare = [found for one in covers if (found := without_gold(one, position)) is not None]
    if share is None or not bare or status != "own_currency":
        return ()
    missed = missed_without_gold(position, covers)
    parts = [f"{RULES[one.id].verb} {format_estimate(one)}{RULES[one.id].of.split(',')[0]}" for one in bare]
    text = (
        f"Gold made {told_share(*share)} of reserves of {name} at the end of {position.date}, and the covers count it. "
        f"Without it they {listing(parts)}"
    )
    for side, words in SIDES.items():
        named = [
            f"the usual minimum of {RULES[one.id].words.split(' (')[0]} for {AGAINST[one.id]}"
            for one in bare
            if one.id in missed and significance(one, RULES[one.id].level) == side
        ]
        if named:
            text += f"; that is {words} {listing(named)}, which they meet with it"
    severity: Severity = "notice" if share[0] > HALF or missed else "info"
    if missed and not mature:
        severity = "warning"
    return (
        Finding(
            "flight.reserves_without_gold",
            f"{text}.",
            "info" if mature else severity,
            "caveat",
            tuple(one.id for one in bare),
        ),
    )
