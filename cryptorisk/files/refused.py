"""What to say when the disk refuses a file: one way for reports, vintages and whatever else the kit writes."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptorisk.errors import KitError

REMEDY = "check that it is a folder of yours with free space, or give another kit folder with --root"

_BLOCKED = (errno.EEXIST, errno.EISDIR, errno.ENOTDIR, errno.ELOOP)
"""Something of the name is there and is not what it should be."""


def unwritable(problem: OSError, place: Path, root: Path) -> KitError:
    """The disk's refusal as an error of the kit's; no path of this machine is told.

    Parameters
    ----------
    problem : OSError
        When it names something that stands in the way directly in ``root``, that is told.
    place : Path
        What could not be written to: ``root`` or a folder directly in it.
    root : Path
        One of the kit's own folders (``data``, ``reports``).
    """
    way = Path(str(problem.filename)) if problem.filename else place
    blocked = way.parent == root and problem.errno in _BLOCKED
    shown, remedy = (way, "move it away") if blocked else (place, REMEDY)
    below = root.name if shown == root else f"{root.name}/{shown.name}"
    return KitError(f"cannot write to {below} ({problem.strerror or problem})", remedy=remedy)


@contextmanager
def writing_to(root: Path) -> Iterator[None]:
    """Say every refusal of the disk within the block as `unwritable` does.

    Raises
    ------
    KitError
    """
    try:
        yield
    except OSError as problem:
        raise unwritable(problem, root, root) from problem
