"""The store of vintages under refreshes, crashes and readers: the old vintage or the new one, always whole."""

from __future__ import annotations

import datetime as dt
import errno
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invented import Invented, small_tables

from cryptorisk.data.compile import compile_vintage
from cryptorisk.data.package import write_package
from cryptorisk.data.publishing import LOCK, STAGING, one_writer
from cryptorisk.data.refresh import refresh as refreshing
from cryptorisk.data.refresh.patience import Patience
from cryptorisk.data.refresh.refresh import ANSWERS, refresh
from cryptorisk.data.sources.source import Request
from cryptorisk.data.verify import problems, verify
from cryptorisk.data.vintage import find_vintage, open_vintage, vintages
from cryptorisk.errors import DataError, KitError

DAY = dt.date(2026, 11, 26)
QUICK = Patience(first_wait_seconds=0.01, longest_wait_seconds=0.02, total_seconds=30)


def renew(data, level=100.0, day=DAY, **settings):
    source = Invented(level=level, **settings)
    return refresh(data, {source.name: source}, Request(("KEN",), day), patience=QUICK)


def levels(data, name="latest"):
    rows = find_vintage(data, name).observations("population", "KEN")
    return {source: float(rows.numbers[rows.sources == source][-1]) for source in set(rows.sources)}


def assert_whole(data):
    """Every vintage that has a name is in order, to the last byte."""
    names = vintages(data)
    assert names
    assert sorted(entry.name for entry in data.iterdir() if not entry.name.startswith(".")) == names
    for name in names:
        assert problems(verify(open_vintage(data / name))) == []
    return names


def test_a_refresh_makes_a_vintage_and_leaves_the_old_one(data):
    before = {file.name: file.read_bytes() for file in (data / "2026-11-23").iterdir()}
    done = renew(data)
    assert done.path == data / "2026-11-26"
    assert done.whole
    assert {file.name: file.read_bytes() for file in (data / "2026-11-23").iterdir()} == before
    assert levels(data) == {"wdi": 122.0, "wdi_live": 124.0}
    assert assert_whole(data) == ["2026-11-23", "2026-11-26"]
    assert sorted(p.name for p in data.iterdir() if p.name.startswith(".")) == []


def test_a_second_refresh_changes_nothing_but_the_date_of_access(data):
    first = renew(data).path
    second = renew(data, day=dt.date(2026, 11, 27)).path
    for file in sorted(first.iterdir()):
        if file.name != "datapackage.json":
            assert file.read_bytes() == (second / file.name).read_bytes(), file.name
    accessed = [open_vintage(path).catalogue.sources["wdi_live"].accessed for path in (first, second)]
    assert accessed == ["2026-11-26", "2026-11-27"]


def test_the_same_day_gets_the_next_name(data):
    assert [renew(data, level).path.name for level in (100.0, 101.0, 102.0)] == [
        "2026-11-26",
        "2026-11-26-02",
        "2026-11-26-03",
    ]
    assert levels(data)["wdi_live"] == 126.0


def test_two_at_once_are_refused_and_readers_are_not_disturbed(data):
    source = Invented(sleep_seconds=0.3)
    ended = []
    thread = threading.Thread(
        target=lambda: ended.append(
            refresh(data, {"worldbank": source}, Request(("KEN",), DAY), patience=QUICK)
        )
    )
    thread.start()
    time.sleep(0.3)
    with pytest.raises(KitError, match="another refresh is under way"):
        renew(data)
    assert levels(data) == {"wdi": 122.0}
    thread.join(20)
    assert ended[0].path.name == "2026-11-26"
    assert not (data / LOCK).exists()


TOUCHES = ("open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.chmod", "shutil.rmtree")


def in_a_process(work: Callable[[], object]) -> bool:
    """Do ``work`` in a process of its own; whether it was killed on the way."""
    process = os.fork()
    if process == 0:
        try:
            work()
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(process, 0)[1])


def crash_at(data: Path, step: int, level: float, day: dt.date) -> bool:
    """Refresh in a process that is killed at its ``step``-th touch of a file in ``data``; whether it was."""

    def work() -> None:
        left = [step]

        def watch(event: str, arguments: tuple[object, ...]) -> None:
            if event in TOUCHES and any(str(data) in str(one) for one in arguments[:2]):
                left[0] -= 1
                if left[0] == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(watch)
        renew(data, level, day)

    return in_a_process(work)


