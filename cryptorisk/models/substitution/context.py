"""Why savers might leave the currency, and what they already hold: inflation, depreciation, premium, FX deposits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cryptorisk.countries import country
from cryptorisk.estimate import Estimate
from cryptorisk.models.flight.part import CONFIDENTIAL, guarded, merge_sources, sourced, without_blanks
from cryptorisk.models.flight.shadow import premium_series
from cryptorisk.models.substitution.sample import MonthlySample, official_rate, second_market_by, years_of
from cryptorisk.models.substitution.share import LEVEL, share_at
from cryptorisk.models.substitution.verdict import STABLE_MARGIN, Verdict
from cryptorisk.params import Params
from cryptorisk.result import Column, Table

if TYPE_CHECKING:
    from cryptorisk.data.inputs import Inputs, Observation

DEPRECIATION_YEARS = 5
OLDEST_RATE_MONTHS = 18
"""A rate older than a year and a half says nothing about the last five years."""

OLDEST_DEPOSITS_YEARS = 10
"""Currency composition of deposits is persistent, but not across a decade; Ecuador's last figure is of the sucre."""


def inflation(inputs: Inputs) -> Estimate:
    """Latest annual consumer price inflation."""
    id, label = "substitution.inflation", "Consumer price inflation, annual average"
    latest = inputs.latest("cpi_inflation_pct")
    if latest is None:
        return Estimate.missing(id, label, "pct", "the data have no annual inflation")
    if "cpi_inflation_pct" in inputs.confidential:
        return Estimate.missing(
            id, label, "pct", CONFIDENTIAL, date=f"{latest.date:%Y}", sources=(latest.source,)
        )
    return Estimate(
        id,
        label,
        latest.value,
        "pct",
        data_class=latest.data_class,
        method=sourced((latest.source,), "the latest year may be an estimate of the source"),
        date=f"{latest.date:%Y}",
        sources=(latest.source,),
        inputs=("cpi_inflation_pct",),
        function="cryptorisk.models.substitution.context.inflation",
        note=_stale(latest.stale),
    )


def depreciation(inputs: Inputs, params: Params) -> Estimate:
    """Rise of the official price of the reference currency over five years, percent."""
    reference = params.substitution.reference_currency
    id = "substitution.depreciation"
    label = f"Rise of the official price of one {reference} over {DEPRECIATION_YEARS} years"
    rate, sources = official_rate(inputs, params)
    if rate.empty:
        return Estimate.missing(id, label, "pct", "the data have no monthly official exchange rate")
    end = rate.index[-1]
    if (pd.Timestamp(inputs.as_of) - end).days > 30.5 * OLDEST_RATE_MONTHS:
        return Estimate.missing(id, label, "pct", f"the official exchange rate ends in {end:%Y-%m}")
    start = end - pd.DateOffset(years=DEPRECIATION_YEARS) + pd.offsets.MonthEnd(0)
    if start not in rate.index:
        return Estimate.missing(id, label, "pct", f"no official exchange rate for {start:%Y-%m}")
    cuts = country(params.country).redenominations
    if rate[end] < rate[start] and any(start.date() < cut.date <= end.date() for cut in cuts):
        reason = "the series mixes currency units across a redenomination"
        return Estimate.missing(id, label, "pct", reason)
    change, note = float(rate[end] / rate[start] - 1), ""
    method = "Change of the monthly average official rate; positive is a depreciation of national money."
    used: tuple[str, ...] = ("official_fx_lcu_per_usd",)
    later = _later_rate(inputs, params, end)
    if later is not None:
        # The official price no longer is what a dollar costs: it is compared with the rate that replaced it.
        before = pd.Timestamp(later.date) - pd.DateOffset(years=DEPRECIATION_YEARS) + pd.offsets.MonthEnd(0)
        if before not in rate.index:
            return Estimate.missing(id, label, "pct", f"no official exchange rate for {before:%Y-%m}")
        note = _later_text(inputs, end, float(rate[end]), later)
        start, change = before, later.value / float(rate[before]) - 1
        end, used, sources = (
            pd.Timestamp(later.date),
            (*used, LATER_RATE),
            merge_sources(sources, (later.source,)),
        )
        method = (
            "From the monthly average official rate to the central bank's later reference value (selling)."
        )
        label = f"Rise of the price of one {reference} over {DEPRECIATION_YEARS} years, official to reference rate"
    elif abs(change) <= STABLE_MARGIN and (coded := second_market_by(inputs, end)) is not None:
        reason = (
            f"the official rate changed by 2 % at most and a second exchange market existed in {coded}, the last year "
            "coded: what savers paid is not in the data"
        )
        return Estimate.missing(id, label, "pct", reason)
    found = Estimate(
        id,
        label,
        100 * change,
        "pct",
        data_class="measured",
        method=method,
        date=f"{start:%Y-%m}/{end:%Y-%m}",
        sources=sources,
        inputs=used,
        function="cryptorisk.models.substitution.context.depreciation",
        note=note,
    )
    return guarded(found, inputs.confidential)


