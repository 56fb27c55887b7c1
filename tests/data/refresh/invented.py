"""Live sources that answer from memory: for what a refresh does with answers, whoever gives them."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import ClassVar

import pandas as pd

from cryptorisk.data.sources.source import COLUMNS, LiveSource, Request, Task
from cryptorisk.errors import FetchError

SERIES = ("population", "reserves_usd", "remittances_received_usd")


def figures(series: str, values: dict[int, float], source: str, country: str = "KEN") -> pd.DataFrame:
    """Annual observations."""
    frame = pd.DataFrame(
        {"date": pd.to_datetime([f"{year}-12-31" for year in values]), "value": list(values.values())}
    )
    frame["date"] = frame["date"].astype("datetime64[us]")
    frame["country"], frame["series"], frame["source"] = country, series, source
    return frame.astype({"value": "float64"})[list(COLUMNS)]


@dataclass(frozen=True)
class Invented(LiveSource):
    """Answers ``level`` times the number of the series for every year; does what ``trouble`` says of a task.

    Attributes
    ----------
    trouble : dict of str to list of Exception
        Raised one after the other for the task of that key; then it answers.
    """

    name: ClassVar[str] = "worldbank"
    register: ClassVar[tuple[str, ...]] = ("wdi_live",)
    home: ClassVar[str] = "https://invented.example"
    documentation: ClassVar[str] = "https://invented.example/doc"
    tested: ClassVar[str] = "2026-11-26"
    limits: ClassVar[str] = "none"

    level: float = 100.0
    years: tuple[int, ...] = (2019, 2020, 2021, 2022, 2023, 2024)
    register_id: str = "wdi_live"
    trouble: dict[str, list[Exception]] = field(default_factory=dict)
    sleep_seconds: float = 0.0
    asked: Counter = field(default_factory=Counter)
    at_once: list[int] = field(default_factory=lambda: [0, 0])
    lock: threading.Lock = field(default_factory=threading.Lock)

    def tasks(self, request: Request) -> tuple[Task, ...]:
        return tuple(Task(f"T{number}", (id,)) for number, id in enumerate(SERIES, start=1))

    def fetch(self, task: Task, request: Request, web) -> pd.DataFrame:
        with self.lock:
            self.asked[task.key] += 1
            self.at_once[0] += 1
            self.at_once[1] = max(self.at_once)
            problem = self.trouble.get(task.key, [])
            error = problem.pop(0) if problem else None
        try:
            time.sleep(self.sleep_seconds)
            if error is not None:
                raise error
            number = int(task.key[1:])
            return figures(
                task.series[0],
                {year: self.level * number + year - 2000 for year in self.years},
                self.register_id,
            )
        finally:
            with self.lock:
                self.at_once[0] -= 1


@dataclass(frozen=True)
class Second(Invented):
    """Another source beside the first."""

    name: ClassVar[str] = "bis"
    register: ClassVar[tuple[str, ...]] = ("bis_cbpol_live",)

    def tasks(self, request: Request) -> tuple[Task, ...]:
        return (Task("T1", ("policy_rate_pct",)),)

    def fetch(self, task: Task, request: Request, web) -> pd.DataFrame:
        frame = super().fetch(task, request, web)
        return frame.assign(value=frame["value"] / 50, source="bis_cbpol_live")


def busy(wait: float | None = None) -> FetchError:
    return FetchError("answered 429", where="https://invented.example", transient=True, retry_after=wait)


def gone() -> FetchError:
    return FetchError("knows no such code", where="https://invented.example", remedy="look for its successor")


def small_tables(folder) -> None:
    """The tables of ``tests/data/conftest.py``, with a history that fetched figures can be judged by."""
    import importlib.util
    from pathlib import Path

    spec = importlib.util.spec_from_file_location("small_tables", Path(__file__).parents[1] / "conftest.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("figures", "supplement"):
        (folder / name).mkdir(parents=True)
    (folder / "supplement" / "facts.csv").write_text(module.FACTS, encoding="utf-8")
    tables = dict(module.TABLES)
    tables["macro_annual"] += "".join(
        f"KEN,{year},{id},{100 * number + year - 2000},WB_WDI\n"
        for number, id in ((1, "population"), (2, "reserves_usd"))
        for year in range(2015, 2023)
    )
    for name, text in tables.items():
        (folder / "figures" / f"{name}.csv").write_text(text, encoding="utf-8")
