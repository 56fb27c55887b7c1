"""What the capital-flight chapter reads off the early warning's result: an equation, and what it says of one economy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cryptorisk.result import Result
from cryptorisk.stats.bootstrap import percentile_interval
from cryptorisk.stats.panel_logit import probability
from cryptorisk.stats.sample import FloatArray
from cryptorisk.stats.scaling import Scaling


@dataclass(frozen=True, eq=False)
class Fitted:
    """An equation as estimated on all economies.

    Attributes
    ----------
    name, label : str
    regressors : tuple of str
    horizon, after : int
    base : float
        Share of the sample's rows that were followed by a crash.
    rows, events, crashes, economies : int
        Observations, those before a crash, and the different crashes among these.
    first, last : int
        Years of the sample.
    coefficients : ndarray, shape (k + 1,)
    draws : ndarray, shape (replications, k + 1)
        Coefficients on resampled economies.
    scaling : Scaling
    sources, inputs : tuple of str
    """

    name: str
    label: str
    regressors: tuple[str, ...]
    horizon: int
    after: int
    base: float
    rows: int
    events: int
    crashes: int
    economies: int
    first: int
    last: int
    coefficients: FloatArray
    draws: FloatArray
    scaling: Scaling
    sources: tuple[str, ...]
    inputs: tuple[str, ...]

    def probability(self, x: FloatArray, level: float) -> tuple[float, float, float]:
        """Probability at some values of the regressors, with an interval for the coefficients alone."""
        z = self.scaling.apply(np.atleast_2d(x))
        low, high = percentile_interval(probability(z, self.draws)[0], level)
        value = float(probability(z, self.coefficients)[0])
        return value, min(low, value), max(high, value)

    def contributions(self, x: FloatArray, level: float) -> list[tuple[float, float, float]]:
        """What each regressor adds to the log-odds beside the sample's mean, with intervals."""
        z = self.scaling.apply(np.atleast_2d(x))[0]
        found = []
        for k, here in enumerate(z):
            low, high = percentile_interval(self.draws[:, k + 1] * here, level)
            found.append((float(self.coefficients[k + 1] * here), low, high))
        return found


def read(world: Result, equation: str) -> Fitted | None:
    """An equation of the result; None when it was refused (`refusal_of` says why)."""
    facts = _rows(world, "equations", equation).iloc[0]
    if facts["refused"]:
        return None
    found = _rows(world, "coefficients", equation)
    slopes = found.iloc[1:]
    count = len(found)
    draws = _rows(world, "draws", equation)[[f"b{k}" for k in range(count)]]
    bounds = [slopes[name].to_numpy(dtype=float) for name in ("clip_low", "clip_high", "mean", "spread")]
    return Fitted(
        name=equation,
        label=str(facts["label"]),
        regressors=tuple(slopes["regressor"]),
        horizon=int(facts["horizon"]),
        after=int(facts["after"]),
        base=float(facts["base"]),
        rows=int(facts["rows"]),
        events=int(facts["events"]),
        crashes=int(facts["crashes"]),
        economies=int(facts["economies"]),
        first=int(facts["first"]),
        last=int(facts["last"]),
        coefficients=found["value"].to_numpy(dtype=float),
        draws=draws.to_numpy(dtype=float),
        scaling=Scaling(*bounds),
        sources=tuple(one for one in str(facts["sources"]).split(";") if one),
        inputs=tuple(one for one in str(facts["inputs"]).split(";") if one),
    )


def refusal_of(world: Result, equation: str) -> str:
    """Why an equation is not estimated; empty when it is."""
    return str(_rows(world, "equations", equation)["refused"].iloc[0])


def accuracy(world: Result, predictor: str) -> pd.Series | None:
    """How good a predictor was; None when that could not be told."""
    frame = world.tables["accuracy"].frame
    found = frame[frame["predictor"] == predictor]
    if found.empty or found["refused"].iloc[0]:
        return None
    return found.iloc[0]


def judged_years(world: Result) -> dict[int, bool]:
    """The years that the main equation was judged on, and whether a variable was chosen for them."""
    frame = _rows(world, "choices", "main").iloc[:-1]  # the last row is today's
    return {int(year): bool(chosen) for year, chosen in zip(frame["year"], frame["chosen"], strict=True)}


def _rows(world: Result, table: str, equation: str) -> pd.DataFrame:
    frame = world.tables[table].frame
    return frame[frame["equation"] == equation].reset_index(drop=True)
