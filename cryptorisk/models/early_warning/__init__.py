"""Early warning of currency crashes on all economies: what depends on the vintage, the date and the seed alone.

No country and no figure of the bank's own enters it, so that it is computed once and kept (`cryptorisk.analysis`). The
capital-flight chapter reads the country's part off it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.errors import ModelError
from cryptorisk.models.early_warning.choice import MOST, SEARCHES, Search, choice_rows, choice_today
from cryptorisk.models.early_warning.forecasts import (
    REPLICATIONS,
    calibration_rows,
    judge,
    predict,
    predict_chosen,
)
from cryptorisk.models.early_warning.indicators import INDICATORS, Panel, panel, sources_of
from cryptorisk.models.early_warning.sample import FIXED, VARIANTS, Equation, Rows, rows
from cryptorisk.models.early_warning.thresholds import judge_indicators, signal_rows
from cryptorisk.models.market.observed import without_own
from cryptorisk.models.recent import Recent
from cryptorisk.params import Params
from cryptorisk.result import Column, Result, Table
from cryptorisk.stats.panel_logit import PanelLogit, bootstrap_coefficients, newton, panel_logit
from cryptorisk.stats.roc import roc_band
from cryptorisk.stats.scaling import Scaling

CHAPTER = "early_warning"
TITLE = "Early warning of currency crashes"
LEVEL = 0.9
"""Of all intervals of the early warning."""
TOO_FEW = "too few crashes to choose a variable by"
NOTHING_CHOSEN = "no variable predicts crashes better than their share alone (BIC)"
GRID = np.round(np.linspace(0, 1, 51), 2)
WIDEST = max(MOST, *(len(one.always) for one in SEARCHES))

COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "equations": (
            "equation",
            "label",
            "horizon",
            "after",
            "first",
            "last",
            "rows",
            "events",
            "crashes",
            "economies",
            "base",
            "pseudo_r2",
            "draws",
            "sources",
            "inputs",
            "refused",
        ),
        "coefficients": (
            "equation",
            "regressor",
            "label",
            "unit",
            "value",
            "error",
            "low",
            "high",
            "clip_low",
            "clip_high",
            "mean",
            "spread",
        ),
        "draws": ("equation", *(f"b{k}" for k in range(WIDEST + 1))),
        "signals": (
            "indicator",
            "label",
            "unit",
            "danger",
            "older",
            "percentile",
            "threshold",
            "a",
            "b",
            "c",
            "d",
            "noise",
            "conditional",
            "base",
            "usefulness",
        ),
        "accuracy": (
            "predictor",
            "label",
            "rows",
            "events",
            "crashes",
            "crash_economies",
            "economies",
            "first",
            "last",
            "auroc",
            "low",
            "high",
            "gain",
            "gain_low",
            "gain_high",
            "brier",
            "brier_base",
            "skill",
            "mean_p",
            "mean_y",
            "missed",
            "false",
            "usefulness",
            "refused",
        ),
        "roc": ("false_alarms", "hits", "low", "high"),
        "calibration": (
            "from",
            "to",
            "rows",
            "crashes",
            "crash_economies",
            "mean_p",
            "mean_y",
            "low",
            "high",
        ),
        "choices": ("equation", "year", "chosen", "lead", "crashes", "slope"),
        "crashes": ("economy", "year", "depreciation", "basis"),
    }
)

_recent = Recent()


def chosen(params: Params) -> str:
    """What of the parameters it depends on, for the name of the kept result."""
    return f"{params.seed}"


def analyse(inputs: Inputs, params: Params) -> Result:
    """Equations, thresholds and how good both were on years that they had not seen.

    Parameters
    ----------
    inputs : Inputs
        Of any country: only public panels are read.
    params : Params
        ``seed``; the licence choice is in the inputs.

    Returns
    -------
    Result
        Chapter ``early_warning``, tables alone: ``equations``, ``coefficients``, ``draws`` (coefficients on resampled
        economies), ``signals``, ``accuracy``, ``roc``, ``calibration``, ``choices`` (variables by year), ``crashes``.
    """
    key = (inputs.vintage.sha256, inputs.as_of, inputs._without, params.seed)
    return _recent.of(key, lambda: _analyse(without_own(inputs), params.seed))


def _analyse(inputs: Inputs, seed: int) -> Result:
    return of_panel(panel(inputs), seed, lambda equation: _origin(inputs, equation))


def of_panel(world: Panel, seed: int, origin: Callable[[Equation], tuple[str, str]] | None = None) -> Result:
    """The same on any panel.

    Parameters
    ----------
    world : Panel
    seed : int
    origin : callable, optional
        Sources and series of an equation, to be carried along.
    """
    known: dict[Search | Equation, pd.DataFrame] = {one: predict_chosen(world, one) for one in SEARCHES}
    known |= {one: predict(rows(world, one), one) for one in VARIANTS}
    main = known[SEARCHES[0]]
    fitted: dict[str, list[dict[str, Any]]] = {"equations": [], "coefficients": [], "draws": []}
    choices: list[dict[str, Any]] = []
    for number, search in enumerate(SEARCHES):
        today = choice_today(world, search)
        equation = search.equation(() if today is None else today.regressors)
        if today is None or not today.regressors:
            refused = TOO_FEW if today is None else NOTHING_CHOSEN
            fitted["equations"].append({**_facts(equation, search), "refused": refused})
        else:
            where = ("", "") if origin is None else origin(equation)
            for name, found in _fit(equation, rows(world, equation), where, [seed, number]).items():
                fitted[name] += found
        choices += choice_rows(known[search], search, today, world.years[-1] if world.years else 0)
    tables: dict[str, list[dict[str, Any]]] = {
        **fitted,
        "signals": signal_rows(judge_indicators(world, FIXED)),
        "accuracy": judge(world, known, LEVEL, seed),
        "roc": _roc(main, seed),
        "calibration": calibration_rows(main, LEVEL, seed),
        "choices": _with_slopes(choices, known[FIXED], rows(world, FIXED)),
        "crashes": _crashes(world),
    }
    return Result.build(CHAPTER, TITLE, "WLD", tables=[_table(name, found) for name, found in tables.items()])


def _fit(
    equation: Equation, sample: Rows, origin: tuple[str, str], seed: list[int]
) -> dict[str, list[dict[str, Any]]]:
    row = _facts(equation, equation) | {"sources": origin[0], "inputs": origin[1], "refused": ""}
    try:
        scaling = Scaling.learn(sample.x)
        x = scaling.apply(sample.x)
        fit = panel_logit(sample.y, x, sample.place, equation.regressors, distinct=sample.crashes)
    except (ModelError, IndexError) as error:
        return {"equations": [{**row, "refused": str(error)}]}
    draws = bootstrap_coefficients(sample.y, x, sample.place, REPLICATIONS, np.random.default_rng(seed))
    row |= {"first": int(sample.year.min()), "last": int(sample.year.max()), "rows": fit.observations}
    row |= {
        "events": fit.events,
        "crashes": sample.crashes,
        "economies": fit.clusters,
        "base": float(sample.y.mean()),
    }
    row |= {"pseudo_r2": fit.pseudo_r2, "draws": len(draws)}
    named = [{"equation": equation.name, **{f"b{k}": b for k, b in enumerate(draw)}} for draw in draws]
    return {"equations": [row], "coefficients": _coefficients(equation, fit, scaling), "draws": named}


def _facts(equation: Equation, of: Search | Equation) -> dict[str, Any]:
    label = equation.label or of.label
    return {"equation": equation.name, "label": label, "horizon": of.horizon, "after": of.after}


def _with_slopes(choices: list[dict[str, Any]], fixed: pd.DataFrame, sample: Rows) -> list[dict[str, Any]]:
    """Beside each choice the slope of inflation alone fitted on the same years, log-odds a log percent."""
    slopes = {int(str(year)): float(group["slope"].iloc[0]) for year, group in fixed.groupby("year")}
    if choices and choices[-1]["year"] not in slopes and len(sample.y):
        scaling = Scaling.learn(sample.x)
        design = np.column_stack([np.ones(len(sample.y)), scaling.apply(sample.x)])
        now = newton(sample.y, design, np.ones(len(sample.y)))
        if now is not None:
            slopes[choices[-1]["year"]] = float(now[1] / scaling.spread[0])
    return [{**one, "slope": slopes.get(one["year"], np.nan)} for one in choices]


def _coefficients(equation: Equation, fit: PanelLogit, scaling: Scaling) -> list[dict[str, Any]]:
    labels = {one.name: one for one in INDICATORS}
    low, high = fit.interval(LEVEL)
    found = []
    for k, name in enumerate(("constant", *equation.regressors)):
        row: dict[str, Any] = {"equation": equation.name, "regressor": name, "label": "Constant", "unit": ""}
        row |= {"value": fit.coefficients[k], "error": fit.errors[k], "low": low[k], "high": high[k]}
        if k:
            row |= {"label": labels[name].label, "unit": labels[name].unit}
            row |= {"clip_low": scaling.low[k - 1], "clip_high": scaling.high[k - 1]}
            row |= {"mean": scaling.mean[k - 1], "spread": scaling.spread[k - 1]}
        found.append(row)
    return found


def _roc(known: pd.DataFrame, seed: int) -> list[dict[str, Any]]:
    if known.empty or not 0 < known["y"].sum() < len(known):
        return []
    hits, low, high = roc_band(
        known["p"].to_numpy(float),
        known["y"].to_numpy(float),
        known["place"].to_numpy(str),
        GRID,
        level=LEVEL,
        replications=REPLICATIONS,
        rng=np.random.default_rng(seed),
    )
    columns = {"false_alarms": GRID, "hits": hits, "low": low, "high": high}
    return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]


def _crashes(world: Panel) -> list[dict[str, Any]]:
    pct = 100 * world.rate.pct_change(fill_method=None)
    return [
        {
            "economy": place,
            "year": year,
            "depreciation": float(pct.loc[year, place]),
            "basis": "" if world.basis is None else str(world.basis.loc[year, place]),
        }
        for place in world.crash.columns
        for year in world.crash.index[world.crash[place] == 1]
    ]


def _origin(inputs: Inputs, equation: Equation) -> tuple[str, str]:
    names = [one.series for one in INDICATORS if one.name in equation.regressors]
    series = tuple(dict.fromkeys(series for group in names for series in group))
    return ";".join(sources_of(inputs, series)), ";".join(series)


def _table(name: str, found: list[dict[str, Any]]) -> Table:
    names = COLUMNS[name]
    frame = pd.DataFrame(found, columns=list(names))
    return Table(f"{CHAPTER}.{name}", name, frame, tuple(Column(one, one) for one in names), shown=False)
