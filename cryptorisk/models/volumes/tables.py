"""The chapter's tables: regions, the country's path, its region, and paragraph 20."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from cryptorisk.countries import country
from cryptorisk.data.inputs import Inputs
from cryptorisk.models.volumes.fit import VolumesFit, short_period
from cryptorisk.models.volumes.keys import BANK
from cryptorisk.models.volumes.quotes import REGIONS, UNIONS, Quote
from cryptorisk.models.volumes.turned import with_ratio
from cryptorisk.result import Column, Table

QUOTES = "chainalysis_geography"
BILLION = 1e9
LAST_TERMS = (
    "Earlier years are brought to the terms of the vendor's last report, which has restated them since, so that years can "
    "be compared."
)
UNION_NAMES = {"APAC": "Asia-Pacific as a whole", "EUR": "Europe as a whole"}

UN_WORDS, UN_PAGE = "UN E/C.16/2023/7", "https://undocs.org/E/C.16/2023/7"
"""How the table of regional volumes names the paper, and its page."""

UN_ROWS = {"CSAO": "Central and South-East Asia and Oceania", "EASIA": "Eastern Asia", "ME": "Middle East"}
"""Region code and the paper's own wording, paragraph 20."""


def regions_table(fit: VolumesFit) -> Table:
    """Every region and year, and the world, in the terms of the last report: volume, share, published or inferred."""
    rows = [_region_row(fit, code, year) for code in (*REGIONS, "WLD") for year in fit.years]
    columns = (
        Column("region", "Region"),
        Column("period", "Twelve months to June"),
        Column("value", "Volume", "bn USD", 0),
        Column("low", "Low", "bn USD", 0),
        Column("high", "High", "bn USD", 0),
        Column("share", "Share of world", "%", 1),
        Column("share_low", "Low", "%", 1),
        Column("share_high", "High", "%", 1),
        Column("basis", "Basis"),
        Column("stated", "As published", "bn USD or %"),
        Column("url", "Page"),
        Column("own", "The country's region"),
    )
    note = (
        f"Medians and {100 * fit.level:.0f} % intervals. Published: a value or a share of that region and year was "
        "published; it enters with its error. Inferred: from shares, bounds, growth rates, sums and the years beside it. "
        f"{LAST_TERMS} Intervals of volumes also span the restatements that later reports usually bring (about a quarter "
        "either way), those of shares do not."
    )
    return Table(
        "volumes.regions",
        "Regional volumes",
        pd.DataFrame(rows),
        columns,
        note,
        (QUOTES, "un_e_c16_2023_7"),
        shown=False,
    )


def _region_row(fit: VolumesFit, code: str, year: int) -> dict[str, object]:
    draws, world = fit.regions.of(code, year), fit.regions.of("WLD", year)
    share = fit.regional(100 * draws / world)
    quoted = code != "WLD" and fit.regions.quoted(code, year)
    return {
        "region": "World" if code == "WLD" else REGIONS[code],
        "period": short_period(year),
        **fit.regional_like(code, year),
        "share": share["value"],
        "share_low": share["low"],
        "share_high": share["high"],
        "stated": stated(fit, code, year),
        "url": stated_on(fit, code, year),
        "basis": "sum" if code == "WLD" else "published" if quoted else "inferred",
        "own": "yes" if code == fit.region else "",
    }


def stated(fit: VolumesFit, code: str, year: int) -> str:
    """What was published of a region and twelve months, in bn USD and percent, beside the estimate."""
    unions = _unions(code)
    return "; ".join(
        f"{quote.wording}{f' ({quote.region})' if quote.region in unions else ''}"
        for quote in _stated(fit, code, year)
    )


def stated_on(fit: VolumesFit, code: str, year: int) -> str:
    """The pages that `stated` was read on, each once."""
    pages = (UN_PAGE if quote.url.startswith(UN_WORDS) else quote.url for quote in _stated(fit, code, year))
    return "; ".join(dict.fromkeys(page for page in pages if page))


def _unions(code: str) -> set[str]:
    return {union for union, members in UNIONS.items() if code in members}


def _stated(fit: VolumesFit, code: str, year: int) -> list[Quote]:
    """Quotes of a region, or of the union that holds it, and twelve months."""
    regions = {code, *_unions(code), f"{code}_3Y"}
    return [
        quote
        for quote in fit.regions.panel.quotes
        if quote.region in regions and quote.first_year == year and quote.wording
    ]


def growth_published(fit: VolumesFit, region: str, year: int) -> list[str]:
    """Growth rates that the vendor published of a region or of the union that holds it: ``+33 %``, ``+69 % (APAC)``."""
    unions = _unions(region)
    return [
        f"{quote.wording}{f' for {UNION_NAMES[quote.region]}' if quote.region in unions else ''}"
        for quote in fit.regions.panel.quotes
        if quote.what == "growth" and quote.first_year == year and quote.region in {region, *unions}
    ]


