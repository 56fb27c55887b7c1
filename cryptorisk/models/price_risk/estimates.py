"""The market's risk as estimates, tables and findings of the chapter: everything that no country enters into."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from cryptorisk.estimate import Estimate, number
from cryptorisk.models.part import Part
from cryptorisk.models.price_risk import falls
from cryptorisk.models.price_risk.fall_counted import clustering_in_words, counted_in_words
from cryptorisk.models.price_risk.measure import Market
from cryptorisk.models.price_risk.tail import (
    COVERAGE,
    DAYS_A_YEAR,
    REFERENCE_FALL_PCT,
    next_day,
    threshold_quantile,
)
from cryptorisk.params import CrashParams
from cryptorisk.result import Finding, Table
from cryptorisk.stats.fhs import RiskInterval
from cryptorisk.stats.tail_intervals import shape_interval

FUNCTION = "cryptorisk.models.price_risk.measure.measure"


LABELS: dict[str, tuple[str, str]] = {
    "btc_price_usd": ("Bitcoin's price on the last day of prices", "usd"),
    "btc_drawdown_pct": ("Bitcoin's fall from its record price to the last day of prices", "pct"),
    "btc_volatility_pct": ("Bitcoin's volatility in the sample, a year", "pct"),
    "btc_volatility_now_pct": (
        "Bitcoin's volatility expected for the day after the last day of prices, a year",
        "pct",
    ),
    "persistence": ("Persistence of bitcoin's volatility", "ratio"),
    "var_1d": ("Value at risk over one day, given volatility on the last day of prices", "pct"),
    "es_1d": ("Expected shortfall over one day, given volatility on the last day of prices", "pct"),
    "var_10d": ("Value at risk over the horizon, given volatility on the last day of prices", "pct"),
    "es_10d": ("Expected shortfall over the horizon, given volatility on the last day of prices", "pct"),
    "var_1d_cycle": ("Value at risk over one day, through the cycle", "pct"),
    "es_1d_cycle": ("Expected shortfall over one day, through the cycle", "pct"),
    "var_1d_evt": (
        "Value at risk over one day with a Pareto tail, given volatility on the last day of prices",
        "pct",
    ),
    "es_1d_evt": (
        "Expected shortfall over one day with a Pareto tail, given volatility on the last day of prices",
        "pct",
    ),
    "tail_index": ("Shape of the tail of daily losses (GPD)", "ratio"),
    "tail_index_residuals": ("Shape of the tail of standardised daily losses (GPD)", "ratio"),
    "tail_index_hill": ("Shape of the tail of daily losses after Hill", "ratio"),
    "extremal_index": ("Extremal index of daily losses: clusters per large loss", "ratio"),
    "extremal_index_rare": ("Extremal index of the largest daily losses: clusters per loss", "ratio"),
    "fall_probability_pct": (
        f"Probability of a one-day fall of more than {REFERENCE_FALL_PCT:g} % in a year",
        "pct",
    ),
    **falls.names(),
}
"""Estimates of this part: label and unit by name."""


def missing_part(reason: str, *, measured: Sequence[Estimate] = (), tables: Sequence[Table] = ()) -> Part:
    """The part when the market cannot be fitted: estimates missing with the reason, but for what was measured.

    Parameters
    ----------
    reason : str
    measured, tables : sequences
        What prices alone still give.
    """
    known = {estimate.id: estimate for estimate in measured}
    estimates = tuple(
        known.get(f"crash.{name}") or Estimate.missing(f"crash.{name}", label, unit, reason)
        for name, (label, unit) in LABELS.items()
    )
    finding = Finding(
        "crash.no_prices", f"The market's own risk is not estimated: {reason}.", "warning", "data"
    )
    return Part(estimates, tuple(tables), (finding,))


def price_estimates(prices: pd.Series[float], sources: tuple[str, ...]) -> list[Estimate]:
    """Last price and fall from the record, as measured."""
    last, price = prices.index[-1].date().isoformat(), float(prices.iloc[-1])
    fall = 100 * (1 - price / float(prices.max()))
    return [
        _measured("btc_price_usd", price, last, sources, "Closing price of the last day."),
        _measured(
            "btc_drawdown_pct", fall, last, sources, "Last price against the highest closing price so far."
        ),
    ]


def market_estimates(
    market: Market, prices: pd.Series[float], params: CrashParams, sources: tuple[str, ...]
) -> list[Estimate]:
    """All estimates of `LABELS` from a fitted market.

    Parameters
    ----------
    market : Market
    prices : pandas.Series
        The whole price series, for the record price.
    params : CrashParams
    sources : tuple of str
    """
    dated = {
        "date": _span(market),
        "n_obs": len(market.returns),
        "sources": sources,
        "inputs": ("btc_price_usd",),
    }
    measured: dict[str, Any] = dated | {"data_class": "measured"}
    level = f"{100 * params.var_level:g} %"
    cycle_var, cycle_es, cycle_var_ends, cycle_es_ends = market.tail.simple(params.var_level)
    simulation = market.simulation
    model, tail = market.fit.name, market.tail
    fhs = f"Filtered historical simulation of {model}, {number(simulation.paths, 0)} paths, level {level}"
    gpd = f"Generalised Pareto tail above the {100 * threshold_quantile(params):g} % quantile of daily losses, level {level}"
    horizon = f"{params.horizon_days} day{'s' if params.horizon_days > 1 else ''}"
    made = [
        _modelled(
            "btc_volatility_pct",
            market.volatility,
            market.volatility_interval,
            "Standard deviation of daily log returns times the square root of 365; block bootstrap of quarters.",
            **measured,
        ),
        _modelled(
            "btc_volatility_now_pct",
            market.fit.next_sigma * math.sqrt(DAYS_A_YEAR),
            None,
            f"One-day-ahead standard deviation of {model}, times the square root of 365.",
            **dated,
        ),
        _modelled(
            "persistence",
            market.fit.persistence,
            _persistence_interval(market),
            f"{model}; {_PERSISTENCE}",
            **dated,
        ),
        _loss("var_1d", simulation.value_at_risk(params.var_level, 1), market.interval_1d, fhs, dated),
        _loss("es_1d", simulation.expected_shortfall(params.var_level, 1), market.interval_1d, fhs, dated),
        _loss(
            "var_10d",
            simulation.value_at_risk(params.var_level),
            market.interval_h,
            f"{fhs}, {horizon}",
            dated,
        ),
        _loss(
            "es_10d",
            simulation.expected_shortfall(params.var_level),
            market.interval_h,
            f"{fhs}, {horizon}",
            dated,
        ),
        _modelled(
            "var_1d_cycle", cycle_var, cycle_var_ends, gpd + "; simple loss; block bootstrap.", **dated
        ),
        _modelled(
            "es_1d_cycle", cycle_es, cycle_es_ends, gpd + "; mean simple loss; block bootstrap.", **dated
        ),
        _modelled("tail_index", tail.fit.xi, tail.shape_ends, _TAIL, **dated),
        _modelled(
            "tail_index_residuals",
            tail.residuals.xi,
            shape_interval(tail.residuals, COVERAGE),
            f"Residuals of {model}. {_TAIL}",
            **dated,
        ),
        _modelled(
            "tail_index_hill",
            tail.hill[0],
            tail.hill[1:],
            f"Hill's estimate from the {tail.fit.n_exceed} largest losses; normal interval, as if independent.",
            **dated,
        ),
        _modelled(
            "extremal_index",
            tail.clusters.extremal_index,
            tail.drawn_index("runs", tail.clusters.extremal_index),
            "Runs of four days below the threshold end a cluster; block bootstrap.",
            **dated,
        ),
        _modelled(
            "extremal_index_rare",
            tail.rare.extremal_index,
            tail.drawn_index("rare", tail.rare.extremal_index),
            f"As above at a loss of {number(tail.rare.threshold, 1)} log %, which {tail.rare.n_exceed} losses exceed: the "
            f"level nearest to a fall of {REFERENCE_FALL_PCT:g} % at which clusters can be counted.",
            **dated,
        ),
        *_evt(market, params.var_level, dated),
        _modelled(
            "fall_probability_pct",
            100 * tail.yearly_probability(REFERENCE_FALL_PCT),
            (100 * tail.drawn("fall")[0], 100 * tail.drawn("fall")[1]),
            _FALL,
            **dated,
            note=f"{counted_in_words(market.returns, prices)} {clustering_in_words(tail)}",
        ),
    ]
    last = market.returns.index[-1].date().isoformat()
    named = [_renamed(estimate, params) for estimate in made]
    named += falls.fall_estimates(market.falls, COVERAGE, **dated)
    return [*price_estimates(prices, sources), *(_dated(estimate, last) for estimate in named)]


_PERSISTENCE = "Share of a shock to volatility that is left a day later; delta-method error."


def _evt(market: Market, level: float, dated: dict[str, Any]) -> list[Estimate]:
    """The day after the sample by McNeil and Frey, or why not."""
    found = next_day(market.fit, level)
    if found is None:
        why = f"a level of {100 * level:g} % lies below the threshold of the Pareto tail"
        return [Estimate.missing(f"crash.{name}", *LABELS[name], why) for name in ("var_1d_evt", "es_1d_evt")]
    method = (
        f"McNeil and Frey: Pareto tail of the residuals of {market.fit.name} above their 90 % quantile, scaled by the "
        f"volatility expected; level {100 * level:g} %; no interval is computed."
    )
    return [
        _modelled(name, value, None, method, **dated)
        for name, value in zip(("var_1d_evt", "es_1d_evt"), found, strict=True)
    ]


_TAIL = "Maximum likelihood on excesses over the threshold; profile-likelihood interval, as if independent."


_FALL = (
    "Probability of the fall on a day from the generalised Pareto tail, over 365 days with the extremal index of the "
    "largest losses; block bootstrap."
)


def _renamed(estimate: Estimate, params: CrashParams) -> Estimate:
    """Labels that say level and horizon."""
    if estimate.id not in {
        f"crash.{a}_{b}" for a in ("var", "es") for b in ("1d", "10d", "1d_cycle", "1d_evt")
    }:
        return estimate
    days = f"{params.horizon_days} day{'s' if params.horizon_days > 1 else ''}"
    label = estimate.label.replace("the horizon", days)
    return estimate.with_(label=f"{label}, {100 * params.var_level:g} %")


def _dated(estimate: Estimate, last: str) -> Estimate:
    """The label with the date of the last price: what is given on it is not given on the report's date."""
    return estimate.with_(label=estimate.label.replace(LAST_DAY, last))


