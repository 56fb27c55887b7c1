"""Figures of the capital-flight chapter: unrecorded flows, reserves before and after a drain, the premium."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from cryptorisk.charts import theme
from cryptorisk.charts.exchange import event_marks
from cryptorisk.charts.figure import Figure, draw, label_ends, with_range
from cryptorisk.countries import country
from cryptorisk.estimate import number
from cryptorisk.result import Column, Result, Table
from cryptorisk.rules.ara import ADEQUATE_PCT, MONTHS_OF_IMPORTS
from cryptorisk.words import significance

FIRST_YEAR = 2005
GIVES_AWAY = "it stands on a confidential figure and would give it away"


def residual(result: Result) -> Figure:
    """Residual capital flows by year, recorded and unrecorded, and their bands, percent of GDP."""
    id, name = "flight.residual_chart", country(result.country).name_in_sentence
    table = result.tables.get("residual")
    if table is None:
        return Figure.notice(id, f"Residual capital flows of {name}", result["residual_pct_gdp"].reason)
    frame = table.frame[table.frame["year"] >= FIRST_YEAR]
    measures = ("world_bank", "hot_money", "morgan", "ndikumana_boyce")
    names = ("year", *measures, "low", "high", "hot_low", "hot_high")
    shown = Table(
        id,
        table.title,
        frame[[name for name in names if name in frame]],
        tuple(c for c in table.columns if c.name in names),
        table.note,
        table.sources,
    )
    return draw(
        id,
        title=_residual_title(result, name),
        subtitle="Percent of GDP; above zero: outflow. World Bank: recorded and unrecorded; hot money: unrecorded",
        note=_note(result, "residual_pct_gdp", "hot_money_pct_gdp"),
        alt=_residual_alt(frame, name),
        data=shown,
        plot=lambda ax: _plot_residual(ax, frame),
    )


def _residual_title(result: Result, name: str) -> str:
    mean, latest = result["residual_mean_pct_gdp"], result["residual_pct_gdp"]
    used = next((one for one in (mean, latest, result["hot_money_mean_pct_gdp"]) if one.available), latest)
    if used.value is None:
        return f"{_capital(name)}: errors and omissions of single years"
    what = "unrecorded" if used.id == "flight.hot_money_mean_pct_gdp" else "recorded and unrecorded"
    years = used.date.replace("/", " to ")
    size = f"{number(abs(used.value), 1)} % of GDP"
    where = significance(used)
    if where == "above":
        return f"{_capital(name)}: {what} net outflows of {size} a year, {years}"
    if where == "below":
        return f"{_capital(name)}: {what} net inflows of {size} a year, {years}"
    return f"{_capital(name)}: the direction of {what} flows is not told, {years}"


def _residual_alt(frame: pd.DataFrame, name: str) -> str:
    parts = []
    for column, label in (
        ("world_bank", "World Bank residual"),
        ("hot_money", "hot-money measure"),
        ("morgan", "Morgan Guaranty measure"),
        ("ndikumana_boyce", "Ndikumana-Boyce measure"),
    ):
        known = frame.dropna(subset=[column]) if column in frame else frame.iloc[:0]
        if not known.empty:
            last = known.iloc[-1]
            parts.append(
                f"the {label} runs from {number(known[column].min(), 1)} to "
                f"{number(known[column].max(), 1)} percent of GDP and stands at {number(last[column], 1)} "
                f"in {int(last['year'])}"
            )
    return (
        f"Lines by year for {name}: {'; '.join(parts)}. Bands cover sources and treatments of one measure, and are "
        "never narrower than is usual."
    )


def _plot_residual(ax: Axes, frame: pd.DataFrame) -> None:
    years = frame["year"].to_numpy(float)
    for low, high, colour in (("low", "high", theme.BLUE), ("hot_low", "hot_high", theme.VERMILION)):
        if low in frame and high in frame:
            edges = (frame[low].astype(float), frame[high].astype(float))
            ax.fill_between(years, *edges, color=colour, alpha=theme.BAND_ALPHA, lw=0)
    ends = []
    lines = (
        ("world_bank", "World Bank", theme.BLUE, "-", "o"),
        ("hot_money", "Hot money", theme.VERMILION, (0, (5, 2)), "s"),
        ("morgan", "Morgan Guaranty", theme.GREEN, (0, (1.5, 1.5)), "^"),
        ("ndikumana_boyce", "Ndikumana-Boyce", theme.INK, (0, (5, 1.5, 1, 1.5)), "D"),
    )
    for column, label, colour, style, marker in lines:
        values = frame[column].astype(float) if column in frame else pd.Series(dtype=float)
        if values.notna().any():
            ax.plot(years, values, color=colour, ls=style, marker=marker, ms=3.5)
            ends.append((float(values.dropna().iloc[-1]), label, colour))
    ax.axhline(0, color=theme.INK, lw=0.8)
    ax.margins(x=0.02)
    ax.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    label_ends(ax, ends)


def reserves(result: Result) -> Figure:
    """Reserves before and after the drain: against the IMF's metric, or in months of imports without it."""
    id, name = "flight.reserves_chart", country(result.country).name_in_sentence
    table = result.tables.get("drain")
    if table is None:
        return Figure.notice(
            id, f"Reserves of {name} before and after a drain", result["drain_usd"].reason or GIVES_AWAY
        )
    by_metric = "cover" in table.frame and bool(table.frame["cover"].notna().all())
    value = "cover" if by_metric else "months"
    if not by_metric and "months" not in table.frame:
        return Figure.notice(
            id, f"Reserves of {name} before and after a drain", "neither the metric nor imports are known"
        )
    unit = "percent of the IMF's reserve-adequacy metric" if by_metric else "months of imports"
    band = "100 to 150 percent, broadly adequate" if by_metric else "three months"
    frame = table.frame[["leaving", value, f"{value}_low", f"{value}_high", "drain"]]
    columns = tuple(c for c in table.columns if c.name in frame.columns)
    before, after = frame.iloc[0], frame.iloc[1:].iloc[(len(frame) - 1) // 2]
    leaving = number(float(after["leaving"]), 1).removesuffix(".0")
    digits = 0 if by_metric else 1
    short = "% of the metric" if by_metric else "months of imports"
    title = (
        f"Scenario: when {leaving} % of accessible money leaves, the reserves of {name} go from "
        f"{number(float(before[value]), digits)} to {number(float(after[value]), digits)} {short}"
    )
    if float(after[value]) < 0:
        title = f"Scenario: {leaving} % of accessible money leaving would exceed the reserves of {name}"
    rows = "; ".join(
        (f"{number(float(r['leaving']), 1).removesuffix('.0')} percent leaving" if r["leaving"] else "before")
        + ": "
        + with_range(float(r[value]), float(r[f"{value}_low"]), float(r[f"{value}_high"]), digits)
        for _index, r in frame.iterrows()
    )
    return draw(
        id,
        title=title,
        subtitle=f"Official reserves in {unit}; shaded: {band}; whiskers: range of assumptions",
        note=_note(result, "reserves_to_ara" if by_metric else "import_cover_months", "drain_usd"),
        alt=f"Points with ranges of reserves of {name} in {unit}, by share of crypto-accessible money leaving. {rows}.",
        data=Table(id, table.title, frame, columns, table.note, table.sources),
        plot=lambda ax: _plot_reserves(ax, frame, value),
        height=1.0 + 0.5 * len(frame),
    )


def _plot_reserves(ax: Axes, frame: pd.DataFrame, value: str) -> None:
    places = np.arange(len(frame))[::-1]
    middle = frame[value].to_numpy(float)
    low, high = frame[f"{value}_low"].to_numpy(float), frame[f"{value}_high"].to_numpy(float)
    if value == "cover":
        ax.axvspan(*ADEQUATE_PCT, color=theme.GREEN, alpha=theme.BAND_ALPHA, lw=0)
    else:
        ax.axvspan(
            MONTHS_OF_IMPORTS,
            max(float(high.max()), MONTHS_OF_IMPORTS) * 1.05,
            color=theme.GREEN,
            alpha=0.12,
            lw=0,
        )
    ax.hlines(places, low, high, color=theme.GREY, lw=3)
    ax.plot(middle[:1], places[:1], "D", color=theme.INK, ms=7, ls="")
    ax.plot(middle[1:], places[1:], "o", color=theme.BLUE, ms=7, ls="")
    for place, one in zip(places, middle, strict=True):
        ax.annotate(
            number(one, 0 if value == "cover" else 1),
            (one, place),
            (0, 8),
            textcoords="offset points",
            ha="center",
        )
    labels = ["Before"] + [
        f"{number(float(x), 1).removesuffix('.0')} % leaves" for x in frame["leaving"].iloc[1:]
    ]
    ax.set_yticks(places, labels)
    ax.set_ylim(-0.6, len(frame) - 0.4)
    ax.set_xlim(
        min(0.0, float(low.min()) * 1.05),
        max(float(high.max()), ADEQUATE_PCT[1] if value == "cover" else MONTHS_OF_IMPORTS) * 1.05,
    )
    ax.grid(True, axis="x")
    ax.grid(False, axis="y")
    ax.set_xlabel("Percent of the metric" if value == "cover" else "Months of imports")


def premium(result: Result) -> Figure:
    """Premium of the shadow exchange rate over the official one by month, in percent."""
    id, name = "flight.premium_chart", country(result.country).name_in_sentence
    table = result.tables.get("premium")
    if table is None:
        return Figure.notice(id, f"Premium on the dollar in {name}", result["premium"].reason or GIVES_AWAY)
    daily = "highest" in table.frame
    frame = table.frame[["month", "premium", *(["highest"] if daily else [])]].copy()
    frame["month"] = pd.to_datetime(frame["month"])
    peak, latest = result["premium_peak"], result["premium"]
    dearer = peak.value or 0.0
    episodes = result.tables.get("premium_episodes")
    spells = (
        [] if episodes is None else list(zip(episodes.frame["first"], episodes.frame["last"], strict=True))
    )
    runs = ", ".join(f"{first} to {last}" for first, last in spells)
    marked = result.tables.get("premium_events")
    events = pd.DataFrame() if marked is None else marked.frame
    dated = "; ".join(f"{row.number}: {row.date}, {row.kind}" for row in events.itertuples())
    last_text = f"{number(latest.value or 0.0, 0)} percent {'on' if daily else 'in'} {latest.date}"
    return draw(
        id,
        title=f"At the peak, in {peak.date}, a dollar cost {number(dearer, 0)} % more than officially in {name}",
        subtitle="Premium of the shadow over the official exchange rate, "
        f"{'monthly mean and highest day' if daily else 'monthly mean'}, percent"
        + ("; shaded: episodes" if runs else "")
        + ("; numbers: events of the table below" if dated else ""),
        note=f"{table.note} {_note(result, 'premium')}",
        alt=f"Line of the monthly premium in {name}: peak {number(peak.value or 0.0, 0)} percent in {peak.date}, "
        + last_text
        + (f"; shaded episodes {runs}" if runs else "")
        + (f". Events: {dated}." if dated else "."),
        data=Table(
            id,
            table.title,
            frame,
            (
                Column("month", "Month"),
                Column("premium", "Premium, mean", "%", 1),
                *((Column("highest", "Premium, highest day", "%", 1),) if daily else ()),
            ),
            table.note,
            table.sources,
        ),
        plot=lambda ax: _plot_premium(ax, frame, spells, events),
    )


def _plot_premium(ax: Axes, frame: pd.DataFrame, spells: list[tuple[str, str]], events: pd.DataFrame) -> None:
    months = frame["month"].to_numpy()
    for first, last in spells:
        end = pd.Timestamp(last) + pd.offsets.MonthEnd(0)
        ax.axvspan(cast(Any, pd.Timestamp(first)), cast(Any, end), color=theme.ORANGE, alpha=0.12, lw=0)
    ax.plot(months, frame["premium"].to_numpy(float), color=theme.BLUE, ls="-")
    ax.axhline(0, color=theme.INK, lw=0.8)
    known = frame.dropna()
    labels = [(float(known["premium"].iloc[-1]), "Monthly mean", theme.BLUE)]
    if "highest" in frame:
        ax.plot(months, frame["highest"].to_numpy(float), color=theme.VERMILION, ls=(0, (1.5, 1.5)), lw=1.2)
        labels.append((float(known["highest"].iloc[-1]), "Highest day", theme.VERMILION))
    label_ends(ax, labels)
    event_marks(ax, events)


def _note(result: Result, *names: str) -> str:
    found = [result[name] for name in names if name in result.estimates and result[name].available]
    classes = ", ".join(dict.fromkeys(one.data_class for one in found))
    sources = ", ".join(dict.fromkeys(source for one in found for source in one.sources))
    return f"Sources: {sources}. Class: {classes}." if sources else ""


def _capital(name: str) -> str:
    return name[0].upper() + name[1:]
