"""Changes of the premium from month to month beside changes of its drivers: equation, what it foretells, variants."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from cryptorisk.errors import ModelError
from cryptorisk.models.flight.premium_driver_sample import FEWEST_MONTHS, STEPS, DriverSample
from cryptorisk.models.left_out import Gain, gain
from cryptorisk.stats.changes import ChangesFit, fit_changes
from cryptorisk.stats.error_correction import Coefficient
from cryptorisk.stats.holm import adjusted_p
from cryptorisk.stats.residual_checks import Check, residual_checks
from cryptorisk.stats.sample import FloatArray

LEVEL = 0.9
FEWEST_CARRYING = 10.0
"""Months that must carry a coefficient (`ChangesFit.carried`): a state that came and went twice is carried by four, an
annual figure by its Januaries, and errors of Newey and West are then far too small."""

JOINT_LEVEL = 0.10
"""Level, after Holm, at which a driver is said to move with the premium."""

FEWEST_YEARS = 5
"""Calendar years not seen, which are the clusters of the comparison outside of the sample."""

CUT = 0.05
"""Share of the changes that one variant cuts at either end."""


@dataclass(frozen=True, eq=False)
class Variant:
    """A change to the equation and what came of it: the fit, or why there is none; ``swapped`` is another measure in it."""

    label: str
    fit: ChangesFit | None
    reason: str = ""
    swapped: str = ""


@dataclass(frozen=True)
class Other:
    """Another measure of a driver: coefficient, p-value adjusted for the number of other measures, months."""

    name: str
    value: float
    adjusted: float
    months: int


@dataclass(frozen=True, eq=False)
class PremiumChanges:
    """The equation in changes.

    Attributes
    ----------
    fit : ChangesFit
    told : tuple of str
        Drivers whose coefficient enough months carry; the others stay in the equation.
    adjusted : mapping of str to float
        p-values of those, adjusted for their number (Holm).
    joint_p : float
        That all of those are zero; NaN without any.
    checks : tuple of Check
    better : Gain or None
        Against no change, month by month from estimates on the months before; None with too few years.
    months_ahead : int
        Months that were told so.
    variants : tuple of Variant
    """

    fit: ChangesFit
    told: tuple[str, ...]
    adjusted: Mapping[str, float]
    joint_p: float
    checks: tuple[Check, ...]
    better: Gain | None
    months_ahead: int
    variants: tuple[Variant, ...] = field(default=())

    @property
    def moving(self) -> tuple[str, ...]:
        """Drivers that move with the premium beyond chance."""
        return tuple(name for name in self.told if self.adjusted[name] < JOINT_LEVEL)

    @property
    def other_measures(self) -> tuple[Other, ...]:
        """Coefficients of other measures of the drivers that enough months carry."""
        found = [
            (one.swapped, one.fit)
            for one in self.variants
            if one.swapped and one.fit is not None and one.fit.carrying(one.swapped) >= FEWEST_CARRYING
        ]
        if not found:
            return ()
        p = adjusted_p(np.array([fit.coefficient(name).p for name, fit in found]))
        return tuple(
            Other(name, fit.coefficient(name).value, float(q), fit.n)
            for (name, fit), q in zip(found, p, strict=True)
        )

    def coefficient(self, name: str) -> Coefficient:
        """Coefficient of a driver with its interval."""
        return self.fit.coefficient(name, level=LEVEL)

    def refusal(self, name: str) -> str:
        """Why a driver has no coefficient."""
        carried = self.fit.carrying(name)
        return f"its changes fall into about {carried:.0f} months where {FEWEST_CARRYING:.0f} are needed"


def premium_changes(sample: DriverSample) -> PremiumChanges | str:
    """The equation in changes, or why it cannot be estimated.

    Parameters
    ----------
    sample : DriverSample
        One without a reason.
    """
    drivers = list(sample.drivers)
    changes = sample.frame[["premium", *drivers]].diff().iloc[1:]
    try:
        fit = fit_changes(changes["premium"], changes[drivers])
        checks = residual_checks(fit.response, fit.design, lags=12)
    except ModelError as error:
        return error.what
    told = tuple(name for name in drivers if fit.carrying(name) >= FEWEST_CARRYING)
    adjusted = adjusted_p(np.array([fit.coefficient(name).p for name in told])) if told else np.array([])
    better, ahead = foretold(changes, drivers)
    return PremiumChanges(
        fit,
        told,
        dict(zip(told, map(float, adjusted), strict=True)),
        fit.joint_p(told) if told else float("nan"),
        checks,
        better,
        ahead,
        variants(sample),
    )


def foretold(changes: pd.DataFrame, drivers: Sequence[str]) -> tuple[Gain | None, int]:
    """What the equation saves of the error of "no change" when each month is told from the months before.

    The drivers' own changes of the month are given to it: it is not asked to forecast them.

    Parameters
    ----------
    changes : DataFrame, month ends
        ``premium`` and the drivers.
    drivers : sequence of str

    Returns
    -------
    gain : Gain or None
        None with fewer than `FEWEST_YEARS` calendar years.
    months : int
    """
    y = changes["premium"].to_numpy(dtype=float)
    x = np.column_stack([changes[list(drivers)].to_numpy(dtype=float), np.ones(len(changes))])
    places = range(FEWEST_MONTHS, len(changes))
    years = pd.DatetimeIndex(changes.index).year.to_numpy()[FEWEST_MONTHS:]
    if len(np.unique(years)) < FEWEST_YEARS:
        return None, len(places)
    errors = np.array([y[t] - x[t] @ _least_squares(x[:t], y[:t]) for t in places])
    return gain(y[FEWEST_MONTHS:], errors, years), len(places)


def _least_squares(x: FloatArray, y: FloatArray) -> FloatArray:
    """Coefficients; of those that are not determined yet (a state that has not changed) the smallest."""
    return np.asarray(np.linalg.lstsq(x, y, rcond=None)[0], dtype=np.float64)


def variants(sample: DriverSample) -> tuple[Variant, ...]:
    """The same equation with other measures, other months, and changes that are cut."""
    found = [
        _swapped(
            sample,
            "depreciation",
            "rate_gap",
            "Policy rate less the United States' in place of past depreciation",
        ),
        _swapped(sample, "depreciation", "inflation_gap", "Inflation less the United States' in its place"),
        _swapped(sample, "volatility", "volatility_month", "Bitcoin's volatility of the last 30 days"),
        _fitted("One change of the premium before added", sample.frame, sample.drivers, _with_lag),
        _fitted("Changes of the premium cut at 5 and 95 %", sample.frame, sample.drivers, _cut),
    ]
    if "controls" in sample.drivers and set(np.unique(sample.frame["controls"])) & {1.0}:
        others = [name for name in sample.drivers if name != "controls"]
        label = "Months with controls in force alone"
        found.append(
            _fitted(label, sample.frame, others, lambda changes: changes[_in_force(sample, changes)])
        )
    return tuple(found)


def _swapped(sample: DriverSample, main: str, other: str, label: str) -> Variant:
    if other not in sample.further.columns or main not in sample.drivers:
        return Variant(label, None, "the data have not both measures")
    frame = sample.frame.assign(**{other: sample.further[other]})
    drivers = [other if name == main else name for name in sample.drivers]
    return replace(_fitted(label, frame, drivers), swapped=other)


def _fitted(
    label: str,
    frame: pd.DataFrame,
    drivers: Sequence[str],
    change: Callable[[pd.DataFrame], pd.DataFrame] = lambda changes: changes,
) -> Variant:
    changes = change(frame[["premium", *drivers]].diff()).dropna()
    if len(changes) < FEWEST_MONTHS:
        return Variant(label, None, f"{len(changes)} months where {FEWEST_MONTHS} are needed")
    # On part of the months a driver may stand still; what is said is of those that move.
    moving = [name for name in changes.columns if name != "premium" and float(np.ptp(changes[name])) > 0]
    try:
        return Variant(label, fit_changes(changes["premium"], changes[moving]))
    except ModelError as error:
        return Variant(label, None, error.what)


def _with_lag(changes: pd.DataFrame) -> pd.DataFrame:
    return changes.assign(before=changes["premium"].shift(1))


def _cut(changes: pd.DataFrame) -> pd.DataFrame:
    low, high = changes["premium"].quantile([CUT, 1 - CUT])
    return changes.assign(premium=changes["premium"].clip(low, high))


def _in_force(sample: DriverSample, changes: pd.DataFrame) -> pd.Series:
    """Months that, like the month before, have controls in force throughout."""
    state = sample.frame["controls"].reindex(changes.index)
    both: pd.Series = (state == 1) & (state.shift(1) == 1)
    return both


def step_of(sample: DriverSample, name: str) -> str:
    """What one unit of a column is."""
    return sample.steps.get(name, STEPS.get(name, name))
