"""Putting finished files under their final names, all of a country at once, with the manifest and the index."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from cryptorisk.errors import KitError
from cryptorisk.files.lock import locked, undisturbed
from cryptorisk.files.private import private_folder
from cryptorisk.files.refused import unwritable
from cryptorisk.report import gate
from cryptorisk.report.index import index_page
from cryptorisk.report.record import file_hash, to_json

MANIFEST = "manifest.json"
INDEX = "index.html"
_STAGING = ".staging-"

_RUN_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,79}")
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", flags=re.I)
"""Names that Windows keeps for devices, with any ending: a run made elsewhere could not be copied there."""


def check_run_name(name: str) -> str:
    """The run's name, refused unless it is a plain folder name on every system.

    Raises
    ------
    KitError
    """
    if not _RUN_NAME.fullmatch(name) or name.endswith("."):
        raise KitError(
            f"{name!r} cannot be the name of a run",
            remedy="use letters, digits, dots, dashes and underscores, not beginning or ending with a dot",
        )
    if _DEVICE.fullmatch(name):
        raise KitError(
            f"{name!r} cannot be the name of a run: Windows keeps it for a device",
            remedy="choose another name",
        )
    return name


def check_target(reports: Path, name: str) -> Path:
    """The run's folder, refused when its place is taken by a file or may not be written to.

    Raises
    ------
    KitError
    """
    folder = reports / name
    if reports.exists() and not reports.is_dir():
        raise unwritable(NotADirectoryError(20, "a file of that name is in the way"), reports, reports)
    if (folder.exists() or folder.is_symlink()) and not folder.is_dir():
        raise KitError(
            f"reports/{name} is a file, not the folder of a run", remedy="choose another name with --run"
        )
    for place in (folder, reports):
        if place.is_dir() and not os.access(place, os.W_OK | os.X_OK):
            raise unwritable(PermissionError(13, "not permitted"), place, reports)
    return folder


@contextmanager
def staging(reports: Path) -> Iterator[Path]:
    """A private folder inside ``reports/`` that is gone afterwards, whatever happens.

    It lies in ``reports/`` so that the last step is a rename within one file system.

    Raises
    ------
    KitError
        When ``reports/`` cannot be written to.
    """
    with ExitStack() as stack:
        try:
            reports.mkdir(parents=True, exist_ok=True)
            folder = stack.enter_context(private_folder(reports, _STAGING))
        except OSError as problem:
            raise unwritable(problem, reports, reports) from problem
        yield folder


def publish(
    stage: Path, folder: Path, iso3: str, entry: Mapping[str, Any], names: Iterable[str], gone: Iterable[str]
) -> tuple[str, ...]:
    """Put a country's files, the manifest and the index in place: all of them, or after an error none.

    Everything that can fail for its content is done before the first file is moved; the moves are made by one
    process at a time and are not interrupted.

    Parameters
    ----------
    stage : Path
        The staging folder, which holds the files under their final names.
    folder : Path
        The run's folder.
    iso3 : str
    entry : mapping
        The country's entry in the manifest; that of a failure is told here whether an earlier page stays.
    names, gone : iterable of str
        Files and folders to put in place; those of an earlier run to take away.

    Returns
    -------
    tuple of str
        Notes for the run's summary.

    Raises
    ------
    KitError, OSError
        Nothing was published.
    """
    names = tuple(names)
    entry = {**entry, "files": hashes(stage, *names)}
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder.parent / f".lock-{folder.name}"), undisturbed():
        manifest, notes = read_manifest(folder, folder.name)
        if entry["status"] == "failed":
            entry["earlier"] = (folder / f"{iso3}.html").is_file()
        manifest["countries"] = dict(sorted({**manifest["countries"], iso3: entry}.items()))
        page = index_page(manifest)
        gate.check(page, name=INDEX, quotes=True)
        for name, text in ((MANIFEST, to_json(manifest)), (INDEX, page)):
            write_text(text, stage / name)
        exchange(stage, folder, (*names, MANIFEST, INDEX), gone)
    return notes


def exchange(stage: Path, folder: Path, names: Iterable[str], gone: Iterable[str] = ()) -> None:
    """Move ``names`` from ``stage`` to ``folder`` in place of older ones, take ``gone`` away; undone on an error."""
    old = Path(tempfile.mkdtemp(prefix="old-", dir=stage))
    undo: list[tuple[Path, Path]] = []

    def move(source: Path, target: Path) -> None:
        source.replace(target)
        undo.append((target, source))

    names = tuple(names)
    try:
        for name in (*names, *gone):
            target = folder / name
            if name in names and target.is_file():  # replaced at once: a reader never finds it missing
                shutil.copy2(target, old / name)
                (stage / name).replace(target)
                undo.append((old / name, target))
                continue
            if target.exists() or target.is_symlink():
                move(target, old / name)
            if name in names:
                move(stage / name, target)
    except BaseException:
        for source, target in reversed(undo):
            source.replace(target)
        raise


def hashes(folder: Path, *names: str) -> dict[str, str]:
    """SHA-256 of the named files and of every file in the named folders, by path relative to ``folder``."""
    found: dict[str, str] = {}
    for name in names:
        path = folder / name
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                found[file.relative_to(folder).as_posix()] = file_hash(file)
    return found


def read_manifest(folder: Path, run: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The run's manifest, and notes for the summary.

    A manifest that cannot be read is set aside as ``manifest.json.damaged`` and an empty one takes its place.
    """
    empty: dict[str, Any] = {"manifest": "1", "run": run, "countries": {}}
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        countries = manifest["countries"]
        if all(isinstance(one["name"] + one["status"], str) for one in countries.values()):
            kept = [str(note) for note in manifest.get("notes", ())]
            return {**empty, "countries": countries, **({"notes": kept} if kept else {})}, ()
    except FileNotFoundError:
        return empty, ()
    except (ValueError, KeyError, TypeError, AttributeError):
        pass
    path.replace(folder / f"{MANIFEST}.damaged")
    note = (
        f"reports/{run}/{MANIFEST} could not be read and was set aside as {MANIFEST}.damaged; the run's index lists "
        "only the countries made since: make the others again to have them listed"
    )
    return {**empty, "notes": [note]}, (note,)


def write_text(text: str, path: Path) -> None:
    """Write a text in the one way the report does."""
    path.write_text(text, encoding="utf-8", newline="\n")
