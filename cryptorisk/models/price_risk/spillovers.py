"""How bitcoin's weeks go together with those of other markets: connectedness and tails.

A forecast-error variance decomposition of a vector autoregression says which part of a market's variation goes with
surprises in another; no direction of cause is found by it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from cryptorisk.data.inputs import Inputs
from cryptorisk.errors import ModelError
from cryptorisk.estimate import Estimate, number
from cryptorisk.models.part import Part
from cryptorisk.models.price_risk.opening import absent
from cryptorisk.models.price_risk.spillover_estimates import LABELS, from_others, spillover_estimates
from cryptorisk.models.price_risk.spillover_measure import (
    BEFORE,
    RETURNS,
    SINCE,
    WHOLE,
    Spillovers,
    by_sample,
    tail_rows,
)
from cryptorisk.models.price_risk.spillover_steadiness import Steadiness, steadiness, window_levels
from cryptorisk.models.price_risk.spillover_tables import (
    covar_table,
    matrix_table,
    path_table,
    samples_of_bitcoin,
    samples_table,
)
from cryptorisk.models.price_risk.weekly import BITCOIN, Market, weeks_of
from cryptorisk.models.published import figure
from cryptorisk.params import Params
from cryptorisk.result import Finding
from cryptorisk.words import capital, listing


def spillovers_part(inputs: Inputs, params: Params) -> Part:
    """Bitcoin among world markets, over the whole sample and since 2020.

    Parameters
    ----------
    inputs : Inputs
        Without figures of the bank's own.
    params : Params
        ``crash.sample_start`` and the seed.

    Returns
    -------
    Part
        Estimates of `LABELS`, tables ``spillovers, spillover_samples, connectedness, tci_path, covar``.
    """
    weeks = weeks_of(inputs, params)
    if weeks.reason:
        return absent(LABELS, weeks.reason)
    try:
        samples = by_sample(weeks, params.seed)
    except ModelError as error:
        return absent(LABELS, str(error))
    tails = tail_rows(weeks, params.seed)
    steady = steadiness(samples, params.seed)
    estimates = spillover_estimates(samples, tails, steady)
    path = path_table(samples[WHOLE], window_levels(samples[WHOLE], params.seed))
    tables = (
        samples_table(samples),
        samples_of_bitcoin(samples, steady, path),
        matrix_table(samples[WHOLE], "crash.connectedness"),
        path,
        covar_table(tails, weeks, "crash.covar"),
    )
    known = {estimate.id.removeprefix("crash."): estimate for estimate in estimates}
    findings = (_finding(samples, known, steady, inputs.as_of), *_break(samples, known, steady))
    return Part(estimates, tables, findings)


def _finding(
    samples: Mapping[str, Spillovers],
    known: Mapping[str, Estimate],
    steady: Mapping[str, Steadiness],
    as_of: dt.date,
) -> Finding:
    """The recent sample leads where there is one; equity's shares, or whose published ones there are."""
    recent = "_recent" if known["bitcoin_from_markets_recent_pct"].available else ""
    weeks = samples[SINCE if recent else WHOLE].weeks
    share, vix, equity, volatility = (
        known[f"{name}{recent}_pct"]
        for name in (
            "bitcoin_from_markets",
            "vix_from_bitcoin",
            "equity_returns_from_bitcoin",
            "equity_volatility_from_bitcoin",
        )
    )
    first, last = weeks.span.split("/")
    begin = f"{capital(SINCE)}" if recent else f"Since {first}"
    others = [market.label for name, market in weeks.markets.items() if name != BITCOIN]
    text = f"{begin} and to {last}{_end(weeks.ending, weeks.markets)}, {share:full} of the variance of bitcoin's weekly "
    text += f"returns goes with other markets ({listing(others)})"
    text += _by_chance(samples[SINCE if recent else WHOLE], share)
    if recent:
        text += steady[SINCE].week_in_words() + steady[SINCE].halves_in_words()
    whole = known["bitcoin_from_markets_pct"]
    if recent and samples[SINCE] is not samples[WHOLE]:
        text += f"; since {samples[WHOLE].weeks.span[:4]} it is {whole:value}"
    text += f". Of the VIX's changes {vix:full} goes with bitcoin" if vix.available else ""
    if equity.available:
        text += f". {equity.label}: {equity:full}, of its volatility {volatility:full}"
    else:
        text += f". What of equity's variance goes with bitcoin is not computed for want of an index{_others_found(as_of)}"
    ids = tuple(each.id for each in (share, whole, vix, equity, volatility) if each.available)
    return Finding("crash.spillovers", text + ".", "info", "result", tuple(dict.fromkeys(ids)))


def _by_chance(spill: Spillovers, share: Estimate) -> str:
    """What chance would give, in a clause, and whether the share is above it."""
    level = spill.level(RETURNS)
    above = share.value is not None and level.below(share.value)
    return f", {'' if above else 'not '}above the {number(level.high, 1)} % of chance"


def _end(ending: tuple[str, ...], markets: Mapping[str, Market]) -> str:
    """Which figures end the sample, where others go on."""
    if not ending:
        return ""
    names = [markets[name].label for name in ending]
    return f", where the figures of the {listing(names)} end"


def _others_found(as_of: dt.date) -> str:
    """What was published of equity by that day, of another sample; its page is in the table of published figures."""
    volatility, returns = figure("equity_volatility"), figure("equity_returns")
    if as_of < dt.date.fromisoformat(volatility.date):
        return ""
    return f" (Iyer 2022, daily data of other markets and years: {returns.text} of returns, {volatility.text} of volatility)"


def _break(
    samples: Mapping[str, Spillovers], known: Mapping[str, Estimate], steady: Mapping[str, Steadiness]
) -> tuple[Finding, ...]:
    """Where the intervals of bitcoin's share before and since the break do not meet, the whole sample describes neither."""
    if BEFORE not in samples or SINCE not in samples:
        return ()
    whole, since = known["bitcoin_from_markets_pct"], known["bitcoin_from_markets_recent_pct"]
    before = from_others(samples[BEFORE])
    ends = (before.low, before.high, since.low, since.high)
    if None in ends or not (
        float(ends[1] or 0) < float(ends[2] or 0) or float(ends[3] or 0) < float(ends[0] or 0)
    ):
        return ()
    text = (
        f"{capital(BEFORE)} {before:full} of bitcoin's variance went with other markets"
        f"{_by_chance(samples[BEFORE], before)}{steady[BEFORE].halves_in_words()}; since then {since:full}. The whole "
        f"sample's {whole:value} describes neither."
    )
    return (Finding("crash.spillovers_break", text, "notice", "caveat", (since.id, whole.id)),)
