"""Figures of the price-crash chapter: bitcoin's price and falls, losses by scenario, volatility, the tail."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from cryptorisk.charts import theme
from cryptorisk.charts.figure import Figure, draw, label_ends, thin, with_range
from cryptorisk.countries import country
from cryptorisk.estimate import number
from cryptorisk.result import Column, Result, Table

DEEP_PCT = -50.0
"""Shaded: more than half below the record, as in the table of past falls."""

RETURN_TICKS = (1, 2, 5, 10, 20, 50, 100)
"""Ticks of the return periods' axis; it ends at the first beyond all data."""


def price(result: Result) -> Figure:
    """Bitcoin's price on a log axis with its fall from the record below."""
    id = "crash.price_chart"
    table = result.tables.get("price")
    if table is None:
        return Figure.notice(id, "Bitcoin's price", result["btc_price_usd"].reason)
    frame = thin(_dated(table.frame), 520)
    now = result["btc_drawdown_pct"]
    first, last = frame["date"].iloc[0].year, frame["date"].iloc[-1]
    deep = result.tables["history"].frame
    count = int(((deep["asset"] == "Bitcoin") & (deep["fall_pct"] >= -DEEP_PCT)).sum())
    return draw(
        id,
        title=f"Bitcoin has lost more than half its value {_times(count)} since 2011; on "
        f"{now.date} it stood {now:value} below its record",
        subtitle="Weekly closing price, US dollars, log axis (above); fall from the record so far, percent (below)",
        note=f"Shaded: more than half below the record. Sources: {', '.join(table.sources)}. Class: measured.",
        alt=(
            f"Two panels over time from {first} to {last.date().isoformat()}. Above, bitcoin's price on a log axis, ending "
            f"at {number(frame['price_usd'].iloc[-1], 0)} dollars. Below, its fall from the record so far, at "
            f"deepest {number(frame['drawdown_pct'].min(), 0)} percent and last "
            f"{number(frame['drawdown_pct'].iloc[-1], 0)} percent."
        ),
        data=_table(id, table, frame),
        plot=lambda axes: _plot_price(cast(Sequence[Axes], axes), frame),
        panels=(2, 1),
        sharex=True,
        height=4.4,
    )


def _plot_price(axes: Sequence[Axes], frame: pd.DataFrame) -> None:
    above, below = axes
    above.plot(frame["date"], frame["price_usd"], color=theme.BLUE, lw=1.3)
    above.set_yscale("log")
    above.yaxis.set_major_locator(LogLocator(base=100, numticks=6))
    above.yaxis.set_minor_locator(NullLocator())
    above.set_ylabel("US dollars (log)")
    below.fill_between(frame["date"], frame["drawdown_pct"], 0, color=theme.VERMILION, alpha=0.35, lw=0)
    below.plot(frame["date"], frame["drawdown_pct"], color=theme.VERMILION, lw=1.0)
    below.axhline(DEEP_PCT, color=theme.MUTED, lw=0.8, ls=(0, (5, 2)))
    below.set_ylim(-100, 0)
    below.set_ylabel("percent")
    deep = frame["drawdown_pct"] <= DEEP_PCT
    low, high = above.get_ylim()
    above.fill_between(frame["date"], low, high, where=deep.tolist(), color=theme.GREY, alpha=0.25, lw=0)
    above.set_ylim(low, high)


