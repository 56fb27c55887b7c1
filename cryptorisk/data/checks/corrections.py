"""Corrections of figures: what a person knows better than the source, with the page that says so.

A correction is data: an entry of a YAML file with its reason. It is applied to what was fetched and to what stands from
the previous vintage alike, as often as a vintage is made, and only while the source still says what was corrected.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from cryptorisk.data.checks.case import Floats, Ints
from cryptorisk.data.checks.correctionfile import Correction, read_corrections
from cryptorisk.data.checks.impossible import RULE as IMPOSSIBLE
from cryptorisk.data.checks.wording import figure
from cryptorisk.data.observation import COLUMNS, KEY

__all__ = ["APPLIED", "Corrected", "Correction", "correct", "read_corrections"]

MATCH = 1e-6
"""Relative difference up to which a figure is the one that a correction speaks of: as many digits as people copy."""

APPLIED = ("series", "country", "date", "source", "old", "new", "reason", "page")
"""Columns of the record of what was applied."""


@dataclass(frozen=True, eq=False)
class Corrected:
    """Figures after the corrections.

    Attributes
    ----------
    accepted, quarantined : DataFrame
        As given, less what was removed or released, and with what was corrected.
    applied : DataFrame
        The columns `APPLIED`: every figure that stands, or no longer stands, because of a correction.
    unused : tuple of str
        Why a correction was not applied.
    """

    accepted: pd.DataFrame
    quarantined: pd.DataFrame
    applied: pd.DataFrame
    unused: tuple[str, ...]


@dataclass
class _Changes:
    """What the corrections do to the rows, by position."""

    set_to: dict[int, float] = field(default_factory=dict)
    removed: set[int] = field(default_factory=set)
    released: dict[int, float] = field(default_factory=dict)
    resolved: set[int] = field(default_factory=set)
    record: list[tuple[object, ...]] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)


def correct(
    corrections: Sequence[Correction], accepted: pd.DataFrame, quarantined: pd.DataFrame
) -> Corrected:
    """Apply corrections to the rows of a new vintage.

    Parameters
    ----------
    corrections : sequence of Correction
    accepted : DataFrame
        Columns country, series, date, value, source: what was fetched and accepted, and what stands from before.
    quarantined : DataFrame
        The same and rule, reason, previous_value.

    Returns
    -------
    Corrected
        The same again when applied to what it returns.
    """
    changes = _Changes()
    mine, aside = _candidates(accepted, corrections), _candidates(quarantined, corrections)
    for correction in corrections:
        one, other = _positions(accepted, mine, correction), _positions(quarantined, aside, correction)
        _note(changes, correction, accepted, quarantined, one, other)
    return _carried_out(changes, accepted, quarantined)


def _candidates(frame: pd.DataFrame, corrections: Iterable[Correction]) -> Ints:
    """Positions of the rows of series and countries that any correction is about."""
    series, countries = {c.series for c in corrections}, {c.country for c in corrections}
    return np.flatnonzero((frame["series"].isin(series) & frame["country"].isin(countries)).to_numpy())


def _positions(frame: pd.DataFrame, candidates: Ints, correction: Correction) -> Ints:
    """Positions of the rows that a correction is about, whatever they say."""
    rows = frame.iloc[candidates]
    dates = rows["date"].to_numpy()
    hit = ((rows["series"] == correction.series) & (rows["country"] == correction.country)).to_numpy()
    hit = hit & (dates >= np.datetime64(correction.start)) & (dates <= np.datetime64(correction.end))
    if correction.of:
        hit = hit & (rows["source"] == correction.of).to_numpy()
    return candidates[hit]


def _note(
    changes: _Changes,
    correction: Correction,
    accepted: pd.DataFrame,
    quarantined: pd.DataFrame,
    one: Ints,
    other: Ints,
) -> None:
    """Decide what a correction does, and write it down."""
    stands, aside = accepted["value"].to_numpy(), quarantined["value"].to_numpy()
    if correction.accept:
        fit = _acceptable(correction, quarantined, other)
        changes.released |= {int(row): float(aside[row]) for row in fit}
        kept = [] if correction.old is None else one[_is(stands[one], correction.old)]
        touched = [(quarantined, row) for row in fit] + (
            [] if len(fit) else [(accepted, row) for row in kept]
        )
    else:
        here, there = one[_is(stands[one], correction.old)], other[_is(aside[other], correction.old)]
        done = one[_is(stands[one], correction.new)]
        _replace(changes, correction, here, there)
        touched = [(accepted, row) for row in here] + [(quarantined, row) for row in there]
        touched = touched or [(accepted, row) for row in done]
    changes.record += [_recorded(correction, frame, int(row)) for frame, row in touched]
    if not touched:
        changes.unused.append(_why_unused(correction, accepted.iloc[one], quarantined.iloc[other]))


def _acceptable(correction: Correction, quarantined: pd.DataFrame, rows: Ints) -> Ints:
    """Quarantined rows that a person may release: what cannot be is not made possible by accepting it."""
    part = quarantined.iloc[rows]
    fit = (part["rule"] != IMPOSSIBLE).to_numpy()
    if correction.old is not None:
        fit = fit & _is(part["value"].to_numpy(), correction.old)
    return rows[fit]


def _replace(changes: _Changes, correction: Correction, here: Ints, there: Ints) -> None:
    if correction.new is None:
        changes.removed |= set(here.tolist())
        changes.resolved |= set(there.tolist())
        return
    changes.set_to |= dict.fromkeys(here.tolist(), correction.new)
    changes.released |= dict.fromkeys(there.tolist(), correction.new)


def _is(values: Floats, wanted: float | None) -> np.ndarray:
    """Which values are the wanted one, to the digits that people copy."""
    if wanted is None:
        return np.zeros(len(values), dtype=bool)
    with np.errstate(invalid="ignore", over="ignore"):
        return np.asarray(np.abs(values - wanted) <= MATCH * max(abs(wanted), math.ulp(0.0)), dtype=bool)


def _recorded(correction: Correction, frame: pd.DataFrame, row: int) -> tuple[object, ...]:
    at = frame.iloc[row]
    old = float(at["value"]) if correction.old is None else correction.old
    new = old if correction.accept else math.nan if correction.new is None else correction.new
    names = (correction.series, correction.country, at["date"], at["source"])
    return (*names, old, new, correction.reason, correction.page)


def _why_unused(correction: Correction, stands: pd.DataFrame, aside: pd.DataFrame) -> str:
    if correction.accept and (aside["rule"] == IMPOSSIBLE).any():
        return f"{correction}: what cannot be is not accepted; give the right figure with new, or remove it (new: null)."
    if correction.accept and correction.old is None:
        return f"{correction}: nothing of it is quarantined; the entry can be deleted."
    there = sorted({*stands["value"].tolist(), *aside["value"].tolist()})
    if not there or correction.old is None:
        return f"{correction}: there is no such figure; the correction was not applied."
    whose = correction.of or "the source"
    says = " and ".join(figure(value) for value in there)
    return f"{correction}: {whose} now says {says}, not {figure(correction.old)}; the correction was not applied."


def _carried_out(changes: _Changes, accepted: pd.DataFrame, quarantined: pd.DataFrame) -> Corrected:
    left = sorted(changes.released)
    entering = quarantined.iloc[left][list(COLUMNS)].assign(value=[changes.released[row] for row in left])
    stays = accepted.assign(value=_with(accepted["value"], changes.set_to))
    out = np.zeros(len(accepted), dtype=bool)
    out[sorted(changes.removed)] = True
    if left:
        out |= pd.MultiIndex.from_frame(stays[list(KEY)]).isin(pd.MultiIndex.from_frame(entering[list(KEY)]))
        stays = pd.concat([stays[~out], entering[list(accepted.columns)]])
        stays = stays.sort_values(list(KEY), kind="stable", ignore_index=True)
    else:
        stays = stays[~out].reset_index(drop=True)
    gone = np.zeros(len(quarantined), dtype=bool)
    gone[[*left, *sorted(changes.resolved)]] = True
    record = pd.DataFrame(changes.record, columns=list(APPLIED)).astype({"old": "float64", "new": "float64"})
    record["date"] = pd.to_datetime(record["date"])
    return Corrected(
        stays,
        quarantined[~gone].reset_index(drop=True),
        record.drop_duplicates(ignore_index=True).sort_values(list(KEY), kind="stable", ignore_index=True),
        tuple(changes.unused),
    )


def _with(values: pd.Series, changed: dict[int, float]) -> Floats:
    array = values.to_numpy(dtype=np.float64, copy=True)
    for row, value in changed.items():
        array[row] = value
    return array
