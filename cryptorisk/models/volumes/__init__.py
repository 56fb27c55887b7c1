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
from cryptorisk.models.market import analyse as analyse_market
from cryptorisk.models.volumes.allocation_report import models_table, rank_drivers_table
from cryptorisk.models.volumes.checks import published_table, quotes_table, validation_table
from cryptorisk.models.volumes.estimates import (
    country_estimates,
    missing_estimates,
    quality_estimates,
    region_estimates,
)
from cryptorisk.models.volumes.findings import findings
from cryptorisk.models.volumes.fit import VolumesFit, fit
from cryptorisk.models.volumes.gravity import gravity
from cryptorisk.models.volumes.gravity_report import gravity_finding, gravity_tables
from cryptorisk.models.volumes.market import market_estimates, market_table, mean_bitcoin_price
from cryptorisk.models.volumes.market_cycle import cycle_estimates, cycle_findings, cycle_parts_tables
from cryptorisk.models.volumes.monthly import month_by_month
from cryptorisk.models.volumes.monthly_drivers import driver_part
from cryptorisk.models.volumes.monthly_estimates import missing_monthly, monthly_estimates
from cryptorisk.models.volumes.monthly_findings import monthly_findings
from cryptorisk.models.volumes.monthly_tables import monthly_tables
from cryptorisk.models.volumes.public import public
from cryptorisk.models.volumes.regions import hold_out
from cryptorisk.models.volumes.tables import (
    country_path_table,
    peers_table,
    region_path_table,
    regions_table,
    un_paragraph_table,
    world_path_table,
)
from cryptorisk.models.volumes.turned import with_ratio
from cryptorisk.params import Params
from cryptorisk.result import Finding, Result, Table

CHAPTER = "volumes"
TITLE = "Transaction volumes"


def analyse(inputs: Inputs, params: Params, market: Result | None = None) -> Result:
    """Volumes of the world, the region and the country, by year and by month, with intervals.

    Parameters
    ----------
    inputs : Inputs
    params : Params
    market : Result, optional
        Of `cryptorisk.models.market.analyse`, which is the same for all countries; computed when not given.

    Returns
    -------
    Result
        Estimates in US dollars and percent; tables ``regions``, ``region_path``, ``world_path``, ``country_path``,
        ``region_peers``, ``un_paragraph_20``, ``published_countries``, ``quotes``, ``validation``,
        ``allocation_models``, ``rank_drivers``, ``market``,
        ``monthly_region``, ``monthly_country``, ``activity``, ``forecast_accuracy``,
        ``forecast_targets``, ``index_check``, ``drivers``, ``drivers_tests``, ``drivers_paths``,
        ``cycle_shares``, ``cycle_variants``, ``cycle_links``, ``cycle_path``, ``concentration``, ``growth``,
        ``cycle_numbers``;
        with the institution's own flows ``gravity`` and ``gravity_fit``.
    """
    fitted = fit(inputs, params)
    table = market_table(inputs)
    market_tables = [] if table is None else [table]
    moved = driver_part(inputs, params)
    flows = gravity(public(inputs))
    world = market or analyse_market(inputs, params)
    cycle = {e.id.split(".")[1]: e for e in cycle_estimates(world)}
    market_tables += cycle_parts_tables(world)
    further = [*moved.findings, gravity_finding(flows), *cycle_findings(cycle)]
    if fitted is None:
        parts = (
            [*market_estimates(inputs), *moved.estimates, *cycle.values()],
            [*market_tables, *moved.tables],
        )
        parts[1].extend(gravity_tables(flows))
        return _without_regions(inputs, *parts, tuple(further))
    held_out = hold_out(fitted.regions.panel)
    months = month_by_month(fitted, public(inputs), world, seed=params.seed)
    estimates = [
        *country_estimates(fitted, public(inputs)),
        *region_estimates(fitted),
        *quality_estimates(fitted, held_out),
        *market_estimates(inputs),
        *monthly_estimates(months, fitted),
        *moved.estimates,
        *cycle.values(),
    ]
    numbers = {e.id.split(".")[1]: e for e in estimates}
    tables = [*_tables(fitted, inputs, held_out), *market_tables, *monthly_tables(months, fitted, world)]
    tables += [*moved.tables, *gravity_tables(flows)]
    return Result.build(
        CHAPTER,
        TITLE,
        inputs.country,
        estimates=estimates,
        tables=tables,
        findings=[
            *findings(fitted, inputs, numbers),
            *monthly_findings(months, fitted, world, numbers),
            *further,
        ],
        headline=("country_volume_pct_gdp", "country_volume_usd", "region_volume_usd", "region_growth_pct"),
    )


def allocation(inputs: Inputs, params: Params) -> pd.DataFrame:
    """Latest volumes of all economies, for comparisons between them.

    Returns
    -------
    DataFrame
        iso3, region (2022 to 2024 scheme), first_year, value, low, high (US dollars), turned (see
        `cryptorisk.models.volumes.turned`), pct_gdp, pct_gdp_low,
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
        "turned",
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
        region_path_table(fitted),
        world_path_table(fitted, prices, price_sources),
        regions_table(fitted),
        un_paragraph_table(inputs, fitted),
        published_table(fitted),
        validation_table(fitted, held_out),
        models_table(fitted),
        rank_drivers_table(fitted, inputs),
        quotes_table(fitted),
    ]
    return [table for table in tables if table is not None]


def _without_regions(
    inputs: Inputs, estimates: list[Estimate], tables: list[Table], further: tuple[Finding, ...]
) -> Result:
    reason = f"no regional volume had been published by {inputs.as_of.isoformat()}"
    name = country(inputs.country).name_in_sentence
    text = f"No volume can be given for {name}, because {reason}."
    return Result.build(
        CHAPTER,
        TITLE,
        inputs.country,
        estimates=[*missing_estimates(reason), *estimates, *missing_monthly(reason)],
        tables=tables,
        findings=[Finding("volumes.no_regions", text, "warning", "data"), *further],
        headline=("country_volume_pct_gdp", "country_volume_usd"),
    )
