"""Dates given twice: the same row again is one row; two figures for one period are none."""

from __future__ import annotations

import numpy as np

from cryptorisk.data.checks.case import Case, Mask, Suspicion, after, suspicion
from cryptorisk.data.checks.wording import figure, period
from cryptorisk.words import listing

RULE = "duplicates"


def repeated(case: Case) -> Mask:
    """Rows that say again what the row before says: the same series, country, date, value and source."""
    rows = case.fetched
    value = rows.value
    same = (value[1:] == value[:-1]) | (np.isnan(value[1:]) & np.isnan(value[:-1]))
    return after((rows.key[1:] == rows.key[:-1]) & same, False)[: len(rows)]


def conflicts(case: Case) -> Suspicion:
    """Figures that contradict each other: none of them can be believed."""
    rows = case.fetched
    reasons: dict[int, str] = {}
    _, starts, counts = np.unique(rows.key, return_index=True, return_counts=True)
    for start in starts[counts > 1].tolist():
        count = int(np.searchsorted(rows.key, rows.key[start], side="right")) - start
        spec, _, source = case.described(start)
        values = [figure(value) for value in rows.value[start : start + count].tolist()]
        when = period(int(rows.day[start]), spec.frequency)
        text = f"{source} gives {count} figures for {when}, {listing(values)}: none of them can be told to be right."
        reasons |= dict.fromkeys(range(start, start + count), text)
    return suspicion(RULE, case, reasons)
