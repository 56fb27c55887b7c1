"""Figures side by side: what came beside what the previous vintage has for the same period."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cryptorisk.data.catalogue import SeriesSpec
from cryptorisk.data.checks.case import Case, Floats, Mask
from cryptorisk.data.checks.markets import is_market_price

WITHOUT_UNIT = frozenset({"index", "score", "rank", "ratio", "none"})
"""Their level is a convention of each source."""


def has_no_unit(spec: SeriesSpec) -> bool:
    """Whether the level of a series is a convention of each source; a market's index is the same everywhere."""
    return spec.unit in WITHOUT_UNIT and not is_market_price(spec)


def logarithm(value: Floats, reference: Floats) -> Floats:
    """Base-10 logarithm of the ratio; NaN where there is none (zeros, unequal signs, no figure)."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ratio = value / reference
        return np.where(np.isfinite(ratio) & (ratio > 0), np.log10(ratio), np.nan)


def with_others(case: Case, chosen: Mask) -> pd.DataFrame:
    """Chosen rows beside the previous figures of the series' other sources for the same period.

    Returns
    -------
    DataFrame
        Columns row (position of the fetched row), number (of its block), source (of the other figure), value, reference.
    """
    rows, old = case.fetched, case.previous
    at = np.flatnonzero(chosen)
    mine = pd.DataFrame(
        {
            "row": at,
            "number": rows.number[at],
            "own": rows.source[at],
            "place": rows.place[at],
            "value": rows.value[at],
        }
    )
    theirs = pd.DataFrame({"place": old.place, "source": old.source, "reference": old.value})
    pairs = mine.merge(theirs[theirs["place"].isin(mine["place"])], on="place")
    return pairs[pairs["own"] != pairs["source"]][["row", "number", "source", "value", "reference"]]


def with_own(case: Case, chosen: Mask) -> pd.DataFrame:
    """The same for the previous figures of the row's own source."""
    rows = case.fetched
    at = np.flatnonzero(chosen & ~np.isnan(case.before))
    return pd.DataFrame(
        {
            "row": at,
            "number": rows.number[at],
            "source": rows.source[at],
            "value": rows.value[at],
            "reference": case.before[at],
        }
    )
