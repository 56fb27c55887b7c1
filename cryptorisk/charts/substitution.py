"""Figures of chapter 2, drawn from the result's tables."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MultipleLocator

from cryptorisk.charts import theme
from cryptorisk.charts.figure import Figure, draw, label_ends
from cryptorisk.charts.substitution_portfolio import portfolio as portfolio
from cryptorisk.charts.substitution_portfolio import portfolio_horizons as portfolio_horizons
from cryptorisk.estimate import number
from cryptorisk.result import Result, Table

SHOWN_RANGE = (-100.0, 200.0)
"""Percent. Shares are plausible from 0 to 100; intervals beyond twice that range either way are cut and said so."""

STILL_YEAR_PCT = 1.0
"""A year in which the yearly average of the official rate moved by less than 1 percent, the margin of a
conventional peg: it cannot be said to outpace or to trail prices."""

TABLE_TITLES = {
    "shares": "Risk-minimising share of foreign currency",
    "decomposition": "What the share is made of",
    "displacement": "Scenario: base money displaced by foreign-currency stablecoins",
    "portfolio": "Portfolios with stablecoins and bitcoin",
}


def term_structure(result: Result) -> Figure:
    """Risk-minimising share by holding horizon, all changes and unforeseen ones, with intervals."""
    id, name = "substitution.term_structure", "Risk-minimising share by holding horizon"
    if "term_structure" not in result.tables:
        return Figure.notice(id, name, _why(result))
    table = result.tables["term_structure"]
    frame = table.frame
    first, last = frame.iloc[0], frame.iloc[-1]
    title = _movement(first, last, frame["raw"])
    cut = _outside(frame[["raw_low", "raw_high", "surprise_low", "surprise_high"]])

    def plot(ax: Axes) -> None:
        for reference in (0, 100):
            ax.axhline(reference, color=theme.GREY, linewidth=0.8)
        series = (("raw", theme.BLUE, "-"), ("surprise", theme.VERMILION, (0, (5, 2))))
        for column, colour, line in series:
            low, high = frame[column + "_low"], frame[column + "_high"]
            ax.fill_between(frame["horizon"], low, high, color=colour, alpha=theme.BAND_ALPHA, linewidth=0)
            ax.plot(frame["horizon"], frame[column], color=colour, linestyle=line)
        ax.set_xlabel("Holding horizon, months")
        ax.xaxis.set_major_locator(MultipleLocator(6))
        ax.set_xlim(1, 24)
        _limit(ax, frame.drop(columns=["horizon", "n"]))
        label_ends(
            ax,
            [
                (float(last["raw"]), "all changes", theme.BLUE),
                (float(last["surprise"]), "unforeseen", theme.VERMILION),
            ],
        )

    return draw(
        id,
        title=title,
        subtitle="Share of foreign currency that minimises the risk of savings, percent; bands are 90 % intervals",
        note=_note(table, cut),
        alt=(
            f"Two lines over holding horizons of 1 to 24 months. All changes: {_pct(first['raw'])} at one month, "
            f"{_pct(last['raw'])} at {last['horizon']:.0f}. Unforeseen changes: {_pct(first['surprise'])} and "
            f"{_pct(last['surprise'])}."
        ),
        data=table,
        plot=plot,
    )


def history(result: Result) -> Figure:
    """The share over rolling windows, with intervals and gaps where the rate hardly moved."""
    id, name = "substitution.history", "Risk-minimising share over rolling windows"
    if "history" not in result.tables or result.tables["history"].frame["share"].notna().sum() < 4:
        return Figure.notice(
            id, name, _why(result) or "fewer than four windows in which the rate moved enough"
        )
    table = result.tables["history"]
    known = table.frame.assign(date=pd.to_datetime(table.frame["date"]))
    # Windows end with quarters; those without a share are gaps of the line.
    quarters = pd.date_range(known["date"].iloc[0], known["date"].iloc[-1], freq="QE", name="date")
    frame = known.set_index("date").reindex(quarters).reset_index()
    gaps = "; gaps: the rate was fixed or moved too little" if len(frame) > len(known) else ""
    end, peak = known.iloc[-1], known.iloc[int(known["share"].to_numpy().argmax())]
    title = (
        f"In the window to {end['date']:%Y-%m} the share was {_pct(end['share'])} "
        f"(interval {_pct(end['low'])} to {_pct(end['high'])})"
    )

    def plot(ax: Axes) -> None:
        ax.axhline(0, color=theme.GREY, linewidth=0.8)
        ax.fill_between(
            frame["date"], frame["low"], frame["high"], color=theme.BLUE, alpha=theme.BAND_ALPHA, linewidth=0
        )
        ax.plot(frame["date"], frame["share"], color=theme.BLUE, marker="o" if gaps else "", markersize=3)
        # A band has no width at a window that stands alone: its interval is a line.
        alone = frame[
            frame["share"].notna() & frame["share"].shift().isna() & frame["share"].shift(-1).isna()
        ]
        if gaps and not alone.empty:
            ax.vlines(alone["date"], alone["low"], alone["high"], color=theme.BLUE, alpha=0.4, linewidth=2)
        _limit(ax, frame[["share", "low", "high"]])

    return draw(
        id,
        title=title,
        subtitle=f"{table.title}, percent; the band is the interval{gaps}",
        note=_note(table, _outside(frame[["low", "high"]])),
        alt=f"Line of the share from {known.iloc[0]['date']:%Y-%m} ({_pct(known.iloc[0]['share'])}) to "
        f"{end['date']:%Y-%m} ({_pct(end['share'])}), highest in {peak['date']:%Y-%m} ({_pct(peak['share'])}).",
        data=table,
        plot=plot,
    )


def price_history(result: Result) -> Figure:
    """Annual inflation and the yearly rise of the official price of foreign currency."""
    id, name = "substitution.price_history", "Inflation and depreciation"
    if "price_history" not in result.tables:
        return Figure.notice(id, name, "the data have neither annual inflation nor an exchange rate")
    table = result.tables["price_history"]
    frame = table.frame.reindex(columns=["year", "inflation", "depreciation"])
    lines = [
        (column, colour, line, label)
        for column, colour, line, label in (
            ("inflation", theme.VERMILION, "-", "inflation"),
            ("depreciation", theme.BLUE, (0, (5, 2)), "dearer foreign currency"),
        )
        if frame[column].notna().sum() > 1
    ]
    if not lines:
        return Figure.notice(id, name, "fewer than two years of data")
    # Symmetric logarithmic beyond 50 percent: hyperinflations and stable years in one picture.
    steep = bool(frame[["inflation", "depreciation"]].abs().max().max() > 150)

    def plot(ax: Axes) -> None:
        ax.axhline(0, color=theme.GREY, linewidth=0.8)
        for column, colour, line, _label in lines:
            ax.plot(frame["year"], frame[column], color=colour, linestyle=line, marker="o", markersize=3)
        if steep:
            ax.set_yscale("symlog", linthresh=50)
            ticks = [tick for tick in (-50, 0, 50, 100, 500, 1000, 10_000, 100_000) if _within(tick, frame)]
            ax.set_yticks(ticks, [number(tick, 0) for tick in ticks])
        known = [(frame[column].dropna().iloc[-1], label, colour) for column, colour, _, label in lines]
        label_ends(ax, [(float(value), label, colour) for value, label, colour in known])

    return draw(
        id,
        title=_prices_title(frame),
        subtitle="Annual inflation and yearly rise of the official price of foreign currency, percent"
        + (" (scale logarithmic beyond 50 %)" if steep else ""),
        note=_note(table, False),
        alt=f"{_prices_title(frame)}. Years {frame['year'].min()} to {frame['year'].max()}.",
        data=table,
        plot=plot,
    )


def table(result: Result, name: str) -> Table | Figure:
    """The result's table of that name, or a line that says why there is none."""
    if name in result.tables:
        return result.tables[name]
    if name == "portfolio" and "deposits" in result.tables:
        # Where the reference currency itself circulates: stablecoins against deposits.
        return result.tables["deposits"]
    loss = result.estimates.get("seigniorage_at_risk")
    reason = loss.reason if name == "displacement" and loss is not None else _why(result)
    if name == "displacement" and loss is not None and loss.available:
        reason = "the table would give a confidential figure away; the estimates give it to one digit"
    return Figure.notice(f"substitution.{name}", TABLE_TITLES[name], reason)


