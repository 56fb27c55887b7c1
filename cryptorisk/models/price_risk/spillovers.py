"""How bitcoin's weeks go together with those of other markets: connectedness and tails.

A forecast-error variance decomposition of a vector autoregression says which part of a market's variation goes with
surprises in another; no direction of cause is found by it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.errors import ModelError
from cryptorisk.estimate import Estimate, number
from cryptorisk.models.part import Part
from cryptorisk.models.price_risk.weekly import BITCOIN, EQUITY, MARKETS, Weeks, weeks_of
from cryptorisk.params import Params
from cryptorisk.result import Column, Finding, Table
from cryptorisk.stats.connectedness import (
    Connectedness,
    ConnectednessInterval,
    connectedness,
    connectedness_interval,
    rolling,
)
from cryptorisk.stats.covar import delta_covar
from cryptorisk.words import inside, listing

COVERAGE = 0.8
HORIZON = 10
"""Weeks ahead, as Diebold and Yilmaz (2012) take ten days ahead; from a few weeks on the decomposition hardly moves."""

WINDOW, STEP = 104, 4
"""Weeks of a rolling window, and between two: with fewer than two years a window has too few observations a coefficient."""

BLOCK = 8
"""Weeks of a resampled block: about a spell of turbulence (`cryptorisk.models.price_risk.regimes`)."""

REPLICATIONS = 299
TAIL = 0.05
PUBLISHED = (
    "Iyer (2022, IMF Global Financial Stability Note 2022/001, abstract, "
    "https://www.imf.org/en/Publications/global-financial-stability-notes/Issues/2022/01/10/Cryptic-Connections-511776) "
    "attributes 14 to 18 % of the variation in equity volatility and 8 to 10 % of that in equity returns to bitcoin: "
    "daily figures of the S&P 500 and the MSCI emerging-markets index, another sample than any here"
)
RETURNS, VOLATILITY = "returns", "volatility"
FUNCTION = "cryptorisk.stats.connectedness.connectedness"
LABELS: Mapping[str, tuple[str, str]] = {
    "tci_returns_pct": ("Total connectedness of weekly returns, bitcoin and other markets", "pct"),
    "tci_volatility_pct": ("Total connectedness of weekly volatilities, bitcoin and other markets", "pct"),
    "bitcoin_from_markets_pct": (
        "Share of the variance of bitcoin's weekly returns that goes with other markets",
        "pct",
    ),
    "equity_returns_from_bitcoin_pct": (
        "Share of the variance of weekly equity returns that goes with bitcoin",
        "pct",
    ),
    "equity_volatility_from_bitcoin_pct": (
        "Share of the variance of weekly equity volatility that goes with bitcoin",
        "pct",
    ),
    "vix_from_bitcoin_pct": (
        "Share of the variance of the VIX's weekly changes that goes with bitcoin",
        "pct",
    ),
    "equity_delta_covar_pct": (
        "How much lower the bad tail of weekly equity returns lies when bitcoin is in distress",
        "log_return_pct",
    ),
}


@dataclass(frozen=True, eq=False)
class Spillovers:
    """Connectedness of returns and volatilities with intervals."""

    weeks: Weeks
    found: Mapping[str, Connectedness]
    ends: Mapping[str, ConnectednessInterval]


def spillovers_part(inputs: Inputs, params: Params) -> Part:
    """Bitcoin among world markets: estimates of `LABELS`, tables ``spillovers``, ``connectedness``, ``tci_path``, ``covar``.

    Parameters
    ----------
    inputs : Inputs
        Without figures of the bank's own.
    params : Params
        ``crash.sample_start`` and the seed.
    """
    weeks = weeks_of(inputs, params)
    if weeks.reason:
        return _missing(weeks.reason)
    try:
        spill = measured(weeks, params.seed)
    except ModelError as error:
        return _missing(str(error))
    tails = tail_rows(weeks, params.seed)
    estimates = _estimates(spill, tails)
    tables = (
        bitcoin_table(spill, "crash.spillovers", "What goes with bitcoin's surprises, by market"),
        matrix_table(spill, "crash.connectedness"),
        _path_table(spill),
        covar_table(tails, weeks, "crash.covar"),
    )
    return Part(estimates, tables, (_finding(spill, estimates),))


def measured(weeks: Weeks, seed: int) -> Spillovers:
    """Both decompositions, with intervals by a residual block bootstrap."""
    frames = {RETURNS: weeks.returns, VOLATILITY: weeks.volatility}
    found = {name: connectedness(frame, horizon=HORIZON) for name, frame in frames.items()}
    ends = {
        name: connectedness_interval(
            frame, found[name], level=COVERAGE, replications=REPLICATIONS, block=BLOCK, seed=seed
        )
        for name, frame in frames.items()
    }
    return Spillovers(weeks, found, ends)


def cell(frame: pd.DataFrame, row: str, column: str) -> float:
    """A number of a frame by its labels."""
    return float(frame[column].astype(float).to_dict()[row])


def _missing(reason: str) -> Part:
    return Part(
        tuple(Estimate.missing(f"crash.{n}", label, unit, reason) for n, (label, unit) in LABELS.items())
    )


def no_equity(weeks: Weeks) -> str:
    """Why no share of equity's variance is given."""
    absent = "; ".join(
        f"{MARKETS[name].label}: {weeks.absent[name]}" for name in EQUITY if name in weeks.absent
    )
    return f"no equity index in the sample ({absent}); a live refresh fills it"


