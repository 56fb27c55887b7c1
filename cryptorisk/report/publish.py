"""Putting finished files under their final names, and only then: staging, manifest, index."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cryptorisk.errors import KitError
from cryptorisk.report.record import file_hash, to_json

MANIFEST = "manifest.json"
INDEX = "index.html"
_STAGING = ".staging-"
_STALE_SECONDS = 86_400
"""Left-overs of a process that still runs are never touched; where that cannot be asked, only those of a day ago."""

_RUN_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,79}")


def check_run_name(name: str) -> str:
    """The run's name, refused unless it is a plain folder name.

    Raises
    ------
    KitError
    """
    if not _RUN_NAME.fullmatch(name) or name.endswith("."):
        raise KitError(
            f"{name!r} cannot be the name of a run",
            remedy="use letters, digits, dots, dashes and underscores, not beginning or ending with a dot",
        )
    return name


@contextmanager
def staging(reports: Path) -> Iterator[Path]:
    """A private folder inside ``reports/`` that is gone afterwards, whatever happens.

    It lies in ``reports/`` so that the last step is a rename within one file system.
    """
    reports.mkdir(parents=True, exist_ok=True)
    _sweep(reports)
    folder = Path(tempfile.mkdtemp(prefix=f"{_STAGING}{os.getpid()}-", dir=reports))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def place(staged: Path, target: Path) -> None:
    """Move a finished file or folder to its final name, in place of an older one."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_dir():
        old = staged.with_name(staged.name + ".old")
        target.rename(old)
        staged.rename(target)
        shutil.rmtree(old, ignore_errors=True)
    else:
        staged.replace(target)


def remove(path: Path) -> None:
    """Remove a file or folder of an earlier run, if there is one."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def hashes(folder: Path, *names: str) -> dict[str, str]:
    """SHA-256 of the named files and of every file in the named folders, by path relative to ``folder``."""
    found: dict[str, str] = {}
    for name in names:
        path = folder / name
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                found[file.relative_to(folder).as_posix()] = file_hash(file)
    return found


def read_manifest(folder: Path, run: str) -> dict[str, Any]:
    """The run's manifest; an empty one when there is none or it is damaged."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if isinstance(manifest, dict) and isinstance(manifest.get("countries"), dict):
            return {"manifest": "1", "run": run, "countries": manifest["countries"]}
    except (OSError, ValueError):
        pass
    return {"manifest": "1", "run": run, "countries": {}}


def write_manifest(manifest: Mapping[str, Any], folder: Path, stage: Path) -> None:
    """Replace the run's manifest."""
    ordered = {**manifest, "countries": dict(sorted(manifest["countries"].items()))}
    write_text(to_json(ordered), folder / MANIFEST, stage)


def write_text(text: str, target: Path, stage: Path) -> None:
    """Write a whole text under its final name at once."""
    temporary = stage / (target.name + ".new")
    temporary.write_text(text, encoding="utf-8", newline="\n")
    place(temporary, target)


def _sweep(reports: Path) -> None:
    """Remove staging folders whose process is gone."""
    for folder in reports.glob(_STAGING + "*"):
        owner = folder.name[len(_STAGING) :].partition("-")[0]
        if folder.is_dir() and owner.isdigit() and not _alive(int(owner), folder):
            shutil.rmtree(folder, ignore_errors=True)


def _alive(process: int, folder: Path) -> bool:
    if os.name == "nt":  # asking with signal 0 would end the process there
        return time.time() - folder.stat().st_mtime < _STALE_SECONDS
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
