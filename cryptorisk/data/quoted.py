"""Tables that are quoted row by row: adoption, ownership, published volumes, regulation, remittance corridors.

They keep their address and note, because a single quoted figure is only as good as the page it was read on.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path
from typing import cast, get_args

import pandas as pd

from cryptorisk.data.catalogue import (
    SHIPPED,
    LicenceClass,
    SeriesSpec,
    Source,
    catalogue,
    is_place,
)
from cryptorisk.data.compilelog import CompileLog
from cryptorisk.data.figures import read_table, source_ids
from cryptorisk.data.observation import COLUMNS
from cryptorisk.data.periods import frequency_of, period_end, period_ends
from cryptorisk.errors import DataError
from cryptorisk.estimate import UNITS, DataClass

UN_PAPER = "UN E/C.16/2023/7"

METRICS = {
    "chainalysis_gcai_rank": ("gcai_rank", 1.0),
    "chainalysis_gcai_score": ("gcai_score", 1.0),
    "gcai_rank_cex_value": ("gcai_rank_cex_value", 1.0),
    "ownership_share_pct_population": ("ownership_share_pct_population", 1.0),
    "ownership_share_pct_population_alt": ("ownership_share_pct_population", 1.0),
    "crypto_value_received_usd_bn": ("crypto_value_received_usd", 1e9),
}
"""Metric of the table to series and factor. The other sub-ranks of the adoption index are not quoted at all: an
index's whole workings are more than the isolated facts that may be quoted."""

CODE_CORRECTIONS = {"UAE": "ARE"}
"""Codes of the source table that are not ISO 3166-1 alpha-3."""

FACT_COLUMNS: tuple[str, ...] = ("country", "series", "period", "value", "unit", "data_class", "source")
FACT_COLUMNS += ("organisation", "url", "licence_class", "accessed", "note")
OBSERVATION_COLUMNS = (*COLUMNS, "period", "url", "note")
REGULATION_COLUMNS = ("iso3", "status", "as_of_or_from", "to", "source", "url", "note")


COUNTRY_CRYPTO_COLUMNS = ("iso3", "period", "metric", "value", "unit", "kind", "source", "url", "note")


def country_crypto(folder: Path, log: CompileLog, supplement: Path | None = None) -> pd.DataFrame:
    """Adoption ranks, ownership and value received, with their pages; rows added by hand take the place of the table's."""
    table = read_table(folder, "country_crypto", COUNTRY_CRYPTO_COLUMNS)
    miscoded = table["iso3"].isin(CODE_CORRECTIONS)
    log.note(
        "country_crypto",
        miscoded,
        "corrected, not left out: UAE is no ISO 3166-1 alpha-3 code and was read as ARE",
    )
    table["iso3"] = table["iso3"].replace(CODE_CORRECTIONS)
    unknown = ~table["metric"].isin(METRICS)
    log.note(
        "country_crypto", unknown, "sub-ranks of the adoption index other than value received: not quoted"
    )
    table = table[~unknown].reset_index(drop=True)
    if supplement is not None and (supplement / "country_crypto.csv").is_file():
        table = _with_added(table, read_table(supplement, "country_crypto", COUNTRY_CRYPTO_COLUMNS), log)
    labels = source_ids("country_crypto", table["source"])
    out = table[["iso3", "period", "metric", "value", "unit", "kind"]].copy()
    out["date"] = period_ends(table["period"])
    out["source"], out["source_label"] = labels, table["source"]
    out["url"], out["note"] = table["url"], table["note"]
    return out.sort_values(["metric", "iso3", "date", "source"], kind="stable", ignore_index=True)


