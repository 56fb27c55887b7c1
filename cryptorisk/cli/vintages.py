"""``cryptorisk data vintages``, ``data diff`` and ``data export``: vintages side by side, and figures handed on."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cryptorisk.cli.params import Root, shown
from cryptorisk.cli.screen import out, say, table
from cryptorisk.errors import ParameterError, Problem

if TYPE_CHECKING:
    import pandas as pd

    from cryptorisk.params import Params

WORLD = "WLD"
LONG = 100_000
"""Figures from which a workbook takes more than ten seconds to write."""

Force = Annotated[bool, typer.Option("--force", help="Replace a file that exists.")]


class Format(StrEnum):
    """What figures are exported to."""

    xlsx = "xlsx"
    csv = "csv"
    parquet = "parquet"


def vintages(root: Root = None) -> None:
    """List the vintages in data/: date, figures, newest observation, size, how each was made.

    A damaged vintage is shown with what is wrong; `cryptorisk data verify` checks one to the byte. Into a file or pipe
    the columns are tab-separated, with the hashes.

    - `cryptorisk data vintages`
    """
    from cryptorisk.data.shelf import list_vintages
    from cryptorisk.kit import find_root

    data = find_root(root) / "data"
    listed = list_vintages(data)
    if listed.empty:
        say(f"there is no vintage in {shown(data)}")
        return
    if out.is_terminal:
        listed["made"] = [
            f"damaged: {problem}" if problem else made
            for made, problem in zip(listed["made"], listed["problem"], strict=True)
        ]
        listed = listed.drop(columns=["sha256", "problem"]).rename(columns={"megabytes": "MB"})
    _print(listed)


def diff(
    old: Annotated[str, typer.Argument(help="A vintage in data/, as a rule the older one.", metavar="OLD")],
    new: Annotated[
        str, typer.Argument(help="The vintage to compare it with. [default: the newest]", metavar="[NEW]")
    ] = "latest",
    country: Annotated[
        str | None, typer.Option("--country", "-c", help="Only figures of this economy (WLD: the world).")
    ] = None,
    series: Annotated[
        str | None, typer.Option(help="Only this series, with or without its unit.", metavar="NAME")
    ] = None,
    stored: Annotated[
        bool,
        typer.Option(
            "--stored",
            help="What is stored, by series and source, in place of what a report would see (one figure a period).",
        ),
    ] = False,
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="FILE.csv", help="Write every figure that differs into a CSV file."),
    ] = None,
    force: Force = False,
    root: Root = None,
) -> None:
    """Compare two vintages: figures added, revised and withdrawn, how large the revisions are, and where.

    A revision is said in percent of the old figure; in the unit of the series itself for percentages, points and
    series that change their sign. Sources that were fetched on another day are named.

    - `cryptorisk data diff 2026-11-23 2026-12-15`
    - `cryptorisk data diff 2026-11-23 --country KEN --series reserves`
    - `cryptorisk data diff 2026-11-23 2026-12-15 --to revisions.csv`
    """
    from cryptorisk.data.browse import resolve
    from cryptorisk.data.diff import compare, sentences
    from cryptorisk.data.outfile import demand_writable
    from cryptorisk.data.vintage import find_vintage
    from cryptorisk.kit import find_root

    if to is not None:
        _demand_ending(to, "csv", "--to")
        demand_writable(to, force=force)
    data = find_root(root) / "data"
    first, second = find_vintage(data, old), find_vintage(data, new)
    name = None if series is None else resolve(second.catalogue, series)
    found = compare(first, second, country=None if country is None else _economy(country), series=name)
    say(f"{found.old.name} and {found.new.name}")
    for line in sentences(found):
        say(line)
    counted = found.stored if stored else found.seen
    if len(counted):
        say()
        _print(_for_a_reader(counted) if out.is_terminal else counted)
    if to is not None:
        _write_csv(found.stored_figures if stored else found.seen_figures, to, force)


def export(
    country: Annotated[str, typer.Argument(help="Country code, parameter file, or WLD for the world.")],
    to: Annotated[
        Format | None, typer.Option("--to", help="[default: xlsx, or what the ending of --out says]")
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="[default: COUNTRY-VINTAGE.xlsx in this folder]"),
    ] = None,
    with_own: Annotated[
        bool, typer.Option("--with-own", help="With the bank's own figures; confidential ones stay out.")
    ] = False,
    with_own_use: Annotated[
        bool,
        typer.Option(
            "--with-own-use", help="With figures fetched for own use: the file must not be passed on."
        ),
    ] = False,
    without_restricted: Annotated[
        bool, typer.Option("--without-restricted", help="Without figures that are not for commercial use.")
    ] = False,
    vintage: Annotated[
        str | None,
        typer.Option("--vintage", help="A vintage in data/. [default: that of the parameter file]"),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="YYYY-MM-DD", help="No figure dated later.")
    ] = None,
    force: Force = False,
    root: Root = None,
) -> None:
    """Write the figures of an economy, as a report would use them, for people without Python.

    A workbook has them by year, by month and in one long table, with what each series is, its sources and their
    licences. csv writes the long table with two lists and a text beside it; parquet one file. The bank's own figures,
    and those fetched for own use (Yahoo Finance), are left out unless asked for, confidential ones always. The same
    vintage gives the same bytes.

    - `cryptorisk data export KEN`
    - `cryptorisk data export params/KEN.yaml --to csv --without-restricted`
    - `cryptorisk data export WLD --to parquet --as-of 2024-12-31`
    """
    from cryptorisk.data.export import collect
    from cryptorisk.data.exportfile import file_name, write_export
    from cryptorisk.data.inputs import load_inputs
    from cryptorisk.data.outfile import demand_writable
    from cryptorisk.kit import find_root

    format = _format(to, file)
    if file is not None:
        demand_writable(file, force=force)
    folder = find_root(root)
    world = country.upper() == WORLD
    params = _params(country, folder, world, vintage, _day(as_of))
    found = collect(
        load_inputs(params, root=folder),
        world=world,
        with_own=with_own,
        with_own_use=with_own_use,
        restricted=params.include_non_commercial and not without_restricted,
    )
    path = file or Path(file_name(found, format.value))
    demand_writable(path, force=force)
    if format is Format.xlsx and len(found.figures) > LONG:
        say(f"writing {len(found.figures):,} figures, which may take a minute")
    written = write_export(found, path, format.value, force=force)
    for name, kinds in (("confidential", found.confidential), ("own", found.own_left_out)):
        if kinds:
            say(f"left out, {name}: {', '.join(kinds)}")
    say(f"{len(found.figures):,} figures of {found.name}: {', '.join(shown(one) for one in written)}")


def _params(country: str, folder: Path, world: bool, vintage: str | None, as_of: dt.date | None) -> Params:
    from cryptorisk.paramfile import load_params
    from cryptorisk.params import Params

    given = {"vintage": vintage, "as_of": as_of}
    told = {name: value for name, value in given.items() if value is not None}
    # The world has no parameter file and no own figures: an economy stands in, none of whose figures is taken.
    params = Params(country="USA", use_overrides_folder=False) if world else load_params(country, root=folder)
    return params.model_copy(update=told)


def _format(to: Format | None, file: Path | None) -> Format:
    """The format asked for, or that of the file's ending; a contradiction is an error."""
    if to is None and file is not None and file.suffix[1:] in list(Format):
        return Format(file.suffix[1:])
    wanted = to or Format.xlsx
    if file is not None:
        _demand_ending(file, wanted.value, "--out")
    return wanted


