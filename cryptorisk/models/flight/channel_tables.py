"""Tables of the crypto channel: stretches, price discovery, thresholds, events."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from cryptorisk.estimate import MISSING, number
from cryptorisk.models.flight.event_effects import LEVEL, OUTSIDE, TOLD, WINDOWS, Effect, power
from cryptorisk.models.flight.events import STEP, STEP_DAYS, TABLE, ExchangeEvent
from cryptorisk.models.flight.official_steps import split_at
from cryptorisk.models.flight.premium_tables import PremiumSeries, simple_pct
from cryptorisk.models.flight.stretches import Stretch, lasting
from cryptorisk.result import Column, Table
from cryptorisk.stats.event_study import least_p
from cryptorisk.stats.half_life import HalfLife
from cryptorisk.stats.holm import adjusted_p
from cryptorisk.stats.price_discovery import Discovery
from cryptorisk.stats.threshold import Regime, Threshold

REFUSED = "refused"


def interval(low: float, high: float, digits: int) -> str:
    """``4 to 11``; an open end is said so."""
    return f"{number(low, digits)} {'or more' if math.isinf(high) else f'to {number(high, digits)}'}"


def stretches_table(found: Sequence[Stretch], series: PremiumSeries) -> Table:
    """The premium by stretch of the exchange regime, a row each."""
    unit = "months" if series.monthly else "days with both rates"
    frame = pd.DataFrame(
        {
            "stretch": [one.label for one in found],
            "mean": [_level(one) for one in found],
            "highest": [simple_pct(one.highest) for one in found],
            "half_life": [_life(one.half_life) for one in found],
            "share": [_share(one.discovery) for one in found],
        }
    )
    columns = (
        Column("stretch", "Exchange regime"),
        Column("mean", "Mean premium (90 % interval)", "%"),
        Column("highest", "Highest", "%", 0),
        Column("half_life", "Half-life of a deviation", unit),
        Column("share", "Shadow rate's share in finding the price", "%"),
    )
    note = (
        f"A regime begins with an event of the kit's table ({TABLE}). Half-life: from the stretch's mean, 90 % interval; "
        "where it has no upper end the lower one alone is given. The annex says why shares are refused."
    )
    title = "The premium by exchange regime"
    return Table("flight.premium_stretches", title, frame, columns, note, series.sources)


def _level(one: Stretch) -> str:
    mean, low, high = (simple_pct(value) for value in (one.mean, one.mean_low, one.mean_high))
    return f"{number(mean, 0)} ({interval(low, high, 0)})"


def _life(found: HalfLife | str) -> str:
    if isinstance(found, str):
        return MISSING
    if lasting(found):
        return f"at least {number(found.shortest, 0)}"
    return f"{number(found.periods, 0)} ({interval(found.shortest, found.longest, 0)})"


def _share(found: Discovery | str) -> str:
    if isinstance(found, str):
        return REFUSED
    low, high = found.intervals.middle
    return f"{number(100 * found.shares.middle, 0)} ({interval(100 * low, 100 * high, 0)})"


def discovery_table(found: Sequence[Stretch], series: PremiumSeries) -> Table:
    """Estimation detail of price discovery, and why it was refused where it was."""
    frame = pd.DataFrame([_discovery_row(one) for one in found])
    columns: tuple[Column, ...] = (
        Column("stretch", "Exchange regime"),
        Column("n", "Days", "", 0),
        Column("lags", "Lags", "", 0),
        Column("trace", "Trace (5 % point)"),
        Column("p_unit", "p of (1, -1)", "", 3),
        Column("shadow", "Shadow rate's speed (t)"),
        Column("official", "Official rate's speed (t)"),
        Column("component", "Gonzalo-Granger", "%"),
        Column("bounds", "Hasbrouck, bounds", "%"),
        Column("middle", "Hasbrouck, mean", "%"),
        Column("modified", "Lien-Shrestha", "%"),
        Column("reason", "Why refused"),
    )
    note = (
        "Shares of the shadow rate, 90 % bootstrap intervals in brackets; a component outside 0 to 100 means that both "
        "prices move the same way after a gap. Days on which both rates were published. The trace test rejects too often "
        "when volatility changes. A reference that reports past deals lags by construction."
    )
    title = "Price discovery between the shadow and the official rate"
    if all(isinstance(one.discovery, str) for one in found):  # nothing but reasons
        columns = (columns[0], columns[-1])
        frame = frame[[column.name for column in columns]]
    return Table("flight.price_discovery", title, frame, columns, note, series.sources)


def _discovery_row(one: Stretch) -> dict[str, object]:
    detail = one.discovery
    if isinstance(detail, str):
        blank = ("trace", "shadow", "official", "component", "bounds", "middle", "modified")
        numbers = dict.fromkeys(("n", "lags", "p_unit"), math.nan)
        return {"stretch": one.label, **numbers, **dict.fromkeys(blank, MISSING), "reason": detail}

    def share(value: float, ends: tuple[float, float]) -> str:
        return f"{number(100 * value, 0)} ({interval(100 * ends[0], 100 * ends[1], 0)})"

    relation, model, shares, ends = detail.relation, detail.model, detail.shares, detail.intervals
    return {
        "stretch": one.label,
        "n": model.n,
        "lags": model.lags,
        "trace": f"{relation.trace[0]:.1f} ({relation.critical[0]:.1f})",
        "p_unit": relation.p_unit,
        "shadow": f"{number(model.speeds[0], 3)} ({number(model.t[0], 1)})",
        "official": f"{number(model.speeds[1], 3)} ({number(model.t[1], 1)})",
        "component": share(shares.component, ends.component),
        "bounds": interval(100 * shares.lower, 100 * shares.upper, 0),
        "middle": share(shares.middle, ends.middle),
        "modified": share(shares.modified, ends.modified),
        "reason": "",
    }


def thresholds_table(found: Sequence[Stretch], series: PremiumSeries) -> tuple[Table, ...]:
    """Whether wide gaps close faster, for stretches that are long enough."""
    rows = [(one, one.threshold) for one in found if isinstance(one.threshold, Threshold)]
    if not rows:
        return ()
    adjusted = adjusted_p(np.array([detail.p for _one, detail in rows]))
    frame = pd.DataFrame(
        [
            {
                "stretch": one.label,
                "kind": detail.kind,
                "threshold": f"{number(detail.threshold, 1)} "
                f"({interval(detail.threshold_low, detail.threshold_high, 1)})",
                "first": _regime(detail.regimes[0]),
                "second": _regime(detail.regimes[1]),
                "p": detail.p,
                "holm": float(p),
            }
            for (one, detail), p in zip(rows, adjusted, strict=True)
        ]
    )
    unit = "months" if series.monthly else "days with both rates"
    columns = (
        Column("stretch", "Exchange regime"),
        Column("kind", "Kind"),
        Column("threshold", "Threshold", "log %"),
        Column("first", "Half-life below, or within the band", unit),
        Column("second", "Half-life above, or outside the band", unit),
        Column("p", "p of no threshold", "", 3),
        Column("holm", "p, Holm", "", 3),
    )
    note = (
        "Band about parity where the premium lay on both sides of it, else a switch between a low and a high premium; 90 % "
        "bootstrap intervals, which are too narrow where the test finds no threshold: then the two half-lives do not differ "
        "by more than chance."
    )
    title = "Does a wide premium close faster?"
    return (Table("flight.premium_thresholds", title, frame, columns, note, series.sources),)


def _regime(one: Regime) -> str:
    if math.isinf(one.longest):
        return f"at least {number(one.shortest, 0)}" if one.shortest >= 1 else "cannot be told"
    return f"{number(one.periods, 0)} ({interval(one.shortest, one.longest, 0)})"


def events_table(around: Sequence[Effect], series: PremiumSeries) -> tuple[Table, ...]:
    """Events within the quotes, with what the premium and the two rates did in a month."""
    numbers = event_numbers(around)
    if not numbers:
        return ()
    at = {(one.event, one.series, one.window): one for one in around}
    rows = []
    for event, place in numbers.items():
        premium, shadow = (at[event, name, WINDOWS[0]] for name in ("premium", "shadow"))
        rows.append(
            {
                "number": place,
                "date": event.date.isoformat(),
                "kind": event.kind.replace("_", " "),
                "what": event.what,
                "premium": _effect(premium),
                "shadow": _effect(shadow),
                "official": math.nan
                if (split := split_at(series, event.day)) is None
                else simple_pct(split.official),
            }
        )
    columns = (
        Column("number", "No.", "", 0),
        Column("date", "Date"),
        Column("kind", "Kind"),
        Column("what", "Event"),
        Column("premium", "Shadow over official rate", "%"),
        Column("shadow", "Shadow rate", "%"),
        Column("official", "Official rate, as it was", "%", 0),
    )
    sources = "; ".join(f"{place}: {event.source}" for event, place in numbers.items() if event.source)
    picked = (
        " A devaluation is picked by a jump of the official rate: where the two rates were one, the shadow rate's change is "
        "that jump, and neither interval nor star says anything."
        if any(event.devalues for event in numbers)
        else ""
    )
    note = (
        f"Mean of {WINDOWS[0]} quotes from the event on less the {WINDOWS[0]} before, over and above other dates; 90 % "
        "interval from all other dates; * where a change is beyond chance after Holm's correction for all of them. "
        "What the official rate rises the premium falls, by arithmetic. Devaluations: official price of the dollar up "
        f"{100 * STEP:.0f} % within {STEP_DAYS} days.{picked}" + (f" Sources: {sources}." if sources else "")
    )
    title = "The premium and the shadow rate around events"
    return (Table("flight.premium_events", title, pd.DataFrame(rows), columns, note, series.sources),)


def event_numbers(around: Sequence[Effect]) -> dict[ExchangeEvent, int]:
    """Events that fall into the quotes of the shadow rate, numbered in their order."""
    inside = {one.event for one in around if one.series == "shadow" and one.reason != OUTSIDE}
    return {event: i + 1 for i, event in enumerate(sorted(inside, key=lambda one: one.date))}


def _effect(one: Effect) -> str:
    if one.found is None:
        return MISSING
    star = "*" if one.adjusted < TOLD else ""
    change, low, high = (simple_pct(size) for size in (one.found.change, one.found.low, one.found.high))
    return f"{number(change, 0)}{star} ({interval(low, high, 0)})"


def event_study_table(around: Sequence[Effect], series: PremiumSeries) -> tuple[Table, ...]:
    """Every effect with its p-values, and the reasons of those that are missing."""
    numbers = event_numbers(around)
    chosen = [one for one in around if one.event in numbers]
    if not chosen:
        return ()
    names = {"premium": "Premium", "shadow": "Shadow rate"}
    tested = sum(one.found is not None for one in around)
    frame = pd.DataFrame(
        [
            {
                "date": one.event.date.isoformat(),
                "series": names[one.series],
                "window": one.window,
                "change": math.nan if one.found is None else one.found.change,
                "low": math.nan if one.found is None else one.found.low,
                "high": math.nan if one.found is None else one.found.high,
                "p": math.nan if one.found is None else one.found.p,
                "holm": one.adjusted,
                "least": math.nan if one.found is None else min(1.0, tested * least_p(one.found.windows)),
                "dates": math.nan if one.found is None else one.found.dates,
                "windows": math.nan if one.found is None else one.found.windows,
                "reason": one.reason,
            }
            for one in sorted(chosen, key=lambda one: (one.event.date, one.series, one.window))
        ]
    )
    columns = (
        Column("date", "Event"),
        Column("series", "Series"),
        Column("window", "Quotes before and after", "", 0),
        Column("change", "Change", "log %", 1),
        Column("low", "Lower", "log %", 1),
        Column("high", "Upper", "log %", 1),
        Column("p", "p, rank", "", 4),
        Column("holm", "p, Holm", "", 3),
        Column("least", "The least p, Holm, that can be", "", 3),
        Column("dates", "Other dates", "", 0),
        Column("windows", "Windows they fill", "", 0),
        Column("reason", "Why not"),
    )
    note = (
        f"Over and above the median of the other dates; {100 * LEVEL:.0f} % interval, which holds nought where p is above "
        f"{100 * (1 - LEVEL):.0f} %. p is no smaller than one by the windows that the other dates fill and "
        "one. Windows of events close to one another overlap. Changes are ranked by their size for the restlessness of the "
        f"window before them. {power(around, WINDOWS[0])}"
    )
    title = "Event study: all windows"
    return (Table("flight.event_study", title, frame, columns, note, series.sources),)