LAST_DAY = "the last day of prices"


def _measured(name: str, value: float, date: str, sources: tuple[str, ...], method: str) -> Estimate:
    label, unit = LABELS[name]
    return Estimate(
        f"crash.{name}",
        label.replace(LAST_DAY, date),
        value,
        unit,
        data_class="measured",
        date=date,
        sources=sources,
        inputs=("btc_price_usd",),
        method=method,
        function="cryptorisk.models.price_risk",
    )


def _modelled(
    name: str, value: float, ends: tuple[float, float] | None, method: str, **rest: object
) -> Estimate:
    label, unit = LABELS[name]
    known: dict[str, Any] = {"data_class": "modelled", "method": method, "function": FUNCTION} | rest
    if ends is None:
        return Estimate(f"crash.{name}", label, value, unit, **known)
    low, high = min(ends[0], value), max(ends[1], value)
    known |= {"low": low, "high": high, "level": COVERAGE, "interval": "confidence"}
    return Estimate(f"crash.{name}", label, value, unit, **known)


def _loss(
    name: str, value: float, interval: RiskInterval | None, method: str, dated: dict[str, Any]
) -> Estimate:
    if interval is None:
        note = "No interval: the covariance of the volatility model's parameters could not be computed."
        return _modelled(name, value, None, method + ".", **dated, note=note)
    ends = interval.value_at_risk if name.startswith("var") else interval.expected_shortfall
    return _modelled(
        name, value, ends, method + "; parameters and residuals redrawn for the interval.", **dated
    )


def _persistence_interval(market: Market) -> tuple[float, float] | None:
    error = market.fit.persistence_se
    if not math.isfinite(error):
        return None
    half = 1.2816 * error  # normal quantile of an 80 % interval
    return market.fit.persistence - half, market.fit.persistence + half


def _span(market: Market) -> str:
    return f"{market.returns.index[0].date().isoformat()}/{market.returns.index[-1].date().isoformat()}"
