"""Figures of chapter 4: turbulent weeks and explosive episodes of bitcoin, and what of other markets goes with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator, NullLocator

from cryptorisk.charts import theme
from cryptorisk.charts.figure import Figure, draw, label_ends, thin
from cryptorisk.estimate import number
from cryptorisk.models.price_risk.explosive import JOINTLY
from cryptorisk.result import Result, Table

RISE, FALL = theme.ORANGE, theme.PURPLE


def regimes(result: Result) -> Figure:
    """Bitcoin's price with its explosive episodes shaded, and below the probability of a turbulent week."""
    id = "crash.regimes_chart"
    table = result.tables.get("regime_path")
    now = result["turbulent_probability_pct"]
    if table is None:
        return Figure.notice(id, "Turbulent weeks of bitcoin", now.reason)
    frame = thin(_dated(table.frame, "date"), 520)
    episodes = _episodes(result)
    last = frame["date"].iloc[-1]
    share = float(table.frame["turbulent_pct"].mean())
    shaded = ", ".join(
        f"{row.start:%B %Y} to {row.end:%B %Y} ({row.direction})" for row in episodes.itertuples()
    )
    return draw(
        id,
        title=f"{number(share, 0)} % of bitcoin's weeks are turbulent; the last one with probability {now:value}",
        subtitle="Price on Fridays, US dollars, log axis (above); probability of a turbulent week, percent (below)",
        note=(
            f"Shaded: explosive episodes, {shaded or 'none'}; no evidence of a bubble. Sources: {', '.join(table.sources)}. "
            "Class: modelled."
        ),
        alt=(
            f"Two panels over time to {last.date().isoformat()}. Above, bitcoin's price on a log axis, with explosive "
            f"episodes shaded: {shaded or 'none'}. Below, the probability of a turbulent week, on average "
            f"{number(share, 0)} percent and last {number(frame['turbulent_pct'].iloc[-1], 0)} percent."
        ),
        data=_table(id, table, frame),
        plot=lambda axes: _plot_regimes(cast(Sequence[Axes], axes), frame, episodes),
        panels=(2, 1),
        sharex=True,
        height=4.0,
    )


def _plot_regimes(axes: Sequence[Axes], frame: pd.DataFrame, episodes: pd.DataFrame) -> None:
    above, below = axes
    above.plot(frame["date"], frame["price_usd"], color=theme.BLUE, lw=1.3, ls="-")
    above.set_yscale("log")
    above.yaxis.set_major_locator(LogLocator(base=10, numticks=6))
    above.yaxis.set_minor_locator(NullLocator())
    above.set_ylabel("US dollars (log)")
    for row in episodes.itertuples():
        colour, hatch = (RISE, "") if row.direction == "rise" else (FALL, "///")
        above.axvspan(
            cast(float, row.start), cast(float, row.end), color=colour, alpha=0.45, lw=0, hatch=hatch
        )
    below.fill_between(frame["date"], 0, frame["turbulent_pct"], color=theme.VERMILION, alpha=0.4, lw=0)
    below.set_ylim(0, 100)
    below.set_ylabel("percent")


def explosive(result: Result) -> Figure:
    """The backward sup ADF statistic with its critical values."""
    id = "crash.explosive_chart"
    table = result.tables.get("explosive_path")
    if table is None:
        return Figure.notice(id, "Explosive behaviour of bitcoin's price", result["gsadf"].reason)
    frame = thin(_dated(table.frame, "date"), 520)
    weeks = int(table.frame["inside"].sum())
    return draw(
        id,
        title=f"Bitcoin's price path was explosive in {weeks} of {len(table.frame)} weeks",
        subtitle="Backward sup ADF statistic of the weekly log price, and 95 % critical values by wild bootstrap",
        note=f"Episodes last at least ln n weeks. Sources: {', '.join(table.sources)}. Class: modelled.",
        alt=(
            f"A line of the statistic over time, between {number(frame['bsadf'].min(), 1)} and "
            f"{number(frame['bsadf'].max(), 1)}, last {number(frame['bsadf'].iloc[-1], 1)}, with a dashed line of critical "
            f"values for two years jointly, last {number(frame['critical'].iloc[-1], 1)}, and a dotted one of "
            f"those for each week alone, last {number(frame['pointwise'].iloc[-1], 1)}."
        ),
        data=_table(id, table, frame),
        plot=lambda ax: _plot_explosive(cast(Axes, ax), frame),
    )


def _plot_explosive(ax: Axes, frame: pd.DataFrame) -> None:
    ax.plot(frame["date"], frame["bsadf"], color=theme.BLUE, lw=1.2, ls="-")
    ax.plot(frame["date"], frame["critical"], color=theme.VERMILION, lw=1.2, ls=(0, (5, 2)))
    ax.plot(frame["date"], frame["pointwise"], color=theme.GREEN, lw=1.2, ls=(0, (1.5, 1.5)))
    last = frame.iloc[-1]
    label_ends(
        ax,
        [
            (float(last["bsadf"]), "statistic", theme.BLUE),
            (float(last["critical"]), "two years", theme.VERMILION),
            (float(last["pointwise"]), "one week", theme.GREEN),
        ],
    )