LATER_RATE = "reference_fx_sell_lcu_per_usd"


def _later_rate(inputs: Inputs, params: Params, end: pd.Timestamp) -> Observation | None:
    """The central bank's reference value, where it is published after the official series ended."""
    latest = inputs.latest(LATER_RATE)
    if latest is None or params.substitution.reference_currency != "USD" or pd.Timestamp(latest.date) <= end:
        return None
    return latest


def _later_text(inputs: Inputs, end: pd.Timestamp, official: float, later: Observation) -> str:
    """What the reference value says beside the official rate; nothing where either is confidential."""
    if inputs.confidential & {LATER_RATE, "official_fx_lcu_per_usd"}:
        return ""
    return (
        f"The official series ends in {end:%Y-%m} at {official:.2f}; the central bank's reference value was "
        f"{later.value:.2f} on {later.date:%Y-%m-%d}."
    )


def parallel_premium(inputs: Inputs) -> Estimate:
    """Latest premium of the parallel or crypto-implied dollar, percent of the official rate.

    The rates are those of the chapter on capital flight, which gives the premium in logarithms.
    """
    id, label = (
        "substitution.parallel_premium",
        "Premium of the parallel dollar over the official rate, latest",
    )
    series = premium_series(inputs)
    if series is None:
        reason = "the data have no parallel exchange rate for this economy"
        return Estimate.missing(id, label, "pct", reason)
    simple = 100 * np.expm1(series.daily["premium"] / 100)
    end = simple.index[-1]
    recent = simple[simple.index > end - series.recent]
    old = (pd.Timestamp(inputs.as_of) - end).days > 366
    found = Estimate(
        id,
        label,
        float(simple.iloc[-1]),
        "pct",
        low=float(recent.min()),
        high=float(recent.max()),
        interval="range",
        data_class="proxy",
        method=f"Last {series.period}; range: the last {series.recent_in_words}. Parallel rate: {series.kind}.",
        date=series.written(end),
        n_obs=len(simple),
        sources=series.sources,
        inputs=series.inputs,
        function="cryptorisk.models.substitution.context.parallel_premium",
        note=f"Old: the rates end in {end:%Y-%m}." if old else "",
    )
    return guarded(found, inputs.confidential)


def deposit_dollarisation(inputs: Inputs) -> Estimate:
    """Latest share of foreign-currency deposits."""
    id, label = "substitution.deposit_dollarisation", "Foreign-currency deposits, share of all deposits"
    latest = inputs.latest("deposit_dollarization_pct")
    if latest is None:
        return Estimate.missing(
            id, label, "pct_deposits", "the data have no deposit dollarisation for this economy"
        )
    if "deposit_dollarization_pct" in inputs.confidential:
        return Estimate.missing(
            id, label, "pct_deposits", CONFIDENTIAL, date=f"{latest.date:%Y}", sources=(latest.source,)
        )
    begun = country(inputs.country).spell_on(inputs.as_of).start
    if begun is not None and latest.date < begun:
        reason = f"the latest figure is of {latest.date:%Y}, before today's currency"
        return Estimate.missing(id, label, "pct_deposits", reason)
    age = pd.Timestamp(inputs.as_of).year - pd.Timestamp(latest.date).year
    if age > OLDEST_DEPOSITS_YEARS:
        reason = f"the latest figure is of {latest.date:%Y}"
        return Estimate.missing(id, label, "pct_deposits", reason)
    return Estimate(
        id,
        label,
        latest.value,
        "pct_deposits",
        data_class=latest.data_class,
        method=sourced((latest.source,)),
        date=f"{latest.date:%Y}",
        sources=(latest.source,),
        inputs=("deposit_dollarization_pct",),
        function="cryptorisk.models.substitution.context.deposit_dollarisation",
        note=f"{age} years before the report's date." if age >= 2 else "",
    )


