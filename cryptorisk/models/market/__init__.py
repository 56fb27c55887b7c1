"""The crypto market by month: what depends on the vintage, the date and a few parameters, and on no country.

The result is the same for every country of a run, so that it is computed once and kept (`cryptorisk.analysis`). It is
made without any figure of the bank's own.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.models.market.activity import activity
from cryptorisk.models.market.cycle import cycle_tables
from cryptorisk.models.market.known_months import known_months, noise, rows
from cryptorisk.models.market.observed import observed, without_own
from cryptorisk.models.market.outlook import (
    Outlook,
    accuracy_rows,
    backtest_rows,
    choice_row,
    fan_rows,
    look_ahead,
    path_rows,
    refused_row,
    series_rows,
)
from cryptorisk.models.market.size import size_tables
from cryptorisk.models.recent import Recent
from cryptorisk.params import Params
from cryptorisk.result import Column, Result, Table

CHAPTER = "market"
TITLE = "The crypto market by month"
COLUMNS = {
    "series": ("target", "month", "value"),
    "fan": (
        "target",
        "month",
        "step",
        "centre",
        "half",
        "value",
        "low",
        "high",
        "inner_low",
        "inner_high",
    ),
    "paths": ("target", "origin", *(f"h{h}" for h in range(1, 13))),
    "backtest": ("target", "origin", "month", "step", "value", "low", "high", "actual"),
    "accuracy": (
        "target",
        "candidate",
        "label",
        "used",
        "mase",
        "mase_1",
        "mase_3",
        "mase_6",
        "mase_12",
        "relative",
        "crps",
        "coverage_model",
        "coverage",
        "p_value",
        "p_corrected",
    ),
    "choices": (
        "target",
        "label",
        "unit",
        "first",
        "last",
        "months",
        "origins",
        "whole",
        "chosen",
        "chosen_label",
        "reason",
        "mase",
        "mase_naive",
        "mase_equal",
        "coverage",
        "fan_12",
        "sources",
        "inputs",
        "refused",
    ),
    "known_months": (
        "asset",
        "years",
        "kind",
        "elasticity",
        "change_sd",
        "month_error",
        "inside",
        "ahead",
        "ahead_inside",
    ),
    "noise": ("factor", "transitory", "months", "series"),
    "cycle_facts": (
        "refused",
        "first",
        "last",
        "weeks",
        "assets",
        "count",
        "left_out",
        "share",
        "low",
        "high",
        "level",
        "order",
        "persistence",
        "converged",
        "block",
        "replications",
        "ends",
        "sources",
        "inputs",
    ),
    "cycle_shares": ("asset", "weeks", "first", "last", "share", "low", "high", "loading", "own_ar"),
    "cycle_path": ("week", "factor", "index"),
    "cycle_variants": ("variant", "assets", "periods", "observations", "share", "low", "high"),
    "cycle_links": (
        "sample",
        "label",
        "driver",
        "driver_label",
        "first",
        "last",
        "weeks",
        "correlation",
        "low",
        "high",
        "p",
        "p_corrected",
        "block",
        "sources",
        "reason",
    ),
    "size_facts": (
        "refused",
        "no_values",
        "no_coins",
        "known_last",
        "last",
        "sources",
        "coin_sources",
        "inputs",
    ),
    "concentration": ("month", "assets", "names", "total", "hhi", "effective", "bitcoin"),
    "stablecoin_share": ("month", "bitcoin", "stablecoins", "share"),
    "growth_months": ("from", "to", "start", "price", "quantity", "end"),
    "growth": (
        "group",
        "year",
        "from",
        "to",
        "assets",
        "start",
        "price",
        "quantity",
        "entered",
        "left",
        "end",
    ),
}

_recent = Recent()


def analyse(inputs: Inputs, params: Params) -> Result:
    """Monthly series, their forecasts and how good those were.

    Parameters
    ----------
    inputs : Inputs
        Of any country: only world series are read, and none of the bank's own.
    params : Params
        ``volumes.interval_level``; the licence choice is in the inputs.

    Returns
    -------
    Result
        Chapter ``market``, tables alone: ``series``, ``fan``, ``paths``, ``backtest``, ``accuracy``, ``choices``,
        ``known_months``, ``noise``; the common factor of prices ``cycle_facts``, ``cycle_shares``, ``cycle_path``,
        ``cycle_variants``, ``cycle_links``; the market's size ``size_facts``, ``concentration``, ``stablecoin_share``,
        ``growth``, ``growth_months``.
    """
    level = params.volumes.interval_level
    key = (inputs.vintage.sha256, inputs.as_of, inputs._without, level)
    return _recent.of(key, lambda: _analyse(without_own(inputs), level))


def _analyse(inputs: Inputs, level: float) -> Result:
    known, tried = observed(inputs), known_months(inputs, level)
    targets = [*activity(inputs, known).values(), *known.values()]
    ahead = [look_ahead(target, level) for target in targets if not target.refused]
    tables = {
        "series": series_rows([one.target for one in ahead]),
        "fan": _rows(ahead, fan_rows),
        "paths": _rows(ahead, path_rows),
        "backtest": [row for one in ahead for row in backtest_rows(one, level)],
        "accuracy": _rows(ahead, accuracy_rows),
        "choices": [choice_row(one) for one in ahead] + [refused_row(t) for t in targets if t.refused],
        "known_months": rows(tried, level),
        "noise": [asdict(noise(tried, level))],
        **cycle_tables(inputs, level),
        **size_tables(inputs),
    }
    return Result.build(CHAPTER, TITLE, "WLD", tables=[_table(name, rows) for name, rows in tables.items()])


def _rows(ahead: list[Outlook], of: Any) -> list[dict[str, Any]]:
    return [row for one in ahead for row in of(one)]


def _table(name: str, rows: list[dict[str, Any]]) -> Table:
    names = COLUMNS[name]
    frame = pd.DataFrame(rows, columns=list(names))
    return Table(f"{CHAPTER}.{name}", name, frame, tuple(Column(one, one) for one in names), shown=False)
