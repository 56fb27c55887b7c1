"""The exposure limit of SCO60 as the chapter shows it: what it would do at its edges, and what it says of the banks."""

from __future__ import annotations

import pandas as pd

from cryptorisk.models.crash.scenarios import Scenario
from cryptorisk.result import Column, Finding, Table
from cryptorisk.rules import sco60

LIMIT_CASES = (
    ("At 1 % of Tier 1: not above the lower limit", 1.0),
    ("At 2 % of Tier 1: not above the upper limit", 2.0),
    ("At 2.1 % of Tier 1: above the upper limit", 2.1),
)


def limit_finding(rule: sco60.Sco60, hidden: bool) -> Finding:
    """What the limit says of the banks; in words alone when a figure behind it is confidential.

    Parameters
    ----------
    rule : Sco60
    hidden : bool
        Whether exposure or Tier 1 capital is confidential.
    """
    basis = ("crash.bank_exposure_pct_tier1",)
    later = "" if rule.in_force else " (the standard applies from 1 January 2026 on)"
    share = "" if hidden else f" of {100 * rule.share:.2f} % of Tier 1"
    text = f"Banks' Group 2 crypto exposure{share} is {sco60.IN_WORDS[rule.status]}{later}"
    if rule.status == "breach":
        text += ", the limit: all of it takes a risk weight of 1250 %, capital equal to the exposure."
        return Finding("crash.sco60", text, "alert", "result", basis)
    if rule.status == "notify":
        text += ": supervisors are to be told, and the excess over 1 % takes a risk weight of 1250 %."
        return Finding("crash.sco60", text, "warning", "result", basis)
    return Finding("crash.sco60", f"{text}.", "info", "result", basis)


def limit_table(scenario: Scenario) -> Table:
    """``crash.bank_limits``: loss, penalised part and risk-weighted assets at the limits, by both readings."""
    rows = []
    for name, share in LIMIT_CASES:
        rule = sco60.assess(share, 100.0)
        rows.append((name, share * scenario.price_drop, rule.penalised, rule.rwa, rule.rwa_if_all_2b))
    return Table(
        "crash.bank_limits",
        f"Banks at the exposure limit of SCO60: {scenario.name}",
        pd.DataFrame(rows, columns=["case", "loss", "penalised", "rwa", "rwa_all"]),
        (
            Column("case", "If exposure stood"),
            Column("loss", "Loss", "% of Tier 1", 2),
            Column("penalised", "Under 1250 % by the limit", "% of Tier 1", 2),
            Column("rwa_all", "Risk-weighted assets: all at 1250 %", "% of Tier 1", 2),
            Column("rwa", "The limit alone, only if hedged", "% of Tier 1", 2),
        ),
        note=(
            "Arithmetic of BCBS d545 as amended in July 2024, SCO60.116 to 60.119, in force from 1 January 2026 where a "
            "jurisdiction has adopted it. Whether this one has is not in the vintage. Unhedged, all of it takes 1250 % at "
            "any size (Group 2b; Group 2a charges the whole net position too). By the limit alone what it leaves carries "
            "no weight here, which only hedged positions of Group 2a come near. Before the loss."
        ),
    )