def connectedness(result: Result) -> Figure:
    """Share of each market's variance that goes with bitcoin, returns and volatilities, with intervals."""
    id = "crash.spillovers_chart"
    table = result.tables.get("spillovers")
    total = result["bitcoin_from_markets_pct"]
    if table is None:
        return Figure.notice(id, "Bitcoin and other markets", total.reason)
    sample = str(table.frame["sample"].iloc[0])  # the recent one where there is one
    shown = table.frame[table.frame["sample"] == sample]
    frame = shown.iloc[::-1].reset_index(drop=True)
    largest = shown.nlargest(1, "returns_pct").iloc[0]
    words = "; ".join(
        f"{row['market']} {number(row['returns_pct'], 1)} and {number(row['volatility_pct'], 1)}"
        for row in shown.to_dict("records")
    )
    return draw(
        id,
        title=f"At most {number(largest['returns_pct'], 1)} % of the variance of a market's returns goes with bitcoin",
        subtitle=(
            "Percent of the variance of weekly returns (dots) and volatilities (squares) that goes with bitcoin; "
            f"{sample}; 80 % intervals"
        ),
        note=f"What goes together, not what moves what. Sources: {', '.join(table.sources)}. Class: modelled.",
        alt=f"Dots and squares with ranges for {len(frame)} markets, percent for returns and volatilities: {words}.",
        data=_table(id, table, shown),
        plot=lambda ax: _plot_shares(cast(Axes, ax), frame),
        height=1.1 + 0.38 * len(frame),
    )


def _plot_shares(ax: Axes, frame: pd.DataFrame) -> None:
    for kind, shift, colour, marker in (
        ("returns", 0.14, theme.BLUE, "o"),
        ("volatility", -0.14, theme.VERMILION, "s"),
    ):
        places = np.arange(len(frame)) + shift
        ax.hlines(places, frame[f"{kind}_low"], frame[f"{kind}_high"], color=colour, lw=2, alpha=0.55)
        ax.plot(frame[f"{kind}_pct"], places, ls="", marker=marker, color=colour, ms=5.5)
    ax.set_yticks(range(len(frame)), [str(name) for name in frame["market"]])
    ax.set_ylim(-0.6, len(frame) - 0.4)
    ax.set_xlim(left=0)
    ax.grid(True, axis="x")
    ax.grid(False, axis="y")
    ax.set_xlabel("percent")


def connectedness_path(result: Result) -> Figure:
    """Bitcoin's connectedness with other markets in rolling windows."""
    id = "crash.tci_chart"
    table = result.tables.get("tci_path")
    if table is None:
        reason = result["tci_returns_pct"].reason
        return Figure.notice(id, "Connectedness of bitcoin over time", reason)
    frame = _dated(table.frame, "date")
    first, last = frame.iloc[0], frame.iloc[-1]
    direction = "more" if last["returns_bitcoin"] > first["returns_bitcoin"] else "less"
    return draw(
        id,
        title=f"Bitcoin's returns go {direction} with other markets than in the first window",
        subtitle="Percent of the variance of bitcoin's weekly returns and volatility, windows of 104 weeks",
        note=f"{table.note} Sources: {', '.join(table.sources)}. Class: modelled.",
        alt=(
            f"Two lines over windows that end from {first['date'].date().isoformat()} to {last['date'].date().isoformat()}: "
            f"returns {number(first['returns_bitcoin'], 0)} to {number(last['returns_bitcoin'], 0)} percent, volatility "
            f" {number(first['volatility_bitcoin'], 0)} to {number(last['volatility_bitcoin'], 0)} percent."
        ),
        data=_table(id, table, frame),
        plot=lambda ax: _plot_path(cast(Axes, ax), frame),
        size="half",
    )


def _plot_path(ax: Axes, frame: pd.DataFrame) -> None:
    ax.plot(frame["date"], frame["returns_bitcoin"], color=theme.BLUE, lw=1.4, ls="-")
    ax.plot(frame["date"], frame["volatility_bitcoin"], color=theme.VERMILION, lw=1.4, ls=(0, (5, 2)))
    ax.set_ylim(bottom=0)
    last = frame.iloc[-1]
    label_ends(
        ax,
        [
            (float(last["returns_bitcoin"]), "returns", theme.BLUE),
            (float(last["volatility_bitcoin"]), "volatility", theme.VERMILION),
        ],
    )


def _episodes(result: Result) -> pd.DataFrame:
    """Episodes at the level that holds for two years jointly; none where the test was not made."""
    table = result.tables.get("explosive")
    if table is None or table.frame.empty:
        return pd.DataFrame(columns=["start", "end", "direction"])
    frame = _dated(_dated(table.frame, "start"), "end")
    return frame[frame["rule"] == JOINTLY]


def _dated(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """Dates as timestamps: a result read back from a notebook carries them as text."""
    return frame.assign(**{column: pd.to_datetime(frame[column])})


def _table(id: str, table: Table, frame: pd.DataFrame) -> Table:
    return Table(id, table.title, frame, table.columns, table.note, table.sources)
