"""Predictions made with nothing but what was known at the time, and how good they were."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from cryptorisk.errors import ModelError
from cryptorisk.models.early_warning.indicators import Panel
from cryptorisk.models.early_warning.sample import Equation, Rows, distinct, long
from cryptorisk.models.early_warning.thresholds import composite_by_origin
from cryptorisk.stats.panel_logit import EVENTS_PER_COEFFICIENT, newton, probability
from cryptorisk.stats.roc import auroc_gain, auroc_interval
from cryptorisk.stats.scaling import Scaling
from cryptorisk.stats.signals import Warnings, best_cutoff

REPLICATIONS = 500
FEWEST_EVENTS = 20
"""An area is given from twenty different crashes on: resampling a handful of events gives an interval that is too narrow."""
BINS = (0.0, 0.05, 0.1, 0.2, 1.0)
"""Probabilities put together to see how often a crash followed."""
THETA = 0.5
"""Missed crashes and false alarms weigh the same: the equation is judged for no particular user."""


def predict(sample: Rows, equation: Equation) -> pd.DataFrame:
    """Probabilities for every year from equations fitted on the rows whose horizon was over by then.

    Parameters
    ----------
    sample : Rows
    equation : Equation

    Returns
    -------
    DataFrame
        place, year, y, crash (its year, 0 without one), p, base (share of crashes in the rows fitted on), alarm (p at or
        above the cut-off that was the most useful on the rows fitted on). Empty until there are enough different crashes.
    """
    parts = []
    needed = EVENTS_PER_COEFFICIENT * (len(equation.regressors) + 1)
    for year in np.unique(sample.year):
        before = sample.take(sample.year + equation.horizon <= year)
        if before.crashes < needed:
            continue
        now = sample.take(sample.year == year)
        scaling = Scaling.learn(before.x)
        design = np.column_stack([np.ones(len(before.y)), scaling.apply(before.x)])
        fitted = newton(before.y, design, np.ones(len(before.y)))
        if fitted is None:
            continue
        p = probability(scaling.apply(now.x), fitted)
        cutoff = best_cutoff(probability(scaling.apply(before.x), fitted), before.y, THETA)
        made = pd.DataFrame({"place": now.place, "year": now.year, "y": now.y, "crash": now.crash})
        parts.append(made.assign(p=p, base=before.y.mean(), alarm=p >= cutoff))
    names = ["place", "year", "y", "crash", "p", "base", "alarm"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=names)


def accuracy_row(
    name: str, label: str, scores: pd.Series, known: pd.DataFrame, level: float, seed: int, **more: Any
) -> dict[str, Any]:
    """How well a score ranked, with an interval from resampled economies; `more` is added.

    Parameters
    ----------
    name, label : str
    scores : Series
        Rows of ``known``; NaN where there is none, and then the row is left out.
    known : DataFrame
        y, place, year, crash; ``economy`` too where ``place`` is something else to resample by.
    level : float
    seed : int
    """
    have = scores.notna().to_numpy()
    rows_ = known[have]
    row: dict[str, Any] = {"predictor": name, "label": label, "rows": len(rows_)}
    row |= {"events": int(rows_["y"].sum())} | _crashes(rows_)
    if row["crashes"] < FEWEST_EVENTS:
        reason = f"{row['crashes']} different crashes to judge by; {FEWEST_EVENTS} are needed"
        return {**row, "refused": reason}
    try:
        area = auroc_interval(
            scores[have].to_numpy(float),
            rows_["y"].to_numpy(float),
            rows_["place"].to_numpy(str),
            level=level,
            replications=REPLICATIONS,
            rng=np.random.default_rng(seed),
        )
    except ModelError as error:
        return {**row, "refused": str(error), **more}
    row |= {"economies": area.clusters, "first": int(rows_["year"].min())}
    row |= {"last": int(rows_["year"].max()), "auroc": area.value, "low": area.low, "high": area.high}
    return {**row, "refused": "", **more}


def _crashes(known: pd.DataFrame) -> dict[str, int]:
    """Different crashes that the rows stand before, and the economies they were in."""
    place = known["economy" if "economy" in known else "place"]
    struck = place[known["crash"] != 0]
    return {
        "crashes": distinct(place.to_numpy(), known["crash"].to_numpy()),
        "crash_economies": struck.nunique(),
    }


def probability_scores(known: pd.DataFrame) -> dict[str, float]:
    """Brier score of the probabilities and of the base rate, their relation, and what heeding the alarms saved."""
    y, p, base = (known[name].to_numpy(float) for name in ("y", "p", "base"))
    brier, climate = float(np.mean((p - y) ** 2)), float(np.mean((base - y) ** 2))
    warned = Warnings.count(known["alarm"].to_numpy(bool), y.astype(bool))
    return {
        "brier": brier,
        "brier_base": climate,
        "skill": 1 - brier / climate,
        "mean_p": float(p.mean()),
        "mean_y": float(y.mean()),
        "missed": warned.missed_share,
        "false": warned.false_share,
        "usefulness": warned.usefulness(THETA),
    }


def calibration_rows(known: pd.DataFrame) -> list[dict[str, Any]]:
    """How often a crash followed probabilities of a size."""
    found = []
    for low, high in pairwise(BINS):
        within = known[(known["p"] > low) & (known["p"] <= high)]
        if len(within):
            row = {"from": low, "to": high, "rows": len(within)}
            found.append({**row, "mean_p": float(within["p"].mean()), "mean_y": float(within["y"].mean())})
    return found


def judge(
    panel: Panel, equations: dict[Equation, pd.DataFrame], level: float, seed: int
) -> list[dict[str, Any]]:
    """Accuracy of every equation, and on the main equation's rows of simple rules.

    Parameters
    ----------
    panel : Panel
    equations : mapping of Equation to DataFrame
        Predictions; the first is the main one.
    level : float
    seed : int
    """
    main, known = next(iter(equations.items()))
    found: list[dict[str, Any]] = []
    for equation, made in equations.items():
        if known.empty or made.empty:
            reason = "too few crashes before the last year to fit on and to judge by"
            found.append({"predictor": equation.name, "label": equation.label, "refused": reason})
            continue
        # Judged in the years of the main equation: a small one could be fitted earlier, in other times.
        own = made[made["year"] >= known["year"].min()].reset_index(drop=True)
        brier = probability_scores(own)
        row = accuracy_row(equation.name, equation.label, own["p"], own, level, seed, **brier)
        gain = {} if equation == main or row["refused"] else _gain(known, _matched(known, own), level, seed)
        found.append({**row, **gain})
    if known.empty:
        return found
    rules = {
        "composite": ("Signals, weighted", composite_by_origin(panel, known, main)),
        "rule_inflation": ("Inflation of the year, no equation", _of(panel, "inflation", known)),
        "rule_depreciation": ("Depreciation of the year, nothing else", _of(panel, "depreciation", known)),
        "rule_overvaluation": ("Overvaluation, nothing else", _of(panel, "overvaluation", known)),
    }
    for name, (label, scores) in rules.items():
        row = accuracy_row(name, label, scores, known, level, seed)
        found.append({**row, **_gain(known, scores, level, seed)})
    return [*found, _by_years(known, level, seed)]


def _of(panel: Panel, name: str, known: pd.DataFrame) -> pd.Series:
    values = long(panel.values[name])
    index = pd.MultiIndex.from_arrays([known["year"], known["place"]])
    return pd.Series(values.reindex(index).to_numpy(dtype=float), index=known.index)


def _matched(known: pd.DataFrame, other: pd.DataFrame) -> pd.Series:
    """Another equation's probabilities on the main one's rows; NaN where it has none."""
    values = other.set_index(["year", "place"])["p"]
    index = pd.MultiIndex.from_arrays([known["year"], known["place"]])
    return pd.Series(values.reindex(index).to_numpy(dtype=float), index=known.index)


def _gain(known: pd.DataFrame, scores: pd.Series, level: float, seed: int) -> dict[str, float]:
    """How much larger the main equation's area is than the rule's, on the rule's rows."""
    have = scores.notna().to_numpy()
    try:
        value, low, high = auroc_gain(
            known["p"].to_numpy(float)[have],
            scores.to_numpy(float)[have],
            known["y"].to_numpy(float)[have],
            known["place"].to_numpy(str)[have],
            level=level,
            replications=REPLICATIONS,
            rng=np.random.default_rng(seed),
        )
    except ModelError:
        return {}
    return {"gain": value, "gain_low": low, "gain_high": high}


def _by_years(known: pd.DataFrame, level: float, seed: int) -> dict[str, Any]:
    """The main equation with an interval from resampled years: crashes come together when the dollar rises."""
    blocks = known.assign(economy=known["place"], place=known["year"].astype(str))
    row = accuracy_row("main_by_year", "Inflation; years resampled", known["p"], blocks, level, seed)
    return {**row, "economies": known["place"].nunique()}
