"""Tables that check the volumes: quotes with their residuals, published countries, errors and coverage."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from scipy.stats import norm

from cryptorisk.countries import country
from cryptorisk.models.volumes.fit import VolumesFit, short_period
from cryptorisk.models.volumes.quotes import ERROR_SD
from cryptorisk.models.volumes.tables import BILLION, QUOTES
from cryptorisk.result import Column, Table


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
    frame["url"] = frame["published_url"].fillna("")
    frame = frame.sort_values(["first_year", "published"], ascending=[False, False])
    columns = (
        Column("name", "Economy"),
        Column("period", "Twelve months to June"),
        Column("published", "Published", "bn USD", 1),
        Column("predicted", "Predicted without its own figures", "bn USD", 1),
        Column("ratio", "Published over predicted", "", 2),
        Column("url", "Page"),
    )
    note = "Economies are named in the vendor's reports because they are large: a selected sample."
    title = "Published country volumes and the method's error"
    shown = frame[[c.name for c in columns]]
    return Table("volumes.published_countries", title, shown, columns, note, (QUOTES,), shown=False)


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
