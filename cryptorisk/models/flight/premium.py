"""The crypto channel in prices: premium of a parallel or crypto-implied rate over the official one."""

from __future__ import annotations

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
    years_table,
)
from cryptorisk.models.flight.shadow import DAILY, IMF_CRYPTO_RATE, MONTHLY, REFERENCE, premium_series
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
        fetched = bool(inputs.economies(IMF_CRYPTO_RATE))
        rates = "does not cover it" if fetched else "is not among them"
        reason = (
            f"the data have no parallel or crypto-implied exchange rate of {country.name_in_sentence}, "
            f"and the IMF's table of crypto-based parallel rates {rates}"
        )
        missing = (
            Estimate.missing("flight.premium", "Premium over the official rate, latest", "pct", reason),
            Estimate.missing("flight.premium_peak", "Premium, highest month", "pct", reason),
        )
        return Part(missing)
    monthly = _monthly(series.daily)
    # Rounded before sentences; the tables hold the rates themselves and go.
    estimates = (
        guarded(_latest(series), inputs.confidential),
        guarded(_peak(series, monthly), inputs.confidential),
    )
    spells = find_episodes(monthly)
    if inputs.confidential & set(series.inputs):
        return Part(estimates, (), _findings(inputs, series, estimates, spells, country))
    tables = (history_table(series, monthly), years_table(series), *episodes_table(series, spells))
    return Part(estimates, tables, _findings(inputs, series, estimates, spells, country))


def _monthly(daily: pd.DataFrame) -> pd.DataFrame:
    """Month means of both rates and the premium; months without quotes stay in as missing."""
    mean = daily.resample("ME").mean()
    mean["highest"] = daily["premium"].resample("ME").max()
    return mean


def simple_pct(log_pct: float) -> float:
    """A log premium in percent as a percentage of the official rate."""
    return float(100 * np.expm1(log_pct / 100))


def _latest(series: PremiumSeries) -> Estimate:
    daily = series.daily["premium"]
    last = daily.index[-1]
    recent = daily[daily.index > last - series.recent]
    return Estimate(
        "flight.premium",
        "Premium over the official rate, latest",
        simple_pct(daily.iloc[-1]),
        "pct",
        simple_pct(recent.min()),
        simple_pct(recent.max()),
        data_class="proxy",
        interval="range",
        method=(
            f"Shadow rate over official rate less one; range: the last {series.recent_in_words}. "
            f"Shadow rate: {series.kind}."
        ),
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
    return Estimate(
        "flight.premium_peak",
        "Premium, highest month",
        simple_pct(monthly["premium"].max()),
        "pct",
        simple_pct(days.min()),
        simple_pct(days.max()),
        data_class="proxy",
        interval="range",
        method=(
            "Highest month; range: that month and the two beside it."
            if series.monthly
            else "Highest monthly (geometric) mean; range: that month's lowest and highest day."
        ),
        date=f"{month:%Y-%m}",
        n_obs=len(days),
        sources=series.sources,
        inputs=series.inputs,
        function=_FUNCTION,
    )


def _findings(
    inputs: Inputs,
    series: PremiumSeries,
    estimates: tuple[Estimate, ...],
    spells: list[Spell],
    country: Country,
) -> tuple[Finding, ...]:
    latest, peak = estimates
    dearer = latest.value or 0.0
    text = (
        f"{'In' if series.monthly else 'On'} {latest.date} a dollar cost {number(abs(dearer), 0)} % "
        f"{'more' if dearer >= 0 else 'less'} at the {series.kind} rate than at the official one in "
        f"{country.name_in_sentence}; the highest month was {peak.date}, {peak:value}."
    )
    threshold = simple_pct(EPISODE_LOG_PCT)
    if spells:
        runs = [f"{first:%Y-%m} to {last:%Y-%m}" for first, last, _mean, _peak in spells]
        text += f" Spells of a premium above {number(threshold, 0)} %: {', '.join(runs)}."
    severity: Severity = "warning" if dearer > threshold else "notice"
    findings = [Finding("flight.premium_level", text, severity, estimates=(latest.id, peak.id))]
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
    if age > 183:
        when = f"{'in' if series.monthly else 'on'} {latest.date}"
        text = f"The shadow rate of {country.name_in_sentence} ends {when}: what came after is not in it."
        findings.append(Finding("flight.premium_stale", text, "notice", "data", (latest.id,)))
    return tuple(findings)
