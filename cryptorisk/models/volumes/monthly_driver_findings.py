"""Sentences on what volumes moved with, by rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cryptorisk.estimate import Estimate, interval_name, number
from cryptorisk.models.level_relation import LevelRelation, p_text
from cryptorisk.models.volumes.monthly_driver_sample import FEWEST_MONTHS
from cryptorisk.result import Finding, Table
from cryptorisk.words import significance


def world_findings(
    relations: Mapping[str, LevelRelation], estimates: Sequence[Estimate], table: Table
) -> tuple[Finding, ...]:
    """How much of the world's volume in dollars is price, and which equations give nothing.

    Where a coefficient is not the same in both halves of the sample, the sentence has the halves and not the whole.
    """
    by = {e.id.removeprefix("volumes.drivers_price_"): e for e in estimates}
    usd, coins = relations["usd"], relations["coins"]
    found = []
    if not usd.reason and not coins.reason:
        text = (
            f"Volume in dollars is mostly price. Across the world bitcoin sent to exchanges goes, in the long run, "
            f"{_dollars(usd, by['usd'])}; {_coins(coins, by['coins'], adjusted(table, coins))}. Volatility, the VIX and "
            "the dollar are held constant; a volume in dollars contains the price by arithmetic."
        )
        found.append(Finding("volumes.drivers", text, "info", "result", (by["usd"].id, by["coins"].id)))
    for name, relation in relations.items():
        if relation.reason:
            text = f"{relation.dependent}: no long-run coefficient is given, because {relation.reason}."
            found.append(Finding(f"volumes.drivers_{name}", text, "info", "caveat", (by[name].id,)))
    return tuple(found)


def _dollars(relation: LevelRelation, usd: Estimate) -> str:
    """How the volume in dollars goes with the price."""
    ends = [half.value for half in relation.halves or ()] if usd.value is None else [usd.value]
    about = "about one for one " if all(abs(end - 1) <= ONE_FOR_ONE for end in ends) else ""
    if usd.value is not None:
        return f"{about}with its price in dollars (1 % with {_percent(usd)})"
    return f"{about}with its price in dollars (1 % with {_halves(relation)})"


def _coins(relation: LevelRelation, coins: Estimate, p: str) -> str:
    """How the volume in coins goes with the price."""
    if coins.value is None:
        return f"in coins there is no stable relation ({_halves(relation)}; over the whole sample {p})"
    if significance(coins) == "not distinguishable from":
        return f"in coins no relation is distinguishable: 1 % with {_percent(coins)}, {p}"
    return f"in coins 1 % goes with {_percent(coins)}, {p}"


def _halves(relation: LevelRelation) -> str:
    first, second = (number(half.value, 2) for half in relation.halves or ())
    return f"{first} % in the first half of the sample, {second} % in the second"


ONE_FOR_ONE = 0.25
"""How far from one an elasticity may lie to be called about one for one."""


def adjusted(table: Table, relation: LevelRelation, coarse: bool = False) -> str:
    """The p-value of the first driver's coefficient, adjusted for all of the table: ``p = 0.080, adjusted for 12 ...``.

    Parameters
    ----------
    table : Table
        Of `cryptorisk.models.level_relation_tables.coefficients_table`.
    relation : LevelRelation
        One of its equations.
    coarse : bool
        To one digit.
    """
    rows, driver = table.frame, next(iter(relation.drivers.values()))
    found = rows[(rows["dependent"] == relation.dependent) & (rows["driver"] == driver)]["p"]
    count = int(rows["p"].notna().sum())
    return f"{p_text(float(found.iloc[0]), coarse)}, adjusted for {count} coefficients by Holm's procedure"


def _percent(estimate: Estimate) -> str:
    return f"{estimate:value} % ({interval_name(estimate)} {estimate:interval})"


def _more(coins: Estimate) -> str:
    """How many more coins, by the interval's sign."""
    if significance(coins) == "above":
        return f"{_percent(coins)} more coins"
    if significance(coins) == "below":
        return f"fewer coins: {_percent(coins)}"
    return f"a number of coins that is not distinguishable from the same: {_percent(coins)}"


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
        f"What volumes in {name} moved with is not estimated: {reason}. {FEWEST_MONTHS} months of a volume of the "
        "institution's own (peer-to-peer trade, say) would do; five yearly points of a vendor carry no regression."
    )
    return Finding("volumes.country_drivers", text, "info", "data")
