"""The page that leads to all reports of a run, and the page that stands where a report failed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cryptorisk.errors import CryptoriskError, RunError
from cryptorisk.report.render import template

_NO_SUMMARY: Mapping[str, Any] = {"score": None, "band": "", "rating": "", "grade": "", "figures": []}
"""Of an entry that another version of the kit wrote."""


def index_page(manifest: Mapping[str, Any]) -> str:
    """HTML of a run's index, from its manifest alone."""
    entries = {
        iso3: {**entry, "summary": {**_NO_SUMMARY, **entry.get("summary", {})}}
        for iso3, entry in manifest["countries"].items()
    }
    countries = sorted(entries.items(), key=_place)
    done = [entry for _iso3, entry in countries if entry["status"] == "done"]
    return str(
        template("run.html.j2").render(
            run=manifest["run"],
            countries=countries,
            done=len(done),
            failed=len(countries) - len(done),
            notes=manifest.get("notes", ()),
        )
    )


def _place(item: tuple[str, Mapping[str, Any]]) -> tuple[bool, bool, float, str, str]:
    """Highest rating first, then those without one, then failures; by name where that decides nothing."""
    iso3, entry = item
    score = entry["summary"]["score"]
    return entry["status"] != "done", score is None, -(score or 0.0), entry["name"], iso3


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
