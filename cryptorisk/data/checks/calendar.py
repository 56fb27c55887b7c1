"""Crypto-assets trade every day: a price without weekends is the price of something else."""

from __future__ import annotations

import numpy as np

from cryptorisk.data.checks.case import Case, Suspicion, of_blocks
from cryptorisk.data.checks.markets import crypto_asset

RULE = "calendar"

WINDOW_DAYS = 730
"""The last two years: early quotes of small assets have holes, recent ones have none."""

LEAST_WEEKEND_DAYS = 8
"""Four weekends: of fewer, an outage may explain the gap."""

SHARE = 0.5
"""A price of a market with weekends off has none of them; an honest feed lacks a few."""

_SATURDAY_SHIFT = 3
"""1970-01-01 was a Thursday: days since then plus three, modulo seven, are counted from Monday."""


def weekends_missing(case: Case) -> Suspicion:
    """Blocks of daily crypto prices that lack most weekend days of the last two years of their history."""
    rows = case.fetched
    crypto = case.each(lambda spec: bool(crypto_asset(spec, case.known))).astype(bool)
    reasons: dict[int, str] = {}
    for number in np.unique(rows.number[crypto & case.new_blocks & ~rows.undated]).tolist():
        first, end = np.searchsorted(rows.number, [number, number + 1])
        days = rows.day[first:end]
        days = np.unique(days[days > days.max() - WINDOW_DAYS])
        due = int(_is_weekend(np.arange(days.min(), days.max() + 1)).sum())
        there = int(_is_weekend(days).sum())
        if due >= LEAST_WEEKEND_DAYS and there < SHARE * due:
            spec, _, source = case.described(int(first))
            reasons[number] = (
                f"{source} has {there} of the {due} Saturdays and Sundays of the last two years of {spec.id}, and a "
                "crypto-asset trades on all of them: this is the price of something else."
            )
    return of_blocks(RULE, case, reasons)


def _is_weekend(days: np.ndarray) -> np.ndarray:
    return (days + _SATURDAY_SHIFT) % 7 >= 5
