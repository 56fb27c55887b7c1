"""Asking all sources: side by side where they allow it, politely where they do not, with repeats and an end.

Sources are asked in threads that nothing waits for: a library that hangs in a provider's silence cannot hold up the
end of a refresh or of the program.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from cryptorisk.data.refresh.checkpoint import Checkpoint
from cryptorisk.data.refresh.line import Line
from cryptorisk.data.refresh.patience import Patience
from cryptorisk.data.sources.source import COLUMNS, LiveSource, Request, Task
from cryptorisk.data.wording import told
from cryptorisk.errors import CryptoriskError, FetchError, KitError, NoFigures

_TICK_SECONDS = 0.2
"""How often the waiting thread looks at the clock: a signal is heard at once anyway."""

OUT_OF_TIME = "the refresh's time ran out"


@dataclass(frozen=True)
class Step:
    """What just happened: ``done`` of ``of`` tasks of a source are settled, ``failed`` in vain; ``text`` may say what."""

    source: str
    done: int
    of: int
    text: str = ""
    failed: int = 0


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

    Raises
    ------
    KitError
        When the disk refuses an answer; those that were kept before it stay.
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
            of = asked.settled + desk.open_tasks(name)
            tell(Step(name, asked.settled, of, text, len(asked.failed)))
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
        self.keeping = threading.Lock()
        self.web = replace(patience.web, stopped=self.stopped)
        self.results: queue.SimpleQueue[tuple[str, Task, str | None] | KitError] = queue.SimpleQueue()
        self.lines: dict[str, Line] = {}

    def open(self, name: str, source: LiveSource, tasks: list[Task]) -> None:
        line = Line.of(name, source, tasks)
        self.lines[name] = line
        for number in range(min(source.jobs, len(tasks))):
            threading.Thread(
                target=self._work, args=(line,), name=f"refresh-{name}-{number}", daemon=True
            ).start()

    def open_tasks(self, name: str) -> int:
        return len(self.lines[name].open)

    def settled(self) -> Iterator[tuple[str, Task, str | None]]:
        """Yield name, task and problem (None when answered) until every task is settled or the time is up.

        Raises
        ------
        KitError
            As soon as the disk has refused an answer.
        """
        while any(line.open for line in self.lines.values()):
            left = self.deadline - time.monotonic()
            if left <= 0:
                break
            try:
                result = self.results.get(timeout=min(left, _TICK_SECONDS))
            except queue.Empty:
                continue
            if isinstance(result, KitError):
                raise result
            name, task, problem = result
            self.lines[name].open.discard(task)
            yield name, task, problem
        self.close()
        for name, line in self.lines.items():
            for task in sorted(line.open, key=lambda task: task.key):
                line.open.discard(task)
                yield name, task, OUT_OF_TIME

    def close(self) -> None:
        """Let nothing be asked or kept from now on: what is being written is waited for, what hangs is not."""
        self.stopped.set()
        with self.keeping:
            pass

    def _work(self, line: Line) -> None:
        while not self.stopped.is_set() and (task := line.next(self.stopped)) is not None:
            try:
                problem = self._settle(line, task)
            except KitError as error:
                self.results.put(error)
                return
            if self.stopped.is_set() and problem is not None:
                return
            self.results.put((line.name, task, problem))

    def _settle(self, line: Line, task: Task) -> str | None:
        """Ask, and keep the answer; what was wrong, or None when it is settled.

        Raises
        ------
        KitError
            When the disk refuses the answer, which no provider is to blame for.
        """
        limit = self.patience.failures_in_a_row
        if line.is_down(limit):
            return f"not asked any more, after {limit} questions in a row had failed"
        try:
            self._keep(line, task, self._answer(line, task))
        except KitError:
            raise
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

    def _answer(self, line: Line, task: Task) -> pd.DataFrame:
        """What the source answers, asked again as long as its faults are passing ones."""
        ask = self.patience.retrying(self.stopped)
        frame = ask(line.source.ask, task, self.request, self.web)
        _demand_observations(frame, task)
        return frame

    def _keep(self, line: Line, task: Task, frame: pd.DataFrame) -> None:
        """Keep an answer, unless it comes too late: the folder may be another refresh's by then."""
        with self.keeping:
            if not self.stopped.is_set():
                self.kept.keep(line.name, task, frame)


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