def region_path_table(fit: VolumesFit) -> Table:
    """The country's region by year in the terms of the last report: volume, growth, and what was published.

    The note says how well the sharing out does on figures that it was not shown.
    """
    rows = []
    for position, year in enumerate(fit.years):
        row = _region_row(fit, fit.region, year)
        row |= dict.fromkeys(("growth", "growth_low", "growth_high"), math.nan)
        row["first"] = fit.regional_level(fit.region, year)["value"]
        if position:
            growth = fit.regional(fit.regions.growth(fit.region, year))
            row |= {"growth": growth["value"], "growth_low": growth["low"], "growth_high": growth["high"]}
        rows.append(row)
    columns = (
        Column("period", "Twelve months to June"),
        Column("value", "Volume", "bn USD", 0),
        Column("low", "Low", "bn USD", 0),
        Column("high", "High", "bn USD", 0),
        Column("growth", "Growth", "%", 0),
        Column("growth_low", "Low", "%", 0),
        Column("growth_high", "High", "%", 0),
        Column("stated", "As published at the time", "bn USD or %"),
        Column("url", "Page"),
    )
    note = f"{LAST_TERMS} What was published at the time stands beside it. {blind(fit)}".strip()
    return Table(
        "volumes.region_path", f"{fit.region_name} by year", pd.DataFrame(rows), columns, note, (QUOTES,)
    )


def blind(fit: VolumesFit) -> str:
    """How well published countries are predicted without their own figures, in one sentence."""
    validation = fit.countries.validation
    if validation is None:
        return ""
    error = validation.left_out.log_error
    typical = 100 * math.expm1(float(np.median(np.abs(error))))
    return (
        f"{error.size} published country figures were predicted blind, without the country's own figures: typical error "
        f"{typical:.0f} %."
    )


def world_path_table(fit: VolumesFit, coins: pd.Series, price_sources: tuple[str, ...]) -> Table:
    """The world by year as first reported and restated, and in bitcoin at average prices.

    Parameters
    ----------
    fit : VolumesFit
    coins : Series
        Mean bitcoin price in US dollars by first year; NaN where there is none.
    price_sources : tuple of str
        Source ids of the prices.
    """
    rows = []
    for year in fit.years:
        first, like = fit.regional_level("WLD", year)["value"], fit.regional_like("WLD", year)
        coin = 1e3 * like["value"] / coins.get(year, np.nan)
        rows.append({"period": short_period(year), "first": first, **like, "world_coins": coin})
    columns = (
        Column("period", "Twelve months to June"),
        Column("first", "World as first reported", "bn USD", 0),
        Column("value", "In the last report's terms", "bn USD", 0),
        Column("low", "Low", "bn USD", 0),
        Column("high", "High", "bn USD", 0),
        Column("world_coins", "The same at average bitcoin prices", "m BTC", 0),
    )
    note = (
        f"{LAST_TERMS} The last column takes out the price of bitcoin, which a volume in dollars contains; stablecoins "
        "are in it too."
    )
    sources = (QUOTES, *price_sources) if coins.notna().any() else (QUOTES,)
    return Table("volumes.world_path", "The world by year", pd.DataFrame(rows), columns, note, sources)


def country_path_table(fit: VolumesFit) -> Table:
    """The country by year, in the terms of the last report: volume, interval, relative to GDP, share of region, basis."""
    frame = fit.path
    frame["first"] = frame["value"] / BILLION
    for name in ("value", "low", "high"):
        frame[name] = frame[f"like_{name}"]
    frame = with_ratio(frame)
    for name in ("value", "low", "high"):
        frame[name] = frame[name] / BILLION
    frame["period"] = [short_period(year) for year in frame["first_year"]]
    own = frame["published_source"].eq(BANK)
    frame["basis"] = [basis(row) for _, row in frame.iterrows()]
    frame["note"] = frame["published_note"].fillna("").mask(own, "")
    frame["url"] = frame["published_url"].fillna("")
    columns: tuple[Column, ...] = (
        Column("period", "Twelve months to June"),
        Column("value", "Volume", "bn USD", None if frame["value"].isna().all() else _digits(frame["value"])),
        Column("low", "Low", "bn USD", _digits(frame["value"])),
        Column("high", "High", "bn USD", _digits(frame["value"])),
        Column("first", "As first reported", "bn USD", _digits(frame["value"])),
        Column("pct_gdp", "Volume", "% of GDP", 1),
        Column("share", "Share of region", "%", 2 if frame["share"].max() < 1 else 1),
        Column("basis", "Basis"),
    )
    if frame["note"].ne("").any():
        columns = (*columns, Column("note", "Note of the source"))
    if frame["url"].ne("").any():
        columns = (*columns, Column("url", "Page"))
    note = (
        f"{'Own figure: given by the institution. ' if own.any() else ''}Published: the vendor's figure for that year. "
        "Shared out: a part of the region's total by size, internet use and ranking; a country with figures in other years "
        f"keeps its usual distance from that part. {LAST_TERMS} Neither is an observation of domestic activity."
        f"{f' {unpublished(fit)}' if fit.never_published else ''}"
    )
    return Table("volumes.country_path", f"{fit.country.name} by year", frame, columns, note, (QUOTES,))


