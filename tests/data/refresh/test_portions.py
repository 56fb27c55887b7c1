"""Answers are judged in portions: few in memory, and the same outcome however they are cut."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial

import pandas as pd
import pytest
from invented import SERIES, Invented

from cryptorisk.data.compact import Compact
from cryptorisk.data.refresh import judging
from cryptorisk.data.refresh.checkpoint import Checkpoint
from cryptorisk.data.refresh.fetching import ask_all
from cryptorisk.data.refresh.merging import stored
from cryptorisk.data.refresh.patience import Patience
from cryptorisk.data.sources.source import Request
from cryptorisk.data.vintage import find_vintage

REQUEST = Request(("KEN",), dt.date(2026, 11, 26))
YEARS = 6


@dataclass(frozen=True)
class Telling(Invented):
    """Has something to say of every answer."""

    def fetch(self, task, request, web):
        frame = super().fetch(task, request, web)
        frame.attrs["notes"] = (f"{task.key} was renamed",)
        return frame


@pytest.fixture
def judged(data, tmp_path, monkeypatch):
    """Judges three answers of six figures in portions of a size: the outcome, and the figures judged at a time."""
    vintage = find_vintage(data)
    kept = Checkpoint.of(tmp_path / "answers", REQUEST, "abc")
    asked = ask_all({"worldbank": Telling()}, REQUEST, kept, Patience(total_seconds=20), lambda step: None)
    plain = judging.judge

    def counted(seen, rows, *more, **named):
        seen.append(len(rows))
        return plain(rows, *more, **named)

    def of(size):
        seen = []
        monkeypatch.setattr(judging, "PORTION", size)
        monkeypatch.setattr(judging, "judge", partial(counted, seen))
        tables = stored(vintage, Compact(vintage.catalogue))
        return judging.judge_answers(tables, asked, kept, vintage.catalogue, REQUEST.end), seen

    return of


def ordered(frame):
    """A portion comes in the order of its judging; the vintage is sorted as a whole."""
    return frame.sort_values(["series", "country", "date"], ignore_index=True)


@pytest.mark.parametrize(
    ("size", "seen"), [(1, [6, 6, 6]), (6, [6, 6, 6]), (7, [12, 6]), (18, [18]), (100, [18])]
)
def test_no_more_is_judged_at_once_than_a_portion_and_one_answer(judged, size, seen):
    whole, _ = judged(10**6)
    cut, sizes = judged(size)
    assert sizes == seen
    assert sum(sizes) == len(SERIES) * YEARS == cut.fetched["worldbank"]
    assert cut.notes == whole.notes
    assert [note for note in cut.notes if "was renamed" in note] == [
        f"World Bank: T{number} was renamed" for number in (1, 2, 3)
    ]
    pd.testing.assert_frame_equal(ordered(cut.accepted), ordered(whole.accepted))
    pd.testing.assert_frame_equal(cut.quarantined, whole.quarantined)
    pd.testing.assert_frame_equal(cut.faults, whole.faults)
