"""The page: nbconvert renders each chapter with the kit's own template, which then takes its place on one page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup
from nbconvert.exporters.templateexporter import TemplateExporter

from cryptorisk.estimate import Estimate, interval_name
from cryptorisk.params import Params
from cryptorisk.report import glance
from cryptorisk.report.chapters import Chapter
from cryptorisk.report.links import linked, rows_by_label, sources_in_notes
from cryptorisk.report.parameters import OverrideRow, ParameterRow, override_rows, parameter_rows
from cryptorisk.report.prose import plain, prose
from cryptorisk.report.provenance import Provenance, SourceNote
from cryptorisk.result import Finding, Result

TEMPLATES = Path(__file__).parent / "template"


@dataclass(frozen=True)
class ChapterHtml:
    """A chapter as the page takes it."""

    anchor: str
    title: str
    html: Markup
    annex_anchor: str
    annex: Markup


@dataclass(frozen=True)
class Page:
    """Everything the page's template reads."""

    country: str
    iso3: str
    as_of: str
    span: glance.Span
    vintage: str
    institution: str
    classification: str
    version: str
    rendered_on: str
    chapters: tuple[ChapterHtml, ...]
    results: tuple[Result, ...]
    known: Mapping[str, str]
    parameters: tuple[ParameterRow, ...]
    overrides: tuple[OverrideRow, ...]
    sources: tuple[SourceNote, ...]
    links: tuple[Mapping[str, str], Mapping[str, SourceNote]]
    data_log: tuple[Finding, ...]
    limits: tuple[Finding, ...]
    run: tuple[tuple[str, str], ...]

    @property
    def non_commercial(self) -> tuple[str, ...]:
        """The sources in use that are under a non-commercial licence."""
        return self._of_class("non-commercial")

    @property
    def own_use(self) -> tuple[str, ...]:
        """The sources in use whose figures the institution may use and not pass on."""
        return self._of_class("own-use")

    def _of_class(self, licence_class: str) -> tuple[str, ...]:
        return tuple(f"{s.organisation}, {s.title}" for s in self.sources if s.licence_class == licence_class)

    @property
    def running_head(self) -> str:
        """What every printed page carries."""
        parts = (self.country, f"data vintage {self.vintage}", self.institution, self.classification)
        return " · ".join(part for part in parts if part)


def make_page(
    params: Params,
    provenance: Provenance,
    chapters: Sequence[Chapter],
    results: Mapping[str, Result],
    record: Mapping[str, Any],
) -> Page:
    """Gather what the page shows; no number is computed here."""
    known = {e.id: e.label for result in results.values() for e in result.estimates.values()}
    notes = "".join(block.html for chapter in chapters for block in (*chapter.blocks, *chapter.annex))
    sources = provenance.used_by(results, also=sources_in_notes(notes, provenance.sources))
    links = (rows_by_label(results.values()), {source.id: source for source in sources})
    every = [finding for result in results.values() for finding in result.findings]
    return Page(
        country=provenance.country,
        iso3=provenance.iso3,
        as_of=provenance.as_of.isoformat(),
        span=glance.span(results, provenance.as_of),
        vintage=provenance.vintage,
        institution=params.institution,
        classification=params.classification,
        version=str(record["package"]),
        rendered_on=str(record["rendered_on"]),
        chapters=tuple(
            ChapterHtml(
                chapter.anchor,
                chapter.title,
                chapter_html(chapter, known, *links),
                chapter.annex_anchor,
                annex_html(chapter, *links),
            )
            for chapter in chapters
        ),
        results=tuple(results.values()),
        known=known,
        parameters=parameter_rows(params),
        overrides=override_rows(params),
        sources=sources,
        links=links,
        data_log=_once([*provenance.findings, *(f for f in every if f.kind == "data")]),
        limits=_once(f for f in every if f.kind == "caveat"),
        run=tuple(_flat(record)),
    )


def render(page: Page) -> str:
    """The page as one HTML document."""
    return str(template("page.html.j2").render(page=page))


def chapter_html(
    chapter: Chapter, known: Mapping[str, str], labels: Mapping[str, str], sources: Mapping[str, SourceNote]
) -> Markup:
    """A chapter's section, by nbconvert from the executed notebook's blocks."""
    body, _resources = _exporter().from_notebook_node(
        nbformat.v4.new_notebook(), resources={"kit": _Content(chapter, known, labels, sources)}
    )
    return Markup(body)


def annex_html(chapter: Chapter, labels: Mapping[str, str], sources: Mapping[str, SourceNote]) -> Markup:
    """A chapter's part of the technical annex; empty when it has none."""
    kit = {"blocks": chapter.annex, "labels": labels, "sources": sources}
    return Markup(template("annex.html.j2").render(kit=kit)) if chapter.annex else Markup()


