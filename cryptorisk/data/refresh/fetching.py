"""Asking all sources: side by side where they allow it, politely where they do not, with repeats and an end.

Sources are asked in threads that nothing waits for: a library that hangs in a provider's silence cannot hold up the
end of a refresh or of the program.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import pandas as pd

from cryptorisk.data.refresh.checkpoint import Checkpoint
from cryptorisk.data.refresh.patience import Patience
from cryptorisk.data.sources.source import COLUMNS, LiveSource, Request, Task
from cryptorisk.data.wording import told
from cryptorisk.errors import CryptoriskError, FetchError, NoFigures

_TICK_SECONDS = 0.2
"""How often the waiting thread looks at the clock: a signal is heard at once anyway."""

OUT_OF_TIME = "the refresh's time ran out"


@dataclass(frozen=True)
class Step:
    """What just happened: ``done`` of ``of`` tasks of ``source`` are settled; ``text`` says what, or is ""."""

    source: str
    done: int
    of: int
    text: str = ""


@dataclass
class Asked:
    """What became of the tasks of one source.

    Attributes
    ----------
    source : LiveSource
    answered : list of Task
        Their answers lie in the checkpoint; a source without figures of the few economies asked for left none.
    failed : dict of Task to str
        With the reason.
    resumed : int
        Answers that an interrupted refresh had kept.
    """

    source: LiveSource
    answered: list[Task] = field(default_factory=list)
    failed: dict[Task, str] = field(default_factory=dict)
    resumed: int = 0

    @property
    def settled(self) -> int:
        """Tasks answered or failed."""
        return len(self.answered) + len(self.failed)


def ask_all(
    sources: Mapping[str, LiveSource],
    request: Request,
    kept: Checkpoint,
    patience: Patience,
    tell: Callable[[Step], None],
) -> dict[str, Asked]:
    """Ask every source every task, and keep each answer as it comes.

    Parameters
    ----------
    sources : mapping of str to LiveSource
    request : Request
    kept : Checkpoint
        Answers that it holds are not asked for again.
    patience : Patience
    tell : callable
        Told every step, in the calling thread.

    Returns
    -------
    dict of str to Asked
        By source; every task is answered or failed.
    """
    outcome = {name: Asked(source) for name, source in sources.items()}
    desk = _Desk(request, kept, patience)
    try:
        for name, source in sources.items():
            tasks = source.tasks(request)
            ready = [task for task in tasks if kept.has(name, task)]
            outcome[name].answered, outcome[name].resumed = ready, len(ready)
            tell(Step(name, len(ready), len(tasks)))
            desk.open(name, source, [task for task in tasks if task not in set(ready)])
        for name, task, problem in desk.settled():
            asked = outcome[name]
            if problem is None:
                asked.answered.append(task)
            else:
                asked.failed[task] = problem
            text = task.key if problem is None else f"{task.key}: {problem}"
            tell(Step(name, asked.settled, asked.settled + desk.open_tasks(name), text))
    finally:
        desk.close()
    for name, source in sources.items():
        _in_order(outcome[name], source.tasks(request))
    return outcome


def _in_order(asked: Asked, tasks: tuple[Task, ...]) -> None:
    """Put what came into the order of the questions: answers arrive as they please, and a vintage must not show it."""
    place = {task: number for number, task in enumerate(tasks)}
    asked.answered.sort(key=place.__getitem__)
    asked.failed = dict(sorted(asked.failed.items(), key=lambda one: place[one[0]]))


class _Desk:
    """Tasks waiting, tasks under way, and the threads that work on them."""

    def __init__(self, request: Request, kept: Checkpoint, patience: Patience) -> None:
        self.request, self.kept, self.patience = request, kept, patience
        self.deadline = time.monotonic() + patience.total_seconds
        self.stopped = threading.Event()
        self.results: queue.SimpleQueue[tuple[str, Task, str | None]] = queue.SimpleQueue()
        self.lines: dict[str, _Line] = {}

    def open(self, name: str, source: LiveSource, tasks: list[Task]) -> None:
        line = _Line(name, source, deque(tasks), set(tasks))
        self.lines[name] = line
        for number in range(min(source.jobs, len(tasks))):
            threading.Thread(
                target=self._work, args=(line,), name=f"refresh-{name}-{number}", daemon=True
            ).start()

    def open_tasks(self, name: str) -> int:
        return len(self.lines[name].open)

    def settled(self) -> Iterator[tuple[str, Task, str | None]]:
        """Yield name, task and problem (None when answered) until every task is settled or the time is up."""
        while any(line.open for line in self.lines.values()):
            left = self.deadline - time.monotonic()
            if left <= 0:
                break
            try:
                name, task, problem = self.results.get(timeout=min(left, _TICK_SECONDS))
            except queue.Empty:
                continue
            self.lines[name].open.discard(task)
            yield name, task, problem
        self.stopped.set()
        for name, line in self.lines.items():
            for task in sorted(line.open, key=lambda task: task.key):
                line.open.discard(task)
                yield name, task, OUT_OF_TIME

    def close(self) -> None:
        self.stopped.set()

    def _work(self, line: _Line) -> None:
        while not self.stopped.is_set() and (task := line.next(self.stopped)) is not None:
            problem = self._settle(line, task)
            if self.stopped.is_set() and problem is not None:
                return
            self.results.put((line.name, task, problem))

    def _settle(self, line: _Line, task: Task) -> str | None:
        if line.is_down(self.patience.failures_in_a_row):
            return (
                f"not asked any more, after {self.patience.failures_in_a_row} questions in a row had failed"
            )
        try:
            frame = self.patience.retrying(self.stopped)(
                line.source.fetch, task, self.request, self.patience.web
            )
            _demand_observations(frame, task)
            if not self.stopped.is_set():
                self.kept.keep(line.name, task, frame)
        except NoFigures as error:
            line.note(failed=False)
            return None if self.request.part else _reason(error)
        except FetchError as error:
            line.note(failed=error.transient)
            return _reason(error)
        except CryptoriskError as error:
            return told(error.what)
        except Exception as error:  # a provider's answer can break a library in ways that nobody foresaw
            line.note(failed=True)
            return told(f"unexpected {type(error).__name__}: {error}")
        line.note(failed=False)
        return None


@dataclass
class _Line:
    """The tasks of one source, handed out one by one with the pause that it asks for."""

    name: str
    source: LiveSource
    waiting: deque[Task]
    open: set[Task]
    in_a_row: int = 0
    begun: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next(self, stopped: threading.Event) -> Task | None:
        with self.lock:
            if not self.waiting:
                return None
            pause = self.begun + self.source.pause_seconds - time.monotonic()
            if pause > 0 and stopped.wait(pause):
                return None
            self.begun = time.monotonic()
            return self.waiting.popleft()

    def note(self, *, failed: bool) -> None:
        with self.lock:
            self.in_a_row = self.in_a_row + 1 if failed else 0

    def is_down(self, limit: int) -> bool:
        with self.lock:
            return self.in_a_row >= limit


def _reason(error: FetchError) -> str:
    """What was wrong, for people: the address, which may be a mirror's inside an institution, is not theirs to read."""
    return told(f"{error.what}; {error.remedy}" if error.remedy else error.what)


def _demand_observations(frame: pd.DataFrame, task: Task) -> None:
    if tuple(frame.columns) != COLUMNS:
        raise FetchError(f"{task.key}: columns {', '.join(map(str, frame.columns))} instead of observations")
    if frame.empty:
        raise FetchError(f"{task.key}: the answer holds no figure")
    strange = sorted(set(frame["series"].unique()) - set(task.series))
    if strange:
        raise FetchError(f"{task.key}: figures of other series than asked: {', '.join(strange[:5])}")
