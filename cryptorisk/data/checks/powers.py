"""Single figures in another unit: exactly a power of ten away from what is known of the same period.

What its own source said of the period decides; where it said nothing, the other sources do. A figure that one of them
has in the same size is left alone, and so is one whose source always stands in that ratio to the other.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from cryptorisk.data.catalogue import SeriesSpec
from cryptorisk.data.checks.beside import has_no_unit, logarithm, with_others, with_own
from cryptorisk.data.checks.case import Case, Floats, Ints, Mask
from cryptorisk.data.checks.tolerances import kind
from cryptorisk.data.checks.wording import figure, period, size

EXACT = math.log10(1.05)
"""Distance from a hundred and more: rounding and small revisions; two statistics seldom meet a power so well."""

EXACT_TEN = math.log10(1.01)
"""The same for ten, which ordinary ratios meet more often."""

AGREES = 0.15
"""Logarithm of the ratio up to which another source has the figure in the same size: a factor 1.4."""

STEADY = 3
"""Confirmed periods from which a source has a ratio of its own to another."""

_FREE = ("net", "coding", "rate", "yield", "activity")
"""Kinds in which a hundred times is an ordinary revision, or a rounded small figure."""


def single(case: Case, open_: Mask, known: dict[int, str]) -> dict[int, str]:
    """Sentences of the figures that are a power of ten away, and of newer ones that follow them on their level."""
    wanted = open_ & case.new_blocks & case.each(_is_judged).astype(bool)
    wanted[np.array(list(known), dtype=np.int64)] = False
    pairs = _compared(case, wanted)
    agrees = np.isin(pairs["row"], pairs.loc[pairs["log"].abs() <= AGREES, "row"])
    wrong = pairs[(pairs["power"] != 0) & ~agrees & ~case.unchanged[pairs["row"].to_numpy(dtype=np.int64)]]
    reasons: dict[int, str] = {}
    for row, source, power in wrong[["row", "source", "power"]].to_numpy(dtype=np.int64).tolist():
        reasons.setdefault(row, _sentence(case, row, source, power))
    return reasons | _following(case, reasons, pairs)


def _is_judged(spec: SeriesSpec) -> bool:
    return kind(spec) not in _FREE


def _compared(case: Case, wanted: Mask) -> pd.DataFrame:
    """Wanted rows beside their own previous figure, else beside those of other sources, with the power of ten."""
    own = with_own(case, wanted)
    shut = case.each(has_no_unit).astype(bool)
    others = with_others(case, wanted & ~shut)
    others = others.assign(log=_logs(others))
    others = others[~_usual(case, others)]
    others = others[~np.isin(others["row"], own["row"])]
    pairs = pd.concat([own.assign(log=_logs(own)), others]).dropna(subset="log")
    return pairs.assign(power=_power(pairs["log"].to_numpy())).sort_values(["row", "source"])


def _logs(pairs: pd.DataFrame) -> Floats:
    return logarithm(pairs["value"].to_numpy(), pairs["reference"].to_numpy())


def _power(log: Floats) -> Ints:
    """The power of ten that a ratio exactly is, 0 for none."""
    whole = np.round(log)
    near = np.where(np.abs(whole) == 1, EXACT_TEN, EXACT)
    return np.where(np.abs(log - whole) <= near, whole, 0).astype(np.int64)


def _usual(case: Case, pairs: pd.DataFrame) -> Mask:
    """Pairs in the ratio in which the block's confirmed figures stand to that source, when it is not one."""
    own = np.abs(logarithm(case.fetched.value, case.before))
    confirmed = pairs[own[pairs["row"].to_numpy(dtype=np.int64)] <= AGREES].groupby(["number", "source"])[
        "log"
    ]
    facts = confirmed.agg(usual="median", count="size").reset_index()
    joined = pairs[["number", "source"]].merge(facts, on=["number", "source"], how="left")
    away = np.abs(pairs["log"].to_numpy() - joined["usual"].to_numpy())
    off = np.abs(joined["usual"].to_numpy()) > AGREES
    return np.asarray((joined["count"].to_numpy() >= STEADY) & (away <= AGREES) & off, dtype=bool)


def _following(case: Case, reasons: dict[int, str], pairs: pd.DataFrame) -> dict[int, str]:
    """Newer figures than any that can be compared, directly after a wrong one and on its level."""
    rows = case.fetched
    comparable = np.zeros(len(rows), dtype=bool)
    comparable[pairs["row"].to_numpy(dtype=np.int64)] = True
    more: dict[int, str] = {}
    for row in sorted(reasons):
        at, text = row + 1, reasons[row]
        while at < len(rows) and not rows.first[at] and not comparable[at] and at not in reasons:
            if not abs(logarithm(rows.value[at : at + 1], rows.value[row : row + 1])[0]) <= AGREES * 2:
                break
            more[at] = f"{text[:-1]}; {figure(rows.value[at])} follows on the same level."
            at += 1
    return more


def _sentence(case: Case, row: int, other: int, power: int) -> str:
    rows, (spec, country, source) = case.fetched, case.described(row)
    name = case.sources[other]
    whose = "its own figure in the previous vintage" if name == source else f"the figure of {name}"
    return (
        f"{source} gives {spec.id} for {country} at {figure(rows.value[row])} in "
        f"{period(int(rows.day[row]), spec.frequency)}, {size(power)} {whose} for the same period: another unit."
    )