@dataclass(frozen=True)
class _Content:
    """What a chapter's template reads; frozen, so that nbconvert's copy of its resources may share it."""

    chapter: Chapter
    known: Mapping[str, str]
    labels: Mapping[str, str]
    sources: Mapping[str, SourceNote]

    def __deepcopy__(self, _memo: object) -> _Content:
        return self


def template(name: str) -> Any:
    """A template of the kit, in nbconvert's environment."""
    return _exporter().environment.get_template(name)


class PageExporter(TemplateExporter):  # type: ignore[misc]
    """nbconvert's template exporter with the kit's templates, autoescaping and strict names."""

    file_extension = ".html"
    output_mimetype = "text/html"

    def _template_name_default(self) -> str:
        return TEMPLATES.name

    def _create_environment(self) -> Environment:
        environment: Environment = super()._create_environment()
        environment.autoescape = True
        environment.undefined = StrictUndefined
        environment.trim_blocks = environment.lstrip_blocks = True
        environment.filters.update(_FILTERS)
        return environment


@cache
def _exporter() -> PageExporter:
    return PageExporter(extra_template_basedirs=[str(TEMPLATES.parent)])


def _own_html(html: str, labels: Mapping[str, str], sources: Mapping[str, SourceNote]) -> Markup:
    """HTML of the package's own objects, which escape what they show."""
    return Markup(linked(html, labels, sources))


def _number_part(estimate: Estimate) -> str:
    return f"{estimate:value}".partition(" ")[0]


def _unit_part(estimate: Estimate) -> str:
    return f"{estimate:value}".partition(" ")[2]


def _interval_words(estimate: Estimate) -> str:
    """``80 % interval 0.31 to 1.3 bn USD``."""
    return f"{interval_name(estimate)} {estimate:interval}"


def _css_string(text: str) -> str:
    """Text inside a quoted CSS string: what is not plain is written as a code point."""
    return re.sub(r"[^\w .,·-]", lambda match: f"\\{ord(match[0]):06x}", text)


def _brief(text: str, length: int = 500) -> str:
    """The beginning of a message; the error page has it whole."""
    return text if len(text) <= length else text[:length] + "…"


def _is_web(address: str) -> bool:
    return address.startswith(("https://", "http://"))


def _address(page: str) -> str:
    """The address of a page that may have a remark after it."""
    return page.partition(" ")[0]


_FILTERS = {
    "prose": lambda text, down=1, deepest=6: Markup(prose(text, down, deepest)),
    "plain": plain,
    "own_html": _own_html,
    "number_part": _number_part,
    "unit_part": _unit_part,
    "interval_words": _interval_words,
    "css_string": lambda text: Markup(_css_string(text)),
    "is_web": _is_web,
    "address": _address,
    "brief": _brief,
    "band": glance.band,
    "rating_note": glance.rating_note,
    "short_note": glance.short_note,
    "limiting": glance.limiting,
}


def _once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings without repetition: chapters that read the same series say the same about it."""
    by_text: dict[str, Finding] = {}
    for finding in findings:
        earlier = by_text.get(finding.text)
        by_text[finding.text] = (
            finding
            if earlier is None
            else replace(earlier, estimates=(*earlier.estimates, *finding.estimates))
        )
    return tuple(by_text.values())


def _flat(record: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    names = {
        "package": "Package version",
        "code_sha256": "SHA-256 of package and notebooks",
        "git_commit": "Commit",
        "params_sha256": "SHA-256 of the parameters",
        "vintage_sha256": "SHA-256 of the data vintage",
        "seed": "Seed",
        "rendered_on": "Rendering date",
        "python": "Python",
        "platform": "Platform",
    }
    changed = {True: " (code changed since)", False: " (unchanged)", None: ""}[record["git_changed"]]
    shown = {**record, "git_commit": record["git_commit"] and record["git_commit"] + changed}
    yield from ((label, str(shown[key])) for key, label in names.items() if shown[key] != "")
    for file in record["own_files"]:
        kind = "SHA-256" if "sha256" in file else "Fingerprint (HMAC-SHA-256 under the institution's key)"
        yield f"{kind} of {file['name']}", file.get("sha256") or file["hmac_sha256"]
    libraries = ", ".join(f"{name} {number}" for name, number in record["libraries"].items() if number)
    yield "Libraries", libraries
    for notebook, count in record["warnings"].items():
        yield f"Warnings in {notebook}", f"{count} (kept in the executed notebook)"
