"""Whether events have overtaken the last figures: the crash that is warned of has come, or the regime has changed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import number
from cryptorisk.models.flight.events import ExchangeEvent, sourced_events
from cryptorisk.models.official import SERIES, monthly
from cryptorisk.stats.exchange_pressure import crashes

ENDS_A_REGIME = ("regime", "devaluation")
"""Kinds of the kit's table of exchange events after which figures of the time before speak of another regime."""


@dataclass(frozen=True)
class Overtaken:
    """Why the figures of a year say nothing of the time since; ``crashed`` when the crash itself has come."""

    reason: str
    crashed: bool


def overtaken(inputs: Inputs, year: int) -> Overtaken | None:
    """What has overtaken the figures of a year; None where nothing has.

    The crash has come when the last month known lies after the year and the official price of a dollar, by the rate that
    stands, is by the rule for crashes above that of twelve months before. Else a change of the regime in the kit's table of
    events counts.

    Parameters
    ----------
    inputs : Inputs
    year : int
        Of the last figures.
    """
    rate = monthly(inputs)
    last = rate.index[-1] if len(rate) else None
    if last is not None and last.year > year:
        risen = crash_by(rate, last)
        if risen is not None:
            return Overtaken(_come(inputs, risen, last), True)
    event = regime_change(inputs, dt.date(year, 12, 31))
    if event is None:
        return None
    what = event.what[0].lower() + event.what[1:]
    reason = (
        f"the exchange regime changed on {event.date} ({what}), after the last figures, which are of {year}"
    )
    return Overtaken(reason, False)


def crash_by(rate: pd.Series, month: pd.Timestamp) -> float | None:
    """Rise of the dollar over the twelve months to a month, percent, where it is a crash by the rule; else None."""
    months = [month - pd.DateOffset(months=back) + pd.offsets.MonthEnd(0) for back in (24, 12, 0)]
    ends = rate.reindex(months).to_numpy(float)
    changes = 100 * (ends[1:] / ends[:-1] - 1)
    return float(changes[1]) if crashes(changes)[1] == 1 else None


def regime_change(inputs: Inputs, after: dt.date) -> ExchangeEvent | None:
    """The last change of the regime in the kit's table after a day and up to the report's date."""
    found = [one for one in sourced_events(inputs.country, inputs.as_of) if one.date > after]
    return next((one for one in reversed(found) if one.kind in ENDS_A_REGIME), None)


def _come(inputs: Inputs, risen: float, month: pd.Timestamp) -> str:
    size = "" if inputs.confidential & set(SERIES) else f" {number(risen, 0)} %"
    return (
        f"the crash has come: in {month:%Y-%m} the official price of a dollar, by the rate that stands, was{size} higher "
        "than twelve months before"
    )
