"""From answers to figures that may enter a vintage: known faults out, suspicious ones aside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from cryptorisk.data.catalogue import Catalogue, faults
from cryptorisk.data.checks.breaks import Break
from cryptorisk.data.checks.faults import apply_faults
from cryptorisk.data.checks.parallel import OFFICIAL, PARALLEL
from cryptorisk.data.checks.plausibility import judge
from cryptorisk.data.checks.schema import validate_observations
from cryptorisk.data.compact import Compact, nothing, plain
from cryptorisk.data.observation import BLOCK
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
    breaks : tuple of Break
        In histories that were let pass.
    """

    accepted: pd.DataFrame
    quarantined: pd.DataFrame
    superseded: pd.DataFrame
    fetched: Mapping[str, int]
    faults: pd.DataFrame
    notes: tuple[str, ...]
    breaks: tuple[Break, ...] = ()

    @property
    def anything(self) -> bool:
        """Whether any figure came, be it only to be set aside."""
        return not (self.accepted.empty and self.quarantined.empty)

    @cached_property
    def blocks(self) -> set[tuple[str, str, str]]:
        """Series, country and source of everything that came, accepted or not."""
        names = list(BLOCK)
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
    done: list[_Portion] = []
    notes: list[str] = []
    for name, one in asked.items():
        given: set[str] = set()
        for answers in _in_portions(name, one, kept):
            portion = _judged(name, answers, list(stored.values()), done, form, day)
            done.append(portion)
            given |= set(answers["series"].unique())
            notes += [f"{title_of(name)}: {note}" for note in (*answers.attrs["notes"], *portion.notes)]
        notes += _not_given(name, one, given)
    return _joined(asked, done, notes, form)


@dataclass(frozen=True)
class _Portion:
    """What some answers of one source came to: as `Judged`, with the rows of these answers that each fault concerns."""

    name: str
    accepted: pd.DataFrame
    quarantined: pd.DataFrame
    superseded: pd.DataFrame
    faults: pd.DataFrame
    notes: tuple[str, ...]
    breaks: tuple[Break, ...]


def _judged(
    name: str,
    answers: pd.DataFrame,
    stored: Sequence[pd.DataFrame],
    done: Sequence[_Portion],
    form: Compact,
    day: dt.date,
) -> _Portion:
    """Judge answers by what the previous vintage holds, and by official rates of exchange that came before them."""
    stays, table = apply_faults(answers, faults())
    beside = _official_rates(stays, [*stored, *(portion.accepted for portion in done)])
    found = judge(stays, plain(of_pairs(stored, stays)), form.known, day, beside=beside)
    validate_observations(found.accepted, form.known, day)
    accepted, superseded = form.held(found.accepted), form.held(found.superseded)
    return _Portion(name, accepted, found.quarantined, superseded, table, found.notes, found.breaks)


def _official_rates(fetched: pd.DataFrame, tables: Iterable[pd.DataFrame]) -> pd.DataFrame | None:
    """What parallel rates of exchange are compared with; None when there are none among what was fetched."""
    places = fetched.loc[fetched["series"].isin(PARALLEL), "country"].drop_duplicates()
    return plain(of_pairs(tables, places.to_frame().assign(series=OFFICIAL))) if len(places) else None


def _joined(
    asked: Mapping[str, Asked], done: Sequence[_Portion], notes: Sequence[str], form: Compact
) -> Judged:
    fetched = dict.fromkeys(asked, 0)
    for portion in done:
        fetched[portion.name] += len(portion.accepted)
    none_concerned = apply_faults(nothing(), faults())[1]
    concerned = sum((portion.faults["rows"] for portion in done), none_concerned["rows"])
    return Judged(
        form.joined(portion.accepted for portion in done),
        pd.concat([_none_aside(), *(portion.quarantined for portion in done)], ignore_index=True),
        form.joined(portion.superseded for portion in done),
        fetched,
        none_concerned.assign(rows=concerned),
        tuple(dict.fromkeys(notes)),
        tuple(found for portion in done for found in portion.breaks),
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