def _estimates(spill: Spillovers, tails: Sequence[Mapping[str, Any]]) -> tuple[Estimate, ...]:
    made = [
        share_estimate("tci_returns_pct", spill, RETURNS),
        share_estimate("tci_volatility_pct", spill, VOLATILITY),
    ]
    made.append(_from_others(spill))
    equity = next((name for name in EQUITY if name in spill.weeks.markets), None)
    for kind, id in (
        (RETURNS, "equity_returns_from_bitcoin_pct"),
        (VOLATILITY, "equity_volatility_from_bitcoin_pct"),
    ):
        made.append(_share_or_none(id, spill, kind, equity, no_equity(spill.weeks)))
    vix = "vix" if "vix" in spill.weeks.markets else None
    made.append(
        _share_or_none("vix_from_bitcoin_pct", spill, RETURNS, vix, spill.weeks.absent.get("vix", ""))
    )
    made.append(_covar_estimate(spill, tails, equity))
    return tuple(made)


def _share_or_none(id: str, spill: Spillovers, kind: str, name: str | None, reason: str) -> Estimate:
    label, unit = LABELS[id]
    if name is None:
        return Estimate.missing(f"crash.{id}", label, unit, reason)
    labelled = label.replace("equity", spill.weeks.markets[name].label) if name in EQUITY else label
    return share_estimate(id, spill, kind, pair=(name, BITCOIN), label=labelled)


def share_estimate(
    id: str, spill: Spillovers, kind: str, *, pair: tuple[str, str] | None = None, label: str = ""
) -> Estimate:
    """Total connectedness, or the share of the first market's variance that goes with the second."""
    found, ends = spill.found[kind], spill.ends[kind]
    value = found.total if pair is None else cell(found.shares, pair[0], pair[1])
    low, high = (
        ends.total if pair is None else (cell(each, pair[0], pair[1]) for each in (ends.low, ends.high))
    )
    return _made(id, label or LABELS[id][0], value, (low, high) if ends.stable else None, spill, kind)


def _from_others(spill: Spillovers) -> Estimate:
    found, ends = spill.found[RETURNS], spill.ends[RETURNS]
    # What is left of the own share: its interval turned round.
    low, high = (100 - cell(each, BITCOIN, BITCOIN) for each in (ends.high, ends.low))
    value = float(found.from_others[BITCOIN])
    id = "bitcoin_from_markets_pct"
    return _made(id, LABELS[id][0], value, (low, high) if ends.stable else None, spill, RETURNS)


def _made(
    id: str, label: str, value: float, ends: tuple[float, float] | None, spill: Spillovers, kind: str
) -> Estimate:
    found = spill.found[kind]
    return Estimate(
        id=f"crash.{id}",
        label=label,
        value=value,
        unit="pct",
        low=None if ends is None else ends[0],
        high=None if ends is None else ends[1],
        level=None if ends is None else COVERAGE,
        interval="none" if ends is None else "confidence",
        method=(
            f"Generalised decomposition {HORIZON} weeks ahead (Diebold and Yilmaz 2012), VAR({found.lags}), weekly {kind}; "
            f"residual bootstrap in blocks of {BLOCK} weeks, corrected for bias."
        ),
        date=spill.weeks.span,
        n_obs=found.n_obs,
        sources=spill.weeks.sources,
        inputs=spill.weeks.series,
        function=FUNCTION,
        note="" if ends else "No interval: the fitted autoregression is not stationary.",
    )


