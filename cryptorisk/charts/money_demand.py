"""Tables on the demand for national money, or a line that says why there is none."""

from __future__ import annotations

from cryptorisk.charts.figure import Figure
from cryptorisk.result import Result, Table


def equation(result: Result) -> Table | Figure:
    """Coefficients of the demand for national money."""
    return _shown(result, "money_demand", "Demand for national money", "money_demand_substitution")


def tests(result: Result) -> Table | Figure:
    """Tests of the equation where it was estimated; else what it would need and what of it the data have."""
    name = "money_demand_tests" if "money_demand_tests" in result.tables else "money_demand_data"
    return _shown(result, name, "What the demand for national money would need", "money_demand_substitution")


def ratio(result: Result) -> Table | Figure:
    """The ratio of foreign to national money: answer to depreciation, ratchet, rises against falls."""
    return _shown(result, "currency_ratio", "Ratio of foreign to national money", "ratchet")


def _shown(result: Result, name: str, title: str, estimate: str) -> Table | Figure:
    if name in result.tables:
        return result.tables[name]
    if not result.applicable:
        return Figure.notice(f"substitution.{name}", title, result.reason.split(":")[0])
    found = result.estimates.get(estimate)
    return Figure.notice(
        f"substitution.{name}", title, found.reason if found and found.reason else "no table"
    )
