"""What limits the market's risk figures, in sentences: the fit, the threshold, gaps, the backtest."""

from __future__ import annotations

from cryptorisk.estimate import Estimate
from cryptorisk.models.price_risk.backtest import BENCHMARK, TEST_SIZE, entrants, levels, outcomes
from cryptorisk.models.price_risk.backtest_tables import backtest_table, tests_table
from cryptorisk.models.price_risk.measure import Market, generator
from cryptorisk.models.price_risk.tail import threshold_quantile
from cryptorisk.params import CrashParams
from cryptorisk.result import Finding, Severity, Table
from cryptorisk.words import likelihood


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
    if ours["kupiec_p"] < TEST_SIZE:
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
    ids = tuple(f"crash.{name}" for name in ("var_1d", "es_1d", "var_10d", "es_10d"))
    return Finding("crash.backtest", text, _severity(float(ours["kupiec_p"]), bool(few)), "caveat", ids)


def _severity(p_value: float, few: bool) -> Severity:
    """Understated losses are a warning, too cautious forecasts worth knowing."""
    if p_value >= TEST_SIZE:
        return "info"
    return "notice" if few else "warning"


def backtest_clause(table: Table | None) -> str:
    """What the sentence that quotes a conditional loss says of the backtest: a clause, or nothing when it was passed.

    Parameters
    ----------
    table : Table or None
        ``crash.backtest``, the chosen model first.
    """
    ours = None if table is None else table.frame.iloc[0]
    if table is None or ours is None or ours["kupiec_p"] >= TEST_SIZE:
        return ""
    side = "high" if ours["violations"] < ours["expected"] else "low"
    days = table.title.rsplit(", ", 1)[-1]
    return f"; over {days} the model's value at risk over one day was too {side} by its backtest"


def _zone(zone: str, few: bool) -> str:
    name = zone.split(",")[0]
    return f"{name} by the Basel count, since violations were {'few' if few else 'many'}"


def market_findings(market: Market, params: CrashParams) -> list[Finding]:
    """Integrated volatility, the choice of the model, convergence, the threshold and gaps in sentences."""
    found = []
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
    """The word for a probability in percent: the point's own. Its number and interval stand beside it.

    Parameters
    ----------
    probability : Estimate
        In percent, available.
    """
    return likelihood(min(max((probability.value or 0.0) / 100, 0.0), 1.0))


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
