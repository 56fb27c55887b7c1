"""Table of residual capital flows by year: recorded items, measures and their bands."""

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
BANDS = {WORLD_BANK: ("low", "high"), HOT_MONEY: ("hot_low", "hot_high")}


def _band(measures: Measures, values: pd.Series, measure: str) -> tuple[float, float]:
    known = values.dropna()
    return measures.band(known, "year", measure) if measure in known else (np.nan, np.nan)


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
    recorded = 100 * measures.recorded().div(measures.gdp)
    frame["recorded"] = recorded.reindex(every.index).to_numpy(float)
    for measure, ends in BANDS.items():
        bands = [_band(measures, every.loc[year], measure) for year in every.index]
        for end, values in zip(ends, zip(*bands, strict=True), strict=True):
            frame[end] = values
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
        Column("hot_money", f"of which unrecorded ({HOT_MONEY.lower()})", pct, 1),
        Column("recorded", "of which recorded", pct, 1),
        *(
            Column(name, SHOWN[name], pct, 1)
            for name in ("morgan", "ndikumana_boyce")
            if SHOWN[name] in every
        ),
        Column("low", f"{WORLD_BANK}, low", pct, 1),
        Column("high", f"{WORLD_BANK}, high", pct, 1),
        Column("hot_low", f"{HOT_MONEY}, low", pct, 1),
        Column("hot_high", f"{HOT_MONEY}, high", pct, 1),
        Column("world_bank_usd_bn", WORLD_BANK, "bn USD", 2),
    )
    note = (
        "Outflow positive; a negative residual is a reversal. The World Bank residual holds what is recorded elsewhere in "
        "the financial account and what is not recorded at all (errors and omissions, hot money). Reserves without what "
        "gold's price did where the holding is known. Bands stay within one measure: they take out up to half of debt and "
        "reserves at the euro's move, hold both sources of the current account where there are two, and are never "
        "narrower than is usual."
    )
    title = "Sources and uses of foreign exchange, and the residual flows"
    table = Table("flight.residual", title, frame, columns, note, measures.sources)
    return (without_blanks(table, key="year", reason="the data have no figures for it"),)
