"""Old prices: what a model says of the days after the last price says nothing of the report's date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from cryptorisk.estimate import Estimate
from cryptorisk.result import Finding

OLD_PRICES_DAYS = 30
"""Prices older than this at the report's date are said to be old: bitcoin's volatility has often doubled or halved
within a month."""

SPENT_DAYS = 10
"""Prices older than the longest horizon (`crash.horizon_days` is ten at most): every day that a conditional figure speaks
of is then over, and the figure through the cycle takes its place among the headlines."""

CONDITIONAL = ("btc_volatility_now_pct", "var_1d", "es_1d", "var_10d", "es_10d", "var_1d_evt", "es_1d_evt")
"""Estimates given volatility on the last day of prices."""

CYCLE = "es_1d_cycle"
"""What stands in the place of the conditional headline."""


def spent(last: dt.date, as_of: dt.date) -> bool:
    """Whether the days that a conditional figure speaks of are over.

    Parameters
    ----------
    last, as_of : datetime.date
        Last price, and the report's date.
    """
    return (as_of - last).days > SPENT_DAYS


def marked(estimates: Iterable[Estimate], last: dt.date, as_of: dt.date) -> list[Estimate]:
    """The estimates, conditional ones with a note that their days are over where they are.

    Parameters
    ----------
    estimates : iterable of Estimate
    last, as_of : datetime.date
    """
    if not spent(last, as_of):
        return list(estimates)
    note = f"Of the days after {last.isoformat()}, which are over: not a statement about {as_of.isoformat()}."
    names = {f"crash.{name}" for name in CONDITIONAL}
    return [
        each.with_(note=f"{each.note} {note}".strip()) if each.id in names and each.available else each
        for each in estimates
    ]


def headlines(names: tuple[str, ...], conditional: Estimate, as_of: dt.date) -> tuple[str, ...]:
    """Names of headlines with `CYCLE` in the place of a conditional one whose days are over.

    Parameters
    ----------
    names : tuple of str
    conditional : Estimate
        Its date ends on the day of the last price.
    as_of : datetime.date
    """
    if not conditional.available:
        return names
    last = dt.date.fromisoformat(conditional.date.rsplit("/", 1)[-1])
    name = conditional.id.removeprefix("crash.")
    return tuple(CYCLE if each == name and spent(last, as_of) else each for each in names)


def old_prices(last: dt.date, as_of: dt.date) -> list[Finding]:
    """A data finding when the last price is older than `OLD_PRICES_DAYS` at the report's date, else nothing.

    Parameters
    ----------
    last, as_of : datetime.date
    """
    age = (as_of - last).days
    if age <= OLD_PRICES_DAYS:
        return []
    text = (
        f"The last bitcoin price in the vintage is of {last.isoformat()}, {age} days before the report's date: the fall "
        "from the record price and values at the last price are those of that day. Losses given that day's volatility are "
        "no headlines, since the days that they speak of are over."
    )
    return [Finding("crash.old_prices", text, "notice", "data", ("crash.btc_price_usd", "crash.es_10d"))]
