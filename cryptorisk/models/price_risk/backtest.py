"""Were the daily loss forecasts right? Refitted in steps over the last years and set against a plain benchmark."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cryptorisk.params import CrashParams
from cryptorisk.result import Column, Table
from cryptorisk.stats.backtest import (
    acerbi_szekely_z2,
    christoffersen_independence,
    fissler_ziegel_score,
    kupiec,
    traffic_light,
    violations,
)
from cryptorisk.stats.expected_shortfall import expected_shortfall, value_at_risk
from cryptorisk.stats.garch import fit_garch, fit_gjr
from cryptorisk.stats.sample import FloatArray

DAYS = 1095
"""Length of the backtest: three years, or less when five years of earlier data would not remain."""

STEP = 91
"""Days between refits: a quarter. Between them the fitted recursion is fed with the new returns."""

FIRST_SAMPLE = 1000
"""Fewest returns before the first forecast: 1 % of them are ten observations beyond a 99 % quantile."""

BENCHMARK_DAYS = 730
"""Window of the benchmark, the quantile of the last two years' losses (historical simulation)."""


def forecasts(returns: pd.Series[float], level: float) -> pd.DataFrame:
    """One-day-ahead forecasts of value at risk and expected shortfall, each from earlier returns alone.

    Parameters
    ----------
    returns : pandas.Series
        Daily log returns in percent.
    level : float

    Returns
    -------
    pandas.DataFrame
        Index date; ``loss`` (percent log points), ``fhs_var``, ``fhs_es`` (filtered historical simulation),
        ``hs_var``, ``hs_es`` (historical simulation). Empty when the sample is too short.
    """
    first = max(len(returns) - DAYS, FIRST_SAMPLE)
    values: FloatArray = np.asarray(returns, dtype=np.float64)
    pieces: list[pd.DataFrame] = []
    start: FloatArray | None = None
    for origin in range(first, len(values), STEP):
        end = min(origin + STEP, len(values))
        fit = fit_gjr(values[:origin]) if start is None else fit_garch(values[:origin], start=start)
        start = np.asarray(fit.params, dtype=np.float64)
        sigma, _ = fit.recursion.filter(values[:end] - fit.mu, float(fit.conditional_volatility.iloc[0]))
        shocks: FloatArray = -np.asarray(fit.standardized_residuals, dtype=np.float64)
        pieces.append(
            pd.DataFrame(
                {
                    "loss": -values[origin:end],
                    "fhs_var": sigma[origin:end] * value_at_risk(shocks, level) - fit.mu,
                    "fhs_es": sigma[origin:end] * expected_shortfall(shocks, level) - fit.mu,
                },
                index=returns.index[origin:end],
            )
        )
    if not pieces:
        return pd.DataFrame(columns=["loss", "fhs_var", "fhs_es", "hs_var", "hs_es"])
    frame = pd.concat(pieces)
    frame["hs_var"], frame["hs_es"] = _historical(values, first, level)
    return frame


def backtest_table(frame: pd.DataFrame, params: CrashParams, sources: tuple[str, ...]) -> Table:
    """``crash.backtest``: both methods with their tests.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `forecasts`, not empty.
    params : CrashParams
    sources : tuple of str

    Returns
    -------
    Table
        Violations and expected violations, Kupiec's and Christoffersen's p-values, the zone of the traffic
        light, Acerbi and Szekely's statistic and the joint score.
    """
    level = params.var_level
    rows = [
        _row(
            name,
            frame["loss"].to_numpy(),
            frame[f"{key}_var"].to_numpy(),
            frame[f"{key}_es"].to_numpy(),
            level,
        )
        for key, name in (
            ("fhs", "Filtered historical simulation"),
            ("hs", "Benchmark: last two years' quantile"),
        )
    ]
    span = f"{frame.index[0].date().isoformat()} to {frame.index[-1].date().isoformat()}"
    return Table(
        "crash.backtest",
        f"Backtest of the one-day value at risk at {100 * level:g} %, {span}",
        pd.DataFrame(rows),
        (
            Column("method", "Method"),
            Column("n", "Days", "", 0),
            Column("violations", "Violations", "", 0),
            Column("expected", "Expected", "", 1),
            Column("kupiec_p", "Kupiec, p-value", "", 3),
            Column("independence_p", "Independence, p-value", "", 3),
            Column("zone", "Traffic light"),
            Column("z2", "Acerbi\u2013Szekely Z2", "", 2),
            Column("score", "Fissler\u2013Ziegel score", "", 3),
        ),
        note=(
            "Every forecast uses earlier returns only; parameters are refitted every quarter. A low p-value speaks "
            "against the forecasts. Z2 is zero on average when both forecasts hold, negative when they understate. "
            "The lower score is the better forecast. The traffic light is the supervisors' scheme for 250 days, "
            "applied with its probabilities to this number of days; it counts violations alone, so that forecasts "
            "which are too cautious stand in the green zone."
        ),
        sources=sources,
    )


def _row(name: str, loss: FloatArray, var: FloatArray, es: FloatArray, level: float) -> dict[str, object]:
    hits = violations(loss, var)
    count, n = int(hits.sum()), len(hits)
    p_value, zone = kupiec(count, n, 1 - level).p_value, traffic_light(count, n, 1 - level)
    cautious = p_value < 0.05 and count < n * (1 - level)
    return {
        "method": name,
        "n": n,
        "violations": count,
        "expected": n * (1 - level),
        "kupiec_p": p_value,
        "independence_p": christoffersen_independence(hits).p_value,
        "zone": f"{zone} zone, but rejected as too cautious" if cautious else f"{zone} zone",
        "z2": acerbi_szekely_z2(loss, var, es, level),
        "score": fissler_ziegel_score(loss, var, es, level),
    }


def _historical(values: FloatArray, first: int, level: float) -> tuple[FloatArray, FloatArray]:
    windows = np.lib.stride_tricks.sliding_window_view(-values, BENCHMARK_DAYS)[first - BENCHMARK_DAYS : -1]
    quantile = np.quantile(windows, level, axis=1)
    beyond = windows >= quantile[:, None]
    return quantile, (windows * beyond).sum(axis=1) / beyond.sum(axis=1)
