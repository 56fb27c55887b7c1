"""Figures in another unit: a power of ten away from what the series was, and indices on another base.

Compared are the periods that a block has in common with the previous vintage: with the figures of the same source
where there are enough, else with those of the series' other sources.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cryptorisk.data.catalogue import SeriesSpec
from cryptorisk.data.checks import powers
from cryptorisk.data.checks.beside import has_no_unit, logarithm, with_others
from cryptorisk.data.checks.case import Case, Floats, Ints, Mask, Suspicion
from cryptorisk.data.checks.euro import conversion
from cryptorisk.data.checks.markets import is_market_price
from cryptorisk.data.checks.wording import period, size, times
from cryptorisk.words import listing

RULE = "units"

LEAST_COMMON = 3
"""Periods in common from which a median ratio means something."""

NEAR = 0.15
"""Distance of a base-10 logarithm from a whole number that still counts as a power of ten: a factor 1.4, by which two
statistics of one quantity may differ."""

NEAR_TEN = 0.03
"""The same for a single ten: two currencies, or two economies, differ by a factor of about ten more often than by about a
thousand, and only a slip of the decimal point is ten to within 7 %."""

AGREEING = 0.8
"""Share of the periods whose ratio must lie within `NEAR` of the median: a unit is wrong everywhere."""

EXACT = 0.02
"""The same for single figures of one source, which have no second statistic to differ from: a factor 1.05."""

CONSTANT = 0.005
"""Distance of the logarithms of a rebased index from their median: rounding of an index to one decimal."""

SHARED = 0.95
"""Share of the periods that must lie within `CONSTANT`: an index on a new base may have a wrong month as well."""

MOVED = 0.002
"""Logarithm of the ratio from which an index counts as rebased: half a percent."""

NAMED = 5
"""Economies that a note names."""

_PAIR = ["number", "source"]


@dataclass(frozen=True)
class Compared:
    """A block's ratio to earlier figures: its middle power of ten, the shares of periods near it and at it."""

    source: int
    median: float
    share: float
    shared: float
    common: int

    @property
    def power(self) -> int:
        """The whole power of ten, 0 where the figures agree or the ratio is none."""
        whole = round(self.median)
        near = NEAR_TEN if abs(whole) == 1 else NEAR
        steady = self.share >= AGREEING and abs(self.median - whole) <= near
        return whole if steady else 0

    @property
    def agrees(self) -> bool:
        """Whether the figures are of the same size."""
        return abs(self.median) <= NEAR


def units(case: Case) -> Suspicion:
    """Blocks, stretches and single figures that are a power of ten, or the euro, away from earlier figures."""
    rows = case.fetched
    ratio = logarithm(rows.value, case.before)
    shut = case.each(has_no_unit).astype(bool)
    own = _compared(rows.number, ratio, np.zeros(len(rows), dtype=np.int64))
    based = _rebased(case, own)
    others = _others(case, set(own), shut)
    reasons = _by_own_figures(case, own, based) | _by_other_sources(case, others)
    blocks = np.isin(rows.number, np.array(list(reasons), dtype=np.int64))
    parts = _stretches(case, ratio, ~shut & ~blocks)
    parts |= powers.single(case, ~blocks & ~np.isin(rows.number, np.array(based, dtype=np.int64)), parts)
    suspicious = blocks.copy()
    suspicious[np.array(list(parts), dtype=np.int64)] = True
    texts = [
        parts[row] if row in parts else reasons[int(rows.number[row])]
        for row in np.flatnonzero(suspicious).tolist()
    ]
    notes, left = _notes(case, based), _left_over(case, based)
    return Suspicion(RULE, suspicious, np.array(texts, dtype=object), notes, left)


def _head(case: Case, number: int) -> int:
    """First row of a block."""
    return int(np.searchsorted(case.fetched.number, number))


def _rebased(case: Case, own: dict[int, list[Compared]]) -> tuple[int, ...]:
    """Numbers of the blocks of an index whose whole common history moved by one factor."""
    moved = [
        number
        for number, (found,) in own.items()
        if found.shared >= SHARED and abs(found.median) > MOVED and _is_index(case, number)
    ]
    return tuple(moved)


def _is_index(case: Case, number: int) -> bool:
    spec, _, _ = case.described(_head(case, number))
    return spec.unit == "index" and not is_market_price(spec)


def _by_own_figures(case: Case, own: dict[int, list[Compared]], based: tuple[int, ...]) -> dict[int, str]:
    """Sentences of the blocks that are a power of ten away from what the same source said."""
    wrong = {
        number: found
        for number, (found,) in own.items()
        if number not in based and (found.power or _euro(case, number, found))
    }
    sentences = {}
    for number, found in wrong.items():
        if not _is_index(case, number):
            _, _, source = case.described(_head(case, number))
            sentences[number] = _sentence(case, _head(case, number), found, source)
    return sentences


def _by_other_sources(case: Case, others: dict[int, list[Compared]]) -> dict[int, str]:
    """Sentences of the blocks that are a power of ten away from another source and of the size of none."""
    sentences = {}
    for number, compared in others.items():
        wrong = next((found for found in compared if found.power or _euro(case, number, found)), None)
        if wrong is not None and not any(found.agrees and found is not wrong for found in compared):
            sentences[number] = _sentence(case, _head(case, number), wrong, case.sources[wrong.source])
    return sentences


def _euro(case: Case, number: int, found: Compared) -> str:
    """What a steady factor says of the euro."""
    spec, country, _ = case.described(_head(case, number))
    return conversion(spec, country, found.median) if found.share >= AGREEING else ""


