"""Whole histories on another level than what is known: another currency, instrument or definition.

A block is compared with its own previous figures, else with the other sources of the series. Sources of one group of the
catalogue's precedence continue each other and must agree; those of different groups may differ in definition.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd

from cryptorisk.data.catalogue import Frequency, SeriesSpec
from cryptorisk.data.checks.beside import has_no_unit, logarithm, with_others, with_own
from cryptorisk.data.checks.case import Case, Mask, Suspicion, of_blocks
from cryptorisk.data.checks.tolerances import Kind, kind
from cryptorisk.data.checks.wording import figure, times
from cryptorisk.words import listing

RULE = "levels"

COMMON = 12
COMMON_YEARS = 5
"""Periods in common from which a median says something; of years there are fewer."""

FACTORS: dict[Kind, float] = {
    # Two markets or two offices quote one price; averages and closing rates of a month differ by less.
    "exchange rate": 1.05,
    "market": 1.05,
    # Statistics of one thing within one group: rebasings of national accounts reach a third.
    "amount": 1.5,
    "national amount": 1.5,
    "people": 1.5,
    "prices": 1.5,
    "yearly prices": 1.5,
    "effective rate": 1.5,
    # Addresses and transfers are counted anew when a provider changes its method.
    "activity": 3.0,
}

POINTS: dict[Kind, float] = {"rate": 5.0, "yield": 1.0, "share": 10.0}
"""The same for percentages, in points; and never less than half of the figure itself."""

ACROSS = 3.0
"""Factor of amounts, and of the bound in points, between sources of different groups."""

CONVERTED = 5.0
"""The factor of amounts in dollars between groups: one converts at an official rate, the other at a market's. Yemen's
product, at the rate of one or the other of its two central banks, differs by 3.04 between the World Bank and the IMF. Ten
times is another unit, of which `units` tells."""

DEBT = 150.0
"""Points of GDP by which groups may differ on public debt: of central or general government, gross or net, with or without
what public bodies owe each other. The Factbook and the IMF differ by 118 points on Eritrea and 80 on Venezuela, and on
Hong Kong one has 37 where the other has nil."""

REVISED = math.log10(1.1)
"""Median revision of a source's own figures from which a note tells of it."""

NAMED = 5
"""Economies that a note names."""

_WORDS: dict[Frequency, str] = {"A": "years", "Q": "quarters", "M": "months", "W": "weeks", "D": "days"}


def levels(case: Case) -> Suspicion:
    """Blocks whose middle distance to every history they can be compared with is beyond the bound of their kind."""
    wanted = case.new_blocks & case.each(lambda spec: kind(spec) in FACTORS or kind(spec) in POINTS).astype(
        bool
    )
    own = _medians(case, with_own(case, wanted))
    settled = np.isin(case.fetched.number, own["number"])
    shut = case.each(has_no_unit).astype(bool)
    compared = pd.concat([own, _medians(case, with_others(case, wanted & ~settled & ~shut))])
    compared = compared.assign(beyond=_beyond(case, compared))
    far = compared[compared.groupby("number")["beyond"].transform("all").to_numpy()]
    reasons: dict[int, str] = {}
    for row in far.drop_duplicates("number").to_dict("records"):
        if not _rebased(case, int(row["number"]), row["log"]):
            reasons[int(row["number"])] = _sentence(case, row)
    return of_blocks(RULE, case, reasons, _notes(case, own, reasons))


def _medians(case: Case, pairs: pd.DataFrame) -> pd.DataFrame:
    """Medians of each block beside each source: number, source, log, size (of the logarithm), points, base, common."""
    log = logarithm(pairs["value"].to_numpy(), pairs["reference"].to_numpy())
    away = pairs.assign(
        log=log,
        size=np.abs(log),
        points=(pairs["value"] - pairs["reference"]).abs(),
        base=pairs["reference"].abs(),
    )
    groups = away.groupby(["number", "source"], sort=True)
    facts = groups.agg(
        log=("log", "median"),
        size=("size", "median"),
        points=("points", "median"),
        base=("base", "median"),
        logs=("log", "count"),
        common=("points", "count"),
    ).reset_index()
    rows = case.fetched
    heads = np.searchsorted(rows.number, facts["number"].to_numpy(dtype=np.int64))
    annual = case.each(lambda spec: spec.frequency == "A").astype(bool)[heads]
    by_factor = case.each(lambda spec: kind(spec) in FACTORS).astype(bool)[heads]
    count = np.where(by_factor, facts["logs"], facts["common"])
    kept: pd.DataFrame = facts.assign(common=count)[count >= np.where(annual, COMMON_YEARS, COMMON)]
    return kept.drop(columns="logs")


