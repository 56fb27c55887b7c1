"""What a vintage remembers of its refreshes: which series were fetched when, and which still wait to be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pandas as pd

from cryptorisk.data.catalogue import EURO_AREA, WORLD, Catalogue
from cryptorisk.data.checks.breaks import Break
from cryptorisk.data.observation import BLOCK
from cryptorisk.data.refresh.fetching import Asked
from cryptorisk.data.refresh.judging import Judged
from cryptorisk.data.refresh.record import Failure, RefreshRecord, SourceRecord, State
from cryptorisk.data.refresh.tables import NewTables
from cryptorisk.data.sources.names import MODULES
from cryptorisk.data.sources.source import Request, Task
from cryptorisk.data.vintage import Vintage

NO_LONGER = "it answered, and no longer gives these figures"

Block = tuple[str, str, str]
"""Series, country, source."""


def refresh_record(
    before: Vintage,
    stored: Mapping[str, pd.DataFrame],
    asked: Mapping[str, Asked],
    judged: Judged,
    news: NewTables,
    request: Request,
) -> RefreshRecord:
    """The record of a refresh, with what earlier ones left open."""
    earlier = RefreshRecord.from_descriptor(before.descriptor)
    came = judged.blocks
    live = _live_blocks(stored)
    sources = []
    for name in MODULES:
        old = next((one for one in earlier.sources if one.name == name), None) if earlier else None
        waiting = old.failures if old else ()
        if name not in asked:
            sources.append(SourceRecord(name, "not asked", failures=waiting))
            continue
        failures = [
            *_failed(asked[name], before, request),
            *_dropped(asked[name], live, came, before, request),
        ]
        failures = [_since(failure, waiting) for failure in failures]
        failures += _still_open(waiting, failures, came)
        sources.append(_of_source(name, asked[name], tuple(failures), request.end))
    return RefreshRecord(
        before.info.name,
        before.info.sha256,
        tuple(sources),
        _fetched(earlier, judged, request),
        len(news.quarantined),
        len(news.corrections),
        (*judged.notes, *news.notes),
        tuple(_breaks(earlier, judged)),
    )


def accessed(known: Catalogue, record: RefreshRecord) -> Catalogue:
    """The catalogue with the dates of access of its live sources: of a source, that of its longest unfetched series."""
    dates = {id: min(series.values()) for id, series in record.fetched.items() if series}
    sources = {
        id: replace(source, accessed=dates.get(id, source.accessed)) for id, source in known.sources.items()
    }
    return Catalogue(known.series, sources)


def _of_source(name: str, asked: Asked, failures: tuple[Failure, ...], day: dt.date) -> SourceRecord:
    failed = asked.failed
    state: State = "refreshed" if not failed else "partly" if asked.answered else "failed"
    reason = next(iter(failed.values()), "")
    return SourceRecord(name, state, reason, day.isoformat() if asked.answered else "", failures)


def _live_blocks(stored: Mapping[str, pd.DataFrame]) -> set[Block]:
    found: set[Block] = set()
    for table in stored.values():
        blocks = table[list(BLOCK)].drop_duplicates()
        found |= {block for block in blocks.itertuples(index=False, name=None) if block[2].endswith("_live")}
    return found


def _failed(asked: Asked, before: Vintage, request: Request) -> Iterator[Failure]:
    for task, reason in asked.failed.items():
        yield Failure(task.series, task.countries, reason, request.end.isoformat(), before.info.name)


def _dropped(
    asked: Asked,
    live: set[Block],
    came: set[Block],
    before: Vintage,
    request: Request,
) -> Iterator[Failure]:
    """Blocks of earlier refreshes that the answer to the same question no longer has."""
    given = {(series, source) for series, _, source in came}
    missing: dict[str, set[str]] = {}
    for task in asked.answered:
        places = _places(task, request)
        for series, country, source in live - came:
            mine = series in task.series and source in asked.source.register and country in places
            if mine and (series, source) in given:
                missing.setdefault(series, set()).add(country)
    for series, countries in sorted(missing.items()):
        yield Failure(
            (series,), tuple(sorted(countries)), NO_LONGER, request.end.isoformat(), before.info.name
        )


def _places(task: Task, request: Request) -> set[str]:
    return {*(task.countries or request.countries), WORLD, EURO_AREA}


def _since(failure: Failure, waiting: tuple[Failure, ...]) -> Failure:
    """A failure that is not the first: the figures stand since the first."""
    first = next(
        (one for one in waiting if one.series == failure.series and one.countries == failure.countries), None
    )
    if first is None:
        return failure
    return Failure(failure.series, failure.countries, failure.reason, failure.day, first.vintage)


def _still_open(waiting: tuple[Failure, ...], now: list[Failure], came: set[Block]) -> Iterator[Failure]:
    """Failures of earlier refreshes whose series were not fetched now and are not told already."""
    told = {(failure.series, failure.countries) for failure in now}
    fetched = {(series, country) for series, country, _ in came}
    series_fetched = {series for series, _ in fetched}
    for failure in waiting:
        if (failure.series, failure.countries) in told:
            continue
        open_series = tuple(
            id
            for id in failure.series
            if not (
                any((id, country) in fetched for country in failure.countries)
                if failure.countries
                else id in series_fetched
            )
        )
        if open_series:
            yield Failure(open_series, failure.countries, failure.reason, failure.day, failure.vintage)


def _breaks(earlier: RefreshRecord | None, judged: Judged) -> Iterator[Break]:
    """What was found now, and what stands of earlier refreshes because its history does."""
    yield from judged.breaks
    for one in earlier.breaks if earlier else ():
        if (one.series, one.country, one.source) not in judged.blocks:
            yield one


def _fetched(earlier: RefreshRecord | None, judged: Judged, request: Request) -> dict[str, dict[str, str]]:
    """By source and series, the date; a refresh for some economies does not make the others' figures newer."""
    dates = {id: dict(series) for id, series in earlier.fetched.items()} if earlier else {}
    pairs = judged.accepted[["source", "series"]].drop_duplicates()
    for source, series in pairs.itertuples(index=False, name=None):
        known = dates.setdefault(str(source), {})
        if request.part and series in known:
            continue
        known[str(series)] = request.end.isoformat()
    return {id: dict(sorted(dates[id].items())) for id in sorted(dates)}
