"""The premium and the shadow rate around dated events, against the same around all other dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cryptorisk.errors import ModelError
from cryptorisk.models.flight.events import ExchangeEvent
from cryptorisk.stats.event_study import EventChange, event_changes, least_p
from cryptorisk.stats.holm import adjusted_p

WINDOWS = (20, 60)
"""Quotes before and after: a month and a quarter of trading days."""
NEXT_QUOTE = 7
"""An event belongs to the first quote on its day or after it, a week later at the most."""
LEVEL = 0.9
TOLD = 0.05
"""p-value after Holm's correction below which a change is called beyond chance."""
OUTSIDE = "outside the quotes"
COMPARISON = "the official side of the comparison changes within the window"


@dataclass(frozen=True)
class Effect:
    """What one series did around one event.

    Attributes
    ----------
    event : ExchangeEvent
    series : str
        ``premium`` or ``shadow`` (the shadow rate).
    window : int
    found : EventChange or None
        In log percent.
    adjusted : float
        p-value after Holm's correction over all effects of the country; NaN without one.
    reason : str
        Why there is none.
    """

    event: ExchangeEvent
    series: str
    window: int
    found: EventChange | None
    adjusted: float
    reason: str = ""


def effects(
    premium: pd.Series,
    shadow: pd.Series,
    events: Sequence[ExchangeEvent],
    changes: Sequence[pd.Timestamp],
) -> tuple[Effect, ...]:
    """Changes around all events, in both series and all windows.

    Parameters
    ----------
    premium : Series
        By day, log percent.
    shadow : Series
        Shadow rate by day; it may go on where there is no official rate.
    events : sequence of ExchangeEvent
    changes : sequence of Timestamp
        Days on which the official side of the comparison changes: the premium is not compared across them.

    Returns
    -------
    tuple of Effect
    """
    found: list[Effect] = []
    values = {"premium": premium, "shadow": 100 * np.log(shadow)}
    for name, path in values.items():
        breaks = [int(path.index.searchsorted(day)) for day in changes] if name == "premium" else []
        for window in WINDOWS:
            found += _of_one(path, name, window, events, breaks)
    adjusted = adjusted_p(np.array([np.nan if one.found is None else one.found.p for one in found]))
    return tuple(
        Effect(one.event, one.series, one.window, one.found, float(p), one.reason)
        for one, p in zip(found, adjusted, strict=True)
    )


def _of_one(
    path: pd.Series,
    name: str,
    window: int,
    events: Sequence[ExchangeEvent],
    breaks: Sequence[int],
) -> list[Effect]:
    places = {one: position_of(path, one) for one in events}
    reasons = {one: _reason(places[one], len(path), window, breaks) for one in events}
    usable = [place for one, place in places.items() if place is not None and not reasons[one]]
    try:
        changes = {
            one.position: one
            for one in event_changes(
                path.to_numpy(float),
                usable,
                window=window,
                level=LEVEL,
                without=[*breaks, *(place for place in places.values() if place is not None)],
            )
        }
    except ModelError as error:
        changes = {}
        reasons = {one: reason or error.what for one, reason in reasons.items()}
    return [
        Effect(one, name, window, None if reasons[one] else changes[place], np.nan, reasons[one])
        if place is not None
        else Effect(one, name, window, None, np.nan, OUTSIDE)
        for one, place in places.items()
    ]


def power(around: Sequence[Effect], window: int) -> str:
    """What the quotes can tell from chance at all, in a sentence: the least p-value before and after Holm's correction."""
    found = [one.found for one in around if one.found is not None]
    rooms = [one.found.windows for one in around if one.found is not None and one.window == window]
    if not rooms:
        return ""
    low, high = min(rooms), max(rooms)
    least = least_p(high)
    after = len(found) * least
    room = f"{low} to {high}" if low < high else f"{high}"
    text = (
        f"The other dates fill {room} windows beside one another, so that no p is below {least:.3f} for one change; for all "
        f"{len(found)} together (Holm) "
    )
    if after < TOLD:
        return (
            text
            + f"the least is {after:.3f}: only a change larger than at every other date is beyond chance."
        )
    return text + "nothing can be told from chance, however large: read the intervals, one by one."


def position_of(path: pd.Series, event: ExchangeEvent) -> int | None:
    """Position of the first quote on or after the event; None where the quotes do not reach it."""
    days = pd.DatetimeIndex(path.index)
    place = int(days.searchsorted(event.day))
    if place >= len(days) or (days[place] - event.day).days > NEXT_QUOTE or event.day < days[0]:
        return None
    return place


def fits(place: int, n: int, window: int, breaks: Sequence[int]) -> bool:
    """Whether the windows about a position lie within the quotes and on one side of every break."""
    return not _reason(place, n, window, breaks)


def _reason(place: int | None, n: int, window: int, breaks: Sequence[int]) -> str:
    if place is None:
        return OUTSIDE
    if place < window or place + window >= n:
        return f"fewer than {window} quotes on one side"
    if any(place - window < one <= place + window for one in breaks):
        return COMPARISON
    return ""
