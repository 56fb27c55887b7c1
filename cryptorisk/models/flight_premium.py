"""The crypto channel in prices: premium of a parallel or crypto-implied rate over the official one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cryptorisk.countries import Country
from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import Estimate, number
from cryptorisk.models.flight_part import Part, merge_sources
from cryptorisk.result import Column, Finding, Severity, Table
from cryptorisk.stats.premium import episodes, log_premium_pct

EPISODE_LOG_PCT = 10.0
"""A monthly premium above ten log percent counts towards an episode: well above what fees, bid-ask spreads
and the timing of two quotes explain, and low enough to catch the onset of Argentina's and Bolivia's
episodes."""
EPISODE_MONTHS, EPISODE_GAP = 3, 2
"""At least three months above the threshold; two calmer months do not end an episode."""
LATEST_DAYS = 30
OFFICIAL_DAYS = 7
"""An official quote is carried over weekends and holidays, not further than a week."""

_SHADOW = {
    "crypto_implied_fx_lcu_per_usd": "crypto-implied (stablecoin, peer to peer)",
    "parallel_fx_lcu_per_usd": "parallel market (cash, not crypto)",
}
_FUNCTION = "cryptorisk.models.flight_premium.premium_part"


@dataclass(frozen=True)
class PremiumSeries:
    """Daily premium with both rates; ``kind`` says what the shadow rate is."""

    daily: pd.DataFrame
    kind: str
    sources: tuple[str, ...]
    inputs: tuple[str, ...]


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
        reason = (
            f"the vintage has no parallel or crypto-implied exchange rate of {country.name_in_sentence}, "
            "and the IMF's crypto-based parallel rates are not part of it"
        )
        missing = (
            Estimate.missing(
                "flight.premium", "Premium over the official rate, latest", "log_return_pct", reason
            ),
            Estimate.missing("flight.premium_peak", "Premium, highest month", "log_return_pct", reason),
        )
        return Part(missing)
    monthly = _monthly(series.daily)
    estimates = (_latest(series), _peak(series, monthly))
    spells = _episodes(monthly)
    tables = (_history_table(series, monthly), _years_table(series), *_episodes_table(series, spells))
    return Part(estimates, tables, _findings(inputs, series, estimates, spells, country))


def premium_series(inputs: Inputs) -> PremiumSeries | None:
    """The daily premium of a country, crypto-implied rather than parallel where both exist.

    The official rate is the central bank's daily reference (mean of buying and selling) where it is
    published, a daily official quote else, the month's official mean last.

    Parameters
    ----------
    inputs : Inputs

    Returns
    -------
    PremiumSeries or None
    """
    for series_id, kind in _SHADOW.items():
        shadow = inputs.series(series_id).values.dropna()  # noqa: PD011
        if shadow.empty:
            continue
        official, ids = _official(inputs, pd.DatetimeIndex(shadow.index))
        frame = pd.concat([shadow.rename("shadow"), official], axis=1, join="inner").dropna()
        if frame.empty:
            continue
        frame["premium"] = log_premium_pct(frame["shadow"].to_numpy(float), frame["official"].to_numpy(float))
        sources = merge_sources(*(inputs.series(one).source_ids for one in (series_id, *ids)))
        return PremiumSeries(frame, kind, sources, (series_id, *ids))
    return None


def _official(inputs: Inputs, days: pd.DatetimeIndex) -> tuple[pd.Series, tuple[str, ...]]:
    buy, sell = (
        inputs.series(f"reference_fx_{side}_lcu_per_usd").values  # noqa: PD011
        for side in ("buy", "sell")
    )
    daily = inputs.series("official_fx_daily_lcu_per_usd").values  # noqa: PD011
    monthly = inputs.series("official_fx_lcu_per_usd").values  # noqa: PD011
    by_month = pd.Series(monthly.to_numpy(float), index=pd.DatetimeIndex(monthly.index).to_period("M"))
    month_mean = pd.Series(by_month.reindex(days.to_period("M")).to_numpy(float), index=days)
    candidates = {
        ("reference_fx_buy_lcu_per_usd", "reference_fx_sell_lcu_per_usd"): _carried(((buy + sell) / 2), days),
        ("official_fx_daily_lcu_per_usd",): _carried(daily, days),
        ("official_fx_lcu_per_usd",): month_mean,
    }
    official = pd.Series(np.nan, index=days, name="official")
    used: tuple[str, ...] = ()
    for ids, values in candidates.items():
        fills = official.isna() & values.notna()
        if fills.any():
            official = official.where(~fills, values)
            used += ids
    return official.rename("official"), used


def _carried(values: pd.Series, days: pd.DatetimeIndex) -> pd.Series:
    known = values.dropna()
    if known.empty:
        return pd.Series(np.nan, index=days)
    return known.reindex(days, method="ffill", tolerance=pd.Timedelta(days=OFFICIAL_DAYS))


def _monthly(daily: pd.DataFrame) -> pd.DataFrame:
    """Month means of both rates and the premium; months without quotes stay in as missing."""
    mean = daily.resample("ME").mean()
    mean["highest"] = daily["premium"].resample("ME").max()
    return mean


def _latest(series: PremiumSeries) -> Estimate:
    daily = series.daily["premium"]
    last = daily.index[-1]
    recent = daily[daily.index > last - pd.Timedelta(days=LATEST_DAYS)]
    return Estimate(
        "flight.premium",
        "Premium over the official rate, latest",
        float(daily.iloc[-1]),
        "log_return_pct",
        float(recent.min()),
        float(recent.max()),
        data_class="proxy",
        interval="range",
        method=f"100 (ln shadow rate - ln official rate); range: the last {LATEST_DAYS} days. Shadow rate: {series.kind}.",
        date=last.date().isoformat(),
        n_obs=len(daily),
        sources=series.sources,
        inputs=series.inputs,
        function=_FUNCTION,
    )


def _peak(series: PremiumSeries, monthly: pd.DataFrame) -> Estimate:
    month = pd.DatetimeIndex(monthly.index)[int(np.nanargmax(monthly["premium"]))]
    of_month = pd.DatetimeIndex(series.daily.index).to_period("M") == month.to_period("M")
    days = series.daily.loc[of_month, "premium"]
    return Estimate(
        "flight.premium_peak",
        "Premium, highest month",
        float(monthly["premium"].max()),
        "log_return_pct",
        float(days.min()),
        float(days.max()),
        data_class="proxy",
        interval="range",
        method="Highest monthly mean; range: that month's lowest and highest day.",
        date=f"{month:%Y-%m}",
        n_obs=len(days),
        sources=series.sources,
        inputs=series.inputs,
        function=_FUNCTION,
    )


def _episodes(monthly: pd.DataFrame) -> list[tuple[pd.Timestamp, pd.Timestamp, float, float]]:
    found = episodes(
        monthly["premium"].to_numpy(float),
        threshold=EPISODE_LOG_PCT,
        shortest=EPISODE_MONTHS,
        longest_gap=EPISODE_GAP,
    )
    return [(monthly.index[e.first], monthly.index[e.last], e.mean, e.peak) for e in found]


def _history_table(series: PremiumSeries, monthly: pd.DataFrame) -> Table:
    frame = monthly.rename_axis("month").reset_index()
    columns = (
        Column("month", "Month"),
        Column("shadow", "Shadow rate", "per USD", 2),
        Column("official", "Official rate", "per USD", 2),
        Column("premium", "Premium, mean", "log %", 1),
        Column("highest", "Premium, highest day", "log %", 1),
    )
    note = f"Shadow rate: {series.kind}. Premium in log percent: 100 is a shadow rate 2.7 times the official one."
    title = "Shadow and official exchange rates by month"
    return Table("flight.premium", title, frame, columns, note, series.sources, shown=False)


def _years_table(series: PremiumSeries) -> Table:
    by_year = (
        series.daily["premium"]
        .groupby(pd.DatetimeIndex(series.daily.index).year)
        .agg(["mean", "min", "max", "count"])
    )
    frame = by_year.rename_axis("year").reset_index()
    columns = (
        Column("year", "Year"),
        Column("mean", "Mean", "log %", 1),
        Column("min", "Lowest day", "log %", 1),
        Column("max", "Highest day", "log %", 1),
        Column("count", "Days quoted", "", 0),
    )
    title = f"Premium of the {series.kind} rate over the official one, by year"
    return Table("flight.premium_years", title, frame, columns, "", series.sources)


def _episodes_table(
    series: PremiumSeries, spells: list[tuple[pd.Timestamp, pd.Timestamp, float, float]]
) -> tuple[Table, ...]:
    if not spells:
        return ()
    frame = pd.DataFrame(
        [
            {"first": f"{first:%Y-%m}", "last": f"{last:%Y-%m}", "mean": mean, "peak": peak}
            for first, last, mean, peak in spells
        ]
    )
    columns = (
        Column("first", "First month"),
        Column("last", "Last month"),
        Column("mean", "Mean premium", "log %", 1),
        Column("peak", "Highest monthly mean", "log %", 1),
    )
    note = (
        f"Runs of at least {EPISODE_MONTHS} months with a mean premium above {EPISODE_LOG_PCT:g} log %; up "
        f"to {EPISODE_GAP} calmer months do not end a run."
    )
    return (
        Table("flight.premium_episodes", "Episodes of a large premium", frame, columns, note, series.sources),
    )


def _findings(
    inputs: Inputs,
    series: PremiumSeries,
    estimates: tuple[Estimate, ...],
    spells: list[tuple[pd.Timestamp, pd.Timestamp, float, float]],
    country: Country,
) -> tuple[Finding, ...]:
    latest, peak = estimates
    dearer = np.exp((latest.value or 0.0) / 100) - 1
    text = (
        f"On {latest.date} a dollar cost {number(100 * abs(dearer), 0)} % "
        f"{'more' if dearer >= 0 else 'less'} at the {series.kind} rate than at the official one in "
        f"{country.name_in_sentence} ({latest}); the highest month was {peak.date}, {peak:value}."
    )
    text = text.replace(f"({latest})", f"(premium {latest:full})")
    if spells:
        runs = [f"{first:%Y-%m} to {last:%Y-%m}" for first, last, _mean, _peak in spells]
        text += f" Episodes above {EPISODE_LOG_PCT:g} log %: {', '.join(runs)}."
    severity: Severity = "warning" if (latest.value or 0.0) > EPISODE_LOG_PCT else "notice"
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
    if "reference_fx_buy_lcu_per_usd" in series.inputs and len(series.inputs) > 3:
        text = (
            "The official rate of the comparison changes over time, from the month's official mean to the "
            "central bank's daily reference rate where that is published: a premium that closes at that "
            "point closed because the official side moved."
        )
        findings.append(Finding("flight.premium_comparator", text, "notice", "caveat", (latest.id,)))
    age = (pd.Timestamp(inputs.as_of) - series.daily.index[-1]).days
    if age > 183:
        text = f"The shadow rate of {country.name_in_sentence} ends on {latest.date}: what came after is not in it."
        findings.append(Finding("flight.premium_stale", text, "notice", "data", (latest.id,)))
    return tuple(findings)
