"""Tables of the monthly section: the paths, the index with its fan and backtest, and how good the forecasts were."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from cryptorisk.estimate import number
from cryptorisk.models.market.activity import USD
from cryptorisk.models.volumes.fit import VolumesFit
from cryptorisk.models.volumes.monthly import Monthly, MonthlyPath
from cryptorisk.models.volumes.tables import QUOTES
from cryptorisk.result import Column, Result, Table
from cryptorisk.stats.forecast_choice import SIGNIFICANCE
from cryptorisk.stats.forecast_evaluation import BENCHMARK
from cryptorisk.words import inside

COVERAGE_MARGIN = 10.0
"""Percentage points by which coverage must miss its nominal value before the sentence says so."""
STAGE = {
    "spread": "published year, spread",
    "nowcast": "after it, index observed",
    "forecast": "index forecast",
}
PATH_NOTE = (
    "Modelled: no month was observed. Spread: adds up to the published or allocated annual figure, brought to the terms of "
    "the vendor's last report, so that months can be compared over the years. After it: follows the "
    "index, the last ratio carried on. Index forecast: the index itself is forecast. The interval also spans later "
    "restatements. In bitcoin: at the mean price of the month, implied by the forecasts of the index in dollars and in "
    "bitcoin where it lies ahead."
)


def monthly_tables(found: Monthly | str, fitted: VolumesFit, market: Result) -> list[Table]:
    """Tables that exist whatever was refused."""
    tables = [
        activity_table(market),
        accuracy_table(market, fitted.level),
        targets_table(market, fitted.level),
    ]
    if not isinstance(found, str):
        paths = (
            path_table("monthly_region", found, found.region, fitted.region_name, fitted.level),
            None
            if found.country is None
            else path_table("monthly_country", found, found.country, fitted.country.name, fitted.level),
        )
        tables += [*paths, check_table(found, market)]
    return [table for table in tables if table is not None]


def path_table(id: str, found: Monthly, path: MonthlyPath, name: str, level: float) -> Table:
    """A region's or country's months with intervals, in dollars and in bitcoin."""
    scale, unit, digits = (1e9, "bn USD", 2) if path.centre.max() >= 1e9 else (1e6, "m USD", 2)
    probabilities = [(1 - level) / 2, (1 + level) / 2]
    low, high = np.quantile(path.draws, probabilities, axis=0) / scale
    frame = pd.DataFrame(
        {
            "month": [f"{month:%Y-%m}" for month in found.months],
            "stage": [STAGE[one] for one in found.stage],
            "value": path.centre / scale,
            "low": np.minimum(low, path.centre / scale),
            "high": np.maximum(high, path.centre / scale),
            "annual": _monthly_mean(found, path) / scale,
            **_coin_columns(path, probabilities),
        }
    )
    columns = (
        Column("month", "Month"),
        Column("stage", "Stage"),
        Column("value", "Volume", unit, digits),
        Column("low", "Low", unit, digits),
        Column("high", "High", unit, digits),
        Column("annual", "Annual figure in the last report's terms, monthly mean", unit, digits),
        Column("coins", "Volume", "thousand BTC", 1),
        Column("coins_low", "Low", "thousand BTC", 1),
        Column("coins_high", "High", "thousand BTC", 1),
    )
    sources = (QUOTES, *found.reading.sources)
    return Table(f"volumes.{id}", f"{name} by month", frame, columns, PATH_NOTE, sources, shown=False)


def _monthly_mean(found: Monthly, path: MonthlyPath) -> np.ndarray:
    mean = dict(zip(found.years, path.annual / 12, strict=True))
    return np.array([mean.get(int(year), math.nan) for year in found.year])


def _coin_columns(path: MonthlyPath, probabilities: list[float]) -> dict[str, np.ndarray]:
    if path.coins is None or path.coin_draws is None:
        return {name: np.full(path.centre.size, math.nan) for name in ("coins", "coins_low", "coins_high")}
    low, high = np.quantile(path.coin_draws, probabilities, axis=0) / 1e3
    coins = path.coins / 1e3
    return {"coins": coins, "coins_low": np.minimum(low, coins), "coins_high": np.maximum(high, coins)}


def activity_table(market: Result) -> Table | None:
    """The index: observed months, forecasts made a year apart, and the fan."""
    series, back, fan = (_of(market, name) for name in ("series", "backtest", "fan"))
    if series.empty:
        return None
    observed = series.assign(part="observed", origin="", low=math.nan, high=math.nan)
    past = back.assign(part="forecast at the time")
    ahead = fan.assign(part="forecast", origin=series["month"].iloc[-1])
    names = ["part", "origin", "month", "value", "low", "high", "inner_low", "inner_high", "actual"]
    frame = pd.concat([one.reindex(columns=names) for one in (observed, past, ahead)], ignore_index=True)
    columns = (
        Column("part", "Part"),
        Column("origin", "Forecast from"),
        Column("month", "Month"),
        Column("value", "Index", "last twelve months = 100", 1),
        Column("low", "Low", "", 1),
        Column("high", "High", "", 1),
        Column("inner_low", "Half of the cases: low", "", 1),
        Column("inner_high", "Half of the cases: high", "", 1),
        Column("actual", "What came", "", 1),
    )
    choice = _of(market, "choices").iloc[0]
    note = (
        f"{choice['label']}: geometric mean of what is observed. Forecast: {inside(choice['chosen_label'])}; "
        f"{choice['reason']}. Intervals from the errors of past forecasts alone."
    )
    return Table(
        "volumes.activity",
        "Index of crypto activity",
        frame,
        columns,
        note,
        tuple(str(choice["sources"]).split(";")),
        shown=False,
    )


def accuracy_table(market: Result, level: float) -> Table | None:
    """Every candidate for the index, beside no change."""
    frame = _of(market, "accuracy")
    if frame.empty:
        return None
    choice = _of(market, "choices").iloc[0]
    percent = f"{100 * level:.0f} %"
    columns = (
        Column("label", "Forecast"),
        Column("used", "Used"),
        Column("mase", "MASE, 1 to 12 months", "", 2),
        Column("mase_1", "1 month", "", 2),
        Column("mase_3", "3", "", 2),
        Column("mase_6", "6", "", 2),
        Column("mase_12", "12", "", 2),
        Column("relative", "Error relative to no change", "ratio", 2),
        Column("crps", "CRPS", "log %", 1),
        Column("coverage_model", f"Inside the model's own {percent} interval", "%", 0),
        Column("coverage", f"Inside the {percent} interval from past errors", "%", 0),
        Column("p_value", "Same error as no change, p", "", 2),
        Column("p_corrected", "The same, HLN", "", 2),
    )
    note = (
        f"{accuracy_sentence(market, level)} Logarithms of the index, {choice['first']} to {choice['last']}; "
        f"{int(choice['origins'])} origins, at each of which only what was known is used, {int(choice['whole'])} of them "
        "with all twelve months known. MASE: absolute "
        "error over the mean monthly change before the origin. CRPS: of the forecast with the errors known at the origin "
        "around it. p: Diebold and Mariano, mean error over twelve months, two-sided, with fixed smoothing; HLN: with the "
        "correction of Harvey, Leybourne and Newbold alone, which finds differences too often here. Neither is adjusted for "
        "the number of candidates."
    )
    shown = frame[[column.name for column in columns]]
    sources = tuple(str(choice["sources"]).split(";"))
    title = "Forecasts of the index against no change"
    return Table("volumes.forecast_accuracy", title, shown, columns, note, sources)


def accuracy_sentence(market: Result, level: float) -> str:
    """How the index is forecast, and how that did against no change."""
    frame = _of(market, "accuracy")
    if frame.empty:
        return ""
    used = frame[frame["used"] == "yes"].iloc[0]
    if used["candidate"] == BENCHMARK:
        return (
            "The index is forecast by no change: the mean of all candidates erred no less over the months that could be "
            "checked, and no candidate erred significantly less."
        )
    verdict = (
        "which is less than chance alone would explain"
        if used["p_value"] < SIGNIFICANCE
        else "which is not distinguishable from it"
    )
    return (
        f"The index is forecast by the {inside(str(used['label']))}; its error over one to twelve months was "
        f"{number(used['relative'], 2)} times that of no change, {verdict} (p = {number(used['p_value'], 2)}). "
        f"{number(used['coverage'], 0)} % of the outcomes lay inside the {number(100 * level, 0)} % interval that was "
        f"possible at the time{_width(float(used['coverage']), 100 * level)}."
    )


def _width(coverage: float, nominal: float) -> str:
    """What coverage says of the interval's width; overlapping months make differences of less than the margin common."""
    if abs(coverage - nominal) <= COVERAGE_MARGIN:
        return ""
    return ", which was wider than it had to be" if coverage > nominal else ", which was too narrow"


