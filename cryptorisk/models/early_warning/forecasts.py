"""Predictions made with nothing but what was known at the time, and how good they were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from cryptorisk.errors import ModelError
from cryptorisk.models.early_warning.choice import Search, choose
from cryptorisk.models.early_warning.indicators import Panel
from cryptorisk.models.early_warning.sample import FIXED, Equation, Rows, distinct, long, rows
from cryptorisk.models.early_warning.thresholds import composite_by_origin
from cryptorisk.stats.bootstrap import percentile_interval
from cryptorisk.stats.panel_logit import EVENTS_PER_COEFFICIENT, newton, probability
from cryptorisk.stats.roc import auroc_gain, auroc_interval, auroc_within, cluster_weights
from cryptorisk.stats.sample import FloatArray
from cryptorisk.stats.scaling import Scaling
from cryptorisk.stats.signals import Warnings, best_cutoff

REPLICATIONS = 500
FEWEST_EVENTS = 20
"""An area is given from twenty different crashes on: resampling a handful of events gives an interval that is too narrow."""
BINS = (0.0, 0.05, 0.1, 0.2, 1.0)
"""Probabilities put together to see how often a crash followed."""
FEWEST_IN_BIN = 5
"""How often one followed is given from five different crashes on."""
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
        above the cut-off that was the most useful on the rows fitted on), slope (of the first variable, log-odds a unit).
        Empty until there are enough different crashes.
    """
    parts = [_year(sample, equation, int(year)) for year in np.unique(sample.year)]
    return _joined(parts)


def predict_chosen(panel: Panel, search: Search) -> pd.DataFrame:
    """The same with the variables chosen anew for every year: neither they nor the coefficients have seen it.

    Where no variable was better than none, every economy has the share of crashes so far.

    Parameters
    ----------
    panel : Panel
    search : Search

    Returns
    -------
    DataFrame
        As `predict`, and chosen (variables, between semicolons), lead (of their BIC) and fitted_on (crashes).
    """
    all_known = rows(panel, search.widest)
    samples: dict[tuple[str, ...], Rows] = {}
    parts = []
    for year in panel.years:
        choice = choose(all_known.take(all_known.year + search.horizon <= year), search)
        if choice is None:
            continue
        chosen = choice.regressors
        if chosen not in samples:
            samples[chosen] = rows(panel, search.equation(chosen) if chosen else FIXED)
        made = _year(samples[chosen], search.equation(chosen), year)
        if made is not None:
            parts.append(made.assign(chosen=";".join(chosen), lead=choice.lead, fitted_on=choice.crashes))
    return _joined(parts, "chosen", "lead", "fitted_on")


def _year(sample: Rows, equation: Equation, year: int) -> pd.DataFrame | None:
    """Probabilities of one year; None where the rows before it do not allow them, or it has no rows."""
    before, now = sample.take(sample.year + equation.horizon <= year), sample.take(sample.year == year)
    count = len(equation.regressors)
    if not len(now.y) or before.crashes < EVENTS_PER_COEFFICIENT * (count + 1):
        return None
    # Without variables the rows have others' columns, which do not enter.
    scaling = Scaling.learn(before.x)
    old, new = (scaling.apply(one.x)[:, :count] for one in (before, now))
    fitted = newton(before.y, np.column_stack([np.ones(len(before.y)), old]), np.ones(len(before.y)))
    if fitted is None:
        return None
    p = probability(new, fitted)
    cutoff = best_cutoff(probability(old, fitted), before.y, THETA)
    made = pd.DataFrame({"place": now.place, "year": now.year, "y": now.y, "crash": now.crash})
    slope = float(fitted[1] / scaling.spread[0]) if count else float("nan")
    return made.assign(p=p, base=before.y.mean(), alarm=p >= cutoff if count else False, slope=slope)


def _joined(parts: Sequence[pd.DataFrame | None], *more: str) -> pd.DataFrame:
    found = [one for one in parts if one is not None]
    names = ["place", "year", "y", "crash", "p", "base", "alarm", "slope", *more]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=names)


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


def calibration_rows(known: pd.DataFrame, level: float, seed: int) -> list[dict[str, Any]]:
    """How often a crash followed probabilities of a size, with an interval from resampled economies.

    Years in which no variable was chosen are left out: their one share of all is no probability of an equation, and it would
    put economies of high inflation among the calm ones.
    """
    known = known[known["chosen"] != ""]
    if known.empty:
        return []
    weights = cluster_weights(known["place"].to_numpy(str), REPLICATIONS, np.random.default_rng(seed))
    found = []
    for low, high in pairwise(BINS):
        of = ((known["p"] > low) & (known["p"] <= high)).to_numpy()
        within = known[of]
        if within.empty:
            continue
        row: dict[str, Any] = {"from": low, "to": high, "rows": len(within), **_crashes(within)}
        row |= {"mean_p": float(within["p"].mean()), "mean_y": float(within["y"].mean())}
        if row["crashes"] >= FEWEST_IN_BIN:
            drawn = weights[:, of]
            size = drawn.sum(axis=1)
            shares = (drawn @ within["y"].to_numpy(float))[size > 0] / size[size > 0]
            row["low"], row["high"] = percentile_interval(shares, level)
        found.append(row)
    return found


def judge(
    panel: Panel, equations: Mapping[Search | Equation, pd.DataFrame], level: float, seed: int
) -> list[dict[str, Any]]:
    """Accuracy of every equation, and on the main equation's rows of simple rules.

    Parameters
    ----------
    panel : Panel
    equations : mapping of Search or Equation to DataFrame
        Predictions; the first is the main one, whose variables were chosen anew for each year.
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
        "composite": ("Signals, weighted", composite_by_origin(panel, known, FIXED)),
        "rule_inflation": ("Inflation of the year, no equation", _of(panel, "inflation", known)),
        "rule_depreciation": ("Depreciation of the year, nothing else", _of(panel, "depreciation", known)),
        "rule_overvaluation": ("Overvaluation, nothing else", _of(panel, "overvaluation", known)),
    }
    for name, (label, scores) in rules.items():
        row = accuracy_row(name, label, scores, known, level, seed)
        found.append({**row, **_gain(known, scores, level, seed)})
    return [*found, _by_years(known, level, seed), _within_years(panel, known, level, seed)]


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
    row = accuracy_row("main_by_year", "The first row, years resampled", known["p"], blocks, level, seed)
    return {**row, "economies": known["place"].nunique()}


def _within_years(panel: Panel, known: pd.DataFrame, level: float, seed: int) -> dict[str, Any]:
    """The main equation among economies of one year: what it says of one against another at the same time."""
    row: dict[str, Any] = {"predictor": "main_within_year", "label": "The first row, pairs of one year alone"}
    row |= {"rows": len(known), "events": int(known["y"].sum())} | _crashes(known)
    inflation = _of(panel, "inflation", known)
    have = inflation.notna().to_numpy()
    kept = known[have]

    def area(scores: FloatArray) -> tuple[float, float, float]:
        return auroc_within(
            scores,
            kept["y"].to_numpy(float),
            kept["year"].to_numpy(),
            kept["place"].to_numpy(str),
            level=level,
            replications=REPLICATIONS,
            rng=np.random.default_rng(seed),
        )

    try:
        value, low, high = area(kept["p"].to_numpy(float))
        rule, _low, _high = area(inflation[have].to_numpy(float))
    except ModelError as error:
        return {**row, "refused": str(error)}
    row |= {"economies": known["place"].nunique(), "auroc": value, "low": low, "high": high}
    return {**row, "gain": value - rule, "refused": ""}
