"""Dated events of an exchange market: facts with their source, and devaluations found in the official rate by rule."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

import numpy as np
import pandas as pd

from cryptorisk.result import Column, Table
from cryptorisk.stats.event_study import jumps

TABLE = "exchange_events.csv"
STEP, STEP_DAYS, APART_DAYS = 0.10, 5, 20
"""A devaluation: the official price of a dollar rises by a tenth within five days. A tenth in a week is far above what
crawling pegs and floats do in calm times, and as large as the premium that counts as an episode. What follows within twenty
days is the same one."""
MONTH_STEP = 0.10
"""The same by months, where there is no daily rate; a mean of the month spreads a step over two months."""
MONTH_START = "2000-01-01"
LISTED = 12
"""Steps of monthly rates that are listed, newest first; Venezuela has more than a hundred."""
RULE = "official price of the dollar up"


@dataclass(frozen=True)
class ExchangeEvent:
    """One event.

    Attributes
    ----------
    date : date
        Day from which it is in force.
    kind : str
        ``controls_tightened``, ``controls_eased``, ``devaluation``, ``reference_rate``, ``regime``.
    what : str
        In one clause.
    starts : str
        Name of the stretch of the exchange regime that begins with it; empty when none does.
    source, url, note : str
        Where it was read; both empty for an event found in the data.
    stepped : bool
        Whether the official rate jumped on the day by the rule for devaluations, whatever the event is filed as.
    """

    date: dt.date
    kind: str
    what: str
    starts: str = ""
    source: str = ""
    url: str = ""
    note: str = ""
    stepped: bool = False

    @property
    def devalues(self) -> bool:
        """Whether the official price of the dollar rose by the rule, or the table says so."""
        return self.stepped or self.kind == "devaluation"

    @property
    def day(self) -> pd.Timestamp:
        """The date for a comparison with an index of days."""
        return pd.Timestamp(self.date)


def sourced_events(iso3: str, until: dt.date) -> tuple[ExchangeEvent, ...]:
    """Events of the kit's table up to a date, in their order."""
    return tuple(one for one in _table().get(iso3, ()) if one.date <= until)


def with_devaluations(events: Sequence[ExchangeEvent], official: pd.Series) -> tuple[ExchangeEvent, ...]:
    """The events and the devaluations that a daily official rate shows; what falls on one day is one event.

    Parameters
    ----------
    events : sequence of ExchangeEvent
    official : Series
        Daily official price of a dollar; a reference that reports past deals is none, it moves by itself.
    """
    merged = {one.date: one for one in events}
    rates, days = official.to_numpy(float), pd.DatetimeIndex(official.index)
    found = jumps(rates, size=STEP, span=STEP_DAYS, apart=APART_DAYS) if len(rates) > STEP_DAYS else ()
    for position in found:
        ends = np.arange(position, min(len(rates), int(position) + STEP_DAYS))
        risen = 100 * float((rates[ends] / rates[np.maximum(ends - STEP_DAYS, 0)]).max() - 1)
        date = days[position].date()
        text = f"{RULE} {risen:.0f} % within {STEP_DAYS} days"
        known = merged.get(date)
        merged[date] = (
            ExchangeEvent(date, "devaluation", text[0].upper() + text[1:], stepped=True)
            if known is None
            else replace(known, what=f"{known.what}; {text}", stepped=True)
        )
    return tuple(merged[date] for date in sorted(merged))


def monthly_steps(rate: pd.Series) -> pd.Series:
    """Rises of the official price of a dollar by a tenth or more from one month to the next, in percent, by month.

    Parameters
    ----------
    rate : Series
        Mean of the month, dated at its end; only months that follow one another are compared.
    """
    known = rate.dropna()
    known = known[known.index >= MONTH_START]
    months = pd.DatetimeIndex(known.index).to_period("M")
    follows = np.diff(months.asi8, prepend=np.iinfo(np.int64).min // 2) == 1
    risen = 100 * (known / known.shift() - 1)
    steps: pd.Series = risen[follows & (risen >= 100 * MONTH_STEP).to_numpy()]
    return steps


def steps_table(
    rate: pd.Series, events: Sequence[ExchangeEvent], sources: tuple[str, ...]
) -> tuple[Table, ...]:
    """Months in which the official price of a dollar rose by a tenth or more; none without such a month."""
    steps = monthly_steps(rate)
    if steps.empty:
        return ()
    newest = steps.iloc[::-1].iloc[:LISTED]
    # A step late in a month shows in the next one's mean.
    by_month = {pd.Period(one.date, "M") + later: one.what for later in (1, 0) for one in events}
    months = list(pd.DatetimeIndex(newest.index).to_period("M"))
    frame = pd.DataFrame(
        {
            "month": [str(month) for month in months],
            "rate": rate.reindex(newest.index).to_numpy(float),
            "rise": newest.to_numpy(float),
            "what": [by_month.get(month, "") for month in months],
        }
    )
    columns = (
        Column("month", "Month"),
        Column("rate", "Official rate", "per USD", 2),
        Column("rise", "Rise", "%", 0),
        Column("what", "Known event"),
    )
    more = f" The newest {LISTED} of {len(steps)} since {MONTH_START[:4]}." if len(steps) > LISTED else ""
    note = (
        f"Means of months, in the currency of today: a step late in a month shows in two of them.{more} Events: "
        f"the kit's table with sources ({TABLE})."
    )
    title = "Months in which the official price of the dollar rose by a tenth or more"
    return (Table("flight.official_steps", title, frame, columns, note, sources),)


def official_table(rate: pd.Series, sources: tuple[str, ...]) -> tuple[Table, ...]:
    """The official rate by month, for the figure; none where it never rose by a tenth within a month."""
    known = rate.dropna()
    known = known[known.index >= MONTH_START]
    if monthly_steps(rate).empty:
        return ()
    steps = monthly_steps(rate)
    frame = pd.DataFrame(
        {
            "month": known.index,
            "rate": known.to_numpy(float),
            "step": steps.reindex(known.index).to_numpy(float),
        }
    )
    columns = (
        Column("month", "Month"),
        Column("rate", "Official rate", "per USD"),
        Column("step", "Rise of a tenth or more", "%", 0),
    )
    title = "Official price of a dollar by month"
    note = "Mean of the month, in the unit of the currency in use today."
    return (Table("flight.official_rate", title, frame, columns, note, sources, shown=False),)


@cache
def _table() -> dict[str, tuple[ExchangeEvent, ...]]:
    text = files("cryptorisk").joinpath(TABLE).read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    found: dict[str, list[ExchangeEvent]] = {}
    for row in rows:
        event = ExchangeEvent(
            dt.date.fromisoformat(row["date"]),
            row["kind"],
            row["what"],
            row["starts"],
            row["source"],
            row["url"],
            row["note"],
        )
        found.setdefault(row["iso3"], []).append(event)
    return {iso3: tuple(sorted(events, key=lambda one: one.date)) for iso3, events in found.items()}
