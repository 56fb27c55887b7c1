"""What a report says of the refresh that its figures come from: what failed, what was set aside, what was corrected."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any

from cryptorisk.data.catalogue import WORLD
from cryptorisk.data.checks.wording import figure
from cryptorisk.data.cut import Cut
from cryptorisk.data.refresh.record import RefreshRecord, SourceRecord
from cryptorisk.data.sources.names import title_of
from cryptorisk.data.wording import in_sentence, told
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
    yield from _breaks(cut, record)
    yield from _set_aside(cut)
    yield from _corrected(cut)


def _failed(cut: Cut, source: SourceRecord) -> Iterator[Finding]:
    """What a source did not give, one finding for each vintage that its figures stand as in."""
    held = {*cut.vintage.series_of(cut.country), *cut.vintage.series_of(WORLD)}
    groups: dict[str, tuple[set[str], dict[str, str]]] = {}
    for failure in source.failures:
        if not failure.countries or cut.country in failure.countries or WORLD in failure.countries:
            series, causes = groups.setdefault(failure.vintage, (set(), {}))
            series.update(set(failure.series) & held)
            causes.setdefault(failure.reason, failure.day)
    told = [
        (vintage, sorted(series), causes) for vintage, (series, causes) in sorted(groups.items()) if series
    ]
    for number, (vintage, ids, causes) in enumerate(told, start=1):
        names = list(dict.fromkeys(in_sentence(cut.catalogue[id].description) for id in ids))
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        reason, day = next(iter(causes.items()))
        others = (
            f" ({len(causes) - 1} further reasons in the vintage's descriptor)" if len(causes) > 1 else ""
        )
        text = (
            f"{title_of(source.name)} did not give {len(ids)} of its series when it was asked on {day}; its figures "
            f"of them are those of the vintage {vintage}, or other sources stand in: {'; '.join(names[:_NAMED])}{more}. "
            f"Reason: {reason}{others}."
        )
        id = f"data.not_refreshed_{source.name}" + (f"_{number}" if number > 1 else "")
        yield Finding(id, text, "warning", "data")


def _breaks(cut: Cut, record: RefreshRecord) -> Iterator[Finding]:
    here = [one for one in record.breaks if one.country in (cut.country, WORLD)]
    for number, one in enumerate(here, start=1):
        yield Finding(f"data.break_{number}", told(one.text), "warning", "data")


def _set_aside(cut: Cut) -> Iterator[Finding]:
    if "quarantined" not in cut.vintage.resources:
        return
    rows = cut.vintage.table("quarantined")
    here = rows[rows["country"].isin([cut.country, WORLD])]
    if here.empty:
        return
    first = here.iloc[0]
    count = "One fetched figure" if len(here) == 1 else f"{len(here)} fetched figures"
    text = (
        f"{count} for this economy or the markets set aside as suspicious; where the vintage before had a figure of the "
        f"period, that one stands (quarantined.csv in the vintage lists all): {first['series']} of {_day(first['date'])}: "
        f"{told(str(first['reason']))}"
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
    why = f"{told(str(first['reason']))} ({told(str(first['page']))})."
    if len(rows) > 1:
        span = f"{_day(first['date'])} to {_day(last['date'])}"
        return f"By hand, {len(rows)} figures of {name} from {span} were corrected or accepted: {why}"
    if first["new"] == first["old"]:
        return f"Accepted by hand as right: {name} of {_day(first['date'])}, {figure(first['old'])}: {why}"
    new = "was left out" if first["new"] != first["new"] else f"became {figure(first['new'])}"
    return f"Corrected by hand: {name} of {_day(first['date'])}, {figure(first['old'])} {new}: {why}"


def _day(date: object) -> str:
    return str(date)[:10]
