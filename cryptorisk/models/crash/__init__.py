"""Chapter 4, price crash: what the market can do, what residents have at stake, and the two together."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from cryptorisk.data.catalogue import WORLD
from cryptorisk.data.inputs import Inputs
from cryptorisk.errors import ModelError
from cryptorisk.models.crash.banks import EXPOSURE, banks
from cryptorisk.models.crash.estimates import (
    MarketPart,
    market_estimates,
    missing_part,
    price_estimates,
)
from cryptorisk.models.crash.government import OWN_GOVERNMENT, government
from cryptorisk.models.crash.history import (
    episodes,
    history_table,
    past_scenarios,
    price_table,
    worst_windows,
)
from cryptorisk.models.crash.losses import (
    RESERVES,
    household_estimates,
    intervention_table,
    loss_finding,
    merged,
    reserves,
)
from cryptorisk.models.crash.market import measure
from cryptorisk.models.crash.market_findings import backtest_part, market_findings, old_prices
from cryptorisk.models.crash.market_tables import (
    observed_table,
    stability_table,
    tail_table,
    volatility_table,
)
from cryptorisk.models.crash.scenarios import (
    GOVERNMENT_COLUMN,
    HOUSEHOLD_COLUMNS,
    RESERVES_COLUMN,
    headline_scenario,
    ladder,
    scenario_table,
)
from cryptorisk.models.exposure import Exposure, household_holdings
from cryptorisk.params import Params
from cryptorisk.result import Finding, Result, estimates_table

CHAPTER = "crash"
TITLE = "Price crash"
HEADLINE = (
    "household_loss_pct_gdp",
    "household_holdings_pct_gdp",
    "ownership_share",
    "es_10d",
    "fall_probability_pct",
)
OTHER_ASSETS = {"Ether": "eth_price_usd"}
"""Further assets with a price series, for the table of past falls."""


def analyse(inputs: Inputs, params: Params) -> Result:
    """Price-crash stability: tails, history, exposures and scenarios.

    Parameters
    ----------
    inputs : Inputs
    params : Params

    Returns
    -------
    Result
        Estimates of `market`, `cryptorisk.models.exposure` and the headline scenario; tables ``scenarios,
        exposures, ownership, keys, bank_limits, intervention, history, tail, backtest`` and, for figures
        alone, ``price, volatility, stability, observed``.
    """
    part = market(inputs, params)
    exposure = household_holdings(inputs, params)
    headline = headline_scenario(params.crash)
    bank_part = banks(inputs, headline)
    government_part, government_usd = government(inputs, headline, exposure.gdp_usd)
    households = household_estimates(exposure, headline, inputs, params)
    estimates = [
        *households,
        *exposure.estimates,
        *bank_part.estimates,
        *government_part.estimates,
        *part.estimates,
    ]
    official = reserves(inputs)
    scenarios = scenario_table(
        ladder(params.crash, part.past),
        holdings=exposure.holdings if exposure.bitcoin_share.central > 0 else None,
        bitcoin_share=exposure.bitcoin_share,
        gdp_usd=exposure.gdp_usd,
        reserves_usd=official.usd,
        reserves_year=official.year,
        government_usd=government_usd,
        response=params.crash.consumption_response,
        sources=merged(exposure.sources, exposure["household_holdings_pct_gdp"].sources, official.sources),
        own=exposure.own,
        coarse=_coarse_columns(exposure, inputs),
    )
    exposures = estimates_table(
        [*exposure.estimates, bank_part.estimates[0], government_part.estimates[0]],
        id="crash.exposures",
        title="Who holds what",
        note="Households: bitcoin and stablecoins only, unless the institution gave its own figure. A missing figure is "
        "unknown or confidential, as its reason says, never zero.",
    )
    intervention = intervention_table(exposure, headline, inputs, params, government_usd)
    tables = [scenarios, exposures, *exposure.tables, *bank_part.tables, *part.tables]
    findings = [
        loss_finding({e.id.removeprefix("crash."): e for e in households}, headline, exposure),
        *_unknown_holders(inputs.latest(EXPOSURE) is not None, government_usd is not None),
        *exposure.findings,
        *bank_part.findings,
        *part.findings,
    ]
    return Result.build(
        CHAPTER,
        TITLE,
        inputs.country,
        estimates=estimates,
        tables=tables if intervention is None else [*tables, intervention],
        findings=findings,
        headline=HEADLINE,
    )


def _coarse_columns(exposure: Exposure, inputs: Inputs) -> list[str]:
    """Columns of the scenario table that stand on a confidential figure."""
    chosen = set(HOUSEHOLD_COLUMNS) if exposure.hidden else set()
    chosen |= {RESERVES_COLUMN} if RESERVES in inputs.confidential else set()
    chosen |= {GOVERNMENT_COLUMN} if OWN_GOVERNMENT in inputs.confidential else set()
    return sorted(chosen)


def market(inputs: Inputs, params: Params) -> MarketPart:
    """What bitcoin's price says alone: depends on the vintage, ``as_of``, ``params.crash`` and the seed only.

    Parameters
    ----------
    inputs : Inputs
    params : Params

    Returns
    -------
    MarketPart

    Notes
    -----
    It is the same for every country, so that the last one is kept in the process and handed out again.
    """
    key = (
        inputs.vintage.sha256,
        inputs.as_of,
        params.include_non_commercial,
        params.crash.model_dump_json(),
        params.seed,
    )
    if _kept.get("key") != key:
        _kept.update(key=key, part=_market(inputs, params))
    part: MarketPart = _kept["part"]
    return part


_kept: dict[str, Any] = {}
"""The last market and what determined it."""


def _market(inputs: Inputs, params: Params) -> MarketPart:
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
    history = [history_table(frames, all_sources, short), price_table(prices, sources)]
    since = prices[prices.index >= pd.Timestamp(params.crash.sample_start)]
    scenarios = past_scenarios(past, worst_windows(since))
    old = old_prices(prices.index[-1].date(), inputs.as_of)
    try:
        fitted = measure(prices, params.crash, params.seed)
    except ModelError as error:
        measured = price_estimates(prices, sources)
        part = missing_part(str(error), measured=measured, tables=history, past=scenarios)
        return replace(part, findings=(*part.findings, *old))
    estimates = market_estimates(fitted, prices, params.crash, sources)
    backtests, verdicts = backtest_part(fitted, params.crash, sources)
    tables = [
        *history,
        tail_table(fitted, sources),
        *backtests,
        volatility_table(fitted, sources),
        stability_table(fitted, sources),
        observed_table(fitted, sources),
    ]
    findings = [*market_findings(fitted, estimates, params.crash), *verdicts, *old]
    return MarketPart(tuple(estimates), tuple(tables), tuple(findings), tuple(scenarios))


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


def _unknown_holders(banks_known: bool, government_known: bool) -> list[Finding]:
    found = []
    if not banks_known:
        text = (
            "What banks hold is not public: losses are shown as if exposure stood at the limits of SCO60. The banking "
            "supervisor can supply the figures that replace this."
        )
        found.append(Finding("crash.banks_unknown", text, "notice", "data", ("crash.bank_exposure",)))
    if not government_known:
        text = "No published crypto holdings of the government were found; this is not evidence that there are none."
        found.append(
            Finding("crash.government_unknown", text, "info", "data", ("crash.government_holdings_usd",))
        )
    return found


__all__ = ["Exposure", "MarketPart", "analyse", "market"]
