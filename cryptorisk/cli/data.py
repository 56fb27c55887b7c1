"""``cryptorisk data``: see, check and compile the data."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cryptorisk.cli import refresh, templates, vintages
from cryptorisk.cli.params import Root, shown
from cryptorisk.cli.screen import complain, out, say, table
from cryptorisk.errors import ParameterError, Problem

if TYPE_CHECKING:
    import pandas as pd

WORLD = "WLD"
WIDE = 120
"""Letters a line from which the list of series has room for the unit and the first year."""

app = typer.Typer(
    help="See, check, compile and refresh the data. They come with the kit; only `refresh` uses a network.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)

VintageName = Annotated[str, typer.Option("--vintage", help="A vintage in data/: its date, or latest.")]


app.command("refresh")(refresh.refresh)
app.command("sources")(refresh.sources)


@app.command("list")
def list_(
    word: Annotated[
        str | None,
        typer.Argument(help="Only series whose name or description has this text.", metavar="WORD"),
    ] = None,
    country: Annotated[
        str | None,
        typer.Option("--country", "-c", help="Only series with a figure for this economy (WLD: the world)."),
    ] = None,
    vintage: VintageName = "latest",
    root: Root = None,
) -> None:
    """List the series: name, unit, frequency, class, coverage, description.

    Into a file or pipe the columns are tab-separated, with the sources.

    - `cryptorisk data list reserves`
    - `cryptorisk data list --country KEN > series.tsv`
    """
    from cryptorisk.data.browse import list_series
    from cryptorisk.data.vintage import find_vintage
    from cryptorisk.kit import find_root

    place = None if country is None else _economy(country)
    listed = list_series(find_vintage(find_root(root) / "data", vintage), country=place)
    if word is not None:
        texts = (listed["series"] + " " + listed["description"]).str.casefold()
        listed = listed[texts.str.contains(word.casefold(), regex=False)]
    if out.is_terminal:
        table(*_cells(_for_a_reader(listed, out.width)), one_line=True)
        say(f"{len(listed):,} series")
    else:
        table(*_cells(listed))


@app.command()
def show(
    series: Annotated[
        str, typer.Argument(help="Series, with or without its unit: reserves_usd or reserves.")
    ],
    country: Annotated[str, typer.Argument(help="Country code, parameter file, or WLD for the world.")],
    last: Annotated[int | None, typer.Option(min=1, help="Only the last figures, this many.")] = None,
    root: Root = None,
) -> None:
    """Show a series: what it is, its sources and licence, and every figure a report would use.

    A country's own parameter file is heeded: the vintage, as_of, and the bank's own figures.

    - `cryptorisk data show reserves KEN`
    - `cryptorisk data show btc_price_usd WLD --last 30`
    """
    from cryptorisk.data.browse import show_series
    from cryptorisk.data.inputs import load_inputs
    from cryptorisk.kit import find_root
    from cryptorisk.paramfile import load_params
    from cryptorisk.params import Params

    folder = find_root(root)
    world = country.upper() == WORLD
    params = Params(country="USA") if world else load_params(country, root=folder)
    inputs = load_inputs(params, root=folder)
    words, figures = show_series(inputs, series, country=WORLD if world else None)
    say(words)
    say()
    figures["date"] = figures["date"].dt.date
    table(*_cells(figures if last is None else figures.tail(last)))


@app.command()
def verify(vintage: VintageName = "latest", root: Root = None) -> None:
    """Check every file of a vintage: bytes, hash, schema, keys, dates, licence classes.

    Exit code 0 when all are in order, 2 otherwise.

    - `cryptorisk data verify`
    """
    from cryptorisk.data import verify as checks
    from cryptorisk.data.vintage import find_vintage
    from cryptorisk.kit import find_root

    opened = find_vintage(find_root(root) / "data", vintage)
    checked = checks.verify(opened)
    say(f"vintage {opened.info.name}, sha256 {opened.info.sha256}")
    table(*_cells(checked))
    if found := checks.problems(checked):
        for problem in found:
            complain(f"{shown(opened.path)}/{problem}")
        complain("restore the folder from version control, or compile the vintage again")
        raise typer.Exit(2)
    say(f"{len(checked)} files in order")


@app.command("compile")
def compile_(
    source: Annotated[
        Path, typer.Argument(help="Folder of tables, as data/README.md describes them.", metavar="SOURCE")
    ],
    vintage: Annotated[
        str, typer.Option("--vintage", metavar="DATE", help="Date the figures were drawn, YYYY-MM-DD.")
    ],
    name: Annotated[
        str | None, typer.Option(metavar="NAME", help="Folder under data/. [default: the date]")
    ] = None,
    replace: Annotated[
        bool,
        typer.Option(
            "--replace",
            help="Put it in the place of a vintage of that name that no report was made from yet.",
        ),
    ] = False,
    root: Root = None,
) -> None:
    """Compile a folder of figures into a new vintage in data/. A vintage that exists stays, but with --replace.

    The same figures give the same bytes. Tables whose licence does not allow it are refused. With --replace the
    data log (data/README.md) is brought up to date when it lies there.

    - `cryptorisk data compile figures/ --vintage 2026-11-23`
    """
    from cryptorisk.data import verify as checks
    from cryptorisk.kit import find_root

    try:
        date = dt.date.fromisoformat(vintage)
    except ValueError:
        raise ParameterError(
            [Problem("--vintage", f"must be a date written YYYY-MM-DD (got {vintage[:40]!r})")]
        ) from None
    made = _compiled(source, find_root(root) / "data", date, checked_name(name, date), replace)
    table(*_cells(checks.require(made)))
    say(f"{shown(made)} compiled")


app.command("vintages")(vintages.vintages)
app.command("diff")(vintages.diff)
app.command("export")(vintages.export)
app.command("template")(templates.template)


def _compiled(source: Path, data: Path, date: dt.date, name: str | None, replace: bool) -> Path:
    from cryptorisk.data.compile import compile_vintage
    from cryptorisk.data.datalog import LOG, recompile

    if replace and (data / LOG).is_file():
        return recompile(source, data, date, name=name)
    return compile_vintage(source, data, date, name=name, replace=replace)


def checked_name(name: str | None, date: dt.date) -> str | None:
    """The vintage's name, which begins with its date so that names sort by age.

    Raises
    ------
    ParameterError
    """
    from cryptorisk.data.vintage import NAME

    if name is not None and not (NAME.fullmatch(name) and name.startswith(date.isoformat())):
        what = f"must be the vintage's date, with a dash and small letters or digits after it (got {name[:40]!r})"
        raise ParameterError([Problem("--name", what, f"for example {date}-own")])
    return name


def _economy(code: str) -> str:
    from cryptorisk.paramfile.crosscheck import demand_country

    if code.upper() != WORLD:
        demand_country(code.upper())
    return code.upper()


def _for_a_reader(listed: pd.DataFrame, width: int) -> pd.DataFrame:
    """The list narrow enough for a terminal of ``width`` letters: a line a series, unit and first year where they fit."""
    unit, first = (["unit"], ["first"]) if width >= WIDE else ([], [])
    narrow = listed[["series", *unit, "frequency", "economies", *first, "last", "description"]].copy()
    for end in (*first, "last"):
        narrow[end] = ["" if day is None or day != day else str(day)[:4] for day in narrow[end]]
    return narrow.rename(columns={"frequency": "freq", "economies": "places"})


def _cells(frame: pd.DataFrame) -> tuple[list[str], list[list[object]]]:
    """Column heads and rows; a missing cell is blank, a number has all its digits.

    On a terminal thousands are set apart by commas; in a file they are not, for programs to read.
    """
    rows = [
        [_cell(cell, out.is_terminal) for cell in row] for row in frame.itertuples(index=False, name=None)
    ]
    return [str(column) for column in frame.columns], rows


def _cell(cell: object, thousands: bool) -> object:
    if cell is None or cell != cell:
        return ""
    if thousands and isinstance(cell, int) and not isinstance(cell, bool):
        return f"{cell:,}"
    if not isinstance(cell, float):
        return cell
    text = repr(cell)
    if not thousands or "e-" in text:
        return text.removesuffix(".0")
    return f"{cell:,.{_decimals(text)}f}"


def _decimals(text: str) -> int:
    return 0 if "e" in text else len(text.removesuffix(".0").partition(".")[2])
