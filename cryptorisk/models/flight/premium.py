"""The crypto channel in prices: premium of a parallel or crypto-implied rate over the official one."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from cryptorisk.countries import Country
from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import Estimate, number
from cryptorisk.models.flight.part import guarded
from cryptorisk.models.flight.premium_tables import (
    EPISODE_LOG_PCT,
    PremiumSeries,
    Spell,
    episodes_table,
    find_episodes,
    history_table,
    simple_pct,
    years_table,
)
from cryptorisk.models.flight.premium_year import ID as YEAR_HIGH
from cryptorisk.models.flight.premium_year import LABEL as YEAR_HIGH_LABEL
from cryptorisk.models.flight.premium_year import RECENT_MONTHS, of_late, year_high
from cryptorisk.models.flight.shadow import (
    DAILY,
    IMF_CRYPTO_RATE,
    MONTHLY,
    REFERENCE,
    SHADOW,
    premium_of,
    premium_series,
    shadow_rate,
)
from cryptorisk.models.official import SERIES as OFFICIAL_SERIES
from cryptorisk.models.official import monthly as official_by_month
from cryptorisk.models.part import Part
from cryptorisk.result import Finding, Severity

_FUNCTION = "cryptorisk.models.flight.premium.premium_part"


def premium_part(inputs: Inputs, country: Country) -> Part:
    """Estimates, tables and findings on the premium.

    Parameters
    ----------
    inputs : Inputs
    country : Country

    Returns
    -------
    Part
    """
    series = premium_series(inputs)
    if series is None:
        reason = "; ".join(without_official(inputs)) or _no_rate(inputs, country)
        missing = (
            Estimate.missing("flight.premium", "Premium over the official rate, latest", "pct", reason),
            Estimate.missing("flight.premium_peak", "Premium, highest month", "pct", reason),
            Estimate.missing(YEAR_HIGH, YEAR_HIGH_LABEL, "pct", reason),
        )
        return Part(missing)
    monthly = _monthly(series.daily)
    secret = bool(inputs.confidential & set(series.inputs))
    shadow, _ids = shadow_rate(inputs, series.inputs[0])
    # Rounded before sentences; the tables hold the rates themselves and go.
    estimates = (
        guarded(_latest(series, inputs.as_of), inputs.confidential),
        guarded(_peak(series, monthly), inputs.confidential),
        guarded(year_high(series, shadow, inputs.as_of, secret=secret), inputs.confidential),
    )
    spells = find_episodes(monthly)
    if secret:
        return Part(estimates, (), _findings(inputs, series, estimates, spells, country))
    tables = (history_table(series, monthly), years_table(series), *episodes_table(series, spells))
    return Part(estimates, tables, _findings(inputs, series, estimates, spells, country))


def without_official(inputs: Inputs) -> tuple[str, ...]:
    """Shadow rates that are in the data and have no official rate beside them, each in a clause with what to add.

    Parameters
    ----------
    inputs : Inputs
    """
    found = []
    for id, kind in SHADOW.items():
        rate, _ids = shadow_rate(inputs, id)
        if len(rate) and premium_of(inputs, id) is None:
            monthly = inputs.catalogue[id].frequency == "M"
            needed = MONTHLY if monthly else DAILY
            found.append(
                f"the {kind} rate ({id}) has no official rate beside it: its quotes are of {_span(rate)}, the official rate "
                f"{_official_end(inputs, monthly)}; {needed} for those {'months' if monthly else 'days'} can be added as an "
                "own series"
            )
    return tuple(found)


def _span(rate: pd.Series) -> str:
    first, last = (f"{day:%Y-%m-%d}" for day in (rate.index[0], rate.index[-1]))
    return first if first == last else f"{first} to {last}"


def _official_end(inputs: Inputs, monthly: bool) -> str:
    ids = (MONTHLY,) if monthly else (MONTHLY, DAILY, *REFERENCE)
    known = [one for id in ids if len(one := inputs.series(id).values.dropna())]
    if not known:
        return "is not in the data"
    first, last = min(one.index[0] for one in known), max(one.index[-1] for one in known)
    return f"is known from {first:%Y-%m} to {last:%Y-%m}"


def _no_rate(inputs: Inputs, country: Country) -> str:
    fetched = bool(inputs.economies(IMF_CRYPTO_RATE))
    rates = "does not cover it" if fetched else "is not among them"
    return (
        f"the data have no parallel or crypto-implied exchange rate of {country.name_in_sentence}, "
        f"and the IMF's table of crypto-based parallel rates {rates}"
    )


def _monthly(daily: pd.DataFrame) -> pd.DataFrame:
    """Month means of both rates and the premium; months without quotes stay in as missing."""
    mean = daily.resample("ME").mean()
    mean["highest"] = daily["premium"].resample("ME").max()
    return mean


def _latest(series: PremiumSeries, as_of: dt.date) -> Estimate:
    daily = series.daily["premium"]
    last = daily.index[-1]
    recent = daily[daily.index > last - series.recent]
    low, high, ranged = _range(recent, f"the last {series.recent_in_words}")
    when = "latest" if of_late(series.written(last), as_of) else "when last known"
    return Estimate(
        "flight.premium",
        f"Premium over the official rate, {when}",
        simple_pct(daily.iloc[-1]),
        "pct",
        low,
        high,
        data_class="proxy",
        interval="none" if low is None else "range",
        method=f"Shadow rate over official rate less one; {ranged}. Shadow rate: {series.kind}.",
        date=series.written(last),
        n_obs=len(daily),
        sources=series.sources,
        inputs=series.inputs,
        function=_FUNCTION,
    )


def _peak(series: PremiumSeries, monthly: pd.DataFrame) -> Estimate:
    month = pd.DatetimeIndex(monthly.index)[int(np.nanargmax(monthly["premium"]))]
    apart = np.abs(
        pd.DatetimeIndex(series.daily.index).to_period("M").astype("int64") - month.to_period("M").ordinal
    )
    days = series.daily.loc[apart <= (1 if series.monthly else 0), "premium"]
    around = "that month and the two beside it" if series.monthly else "that month's lowest and highest day"
    low, high, ranged = _range(days, around)
    return Estimate(
        "flight.premium_peak",
        "Premium, highest month",
        simple_pct(monthly["premium"].max()),
        "pct",
        low,
        high,
        data_class="proxy",
        interval="none" if low is None else "range",
        method=f"{'Highest month' if series.monthly else 'Highest monthly (geometric) mean'}; {ranged}.",
        date=f"{month:%Y-%m}",
        n_obs=len(days),
        sources=series.sources,
        inputs=series.inputs,
        function=_FUNCTION,
    )


def _range(quotes: pd.Series, of: str) -> tuple[float | None, float | None, str]:
    """Lowest and highest of some quotes, and what they are; one quote has no range."""
    if len(quotes) < 2:
        return None, None, "no range: one quote"
    return simple_pct(quotes.min()), simple_pct(quotes.max()), f"range: {of}"


def _findings(
    inputs: Inputs,
    series: PremiumSeries,
    estimates: tuple[Estimate, ...],
    spells: list[Spell],
    country: Country,
) -> tuple[Finding, ...]:
    latest, peak, year = estimates
    threshold = simple_pct(EPISODE_LOG_PCT)
    current = of_late(latest.date, inputs.as_of)
    text = _level(series, latest, country) if current else _once(inputs, series, latest, country)
    if current and year.available and year.date != latest.date[: len("2025-11")]:
        text += f" The highest month of the last {RECENT_MONTHS} was {year.date}, {year:value}."
    if year.date != peak.date:
        text += f" The highest month{'' if not current else ' of all'} was {peak.date}, {peak:value}."
    if spells:
        runs = [f"{first:%Y-%m} to {last:%Y-%m}" for first, last, _mean, _peak in spells]
        text += f" Spells of a premium above {number(threshold, 0)} %: {', '.join(runs)}."
    pressed = max(latest.value or 0.0, year.value or 0.0) > threshold
    severity: Severity = "warning" if current and pressed else "notice"
    findings = [Finding("flight.premium_level", text, severity, estimates=(latest.id, peak.id, year.id))]
    if unused := without_official(inputs):
        text = f"Not used: {'; '.join(unused)}."
        findings.append(Finding("flight.premium_unused", text, "notice", "data", (latest.id,)))
    findings.append(
        Finding(
            "flight.premium_reading",
            "A premium measures excess demand for foreign exchange and the tightness of controls; it does "
            "not show that crypto-assets are the channel through which money leaves.",
            "info",
            "caveat",
            (latest.id,),
        )
    )
    if set(REFERENCE) <= set(series.inputs) and {DAILY, MONTHLY} & set(series.inputs):
        text = (
            "The official rate of the comparison changes over time, from the month's official mean to the "
            "central bank's daily reference rate where that is published: a premium that closes at that "
            "point closed because the official side moved."
        )
        findings.append(Finding("flight.premium_comparator", text, "notice", "caveat", (latest.id,)))
    age = (pd.Timestamp(inputs.as_of) - series.daily.index[-1]).days
    if current and age > 183:
        when = f"{'in' if series.monthly else 'on'} {latest.date}"
        text = f"The shadow rate of {country.name_in_sentence} ends {when}: what came after is not in it."
        findings.append(Finding("flight.premium_stale", text, "notice", "data", (latest.id,)))
    return tuple(findings)


def _level(series: PremiumSeries, latest: Estimate, country: Country) -> str:
    dearer = latest.value or 0.0
    return (
        f"{'In' if series.monthly else 'On'} {latest.date} a dollar cost {number(abs(dearer), 0)} % "
        f"{'more' if dearer >= 0 else 'less'} at the {series.kind} rate than at the official one in "
        f"{country.name_in_sentence}."
    )


def _once(inputs: Inputs, series: PremiumSeries, latest: Estimate, country: Country) -> str:
    """A premium too old to speak of today, with what the official rate has done to it since."""
    text = (
        f"The premium on the dollar in {country.name_in_sentence} was {number(latest.value or 0.0, 0)} % in "
        f"{series.daily.index[-1]:%Y-%m} ({series.kind}) and is not known since"
    )
    then = float(series.daily["shadow"].iloc[-1])
    since = official_by_month(inputs)
    since = since[since.index > series.daily.index[-1]]
    if since.empty or float(since.iloc[-1]) < then:
        return f"{text}."
    rates = (
        ""
        if inputs.confidential & {*series.inputs, *OFFICIAL_SERIES}
        else f" ({number(float(since.iloc[-1]), 0)} in {since.index[-1]:%Y-%m}, against {number(then, 0)})"
    )
    return f"{text}; the official rate has passed the parallel rate of that day{rates}."
