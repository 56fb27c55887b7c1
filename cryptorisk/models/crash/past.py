"""Measured falls of the past as scenarios."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cryptorisk.models.crash.scenarios import Scenario
from cryptorisk.models.crash.shocks import Shock
from cryptorisk.result import Table

DEEPEST = 5
"""Episodes taken, beside the latest one."""


def past_scenarios(tables: Mapping[str, Table]) -> list[Scenario]:
    """Bitcoin's deepest episodes, the latest one, and its worst day and 30 days, from the tables of `price_risk`.

    Parameters
    ----------
    tables : mapping of str to Table
        With ``history`` and ``worst_windows``; without them there are no scenarios.
    """
    if "history" not in tables:
        return []
    frame = tables["history"].frame
    bitcoin = frame[frame["asset"] == "Bitcoin"]
    deepest = bitcoin.nlargest(DEEPEST, "fall_pct").index
    chosen = bitcoin[bitcoin.index.isin(deepest) | (bitcoin.index == bitcoin.index.max())]
    menu = [
        Scenario(
            f"As from peak to trough in {row['episode']}",
            Shock(row["fall_pct"] / 100),
            "history",
            f"{row['days_to_trough']} days",
        )
        for row in chosen.to_dict("records")
    ]
    for row in tables["worst_windows"].frame.to_dict("records"):
        until = pd.Timestamp(row["end"]).date().isoformat()
        name = f"As in the worst {row['window']}, to {until}"
        menu.append(Scenario(name, Shock(row["fall_pct"] / 100), "history", row["window"]))
    return menu
