"""The market's risk as estimates, tables and findings of the chapter: everything that no country enters into."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from cryptorisk.estimate import Estimate, number
from cryptorisk.models.crash_backtest import backtest_table, forecasts
from cryptorisk.models.crash_market import (
    COVERAGE,
    DAYS_A_YEAR,
    REFERENCE_FALL_PCT,
    Market,
    threshold_quantile,
)
from cryptorisk.models.crash_scenarios import Scenario
from cryptorisk.params import CrashParams
from cryptorisk.result import Column, Finding, Table
from cryptorisk.stats.fhs import RiskInterval
from cryptorisk.words import likelihood, significance

FUNCTION = "cryptorisk.models.crash_market.measure"


@dataclass(frozen=True, eq=False)
class MarketPart:
    """What the chapter says about the market alone; the same for every country.

    Attributes
    ----------
    estimates : tuple of Estimate
    tables : tuple of Table
    findings : tuple of Finding
    past : tuple of Scenario
        Measured falls of the past.
    reason : str
        Why the market could not be measured; empty when it could.
    """

    estimates: tuple[Estimate, ...] = ()
    tables: tuple[Table, ...] = ()
    findings: tuple[Finding, ...] = ()
    past: tuple[Scenario, ...] = ()
    reason: str = ""


LABELS: dict[str, tuple[str, str]] = {
    "btc_price_usd": ("Bitcoin, last price", "usd"),
    "btc_drawdown_pct": ("Bitcoin's fall from its record price", "pct"),
    "btc_volatility_pct": ("Bitcoin's volatility in the sample, a year", "pct"),
    "btc_volatility_now_pct": ("Bitcoin's volatility on the next day, a year", "pct"),
    "persistence": ("Persistence of bitcoin's volatility", "ratio"),
    "var_1d": ("Value at risk over one day, given today's volatility", "pct"),
    "es_1d": ("Expected shortfall over one day, given today's volatility", "pct"),
    "var_10d": ("Value at risk over the horizon, given today's volatility", "pct"),
    "es_10d": ("Expected shortfall over the horizon, given today's volatility", "pct"),
    "var_1d_cycle": ("Value at risk over one day, through the cycle", "pct"),
    "es_1d_cycle": ("Expected shortfall over one day, through the cycle", "pct"),
    "tail_index": ("Shape of the tail of daily losses (GPD)", "ratio"),
    "fall_probability_pct": (
        f"Probability of a one-day fall of more than {REFERENCE_FALL_PCT:g} % in a year",
        "pct",
    ),
}
"""Estimates of this part: label and unit by name."""


def missing_part(
    reason: str,
    *,
    measured: Sequence[Estimate] = (),
    tables: Sequence[Table] = (),
    past: Sequence[Scenario] = (),
) -> MarketPart:
    """The part when the market cannot be fitted: estimates missing with the reason, but for what was measured.

    Parameters
    ----------
    reason : str
    measured, tables, past : sequences
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
    return MarketPart(estimates, tuple(tables), (finding,), tuple(past), reason)


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
    cycle_var, cycle_es, cycle_var_ends, cycle_es_ends = market.simple_tail(params.var_level)
    simulation = market.simulation
    fhs = f"Filtered historical simulation of a GJR-GARCH-t model, {number(simulation.paths, 0)} paths, level {level}"
    gpd = f"Generalised Pareto tail above the {100 * threshold_quantile(params):g} % quantile of daily losses, level {level}"
    horizon = f"{params.horizon_days} day{'s' if params.horizon_days > 1 else ''}"
    made = [
        *price_estimates(prices, sources),
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
            "One-day-ahead standard deviation of the GJR-GARCH-t model times the square root of 365.",
            **dated,
        ),
        _modelled(
            "persistence", market.fit.persistence, _persistence_interval(market), _PERSISTENCE, **dated
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
        _modelled("tail_index", market.tail.xi, market.xi_interval, _TAIL, **dated),
        _modelled(
            "fall_probability_pct",
            100 * market.yearly_probability(REFERENCE_FALL_PCT),
            market.fall_interval(REFERENCE_FALL_PCT),
            _FALL,
            **dated,
        ),
    ]
    return [_renamed(estimate, params) for estimate in made]


