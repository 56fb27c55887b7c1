"""What a reader must know about the data before reading a result: written by rule, one finding a kind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from cryptorisk.countries import country as country_of
from cryptorisk.data.cut import Cut
from cryptorisk.data.own.findings import own_findings
from cryptorisk.data.own.outcome import Idle
from cryptorisk.data.refresh.findings import refresh_findings
from cryptorisk.data.wording import in_sentence
from cryptorisk.result import Finding

_BOUND = {
    "non-commercial": (
        "non-commercial licence",
        "are used under CC BY-NC 4.0: this report is not for commercial use",
    ),
    "own-use": (
        "lack of a licence to pass them on",
        "are in the data for own use: the provider gives no licence to pass its figures on; the list of sources says "
        "whether this report uses any",
    ),
}
"""Licence classes that bind who uses a report: why they may be left out, and how they are used."""


def data_findings(cut: Cut, idle: Sequence[Idle] = ()) -> tuple[Finding, ...]:
    """Findings on missing, stale, not refreshed, faulty, licence-bound and own series, in that order.

    Parameters
    ----------
    cut : Cut
    idle : sequence of Idle
        Files of own figures that hold none for the economy.
    """
    return (*_coverage(cut), *refresh_findings(cut), *_faults(cut), *_licence(cut), *own_findings(cut, idle))


def _coverage(cut: Cut) -> Iterator[Finding]:
    place = country_of(cut.country).name_in_sentence
    core = [id for id, spec in cut.catalogue.series.items() if spec.core]
    latest = {id: cut.latest(id, cut.country) for id in core}
    words = {id: in_sentence(cut.catalogue[id].description) for id in core}
    missing = [words[id] for id, figure in latest.items() if figure is None]
    if missing:
        text = f"The data hold no figure for {place} of: {_listed(missing)}."
        yield Finding("data.missing", text, "notice", "data")
    stale = [
        f"{words[id]} (last figure {figure.date.year})"
        for id, figure in latest.items()
        if figure and figure.stale
    ]
    if stale:
        text = f"Some series had ended more than 24 months before {cut.as_of}: {_listed(stale)}."
        yield Finding("data.stale", text, "notice", "data")


def _faults(cut: Cut) -> Iterator[Finding]:
    here = [
        f
        for f in cut.vintage.faults
        if f.country == cut.country and (f.start is None or f.start <= cut.as_of)
    ]
    for number, fault in enumerate(here, start=1):
        what = "left out" if fault.action == "drop" else "to be read with care"
        name = cut.catalogue[fault.series].description.split(",")[0]
        text = f"The series {name} ({fault.series}){_span(fault.start, fault.end)} is {what}: {fault.reason}."
        yield Finding(f"data.fault_{number}", text, "notice" if fault.action == "flag" else "info", "data")


def _licence(cut: Cut) -> Iterator[Finding]:
    held = {source for resource in cut.vintage.resources.values() for source in resource["licence_class"]}
    for kind, words in _BOUND.items():
        sources = cut.catalogue.sources.values()
        bound = sorted({s.organisation for s in sources if s.licence_class == kind})
        if not bound or kind not in held:
            continue
        names, id = _listed(bound), f"data.{kind.replace('-', '_')}"
        if cut.without:
            text = f"Series of {names} are left out as requested, for their {words[0]};"
            text += " what needs them is not available."
            yield Finding(id, text, "warning", "data")
        else:
            yield Finding(id, f"Series of {names} {words[1]}.", "info", "data")


def _span(start: dt.date | None, end: dt.date | None) -> str:
    if start and end:
        return f" from {start} to {end}"
    if start:
        return f" from {start} on"
    return f" to {end}" if end else ""


def _listed(parts: list[str]) -> str:
    return "; ".join(parts)
