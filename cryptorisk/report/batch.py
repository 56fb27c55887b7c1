"""Reports of one or many countries: a plain loop in which one country's failure does not stop the others."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from cryptorisk.errors import CryptoriskError, KitError
from cryptorisk.params import Params
from cryptorisk.report import gate, quarto
from cryptorisk.report.chapters import Chapter, read_chapter, results_of
from cryptorisk.report.glance import summary
from cryptorisk.report.index import error_page
from cryptorisk.report.parameters import own_words
from cryptorisk.report.provenance import Provenance, from_inputs
from cryptorisk.report.publish import INDEX, check_run_name, check_target, publish, staging, write_text
from cryptorisk.report.record import run_record, to_json, twin
from cryptorisk.report.render import make_page, render
from cryptorisk.report.run import NOTEBOOK_SECONDS, PARAMETERS_FILE, execute, execution_order, find_notebooks
from cryptorisk.result import Result

Renderer = Literal["auto", "nbconvert", "quarto"]


@dataclass(frozen=True)
class ProgressEvent:
    """A step of a country's report begins: ``step`` of ``of``, in words."""

    country: str
    step: int
    of: int
    text: str


@dataclass(frozen=True)
class Outcome:
    """What became of a country's report.

    Attributes
    ----------
    country, name : str
        ISO code and name.
    status : {"done", "failed"}
    html : Path
        The report, or the page that says what went wrong.
    headlines : tuple of str
    error : str
        Where, what and the remedy; empty when done.
    """

    country: str
    name: str
    status: Literal["done", "failed"]
    html: Path
    headlines: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True)
class RunSummary:
    """All outcomes of a run, its index page, and what else the reader should know about the run."""

    run: str
    folder: Path
    outcomes: tuple[Outcome, ...]
    index: Path
    notes: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 when every report was made, else 1."""
        return int(any(outcome.status == "failed" for outcome in self.outcomes))


def report_countries(
    params_list: Sequence[Params],
    *,
    root: Path,
    run: str | None = None,
    renderer: Renderer = "auto",
    progress: Callable[[ProgressEvent], None] | None = None,
    seconds: float = NOTEBOOK_SECONDS,
) -> RunSummary:
    """Make the report of every country given, and the run's index and manifest.

    Parameters
    ----------
    params_list : sequence of Params
        One a country; a country named twice is made once, from the last.
    root : Path
        The kit's folder.
    run : str, optional
        Folder in ``reports/``; default the date of the first country's vintage.
    renderer : {"auto", "nbconvert", "quarto"}
        ``auto`` is nbconvert, which is always there.
    progress : callable, optional
        Told when a step begins.
    seconds : float
        Deadline of each notebook.

    Returns
    -------
    RunSummary

    Raises
    ------
    KitError, DataError
        Before anything is written: no notebooks, no quarto, no country, an impossible run name or one that a file
        has, reports that cannot be written to, no country whose data can be loaded.
    """
    notebooks = find_notebooks(root)
    if run is not None:
        check_target(root / "reports", check_run_name(run))
    program = quarto.find_quarto() if renderer == "quarto" else None
    unique = {params.country: params for params in params_list}
    origins = _origins(tuple(unique.values()), root)
    first = next((origin for origin in origins.values() if isinstance(origin, Provenance)), None)
    if first is None:
        raise next(
            (o for o in origins.values() if isinstance(o, CryptoriskError)), ValueError("no country given")
        )
    name = run or check_run_name(first.vintage_date)
    folder = check_target(root / "reports", name)
    outcomes: list[Outcome] = []
    notes: list[str] = []
    with staging(root / "reports") as stage:
        for iso3, params in unique.items():
            job = _Job(
                _pinned(params, origins[iso3]), root, folder, stage, notebooks, program, seconds, progress
            )
            outcome, said = job.made(origins[iso3])
            outcomes.append(outcome)
            notes += said
    return RunSummary(name, folder, tuple(outcomes), folder / INDEX, tuple(notes))


def _origins(params_list: Sequence[Params], root: Path) -> dict[str, Provenance | CryptoriskError]:
    """Where each country's figures come from, or why they cannot be had."""
    found: dict[str, Provenance | CryptoriskError] = {}
    for params in params_list:
        try:
            found[params.country] = from_inputs(params, root)
        except CryptoriskError as error:
            found[params.country] = error
    return found


def _pinned(params: Params, origin: Provenance | CryptoriskError) -> Params:
    """The parameters with the vintage and the date by name.

    ``latest`` is another vintage when a refresh is published in between; and a report made again later from the names
    is the same to the byte.
    """
    if isinstance(origin, CryptoriskError):
        return params
    return params.model_copy(update={"vintage": origin.vintage, "as_of": origin.as_of})


