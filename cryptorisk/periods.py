"""Periods as estimates write them: ``2024``, ``2024-07/2025-06``, ``2025-Q1``, ``2026-06-01``."""

from __future__ import annotations

import datetime as dt

import pandas as pd


def period_end(date: str) -> dt.date | None:
    """Last day of a period, or of the last one of a span; None for what is not a date."""
    last = date.rsplit("/", 1)[-1].replace("-Q", "Q")
    if not last:
        return None
    try:
        end: object = pd.Period(last).end_time
    except ValueError:
        return None
    return end.date() if isinstance(end, pd.Timestamp) else None