def share_then(inputs: Inputs, sample: MonthlySample, params: Params) -> Estimate:
    """The risk-minimising share on data to the year of the last deposit dollarisation: what deposits are set against."""
    id, label = (
        "substitution.mvp_share_then",
        "Foreign-currency share of least risk when deposits were last counted",
    )
    latest = inputs.latest("deposit_dollarization_pct")
    if latest is None:
        return Estimate.missing(id, label, "pct", "no deposit dollarisation")
    year = pd.Timestamp(latest.date).year
    found = share_at(sample, params, pd.Timestamp(year, 12, 31))
    if isinstance(found, Verdict):
        return Estimate.missing(id, label, "pct", f"share of {year}: {found.text}", date=str(year))
    return Estimate(
        id,
        label,
        100 * float(np.clip(found.share, 0, 1)),
        "pct",
        low=100 * found.low,
        high=100 * found.high,
        level=LEVEL,
        interval="confidence",
        data_class="modelled",
        method=f"As the headline share, on the sample that ends in {year}.",
        date=str(year),
        n_obs=found.n,
        sources=sample.sources,
        inputs=tuple(sample.series),
        function="cryptorisk.models.substitution.context.share_then",
    )


def dollarisation_gap(inputs: Inputs, sample: MonthlySample, params: Params, actual: Estimate) -> Estimate:
    """Actual deposit dollarisation less the risk-minimising share of the same year, percentage points."""
    id, label = "substitution.gap", "Foreign-currency share held less the share of least risk"
    latest = inputs.latest("deposit_dollarization_pct")
    if actual.value is None or latest is None:
        return Estimate.missing(id, label, "pp", actual.reason or "no deposit dollarisation")
    year = pd.Timestamp(latest.date).year
    found = share_at(sample, params, pd.Timestamp(year, 12, 31))
    if isinstance(found, Verdict):
        return Estimate.missing(id, label, "pp", f"share of {year}: {found.text}", date=str(year))
    found_gap = Estimate(
        id,
        label,
        actual.value - 100 * float(np.clip(found.share, 0, 1)),
        "pp",
        low=actual.value - 100 * found.high,
        high=actual.value - 100 * found.low,
        level=LEVEL,
        interval="confidence",
        method=f"Deposit dollarisation of {year} less the share on the sample that ends in {year}; the interval "
        "is the share's, not clipped.",
        date=str(year),
        n_obs=found.n,
        sources=tuple(sorted({*actual.sources, *sample.sources})),
        inputs=(*actual.inputs, *sample.series),
        function="cryptorisk.models.substitution.context.dollarisation_gap",
        note=actual.note,
    )
    return guarded(found_gap, inputs.confidential)


def price_history(inputs: Inputs, params: Params) -> Table:
    """Annual inflation and the yearly change of the official rate, for the figure."""
    rate, sources = official_rate(inputs, params)
    prices = inputs.series("cpi_inflation_pct")
    yearly = rate.groupby(years_of(rate)) if not rate.empty else None
    change = (
        100 * yearly.mean().where(yearly.count() == 12).pct_change(fill_method=None)
        if yearly is not None
        else pd.Series(dtype=float)
    )
    level = pd.Series(dtype=float) if prices.empty else prices.values.groupby(years_of(prices.values)).last()
    frame = pd.DataFrame({"inflation": level, "depreciation": change}).dropna(how="all")
    frame.index.name = "year"
    # These columns are the series themselves: a confidential one is left out, not rounded.
    if "cpi_inflation_pct" in inputs.confidential:
        frame["inflation"] = np.nan
    if "official_fx_lcu_per_usd" in inputs.confidential:
        frame["depreciation"] = np.nan
    gaps = _gaps(frame["inflation"])
    table = Table(
        "substitution.price_history",
        "Inflation and the price of foreign currency, year by year",
        frame.reset_index(),
        (
            Column("year", "Year", "", 0),
            Column("inflation", "Inflation", "%", 1),
            Column("depreciation", "Rise of the official price of foreign currency", "%", 1),
        ),
        "Annual averages. The official rate, also where it is not the rate that savers pay."
        + (f" The source gives no inflation for {gaps}." if gaps else ""),
        tuple(sorted({*sources, *prices.source_ids})),
        shown=False,
    )
    own = country(inputs.country).currency_on(inputs.as_of) == params.substitution.reference_currency
    reason = "the currency in use is the reference currency itself" if own else "no figures or confidential"
    return without_blanks(table, key="year", reason=reason)


def _gaps(values: pd.Series) -> str:
    """Years without a figure between years with one, ``2014 to 2016``."""
    known = values.dropna()
    if known.empty:
        return ""
    inside = [year for year in range(int(known.index[0]), int(known.index[-1])) if year not in known.index]
    runs: list[list[int]] = []
    for year in inside:
        if runs and runs[-1][-1] == year - 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(f"{run[0]} to {run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def _stale(stale: bool) -> str:
    return "Older than the source's usual lag." if stale else ""
