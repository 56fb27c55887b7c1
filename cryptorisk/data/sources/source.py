"""What a live source is: the tasks that it can be asked, and how an answer becomes observations."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import pandas as pd

from cryptorisk.data.observation import COLUMNS as COLUMNS

if TYPE_CHECKING:
    from cryptorisk.data.sources.web import Web

FIRST_DAY = dt.date(2000, 1, 1)
"""The embedded figures begin in 2000; crypto-assets and their channels are younger."""


@dataclass(frozen=True)
class Request:
    """What a refresh asks for.

    Attributes
    ----------
    countries : tuple of str
        ISO 3166-1 alpha-3 codes of the economies; markets and world series are asked whatever they are.
    end : datetime.date
        Day of the refresh: no figure dated later is wanted (forecasts are none).
    start : datetime.date
    part : bool
        Whether only some of the world's economies are asked for: that a source has nothing on them is no fault then.
    """

    countries: tuple[str, ...]
    end: dt.date
    start: dt.date = FIRST_DAY
    part: bool = False


@dataclass(frozen=True)
class Task:
    """What is asked of a source in one go, and succeeds or fails as a whole.

    Attributes
    ----------
    key : str
        Names the task within its source, the same in every refresh: ``NY.GDP.MKTP.CD``, ``BTC-USD``.
    series : tuple of str
        Ids of the series that the answer gives.
    code : str
        What the provider calls it, when the key is not that.
    countries : tuple of str
        Economies that it is asked for; empty when the provider gives all at once or the series are the world's.
    """

    key: str
    series: tuple[str, ...]
    code: str = ""
    countries: tuple[str, ...] = ()


@dataclass(frozen=True)
class LiveSource(ABC):
    """A provider of figures. Subclasses are small: they name tasks and turn answers into observations.

    `fetch` must be fit to be called from several threads at once; it keeps nothing between calls.

    Attributes
    ----------
    base_url : str
        Where the provider answers; a mirror or a server under test may stand in for it.
    """

    base_url: str = ""

    name: ClassVar[str]
    """As the command line calls it, ``worldbank``: a key of `cryptorisk.data.sources.names.TITLES`."""
    register: ClassVar[tuple[str, ...]]
    """Ids of `sources.csv` that its figures bear."""
    home: ClassVar[str]
    """The provider's own address; default of `base_url`."""
    documentation: ClassVar[str]
    """Page that describes the wire format."""
    tested: ClassVar[str]
    """Date (ISO) of the state of the wire format that the tests speak."""
    limits: ClassVar[str]
    """Rate limits as the provider states them, in words."""
    jobs: ClassVar[int] = 1
    """Tasks asked at the same time."""
    pause_seconds: ClassVar[float] = 0.0
    """Least time between the beginnings of two tasks."""
    answer_bytes: ClassVar[int] = 8_000_000
    """Largest answer, decompressed: a few times the largest honest one. Read into objects, an answer that is made for it
    takes thirty times its bytes (measured)."""
    task_bytes: ClassVar[int] = 16_000_000
    """Largest sum of the answers to one task, which may come in pages."""

    def __post_init__(self) -> None:
        if not self.base_url:
            object.__setattr__(self, "base_url", self.home)

    @abstractmethod
    def tasks(self, request: Request) -> tuple[Task, ...]:
        """What must be asked for a request, in a stable order; no network."""

    @abstractmethod
    def fetch(self, task: Task, request: Request, web: Web) -> pd.DataFrame:
        """The answer to a task as observations with the columns `COLUMNS`.

        Missing values are left out, nothing is estimated or filled, no figure is later than ``request.end``. What is
        suspicious stays in: the checks after it decide.

        Raises
        ------
        FetchError
            When there is no usable answer; `NoFigures` when it holds no figure at all.
        """

    def ask(self, task: Task, request: Request, web: Web) -> pd.DataFrame:
        """The same as `fetch`, within the source's own bounds of size.

        Raises
        ------
        FetchError
            Also for an answer, or for all answers to the task, beyond the bounds.
        """
        return self.fetch(task, request, web.for_task(self.answer_bytes, self.task_bytes))

    @property
    def series(self) -> tuple[str, ...]:
        """Ids of the series that it can give, sorted; no network."""
        everywhere = Request((), dt.date.max)
        return tuple(sorted({id for task in self.tasks(everywhere) for id in task.series}))
