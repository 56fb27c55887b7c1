"""Periods as they are written in tables, and the last day that stands for each."""

from __future__ import annotations

import datetime as dt
import re

import numpy as np
import pandas as pd

from cryptorisk.data.catalogue import Frequency

_QUARTER = re.compile(r"(\d{4})-?Q([1-4])")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
_YEAR = re.compile(r"(\d{4})(?: \(.*\))?")


def period_end(text: str) -> dt.date:
    """Last day of a period: ``2024``, ``2024-Q3``, ``2024-06``, ``2024-06-30`` or ``begin/end``.

    A year may carry a remark in brackets (``2023 (undated page)``).

    Raises
    ------
    ValueError
        When the text is none of these.
    """
    text = str(text).strip().rsplit("/", 1)[-1]
    if match := _QUARTER.fullmatch(text):
        return month_end(int(match[1]), 3 * int(match[2]))
    if _DAY.fullmatch(text):
        return dt.date.fromisoformat(text)
    if _MONTH.fullmatch(text):
        return month_end(int(text[:4]), int(text[5:]))
    if match := _YEAR.fullmatch(text):
        return dt.date(int(match[1]), 12, 31)
    raise ValueError(f"{text!r} is no period (YYYY, YYYY-Qn, YYYY-MM or YYYY-MM-DD)")


def month_end(year: int, month: int) -> dt.date:
    """Last day of a month."""
    following = dt.date(year + month // 12, month % 12 + 1, 1)
    return following - dt.timedelta(days=1)


def snap(date: dt.date, frequency: Frequency) -> dt.date:
    """Last day of the period of a frequency that a day lies in; days and weeks stay."""
    if frequency == "A":
        return dt.date(date.year, 12, 31)
    if frequency == "Q":
        return month_end(date.year, 3 * ((date.month + 2) // 3))
    if frequency == "M":
        return month_end(date.year, date.month)
    return date


def period_ends(texts: pd.Series) -> np.ndarray:
    """`period_end` of a column: array of ``datetime64[D]``; every distinct text is read once."""
    distinct = {text: np.datetime64(period_end(text), "D") for text in texts.astype(str).unique()}
    return texts.astype(str).map(distinct).to_numpy(dtype="datetime64[D]")


def frequency_of(text: str) -> Frequency:
    """Frequency that a period's spelling shows; a span (``begin/end``) counts as annual."""
    text = str(text).strip()
    if "/" in text or _YEAR.fullmatch(text):
        return "A"
    if _QUARTER.fullmatch(text):
        return "Q"
    return "D" if _DAY.fullmatch(text) else "M"
