"""Chapter 1, transaction volumes: what a region and a country receive in crypto-assets, and how sure that is.

No country's volume is observable for free. The chapter keeps three kinds of number apart: *quoted* figures
of the vendor that attributes on-chain transfers to places, *allocated* ones (the region's total shared out
by explicit keys, with an interval) and *measured* market series. Regional totals themselves are reconciled
from all published statements at once (`cryptorisk.models.volumes.regions`).
"""

from __future__ import annotations

import pandas as pd

from cryptorisk.countries import country
from cryptorisk.data.catalogue import WORLD
from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import Estimate
from cryptorisk.models.volumes.checks import published_table, quotes_table, validation_table
from cryptorisk.models.volumes.estimates import (
    country_estimates,
    missing_estimates,
    quality_estimates,
    region_estimates,
)
from cryptorisk.models.volumes.findings import findings
from cryptorisk.models.volumes.fit import VolumesFit, fit, with_ratio
from cryptorisk.models.volumes.market import market_estimates, market_table, mean_bitcoin_price
from cryptorisk.models.volumes.public import public
from cryptorisk.models.volumes.regions import hold_out
from cryptorisk.models.volumes.tables import (
    country_path_table,
    peers_table,
    region_path_table,
    regions_table,
    un_paragraph_table,
)
from cryptorisk.params import Params
from cryptorisk.result import Finding, Result, Table

CHAPTER = "volumes"
TITLE = "Transaction volumes"


def analyse(inputs: Inputs, params: Params) -> Result:
    """Volumes of the world, the region and the country, by year, with intervals.

    Parameters
    ----------
    inputs : Inputs
    params : Params

    Returns
    -------
    Result
        Estimates in US dollars and percent; tables ``regions``, ``region_path``, ``country_path``,
        ``region_peers``, ``un_paragraph_20``, ``published_countries``, ``quotes``, ``validation``,
        ``market``.
    """
    fitted = fit(inputs, params)
    table = market_table(inputs)
    market = [] if table is None else [table]
    if fitted is None:
        return _without_regions(inputs, market_estimates(inputs), market)
    held_out = hold_out(fitted.regions.panel)
    estimates = [
        *country_estimates(fitted, public(inputs)),
        *region_estimates(fitted),
        *quality_estimates(fitted, held_out),
        *market_estimates(inputs),
    ]
    tables = [*_tables(fitted, inputs, held_out), *market]
    return Result.build(
        CHAPTER,
        TITLE,
        inputs.country,
        estimates=estimates,
        tables=tables,
        findings=findings(fitted, inputs, {e.id.split(".")[1]: e for e in estimates}),
        headline=("country_volume_pct_gdp", "country_volume_usd", "region_volume_usd", "region_growth_pct"),
    )


def allocation(inputs: Inputs, params: Params) -> pd.DataFrame:
    """Latest volumes of all economies, for comparisons between them.

    Returns
    -------
    DataFrame
        iso3, region (2022 to 2024 scheme), first_year, value, low, high (US dollars), pct_gdp, pct_gdp_low,
        pct_gdp_high, basis ("quoted", "allocated" or "" where there is no value). Empty when no regional
        figure is in the inputs. Does not depend on which country the inputs are for (but for the bank's
        own figures).
    """
    columns = [
        "iso3",
        "region",
        "first_year",
        "value",
        "low",
        "high",
        "pct_gdp",
        "pct_gdp_low",
        "pct_gdp_high",
        "basis",
    ]
    fitted = fit(inputs, params)
    if fitted is None:
        return pd.DataFrame(columns=columns)
    frame = with_ratio(fitted.countries.frame)
    latest = frame[frame["first_year"] == fitted.latest]
    return latest[columns].sort_values("iso3").reset_index(drop=True)


def _tables(fitted: VolumesFit, inputs: Inputs, held_out: pd.DataFrame) -> list[Table]:
    prices = mean_bitcoin_price(inputs, fitted.years)
    price_sources = inputs.series("btc_price_usd", country=WORLD).source_ids[:1]
    tables = [
        country_path_table(fitted),
        peers_table(fitted),
        region_path_table(fitted, prices, price_sources),
        regions_table(fitted),
        un_paragraph_table(inputs, fitted),
        published_table(fitted),
        validation_table(fitted, held_out),
        quotes_table(fitted),
    ]
    return [table for table in tables if table is not None]


def _without_regions(inputs: Inputs, estimates: list[Estimate], tables: list[Table]) -> Result:
    reason = f"no regional volume had been published by {inputs.as_of.isoformat()}"
    name = country(inputs.country).name_in_sentence
    text = f"No volume can be given for {name}, because {reason}."
    return Result.build(
        CHAPTER,
        TITLE,
        inputs.country,
        estimates=[*missing_estimates(reason), *estimates],
        tables=tables,
        findings=[Finding("volumes.no_regions", text, "warning", "data")],
        headline=("country_volume_pct_gdp", "country_volume_usd"),
    )
