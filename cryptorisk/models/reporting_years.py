"""Fiscal years behind national accounts: of which twelve months an economy's GDP of a year is.

The table `reporting_years.csv` has the economies, the fiscal year and how many months after December of the labelled
year it ends (the World Bank labels a year by the calendar year that holds the larger part of it). Sources: the World
Bank's country notes to the World Development Indicators (``wdi_note``), their rule of labelling
(https://datahelpdesk.worldbank.org/knowledgebase/articles/201203), and a test: GDP in national currency over GDP in
dollars, both of the World Economic Outlook, is the mean official rate of that year, to half a percent.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import pandas as pd


@dataclass(frozen=True)
class ReportingYear:
    """The fiscal year of an economy's accounts; it ends ``months_after_december`` of the year that labels it."""

    economy: str
    period: str
    months_after_december: int


@cache
def reporting_years() -> dict[str, ReportingYear]:
    """The table, by economy."""
    place = files("cryptorisk.models").joinpath("reporting_years.csv")
    with place.open(encoding="utf-8") as stream:
        table = pd.read_csv(stream, keep_default_na=False)
    return {
        str(row["economy"]): ReportingYear(
            str(row["economy"]), str(row["period"]), int(row["months_after_december"])
        )
        for row in table.to_dict("records")
    }


def reporting_year(economy: str) -> ReportingYear | None:
    """The fiscal year of the accounts; None where they follow the calendar."""
    return reporting_years().get(economy)
