"""Figures of exchange markets: the official price of a dollar, the premium's parts, what happened around events."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import date2num

from cryptorisk.charts import theme
from cryptorisk.charts.figure import Figure, draw, label_ends
from cryptorisk.countries import country
from cryptorisk.estimate import number
from cryptorisk.result import Result, Table

MARKS = {
    "controls tightened": ("v", theme.VERMILION),
    "controls eased": ("^", theme.GREEN),
    "devaluation": ("D", theme.INK),
    "reference rate": ("s", theme.PURPLE),
    "regime": ("s", theme.PURPLE),
}
"""Marker and colour of an event by its kind; the shape tells them apart without colour."""
WINDOW = 20
TOLD = 0.05
"""p-value after Holm's correction below which a change is drawn and called as beyond chance."""


def official_rate(result: Result) -> Figure:
    """Official price of a dollar by month on a logarithmic axis, with the months in which it rose by a tenth or more."""
    id, name = "flight.official_rate_chart", country(result.country).name_in_sentence
    table = result.tables.get("official_rate")
    if table is None:
        foreign = country(result.country).spells[-1].status == "dollarised"
        reason = (
            "another country's money circulates: there is no official rate"
            if foreign
            else "the data have no month since 2000 in which the official rate rose by a tenth"
        )
        return Figure.notice(id, f"Official price of the dollar in {name}", reason)
    frame = table.frame.assign(month=pd.to_datetime(table.frame["month"]))
    steps = frame.dropna(subset=["step"])
    largest = steps.iloc[int(steps["step"].to_numpy(float).argmax())]
    count = len(steps)
    months = f"{count} month{'s' if count != 1 else ''}"
    return draw(
        id,
        title=f"The official price of the dollar in {name} rose by a tenth or more in {months}, most in "
        f"{largest['month']:%Y-%m} ({_rise(float(largest['step']))})",
        subtitle="National currency of today per US dollar, mean of the month, logarithmic axis; "
        "points: rises of a tenth or more",
        note=f"{table.note} Sources: {', '.join(table.sources)}.",
        alt=f"Line of the official price of a dollar in {name} from {_money(frame['rate'].iloc[0])} in "
        f"{frame['month'].iloc[0]:%Y-%m} to {_money(frame['rate'].iloc[-1])} in {frame['month'].iloc[-1]:%Y-%m}, with "
        f"{count} points.",
        data=Table(id, table.title, frame, table.columns, table.note, table.sources),
        plot=lambda ax: _plot_official(ax, frame, steps),
        height=2.6,
    )


def _plot_official(ax: Axes, frame: pd.DataFrame, steps: pd.DataFrame) -> None:
    ax.set_yscale("log")
    ax.plot(frame["month"].to_numpy(), frame["rate"].to_numpy(float), color=theme.BLUE)
    ax.plot(steps["month"].to_numpy(), steps["rate"].to_numpy(float), "D", color=theme.INK, ms=4, ls="")


def _rise(pct: float) -> str:
    return f"{number(pct, 0)} %" if pct < 1000 else f"to {number(1 + pct / 100, 0)} times"


def _money(value: float) -> str:
    return f"{value:.3g}" if abs(value) < 0.01 else number(float(value), 2)


def premium_parts(result: Result) -> Figure:
    """The premium of a crypto rate split into that of the parallel cash market and the rest, by month."""
    id, name = "flight.premium_parts_chart", country(result.country).name_in_sentence
    title = f"Parts of the premium on the dollar in {name}"
    table = result.tables.get("premium_parts")
    if table is None:
        missing = result.estimates.get("premium_crypto_part") or result["premium"]
        return Figure.notice(id, title, missing.reason)
    frame = table.frame.assign(month=pd.to_datetime(table.frame["month"]))
    cash, crypto = result["premium_cash_part"], result["premium_crypto_part"]
    return draw(
        id,
        title=f"Of the crypto premium in {name} the parallel cash market has {cash:value} on average, the crypto market "
        f"alone {crypto:value}",
        subtitle="Premium of the crypto-implied rate and its two parts, monthly mean, log percent",
        note=f"{table.note} Sources: {', '.join(table.sources)}.",
        alt=f"Two lines for {name}: the part of the cash market, at the end {number(frame['cash'].iloc[-1], 0)} log "
        f"percent, and that of the crypto market alone, {number(frame['crypto'].iloc[-1], 0)}.",
        data=Table(id, table.title, frame, table.columns, table.note, table.sources),
        plot=lambda ax: _plot_parts(ax, frame),
    )


