"""The chapter's tables: regions, the country's path, its region, paragraph 20, published figures, validation."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from scipy.stats import norm

from cryptorisk.countries import country
from cryptorisk.data.inputs import Inputs
from cryptorisk.models.volumes_fit import VolumesFit, short_period, with_ratio
from cryptorisk.models.volumes_quotes import ERROR_SD, REGIONS
from cryptorisk.result import Column, Table

QUOTES = "chainalysis_geography"
BILLION = 1e9

UN_ROWS = {"CSAO": "Central and South-East Asia and Oceania", "EASIA": "Eastern Asia", "ME": "Middle East"}
"""Region code and the paper's own wording, paragraph 20."""


def regions_table(fit: VolumesFit) -> Table:
    """Every region and year, and the world: median and interval, share, growth, quoted or inferred."""
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
        Column("own", "Own region"),
    )
    note = (
        f"Medians and {100 * fit.level:.0f} % intervals. Quoted: a value or a share of that region and year "
        "was published; it enters with its error. Inferred: from shares, bounds, growth rates, sums and "
        "the years beside it."
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
        **fit.regional(draws),
        "share": share["value"],
        "share_low": share["low"],
        "share_high": share["high"],
        "basis": "sum" if code == "WLD" else "quoted" if quoted else "inferred",
        "own": "yes" if code == fit.region else "",
    }


def region_path_table(fit: VolumesFit, coins: pd.Series) -> Table:
    """The country's region and the world by year, with growth, and the world in bitcoin at average prices.

    Parameters
    ----------
    fit : VolumesFit
    coins : Series
        Mean bitcoin price in US dollars by first year; NaN where there is none.
    """
    rows = []
    for position, year in enumerate(fit.years):
        world = fit.regions.of("WLD", year)
        row = _region_row(fit, fit.region, year)
        row["world"] = float(np.median(world))
        row["world_coins"] = 1e3 * float(np.median(world)) / coins.get(year, np.nan)
        row |= dict.fromkeys(("growth", "growth_low", "growth_high", "restated"), math.nan)
        if position:
            growth = fit.regional(fit.regions.growth(fit.region, year))
            row |= {"growth": growth["value"], "growth_low": growth["low"], "growth_high": growth["high"]}
            row["restated"] = float(np.median(100 * (fit.regions.restatements[:, position - 1] - 1)))
        rows.append(row)
    columns = (
        Column("period", "Twelve months to June"),
        Column("value", fit.region_name, "bn USD", 0),
        Column("low", "Low", "bn USD", 0),
        Column("high", "High", "bn USD", 0),
        Column("growth", "Growth, like for like", "%", 0),
        Column("growth_low", "Low", "%", 0),
        Column("growth_high", "High", "%", 0),
        Column("restated", "Year before restated by", "%", 0),
        Column("share", "Share of world", "%", 1),
        Column("basis", "Basis"),
        Column("world", "World", "bn USD", 0),
        Column("world_coins", "World at average bitcoin prices", "m BTC", 0),
    )
    note = (
        "Levels are those of the report on each year. The next report restates them, so that growth is not "
        "the ratio of two levels: it compares with the year before as restated. The last column takes out "
        "the price of bitcoin, which a volume in dollars contains; stablecoins are in it too."
    )
    sources = (QUOTES, "coinmetrics_2026_06") if coins.notna().any() else (QUOTES,)
    return Table(
        "volumes.region_path", f"{fit.region_name} by year", pd.DataFrame(rows), columns, note, sources
    )


def country_path_table(fit: VolumesFit) -> Table:
    """The country by year: volume, interval, relative to GDP, share of region, basis."""
    frame = with_ratio(fit.path)
    for name in ("value", "low", "high"):
        frame[name] = frame[name] / BILLION
    frame["period"] = [short_period(year) for year in frame["first_year"]]
    frame["basis"] = frame["basis"].replace("", "n.a.")
    frame["note"] = frame["published_note"].fillna("")
    columns = (
        Column("period", "Twelve months to June"),
        Column("value", "Volume", "bn USD", None if frame["value"].isna().all() else _digits(frame["value"])),
        Column("low", "Low", "bn USD", _digits(frame["value"])),
        Column("high", "High", "bn USD", _digits(frame["value"])),
        Column("pct_gdp", "Volume", "% of GDP", 1),
        Column("share", "Share of region", "%", 2 if frame["share"].max() < 1 else 1),
        Column("basis", "Basis"),
        Column("note", "Note of the source"),
    )
    note = (
        "Quoted: the vendor's figure for that year. Allocated: the region's total shared out by keys; a "
        "country with figures in other years keeps its usual distance from its keys. Years are as first "
        "reported; later reports restate them. Neither is an observation of domestic activity."
    )
    return Table("volumes.country_path", f"{fit.country.name} by year", frame, columns, note, (QUOTES,))


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
    columns = (
        Column("name", "Economy"),
        Column("rank", "Rank in region", "", 0),
        Column("value", "Volume", "bn USD", 1),
        Column("low", "Low", "bn USD", 1),
        Column("high", "High", "bn USD", 1),
        Column("pct_gdp", "Volume", "% of GDP", 1),
        Column("basis", "Basis"),
    )
    title = f"Largest volumes in {fit.region_name}, {short_period(fit.latest)}"
    note = "Ranks by central estimates; intervals overlap."
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
    paper = table[table["url"].astype(str).str.startswith("UN E/C.16/2023/7")].set_index("region_code")
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


