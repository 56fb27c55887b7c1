"""Thresholds of the single indicators, and the signals together."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
import pandas as pd

from cryptorisk.models.early_warning.indicators import INDICATORS, Indicator, Panel
from cryptorisk.models.early_warning.sample import Equation, Rows, rows
from cryptorisk.stats.sample import FloatArray
from cryptorisk.stats.signals import Threshold, best_threshold, composite

PERCENTILES = tuple(range(70, 96))
"""Candidates: an indicator that warns in more than three years of ten is no warning, and beyond the 95th percentile too
few crashes are left to judge by. Of all economies together: an economy has two dozen years, too few for percentiles of
its own as Kaminsky, Lizondo and Reinhart take from months."""
FEWEST_HITS = 1 / 3
"""Share of crashes that a threshold must have warned of. The least noise alone is always at the highest percentile, where
hardly any crash is signalled; Borio and Drehmann (2009, BIS Quarterly Review, March, 29-46) ask for two thirds of a
composite, which no single indicator gives here."""


@dataclass(frozen=True, eq=False)
class Judged:
    """An indicator's best threshold; None where none warned of enough crashes."""

    indicator: Indicator
    threshold: Threshold | None

    @property
    def noise(self) -> float:
        """Noise-to-signal ratio; infinite without a threshold."""
        return self.threshold.warnings.noise_to_signal if self.threshold else float("inf")

    def signals(self, values: FloatArray) -> FloatArray:
        """1 beyond the threshold, 0 within it, NaN where unknown."""
        if self.threshold is None:
            return np.full(np.shape(values), np.nan)
        oriented = self.indicator.danger * np.asarray(values, dtype=float)
        return np.where(np.isfinite(oriented), (oriented > self.threshold.value).astype(float), np.nan)


def judge_indicators(panel: Panel, equation: Equation) -> list[Judged]:
    """The thresholds on all years, each indicator on the rows that it has."""
    return [_best(one, _rows_of(panel, one, equation)) for one in INDICATORS]


def composite_by_origin(panel: Panel, known: pd.DataFrame, equation: Equation) -> pd.Series:
    """The composite for rows of predictions, with thresholds and weights from what was over by each year."""
    samples = {one: _rows_of(panel, one, equation) for one in INDICATORS}
    found = pd.Series(np.nan, index=known.index)
    for year, group in known.groupby("year"):
        judged = [
            _best(one, s.take(s.year + equation.horizon <= int(str(year)))) for one, s in samples.items()
        ]
        found.loc[group.index] = composite_of(panel, judged, int(str(year)), list(group["place"]))
    return found


def composite_of(panel: Panel, judged: list[Judged], year: int, places: list[str]) -> FloatArray:
    """Signals of some economies in a year, weighted by the inverse of their noise."""
    columns = [
        one.signals(panel.values[one.indicator.name].loc[year, places].to_numpy(float)) for one in judged
    ]
    return composite(np.column_stack(columns), np.array([one.noise for one in judged]))


def signal_rows(judged: list[Judged]) -> list[dict[str, Any]]:
    """One row an indicator: threshold in its own sign and unit, counts, ratios."""
    found = []
    for one in judged:
        row: dict[str, Any] = {"indicator": one.indicator.name, "label": one.indicator.label}
        row |= {"unit": one.indicator.unit, "danger": one.indicator.danger, "older": one.indicator.older}
        if one.threshold is not None:
            counts = one.threshold.warnings
            row |= {"percentile": one.threshold.percentile}
            row |= {"threshold": one.indicator.danger * one.threshold.value}
            row |= {"a": counts.hits, "b": counts.false_alarms, "c": counts.missed, "d": counts.quiet}
            row |= {"noise": one.noise, "conditional": counts.conditional, "base": counts.base_rate}
            row |= {"usefulness": counts.usefulness(0.5)}
        found.append(row)
    return found


def _rows_of(panel: Panel, indicator: Indicator, equation: Equation) -> Rows:
    alone = Equation(indicator.name, "", (indicator.name,), equation.horizon, equation.after)
    return rows(panel, alone)


def _best(indicator: Indicator, sample: Rows) -> Judged:
    if len(sample.y) < 2:
        return Judged(indicator, None)
    oriented = indicator.danger * sample.x[:, 0]
    fewest = max(1, ceil(FEWEST_HITS * sample.y.sum()))
    return Judged(indicator, best_threshold(oriented, sample.y, PERCENTILES, fewest_hits=fewest))
