"""Private folders that are gone afterwards, also those of a process that was ended before it could tidy up."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_STALE_SECONDS = 86_400
"""Left-overs of a process that still runs are never touched; where that cannot be asked, only those of a day ago."""


@contextmanager
def private_folder(place: Path, prefix: str) -> Iterator[Path]:
    """A new folder ``<prefix><process>-<random>`` in ``place``, removed at the end, whatever happens.

    What processes that run no more have left under the same prefix is removed first.

    Raises
    ------
    OSError
        When ``place`` cannot be written to.
    """
    _sweep(place, prefix)
    folder = Path(tempfile.mkdtemp(prefix=f"{prefix}{os.getpid()}-", dir=place))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(place: Path, prefix: str) -> None:
    """Remove folders whose process is gone."""
    for folder in place.glob(prefix + "*"):
        owner = folder.name[len(prefix) :].partition("-")[0]
        if owner.isdigit() and folder.is_dir() and not _alive(int(owner), folder):
            shutil.rmtree(folder, ignore_errors=True)


def _alive(process: int, folder: Path) -> bool:
    try:
        if os.name == "nt":  # asking with signal 0 would end the process there
            return time.time() - folder.stat().st_mtime < _STALE_SECONDS
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
