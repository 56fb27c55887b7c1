"""Were the daily loss forecasts right? Several methods, refitted in steps over the last years, on the same days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from cryptorisk.models.price_risk.volatility_choice import VolatilityChoice, first_forecast, name_of
from cryptorisk.stats.backtest import (
    christoffersen_coverage,
    christoffersen_independence,
    dynamic_quantile,
    kupiec,
    traffic_light,
)
from cryptorisk.stats.model_confidence import SIZE, model_confidence
from cryptorisk.stats.rolling import forecast_from
from cryptorisk.stats.rolling_benchmarks import rolling_historical, rolling_riskmetrics
from cryptorisk.stats.rolling_forecast import RollingForecast
from cryptorisk.stats.shocks import MCNEIL_FREY_QUANTILE
from cryptorisk.stats.shortfall_backtest import (
    fissler_ziegel_losses,
    z1_p_value,
    z2_p_value,
)

LEVELS = (0.975, 0.99)
"""Levels of the market-risk rules: expected shortfall at 97.5 %, and value at risk at both in its backtest (Basel
Committee 2019, Minimum capital requirements for market risk, MAR32.18)."""

BENCHMARK_DAYS = 730
"""Window of the benchmark, the quantile of the last two years' losses (historical simulation)."""

BENCHMARK = "Historical simulation, two years"

SIMULATIONS = 1_000
"""Histories behind the p-values of the tests of expected shortfall: their error is at most 0.016."""

TEST_SIZE = 0.05


class Entrant(NamedTuple):
    """A method and its forecasts by level."""

    name: str
    forecasts: Mapping[float, RollingForecast]


def levels(var_level: float) -> tuple[float, ...]:
    """The levels that are tested: those of the rules and the report's own."""
    return tuple(sorted({*LEVELS, var_level}))


def entrants(
    returns: pd.Series[float], choice: VolatilityChoice, tested: Sequence[float]
) -> tuple[Entrant, ...]:
    """Methods with their one-day-ahead forecasts, each from earlier returns alone; the chosen model first.

    Parameters
    ----------
    returns : pandas.Series
        Daily log returns in percent.
    choice : VolatilityChoice
        With its rolled fits.
    tested : sequence of float
        Levels.
    """
    chosen = name_of(choice.chosen)
    shown = {chosen: "chosen"}
    if choice.disagreed:
        shown[name_of(choice.lowest)] = "lowest BIC"
    for name in choice.rolled:
        if name[0] == "gjr":
            shown.setdefault(name, "")
    found = []
    for fit in (fit for fit in choice.contenders if name_of(fit) in shown):
        role = shown[name_of(fit)]
        label = f"{fit.name}, filtered simulation" + (f" ({role})" if role else "")
        rolled = choice.rolled[name_of(fit)]
        found.append(Entrant(label, {level: forecast_from(rolled, "fhs", level=level) for level in tested}))
    found.sort(key=lambda entrant: "(chosen)" not in entrant.name)
    if min(tested) > MCNEIL_FREY_QUANTILE + 0.01:
        rolled = choice.rolled[chosen]
        tail = {level: forecast_from(rolled, "pareto", level=level) for level in tested}
        found.insert(1, Entrant(f"{choice.chosen.name}, Pareto tail", tail))
    first = first_forecast(len(returns))
    found.append(
        Entrant("RiskMetrics", {q: rolling_riskmetrics(returns, window=first, level=q) for q in tested})
    )
    recent = returns.iloc[first - BENCHMARK_DAYS :]
    found.append(
        Entrant(BENCHMARK, {q: rolling_historical(recent, window=BENCHMARK_DAYS, level=q) for q in tested})
    )
    return tuple(found)


def outcomes(found: Sequence[Entrant], rng: np.random.Generator) -> pd.DataFrame:
    """Every test of every method at every level.

    Parameters
    ----------
    found : sequence of Entrant
    rng : numpy.random.Generator
        Of the simulated p-values and the confidence sets.

    Returns
    -------
    pandas.DataFrame
        A row a level and method: ``level, method, n, violations, expected``, p-values of Kupiec, Christoffersen
        (independence, conditional coverage) and Engle-Manganelli, ``z1, z1_p, z2, z2_p, score, set_p``, ``in_set``,
        ``zone``, ``verdict``.
    """
    rows: list[dict[str, object]] = []
    for entrant in found:
        drawn = next(iter(entrant.forecasts.values())).draw_losses(SIMULATIONS, rng)
        rows += [_row(entrant.name, forecast, drawn) for forecast in entrant.forecasts.values()]
    frame = pd.DataFrame(rows)
    frame["set_p"] = np.nan
    for level in found[0].forecasts:
        scores = pd.DataFrame({entrant.name: _scores(entrant.forecasts[level]) for entrant in found})
        inside = model_confidence(scores, rng=rng)
        at_level = frame["level"] == level
        frame.loc[at_level, "set_p"] = frame.loc[at_level, "method"].map(inside)
    frame["in_set"] = frame["set_p"] >= SIZE
    return frame.sort_values("level", kind="stable").reset_index(drop=True)


def _row(name: str, forecast: RollingForecast, drawn: np.ndarray) -> dict[str, object]:
    level, hits = forecast.level, forecast.hits
    count, n, rate = int(hits.sum()), int(hits.size), 1.0 - forecast.level
    both = forecast.losses, forecast.value_at_risk, forecast.expected_shortfall
    z1, z2 = z1_p_value(*both, drawn), z2_p_value(*both, level, drawn)
    row: dict[str, object] = {
        "level": level,
        "method": name,
        "n": n,
        "violations": count,
        "expected": n * rate,
        "kupiec_p": kupiec(count, n, rate).p_value,
        "independence_p": christoffersen_independence(hits).p_value,
        "coverage_p": christoffersen_coverage(hits, rate).p_value,
        "quantile_p": dynamic_quantile(hits, forecast.value_at_risk, rate).p_value,
        "z1": z1.statistic,
        "z1_p": z1.p_value,
        "z2": z2.statistic,
        "z2_p": z2.p_value,
        "score": float(_scores(forecast).mean()),
    }
    zone, few = traffic_light(count, n, rate), count < n * rate
    cautious = few and kupiec(count, n, rate).p_value < TEST_SIZE
    row["zone"] = f"{zone} zone, but rejected as too cautious" if cautious else f"{zone} zone"
    row["verdict"] = verdict(row)
    return row


def verdict(row: Mapping[str, object]) -> str:
    """What the tests of the value at risk say at 5 %, in words for both sides."""
    few = float(str(row["violations"])) < float(str(row["expected"]))
    if float(str(row["kupiec_p"])) < TEST_SIZE:
        return "rejected: too cautious" if few else "rejected: understates losses"
    if min(float(str(row["independence_p"])), float(str(row["quantile_p"]))) < TEST_SIZE:
        return "rejected: violations can be predicted"
    return "not rejected"


def _scores(forecast: RollingForecast) -> np.ndarray:
    return fissler_ziegel_losses(
        forecast.losses, forecast.value_at_risk, forecast.expected_shortfall, forecast.level
    )
