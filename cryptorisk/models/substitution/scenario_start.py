"""Where the scenarios of money start: a share of foreign currency fit for today, and what moneys cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from cryptorisk.estimate import number
from cryptorisk.models.flight.part import GIVES_AWAY, merge_sources
from cryptorisk.models.substitution.context import deposit_dollarisation
from cryptorisk.models.substitution.findings import HIGH_INFLATION_PCT
from cryptorisk.models.substitution.money import OLDEST_AMOUNT_YEARS, years_old
from cryptorisk.models.substitution.sample import official_rate
from cryptorisk.models.substitution.seigniorage import OLDEST_INTEREST_YEARS, interest
from cryptorisk.models.substitution.verdict import STABLE_SHARE, devaluations, stable_share
from cryptorisk.params import Params

if TYPE_CHECKING:
    from cryptorisk.data.inputs import Inputs, Observation

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
