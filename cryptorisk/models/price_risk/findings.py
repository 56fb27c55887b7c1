"""What the market's risk says in sentences: the tail, today's risk, the fit's limits, the backtest."""

from __future__ import annotations

import datetime as dt

from cryptorisk.estimate import Estimate
from cryptorisk.models.price_risk.backtest import backtest_table, forecasts
from cryptorisk.models.price_risk.measure import REFERENCE_FALL_PCT, Market, threshold_quantile
from cryptorisk.params import CrashParams
from cryptorisk.result import Finding, Table
from cryptorisk.words import likelihood, significance


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
            f"which rejects it at 5 %: the forecasts {'were too cautious' if few else 'understated losses'} "
            f"({_zone(ours['zone'], few)})"
        )
    better = "lower (better)" if ours["score"] < benchmark["score"] else "higher (worse)"
    text = (
        f"Over {ours['n']} days the one-day value at risk at {100 * params.var_level:g} % was exceeded "
        f"{ours['violations']} times where {ours['expected']:.1f} were expected, {verdict}. "
        f"Its joint score is {better} than that of the plain two-year quantile."
    )
    bad = ours["kupiec_p"] < 0.05 and ours["violations"] > ours["expected"]
    return [table], [Finding("crash.backtest", text, "warning" if bad else "info", "caveat")]


def _zone(zone: str, few: bool) -> str:
    name = zone.split(",")[0]
    return f"{name} by the Basel count, since violations were {'few' if few else 'many'}"


def market_findings(market: Market, estimates: list[Estimate], params: CrashParams) -> list[Finding]:
    """Integrated volatility, convergence, gaps, the tail and today's risk in sentences."""
    by_name = {estimate.id.removeprefix("crash."): estimate for estimate in estimates}
    found = [_tail_finding(by_name, params)]
    if market.fit.integrated_boundary:
        found.append(
            Finding(
                "crash.integrated",
                "Calm and stormy spells of bitcoin last so long that no long-run level of its volatility can be relied on. "
                f"The model is therefore simulated for {params.horizon_days} days at most; longer falls are taken from "
                "history.",
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


def likelihood_words(probability: Estimate) -> str:
    """The word for a probability in percent; both words where its interval crosses from one into another.

    Parameters
    ----------
    probability : Estimate
        In percent, available.
    """
    ends = (probability.low, probability.high)
    numbers = [probability.value if end is None else end for end in ends]
    low, high = (likelihood(min(max((number or 0.0) / 100, 0.0), 1.0)) for number in numbers)
    return low if low == high else f"{low} to {high}"


OLD_PRICES_DAYS = 30
"""Prices older than this at the report's date are said to be old: bitcoin's volatility has often doubled or halved
within a month."""


def old_prices(last: dt.date, as_of: dt.date) -> list[Finding]:
    """A data finding when the last price is older than `OLD_PRICES_DAYS` at the report's date, else nothing.

    Parameters
    ----------
    last, as_of : datetime.date
    """
    age = (as_of - last).days
    if age <= OLD_PRICES_DAYS:
        return []
    text = (
        f"The last bitcoin price in the vintage is of {last.isoformat()}, {age} days before the report's date: volatility, "
        "losses over the following days, the fall from the record price and values at the last price are those of that "
        "day, not of the report's."
    )
    return [Finding("crash.old_prices", text, "notice", "data", ("crash.btc_price_usd", "crash.es_10d"))]


def _tail_finding(by_name: dict[str, Estimate], params: CrashParams) -> Finding:
    """What a bad day and a bad spell cost: the same in every country, hence context."""
    probability, shape, spell = (by_name[name] for name in ("fall_probability_pct", "tail_index", "es_10d"))
    word = likelihood_words(probability)
    text = (
        f"A fall of bitcoin by more than {REFERENCE_FALL_PCT:g} % on one day within a year is {word}: its probability is "
        f"{probability:full}. "
    )
    if significance(shape) == "above":
        text += "Extreme days are more frequent than a bell curve of the usual days would suggest. "
    days = f"{params.horizon_days} days" if params.horizon_days > 1 else "one day"
    last = spell.date.rsplit("/", 1)[-1]
    text += (
        f"A holder of bitcoin would lose {spell:full} on average over the worst {100 * (1 - params.var_level):.3g} % of "
        f"outcomes in the {days} after {last}, the last day with a price."
    )
    return Finding("crash.tail", text, "info", "result", (probability.id, shape.id, spell.id))
