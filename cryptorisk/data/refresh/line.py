"""The tasks of one source, handed out one by one to the threads that ask it."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from cryptorisk.data.sources.source import LiveSource, Task


@dataclass
class Line:
    """The tasks of one source.

    Attributes
    ----------
    name : str
    source : LiveSource
    waiting : deque of Task
        Not asked yet.
    open : set of Task
        Not settled yet.
    in_a_row : int
        Tasks that failed for passing faults since the last one that did not.
    begun : float
        When the last one was handed out, by the monotonic clock.
    """

    name: str
    source: LiveSource
    waiting: deque[Task]
    open: set[Task]
    in_a_row: int = 0
    begun: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def of(cls, name: str, source: LiveSource, tasks: Iterable[Task]) -> Line:
        """The line of these tasks."""
        waiting = deque(tasks)
        return cls(name, source, waiting, set(waiting))

    def next(self, stopped: threading.Event) -> Task | None:
        """The next task after the pause that the source asks for; None when there is none or all is stopped."""
        with self.lock:
            if not self.waiting:
                return None
            pause = self.begun + self.source.pause_seconds - time.monotonic()
            if pause > 0 and stopped.wait(pause):
                return None
            self.begun = time.monotonic()
            return self.waiting.popleft()

    def note(self, *, failed: bool) -> None:
        """Take note of a settled task: ``failed`` for a passing fault."""
        with self.lock:
            self.in_a_row = self.in_a_row + 1 if failed else 0

    def is_down(self, limit: int) -> bool:
        """Whether so many tasks failed one after the other that the source is left alone."""
        with self.lock:
            return self.in_a_row >= limit
