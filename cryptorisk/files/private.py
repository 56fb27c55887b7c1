"""Private folders that are gone afterwards, also those of a process that was ended before it could tidy up."""

from __future__ import annotations

import os
import platform
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from cryptorisk.files.lock import give_back, take

MARK = ".held"
"""A file in every private folder, locked as long as its owner lives: the number of a process says nothing in another
container or on another machine that sees the same folder."""

STALE_SECONDS = 86_400
"""A lock need not reach from one machine to another: what another one left, or nobody marked, stays for a day."""


@contextmanager
def private_folder(place: Path, prefix: str) -> Iterator[Path]:
    """A new folder ``<prefix><process>-<random>`` in ``place``, removed at the end, whatever happens.

    What others that live no more have left under the same prefix is removed first. The folder holds a file `MARK`.

    Raises
    ------
    OSError
        When ``place`` cannot be written to.
    """
    _sweep(place, prefix)
    folder = Path(tempfile.mkdtemp(prefix=f"{prefix}{os.getpid()}-", dir=place))
    held = _marked(folder)
    try:
        yield folder
    finally:
        if held is not None:
            give_back(held)
        shutil.rmtree(folder, ignore_errors=True)


def _marked(folder: Path) -> int | None:
    """The handle of the locked mark; None where the disk knows no locks: such a folder counts as left after a day."""
    held: int | None = None
    with suppress(OSError):
        held = take(folder / MARK)
        if held is not None:
            os.write(
                held, _system().encode()
            )  # locked first: a mark that says whose it is was locked by its owner
    return held


def _sweep(place: Path, prefix: str) -> None:
    """Remove what nobody holds any more."""
    ours = re.compile(re.escape(prefix) + r"\d+-.+")
    for folder in place.glob(prefix + "*"):
        if ours.fullmatch(folder.name) and not folder.is_symlink() and folder.is_dir() and _left(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _left(folder: Path) -> bool:
    """Whether the owner of a folder is gone."""
    try:
        handle = take(folder / MARK, make=False)
    except FileNotFoundError:
        return _old(folder)  # not marked yet, or made by an earlier version of the kit
    except OSError:
        return False  # another user's
    if handle is None:
        return False
    try:
        return os.read(handle, 100) == _system().encode() or _old(folder)
    except OSError:
        return False
    finally:
        give_back(handle)


def _old(folder: Path) -> bool:
    with suppress(OSError):
        return time.time() - folder.stat().st_mtime > STALE_SECONDS
    return False


@cache
def _system() -> str:
    """What tells this running system from others: within it a lock of one process is seen by all."""
    with suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return platform.node()
