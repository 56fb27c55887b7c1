"""Figures on what monthly volumes moved with, drawn from the tables of the chapter on volumes."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes

from cryptorisk.charts import theme
from cryptorisk.charts.figure import Figure, draw
from cryptorisk.estimate import number
from cryptorisk.result import Result, Table

COLOURS = (theme.VERMILION, theme.BLUE, theme.GREEN)


def paths(result: Result, name: str = "drivers") -> Figure:
    """Volumes in the months after unforetold movements of price and volatility.

    Parameters
    ----------
    result : Result
        Of chapter 1.
    name : {"drivers", "country_drivers"}
        The world's volumes or the country's own.
    """
    id, title = f"volumes.{name}_chart", "Volumes after movements of price and volatility"
    table = result.tables.get(f"{name}_paths")
    if table is None or table.frame.empty:
        estimate = result.estimates.get(f"{name}_price_coins")
        confidential = "the series is confidential"
        return Figure.notice(id, title, (estimate.reason if estimate else "") or confidential)
    frame = table.frame
    shocks, volumes = list(dict.fromkeys(frame["shock"])), list(dict.fromkeys(frame["volume"]))

    def plot(axes: Sequence[Axes]) -> None:
        for place, ax in enumerate(axes):
            row, column = divmod(place, len(volumes))
            part = _part(frame, shocks[row], volumes[column])
            _line(ax, part, COLOURS[column])
            if row == 0:
                ax.set_title(_short(volumes[column]), fontsize=theme.SMALLEST_POINTS)
            if column == 0:
                ax.set_ylabel("after price" if row == 0 else "after volatility")
            if row == len(shocks) - 1:
                ax.set_xlabel("months")

    return draw(
        id,
        title=_title(frame, shocks[0], volumes),
        subtitle="Volume higher by, percent, after a movement of usual size (one standard deviation) that the past did not "
        "foretell; bands are pointwise 90 % intervals",
        note=" ".join(part for part in (table.note, f"Sources: {', '.join(table.sources)}.") if part),
        alt=_alt(frame, shocks, volumes),
        data=table,
        plot=plot,
        panels=(len(shocks), len(volumes)),
        height=4.4,
        sharex=True,
        sharey=True,
    )


def table(result: Result, name: str) -> Table | Figure:
    """One of the tables ``drivers``, ``drivers_tests``, ``country_drivers``, ``country_drivers_tests``, or why not."""
    if name in result.tables:
        return result.tables[name]
    own = name.startswith("country")
    title = "What the country's own volume moved with" if own else "What the world's volumes moved with"
    found = result.estimates.get(f"{'country_' if own else ''}drivers_price_coins")
    return Figure.notice(f"volumes.{name}", title, found.reason if found and found.reason else "no series")


def _part(frame: pd.DataFrame, shock: str, volume: str) -> pd.DataFrame:
    return frame[(frame["shock"] == shock) & (frame["volume"] == volume)]


def _line(ax: Axes, part: pd.DataFrame, colour: str) -> None:
    ax.axhline(0, color=theme.GREY, linewidth=0.8)
    ax.fill_between(
        part["horizon"], part["low"], part["high"], color=colour, alpha=theme.BAND_ALPHA, linewidth=0
    )
    ax.plot(part["horizon"], part["value"], color=colour, linestyle="-")
    ax.set_xticks([0, 6, 12])


def _short(volume: str) -> str:
    """What tells a volume from the others: its last words after the comma, or its first word."""
    _, comma, after = volume.partition(", ")
    return after.split(" at ")[0] if comma else volume.split(" of ")[0].lower()


def _title(frame: pd.DataFrame, shock: str, volumes: Sequence[str]) -> str:
    """The month itself: how much of the answer in dollars is left in coins."""
    now = {volume: _part(frame, shock, volume).iloc[0] for volume in volumes[:2]}
    dollars, coins = (now[volume] for volume in volumes[:2])
    size = number(float(dollars["size"]), 0)
    held = (
        "not distinguishable from zero"
        if coins["low"] <= 0 <= coins["high"]
        else f"{number(coins['value'], 1)} %"
    )
    return (
        f"Within the month: with a price {size} % above what was foretold, volume is {number(dollars['value'], 0)} % higher "
        f"in dollars; in coins {held}"
    )


def _alt(frame: pd.DataFrame, shocks: Sequence[str], volumes: Sequence[str]) -> str:
    told = []
    for shock in shocks:
        for volume in volumes:
            part = _part(frame, shock, volume)
            ends = f"{number(part['value'].iloc[0], 1)} at once, {number(part['value'].iloc[-1], 1)} after twelve months"
            told.append(f"{volume} after {shock.lower()}: {ends}")
    return f"{len(told)} panels, percent. {'; '.join(told)}."
