"""Histories that shrink: a source that gives much less than last time has most likely answered in part."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from cryptorisk.data.checks.case import Case, Ints, Suspicion, of_blocks
from cryptorisk.data.checks.wording import period

RULE = "history lost"

KEPT_SHARE = 0.8
"""Of the previous periods: revisions now and then withdraw single years; a fifth of a history at once is an answer cut
short, a renamed indicator or a narrower query."""

LONG_ENOUGH = 8
"""Periods from which a share means something: of a handful, one withdrawn year is already a fifth."""

NAMED = 5
"""Economies that a note names."""


def history_lost(case: Case) -> Suspicion:
    """Blocks that cover fewer than `KEPT_SHARE` of the periods that the same source had in the previous vintage."""
    rows, old = case.fetched, case.previous
    heads = np.flatnonzero(rows.first)
    given = np.isin(old.key, rows.key)
    blocks, counts, kept = _counts(old.block, given)
    place = np.searchsorted(blocks, rows.block[heads]).clip(max=max(0, len(blocks) - 1))
    reasons: dict[int, str] = {}
    withdrawn: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for number in _fewer(rows.block[heads], blocks, counts, kept, place):
        at, head = int(place[number]), int(heads[number])
        had, has = int(counts[at]), int(kept[at])
        spec, country, source = case.described(head)
        if had >= LONG_ENOUGH and has < KEPT_SHARE * had:
            block = slice(*np.searchsorted(old.block, [blocks[at], blocks[at] + 1]))
            lost = old.day[block][~given[block]]
            span = f"{period(lost.min(), spec.frequency)} to {period(lost.max(), spec.frequency)}"
            reasons[number] = (
                f"{source} withdrew {had - has} of the {had} periods that the previous vintage has of {spec.id} for "
                f"{country} ({span}): the answer looks cut short, and the previous figures stay."
            )
        else:
            withdrawn[spec.id, source][country] = had - has
    return of_blocks(RULE, case, reasons, _notes(withdrawn))


def _fewer(wanted: Ints, blocks: Ints, counts: Ints, kept: Ints, place: Ints) -> list[int]:
    """Numbers of the fetched blocks that lack any previous period."""
    if not len(blocks):
        return []
    lacking = (blocks[place] == wanted) & (kept[place] < counts[place])
    return [int(number) for number in np.flatnonzero(lacking)]


def _counts(block: Ints, given: np.ndarray) -> tuple[Ints, Ints, Ints]:
    """Blocks of the previous figures, their periods, and how many of these came again."""
    blocks, place, counts = np.unique(block, return_inverse=True, return_counts=True)
    kept = np.bincount(place, weights=given, minlength=len(blocks)).astype(np.int64)
    return blocks, counts.astype(np.int64), kept


def _notes(withdrawn: dict[tuple[str, str], dict[str, int]]) -> tuple[str, ...]:
    notes = []
    for (series, source), by_country in sorted(withdrawn.items()):
        names = ", ".join(sorted(by_country)[:NAMED]) + (" and others" if len(by_country) > NAMED else "")
        count = sum(by_country.values())
        figures = "figure" if count == 1 else "figures"
        notes.append(f"{source} no longer gives {count} earlier {figures} of {series} ({names}).")
    return tuple(notes)
