"""From answers to figures that may enter a vintage: known faults out, suspicious ones aside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from cryptorisk.data.catalogue import Catalogue, faults
from cryptorisk.data.checks.faults import apply_faults
from cryptorisk.data.checks.plausibility import Judgement, judge
from cryptorisk.data.refresh.checkpoint import Checkpoint
from cryptorisk.data.refresh.fetching import Asked
from cryptorisk.data.refresh.merging import BLOCK, joined, of_pairs
from cryptorisk.data.sources.names import title_of


@dataclass(frozen=True)
class Judged:
    """What the answers of all sources came to.

    Attributes
    ----------
    accepted, quarantined : DataFrame
        Figures that may enter the vintage; those set aside, with rule, reason and the previous figure.
    superseded : DataFrame
        Figures of the previous vintage that must not be carried over.
    blocks : MultiIndex
        Series, country, source of everything that came.
    fetched : mapping of str to int
        Accepted figures by source.
    faults : DataFrame
        Known faults, with the number of fetched rows that each concerns.
    notes : tuple of str
    """

    accepted: pd.DataFrame
    quarantined: pd.DataFrame
    superseded: pd.DataFrame
    blocks: pd.MultiIndex
    fetched: Mapping[str, int]
    faults: pd.DataFrame
    notes: tuple[str, ...]


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
        Tables of observations of the previous vintage.
    asked : mapping of str to Asked
        By source; the answers lie in ``kept``.
    kept : Checkpoint
    known : Catalogue
    day : datetime.date
        Of the refresh.
    """
    judgements: dict[str, Judgement] = {}
    counted: pd.DataFrame | None = None
    said: list[str] = []
    for name, one in asked.items():
        frames = list(_answers(name, one, kept))
        said += [f"{title_of(name)}: {note}" for frame in frames for note in frame.attrs["notes"]]
        answers = joined(frames)
        stays, table = apply_faults(answers, faults())
        counted = table if counted is None else counted.assign(rows=counted["rows"] + table["rows"])
        judgements[name] = judge(stays, of_pairs(stored.values(), stays), known, day)
    said += [
        f"{title_of(name)}: {note}" for name, judgement in judgements.items() for note in judgement.notes
    ]
    accepted = joined(judgement.accepted for judgement in judgements.values())
    quarantined = pd.concat([judgement.quarantined for judgement in judgements.values()], ignore_index=True)
    return Judged(
        accepted,
        quarantined,
        joined(judgement.superseded for judgement in judgements.values()),
        pd.MultiIndex.from_frame(pd.concat([accepted[BLOCK], quarantined[BLOCK]]).drop_duplicates()),
        {name: len(judgement.accepted) for name, judgement in judgements.items()},
        apply_faults(joined(()), faults())[1] if counted is None else counted,
        tuple(said),
    )


def _answers(name: str, asked: Asked, kept: Checkpoint) -> Iterator[pd.DataFrame]:
    for task in asked.answered:
        frame = kept.kept(name, task)
        if frame is not None:
            yield frame
