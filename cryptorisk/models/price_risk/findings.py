"""What the market's risk says in sentences: the tail, today's risk, the fit's limits, the backtest."""

from __future__ import annotations

import datetime as dt

from cryptorisk.estimate import Estimate
from cryptorisk.models.price_risk.backtest import BENCHMARK, entrants, levels, outcomes
from cryptorisk.models.price_risk.backtest_tables import backtest_table, tests_table
from cryptorisk.models.price_risk.measure import Market, generator
from cryptorisk.models.price_risk.tail import REFERENCE_FALL_PCT, threshold_quantile
from cryptorisk.params import CrashParams
from cryptorisk.result import Finding, Table
from cryptorisk.words import likelihood, significance


def backtest_part(
    market: Market, params: CrashParams, sources: tuple[str, ...], seed: int
) -> tuple[list[Table], list[Finding]]:
    """The backtest's tables and what they say, or a notice that the sample is too short for one."""
    if not market.choice.rolled:
        text = "The loss forecasts are not backtested: fewer than 250 days remain after the first sample."
        return [], [Finding("crash.no_backtest", text, "notice", "caveat")]
    found = entrants(market.returns, market.choice, levels(params.var_level))
    days = next(iter(found[0].forecasts.values())).losses.index
    span = f"{days[0].date().isoformat()} to {days[-1].date().isoformat()}"
    frame = outcomes(found, generator(seed, 7))
    table = backtest_table(frame, params.var_level, span, sources)
    return [table, tests_table(frame, span, sources)], [_backtest_finding(table, params)]


def _backtest_finding(table: Table, params: CrashParams) -> Finding:
    ours = table.frame.iloc[0]
    benchmark = table.frame[table.frame["method"] == BENCHMARK].iloc[0]
    few = ours["violations"] < ours["expected"]
    verdict = "which does not reject it at 5 %"
    if ours["kupiec_p"] < 0.05:
        verdict = (
            f"which rejects it at 5 %: the forecasts {'were too cautious' if few else 'understated losses'} "
            f"({_zone(ours['zone'], few)})"
        )
    better = "lower (better)" if ours["score"] < benchmark["score"] else "higher (worse)"
    text = (
        f"Over {ours['n']} days the one-day value at risk at {100 * params.var_level:g} % was exceeded "
        f"{ours['violations']} times where {ours['expected']:.1f} were expected, {verdict}. "
        f"Its joint score is {better} than that of the plain two-year quantile"
    )
    text += (
        ", though these days cannot tell the two apart." if ours["in_set"] and benchmark["in_set"] else "."
    )
    bad = ours["kupiec_p"] < 0.05 and not few
    return Finding("crash.backtest", text, "warning" if bad else "info", "caveat")


def _zone(zone: str, few: bool) -> str:
    name = zone.split(",")[0]
    return f"{name} by the Basel count, since violations were {'few' if few else 'many'}"


def market_findings(market: Market, estimates: list[Estimate], params: CrashParams) -> list[Finding]:
    """Integrated volatility, convergence, gaps, the tail and today's risk in sentences."""
    by_name = {estimate.id.removeprefix("crash."): estimate for estimate in estimates}
    found = [_tail_finding(by_name, params)]
    if not market.fit.long_run_variance:
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
    found += [*_choice_findings(market), *_falls_findings(market)]
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


def _choice_findings(market: Market) -> list[Finding]:
    """Where the criterion and the days out of sample disagree about the model, and where the threshold matters."""
    found = []
    if market.choice.disagreed:
        text = (
            f"{market.choice.lowest.name}, has the best fit to the whole sample, but its forecasts of the last "
            f"years were worse than others' beyond chance; {market.fit.name}, is used instead."
        )
        found.append(Finding("crash.model_choice", text, "info", "caveat"))
    if market.tail.sensitive:
        text = (
            "The shape of the tail depends on the threshold above which it is fitted: read rare one-day falls with the "
            "annex's figure of thresholds."
        )
        found.append(Finding("crash.threshold_sensitive", text, "notice", "caveat", ("crash.tail_index",)))
    return found


def _falls_findings(market: Market) -> list[Finding]:
    if not market.falls.refused:
        return []
    words = " ".join(f"{reason[0].upper()}{reason[1:]}." for reason in market.falls.refused.values())
    return [
        Finding(
            "crash.no_long_falls", f"Falls over longer horizons are not given. {words}", "notice", "caveat"
        )
    ]
