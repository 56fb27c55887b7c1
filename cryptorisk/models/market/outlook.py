"""A target's rolling evaluation, the forecast that its rule chooses, and both as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from cryptorisk.models.market.observed import Observed
from cryptorisk.stats.forecast_choice import Choice, choose, error_paths, fan
from cryptorisk.stats.forecast_evaluation import (
    BENCHMARK,
    COMBINATIONS,
    EQUAL,
    FEWEST_ERRORS,
    INVERSE,
    Evaluation,
    Score,
    inverse_mse_weights,
    realised,
    rolling_origin,
    score,
)
from cryptorisk.stats.forecast_scores import half_width
from cryptorisk.stats.forecasting import CANDIDATES, forecast

Floats = NDArray[np.float64]

HORIZONS = 12
MOST_ORIGINS = 48
REFIT = 6
"""Four years of origins, parameters estimated anew twice a year: in between the data move on."""
INNER = 0.5
"""Level of the fan's inner band."""


@dataclass(frozen=True, eq=False)
class Outlook:
    """A target's next twelve months.

    Attributes
    ----------
    target : Observed
    evaluation : Evaluation
        Of the logarithms.
    scores : mapping of str to Score
    choice : Choice
    centre : ndarray, shape (12,)
        Forecast of the logarithm.
    half, inner : ndarray, shape (12,)
        Half-widths of the band and of the inner band in logs.
    paths : ndarray, shape (origins, 12)
        Errors of past forecasts, calibrated to ``half``.
    """

    target: Observed
    evaluation: Evaluation
    scores: Mapping[str, Score]
    choice: Choice
    centre: Floats
    half: Floats
    inner: Floats
    paths: Floats

    @property
    def months(self) -> pd.DatetimeIndex:
        """Ends of the months that are forecast."""
        first = pd.Timestamp(self.target.values.index[-1]) + pd.offsets.MonthEnd(1)
        return pd.date_range(first, periods=HORIZONS, freq="ME")


def look_ahead(target: Observed, level: float) -> Outlook:
    """Evaluate, choose and forecast a target.

    Parameters
    ----------
    target : Observed
        With values.
    level : float
        Nominal coverage of the fan's outer band.
    """
    y = np.log(target.values.to_numpy(dtype=float))
    evaluation = rolling_origin(y, horizons=HORIZONS, most=MOST_ORIGINS, refit=REFIT)
    quantile = float(norm.ppf((1 + level) / 2))
    scores = {name: score(evaluation, name, level, quantile) for name in evaluation.mean}
    choice = choose(evaluation, scores)
    return Outlook(
        target,
        evaluation,
        scores,
        choice,
        _centre(y, choice.name, evaluation),
        fan(evaluation, choice.name, level),
        fan(evaluation, choice.name, INNER),
        error_paths(evaluation, choice.name, level),
    )


def _centre(y: Floats, name: str, evaluation: Evaluation) -> Floats:
    names = list(CANDIDATES) if name in COMBINATIONS else [name]
    each = np.array([forecast(one, y, HORIZONS).mean for one in names])
    weights = (
        inverse_mse_weights(evaluation, names) if name == INVERSE else np.full_like(each, 1 / len(names))
    )
    return np.asarray((weights * each).sum(axis=0))


def label(name: str) -> str:
    """A candidate's or combination's name in words."""
    return COMBINATIONS[name] if name in COMBINATIONS else CANDIDATES[name].label


def accuracy_rows(outlook: Outlook) -> list[dict[str, Any]]:
    """One row a candidate: errors and intervals over all horizons, MASE at four of them."""
    rows = []
    for name, one in outlook.scores.items():
        failed = outlook.evaluation.failed.get(name, 0)
        rows.append(
            {
                "target": outlook.target.name,
                "candidate": name,
                "label": label(name) + (f" (no fit at {failed} origins)" if failed else ""),
                "used": "yes" if name == outlook.choice.name else "",
                "mase": one.mean_mase,
                **{f"mase_{h}": float(one.mase[h - 1]) for h in (1, 3, 6, 12)},
                "relative": one.relative,
                "crps": 100 * one.crps,
                "coverage_model": 100 * one.coverage_model,
                "coverage": 100 * one.coverage,
                "p_value": float("nan") if name == BENCHMARK else one.p_value,
                "p_corrected": float("nan") if name == BENCHMARK else one.p_corrected,
            }
        )
    return rows


