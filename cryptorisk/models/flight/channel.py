"""The crypto channel beyond the level of the premium: stretches, price discovery, thresholds, events, parts."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from cryptorisk.countries import Country
from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import Estimate, number
from cryptorisk.models.flight.channel_tables import (
    discovery_table,
    event_study_table,
    events_table,
    interval,
    stretches_table,
    thresholds_table,
)
from cryptorisk.models.flight.event_effects import effects
from cryptorisk.models.flight.events import (
    ExchangeEvent,
    official_table,
    sourced_events,
    steps_table,
    with_devaluations,
)
from cryptorisk.models.flight.joint_effects import joint_effects, joint_findings, joint_table
from cryptorisk.models.flight.official_steps import step_findings
from cryptorisk.models.flight.part import GIVES_AWAY
from cryptorisk.models.flight.premium_parts import parts_part
from cryptorisk.models.flight.premium_tables import PremiumSeries, simple_pct
from cryptorisk.models.flight.premium_year import ID as YEAR_HIGH
from cryptorisk.models.flight.premium_year import of_late, run_on
from cryptorisk.models.flight.shadow import (
    DAILY,
    MONTHLY,
    comparator_changes,
    premium_series,
    published_pair,
    shadow_rate,
)
from cryptorisk.models.flight.stretches import LEVEL, Stretch, daily_quotes, lasting, stretches
from cryptorisk.models.flight.two_speeds import two_speeds_table
from cryptorisk.models.official import OFFICIAL_DAYS
from cryptorisk.models.part import Part
from cryptorisk.result import Finding
from cryptorisk.stats.half_life import HalfLife
from cryptorisk.words import capital

_FUNCTION = "cryptorisk.models.flight.channel.channel_part"
UNIT_DAYS = "days with both rates"
"""Days on which shadow and official rate were published (`stretches.comparable`)."""
MEAN = ("flight.premium_mean", "Premium over the official rate, mean of the latest stretch", "pct")
HALF_LIFE = "flight.premium_half_life"
SHARE = (
    "flight.discovery_share",
    "Share of the shadow rate in finding the common price, latest stretch",
    "pct",
)


def channel_part(inputs: Inputs, country: Country, *, seed: int) -> Part:
    """What the premium did by stretch of the exchange regime and around events, and how often the official rate stepped.

    Parameters
    ----------
    inputs : Inputs
    country : Country
    seed : int
        Of every bootstrap.

    Returns
    -------
    Part
        Estimates ``flight.premium_mean``, ``flight.premium_half_life``, ``flight.discovery_share`` where there is a premium
        (``flight.premium`` says why there is none), and those of `premium_parts`; tables ``premium_stretches``,
        ``price_discovery``, ``premium_thresholds``, ``premium_two_speeds``, ``premium_events``, ``event_study``,
        ``premium_parts``, ``official_steps``, ``official_rate``, each where there are data.
    """
    return Part.join(
        (_official(inputs), _premium(inputs, country, seed), parts_part(inputs, country, seed=seed))
    )


def _official(inputs: Inputs) -> Part:
    """Steps of the official rate by month, for any economy with a rate."""
    rate = inputs.series(MONTHLY)
    if rate.values.empty or MONTHLY in inputs.confidential:
        return Part()
    known = sourced_events(inputs.country, inputs.as_of)
    return Part(
        (),
        (
            *steps_table(rate.values, known, rate.source_ids),
            *official_table(rate.values, rate.source_ids),
        ),
    )


def _premium(inputs: Inputs, country: Country, seed: int) -> Part:
    series = premium_series(inputs)
    if series is None:
        return Part()
    if inputs.confidential & set(series.inputs):
        return _without(GIVES_AWAY)
    changes = [] if series.monthly else comparator_changes(inputs, pd.DatetimeIndex(series.daily.index))
    official = inputs.series(DAILY).values.dropna()
    events = with_devaluations(sourced_events(inputs.country, inputs.as_of), official)
    found = stretches(series, published_pair(inputs, series.inputs[0]), events, changes, seed=seed)
    if not found:
        return _without(f"fewer than a month of quotes of {country.name_in_sentence}")
    last = found[-1]
    estimates = (_mean(last, series), _lasting(last, series), _share(last, series))
    shadow, _ids = shadow_rate(inputs, series.inputs[0])
    tables = [
        stretches_table(found, series),
        discovery_table(found, series),
        *thresholds_table(found, series),
        *two_speeds_table([(one.label, one.two_speeds) for one in found], series, LEVEL),
    ]
    said: tuple[Finding, ...] = ()
    if not series.monthly and daily_quotes(pd.DatetimeIndex(shadow.index)):
        around = effects(series.daily["premium"], shadow, events, changes)
        joint = joint_effects(series, shadow, events, changes, seed=seed)
        tables += [
            *events_table(around, series),
            *event_study_table(around, series),
            *joint_table(joint, series),
        ]
        said = joint_findings(joint, (MEAN[0],))
    findings = (*_findings(found, series, shadow, events, changes, country, inputs.as_of), *said)
    return Part(estimates, tuple(tables), findings)


def _without(reason: str) -> Part:
    return Part(
        (
            Estimate.missing(*MEAN, reason),
            Estimate.missing(HALF_LIFE, _half_life_label(), "days", reason),
            Estimate.missing(*SHARE, reason),
        )
    )


def _half_life_label() -> str:
    return "Half-life of a deviation of the premium, latest stretch"


def _mean(last: Stretch, series: PremiumSeries) -> Estimate:
    return Estimate(
        *MEAN[:2],
        simple_pct(last.mean),
        MEAN[2],
        simple_pct(last.mean_low),
        simple_pct(last.mean_high),
        LEVEL,
        data_class="proxy",
        interval="confidence",
        method="Geometric mean of shadow over official rate less one; interval: block bootstrap.",
        **_common(last, series, last.n),
    )


def _lasting(last: Stretch, series: PremiumSeries) -> Estimate:
    unit = "months" if series.monthly else "days"
    found = last.half_life
    if isinstance(found, str):
        return Estimate.missing(HALF_LIFE, _half_life_label(), unit, f"{found} ({last.label})")
    if lasting(found):
        reason = (
            f"the interval of the persistence holds a random walk: a deviation may last, its half-life is at "
            f"least {number(found.shortest, 0)} {unit if series.monthly else UNIT_DAYS} ({last.label})"
        )
        return Estimate.missing(HALF_LIFE, _half_life_label(), unit, reason)
    return Estimate(
        HALF_LIFE,
        _half_life_label(),
        found.periods,
        unit,
        found.shortest,
        found.longest,
        LEVEL,
        data_class="modelled",
        interval="confidence",
        method=(
            f"Autoregression of order {found.lags}, median-unbiased persistence; interval: Hansen's grid bootstrap. "
            "From the mean of the stretch, not from parity."
            + ("" if series.monthly else " Days on which both rates were published.")
        ),
        **_common(last, series, found.n),
    )


def _share(last: Stretch, series: PremiumSeries) -> Estimate:
    found = last.discovery
    if isinstance(found, str):
        return Estimate.missing(*SHARE, f"{found} ({last.label})")
    low, high = found.intervals.middle
    return Estimate(
        *SHARE[:2],
        100 * found.shares.middle,
        SHARE[2],
        100 * low,
        100 * high,
        LEVEL,
        data_class="modelled",
        interval="confidence",
        method=(
            "Hasbrouck's information share, mean of its two bounds, from an error-correction model with the relation "
            "(1, -1); interval: residual bootstrap in blocks."
        ),
        note="Quotes of different hours of the day shift the share; it describes which price moves first, not why.",
        **_common(last, series, found.model.n),
    )


def _common(last: Stretch, series: PremiumSeries, n: int) -> dict[str, Any]:
    return {
        "date": f"{series.written(last.first)}/{series.written(last.last)}",
        "n_obs": n,
        "sources": series.sources,
        "inputs": series.inputs,
        "function": _FUNCTION,
    }


def _findings(
    found: Sequence[Stretch],
    series: PremiumSeries,
    shadow: pd.Series,
    events: Sequence[ExchangeEvent],
    changes: Sequence[pd.Timestamp],
    country: Country,
    as_of: dt.date,
) -> tuple[Finding, ...]:
    """How the premium differs between regimes, what closed it when the official side moved, and what comes after it."""
    unit = "months" if series.monthly else UNIT_DAYS
    said = [_sentence(one, unit) for one in reversed(found)]
    text = f"The premium by exchange regime in {country.name_in_sentence}: {' '.join(said)}"
    findings = [Finding("flight.premium_regimes", text, "info", estimates=(MEAN[0], HALF_LIFE))]
    if not series.monthly:
        findings += step_findings(series, events, changes, ("flight.premium", MEAN[0]))
    gone = run_on(series, shadow)
    if gone is not None and (shadow.index[-1] - series.daily.index[-1]).days > OFFICIAL_DAYS:
        text = f"{gone.said(series.kind)} The premium of the time between is not known."
        matters = gone.far and of_late(gone.month, as_of)
        id, ids = "flight.premium_later", ("flight.premium", YEAR_HIGH)
        findings.append(
            Finding(id, text, "warning", "result", ids)
            if matters
            else Finding(id, text, "notice", "data", ids)
        )
    return tuple(findings)


def _sentence(one: Stretch, unit: str) -> str:
    mean = f"{number(simple_pct(one.mean), 0)} % on average"
    life = one.half_life
    if isinstance(life, HalfLife) and not math.isinf(life.longest):
        ends = interval(life.shortest, life.longest, 0)
        lasted = f"half of a deviation gone after {number(life.periods, 0)} {unit} ({ends})"
    elif isinstance(life, HalfLife):
        lasted = f"deviations that last ({number(life.shortest, 0)} {unit} or more until half is gone)"
    else:
        lasted = f"no half-life ({life})"
    return f"{capital(one.label)}: {mean}, {lasted}."
