"""Market prices that stand still: the feed has stopped and goes on repeating its last quote."""

from __future__ import annotations

import numpy as np

from cryptorisk.data.checks.case import Case, Suspicion, suspicion
from cryptorisk.data.checks.markets import is_market_price
from cryptorisk.data.checks.wording import figure, period

RULE = "stale repeats"

LEAST_RUN = 5
"""Equal last quotes that are one too many: a week of trading days. In the kit's own vintage no price or index of a
market ends with two equal quotes."""


def stale(case: Case) -> Suspicion:
    """All but the first of a run of `LEAST_RUN` or more equal last values of a market price."""
    rows = case.fetched
    market = case.each(is_market_price).astype(bool)
    changes = np.flatnonzero(rows.first | np.r_[True, rows.value[1:] != rows.value[:-1]][: len(rows)])
    ends = np.flatnonzero(rows.last & market)
    starts = changes[np.searchsorted(changes, ends, side="right") - 1]
    reasons: dict[int, str] = {}
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        if end - start + 1 >= LEAST_RUN and not case.unchanged[start : end + 1].all():
            spec, _, source = case.described(start)
            text = (
                f"{source} repeats {figure(rows.value[start])} for {end - start + 1} days since "
                f"{period(int(rows.day[start]), spec.frequency)}: a market price that stands still is a feed that stopped."
            )
            reasons |= dict.fromkeys(range(start + 1, end + 1), text)
    return suspicion(RULE, case, reasons)
