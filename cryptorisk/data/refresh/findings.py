"""What a report says of the refresh that its figures come from: what failed, what was set aside, what was corrected."""

from __future__ import annotations

from collections.abc import Iterator

from cryptorisk.data.catalogue import WORLD
from cryptorisk.data.cut import Cut
from cryptorisk.data.refresh.record import Failure, RefreshRecord, SourceRecord
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
        yield from _failed(cut, record, source)
    yield from _set_aside(cut)
    yield from _corrected(cut)


def _failed(cut: Cut, record: RefreshRecord, source: SourceRecord) -> Iterator[Finding]:
    held = {*cut.vintage.series_of(cut.country), *cut.vintage.series_of(WORLD)}
    failures = [failure for failure in source.failures if _concerns(failure, cut.country)]
    series = sorted({id for failure in failures for id in failure.series} & held)
    if not series:
        return
    names = [cut.catalogue[id].description.split(",")[0].split(";")[0] for id in series[:_NAMED]]
    more = f" and {len(series) - _NAMED} more" if len(series) > _NAMED else ""
    text = (
        f"{title_of(source.name)} was asked on {cut.vintage.info.date} and did not give "
        f"{len(series)} series that this report may use; they stand as in the vintage {record.previous}: "
        f"{'; '.join(names)}{more}. Reason: {failures[0].reason}."
    )
    yield Finding(f"data.not_refreshed_{source.name}", text, "warning", "data")


def _concerns(failure: Failure, country: str) -> bool:
    return not failure.countries or country in failure.countries


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
    for number, row in enumerate(here.to_dict("records"), start=1):
        name = cut.catalogue[row["series"]].description.split(",")[0]
        new = "left out" if row["new"] != row["new"] else f"{row['new']:g}"
        text = (
            f"Corrected by hand: {name} ({row['series']}) of {_day(row['date'])}: {row['old']:g} became {new}; "
            f"{row['reason']} ({row['page']})."
        )
        yield Finding(f"data.correction_{number}", text, "notice", "data")


def _day(date: object) -> str:
    return str(date)[:10]
