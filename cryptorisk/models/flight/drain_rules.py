"""Every rule after a drain, and the drain that brings reserves down to it: in dollars and as a share of money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from cryptorisk.estimate import number
from cryptorisk.models.flight.adequacy import Adequacy, row_name
from cryptorisk.models.flight.encumbrance import NOTE
from cryptorisk.models.flight.part import merge_sources
from cryptorisk.models.flight.position import Position
from cryptorisk.models.flight.scenario import SCENARIO, Drain, told_share
from cryptorisk.result import Column, Table
from cryptorisk.rules.ara import (
    BROAD_MONEY_PCT,
    MONTHS_OF_IMPORTS,
    QUOTED,
    SHORT_TERM_DEBT_PCT,
    drain_to_level,
)

ALREADY = "below already"


@dataclass(frozen=True)
class Rule:
    """A rule as ``factor * (R - D) / (denominator - drained D)`` against ``minimum``, in ``unit``."""

    label: str
    denominator: float
    factor: float
    minimum: float
    unit: str
    drained: float = 0.0

    def after(self, reserves: float, drain: float) -> float | None:
        """Cover after a drain; None where the drain exceeds reserves or what the denominator can lose."""
        left = self.denominator - self.drained * drain
        return self.factor * (reserves - drain) / left if left > 0 and drain <= reserves else None

    def reverse(self, reserves: float) -> float | None:
        """The drain that brings cover down to the minimum; None if it is below already."""
        return drain_to_level(reserves, self.denominator, self.minimum / self.factor, self.drained)


def rules_of(position: Position, adequacy: Adequacy | None) -> tuple[Rule, ...]:
    """The rules whose denominator is known, the metric under each row of weights."""
    found = []
    if position.imports is not None:
        found.append(Rule("Months of imports", position.imports.value, 12.0, MONTHS_OF_IMPORTS, "months"))
    if position.short_term_debt is not None and position.short_term_debt.value > 0:
        found.append(
            Rule("Short-term external debt", position.short_term_debt.value, 100.0, SHORT_TERM_DEBT_PCT, "%")
        )
    if position.broad_money is not None:
        found.append(Rule("Broad money", position.broad_money.value, 100.0, BROAD_MONEY_PCT, "%", 1.0))
    for (regime, controls), metric in adequacy.by_row if adequacy else ():
        open_ = adequacy.row.rows if adequacy else ()
        mark = "" if (regime, controls) not in open_ else " (used)" if len(open_) == 1 else " (open)"
        label = f"IMF's metric, {row_name(regime, controls)}{mark}"
        found.append(Rule(label, metric.total, 100.0, 100.0, "%", metric.weights.broad_money))
    return tuple(found)


def rules_table(cases: Mapping[float, Drain], central: Drain) -> Table | None:
    """Cover before and after each drain, and the reverse stress; None where no rule's denominator is known.

    Parameters
    ----------
    cases : mapping of float to Drain
        By the share that leaves, without nought; central drain of each.
    central : Drain

    Returns
    -------
    Table or None
    """
    position, reserves = central.position, central.reserves
    money = position.broad_money.value if position.broad_money else 0.0
    # The rule that breaks first comes first; those that reserves miss already before it.
    found = sorted(rules_of(position, central.adequacy), key=lambda rule: rule.reverse(reserves) or 0.0)
    rows = [_row(rule, reserves, cases, money, central.share.value * money) for rule in found]
    if not rows:
        return None
    drains = tuple(Column(_name(share), f"After {told_share(share)} % leaves") for share in cases)
    columns = (
        Column("rule", "Reserves in"),
        Column("minimum", "Minimum"),
        Column("before", "Before"),
        *drains,
        Column("reverse", "Drain that brings it to the minimum", "bn USD"),
        Column("of_money", "The same", "% of broad money"),
        Column("of_accessible", "The same", "% of accessible money"),
    )
    note = (
        f"{SCENARIO} Central values; the ranges stand with the estimates. A drain cuts broad money, and with it the metric "
        f"by its weight of broad money ({QUOTED}). More than 100 % of accessible money: not within reach of such a "
        "drain. Short-term debt as in the table of the rules."
    )
    if position.encumbered:
        note = f"{NOTE} {note}"
    sources = merge_sources(
        *(part.sources for part in (position.reserves, position.imports, position.short_term_debt) if part),
        central.usd.sources,
        central.adequacy.sources if central.adequacy else (),
    )
    frame = pd.DataFrame(rows, columns=[c.name for c in columns])
    return Table(
        "flight.drain_rules", "The rules after a drain, and the drain to each", frame, columns, note, sources
    )


def _name(share: float) -> str:
    return f"after_{share:g}"


def _row(
    rule: Rule, reserves: float, cases: Mapping[float, Drain], money: float, accessible: float
) -> dict[str, str]:
    digits = 1 if rule.unit == "months" else 0
    unit = " months" if rule.unit == "months" else " %"

    def told(value: float | None) -> str:
        if value is None:
            return "reserves exhausted"
        # A cover just off its minimum is not written as the minimum.
        hidden = value != rule.minimum and number(value, digits) == number(rule.minimum, digits)
        return f"{number(value, digits + hidden)}{unit}"

    reverse = rule.reverse(reserves)
    return {
        "rule": rule.label,
        "minimum": told(rule.minimum),
        "before": told(rule.after(reserves, 0.0)),
        **{_name(share): told(rule.after(reserves, case.usd.value)) for share, case in cases.items()},
        "reverse": ALREADY if reverse is None else number(reverse / 1e9, 2),
        "of_money": _share(reverse, money),
        "of_accessible": _share(reverse, accessible),
    }


def _share(amount: float | None, of: float) -> str:
    if amount is None or of <= 0:
        return "\u2013"
    return number(100 * amount / of, 1 if amount < of else 0)