def scenarios(result: Result) -> Figure:
    """Households' loss by scenario: a dot and the range of holdings and their split, percent of GDP."""
    id, name = "crash.scenarios_chart", country(result.country).name_in_sentence
    headline = result["household_loss_pct_gdp"]
    table = result.tables["scenarios"]
    # A result read back from a notebook carries the shown columns only: unknown losses have none.
    known = "central_pct_gdp" in table.frame.columns
    frame = table.frame.dropna(subset=["central_pct_gdp"]) if known else table.frame.iloc[:0]
    if frame.empty:
        return Figure.notice(id, f"Households' losses in {name} by scenario", headline.reason)
    frame = frame.iloc[::-1].reset_index(drop=True)
    shown = ("scenario", "price_drop_pct", "low_pct_gdp", "central_pct_gdp", "high_pct_gdp")
    rows = "; ".join(
        f"{_short(str(r['scenario']), float(r['price_drop_pct']))}: "
        + with_range(r["central_pct_gdp"], r["low_pct_gdp"], r["high_pct_gdp"], 2)
        for r in frame.iloc[::-1].to_dict("records")
    )
    return draw(
        id,
        title=f"{_capital(name)}: a {_lower(headline.label.split(', ')[-1])} would cost households {headline:value}",
        subtitle=f"Scenarios: households' loss, percent of GDP; {_holdings(frame)}",
        note=f"No probability is attached. Sources: {', '.join(table.sources)}. Class: modelled.",
        alt=(
            f"Dots with ranges for {len(frame)} scenarios: households' loss in {name} in percent of GDP. {rows}."
        ),
        data=Table(
            id,
            table.title,
            frame[list(shown)].iloc[::-1],
            tuple(c for c in table.columns if c.name in shown),
            table.note,
            table.sources,
        ),
        plot=lambda ax: _plot_scenarios(cast(Axes, ax), frame),
        height=1.0 + 0.32 * len(frame),
    )


def _plot_scenarios(ax: Axes, frame: pd.DataFrame) -> None:
    for place, row in enumerate(frame.to_dict("records")):
        own = not str(row["scenario"]).startswith("As ")
        colour, marker = (theme.VERMILION, "s") if own else (theme.BLUE, "o")
        ax.plot(
            [row["low_pct_gdp"], row["high_pct_gdp"]],
            [place, place],
            color=colour,
            lw=2.2,
            alpha=0.55,
            ls="-",
        )
        ax.plot([row["central_pct_gdp"]], [place], marker=marker, color=colour, ms=6, ls="")
    ax.set_yticks(
        range(len(frame)),
        [
            _short(str(name), float(fall))
            for name, fall in zip(frame["scenario"], frame["price_drop_pct"], strict=True)
        ],
    )
    ax.set_xlim(0, 1.04 * float(frame["high_pct_gdp"].max()))
    ax.set_ylim(-0.6, len(frame) - 0.4)
    ax.grid(True, axis="x")
    ax.grid(False, axis="y")
    ax.set_xlabel("percent of GDP")


def _holdings(frame: pd.DataFrame) -> str:
    """Whether the holdings have a band: the institution's own figure has none."""
    if (frame["low_pct_gdp"] < frame["high_pct_gdp"]).any():
        return "bitcoin and stablecoins, range of holdings and of their split"
    return "the institution's own figure for what households hold, without a range"


def _short(name: str, fall: float) -> str:
    short = name.replace("As from peak to trough in ", "Peak to trough, ").replace("As in the worst", "Worst")
    return short if "%" in short else f"{short} (\u2212{fall:.0f} %)"


def volatility(result: Result) -> Figure:
    """Fitted volatility over time with the sample's average."""
    id = "crash.volatility_chart"
    table = result.tables.get("volatility")
    if table is None:
        return Figure.notice(id, "Bitcoin's volatility", result["btc_volatility_pct"].reason)
    frame = thin(_dated(table.frame), 320)
    mean, now = result["btc_volatility_pct"], result["btc_volatility_now_pct"]
    where = "below" if (now.value or 0) < (mean.value or 0) else "above"
    day = now.date.rsplit("/", 1)[-1]
    return draw(
        id,
        title=f"Bitcoin's volatility on {day}, {now:value} a year: {where} its average of {mean:value}",
        subtitle=f"{table.title}, percent a year (square root of 365)",
        note=f"Sources: {', '.join(table.sources)}. Class: modelled.",
        alt=(
            f"A line over time. Volatility runs from {number(frame['volatility_pct'].min(), 0)} to "
            f"{number(frame['volatility_pct'].max(), 0)} percent a year and ends at "
            f"{number(frame['volatility_pct'].iloc[-1], 0)}; the sample's average is {mean:value}."
        ),
        data=_table(id, table, frame),
        plot=lambda ax: _plot_volatility(cast(Axes, ax), frame, mean.value or 0.0),
        size="half",
    )


def _plot_volatility(ax: Axes, frame: pd.DataFrame, mean: float) -> None:
    ax.plot(frame["date"], frame["volatility_pct"], color=theme.BLUE, lw=1.0)
    ax.axhline(mean, color=theme.VERMILION, ls=(0, (5, 2)), lw=1.2)
    ax.set_ylim(bottom=0)
    label_ends(ax, [(mean, "average", theme.VERMILION)])  # beside the line's end, where no data lie under it


