"""What the official rate and what the shadow rate had in a change of the premium, where the official rate stepped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cryptorisk.estimate import number
from cryptorisk.models.flight.event_effects import NEXT_QUOTE, WINDOWS
from cryptorisk.models.flight.events import STEP, ExchangeEvent
from cryptorisk.models.flight.premium_tables import PremiumSeries, simple_pct
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
        """``official rate +38 %, shadow rate −4 %``."""
        return f"official rate {_signed(self.official)}, shadow rate {_signed(self.shadow)}"


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
        f"The comparison went over to another official rate on {split.day:%Y-%m-%d}; from the {WINDOW} quotes before to "
        f"those after: {split.in_words()}, shadow against official {_signed(split.premium)}. A premium that closes so "
        "shows excess demand for foreign exchange being met at another price; it is no evidence that the crypto market was "
        "a way out of its own."
    )
    return Finding("flight.premium_closing", text, "notice", "caveat", estimates)


def _steps(found: Sequence[Split], estimates: tuple[str, ...]) -> Finding:
    listed = "; ".join(f"{one.day:%Y-%m-%d} {one.in_words()}" for one in found)
    text = (
        "Where the official rate stepped, part of the premium's change is arithmetic and says nothing of the demand for "
        f"dollars. From the {WINDOW} quotes before to those after: {listed}."
    )
    return Finding("flight.premium_steps", text, "notice", "caveat", estimates)


def _signed(log_pct: float) -> str:
    """A log percent as a percentage with its sign."""
    pct = number(simple_pct(log_pct), 0)
    return f"{'+' if log_pct > 0 and pct != '0' else ''}{pct} %"
