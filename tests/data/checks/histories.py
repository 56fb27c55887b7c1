"""Small invented histories with the shape of fetched figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import numpy as np
import pandas as pd

from cryptorisk.data.catalogue import catalogue
from cryptorisk.data.checks.plausibility import Judgement, judge

DAY = dt.date(2026, 11, 23)
COLUMNS = ["country", "series", "date", "value", "source"]
FREQUENCIES = {"A": "YE", "Q": "QE", "M": "ME", "W": "W-FRI", "D": "D"}


def history(
    series: str, values: Iterable[float], *, start: str, country: str = "KEN", source: str = "a_live"
) -> pd.DataFrame:
    """A history of one series from the period that holds ``start`` on."""
    numbers = np.array(list(values), dtype=float)
    frequency = FREQUENCIES[catalogue()[series].frequency]
    dates = pd.date_range(start, periods=len(numbers), freq=frequency).astype("datetime64[us]")
    return pd.DataFrame(
        {"country": country, "series": series, "date": dates, "value": numbers, "source": source}
    )[COLUMNS]


def nothing() -> pd.DataFrame:
    return history("population", [], start="2020")


def judged(fetched: pd.DataFrame, previous: pd.DataFrame | None = None, **rest: object) -> Judgement:
    return judge(fetched, nothing() if previous is None else previous, catalogue(), DAY, **rest)


def held(judgement: Judgement) -> dict[str, list[float]]:
    """Quarantined values by rule."""
    return {rule: rows["value"].tolist() for rule, rows in judgement.quarantined.groupby("rule")}
