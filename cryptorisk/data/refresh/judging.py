"""From answers to figures that may enter a vintage: known faults out, suspicious ones aside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from cryptorisk.data.catalogue import Catalogue, faults
from cryptorisk.data.checks.faults import apply_faults
from cryptorisk.data.checks.plausibility import judge
from cryptorisk.data.checks.schema import validate_observations
from cryptorisk.data.compact import Compact, nothing, plain
from cryptorisk.data.refresh.checkpoint import Checkpoint
from cryptorisk.data.refresh.fetching import Asked
from cryptorisk.data.refresh.merging import of_pairs
from cryptorisk.data.sources.names import title_of

PORTION = 100_000
"""Rows that are judged together: few enough to keep the memory low, and many enough that the time goes into the rules."""

NAMED = 8
"""Series that a note names one by one."""


@dataclass(frozen=True)
class Judged:
    """What the answers of all sources came to.

    Attributes
    ----------
    accepted : DataFrame
        Figures that may enter the vintage, held compactly.
    quarantined : DataFrame
        Those set aside, with rule, reason and the previous figure; names as text.
    superseded : DataFrame
        Figures of the previous vintage that must not be carried over, held compactly.
    fetched : mapping of str to int
        Accepted figures by source.
    faults : DataFrame
        Known faults, with the number of fetched rows that each concerns.
    notes : tuple of str
    """

    accepted: pd.DataFrame
    quarantined: pd.DataFrame
    superseded: pd.DataFrame
    fetched: Mapping[str, int]
    faults: pd.DataFrame
    notes: tuple[str, ...]

    @property
    def anything(self) -> bool:
        """Whether any figure came, be it only to be set aside."""
        return not (self.accepted.empty and self.quarantined.empty)

    @cached_property
    def blocks(self) -> set[tuple[str, str, str]]:
        """Series, country and source of everything that came, accepted or not."""
        names = ["series", "country", "source"]
        accepted = plain(self.accepted.drop_duplicates(names))[names]
        return {
            (str(series), str(country), str(source))
            for frame in (accepted, self.quarantined[names].drop_duplicates())
            for series, country, source in frame.itertuples(index=False, name=None)
        }


def judge_answers(
    stored: Mapping[str, pd.DataFrame],
    asked: Mapping[str, Asked],
    kept: Checkpoint,
    known: Catalogue,
    day: dt.date,
) -> Judged:
    """Judge what was fetched, one source after the other, by what the previous vintage holds.

    Parameters
    ----------
    stored : mapping of str to DataFrame
        Tables of observations of the previous vintage, held compactly.
    asked : mapping of str to Asked
        By source; the answers lie in ``kept``.
    kept : Checkpoint
    known : Catalogue
    day : datetime.date
        Of the refresh.
    """
    form = Compact(known)
    accepted, aside, superseded, counted, notes = [], [], [], [], []
    fetched = dict.fromkeys(asked, 0)
    for name, one in asked.items():
        given: set[str] = set()
        for answers in _in_portions(name, one, kept):
            given |= set(answers["series"].unique())
            notes += [f"{title_of(name)}: {note}" for note in answers.attrs["notes"]]
            stays, table = apply_faults(answers, faults())
            judgement = judge(stays, plain(of_pairs(stored.values(), stays)), known, day)
            validate_observations(judgement.accepted, known, day)
            counted.append(table)
            accepted.append(form.held(judgement.accepted))
            superseded.append(form.held(judgement.superseded))
            aside.append(judgement.quarantined)
            fetched[name] += len(judgement.accepted)
            notes += [f"{title_of(name)}: {note}" for note in judgement.notes]
        notes += _not_given(name, one, given)
    nothing_found = apply_faults(nothing(), faults())[1]
    return Judged(
        form.joined(accepted),
        pd.concat([_none_aside(), *aside], ignore_index=True),
        form.joined(superseded),
        fetched,
        nothing_found.assign(rows=sum((table["rows"] for table in counted), nothing_found["rows"])),
        tuple(dict.fromkeys(notes)),
    )


def _in_portions(name: str, asked: Asked, kept: Checkpoint) -> Iterator[pd.DataFrame]:
    """Answers to several questions together, as many as are judged well at once; their notes in ``attrs``.

    What one source says of one series of one economy is never cut: it is always the answer to one question.
    """
    waiting: list[pd.DataFrame] = []
    for task in asked.answered:
        frame = kept.kept(name, task)
        if frame is not None:
            waiting.append(frame)
        if sum(map(len, waiting)) >= PORTION:
            yield _together(waiting)
            waiting = []
    if waiting:
        yield _together(waiting)


def _together(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    notes = tuple(note for frame in frames for note in frame.attrs["notes"])
    bare = [frame.copy(deep=False) for frame in frames]
    for frame in bare:
        frame.attrs = {}
    joined = pd.concat(bare, ignore_index=True)
    joined.attrs["notes"] = notes
    return joined


def _none_aside() -> pd.DataFrame:
    return nothing().assign(
        rule=pd.Series(dtype="str"), reason=pd.Series(dtype="str"), previous_value=pd.Series(dtype="float64")
    )


def _not_given(name: str, asked: Asked, given: set[str]) -> Iterator[str]:
    """Series that were asked for and are in no answer, although no question failed."""
    lacking = sorted({id for task in asked.answered for id in task.series} - given)
    if lacking:
        more = f" and {len(lacking) - NAMED} more" if len(lacking) > NAMED else ""
        yield f"{title_of(name)}: answered without figures of {', '.join(lacking[:NAMED])}{more}"