def _with_added(table: pd.DataFrame, added: pd.DataFrame, log: CompileLog) -> pd.DataFrame:
    """Both tables; a row of the second replaces the first's of the same economy, metric and period."""
    key = ["iso3", "metric", "period"]
    replaced = pd.MultiIndex.from_frame(table[key]).isin(pd.MultiIndex.from_frame(added[key]))
    log.note(
        "country_crypto",
        pd.Series(replaced, index=table.index),
        "replaced by the row typed by hand (supplement), whose page states the period",
    )
    columns = list(COUNTRY_CRYPTO_COLUMNS)
    return pd.concat([table.loc[~replaced, columns], added[columns]], ignore_index=True)


def crypto_observations(table: pd.DataFrame) -> pd.DataFrame:
    """`country_crypto` as observations of series, in US dollars where the table has billions."""
    series = table["metric"].map(lambda metric: METRICS[metric][0])
    factor = table["metric"].map(lambda metric: METRICS[metric][1])
    frame = pd.DataFrame(
        {"country": table["iso3"], "series": series, "date": table["date"], "value": table["value"] * factor}
    )
    frame[["source", "period", "url", "note"]] = table[["source", "period", "url", "note"]]
    return frame[list(OBSERVATION_COLUMNS)]


def regional_volume(folder: Path) -> pd.DataFrame:
    """Published regional volumes; the column ``kind`` tells quotes from back-casts."""
    columns: tuple[str, ...] = (
        "region",
        "region_code",
        "period_start",
        "period_end",
        "value_received_usd_bn",
    )
    columns += ("share_of_global_pct", "kind", "url", "note", "origin")
    table = read_table(folder, "regional_volume", columns)[list(columns)].copy()
    north = table["region"] == "North America"
    table.loc[north, "region_code"] = "NAM"
    in_paper = table["url"].astype(str).str.startswith(UN_PAPER)
    table["source"] = in_paper.map({True: "un_e_c16_2023_7", False: "chainalysis_geography"})
    table.loc[in_paper, "origin"] = "Chainalysis, as quoted by " + UN_PAPER + ", paragraph 20"
    table["date"] = period_ends(table["period_end"])
    return table.sort_values(["period_end", "region", "kind"], kind="stable", ignore_index=True)


def regulation(folder: Path, supplement: Path | None = None) -> pd.DataFrame:
    """Bans, taxes, licensing, legal tender with date and page; rows added by hand follow the same columns."""
    table = read_table(folder, "regulation", REGULATION_COLUMNS)[list(REGULATION_COLUMNS)].astype("str")
    table = table.replace({"nan": None})
    in_paper = table["source"].str.startswith("UN ")
    table["source_id"] = source_ids("regulation", table["source"])
    tender = in_paper & (table["status"] == "legal_tender")
    table.loc[in_paper, "source"] = UN_PAPER + ", paragraph 23 (Law Library of Congress, November 2021)"
    table.loc[tender, "source"] = UN_PAPER + ", paragraph 21"
    table.loc[in_paper, "url"] = "https://undocs.org/E/C.16/2023/7"
    unnamed = table["url"].str.startswith("github code search")
    table.loc[unnamed, "url"] = ""
    table.loc[unnamed, "note"] = "read in a public data set whose address was not kept"
    if supplement is not None and (supplement / "regulation.csv").is_file():
        added = read_table(supplement, "regulation", REGULATION_COLUMNS)[list(REGULATION_COLUMNS)]
        added = added.astype("object").where(added.notna(), None)
        added["source_id"] = source_ids("regulation", added["source"])
        table = pd.concat([table, added], ignore_index=True)
    table["date"] = period_ends(table["as_of_or_from"])
    return table.sort_values(["iso3", "status", "date", "source"], kind="stable", ignore_index=True)


def remittance_corridors(folder: Path) -> pd.DataFrame:
    """Cost of sending money by corridor and quarter; both editions of the source where they overlap."""
    columns = (
        "from_iso3",
        "to_iso3",
        "date",
        "cost_200_pct",
        "cost_500_pct",
        "fx_margin_200_pct",
        "num_providers",
    )
    table = read_table(folder, "remittance_cost_corridor", (*columns, "source"))
    out = table[list(columns)].copy()
    out["period"], out["date"] = table["date"], period_ends(table["date"])
    out["source"] = source_ids("remittance_cost_corridor", table["source"])
    return out.sort_values(["to_iso3", "from_iso3", "date", "source"], kind="stable", ignore_index=True)