def _compared(number: Ints, ratio: Floats, source: Ints) -> dict[int, list[Compared]]:
    """Comparisons of blocks with each source that has enough periods in common, by the number of the block."""
    table = pd.DataFrame({"number": number, "source": source, "ratio": ratio}).dropna()
    away = (table["ratio"] - table.groupby(_PAIR)["ratio"].transform("median")).abs()
    groups = table.assign(away=away, near=away <= NEAR, same=away <= CONSTANT).groupby(_PAIR, sort=True)
    facts = groups.agg(
        median=("ratio", "median"), share=("near", "mean"), shared=("same", "mean"), common=("away", "size")
    ).reset_index()
    facts = facts[facts["common"] >= LEAST_COMMON]
    found: dict[int, list[Compared]] = defaultdict(list)
    for at, other, median, share, shared, common in facts.to_numpy().tolist():
        found[int(at)].append(Compared(int(other), median, share, shared, int(common)))
    return dict(found)


def _others(case: Case, settled: set[int], shut: Mask) -> dict[int, list[Compared]]:
    """Comparisons with the series' other sources, of blocks that have too little of their own to compare with."""
    open_ = ~np.isin(case.fetched.number, np.array(list(settled), dtype=np.int64)) & ~shut & case.new_blocks
    pairs = with_others(case, open_)
    ratio = logarithm(pairs["value"].to_numpy(), pairs["reference"].to_numpy())
    return _compared(pairs["number"].to_numpy(), ratio, pairs["source"].to_numpy())


def _stretches(case: Case, ratio: Floats, open_: Mask) -> dict[int, str]:
    """Three and more figures of a block that are exactly a power of ten away from what their source said before.

    Newer figures that follow directly are in the same unit as the last one that can be compared.
    """
    whole = np.round(ratio)
    off = open_ & (whole != 0) & (np.abs(ratio - whole) <= EXACT) & ~_net(case)
    rows = case.fetched
    reasons: dict[int, str] = {}
    counts = np.bincount(rows.number[off], minlength=1)
    for number in np.flatnonzero(counts >= LEAST_COMMON).tolist():
        first, end = np.searchsorted(rows.number, [number, number + 1]).tolist()
        wrong = np.flatnonzero(off[first:end]) + first
        last = int(np.flatnonzero(~np.isnan(ratio[first:end]))[-1]) + first
        if wrong[-1] == last:
            wrong = np.r_[wrong, np.arange(last + 1, end)]
        reasons |= dict.fromkeys(wrong.tolist(), _stretch_sentence(case, wrong, float(whole[wrong[0]])))
    return reasons


def _net(case: Case) -> Mask:
    """Net items are revised by any factor."""
    return case.each(lambda spec: spec.sign.startswith("positive =")).astype(bool)


def _left_over(case: Case, based: tuple[int, ...]) -> Mask:
    """Previous figures of rebased blocks: all are on the old base, whatever becomes of those on the new one."""
    blocks = [case.fetched.block[_head(case, number)] for number in based]
    return np.asarray(np.isin(case.previous.block, blocks), dtype=bool)


def _sentence(case: Case, head: int, found: Compared, reference: str) -> str:
    spec, country, source = case.described(head)
    whose = (
        "its own figures in the previous vintage" if reference == source else f"the figures of {reference}"
    )
    if euro := _euro(case, int(case.fetched.number[head]), found):
        return f"{source} gives {spec.id} for {country} {euro}: another money than {whose}, in {found.common} periods."
    sizes = f"{size(found.power)} {whose}"
    text = f"{source} gives {spec.id} for {country} at {sizes}, in {found.common} periods that both have: another unit"
    return text + _zeros(case, spec, country, found.power)


def _zeros(case: Case, spec: SeriesSpec, country: str, power: int) -> str:
    """The listed redenomination that would explain it, or nothing."""
    cuts = case.redenominations.get(country, ()) if spec.unit in ("lcu", "lcu_per_usd") else ()
    for cut in cuts:
        if abs(abs(power) - math.log10(cut.old_per_new)) <= NEAR:
            which = cut.new if power < 0 else cut.old
            return (
                f", perhaps {which} (one {cut.new} is {times(cut.old_per_new)} {cut.old} since {cut.date})."
            )
    return "."


def _stretch_sentence(case: Case, wrong: Ints, power: float) -> str:
    rows, (spec, country, source) = case.fetched, case.described(int(wrong[0]))
    first, last = (period(int(rows.day[row]), spec.frequency) for row in (wrong[0], wrong[-1]))
    return (
        f"{source} gives {len(wrong)} figures of {spec.id} for {country} from {first} to {last} at {size(int(power))} "
        "its own figures in the previous vintage, and the rest as before: another unit in a part of the history."
    )


def _notes(case: Case, based: tuple[int, ...]) -> tuple[str, ...]:
    """A sentence for each series and source with indices on a new base."""
    economies: dict[tuple[str, str], list[str]] = defaultdict(list)
    for number in based:
        spec, country, source = case.described(_head(case, number))
        economies[spec.id, source].append(country)
    notes = []
    for (series, source), codes in sorted(economies.items()):
        more = [f"{len(codes) - NAMED} others"] if len(codes) > NAMED else []
        whose = listing([*sorted(codes)[:NAMED], *more])
        notes.append(f"{source} gives {series} on a new base for {whose}: all figures moved by one factor.")
    return tuple(notes)