def unpublished(fit: VolumesFit) -> str:
    """What the changes of a country mean of which nothing was ever published."""
    name = fit.country.name_in_sentence
    return (
        f"No figure of {name} was ever published: its changes from year to year are those of the total of "
        f"{fit.region_name} and of the countries published there, and tell nothing of {name} itself."
    )


def basis(row: pd.Series) -> str:
    """How a country's figure of a year came about, in words."""
    if row["published_source"] == BANK:
        return "own figure"
    if row["basis"] == "quoted" and row["published_years"] > 1:
        return "published, period not stated"
    return {"quoted": "published", "allocated": "shared out"}.get(row["basis"], "n.a.")


def _digits(values: pd.Series) -> int:
    largest = float(values.max()) if values.notna().any() else 1.0
    return int(np.clip(1 - math.floor(math.log10(max(largest, 1e-4))), 0, 4))


def peers_table(fit: VolumesFit, most: int = 12) -> Table:
    """The largest economies of the region and the country itself, with intervals."""
    frame = fit.peers[fit.peers["value"].notna()].copy()
    frame["rank"] = np.arange(1, len(frame) + 1)
    frame = frame[(frame["rank"] <= most) | (frame["iso3"] == fit.country.iso3)]
    for name in ("value", "low", "high"):
        frame[name] = frame[name] / BILLION
    frame["name"] = [country(code).name for code in frame["iso3"]]
    frame["basis"] = [basis(row) for _, row in frame.iterrows()]
    frame["url"] = frame["published_url"].fillna("")
    columns: tuple[Column, ...] = (
        Column("name", "Economy"),
        Column("rank", "Rank in region", "", 0),
        Column("value", "Volume", "bn USD", 1),
        Column("low", "Low", "bn USD", 1),
        Column("high", "High", "bn USD", 1),
        Column("pct_gdp", "Volume", "% of GDP", 1),
        Column("basis", "Basis"),
    )
    if frame["url"].ne("").any():
        columns = (*columns, Column("url", "Page"))
    title = f"Largest volumes in {fit.region_name}, {short_period(fit.latest)}"
    note = "Ranks by central estimates; intervals overlap."
    if "published, period not stated" in set(frame["basis"]):
        note += (
            " Period not stated: the figure may be the sum of two or three years, which the interval spans."
        )
    return Table(
        "volumes.region_peers",
        title,
        frame[[c.name for c in columns]],
        columns,
        note,
        (QUOTES,),
    )


def un_paragraph_table(inputs: Inputs, fit: VolumesFit) -> Table | None:
    """Paragraph 20 of E/C.16/2023/7: printed values and shares against shares computed from the values."""
    table = inputs.table("regional_volume")
    paper = table[table["url"].astype(str).str.startswith(UN_WORDS)].set_index("region_code")
    if not set(UN_ROWS) <= set(paper.index) or 2020 not in fit.years:
        return None
    world = float(np.median(fit.regions.of("WLD", 2020)))
    values, shares = paper["value_received_usd_bn"].astype(float), paper["share_of_global_pct"].astype(float)
    rows: list[tuple[str, str, float, float]] = [
        (wording, str(paper["region"][code]).replace("&", "and"), values[code], shares[code])
        for code, wording in UN_ROWS.items()
    ]
    rows.append(("Together", "", sum(row[2] for row in rows), shares.get("DEVTR", math.nan)))
    frame = pd.DataFrame(rows, columns=["paper", "source_name", "value", "share"])
    frame["computed"] = 100 * frame["value"] / world
    frame["implied"] = 100 * frame["value"] / frame["share"]
    columns = (
        Column("paper", "Region as the paper names it"),
        Column("source_name", "Region in the source"),
        Column("value", "Value received", "bn USD", 1),
        Column("share", "Share as printed", "%", 0),
        Column("computed", "Share computed", "%", 1),
        Column("implied", "World total implied", "bn USD", 0),
    )
    note = (
        "July 2020 to June 2021. The paper's first row says South-East where the source says Southern. Its "
        "last row is the sum of the three, without Africa, Latin America and Eastern Europe, and no "
        "observation of its own. Computed: "
        f"value over the reconciled world total of {world:,.0f} bn USD.".replace(",", "\u202f")
    )
    sources = ("un_e_c16_2023_7", QUOTES)
    return Table("volumes.un_paragraph_20", "Paragraph 20 of E/C.16/2023/7", frame, columns, note, sources)