def read_facts(supplement: Path) -> tuple[pd.DataFrame, list[SeriesSpec], list[Source]]:
    """Facts typed by hand, with the series and sources that the catalogue does not know yet.

    Returns
    -------
    observations : DataFrame
    series : list of SeriesSpec
    sources : list of Source

    Raises
    ------
    DataError
        Naming file and line of the first unusable row.
    """
    empty = pd.DataFrame(columns=list(OBSERVATION_COLUMNS))
    path = supplement / "facts.csv"
    if not path.is_file():
        return empty, [], []
    table = read_table(supplement, "facts", FACT_COLUMNS)
    if table.empty:
        return empty, [], []
    table = table.reset_index(drop=True)
    for position, row in enumerate(table.to_dict("records")):
        _check_fact(row, f"{path.name}:{position + 2}")
    table["date"] = period_ends(table["period"])
    frame = table[list(COLUMNS)].copy()
    frame["period"], frame["url"] = table["period"].astype(str), table["url"].fillna("")
    frame["note"] = table["note"].fillna("")
    return frame[list(OBSERVATION_COLUMNS)], _fact_series(table), _fact_sources(table)


def _check_fact(row: dict[object, object], where: str) -> None:
    known = catalogue().series.get(str(row["series"]))
    problems = []
    if not is_place(str(row["country"])):
        problems.append(f"unknown country {row['country']!r}")
    try:
        period_end(str(row["period"]))
    except ValueError as error:
        problems.append(str(error))
    if row["unit"] not in UNITS:
        problems.append(f"unknown unit {row['unit']!r}")
    elif known is not None and row["unit"] != known.unit:
        problems.append(f"unit {row['unit']!r}, but {known.id} is in {known.unit!r}")
    if row["data_class"] not in get_args(DataClass):
        problems.append(f"unknown class {row['data_class']!r}")
    if row["licence_class"] not in SHIPPED:
        problems.append(f"licence class {row['licence_class']!r} may not be shipped")
    if row["licence_class"] == "non-commercial":
        problems.append("non-commercial figures stand in a resource of their own and cannot be typed here")
    if not isinstance(row["value"], int | float) or not math.isfinite(row["value"]):
        problems.append(f"value {row['value']!r} is no number")
    if not isinstance(row["source"], str) or not isinstance(row["organisation"], str):
        problems.append("source and organisation must be given")
    if problems:
        raise DataError("; ".join(problems), where=where)


def _fact_series(table: pd.DataFrame) -> list[SeriesSpec]:
    specs = []
    for name, rows in table.groupby("series", sort=True):
        first = rows.iloc[0]
        specs.append(
            SeriesSpec(
                str(name),
                str(first["unit"]),
                frequency_of(str(first["period"])),
                cast(DataClass, str(first["data_class"])),
                (tuple(sorted(_distinct(rows["source"]))),),
                description="Quoted figure; its note says what it is",
            )
        )
    return specs


def _fact_sources(table: pd.DataFrame) -> list[Source]:
    sources = []
    for name, rows in table.groupby("source", sort=True):
        first = rows.iloc[0]
        classes = _distinct(rows["data_class"])
        sources.append(
            Source(
                str(name),
                str(first["organisation"]),
                "Quoted figures, each with its page",
                "facts with attribution",
                cast(LicenceClass, str(first["licence_class"])),
                str(first["url"])
                if isinstance(first["url"], str) and len(_distinct(rows["url"])) == 1
                else "",
                f"Source: {first['organisation']}",
                classes[0] if len(classes) == 1 else "",
            )
        )
    return sources


def _distinct(values: Iterable[object]) -> list[str]:
    return list(dict.fromkeys(str(value) for value in values))
