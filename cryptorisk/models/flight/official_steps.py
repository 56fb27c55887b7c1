"""What the official rate and what the shadow rate had in a change of the premium, where the official rate stepped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cryptorisk.estimate import number
from cryptorisk.models.flight.event_effects import NEXT_QUOTE, WINDOWS
from cryptorisk.models.flight.events import STEP, ExchangeEvent
from cryptorisk.models.flight.premium_tables import PremiumSeries
from cryptorisk.result import Finding

WINDOW = WINDOWS[0]
STEP_LOG_PCT = 100 * float(np.log1p(STEP))
"""An official rate that moved by a tenth between the two windows has stepped: as in `events.with_devaluations`."""


@dataclass(frozen=True)
class Split:
    """Change of the premium about a day, ``premium = shadow - official``, log percent.

    Attributes
    ----------
    day : Timestamp
    official, shadow : float
        Mean log rate of the `WINDOW` quotes from the day on less that of the `WINDOW` before.
    """

    day: pd.Timestamp
    official: float
    shadow: float

    @property
    def premium(self) -> float:
        """What the premium changed by."""
        return self.shadow - self.official

    @property
    def stepped(self) -> bool:
        """Whether the official rate moved by a tenth or more."""
        return abs(self.official) >= STEP_LOG_PCT

    def in_words(self) -> str:
        """``-36.4 log %: -32.1 through the official rate, -4.3 through the shadow rate``."""
        return (
            f"{number(self.premium, 1)} log %: {number(-self.official, 1)} through the official rate, "
            f"{number(self.shadow, 1)} through the shadow rate"
        )


def split_at(series: PremiumSeries, day: pd.Timestamp) -> Split | None:
    """The split about a day; None where there are too few quotes on a side, or none within a week from it.

    Parameters
    ----------
    series : PremiumSeries
    day : Timestamp
    """
    logs = series.daily[["shadow", "official"]].apply(np.log) * 100
    before, after = logs[logs.index < day].iloc[-WINDOW:], logs[logs.index >= day].iloc[: WINDOW + 1]
    if len(before) < WINDOW or len(after) < WINDOW + 1 or (after.index[0] - day).days > NEXT_QUOTE:
        return None
    moved = after.mean() - before.mean()
    return Split(day, float(moved["official"]), float(moved["shadow"]))


def step_findings(
    series: PremiumSeries,
    events: Sequence[ExchangeEvent],
    changes: Sequence[pd.Timestamp],
    estimates: tuple[str, ...],
) -> tuple[Finding, ...]:
    """The split at the last change of the comparison, and at every event about which the official rate stepped.

    Parameters
    ----------
    series : PremiumSeries
        By day.
    events : sequence of ExchangeEvent
    changes : sequence of Timestamp
        Days on which the comparison goes over to another official rate.
    estimates : tuple of str
        Ids that the findings speak of.
    """
    closing = split_at(series, changes[-1]) if changes else None
    about = [one.day for one in events if all(abs((one.day - day).days) > WINDOW for day in changes)]
    found = [one for day in about if (one := split_at(series, day)) is not None and one.stepped]
    return (
        *([_closing(closing, estimates)] if closing is not None else []),
        *([_steps(found, estimates)] if found else []),
    )


def _closing(split: Split, estimates: tuple[str, ...]) -> Finding:
    text = (
        f"When the comparison went over to another official rate on {split.day:%Y-%m-%d}, the premium changed from the "
        f"{WINDOW} quotes before to those after by {split.in_words()}. A premium that closes so shows excess demand for "
        "foreign exchange being met at another price; it is no evidence that the crypto market was a way out of its own."
    )
    return Finding("flight.premium_closing", text, "notice", "caveat", estimates)


def _steps(found: Sequence[Split], estimates: tuple[str, ...]) -> Finding:
    listed = "; ".join(
        f"{one.day:%Y-%m-%d} {number(-one.official, 0)} and {number(one.shadow, 0)}" for one in found
    )
    text = (
        "Where the official rate stepped, part of the premium's change is arithmetic and says nothing of the demand for "
        "dollars. Through the official rate and through the shadow rate the premium changed, from the "
        f"{WINDOW} quotes before to those after, by (log %): {listed}."
    )
    return Finding("flight.premium_steps", text, "notice", "caveat", estimates)
