"""Debt that falls due within a year: the bank's own, a published figure, or original maturity and debt service."""

from __future__ import annotations

import numpy as np

from cryptorisk.data.inputs import Inputs
from cryptorisk.models.flight.amount import LONGEST_CARRY_YEARS, Amount, carried, own_amount
from cryptorisk.models.flight.foreign_trade import FACTBOOK
from cryptorisk.models.flight.part import Annual, annual, merge_sources
from cryptorisk.models.flight.remaining_maturity import beyond_service, published_at

SERVICE_YEARS = 3
"""Years of debt service whose mean stands for what falls due next."""


def short_term_debt(
    inputs: Inputs, year: int, gdp: Annual, exports: Amount | None
) -> tuple[Amount | None, bool]:
    """Debt due within a year, and whether it was put together from a floor.

    The bank's own figure, else one published by remaining maturity (`remaining_maturity`), else `put_together`.
    """
    own = own_amount(inputs, "short_term_debt_remaining_maturity_usd")
    if own is None:
        own = published_at(inputs.country, year, inputs.as_of)
    if own is not None:
        return own, False
    return put_together(inputs, year, gdp, exports), True


def put_together(inputs: Inputs, year: int, gdp: Annual, exports: Amount | None) -> Amount | None:
    """Original maturity, a floor, and a mean year's debt service.

    Debt service has neither deposits of non-residents nor trade credit that roll over: the upper end goes as far beyond it
    as published figures do (`beyond_service`), and at least to the heaviest of the years.
    """
    # The source's ratio is to the source's own reserves, never to the bank's.
    share = annual(inputs, "short_term_debt_pct_reserves")
    reserves = annual(inputs, "reserves_usd", bank=False)
    stock = (share.by_year * reserves.by_year / 100).dropna()
    series = Annual(stock, share.sources.reindex(stock.index))
    floor = carried(series, "short_term_debt_pct_reserves", year, gdp)
    if floor is None:
        return None
    service = _debt_service(inputs, exports, year)
    debt = carried(annual(inputs, "external_debt_usd", without=FACTBOOK), "external_debt_usd", year, gdp)
    beyond = beyond_service(
        floor.high, None if debt is None else debt.high, None if service is None else service.value
    )
    high = floor.high + max(beyond, 0.0 if service is None else service.high)
    # The floor itself is no centre: a cover of it is an upper bound.
    centre, note = float(np.sqrt(floor.low * high)), "Original maturity, a floor."
    if service is not None:
        centre = floor.value + service.value
        note = (
            f"Original maturity plus debt service, {service.note}, for what falls due next. Deposits of non-residents and "
            "trade credit that roll over are in no debt service: the range runs from original maturity alone to the "
            "heaviest of those years or, where more, to the most that published figures by remaining maturity have on top."
        )
    used = [part for part in (floor, service, debt) if part is not None]
    return Amount(
        centre,
        floor.low,
        high,
        floor.year,
        merge_sources(*(part.sources for part in used)),
        tuple(dict.fromkeys(name for part in used for name in part.inputs)),
        note,
    )


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
