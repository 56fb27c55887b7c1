"""The chapter's numbers: country, region, world, and how well the method does on published figures."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import Estimate, number
from cryptorisk.models.gdp_unchecked import unchecked_rate
from cryptorisk.models.volumes.allocation_report import adjustment
from cryptorisk.models.volumes.fit import VolumesFit, period, short_period
from cryptorisk.models.volumes.turned import with_ratio

FUNCTION = "cryptorisk.models.volumes.analyse"
QUOTES = "chainalysis_geography"
VOLUME_INPUTS = ("gdp_usd", "population", "internet_users_pct", "gcai_rank_cex_value")

OWN_METHOD = "The bank's own figure for the twelve months to June; the interval allows for an error of 8 %."

NAMES: Mapping[str, tuple[str, str]] = {
    "country_volume_usd": ("Crypto value received in twelve months", "usd"),
    "country_volume_pct_gdp": ("Crypto value received, relative to GDP", "pct_gdp"),
    "country_volume_pct_remittances": ("Crypto value received, relative to remittances", "pct_remittances"),
    "country_share_of_region_pct": ("Share of the region's crypto value received", "pct"),
    "country_volume_percentile": ("Share of economies with less crypto volume relative to GDP", "pct"),
    "region_volume_usd": ("Region's crypto value received in twelve months", "usd"),
    "region_share_pct": ("Region's share of the world", "pct_world"),
    "region_growth_pct": ("Region's growth over the year before", "pct"),
    "world_volume_usd": ("World's crypto value received in twelve months", "usd"),
    "world_growth_pct": ("World's growth over the year before", "pct"),
}

REGION_METHOD = (
    "All published regional values, shares, sums, bounds and growth rates reconciled at once by penalised "
    "likelihood in logs, so that the eight regions add up to the world."
)
KEY_METHOD = (
    "Region's total less the published countries, shared out by the geometric mean of three keys (GDP; "
    "internet users times income; the vendor's rank of value received); interval from errors on published "
    "countries left out, and from the restatements that later reports usually bring."
)
QUOTED_METHOD = (
    "As published by the vendor; the interval allows for rounding and for the vendor's usual restatements."
)


SHARED_OUT = "Shared out from the region's total, not observed."
BOTH_PRICES = (
    " GDP in the key is at both prices of a dollar: low end at the market's, high end at the source's."
)


def missing_estimates(reason: str) -> list[Estimate]:
    """All of the chapter's modelled numbers as not available."""
    return [Estimate.missing(f"volumes.{name}", *NAMES[name], reason) for name in NAMES]


def country_estimates(fit: VolumesFit, inputs: Inputs) -> list[Estimate]:
    """Level of the country's volume, and its size relative to GDP, remittances, region and other economies."""
    row = with_ratio(fit.path).iloc[-1]
    if not math.isfinite(row["value"]):
        reason = _why_not(row, fit)
        names = [name for name in NAMES if name.startswith("country")]
        return [Estimate.missing(f"volumes.{name}", *NAMES[name], reason) for name in names]
    common = _country_common(row, fit, inputs)
    usd = _estimate("country_volume_usd", row["value"], row["low"], row["high"], **common)
    return [
        usd,
        _pct_gdp(
            row, fit, common, unchecked_rate(inputs, int(row["gdp_year"])) if row["gdp_year"] > 0 else ""
        ),
        _pct_remittances(usd, inputs),
        _share(row, common),
        _percentile(fit, common),
    ]


def _country_common(row: pd.Series, fit: VolumesFit, inputs: Inputs) -> dict[str, Any]:
    quoted = row["basis"] == "quoted"
    gdp = inputs.latest("gdp_usd")
    own = row["published_source"] == "bank"
    sources = [row["published_source"]] if quoted else [QUOTES, *_rank_source(row)]
    origin = (
        "The bank's own figure."
        if own
        else f"{open_period(fit)}The vendor's estimate, read on a secondary page."
    )
    return {
        "level": fit.level,
        "interval": "prediction",
        "date": period(fit.latest),
        "method": OWN_METHOD if own else QUOTED_METHOD if quoted else KEY_METHOD + adjustment(fit),
        "sources": (*sources, *((gdp.source,) if gdp else ())),
        "inputs": ("crypto_value_received_usd", "gdp_usd") if quoted else VOLUME_INPUTS,
        "note": origin if quoted else SHARED_OUT + (BOTH_PRICES if row["turned"] < 1 else ""),
    }


def open_period(fit: VolumesFit) -> str:
    """That the source does not state the period of the figure, and what follows; empty where it does."""
    if fit.open_years == 1:
        return ""
    return (
        f"Period not stated on the page quoted: it may be the sum of {YEARS[fit.open_years]} years. Taken as the last "
        "twelve months; the interval spans both readings. "
    )


