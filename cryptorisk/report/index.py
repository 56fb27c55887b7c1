"""The page that leads to all reports of a run, and the page that stands where a report failed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cryptorisk.errors import CryptoriskError, RunError
from cryptorisk.report.render import template

SHOWN_HEADLINES = 3


def index_page(manifest: Mapping[str, Any]) -> str:
    """HTML of a run's index, from its manifest alone."""
    countries = sorted(manifest["countries"].items(), key=lambda item: (item[1]["name"], item[0]))
    done = [entry for _iso3, entry in countries if entry["status"] == "done"]
    return str(
        template("run.html.j2").render(
            run=manifest["run"],
            countries=countries,
            done=len(done),
            failed=len(countries) - len(done),
            shown=SHOWN_HEADLINES,
        )
    )


def error_page(name: str, iso3: str, error: BaseException, kept: str) -> str:
    """HTML of the page that names chapter, cell, cause and remedy.

    Parameters
    ----------
    name, iso3 : str
        The economy.
    error : BaseException
    kept : str
        Relative path of the folder with the executed notebooks; empty when there is none.
    """
    cause = error.what if isinstance(error, CryptoriskError) else f"{type(error).__name__}: {error}"
    return str(
        template("error.html.j2").render(
            name=name,
            iso3=iso3,
            cause=cause,
            where=getattr(error, "where", None) or "",
            remedy=getattr(error, "remedy", None) or "",
            notebook=error.notebook if isinstance(error, RunError) else "",
            cell=error.cell if isinstance(error, RunError) else None,
            source=error.source if isinstance(error, RunError) else "",
            traceback=error.traceback if isinstance(error, RunError) else "",
            kept=kept,
        )
    )
