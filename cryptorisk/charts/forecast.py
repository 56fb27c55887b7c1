"""Figures of the volumes chapter by month: region and country with the year ahead, and the index with its backtest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator

from cryptorisk.charts import theme
from cryptorisk.charts.figure import Figure, draw
from cryptorisk.countries import country
from cryptorisk.estimate import number
from cryptorisk.result import Result, Table

SPREAD, NOWCAST = "published year, spread", "after it, index observed"
LINES = {SPREAD: "-", NOWCAST: (0, (5, 1.5))}
"""Solid inside published years, dashed after them, dotted where the index itself is forecast."""
AHEAD = (0, (1.5, 1.5))


def months(result: Result) -> Figure:
    """Region and country by month in dollars: path, interval, annual figures as blocks, the year ahead."""
    id, title = "volumes.months_chart", "Month by month, in dollars"
    return _paths(result, id, title, ("value", "low", "high"), "US dollars", annual=True)


def months_in_bitcoin(result: Result) -> Figure:
    """The same at the month's bitcoin price: without what the price alone moves."""
    id, title = "volumes.months_in_bitcoin_chart", "Month by month, in bitcoin"
    return _paths(result, id, title, ("coins", "coins_low", "coins_high"), "bitcoin", annual=False)


def _paths(
    result: Result, id: str, title: str, names: tuple[str, str, str], unit: str, *, annual: bool
) -> Figure:
    found = [result.tables.get(name) for name in ("monthly_country", "monthly_region")]
    tables = [one for one in found if one is not None and one.frame[names[0]].notna().any()]
    estimate = result["region_nowcast_usd" if annual else "region_nowcast_coins"]
    if not tables:
        return Figure.notice(id, title, estimate.reason or "there is no price of bitcoin by month")
    columns = [next(c for c in table.columns if c.name == names[0]) for table in tables]
    titles = [table.title.removesuffix(" by month") for table in tables]
    units = [f"{name}, {column.unit} a month" for name, column in zip(titles, columns, strict=True)]
    level = number(100 * (estimate.level or 0.8), 0)
    return draw(
        id,
        title=_title(result, title, annual),
        subtitle=f"Crypto value received by month, {unit}, log scale; band: {level} % interval; solid: spread over "
        f"published years{' (steps: their monthly mean)' if annual else ''}, dashed: after them, market activity observed, "
        "dotted: market activity forecast",
        note=f"Sources: {', '.join(tables[0].sources)}. Class: modelled; no month was observed.",
        alt=" ".join(_alt(table, names, one) for table, one in zip(tables, units, strict=True)),
        data=_both(tables, titles, names, annual),
        plot=lambda axes: _plot_paths(axes, tables, units, names, annual),
        panels=(len(tables), 1),
        height=1.0 + 2.2 * len(tables),
        sharex=True,
    )


def _title(result: Result, title: str, annual: bool) -> str:
    here = result["country_nowcast_usd" if annual else "country_nowcast_coins"]
    name = country(result.country).name
    if not here.available:
        here = result["region_nowcast_usd" if annual else "region_nowcast_coins"]
        name = "The region"
    if not here.available:
        return title
    level = number(100 * (here.level or 0.8), 0)
    return (
        f"{name}: {here:value} in the twelve months to June {here.date[-7:-3]} by nowcast "
        f"({level} % interval {here:interval})"
    )


def _alt(table: Table, names: tuple[str, str, str], unit: str) -> str:
    frame = table.frame
    rows = [frame.iloc[0], frame[frame["stage"] == SPREAD].iloc[-1], frame.iloc[-1]]
    points = [
        f"{row['month']} {_short(row[names[0]])} ({_short(row[names[1]])} to {_short(row[names[2]])})"
        for row in rows
    ]
    return f"{unit}: {', '.join(points)}."


def _short(value: float) -> str:
    return number(float(value), 0 if value >= 100 else 1 if value >= 10 else 2)


def _both(tables: Sequence[Table], titles: Sequence[str], names: tuple[str, str, str], annual: bool) -> Table:
    """The plotted columns of both tables, one below the other."""
    chosen = ["month", "stage", *names, *(["annual"] if annual else [])]
    frames = [
        one.frame[chosen].assign(place=name, unit=_unit(one, names[0]))
        for one, name in zip(tables, titles, strict=True)
    ]
    columns = [c for c in tables[0].columns if c.name in chosen]
    heads = tuple(type(c)(c.name, c.label, "", c.decimals) for c in columns)
    place, unit = type(columns[0])("place", "Place"), type(columns[0])("unit", "Unit")
    frame = pd.concat(frames, ignore_index=True)
    return Table(
        f"{tables[0].id}_plotted",
        "Plotted months",
        frame,
        (place, *heads, unit),
        tables[0].note,
        tables[0].sources,
    )


def _unit(table: Table, name: str) -> str:
    return next(column.unit for column in table.columns if column.name == name)


