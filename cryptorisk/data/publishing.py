"""How a vintage gets its name: one writer at a time, written in private, checked whole, then renamed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptorisk.data.verify import require
from cryptorisk.data.vintage import NAME
from cryptorisk.errors import KitError
from cryptorisk.files.lock import locked
from cryptorisk.files.private import private_folder
from cryptorisk.files.refused import writing_to
from cryptorisk.files.whole import REPLACED, put_back, put_in_place

LOCK = ".lock-refresh"
STAGING = ".vintage-"


@contextmanager
def one_writer(data: Path) -> Iterator[None]:
    """Hold a folder of vintages; refusals of the disk within are said as errors of the kit's.

    Raises
    ------
    KitError
        When another refresh or compilation is under way in it, or the disk refuses.
    """
    busy = KitError(
        "another refresh is under way in this folder of vintages, or a compilation",
        where=f"{data.name}/{LOCK}",
        remedy="wait for its end; readers are not disturbed by it",
    )
    with writing_to(data), locked(data / LOCK, seconds=0, busy=busy):
        for left in data.glob(f".*{REPLACED}"):
            if NAME.fullmatch(name := left.name[1 : -len(REPLACED)]):
                put_back(data / name)
        yield


def publish_vintage(data: Path, name: str, write: Callable[[Path], None], *, replace: bool = False) -> Path:
    """Put a vintage into ``data``: whole and checked, or not at all.

    Parameters
    ----------
    data : Path
        Held with `one_writer`.
    name : str
    write : callable
        Told an empty folder, which it fills.
    replace : bool
        Whether a vintage of that name may be there, and is taken away.

    Returns
    -------
    Path
        The vintage.

    Raises
    ------
    DataError
        When it does not pass the checks.
    OSError
        When the name is taken, or the disk refuses.
    """
    with private_folder(data, STAGING) as stage:
        folder = stage / name
        folder.mkdir()
        write(folder)
        require(folder)
        put_in_place(folder, data / name, replace=replace)
    return data / name