def return_levels(result: Result) -> Figure:
    """One-day fall by return period: the fitted tail with its band and what was observed."""
    id = "crash.tail_chart"
    table = result.tables.get("tail")
    if table is None:
        return Figure.notice(id, "The tail of bitcoin's daily falls", result["tail_index"].reason)
    frame, observed = table.frame, result.tables["observed"].frame
    chosen = frame[frame["years"] <= 10].iloc[-1]
    both = pd.concat(
        [frame.assign(what="fitted"), observed.assign(what="observed")],
        ignore_index=True,
    )[["what", "years", "fall_pct", "low", "high"]]
    return draw(
        id,
        title=f"Once in {int(chosen['years'])} years bitcoin falls by {number(chosen['fall_pct'], 0)} % or more in a day",
        subtitle="One-day fall in percent by return period in years (log axis); line and band: fitted tail, 80 %",
        note=(
            "Dots: largest fall of each cluster. Far out the band is too narrow. "
            f"Sources: {', '.join(table.sources)}. Class: modelled and measured."
        ),
        alt=(
            f"A rising line with a band: the one-day fall exceeded once in {int(frame['years'].iloc[0])} year is "
            f"{number(frame['fall_pct'].iloc[0], 0)} percent, once in {int(frame['years'].iloc[-1])} years "
            f"{number(frame['fall_pct'].iloc[-1], 0)} percent ({number(frame['low'].iloc[-1], 0)} to "
            f"{number(frame['high'].iloc[-1], 0)}). Dots of observed falls lie along it, the largest at "
            f"{number(observed['fall_pct'].max(), 1)} percent."
        ),
        data=Table(
            id,
            table.title,
            both,
            (
                Column("what", "Kind"),
                Column("years", "Once in", "years", 2),
                Column("fall_pct", "Fall in a day", "%", 1),
                Column("low", "Low", "%", 1),
                Column("high", "High", "%", 1),
            ),
            table.note,
            table.sources,
        ),
        plot=lambda ax: _plot_levels(cast(Axes, ax), frame, observed),
        size="half",
    )


def _plot_levels(ax: Axes, frame: pd.DataFrame, observed: pd.DataFrame) -> None:
    ax.fill_between(
        frame["years"], frame["low"], frame["high"], color=theme.BLUE, alpha=theme.BAND_ALPHA, lw=0
    )
    ax.plot(frame["years"], frame["fall_pct"], color=theme.BLUE)
    ax.plot(observed["years"], observed["fall_pct"], ls="", marker="o", ms=3.5, color=theme.INK)
    ax.set_xscale("log")
    last = max(float(observed["years"].max()), float(frame["years"].max()))
    ticks = [years for years in RETURN_TICKS if years < last] + [y for y in RETURN_TICKS if y >= last][:1]
    ax.set_xlim(0.9 * float(observed["years"].min()), 1.1 * ticks[-1])
    ax.set_xticks(ticks)
    worst = observed.nlargest(1, "fall_pct").iloc[0]
    ax.annotate(
        f"worst day: {number(worst['fall_pct'], 1)} %",
        xy=(worst["years"], worst["fall_pct"]),
        xytext=(-7, 0),
        textcoords="offset points",
        ha="right",
        va="center",
        fontsize=theme.FONT_POINTS - 0.5,
    )
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _place: f"{value:g}"))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set_xlabel("once in so many years (log)")
    ax.set_ylim(0, 1.08 * max(float(observed["fall_pct"].max()), float(frame["high"].max())))


def _dated(frame: pd.DataFrame) -> pd.DataFrame:
    """Dates as timestamps: a result read back from a notebook carries them as text."""
    return frame.assign(date=pd.to_datetime(frame["date"]))


def _table(id: str, table: Table, frame: pd.DataFrame) -> Table:
    return Table(id, table.title, frame, table.columns, table.note, table.sources)


def _times(count: int) -> str:
    words = {0: "not once", 1: "once", 2: "twice"}
    return words.get(count, f"{count} times")


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]


def _capital(name: str) -> str:
    return name[0].upper() + name[1:]
