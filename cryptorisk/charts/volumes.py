"""Figures of the volumes chapter: regions, the country's path, its region's economies, the market."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator

from cryptorisk.charts import theme
from cryptorisk.charts.figure import Figure, draw, label_ends
from cryptorisk.countries import country
from cryptorisk.estimate import Estimate, number
from cryptorisk.result import Result, Table

OPEN, SHARED = "published, period not stated", "shared out"
"""Bases of a country's figure (`cryptorisk.models.volumes.tables.basis`) that are drawn apart."""

MARKET = {
    "btc_market_cap_usd": ("Bitcoin", theme.ORANGE, "-", "o"),
    "stablecoin_supply_total_usd": ("Stablecoins", theme.BLUE, (0, (5, 2)), "s"),
    "defi_tvl_usd": ("DeFi", theme.GREEN, (0, (1.5, 1.5)), "^"),
}


def regions(result: Result) -> Figure:
    """Volume of every region by year on a log axis: interval band, published and inferred years."""
    id = "volumes.regions_chart"
    table = result.tables.get("regions")
    if table is None:
        return Figure.notice(id, "Regional volumes", result["region_volume_usd"].reason)
    frame = table.frame[table.frame["region"] != "World"]
    own = frame.loc[frame["own"] == "yes", "region"]
    level, share = result["region_volume_usd"], result["region_share_pct"]
    where = own.iloc[0] if len(own) else "The region"
    title = f"{where}: {level:value} in the twelve months to June {level.date[-7:-3]}, {share:value}"
    return draw(
        id,
        title=title,
        subtitle="Crypto value received in twelve months to June, billion US dollars, log scale, all years in the terms of "
        f"the vendor's last report; median and {_level(level)} interval; filled: a value or share of that year was "
        "published, hollow: inferred from other years and regions",
        note=_note(result, "modelled: reconciled from the vendor's published statements"),
        alt=_regions_alt(frame),
        data=table,
        plot=lambda axes: _plot_regions(axes, frame),
        panels=(2, 4),
        height=3.6,
        sharex=True,
        sharey=True,
    )


def _regions_alt(frame: pd.DataFrame) -> str:
    last = frame[frame["period"] == frame["period"].max()].sort_values("value", ascending=False)
    ends = ", ".join(f"{row['region']} {number(row['value'], 0)}" for row in _rows(last))
    first, final = frame["period"].min(), frame["period"].max()
    return f"Eight panels, one a region, {first} to {final}. Latest medians in billion dollars: {ends}."


def _plot_regions(axes: Sequence[Axes], frame: pd.DataFrame) -> None:
    for ax, (name, rows) in zip(axes, frame.groupby("region", sort=True), strict=True):
        rows = rows.sort_values("period")
        own = bool((rows["own"] == "yes").any())
        colour = theme.VERMILION if own else theme.BLUE
        _band(ax, rows, colour)
        ax.set_yscale("log")
        ax.set_title(
            _wrapped(str(name)), fontsize=theme.FONT_POINTS - 1.5, fontweight="bold" if own else "normal"
        )
        ends = [str(int(rows["period"].iloc[place][:4]) + 1) for place in (0, -1)]
        ax.set_xticks([0, len(rows) - 1], ends)
        ax.yaxis.set_major_locator(LogLocator(base=10, subs=(1, 3)))
        ax.tick_params(labelsize=theme.FONT_POINTS - 1.5)
        ax.margins(x=0.12)


def _band(ax: Axes, rows: pd.DataFrame, colour: str) -> None:
    """Line, interval and markers: filled where published, hollow where not."""
    x, value = np.arange(len(rows)), rows["value"].to_numpy(float)
    ax.fill_between(
        x,
        rows["low"].to_numpy(float),
        rows["high"].to_numpy(float),
        color=colour,
        alpha=theme.BAND_ALPHA,
        lw=0,
    )
    ax.plot(x, value, color=colour, linestyle="-", lw=1.4)
    known = (rows["basis"] == "published").to_numpy()
    ax.plot(x[known], value[known], "o", color=colour, ms=4.5)
    ax.plot(x[~known], value[~known], "o", color=colour, ms=4.5, mfc="white")


