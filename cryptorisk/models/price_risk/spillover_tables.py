"""Tables of connectedness and tails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from cryptorisk.estimate import number
from cryptorisk.models.price_risk.spillover_estimates import lags_in_words
from cryptorisk.models.price_risk.spillover_measure import (
    BEFORE,
    BLOCK,
    COVERAGE,
    HORIZON,
    RECENT,
    RETURNS,
    SINCE,
    STEP,
    TAIL,
    VOLATILITY,
    WHOLE,
    WINDOW,
    Spillovers,
    cell,
)
from cryptorisk.models.price_risk.spillover_steadiness import Half, Steadiness, windows_in_words
from cryptorisk.models.price_risk.weekly import BITCOIN, Weeks
from cryptorisk.result import Column, Table
from cryptorisk.stats.connectedness import rolling
from cryptorisk.stats.connectedness_chance import Level


def bitcoin_table(spill: Spillovers, id: str, title: str) -> Table:
    """Share of each market's variance that goes with bitcoin, for returns and volatilities."""
    note = f"Weekly, {spill.weeks.span}; {_NOTE}"
    return Table(id, title, pd.DataFrame(_market_rows(spill)), _MARKET_COLUMNS, note, spill.weeks.sources)


def samples_table(samples: Mapping[str, Spillovers]) -> Table:
    """``crash.spillovers``: the same by sample, the recent one first."""
    rows = [
        row | {"sample": name}
        for name in (SINCE, WHOLE)
        if name in samples
        for row in _market_rows(samples[name])
    ]
    spans = "; ".join(f"{name}, {samples[name].weeks.span}" for name in (SINCE, WHOLE) if name in samples)
    return Table(
        "crash.spillovers",
        "What goes with bitcoin's surprises, by market",
        pd.DataFrame(rows),
        (_MARKET_COLUMNS[0], Column("sample", "Sample"), *_MARKET_COLUMNS[1:]),
        f"Weekly: {spans}. {_NOTE[0].upper()}{_NOTE[1:]}",
        samples[WHOLE].weeks.sources,
    )


def samples_of_bitcoin(
    samples: Mapping[str, Spillovers], steady: Mapping[str, Steadiness], path: Table
) -> Table:
    """``crash.spillover_samples``: what of bitcoin's variance goes with all other markets, before and since the break.

    Parameters
    ----------
    samples : mapping of str to Spillovers
    steady : mapping of str to Steadiness
        Their halves are rows of their own.
    path : Table
        Of `path_table`.
    """
    rows: list[dict[str, Any]] = []
    for name in (BEFORE, SINCE, WHOLE):
        if name not in samples:
            continue
        spill = samples[name]
        row: dict[str, Any] = {"sample": name, "weeks": len(spill.weeks.returns)}
        for kind in (RETURNS, VOLATILITY):
            ends = spill.ends[kind]
            row |= {
                f"{kind}_pct": float(spill.found[kind].from_others[BITCOIN]),
                f"{kind}_low": 100 - cell(ends.high, BITCOIN, BITCOIN),
                f"{kind}_high": 100 - cell(ends.low, BITCOIN, BITCOIN),
                f"{kind}_chance": spill.level(kind).high,
            }
        rows.append(row)
        rows += [_half_row(half) for half in steady[name].halves] if name in steady else []
    columns = [Column("sample", "Sample"), Column("weeks", "Weeks", "", 0)]
    for kind in (RETURNS, VOLATILITY):
        columns += [
            Column(f"{kind}_pct", f"Of bitcoin's {kind}: with other markets", "%", 1),
            Column(f"{kind}_low", "Low", "%", 1),
            Column(f"{kind}_high", "High", "%", 1),
            Column(f"{kind}_chance", "By chance up to", "%", 1),
        ]
    means = "; ".join(
        f"{name} {number(samples[str(name)].level(RETURNS).mean, 1)} %"
        for name in (row["sample"] for row in rows)
        if name in samples
    )
    note = (
        "The date is that of Iyer (2022), who compares 2017 to 2019 alone with January 2020 on, and was not searched for "
        f"here. Halves have no interval. {_CHANCE} The mean over these orders, of returns: {means}.{_inside(path)}"
    )
    return Table(
        "crash.spillover_samples",
        f"Bitcoin among other markets before and since {RECENT:%B %Y}",
        pd.DataFrame(rows),
        tuple(columns),
        note,
        samples[WHOLE].weeks.sources,
    )


def _half_row(half: Half) -> dict[str, Any]:
    row: dict[str, Any] = {"sample": half.months, "weeks": len(half.weeks.returns)}
    for kind in (RETURNS, VOLATILITY):
        row |= {f"{kind}_pct": half.shares[kind], f"{kind}_low": np.nan, f"{kind}_high": np.nan}
        row[f"{kind}_chance"] = half.levels[kind].high
    return row


def _inside(path: Table) -> str:
    """How far windows within the first sample differ, and what chance makes of so few weeks."""
    early = path.frame.loc[path.frame["date"] < RECENT, "returns_bitcoin"]
    if early.empty:
        return ""
    return (
        f" Windows of {WINDOW} weeks that end before {RECENT:%B %Y} range from {number(early.min(), 0)} to "
        f"{number(early.max(), 0)} %. {path.note}"
    )


