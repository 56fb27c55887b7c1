"""Whole histories on another level than what is known: another currency, instrument or definition.

A block is compared with its own previous figures, else with the other sources of the series. Sources of one group of the
catalogue's precedence continue each other and must agree; those of different groups may differ in definition.
"""

from __future__ import annotations

import math
from collections import defaultdict

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
    reasons: dict[int, str] = {}
    for number, group in compared.groupby("number"):
        told = [_beyond(case, *row) for row in group.drop(columns="log").itertuples(index=False, name=None)]
        if all(told) and not _rebased(case, int(str(number)), group):
            reasons[int(str(number))] = told[0]
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


def _beyond(
    case: Case,
    number: float,
    source: float,
    size: float,
    points: float,
    base: float,
    common: float,
) -> str:
    """The sentence of a comparison beyond its bound; "" for one within it."""
    spec, country, name = case.described(int(np.searchsorted(case.fetched.number, int(number))))
    other = case.sources[int(source)]
    within = other == name or _group(spec, other) == _group(spec, name) >= 0
    if kind(spec) in FACTORS:
        bound = FACTORS[kind(spec)] if within else max(ACROSS, FACTORS[kind(spec)])
        far, by = size > math.log10(bound), f"a median factor of {times(10.0**size)}"
    else:
        bound = POINTS[kind(spec)] * (1 if within else ACROSS)
        far, by = points > max(bound, base / 2), f"a median of {figure(round(points, 2))} points"
    if not far:
        return ""
    whose = "its own figures in the previous vintage" if other == name else f"the figures of {other}"
    return (
        f"{name} gives {spec.id} for {country}; it differs by {by} from {whose} over {int(common)} common "
        f"{_WORDS[spec.frequency]}: another currency, instrument or definition."
    )


def _group(spec: SeriesSpec, source: str) -> int:
    """Position of the group that a source stands in; -1 for none."""
    return next((place for place, group in enumerate(spec.precedence) if source in group), -1)


def _rebased(case: Case, number: int, group: pd.DataFrame) -> bool:
    """Whether the block is an index on a new base, which `units` tells of."""
    spec, _, _ = case.described(int(np.searchsorted(case.fetched.number, number)))
    if not has_no_unit(spec):
        return False
    block: Mask = case.fetched.number == number
    ratio = logarithm(case.fetched.value[block], case.before[block])
    away = np.abs(ratio - float(group["log"].iloc[0]))[~np.isnan(ratio)]
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
