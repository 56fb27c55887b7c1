"""Files and folders that appear under their final names only when every byte of them is on the disk."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from contextlib import suppress
from pathlib import Path

from cryptorisk.files.lock import undisturbed

REPLACED = "-replaced"
"""Ending of the name of a folder that is being replaced."""

_CANNOT_WAIT = (errno.EINVAL, errno.ENOTSUP)
"""What disks of other machines say that keep no promise about the names in a folder."""


def write_whole(path: Path, content: bytes, *, mode: int = 0o666, fresh: bool = False) -> None:
    """Write a file; whoever reads it under its name finds the old content or the new one, never a part.

    Parameters
    ----------
    path : Path
        In a folder that exists.
    content : bytes
    mode : int
        Of a new file, less what the system's mask takes away; one that is replaced keeps its own.
    fresh : bool
        Leave a file that is there as it is: of two processes at once the first one's stays.

    Raises
    ------
    OSError
        When the disk refuses; the file is as before then.
    """
    part = path.with_name(f".{path.name[:100]}.{secrets.token_hex(4)}.part")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if fresh:
            with suppress(FileExistsError):
                os.link(part, path)
        else:
            with suppress(FileNotFoundError):
                shutil.copymode(path, part)
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    _settle(path.parent)


def put_in_place(made: Path, target: Path, *, replace: bool = False) -> None:
    """Rename a finished folder to its final name, after the disk has taken its files.

    Without the wait a power cut could leave the new name with empty files behind it.

    Parameters
    ----------
    made : Path
        On the same file system as ``target``.
    target : Path
    replace : bool
        Take a folder of that name away. Between two renames there is none: a process that is ended there leaves the old
        one as ``.<name>-replaced``, and the next call begins by putting it back.

    Raises
    ------
    OSError
        When the name is taken, or the disk refuses; the name stands for what it did before then.
    """
    for file in sorted(made.rglob("*")):
        _settle(file)
    _settle(made)
    old = _aside(target)
    with undisturbed():
        if replace:
            put_back(target)
            if target.exists():
                target.rename(old)
        elif target.exists():
            raise FileExistsError(17, "the name is taken", str(target))
        try:
            made.rename(target)
        except BaseException:
            if replace:
                put_back(target)
            raise
        _settle(target.parent)
    if replace:
        shutil.rmtree(old, ignore_errors=True)


def put_back(target: Path) -> None:
    """Give a folder its name again that was being replaced when a process was ended; else remove what it left."""
    old = _aside(target)
    if old.is_dir() and not target.exists():
        old.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def _aside(target: Path) -> Path:
    return target.with_name(f".{target.name}{REPLACED}")


def _settle(path: Path) -> None:
    """Wait until the disk has a file or, where the system can do that, the names in a folder."""
    folder = path.is_dir()
    if folder and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY if folder or os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    except OSError as problem:
        if not folder or problem.errno not in _CANNOT_WAIT:
            raise
    finally:
        os.close(handle)
