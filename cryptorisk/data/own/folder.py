"""The files in ``data/overrides/``: taken without being named, so that what they are is checked the harder."""

from __future__ import annotations

from pathlib import Path

from cryptorisk.data.own import FOREIGN, FORMATS
from cryptorisk.data.own.faults import FOLDER as ORIGIN
from cryptorisk.data.own.faults import Fault, Located

NAME = "overrides"
"""Folder beside the vintages; git ignores it."""
FOLDER = f"data/{NAME}"
"""How messages name it."""


def shown(path: Path) -> str:
    """How messages name a file of the folder."""
    return f"{FOLDER}/{path.name}"


def files_in(folder: Path) -> tuple[list[Path], list[Located]]:
    """The tables in the folder by name, and everything in it that must not be read.

    Hidden files, a spreadsheet program's lock files (``~$name.xlsx``), sub-folders and files of other kinds are
    passed over; a table in a format that the kit does not read is a fault, lest it be thought used.

    Parameters
    ----------
    folder : Path
        ``data/overrides`` of the kit; need not exist.
    """
    if folder.is_symlink():
        what = "is a link; the folder itself must stand in data/"
        return [], [_fault(FOLDER, what, "name files elsewhere under own_files in the parameter file")]
    try:
        entries = sorted(folder.iterdir(), key=lambda path: path.name)
    except FileNotFoundError:
        return [], []
    except OSError as error:
        return [], [_fault(FOLDER, f"cannot be read ({error.strerror})")]
    files, faults = [], []
    for path in entries:
        if path.name.startswith((".", "~$")) or path.suffix.casefold() not in (*FORMATS, *FOREIGN):
            continue
        if fault := _refused(path, folder):
            faults.append(fault)
        else:
            files.append(path)
    return files, faults


def _refused(path: Path, folder: Path) -> Located | None:
    """Why a table must not be read."""
    if path.suffix.casefold() in FOREIGN:
        return _fault(shown(path), f"is no file of the kinds {', '.join(FORMATS)}", "save it as one of them")
    if path.is_symlink() and not _stays(path, folder):
        what = f"is a link that leads out of {FOLDER} or nowhere"
        return _fault(shown(path), what, "copy the file there, or name it under own_files")
    if not path.is_file():
        return _fault(shown(path), "is not a regular file", "move it elsewhere")
    return None


def _stays(path: Path, folder: Path) -> bool:
    try:
        return path.resolve(strict=True).is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # nothing there, or links that lead round in a circle
        return False


def _fault(file: str, what: str, remedy: str | None = None) -> Located:
    return Located(ORIGIN, file, Fault("", what, remedy))
