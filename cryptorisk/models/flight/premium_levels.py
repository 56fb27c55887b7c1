"""Whether the premium and its drivers are related in levels, by the rule of chapters 1 and 2 with bounds of its own.

The premium is close to a random walk while controls hold, so that a regression of levels finds a relation with anything
that wanders. The error-correction equation is tested against equations without levels on these very drivers (a state that
is on or off, a figure that steps once a year), and its coefficients are printed only when the three tests reject, the
equation passes the checks of `cryptorisk.models.level_relation`, and both halves of the sample agree.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cryptorisk.errors import ModelError
from cryptorisk.models.flight.premium_driver_sample import DriverSample
from cryptorisk.models.level_relation import (
    CHECK_LEVEL,
    COEFFICIENT_LEVEL,
    TEST_LEVEL,
    VERDICTS,
    LevelRelation,
    integration_orders,
    p_text,
)
from cryptorisk.stats.bounds import bounds_test
from cryptorisk.stats.conditional_null import conditional_null
from cryptorisk.stats.cusum import stability
from cryptorisk.stats.error_correction import FEWEST_DF, Coefficient, ErrorCorrection, fit_error_correction
from cryptorisk.stats.lag_order import select_order
from cryptorisk.stats.long_run import long_run_intervals
from cryptorisk.stats.residual_checks import residual_checks
from cryptorisk.stats.sample import FloatArray

MAX_ORDER = 2
REPLICATIONS = 4_000
YEAR = 12
STEPWISE = ("controls", "reserves")
"""Not put to unit-root tests where they move by steps: the tests are of no meaning there, and the distribution of the
statistics is made for these very steps."""


@dataclass(frozen=True, eq=False)
class PremiumLevels:
    """The equation in levels with its verdict.

    Attributes
    ----------
    relation : LevelRelation
    reason : str
        Why its coefficients are not printed; empty when they are.
    """

    relation: LevelRelation
    reason: str


def premium_levels(sample: DriverSample, rng: np.random.Generator) -> PremiumLevels | str:
    """The equation in levels, or why it cannot be estimated at all.

    Parameters
    ----------
    sample : DriverSample
        One without a reason.
    rng : numpy.random.Generator
    """
    try:
        relation = _relation(sample, rng)
    except ModelError as error:
        return error.what
    return PremiumLevels(relation, _reason(relation))


def _relation(sample: DriverSample, rng: np.random.Generator) -> LevelRelation:
    frame, drivers = sample.frame, list(sample.drivers)
    y, x = frame["premium"], frame[drivers]
    order = select_order(y, x, max_lags=MAX_ORDER, max_order=MAX_ORDER).order
    fit = fit_error_correction(y, x, order)
    null = conditional_null(fit, rng=rng, replications=REPLICATIONS)
    return LevelRelation(
        "Premium",
        {name: sample.steps[name] for name in drivers},
        fit,
        bounds_test(fit, null),
        residual_checks(fit.response, fit.design, lags=YEAR),
        stability(fit.response, fit.design, level=CHECK_LEVEL, start=determined(fit.design)),
        _orders(frame),
        pd.DatetimeIndex(frame.index[len(frame) - fit.n :]),
        {one.name: one for one in long_run_intervals(fit, rng=rng, level=COEFFICIENT_LEVEL)},
        _halves(frame, drivers, fit),
    )


def determined(design: FloatArray) -> int:
    """First observations after which all coefficients are determined: a state that holds from the start delays them."""
    size = np.linalg.norm(design, axis=0).clip(min=1e-300)
    k = design.shape[1]
    for rows in range(k, len(design)):
        if np.linalg.matrix_rank(design[:rows] / size) == k:
            return rows
    raise ModelError("the regressors are not independent")


def _orders(frame: pd.DataFrame) -> dict[str, int]:
    """Orders of integration of what moves from month to month."""
    smooth = [
        name
        for name in frame.columns
        if name not in STEPWISE or float((frame[name].diff().dropna() == 0).mean()) < 0.5
    ]
    return integration_orders(frame[smooth])


def _halves(
    frame: pd.DataFrame, drivers: list[str], fit: ErrorCorrection
) -> tuple[Coefficient, Coefficient] | None:
    """Long-run coefficient of the first driver in each half; None where a half is too short or a driver stands still."""
    middle = len(frame) // 2
    found = []
    for part in (frame.iloc[:middle], frame.iloc[middle:]):
        if len(part) - fit.order.longest < len(fit.params) + 2 * FEWEST_DF:
            return None
        try:
            half = fit_error_correction(part["premium"], part[drivers], fit.order)
        except ModelError:
            return None
        found.append(half.long_run(level=COEFFICIENT_LEVEL)[0])
    return found[0], found[1]


def _reason(relation: LevelRelation) -> str:
    above = [name for name, order in relation.orders.items() if order > 1]
    if above:
        return f"{', '.join(above)} may be integrated of an order above one"
    verdict = relation.test.verdict(TEST_LEVEL)
    if verdict != "level relation":
        return f"{VERDICTS[verdict]} ({p_values(relation)})"
    return "; ".join(relation.failures) or relation.unequal


def p_values(relation: LevelRelation) -> str:
    """The three tests' p-values, as part of a sentence."""
    test = relation.test
    parts = {"F": test.f, "t": test.t, "F of the drivers": test.fx}
    return ", ".join(f"{name}: {p_text(one.p_upper)}" for name, one in parts.items())
