"""Zeros cut from a currency: figures from before stand in the old unit unless the source restated them."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping

import numpy as np

from cryptorisk.countries import Redenomination, countries
from cryptorisk.countries import country as country_of
from cryptorisk.countries import known as is_economy
from cryptorisk.data.catalogue import Frequency
from cryptorisk.data.checks.case import PERIOD_DAYS, Case, Suspicion, suspicion
from cryptorisk.data.checks.wording import figure, period, times

RULE = "redenominations"

WINDOW_DAYS = 45
"""A month's average may mix two units, and a source may change over at the end of the next month; for years and
quarters the window is their own length."""

LEAST = 0.5
"""Of the logarithm of the listed factor: a currency that loses zeros has been losing value, so that the figures fall by
less than the factor; no exchange rate or national product ever fell by the root of one otherwise."""

MOST = 0.2
"""Beyond the logarithm of the listed factor: 1.6 times."""

UNITS = ("lcu", "lcu_per_usd")

UNLISTED = 3.0
"""No exchange rate ever fell to a third from one period to the next and stayed there without a new unit: the strongest
recoveries in the kit's vintage (Iraq in 2003, Angola in 2022) are below a factor 1.4."""

_YEAR = 366
_DAY_ZERO = dt.date(1970, 1, 1)


def listed() -> dict[str, tuple[Redenomination, ...]]:
    """The redenominations of the kit's table, by ISO code."""
    return {country.iso3: country.redenominations for country in countries() if country.redenominations}


def old_units(case: Case) -> Suspicion:
    """Figures from before a listed redenomination in blocks that fall by about its factor around its date."""
    rows = case.fetched
    money = case.each(lambda spec: spec.unit in UNITS).astype(bool)
    reasons: dict[int, str] = {}
    for place, code in enumerate(case.countries):
        for cut in case.redenominations.get(code, ()):
            for number in np.unique(rows.number[money & (rows.country == place) & case.new_blocks]).tolist():
                reasons |= _before(case, number, cut)
    return suspicion(RULE, case, reasons, _unlisted(case, reasons))


def _before(case: Case, number: int, cut: Redenomination) -> dict[int, str]:
    """Sentences of the figures of a block that are in the old unit."""
    rows = case.fetched
    first, end = np.searchsorted(rows.number, [number, number + 1]).tolist()
    value, day = rows.value[first:end], rows.day[first:end]
    spec, country, source = case.described(first)
    window = max(WINDOW_DAYS, PERIOD_DAYS[spec.frequency] if spec.frequency in "AQ" else 0)
    when, factor = (cut.date - _DAY_ZERO).days, math.log10(cut.old_per_new)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        fall = np.log10(value[:-1] / value[1:])
    near = (day[:-1] <= when + window) & (day[1:] >= when - window) & _consecutive(day, spec.frequency)
    steps = np.flatnonzero(near & (fall >= LEAST * factor) & (fall <= factor + MOST))
    if not len(steps):
        return {}
    step = int(steps[-1])
    text = (
        f"{source} gives {spec.id} for {country} at {figure(value[step])} in {period(int(day[step]), spec.frequency)} and "
        f"{figure(value[step + 1])} in {period(int(day[step + 1]), spec.frequency)}; one {cut.new} is "
        f"{times(cut.old_per_new)} {cut.old} since {cut.date}: figures before are in the old unit."
    )
    return dict.fromkeys(range(first, first + step + 1), text)


def _consecutive(day: np.ndarray, frequency: Frequency) -> np.ndarray:
    """Steps over at most one missing period, or a week of closed markets."""
    return np.diff(day) <= max(2 * PERIOD_DAYS[frequency], 10)


def renamed(case: Case, row: int) -> bool:
    """Whether a figure in national currency follows one from before the economy took another, give or take a year.

    The euro, the dollar, or new money with a devaluation as in Venezuela in August 2018: by how much such a figure
    should differ from the one before is no question of its history.
    """
    spec, code, _ = case.described(row)
    if spec.unit not in UNITS or not is_economy(code):
        return False
    days = case.fetched.day[row - 1 : row + 1]
    first, last = (_DAY_ZERO + dt.timedelta(days=int(day)) for day in (days[0] - _YEAR, days[1] + _YEAR))
    economy = country_of(code)
    return economy.currency_on(first) != economy.currency_on(last)


def _unlisted(case: Case, known: Mapping[int, str]) -> tuple[str, ...]:
    """Notes on exchange rates that fall for good by more than any recovery, without a listed redenomination."""
    rows = case.fetched
    rates = case.each(lambda spec: spec.unit == "lcu_per_usd").astype(bool)
    after, rest = rows.value[1:], rates[1:] & ~rows.first[1:] & ~rows.last[1:]
    follow = np.r_[rows.value[2:], np.nan]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        falls = (rows.value[:-1] / after >= UNLISTED) & (rows.value[:-1] / follow >= UNLISTED)
    notes: dict[int, str] = {}
    for row in (np.flatnonzero(falls & rest & ~case.unchanged[1:]) + 1).tolist():
        spec, country, source = case.described(row)
        if row - 1 not in known and not renamed(case, row):
            notes.setdefault(
                int(rows.number[row]),
                f"{source} gives {spec.id} for {country} at {figure(rows.value[row - 1])} and then "
                f"{figure(rows.value[row])} in {period(int(rows.day[row]), spec.frequency)}: if the currency lost zeros, "
                "the kit's table of redenominations lacks it.",
            )
    return tuple(notes.values())
