"""The premium and the shadow rate around all events of one kind taken together.

An event about which the official rate stepped was picked by a jump of that rate. While the two rates are one, the shadow
rate is the very price that jumped: its change is then given by the choice of the date and nothing is left to test. Such
events count only while the rates are apart, and other dates are then drawn from the days on which they are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cryptorisk.errors import ModelError
from cryptorisk.estimate import number
from cryptorisk.models.flight.channel_tables import interval
from cryptorisk.models.flight.event_effects import LEVEL, NEXT_QUOTE, TOLD, WINDOWS, fits, position_of
from cryptorisk.models.flight.events import ExchangeEvent
from cryptorisk.models.flight.official_steps import split_at
from cryptorisk.models.flight.premium_tables import EPISODE_LOG_PCT, PremiumSeries, simple_pct
from cryptorisk.result import Column, Finding, Table
from cryptorisk.stats.holm import adjusted_p
from cryptorisk.stats.joint_events import FEWEST, JointChange, joint_change
from cryptorisk.words import listing

CONTROLS, DEVALUATIONS = "controls tightened, or eased with the sign turned", "devaluations"
KINDS = (CONTROLS, DEVALUATIONS)
SIGNS = MappingProxyType({"controls_tightened": 1.0, "controls_eased": -1.0})
"""Direction in which a change of controls should move the price of a dollar. Every step of the official rate upwards is a
devaluation, whatever else it is filed as."""
ONE_RATE = f"premium of the {WINDOWS[0]} quotes before at most {number(simple_pct(EPISODE_LOG_PCT), 0)} %"
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
    signs : tuple of float
        With which they count.
    left_out : int
        Events left out because the official rate stepped while the two rates were one.
    adjusted : float
        p-value after Holm's correction over all joint effects of the country.
    """

    kind: str
    series: str
    window: int
    days: tuple[pd.Timestamp, ...]
    found: JointChange | str
    signs: tuple[float, ...] = ()
    left_out: int = 0
    adjusted: float = math.nan


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
    there its change is arithmetic. For the shadow rate such events count while the two rates are apart.

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
    apart = {
        name: rates_apart(paths["premium"], pd.DatetimeIndex(path.index)) for name, path in paths.items()
    }
    made = []
    for kind, name, window in cases:
        signs = _signs(kind, name, series, events)
        breaks = [int(paths[name].index.searchsorted(day)) for day in changes] if name == "premium" else []
        one = JointEffect(kind, name, window, (), "")
        made.append(_joint(one, paths[name], apart[name], signs, events, breaks, seed))
    adjusted = adjusted_p(np.array([math.nan if isinstance(one.found, str) else one.found.p for one in made]))
    return tuple(replace(one, adjusted=float(p)) for one, p in zip(made, adjusted, strict=True))


def rates_apart(premium: pd.Series, days: pd.DatetimeIndex) -> NDArray[np.bool_]:
    """Whether before each day the mean premium of a month of quotes was above what counts as an episode.

    Parameters
    ----------
    premium : Series
        By day, log percent.
    days : DatetimeIndex

    Returns
    -------
    ndarray of bool
        False too where the quotes before a day are too few or too old.
    """
    known = premium.dropna()
    quoted, before = pd.DatetimeIndex(known.index), known.rolling(WINDOWS[0]).mean().to_numpy(float)
    last = quoted.searchsorted(days) - 1
    fresh = (days - quoted[np.maximum(last, 0)]).days <= NEXT_QUOTE
    found: NDArray[np.bool_] = (
        (last >= 0) & np.asarray(fresh) & (before[np.maximum(last, 0)] > EPISODE_LOG_PCT)
    )
    return found


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
        "premium is left out where the official rate stepped: there its change is arithmetic. Devaluations are all steps of "
        "the official rate by the rule, whatever they are filed as, before which the two rates were apart; where they were "
        f"one ({ONE_RATE}) the shadow rate is the price whose jump picked the date. Their other dates have the rates apart "
        "too. A devaluation that waits for the shadow rate to rise finds that rise."
    )
    title = "All events of a kind taken together"
    return (Table("flight.premium_joint_events", title, frame, columns, note, series.sources),)


