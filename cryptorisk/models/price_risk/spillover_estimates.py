"""Shares of variance and shifts of tails as estimates, over the whole sample and since `RECENT`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cryptorisk.estimate import Estimate, number
from cryptorisk.models.price_risk.spillover_measure import (
    BLOCK,
    COVERAGE,
    HORIZON,
    RECENT,
    RETURNS,
    SINCE,
    TAIL,
    VOLATILITY,
    WHOLE,
    Spillovers,
    cell,
)
from cryptorisk.models.price_risk.spillover_steadiness import Steadiness
from cryptorisk.models.price_risk.weekly import BITCOIN, EQUITY, FEWEST_WEEKS, MARKETS, Weeks
from cryptorisk.stats.connectedness import Connectedness
from cryptorisk.stats.connectedness_chance import Level

FUNCTION = "cryptorisk.stats.connectedness.connectedness"
RECENT_OF = {
    "bitcoin_from_markets_pct": "bitcoin_from_markets_recent_pct",
    "equity_returns_from_bitcoin_pct": "equity_returns_from_bitcoin_recent_pct",
    "equity_volatility_from_bitcoin_pct": "equity_volatility_from_bitcoin_recent_pct",
    "vix_from_bitcoin_pct": "vix_from_bitcoin_recent_pct",
}
"""Names of the same shares since `RECENT`."""
_WHOLE: dict[str, tuple[str, str]] = {
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
LABELS: Mapping[str, tuple[str, str]] = _WHOLE | {
    recent: (f"{_WHOLE[name][0]}, {SINCE}", _WHOLE[name][1]) for name, recent in RECENT_OF.items()
}


def no_equity(weeks: Weeks) -> str:
    """Why no share of equity's variance is given."""
    absent = "; ".join(
        f"{MARKETS[name].label}: {weeks.absent[name]}" for name in EQUITY if name in weeks.absent
    )
    return f"no equity index in the sample ({absent}); a live refresh fills it"


def spillover_estimates(
    samples: Mapping[str, Spillovers], tails: Sequence[Mapping[str, Any]], steady: Mapping[str, Steadiness]
) -> tuple[Estimate, ...]:
    """Every estimate of `LABELS`.

    Parameters
    ----------
    samples : mapping of str to Spillovers
        Of `cryptorisk.models.price_risk.spillover_measure.by_sample`.
    tails : sequence of mappings
        Of `tail_rows`, whole sample.
    steady : mapping of str to Steadiness
        Of `cryptorisk.models.price_risk.spillover_steadiness.steadiness`.
    """
    spill = samples[WHOLE]
    totals = [
        share_estimate("tci_returns_pct", spill, RETURNS),
        share_estimate("tci_volatility_pct", spill, VOLATILITY),
    ]
    return (
        *totals,
        *_shares(spill),
        *_recent(samples, steady),
        _covar_estimate(spill, tails, _equity(spill)),
    )


def _shares(spill: Spillovers) -> list[Estimate]:
    """Bitcoin's share that goes with others, and the shares of equity and the VIX that go with bitcoin."""
    equity, vix = _equity(spill), "vix" if "vix" in spill.weeks.markets else None
    asked = (
        ("equity_returns_from_bitcoin_pct", RETURNS, equity, no_equity(spill.weeks)),
        ("equity_volatility_from_bitcoin_pct", VOLATILITY, equity, no_equity(spill.weeks)),
        ("vix_from_bitcoin_pct", RETURNS, vix, spill.weeks.absent.get("vix", "")),
    )
    return [
        from_others(spill),
        *(_share_or_none(id, spill, kind, name, why) for id, kind, name, why in asked),
    ]


def _recent(samples: Mapping[str, Spillovers], steady: Mapping[str, Steadiness]) -> list[Estimate]:
    """The same shares since `RECENT`, under their own names."""
    spill = samples.get(SINCE)
    if spill is None:
        weeks = len(samples[WHOLE].weeks.returns.loc[RECENT:])
        reason = f"{weeks} weeks {SINCE}; {FEWEST_WEEKS} that an autoregression fits are needed"
        return [Estimate.missing(f"crash.{name}", *LABELS[name], reason) for name in RECENT_OF.values()]
    bitcoin, *others = _shares(spill)
    bitcoin = bitcoin.with_(note=f"{bitcoin.note} {steady[SINCE].weeks_in_words()}")
    return [
        each.with_(
            id=f"crash.{RECENT_OF[each.id.removeprefix('crash.')]}",
            label=f"{each.label}, {SINCE}",
        )
        for each in (bitcoin, *others)
    ]


def _equity(spill: Spillovers) -> str | None:
    return next((name for name in EQUITY if name in spill.weeks.markets), None)


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
    note = "" if pair is None or BITCOIN not in pair else chance_in_words(spill.level(kind, pair), value)
    return _made(id, label or LABELS[id][0], value, (low, high) if ends.stable else None, spill, kind, note)


def from_others(spill: Spillovers) -> Estimate:
    """Share of the variance of bitcoin's returns that goes with all other markets together."""
    found, ends = spill.found[RETURNS], spill.ends[RETURNS]
    # What is left of the own share: its interval turned round.
    low, high = (100 - cell(each, BITCOIN, BITCOIN) for each in (ends.high, ends.low))
    value = float(found.from_others[BITCOIN])
    id = "bitcoin_from_markets_pct"
    note = chance_in_words(spill.level(RETURNS), value)
    return _made(id, LABELS[id][0], value, (low, high) if ends.stable else None, spill, RETURNS, note)


def chance_in_words(level: Level, value: float) -> str:
    """What the share is with bitcoin's weeks in another order, and whether the measured one is above that."""
    return (
        f"{'Above' if level.below(value) else 'Not above'} chance: with bitcoin's weeks in another order it is "
        f"{number(level.mean, 1)} % on average and up to {number(level.high, 1)} % in 19 of 20."
    )


def lags_in_words(found: Connectedness) -> str:
    """The lags, and whether the criterion would have taken none."""
    return f"{found.lags}" + (" (the Bayesian criterion would take none)" if found.asked == 0 else "")


def _made(
    id: str,
    label: str,
    value: float,
    ends: tuple[float, float] | None,
    spill: Spillovers,
    kind: str,
    chance: str,
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
        note=" ".join(
            part
            for part in (chance, "" if ends else "No interval: the fitted autoregression is not stationary.")
            if part
        ),
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
