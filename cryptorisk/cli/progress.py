"""How far a run is: a bar on a terminal, a line a country elsewhere, always on stderr."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from cryptorisk.cli.screen import complain, err, safe

if TYPE_CHECKING:
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
