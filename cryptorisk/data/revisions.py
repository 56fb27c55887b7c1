"""Figures that differ between two vintages, and how large the revisions are by series."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cryptorisk.data.aligned import Codes, Figures, keys
from cryptorisk.estimate import UNITS, Estimate

CHANGES = ("added", "revised", "withdrawn")
POINTS = ("pp", "bp", "score", "rank", "log_return_pct")
"""Units beside those in percent of which a change is said in the unit itself: two ranks, half a point."""

NAMED = 3
"""Economies named as the most revised of a series: as many as fit on a line."""

FIGURE_COLUMNS = (
    *("series", "country", "date", "what", "old", "new", "change", "change_pct"),
    *("old_source", "new_source", "unit"),
)
GROUP_COLUMNS = (
    *("unit", "economies", "added", "revised", "withdrawn"),
    *("median_pct", "largest_pct", "median_change", "largest_change"),
    *("first", "last", "most_revised"),
)


def changed_figures(
    old: Figures, new: Figures, codes: Codes, units: Mapping[str, str], *, by_source: bool
) -> tuple[pd.DataFrame, pd.Series]:
    """Figures that one of two sets has and the other has not, or has with another value.

    Parameters
    ----------
    old, new : Figures
    codes : Codes
    units : mapping of str to str
        Unit of every series.
    by_source : bool
        Whether figures of one series, country and date from several sources are figures of their own.

    Returns
    -------
    changed : DataFrame
        Columns series, country, date, what (one of `CHANGES`), old, new, change (new minus old, in the unit of the
        series), change_pct (of the old figure; missing where that is zero, and for series in percent, in points or
        with figures of both signs, whose relative change says nothing), old_source, new_source, unit; sorted by
        the first three.
    moved : Series of int
        By series: figures that stay and come from another source now. Empty with ``by_source``.
    """
    (old, old_keys), (new, new_keys) = (
        _sorted(figures, keys(figures, codes, by_source=by_source)) for figures in (old, new)
    )
    _, at_old, at_new = np.intersect1d(old_keys, new_keys, assume_unique=True, return_indices=True)
    differs = old.values[at_old] != new.values[at_new]
    gone, come = _others(len(old), at_old), _others(len(new), at_new)
    parts = [
        _frame(None, new.take(come), codes),
        _frame(old.take(at_old[differs]), new.take(at_new[differs]), codes),
        _frame(old.take(gone), None, codes),
    ]
    changed = pd.concat([part.assign(what=what) for part, what in zip(parts, CHANGES, strict=True)])
    changed["what"] = pd.Categorical(changed["what"], categories=list(CHANGES))
    of_series = np.asarray([units[id] for id in codes.series], dtype=object)
    changed["unit"] = pd.Categorical(of_series[changed["series"].cat.codes])
    changed["change"] = changed["new"] - changed["old"]
    relative = (changed["old"] != 0) & ~changed["series"].isin(_absolute((old, new), codes, units))
    changed["change_pct"] = (100 * changed["change"] / changed["old"].abs()).where(relative)
    changed = changed.sort_values(["series", "country", "date"], kind="stable", ignore_index=True)
    elsewhere = ~differs & (old.sources[at_old] != new.sources[at_new])
    moved = pd.Series(_texts(codes.series, old.series[at_old[elsewhere]]), dtype="str", name="series")
    return changed[list(FIGURE_COLUMNS)], moved.value_counts().sort_index()


def by_group(changed: pd.DataFrame, group: Sequence[str]) -> pd.DataFrame:
    """Changed figures counted and measured by series, or by series and source.

    Parameters
    ----------
    changed : DataFrame
        Of `changed_figures`; with ``source`` in ``group`` that column too.
    group : sequence of str
        Columns to group by, ``series`` the first.

    Returns
    -------
    DataFrame
        The columns of ``group``; unit; economies (that have a change); added, revised, withdrawn (figures);
        median_pct and largest_pct, the size of the revisions relative to the old figures (missing as change_pct is);
        median_change and largest_change, the same in the unit of the series; first and last (datetime.date: range of
        the dates that changed); most_revised (the economies of the largest revisions, in words).
    """
    group = list(group)
    if changed.empty:
        return pd.DataFrame(columns=[*group, *GROUP_COLUMNS])
    work = changed.assign(
        **{what: changed["what"] == what for what in CHANGES},
        size=changed["change"].abs(),
        size_pct=changed["change_pct"].abs(),
    )
    found = work.groupby(group, observed=True).agg(
        unit=("unit", "first"),
        economies=("country", "nunique"),
        **{what: (what, "sum") for what in CHANGES},
        median_pct=("size_pct", "median"),
        largest_pct=("size_pct", "max"),
        median_change=("size", "median"),
        largest_change=("size", "max"),
        first=("date", "min"),
        last=("date", "max"),
    )
    for end in ("first", "last"):
        found[end] = found[end].dt.date
    # As text: pandas 3.1 cannot look up one categorical index in another whose codes are of another width.
    texts = dict.fromkeys(group, "str")
    words = _most_revised(work[work["revised"]], group).rename("most_revised").reset_index().astype(texts)
    found = found.reset_index().astype(texts).merge(words, how="left", on=group)
    found["most_revised"] = found["most_revised"].astype(object).fillna("").astype("str")
    return found[[*group, *GROUP_COLUMNS]]


def in_words(size: float, unit: str) -> str:
    """The size of a revision with its unit: ``%`` for relative ones, points for a change of a percentage."""
    key = "pct" if unit == "%" else "none" if unit.startswith("pct") else unit
    points = " points" if key == "none" and unit != "none" else ""
    if 0 < size < 0.001:  # estimates are written with four decimals at most
        return f"{size:.1g}{UNITS[key].suffix}{points}"
    return f"{Estimate('diff.size', '', size, key):value}{points}"


def _most_revised(revised: pd.DataFrame, group: list[str]) -> pd.Series:
    """By group: the economies of the largest revisions with their size, in one line."""
    relative = revised.groupby(group, observed=True)["size_pct"].transform("count") > 0
    sized = revised.assign(relative=relative, measure=revised["size_pct"].where(relative, revised["size"]))
    sized = sized.sort_values("measure", ascending=False, kind="stable").dropna(subset="measure")
    sized = sized.drop_duplicates([*group, "country"]).groupby(group, observed=True).head(NAMED)
    units = np.where(sized["relative"], "%", sized["unit"].astype(object))
    sizes = [in_words(size, unit) for size, unit in zip(sized["measure"], units, strict=True)]
    words = [f"{country} {size}" for country, size in zip(sized["country"], sizes, strict=True)]
    return sized.assign(words=words).groupby(group, observed=True)["words"].agg(", ".join)


def _sorted(figures: Figures, key: npt.NDArray[np.int64]) -> tuple[Figures, npt.NDArray[np.int64]]:
    order = np.argsort(key, kind="stable")
    return figures.take(order), key[order]


def _others(size: int, positions: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """All rows but those at some positions."""
    mask = np.ones(size, dtype=bool)
    mask[positions] = False
    return mask


def _frame(old: Figures | None, new: Figures | None, codes: Codes) -> pd.DataFrame:
    """Rows of figures in two sets, or in one of them; texts are categories."""
    one = new if new is not None else old
    assert one is not None
    absent = np.full(len(one), -1)
    return pd.DataFrame(
        {
            "series": _labelled(one.series, codes.series),
            "country": _labelled(one.countries, codes.countries),
            "date": one.dates.astype(np.int64).astype("datetime64[D]").astype("datetime64[us]"),
            "old": np.nan if old is None else old.values,
            "new": np.nan if new is None else new.values,
            "old_source": _labelled(absent if old is None else old.sources, codes.sources),
            "new_source": _labelled(absent if new is None else new.sources, codes.sources),
        }
    )


def _labelled(codes: npt.NDArray[Any], names: list[str]) -> pd.Categorical[str]:
    return pd.Categorical.from_codes(codes, pd.Index(names))


def _absolute(both: Sequence[Figures], codes: Codes, units: Mapping[str, str]) -> list[str]:
    """Series of which a change relative to the old figure says nothing."""
    signs = [
        np.bincount(
            np.concatenate([f.series[side(f.values, 0.0)] for f in both]), minlength=len(codes.series)
        )
        for side in (np.less, np.greater)
    ]
    crossing = {codes.series[place] for place in np.flatnonzero((signs[0] > 0) & (signs[1] > 0))}
    points = {id for id in codes.series if units[id].startswith("pct") or units[id] in POINTS}
    return sorted(crossing | points)


def _texts(names: list[str], codes: npt.NDArray[Any]) -> npt.NDArray[np.object_]:
    found: npt.NDArray[np.object_] = np.asarray(names, dtype=object)[codes]
    return found
