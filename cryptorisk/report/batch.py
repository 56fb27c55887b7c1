"""Reports of one or many countries: a plain loop in which one country's failure does not stop the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from cryptorisk.errors import CryptoriskError
from cryptorisk.params import Params
from cryptorisk.report import gate, quarto
from cryptorisk.report.chapters import Chapter, read_chapter, results_of
from cryptorisk.report.glance import summary
from cryptorisk.report.index import error_page, index_page
from cryptorisk.report.parameters import own_words
from cryptorisk.report.provenance import Provenance, from_inputs
from cryptorisk.report.publish import (
    INDEX,
    check_run_name,
    hashes,
    place,
    read_manifest,
    remove,
    staging,
    write_manifest,
    write_text,
)
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
    """All outcomes of a run and its index page."""

    run: str
    folder: Path
    outcomes: tuple[Outcome, ...]
    index: Path

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
        Before anything is written: no notebooks, no quarto, no country, an impossible run name, no country whose
        data can be loaded.
    """
    notebooks = find_notebooks(root)
    if run is not None:
        check_run_name(run)
    program = quarto.find_quarto() if renderer == "quarto" else None
    unique = {params.country: params for params in params_list}
    origins = _origins(tuple(unique.values()), root)
    first = next((origin for origin in origins.values() if isinstance(origin, Provenance)), None)
    if first is None:
        raise next(
            (o for o in origins.values() if isinstance(o, CryptoriskError)), ValueError("no country given")
        )
    name = run or check_run_name(first.vintage_date)
    folder = root / "reports" / name
    outcomes = []
    with staging(root / "reports") as stage:
        for iso3, params in unique.items():
            job = _Job(params, root, folder, stage, notebooks, program, seconds, progress)
            outcome, entry = job.made(origins[iso3])
            outcomes.append(outcome)
            _record(folder, name, iso3, entry, stage)
    return RunSummary(name, folder, tuple(outcomes), folder / INDEX)


def _origins(params_list: Sequence[Params], root: Path) -> dict[str, Provenance | CryptoriskError]:
    """Where each country's figures come from, or why they cannot be had."""
    found: dict[str, Provenance | CryptoriskError] = {}
    for params in params_list:
        try:
            found[params.country] = from_inputs(params, root)
        except CryptoriskError as error:
            found[params.country] = error
    return found


def _record(folder: Path, run: str, iso3: str, entry: dict[str, Any], stage: Path) -> None:
    """Enter a country in the run's manifest and index: after each, so that an interrupted run leaves both true."""
    manifest = read_manifest(folder, run)
    manifest["countries"][iso3] = entry
    write_manifest(manifest, folder, stage)
    page = index_page(manifest)
    gate.check(page, name=INDEX, quotes=True)
    write_text(page, folder / INDEX, stage)


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

    def made(self, origin: Provenance | CryptoriskError) -> tuple[Outcome, dict[str, Any]]:
        """The outcome and the manifest's entry; files are in place when it returns."""
        name = origin.country if isinstance(origin, Provenance) else self.iso3
        work = self.stage / self.iso3
        work.mkdir()
        try:
            if isinstance(origin, CryptoriskError):
                raise origin
            return self._done(origin, work)
        except Exception as error:
            return self._failed(name, work, error)

    def _done(self, origin: Provenance, work: Path) -> tuple[Outcome, dict[str, Any]]:
        chapters = self._chapters(work)
        self._tell(len(self.notebooks) + 1, "rendering and checking the page")
        results = results_of(chapters)
        record = run_record(self.params, origin, chapters, self.root)
        content = twin(self.params, origin, results, record)
        html = self._page(make_page(self.params, origin, chapters, results, record), chapters)
        gate.check(
            html,
            name=f"{self.iso3}.html",
            inline_scripts=self.quarto is not None,
            own_words=own_words(self.params),
        )
        place(work, self.folder / self.iso3)
        write_text(to_json(content), self.folder / f"{self.iso3}.json", self.stage)
        write_text(html, self.folder / f"{self.iso3}.html", self.stage)
        for leftover in (f"{self.iso3}.error.html", f"{self.iso3}.error"):
            remove(self.folder / leftover)
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
            "files": hashes(self.folder, f"{self.iso3}.html", f"{self.iso3}.json", self.iso3),
        }
        outcome = Outcome(self.iso3, origin.country, "done", self.folder / f"{self.iso3}.html", headlines)
        return outcome, entry

    def _chapters(self, work: Path) -> list[Chapter]:
        from cryptorisk.paramfile import write_resolved

        write_resolved(self.params, work / PARAMETERS_FILE)
        executed = {}
        for step, notebook in enumerate(execution_order(self.notebooks), start=1):
            self._tell(step, notebook.stem)
            executed[notebook.name] = execute(notebook, work, seconds=self.seconds)
        (work / PARAMETERS_FILE).unlink()  # may hold confidential figures; the twin has the public ones
        return [read_chapter(notebook.name, executed[notebook.name]) for notebook in self.notebooks]

    def _page(self, page: Any, chapters: Sequence[Chapter]) -> str:
        if self.quarto is None:
            return render(page)
        folder = self.stage / f"{self.iso3}.quarto"
        folder.mkdir()
        return quarto.render(page, chapters, folder, program=self.quarto)

    def _failed(self, name: str, work: Path, error: Exception) -> tuple[Outcome, dict[str, Any]]:
        (work / PARAMETERS_FILE).unlink(missing_ok=True)
        kept = f"{self.iso3}.error" if any(work.glob("*.ipynb")) else ""
        page = self.folder / f"{self.iso3}.error.html"
        remove(self.folder / f"{self.iso3}.error")
        if kept:
            place(work, self.folder / kept)
        write_text(error_page(name, self.iso3, error, kept), page, self.stage)
        known = error if isinstance(error, CryptoriskError) else None
        entry = {
            "name": name,
            "status": "failed",
            "where": (known.where if known else "") or "",
            "cause": known.what if known else f"{type(error).__name__}: {error}",
            "remedy": (known.remedy if known else "") or "",
            "earlier": (self.folder / f"{self.iso3}.html").is_file(),
            "files": hashes(self.folder, page.name, f"{self.iso3}.error"),
        }
        said = str(error) if known else entry["cause"]
        return Outcome(self.iso3, name, "failed", page, error=str(said)), entry

    def _tell(self, step: int, text: str) -> None:
        if self.progress is not None:
            self.progress(ProgressEvent(self.iso3, step, len(self.notebooks) + 1, text))


def headline_lines(results: dict[str, Result] | Any) -> tuple[str, ...]:
    """The headline findings in one line each: the overview's, or every chapter's where there is no overview."""
    chosen = results["overview"].headlines if "overview" in results else ()
    if not chosen:
        chosen = tuple(e for result in results.values() for e in result.headlines)
    return tuple(str(estimate) for estimate in chosen)