def published_table(fit: VolumesFit) -> Table | None:
    """Published country volumes and what the method says without the country's own figures."""
    validation = fit.countries.validation
    if validation is None:
        return None
    frame = fit.countries.frame.iloc[validation.left_out.index].copy()
    error = validation.left_out.log_error
    frame["name"] = [country(code).name for code in frame["iso3"]]
    frame["period"] = [short_period(year) for year in frame["first_year"]]
    frame["published"] = frame["published_usd"] / BILLION
    frame["predicted"] = frame["published"] * np.exp(-error)
    frame["ratio"] = np.exp(error)
    frame = frame.sort_values(["first_year", "published"], ascending=[False, False])
    columns = (
        Column("name", "Economy"),
        Column("period", "Twelve months to June"),
        Column("published", "Published", "bn USD", 1),
        Column("predicted", "Predicted without its own figures", "bn USD", 1),
        Column("ratio", "Published over predicted", "", 2),
    )
    note = "Economies are named in the vendor's reports because they are large: a selected sample."
    title = "Published country volumes and the method's error"
    return Table(
        "volumes.published_countries", title, frame[[c.name for c in columns]], columns, note, (QUOTES,)
    )


def quotes_table(fit: VolumesFit) -> Table:
    """Every quote that enters, with its error class and what the reconciled regions make of it."""
    panel = fit.regions.panel
    rows = [
        {
            "label": quote.contrast.label.rsplit(": ", 1)[0],
            "what": quote.what,
            "value": quote.value,
            "side": quote.contrast.side.replace("_", " "),
            "error": quote.error,
            "sd": 100 * quote.contrast.sd,
            "residual": residual,
            "url": quote.url,
        }
        for quote, residual in zip(panel.quotes, fit.regions.fit.residuals, strict=False)
    ]
    rows += [{"label": label, "what": f"left out: {reason}"} for label, reason in panel.left_out]
    columns = (
        Column("label", "Region and period"),
        Column("what", "Statement"),
        Column("value", "Figure", "bn USD or %", 1),
        Column("side", "Kind"),
        Column("error", "Error class"),
        Column("sd", "Standard error", "log %", 0),
        Column("residual", "Fitted less stated", "standard errors", 1),
        Column("url", "Page"),
    )
    classes = ", ".join(f"{name} {100 * sd:.0f}" for name, sd in ERROR_SD.items())
    note = f"Standard errors in log percent by class, before rounding: {classes}. A bound that holds has no residual."
    frame = pd.DataFrame(rows, columns=[c.name for c in columns])
    return Table(
        "volumes.quotes", "Published regional statements", frame, columns, note, (QUOTES,), shown=False
    )


def validation_table(fit: VolumesFit, held_out: pd.DataFrame) -> Table:
    """Errors and coverage of both steps, and the regression that the rank key's two powers are read against."""
    rows: list[tuple[str, float, str]] = []
    if not held_out.empty:
        half = _half_width(fit.level)
        rows += [
            ("Regions: quotes left out in turn", float(len(held_out)), "number"),
            ("Regions: median absolute error", 100 * float(held_out["log_error"].abs().median()), "log %"),
            (
                "Regions: left-out quotes inside their interval",
                100 * float((held_out["z"].abs() <= half).mean()),
                "%",
            ),
        ]
    validation = fit.countries.validation
    if validation is not None:
        error = validation.left_out.log_error
        rows += [
            ("Countries: published country-years left out", float(error.size), "number"),
            ("Countries: median absolute error", 100 * float(np.median(np.abs(error))), "log %"),
            ("Countries: mean error", 100 * float(error.mean()), "log %"),
            (
                "Countries: inside their interval, other countries calibrating",
                100 * validation.coverage_country,
                "%",
            ),
            (
                "Countries: inside their interval, other regions calibrating",
                100 * validation.coverage_region,
                "%",
            ),
            ("Countries: standard deviation beyond the keys' disagreement", 100 * validation.tau, "log %"),
            (
                "Countries: of a country's distance from its keys",
                100 * math.sqrt(validation.persistence.between),
                "log %",
            ),
            (
                "Countries: of that distance over the years",
                100 * math.sqrt(validation.persistence.within),
                "log %",
            ),
        ]
        rows += _key_regression(fit)
    frame = pd.DataFrame(rows, columns=["what", "value", "unit"])
    columns = (Column("what", "What"), Column("value", "Value", "", 1), Column("unit", "Unit"))
    note = f"Nominal coverage {100 * fit.level:.0f} %. A country's own figures are left out in all years at once."
    return Table(
        "volumes.validation",
        "How well the method predicts what it was not shown",
        frame,
        columns,
        note,
        (QUOTES,),
    )


def _half_width(level: float) -> float:
    return float(norm.ppf((1 + level) / 2))


def _key_regression(fit: VolumesFit) -> list[tuple[str, float, str]]:
    """Published volumes on rank score and income, by least squares: the check on the key's fixed powers."""
    frame = fit.countries.frame
    known = frame[frame["published_usd"].notna() & frame["rank_score"].notna()]
    if len(known) < 8:
        return []
    design = np.column_stack([np.ones(len(known)), known["rank_score"], known["income"]])
    powers = np.linalg.lstsq(design, np.log(known["published_usd"].to_numpy()), rcond=None)[0]
    return [
        ("Rank key: spread of volumes per normal score, as regressed", float(powers[1]), "log points"),
        ("Rank key: power of income, as regressed", float(powers[2]), "elasticity"),
    ]