_PERSISTENCE = (
    "Sum of the coefficients of the GJR-GARCH-t model (the asymmetric one halved); delta-method error."
)
_TAIL = "Maximum likelihood on excesses over the threshold; profile-likelihood interval, as if independent."
_FALL = (
    "Probability of the fall on a day from the generalised Pareto tail, over 365 days with the extremal index of "
    "declustered losses; block bootstrap."
)


def _renamed(estimate: Estimate, params: CrashParams) -> Estimate:
    """Labels that say level and horizon."""
    if estimate.id not in {f"crash.{a}_{b}" for a in ("var", "es") for b in ("1d", "10d", "1d_cycle")}:
        return estimate
    days = f"{params.horizon_days} day{'s' if params.horizon_days > 1 else ''}"
    label = estimate.label.replace("the horizon", days)
    return estimate.with_(label=f"{label}, {100 * params.var_level:g} %")


def _measured(name: str, value: float, date: str, sources: tuple[str, ...], method: str) -> Estimate:
    label, unit = LABELS[name]
    return Estimate(
        f"crash.{name}",
        label,
        value,
        unit,
        data_class="measured",
        date=date,
        sources=sources,
        inputs=("btc_price_usd",),
        method=method,
        function="cryptorisk.models.crash.market",
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


def tail_table(market: Market, sources: tuple[str, ...]) -> Table:
    """``crash.tail``: one-day fall by return period, as in the figure."""
    return Table(
        "crash.tail",
        "One-day fall of bitcoin exceeded once in so many years",
        market.levels,
        (
            Column("years", "Once in", "years", 0),
            Column("fall_pct", "Fall in a day", "%", 1),
            Column("low", "Low", "%", 1),
            Column("high", "High", "%", 1),
        ),
        note=(
            f"Generalised Pareto tail; {100 * COVERAGE:g} % block-bootstrap interval. Through the cycle: today's "
            "volatility does not enter. A one-in-twenty-year fall over ten days is not shown: the sample holds "
            "too few independent ten-day spells to support it."
        ),
        sources=sources,
    )


def observed_table(market: Market, sources: tuple[str, ...]) -> Table:
    """``crash.observed``: cluster peaks of daily falls against their empirical return period."""
    peaks = pd.Series(market.clusters.peaks).sort_values(ascending=False).reset_index(drop=True)
    frame = pd.DataFrame(
        {
            "years": market.years / (peaks.index.to_numpy() + 0.5),
            "fall_pct": 100 * (1 - (-peaks / 100).map(math.exp)),
        }
    )
    return Table(
        "crash.observed",
        "Observed daily falls above the threshold, largest of each cluster",
        frame[frame["years"] >= 0.5],
        (Column("years", "Return period", "years", 2), Column("fall_pct", "Fall in a day", "%", 1)),
        sources=sources,
        shown=False,
    )


def volatility_table(market: Market, sources: tuple[str, ...]) -> Table:
    """``crash.volatility``: conditional volatility a year, mean of each week."""
    yearly = market.fit.conditional_volatility * math.sqrt(DAYS_A_YEAR)
    frame = yearly.resample("W").mean().rename("volatility_pct").rename_axis("date").reset_index()
    return Table(
        "crash.volatility",
        "Bitcoin: fitted volatility, weekly mean",
        frame,
        (Column("date", "Week to"), Column("volatility_pct", "Volatility a year", "%", 1)),
        sources=sources,
        shown=False,
    )


def stability_table(market: Market, sources: tuple[str, ...]) -> Table:
    """``crash.stability``: shape of the tail over thresholds."""
    return Table(
        "crash.stability",
        "Shape of the tail by threshold",
        market.stability,
        (
            Column("quantile", "Threshold, quantile", "", 3),
            Column("threshold", "Threshold", "log %", 2),
            Column("n_exceed", "Losses above", "", 0),
            Column("xi", "Shape", "", 3),
            Column("xi_low", "Low", "", 3),
            Column("xi_high", "High", "", 3),
        ),
        note=f"Profile-likelihood intervals of {100 * COVERAGE:g} %. A stable shape speaks for the tail model.",
        sources=sources,
        shown=False,
    )


def backtest_part(
    market: Market, params: CrashParams, sources: tuple[str, ...]
) -> tuple[list[Table], list[Finding]]:
    """The backtest's table and what it says, or a notice that the sample is too short for one."""
    frame = forecasts(market.returns, params.var_level)
    if len(frame) < 250:
        text = "The loss forecasts are not backtested: fewer than 250 days remain after the first sample."
        return [], [Finding("crash.no_backtest", text, "notice", "caveat")]
    table = backtest_table(frame, params, sources)
    ours, benchmark = table.frame.iloc[0], table.frame.iloc[1]
    verdict = "which does not reject it at 5 %"
    if ours["kupiec_p"] < 0.05:
        few = ours["violations"] < ours["expected"]
        verdict = (
            f"which rejects it at 5 %: the forecasts {'were too cautious' if few else 'understated losses'}"
        )
    better = "lower (better)" if ours["score"] < benchmark["score"] else "higher (worse)"
    text = (
        f"Over {ours['n']} days the one-day value at risk at {100 * params.var_level:g} % was exceeded "
        f"{ours['violations']} times where {ours['expected']:.1f} were expected, {verdict}. "
        f"Its joint score is {better} than that of the plain two-year quantile."
    )
    bad = ours["kupiec_p"] < 0.05 and ours["violations"] > ours["expected"]
    return [table], [Finding("crash.backtest", text, "warning" if bad else "info", "caveat")]


def market_findings(market: Market, estimates: list[Estimate], params: CrashParams) -> list[Finding]:
    """Integrated volatility, convergence, gaps, the tail and today's risk in sentences."""
    by_name = {estimate.id.removeprefix("crash."): estimate for estimate in estimates}
    found = [_tail_finding(by_name)]
    if market.fit.integrated_boundary:
        found.append(
            Finding(
                "crash.integrated",
                f"The persistence of bitcoin's volatility, {by_name['persistence']:full}, cannot be told from one: "
                f"no long-run variance can be relied on. The model is simulated for {params.horizon_days} days at "
                "most; longer falls are taken from history.",
                "notice",
                "caveat",
                ("crash.persistence",),
            )
        )
    if not market.fit.converged:
        text = "The volatility model's optimiser did not report convergence; its figures are to be read with care."
        found.append(Finding("crash.not_converged", text, "warning", "caveat"))
    if threshold_quantile(params) < params.tail_threshold:
        text = (
            f"The tail is fitted from the {100 * threshold_quantile(params):g} % quantile of losses on, below the "
            "threshold asked for: a value at risk cannot be read off a tail that begins above it."
        )
        found.append(Finding("crash.threshold", text, "notice", "caveat"))
    if market.gaps:
        text = f"{market.gaps} days of the price sample have no price; returns over them were left out."
        found.append(Finding("crash.price_gaps", text, "notice", "data"))
    return found


def _tail_finding(by_name: dict[str, Estimate]) -> Finding:
    probability = by_name["fall_probability_pct"]
    word = likelihood(min(max((probability.value or 0.0) / 100, 0.0), 1.0))
    text = (
        f"A one-day fall of bitcoin of more than {REFERENCE_FALL_PCT:g} % within a year is {word}: its probability, "
        f"through the cycle, is {probability:full}. The shape of the tail of daily losses is "
        f"{significance(by_name['tail_index'])} zero, at {by_name['tail_index']:full}. "
        f"{by_name['es_10d'].label}: {by_name['es_10d']:full}."
    )
    return Finding(
        "crash.tail",
        text,
        "notice",
        "result",
        ("crash.fall_probability_pct", "crash.tail_index", "crash.es_10d"),
    )
