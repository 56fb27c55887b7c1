"""Debt that falls due within a year: the bank's own, or original maturity (a floor) and a year's debt service."""

from __future__ import annotations

import numpy as np

from cryptorisk.data.inputs import Inputs
from cryptorisk.models.flight.amount import LONGEST_CARRY_YEARS, Amount, carried, own_amount
from cryptorisk.models.flight.part import Annual, annual, merge_sources

SERVICE_YEARS = 3
"""Years of debt service whose mean stands for what falls due next."""


def short_term_debt(
    inputs: Inputs, year: int, gdp: Annual, exports: Amount | None
) -> tuple[Amount | None, bool]:
    """Debt due within a year: the bank's own, or original maturity (a floor) and a year's debt service."""
    own = own_amount(inputs, "short_term_debt_remaining_maturity_usd")
    if own is not None:
        return own, False
    # The source's ratio is to the source's own reserves, never to the bank's.
    share = annual(inputs, "short_term_debt_pct_reserves")
    reserves = annual(inputs, "reserves_usd", bank=False)
    stock = (share.by_year * reserves.by_year / 100).dropna()
    series = Annual(stock, share.sources.reindex(stock.index))
    floor = carried(series, "short_term_debt_pct_reserves", year, gdp)
    if floor is None:
        return None, True
    service = _debt_service(inputs, exports, year)
    # The floor itself is no centre: a cover of it is an upper bound.
    centre, note = float(np.sqrt(floor.low * floor.high)), "Original maturity, a floor."
    if service is not None:
        centre = floor.value + service.value
        note = (
            f"Original maturity plus debt service, {service.note}, for what falls due next; the range runs from original "
            "maturity alone to the heaviest of those years."
        )
    return Amount(
        centre,
        floor.low,
        floor.high + (service.high if service else 0.0),
        floor.year,
        merge_sources(floor.sources, service.sources if service else ()),
        (*floor.inputs, *(service.inputs if service else ())),
        note,
    ), True


def _debt_service(inputs: Inputs, exports: Amount | None, year: int) -> Amount | None:
    """Debt service at the mean ratio to exports of the last three years, with the lightest and the heaviest of them.

    One year's service holds what was repaid at once (Kenya's bond of 2 bn USD in 2024) and is no forecast of the next.
    """
    share = annual(inputs, "debt_service_pct_exports")
    known = share.by_year[(share.by_year.index <= year) & (share.by_year.index >= year - LONGEST_CARRY_YEARS)]
    if known.empty or exports is None:
        return None
    last = int(known.index[-1])
    ratios = known[known.index > last - SERVICE_YEARS]
    low, value, high = (
        float(one) / 100 * exports.value for one in (ratios.min(), ratios.mean(), ratios.max())
    )
    first = int(ratios.index[0])
    note = f"of {last}" if first == last else f"at the mean ratio to exports of {first} to {last}"
    sources = merge_sources(share.source_ids(ratios.index), exports.sources)
    return Amount(value, low, high, last, sources, ("debt_service_pct_exports", *exports.inputs), note)
