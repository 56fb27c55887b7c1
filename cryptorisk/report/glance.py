"""The first screen's reading of the overview's cards: the rating's band, short notes, the age of the figures."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from cryptorisk.estimate import Estimate
from cryptorisk.result import Finding, Result

NOTE_LENGTH = 90
"""Characters of a note that stand in a card: two lines of its small print; the rest stands in the annex."""
MOST_LIMITS = 3
"""Caveats that stand as sentences under the headlines; the others are behind a line, on paper in the annexes alone."""

_BAND = re.compile(r"(low|moderate|elevated|high)\b", flags=re.I)
_OBSERVED = re.compile(r"\b(\d+) of (\d+) pillars observed\b")
_GRADE = re.compile(r"Data grade (\w)\b")


@dataclass(frozen=True)
class Span:
    """The oldest of the headlines, as far as their dates tell."""

    oldest: str = ""
    oldest_label: str = ""


def band(estimate: Estimate) -> str:
    """The band's word, with which a rating's note begins; empty for any other estimate."""
    match = _BAND.match(estimate.note) if estimate.unit == "score" and estimate.available else None
    return match[1].lower() if match else ""


def rating_note(note: str) -> str:
    """What a rating's note says after the band; where it counts observed pillars, also those that are not."""
    match = _OBSERVED.search(note)
    if match is None:
        return short_note(_BAND.sub("", note, count=1).lstrip(" ;,.:"))
    absent = int(match[2]) - int(match[1])
    return f"{match[0]}; {absent} without data, which is not a low score" if absent else match[0]


def short_note(note: str) -> str:
    """As many whole sentences as fit into a card, the first in any case: on paper nothing leads to the rest of one."""
    text = ""
    for sentence in re.split(r"(?<=[.!?]) +", note.strip()):
        longer = f"{text} {sentence}".strip()
        if text and len(longer) > NOTE_LENGTH:
            break
        text = longer
    return text


def limiting(result: Result) -> tuple[Finding, ...]:
    """Caveats and data notes that alter a headline of the chapter: more than context, and resting on it; worst first."""
    shown = {estimate.id for estimate in result.headlines}
    found = [
        f
        for f in result.findings
        if f.kind != "result" and f.severity != "info" and not shown.isdisjoint(f.estimates)
    ]
    return tuple(found[:MOST_LIMITS])


def span(results: Mapping[str, Result], as_of: dt.date) -> Span:
    """The oldest among the headlines.

    Only dates up to the report's are looked at: a year that has not ended has no last day yet.
    """
    shown = _cards(results)
    dated = [
        (end, e) for e in shown if e.available and (end := period_end(e.date)) is not None and end <= as_of
    ]
    oldest = min(dated, key=lambda pair: pair[0], default=None)
    return Span(
        oldest[1].date.rsplit("/", 1)[-1] if oldest else "",
        oldest[1].label if oldest else "",
    )


def summary(results: Mapping[str, Result]) -> dict[str, Any]:
    """What the run's index says of a country: band, rating, data grade and the next four headlines."""
    cards = _cards(results)
    rating = next((e for e in cards if e.unit == "score"), None)
    others = [e for e in cards if e is not rating][:4]
    grades = [m[1] for r in results.values() for e in r.estimates.values() if (m := _GRADE.match(e.label))]
    return {
        "score": rating.value if rating is not None else None,
        "band": band(rating) if rating is not None else "",
        "rating": f"{rating:full}" if rating is not None else "",
        "grade": grades[0] if grades else "",
        "figures": [{"label": e.label, "text": f"{e:full}"} for e in others],
    }


def period_end(date: str) -> dt.date | None:
    """Last day of an estimate's period (``2024``, ``2024-07/2025-06``, ``2025-Q1``); None when it is not a date."""
    last = date.rsplit("/", 1)[-1].replace("-Q", "Q")
    try:
        return pd.Period(last).end_time.date() if last else None
    except ValueError:
        return None


def _cards(results: Mapping[str, Result]) -> tuple[Estimate, ...]:
    """The overview's headlines, or every chapter's where there is no overview."""
    chosen: Iterable[Estimate] = results["overview"].headlines if "overview" in results else ()
    return tuple(chosen) or tuple(e for result in results.values() for e in result.headlines)
