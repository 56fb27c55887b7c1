"""``cryptorisk data template``: empty files for the bank's own figures, with explanations."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cryptorisk.cli.params import shown
from cryptorisk.cli.screen import say, table
from cryptorisk.errors import ParameterError, Problem

if TYPE_CHECKING:
    from cryptorisk.data.own.template import Kind


class Format(StrEnum):
    """Formats of a template."""

    csv = "csv"
    xlsx = "xlsx"


def template(
    kind: Annotated[
        str | None, typer.Argument(help="Kind of return; without one the kinds are listed.", metavar="KIND")
    ] = None,
    country: Annotated[
        str | None,
        typer.Option("--country", "-c", help="Economy to be written into the rows, for example KEN."),
    ] = None,
    to: Annotated[
        Format | None,
        typer.Option(
            "--to",
            help="CSV, or an Excel workbook. [default: csv, or what the ending of --out says]",
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Where to. [default: KIND.csv here]", metavar="FILE")
    ] = None,
) -> None:
    """Write an empty file for own figures, with explanations. An existing file is never overwritten.

    Filled in and put into data/overrides/, or named under own_files in a parameter file, its figures take precedence
    over public ones. They never leave the machine, and are not printed unless the file allows it.

    - `cryptorisk data template`
    - `cryptorisk data template bank_exposures --country KEN --to xlsx`
    """
    from cryptorisk.data.catalogue import catalogue
    from cryptorisk.data.own.template import kind_of, kinds
    from cryptorisk.paramfile.crosscheck import demand_country

    if kind is None:
        rows = [(one.name, one.title, ", ".join(_series(one))) for one in kinds(catalogue()).values()]
        table(["kind", "what", "series"], rows)
        return
    format = _format(to, out)
    code = (country or "").strip().upper()
    if country is not None:
        demand_country(code)
    path = out or Path(f"{kind}.{format.value}")
    _write(path, _content(kind_of(kind, catalogue()), code, format))
    say(
        f"{shown(path)} written; put it into data/overrides/ when it is filled in, or name it under own_files"
    )


def _format(to: Format | None, out: Path | None) -> Format:
    """The format asked for, or that of the file's ending.

    Raises
    ------
    ParameterError
        When the ending is another one: a workbook under the name of a CSV file opens nowhere.
    """
    endings = {f".{one.value}": one for one in Format}
    if out is None:
        return to or Format.csv
    found = endings.get(out.suffix.casefold())
    if found is None or to not in (None, found):
        what = f"must end in {f'.{to.value}' if to else ' or '.join(endings)} (got {out.name[:60]!r})"
        raise ParameterError([Problem("--out", what, f"or say --to {found.value}" if found else None)])
    return found


def _series(kind: Kind) -> list[str]:
    return [entry.spec.id for entry in kind.entries]


def _content(kind: Kind, country: str, to: Format) -> bytes:
    from cryptorisk.data.own.template import csv_template, xlsx_template

    return (
        xlsx_template(kind, country) if to is Format.xlsx else csv_template(kind, country).encode("utf-8-sig")
    )


def _write(path: Path, content: bytes) -> None:
    """Write a new file.

    Raises
    ------
    ParameterError
        When it exists already or cannot be written.
    """
    try:
        with path.open("xb") as stream:
            stream.write(content)
    except FileExistsError:
        problem = Problem("", "exists already", "name another with --out")
        raise ParameterError([problem], file=shown(path)) from None
    except OSError as error:
        problem = Problem("", f"cannot be written ({error.strerror})")
        raise ParameterError([problem], file=shown(path)) from None
