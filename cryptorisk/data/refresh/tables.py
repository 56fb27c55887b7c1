"""The tables of a refreshed vintage: those with news made anew, all others taken over byte for byte."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from cryptorisk.data.catalogue import Catalogue
from cryptorisk.data.checks.correctionfile import read_corrections
from cryptorisk.data.checks.corrections import Corrected, Correction, correct
from cryptorisk.data.checks.quarantine import readable
from cryptorisk.data.compact import Compact
from cryptorisk.data.layout import TABLES, series_resources
from cryptorisk.data.observation import BLOCK, KEY
from cryptorisk.data.package import Carried, Resource
from cryptorisk.data.refresh.judging import Judged
from cryptorisk.data.refresh.merging import merge
from cryptorisk.data.spreadsheet import neutral
from cryptorisk.data.tablefile import checked_bytes
from cryptorisk.data.vintage import Vintage

CORRECTIONS = "corrections.yaml"
"""The institution's corrections, in the folder of vintages; there need be none."""

REPLACED = (*TABLES, "faults", "quarantined", "corrections")


@dataclass(frozen=True)
class NewTables:
    """What the new vintage holds beside what is taken over.

    Attributes
    ----------
    observations : DataFrame
        Every figure, the quoted facts apart, held compactly and sorted.
    quarantined, corrections, faults : DataFrame
        Tables of the vintage.
    notes : tuple of str
        Corrections that were not applied.
    """

    observations: pd.DataFrame
    quarantined: pd.DataFrame
    corrections: pd.DataFrame
    faults: pd.DataFrame
    notes: tuple[str, ...]


def new_tables(
    before: Vintage,
    stored: Mapping[str, pd.DataFrame],
    judged: Judged,
    corrections: Sequence[Correction],
) -> NewTables:
    """Merge what was accepted into what is there, and correct it.

    Corrections are applied first to what came, so that a history released by hand replaces the old one as a whole, and
    then to what stands. What an earlier refresh set aside waits until its source is asked again.

    Parameters
    ----------
    before : Vintage
    stored : mapping of str to DataFrame
        Its tables of observations.
    judged : Judged
    corrections : sequence of Correction
    """
    form = Compact(before.catalogue)
    first = correct(corrections, judged.accepted, judged.quarantined)
    came = form.held(first.accepted)
    fit = first.quarantined[first.quarantined["date"].notna()]
    merged = merge(form.joined(stored.values()), came, form.held(fit), judged.superseded, form)
    second = correct(corrections, merged, judged.quarantined.iloc[:0])
    applied, waiting = _applied(before, first, second, judged), _set_aside_before(before, judged)
    return NewTables(
        form.sorted(form.held(second.accepted)),
        readable(pd.concat([part for part in (waiting, first.quarantined) if not part.empty] or [waiting])),
        applied,
        _faults(before, judged),
        tuple(_unused(corrections, first, second, applied, waiting)),
    )


def resources(
    before: Vintage, stored: Mapping[str, pd.DataFrame], news: NewTables, known: Catalogue
) -> list[Resource | Carried]:
    """The tables of the new vintage in its order, known by the sources as they stand now."""
    made: list[Resource | Carried] = []
    for table in series_resources(news.observations, known):
        old = stored.get(table.name)
        same = old is not None and table.frame.equals(old)
        made.append(_carried(before, table.name) if same else table)
    made += [_carried(before, name) for name in before.resources if name not in REPLACED]
    made.append(Resource("faults", news.faults, "csv", kind="record", source_column=""))
    for name, frame in (("quarantined", news.quarantined), ("corrections", news.corrections)):
        if not frame.empty:
            made.append(Resource(name, frame, "csv", kind="record", source_column=""))
    return made


def _set_aside_before(before: Vintage, judged: Judged) -> pd.DataFrame:
    """What an earlier refresh set aside, of blocks that were not fetched again."""
    columns = list(judged.quarantined.columns)
    if "quarantined" not in before.resources:
        return judged.quarantined.iloc[:0]
    earlier = before.table("quarantined")
    waits = [block not in judged.blocks for block in earlier[list(BLOCK)].itertuples(index=False, name=None)]
    return earlier.loc[waits, columns]


def corrections_in(data: Path, known: Catalogue) -> tuple[Correction, ...]:
    """The institution's corrections, when the folder of vintages has a file of them; errors as `read_corrections`."""
    file = data / CORRECTIONS
    return read_corrections(file, known) if file.exists() else ()


def _applied(before: Vintage, first: Corrected, second: Corrected, judged: Judged) -> pd.DataFrame:
    """Every figure that stands, or no longer stands, because of a correction, also of an earlier refresh."""
    parts = [first.applied, second.applied]
    if "corrections" in before.resources:
        earlier = before.table("corrections")
        came = judged.blocks
        stands = [block not in came for block in earlier[list(BLOCK)].itertuples(index=False, name=None)]
        parts.append(earlier[stands][list(first.applied.columns)])
    joined = pd.concat([part for part in parts if not part.empty] or [first.applied], ignore_index=True)
    joined = joined.drop_duplicates(list(KEY)).sort_values(list(KEY), kind="stable", ignore_index=True)
    return joined.assign(**{name: joined[name].map(neutral).astype("str") for name in ("reason", "page")})


def _unused(
    corrections: Sequence[Correction],
    first: Corrected,
    second: Corrected,
    applied: pd.DataFrame,
    waiting: pd.DataFrame,
) -> Iterator[str]:
    """Why a correction was applied neither to what came nor to what stands; not of one applied before."""
    done = set(applied[["series", "country", "date"]].itertuples(index=False, name=None))
    for correction in corrections:
        days = (pd.Timestamp(correction.start), pd.Timestamp(correction.end))
        if any((correction.series, correction.country, day) in done for day in days):
            continue
        of_it = (waiting["series"] == correction.series) & (waiting["country"] == correction.country)
        if waiting.loc[of_it, "date"].between(*days).any():
            yield f"{correction}: what it is about was set aside earlier; it is applied when the source is asked again."
            continue
        said = [
            next((text for text in one.unused if text.startswith(f"{correction}:")), None)
            for one in (first, second)
        ]
        if all(said):
            yield str(said[1] if first.accepted.empty or said[0] is None else said[0])


def _faults(before: Vintage, judged: Judged) -> pd.DataFrame:
    """The kit's faults; of those that concern nothing fetched now, the count stands as in the previous vintage."""
    keys = ["series", "country", "from", "to", "source", "action"]
    table = judged.faults
    earlier = before.table("faults").fillna({"from": "", "to": "", "source": ""}).set_index(keys)["rows"]
    counts = table.set_index(keys)["rows"]
    stands = earlier.reindex(counts.index).fillna(0).astype("int64")
    return table.assign(rows=counts.where(counts > 0, stands).to_numpy())


def _carried(before: Vintage, name: str) -> Carried:
    resource = before.resources[name]
    return Carried(resource, checked_bytes(before.path / resource["path"], resource))
