"""Regulation channel: the dated, sourced legal status, with conflicts between sources shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from cryptorisk.countries import country
from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import Estimate
from cryptorisk.result import Column, Finding, Table

ASPECTS = {
    "absolute_ban": "Absolute ban",
    "implicit_ban": "Implicit ban",
    "legal_tender": "Legal tender",
    "legal_status": "Legal status",
    "payments_acceptance": "Acceptance as payment",
    "banking_restriction": "Restriction on banks",
    "licensing": "Licensing of providers",
    "taxation": "Taxation",
    "tax_applied": "Taxation",
    "aml_cft": "Anti-money-laundering rules",
    "aml_cft_applied": "Anti-money-laundering rules",
    "aml_cft_not_applied": "Anti-money-laundering rules",
    "capital_controls_on_crypto": "Capital controls on crypto-assets",
    "foreign_exchange_perimeter": "Inside the foreign-exchange perimeter",
    "status": "Status",
}
BARE = {"aml_cft_not_applied": "No"}
"""Statuses without an ``=value``: what they say; all others say Yes."""

FUNCTION = "cryptorisk.models.channels.regulation.regulation"


@dataclass(frozen=True)
class Status:
    """What the sources say about one aspect, newest first."""

    aspect: str
    value: str
    date: str
    source: str
    url: str
    note: str
    source_id: str = ""
    """In the vintage's list of sources."""


def statuses(inputs: Inputs) -> list[Status]:
    """Every recorded status of the country, newest first within its aspect.

    Returns
    -------
    list of Status
    """
    rows = inputs.table("regulation")
    here = rows[rows["iso3"] == inputs.country].fillna("")
    found = []
    for row in here.itertuples(index=False):
        name, _, value = str(row.status).partition("=")
        found.append(
            Status(
                ASPECTS.get(name, name.replace("_", " ").capitalize()),
                value or BARE.get(name, "Yes"),
                str(row.as_of_or_from),
                str(row.source),
                str(row.url),
                str(row.note),
                str(row.source_id),
            )
        )
    return sorted(sorted(found, key=lambda s: s.date, reverse=True), key=lambda s: s.aspect)


def sources_of(found: Iterable[Status]) -> tuple[str, ...]:
    """Ids of the sources of statements, each once."""
    return tuple(dict.fromkeys(status.source_id for status in found))


def current(found: list[Status], aspect: str) -> Status | None:
    """The newest status of an aspect, or None."""
    return next((status for status in found if status.aspect == aspect), None)


def legal_tender(found: list[Status]) -> Status | None:
    """The newest statement on legal tender: ``Yes``, ``Repealed``, ``Disputed`` or None when there is none."""
    return current(found, "Legal tender")


def banned(found: list[Status]) -> Status | None:
    """The ban that stands by the newest source, unless a later source lifts it or licenses providers."""
    bans = [s for s in found if s.aspect in ("Absolute ban", "Implicit ban") and s.value == "Yes"]
    if not bans:
        return None
    ban = max(bans, key=lambda s: s.date)
    lifted = [
        s
        for s in found
        if s.date > ban.date
        and (
            (s.aspect == "Restriction on banks" and s.value == "Lifted")
            or (s.aspect == "Licensing of providers" and s.value == "Yes")
            or (s.aspect == "Legal tender" and s.value == "Yes")
        )
    ]
    return None if lifted else ban


def regulation(inputs: Inputs) -> tuple[list[Estimate], list[Table], list[Finding]]:
    """The country's legal status as recorded, with date, source and conflicts.

    Returns
    -------
    tuple of (list of Estimate, list of Table, list of Finding)
        The one estimate is the number of aspects with a recorded status.
    """
    found = statuses(inputs)
    label = "Aspects of regulation with a sourced status"
    if not found:
        reason = "no source in the data speaks of this economy's regulation"
        text = (
            "No source in the data states the legal status of crypto-assets in "
            f"{country(inputs.country).name_in_sentence}; that is a gap of the data, not a sign that they are "
            "unregulated."
        )
        return (
            [Estimate.missing("channels.regulation_aspects", label, "count", reason)],
            [],
            [Finding("channels.regulation_gap", text, "notice", "data")],
        )
    aspects = sorted({status.aspect for status in found})
    estimate = Estimate(
        "channels.regulation_aspects",
        label,
        len(aspects),
        "count",
        data_class="measured",
        date=max(status.date for status in found),
        method="Count of aspects with at least one dated statement.",
        sources=sources_of(found),
        inputs=("regulation",),
        function=FUNCTION,
    )
    frame = pd.DataFrame([status.__dict__ for status in found])
    table = Table(
        "channels.regulation",
        "Legal status of crypto-assets, by aspect and date of the statement",
        frame,
        (
            Column("aspect", "Aspect"),
            Column("value", "Status"),
            Column("date", "As of or from"),
            Column("source", "Source"),
            Column("url", "Page"),
            Column("note", "Note"),
        ),
        note="Law is not enforcement. Statements of different sources and dates stand side by side; none is overwritten.",
        sources=sources_of(found),
    )
    return [estimate], [table], [*_ban_findings(inputs, found), *_tender_findings(inputs, found)]


def _ban_findings(inputs: Inputs, found: list[Status]) -> list[Finding]:
    recorded = [s for s in found if s.aspect in ("Absolute ban", "Implicit ban")]
    if not recorded:
        return []
    ban = banned(found)
    name = country(inputs.country).name_in_sentence
    if ban is None:
        text = (
            f"A ban recorded for {name} ({max(s.date for s in recorded)}) is superseded: later sources record that "
            "it was lifted or that providers are licensed."
        )
        return [Finding("channels.ban_superseded", text, "notice")]
    kinds = {s.aspect for s in recorded}
    conflict = " Sources conflict on whether it is absolute or implicit." if len(kinds) > 1 else ""
    text = f"{ban.aspect} in {name} as of {ban.date}; no later source in the data changes it.{conflict}"
    return [Finding("channels.ban", text, "warning")]


def _tender_findings(inputs: Inputs, found: list[Status]) -> list[Finding]:
    status = legal_tender(found)
    if status is None:
        return []
    name = country(inputs.country).name_in_sentence
    texts = {
        "Yes": (f"Bitcoin is legal tender in {name} (from {status.date}).", "alert"),
        "Repealed": (
            f"Bitcoin was legal tender in {name} and is no longer: an amending law of {status.date} repealed it "
            "and made acceptance voluntary.",
            "notice",
        ),
        "Disputed": (
            f"Bitcoin became legal tender in {name} and acceptance is voluntary since {status.date}; whether the status "
            "of legal tender persists is reported differently by different sources.",
            "warning",
        ),
    }
    text, severity = texts.get(
        status.value, (f"Legal tender in {name}: {status.value} ({status.date}).", "notice")
    )
    return [Finding("channels.legal_tender", text, severity)]  # type: ignore[arg-type]
