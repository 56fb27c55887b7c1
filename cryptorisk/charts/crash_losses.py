"""Figures of the scenario engine: parts of the loss, its uncertainty, and banks' capital before and after."""

from __future__ import annotations

from typing import cast

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from cryptorisk.charts import theme
from cryptorisk.charts.figure import Figure, draw
from cryptorisk.countries import country
from cryptorisk.estimate import number
from cryptorisk.result import Result, Table

RUNGS = {"mild": "Mild", "central": "Central", "severe": "Severe"}
TOTAL = "All that is known"
REGULATORY = (4.5, 7.0)
CET1 = "cet1_all_pct"
"""Column of the ratio drawn: the reading that needs no hedge."""
"""CET1 to risk-weighted assets in percent: RBC20.1 and RBC30.2 of the Basel Framework."""


def components(result: Result) -> Figure:
    """Stacked bars: the known parts of the loss in the mild, central and severe combined scenario."""
    id, name = "crash.components_chart", country(result.country).name_in_sentence
    title = f"Parts of the loss in {name}"
    table = result.tables.get("components")
    rungs = [rung for rung in RUNGS if table is not None and rung in table.frame.columns]
    if table is None or len(rungs) < len(RUNGS):
        return Figure.notice(id, title, "no holding is known")
    parts = table.frame[table.frame["what"] != TOTAL].dropna(subset=rungs)
    parts = parts[(parts[rungs] > 0).any(axis=1)].reset_index(drop=True)
    if parts.empty:
        return Figure.notice(id, title, "no holding that falls in value is known")
    unit = next(column.unit for column in table.columns if column.name == "central")
    sums = parts[rungs].sum()
    missing = int(table.frame["mild"].isna().sum())
    ranges = _ranges(result, len(rungs))
    return draw(
        id,
        title=_components_title(_capital(name), sums["central"], unit, ranges, parts),
        subtitle=f"Loss in the combined scenario by holder and holding, {unit}, central holdings"
        + ("; lines: low to high holdings of households" if ranges is not None else ""),
        note=f"{missing} of {len(table.frame) - 1} positions are not known and left out. No probability is attached. "
        f"Sources: {', '.join(table.sources)}. Class: modelled.",
        alt="Stacked bars. "
        + "; ".join(
            f"{RUNGS[rung]}: {number(sums[rung], 2)} {unit}, of which "
            + ", ".join(f"{_brief(row['what'])} {number(row[rung], 2)}" for row in parts.to_dict("records"))
            + ("" if ranges is None else f"; range{_between(ranges[place])}")
            for place, rung in enumerate(rungs)
        )
        + ".",
        data=Table(
            id,
            table.title,
            parts[["what", *rungs]],
            tuple(c for c in table.columns if c.name in ("what", *rungs)),
            table.note,
            table.sources,
        ),
        plot=lambda ax: _plot_components(cast(Axes, ax), parts, rungs, unit, ranges),
        height=2.3 + 0.17 * len(parts),
    )


def _ranges(result: Result, rungs: int) -> list[tuple[float, float]] | None:
    """Low and high of the loss of all known holders, rung by rung; None where there is no range in percent of GDP."""
    table = result.tables.get("combined")
    if table is None or not {"low_pct_gdp", "central_pct_gdp", "high_pct_gdp"} <= set(table.frame.columns):
        return None
    rows = table.frame.head(rungs)
    low, central, high = (rows[f"{end}_pct_gdp"].to_numpy(dtype=float) for end in ("low", "central", "high"))
    if not np.isfinite(low).all() or not (high > low).all():
        return None
    # Others than households have no range: theirs is added to both ends.
    beside = rows["all_pct_gdp"].to_numpy(dtype=float) - central if "all_pct_gdp" in rows else 0.0 * central
    beside = np.nan_to_num(beside)
    return [(float(one), float(two)) for one, two in zip(low + beside, high + beside, strict=True)]


def _between(ends: tuple[float, float]) -> str:
    return f" {number(ends[0], 2)} to {number(ends[1], 2)}"


def _components_title(
    name: str,
    central: float,
    unit: str,
    ranges: list[tuple[float, float]] | None,
    parts: pd.DataFrame,
) -> str:
    """What the known holders lose in the central rung, with its range."""
    holders = list(dict.fromkeys(str(what).partition(": ")[0] for what in parts["what"]))
    who = _lower_first(holders[0]) if len(holders) == 1 else "all known holders"
    between = "" if ranges is None else f" ({_between(ranges[1]).strip()})"
    return f"{name}: {who} lose {number(central, 2)} {unit}{between} in the central combined scenario"


def _plot_components(
    ax: Axes,
    parts: pd.DataFrame,
    rungs: list[str],
    unit: str,
    ranges: list[tuple[float, float]] | None,
) -> None:
    places = np.arange(len(rungs))
    start = np.zeros(len(rungs))
    for place, row in enumerate(parts.to_dict("records")):
        values = np.array([float(row[rung]) for rung in rungs])
        ax.barh(
            places,
            values,
            left=start,
            height=0.6,
            color=theme.PALETTE[place % len(theme.PALETTE)],
            hatch=theme.HATCHES[place % len(theme.HATCHES)],
            edgecolor=theme.PAPER,
            label=_brief(row["what"]),
        )
        start += values
    for position, total in enumerate(start):
        ends = None if ranges is None else ranges[position]
        if ends is not None:
            ax.plot(ends, (position, position), color=theme.INK, ls="-", lw=1.2, marker="|", ms=7)
        beside = float(total) if ends is None else max(float(total), ends[1])
        words = number(float(total), 2) + ("" if ends is None else f" ({_between(ends).strip()})")
        _beside(ax, words, beside, float(position))
    ax.set_yticks(places, [RUNGS[rung] for rung in rungs])
    ax.invert_yaxis()
    furthest = max(float(start.max()), *(end for _, end in ranges or ()), 0.0)
    ax.set_xlim(0, (1.15 if ranges is None else 1.4) * furthest)
    ax.grid(True, axis="x")
    ax.grid(False, axis="y")
    ax.set_xlabel("percent of GDP" if "GDP" in unit else unit)
    ax.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2, handlelength=1.2, columnspacing=1.0)


