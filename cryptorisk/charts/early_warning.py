"""Figures of early warning in the capital-flight chapter: pressure, the strip of signals, the ROC curve."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.ticker import MaxNLocator

from cryptorisk.charts import theme
from cryptorisk.charts.figure import Figure, draw, label_ends
from cryptorisk.countries import country
from cryptorisk.estimate import number
from cryptorisk.result import Result
from cryptorisk.words import capital, listing

LOWEST, HIGHEST = -4.0, 8.0
"""The pressure's axis ends here; what is beyond is drawn at the edge and its value written there."""


def pressure(result: Result) -> Figure:
    """Exchange-market pressure in standard deviations, with the openings that it dates."""
    id, name = "flight.pressure_chart", country(result.country).name_in_sentence
    table = result.tables.get("pressure")
    if table is None:
        return Figure.notice(
            id, f"Exchange-market pressure of {name}", result["pressure_index"].reason or _withheld(result)
        )
    step = "month" if table.columns[0].label == "Month" else "year"
    dates = pd.to_datetime(table.frame["date"])
    # A year stands at its number on the axis, not at that of the next.
    frame = table.frame.assign(date=dates if step == "month" else dates.dt.to_period("Y").dt.start_time)
    opens = frame[frame["opens"] == 1]
    years = listing(sorted({f"{date:%Y}" for date in opens["date"]}))
    title = (
        f"{capital(name)}: high pressure opened in {years}"
        if years
        else f"{capital(name)}: pressure crossed its threshold in no period"
    )
    threshold = float(frame["threshold"].iloc[0])
    beyond = f" The axis ends at {HIGHEST:g}; larger values of openings are written at the edge."
    return draw(
        id,
        title=title,
        subtitle=f"Exchange-market pressure by {step}, standard deviations from its mean",
        note=table.note + (beyond if float(frame["deviations"].max()) > HIGHEST else ""),
        alt=(
            f"Line of exchange-market pressure of {name} by {step}, {frame['date'].iloc[0]:%Y} to "
            f"{frame['date'].iloc[-1]:%Y}, from {number(float(frame['deviations'].min()), 1)} to "
            f"{number(float(frame['deviations'].max()), 1)} standard deviations; threshold {threshold:g}; crossed first in "
            f"{years or 'no period'}."
        ),
        data=table,
        plot=lambda ax: _plot_pressure(ax, frame, opens, threshold),
        height=2.6,
    )


def _plot_pressure(ax: Axes, frame: pd.DataFrame, opens: pd.DataFrame, threshold: float) -> None:
    held = frame["deviations"].clip(LOWEST, HIGHEST)
    dates = frame["date"].to_numpy()
    # A gap in the data is a gap in the line.
    apart = frame["date"].diff() > 1.5 * frame["date"].diff().median()
    for part in np.split(np.arange(len(frame)), np.flatnonzero(apart.to_numpy())):
        ax.plot(
            dates[part],
            held.to_numpy()[part],
            color=theme.BLUE,
            lw=1.2,
            ls="-",
            marker="o" if len(part) == 1 else "",
        )
    ax.axhline(threshold, color=theme.VERMILION, lw=1.2, ls=(0, (5, 2)))
    at = opens["deviations"].clip(LOWEST, HIGHEST)
    ax.plot(opens["date"], at, "o", color=theme.VERMILION, ms=5, ls="none")
    for date, value in zip(opens["date"], opens["deviations"], strict=True):
        if value > HIGHEST:
            ax.annotate(
                number(float(value), 0),
                (date, HIGHEST),
                xytext=(5, -4),
                textcoords="offset points",
                ha="left",
            )
    low = max(LOWEST, float(np.floor(held.min())))
    ax.set_ylim(low, max(float(np.ceil(held.max())), threshold + 1) + 0.3)
    # Beside the axes: above the line the curve may be anywhere.
    label_ends(ax, [(threshold, "crisis above", theme.VERMILION)])


