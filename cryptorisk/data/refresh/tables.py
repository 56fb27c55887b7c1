"""The tables of a refreshed vintage: those with news made anew, all others taken over byte for byte."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from cryptorisk.data.catalogue import Catalogue
from cryptorisk.data.checks.correctionfile import read_corrections
from cryptorisk.data.checks.corrections import Corrected, correct
from cryptorisk.data.checks.quarantine import readable
from cryptorisk.data.compact import Compact, plain
from cryptorisk.data.layout import TABLES, series_resources
from cryptorisk.data.package import Carried, Resource
from cryptorisk.data.refresh.judging import Judged
from cryptorisk.data.refresh.merging import merge
from cryptorisk.data.tablefile import checked_bytes
from cryptorisk.data.vintage import Vintage

CORRECTIONS = "corrections.yaml"
"""The institution's corrections, in the folder of vintages; there need be none."""

BLOCK = ("series", "country", "source")
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


def new_tables(before: Vintage, stored: Mapping[str, pd.DataFrame], judged: Judged, data: Path) -> NewTables:
    """Merge what was accepted into what is there, and correct it.

    Parameters
    ----------
    before : Vintage
    stored : mapping of str to DataFrame
        Its tables of observations.
    judged : Judged
    data : Path
        Folder of vintages, which may hold `CORRECTIONS`.

    Raises
    ------
    DataError
        For an unusable corrections file.
    """
    known, form = before.catalogue, Compact(before.catalogue)
    fit = judged.quarantined[judged.quarantined["date"].notna()]
    merged = merge(form.joined(stored.values()), judged.accepted, form.held(fit), judged.superseded, form)
    corrected = _corrected(merged, _aside(before, judged), data / CORRECTIONS, known)
    return NewTables(
        form.sorted(form.held(corrected.accepted)) if corrected.accepted is not merged else merged,
        readable(corrected.quarantined),
        corrected.applied,
        _faults(before, judged),
        corrected.unused,
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


def _aside(before: Vintage, judged: Judged) -> pd.DataFrame:
    """What is set aside now, and what was before of blocks that were not fetched again."""
    if "quarantined" not in before.resources:
        return judged.quarantined
    earlier = before.table("quarantined").drop(columns="remedy")
    came = pd.concat([plain(judged.accepted[list(BLOCK)].drop_duplicates()), judged.quarantined[list(BLOCK)]])
    again = set(came.itertuples(index=False, name=None))
    stays = [block not in again for block in earlier[list(BLOCK)].itertuples(index=False, name=None)]
    kept = earlier[stays]
    if kept.empty:
        return judged.quarantined
    return pd.concat([kept[list(judged.quarantined.columns)], judged.quarantined], ignore_index=True)


def _corrected(merged: pd.DataFrame, aside: pd.DataFrame, file: Path, known: Catalogue) -> Corrected:
    if not file.exists():
        return correct((), merged, aside)
    return correct(read_corrections(file, known), merged, aside)


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
