"""Answers on disk: whole or not there, of the very request, and a full disk is nobody else's fault."""

from __future__ import annotations

import datetime as dt
import errno
import os
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from invented import Invented, Second

from cryptorisk.data.refresh import checkpoint
from cryptorisk.data.refresh.checkpoint import Checkpoint
from cryptorisk.data.refresh.fetching import ask_all
from cryptorisk.data.refresh.patience import Patience
from cryptorisk.data.refresh.refresh import ANSWERS, refresh
from cryptorisk.data.sources.source import Request, Task
from cryptorisk.data.vintage import vintages
from cryptorisk.errors import KitError

DAY = dt.date(2026, 11, 26)
REQUEST = Request(("KEN",), DAY)
QUICK = Patience(first_wait_seconds=0.01, longest_wait_seconds=0.02, total_seconds=20)
ONE, TWO, THREE = Invented().tasks(REQUEST)


@pytest.fixture
def kept(tmp_path):
    return Checkpoint.of(tmp_path / "answers", REQUEST, "abc")


def answer(task: Task, level: float = 100.0) -> pd.DataFrame:
    return Invented(level=level).fetch(task, REQUEST, None)


def file_of(kept: Checkpoint, task: Task) -> Path:
    return kept._place("worldbank", task)


def test_what_is_kept_comes_back_with_its_notes(kept):
    frame = answer(ONE)
    frame.attrs["notes"] = ("T1 is now served as T1B", "ünd ⁂")
    kept.keep("worldbank", ONE, frame)
    back = kept.kept("worldbank", ONE)
    assert back.attrs["notes"] == frame.attrs["notes"]
    pd.testing.assert_frame_equal(back, frame, check_dtype=False, check_names=True)
    assert kept.kept("worldbank", TWO) is None
    assert kept.kept("bis", ONE) is None


def test_a_whole_file_whose_hash_is_another_ones_is_no_answer(kept):
    """Sound Parquet and a sound hash that do not belong together: only the hash tells."""
    kept.keep("worldbank", ONE, answer(ONE))
    kept.keep("worldbank", TWO, answer(TWO))
    mark, _, _ = file_of(kept, ONE).read_bytes().partition(b"\n")
    _, _, other = file_of(kept, TWO).read_bytes().partition(b"\n")
    file_of(kept, ONE).write_bytes(mark + b"\n" + other)
    assert not kept.has("worldbank", ONE)
    assert kept.has("worldbank", TWO)


@pytest.mark.parametrize(
    "changed",
    [
        replace(REQUEST, part=True),
        replace(REQUEST, start=dt.date(2010, 1, 1)),
        replace(REQUEST, end=DAY + dt.timedelta(days=1)),
        replace(REQUEST, countries=("NGA",)),
    ],
    ids=["part", "start", "end", "countries"],
)
def test_every_part_of_a_request_tells_it_from_others(kept, changed):
    kept.keep("worldbank", ONE, answer(ONE))
    assert Checkpoint.of(kept.folder, REQUEST, "abc").has("worldbank", ONE)
    assert not Checkpoint.of(kept.folder, changed, "abc").has("worldbank", ONE)


@pytest.mark.parametrize(
    "changed",
    [
        replace(ONE, series=("gdp_usd",)),
        replace(ONE, code="X"),
        replace(ONE, countries=("KEN",)),
        replace(ONE, key="T9"),
    ],
    ids=["series", "code", "countries", "key"],
)
def test_every_part_of_a_question_tells_it_from_others(kept, changed):
    kept.keep("worldbank", ONE, answer(ONE))
    assert not kept.has("worldbank", changed)


def test_a_write_that_is_cut_short_leaves_the_answer_before(kept, monkeypatch):
    kept.keep("worldbank", ONE, answer(ONE))
    before = file_of(kept, ONE).read_bytes()

    def cut_short(handle):
        os.ftruncate(handle, 10)
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", cut_short)
    with pytest.raises(KitError, match="Input/output error"):
        kept.keep("worldbank", ONE, answer(ONE, level=7.0))
    with pytest.raises(KitError, match="Input/output error"):
        kept.keep("worldbank", TWO, answer(TWO))
    assert file_of(kept, ONE).read_bytes() == before
    assert [file.name for file in file_of(kept, ONE).parent.iterdir()] == [file_of(kept, ONE).name]


# --- a disk that takes no more ------------------------------------------------------------------------------------


@pytest.fixture
def full_disk(monkeypatch):
    """The disk takes so many answers, and no more."""
    plain = checkpoint.write_whole

    def of(takes: int) -> None:
        left = [takes]

        def write(path, content, **more):
            if path.suffix == ".answer":
                left[0] -= 1
                if left[0] < 0:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
            plain(path, content, **more)

        monkeypatch.setattr(checkpoint, "write_whole", write)

    yield of
    monkeypatch.undo()


def test_a_full_disk_ends_the_refresh_and_nobody_is_blamed(data, full_disk):
    full_disk(1)
    source, other = Invented(), Second(sleep_seconds=0.1)
    with pytest.raises(KitError, match="No space left on device") as caught:
        refresh(data, {"worldbank": source, "bis": other}, REQUEST, patience=QUICK)
    said = str(caught.value)
    assert f"cannot write to data/{ANSWERS}" in said
    assert "free space" in said
    assert str(data.parent) not in said
    assert "World Bank" not in said
    assert caught.value.exit_code == 2
    assert source.asked.total() < 3, "nothing is asked that could not be kept"
    assert vintages(data) == ["2026-11-23"]


def test_after_room_was_made_the_refresh_goes_on(data, full_disk, monkeypatch):
    full_disk(2)
    with pytest.raises(KitError):
        refresh(data, {"worldbank": Invented()}, REQUEST, patience=QUICK)
    monkeypatch.undo()
    again = Invented()
    done = refresh(data, {"worldbank": again}, REQUEST, patience=QUICK)
    assert done.whole
    assert again.asked == {"T3": 1}


def test_a_disk_that_takes_nothing_is_said_before_anything_is_asked(tmp_path, monkeypatch):
    def refused(path, content, **more):
        raise OSError(errno.EROFS, "Read-only file system", str(path))

    monkeypatch.setattr(checkpoint, "write_whole", refused)
    with pytest.raises(KitError, match=r"cannot write to data/answers \(Read-only file system\)"):
        Checkpoint.of(tmp_path / "data" / "answers", REQUEST, "abc")


def test_the_fault_of_an_answer_is_not_the_disks(kept):
    """What no file can hold is the provider's doing, and the others are asked on."""

    class Halves(Invented):
        def fetch(self, task, request, web):
            frame = super().fetch(task, request, web)
            return frame.assign(country="\ud800") if task.key == "T1" else frame

    asked = ask_all({"worldbank": Halves()}, REQUEST, kept, QUICK, lambda step: None)["worldbank"]
    assert [task.key for task in asked.failed] == ["T1"]
    assert [task.key for task in asked.answered] == ["T2", "T3"]