def _beyond(case: Case, compared: pd.DataFrame) -> Mask:
    """Whether each comparison is beyond the bound of its kind."""
    rows, number = case.fetched, compared["number"].to_numpy(dtype=np.int64)
    heads = np.searchsorted(rows.number, number)
    series, source, other = (
        rows.series[heads],
        rows.source[heads],
        compared["source"].to_numpy(dtype=np.int64),
    )
    within = (source == other) | _one_group(case)[series, source, other]
    bounds = np.array([[_bounds(spec, within=inside) for spec in case.specs] for inside in (False, True)])
    factor, points = bounds.reshape(2, len(case.specs), 2)[within.astype(np.int64), series].T
    size, away, base = (compared[name].to_numpy(dtype=np.float64) for name in ("size", "points", "base"))
    return np.asarray((size > np.log10(factor)) | (away > np.maximum(points, base / 2)))


def _bounds(spec: SeriesSpec, *, within: bool) -> tuple[float, float]:
    """Factor and points by which two sources may differ, of one group or of two; NaN for what is not asked."""
    of_kind = kind(spec)
    factor, points = FACTORS.get(of_kind, np.nan), POINTS.get(of_kind, np.nan)
    if within:
        return factor, points
    if spec.id == "public_debt_pct_gdp":
        return factor, DEBT
    return max(factor, CONVERTED if of_kind == "amount" else ACROSS), ACROSS * points


def _one_group(case: Case) -> Mask:
    """For each series and two sources, whether they stand in one group of its precedence."""
    place = np.array(
        [[_group(spec, source) for source in case.sources] for spec in case.specs], dtype=np.int64
    )
    place = place.reshape(len(case.specs), len(case.sources))  # also when there is nothing to judge
    return np.asarray((place[:, :, None] == place[:, None, :]) & (place[:, :, None] >= 0))


def _sentence(case: Case, row: dict[Hashable, Any]) -> str:
    spec, country, name = case.described(int(np.searchsorted(case.fetched.number, int(row["number"]))))
    other = case.sources[int(row["source"])]
    if kind(spec) in FACTORS:
        by = f"a median factor of {times(10.0 ** row['size'])}"
    else:
        by = f"a median of {figure(round(row['points'], 2))} points"
    whose = "its own figures in the previous vintage" if other == name else f"the figures of {other}"
    return (
        f"{name} gives {spec.id} for {country}; it differs by {by} from {whose} over {int(row['common'])} common "
        f"{_WORDS[spec.frequency]}: another currency, instrument or definition."
    )


def _group(spec: SeriesSpec, source: str) -> int:
    """Position of the group that a source stands in; -1 for none."""
    return next((place for place, group in enumerate(spec.precedence) if source in group), -1)


def _rebased(case: Case, number: int, log: float) -> bool:
    """Whether the block is an index on a new base, which `units` tells of."""
    spec, _, _ = case.described(int(np.searchsorted(case.fetched.number, number)))
    if not has_no_unit(spec):
        return False
    block: Mask = case.fetched.number == number
    ratio = logarithm(case.fetched.value[block], case.before[block])
    away = np.abs(ratio - log)[~np.isnan(ratio)]
    return bool((away <= 0.005).mean() >= 0.95)


def _notes(case: Case, own: pd.DataFrame, reasons: dict[int, str]) -> tuple[str, ...]:
    """A sentence for each series and source that revised its own figures by more than a tenth in the median."""
    economies: dict[tuple[str, str], list[str]] = defaultdict(list)
    for number, size in zip(own["number"].tolist(), own["size"].tolist(), strict=True):
        spec, country, source = case.described(int(np.searchsorted(case.fetched.number, number)))
        if number not in reasons and kind(spec) in FACTORS and not has_no_unit(spec) and size > REVISED:
            economies[spec.id, source].append(country)
    notes = []
    for (series, source), codes in sorted(economies.items()):
        more = [f"{len(codes) - NAMED} others"] if len(codes) > NAMED else []
        whose = listing([*sorted(codes)[:NAMED], *more])
        notes.append(
            f"{source} revised its earlier figures of {series} for {whose} by more than 10 % in the median."
        )
    return tuple(notes)