def signals(result: Result) -> Figure:
    """Which indicators were beyond their thresholds in which year, and the years of a crash."""
    id, name = "flight.signals_chart", country(result.country).name_in_sentence
    table = result.tables.get("signals_path")
    if table is None:
        return Figure.notice(id, f"Signals of a currency crash, {name}", _no_signals(result))
    names = [column for column in table.columns if column.name not in ("year", "crash")]
    grid = table.frame[[column.name for column in names]].to_numpy(dtype=float).T
    years = table.frame["year"].to_numpy(dtype=int)
    crashed = years[table.frame["crash"].to_numpy(dtype=float) == 1]
    counts = np.isfinite(grid).sum(axis=0)
    at = int(np.flatnonzero(counts > len(names) / 2)[-1])  # as the table of the signals
    last, known = int(np.nansum(grid[:, at])), int(counts[at])
    return draw(
        id,
        title=f"{capital(name)}: {last} of {known} known signals on at the end of {years[at]}",
        subtitle="Dark: indicator beyond its threshold; light: within; hatched: not known; triangle: currency crash",
        note=table.note,
        alt=(
            f"Grid of {len(names)} indicators of {name} by year, {years[0]} to {years[-1]}. Crashes in "
            f"{listing([str(year) for year in crashed]) or 'no year'}; {last} of {known} signals on, end of {years[at]}."
        ),
        data=table,
        plot=lambda ax: _plot_signals(ax, grid, years, [column.label for column in names], crashed),
        height=1.0 + 0.27 * len(names),
    )


def _plot_signals(
    ax: Axes, grid: np.ndarray, years: np.ndarray, labels: list[str], crashed: np.ndarray
) -> None:
    colours = ListedColormap([theme.RISK["low"], theme.RISK["high"]])
    edges_x, edges_y = np.append(years - 0.5, years[-1] + 0.5), np.arange(len(labels) + 1) - 0.5
    shown = np.ma.masked_invalid(grid)
    ax.pcolormesh(
        edges_x, edges_y, shown, cmap=colours, vmin=0, vmax=1, edgecolors=theme.PAPER, linewidth=1.0
    )
    rows, columns = np.nonzero(~np.isfinite(grid))
    for row, column in zip(rows, columns, strict=True):
        ax.fill_between(
            [edges_x[column], edges_x[column + 1]],
            row - 0.5,
            row + 0.5,
            facecolor=theme.PAPER,
            edgecolor=theme.RULE,
            hatch="///",
            linewidth=0,
        )
    if crashed.size:
        marks = np.full(crashed.size, len(labels) - 0.1)
        ax.plot(crashed, marks, "v", color=theme.INK, ms=7, ls="none", clip_on=False)
    ax.set_yticks(range(len(labels)), labels)
    ax.set_ylim(len(labels) + 0.3, -0.5)
    ax.xaxis.set_major_locator(MaxNLocator(7, integer=True))
    ax.grid(visible=False)


def roc(result: Result) -> Figure:
    """Share of crashes signalled against false alarms on years that the equation had not seen."""
    id, title = "flight.roc_chart", "How well the equation tells years before a crash"
    table, area = result.tables.get("early_warning_roc"), result.estimates.get("early_warning_auroc")
    if table is None or area is None or area.value is None:
        return Figure.notice(id, title, area.reason if area is not None else _no_signals(result))
    frame = table.frame
    half = float(np.interp(0.2, frame["false_alarms"], frame["hits"]))
    return draw(
        id,
        title=f"With false alarms in a fifth of calm years the equation warns of {number(100 * half, 0)} % of crashes",
        subtitle="ROC curve on years not seen; all economies with a currency of their own",
        note=f"Area {area:full}; diagonal: chance. Band: pointwise, from resampled economies.",
        alt=(
            f"Curve of crashes signalled against false alarms, above the diagonal of chance; area {area:full}; at a fifth "
            f"of false alarms {number(100 * half, 0)} percent of crashes are signalled."
        ),
        data=table,
        plot=lambda ax: _plot_roc(ax, frame),
        size="half",
    )


def _plot_roc(ax: Axes, frame: pd.DataFrame) -> None:
    x = frame["false_alarms"].to_numpy(dtype=float)
    low, high = frame["low"].to_numpy(dtype=float), frame["high"].to_numpy(dtype=float)
    ax.fill_between(x, low, high, color=theme.BLUE, alpha=theme.BAND_ALPHA, lw=0)
    ax.plot(x, frame["hits"], color=theme.BLUE, drawstyle="default")
    ax.plot([0, 1], [0, 1], color=theme.GREY, lw=1, ls=(0, (5, 2)))
    ax.set_xlim(0, 1)
    ax.set_ylim(0, 1.01)
    ax.set_xlabel("False alarms, share of calm years")
    ax.set_ylabel("Crashes signalled, share")


def _withheld(result: Result) -> str:
    found = [one.text for one in result.findings if one.id == "flight.pressure_withheld"]
    return found[0] if found else "the data have no path of it"


def _no_signals(result: Result) -> str:
    found = [one.text for one in result.findings if one.id == "flight.early_warning_withheld"]
    reason = result["crash_probability"].reason if "crash_probability" in result.estimates else ""
    return found[0] if found else reason or "too few indicators are known"
