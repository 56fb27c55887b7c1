"""``cryptorisk report``: from countries or parameter files to pages, everything checked before anything runs."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cryptorisk.cli.params import Root, shown, warn_of_own
from cryptorisk.cli.screen import complain, say, table
from cryptorisk.errors import DataError, ParameterError, Problem

if TYPE_CHECKING:
    from cryptorisk.params import Params
    from cryptorisk.report.batch import RunSummary


class Renderer(StrEnum):
    """How pages are rendered."""

    auto = "auto"
    nbconvert = "nbconvert"
    quarto = "quarto"


def report(
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            help="Country codes (KEN) or parameter files (params/KEN.yaml).", metavar="COUNTRY|FILE"
        ),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Every parameter file in params/.")] = False,
    run: Annotated[
        str | None,
        typer.Option(
            "--run", metavar="NAME", help="Folder under reports/ for this run. [default: the vintage's date]"
        ),
    ] = None,
    renderer: Annotated[
        Renderer,
        typer.Option(
            help="auto takes nbconvert, which is always there; quarto needs the quarto program on PATH."
        ),
    ] = Renderer.auto,
    root: Root = None,
) -> None:
    """Make the report of one country or of many, on a vintage of data, offline.

    A country with a parameter file in params/ takes it; any other country takes the defaults. Every problem in
    the parameter files and the data is reported before anything runs. One country's failure does not stop the
    others.

    Pages go to reports/RUN/KEN.html, with the machine-readable KEN.json and the executed notebooks beside them;
    index.html lists a run's countries. A page appears only when it is complete and has passed the checks.

    **Examples**

    - `cryptorisk report KEN`
    - `cryptorisk report params/KEN.yaml params/NGA.yaml --run 2026-q4`
    - `cryptorisk report --all`
    """
    from cryptorisk.kit import find_root

    folder = find_root(root)
    everyone = read_all(_wanted(sources or [], every, folder), folder)
    check_data(everyone, folder)
    for params in everyone:
        warn_of_own(params, folder)

    from cryptorisk.cli.progress import progress_bar
    from cryptorisk.report.batch import report_countries

    try:
        with progress_bar(len(everyone)) as progress:
            summary = report_countries(
                everyone, root=folder, run=run, renderer=renderer.value, progress=progress
            )
    except KeyboardInterrupt as stop:
        stop.add_note("nothing was written for the country in progress")
        raise
    print_summary(summary)
    if summary.exit_code:
        raise typer.Exit(summary.exit_code)


def read_all(wanted: list[str], root: Path) -> list[Params]:
    """Parameters of every country asked for.

    Raises
    ------
    ParameterError
        With the problems of all the files together.
    """
    from cryptorisk.paramfile import load_params

    read: list[Params] = []
    said: list[str] = []
    first: dict[str, str] = {}
    for source in wanted:
        try:
            params = load_params(source, root=root)
        except ParameterError as error:
            said.append(str(error))
            continue
        if params.country in first:
            again = f"{source!r} and {first[params.country]!r} are both about {params.country}"
            said.append(f"{again}; a run has one report a country: give them runs of their own with --run")
        first.setdefault(params.country, source)
        read.append(params)
    if said:
        raise ParameterError([Problem("", "\n".join(said))])
    return read


def check_data(everyone: list[Params], root: Path) -> None:
    """Read every country's figures, so that a missing or damaged vintage is found before anything is written.

    A mistake in ``data/overrides`` that concerns some of the countries is not said here: their reports fail with it,
    and those of the others are made.

    Raises
    ------
    DataError
        With what is wrong, once for all the countries it concerns.
    """
    from cryptorisk.data.inputs import load_inputs
    from cryptorisk.data.own.faults import FolderError

    errors: dict[str, DataError] = {}
    for params in everyone:
        try:
            load_inputs(params, root=root)
        except DataError as error:
            errors[params.country] = error
    stopping = [error for error in errors.values() if not isinstance(error, FolderError)]
    if len(errors) == len(everyone):
        stopping = list(errors.values())
    if stopping:
        raise DataError("\n".join(dict.fromkeys(map(str, stopping))))


def print_summary(summary: RunSummary) -> None:
    """The page and its headlines for one country, a table for many, failures with cause and remedy."""
    done = [outcome for outcome in summary.outcomes if outcome.status == "done"]
    failed = [outcome for outcome in summary.outcomes if outcome.status != "done"]
    if len(summary.outcomes) == 1 and done:
        for headline in done[0].headlines:
            say(f"  {headline}")
    elif len(summary.outcomes) > 1:
        rows = [
            (outcome.country, outcome.name, outcome.status, outcome.headlines[0] if outcome.headlines else "")
            for outcome in summary.outcomes
        ]
        table(["country", "name", "status", "first headline"], rows)
    for outcome in failed:
        complain(f"{outcome.country} failed: {outcome.error}")
    for note in summary.notes:
        complain(note)
    for outcome in summary.outcomes if len(summary.outcomes) == 1 else ():
        if outcome.html is not None:
            say(f"{'Report' if outcome in done else 'What happened'}: {shown(Path(outcome.html))}")
    if len(summary.outcomes) > 1 and summary.index is not None:
        say(f"{len(done)} of {len(summary.outcomes)} done. Index: {shown(Path(summary.index))}")


def _wanted(sources: list[str], every: bool, root: Path) -> list[str]:
    from cryptorisk.paramfile import TEMPLATE, parameter_files

    if every and sources:
        raise ParameterError(
            [Problem("--all", "takes every file in params/", "name countries or use --all, not both")]
        )
    if every:
        found = [shown(path) for path in parameter_files(root)]
        if not found:
            raise ParameterError(
                [Problem("--all", "params/ holds no file", "`cryptorisk params new KEN` writes one")]
            )
        return found
    if len(sources) > 1 and (templates := [given for given in sources if Path(given).name == TEMPLATE]):
        complain(f"{templates[0]} left out: it is the template, not a country's file")
        sources = [given for given in sources if given not in templates]
    if not sources:
        raise ParameterError(
            [Problem("", "no country named", "for example `cryptorisk report KEN`, or --all")]
        )
    return list(sources)