def torn(data: Path, name: str, level: float, day: dt.date) -> bool:
    """Refresh in a process that is killed when half of the file ``name`` is written; whether it was."""

    def work() -> None:
        whole = Path.write_bytes

        def write_bytes(self: Path, content: bytes) -> int:
            if self.name != name:
                return whole(self, content)
            with self.open("wb", buffering=0) as file:
                file.write(content[: len(content) // 2])
            os.kill(os.getpid(), signal.SIGKILL)
            raise AssertionError

        def write_text(self: Path, text: str, encoding: str = "", newline: str = "") -> int:
            del newline
            return self.write_bytes(text.encode(encoding))

        Path.write_bytes, Path.write_text = write_bytes, write_text
        renew(data, level, day)

    return in_a_process(work)


OPERATIONS = st.lists(
    st.one_of(
        st.tuples(st.just("refresh"), st.just(0)),
        st.tuples(st.just("crash"), st.integers(1, 200)),
        st.tuples(st.just("torn"), st.sampled_from(["annual.parquet", "faults.csv", "datapackage.json"])),
        st.tuples(st.just("read"), st.just(0)),
    ),
    min_size=2,
    max_size=5,
)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(operations=OPERATIONS)
def test_any_interleaving_leaves_whole_vintages(compiled, tmp_path_factory, operations):
    data = tmp_path_factory.mktemp("store") / "data"
    shutil.copytree(compiled, data)
    level, day = 100.0, DAY
    newest = levels(data)
    for what, step in operations:
        level, day = level + 1, day + dt.timedelta(days=1)
        if what == "read":
            assert levels(data) == newest
            continue
        wanted = {"wdi": 122.0, "wdi_live": level + 24}
        if what == "refresh":
            assert renew(data, level, day).whole
            newest = wanted
        elif what == "torn":
            assert torn(data, step, level, day)
        elif crash_at(data, step, level, day):
            found = levels(data)
            assert found in (newest, wanted)
            newest = found
        else:
            newest = wanted
        assert_whole(data)
        assert levels(data) == newest
    level, day = level + 1, day + dt.timedelta(days=1)
    assert renew(data, level, day).whole
    assert levels(data) == {"wdi": 122.0, "wdi_live": level + 24}
    left_over = [entry for entry in data.iterdir() if entry.name.startswith((STAGING, ANSWERS))]
    # killed before it had marked its folder: a day later that is swept, and there is nothing in it
    assert [path for folder in left_over for path in folder.iterdir() if path.stat().st_size] == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_what_a_killed_refresh_had_fetched_is_not_asked_again(data):
    process = os.fork()
    if process == 0:
        try:
            source = Invented(sleep_seconds=0.2)
            refresh(data, {"worldbank": source}, Request(("KEN",), DAY), patience=QUICK)
        finally:
            os._exit(0)
    while len(list((data / ANSWERS).glob("worldbank/*.answer"))) < 2:
        time.sleep(0.02)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    again = Invented()
    done = refresh(data, {"worldbank": again}, Request(("KEN",), DAY), patience=QUICK)
    assert done.whole
    assert 1 <= again.asked.total() <= 1 + (3 - done.asked["worldbank"].resumed)
    assert not (data / ANSWERS).exists()


SCRIPT = """
import datetime as dt, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from invented import Invented
from cryptorisk.cli.stopping import stoppable
from cryptorisk.data.refresh.refresh import refresh
from cryptorisk.data.sources.source import Request
with stoppable():
    print("begun", flush=True)
    refresh(Path(sys.argv[1]), {"worldbank": Invented(sleep_seconds=3.0)}, Request(("KEN",), dt.date(2026, 11, 26)))
"""


@pytest.mark.skipif(os.name == "nt", reason="signals of Unix")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_leaves_the_previous_vintage_as_it_was(data, number):
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(data), str(Path(__file__).parent)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # a shell in the background lets its children ignore SIGINT
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert process.stdout.readline() == "begun\n"
    while not (data / ANSWERS).exists():
        time.sleep(0.02)
    process.send_signal(number)
    begun = time.monotonic()
    process.communicate(timeout=20)
    assert time.monotonic() - begun < 5
    assert process.returncode != 0
    assert assert_whole(data) == ["2026-11-23"]
    assert not any(entry.name.startswith(STAGING) for entry in data.iterdir())
    assert renew(data).whole


def test_a_full_disk_publishes_nothing(data, monkeypatch):
    def refused(path, content):
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(Path, "write_bytes", refused)
    with pytest.raises(KitError, match=r"cannot write to data \(No space left on device\); check"):
        renew(data)
    monkeypatch.undo()
    assert assert_whole(data) == ["2026-11-23"]


def test_a_clock_before_the_last_vintage_is_said(data):
    with pytest.raises(Exception, match="check the clock"):
        renew(data, day=dt.date(2026, 11, 1))


def test_a_folder_that_may_not_be_written_to_is_said_before_anything_is_asked(data, monkeypatch):
    open_it = os.open

    def refused(path, flags, *more, **rest):
        if Path(path).parent == data and flags & os.O_CREAT:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))
        return open_it(path, flags, *more, **rest)

    monkeypatch.setattr(os, "open", refused)
    source = Invented()
    with pytest.raises(KitError, match=r"cannot write to data \(Read-only file system\)"):
        refresh(data, {source.name: source}, Request(("KEN",), DAY), patience=QUICK)
    assert source.asked.total() == 0


@pytest.mark.parametrize(("name", "why"), [(ANSWERS, "File exists"), (LOCK, "something else is in the way")])
def test_a_file_in_the_way_is_named_and_stays(data, name, why):
    (data / name).write_text("a letter")
    with pytest.raises(KitError, match=rf"cannot write to data/{name} \({why}\); move it away"):
        renew(data)
    assert (data / name).read_text() == "a letter"
    assert assert_whole(data) == ["2026-11-23"]


def test_no_folder_of_vintages(tmp_path):
    with pytest.raises(KitError, match="cannot write to data"):
        renew(tmp_path / "data")


def test_nothing_is_published_that_does_not_pass_the_checks(data, monkeypatch):
    def damaged(folder, *given, **more):
        write_package(folder, *given, **more)
        (folder / "annual.parquet").write_bytes(b"half")

    monkeypatch.setattr(refreshing, "write_package", damaged)
    with pytest.raises(DataError, match=r"annual\.parquet"):
        renew(data)
    assert assert_whole(data) == ["2026-11-23"]


def test_a_vintage_that_was_being_replaced_when_a_compilation_was_ended_comes_back(data):
    (data / "2026-11-23").rename(data / ".2026-11-23-replaced")
    assert renew(data).whole
    assert assert_whole(data) == ["2026-11-23", "2026-11-26"]


def test_a_compilation_and_a_refresh_do_not_write_at_once(data, tmp_path):
    small_tables(tmp_path / "small")
    given = tmp_path / "small" / "figures", data, DAY
    with one_writer(data), pytest.raises(KitError, match="another refresh is under way"):
        compile_vintage(*given, supplement=tmp_path / "small" / "supplement")
    assert assert_whole(data) == ["2026-11-23"]