YEARS = {2: "two", 3: "three", 4: "four", 5: "five"}
GDP_FALL_PCT = -15.0
"""Fall of GDP in dollars between two periods from which the ratio's rise is said to come partly from there."""


def gdp_fall(fit: VolumesFit) -> str:
    """How much of the ratio's rise is a fall of GDP in dollars; empty for small falls."""
    change = fit.gdp_change_pct
    if not change <= GDP_FALL_PCT:
        return ""
    rise = 100 * (100 / (100 + change) - 1)
    before, after = (short_period(year) for year in fit.gdp_change_years)
    return (
        f"GDP in dollars fell by {number(-change, 0)} % from {before} to {after}, which alone raises the ratio by "
        f"{number(rise, 0)} %."
    )


def two_prices(row: pd.Series) -> str:
    """At which prices of a dollar GDP is converted, in the ratio and in the key; empty where there is one price."""
    official, market = float(row["gdp_usd"]), float(row["gdp_market_usd"])
    if not market < official:
        return ""
    text = (
        f"Dollars cost far more outside the official market: GDP is {number(market / 1e9, 1)} bn USD at that price and "
        f"{number(official / 1e9, 1)} at its source's; both are in the interval, their geometric mean in the centre."
    )
    if row["turned"] == 1:
        return text
    size, factor = float(row["value"]), float(row["turned"])
    ends = (size / factor**0.5, official), (size * factor**0.5, market)
    at_source, at_market = (number(100 * usd / gdp, 1) for usd, gdp in ends)
    return (
        f"{text} So it is in the key that shares the volume out: with GDP at its source's price throughout the volume would "
        f"be {at_source} % of GDP, at the other {at_market} %."
    )


def _rank_source(row: pd.Series) -> tuple[str, ...]:
    return (f"chainalysis_gcai_{row['rank_year']:.0f}",) if math.isfinite(row["rank_year"]) else ()


def _why_not(row: pd.Series, fit: VolumesFit) -> str:
    if fit.countries.validation is None:
        return "too few country volumes are published to judge the keys"
    if row["offline"]:
        return "the last recorded share of internet users is zero, so that keys of size would invent a volume"
    if not math.isfinite(row["gdp_usd"]):
        return "no GDP in the vintage, and the data have no published volume of this economy"
    return "no population in the vintage to build a key from, and the data have no published volume"


def _pct_gdp(row: pd.Series, fit: VolumesFit, common: Mapping[str, Any], unchecked: str) -> Estimate:
    gdp = f"GDP is the mean of the two calendar years (last known year {row['gdp_year']:.0f})."
    note = " ".join(part for part in (gdp_fall(fit), two_prices(row), common["note"], gdp, unchecked) if part)
    ends = (row["pct_gdp"], row["pct_gdp_low"], row["pct_gdp_high"])
    return _estimate("country_volume_pct_gdp", *ends, **{**common, "note": note})


def _share(row: pd.Series, common: Mapping[str, Any]) -> Estimate:
    centre = min(max(row["share"], row["share_low"]), row["share_high"])
    return _estimate("country_share_of_region_pct", centre, row["share_low"], row["share_high"], **common)


def _pct_remittances(usd: Estimate, inputs: Inputs) -> Estimate:
    name = "country_volume_pct_remittances"
    remittances = inputs.latest("remittances_received_usd")
    if remittances is None or remittances.value <= 0:
        return Estimate.missing(f"volumes.{name}", *NAMES[name], "no remittances received are recorded")
    gdp = inputs.at("gdp_usd", remittances.date.year)
    if gdp is None:
        reason = f"there is no GDP of {remittances.date.year} to judge the size of remittances by"
        return Estimate.missing(f"volumes.{name}", *NAMES[name], reason)
    share = 100 * remittances.value / gdp.value
    if share < LEAST_REMITTANCES_PCT_GDP:
        reason = (
            f"remittances received were {share:.2g} % of GDP in {remittances.date.year}, below "
            f"{LEAST_REMITTANCES_PCT_GDP:g} %: too small to measure anything by"
        )
        return Estimate.missing(f"volumes.{name}", *NAMES[name], reason)
    scale = 100 / remittances.value
    centre, low, high = usd.value or 0.0, usd.low or 0.0, usd.high or 0.0
    return usd.with_(
        id=f"volumes.{name}",
        label=NAMES[name][0],
        unit=NAMES[name][1],
        value=scale * centre,
        low=scale * low,
        high=scale * high,
        sources=(*usd.sources, remittances.source),
        inputs=(*usd.inputs, "remittances_received_usd"),
        note=f"Remittances of {remittances.date.year}. {usd.note}",
    )


LEAST_REMITTANCES_PCT_GDP = 0.5
"""Remittances below this share of GDP are no yardstick: the ratio then tells how small they are, and not how large
crypto flows are. About a third of economies receive less."""


