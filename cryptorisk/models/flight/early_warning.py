"""Early warning of a currency crash for the economy: probability, what it is made of, signals, and how far to trust them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from cryptorisk.countries import Country
from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import Estimate, number
from cryptorisk.models.early_warning import LEVEL
from cryptorisk.models.early_warning.indicators import BY_NAME, RATES, Panel, panel
from cryptorisk.models.early_warning.reading import Fitted, accuracy, read, refusal_of
from cryptorisk.models.flight.early_warning_skill import followed_share, skill_part, skilled
from cryptorisk.models.flight.early_warning_tables import (
    contributions_table,
    date_of,
    figures_of,
    signal_states,
    signals_path_table,
    signals_table,
)
from cryptorisk.models.flight.overtaken import Overtaken, overtaken
from cryptorisk.models.flight.part import GIVES_AWAY, guarded
from cryptorisk.models.flight.pressure import pressure_part
from cryptorisk.models.flight.pressure_dates import CRASH
from cryptorisk.models.part import Part
from cryptorisk.result import Finding, Result, Severity, Table
from cryptorisk.stats.exchange_pressure import SMALLEST_CRASH
from cryptorisk.stats.sample import FloatArray
from cryptorisk.words import capital, inside, listing, significance

_FUNCTION = "cryptorisk.models.flight.early_warning.early_warning_part"
LABELS = {
    "main": "Probability of a currency crash within two years",
    "reserves": "The same with money over reserves in the equation",
}
IDS = {"main": "flight.crash_probability", "reserves": "flight.crash_probability_reserves"}


@dataclass(frozen=True)
class Stand:
    """Where the economy stands for an equation: the year that its regressors are known for, or why there is none."""

    year: int | None
    reason: str = ""
    crashed: bool = False


def early_warning_part(inputs: Inputs, country: Country, world: Result) -> Part:
    """Estimates, tables and findings of early warning and exchange-market pressure.

    Parameters
    ----------
    inputs : Inputs
    country : Country
    world : Result
        Of `cryptorisk.models.early_warning.analyse`.

    Returns
    -------
    Part
        Estimates ``pressure_index``, ``pressure_peak``, ``crash_probability``, ``crash_probability_reserves``,
        ``crash_followed``, ``crash_base_rate``,
        ``signals_on``, ``early_warning_auroc``, ``early_warning_gain``; tables ``pressure``, ``pressure_crises``,
        ``early_warning_contributions``, ``signals``, ``signals_path``, ``early_warning_accuracy``,
        ``early_warning_calibration``, ``early_warning_choices``, ``early_warning_coefficients``, ``early_warning_roc``,
        each only where there are data.
    """
    reason = not_asked(country, inputs.as_of)
    here = panel(inputs, only=country.iso3)
    pressure = pressure_part(inputs, country, here, own_currency=not reason, reason=reason)
    if reason:
        asked = [Estimate.missing(IDS[name], LABELS[name], "pct", reason, applies=False) for name in IDS]
        finding = Finding(
            "flight.crash_probability", f"Early warning of a currency crash does not apply: {reason}.", "info"
        )
        return Part((*pressure.estimates, *asked), pressure.tables, (*pressure.findings, finding))
    estimates, tables, findings = _reading(inputs, country, here, world)
    return Part.join((pressure, Part(estimates, tables, findings), skill_part(world)))


def not_asked(country: Country, date: dt.date) -> str:
    """Why a crash of the money against the dollar is no question here; empty where it is."""
    name = country.name_in_sentence
    if country.status_on(date) != "own_currency":
        return f"{name} has no currency of its own"
    if country.currency_on(date) == "USD":
        return f"the money of {name} is the dollar that others are measured by"
    return ""


def stand(
    here: Panel,
    equation: Fitted,
    as_of: dt.date,
    since: Callable[[int], Overtaken | None] | None = None,
) -> Stand:
    """The last year that the equation can be read in, with its window still open at a date.

    Parameters
    ----------
    here : Panel
        Of the economy alone.
    equation : Fitted
    as_of : datetime.date
    since : callable, optional
        What has overtaken the figures of a year.
    """
    known = pd.DataFrame({name: here.values[name].iloc[:, 0] for name in equation.regressors}).dropna()
    years = [int(year) for year in known.index]
    open_from = as_of.year - equation.horizon
    if not years or years[-1] < open_from:
        lacking = [
            inside(BY_NAME[name].label) for name in equation.regressors if not _recent(here, name, open_from)
        ]
        what = listing(lacking) if lacking else "all variables together"
        return Stand(None, f"the data have no recent figure of: {what}")
    year = years[-1]
    if since is not None and (event := since(year)) is not None:
        return Stand(None, event.reason, event.crashed)
    crash = here.crash.iloc[:, 0]
    for back in range(equation.after + 1):
        if crash.get(year - back) == 1:
            return Stand(
                None,
                f"the currency crashed in {year - back}: the equation is for economies more than a year after a crash, and "
                f"the last figures are of {year}",
            )
        if here.risen.iloc[:, 0].get(year - back):
            return Stand(
                None,
                f"the dollar became dearer by {SMALLEST_CRASH:g} % or more in {year - back}, though not by ten points more "
                "than in the year before: the equation is for economies more than a year after such a rise, and the last "
                f"figures are of {year}",
            )
    return Stand(year)


def _recent(here: Panel, name: str, first: int) -> bool:
    values = here.values[name].iloc[:, 0]
    return bool(values[values.index >= first].notna().any())


def _reading(
    inputs: Inputs, country: Country, here: Panel, world: Result
) -> tuple[tuple[Estimate, ...], tuple[Table, ...], tuple[Finding, ...]]:
    used = inputs.confidential & {one for item in BY_NAME.values() for one in item.series}
    estimates, tables, findings = [], [], []
    places = {}
    for name in IDS:
        equation = read(world, name)
        if equation is None or accuracy(world, name) is None:
            why = refusal_of(world, name) or "too few crashes to judge the equation by"
            estimates.append(Estimate.missing(IDS[name], LABELS[name], "pct", why))
            continue
        places[name] = place = stand(here, equation, inputs.as_of, partial(overtaken, inputs))
        if place.year is None:
            estimates.append(Estimate.missing(IDS[name], LABELS[name], "pct", place.reason))
            continue
        x = _values(here, equation, place.year)
        estimates.append(guarded(_probability(inputs, equation, x, place.year), inputs.confidential))
        if name == "main" and not used:
            tables.append(contributions_table(equation, x, place.year))
    main = read(world, "main")
    if main is not None:
        estimates.append(_base_rate(main))
        crashed = "main" in places and places["main"].crashed
        followed = followed_share(world, estimates[0])
        estimates += [followed] if followed is not None else []
        findings.append(_probability_finding(estimates[0], main, country, crashed, skilled(world), followed))
    on, states, year = signal_states(here, world)
    if year is not None and not used:
        estimates.append(_signals_on(on, states, year, inputs, world))
        tables += [signals_table(here, world, states, year), signals_path_table(here, world)]
        findings.append(_signals_finding(states, year, country))
    if used:
        text = f"The signals and what the probability is made of are not shown: {GIVES_AWAY}."
        findings.append(Finding("flight.early_warning_withheld", text, "info", "data"))
    return tuple(estimates), tuple(tables), tuple(findings)


def _values(here: Panel, equation: Fitted, year: int) -> FloatArray:
    return np.array([float(here.values[name].iloc[:, 0][year]) for name in equation.regressors])


def _probability(inputs: Inputs, equation: Fitted, x: FloatArray, year: int) -> Estimate:
    value, low, high = equation.probability(x, LEVEL)
    old = inputs.as_of.year - year > 1
    series = equation.inputs
    return Estimate(
        IDS[equation.name],
        LABELS[equation.name],
        100 * value,
        "pct",
        100 * low,
        100 * high,
        LEVEL,
        "modelled",
        "confidence",
        method=(
            f"Pooled logit on {equation.economies} economies, {equation.first} to {equation.last}, {equation.rows} "
            f"observations, {equation.events} of them before {equation.crashes} different crashes ({CRASH}); variables by "
            "least BIC, each crash counted once; interval from resampled economies: of the coefficients, not of what will "
            "happen; it sees neither shocks to all economies in a year nor that the slope has grown over the years."
        ),
        date=f"{year + 1}/{year + equation.horizon}",
        n_obs=equation.rows,
        sources=tuple(dict.fromkeys(s for one in series for s in inputs.series(one).source_ids[:1])),
        inputs=series,
        function=_FUNCTION,
        note=f"Stale: the last figures are of {year}." if old else f"Last figures: {year}.",
    )


def _base_rate(equation: Fitted) -> Estimate:
    return Estimate(
        "flight.crash_base_rate",
        "Share of economies and years followed by a crash within two years",
        100 * equation.base,
        "pct",
        method="Share of the observations that the equation is fitted on; arithmetic.",
        date=f"{equation.first}/{equation.last}",
        n_obs=equation.rows,
        sources=equation.sources,
        inputs=RATES,
        function=_FUNCTION,
    )


def _signals_on(on: int, states: dict[str, float], year: int, inputs: Inputs, world: Result) -> Estimate:
    series = tuple(dict.fromkeys(s for name in states for s in BY_NAME[name].series))
    return Estimate(
        "flight.signals_on",
        f"Signals that are on, of {len(states)} known",
        float(on),
        "count",
        method=(
            "Indicators beyond the threshold with the least noise-to-signal ratio among those that warned of a third of the "
            "crashes of all economies (signals approach)."
        ),
        date=date_of(states, year),
        n_obs=len(world.tables["signals"].frame),
        sources=tuple(dict.fromkeys(s for one in series for s in inputs.series(one).source_ids[:1])),
        inputs=series,
        function=_FUNCTION,
        note=f"From {figures_of(states, year)}.",
    )


def _probability_finding(
    estimate: Estimate,
    equation: Fitted,
    country: Country,
    crashed: bool,
    skill: bool,
    followed: Estimate | None,
) -> Finding:
    """What the equation gives and what followed such a probability; no warning rests on one without skill."""
    name, base = country.name_in_sentence, number(100 * equation.base, 1)
    ids: tuple[str, ...] = (estimate.id, "flight.crash_base_rate")
    if estimate.value is None:
        text = f"No probability of a currency crash is given for {name}: {estimate.reason}."
        return Finding("flight.crash_probability", text, "warning" if crashed else "notice", "data", ids)
    where = significance(estimate, 100 * equation.base)
    carried = [inside(BY_NAME[one].label) for one in equation.regressors]
    carried = carried if len(carried) > 1 else [f"{carried[0]} alone"]
    first, last = estimate.date.split("/")
    text = (
        f"For {name} the equation, of {listing(carried)}, gives {estimate:full} for a currency crash in {first} or {last}, "
        f"{where} the {base} % that followed on average. {_record(followed)}It ranks risks among economies and forecasts no "
        "date."
    )
    ids += () if followed is None else (followed.id,)
    severity: Severity = "warning" if where == "above" and skill else "notice"
    return Finding("flight.crash_probability", text, severity, estimates=ids)


def _record(followed: Estimate | None) -> str:
    """What came after such probabilities, in a sentence; the interval of the probability is of the coefficients alone."""
    if followed is None:
        return ""
    if followed.value is None:
        return f"How often a crash followed such a probability cannot be told: {followed.reason}. "
    return f"{followed.note.rstrip('.')}: a crash followed in {followed:full}. "


def _signals_finding(states: dict[str, float], year: int, country: Country) -> Finding:
    lit = [inside(BY_NAME[name].label) for name, state in states.items() if state == 1]
    name, of = capital(country.name_in_sentence), figures_of(states, year)
    if lit:
        verb = "is" if len(lit) == 1 else "are"
        text = f"{name}, on {of}: {len(lit)} of {len(states)} signals {verb} on ({listing(lit)})."
    else:
        text = f"{name}, on {of}: none of {len(states)} signals is on."
    return Finding("flight.signals", text, "info", estimates=("flight.signals_on",))
