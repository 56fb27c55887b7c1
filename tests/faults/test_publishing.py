"""Files of a run are put in place together or not at all, by one process at a time, where they may be."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "report"))

from small_kit import make_kit, origin

from cryptorisk.errors import KitError, RunError
from cryptorisk.files.lock import locked, undisturbed
from cryptorisk.params import Params
from cryptorisk.report import batch, publish
from cryptorisk.report.batch import report_countries
from cryptorisk.report.record import git_state

KEN, NGA = Params(country="KEN"), Params(country="NGA")
FAILED = {"name": "Kenya", "status": "failed", "where": "", "cause": "x", "remedy": ""}

WRITER = """
import sys, tempfile
from pathlib import Path
from cryptorisk.report.publish import publish
folder, mark = Path(sys.argv[1]), sys.argv[2]
entry = {"name": mark, "status": "failed", "where": "", "cause": "x", "remedy": ""}
for number in range(8):
    iso3 = f"{mark}{number:02d}"
    stage = Path(tempfile.mkdtemp(dir=folder.parent))
    (stage / f"{iso3}.error.html").write_text(iso3)
    publish(stage, folder, iso3, entry, [f"{iso3}.error.html"], [])
"""


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(batch, "from_inputs", origin)
    return make_kit(tmp_path / "kit")


@pytest.fixture
def no_kernels(monkeypatch: pytest.MonkeyPatch) -> None:
    def execute(*_given: object, **_more: object) -> None:
        raise RunError("nothing today", notebook="01_x.ipynb")

    monkeypatch.setattr(batch, "execute", execute)


def test_two_processes_that_write_into_one_run_lose_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "reports" / "r"
    folder.mkdir(parents=True)
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(folder), mark]) for mark in "AB"]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0]
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    names = {f"{mark}{number:02d}" for mark in "AB" for number in range(8)}
    assert set(manifest["countries"]) == names
    assert {path.name.split(".")[0] for path in folder.glob("*.error.html")} == names
    assert not list(folder.parent.glob(".lock*"))


def test_a_lock_that_is_held_is_waited_for_and_one_that_lies_about_is_taken(tmp_path: Path) -> None:
    path = tmp_path / ".lock-r"
    path.touch()
    with (
        locked(path),
        pytest.raises(KitError, match="another process") as refusal,
        locked(path, seconds=0.05),
    ):
        pass
    assert refusal.value.exit_code == 2
    assert not path.exists()


@pytest.fixture
def heeded_interrupt() -> Iterator[None]:
    """SIGINT raises KeyboardInterrupt, also in a test run whose parent ignores it (a background job)."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heeded_interrupt")
@pytest.mark.skipif(os.name == "nt", reason="a process cannot send itself this signal there")
def test_a_stop_in_the_middle_of_a_publication_waits_for_its_end() -> None:
    reached = []

    def publication() -> None:
        with undisturbed():
            os.kill(os.getpid(), signal.SIGINT)
            reached.append("end")

    with pytest.raises(KeyboardInterrupt):
        publication()
    assert reached == ["end"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_when_one_file_cannot_be_placed_none_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stage, folder = tmp_path / "stage", tmp_path / "reports" / "r"
    for place, text in ((stage, "new"), (folder, "old")):
        (place / "KEN").mkdir(parents=True)
        for name in ("KEN/01.ipynb", "KEN.json", "KEN.html"):
            (place / name).write_text(text)
    (folder / "KEN.error.html").write_text("old")
    (stage / "KEN.html").unlink()
    before = publish.hashes(folder, "KEN", "KEN.json", "KEN.html", "KEN.error.html")
    with pytest.raises(FileNotFoundError):
        publish.exchange(stage, folder, ("KEN", "KEN.json", "KEN.html"), ("KEN.error.html",))
    assert publish.hashes(folder, "KEN", "KEN.json", "KEN.html", "KEN.error.html") == before
    assert (stage / "KEN" / "01.ipynb").read_text() == "new"


def test_reports_that_is_a_file(kit: Path) -> None:
    (kit / "reports").write_text("x")
    with pytest.raises(KitError, match="cannot write to reports") as refusal:
        report_countries([KEN], root=kit, run="r")
    assert refusal.value.exit_code == 2


def test_reports_that_may_not_be_written_to(kit: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_given: object, **_more: object) -> str:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr("cryptorisk.files.private.tempfile.mkdtemp", refused)
    with pytest.raises(KitError, match=r"cannot write to reports \(Read-only file system\)"):
        report_countries([KEN], root=kit, run="r")


@pytest.mark.parametrize("run", ["README.md", "con", "LPT1.txt", "nul"])
def test_a_run_in_the_place_of_a_file_or_device_is_refused_before_anything_runs(
    kit: Path, run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "from_inputs", lambda *_given: pytest.fail("read the data first"))
    (kit / "reports").mkdir()
    (kit / "reports" / "README.md").write_text("x")
    with pytest.raises(KitError):
        report_countries([KEN], root=kit, run=run)
    assert [path.name for path in (kit / "reports").iterdir()] == ["README.md"]


@pytest.mark.usefixtures("no_kernels")
def test_a_full_disk_does_not_stop_the_other_countries(kit: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = batch.write_text

    def write_text(text: str, path: Path) -> None:
        if path.name.startswith("KEN"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        whole(text, path)

    monkeypatch.setattr(batch, "write_text", write_text)
    summary = report_countries([KEN, NGA], root=kit, run="r")
    assert [outcome.status for outcome in summary.outcomes] == ["failed", "failed"]
    assert "nothing today" in summary.outcomes[0].error
    assert "No space left" in summary.outcomes[0].error
    assert str(kit) not in summary.outcomes[0].error
    assert (summary.folder / "NGA.error.html").is_file()


@pytest.mark.usefixtures("no_kernels")
@pytest.mark.parametrize("damage", ["{", "[]", '{"countries": {"UGA": 3}}'])
def test_a_damaged_manifest_is_set_aside_and_said(kit: Path, damage: str) -> None:
    folder = kit / "reports" / "r"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(damage)
    summary = report_countries([KEN], root=kit, run="r")
    assert (folder / "manifest.json.damaged").read_text() == damage
    assert "manifest.json.damaged" in summary.notes[0]
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["countries"]) == {"KEN"}
    again = report_countries([KEN], root=kit, run="r")
    assert again.notes == ()
    assert "set aside as manifest.json.damaged" in again.index.read_text(encoding="utf-8")


def test_the_record_says_whether_the_code_was_changed_since_its_commit(tmp_path: Path) -> None:
    def git(*words: str) -> None:
        given = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *words]
        subprocess.run(given, cwd=tmp_path, check=True, capture_output=True)

    assert git_state(tmp_path) == {"git_commit": "", "git_changed": None}
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "01_a.ipynb").write_text("{}")
    git("init", "-q")
    git("add", ".")
    git("commit", "-q", "-m", "first")
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "KEN.html").write_text("x")
    state = git_state(tmp_path)
    assert len(state["git_commit"]) == 40
    assert state["git_changed"] is False
    (tmp_path / "notebooks" / "01_a.ipynb").write_text("{ }")
    assert git_state(tmp_path) == {**state, "git_changed": True}
