"""Tables of reserve adequacy: the rules, and the parts of the IMF's metric under each row of weights."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from cryptorisk.estimate import Estimate
from cryptorisk.models.flight.adequacy import Adequacy, row_name
from cryptorisk.models.flight.part import merge_sources
from cryptorisk.models.flight.position import Position
from cryptorisk.result import Column, Severity, Table
from cryptorisk.rules import ara as rule
from cryptorisk.words import significance


class Rule(NamedTuple):
    """Lower bound of a rule, its words, how reserves are set against it, severity of lying below with the range."""

    level: float
    words: str
    verb: str
    of: str
    severity: Severity


RULES: dict[str, Rule] = {
    "flight.import_cover_months": Rule(rule.MONTHS_OF_IMPORTS, "three months", "pay for", "", "alert"),
    "flight.reserves_to_broad_money": Rule(
        rule.BROAD_MONEY_PCT, "20 % (for flight by residents)", "equal", "", "warning"
    ),
    "flight.reserves_to_short_term_debt": Rule(
        rule.SHORT_TERM_DEBT_PCT,
        "100 %",
        "cover",
        " of the external debt that falls due within a year",
        "alert",
    ),
    "flight.reserves_to_ara": Rule(
        rule.ADEQUATE_PCT[0],
        "100 % (100 to 150 % counts as adequate)",
        "reach",
        " of the IMF's reserve-adequacy metric (ARA), which adds up what exports, deposits and foreign debt could "
        "draw from reserves",
        # The weights were not read in the primary source: no alarm rests on them.
        "notice",
    ),
}
"""The usual rules; the IMF's metric has an adequate range, of which the lower end is the bound."""
AGAINST = {
    "flight.import_cover_months": "imports",
    "flight.reserves_to_broad_money": "broad money",
    "flight.reserves_to_short_term_debt": "short-term debt",
    "flight.reserves_to_ara": "the IMF's metric",
}
"""What a cover is of, in few words."""


def metrics_table(estimates: tuple[Estimate, ...]) -> Table:
    """Measures of reserves beside their rules; the first estimate is the amount of reserves itself."""
    rows = []
    for one in estimates[1:]:
        level, text = RULES[one.id].level, RULES[one.id].words
        rows.append(
            {
                "label": one.label,
                "value": f"{one:value}" if one.available else f"n.a.: {one.reason}",
                "interval": f"{one:interval}" if one.low is not None else "\u2013",
                "rule": f"{text}; {rule.QUOTED}" if one.id == "flight.reserves_to_ara" else text,
                "verdict": significance(one, level) if one.available else "\u2013",
                "date": one.date or "\u2013",
            }
        )
    columns = (
        Column("label", "Measure"),
        Column("value", "Value"),
        Column("interval", "Range"),
        Column("rule", "Rule"),
        Column("verdict", "Against the rule's lower bound"),
        Column("date", "Period"),
    )
    sources = merge_sources(*(one.sources for one in estimates))
    note = (
        "Reserves are gross and hold gold: what is pledged, or owed to domestic banks in foreign "
        "currency, is not deducted. Ranges are of assumptions, without a probability. Rules: "
        "Greenspan-Guidotti for short-term debt; the others as in the IMF's Guidance Note of June 2016. "
        "Low-income economies without market access are assessed on months of imports and cost and "
        "benefit, not on the metric; commodity exporters add a buffer for the terms of trade."
    )
    return Table(
        "flight.reserve_metrics",
        "Reserves against the usual rules",
        pd.DataFrame(rows),
        columns,
        note,
        sources,
    )


def components_table(position: Position, adequacy: Adequacy) -> Table:
    """The metric's parts under the four rows of weights."""
    reserves = position.reserves.value if position.reserves else 0.0
    mark = " (used)" if len(adequacy.row.rows) == 1 else " (open)"
    rows = []
    for (regime, controls), metric in adequacy.by_row:
        used = (regime, controls) in adequacy.row.rows
        weights = metric.weights
        rows.append(
            {
                "row": row_name(regime, controls)
                + (mark if used else "")
                + (f" ({rule.QUOTED})" if (regime, controls) != ("floating", False) else ""),
                "weights": " / ".join(
                    f"{100 * w:g}"
                    for w in (
                        weights.exports,
                        weights.broad_money,
                        weights.short_term_debt,
                        weights.other_liabilities,
                    )
                ),
                "exports": metric.exports / 1e9,
                "broad_money": metric.broad_money / 1e9,
                "short_term_debt": metric.short_term_debt / 1e9,
                "other_liabilities": metric.other_liabilities / 1e9,
                "metric": metric.total / 1e9,
                "coverage": metric.coverage_pct(reserves),
            }
        )
    bn = "bn USD"
    columns = (
        Column("row", "Row of weights"),
        Column("weights", "Weights", "%, in the order of the columns"),
        Column("exports", "Exports", bn, 2),
        Column("broad_money", "Broad money", bn, 2),
        Column("short_term_debt", "Short-term debt", bn, 2),
        Column("other_liabilities", "Other liabilities", bn, 2),
        Column("metric", "Metric", bn, 1),
        Column("coverage", "Reserves to metric", "%", 0),
    )
    row = adequacy.row
    note = (
        "ARA: the IMF's reserve-adequacy metric. "
        f"Regime: {row.regime_why}. Controls: {row.controls_why}. Rule: {rule.SOURCE}. The fixed rows and the "
        f"rows with controls have {rule.QUOTED}: they remain to be confirmed in the note itself. "
        + ("" if adequacy.split_known else "Short-term debt is taken at the usual share of external debt. ")
        + ara_note(adequacy)
    )
    title = "The metric's weighted parts under each row of weights"
    return Table("flight.ara_components", title, pd.DataFrame(rows), columns, note, adequacy.sources)


def ara_note(adequacy: Adequacy) -> str:
    """What the centre is, and what stands for the metric's other liabilities."""
    return f"{_centre(adequacy)}{_other_liabilities(adequacy)}"


def _centre(adequacy: Adequacy) -> str:
    if len(adequacy.row.rows) == 1:
        return ""
    return "Where rows are open the centre is the mean of their weights. "


def _other_liabilities(adequacy: Adequacy) -> str:
    if adequacy.other_is_own:
        return "Other liabilities are the bank's own figure."
    return (
        "Other liabilities are approximated by external debt without short-term debt: portfolio equity is "
        "left out (cover then looks too high), loans between affiliates are counted (too low)."
    )