def bitcoin_table(spill: Spillovers, id: str, title: str) -> Table:
    """Share of each market's variance that goes with bitcoin, for returns and volatilities."""
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
            }
        rows.append(row)
    columns = [Column("market", "Market")]
    for kind in (RETURNS, VOLATILITY):
        columns += [
            Column(f"{kind}_pct", f"Of its {kind}: with bitcoin", "%", 1),
            Column(f"{kind}_low", "Low", "%", 1),
            Column(f"{kind}_high", "High", "%", 1),
        ]
    note = (
        f"Weekly, {spill.weeks.span}; {100 * COVERAGE:g} % bootstrap intervals. What goes together is measured, not what "
        "moves what; in crises all markets go together more."
    )
    return Table(id, title, pd.DataFrame(rows), tuple(columns), note, spill.weeks.sources)


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
    orders = ", ".join(f"{kind}: {spill.found[kind].lags}" for kind in (RETURNS, VOLATILITY))
    note = f"Rows sum to 100 before the last three columns. Lags by the Bayesian criterion: {orders}; {HORIZON} weeks ahead."
    title = "Connectedness of weekly returns and volatilities"
    return Table(id, title, pd.DataFrame(rows), columns, note, spill.weeks.sources)


def _path_table(spill: Spillovers) -> Table:
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
        sources=spill.weeks.sources,
        shown=False,
    )


def tail_rows(weeks: Weeks, seed: int) -> list[dict[str, Any]]:
    """Delta-CoVaR of every market that has a bad side, given bitcoin's worst weeks; its bad side negative."""
    rows: list[dict[str, Any]] = []
    for name, market in weeks.markets.items():
        if name == BITCOIN or market.bad == 0:
            continue
        try:
            found = delta_covar(
                -market.bad * weeks.returns[name],
                weeks.returns[BITCOIN],
                quantile=TAIL,
                level=COVERAGE,
                replications=REPLICATIONS,
                block=BLOCK,
                seed=seed,
            )
        except ModelError:
            continue
        rows.append(
            {
                "name": name,
                "market": market.label,
                "side": "rise" if market.bad > 0 else "fall",
                "median": -found.covar_median,
                "distress": -found.covar,
                "delta": -found.delta,
                "low": -found.high,
                "high": -found.low,
            }
        )
    return rows


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


def _covar_estimate(spill: Spillovers, tails: Sequence[Mapping[str, Any]], equity: str | None) -> Estimate:
    id = "equity_delta_covar_pct"
    label, unit = LABELS[id]
    row = next((each for each in tails if each["name"] == equity), None)
    if row is None or equity is None:
        return Estimate.missing(f"crash.{id}", label, unit, no_equity(spill.weeks))
    return Estimate(
        id=f"crash.{id}",
        label=label.replace("equity", spill.weeks.markets[equity].label),
        value=row["delta"],
        unit=unit,
        low=min(row["low"], row["delta"]),
        high=max(row["high"], row["delta"]),
        level=COVERAGE,
        interval="confidence",
        method=f"Delta-CoVaR at {100 * TAIL:g} % by quantile regression of weekly returns; block bootstrap.",
        date=spill.weeks.span,
        n_obs=len(spill.weeks.returns),
        sources=spill.weeks.sources,
        inputs=spill.weeks.series,
        function="cryptorisk.stats.covar.delta_covar",
    )


def _finding(spill: Spillovers, estimates: Sequence[Estimate]) -> Finding:
    known = {estimate.id.removeprefix("crash."): estimate for estimate in estimates}
    shares = known["bitcoin_from_markets_pct"]
    others = [market.label for name, market in spill.weeks.markets.items() if name != BITCOIN]
    text = f"{shares:full} of the variance of bitcoin's weekly returns goes with other markets ({listing(others)})"
    equity = known["equity_returns_from_bitcoin_pct"]
    if equity.available:
        volatility = known["equity_volatility_from_bitcoin_pct"]
        text += f"; {inside(equity.label)}: {equity:full}, of its volatility {volatility:full}"
    else:
        text += ". How much of equity's variance goes with bitcoin cannot be said: no equity index is in the vintage"
    text += f". {PUBLISHED}."
    return Finding(
        "crash.spillovers", text, "info", "result", tuple(each.id for each in estimates if each.available)
    )
