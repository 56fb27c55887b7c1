"""One writer at a time in a folder, and no stop in the middle of a publication."""

from __future__ import annotations

import os
import signal
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
    that lies about locks nothing.

    Raises
    ------
    KitError
        When another process still holds it after ``seconds``.
    OSError
        When the file cannot be made.
    """
    deadline = time.monotonic() + seconds
    while (handle := _taken(path)) is None:
        if time.monotonic() > deadline:
            raise busy or KitError(
                f"another process has been writing to this run for {seconds:.0f} seconds",
                where=path.name,
                remedy="wait for it, or give this run another name with --run",
            )
        time.sleep(_ASK_AGAIN_SECONDS)
    try:
        yield
    finally:
        _release(path, handle)


if sys.platform == "win32":
    import msvcrt

    def _taken(path: Path) -> int | None:
        """The open lock file, or nothing while another has it."""
        handle = os.open(path, os.O_RDWR | os.O_CREAT)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            os.close(handle)
            return None
        return handle

    def _release(path: Path, handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)
        os.close(handle)
        with suppress(OSError):  # another may have it open
            path.unlink()

else:
    import fcntl

    def _taken(path: Path) -> int | None:
        """The open lock file, or nothing while another has it."""
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # The holder before may have removed the file after it was opened here: then it locks nothing.
            if os.path.samestat(os.fstat(handle), path.stat()):
                return handle
        except (BlockingIOError, FileNotFoundError):
            pass
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)
        return None

    def _release(path: Path, handle: int) -> None:
        with suppress(OSError):
            path.unlink()  # before the lock is given back, so that nobody locks a removed file unknowingly
        os.close(handle)


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