def _why(result: Result) -> str:
    if not result.applicable:
        return result.reason.split(":")[0]
    share = result.estimates.get("mvp_share")
    return share.reason if share is not None and share.reason else ""


def _pct(value: float) -> str:
    return f"{number(float(value), 0)} %"


def _movement(first: pd.Series, last: pd.Series, shares: pd.Series) -> str:
    """A movement is one that takes the last interval past the first share; anything less is noise."""
    if last["raw_low"] > first["raw"] or last["raw_high"] < first["raw"]:
        word = "rises" if last["raw"] > first["raw"] else "falls"
        return f"The share {word} from {_pct(first['raw'])} at one month to {_pct(last['raw'])} at two years"
    return f"The share lies between {_pct(shares.min())} and {_pct(shares.max())} at every horizon"


def _prices_title(frame: pd.DataFrame) -> str:
    prices = frame.dropna(subset=["inflation"])
    if prices.empty:
        last = frame.dropna(subset=["depreciation"]).iloc[-1]
        return f"Foreign currency became {number(last['depreciation'], 1)} % dearer in {last['year']:.0f}"
    last = prices.iloc[-1]
    text = f"Inflation was {number(last['inflation'], 1)} % in {last['year']:.0f}"
    both = frame.dropna()
    if len(both) < 5:
        return text
    # Judged over the last ten years in which both are known.
    both = both.tail(10)
    moved = both[both["depreciation"].abs() >= STILL_YEAR_PCT]
    if moved.empty:
        return f"{text}; the official rate stood still in the last {len(both)} years"
    faster = int((moved["depreciation"] > moved["inflation"]).sum())
    if len(moved) == len(both):
        return f"{text}; the official rate outpaced prices in {faster or 'none'} of {len(both)} years"
    times = f"in {faster} of these" if faster else "in none of these"
    return f"{text}; the official rate moved in {len(moved)} of {len(both)} years, faster than prices {times}"


def _limit(ax: Axes, frame: pd.DataFrame) -> None:
    low = max(SHOWN_RANGE[0], min(-10.0, float(np.nanmin(frame.to_numpy(dtype=float)))))
    high = min(SHOWN_RANGE[1], max(30.0, float(np.nanmax(frame.to_numpy(dtype=float)))))
    ax.set_ylim(1.05 * low, 1.05 * high)


def _outside(frame: pd.DataFrame) -> bool:
    values = frame.to_numpy(dtype=float)
    return bool(np.nanmin(values) < SHOWN_RANGE[0] or np.nanmax(values) > SHOWN_RANGE[1])


def _within(tick: float, frame: pd.DataFrame) -> bool:
    values = frame[["inflation", "depreciation"]].to_numpy(dtype=float)
    return bool(min(0.0, float(np.nanmin(values))) <= tick <= float(np.nanmax(values)))


def _note(table: Table, cut: bool) -> str:
    parts = [table.note] if table.note else []
    if cut:
        parts.append(f"Bands are cut at {number(SHOWN_RANGE[0], 0)} and {number(SHOWN_RANGE[1], 0)} %.")
    if table.sources:
        parts.append(f"Sources: {', '.join(table.sources)}.")
    return " ".join(parts)
