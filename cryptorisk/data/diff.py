"""What changed from one vintage to another: the figures that are stored, and those that a report would see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from cryptorisk.data.aligned import Codes, Figures, align, seen
from cryptorisk.data.revisions import CHANGES, by_group, changed_figures
from cryptorisk.data.vintage import Vintage, VintageInfo

MOVED = "figures that stay and are now taken from another source: {:,}"
RECORDS = {
    "faults": "known faults",
    "quarantined": "figures set aside as suspicious",
    "corrections": "figures corrected or accepted by hand",
}
"""Records of how a vintage was made that a reader is told of, and what their entries are."""
AT_ONCE = 400_000
"""Figures that a summary compares at once; ten times as many take a few hundred megabytes more and no less time."""


@dataclass(frozen=True)
class Difference:
    """Two vintages compared.

    Attributes
    ----------
    old, new : VintageInfo
    seen : DataFrame
        By series, of the figures that a report would see (one a period, at each vintage's date, by the catalogue's
        precedence): columns of `cryptorisk.data.revisions.by_group`, and ``moved``, how many figures stay and are now
        taken from another source.
    stored : DataFrame
        By series and source, of all figures that are stored: columns of `cryptorisk.data.revisions.by_group`.
    seen_figures, stored_figures : DataFrame
        Every figure that differs: columns of `cryptorisk.data.revisions.changed_figures`.
    tables : DataFrame
        Columns table, added, withdrawn (rows), columns (those that only one of the two has, in words); one row a
        table that differs. The records of how a vintage was made are no tables.
    records : DataFrame
        Columns record (key of `RECORDS`), added, withdrawn (entries); one row a record that differs.
    sources : DataFrame
        Columns source, old, new: ISO dates of access that differ; "" for embedded figures, None for a source of
        which the vintage has nothing.
    """

    old: VintageInfo
    new: VintageInfo
    seen: pd.DataFrame
    stored: pd.DataFrame
    seen_figures: pd.DataFrame
    stored_figures: pd.DataFrame
    tables: pd.DataFrame
    records: pd.DataFrame
    sources: pd.DataFrame

    @property
    def backwards(self) -> bool:
        """Whether the first vintage is the newer one."""
        return (self.old.date, self.old.name) > (self.new.date, self.new.name)

    @property
    def same_figures(self) -> bool:
        """Whether no figure differs, stored or seen, and none is taken from another source."""
        return self.seen.empty and self.stored.empty


def compare(
    old: Vintage, new: Vintage, *, country: str | None = None, series: str | None = None
) -> Difference:
    """Compare two vintages.

    Parameters
    ----------
    old, new : Vintage
    country : str, optional
        Only the figures of this economy (``WLD``: of the world).
    series : str, optional
        Only the figures of this series. Narrowed down so, tables that are no series and records are not compared.

    Returns
    -------
    Difference

    Raises
    ------
    DataError
        When a file of either is damaged.
    """
    codes, both = align((old, new))
    a, b = (_only(figures, codes, country, series) for figures in both)
    units = {id: spec.unit for known in (new, old) for id, spec in known.catalogue.series.items()}
    stored, _ = changed_figures(a, b, codes, units, by_source=True)
    visible, moved = changed_figures(
        seen(a, codes, old.catalogue, old.info.date),
        seen(b, codes, new.catalogue, new.info.date),
        codes,
        units,
        by_source=False,
    )
    narrowed = country is not None or series is not None
    source = stored["new_source"].where(stored["new_source"].notna(), stored["old_source"])
    return Difference(
        old.info,
        new.info,
        _with_moved(by_group(visible, ["series"]), moved, units),
        by_group(stored.assign(source=source), ["series", "source"]),
        visible,
        stored,
        _tables(old, new).iloc[: 0 if narrowed else None],
        _records(old, new).iloc[: 0 if narrowed else None],
        _accessed(old, new),
    )


def summary(old: Vintage, new: Vintage) -> list[str]:
    """What changed from one vintage to another, in a few plain sentences: those of `sentences`, in less memory.

    Figures are compared some series at a time and only counted.
    """
    codes, both = align((old, new))
    units = {id: spec.unit for known in (new, old) for id, spec in known.catalogue.series.items()}
    visible, stored, moved = _Tally(), _Tally(), 0
    for first, last in _spans(both, len(codes.series)):
        a, b = (f.take(np.flatnonzero((f.series >= first) & (f.series < last))) for f in both)
        stored.count(changed_figures(a, b, codes, units, by_source=True)[0])
        before = seen(a, codes, old.catalogue, old.info.date)
        now = seen(b, codes, new.catalogue, new.info.date)
        changed, elsewhere = changed_figures(before, now, codes, units, by_source=False)
        visible.count(changed)
        moved += int(elsewhere.sum())
    said = [stored.sentence("stored")] if stored.figures else []
    said = (
        [visible.sentence("a report would see"), *said] if visible.figures or said else ["no figure differs"]
    )
    if moved:
        said.append(MOVED.format(moved))
    others = (*_of_tables(_tables(old, new)), *_of_records(_records(old, new)))
    return [*said, *others, *_of_sources(_accessed(old, new))]


def sentences(found: Difference) -> list[str]:
    """A comparison in a few plain sentences."""
    said = []
    if found.backwards:
        said.append(
            f"{found.old.name} is the newer of the two: read backwards, what is added here was withdrawn"
        )
    if found.same_figures:
        said.append("no figure differs")
    else:
        said.append(_sentence("a report would see", found.seen_figures))
        said.append(_sentence("stored", found.stored_figures))
    if moved := int(found.seen["moved"].sum()):
        said.append(MOVED.format(moved))
    return [*said, *_of_tables(found.tables), *_of_records(found.records), *_of_sources(found.sources)]


def _only(figures: Figures, codes: Codes, country: str | None, series: str | None) -> Figures:
    chosen = np.ones(len(figures), dtype=bool)
    if country is not None:
        chosen &= figures.countries == _number(codes.countries, country)
    if series is not None:
        chosen &= figures.series == _number(codes.series, series)
    return figures if chosen.all() else figures.take(chosen)


def _number(names: list[str], name: str) -> int:
    return names.index(name) if name in names else -1


def _with_moved(seen: pd.DataFrame, moved: pd.Series, units: dict[str, str]) -> pd.DataFrame:
    """The summary by series with the count of figures that changed their source only."""
    joined = seen.set_index("series").join(moved.rename("moved"), how="outer")
    joined = joined.fillna(dict.fromkeys(("moved", "economies", *CHANGES), 0) | {"most_revised": ""})
    joined = joined.astype(dict.fromkeys(("moved", "economies", *CHANGES), int))
    joined["unit"] = [units[str(id)] for id in joined.index]
    return joined.rename_axis("series").reset_index()


def _tables(old: Vintage, new: Vintage) -> pd.DataFrame:
    """Tables that are no series: rows that only one of the vintages has."""
    rows = []
    for name in dict.fromkeys([*old.resources, *new.resources]):
        kinds = {v.resources[name]["kind"] for v in (old, new) if name in v.resources}
        if kinds <= {"series", "record"}:
            continue
        a, b = (v.table(name) if name in v.resources else pd.DataFrame() for v in (old, new))
        withdrawn, added = _rows_of_one(a, b)
        words = _columns_of_one(a, b) if len(a.columns) and len(b.columns) else ""
        if added or withdrawn or words:
            rows.append({"table": name, "added": added, "withdrawn": withdrawn, "columns": words})
    return pd.DataFrame(rows, columns=["table", "added", "withdrawn", "columns"])


def _records(old: Vintage, new: Vintage) -> pd.DataFrame:
    """Entries of the records that only one of the vintages has; how many figures each is about does not count."""
    rows = []
    for name in RECORDS:
        a, b = (v.table(name) if name in v.resources else pd.DataFrame() for v in (old, new))
        withdrawn, added = _rows_of_one(*(table.drop(columns="rows", errors="ignore") for table in (a, b)))
        if added or withdrawn:
            rows.append({"record": name, "added": added, "withdrawn": withdrawn})
    return pd.DataFrame(rows, columns=["record", "added", "withdrawn"])


def _rows_of_one(a: pd.DataFrame, b: pd.DataFrame) -> tuple[int, int]:
    """How many rows only the first and only the second table has, of the columns that both have."""
    shared = [column for column in a.columns if column in b.columns]
    if not shared:
        return len(a), len(b)
    counts = [
        pd.util.hash_pandas_object(table[shared].astype("str"), index=False).value_counts()
        for table in (a, b)
    ]
    excess = counts[0].sub(counts[1], fill_value=0)
    return int(excess.clip(lower=0).sum()), int((-excess).clip(lower=0).sum())


def _columns_of_one(a: pd.DataFrame, b: pd.DataFrame) -> str:
    gone, come = (
        ", ".join(str(name) for name in one.columns if name not in other.columns)
        for one, other in ((a, b), (b, a))
    )
    return "; ".join([f"column {gone} is withdrawn"] * bool(gone) + [f"column {come} is added"] * bool(come))


def _accessed(old: Vintage, new: Vintage) -> pd.DataFrame:
    """Live sources whose date of access differs; what is embedded was drawn once."""
    dates = [
        {
            one["id"]: one.get("accessed", "") if vintage.catalogue.sources[one["id"]].live else ""
            for one in vintage.descriptor["source_register"]
        }
        for vintage in (old, new)
    ]
    rows = [
        {"source": id, "old": dates[0].get(id), "new": dates[1].get(id)}
        for id in sorted(dates[0].keys() | dates[1].keys())
        if dates[0].get(id) != dates[1].get(id)
    ]
    return pd.DataFrame(rows, columns=["source", "old", "new"], dtype=object)


def _sentence(what: str, figures: pd.DataFrame) -> str:
    tally = _Tally()
    tally.count(figures)
    return tally.sentence(what)


@dataclass
class _Tally:
    """How many figures changed, and of how many series and economies."""

    counts: Counter[str] = field(default_factory=Counter)
    series: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)

    @property
    def figures(self) -> int:
        return self.counts.total()

    def count(self, changed: pd.DataFrame) -> None:
        self.counts.update({str(what): int(n) for what, n in changed["what"].value_counts().items()})
        self.series.update(changed["series"].unique())
        self.places.update(changed["country"].unique())

    def sentence(self, what: str) -> str:
        said = ", ".join(f"{self.counts[change]:,} {change}" for change in CHANGES)
        economies = "economy" if len(self.places) == 1 else "economies"
        where = f" ({len(self.series)} series, {len(self.places)} {economies})"
        return f"figures {what}: {said}{where if self.figures else ''}"


def _spans(both: Sequence[Figures], series: int) -> Iterator[tuple[int, int]]:
    """Ranges of numbers of series with about `AT_ONCE` figures in both vintages together."""
    sizes = sum(np.bincount(figures.series, minlength=series) for figures in both)
    first, held = 0, 0
    for number, size in enumerate(np.asarray(sizes).tolist()):
        if held and held + size > AT_ONCE:
            yield first, number
            first, held = number, 0
        held += size
    yield first, series


def _of_tables(tables: pd.DataFrame) -> Iterator[str]:
    for row in tables.to_dict("records"):
        columns = f"; {row['columns']}" if row["columns"] else ""
        yield f"table {row['table']}: {row['added']:,} rows added, {row['withdrawn']:,} withdrawn{columns}"


def _of_records(records: pd.DataFrame) -> Iterator[str]:
    for row in records.to_dict("records"):
        yield f"{RECORDS[row['record']]}: {row['added']:,} more, {row['withdrawn']:,} fewer"


def _of_sources(sources: pd.DataFrame) -> Iterator[str]:
    words = {"": "embedded figures", None: "nothing"}
    for row in sources.to_dict("records"):
        before, now = (words.get(row[end], row[end]) for end in ("old", "new"))
        yield f"source {row['source']}: {before} before, {now} now"
