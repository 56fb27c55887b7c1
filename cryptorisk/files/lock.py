"""One writer at a time in a folder, and no stop in the middle of a publication."""

from __future__ import annotations

import os
import signal
import stat
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from cryptorisk.errors import KitError

LOCK_SECONDS = 60.0
"""A publication takes some milliseconds; a holder that needs a thousand times that has stopped."""

_ASK_AGAIN_SECONDS = 0.02

IN_THE_WAY = "something else is in the way"


@contextmanager
def locked(path: Path, *, seconds: float = LOCK_SECONDS, busy: KitError | None = None) -> Iterator[None]:
    """Hold the lock file ``path``; other processes and threads that want it wait.

    Parameters
    ----------
    path : Path
    seconds : float
        How long to wait.
    busy : KitError, optional
        What to raise in place of the default when another holds it all that time.

    The operating system holds the lock and gives it back when its process ends, however it ends: a lock file
    that lies about locks nothing. Lock files are empty; what is not (or is a link, or no file) is somebody else's,
    and stays as it is.

    Raises
    ------
    KitError
        When another process still holds it after ``seconds``.
    OSError
        When the file cannot be made, or something else has its name.
    """
    deadline = time.monotonic() + seconds
    while (handle := take(path)) is None:
        if time.monotonic() > deadline:
            raise busy or KitError(
                f"another process has been writing to this run for {seconds:.0f} seconds",
                where=path.name,
                remedy="wait for it, or give this run another name with --run",
            )
        time.sleep(_ASK_AGAIN_SECONDS)
    try:
        if os.fstat(handle).st_size:
            raise FileExistsError(17, IN_THE_WAY, str(path))
    except BaseException:
        give_back(handle)
        raise
    try:
        yield
    finally:
        _release(path, handle)


def take(path: Path, *, make: bool = True) -> int | None:
    """Lock a file and return its handle, for `give_back`; None while another process or thread has it.

    Parameters
    ----------
    path : Path
        Never followed when it is a link, and never shortened.
    make : bool
        Make the file when there is none.

    Raises
    ------
    OSError
        When it cannot be opened or made, or is no ordinary file.
    """
    handle = _opened(path, make=make)
    try:
        if _lock(handle) and _stands(path, handle):
            return handle
    except BaseException:
        os.close(handle)
        raise
    os.close(handle)
    return None


def _opened(path: Path, *, make: bool) -> int:
    rest = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    if path.is_symlink():
        raise FileExistsError(17, IN_THE_WAY, str(path))
    try:
        handle = os.open(path, os.O_RDWR | rest | (os.O_CREAT if make else 0), 0o666)
    except PermissionError:
        handle = os.open(path, os.O_RDONLY | rest)  # another user's: to read it is enough to lock it
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise FileExistsError(17, IN_THE_WAY, str(path))
    return handle


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _stands(path: Path, handle: int) -> bool:
        del path, handle  # a file that is open keeps its name there
        return True

    def give_back(handle: int) -> None:
        """Give back what `take` locked; the file stays."""
        os.lseek(handle, 0, os.SEEK_SET)  # a lock lies where the file was read or written last
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)
        os.close(handle)

    def _release(path: Path, handle: int) -> None:
        give_back(handle)
        with suppress(OSError):  # another may have it open
            path.unlink()

else:
    import fcntl

    def _lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _stands(path: Path, handle: int) -> bool:
        """Whether the locked file still has its name: the holder before may have removed it after it was opened."""
        try:
            return os.path.samestat(os.fstat(handle), path.lstat())
        except FileNotFoundError:
            return False

    def give_back(handle: int) -> None:
        """Give back what `take` locked; the file stays."""
        os.close(handle)

    def _release(path: Path, handle: int) -> None:
        with suppress(OSError):
            path.unlink()  # before the lock is given back, so that nobody locks a removed file unknowingly
        give_back(handle)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Put off a stop (Ctrl-C, a request to end) until the block is left; only the main thread is ever stopped so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        del frame
        came.append(number)

    stops = [number for name in ("SIGINT", "SIGTERM", "SIGHUP") if (number := getattr(signal, name, None))]
    before = {
        number: handler
        for number in stops
        # None is of another language and cannot be put back; what is ignored stays ignored.
        if (handler := signal.getsignal(number)) not in (None, signal.SIG_IGN)
    }
    for number in before:
        signal.signal(number, note)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for number in dict.fromkeys(came):
            signal.raise_signal(number)
