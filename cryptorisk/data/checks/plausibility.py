"""Judging what a source gave before it enters a vintage: every figure is accepted or quarantined with a sentence.

The rules stand in modules of their own and are asked in turn; a figure is quarantined by the first that suspects it
and no longer counts for the rules after it. A figure that the previous vintage has already was judged when it came
in: it is suspected again only by what has come since.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cryptorisk.countries import Redenomination
from cryptorisk.data.catalogue import Catalogue
from cryptorisk.data.checks import (
    bases,
    calendar,
    duplicates,
    history,
    impossible,
    jumps,
    levels,
    parallel,
    redenominations,
    repeats,
    runs,
    shadows,
    units,
)
from cryptorisk.data.checks.breaks import Break
from cryptorisk.data.checks.case import Case, Floats, Mask, Suspicion, build
from cryptorisk.data.checks.redenominations import listed
from cryptorisk.data.observation import KEY

ORDER = (*KEY, "value")
"""How the frames of a judgement are sorted."""

RULES: tuple[Callable[[Case], Suspicion], ...] = (
    history.history_lost,
    units.units,
    levels.levels,
    parallel.parallel,
    calendar.weekends_missing,
    duplicates.conflicts,
    impossible.impossible,
    redenominations.old_units,
    repeats.stale,
    jumps.jumps,
    runs.runs,
    shadows.shadows,  # by what is left when the others have spoken
    bases.bases,
)
"""In the order in which they are asked: what concerns the whole answer first, single figures last."""

OF_SINGLE_FIGURES = (impossible.RULE, repeats.RULE, jumps.RULE)
"""Rules whose suspicion falls on the figure itself and not on how it came: if the previous vintage has the same
figure, it is as wrong there."""


@dataclass(frozen=True, eq=False)
class Judgement:
    """What became of the figures that came.

    Attributes
    ----------
    accepted : DataFrame
        The columns country, series, date, value, source; sorted by `ORDER`.
    quarantined : DataFrame
        The same and rule, reason (a sentence with figures), previous_value (what the same source gave for the period
        in the previous vintage; NaN for nothing).
    superseded : DataFrame
        Figures of the previous vintage (the five columns) that must not be carried over: a figure since found wrong
        (the same that is quarantined now), or one on the old base of an index that came on a new one.
    notes : tuple of str
        Sentences on what was seen and let pass.
    breaks : tuple of Break
        Of what was let pass, what reports must tell.
    """

    accepted: pd.DataFrame
    quarantined: pd.DataFrame
    superseded: pd.DataFrame
    notes: tuple[str, ...]
    breaks: tuple[Break, ...]


def judge(
    fetched: pd.DataFrame,
    previous: pd.DataFrame,
    known: Catalogue,
    date: dt.date,
    *,
    redenominations: Mapping[str, Sequence[Redenomination]] | None = None,
    beside: pd.DataFrame | None = None,
) -> Judgement:
    """Judge the answer of a source, or of one of its tasks.

    Nothing is lost: what is accepted and what is quarantined make up the fetched rows, less the repeated ones.

    Parameters
    ----------
    fetched : DataFrame
        Columns country, series, date (datetime64), value, source, in any order of rows.
    previous : DataFrame
        The rows of the same series and economies in the previous vintage, of all sources; the same columns. Where only
        a part of the history was asked for, only that part, because what it has beyond counts as withdrawn.
    known : Catalogue
    date : datetime.date
        Day of the refresh; figures dated later are impossible.
    redenominations : mapping of str to sequence of Redenomination, optional
        By ISO code; those of the kit's own table when not given.
    beside : DataFrame, optional
        Figures of other series, of whatever source, for the same economies: official rates of exchange, with which
        parallel ones are compared (`parallel.OFFICIAL`).

    Returns
    -------
    Judgement

    Raises
    ------
    DataError
        When a frame lacks a column, or for a series that the catalogue does not know.
    """
    cuts = listed() if redenominations is None else redenominations
    case = build(fetched, previous, known, date, cuts, beside)
    again = duplicates.repeated(case)
    case = case.without(again)
    quarantined, notes = [], [*_repeated_note(int(again.sum()))]
    breaks: list[Break] = []
    superseded = np.zeros(len(case.previous), dtype=bool)
    for rule in RULES:
        found = rule(case)
        notes += found.notes
        breaks += found.breaks
        superseded |= _superseded(case, found)
        if found.rows.any():
            quarantined.append(_quarantined(case, found))
            case = case.without(found.rows)
    superseded &= ~np.isin(case.previous.key, case.fetched.key)  # what was accepted replaces them anyway
    return Judgement(
        _sorted(case.fetched.frame),
        _sorted(pd.concat(quarantined)) if quarantined else _none_quarantined(case),
        _sorted(case.previous.frame[superseded]),
        tuple(notes),
        tuple(breaks),
    )


def _superseded(case: Case, found: Suspicion) -> Mask:
    """Rows of the previous vintage that what was found makes untenable."""
    superseded = np.zeros(len(case.previous), dtype=bool)
    if found.superseded is not None:
        superseded |= found.superseded
    if found.rule in OF_SINGLE_FIGURES:
        superseded |= np.isin(case.previous.key, case.fetched.key[found.rows & case.unchanged])
    return superseded


def _quarantined(case: Case, found: Suspicion) -> pd.DataFrame:
    return _with_reasons(case.fetched.frame[found.rows], found.rule, found.reasons, case.before[found.rows])


def _none_quarantined(case: Case) -> pd.DataFrame:
    return _with_reasons(case.fetched.frame.iloc[:0], "", np.empty(0, dtype=object), np.empty(0))


def _with_reasons(frame: pd.DataFrame, rule: str, reasons: np.ndarray, before: Floats) -> pd.DataFrame:
    told = frame.assign(rule=rule, reason=reasons, previous_value=before)
    return told.astype({"rule": "str", "reason": "str", "previous_value": "float64"})


def _sorted(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.sort_values(list(ORDER), kind="stable", ignore_index=True)


def _repeated_note(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    rows = "row came" if count == 1 else "rows came"
    return (f"{count} {rows} more than once, word for word; one of each stays.",)