def _percentile(fit: VolumesFit, common: Mapping[str, Any]) -> Estimate:
    frame = with_ratio(fit.countries.frame)
    latest = frame[(frame["first_year"] == fit.latest) & frame["pct_gdp"].notna()]
    own = latest[latest["iso3"] == fit.country.iso3].iloc[0]
    others = latest.loc[latest["iso3"] != fit.country.iso3, "pct_gdp"].to_numpy()
    ends = [100 * float(np.mean(others < own[name])) for name in ("pct_gdp", "pct_gdp_low", "pct_gdp_high")]
    note = f"Among {len(latest)} economies with an estimate, the others at their central values."
    return _estimate("country_volume_percentile", *ends, **{**common, "note": note, "n_obs": len(latest)})


def region_estimates(fit: VolumesFit) -> list[Estimate]:
    """Level, share and growth of the country's region, and of the world."""
    regions, year = fit.regions, fit.latest
    here, world = regions.of(fit.region, year), regions.of("WLD", year)
    basis = "quoted" if regions.quoted(fit.region, year) else "inferred from other quotes"
    common: dict[str, Any] = {
        "level": fit.level,
        "interval": "confidence",
        "date": period(year),
        "method": REGION_METHOD,
        "sources": (QUOTES, "un_e_c16_2023_7"),
        "n_obs": len(regions.panel.quotes),
        "note": f"{fit.region_name}: {basis}.",
    }
    out = [
        _level("region_volume_usd", fit.region, fit, common),
        _from_draws("region_share_pct", 100 * here / world, fit, common),
        _level("world_volume_usd", "WLD", fit, {**common, "note": "Sum of the eight regions."}),
    ]
    if len(fit.years) < 2:
        reason = "only one year of regional figures"
        return out + [
            Estimate.missing(f"volumes.{n}", *NAMES[n], reason)
            for n in ("region_growth_pct", "world_growth_pct")
        ]
    like = "Like for like: the year before as the same report restates it. In US dollars: contains the price."
    return [
        *out,
        _from_draws("region_growth_pct", regions.growth(fit.region, year), fit, {**common, "note": like}),
        _from_draws("world_growth_pct", regions.growth("WLD", year), fit, {**common, "note": like}),
    ]


def quality_estimates(fit: VolumesFit, held_out: pd.DataFrame) -> list[Estimate]:
    """Errors of both steps on published figures that the method was not shown."""
    out = []
    common: dict[str, Any] = {"unit": "pct", "sources": (QUOTES,), "date": period(fit.latest)}
    validation = fit.countries.validation
    if validation is not None:
        error = validation.left_out.log_error
        typical = 100 * math.expm1(float(np.median(np.abs(error))))
        method = "Median absolute log error, as a percentage, over published countries whose own figures were left out."
        out += [
            Estimate(
                "volumes.allocation_error_pct",
                "Typical error of the country allocation",
                typical,
                n_obs=error.size,
                method=method,
                function=FUNCTION,
                **common,
            ),
            Estimate(
                "volumes.allocation_coverage_pct",
                "Published country volumes inside their interval, regions left out of its calibration",
                100 * validation.coverage_region,
                n_obs=error.size,
                method=f"Nominal {100 * fit.level:.0f} %.",
                function=FUNCTION,
                **common,
            ),
        ]
    if not held_out.empty:
        out.append(_regional_error(held_out, common))
    return out


def _regional_error(held_out: pd.DataFrame, common: Mapping[str, Any]) -> Estimate:
    typical = 100 * math.expm1(float(held_out["log_error"].abs().median()))
    return Estimate(
        "volumes.reconciliation_error_pct",
        "Typical error for a published regional figure left out",
        typical,
        n_obs=len(held_out),
        method="Median absolute log error, as a percentage, each region-year's quotes being left out in turn.",
        function=FUNCTION,
        **common,
    )


def _level(name: str, region: str, fit: VolumesFit, common: Mapping[str, Any]) -> Estimate:
    """A level as first reported, its interval with later restatements."""
    ends = {end: 1e9 * value for end, value in fit.regional_level(region, fit.latest).items()}
    method = f"{REGION_METHOD} The interval also spans the restatements that later reports usually bring."
    return _estimate(name, ends["value"], ends["low"], ends["high"], **{**common, "method": method})


def _from_draws(name: str, draws: np.ndarray, fit: VolumesFit, common: Mapping[str, Any]) -> Estimate:
    ends = fit.regional(draws)
    return _estimate(name, ends["value"], ends["low"], ends["high"], **common)


def _estimate(name: str, value: float, low: float, high: float, **rest: Any) -> Estimate:
    label, unit = NAMES[name]
    return Estimate(f"volumes.{name}", label, value, unit, low, high, function=FUNCTION, **rest)