@dataclass(frozen=True)
class _Job:
    """One country of a run."""

    params: Params
    root: Path
    folder: Path
    stage: Path
    notebooks: tuple[Path, ...]
    quarto: str | None
    seconds: float
    progress: Callable[[ProgressEvent], None] | None

    @property
    def iso3(self) -> str:
        return self.params.country

    def made(self, origin: Provenance | CryptoriskError) -> tuple[Outcome, tuple[str, ...]]:
        """The outcome and notes for the summary; files, manifest and index are in place when it returns."""
        name = origin.country if isinstance(origin, Provenance) else self.iso3
        work = self.stage / self.iso3
        try:
            work.mkdir()
            if isinstance(origin, CryptoriskError):
                raise origin
            return self._done(origin, work)
        except Exception as error:
            return self._failed(name, work, error)

    def _done(self, origin: Provenance, work: Path) -> tuple[Outcome, tuple[str, ...]]:
        chapters = self._chapters(work)
        self._tell(len(self.notebooks) + 1, "rendering and checking the page")
        results = results_of(chapters)
        record = run_record(self.params, origin, chapters, self.root)
        content = twin(self.params, origin, results, record)
        html = self._page(make_page(self.params, origin, chapters, results, record), chapters)
        page, data = f"{self.iso3}.html", f"{self.iso3}.json"
        words = own_words(self.params, origin.own_files)
        gate.check(html, name=page, inline_scripts=self.quarto is not None, own_words=words)
        write_text(to_json(content), self.stage / data)
        write_text(html, self.stage / page)
        headlines = headline_lines(results)
        entry = {
            "name": origin.country,
            "status": "done",
            "as_of": origin.as_of.isoformat(),
            "vintage": origin.vintage,
            "institution": self.params.institution,
            "classification": self.params.classification,
            "headlines": list(headlines),
            "summary": summary(results),
        }
        notes = self._publish(
            entry, (self.iso3, data, page), gone=(f"{self.iso3}.error.html", f"{self.iso3}.error")
        )
        return Outcome(self.iso3, origin.country, "done", self.folder / page, headlines), notes

    def _publish(
        self, entry: dict[str, Any], names: Sequence[str], gone: Sequence[str] = ()
    ) -> tuple[str, ...]:
        return publish(self.stage, self.folder, self.iso3, entry, names, gone)

    def _chapters(self, work: Path) -> list[Chapter]:
        from cryptorisk.paramfile import write_resolved

        write_resolved(self.params, work / PARAMETERS_FILE)
        executed = {}
        # Of the bank's own figures nothing is kept beyond the run: its kernels share their results here.
        shared = self.stage / f"{self.iso3}.results"
        shared.mkdir(mode=0o700)
        try:
            for step, notebook in enumerate(execution_order(self.notebooks), start=1):
                self._tell(step, notebook.stem)
                executed[notebook.name] = execute(notebook, work, seconds=self.seconds, results=shared)
        finally:
            shutil.rmtree(shared, ignore_errors=True)
        (work / PARAMETERS_FILE).unlink()  # may hold confidential figures; the twin has the public ones
        return [read_chapter(notebook.name, executed[notebook.name]) for notebook in self.notebooks]

    def _page(self, page: Any, chapters: Sequence[Chapter]) -> str:
        if self.quarto is None:
            return render(page)
        folder = self.stage / f"{self.iso3}.quarto"
        folder.mkdir()
        return quarto.render(page, chapters, folder, program=self.quarto)

    def _failed(self, name: str, work: Path, error: Exception) -> tuple[Outcome, tuple[str, ...]]:
        """A failure's page in place; where that cannot be written either, the outcome says so and the run goes on."""
        known = error if isinstance(error, CryptoriskError) else None
        cause = known.what if known else _cause(error)
        page = f"{self.iso3}.error.html"
        said = str(known or cause)
        notes: tuple[str, ...] = ()
        entry = {
            "name": name,
            "status": "failed",
            "where": (known.where if known else "") or "",
            "cause": cause,
            "remedy": (known.remedy if known else "") or "",
        }
        try:
            notes = self._publish(entry, *self._error_files(name, work, error))
        except Exception as second:
            said += f"; its page could not be written either: {second if isinstance(second, KitError) else _cause(second)}"
        return Outcome(self.iso3, name, "failed", self.folder / page, error=said), notes

    def _error_files(self, name: str, work: Path, error: Exception) -> tuple[list[str], list[str]]:
        """The failure's page and executed notebooks, staged; and what an earlier failure may have left."""
        page, kept = f"{self.iso3}.error.html", f"{self.iso3}.error"
        (work / PARAMETERS_FILE).unlink(missing_ok=True)
        if not any(work.glob("*.ipynb")):
            write_text(error_page(name, self.iso3, error, ""), self.stage / page)
            return [page], [kept]
        work.replace(self.stage / kept)
        write_text(error_page(name, self.iso3, error, kept), self.stage / page)
        return [kept, page], []

    def _tell(self, step: int, text: str) -> None:
        if self.progress is not None:
            self.progress(ProgressEvent(self.iso3, step, len(self.notebooks) + 1, text))


def _cause(error: Exception) -> str:
    """An error that is not the kit's own, in words: a system's refusal without the paths of this machine."""
    if isinstance(error, OSError) and error.strerror:
        return f"the computer refused to write or read a file: {error.strerror}"
    return f"{type(error).__name__}: {error}"


def headline_lines(results: dict[str, Result] | Any) -> tuple[str, ...]:
    """The headline findings in one line each: the overview's, or every chapter's where there is no overview."""
    chosen = results["overview"].headlines if "overview" in results else ()
    if not chosen:
        chosen = tuple(e for result in results.values() for e in result.headlines)
    return tuple(str(estimate) for estimate in chosen)
