"""External debt that falls due within a year as central banks publish it, by remaining maturity.

`remaining_maturity.csv` has the figures, each with the page where it was read. One of the year of the reserves takes the
place of the kit's estimate; all of them together say how far that estimate can fall short (`beyond_service`).
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from importlib.resources import files

import pandas as pd

from cryptorisk.models.flight.amount import Amount

SOURCE = "remaining_maturity_pages"
DAYS = 92
"""A figure at most a quarter from the year's end (an end of a fiscal year in March) is taken for it. Half a year is too far:
of what Egypt owed within a year in June 2024, half had been paid by December."""
DRIFT_A_YEAR = 0.15
"""The largest change a year between two dates of one economy in the table (Philippines, June 2023 to June 2024)."""
LARGEST_SHARE = 0.32
LARGEST_MULTIPLE = 2.5
"""The most of longer external debt, and the most in terms of mean debt service, that a published figure has falling due on
top of original maturity (India: 31 % and 2.5; Türkiye 8 to 25 % and 0.4 to 1.1; Philippines 8 to 10 % and 0.6 to 0.8).
The debt and service are the kit's, of the year's end next to the figure."""


@cache
def published_debt() -> pd.DataFrame:
    """All published figures.

    Returns
    -------
    DataFrame
        economy, date (Timestamp), bn_usd, short_term_bn_usd and external_debt_bn_usd (NaN where the page does not say),
        published (month), organisation, url, via, note.
    """
    with (
        files("cryptorisk.models.flight").joinpath("remaining_maturity.csv").open(encoding="utf-8") as stream
    ):
        table = pd.read_csv(stream, parse_dates=["date"])
    words = ["organisation", "url", "via", "note"]
    table[words] = table[words].fillna("")
    return table


def published_at(economy: str, year: int, as_of: dt.date) -> Amount | None:
    """The figure nearest to the end of a year, at most a quarter before or after it.

    Parameters
    ----------
    economy : str
        ISO code.
    year : int
    as_of : date
        Figures published in a later month are not known.

    Returns
    -------
    Amount or None
        With the range that the time between its date and the year's end leaves (`DRIFT_A_YEAR`).
    """
    table = published_debt()
    days = (table["date"] - pd.Timestamp(year, 12, 31)).dt.days.astype(float)
    known = table["economy"].eq(economy) & table["published"].le(f"{as_of:%Y-%m}")
    near = table.assign(distance=days.abs())[known & days.abs().le(DAYS)]
    if near.empty:
        return None
    row = near.sort_values("distance", kind="stable").iloc[0]
    value = float(row["bn_usd"]) * 1e9
    drift = DRIFT_A_YEAR * float(row["distance"]) / 365
    via = f", via {row['via']}" if row["via"] else ""
    date = pd.Timestamp(str(row["date"]))
    note = f"Remaining maturity at the end of {date:%B %Y}, as published: {row['organisation']}{via}, {row['url']}."
    return Amount(value, value * (1 - drift), value * (1 + drift), date.year, (SOURCE,), (), note)


def beyond_service(original: float, external_debt: float | None, service: float | None) -> float:
    """The most that falls due on top of original maturity by what was published: the smaller of two bounds.

    Parameters
    ----------
    original : float
        Debt of a short original maturity, USD.
    external_debt, service : float or None
        All external debt and the mean debt service of a year, USD.

    Returns
    -------
    float
        Nought where neither is known.
    """
    bounds = []
    if external_debt is not None:
        bounds.append(LARGEST_SHARE * max(external_debt - original, 0.0))
    if service is not None:
        bounds.append(LARGEST_MULTIPLE * service)
    return min(bounds, default=0.0)
