"""The premium and the shadow rate around all events of one kind taken together."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd

from cryptorisk.errors import ModelError
from cryptorisk.estimate import number
from cryptorisk.models.flight.channel_tables import interval
from cryptorisk.models.flight.event_effects import LEVEL, TOLD, WINDOWS, fits, position_of
from cryptorisk.models.flight.events import ExchangeEvent
from cryptorisk.models.flight.official_steps import split_at
from cryptorisk.models.flight.premium_tables import PremiumSeries, simple_pct
from cryptorisk.result import Column, Finding, Table
from cryptorisk.stats.holm import adjusted_p
from cryptorisk.stats.joint_events import FEWEST, JointChange, joint_change
from cryptorisk.words import listing

CONTROLS, DEVALUATIONS = "controls tightened, or eased with the sign turned", "devaluations"
KINDS: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        CONTROLS: MappingProxyType({"controls_tightened": 1.0, "controls_eased": -1.0}),
        DEVALUATIONS: MappingProxyType({"devaluation": 1.0}),
    }
)
"""Kinds of events with the direction in which they should move the price of a dollar."""
SERIES = MappingProxyType({"premium": "Premium", "shadow": "Shadow rate"})


@dataclass(frozen=True)
class JointEffect:
    """What one series did around the events of one kind.

    Attributes
    ----------
    kind, series : str
    window : int
    days : tuple of Timestamp
        Of the events that count.
    found : JointChange or str
        In log percent, or why there is none.
    adjusted : float
        p-value after Holm's correction over all joint effects of the country.
    """

    kind: str
    series: str
    window: int
    days: tuple[pd.Timestamp, ...]
    found: JointChange | str
    adjusted: float


def joint_effects(
    series: PremiumSeries,
    shadow: pd.Series,
    events: Sequence[ExchangeEvent],
    changes: Sequence[pd.Timestamp],
    *,
    seed: int,
) -> tuple[JointEffect, ...]:
    """Mean change around the events of each kind, in both series and all windows.

    The premium is left out around devaluations, and around events of other kinds about which the official rate stepped:
    there its change is arithmetic.

    Parameters
    ----------
    series : PremiumSeries
        By day.
    shadow : Series
        Shadow rate by day.
    events : sequence of ExchangeEvent
    changes : sequence of Timestamp
        Days on which the official side of the comparison changes.
    seed : int
    """
    paths = {"premium": series.daily["premium"], "shadow": 100 * np.log(shadow)}
    cases = [
        (kind, name, window)
        for kind in KINDS
        for name in paths
        for window in WINDOWS
        if (kind, name) != (DEVALUATIONS, "premium")
    ]
    made = []
    for kind, name, window in cases:
        chosen = [one for one in events if one.kind in KINDS[kind]]
        if name == "premium":
            chosen = [
                one for one in chosen if (split := split_at(series, one.day)) is None or not split.stepped
            ]
        breaks = [int(paths[name].index.searchsorted(day)) for day in changes] if name == "premium" else []
        made.append(_joint(paths[name], window, chosen, KINDS[kind], events, breaks, seed))
    adjusted = adjusted_p(np.array([math.nan if isinstance(one, str) else one.p for one in made]))
    return tuple(
        JointEffect(*case, _days(paths[case[1]], one), one, float(p))
        for case, one, p in zip(cases, made, adjusted, strict=True)
    )


def joint_table(joint: Sequence[JointEffect], series: PremiumSeries) -> tuple[Table, ...]:
    """Every joint effect, or why there is none; none where the country has no such events at all."""
    if all(isinstance(one.found, str) for one in joint):
        return ()
    frame = pd.DataFrame(
        [
            {
                "kind": one.kind.capitalize(),
                "series": SERIES[one.series],
                "window": one.window,
                "events": ", ".join(f"{day:%Y-%m}" for day in one.days),
                **(
                    {"change": math.nan, "low": math.nan, "high": math.nan, "p": math.nan}
                    if isinstance(one.found, str)
                    else {name: getattr(one.found, name) for name in ("change", "low", "high", "p")}
                ),
                "holm": one.adjusted,
                "reason": one.found if isinstance(one.found, str) else "",
            }
            for one in joint
        ]
    )
    columns = (
        Column("kind", "Kind of event"),
        Column("series", "Series"),
        Column("window", "Quotes either side", "", 0),
        Column("events", "Events"),
        Column("change", "Mean change", "log %", 1),
        Column("low", "90 % interval from", "log %", 1),
        Column("high", "90 % interval to", "log %", 1),
        Column("p", "p", "", 4),
        Column("holm", "p, Holm", "", 3),
        Column("reason", "Not computed because"),
    )
    note = (
        "Mean over the events of a kind, over and above other dates, against as many other dates drawn at random from "
        "windows beside one another and made as restless as the events' own. Events whose windows overlap count once. The "
        "premium is left out where the official rate stepped: there its change is arithmetic."
    )
    title = "All events of a kind taken together"
    return (Table("flight.premium_joint_events", title, frame, columns, note, series.sources),)


def joint_findings(joint: Sequence[JointEffect], estimates: tuple[str, ...]) -> tuple[Finding, ...]:
    """What is beyond chance and what is not, for the shorter window, in percent; none without a joint effect."""
    told = [one for one in joint if one.window == WINDOWS[0] and not isinstance(one.found, str)]
    if not told:
        return ()
    beyond = [_clause(one) for one in told if one.adjusted < TOLD]
    others = [_clause(one) for one in told if one.adjusted >= TOLD]
    parts = [f"beyond chance, {listing(beyond)}"] if beyond else []
    parts += [f"not told from chance, {listing(others)}"] if others else []
    text = (
        f"All events of a kind taken together, from the {WINDOWS[0]} quotes before to those after: {'; '.join(parts)}. What "
        "moves around a date is not what moves because of it: the events were answers to pressure as well."
    )
    return (Finding("flight.premium_joint", text, "info", estimates=estimates),)


def _clause(one: JointEffect) -> str:
    """``the shadow rate rose by 23 % (90 % interval 16 to 30) around 5 devaluations``."""
    assert isinstance(one.found, JointChange)
    name = "the shadow against the official rate" if one.series == "premium" else "the shadow rate"
    size, low, high = (simple_pct(value) for value in (one.found.change, one.found.low, one.found.high))
    rose = size >= 0
    ends = (low, high) if rose else (-high, -low)
    return (
        f"{name} {'rose' if rose else 'fell'} by {number(abs(size), 0)} % (90 % interval {interval(*ends, 0)}) around "
        f"{len(one.days)} {_noun(one.kind)}"
    )


def _noun(kind: str) -> str:
    return "changes of controls (easings with the sign turned)" if kind == CONTROLS else kind


def _joint(
    path: pd.Series,
    window: int,
    chosen: Sequence[ExchangeEvent],
    signs: Mapping[str, float],
    events: Sequence[ExchangeEvent],
    breaks: Sequence[int],
    seed: int,
) -> JointChange | str:
    places = {one: position_of(path, one) for one in events}
    usable = {
        place: signs[one.kind]
        for one in chosen
        if (place := places[one]) is not None and fits(place, len(path), window, breaks)
    }
    if len(usable) < FEWEST:
        return f"{len(usable)} events with {window} quotes either side; {FEWEST} are needed"
    at = sorted(usable)
    try:
        return joint_change(
            path.to_numpy(float),
            at,
            [usable[place] for place in at],
            window=window,
            rng=np.random.default_rng(seed),
            level=LEVEL,
            without=[*breaks, *(place for place in places.values() if place is not None)],
        )
    except ModelError as error:
        return error.what


def _days(path: pd.Series, found: JointChange | str) -> tuple[pd.Timestamp, ...]:
    return () if isinstance(found, str) else tuple(path.index[list(found.positions)])
