"""Short answers that would hide a longer history: one group of sources stands alone for an economy's whole history."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from cryptorisk.data.catalogue import Frequency
from cryptorisk.data.checks.case import Case, History, Ints, Mask, Suspicion, of_blocks

RULE = "shadows"

COVERS = 0.8
"""Share of the hidden periods that must be given in their place."""

HALF = 0.5
"""Share of the hidden periods that is enough for a history that also ends later."""

TEN_YEARS: dict[Frequency, int] = {"A": 10, "Q": 40, "M": 120, "W": 520, "D": 2500}
"""Periods that are enough for a history that also ends later: what the models of this kit estimate from."""

_MONTHS = {"A": 12, "Q": 3, "M": 1}
_NONE = 10**6


def shadows(case: Case) -> Suspicion:
    """Blocks of a preferred group that give much less than the group that is taken now."""
    groups = np.array([[_group(case, series, source) for source in range(len(case.sources))]
                       for series in range(len(case.specs))], dtype=np.int64)  # fmt: skip
    reasons: dict[int, str] = {}
    if not len(case.fetched) or not len(case.previous):
        return of_blocks(RULE, case, reasons)
    mine = groups[case.fetched.series, case.fetched.source]
    theirs = groups[case.previous.series, case.previous.source]
    chosen = np.full(int(max(case.fetched.pair.max(), case.previous.pair.max())) + 1, _NONE)
    np.minimum.at(chosen, case.previous.pair, theirs)
    before = (mine < chosen[case.fetched.pair]) & (chosen[case.fetched.pair] < _NONE)
    pairs = np.unique(case.fetched.pair[before])
    taken = np.isin(case.previous.pair, pairs) & (theirs == chosen[case.previous.pair])
    new, old = _table(case, case.fetched, before, mine), _table(case, case.previous, taken, theirs)
    for pair, group, kept, had in _short(case, new, old):
        rows = new[(new["pair"] == pair) & (new["group"] == group)]
        text = _sentence(case, rows, old[old["pair"] == pair], kept, had)
        reasons |= dict.fromkeys(rows["number"].unique().tolist(), text)
    return of_blocks(RULE, case, reasons)


def _short(case: Case, new: pd.DataFrame, old: pd.DataFrame) -> Iterator[tuple[int, int, int, int]]:
    """Pair and group of the answers that would hide more than they give, with the periods kept and hidden so far."""
    answer, period = ["pair", "group"], ["pair", "period"]
    given = new.drop_duplicates([*answer, "period"])
    had = old.drop_duplicates(period)
    facts = given.groupby(answer).agg(
        given=("period", "size"), until=("period", "max"), series=("series", "first")
    )
    facts["kept"] = given.merge(had[period], on=period).groupby(answer).size()
    facts = facts.fillna({"kept": 0}).reset_index()
    facts = facts.join(had.groupby("pair")["period"].agg(had="size", ended="max"), on="pair")
    enough = np.array([TEN_YEARS[spec.frequency] for spec in case.specs])[
        facts["series"].to_numpy(dtype=np.int64)
    ]
    long = (facts["given"] >= enough) | (facts["given"] >= HALF * facts["had"])
    stands = (facts["kept"] >= COVERS * facts["had"]) | ((facts["until"] > facts["ended"]) & long)
    columns = facts.loc[~stands, [*answer, "kept", "had"]]
    yield from zip(*(columns[name].astype("int64").tolist() for name in columns), strict=True)


def _table(case: Case, history: History, chosen: Mask, group: Ints) -> pd.DataFrame:
    """Chosen rows with the position of their source's group and the number of their period."""
    rows = history.take(chosen)
    columns = {"pair": rows.pair, "series": rows.series, "source": rows.source, "group": group[chosen]}
    return pd.DataFrame({**columns, "number": history.number[chosen], "period": _periods(case, rows)})


def _group(case: Case, series: int, source: int) -> int:
    groups = case.specs[series].precedence
    return next((place for place, group in enumerate(groups) if case.sources[source] in group), _NONE)


def _periods(case: Case, history: History) -> Ints:
    """Numbers of years, quarters and months; of weeks and days, the day itself."""
    months = history.day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    length = case.each(lambda spec: _MONTHS.get(spec.frequency, 0), history)
    return np.where(length > 0, months // np.maximum(length, 1), history.day).astype(np.int64)


def _sentence(case: Case, rows: pd.DataFrame, hidden: pd.DataFrame, kept: int, had: int) -> str:
    spec, country, source = case.described(int(np.searchsorted(case.fetched.number, rows["number"].iloc[0])))
    others = " and ".join(sorted({case.sources[at] for at in hidden["source"]}))
    return (
        f"{source} gives {kept} of the {had} periods that {others} has of {spec.id} for {country}; "
        "in front of it they would hide the rest."
    )
