"""How bitcoin's weeks go together with those of other markets: connectedness and tails.

A forecast-error variance decomposition of a vector autoregression says which part of a market's variation goes with
surprises in another; no direction of cause is found by it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cryptorisk.data.inputs import Inputs
from cryptorisk.errors import ModelError
from cryptorisk.estimate import Estimate
from cryptorisk.models.part import Part
from cryptorisk.models.price_risk.spillover_measure import (
    BLOCK,
    COVERAGE,
    HORIZON,
    RETURNS,
    TAIL,
    VOLATILITY,
    Spillovers,
    cell,
    measured,
    tail_rows,
)
from cryptorisk.models.price_risk.spillover_tables import bitcoin_table, covar_table, matrix_table, path_table
from cryptorisk.models.price_risk.weekly import BITCOIN, EQUITY, MARKETS, Weeks, weeks_of
from cryptorisk.params import Params
from cryptorisk.result import Finding
from cryptorisk.words import inside, listing

PUBLISHED = (
    "Iyer (2022, IMF Global Financial Stability Note 2022/001, abstract, "
    "https://www.imf.org/en/Publications/global-financial-stability-notes/Issues/2022/01/10/Cryptic-Connections-511776) "
    "attributes 14 to 18 % of the variation in equity volatility and 8 to 10 % of that in equity returns to bitcoin: "
    "daily figures of the S&P 500 and the MSCI emerging-markets index, another sample than any here"
)
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
        path_table(spill),
        covar_table(tails, weeks, "crash.covar"),
    )
    return Part(estimates, tables, (_finding(spill, estimates),))


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