def _demand_ending(file: Path, ending: str, option: str) -> None:
    if file.suffix != f".{ending}":
        raise ParameterError([Problem(option, f"must end in .{ending} (got {file.name[:60]!r})")])


def _day(text: str | None) -> dt.date | None:
    try:
        return None if text is None else dt.date.fromisoformat(text)
    except ValueError:
        what = f"must be a date written YYYY-MM-DD (got {text[:40]!r})" if text else "must be a date"
        raise ParameterError([Problem("--as-of", what)]) from None


def _economy(code: str) -> str:
    from cryptorisk.paramfile.crosscheck import demand_country

    if code.upper() != WORLD:
        demand_country(code.upper())
    return code.upper()


def _write_csv(figures: pd.DataFrame, to: Path, force: bool) -> None:
    from cryptorisk.data.outfile import put_out
    from cryptorisk.data.spreadsheet import csv_text

    put_out({to: csv_text(figures).encode("utf-8-sig")}, force=force)
    say(f"{len(figures):,} figures that differ: {shown(to)}")


def _for_a_reader(counted: pd.DataFrame) -> pd.DataFrame:
    """The summary narrow enough for a terminal: the size of revisions in words, dates as one span of years."""
    from cryptorisk.data.revisions import in_words

    narrow = counted[[name for name in ("series", "source") if name in counted.columns]].copy()
    for name in ("added", "revised", "withdrawn", "moved"):
        if name in counted.columns:
            narrow[name] = counted[name]
    for word in ("median", "largest"):
        sizes = zip(counted[f"{word}_pct"], counted[f"{word}_change"], counted["unit"], strict=True)
        narrow[word] = [
            in_words(pct, "%") if pct == pct else in_words(size, unit) if size == size else ""
            for pct, size, unit in sizes
        ]
    spans = zip(counted["first"], counted["last"], strict=True)
    narrow["dated"] = [_years(first, last) if first == first else "" for first, last in spans]
    narrow["most revised"] = counted["most_revised"]
    return narrow


def _years(first: dt.date, last: dt.date) -> str:
    return f"{first.year}" if first.year == last.year else f"{first.year}-{last.year}"


def _print(frame: pd.DataFrame) -> None:
    """A table; missing cells are blank, on a terminal thousands are set apart."""
    rows = [[_cell(cell) for cell in row] for row in frame.itertuples(index=False, name=None)]
    table([str(name) for name in frame.columns], rows)


def _cell(cell: object) -> object:
    if cell is None or cell != cell:
        return ""
    return f"{cell:,}" if out.is_terminal and isinstance(cell, int) else cell
