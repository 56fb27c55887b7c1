"""Which variables enter an equation: by one rule, from nothing but the rows that were over at the time."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from cryptorisk.models.early_warning.indicators import BY_NAME, Panel
from cryptorisk.models.early_warning.sample import AFTER, HORIZON, Equation, Rows, rows
from cryptorisk.stats.panel_logit import EVENTS_PER_COEFFICIENT, newton, probability
from cryptorisk.stats.sample import FloatArray
from cryptorisk.stats.scaling import Scaling
from cryptorisk.words import inside, listing

FIVE = ("inflation", "depreciation", "overvaluation", "current_account", "growth")
MOST = 3
"""Three variables are the most that the number of different crashes allows: ten for each coefficient."""


@dataclass(frozen=True)
class Search:
    """An equation whose variables are chosen.

    Attributes
    ----------
    name, label : str
    candidates : tuple of str
        Chosen from.
    always : tuple of str
        In the equation whatever is chosen.
    horizon, after : int
        As in `Equation`.
    """

    name: str
    label: str
    candidates: tuple[str, ...] = FIVE
    always: tuple[str, ...] = ()
    horizon: int = HORIZON
    after: int = AFTER

    def equation(self, regressors: tuple[str, ...]) -> Equation:
        """The equation with some variables, labelled by them."""
        named = listing([inside(BY_NAME[one].label) for one in regressors])
        label = named[:1].upper() + named[1:]
        return Equation(self.name, label, regressors, self.horizon, self.after)

    @property
    def widest(self) -> Equation:
        """All candidates: sets are compared on the rows that have them all."""
        return self.equation((*self.always, *self.candidates))


MAIN = Search("main", "Logit, variables chosen anew each year")
SEARCHES: tuple[Search, ...] = (
    MAIN,
    Search("reserves", "The same with money over reserves always in it", always=("money_to_reserves",)),
)


@dataclass(frozen=True)
class Choice:
    """What was chosen.

    Attributes
    ----------
    regressors : tuple of str
        Empty where no set has a lower BIC than the constant.
    lead : float
        BIC of what stands without any candidate less that of the choice; 0 where none is chosen.
    crashes : int
        Different crashes before which the rows stand.
    """

    regressors: tuple[str, ...]
    lead: float
    crashes: int


def choose(sample: Rows, search: Search) -> Choice | None:
    """The set with the least BIC; None with fewer crashes than one candidate needs.

    Parameters
    ----------
    sample : Rows
        Of `Search.widest`, those that were over by the time.
    search : Search

    Notes
    -----
    ``BIC = -2 ln L / h + k ln(n / h)`` (Schwarz 1978) on the same rows for every set. Windows of h years overlap: each
    crash, and each year without one, is in the windows of h rows and so h times in ln L, while a coefficient is punished
    once. The whole likelihood would count what is known h times over and choose too much.
    """
    fixed = len(search.always)
    if sample.crashes < EVENTS_PER_COEFFICIENT * (fixed + 2):
        return None
    x = Scaling.learn(sample.x).apply(sample.x)
    allowed = min(MOST, sample.crashes // EVENTS_PER_COEFFICIENT - 1)
    found: dict[tuple[int, ...], float] = {}
    for size in range(allowed - fixed + 1):
        for picked in combinations(range(fixed, fixed + len(search.candidates)), size):
            columns = (*range(fixed), *picked)
            found[columns] = _bic(sample.y, x[:, list(columns)], search.horizon)
    best = min(found, key=lambda columns: found[columns])
    names = search.widest.regressors
    lead = found[tuple(range(fixed))] - found[best]
    return Choice(tuple(names[k] for k in best), float(lead), sample.crashes)


def choice_today(panel: Panel, search: Search) -> Choice | None:
    """The choice on all rows of a panel."""
    return choose(rows(panel, search.widest), search)


def choice_rows(known: pd.DataFrame, search: Search, today: Choice | None, year: int) -> list[dict[str, Any]]:
    """What was chosen for each judged year, and what is today.

    Parameters
    ----------
    known : DataFrame
        Predictions with ``chosen``, ``lead`` and ``fitted_on``.
    search : Search
    today : Choice or None
    year : int
        Last year with a reading.
    """
    found = [
        {"equation": search.name, "year": int(str(at)), **_first(group)}
        for at, group in known.groupby("year")
    ]
    if today is None:
        return found
    now = {"chosen": ";".join(today.regressors), "lead": today.lead, "crashes": today.crashes}
    return [*found, {"equation": search.name, "year": year, **now}]


def _first(group: pd.DataFrame) -> dict[str, Any]:
    row = group.iloc[0]
    return {"chosen": row["chosen"], "lead": float(row["lead"]), "crashes": int(row["fitted_on"])}


def _bic(y: FloatArray, x: FloatArray, horizon: int) -> float:
    design = np.column_stack([np.ones(len(y)), x])
    beta = newton(y, design, np.ones(len(y)))
    if beta is None:
        return float("inf")
    p = probability(x, beta)
    likelihood = float(np.sum(y * np.log(p) + (1 - y) * np.log1p(-p)))
    return float(-2 * likelihood / horizon + design.shape[1] * np.log(len(y) / horizon))
