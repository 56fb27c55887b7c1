"""Where a report's figures come from, in plain records that the page and the twin can carry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptorisk.params import Params
from cryptorisk.result import Finding, Result

if TYPE_CHECKING:
    from cryptorisk.data.own.outcome import OwnFile


@dataclass(frozen=True)
class SourceNote:
    """A source as the annex prints it."""

    id: str
    organisation: str
    title: str
    licence: str
    licence_class: str
    url: str = ""
    attribution: str = ""
    caveat: str = ""
    accessed: str = ""
    pages: tuple[str, ...] = ()
    """Where its figures were read, when they are quoted one by one."""


@dataclass(frozen=True)
class Provenance:
    """What a report must say about its data.

    Attributes
    ----------
    iso3, country : str
    as_of : datetime.date
        No figure of the report is dated later.
    vintage, vintage_date, vintage_sha256 : str
        Name, ISO date and hash of the data vintage.
    sources : mapping of str to SourceNote
    findings : tuple of Finding
        Findings of the inputs: stale, missing, left out for their licence, the bank's own.
    own_files : tuple of OwnFile
        Files that the bank's own series were taken from.
    """

    iso3: str
    country: str
    as_of: dt.date
    vintage: str
    vintage_date: str
    vintage_sha256: str
    sources: Mapping[str, SourceNote]
    findings: tuple[Finding, ...] = ()
    own_files: tuple[OwnFile, ...] = ()

    def used_by(self, results: Mapping[str, Result], also: Iterable[str] = ()) -> tuple[SourceNote, ...]:
        """The sources that estimates, tables and the ids in ``also`` name, by organisation."""
        names = {
            source
            for result in results.values()
            for named in (
                *(estimate.sources for estimate in result.estimates.values()),
                *(table.sources for table in result.tables.values()),
            )
            for source in named
        }
        known = [self.sources.get(name) or _unlisted(name) for name in names | set(also)]
        return tuple(sorted(known, key=lambda note: (note.organisation.lower(), note.id)))

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types, for the twin."""
        return {
            "vintage": {"name": self.vintage, "date": self.vintage_date, "sha256": self.vintage_sha256},
            "as_of": self.as_of.isoformat(),
            "data_findings": [finding.to_dict() for finding in self.findings],
        }


def from_inputs(params: Params, root: Path) -> Provenance:
    """Load the country's inputs and note where they come from.

    Raises
    ------
    DataError
        When the vintage is missing or damaged.
    """
    from cryptorisk.countries import country
    from cryptorisk.data.inputs import load_inputs
    from cryptorisk.data.pages import quoted_pages

    inputs = load_inputs(params, root=root)
    vintage, pages = inputs.vintage, quoted_pages(inputs)
    return Provenance(
        iso3=params.country,
        country=country(params.country).name,
        as_of=inputs.as_of,
        vintage=str(vintage.name),
        vintage_date=str(vintage.date),
        vintage_sha256=str(vintage.sha256),
        sources={name: _note(name, source, pages.get(name, ())) for name, source in inputs.sources.items()},
        findings=tuple(inputs.findings),
        own_files=inputs.own_files,
    )


def source_dict(note: SourceNote) -> dict[str, Any]:
    """Plain JSON types, for the twin."""
    return {**asdict(note), "pages": list(note.pages)}


def _note(name: str, source: Any, pages: tuple[str, ...]) -> SourceNote:
    def text(attribute: str) -> str:
        value = getattr(source, attribute, "")
        return "" if value is None else str(value)

    return SourceNote(
        id=name,
        organisation=text("organisation"),
        title=text("title"),
        licence=text("licence"),
        licence_class=text("licence_class"),
        url=text("url"),
        attribution=text("attribution"),
        caveat=text("caveat"),
        accessed=text("accessed"),
        pages=pages,
    )


def _unlisted(name: str) -> SourceNote:
    if name == "bank":
        return SourceNote(
            name, "The institution itself", "Own figures given in the parameter file", "own", "own"
        )
    return SourceNote(name, name, "named by a result; not in the vintage's list of sources", "", "")