def _wrapped(name: str) -> str:
    words, lines = name.split(), [""]
    for word in words:
        if len(lines[-1]) + len(word) > 17:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


def country_path(result: Result) -> Figure:
    """The country's volume by year with its interval: published, period not stated, or shared out."""
    id, name = "volumes.country_path_chart", country(result.country).name
    volume = result["country_volume_usd"]
    table = result.tables.get("country_path")
    if table is None or table.frame["value"].isna().all():
        return Figure.notice(id, f"{name}: volume by year", volume.reason)
    frame = table.frame[table.frame["value"].notna()].reset_index(drop=True)
    scale, unit = (1.0, "billion") if frame["value"].max() >= 1 else (1000.0, "million")
    shown = frame.assign(**{c: scale * frame[c] for c in ("value", "low", "high")})
    last = str(frame["basis"].iloc[-1])
    told = {
        SHARED: "shared out from its region's total, not observed",
        OPEN: "period not stated on the page quoted",
    }
    return draw(
        id,
        title=f"{name}: {volume:value} in the twelve months to June {volume.date[-7:-3]} ({told.get(last, last)})",
        subtitle=f"Crypto value received in twelve months to June, {unit} US dollars, in the terms of the vendor's last "
        f"report; {_level(volume)} interval; {_marks(frame)}",
        note=" ".join((_unpublished(table), _note(result, "modelled"))).strip(),
        alt=_path_alt(frame, name),
        data=table,
        plot=lambda ax: _plot_path(ax, shown),
        height=2.1,
    )


def _unpublished(table: Table) -> str:
    """The note's sentence on a country of which nothing was ever published."""
    _, found, rest = table.note.partition("No figure of ")
    return found + rest


def _mark(basis: str) -> dict[str, Any]:
    """How a point is drawn: filled, half filled, hollow."""
    if basis == OPEN:
        return {"marker": "D", "fillstyle": "left", "markerfacecoloralt": "white"}
    return {"marker": "o", "mfc": "white"} if basis == SHARED else {"marker": "o"}


def _marks(frame: pd.DataFrame) -> str:
    """What the points mean, of those that are there."""
    meanings = (
        (("published",), "filled: published by the vendor"),
        (("own figure",), "filled: the institution's own figure"),
        ((OPEN,), "half-filled diamond: published, period not stated on the page quoted"),
        ((SHARED,), "hollow: shared out from the region's total, not observed"),
    )
    return "; ".join(text for kinds, text in meanings if frame["basis"].isin(kinds).any())


def _path_alt(frame: pd.DataFrame, name: str) -> str:
    points = ", ".join(
        f"{row['period']} {number(row['value'], 3 if row['value'] < 1 else 1)} ({row['basis']})"
        for row in _rows(frame)
    )
    return f"Points with intervals by year for {name}, billion US dollars: {points}."


def _plot_path(ax: Axes, rows: pd.DataFrame) -> None:
    x, value = np.arange(len(rows)), rows["value"].to_numpy(float)
    reach = np.vstack([np.maximum(value - rows["low"], 0), np.maximum(rows["high"] - value, 0)])
    ax.errorbar(x, value, yerr=reach, fmt="none", ecolor=theme.MUTED, elinewidth=1.4, capsize=3)
    for place, basis in enumerate(rows["basis"]):
        ax.plot(x[place], value[place], ls="", color=theme.VERMILION, ms=6.5, **_mark(str(basis)))
    ax.set_xticks(x, list(rows["period"]))
    ax.set_ylim(0, 1.06 * float(rows["high"].max()))  # no interval meets the frame
    ax.margins(x=0.1)


