"""How far a run is: a bar on a terminal, a line a country elsewhere, always on stderr."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from cryptorisk.cli.screen import complain, err, safe

if TYPE_CHECKING:
    from cryptorisk.data.refresh.fetching import Step
    from cryptorisk.report.batch import ProgressEvent


@contextmanager
def progress_bar(countries: int) -> Iterator[Callable[[ProgressEvent], None]]:
    """Show the steps of a run.

    Parameters
    ----------
    countries : int
        Reports to make.

    Yields
    ------
    callable
        To be told every step as it begins.
    """
    if not err.is_terminal:
        yield _line_by_country(countries)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:3.0f} %"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task("reading the data", total=None)
        seen: list[str] = []

        def tell(event: ProgressEvent) -> None:
            if event.country not in seen:
                seen.append(event.country)
            which = f"{event.country} ({len(seen)} of {countries})" if countries > 1 else event.country
            before = (len(seen) - 1) * event.of + event.step - 1
            text = safe(f"{which}: {event.text}").replace("[", "\\[")
            bar.update(task, description=text, total=countries * event.of, completed=before)

        yield tell


def _line_by_country(countries: int) -> Callable[[ProgressEvent], None]:
    seen: list[str] = []

    def tell(event: ProgressEvent) -> None:
        if event.country not in seen:
            seen.append(event.country)
            complain(f"{event.country} ({len(seen)} of {countries}): {event.of} steps")

    return tell


@contextmanager
def refresh_bars(sources: Sequence[str]) -> Iterator[Callable[[Step], None]]:
    """Show how far the asking of each source is: a bar a source on a terminal, a line a quarter of the way elsewhere.

    A bar is full when every question was answered: what failed stays empty and is counted beside it. The reasons are left
    to the summary, but for the last text on the bar.

    Parameters
    ----------
    sources : sequence of str

    Yields
    ------
    callable
        To be told every step.
    """
    if not err.is_terminal:
        yield _line_by_quarter()
        return
    columns = (
        TextColumn("{task.fields[name]:<12}"),
        BarColumn(),
        TextColumn("{task.completed:.0f}/{task.total:.0f}{task.fields[failed]}"),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=err, transient=True) as bars:
        tasks = {name: bars.add_task("", name=name, failed="", total=1) for name in sources}

        def tell(step: Step) -> None:
            text = " ".join(safe(step.text).split())[:_STEP_LETTERS].replace("[", "\\[")
            answered = step.done - step.failed
            bars.update(
                tasks[step.source],
                description=text,
                total=max(step.of, 1),
                completed=answered,
                failed=_failed(step),
            )

        yield tell


_STEP_LETTERS = 60


def _failed(step: Step) -> str:
    return f", {step.failed} failed" if step.failed else ""


def _line_by_quarter() -> Callable[[Step], None]:
    said: dict[str, int] = {}

    def tell(step: Step) -> None:
        quarter = 4 * step.done // step.of if step.of else 4
        if quarter > said.get(step.source, -1):
            said[step.source] = quarter
            complain(f"{step.source}: {step.done} of {step.of} questions settled{_failed(step)}")

    return tell