def choice_row(outlook: Outlook) -> dict[str, Any]:
    """What was chosen for a target and on how much."""
    target, chosen = outlook.target, outlook.scores[outlook.choice.name]
    return {
        "target": target.name,
        "label": target.label,
        "unit": target.unit,
        "first": f"{target.values.index[0]:%Y-%m}",
        "last": f"{target.values.index[-1]:%Y-%m}",
        "months": len(target.values),
        "origins": int(outlook.evaluation.origins.size),
        "whole": int(outlook.evaluation.whole.sum()),
        "chosen": outlook.choice.name,
        "chosen_label": label(outlook.choice.name),
        "reason": outlook.choice.reason,
        "mase": chosen.mean_mase,
        "mase_naive": outlook.scores[BENCHMARK].mean_mase,
        "mase_equal": outlook.scores[EQUAL].mean_mase,
        "coverage": 100 * chosen.coverage,
        "fan_12": 100 * float(np.expm1(outlook.half[-1])),
        "sources": ";".join(target.sources),
        "inputs": ";".join(target.inputs),
        "refused": "",
    }


def refused_row(target: Observed) -> dict[str, Any]:
    """A target that is not forecast, and why."""
    nothing = dict.fromkeys(
        ("months", "origins", "whole", "mase", "mase_naive", "mase_equal", "coverage", "fan_12"), float("nan")
    )
    words = dict.fromkeys(("first", "last", "chosen", "chosen_label", "reason"), "")
    return {
        "target": target.name,
        "label": target.label,
        "unit": target.unit,
        **nothing,
        **words,
        "sources": ";".join(target.sources),
        "inputs": ";".join(target.inputs),
        "refused": target.reason,
    }


def fan_rows(outlook: Outlook) -> list[dict[str, Any]]:
    """The coming months in the target's own unit, and the logarithms they come from."""
    return [
        {
            "target": outlook.target.name,
            "month": f"{month:%Y-%m}",
            "step": step + 1,
            "centre": outlook.centre[step],
            "half": outlook.half[step],
            "value": float(np.exp(outlook.centre[step])),
            "low": float(np.exp(outlook.centre[step] - outlook.half[step])),
            "high": float(np.exp(outlook.centre[step] + outlook.half[step])),
            "inner_low": float(np.exp(outlook.centre[step] - outlook.inner[step])),
            "inner_high": float(np.exp(outlook.centre[step] + outlook.inner[step])),
        }
        for step, month in enumerate(outlook.months)
    ]


def path_rows(outlook: Outlook) -> list[dict[str, Any]]:
    """Past errors, one origin a row."""
    return [
        {
            "target": outlook.target.name,
            "origin": number,
            **{f"h{h + 1}": float(e) for h, e in enumerate(row)},
        }
        for number, row in enumerate(outlook.paths)
    ]


def backtest_rows(outlook: Outlook, level: float, every: int = 12) -> list[dict[str, Any]]:
    """Forecasts made a year apart, with the interval that was possible at the time, beside what came.

    The origins are counted back from the last month, so that the newest is the last whose outcomes are all known.
    """
    evaluation, name = outlook.evaluation, outlook.choice.name
    errors, months = evaluation.errors(name), outlook.target.values.index
    rows = []
    for position in np.flatnonzero(evaluation.whole)[::-1][::every][::-1]:
        past = [errors[realised(evaluation.origins, int(position), step), step] for step in range(HORIZONS)]
        if min(one.size for one in past) < FEWEST_ERRORS:
            continue
        widths = np.maximum.accumulate([half_width(one, level) for one in past])
        origin = int(evaluation.origins[position])
        for step, mean in enumerate(evaluation.mean[name][position]):
            rows.append(
                {
                    "target": outlook.target.name,
                    "origin": f"{months[origin - 1]:%Y-%m}",
                    "month": f"{months[origin + step]:%Y-%m}",
                    "step": step + 1,
                    "value": float(np.exp(mean)),
                    "low": float(np.exp(mean - widths[step])),
                    "high": float(np.exp(mean + widths[step])),
                    "actual": float(np.exp(evaluation.actual[position, step])),
                }
            )
    return rows


def series_rows(targets: Sequence[Observed]) -> list[dict[str, Any]]:
    """The months of every target, long."""
    return [
        {"target": target.name, "month": f"{month:%Y-%m}", "value": float(value)}
        for target in targets
        for month, value in target.values.items()
    ]
