"""Figures of the global crypto cycle: the common factor with what it carries, and what the market's growth was made of."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from cryptorisk.charts import theme
from cryptorisk.charts.figure import Figure, draw
from cryptorisk.estimate import number
from cryptorisk.result import Column, Result, Table

BITCOIN, COINS = "Bitcoin", "Dollar stablecoins"
REFUSED = "not in the vintage, or left out for their licence"


def factor(result: Result) -> Figure:
    """The summed factor week by week, and the part of each asset's variance that it carries.

    Parameters
    ----------
    result : Result
        Of chapter 1.
    """
    id, title = "volumes.cycle_chart", "The global crypto cycle"
    path, shares = result.tables.get("cycle_path"), result.tables.get("cycle_shares")
    share = result.estimates.get("cycle_share_pct")
    if path is None or shares is None or share is None or not share.available:
        return Figure.notice(id, title, (share.reason if share else "") or REFUSED)
    assets = shares.frame.iloc[::-1]
    weeks, level = path.frame, number(100 * (share.level or 0.8), 0)
    first, last = weeks.iloc[0], weeks.iloc[-1]
    told = ", ".join(f"{row['asset']} {number(row['share'], 0)} %" for _, row in shares.frame.iterrows())
    return draw(
        id,
        title=f"One factor carries {share:value} of the variance of {len(assets)} assets' weekly returns",
        subtitle="Above: the factor summed over weeks, in its standard deviations. Below: part of each asset's variance, "
        f"percent, with {level} % interval",
        note=f"{_short_note(shares)} Sources: {', '.join(shares.sources)}. Class: modelled.",
        alt=f"Line from {number(first['index'], 1)} in {first['week'][:7]} to {number(last['index'], 1)} in "
        f"{last['week'][:7]}. Points with intervals: {told}.",
        data=path,
        plot=lambda axes: _plot_factor(axes, weeks, assets),
        panels=(2, 1),
        height=3.4 + 0.27 * len(assets),
    )


def _short_note(shares: Table) -> str:
    return f"Assets in the vintage alone, {shares.frame['first'].min()} to {shares.frame['last'].max()}."


def _plot_factor(axes: Sequence[Axes], weeks: pd.DataFrame, assets: pd.DataFrame) -> None:
    above, below = axes
    dates = pd.to_datetime(weeks["week"])
    x = dates.dt.year + (dates.dt.day_of_year - 1) / 365.25
    above.axhline(0, color=theme.GREY, linewidth=0.8)
    above.plot(x, weeks["index"].to_numpy(float), color=theme.BLUE, linestyle="-")
    places = np.arange(len(assets))
    low, high = (assets[name].to_numpy(float) for name in ("low", "high"))
    below.hlines(places, low, high, color=theme.VERMILION, linewidth=3, alpha=0.45)
    below.plot(
        assets["share"].to_numpy(float),
        places,
        color=theme.VERMILION,
        linestyle="none",
        marker=theme.MARKERS[0],
    )
    below.set_yticks(places, list(assets["asset"]))
    below.set_xlim(0, 100)
    below.set_xlabel("% of variance")
    below.grid(visible=True, axis="x")


def growth(result: Result) -> Figure:
    """Change of market value by calendar year: bitcoin by price and issuance, stablecoins by issuance.

    Parameters
    ----------
    result : Result
        Of chapter 1.
    """
    id, title = "volumes.growth_chart", "Growth by price and by issuance"
    table = result.tables.get("growth")
    frame = table.frame if table is not None else pd.DataFrame()
    groups = [name for name in (BITCOIN, COINS) if not frame.empty and (frame["group"] == name).any()]
    if table is None or not groups:
        estimate = result.estimates.get("bitcoin_growth_pct")
        return Figure.notice(id, title, (estimate.reason if estimate else "") or REFUSED)
    shown = frame[frame["group"].isin(groups)]
    return draw(
        id,
        title=_growth_title(frame, title),
        subtitle="Change over the calendar year, billion US dollars; the last year to its last month",
        note=f"Sources: {', '.join(table.sources)}. Class: measured; the split is exact.",
        alt=". ".join(_growth_alt(frame, group) for group in groups) + ".",
        data=Table(f"{table.id}_plotted", "Plotted years", shown, _columns(table), table.note, table.sources),
        plot=lambda axes: _plot_growth(axes, frame, groups),
        panels=(len(groups), 1),
        height=0.8 + 2.0 * len(groups),
    )


def _columns(table: Table) -> tuple[Column, ...]:
    return tuple(c for c in table.columns if c.name in ("group", "year", "price", "quantity", "to"))


def _growth_title(frame: pd.DataFrame, title: str) -> str:
    bitcoin = frame[frame["group"] == BITCOIN]
    if bitcoin.empty:
        return title
    issued, moved = (float(bitcoin[name].astype(float).abs().sum()) for name in ("quantity", "price"))
    part = 100 * issued / (issued + moved)
    return (
        f"Issuance is {number(part, 0)} % of the yearly movements of bitcoin's market value, price the rest"
    )


def _growth_alt(frame: pd.DataFrame, group: str) -> str:
    rows = frame[frame["group"] == group]
    told = [
        f"{row['year']} price {number(float(row['price']), 0)}, issuance {number(float(row['quantity']), 0)}"
        for _, row in rows.iterrows()
    ]
    return f"{group}, billion US dollars: {'; '.join(told)}"


def _plot_growth(axes: Sequence[Axes], frame: pd.DataFrame, groups: Sequence[str]) -> None:
    for ax, group in zip(axes, groups, strict=True):
        rows = frame[frame["group"] == group]
        x = np.arange(len(rows))
        parts = {
            label: rows[name].to_numpy(float)
            for name, label in (("price", "price"), ("quantity", "issuance"))
            if group == BITCOIN or name == "quantity"
        }
        for place, (label, values) in enumerate(parts.items()):
            offset = (place - (len(parts) - 1) / 2) * 0.4
            colour = theme.BLUE if label == "price" else theme.ORANGE
            hatch = theme.HATCHES[0] if label == "price" else theme.HATCHES[1]
            ax.bar(x + offset, values, 0.38, color=colour, hatch=hatch, edgecolor=theme.PAPER, label=label)
        ax.axhline(0, color=theme.GREY, linewidth=0.8)
        ax.set_xticks(x, list(rows["year"]))
        ax.set_title(group if len(parts) > 1 else f"{group}, by issuance")
        if len(parts) > 1:
            ax.legend(loc="upper left", ncols=2)
