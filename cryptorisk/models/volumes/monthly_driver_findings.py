"""Sentences on what volumes moved with, by rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cryptorisk.estimate import Estimate, interval_name, number
from cryptorisk.models.level_relation import LevelRelation
from cryptorisk.models.volumes.monthly_driver_sample import FEWEST_MONTHS, VOLUME
from cryptorisk.result import Finding
from cryptorisk.words import significance


def world_findings(
    relations: Mapping[str, LevelRelation], estimates: Sequence[Estimate]
) -> tuple[Finding, ...]:
    """How much of the world's volume in dollars is price, and which equations give nothing."""
    by = {e.id.removeprefix("volumes.drivers_price_"): e for e in estimates}
    found = []
    usd, coins = by["usd"], by["coins"]
    if usd.value is not None and coins.value is not None:
        text = (
            "Across the world a month in which bitcoin's price is 1 % higher goes, in the long run, with "
            f"{_percent(usd)} more dollars sent to exchanges, and with {_more(coins)}: "
            f"{_whose(usd.value, coins.value)}. Volatility, VIX and the dollar are held constant."
        )
        found.append(Finding("volumes.drivers", text, "info", "result", (usd.id, coins.id)))
        found.extend(_halves(relations["coins"], coins))
    for name, relation in relations.items():
        if relation.reason:
            text = f"{relation.dependent}: no long-run coefficient is given, because {relation.reason}."
            found.append(Finding(f"volumes.drivers_{name}", text, "info", "caveat", (by[name].id,)))
    return tuple(found)


def _halves(relation: LevelRelation, coins: Estimate) -> list[Finding]:
    """That the coefficient is not the same in both halves of the sample, where it is not."""
    if relation.halves is None or not relation.differs:
        return []
    first, second = (f"{number(c.value, 2)} (s.e. {number(c.se, 2)})" for c in relation.halves)
    text = (
        f"The price coefficient of volumes in coins is not the same throughout: {first} in the first half of the sample and "
        f"{second} in the second. It describes the whole sample and is no constant to forecast with."
    )
    return [Finding("volumes.drivers_halves", text, "info", "caveat", (coins.id,))]


def _percent(estimate: Estimate) -> str:
    return f"{estimate:value} % ({interval_name(estimate)} {estimate:interval})"


def _more(coins: Estimate) -> str:
    """How many more coins, by the interval's sign."""
    if significance(coins) == "above":
        return f"{_percent(coins)} more coins"
    if significance(coins) == "below":
        return f"fewer coins: {_percent(coins)}"
    return f"a number of coins that is not distinguishable from the same: {_percent(coins)}"


def _whose(usd: float, coins: float) -> str:
    if abs(coins) <= 0.25 * abs(usd):
        return "most of what looks like volume is the price itself"
    return "a part of what looks like volume is the price itself"


def country_finding(name: str, coins: Estimate) -> Finding:
    """What the country's own volume, in coins, moved with."""
    if coins.value is None:
        text = f"What volumes in {name} moved with cannot be said: {coins.reason}."
        return Finding("volumes.country_drivers", text, "notice", "caveat", (coins.id,))
    text = (
        f"In {name}, by the institution's own series, a price of bitcoin that is 1 % higher goes in the long run "
        f"with {_more(coins)}, traded peer to peer; the volume in dollars contains the price."
    )
    return Finding("volumes.country_drivers", text, "notice", "result", (coins.id,))


def no_country_finding(name: str, reason: str) -> Finding:
    """That nothing is estimated for the country, why, and what would change it."""
    text = (
        f"What volumes in {name} moved with is not estimated: {reason}. {FEWEST_MONTHS} months of {VOLUME} can be given "
        "in a file of the institution's own; five yearly points of a vendor carry no regression."
    )
    return Finding("volumes.country_drivers", text, "info", "data")
