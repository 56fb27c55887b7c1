"""The embedded vintage as one frame of observations."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from histories import COLUMNS


@pytest.fixture(scope="session")
def whole_vintage(embedded: Path) -> pd.DataFrame:
    names = ("annual", "quarterly", "monthly", "daily", "crypto_noncommercial")
    parts = [pd.read_parquet(embedded / f"{name}.parquet", columns=COLUMNS) for name in names]
    frame = pd.concat(parts, ignore_index=True)
    frame["date"] = pd.to_datetime(frame["date"]).astype("datetime64[us]")
    return frame.astype(dict.fromkeys(("country", "series", "source"), "str"))


@pytest.fixture(scope="session")
def of_vintage(whole_vintage: pd.DataFrame) -> Callable[[str, str], pd.DataFrame]:
    def take(series: str, country: str) -> pd.DataFrame:
        frame = whole_vintage
        return frame[(frame["series"] == series) & (frame["country"] == country)]

    return take
