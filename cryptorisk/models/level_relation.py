"""A relation in levels, estimated, tested and judged by one stated rule: what chapters 1 and 2 share.

The rule: long-run coefficients are printed when (1) no series may be integrated of an order above one, (2) all three
bounds tests lie beyond their upper bounds at 5 %, and (3) none of four checks of the equation fails at 1 % each, so that
sound equations are refused in about one case in twenty-five: serial correlation, functional form, cumulative sum,
cumulative sum of squares. Changing variance and shape of the errors do not refuse: standard errors allow for the first,
and large samples for the second.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm

from cryptorisk.estimate import number, one_digit
from cryptorisk.stats.bounds import (
    TREND_OF,
    Bound,
    BoundsTest,
    Case,
    NullDistribution,
    bounds_test,
    simulate_null,
)
from cryptorisk.stats.cusum import Stability, stability
from cryptorisk.stats.error_correction import (
    FEWEST_DF,
    Coefficient,
    ErrorCorrection,
    fit_error_correction,
)
from cryptorisk.stats.integration import unit_roots
from cryptorisk.stats.lag_order import select_order
from cryptorisk.stats.long_run import long_run_intervals
from cryptorisk.stats.residual_checks import Check, residual_checks

TEST_LEVEL = 0.05
"""Of the bounds tests, and of the unit-root tests before them."""

CHECK_LEVEL = 0.01
"""Of each of the four checks that refuse: together about 4 % (Bonferroni)."""

REFUSING = ("Breusch–Godfrey", "RESET")
"""Checks of residuals that refuse; the two cumulative sums do too."""

HALVES_LEVEL = 0.05
HALVES_SD = float(norm.isf(HALVES_LEVEL / 2))
"""Of the test that both halves of a sample have the same coefficient, and its bound in standard errors."""

COEFFICIENT_LEVEL = 0.9
REPLICATIONS = 10_000
"""Simulated samples behind the bounds: their 5 % points are good to about one percent."""


@dataclass(frozen=True)
class LevelRelation:
    """An estimated equation with its tests.

    Attributes
    ----------
    dependent : str
        Its name in sentences and tables.
    drivers : mapping of str to str
        Column of each regressor and its name in tables.
    fit : ErrorCorrection
    test : BoundsTest
    checks : tuple of Check
    stable : Stability
    orders : mapping of str to int
        Order of integration of every series by the unit-root tests; 2 stands for "may be above one".
    dates : DatetimeIndex
        Of the observations used.
    long_run : mapping of str to Coefficient
        By column of the driver, or name of the contrast; intervals and p-values by bootstrap.
    halves : tuple of Coefficient, or None
        Long-run coefficient of the first driver in the first and in the second half of the sample, at the same order;
        None where a half is too short.
    """

    dependent: str
    drivers: Mapping[str, str]
    fit: ErrorCorrection
    test: BoundsTest
    checks: tuple[Check, ...]
    stable: Stability
    orders: Mapping[str, int]
    dates: pd.DatetimeIndex
    long_run: Mapping[str, Coefficient]
    halves: tuple[Coefficient, Coefficient] | None = None

    @property
    def differs(self) -> bool:
        """Whether the first driver's coefficient differs between the halves at `HALVES_LEVEL`.

        A half's own interval is too narrow to hold the whole sample's coefficient as often as stated: by that rule one in
        four sound relations would differ, and by signs most relations about zero.
        """
        if self.halves is None:
            return False
        first, second = self.halves
        return abs(first.value - second.value) > HALVES_SD * float(np.hypot(first.se, second.se))

    @property
    def unequal(self) -> str:
        """Both halves' coefficients where they differ: the whole sample's is then no result. Empty where they do not."""
        if self.halves is None or not self.differs:
            return ""
        first, second = (f"{number(half.value, 2)} (s.e. {number(half.se, 2)})" for half in self.halves)
        return f"the coefficient is not the same throughout: {first} in the first half of the sample, {second} in the second"

    @property
    def failures(self) -> tuple[str, ...]:
        """Checks that fail, in words; the coefficients are then not relied on."""
        found = [
            f"the hypothesis of {c.hypothesis} is rejected ({c.name}, {p_text(c.p)})"
            for c in self.checks
            if c.name in REFUSING and c.p < CHECK_LEVEL
        ]
        for place, what in (
            (self.stable.sums_crossed, "the cumulative sum of recursive residuals"),
            (self.stable.squares_crossed, "the cumulative sum of their squares"),
        ):
            if place is not None:
                found.append(f"{what} leaves its 1 % bounds in {self.dates[place]:%Y-%m}")
        return tuple(found)

    @property
    def reason(self) -> str:
        """Why long-run coefficients are not printed; empty when they are."""
        above = [self.drivers.get(name, self.dependent) for name, order in self.orders.items() if order > 1]
        if above:
            return f"{_list(above)} may be integrated of an order above one, for which the bounds do not hold"
        if self.test.verdict(TEST_LEVEL) != "level relation":
            return f"{VERDICTS[self.test.verdict(TEST_LEVEL)]} ({self.statistics()})"
        return "; ".join(self.failures)

    def statistics(self, *, coarse: bool = False) -> str:
        """The test statistics with their bounds, as part of a sentence."""
        f, t = (bound_text(b, coarse=coarse) for b in (self.test.f, self.test.t))
        return f"F {f}, t {t}, bounds at 5 %"

    def period(self) -> str:
        """Months of the first and the last observation, ``2014-02/2026-05``."""
        return f"{self.dates[0]:%Y-%m}/{self.dates[-1]:%Y-%m}"


VERDICTS: Mapping[str, str] = {
    "level relation": "the tests speak for a relation in levels",
    "degenerate": "the tests find the level of one side alone, and no relation between levels",
    "inconclusive": "the tests of a relation in levels are inconclusive",
    "none": "the tests do not reject that there is no relation in levels",
}


def estimate_relation(
    frame: pd.DataFrame,
    dependent: str,
    drivers: Mapping[str, str],
    *,
    label: str,
    year: int,
    max_order: int,
    rng: np.random.Generator,
    null: NullDistribution | None = None,
    case: Case = 3,
    fixed: pd.DataFrame | None = None,
    check_lags: int | None = None,
    orders: Mapping[str, int] | None = None,
    contrasts: Mapping[str, Mapping[str, float]] | None = None,
) -> LevelRelation:
    """Choose the order by Akaike's criterion, estimate, test for a relation in levels, check.

    Parameters
    ----------
    frame : DataFrame, index of dates
        Levels, without gaps.
    dependent : str
        Column.
    drivers : mapping of str to str
        Columns of the regressors, and their names in tables.
    label : str
        Name of the dependent variable.
    year : int
        Observations a year: so many lags are checked for serial correlation unless ``check_lags`` says otherwise.
    max_order : int
        Of every variable.
    rng : numpy.random.Generator
    null : NullDistribution, optional
        Of about this size; without it one is simulated.
    case : {1, 2, 3, 4, 5}
    fixed : DataFrame, optional
        Centred seasonal dummies.
    check_lags : int, optional
    orders : mapping of str to int, optional
        Orders of integration by column, where they are known already (`integration_orders`).
    contrasts : mapping of str to mapping of str to float, optional
        Weighted sums of long-run coefficients that are wanted too: weights by column.

    Returns
    -------
    LevelRelation
    """
    y, x = frame[dependent], frame[list(drivers)]
    known = integration_orders(frame[[dependent, *drivers]]) if orders is None else orders
    trend = TREND_OF[case]
    choice = select_order(y, x, max_lags=max_order, max_order=max_order, trend=trend, fixed=fixed)
    fit = fit_error_correction(y, x, choice.order, trend=trend, fixed=fixed)
    if null is None:
        null = simulate_null(case, len(drivers), fit.n, rng=rng, replications=REPLICATIONS)
    sums = {name: [w.get(column, 0.0) for column in drivers] for name, w in (contrasts or {}).items()}
    return LevelRelation(
        label,
        dict(drivers),
        fit,
        bounds_test(fit, null),
        residual_checks(fit.response, fit.design, lags=check_lags or year),
        stability(fit.response, fit.design, level=CHECK_LEVEL),
        {name: known[name] for name in (dependent, *drivers)},
        pd.DatetimeIndex(frame.index[len(frame) - fit.n :]),
        {c.name: c for c in long_run_intervals(fit, rng=rng, contrasts=sums, level=COEFFICIENT_LEVEL)},
        _halves(frame, dependent, drivers, fit, fixed),
    )


def _halves(
    frame: pd.DataFrame,
    dependent: str,
    drivers: Mapping[str, str],
    fit: ErrorCorrection,
    fixed: pd.DataFrame | None,
) -> tuple[Coefficient, Coefficient] | None:
    """The first driver's long-run coefficient in each half, where each has the observations for the equation."""
    middle = len(frame) // 2
    found = []
    for part in (slice(None, middle), slice(middle, None)):
        rows = frame.iloc[part]
        if len(rows) - fit.order.longest < len(fit.params) + 2 * FEWEST_DF:
            return None
        beside = None if fixed is None else fixed.iloc[part]
        half = fit_error_correction(
            rows[dependent], rows[list(drivers)], fit.order, trend=fit.trend, fixed=beside
        )
        found.append(half.long_run(level=COEFFICIENT_LEVEL)[0])
    return found[0], found[1]


