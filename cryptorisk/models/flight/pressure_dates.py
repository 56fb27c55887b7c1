"""Currency crises dated by pressure and by the rule for crashes, their peaks, and what neither rule sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cryptorisk.countries import Country
from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import number
from cryptorisk.models.early_warning.indicators import RATE, Panel
from cryptorisk.models.flight.overtaken import overtaken
from cryptorisk.models.flight.second_market import coded_to, held_years, spans
from cryptorisk.models.flight.second_market import years as second_market_years
from cryptorisk.models.official import DECEMBER, EARLIER, STEPPED, sources
from cryptorisk.result import Column, Finding, Table
from cryptorisk.words import capital, listing

if TYPE_CHECKING:
    from cryptorisk.models.flight.pressure import Path

LEAST_PART = 1.0
"""Scales by which currency or reserves must have fallen for a high index to be pressure on them."""
RATE_ALONE = ", the policy rate alone"
WINDOW = {"month": 12, "year": 1}
"""A new crisis opens more than a year after the last; what comes within it belongs to the same crisis, its peak too."""
MULTIPLES = (1.5, 2.0, 3.0)
"""What the literature takes: Eichengreen, Rose and Wyplosz one and a half and two, Kaminsky, Lizondo and Reinhart three."""
_OF_MEANS = {
    STEPPED: " (of means of December, about which the rate jumped)",
    DECEMBER: " (of means of December)",
    EARLIER: " (of means of months)",
}
FALL = "currency crash"
CRASH = "a dollar dearer by 30 % or more over a year, and by 10 points more than in the year before"
FIRST = 2000
"""Second markets are named from then on, as crises are dated."""
_IDS = ("flight.pressure_index",)


def crises(
    found: Path | None, here: Panel, inputs: Inputs, country: Country
) -> tuple[tuple[Table, ...], tuple[Finding, ...]]:
    """Dates by both rules; a path on confidential figures dates nothing on the page.

    Parameters
    ----------
    found : Path or None
    here : Panel
        Of the economy alone.
    inputs : Inputs
    country : Country
    """
    shown = found if found is not None and not inputs.confidential & set(found.series) else None
    rows = [] if shown is None else _by_pressure(shown)
    reached = None if RATE in inputs.confidential else _reached(here)
    if RATE not in inputs.confidential:
        rows += _by_rule(here)
    name, unseen = country.name_in_sentence, _unseen(inputs, {int(one["date"][:4]) for one in rows})
    unseen = f"{_since(inputs, reached)}{unseen}"
    variants = () if shown is None else (multiples_table(shown),)
    if not rows:
        text = (
            f"No currency crisis of {name} is dated in the years that the data cover, neither by exchange-market "
            f"pressure nor by the fall of the currency ({CRASH}{_to(reached)}).{unseen}"
        )
        return variants, (Finding("flight.pressure_dates", text, "info", estimates=_IDS),)
    frame = pd.DataFrame(rows).sort_values("date", kind="stable")
    columns = (
        Column("date", "Opens"),
        Column("rule", "Rule"),
        Column("size", "Size"),
        Column("peak", "Peak within a year"),
    )
    origins = found.sources if found is not None else sources(inputs)
    table = Table(
        "flight.pressure_crises",
        "Exchange-market pressure and falls of the currency, by date",
        frame,
        columns,
        _note(found),
        origins,
    )
    text = f"{capital(name)}: {_by_each(frame, shown, reached)}.{unseen}"
    return (table, *variants), (Finding("flight.pressure_dates", text, "info", estimates=_IDS),)


def multiples_table(found: Path) -> Table:
    """Openings by other multiples of the standard deviation, and with ordinary standard deviations as scales."""
    rows: list[dict[str, Any]] = []
    for scales, pressure in (("without outliers, capped", found.pressure), ("ordinary", found.plain)):
        for multiple in MULTIPLES:
            opens = pressure.onsets(WINDOW[found.step], multiple)
            dates = ", ".join(found.written(found.dates[k]) for k in opens)
            rows.append({"scales": scales, "multiple": multiple, "opens": dates or "none"})
    columns = (
        Column("scales", "Standard deviations of the components"),
        Column("multiple", "Crisis above", "standard deviations", 1),
        Column("opens", "Crises open in"),
    )
    note = (
        f"The chapter takes {found.pressure.multiple:g} and scales without outliers: with ordinary ones the largest "
        "devaluation of the sample hides the others."
    )
    title = "Crises by pressure under other rules"
    return Table("flight.pressure_multiples", title, pd.DataFrame(rows), columns, note, found.sources)


def _pressure_rule(found: Path) -> str:
    return f"pressure by {found.step}"


def _by_pressure(found: Path) -> list[dict[str, str]]:
    rows, window, size = [], WINDOW[found.step], found.pressure.deviations
    for k in found.pressure.onsets(window):
        peak = found.pressure.peak(int(k), window)
        told = (
            "the opening"
            if peak == k
            else f"{found.written(found.dates[peak])}, {number(float(size[peak]), 1)}"
        )
        rule = _pressure_rule(found) if _fell(found, int(k)) else f"{_pressure_rule(found)}{RATE_ALONE}"
        row = {"date": found.written(found.dates[k]), "rule": rule}
        rows.append({**row, "size": f"{number(float(size[k]), 1)} standard deviations", "peak": told})
    return rows


def _fell(found: Path, opening: int) -> bool:
    """Whether the currency or reserves fell by a scale or more at the opening or at its peak within a year.

    A rise of the policy rate alone is a defence, or no more than a change of policy.
    """
    peak = found.pressure.peak(opening, WINDOW[found.step])
    sides = [k for k, name in enumerate(found.names) if name != "rate"]
    parts = found.pressure.parts[[opening, peak]][:, sides]
    return bool((np.nan_to_num(parts) >= LEAST_PART).any())


def _by_rule(here: Panel) -> list[dict[str, str]]:
    pct, crash = 100 * here.rate.iloc[:, 0].pct_change(fill_method=None), here.crash.iloc[:, 0]
    rows = []
    for year in crash.index[crash == 1]:
        means = "" if here.basis is None else _OF_MEANS.get(str(here.basis.iloc[:, 0][year]), "")
        size = f"a dollar {number(float(pct[year]), 0)} % dearer over the year{means}"
        rows.append({"date": f"{year}", "rule": FALL, "size": size, "peak": "\u2013"})
    return rows


def _reached(here: Panel) -> int | None:
    """Last year that the rule for crashes can judge; None where there is none."""
    judged = here.crash.iloc[:, 0].dropna()
    return int(judged.index[-1]) if len(judged) else None


def _to(year: int | str | None) -> str:
    return "" if year is None else f"; to {year}"


def _since(inputs: Inputs, reached: int | None) -> str:
    """What the rule for crashes shows after the last whole year, by months."""
    event = None if reached is None else overtaken(inputs, reached)
    return f" Since the end of {reached} {event.reason}." if event is not None and event.crashed else ""


def _by_each(frame: pd.DataFrame, shown: Path | None, reached: int | None) -> str:
    """The years by each rule, the rule named with the last date that it reaches."""
    opened = {
        rule: listing(sorted({str(one)[:4] for one in group["date"]}))
        for rule, group in frame.groupby("rule")
    }
    parts = []
    if shown is not None:
        known = opened.get(_pressure_rule(shown), "no year")
        alone = opened.get(f"{_pressure_rule(shown)}{RATE_ALONE}")
        parts.append(
            f"exchange-market pressure (more than {shown.pressure.multiple:g} standard deviations"
            f"{_to(shown.written(shown.dates[-1]))}) opened in {known}"
            + (f", and in {alone} by a rise of the policy rate alone" if alone else "")
        )
    parts.append(f"the currency crashed ({CRASH}{_to(reached)}) in {opened.get(FALL, 'no year')}")
    return "; ".join(parts)


def _unseen(inputs: Inputs, dated: set[int]) -> str:
    """What a second market hid from both rules, and how far one can be known of."""
    beside = [year for year in second_market_years(inputs) if year >= FIRST]
    all_held = [year for year in held_years(inputs, beside) if year not in dated and year >= FIRST]
    held = [year for year in all_held if year in beside]
    moving = [year for year in beside if year not in held]
    text = ""
    if held:
        since = [year for year in all_held if year not in beside]
        still = (
            f"; the rate stood still to {since[-1]}, and what became of that market is not known here"
            if since
            else ""
        )
        text += (
            f" In {listing(spans(held))} the official rate was held beside a second market{still}: a crisis of such a "
            "market is dated by neither rule."
        )
    if moving:
        also = "also " if held else ""
        text += (
            f" In {listing(spans(moving))} there was {also}a second market, whose price neither rule sees."
        )
    end = coded_to(inputs)
    if end is None:
        return f"{text} Second markets of this economy are not coded: one that was there is not named."
    later = "named from prices alone" if any(year > end for year in beside) else "not known here"
    return (
        f"{text} Second markets are coded to {end} (Ilzetzki, Reinhart and Rogoff); later ones are {later}."
    )


def _note(found: Path | None) -> str:
    crash = (
        "Currency crash: the dollar dearer by 30 % or more over a year, and by 10 points more than in the year before, from "
        "one year's end to the next (last daily quote where there is one, else means of December). "
        "Both rules see the official rate: where it is held, pressure shows in reserves or nowhere."
    )
    if found is None:
        return crash
    return (
        f"Pressure: sum of {found.components}, each over its scale; more than {found.pressure.multiple:g} standard "
        f"deviations above its mean over the whole sample. {crash}"
    )