def joint_findings(joint: Sequence[JointEffect], estimates: tuple[str, ...]) -> tuple[Finding, ...]:
    """What is beyond chance and what is not, for the shorter window, in percent; none without a joint effect."""
    told = [one for one in joint if one.window == WINDOWS[0] and not isinstance(one.found, str)]
    refused = _refusal(joint)
    if not told:
        return (Finding("flight.premium_joint", refused, "info", estimates=estimates),) if refused else ()
    tests = sum(not isinstance(one.found, str) for one in joint)
    beyond = [_clause(one) for one in told if one.adjusted < TOLD]
    others = [_clause(one) for one in told if one.adjusted >= TOLD]
    parts = [f"beyond chance, {listing(beyond)}"] if beyond else []
    parts += [f"not told from chance, {listing(others)}"] if others else []
    moved = any(one.kind == DEVALUATIONS and one.adjusted < TOLD for one in told)
    waits = ", and a devaluation that waits for the shadow rate to rise finds that rise" if moved else ""
    corrected = f" (p after Holm over {tests} tests, intervals before it)" if tests > 1 else ""
    text = (
        f"All events of a kind taken together, from the {WINDOWS[0]} quotes before to those after{corrected}: "
        f"{'; '.join(parts)}. {refused}{' ' if refused else ''}What moves around a date is not what moves because of it: "
        f"the events were answers to pressure as well{waits}."
    )
    return (Finding("flight.premium_joint", text, "info", estimates=estimates),)


def _refusal(joint: Sequence[JointEffect]) -> str:
    """How many devaluations count for nothing and why, in a sentence; empty where all count."""
    of = next((one for one in joint if (one.kind, one.window) == (DEVALUATIONS, WINDOWS[0])), None)
    if of is None or not of.left_out:
        return ""
    many = f"{of.left_out} devaluation{'s' if of.left_out > 1 else ''}"
    untested = f", and devaluations are not tested: {of.found}" if isinstance(of.found, str) else ""
    return (
        f"Left out {'are' if of.left_out > 1 else 'is'} {many} while the two rates were one ({ONE_RATE}), where the shadow "
        f"rate is the price whose jump picked the date{untested}."
    )


def _clause(one: JointEffect) -> str:
    """``the shadow rate rose by 23 % (90 % interval 16 to 30) around 5 devaluations``."""
    assert isinstance(one.found, JointChange)
    name = "the shadow against the official rate" if one.series == "premium" else "the shadow rate"
    size, low, high = (simple_pct(value) for value in (one.found.change, one.found.low, one.found.high))
    rose = size >= 0
    ends = (low, high) if rose else (-high, -low)
    return (
        f"{name} {'rose' if rose else 'fell'} by {number(abs(size), 0)} % (90 % interval {interval(*ends, 0)}) around "
        f"{len(one.days)} {_noun(one)}"
    )


def _noun(one: JointEffect) -> str:
    """The events that count, by what is among them."""
    if one.kind == DEVALUATIONS:
        return "devaluations with the two rates apart"
    signs = set(one.signs)
    if signs == {1.0}:
        return "tightenings of controls"
    return (
        "easings of controls (sign turned)"
        if signs == {-1.0}
        else "changes of controls (easings with the sign turned)"
    )


def _signs(
    kind: str, name: str, series: PremiumSeries, events: Sequence[ExchangeEvent]
) -> dict[ExchangeEvent, float]:
    """Events of a kind with their signs."""
    if kind == DEVALUATIONS:
        return {one: 1.0 for one in events if one.devalues}
    changes = {one: SIGNS[one.kind] for one in events if one.kind in SIGNS}
    if name != "premium":
        return changes
    return {
        one: sign
        for one, sign in changes.items()
        if (split := split_at(series, one.day)) is None or not split.stepped
    }


def _joint(
    case: JointEffect,
    path: pd.Series,
    apart: NDArray[np.bool_],
    signs: dict[ExchangeEvent, float],
    events: Sequence[ExchangeEvent],
    breaks: Sequence[int],
    seed: int,
) -> JointEffect:
    """The case with its outcome."""
    window = case.window
    places = {one: position_of(path, one) for one in events}
    fitting = {
        one: place
        for one in signs
        if (place := places[one]) is not None and fits(place, len(path), window, breaks)
    }
    usable = {place: signs[one] for one, place in fitting.items() if apart[place] or not one.devalues}
    case = replace(case, left_out=len({*fitting.values()} - {*usable}))
    if len(usable) < FEWEST:
        which = " and the two rates apart" if case.left_out else ""
        reason = f"{len(usable)} events with {window} quotes either side{which}; {FEWEST} are needed"
        return replace(case, found=reason)
    at = sorted(usable)
    try:
        found = joint_change(
            path.to_numpy(float),
            at,
            [usable[place] for place in at],
            window=window,
            rng=np.random.default_rng(seed),
            level=LEVEL,
            without=[*breaks, *(place for place in places.values() if place is not None)],
            among=apart if case.kind == DEVALUATIONS else None,
        )
    except ModelError as error:
        return replace(case, found=error.what)
    days = tuple(path.index[list(found.positions)])
    return replace(case, days=days, found=found, signs=tuple(usable[place] for place in found.positions))