def integration_orders(frame: pd.DataFrame) -> dict[str, int]:
    """Order of integration of every column by unit-root tests at 5 %; 2 where one may be above one."""
    return {str(name): unit_roots(frame[name]).order(TEST_LEVEL) for name in frame.columns}


def reason_in_words(relation: LevelRelation) -> str:
    """Why an equation on a confidential series gives no coefficient: the rule that it fails, without its figures."""
    if relation.test.verdict(TEST_LEVEL) != "level relation":
        return "the bounds tests do not establish a relation in levels"
    return "the equation fails a check, or a series may be integrated of an order above one"


def bound_text(bound: Bound, *, coarse: bool = False) -> str:
    """``9.5 (2.9 to 4.1)``: a statistic with its 5 % bounds."""
    return f"{number_text(bound.statistic, coarse)} ({number_text(bound.lower[1])} to {number_text(bound.upper[1])})"


def p_text(value: float, coarse: bool = False) -> str:
    """``p = 0.123`` or ``p < 0.001``; to one digit where it stands on a confidential series."""
    if value < 0.001:
        return "p < 0.001"
    return f"p = {number(one_digit(value) or 0.0, 3) if coarse else number(value, 3)}"


def number_text(value: float, coarse: bool = False) -> str:
    """A statistic with two decimals; to one digit where it stands on a confidential series."""
    return number(one_digit(value) or 0.0, 2 if abs(value) < 1 else 0) if coarse else number(value, 2)


def _list(names: Sequence[str]) -> str:
    return ", ".join(names)
