"""Folders that appear under their final name only when every byte of them is on the disk."""

from __future__ import annotations

import os
from pathlib import Path

from cryptorisk.files.lock import undisturbed


def put_in_place(made: Path, target: Path) -> None:
    """Rename a finished folder to its final name, after the disk has taken its files.

    Without the wait a power cut could leave the new name with empty files behind it.

    Parameters
    ----------
    made : Path
        On the same file system as ``target``.
    target : Path

    Raises
    ------
    OSError
        When the name is taken, or the disk refuses; nothing has the final name then.
    """
    for file in sorted(made.rglob("*")):
        _settle(file)
    _settle(made)
    with undisturbed():
        if target.exists():
            raise FileExistsError(17, "the name is taken", str(target))
        made.rename(target)
        _settle(target.parent)


def _settle(path: Path) -> None:
    """Wait until the disk has a file or, where the system can do that, the names in a folder."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() or os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
