"""The backtest as tables: one row a method in the chapter, every test at every level in the annex."""

from __future__ import annotations

import pandas as pd

from cryptorisk.result import Column, Table


def backtest_table(frame: pd.DataFrame, level: float, span: str, sources: tuple[str, ...]) -> Table:
    """``crash.backtest``: violations, tests and light of every method at the report's level.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `cryptorisk.models.price_risk.backtest.outcomes`.
    level : float
    span : str
        First and last day.
    sources : tuple of str
    """
    return Table(
        "crash.backtest",
        f"Backtest of the one-day value at risk at {100 * level:g} %, {span}",
        frame[frame["level"] == level].drop(columns="level"),
        (
            Column("method", "Method"),
            Column("violations", "Violations", "", 0),
            Column("expected", "Expected", "", 1),
            Column("kupiec_p", "Number, p-value", "", 3),
            Column("coverage_p", "Number and clustering, p-value", "", 3),
            Column("zone", "Traffic light"),
            Column("in_set", "May be the best"),
        ),
        note=(
            "Every forecast uses earlier returns only; parameters are refitted every quarter. A low p-value speaks against "
            "the forecasts (Kupiec; Christoffersen's conditional coverage). The light is the supervisors' count for 250 "
            "days with its probabilities for these; it counts violations alone, so that forecasts which are too "
            "cautious stand in the green zone. May be the best: in the 90 % model confidence set of the joint score. "
            "The volatility model was chosen with these days in view, which flatters its rows a little."
        ),
        sources=sources,
    )


def tests_table(frame: pd.DataFrame, span: str, sources: tuple[str, ...]) -> Table:
    """``crash.backtest_tests``: every test at every level, for the annex."""
    shown = frame.assign(level_pct=100 * frame["level"])
    return Table(
        "crash.backtest_tests",
        f"All tests of the one-day forecasts, {span}",
        shown,
        (
            Column("method", "Method"),
            Column("level_pct", "Level", "%", 1),
            Column("violations", "Violations", "", 0),
            Column("expected", "Expected", "", 1),
            Column("independence_p", "Independence, p", "", 3),
            Column("quantile_p", "Dynamic quantile, p", "", 3),
            Column("z1", "Z1", "", 2),
            Column("z1_p", "Z1, p", "", 3),
            Column("z2", "Z2", "", 2),
            Column("z2_p", "Z2, p", "", 3),
            Column("score", "Joint score", "", 3),
            Column("set_p", "in the confidence set, p", "", 2),
            Column("verdict", "Value at risk"),
        ),
        note=(
            "Independence: Christoffersen 1998. Dynamic quantile: Engle and Manganelli 2004, four lags and the "
            "forecast. Z1 and Z2: Acerbi and Szekely 2014, zero on average when the forecasts hold, negative when they "
            "understate; p-values from 1000 simulated histories, near one when the forecasts are too cautious. "
            "Joint score: Fissler and Ziegel's FZ0, lower is better."
        ),
        sources=sources,
    )