def targets_table(market: Result, level: float) -> Table:
    """Every observed series: what is used, how it did against no change, or why it is not forecast."""
    frame = market.tables["choices"].frame.copy()
    frame["label"] = [
        label if unit in ("index", "number") else f"{label}, {unit}"
        for label, unit in zip(frame["label"], frame["unit"], strict=True)
    ]
    frame["chosen_label"] = frame["chosen_label"].where(
        frame["refused"] == "", "not forecast: " + frame["refused"]
    )
    columns = (
        Column("label", "Series"),
        Column("last", "Last month"),
        Column("months", "Months", "", 0),
        Column("chosen_label", "Forecast used"),
        Column("mase", "MASE", "", 2),
        Column("mase_naive", "MASE of no change", "", 2),
        Column("coverage", f"Inside the {100 * level:.0f} % interval", "%", 0),
        Column("fan_12", "Upper end in twelve months, above the forecast", "%", 0),
    )
    note = (
        "Observed monthly series alone are forecast and judged, never a path of a region. The mean of all candidates is "
        "used unless no change errs less, or another candidate significantly less (5 %, adjusted by Holm for their number)."
    )
    sources = tuple(dict.fromkeys(s for row in frame["sources"] for s in str(row).split(";") if s))
    shown = frame[[column.name for column in columns]]
    return Table("volumes.forecast_targets", "Forecasts of observed series", shown, columns, note, sources)