def _plot_parts(ax: Axes, frame: pd.DataFrame) -> None:
    lines = (
        ("cash", "Cash market", theme.BLUE, "-"),
        ("crypto", "Crypto alone", theme.VERMILION, (0, (5, 2))),
    )
    ends = []
    for column, label, colour, style in lines:
        values = frame[column].astype(float)
        ax.plot(frame["month"].to_numpy(), values.to_numpy(), color=colour, ls=style)
        ends.append((float(values.dropna().iloc[-1]), label, colour))
    ax.axhline(0, color=theme.INK, lw=0.8)
    label_ends(ax, ends)


def event_study(result: Result) -> Figure:
    """What the premium did in the month around each event, with intervals from all other dates."""
    id, name = "flight.event_study_chart", country(result.country).name_in_sentence
    title = f"The premium on the dollar in {name} around events"
    table = result.tables.get("event_study")
    if table is None:
        return Figure.notice(id, title, "no dated event falls into daily quotes of a premium")
    frame = table.frame
    rows = frame[(frame["series"] == "Premium") & (frame["window"] == WINDOW)].dropna(subset=["change"])
    if rows.empty:
        reason = next((text for text in frame["reason"] if text), "no window fits")
        return Figure.notice(id, title, reason)
    tellable = bool(frame["least"].min() < TOLD)
    values = rows[["change", "low", "high"]].to_numpy(float)
    listed = "; ".join(
        f"{date}: {number(change, 0)} ({number(low, 0)} to {number(high, 0)})"
        for date, (change, low, high) in zip(rows["date"], values, strict=True)
    )
    return draw(
        id,
        title=f"The premium in {name} {_told(rows, tellable)}",
        subtitle=f"Mean of {WINDOW} quotes after less {WINDOW} before, over and above other dates, log percent, 90 % "
        + (
            "intervals; filled: p below 5 % after Holm's correction"
            if tellable
            else "intervals of each event alone"
        ),
        note=f"Sources: {', '.join(table.sources)}. Class: proxy.",
        alt=f"Points with intervals by event. {listed}.",
        data=Table(id, table.title, rows, table.columns, table.note, table.sources),
        plot=lambda ax: _plot_events(ax, rows),
        size="half",
        height=0.9 + 0.27 * len(rows),
    )


def _told(rows: pd.DataFrame, tellable: bool) -> str:
    count = len(rows)
    if tellable:
        told = int((rows["holm"] < TOLD).sum())
        return f"moved beyond chance at {told or 'none'} of {count} events"
    alone = int((rows["low"] > 0).sum() + (rows["high"] < 0).sum())
    return (
        f"around {count} event{'s' if count != 1 else ''}: {alone or 'no'} change{'s' if alone != 1 else ''} outside the "
        "range of other times, too few quotes to tell any from chance"
    )


def _plot_events(ax: Axes, rows: pd.DataFrame) -> None:
    places = np.arange(len(rows))[::-1]
    ax.hlines(places, rows["low"].to_numpy(float), rows["high"].to_numpy(float), color=theme.GREY, lw=2.5)
    for place, change, p in zip(places, rows["change"], rows["holm"], strict=True):
        face = theme.BLUE if p < TOLD else theme.PAPER
        ax.plot(change, place, "o", ms=6.5, color=theme.BLUE, mfc=face)
    ax.axvline(0, color=theme.INK, lw=0.8)
    ax.set_yticks(places, list(rows["date"]))
    ax.set_ylim(-0.6, len(rows) - 0.4)
    ax.grid(True, axis="x")
    ax.grid(False, axis="y")


def event_marks(ax: Axes, events: pd.DataFrame) -> None:
    """Thin lines and numbered marks of events at the top of an axis of dates.

    Parameters
    ----------
    ax : Axes
    events : DataFrame
        Columns ``number``, ``date`` and ``kind`` of the table ``premium_events``.
    """
    low, high = ax.get_xlim()
    room = (high - low) / 45
    level, before = 0, -np.inf
    for row in events.itertuples():
        day: Any = pd.Timestamp(str(row.date))
        at = float(date2num(day))  # type: ignore[no-untyped-call]
        # Marks that would run into each other stand one above the other.
        level = level + 1 if at - before < room else 0
        before = at
        marker, colour = MARKS.get(str(row.kind), MARKS["regime"])
        ax.axvline(day, color=theme.GREY, lw=0.7, ls=(0, (2, 2)), zorder=0)
        top = 1.03 + 0.075 * level
        ax.plot([day], [top], marker, color=colour, ms=5, transform=ax.get_xaxis_transform(), clip_on=False)
        ax.annotate(
            str(row.number),
            (at, top),
            xycoords=ax.get_xaxis_transform(),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            fontsize=theme.SMALLEST_POINTS,
            color=theme.readable(colour),
            annotation_clip=False,
        )
