"""Parallel rates of exchange beside the official one: turned over, or a decimal point away.

A premium of several hundred percent is real (Lebanon, Venezuela, Argentina, Zimbabwe), so that neither its size in a month
nor its growth over years is suspicious: only where it never was smaller, where the parallel rate stands well below the
official one, and where it leaps from one period to the next while the official rate explains nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cryptorisk.data.checks.beside import logarithm
from cryptorisk.data.checks.case import PERIOD_DAYS, Case, Floats, Ints, Suspicion, suspicion
from cryptorisk.data.checks.jumps import given
from cryptorisk.data.checks.wording import figure, times

RULE = "parallel"

OFFICIAL = "official_fx_lcu_per_usd"
PARALLEL = ("parallel_fx_lcu_per_usd", "crypto_parallel_fx_lcu_per_usd", "crypto_implied_fx_lcu_per_usd")

LEAST = 6
"""Periods from which a quartile means something."""

ALWAYS = np.log10(8.0)
"""The lower quartile of the ratios of a history: a premium grows from nothing, so that for three quarters of a history to
lie beyond 700 % the official rate must have stood still through a collapse of the currency and for years after. A slip of
the decimal point makes ten of one."""

BELOW = np.log10(3 / 5)
"""Their median: nobody sells dollars for three fifths of what the official market pays, but for a month or in error."""

TURNED = 0.1
AT_PAR = 0.2
"""Logarithms: from rates near one (pounds, dinars) the inverse is not far; then it must fit to a quarter, where the rate
itself is off by more than a half."""

LEAP = np.log10(5.0)
"""From one period to the next: in the worst month of the kit's vintage, January 2019 in Venezuela, prices rose threefold.
What has not come back by more than half of that is still away."""

HOLES = 6
"""Missing periods after which a rate may be anywhere."""

STALE_MONTHS = 12
"""Months for which the last official rate that is known stands in."""


@dataclass(frozen=True, eq=False)
class _Rates:
    """A history of a parallel rate.

    Attributes
    ----------
    rows : ndarray of int64
        Of the case's fetched figures.
    official : ndarray of float64
        National currency per dollar; NaN where none is known.
    level, premium, turned : ndarray of float64
        Base-10 logarithms of the rate, of its ratio to the official one, and of their product, which is near zero for a
        rate turned over.
    """

    rows: Ints
    official: Floats
    level: Floats
    premium: Floats
    turned: Floats


def parallel(case: Case) -> Suspicion:
    """Histories, and single figures and what follows on them, that stand in no possible ratio to the official rate."""
    reasons: dict[int, str] = {}
    chosen = case.each(lambda spec: spec.id in PARALLEL).astype(bool) & case.new_blocks
    if chosen.any():
        official = _official(case)
        for number in np.unique(case.fetched.number[chosen]).tolist():
            rates = _rates(case, np.flatnonzero(case.fetched.number == number), official)
            if text := _of_all(case, rates):
                reasons |= dict.fromkeys(np.flatnonzero(case.fetched.number == number).tolist(), text)
            else:
                reasons |= dict(_leaps(case, rates))
    return suspicion(RULE, case, reasons)


def _official(case: Case) -> pd.Series:
    """Official rates by country and month, the middle one where sources differ."""
    parts = [case.beside, case.previous.frame, case.fetched.frame]
    rows = pd.concat([part[part["series"] == OFFICIAL] for part in parts]).dropna(subset="date")
    month = rows["date"].dt.year * 12 + rows["date"].dt.month
    return rows["value"].groupby([rows["country"].astype("str"), month]).median()


def _rates(case: Case, rows: Ints, official: pd.Series) -> _Rates:
    _, country, _ = case.described(int(rows[0]))
    value, days = case.fetched.value[rows], case.fetched.day[rows].astype("datetime64[D]")
    month = days.astype("datetime64[M]").astype(np.int64) + 1970 * 12 + 1
    known = official[country] if country in official.index.get_level_values(0) else pd.Series(dtype=float)
    span = pd.RangeIndex(month.min() - STALE_MONTHS, month.max() + 1)
    of_month = known.reindex(span).ffill(limit=STALE_MONTHS).reindex(month).to_numpy(dtype=np.float64)
    one = np.ones(len(rows))
    return _Rates(
        rows, of_month, logarithm(value, one), logarithm(value, of_month), logarithm(value * of_month, one)
    )


def _of_all(case: Case, rates: _Rates) -> str:
    """The sentence of a history that is wrong as a whole; "" for one that is not, or was judged when it came in."""
    known = ~np.isnan(rates.premium)
    if known.sum() < LEAST or case.unchanged[rates.rows].any():
        return ""
    premium, turned = rates.premium[known], rates.turned[known]
    middle = float(np.median(premium))
    inverse = np.median(np.abs(turned)) <= TURNED and np.median(np.abs(premium)) >= AT_PAR
    if not (inverse or middle <= BELOW or np.quantile(premium, 0.25) >= ALWAYS):
        return ""
    spec, country, source = case.described(int(rates.rows[0]))
    is_turned = inverse or abs(float(np.median(turned))) < abs(middle) / 2
    what = "the rate is turned over" if is_turned else "another unit or another money"
    return (
        f"{source} gives {spec.id} for {country} at {_ratio(middle)} the official rate in the median of {int(known.sum())} "
        f"periods: {what}."
    )


def _leaps(case: Case, rates: _Rates) -> Iterator[tuple[int, str]]:
    """Rows that leapt away from the last credible one, and those after them that did not come back."""
    spec, country, source = case.described(int(rates.rows[0]))
    day = case.fetched.day[rates.rows]
    known = np.flatnonzero(~np.isnan(rates.premium))
    believed = int(known[_middle(rates.premium[known[:LEAST]])]) if len(known) else 0
    before, bound = 0, LEAP
    for at in known.tolist():
        row = int(rates.rows[at])
        moved = np.array([one[at] - one[believed] for one in (rates.premium, rates.level)])
        gone = day[at] - day[before] > PERIOD_DAYS[spec.frequency] * (HOLES + 1)
        leapt = (np.abs(moved) >= bound).all() and moved[0] * moved[1] > 0
        before = at
        if case.unchanged[row] or gone or not leapt:
            believed, bound = at, LEAP
            continue
        bound = LEAP / 2
        was = f"{given(case, int(rates.rows[believed]))}, {_ratio(rates.premium[believed])} the official rate"
        yield (
            row,
            f"{source} gives {spec.id} for {country} at {given(case, row)}, {_ratio(rates.premium[at])} the official rate "
            f"of {figure(rates.official[at])}, where it was {was}: no premium leaps so from one period to the next.",
        )


def _middle(premium: Floats) -> int:
    """Place of the value next to the median: the first figures have none before them to be compared with."""
    return int(np.argmin(np.abs(premium - np.median(premium))))


def _ratio(log: float) -> str:
    return f"{times(10.0**log)} times" if log >= 0 else f"one {times(10.0**-log)}th of"
