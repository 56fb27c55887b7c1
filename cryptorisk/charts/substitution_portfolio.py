"""Figures of chapter 2 on the portfolio with stablecoins and bitcoin, drawn from the result's tables."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MultipleLocator

from cryptorisk.charts import theme
from cryptorisk.charts.figure import Figure, draw, label_ends
from cryptorisk.estimate import number
from cryptorisk.result import Result, Table

_ASSETS = (
    ("national", "national money", theme.SKY, theme.INK),
    ("bank", "dollar deposits", theme.GREEN, theme.INK),
    ("stablecoin", "stablecoins", theme.VERMILION, theme.INK),
    ("bitcoin", "bitcoin", theme.INK, theme.PAPER),
)
_ACCOUNTS = {"without": "no account", "with": "account"}
_LONG = "risk and cost, stablecoins on "
"""Left out before "good terms" and "bad terms" beside the bars; the subtitle says whose terms."""


SHOWN_PCT = 0.5
"""A weight below half a percent is written as nought."""


LABELLED_PCT = 7.0
"""A part of a bar that is narrower than this has no room for its number."""


def portfolio(result: Result) -> Figure:
    """Stacked weights of savers without and with an account in foreign currency, by rule."""
    id, name = "substitution.portfolio", "National money, dollar deposits, stablecoins and bitcoin"
    if "portfolio" not in result.tables:
        return Figure.notice(id, name, _why(result))
    table = result.tables["portfolio"]
    # Short positions cannot be stacked, and simple returns are a check that the table shows.
    long_only = ~table.frame["rule"].str.contains("short|simple")
    frame = table.frame[long_only].reset_index(drop=True)
    groups = frame["account"].ne(frame["account"].shift()).cumsum().to_numpy(dtype=float)
    places = np.arange(len(frame)) + 0.6 * (groups - 1)
    labels = [
        f"{_ACCOUNTS[account]}, {rule.removeprefix(_LONG)}"
        for account, rule in zip(frame["account"], frame["rule"], strict=True)
    ]

    def plot(ax: Axes) -> None:
        left = np.zeros(len(frame))
        for column, label, colour, ink in _ASSETS:
            width = frame[column].fillna(0.0).to_numpy(dtype=float)
            ax.barh(places, width, left=left, height=0.75, color=colour, edgecolor=theme.PAPER, label=label)
            for place, start, size in zip(places, left, width, strict=True):
                # The number names the part where colours do not: in grey print, to some readers.
                if size >= LABELLED_PCT:
                    ax.text(start + size / 2, place, number(size, 0), ha="center", va="center", color=ink)
            left = left + width
        ax.set_yticks(places, labels)
        ax.invert_yaxis()
        ax.set_xlim(0, 100)
        ax.set_xlabel("Percent of savings")
        ax.legend(ncols=4, loc="lower center", bbox_to_anchor=(0.3, 1.0), handlelength=1.2, columnspacing=1.0)

    risk, cost = frame.iloc[0], frame.iloc[1]
    title = (
        f"The least risky savings hold {_pct(risk['stablecoin'])} in stablecoins and {_pct(risk['bitcoin'])} in bitcoin; "
        f"counting costs, {_pct(cost['stablecoin'])} in stablecoins"
    )
    return draw(
        id,
        title=title,
        subtitle="Portfolios without and with an account in foreign currency, percent; terms are those of stablecoins",
        note=_note(table),
        alt="Stacked bars. "
        + "; ".join(
            f"{label}: national {_pct(row['national'])}, stablecoins {_pct(row['stablecoin'])}, bitcoin "
            f"{_pct(row['bitcoin'])}"
            for label, (_, row) in zip(labels, frame.iterrows(), strict=True)
        )
        + ".",
        data=table,
        plot=plot,
        height=0.9 + 0.36 * len(frame),
    )


def portfolio_horizons(result: Result) -> Figure:
    """Stablecoins and bitcoin by holding horizon, with intervals: risk alone, and risk with cost."""
    id, name = "substitution.portfolio_horizons", "Stablecoins and bitcoin by holding horizon"
    if "portfolio_horizons" not in result.tables or len(result.tables["portfolio_horizons"].frame) < 2:
        return Figure.notice(id, name, _why(result) or "too few horizons with enough changes")
    table = result.tables["portfolio_horizons"]
    frame = table.frame
    first, last = frame.iloc[0], frame.iloc[-1]

    def plot(ax: Axes) -> None:
        ax.axhline(0, color=theme.GREY, linewidth=0.8)
        for column, colour, line in (("risk", theme.VERMILION, "-"), ("cost", theme.BLUE, (0, (5, 2)))):
            low, high = frame[column + "_low"], frame[column + "_high"]
            ax.fill_between(frame["horizon"], low, high, color=colour, alpha=theme.BAND_ALPHA, linewidth=0)
            ax.plot(frame["horizon"], frame[column], color=colour, linestyle=line, marker="o", markersize=3)
        ax.plot(frame["horizon"], frame["bitcoin"], color=theme.INK, linestyle=(0, (1.5, 1.5)))
        ax.set_xlabel("Holding horizon, months")
        ax.xaxis.set_major_locator(MultipleLocator(6))
        top = float(np.nanmax(frame[["risk", "cost", "risk_high", "cost_high"]].to_numpy(dtype=float)))
        ax.set_ylim(-3, min(105.0, max(20.0, 1.05 * top)))
        label_ends(
            ax,
            [
                (float(last["risk"]), "stablecoins, risk", theme.VERMILION),
                (float(last["cost"]), "risk and cost", theme.BLUE),
                (float(last["bitcoin"]), "bitcoin, risk", theme.INK),
            ],
        )

    return draw(
        id,
        title=_movement(first, last, frame),
        subtitle="Weights in the portfolio of savers without an account in foreign currency, percent; bands are 90 % "
        "intervals",
        note=_note(table),
        alt=(
            f"Lines over holding horizons of {first['horizon']:.0f} to {last['horizon']:.0f} months. Stablecoins, risk "
            f"alone: {_pct(first['risk'])} to {_pct(last['risk'])}; risk and cost: {_pct(first['cost'])} to "
            f"{_pct(last['cost'])}. Bitcoin: at most {_pct(frame['bitcoin'].max())}."
        ),
        data=table,
        plot=plot,
    )


def _movement(first: pd.Series, last: pd.Series, frame: pd.DataFrame) -> str:
    """A movement takes the last interval past the first weight; anything less is noise."""
    most = float(frame["bitcoin"].max())
    bitcoin = f"bitcoin at most {_pct(most)}" if most >= SHOWN_PCT else "no bitcoin"
    if last["risk_low"] > first["risk"] or last["risk_high"] < first["risk"]:
        start = "one month" if first["horizon"] == 1 else f"{first['horizon']:.0f} months"
        return (
            f"The least risky savings hold {_pct(first['risk'])} in stablecoins at {start} and {_pct(last['risk'])} at "
            f"{last['horizon']:.0f} months; {bitcoin}"
        )
    low, high = frame["risk"].min(), frame["risk"].max()
    return (
        f"The least risky savings hold {_pct(low)} to {_pct(high)} in stablecoins at every horizon; {bitcoin}"
    )


def _why(result: Result) -> str:
    """The reason that the chapter gives for having no such portfolio."""
    for name in ("portfolio_stablecoin", "mvp_share"):
        one = result.estimates.get(name)
        if one is not None and one.reason:
            return one.reason
    return result.reason.split(":")[0]


def _pct(value: float) -> str:
    return f"{number(float(value), 0)} %"


def _note(table: Table) -> str:
    return " ".join([table.note, f"Sources: {', '.join(table.sources)}."] if table.sources else [table.note])
