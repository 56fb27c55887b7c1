"""Which forecast to use after a rolling evaluation, and its interval from the errors made there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cryptorisk.stats.forecast_evaluation import BENCHMARK, EQUAL, Evaluation, Score, compare
from cryptorisk.stats.forecast_scores import half_width, holm

Floats = NDArray[np.float64]

SIGNIFICANCE = 0.05


@dataclass(frozen=True)
class Choice:
    """The forecast that is used, and why.

    Attributes
    ----------
    name : str
    reason : str
        A clause for a sentence.
    benchmark_wins : bool
        Whether no candidate and no combination had a smaller error than the random walk.
    """

    name: str
    reason: str
    benchmark_wins: bool


def choose(evaluation: Evaluation, scores: Mapping[str, Score]) -> Choice:
    """Which forecast to use.

    The mean of all candidates, or the random walk where its mean MASE is smaller. Another one takes its place only
    when its MASE is smaller and the difference is significant at 5 % (Diebold-Mariano with fixed smoothing, adjusted by
    Holm for the number of candidates looked at).
    """
    naive, equal = scores[BENCHMARK].mean_mase, scores[EQUAL].mean_mase
    default = EQUAL if equal < naive else BENCHMARK
    others = [name for name in scores if name not in (default, BENCHMARK)]
    best = min(scores.values(), key=lambda one: one.mean_mase)
    wins = best.name == BENCHMARK
    p_values = holm(np.array([compare(evaluation, name, default) for name in others]))
    better = [
        name
        for name, p in zip(others, p_values, strict=True)
        if p < SIGNIFICANCE and scores[name].mean_mase < scores[default].mean_mase
    ]
    if better:
        name = min(better, key=lambda one: scores[one].mean_mase)
        return Choice(
            name, f"its error is significantly smaller than that of the {default.replace('_', ' ')}", wins
        )
    if default == EQUAL:
        return Choice(
            EQUAL, "it errs less than the random walk and nothing errs significantly less than it", wins
        )
    return Choice(
        BENCHMARK, "the mean of all candidates errs no less, and nothing errs significantly less", wins
    )


def fan(evaluation: Evaluation, name: str, level: float) -> Floats:
    """Half-widths of the interval by horizon from all known errors, never narrower than at a shorter horizon."""
    widths = np.array([half_width(column, level) for column in evaluation.errors(name).T])
    return np.asarray(np.maximum.accumulate(widths))


def error_paths(evaluation: Evaluation, name: str, level: float) -> Floats:
    """Errors of the origins whose outcomes are all known, scaled so that each horizon's interval is that of `fan`.

    Rows keep how errors of one origin go together over the horizons: what a sum over them needs. Shape (origins, h);
    signs may be turned by the user, the interval being symmetric.
    """
    paths = evaluation.errors(name)[evaluation.whole]
    reached = np.quantile(np.abs(paths), level, axis=0)
    return np.asarray(paths * fan(evaluation, name, level) / reached)
