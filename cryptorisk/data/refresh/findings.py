"""What a report says of the refresh that its figures come from: what failed, what was set aside, what was corrected."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any

from cryptorisk.data.catalogue import WORLD
from cryptorisk.data.cut import Cut
from cryptorisk.data.refresh.record import RefreshRecord, SourceRecord
from cryptorisk.data.sources.names import title_of
from cryptorisk.result import Finding

_NAMED = 6
"""Series named one by one; more would bury the reason."""


def refresh_findings(cut: Cut) -> Iterator[Finding]:
    """Findings on the refresh that made the vintage; none for a vintage that was compiled."""
    record = RefreshRecord.from_descriptor(cut.vintage.descriptor)
    if record is None:
        return
    for source in record.sources:
        yield from _failed(cut, source)
    yield from _set_aside(cut)
    yield from _corrected(cut)


def _failed(cut: Cut, source: SourceRecord) -> Iterator[Finding]:
    """What a source did not give, one finding for each day and reason."""
    held = {*cut.vintage.series_of(cut.country), *cut.vintage.series_of(WORLD)}
    by_cause: dict[tuple[str, str, str], set[str]] = {}
    for failure in source.failures:
        if not failure.countries or cut.country in failure.countries or WORLD in failure.countries:
            cause = (failure.day, failure.vintage, failure.reason)
            by_cause.setdefault(cause, set()).update(set(failure.series) & held)
    told = [(cause, sorted(series)) for cause, series in sorted(by_cause.items()) if series]
    for number, ((day, vintage, reason), series) in enumerate(told, start=1):
        names = [cut.catalogue[id].description.split(",")[0].split(";")[0] for id in series[:_NAMED]]
        more = f" and {len(series) - _NAMED} more" if len(series) > _NAMED else ""
        text = (
            f"{title_of(source.name)} was asked on {day} and did not give {len(series)} series that this report may "
            f"use; they stand as in the vintage {vintage}: {'; '.join(names)}{more}. Reason: {reason}."
        )
        id = f"data.not_refreshed_{source.name}" + (f"_{number}" if number > 1 else "")
        yield Finding(id, text, "warning", "data")


def _set_aside(cut: Cut) -> Iterator[Finding]:
    if "quarantined" not in cut.vintage.resources:
        return
    rows = cut.vintage.table("quarantined")
    here = rows[rows["country"].isin([cut.country, WORLD])]
    if here.empty:
        return
    first = here.iloc[0]
    text = (
        f"{len(here)} fetched figures for this economy and the markets were set aside as suspicious and are not used "
        f"(quarantined.csv in the vintage lists them), for example {first['series']} of {_day(first['date'])}: "
        f"{first['reason']}"
    )
    yield Finding("data.quarantined", f"{text.rstrip('.')}.", "notice", "data")


def _corrected(cut: Cut) -> Iterator[Finding]:
    if "corrections" not in cut.vintage.resources:
        return
    rows = cut.vintage.table("corrections")
    here = rows[rows["country"].isin([cut.country, WORLD])]
    for number, (_, entry) in enumerate(
        here.groupby(["series", "country", "reason", "page"], sort=False), start=1
    ):
        text = _correction_in_words(cut, entry.sort_values("date").to_dict("records"))
        yield Finding(f"data.correction_{number}", text, "notice", "data")


def _correction_in_words(cut: Cut, rows: list[dict[Hashable, Any]]) -> str:
    first, last = rows[0], rows[-1]
    name = f"{cut.catalogue[first['series']].description.split(',')[0]} ({first['series']})"
    why = f"{first['reason']} ({first['page']})."
    if len(rows) > 1:
        span = f"{_day(first['date'])} to {_day(last['date'])}"
        return f"By hand, {len(rows)} figures of {name} from {span} were corrected or accepted: {why}"
    if first["new"] == first["old"]:
        return f"Accepted by hand as right: {name} of {_day(first['date'])}, {first['old']:g}: {why}"
    new = "was left out" if first["new"] != first["new"] else f"became {first['new']:g}"
    return f"Corrected by hand: {name} of {_day(first['date'])}, {first['old']:g} {new}: {why}"


def _day(date: object) -> str:
    return str(date)[:10]
