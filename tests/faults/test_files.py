"""Locks, private folders and whole files: what holds when processes, disks and foreign files get in between."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cryptorisk.errors import KitError
from cryptorisk.files import lock, private, whole
from cryptorisk.files.lock import give_back, locked, take
from cryptorisk.files.private import MARK, STALE_SECONDS, private_folder
from cryptorisk.files.refused import unwritable, writing_to
from cryptorisk.files.whole import put_back, put_in_place, write_whole

unix = pytest.mark.skipif(os.name == "nt", reason="Unix")

HOLDER = """
import sys
from pathlib import Path
from cryptorisk.files.private import private_folder
with private_folder(Path(sys.argv[1]), "p-") as folder:
    (folder / "work").write_text("x")
    print(folder.name, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """A living process with a private folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    yield process, tmp_path / process.stdout.readline().strip()
    process.kill()
    process.communicate()


def made_old(folder: Path) -> None:
    then = time.time() - STALE_SECONDS - 60
    os.utime(folder, (then, then))


def swept(place: Path) -> list[str]:
    """Names that are left when another private folder was made in ``place``."""
    with private_folder(place, "p-") as mine:
        return sorted(path.name for path in place.iterdir() if path != mine)


def test_a_living_folder_stays_whatever_its_number_says(holder: tuple[subprocess.Popen[str], Path]) -> None:
    """In another container the process has a number that is nobody's here."""
    _, folder = holder
    elsewhere = folder.rename(folder.with_name("p-999999999-abc"))
    made_old(elsewhere)
    assert swept(folder.parent) == [elsewhere.name]
    assert (elsewhere / "work").read_text() == "x"


def test_a_folder_of_this_very_process_stays(tmp_path: Path) -> None:
    with private_folder(tmp_path, "p-") as first:
        made_old(first)
        assert swept(tmp_path) == [first.name]
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_removed_although_its_number_is_used_again(
    holder: tuple[subprocess.Popen[str], Path],
) -> None:
    process, folder = holder
    process.kill()
    process.wait()
    folder = folder.rename(folder.with_name(f"p-{os.getpid()}-abc"))
    assert swept(folder.parent) == []


def test_what_another_machine_left_stays_for_a_day(
    holder: tuple[subprocess.Popen[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its lock may not reach this one."""
    process, folder = holder
    process.kill()
    process.wait()
    monkeypatch.setattr(private, "_system", lambda: "another")
    assert swept(folder.parent) == [folder.name]
    made_old(folder)
    assert swept(folder.parent) == []


def test_what_bears_no_mark_yet_stays_for_a_day(tmp_path: Path) -> None:
    for name in ("p-1-new", "p-1-old", "p-answers"):
        (tmp_path / name).mkdir()
    (tmp_path / "p-1-old" / MARK).touch()
    made_old(tmp_path / "p-1-old")
    made_old(tmp_path / "p-answers")
    assert swept(tmp_path) == ["p-1-new", "p-answers"]


@unix
def test_a_link_to_a_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "work").touch()
    (tmp_path / "p-1-abc").symlink_to(tmp_path / "real")
    made_old(tmp_path / "real")
    assert swept(tmp_path) == ["p-1-abc", "real"]
    assert (tmp_path / "real" / "work").exists()


def test_a_disk_without_locks_still_gives_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_handle: int) -> bool:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(lock, "_lock", refused)
    with private_folder(tmp_path, "p-") as first:
        assert swept(tmp_path) == [first.name]


@unix
def test_a_lock_whose_file_was_removed_meanwhile_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The holder before removes the file after it was opened here: another makes it anew and locks that one."""
    path, lock_it = tmp_path / ".lock", lock._lock
    others: list[int] = []

    def late(handle: int) -> bool:
        if not others:
            path.unlink()
            others.append(os.open(path, os.O_RDWR | os.O_CREAT))
            assert lock_it(others[0])
        return lock_it(handle)

    monkeypatch.setattr(lock, "_lock", late)
    assert take(path) is None
    os.close(others[0])
    handle = take(path)
    assert handle is not None
    give_back(handle)


@unix
@pytest.mark.parametrize("kind", ["link", "folder", "pipe", "full"])
def test_a_lock_that_is_something_else_is_refused_and_stays(tmp_path: Path, kind: str) -> None:
    path, aim = tmp_path / ".lock", tmp_path / "precious"
    aim.write_text("precious")
    {
        "link": lambda: path.symlink_to(aim),
        "folder": path.mkdir,
        "pipe": lambda: os.mkfifo(path),
        "full": lambda: path.write_text("a letter"),
    }[kind]()
    with pytest.raises(KitError, match=r"cannot write to .*\.lock"), writing_to(tmp_path), locked(path):
        pytest.fail("locked")
    assert aim.read_text() == "precious"
    assert path.is_symlink() or path.exists()
    if kind == "full":
        assert path.read_text() == "a letter"


@unix
def test_another_users_lock_can_be_waited_for_without_writing_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, open_it = tmp_path / ".lock", os.open
    path.touch(mode=0o444)

    def of_another(name: Path, flags: int, mode: int = 0o777) -> int:
        if flags & (os.O_RDWR | os.O_WRONLY | os.O_TRUNC):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(name))
        return open_it(name, flags, mode)

    monkeypatch.setattr(os, "open", of_another)
    held = take(path)
    assert held is not None
    with pytest.raises(KitError, match="another process"), locked(path, seconds=0.05):
        pytest.fail("locked")
    give_back(held)
    with locked(path):
        pass


def tree(folder: Path) -> None:
    (folder / "deep").mkdir(parents=True)
    for name in ("a.csv", "deep/b.csv"):
        (folder / name).write_text(name)


@unix
def test_the_disk_has_everything_before_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, target = tmp_path / "made", tmp_path / "data"
    tree(made)
    wanted = {path.stat().st_ino: path.name for path in (made, *made.rglob("*"), tmp_path)}
    done: list[str] = []
    fsync, rename = os.fsync, Path.rename
    monkeypatch.setattr(
        os, "fsync", lambda handle: done.append(wanted[os.fstat(handle).st_ino]) or fsync(handle)
    )
    monkeypatch.setattr(Path, "rename", lambda self, to: done.append("renamed") or rename(self, to))
    put_in_place(made, target)
    assert sorted(done[: done.index("renamed")]) == ["a.csv", "b.csv", "deep", "made"]
    assert done[done.index("renamed") + 1 :] == [tmp_path.name]


@unix
def test_a_stop_in_the_middle_waits_until_the_name_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        made, target = tmp_path / "made", tmp_path / "data"
        tree(made)
        rename = Path.rename

        def stopped(self: Path, to: Path) -> Path:
            os.kill(os.getpid(), signal.SIGINT)
            return rename(self, to)

        monkeypatch.setattr(Path, "rename", stopped)
        with pytest.raises(KeyboardInterrupt):
            put_in_place(made, target)
        assert (target / "deep" / "b.csv").read_text() == "deep/b.csv"
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_taken_name_is_refused_also_when_it_is_empty(tmp_path: Path) -> None:
    made, target = tmp_path / "made", tmp_path / "data"
    tree(made)
    target.mkdir()
    with pytest.raises(FileExistsError, match="the name is taken"):
        put_in_place(made, target)
    assert list(target.iterdir()) == []
    assert (made / "a.csv").exists()


def test_a_folder_is_replaced_or_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, target = tmp_path / "made", tmp_path / "data"
    tree(made)
    target.mkdir()
    (target / "old").touch()
    rename = Path.rename

    def refused(self: Path, to: Path) -> Path:
        if self == made:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return rename(self, to)

    monkeypatch.setattr(Path, "rename", refused)
    with pytest.raises(OSError, match="Input/output"):
        put_in_place(made, target, replace=True)
    monkeypatch.undo()
    assert [path.name for path in target.iterdir()] == ["old"]
    put_in_place(made, target, replace=True)
    assert sorted(path.name for path in target.iterdir()) == ["a.csv", "deep"]
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_what_was_being_replaced_when_a_process_was_ended_gets_its_name_again(tmp_path: Path) -> None:
    target, aside = tmp_path / "data", tmp_path / ".data-replaced"
    aside.mkdir()
    (aside / "old").touch()
    put_back(target)
    assert [path.name for path in target.iterdir()] == ["old"]
    shutil.copytree(target, aside)
    put_back(target)
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_a_file_is_the_old_one_or_the_new_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    write_whole(path, b"old")
    path.chmod(0o640)

    def refused(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", refused)
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, b"new")
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert os.name == "nt" or stat.S_IMODE(path.stat().st_mode) == 0o640
    write_whole(path, b"newer", fresh=True)
    assert path.read_bytes() == b"new"
    assert [one.name for one in tmp_path.iterdir()] == ["a.txt"]


@unix
def test_the_disk_has_a_file_before_its_name_and_the_name_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[object] = []
    fsync, replace = os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda handle: done.append(os.fstat(handle).st_ino) or fsync(handle))
    monkeypatch.setattr(Path, "replace", lambda self, to: done.append("renamed") or replace(self, to))
    write_whole(tmp_path / "a.txt", b"x")
    assert done == [(tmp_path / "a.txt").stat().st_ino, "renamed", tmp_path.stat().st_ino]


@unix
def test_a_disk_that_keeps_no_promise_about_names_is_no_reason_to_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fsync = os.fsync

    def refused(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        fsync(handle)

    monkeypatch.setattr(whole.os, "fsync", refused)
    write_whole(tmp_path / "a.txt", b"x")
    assert (tmp_path / "a.txt").read_bytes() == b"x"


def test_a_refusal_names_the_kits_folder_and_no_path_of_the_machine(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "in-the-way").touch()
    full = OSError(errno.ENOSPC, "No space left on device", str(data / ".vintage-1-x" / "a.csv"))
    assert str(unwritable(full, data, data)).startswith(
        "cannot write to data (No space left on device); check"
    )
    blocked = OSError(errno.EEXIST, "File exists", str(data / "in-the-way"))
    assert (
        str(unwritable(blocked, data, data)) == "cannot write to data/in-the-way (File exists); move it away"
    )
    assert "data/run (" in str(unwritable(full, data / "run", data))
