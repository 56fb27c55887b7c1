"""What money would be held in if its costs changed: nested-CES scenarios from today's shares and costs. No forecast."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from cryptorisk.estimate import Estimate, number
from cryptorisk.models.flight.part import GIVES_AWAY, merge_sources
from cryptorisk.models.part import Part
from cryptorisk.models.substitution.assets import End
from cryptorisk.models.substitution.context import deposit_dollarisation
from cryptorisk.models.substitution.findings import HIGH_INFLATION_PCT
from cryptorisk.models.substitution.money import OLDEST_AMOUNT_YEARS, years_old
from cryptorisk.models.substitution.sample import official_rate
from cryptorisk.models.substitution.seigniorage import OLDEST_INTEREST_YEARS, interest
from cryptorisk.models.substitution.verdict import STABLE_SHARE, devaluations, stable_share
from cryptorisk.params import Params
from cryptorisk.result import Column, Table
from cryptorisk.stats.ces import MoneyShares, UserCosts, calibrate, user_cost

if TYPE_CHECKING:
    from cryptorisk.data.inputs import Inputs, Observation

ELASTICITIES = (0.5, 1.0, 3.0)
"""Between national and foreign money. Short samples hardly identify it; the three span moneys that are held for
different uses, Cobb-Douglas, and close substitutes. None is an estimate for any country."""

INNER = 3.0
"""Between bank money and stablecoins of the same currency: as close as the closest case above. A convention."""

RISES = (5.0, 10.0)
"""Points by which the yearly cost of national money rises in the scenarios."""

PAYS = 0.5
"""Part of the bill rate that remunerated stablecoins hand on in the scenario; the rest is the issuer's."""

OLDEST_START_YEARS = OLDEST_AMOUNT_YEARS
"""A starting share stands for today's level and is taken for the demand at today's costs, so that it may be as old as
an amount, the price sample or reserves. A share that is shown with its year may be older
(`context.OLDEST_DEPOSITS_YEARS`)."""

BILL_RATES = (
    "us_3m_tbill_weekly_pct",
    "us_3m_tbill_discount_pct",
    "us_1m_tbill_weekly_pct",
    "us_effr_daily_pct",
)
"""What a dollar earns, in order of preference."""

FUNCTION = "cryptorisk.models.substitution.scenarios.shares"
_LABELS = {
    "ces_foreign_share": "Foreign-currency share of money if national money cost 10 points more a year (scenario)",
    "ces_stablecoin_share": "Stablecoins' share of money if they paid half the US bill rate (scenario)",
}


class Cost(NamedTuple):
    """A yearly cost in percent, where it comes from and how it is told."""

    pct: float
    told: str
    series: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Start:
    """Where the scenarios start: a share of foreign currency and what national money and the dollar cost."""

    foreign: float
    national: Cost
    bill: Cost
    told: str
    series: tuple[str, ...]
    sources: tuple[str, ...]


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


def starting_point(inputs: Inputs, params: Params) -> Start | str:
    """Today's share of foreign currency and costs, or why there is none."""
    if params.substitution.reference_currency != "USD":
        return "the data have no short-term interest rate of the euro"
    held = deposit_dollarisation(inputs)
    if held.value is None:
        return f"no starting share: {held.reason}"
    if not 0 < held.value < 100:
        return f"a starting share of {number(held.value, 0)} % leaves nothing to substitute"
    national, bill = cost_of_national_money(inputs), bill_rate(inputs)
    if isinstance(national, str):
        return national
    if isinstance(bill, str):
        return bill
    used = (*held.inputs, *national.series, *bill.series)
    if inputs.confidential & {*used, "cpi_inflation_pct", "official_fx_lcu_per_usd"}:
        return GIVES_AWAY
    if outlived := _outlived(inputs, params):
        return f"no starting share: {outlived}"
    return Start(
        held.value / 100,
        national,
        bill,
        f"foreign currency {number(held.value, 1)} % of deposits ({held.date}, taken for today's), {national.told}, "
        f"{bill.told}",
        used,
        merge_sources(held.sources, national.sources, bill.sources),
    )


def _outlived(inputs: Inputs, params: Params) -> str:
    """Why the latest share cannot be taken for today's; empty when it can."""
    share = inputs.latest("deposit_dollarization_pct")
    assert share is not None
    told, age = f"the latest is of {share.date:%Y}", years_old(inputs, share)
    if age > OLDEST_START_YEARS:
        return (
            f"{told}, {number(age, 0)} years before the report (at most {OLDEST_START_YEARS} are accepted for a share "
            "that is taken for today's; an own deposit_dollarization_pct opens the scenario)"
        )
    prices = inputs.series("cpi_inflation_pct").values.dropna()
    falling = prices[(prices.index > pd.Timestamp(share.date)) & (prices >= HIGH_INFLATION_PCT)]
    if not falling.empty:
        return (
            f"{told}, and inflation was {number(float(falling.iloc[-1]), 0)} % in {falling.index[-1]:%Y} "
            f"({HIGH_INFLATION_PCT:.0f} % or more since then moves what money is held in)"
        )
    step = _devalued_after(inputs, params, pd.Timestamp(share.date))
    return f"{told}, and the fixed official rate was devalued in {step:%Y-%m}" if step is not None else ""


def _devalued_after(inputs: Inputs, params: Params, date: pd.Timestamp) -> pd.Timestamp | None:
    """The last devaluation of an otherwise fixed official rate after a date, as `verdict.rate_verdict` has it."""
    months = params.substitution.window_months + params.substitution.horizon_months
    rate = official_rate(inputs, params)[0].iloc[-months:]
    logs = np.log(rate.to_numpy(dtype=np.float64))
    if stable_share(logs) < STABLE_SHARE:
        return None
    later = [rate.index[place] for place, _size in devaluations(logs) if rate.index[place] > date]
    return later[-1] if later else None


def cost_of_national_money(inputs: Inputs) -> Cost | str:
    """What national money costs its holder in a year: the interest forgone, or inflation where that takes more."""
    rate, prices = interest(inputs), inputs.latest("cpi_inflation_pct")
    known: list[tuple[str, str, Observation]] = []
    if rate is not None:
        kind = "policy rate" if rate[0] == "policy_rate_pct" else "deposit rate"
        known.append((kind, *rate))
    if prices is not None and years_old(inputs, prices) <= OLDEST_INTEREST_YEARS:
        known.append(("inflation", "cpi_inflation_pct", prices))
    if not known:
        return f"no interest rate and no inflation of the last {OLDEST_INTEREST_YEARS} years in the data"
    kind, _series, taken = max(known, key=lambda one: one[2].value)
    if taken.value <= 0:
        return f"national money costs its holder nothing ({kind} {number(taken.value, 1)} %): its share has no bound"
    # Both were looked at to choose: a confidential one would be given away by the choice.
    return Cost(
        taken.value,
        f"{kind} {number(taken.value, 1)} % ({taken.date:%Y-%m})",
        tuple(one[1] for one in known),
        (taken.source,),
    )


def bill_rate(inputs: Inputs) -> Cost | str:
    """What a dollar earns in short-term bills."""
    for series in BILL_RATES:
        latest = inputs.latest(series, country="WLD")
        if latest is not None and years_old(inputs, latest) <= OLDEST_INTEREST_YEARS and latest.value > 0:
            told = f"US rate {number(latest.value, 1)} % ({latest.date:%Y-%m})"
            return Cost(latest.value, told, (series,), (latest.source,))
    return "no positive US short-term rate of the last years in the data"


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
