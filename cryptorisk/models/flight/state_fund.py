"""The state's own fund abroad: a recorded outflow that is no capital flight.

What a fund of the state buys abroad outside the reserves leaves the residual as an outflow like any other. The vintage has
no external assets by holder, so `state_funds.csv` quotes the funds one by one with the page where each was read: those of
economies with a stock of residual outflows, where the fund comes to `LEAST_OF_STOCK` of it. Funds counted in reserves
(Botswana's) are not in it.
"""

from __future__ import annotations

import datetime as dt

from cryptorisk.models.published import Published, quotations

LEAST_OF_STOCK = 0.1
"""A fund below a tenth of the stock of net outflows does not change how the stock is read."""
NEAREST_DAYS = 366
"""A figure more than a year from the end of the stock's years says nothing of it."""


def state_fund(economy: str, year: int, as_of: dt.date) -> Published | None:
    """The fund's assets nearest to the end of a year.

    Parameters
    ----------
    economy : str
        ISO code.
    year : int
    as_of : date
        Later figures are not known.

    Returns
    -------
    Published or None
        In billions of US dollars; None where no figure is near.
    """
    end = dt.date(year, 12, 31)
    known = [
        one
        for one in quotations("cryptorisk.models.flight", "state_funds.csv", "flight")
        if one.key == economy and dt.date.fromisoformat(one.date) <= as_of and _days(one, end) <= NEAREST_DAYS
    ]
    return min(known, key=lambda one: _days(one, end), default=None)


def fund_in_stock(economy: str, year: int, stock_usd: float, as_of: dt.date) -> Published | None:
    """The fund, where it makes `LEAST_OF_STOCK` of a stock of net outflows.

    Parameters
    ----------
    economy : str
    year : int
        The stock's last.
    stock_usd : float
        Outflow positive.
    as_of : date
    """
    fund = state_fund(economy, year, as_of)
    if fund is None or stock_usd <= 0 or fund.value * 1e9 < LEAST_OF_STOCK * stock_usd:
        return None
    return fund


def _days(one: Published, end: dt.date) -> int:
    return abs((dt.date.fromisoformat(one.date) - end).days)
