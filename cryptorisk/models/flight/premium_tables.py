"""Premium of the shadow exchange rate: the daily series, its episodes and tables."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cryptorisk.result import Column, Table
from cryptorisk.stats.premium import episodes

EPISODE_LOG_PCT = 10.0
"""A monthly premium above ten log percent counts towards an episode: well above what fees, bid-ask spreads
and the timing of two quotes explain, and low enough to catch the onset of Argentina's and Bolivia's
episodes."""
EPISODE_MONTHS, EPISODE_GAP = 3, 2
"""At least three months above the threshold; two calmer months do not end an episode."""
Spell = tuple[pd.Timestamp, pd.Timestamp, float, float]
"""First and last month of an episode, mean premium, highest monthly mean."""

LATEST_DAYS = 30
LATEST_MONTHS = 3
"""What the latest premium is ranged by: the days before it, or the months where the rate is monthly."""


@dataclass(frozen=True)
class PremiumSeries:
    """Premium with both rates by day, or by month when ``monthly``; ``kind`` says what the shadow rate is."""

    daily: pd.DataFrame
    kind: str
    sources: tuple[str, ...]
    inputs: tuple[str, ...]
    monthly: bool = False

    @property
    def period(self) -> str:
        """``day`` or ``month``."""
        return "month" if self.monthly else "day"

    @property
    def recent(self) -> pd.DateOffset | pd.Timedelta:
        """What the latest premium is ranged by."""
        return pd.DateOffset(months=LATEST_MONTHS) if self.monthly else pd.Timedelta(days=LATEST_DAYS)

    @property
    def recent_in_words(self) -> str:
        """`recent`, for a sentence."""
        return f"{LATEST_MONTHS} months" if self.monthly else f"{LATEST_DAYS} days"

    def written(self, date: pd.Timestamp) -> str:
        """A date as an estimate writes it."""
        return f"{date:%Y-%m}" if self.monthly else f"{date:%Y-%m-%d}"


def simple_pct(log_pct: float) -> float:
    """A log premium in percent as a percentage of the official rate."""
    return float(100 * np.expm1(log_pct / 100))


def find_episodes(monthly: pd.DataFrame) -> list[Spell]:
    """Episodes of a large premium in a table of months."""
    found = episodes(
        monthly["premium"].to_numpy(float),
        threshold=EPISODE_LOG_PCT,
        shortest=EPISODE_MONTHS,
        longest_gap=EPISODE_GAP,
    )
    return [(monthly.index[e.first], monthly.index[e.last], e.mean, e.peak) for e in found]


def history_table(series: PremiumSeries, monthly: pd.DataFrame) -> Table:
    """Both rates and the premium by month; the figure is drawn from it."""
    frame = _in_percent(monthly, "premium", "highest").rename_axis("month").reset_index()
    columns: tuple[Column, ...] = (
        Column("month", "Month"),
        Column("shadow", "Shadow rate", "per USD", 2),
        Column("official", "Official rate", "per USD", 2),
        Column("premium", "Premium, mean", "%", 1),
    )
    if series.monthly:
        frame = frame.drop(columns="highest")
    else:
        columns += (Column("highest", "Premium, highest day", "%", 1),)
    note = f"Shadow rate: {series.kind}. Premium in percent of the official rate; means are geometric."
    title = "Shadow and official exchange rates by month"
    return Table("flight.premium", title, frame, columns, note, series.sources, shown=False)


def years_table(series: PremiumSeries) -> Table:
    """The premium by calendar year."""
    by_year = (
        series.daily["premium"]
        .groupby(pd.DatetimeIndex(series.daily.index).year)
        .agg(["mean", "min", "max", "count"])
    )
    frame = _in_percent(by_year, "mean", "min", "max").rename_axis("year").reset_index()
    period = series.period
    columns = (
        Column("year", "Year"),
        Column("mean", "Mean", "%", 1),
        Column("min", f"Lowest {period}", "%", 1),
        Column("max", f"Highest {period}", "%", 1),
        Column("count", f"{period.capitalize()}s quoted", "", 0),
    )
    title = f"Premium of the {series.kind} rate over the official one, by year"
    return Table("flight.premium_years", title, frame, columns, "", series.sources)


def episodes_table(series: PremiumSeries, spells: list[Spell]) -> tuple[Table, ...]:
    """Episodes with their dates; none when there was no large premium."""
    if not spells:
        return ()
    frame = pd.DataFrame(
        [
            {
                "first": f"{first:%Y-%m}",
                "last": f"{last:%Y-%m}",
                "mean": simple_pct(mean),
                "peak": simple_pct(peak),
            }
            for first, last, mean, peak in spells
        ]
    )
    columns = (
        Column("first", "First month"),
        Column("last", "Last month"),
        Column("mean", "Mean premium", "%", 0),
        Column("peak", "Highest monthly mean", "%", 0),
    )
    note = (
        f"Runs of at least {EPISODE_MONTHS} months with a mean premium above {simple_pct(EPISODE_LOG_PCT):.0f} %; up "
        f"to {EPISODE_GAP} calmer months do not end a run."
    )
    return (
        Table("flight.premium_episodes", "Episodes of a large premium", frame, columns, note, series.sources),
    )


def _in_percent(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Log premia as percent of the official rate."""
    return frame.assign(
        **{name: 100 * np.expm1(frame[name].to_numpy(float) / 100) for name in columns if name in frame}
    )
