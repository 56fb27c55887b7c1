"""A stopped command: one line, the exit code shells expect, nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from cryptorisk.cli.stopping import Stopped, interruption_behind, stoppable
from cryptorisk.kit import find_root

pytestmark = pytest.mark.skipif(os.name == "nt", reason="sends POSIX signals")
SLOW = """
import os, time
from pathlib import Path
Path({marker!r}).write_text(str(os.getpid()))
time.sleep(120)
"""
WORKS = """
from cryptorisk.cli import main
import cryptorisk.paramfile.template as template, sys, time
def slow():
    print("begun", flush=True)
    time.sleep(120)
template.schema_text = slow
sys.exit(main(["params", "schema"]))
"""


def heeding_signals() -> None:
    """In the child: signals as a terminal gives them, whatever the tests themselves were started with."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def deaf_to_ctrl_c() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def begin(*command: str, heed: Callable[[], None] = heeding_signals) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=heed,
        start_new_session=True,
    )


@pytest.fixture
def slow_kit(tmp_path: Path) -> Path:
    """A kit with the real data and one notebook that says its process and then takes two minutes."""
    root = tmp_path / "kit"
    for name in ("notebooks", "params"):
        (root / name).mkdir(parents=True)
    (root / "data").symlink_to(find_root() / "data", target_is_directory=True)
    (root / "pyproject.toml").write_text("")
    parameters = nbformat.v4.new_code_cell('country = "KEN"\nresolved_params = None')
    parameters.metadata["tags"] = ["parameters"]
    slow = nbformat.v4.new_code_cell(SLOW.format(marker=str(tmp_path / "kernel")))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Slow"), parameters, slow])
    nbformat.write(notebook, root / "notebooks" / "01_slow.ipynb")
    return root


def wait_for(there: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def left_behind(root: Path) -> list[Path]:
    """Whatever of a country lies in reports/; the empty file that locks a run is none of it."""
    return [path for path in (root / "reports").rglob("*") if not path.name.endswith("lock")]


@pytest.mark.parametrize(("number", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_a_stopped_report_leaves_nothing_behind(slow_kit: Path, number: str, code: int) -> None:
    process = begin("-m", "cryptorisk.cli", "report", "KEN", "--root", str(slow_kit), "--run", "x")
    marker = slow_kit.parent / "kernel"
    wait_for(lambda: marker.is_file() and marker.read_text() != "")
    assert list((slow_kit / "reports").glob(".staging-*"))
    process.send_signal(getattr(signal, number))
    printed, said = process.communicate(timeout=30)
    assert (process.returncode, printed) == (code, "")
    assert said.splitlines() == [
        "KEN (1 of 1): 2 steps",
        "interrupted: nothing was written for the country in progress",
    ]
    assert left_behind(slow_kit) == []
    wait_for(lambda: not running(int(marker.read_text())), 5)


def test_impatience_does_not_break_the_tidying_off(slow_kit: Path) -> None:
    process = begin("-m", "cryptorisk.cli", "report", "KEN", "--root", str(slow_kit), "--run", "x")
    marker = slow_kit.parent / "kernel"
    wait_for(lambda: marker.is_file() and marker.read_text() != "")
    for number in (signal.SIGINT, signal.SIGINT, signal.SIGTERM, signal.SIGINT):
        process.send_signal(number)
        time.sleep(0.02)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert said.count("interrupted") == 1
    assert "Traceback" not in said
    assert left_behind(slow_kit) == []


def test_any_command_can_be_stopped() -> None:
    process = begin("-c", WORKS)
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert (process.returncode, said) == (130, "interrupted\n")


def test_what_the_parent_ignores_stays_ignored() -> None:
    process = begin("-c", WORKS, heed=deaf_to_ctrl_c)
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    process.send_signal(signal.SIGINT)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(timeout=0.5)
    process.terminate()
    _, said = process.communicate(timeout=30)
    assert (process.returncode, said) == (143, "interrupted\n")


def own_handler(number: int, frame: object) -> None:
    pass


def stop_oneself() -> None:
    with stoppable():
        signal.raise_signal(signal.SIGTERM)


def test_the_callers_handlers_come_back() -> None:
    before = signal.signal(signal.SIGTERM, own_handler)
    try:
        with pytest.raises(Stopped) as caught:
            stop_oneself()
        assert caught.value.exit_code == 143
        assert signal.getsignal(signal.SIGTERM) is own_handler
    finally:
        signal.signal(signal.SIGTERM, before)


def test_an_interruption_is_found_behind_the_end_of_a_program() -> None:
    stop = Stopped(signal.SIGTERM)
    ended, between = SystemExit(130), ValueError()
    ended.__context__, between.__cause__ = between, stop
    assert interruption_behind(ended) is stop
    assert interruption_behind(SystemExit(2)) is None
