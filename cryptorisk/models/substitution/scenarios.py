"""What money would be held in if its costs changed: nested-CES scenarios from today's shares and costs. No forecast."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from cryptorisk.estimate import Estimate
from cryptorisk.models.part import Part
from cryptorisk.models.substitution.assets import End
from cryptorisk.models.substitution.scenario_start import Start, starting_point
from cryptorisk.params import Params
from cryptorisk.result import Column, Table
from cryptorisk.stats.ces import MoneyShares, UserCosts, calibrate, user_cost

if TYPE_CHECKING:
    from cryptorisk.data.inputs import Inputs

ELASTICITIES = (0.5, 1.0, 3.0)
"""Between national and foreign money. Short samples hardly identify it; the three span moneys that are held for
different uses, Cobb-Douglas, and close substitutes. None is an estimate for any country."""

INNER = 3.0
"""Between bank money and stablecoins of the same currency: as close as the closest case above. A convention."""

RISES = (5.0, 10.0)
"""Points by which the yearly cost of national money rises in the scenarios."""

PAYS = 0.5
"""Part of the bill rate that remunerated stablecoins hand on in the scenario; the rest is the issuer's."""

FUNCTION = "cryptorisk.models.substitution.scenarios.shares"
_LABELS = {
    "ces_foreign_share": "Foreign-currency share of money if national money cost 10 points more a year (scenario)",
    "ces_stablecoin_share": "Stablecoins' share of money if they paid half the US bill rate (scenario)",
}


@dataclass(frozen=True)
class Scenario:
    """A change of costs: points on national money, part of the bill rate that stablecoins pay, their cost."""

    name: str
    label: str
    rise: float = 0.0
    pays: float = 0.0
    access: End = "central"


SCENARIOS = (
    Scenario("today", "As observed"),
    *(Scenario(f"rise_{rise:.0f}", f"National money +{rise:.0f} points a year", rise) for rise in RISES),
    Scenario("cheap", "Stablecoins at their low cost", access="low"),
    Scenario("dear", "Stablecoins at their high cost", access="high"),
    Scenario("paying", "Stablecoins pay half the bill rate", pays=PAYS),
    Scenario("both", f"+{RISES[-1]:.0f} points, and stablecoins pay", RISES[-1], PAYS),
)


def ces_scenarios(inputs: Inputs, params: Params) -> Part:
    """Shares of national money, foreign bank money and stablecoins in scenarios of their costs.

    Parameters
    ----------
    inputs : Inputs
    params : Params
        Share of stablecoins in foreign money today, costs of buying and selling, holding period.

    Returns
    -------
    Part
        Estimates ``ces_foreign_share`` and ``ces_stablecoin_share``, ranges over elasticities (and costs of stablecoins);
        table ``ces_scenarios``. Missing with their reason without a starting share or a cost.
    """
    start = starting_point(inputs, params)
    if isinstance(start, str):
        return Part(tuple(missing(name, start) for name in _LABELS))
    by_name = {one.name: one for one in SCENARIOS}
    foreign = [shares(start, params, by_name["rise_10"], sigma).foreign for sigma in ELASTICITIES]
    paying = by_name["paying"]
    # The cost of access is not known: whatever it is, it is the same today and when stablecoins pay.
    coins = {
        (sigma, access): shares(
            start, params, replace(paying, access=access), sigma, access=access
        ).stablecoin
        for sigma in ELASTICITIES
        for access in _ACCESS
    }
    estimates = (
        _estimate(start, "ces_foreign_share", foreign[1], foreign),
        _estimate(start, "ces_stablecoin_share", coins[1.0, "central"], coins.values()),
    )
    return Part(estimates, (_table(start, params),))


_ACCESS: tuple[End, ...] = ("low", "central", "high")


def missing(name: str, reason: str) -> Estimate:
    """A scenario that cannot be given."""
    return Estimate.missing(f"substitution.{name}", _LABELS[name], "pct", reason)


