"""Imports and exports of the reserves' year: published, by their ratio to GDP, carried, or the Factbook's."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from cryptorisk.data.inputs import Inputs
from cryptorisk.models.flight.amount import Amount, carried
from cryptorisk.models.flight.drift import EXPORTS, IMPORTS, drift
from cryptorisk.models.flight.part import Annual, annual, merge_sources

FACTBOOK = "cia_factbook"


def trade_of(inputs: Inputs, side: Literal["imports", "exports"], year: int, gdp: Annual) -> Amount | None:
    """Trade of the reserves' year: in dollars, by its ratio to GDP, carried, or the Factbook's."""
    usd_id, pct_id = f"{side}_gs_usd", f"{side}_pct_gdp"
    published = annual(inputs, usd_id)
    if year in published.by_year.index:
        return carried(published, usd_id, year, gdp)
    share = annual(inputs, pct_id)
    if year in share.by_year.index and year in gdp.by_year.index:
        value = float(share.by_year[year] * gdp.by_year[year]) / 100
        sources = merge_sources(share.source_ids([year]), gdp.source_ids([year]))
        return Amount(value, value, value, year, sources, (pct_id, "gdp_usd"))
    older = carried(published, usd_id, year, gdp)
    if older is not None:
        return _drifting(older, share, side, year, gdp)
    rough = carried(annual(inputs, usd_id, only=(FACTBOOK,)), usd_id, year, gdp)
    note = "The CIA World Factbook's figure, for want of a recent one from the World Bank."
    return None if rough is None else replace(rough, note=f"{note} {rough.note}".strip())


def _drifting(
    last: Amount, share: Annual, side: Literal["imports", "exports"], year: int, gdp: Annual
) -> Amount:
    """An older figure on trade, in dollars and in proportion to GDP, with the drift of such ratios in the range.

    Of imports the larger is the centre: a cover must not look high because the last dollar figure is old.
    """
    known = share.by_year[(share.by_year.index <= year) & (share.by_year.index >= last.year)]
    ends, newest = [last.low, last.high], last.year
    inputs_used, sources, note = last.inputs, last.sources, f"{side.capitalize()} of {last.year}"
    if not known.empty and year in gdp.by_year.index:
        newest = int(known.index[-1])
        ends.append(float(known.iloc[-1] * gdp.by_year[year]) / 100)
        inputs_used = (*inputs_used, f"{side}_pct_gdp")
        sources = merge_sources(sources, share.source_ids([newest]), gdp.source_ids([year]))
    calibration = IMPORTS if side == "imports" else EXPORTS
    low, high = drift(share.by_year[share.by_year.index <= newest], year - newest, calibration)
    return Amount(
        max(ends) if side == "imports" else last.value,
        low * min(ends),
        high * max(ends),
        last.year,
        sources,
        inputs_used,
        f"{note} as they were and in proportion to GDP{', the larger is the centre' if side == 'imports' else ''}; the "
        "range has the drift of such ratios.",
    )
