"""GDP in dollars at a rate that nothing in the data confirms: the official one is marked or has ended, with no other.

A second price of a dollar gives GDP a range (`cryptorisk.models.gdp_dollars`). Without one the source's rate stands, which
is no finding that dollars could be had at it: where the official rate is known to have been none, or is no longer known, a
reader is told so.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cryptorisk.countries import country
from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import number
from cryptorisk.models.gdp_dollars import FEWEST_MONTHS, gdp_rates, last_month, quoted
from cryptorisk.models.official import MONTHLY
from cryptorisk.models.official import monthly as official_by_month

IN_DOLLARS = 0.001
"""Log distance from one dollar per dollar below which a source's GDP is counted in dollars and converted at no rate."""


def unchecked_rate(inputs: Inputs, year: int, sources: Sequence[str] | None = None) -> str:
    """That GDP's rate cannot be checked and why, in full sentences; empty where it can, or where there is none.

    Asked of economies with a money of their own: an official rate that a known fault marks in `FEWEST_MONTHS` months of the
    accounts' year, or that has no month in it any more, and no price outside the official market in as many.

    Parameters
    ----------
    inputs : Inputs
    year : int
        Of GDP.
    sources : sequence of str, optional
        Where GDP is read; the catalogue's precedence by default.
    """
    code = inputs.country
    if country(code).status_on(inputs.as_of) != "own_currency":
        return ""
    rate = gdp_rates(inputs, code, sources).get(year)
    if rate is None or abs(np.log(rate)) < IN_DOLLARS:
        return ""
    why = _why(inputs, year)
    if not why or quoted(inputs, year):
        return ""
    digits = 0 if rate >= 100 else 2
    return (
        f"GDP of {year} is converted by its source at {number(float(rate), digits)} per dollar. Whether dollars cost more "
        f"than that is not known: {why}, and no price outside the official market is known here."
    )


def _why(inputs: Inputs, year: int) -> str:
    """What is wrong with the official rate in the accounts' year; empty where nothing is."""
    end = last_month(year, inputs.country)
    rate = official_by_month(inputs, inputs.country)
    marked = inputs.table("faults")
    marked = marked[(marked["series"] == MONTHLY) & (marked["country"] == inputs.country)]
    for _, fault in marked[marked["action"] == "flag"].iterrows():
        since, until = fault["from"], fault["to"]
        first = max(pd.Period(since, "M"), end - 11) if isinstance(since, str) else end - 11
        final = min(pd.Period(until, "M"), end) if isinstance(until, str) else end
        if (final - first).n + 1 >= FEWEST_MONTHS:
            return f"the official rate is marked in the data ({fault['reason']})"
    if rate.empty:
        return "the data have no official rate"
    last = pd.Timestamp(str(rate.index[-1]))
    return "" if last.to_period("M") > end - 12 else f"the last official rate in the data is of {last:%Y-%m}"