def peers(result: Result) -> Figure:
    """The largest economies of the region and the country, with intervals, on a log axis."""
    id, name = "volumes.peers_chart", country(result.country).name
    table = result.tables.get("region_peers")
    if table is None or table.frame.empty:
        return Figure.notice(id, "Economies of the region", result["country_volume_usd"].reason)
    frame = table.frame.iloc[::-1].reset_index(drop=True)
    own = frame[frame["name"] == name]
    first = table.frame.iloc[0]
    heading = f"{first['name']} has the largest volume of the region by central estimate"
    if len(own):
        heading = (
            f"{name} has the {ordinal(int(own['rank'].iloc[0]))} volume of its region by central estimate"
        )
    return draw(
        id,
        title=heading,
        subtitle=f"{table.title}: billion US dollars, log scale; {_level(result['country_volume_usd'])} interval; "
        f"{_marks(table.frame)}",
        note=_note(result, "modelled"),
        alt=_peers_alt(table, name),
        data=table,
        plot=lambda ax: _plot_peers(ax, frame, name),
        height=0.7 + 0.22 * len(frame),
    )


def _peers_alt(table: Table, name: str) -> str:
    rows = table.frame
    top = ", ".join(f"{row['name']} {number(row['value'], 1)}" for row in _rows(rows.head(5)))
    own = rows[rows["name"] == name]
    last = f" {name} has {number(float(own['value'].iloc[0]), 2)}." if len(own) else ""
    return f"Points with intervals, billion US dollars, largest first: {top}.{last}"


def _plot_peers(ax: Axes, rows: pd.DataFrame, name: str) -> None:
    y = np.arange(len(rows))
    for position, row in zip(y, _rows(rows), strict=True):
        colour = theme.VERMILION if row["name"] == name else theme.BLUE
        ax.plot([row["low"], row["high"]], [position, position], color=colour, linestyle="-", lw=1.6)
        ax.plot(row["value"], position, ls="", color=colour, ms=5.5, **_mark(str(row["basis"])))
    ax.set_xscale("log")
    ax.set_xlim(
        float(rows["low"].min()) / 1.25, float(rows["high"].max()) * 1.25
    )  # no interval meets the frame
    ax.set_yticks(y, list(rows["name"]))
    for label in ax.get_yticklabels():
        label.set_fontweight("bold" if label.get_text() == name else "normal")
    ax.grid(axis="x")
    ax.grid(visible=False, axis="y")


def published(result: Result) -> Figure:
    """Published country volumes against what the method says without the country's own figures."""
    id = "volumes.published_chart"
    table = result.tables.get("published_countries")
    if table is None:
        reason = "too few country volumes had been published to judge the keys"
        return Figure.notice(id, "Published and predicted volumes", reason)
    frame = table.frame
    within = 100 * float(frame["ratio"].between(0.5, 2).mean())
    return draw(
        id,
        title=f"{number(within, 0)} % of {len(frame)} published volumes lie within a factor of two of their prediction",
        subtitle="Crypto value received in twelve months to June, billion US dollars, log scales: as published, and as "
        "predicted without the country's own figures; lines: equal, and a factor of two",
        note=_note(result, "modelled", table),
        alt=(
            f"{len(frame)} points along a diagonal. Published over predicted runs from {number(frame['ratio'].min(), 2)} to "
            f"{number(frame['ratio'].max(), 2)}, with a median of {number(frame['ratio'].median(), 2)}."
        ),
        data=table,
        plot=lambda ax: _plot_published(ax, frame, country(result.country).name),
        size="half",
    )


def _plot_published(ax: Axes, frame: pd.DataFrame, name: str) -> None:
    own = (frame["name"] == name).to_numpy()
    for rows, colour, marker in ((frame[~own], theme.BLUE, "o"), (frame[own], theme.VERMILION, "s")):
        ax.plot(rows["predicted"], rows["published"], ls="", marker=marker, ms=5, color=colour)
    both = frame[["predicted", "published"]].to_numpy(float)
    ends = np.array([both.min() / 1.5, both.max() * 1.5])
    for factor, style in ((1.0, "-"), (2.0, (0, (5, 2))), (0.5, (0, (5, 2)))):
        ax.plot(ends, factor * ends, color=theme.GREY, lw=0.9, ls=style)
    ax.set(xscale="log", yscale="log", xlim=tuple(ends), ylim=tuple(ends))
    ax.set_xlabel("predicted")
    ax.set_ylabel("published")


