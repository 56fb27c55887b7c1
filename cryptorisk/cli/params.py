"""``cryptorisk params``: start, check and document parameter files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cryptorisk.cli.screen import complain, say
from cryptorisk.errors import CryptoriskError, ParameterError, Problem

if TYPE_CHECKING:
    from cryptorisk.params import Params

app = typer.Typer(
    help="Start, check and document parameter files.", no_args_is_help=True, rich_markup_mode="markdown"
)

Root = Annotated[
    Path | None,
    typer.Option(help="The kit's folder (with notebooks/, params/, data/); searched for if not given."),
]


@app.command()
def new(
    country: Annotated[
        str, typer.Argument(help="ISO 3166-1 alpha-3 code, for example UGA.", metavar="COUNTRY")
    ],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Default params/COUNTRY.yaml.")
    ] = None,
    root: Root = None,
) -> None:
    """Write a parameter file to start from. An existing file is never overwritten.

    `cryptorisk params new UGA`
    """
    from cryptorisk.kit import find_root
    from cryptorisk.paramfile import crosscheck
    from cryptorisk.paramfile.names import country_names
    from cryptorisk.paramfile.template import new_file_text

    code = country.strip().upper()
    crosscheck.demand_country(code)
    path = output or find_root(root) / "params" / f"{code}.yaml"
    try:
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(new_file_text(code, country_names()[code]))
    except FileExistsError:
        raise ParameterError(
            [Problem("", "exists already", "edit it, or name another with --output")], file=shown(path)
        ) from None
    except OSError as error:
        raise ParameterError(
            [Problem("", f"cannot be written ({error.strerror})")], file=shown(path)
        ) from None
    say(f"{shown(path)} written; check it with `cryptorisk params check {shown(path)}`")


@app.command()
def check(
    files: Annotated[list[str], typer.Argument(help="Parameter files, or country codes.", metavar="FILE")],
    root: Root = None,
) -> None:
    """Check parameter files and the own figures they use: every problem with its line, and what to write instead.

    What stops nothing is said too: figures dated after the data's end, sheets that are not read, files without a figure.
    Exit code 0 when all are good, 2 otherwise. Nothing is run or written.

    - `cryptorisk params check params/*.yaml`
    - `cryptorisk params check KEN`
    """
    from cryptorisk.paramfile import load_params
    from cryptorisk.paramfile.ownseries import demand_usable

    bad = 0
    for file in files:
        try:
            params = load_params(file, root=root)
            demand_usable(params, root)
        except CryptoriskError as error:
            complain(str(error))
            bad += 1
        else:
            say(f"{file}: good ({params.country})")
            warn_of_own(params, root)
    if bad:
        complain(f"{bad} of {len(files)} {'files' if len(files) > 1 else 'file'} cannot be used")
        raise typer.Exit(2)


@app.command()
def schema() -> None:
    """Print the JSON Schema of a parameter file, which editors use for completion.

    `cryptorisk params schema > params/schema.json`
    """
    from cryptorisk.paramfile.template import schema_text

    typer.echo(schema_text(), nl=False)


@app.command()
def template() -> None:
    """Print the template: every parameter with its unit, bounds, default and explanation.

    `cryptorisk params template > params/template.yaml`
    """
    from cryptorisk.paramfile.template import template_text

    typer.echo(template_text(), nl=False)


def warn_of_own(params: Params, root: Path | None) -> None:
    """Say of a country's own figures what is not used or may be in another unit, and what becomes of confidential ones."""
    from cryptorisk.paramfile.ownseries import remarks

    names, said = remarks(params, root)
    for sentence in said:
        complain(f"{params.country}: {sentence}")
    if names:
        what = f"{', '.join(names)} {'is' if len(names) == 1 else 'are'} confidential"
        complain(
            f"{params.country}: {what}; results that stand on {'it' if len(names) == 1 else 'them'} "
            "are printed to one digit or left out"
        )


def shown(path: Path) -> str:
    """A path as a reader names it: from the working directory where it lies below."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