def _beside(ax: Axes, words: str, end: float, position: float) -> None:
    """Words to the right of a bar or of a whisker's cap, clear of it."""
    ax.annotate(words, (end, position), xytext=(6, 0), textcoords="offset points", va="center", ha="left")


def distribution(result: Result) -> Figure:
    """How the simulated losses of households are spread, with the 5th, 50th and 95th percentile."""
    id, name = "crash.distribution_chart", country(result.country).name_in_sentence
    middle = result["simulated_loss_pct_gdp"]
    table = result.tables.get("loss_distribution")
    if table is None or middle.low is None or middle.high is None or middle.value is None:
        reason = middle.reason or "the holdings are a confidential figure: percentiles alone, to one digit"
        return Figure.notice(id, f"Uncertainty of households' loss in {name}", reason)
    frame = table.frame
    marks = (middle.low, middle.value, middle.high)
    return draw(
        id,
        title=f"{_capital(name)}: in the combined scenario nine in ten draws of households' loss lie between "
        f"{number(marks[0], 2)} and {number(marks[2], 2)} % of GDP",
        subtitle="Households' loss, percent of GDP: share of draws in percent; lines: 5th, 50th and 95th percentile",
        note="Uncertainty of holdings, bitcoin's share and the shock between mild and severe, given the scenario; no "
        f"probability is attached to the scenario. Sources: {', '.join(table.sources)}. Class: modelled.",
        alt=(
            f"A histogram of simulated losses, skewed to the right. The median is {number(marks[1], 2)} percent of GDP; 90 "
            f"percent of the draws lie between {number(marks[0], 2)} and {number(marks[2], 2)}."
        ),
        data=Table(id, table.title, frame, table.columns, table.note, table.sources),
        plot=lambda ax: _plot_distribution(cast(Axes, ax), frame, marks),
        height=2.8,
    )


def _plot_distribution(ax: Axes, frame: pd.DataFrame, marks: tuple[float, float, float]) -> None:
    width = frame["to"] - frame["from"]
    ax.bar(
        frame["from"], frame["share_pct"], width=width, align="edge", color=theme.SKY, edgecolor=theme.PAPER
    )
    for mark, line in zip(marks, ((0, (5, 2)), "-", (0, (5, 2))), strict=True):
        ax.axvline(mark, color=theme.VERMILION, lw=1.4, ls=line)
    ax.set_xlim(0, float(frame["to"].iloc[-1]))
    ax.set_xlabel("percent of GDP")
    ax.set_ylabel("percent of draws")


def capital(result: Result) -> Figure:
    """Banks' CET1 ratio before the headline scenario, after the loss, and with 1250 % on what is left."""
    id, title = "crash.capital_chart", "Banks' capital before and after"
    table = result.tables.get("capital")
    if table is None:
        return Figure.notice(
            id, title, result["bank_cet1_after_pct"].reason or "no supervisory figures are given"
        )
    if "met" in table.frame:
        return Figure.notice(id, title, "a confidential figure stands behind it: the table has one digit")
    frame = table.frame
    first, last = float(frame[CET1].iloc[0]), float(frame[CET1].iloc[-1])
    return draw(
        id,
        title=f"Banks' CET1 ratio moves from {number(first, 2)} to {number(last, 2)} % in the severe combined scenario",
        subtitle="CET1 over risk-weighted assets, percent; lines: Basel minimum, 4.5, and with the conservation buffer, 7",
        note=f"{table.note} Class: modelled.",
        alt="Bars. "
        + "; ".join(f"{row['what']}: {number(row[CET1], 2)} percent" for row in frame.to_dict("records"))
        + ".",
        data=Table(id, table.title, frame, table.columns, table.note, table.sources),
        plot=lambda ax: _plot_capital(cast(Axes, ax), frame),
        height=1.1 + 0.34 * len(frame),
    )


def _plot_capital(ax: Axes, frame: pd.DataFrame) -> None:
    places = np.arange(len(frame))
    ax.barh(places, frame[CET1], height=0.6, color=theme.BLUE)
    for place, value in zip(places, frame[CET1], strict=True):
        _beside(ax, number(float(value), 2), float(value), float(place))
    for level in REGULATORY:
        ax.axvline(level, color=theme.VERMILION, ls=(0, (5, 2)), lw=1.2)
    ax.set_yticks(places, list(frame["what"]))
    ax.invert_yaxis()
    ax.set_xlim(0, 1.15 * max(float(frame[CET1].max()), REGULATORY[-1]))
    ax.grid(True, axis="x")
    ax.grid(False, axis="y")
    ax.set_xlabel("percent of risk-weighted assets")


def _capital(name: str) -> str:
    return name[0].upper() + name[1:]


def _brief(text: object) -> str:
    """Holder and, in brackets, holding: ``Households (bitcoin)``; the holder alone where one sum stands for all."""
    holder, _, holding = str(text).partition(": ")
    holder = holder.replace("Other financial institutions", "Other institutions")
    return holder if "unhedged" in holding else f"{holder} ({holding})"


def _lower_first(text: object) -> str:
    words = str(text)
    return words[0].lower() + words[1:]
