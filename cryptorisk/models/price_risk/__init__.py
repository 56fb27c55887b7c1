"""The risk in crypto prices: what depends on the vintage, the date and a few parameters, and on no country.

Chapter 4 takes it over as it stands. It is the same for every country of a run, so that it is computed once and kept
(`cryptorisk.analysis`), without any figure of the bank's own.
"""

from __future__ import annotations

import pandas as pd

from cryptorisk.data.catalogue import WORLD
from cryptorisk.data.inputs import Inputs
from cryptorisk.errors import ModelError
from cryptorisk.models.market.observed import without_own
from cryptorisk.models.part import Part
from cryptorisk.models.price_risk.bad_days import bad_days_finding
from cryptorisk.models.price_risk.clustering import clustering_table
from cryptorisk.models.price_risk.estimates import market_estimates, missing_part, price_estimates
from cryptorisk.models.price_risk.explosive import explosive_part
from cryptorisk.models.price_risk.falls import falls_table
from cryptorisk.models.price_risk.findings import backtest_part, market_findings
from cryptorisk.models.price_risk.hash_rate import hash_rate_part
from cryptorisk.models.price_risk.history import (
    episodes,
    history_table,
    price_table,
    windows_table,
)
from cryptorisk.models.price_risk.measure import measure
from cryptorisk.models.price_risk.regimes import regimes_part
from cryptorisk.models.price_risk.spillovers import spillovers_part
from cryptorisk.models.price_risk.staleness import marked, old_prices, spent
from cryptorisk.models.price_risk.tables import (
    intervals_table,
    mean_excess_plot,
    observed_table,
    quantile_plot,
    shape_table,
    stability_table,
    tail_table,
    volatility_table,
)
from cryptorisk.models.price_risk.tail import COVERAGE, REFERENCE_FALL_PCT
from cryptorisk.models.price_risk.volatility_choice import models_table
from cryptorisk.models.recent import Recent
from cryptorisk.params import Params
from cryptorisk.result import Result

CHAPTER = "crash"
TITLE = "The risk in crypto prices"
OTHER_ASSETS = {"Ether": "eth_price_usd"}
"""Further assets with a price series, for the table of past falls."""
ENTERS = ("sample_start", "var_level", "tail_threshold", "horizon_days", "paths")
"""Parameters of chapter 4 that enter; the others concern exposures."""

_recent = Recent()


def chosen(params: Params) -> str:
    """What of the parameters enters, as text for a key."""
    return f"{[repr(getattr(params.crash, name)) for name in ENTERS]} {params.seed}"


def analyse(inputs: Inputs, params: Params) -> Result:
    """Volatility, tails, backtests and past falls of crypto prices.

    Parameters
    ----------
    inputs : Inputs
        Of any country: only world series are read, and none of the bank's own.
    params : Params
        The parameters in `ENTERS` and the seed; the licence choice is in the inputs.

    Returns
    -------
    Result
        Estimates, tables and findings of chapter ``crash`` that no country enters.
    """
    key = (inputs.vintage.sha256, inputs.as_of, inputs._without, chosen(params))
    return _recent.of(key, lambda: _analyse(without_own(inputs), params))


def _analyse(inputs: Inputs, params: Params) -> Result:
    parts = (bitcoin_part, regimes_part, explosive_part, spillovers_part)
    part = Part.join([*(each(inputs, params) for each in parts), hash_rate_part(inputs)])
    return Result.build(
        CHAPTER, TITLE, WORLD, estimates=part.estimates, tables=part.tables, findings=part.findings
    )


def bitcoin_part(inputs: Inputs, params: Params) -> Part:
    """What bitcoin's price says alone: history, volatility, tails and the backtest of forecasts."""
    series = inputs.series("btc_price_usd", country=WORLD)
    prices: pd.Series[float] = series.values.dropna()
    if prices.empty:
        why = (
            "left out on request" if not params.include_non_commercial else "not in the vintage at this date"
        )
        return missing_part(f"bitcoin's price is {why}")
    sources = series.source_ids[:1]
    past = episodes(prices, "Bitcoin")
    frames, all_sources, short = _past_falls(inputs, past, sources)
    since = prices[prices.index >= pd.Timestamp(params.crash.sample_start)]
    history = [
        history_table(frames, all_sources, short),
        price_table(prices, sources),
        windows_table(since, sources),
    ]
    last = prices.index[-1].date()
    old = old_prices(last, inputs.as_of)
    try:
        fitted = measure(prices, params.crash, params.seed)
    except ModelError as error:
        measured = price_estimates(prices, sources)
        part = missing_part(str(error), measured=measured, tables=history)
        return part._replace(findings=(*part.findings, *old))
    estimates = marked(market_estimates(fitted, prices, params.crash, sources), last, inputs.as_of)
    backtests, verdicts = backtest_part(fitted, params.crash, sources, params.seed)
    tables = [
        *history,
        tail_table(fitted, sources),
        *backtests,
        falls_table(fitted.falls, COVERAGE, sources),
        volatility_table(fitted, sources),
        models_table(fitted.choice, sources),
        shape_table(fitted, sources),
        clustering_table(fitted.tail.clustering, REFERENCE_FALL_PCT, fitted.tail.rare.n_exceed, sources),
        intervals_table(fitted, params.crash.var_level, sources),
        stability_table(fitted, sources),
        mean_excess_plot(fitted, sources),
        quantile_plot(fitted, sources),
        observed_table(fitted, sources),
    ]
    bad_days = bad_days_finding(
        fitted,
        prices,
        {estimate.id.removeprefix("crash."): estimate for estimate in estimates},
        params.crash,
        next(iter(backtests), None),
        over=spent(last, inputs.as_of),
    )
    findings = [bad_days, *market_findings(fitted, params.crash), *verdicts, *old]
    return Part(tuple(estimates), tuple(tables), tuple(findings))


def _past_falls(
    inputs: Inputs, bitcoin: pd.DataFrame, sources: tuple[str, ...]
) -> tuple[list[pd.DataFrame], tuple[str, ...], str]:
    """Episodes of bitcoin and of every other asset with prices, their sources, and where a series ends early."""
    frames, used, ends = [bitcoin], list(sources), []
    last = inputs.series("btc_price_usd", country=WORLD).values.dropna().index[-1].date().isoformat()
    for name, id in OTHER_ASSETS.items():
        series = inputs.series(id, country=WORLD)
        if len(series.values) > 365:
            frames.append(episodes(series.values, name))
            used += series.source_ids[:1]
            ends.append(f"{name}'s prices end on {series.values.index[-1].date().isoformat()}")
    note = f"Daily closing prices from 2011 on; the fall not made good by {last} is shown from 20 %. "
    note += f"{'; '.join(ends)}. " if ends else ""
    return (
        frames,
        tuple(dict.fromkeys(used)),
        note + "Falls of other assets since then are not in the vintage.",
    )
