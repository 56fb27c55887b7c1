"""What was set aside, for people: a table with the reason and the remedy of each figure."""

from __future__ import annotations

import math

import pandas as pd

from cryptorisk.data.checks import (
    calendar,
    history,
    impossible,
    levels,
    parallel,
    redenominations,
    runs,
    shadows,
    units,
)
from cryptorisk.data.observation import BLOCK, KEY
from cryptorisk.data.spreadsheet import neutral

COLUMNS = ("series", "country", "date", "value", "previous_value", "source", "rule", "reason", "remedy")
TEXTS = (*BLOCK, "rule", "reason", "remedy")

OF_STRETCHES = (
    history.RULE,
    units.RULE,
    levels.RULE,
    parallel.RULE,
    calendar.RULE,
    redenominations.RULE,
    runs.RULE,
    shadows.RULE,
)
"""Rules that set whole stretches of history aside, which are released as such."""


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
    rows = quarantined.sort_values([*KEY, "value"], kind="stable", ignore_index=True)
    blocks = rows.groupby([*BLOCK, "rule"])["date"]
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
