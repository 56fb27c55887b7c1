"""Table of unrecorded capital flows by year: recorded items, measures and their band."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cryptorisk.models.flight.measures import WORLD_BANK, Measures
from cryptorisk.models.flight.other_measures import HOT_MONEY, MORGAN, NDIKUMANA_BOYCE
from cryptorisk.models.flight.part import without_blanks
from cryptorisk.result import Column, Table

SHOWN = {
    "world_bank": WORLD_BANK,
    "hot_money": HOT_MONEY,
    "morgan": MORGAN,
    "ndikumana_boyce": NDIKUMANA_BOYCE,
}
"""Columns of the measures; the last two only where the bank gives what they need."""


def residual_table(measures: Measures) -> tuple[Table, ...]:
    """The table in percent of GDP; none where no measure can be computed."""
    every = measures.pct_gdp(measures.every())
    if every.empty:
        return ()
    frame = pd.DataFrame({"year": every.index})
    parts = 100 * measures.parts.div(measures.gdp.reindex(every.index), axis=0)
    for name in parts:
        frame[name] = parts[name].to_numpy(float)
    for name, label in SHOWN.items():
        frame[name] = every[label].to_numpy(float) if label in every else np.nan
    bands = [measures.band(every.loc[[year]].iloc[0], "year") for year in every.index]
    frame["low"], frame["high"] = [low for low, _high in bands], [high for _low, high in bands]
    frame["world_bank_usd_bn"] = (
        measures.usd[WORLD_BANK].to_numpy(float) / 1e9 if WORLD_BANK in measures.usd else np.nan
    )
    pct = "% of GDP"
    columns = (
        Column("year", "Year"),
        Column("debt_change", "Change in external debt", pct, 1),
        Column("direct_investment", "Net direct investment inflow", pct, 1),
        Column("current_account", "Current account", pct, 1),
        Column("reserves_change", "Change in reserves", pct, 1),
        Column("world_bank", WORLD_BANK, pct, 1),
        Column("hot_money", HOT_MONEY, pct, 1),
        *(
            Column(name, SHOWN[name], pct, 1)
            for name in ("morgan", "ndikumana_boyce")
            if SHOWN[name] in every
        ),
        Column("low", "Band, low", pct, 1),
        Column("high", "Band, high", pct, 1),
        Column("world_bank_usd_bn", WORLD_BANK, "bn USD", 2),
    )
    note = (
        "Outflow positive; a negative residual is a reversal. Changes in debt and reserves are changes of "
        "stocks in dollars and hold revaluations (currencies, gold); the band takes out up to half of "
        "both at the euro's move, holds both sources of the current account where there are two, and is never "
        "narrower than the typical band where there is one measure only."
    )
    title = "Recorded sources and uses of foreign exchange, and what they leave unexplained"
    table = Table("flight.residual", title, frame, columns, note, measures.sources)
    return (without_blanks(table, key="year", reason="the data have no figures for it"),)
