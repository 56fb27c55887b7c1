"""Tables and findings beside households' exposure: published figures, both keys, what a reader must know."""

from __future__ import annotations

import pandas as pd

from cryptorisk.estimate import Estimate
from cryptorisk.models.exposure.holdings import Band
from cryptorisk.models.exposure.volume import unusual_turnover
from cryptorisk.models.exposure.world import WorldExposure, cell, ownership_sources
from cryptorisk.result import Column, Finding, Table


def exposure_tables(everywhere: WorldExposure, iso: str, keys: list[tuple[str, Band]]) -> list[Table]:
    """``crash.ownership`` and ``crash.keys``, those that have rows."""
    mine = everywhere.readings[everywhere.readings["country"] == iso].sort_values(["year", "organisation"])
    tables = []
    if not mine.empty:
        tables.append(
            Table(
                "crash.ownership",
                "Published ownership figures",
                mine.assign(year=mine["year"].astype(str), url=mine["url"].fillna("")),
                (
                    Column("organisation", "Source"),
                    Column("year", "Year"),
                    Column("value", "Residents who own", "% of population", 1),
                    Column("data_class", "Class"),
                    Column("remark", "Remark"),
                    Column("url", "Page"),
                ),
                note="UNCTAD's figures for 2021 equal those of the vendor Triple-A, which scales Chainalysis scores by "
                "one Canadian survey; the figures of both are modelled and not independent of each other.",
                sources=ownership_sources(everywhere, iso),
            )
        )
    if keys:
        rows = [(name, band.low / 1e6, band.central / 1e6, band.high / 1e6) for name, band in keys]
        tables.append(
            Table(
                "crash.keys",
                "Households' holdings by each key",
                pd.DataFrame(rows, columns=["key", "low", "central", "high"]),
                (
                    Column("key", "World market value spread by"),
                    Column("low", "Low", "USD million", 0),
                    Column("central", "Central", "USD million", 0),
                    Column("high", "High", "USD million", 0),
                ),
                note="Both keys add to the world's market value over all economies.",
                sources=everywhere.market.sources,
            )
        )
    return tables


def exposure_findings(
    everywhere: WorldExposure,
    iso: str,
    ownership: Estimate,
    keys: list[tuple[str, Band]],
    own: bool,
) -> list[Finding]:
    """Old GDP or ownership figures, modelled ownership, own figures, disagreeing keys, unusual turnover."""
    found: list[Finding] = []
    year = cell(everywhere.frame, iso, "year")
    newest = int(everywhere.frame["year"].max())
    if year < newest - 2:  # never where there is no GDP: the year is then not a number
        text = f"GDP is that of {year:.0f}, the last in the vintage: ratios to GDP mix it with a market value of {{}}."
        found.append(
            Finding("crash.old_gdp", text.format(everywhere.market.date or "later"), "notice", "data")
        )
    mine = everywhere.readings[everywhere.readings["country"] == iso]
    if len(mine) and int(mine["year"].max()) < int(everywhere.market.date[:4] or 0) - 2:
        text = (
            f"The newest ownership figure is of {int(mine['year'].max())}; the market value it is combined with is of "
            f"{everywhere.market.date}. Owners may have become more or fewer since."
        )
        found.append(Finding("crash.old_ownership", text, "notice", "data", ("crash.ownership_share",)))
    if ownership.available and not everywhere.ownership.shares.loc[iso, "published"]:
        text = (
            f"No ownership figure has been published for this economy; {ownership:full} is an estimate from internet "
            f"use and {everywhere.ownership.n} economies with a figure."
        )
        found.append(Finding("crash.ownership_modelled", text, "notice", "data", ("crash.ownership_share",)))
    if own:
        text = "Households' holdings are the bank's own figure; the public estimate is not used."
        found.append(Finding("crash.own_holdings", text, "info", "data", ("crash.household_holdings_usd",)))
    elif len(keys) == 2:
        ratio = max(keys[0][1].central, keys[1][1].central) / min(keys[0][1].central, keys[1][1].central)
        if ratio > 3:
            text = (
                f"The two keys for households' holdings differ by a factor of {ratio:.1f}: exposure is the weakest link "
                "of every scenario here, and the bank's own survey would narrow it most."
            )
            found.append(
                Finding("crash.keys_disagree", text, "notice", "caveat", ("crash.household_holdings_usd",))
            )
    odd = ""
    if (
        everywhere.market.bitcoin is not None
        and everywhere.volumes is not None
        and everywhere.by_owners is not None
    ):
        odd = unusual_turnover(everywhere.volumes, everywhere.by_owners, iso)
    if odd:
        found.append(Finding("crash.turnover", odd, "notice", "caveat", ("crash.turnover",)))
    return found