def ordinal(rank: int) -> str:
    """``largest``, ``second largest``, ``13th largest``."""
    words = {1: "largest", 2: "second largest", 3: "third largest"}
    ending = "th" if 10 < rank % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(rank % 10, "th")
    return words.get(rank, f"{rank}{ending} largest")


def market(result: Result) -> Figure:
    """Bitcoin, stablecoins and decentralised finance at mid-year, on a log axis."""
    id = "volumes.market_chart"
    table = result.tables.get("market")
    columns = [c for c in MARKET if table is not None and table.frame[c].notna().any()]
    if table is None or not columns:
        reason = "no market series in the vintage, or left out for their licence"
        return Figure.notice(id, "The market at mid-year", reason)
    frame = table.frame
    return draw(
        id,
        title=_market_title(frame, columns),
        subtitle="End of June, billion US dollars, log scale",
        note=_note(result, "measured", table),
        alt=_market_alt(frame, columns),
        data=table,
        plot=lambda ax: _plot_market(ax, frame, columns),
    )


def _market_title(frame: pd.DataFrame, columns: Sequence[str]) -> str:
    parts, dates = [], []
    for column in columns:
        known = frame[frame[column] >= 1]  # from the first billion on
        if not known.empty:
            last = known.iloc[-1]
            dates.append(str(last["date"]))
            parts.append(f"{MARKET[column][0]} {number(last[column], 0)}")
    if not parts:
        return "The market at mid-year: below one billion dollars"
    when = f"in {dates[0]}" if len(set(dates)) == 1 else "at the last mid-year known"
    return f"{', '.join(parts)} billion dollars {when}"


def _market_alt(frame: pd.DataFrame, columns: Sequence[str]) -> str:
    parts = []
    for column in columns:
        known = frame.dropna(subset=[column])
        first, last = known.iloc[0], known.iloc[-1]
        parts.append(
            f"{MARKET[column][0]} {number(first[column], 0)} in {first['date']} and "
            f"{number(last[column], 0)} in {last['date']}"
        )
    return f"Lines at mid-year, billion US dollars: {'; '.join(parts)}."


def _plot_market(ax: Axes, frame: pd.DataFrame, columns: Sequence[str]) -> None:
    x = np.arange(len(frame))
    ends = []
    ax.set_yscale("log")
    for column in columns:
        label, colour, style, marker = MARKET[column]
        values = frame[column].to_numpy(float)
        known = values > 0
        ax.plot(x[known], values[known], color=colour, linestyle=style, marker=marker, ms=4, lw=1.5)
        ends.append((float(values[known][-1]), label, colour))
    ax.set_ylim(bottom=_bottom(frame, columns))
    ax.set_xticks(x, [f"’{str(date)[-2:]}" for date in frame["date"]])
    label_ends(ax, ends)


def _bottom(frame: pd.DataFrame, columns: Sequence[str]) -> float:
    """A little below the smallest value, so that no line leaves the axis."""
    values = frame[list(columns)].to_numpy(float)
    return float(np.nanmin(np.where(values > 0, values, np.nan))) / 1.5


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        dict(zip(frame.columns, values, strict=True)) for values in frame.itertuples(index=False, name=None)
    ]


def _level(estimate: Estimate) -> str:
    return f"{number(100 * (estimate.level or 0.8), 0)} %"


def _note(result: Result, kind: str, table: Table | None = None) -> str:
    sources: Any = table.sources if table is not None else result["region_volume_usd"].sources
    return f"Sources: {', '.join(sources)}. Class: {kind}." if sources else f"Class: {kind}."
