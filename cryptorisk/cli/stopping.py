"""Being stopped: Ctrl-C, a scheduler's SIGTERM and a closing terminal all end a command tidily and alike."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

INTERRUPTED = 130
"""128 + SIGINT, as shells expect of a program stopped with Ctrl-C."""

_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")
_TIDYING_SECONDS = 5.0
"""Ending a kernel and removing what was begun takes under a second; an impatient second Ctrl-C, or the SIGTERM that
follows a SIGHUP, must not break it off. A command that still runs after this time can be stopped again."""


class Stopped(KeyboardInterrupt):
    """A signal asked the command to end; ``exit_code`` is 128 plus its number, as shells expect."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.exit_code = 128 + number


@contextmanager
def stoppable() -> Iterator[None]:
    """Let the signals that end a program raise `Stopped`, so that what was begun is removed.

    A signal that the parent process chose to ignore (``nohup``, a job in the background) stays ignored. Off the
    main thread, where Python delivers no signal, nothing changes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    begun = -_TIDYING_SECONDS

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal begun
        del frame
        if time.monotonic() - begun >= _TIDYING_SECONDS:
            begun = time.monotonic()
            raise Stopped(number)

    numbers = [getattr(signal, name) for name in _SIGNALS if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    heeded = [number for number, handler in before.items() if handler not in (signal.SIG_IGN, None)]
    try:
        for number in heeded:
            signal.signal(number, stop)
        yield
    finally:
        for number in heeded:
            signal.signal(number, before[number])


def interruption_behind(error: BaseException | None) -> KeyboardInterrupt | None:
    """The interruption that led to an error, if one did: typer turns it into the end of the program."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error