def shares(
    start: Start, params: Params, scenario: Scenario, sigma: float, *, access: End = "central"
) -> MoneyShares:
    """Shares of the three moneys in a scenario, from weights that reproduce the start.

    Parameters
    ----------
    start : Start
    params : Params
    scenario : Scenario
    sigma : float
        Elasticity between national and foreign money.
    access : {"low", "central", "high"}
        Cost of stablecoins today, at which the weights reproduce the start. Where the scenario's is another one, the cost
        changes in the scenario.

    Notes
    -----
    A deposit that pays a constant part of the interest rate has a user cost in proportion to that of cash, so that the
    result is the same for it.
    """
    coins = params.substitution.stablecoin_share
    today = MoneyShares(1 - start.foreign, start.foreign * (1 - coins), start.foreign * coins)
    demand = calibrate(today, _costs(start, params, Scenario("today", "", access=access)), sigma, INNER)
    return demand.shares(_costs(start, params, scenario))


def _costs(start: Start, params: Params, scenario: Scenario) -> UserCosts:
    bill, years = start.bill.pct / 100, params.substitution.horizon_months / 12
    bank = params.substitution.bank_dollar_cost.central / years
    coins = getattr(params.substitution.stablecoin_cost, scenario.access) / years
    return UserCosts(
        user_cost((start.national.pct + scenario.rise) / 100),
        user_cost(bill, access=bank),
        user_cost(bill, scenario.pays * bill, coins),
    )


def _estimate(start: Start, name: str, value: float, span: Iterable[float]) -> Estimate:
    spans = [100 * one for one in span]
    coins = " and costs of stablecoins, the same before and after" if name == "ces_stablecoin_share" else ""
    over = f"elasticities {ELASTICITIES[0]:g} to {ELASTICITIES[-1]:g}{coins}"
    return Estimate(
        f"substitution.{name}",
        _LABELS[name],
        100 * value,
        "pct",
        low=min(spans),
        high=max(spans),
        data_class="modelled",
        interval="range",
        method=f"Nested CES demand for national money, foreign bank money and stablecoins; range over {over}.",
        sources=start.sources,
        inputs=start.series,
        function=FUNCTION,
        note=f"Scenario, not a forecast. From {start.told}.",
    )


def _table(start: Start, params: Params) -> Table:
    rows = []
    for scenario in SCENARIOS:
        row: dict[str, object] = {"scenario": scenario.label}
        for sigma in ELASTICITIES:
            found = shares(start, params, scenario, sigma)
            row[f"foreign_{sigma:g}"] = 100 * found.foreign
            row[f"coins_{sigma:g}"] = 100 * found.stablecoin
        rows.append(row)
    columns = [Column("scenario", "Scenario")]
    for sigma in ELASTICITIES:
        columns += [
            Column(f"foreign_{sigma:g}", f"Foreign currency, elasticity {sigma:g}", "% of money", 0),
            Column(f"coins_{sigma:g}", "of it stablecoins", "% of money", 1),
        ]
    coins, held = params.substitution.stablecoin_cost, params.substitution.horizon_months
    return Table(
        "substitution.ces_scenarios",
        "Scenario: what money would be held in if its costs changed",
        pd.DataFrame(rows),
        tuple(columns),
        f"Scenarios, not forecasts. From {start.told}; stablecoins {100 * params.substitution.stablecoin_share:g} % of "
        f"foreign money (assumption). Bought and sold within {held} months at a cost of {100 * coins.low:g}, "
        f"{100 * coins.central:g} or {100 * coins.high:g} % (bank dollars "
        f"{100 * params.substitution.bank_dollar_cost.central:g} %). Elasticity inside foreign money {INNER:g}. "
        "National money +5 points: its holder forgoes, or loses to prices, five percent more a year. "
        "The elasticity between national and foreign money is weakly identified everywhere: the spread between the "
        "columns is the answer.",
        start.sources,
    )
