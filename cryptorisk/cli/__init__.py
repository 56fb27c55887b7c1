"""The command line: thin; every command hands its work to the package and prints what comes back."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import version
from typing import Annotated

import typer

from cryptorisk.cli import data, params, report
from cryptorisk.cli.screen import complain
from cryptorisk.cli.stopping import INTERRUPTED, interruption_behind, stoppable
from cryptorisk.errors import CryptoriskError

EPILOG = """
**Exit codes**

- 0: done; a report that says what is missing is a report
- 1: a notebook failed, or the finished page was refused by the checks
- 2: bad input: a parameter file, a date, the data, a missing program; nothing was written
- 3: a refresh that could not have everything: what failed stays as it was and is said
- 130: interrupted with Ctrl-C; 143 by SIGTERM, 129 by a terminal that closed. Countries finished before stay
"""

app = typer.Typer(
    name="cryptorisk",
    help="""Macro-financial risk of crypto-assets for a country: one self-contained HTML report from real data.

    The kit comes with its data and needs no network. A country's report takes the defaults, or what its
    parameter file in params/ says; the bank's own figures can replace public ones there.

    **Examples**

    - `cryptorisk report KEN`: the report on Kenya
    - `cryptorisk params new UGA`: start a parameter file for Uganda
    - `cryptorisk params check params/UGA.yaml`: every problem in it, with its line
    - `cryptorisk report --all`: every parameter file, and an index page
    - `cryptorisk data show reserves_usd KEN`: a series with its sources""",
    epilog=EPILOG,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("report", epilog=EPILOG)(report.report)
app.add_typer(params.app, name="params")
app.add_typer(data.app, name="data")


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"cryptorisk {version('cryptorisk')}")
        raise typer.Exit


@app.callback()
def _options(
    show_version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
    debug: Annotated[  # read by main() from the arguments, before anything can go wrong
        bool, typer.Option("--debug", help="Show the Python traceback of an error.")
    ] = False,
) -> None:
    del show_version, debug


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments : sequence of str, optional
        Default those of the process.

    Returns
    -------
    int
        Exit code: 0 done, 1 a notebook or the finished page failed, 2 bad input or environment,
        3 a refresh that is not whole, 130 interrupted (143 by SIGTERM, 129 by SIGHUP).
    """
    given = sys.argv[1:] if arguments is None else list(arguments)
    _let_any_text_print()
    try:
        with stoppable():
            # Arguments of the process are left to typer, which expands params/*.yaml where the shell does not.
            app(None if arguments is None else given, prog_name="cryptorisk")
    except SystemExit as ended:
        if (stop := interruption_behind(ended)) is not None:
            return _interrupted(stop)
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except KeyboardInterrupt as stop:
        return _interrupted(stop)
    except BrokenPipeError:  # the reader of a pipe has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as problem:
        if "--debug" in given:
            raise
        return _explain(problem)
    return 0


def _interrupted(stop: KeyboardInterrupt) -> int:
    with suppress(OSError):  # the terminal may be the one that closed
        complain(": ".join(["interrupted", *getattr(stop, "__notes__", ())]))
    return getattr(stop, "exit_code", INTERRUPTED)


def _explain(problem: Exception) -> int:
    if isinstance(problem, CryptoriskError):
        complain(str(problem))
        return problem.exit_code
    complain(f"unexpected {type(problem).__name__}: {problem}")
    complain("this is a defect of the kit; `cryptorisk --debug ...` shows where it happened")
    return 1


def _let_any_text_print() -> None:
    """A console that cannot show a letter (a Windows code page) shows a stand-in and does not fail."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