def _plot_paths(
    axes: Sequence[Axes],
    tables: Sequence[Table],
    titles: Sequence[str],
    names: tuple[str, str, str],
    annual: bool,
) -> None:
    colours = [theme.VERMILION, theme.BLUE][-len(tables) :]
    for ax, table, title, colour in zip(axes, tables, titles, colours, strict=True):
        frame = table.frame
        x = np.arange(len(frame))
        value, low, high = (frame[name].to_numpy(float) for name in names)
        ax.set_yscale("log")
        ax.fill_between(x, low, high, color=colour, alpha=theme.BAND_ALPHA, lw=0)
        if annual:
            steps = frame["annual"].to_numpy(float)
            for year in np.unique(steps[np.isfinite(steps)]):
                inside = x[steps == year]
                ax.plot([inside[0] - 0.5, inside[-1] + 0.5], [year, year], color=theme.INK, lw=1.1, ls="-")
        for stage in pd.unique(frame["stage"]):
            rows = np.flatnonzero((frame["stage"] == stage).to_numpy())
            joined = rows if rows[0] == 0 else np.concatenate([[rows[0] - 1], rows])
            ax.plot(joined, value[joined], color=colour, ls=LINES.get(str(stage), AHEAD), lw=1.7)
        ax.set_title(title)
        _scales(ax, list(frame["month"]))


def _scales(ax: Axes, months: Sequence[str]) -> None:
    """A tick at every January, and at 1, 3, 10, 30 ... of the log scale."""
    places = [place for place, month in enumerate(months) if month.endswith("-01")]
    ax.set_xticks(places, [months[place][:4] for place in places])
    ax.set_xlim(-1, len(months))
    ax.yaxis.set_major_locator(LogLocator(base=10, subs=(1, 3)))


def index(result: Result) -> Figure:
    """The observed index, what was forecast a year apart and what came, and the next twelve months."""
    id = "volumes.index_chart"
    table = result.tables.get("activity")
    if table is None:
        return Figure.notice(id, "Market activity", _index_reason(result))
    frame = table.frame
    ahead, observed = (frame[frame["part"] == part] for part in ("forecast", "observed"))
    last, end = observed.iloc[-1], ahead.iloc[-1]
    level = number(100 * (result["region_forecast_usd"].level or 0.8), 0)
    back = frame[frame["part"] == "forecast at the time"]
    return draw(
        id,
        title=f"Market activity forecast for {_month(end['month'])}: {number(end['value'], 0)} ({number(end['low'], 0)} to "
        f"{number(end['high'], 0)}), after {number(last['value'], 0)} in {_month(last['month'])}; mean of the last twelve "
        "months 100",
        subtitle="Market activity: bitcoin sent to exchanges and supply of dollar stablecoins, log scale; bands: half and "
        f"{level} % of the cases, from the errors of past forecasts; grey: what was forecast at the time",
        note=f"Sources: {', '.join(table.sources)}. Class: proxy, observed months; ahead: modelled.",
        alt=_index_alt(observed, ahead, back),
        data=table,
        plot=lambda ax: _plot_index(ax, observed, back, ahead),
    )


def _index_reason(result: Result) -> str:
    return result["region_forecast_usd"].reason or "no index of monthly activity"


def _index_alt(observed: pd.DataFrame, ahead: pd.DataFrame, back: pd.DataFrame) -> str:
    first, last, end = observed.iloc[0], observed.iloc[-1], ahead.iloc[-1]
    text = (
        f"Line from {number(first['value'], 0)} in {first['month']} to {number(last['value'], 0)} in {last['month']}; "
        f"then a fan whose middle is {number(end['value'], 0)} in {end['month']}."
    )
    if back.empty:
        return text
    inside = (back["actual"].between(back["low"], back["high"])).mean() if "actual" in back else np.nan
    origins = ", ".join(pd.unique(back["origin"]))
    kept = f" {number(100 * inside, 0)} % of their months lie inside." if np.isfinite(inside) else ""
    return f"{text} Earlier forecasts from {origins}.{kept}"


def _plot_index(ax: Axes, observed: pd.DataFrame, back: pd.DataFrame, ahead: pd.DataFrame) -> None:
    months = [*observed["month"], *ahead["month"]]
    place = {month: number_ for number_, month in enumerate(months)}
    ax.set_yscale("log")
    for _origin, rows in back.groupby("origin", sort=True):
        x = rows["month"].map(place).to_numpy(float)
        ax.fill_between(
            x, rows["low"].to_numpy(float), rows["high"].to_numpy(float), color=theme.GREY, alpha=0.2, lw=0
        )
        ax.plot(x, rows["value"].to_numpy(float), color=theme.MUTED, ls=AHEAD, lw=1.4)
    x = ahead["month"].map(place).to_numpy(float)
    for low, high, alpha in (("low", "high", theme.BAND_ALPHA), ("inner_low", "inner_high", 0.28)):
        ax.fill_between(
            x, ahead[low].to_numpy(float), ahead[high].to_numpy(float), color=theme.BLUE, alpha=alpha, lw=0
        )
    ax.plot(x, ahead["value"].to_numpy(float), color=theme.BLUE, ls=(0, (5, 1.5)), lw=1.7)
    ax.plot(np.arange(len(observed)), observed["value"].to_numpy(float), color=theme.INK, ls="-", lw=1.5)
    _scales(ax, months)


def _month(text: str) -> str:
    return f"{pd.Timestamp(f'{text}-01'):%B %Y}"