def check_table(found: Monthly, market: Result) -> Table:
    """What the index says of annual volumes, and how well months of known series are recovered."""
    link = found.link
    rows: list[tuple[str, float, str]] = [
        (
            "World's annual change, like for like, error without the index (no change)",
            100 * link.left_out["none"],
            "log %",
        ),
        ("The same, index with elasticity one", 100 * link.left_out["proportional"], "log %"),
        ("The same, elasticity fitted on the other changes", 100 * link.left_out["fitted"], "log %"),
        ("Elasticity used", link.elasticity, "ratio"),
        (
            "Standard deviation of a region's annual change that the index leaves",
            100 * link.change_sd,
            "log %",
        ),
    ]
    if found.hold_out is not None:
        error, half = found.hold_out
        rows += [
            (
                "World's last annual figure, like for like, over its forecast from the years before",
                100 * error,
                "log %",
            ),
            ("Half-width of that forecast's interval", 100 * half, "log %"),
        ]
    known, noise = market.tables["known_months"].frame, market.tables["noise"].frame.iloc[0]
    if len(known):
        rows += [
            ("Series whose months are known: number", float(len(known)), "number"),
            ("Their months: median error", float(known["month_error"].median()), "log %"),
            ("Their months: interval widened by", float(noise["factor"]), "factor"),
            ("Their totals a year ahead: hidden", float(known["ahead"].sum()), "number"),
            ("Their totals a year ahead: inside the interval", float(known["ahead_inside"].sum()), "number"),
        ]
    columns = (Column("what", "What"), Column("value", "Value", "", 2), Column("unit", "Unit"))
    assets = ", ".join(known["asset"]) if len(known) else ""
    note = (
        f"{len(found.years) - 1} annual changes: differences between the first three rows are weak evidence at best. log %: "
        "hundred times a difference of natural logarithms. "
        + (
            f"Known months: value transferred on chain of {assets}, summed to years from July and spread again by bitcoin "
            "sent to exchanges."
            if assets
            else "No series with known months in the vintage, or left out for its licence."
        )
    )
    frame = pd.DataFrame(rows, columns=["what", "value", "unit"])
    return Table(
        "volumes.index_check",
        "What the index knows of volumes",
        frame,
        columns,
        note,
        (QUOTES, *found.reading.sources),
    )


def _of(market: Result, table: str) -> pd.DataFrame:
    frame = market.tables[table].frame
    return frame[frame["target"] == USD].reset_index(drop=True)
