"""A new vintage from the previous one and the live sources: fetched, judged, corrected, checked whole, then named."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from cryptorisk.data.catalogue import Catalogue
from cryptorisk.data.compact import Compact
from cryptorisk.data.package import Carried, Making, Resource, write_package
from cryptorisk.data.publishing import one_writer, publish_vintage
from cryptorisk.data.refresh.checkpoint import Checkpoint
from cryptorisk.data.refresh.fetching import Asked, Step, ask_all
from cryptorisk.data.refresh.judging import judge_answers
from cryptorisk.data.refresh.keeping import accessed, refresh_record
from cryptorisk.data.refresh.merging import stored
from cryptorisk.data.refresh.patience import Patience
from cryptorisk.data.refresh.record import RefreshRecord
from cryptorisk.data.refresh.tables import corrections_in, new_tables, resources
from cryptorisk.data.sources.source import LiveSource, Request
from cryptorisk.data.vintage import NAME, Vintage, find_vintage
from cryptorisk.errors import DataError

ANSWERS = ".refresh-answers"
DESCRIPTION = (
    "Made by `cryptorisk data refresh` from the vintage named under refresh and the live sources named there. Dates are "
    "the last day of the period; units, signs and precedence of sources stand under series; licence classes and dates "
    "of access under source_register."
)


@dataclass(frozen=True)
class Refreshed:
    """What a refresh did.

    Attributes
    ----------
    path : Path or None
        The new vintage; None when nothing was fetched, and the previous one stays the newest.
    record : RefreshRecord
    asked : mapping of str to Asked
        By source.
    fetched : mapping of str to int
        Figures accepted, by source.
    quarantined : DataFrame
        As the vintage's table of that name.
    corrections : DataFrame
    """

    path: Path | None
    record: RefreshRecord
    asked: Mapping[str, Asked]
    fetched: Mapping[str, int]
    quarantined: pd.DataFrame
    corrections: pd.DataFrame

    @property
    def whole(self) -> bool:
        """Whether every source that was asked gave everything."""
        return all(source.state in ("refreshed", "not asked") for source in self.record.sources)


def refresh(
    data: Path,
    sources: Mapping[str, LiveSource],
    request: Request,
    *,
    previous: str = "latest",
    patience: Patience | None = None,
    tell: Callable[[Step], None] | None = None,
) -> Refreshed:
    """Make a new vintage in ``data``.

    Nothing changes in ``data`` until the new vintage is whole: it is written into a private folder, checked, and
    renamed. A source that fails leaves its series as they are in the previous vintage. After an interruption the
    same call goes on with the answers that were kept.

    Parameters
    ----------
    data : Path
        The kit's folder of vintages.
    sources : mapping of str to LiveSource
    request : Request
        ``end`` becomes the date of the vintage.
    previous : str
        Vintage to build on; default the newest.
    patience : Patience, optional
    tell : callable, optional
        Told every step of the asking.

    Returns
    -------
    Refreshed

    Raises
    ------
    KitError
        When another refresh is under way in this folder, or it cannot be written to.
    DataError
        No or a damaged previous vintage, one later than ``request.end``, an unusable corrections file, or a new
        vintage that does not pass the checks: nothing is published then.
    """
    with one_writer(data):
        before = find_vintage(data, previous)
        if before.info.date > request.end:
            raise DataError(
                f"the vintage {before.info.name} is dated {before.info.date}, after {request.end}",
                where=str(data),
                remedy="check the clock of this machine, or build on an earlier vintage",
            )
        corrections = corrections_in(data, before.catalogue)  # before anything is asked
        free_name(data, request.end)  # refused before anything is asked
        addresses = {name: source.base_url for name, source in sources.items()}
        kept = Checkpoint.of(data / ANSWERS, request, before.info.sha256, addresses)
        asked = ask_all(sources, request, kept, patience or Patience(), tell or _silent)
        tables = stored(before, Compact(before.catalogue))
        judged = judge_answers(tables, asked, kept, before.catalogue, request.end)
        news = new_tables(before, tables, judged, corrections)
        record = refresh_record(before, tables, asked, judged, news, request)
        made = None
        if judged.anything:
            known = accessed(before.catalogue, record)
            made = _publish(data, before, resources(before, tables, news, known), known, record, request.end)
        kept.forget()
    return Refreshed(made, record, asked, judged.fetched, news.quarantined, news.corrections)


def _silent(step: Step) -> None:
    del step


def _publish(
    data: Path,
    before: Vintage,
    tables: Sequence[Resource | Carried],
    known: Catalogue,
    record: RefreshRecord,
    day: dt.date,
) -> Path:
    making = Making(DESCRIPTION, {"refresh": record.to_dict()})
    also = [known.sources[one["id"]] for one in before.descriptor["source_register"]]
    name = free_name(data, day)

    def write(folder: Path) -> None:
        write_package(folder, name, day, tables, known, also=also, making=making)

    return publish_vintage(data, name, write)


def free_name(data: Path, day: dt.date) -> str:
    """The day, or the day with the next free number after it; names sort by age."""
    taken = {entry.name for entry in data.glob(f"{day.isoformat()}*") if NAME.fullmatch(entry.name)}
    if not taken:
        return day.isoformat()
    later = (f"{day.isoformat()}-{number:02d}" for number in range(2, 100))
    free = next((name for name in later if name > max(taken)), None)
    if free is None:
        raise DataError(
            f"no name after {max(taken)} is left for another vintage of {day}",
            where=str(data),
            remedy="move some of that day away, or refresh tomorrow",
        )
    return free
