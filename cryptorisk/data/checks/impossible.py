"""Values that cannot be: no number, a date to come, below or above what the unit allows."""

from __future__ import annotations

import datetime as dt
import math
from functools import cache

import numpy as np

from cryptorisk.data.catalogue import SeriesSpec
from cryptorisk.data.checks.case import Case, Mask, Suspicion, suspicion
from cryptorisk.data.checks.markets import is_market_price, may_be_negative
from cryptorisk.data.checks.wording import figure, period

RULE = "impossible"

Bounds = tuple[float, float, bool]
"""Lowest and highest value, and whether the lowest is itself impossible."""

FREE: Bounds = (-math.inf, math.inf, False)
POSITIVE: Bounds = (0.0, math.inf, True)
NOT_NEGATIVE: Bounds = (0.0, math.inf, False)
SHARE: Bounds = (0.0, 100.0, False)

_LEVELS = ("cpi", "eer", "equity", "sp500", "gdp_index", "usd_broad", "dxy")
"""Words in the ids of indices that are levels of prices or quantities; scores lie around zero."""
_NEVER_NOTHING = frozenset(
    {
        "gdp_usd",
        "gdp_per_head_ppp",
        "imports_gs_usd",
        "imports_pct_gdp",
        "broad_money_pct_gdp",
        "broad_money_usd",
    }
)
"""No economy has none of these: a zero is a figure that is missing, and others are divided by it. Amounts in national
currency may be nought by rounding after redenominations (Venezuela)."""
_AMOUNTS = frozenset({"usd", "usd_bn", "lcu", "count", "coins", "kwh", "twh", "ratio", "months_imports"})
_OF_ALL = frozenset({"pct_population", "pct_deposits", "pct_world", "pct_electricity"})
_OF_ALL_IDS = ("findex_", "npl_ratio_pct", "unemployment_pct", "bank_capital_to_assets_pct")
_RATIOS = frozenset(
    {"pct_gdp", "pct_reserves", "pct_broad_money", "pct_remittances", "pct_revenue", "pct_cet1", "pct_tier1"}
)
_INFLATION: Bounds = (-100.0, math.inf, False)
ROUNDING = 1e-6
"""A share written as 100.0000001 is 100."""

_DAY_ZERO = dt.date(1970, 1, 1)


@cache
def bounds(spec: SeriesSpec) -> Bounds:
    """What values of a series can be, by its unit, its id and the catalogue's sign convention."""
    if spec.sign.startswith("positive ="):  # the catalogue names both directions: a net item
        return FREE
    if spec.unit in ("lcu_per_usd", "persons") or spec.id.endswith("_market_cap_usd"):
        return POSITIVE
    if spec.id in _NEVER_NOTHING:
        return POSITIVE
    if is_market_price(spec) or "_price_" in spec.id:
        return FREE if may_be_negative(spec) else POSITIVE
    if spec.unit == "index":  # scores of governance, openness and financial stress lie around zero
        return POSITIVE if any(part in spec.id for part in _LEVELS) else FREE
    if spec.unit == "rank":
        return (1.0, math.inf, False)
    if spec.unit in _OF_ALL or spec.unit == "score" or spec.id.startswith(_OF_ALL_IDS):
        return SHARE
    if spec.unit in _AMOUNTS or spec.unit in _RATIOS:
        return NOT_NEGATIVE
    return _INFLATION if "inflation" in spec.id else FREE


def impossible(case: Case) -> Suspicion:
    """Rows whose value or date cannot be, whatever the history says."""
    rows = case.fetched
    late = (rows.day > (case.date - _DAY_ZERO).days) | rows.undated
    broken = ~np.isfinite(rows.value)
    out = _outside(case)
    reasons = {row: _sentence(case, row) for row in np.flatnonzero(late | broken | out).tolist()}
    return suspicion(RULE, case, reasons)


def _outside(case: Case) -> Mask:
    value = case.fetched.value
    low, high = case.each(lambda spec: bounds(spec)[0]), case.each(lambda spec: bounds(spec)[1])
    shut = case.each(lambda spec: bounds(spec)[2]).astype(bool)
    with np.errstate(invalid="ignore", over="ignore"):
        below = (value < low) | ((value == low) & shut)
        return np.asarray(below | (value > high + ROUNDING), dtype=bool)


def _sentence(case: Case, row: int) -> str:
    spec, _, source = case.described(row)
    day, value = int(case.fetched.day[row]), float(case.fetched.value[row])
    if case.fetched.undated[row]:
        return f"{source} gives {figure(value)} without a date."
    when = period(day, spec.frequency)
    if not math.isfinite(value):
        return f"{source} gives {value} for {when}, which is no number."
    if day > (case.date - _DAY_ZERO).days:
        return f"{source} dates {figure(value)} at {when}, after the day of the refresh ({case.date})."
    low, high, shut = bounds(spec)
    if value <= low:
        limit = f"must be above {figure(low)}" if shut else f"cannot be below {figure(low)}"
    else:
        limit = f"cannot be above {figure(high)}"
    return f"{source} gives {figure(value)} for {when}; {spec.id} {limit}."
