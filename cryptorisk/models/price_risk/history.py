"""What happened before: bitcoin's falls from a peak and its worst days, months and years, measured from prices."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cryptorisk.result import Column, Table
from cryptorisk.stats.drawdowns import drawdown_episodes, drawdown_path, worst_moves

DEEP_PCT = 50.0
"""Episodes shown: falls of more than half. Smaller ones come nearly every year and are no crash for this asset."""

OPEN_PCT = 20.0
"""A fall not made good by the last price is shown from this depth on, the usual mark of a bear market."""

FIRST_DAY = pd.Timestamp("2011-01-01")
"""In 2010 bitcoin cost cents on one small exchange; such prices tell nothing about today's market."""

WINDOWS = ((1, "day"), (30, "30 days"))
"""Worst moves beside the episodes, which have the long falls."""


def episodes(prices: pd.Series[float], asset: str) -> pd.DataFrame:
    """Falls of more than half from a record price since 2011, oldest first, and the fall that has not been made good.

    Parameters
    ----------
    prices : pandas.Series
        Daily prices from the first in the vintage on.
    asset : str
        Name for the table.

    Returns
    -------
    pandas.DataFrame
        ``asset, episode, peak, trough, peak_price, trough_price, fall_pct`` (positive), ``days_to_trough``,
        ``recovered`` (date, or until when not).
    """
    usable = prices[prices.index >= FIRST_DAY]
    found = drawdown_episodes(usable if len(usable) > 1 else prices, top=50)
    current = found["recovery"].isna() & (found["fall_pct"] <= -OPEN_PCT)
    found = found[(found["fall_pct"] <= -DEEP_PCT) | current].sort_values("peak")
    return pd.DataFrame(
        {
            "asset": asset,
            "episode": [
                _years(peak, trough) for peak, trough in zip(found["peak"], found["trough"], strict=True)
            ],
            "peak": found["peak"],
            "trough": found["trough"],
            "peak_price": found["peak_price"],
            "trough_price": found["trough_price"],
            "fall_pct": -found["fall_pct"],
            "days_to_trough": found["days_to_trough"],
            "recovered": [
                f"not by {prices.index[-1].date().isoformat()}" if pd.isna(day) else day.date().isoformat()
                for day in found["recovery"]
            ],
        }
    ).reset_index(drop=True)


def worst_windows(prices: pd.Series[float]) -> pd.DataFrame:
    """The worst day and 30 days of a price series: ``window, start, end, fall_pct`` (positive)."""
    rows = []
    for days, words in WINDOWS:
        if len(prices) > days:
            for start, end, fall in worst_moves(prices, horizon_days=days, top=1).to_numpy():
                rows.append((words, start, end, -float(fall)))
    return pd.DataFrame(rows, columns=["window", "start", "end", "fall_pct"])


def windows_table(prices: pd.Series[float], sources: tuple[str, ...]) -> Table:
    """``crash.worst_windows``: the worst day and 30 days since a date, for the scenarios."""
    return Table(
        "crash.worst_windows",
        "Bitcoin's worst day and 30 days",
        worst_windows(prices),
        (
            Column("window", "Over"),
            Column("start", "From"),
            Column("end", "To"),
            Column("fall_pct", "Fall", "%", 1),
        ),
        sources=sources,
        shown=False,
    )


def history_table(frames: Sequence[pd.DataFrame], sources: tuple[str, ...], note: str) -> Table:
    """``crash.history``: the episodes of all assets with a price series in the vintage."""
    return Table(
        "crash.history",
        "Falls of more than half from a record price, and the fall not made good by the last price",
        pd.concat(frames, ignore_index=True),
        (
            Column("asset", "Asset"),
            Column("episode", "Episode"),
            Column("peak", "Peak"),
            Column("trough", "Trough"),
            Column("fall_pct", "Fall", "%", 1),
            Column("days_to_trough", "Days from peak to trough", "", 0),
            Column("recovered", "Peak reached again"),
        ),
        note=note,
        sources=sources,
    )


def price_table(prices: pd.Series[float], sources: tuple[str, ...]) -> Table:
    """``crash.price``: weekly closing price and fall from the record so far, for the figure."""
    fall = drawdown_path(prices)
    weekly = pd.DataFrame({"price_usd": prices, "drawdown_pct": fall}).resample("W").last().dropna()
    frame = weekly.rename_axis("date").reset_index()
    return Table(
        "crash.price",
        "Bitcoin: weekly closing price and fall from its record",
        frame,
        (
            Column("date", "Week to"),
            Column("price_usd", "Price", "USD", 2),
            Column("drawdown_pct", "Fall from the record so far", "%", 1),
        ),
        sources=sources,
        shown=False,
    )


def _years(peak: pd.Timestamp, trough: pd.Timestamp) -> str:
    first, last = peak.year, trough.year
    return f"{first}" if first == last else f"{first}\u2013{last}"
