"""What was set aside, for people: a table with the reason and the remedy of each figure, and a summary in words."""

from __future__ import annotations

import math

import pandas as pd

from cryptorisk.data.checks import (
    calendar,
    duplicates,
    history,
    impossible,
    jumps,
    levels,
    redenominations,
    repeats,
    shadows,
    units,
)
from cryptorisk.data.spreadsheet import csv_text, neutral

COLUMNS = ("series", "country", "date", "value", "previous_value", "source", "rule", "reason", "remedy")
TEXTS = ("series", "country", "source", "rule", "reason", "remedy")
ORDER = ["series", "country", "date", "source", "value"]

WORDS = {
    history.RULE: "in histories of which the source withdrew a large part",
    units.RULE: "a power of ten away from earlier ones, in another unit",
    levels.RULE: "on another level than earlier ones or other sources",
    calendar.RULE: "of crypto-assets without weekends",
    duplicates.RULE: "given twice for one period with different values",
    impossible.RULE: "of impossible size or date",
    redenominations.RULE: "in the old unit of a currency that lost zeros",
    repeats.RULE: "of market prices standing still",
    jumps.RULE: "jumping beyond what history explains",
    shadows.RULE: "of short answers that would hide a longer history",
}
"""How the summary speaks of each rule, after ``3 figures``; in the order of the rules."""

OF_STRETCHES = (history.RULE, units.RULE, levels.RULE, calendar.RULE, redenominations.RULE, shadows.RULE)
"""Rules that set whole stretches of history aside, which are released as such."""

NAMED = 4
"""Series that a line of the summary names."""


def readable(quarantined: pd.DataFrame) -> pd.DataFrame:
    """Quarantined figures with the remedy of each, sorted.

    Parameters
    ----------
    quarantined : DataFrame
        Columns country, series, date, value, source, rule, reason, previous_value.

    Returns
    -------
    DataFrame
        The columns `COLUMNS`; no text is one that a spreadsheet takes for a formula.
    """
    rows = quarantined.sort_values(ORDER, kind="stable", ignore_index=True)
    blocks = rows.groupby(["series", "country", "source", "rule"])["date"]
    first, last = (blocks.transform(end).dt.strftime("%Y-%m-%d") for end in ("min", "max"))
    remedies = [
        _remedy(*cells)
        for cells in zip(
            rows["rule"], rows["series"], rows["country"], rows["date"], rows["value"], rows["source"], first, last,
            strict=True,
        )
    ]  # fmt: skip
    rows = rows.assign(remedy=pd.Series(remedies, dtype="str"))[list(COLUMNS)]
    return rows.assign(**{name: rows[name].map(neutral).astype("str") for name in TEXTS})


def text(quarantined: pd.DataFrame) -> str:
    """The table as CSV in which no text is a formula; to be written with the encoding ``utf-8-sig``."""
    return csv_text(readable(quarantined))


def summary(quarantined: pd.DataFrame) -> tuple[str, ...]:
    """A sentence for each rule that set figures aside, in the order of the rules."""
    lines = []
    for rule, words in WORDS.items():
        rows = quarantined[quarantined["rule"] == rule]
        if len(rows):
            figures = "figure" if len(rows) == 1 else "figures"
            lines.append(f"{len(rows)} {figures} {words}: {_whose(rows)}.")
    return tuple(lines)


def _whose(rows: pd.DataFrame) -> str:
    """``gdp_lcu (SLE, VEN), population (QAT)``, the series with most figures first."""
    counts = rows["series"].value_counts()
    names = sorted(counts.index, key=lambda id: (-counts[id], id))
    named = []
    for id in names[:NAMED]:
        codes = sorted(rows.loc[rows["series"] == id, "country"].unique())
        more = f" and {len(codes) - NAMED} more" if len(codes) > NAMED else ""
        named.append(f"{id} ({', '.join(codes[:NAMED])}{more})")
    rest = f" and {len(names) - NAMED} more series" if len(names) > NAMED else ""
    return ", ".join(named) + rest


def _remedy(
    rule: str, series: str, country: str, date: pd.Timestamp, value: float, source: str, first: str, last: str
) -> str:
    """What to do, with the entry of the corrections file to copy."""
    if pd.isna(date) or not math.isfinite(value):
        return "Nothing can be entered for it: ask the source, or wait for its next figures."
    entry = f"series: {series}, country: {country}, of: {source}"
    rest = "reason: ..., source: ..."
    if rule in OF_STRETCHES and first != last:  # a stretch of one period is one figure
        return (
            "The previous figures stay. If the source is right, write into data/corrections.yaml: "
            f"- {{{entry}, date: {first}/{last}, accept: true, {rest}}}"
        )
    one = f"{entry}, date: {date:%Y-%m-%d}, old: {value!r}"
    if rule == impossible.RULE:
        return (
            f"If you know the right figure, write into data/corrections.yaml: - {{{one}, new: ..., {rest}}}"
        )
    return (
        f"If it is right, write into data/corrections.yaml: - {{{one}, accept: true, {rest}}}; "
        "if you know the right figure, new: ... in the place of accept: true."
    )