def _market_rows(spill: Spillovers) -> list[dict[str, Any]]:
    rows = []
    for name in spill.weeks.markets:
        if name == BITCOIN:
            continue
        row: dict[str, Any] = {"market": spill.weeks.markets[name].label}
        for kind in (RETURNS, VOLATILITY):
            shares, ends = spill.found[kind].shares, spill.ends[kind]
            row |= {
                f"{kind}_pct": cell(shares, name, BITCOIN),
                f"{kind}_low": cell(ends.low, name, BITCOIN),
                f"{kind}_high": cell(ends.high, name, BITCOIN),
                f"{kind}_chance": spill.level(kind, (name, BITCOIN)).high,
            }
        rows.append(row)
    return rows


_CHANCE = (
    f"By chance: the share that 19 of 20 orders of bitcoin's weeks (in blocks of {BLOCK}) stay below; what does not exceed "
    "it is not above chance."
)
_NOTE = (
    f"{100 * COVERAGE:g} % bootstrap intervals. {_CHANCE} What goes together is measured, not what moves what; "
    "in crises all markets go together more."
)
_MARKET_COLUMNS = (
    Column("market", "Market"),
    *(
        column
        for kind in (RETURNS, VOLATILITY)
        for column in (
            Column(f"{kind}_pct", f"Of its {kind}: with bitcoin", "%", 1),
            Column(f"{kind}_low", "Low", "%", 1),
            Column(f"{kind}_high", "High", "%", 1),
            Column(f"{kind}_chance", "By chance up to", "%", 1),
        )
    ),
)


def matrix_table(spill: Spillovers, id: str) -> Table:
    """The Diebold-Yilmaz tables, returns above volatilities."""
    labels = {name: market.label for name, market in spill.weeks.markets.items()}
    rows = []
    for kind in (RETURNS, VOLATILITY):
        found = spill.found[kind]
        for name in labels:
            rows.append(
                {"kind": kind, "market": labels[name]}
                | {other: cell(found.shares, name, other) for other in labels}
                | {"from": float(found.from_others[name])}
                | {"to": float(found.to_others[name]), "net": float(found.net[name])}
            )
    columns = (
        Column("kind", "Of weekly"),
        Column("market", "Variance of"),
        *(Column(name, labels[name], "%", 1) for name in labels),
        Column("from", "From others", "%", 1),
        Column("to", "To others", "pp", 1),
        Column("net", "Net", "pp", 1),
    )
    orders = ", ".join(f"{kind} {lags_in_words(spill.found[kind])}" for kind in (RETURNS, VOLATILITY))
    note = (
        "Rows sum to 100 before the last three columns. Lags by the Bayesian criterion, at least one: "
        f"{orders}; {HORIZON} weeks ahead."
    )
    title = "Connectedness of weekly returns and volatilities"
    return Table(id, title, pd.DataFrame(rows), columns, note, spill.weeks.sources)


def path_table(spill: Spillovers, levels: Mapping[str, Level]) -> Table:
    """``crash.tci_path``: connectedness in rolling windows, for the figure.

    Parameters
    ----------
    spill : Spillovers
    levels : mapping of str to Level
        What chance gives in such a window, by kind.
    """
    parts = {
        kind: rolling(frame, WINDOW, spill.found[kind].lags, HORIZON, step=STEP)
        for kind, frame in ((RETURNS, spill.weeks.returns), (VOLATILITY, spill.weeks.volatility))
    }
    others = [name for name in spill.weeks.markets if name != BITCOIN]
    frame = pd.DataFrame(
        {f"{kind}_total": part["total"] for kind, part in parts.items()}
        | {
            f"{kind}_bitcoin": part[[f"{BITCOIN}<{name}" for name in others]].sum(axis=1)
            for kind, part in parts.items()
        }
    ).dropna()
    return Table(
        "crash.tci_path",
        f"Connectedness in windows of {WINDOW} weeks",
        frame.rename_axis("date").reset_index(),
        (
            Column("date", "Window to"),
            Column("returns_total", "All markets, returns", "%", 1),
            Column("volatility_total", "All markets, volatilities", "%", 1),
            Column("returns_bitcoin", "Bitcoin from others, returns", "%", 1),
            Column("volatility_bitcoin", "Bitcoin from others, volatilities", "%", 1),
        ),
        note=windows_in_words(levels),
        sources=spill.weeks.sources,
        shown=False,
    )


def covar_table(rows: Sequence[Mapping[str, Any]], weeks: Weeks, id: str) -> Table:
    """Bad quantiles of markets when bitcoin stands at its median and in distress."""
    names = ("name", "market", "side", "median", "distress", "delta", "low", "high")
    fall = -100 * float(np.expm1(np.quantile(weeks.returns[BITCOIN], TAIL) / 100))
    return Table(
        id,
        "Bad weeks of other markets when bitcoin has one",
        pd.DataFrame(rows, columns=list(names)),
        (
            Column("market", "Market"),
            Column("side", "Bad side"),
            Column("median", "Bad week, bitcoin at its median", "log %", 1),
            Column("distress", "Bad week, bitcoin in distress", "log %", 1),
            Column("delta", "Difference", "log %", 1),
            Column("low", "Low", "log %", 1),
            Column("high", "High", "log %", 1),
        ),
        note=(
            f"Delta-CoVaR (Adrian and Brunnermeier 2016): the worst {100 * TAIL:g} % of weeks begin there; distress is a "
            f"fall of bitcoin by {number(fall, 0)} % in a week. {100 * COVERAGE:g} % block-bootstrap intervals. No cause is "
            "claimed."
        ),
        sources=weeks.sources,
    )
