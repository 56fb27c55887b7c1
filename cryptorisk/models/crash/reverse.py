"""Reverse stress: the smallest shock, or the smallest holding, that takes a loss past a threshold.

Every loss here is a known function of one unknown that only rises with it, so that the smallest value that breaches is the
root, in closed form but for banks' CET1 ratio (`Capital.smallest_fall`). Other parts of the scenario stay at nothing. Banks'
thresholds: `cryptorisk.models.crash.reverse_banks`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal, NamedTuple

import pandas as pd

from cryptorisk.estimate import Estimate, number, one_digit
from cryptorisk.models.crash.one_side import Side, bounded
from cryptorisk.models.crash.scenarios import Scenario
from cryptorisk.models.crash.surroundings import Surroundings
from cryptorisk.models.exposure import Exposure
from cryptorisk.models.exposure.holdings import Band
from cryptorisk.models.part import Part
from cryptorisk.params import CrashParams
from cryptorisk.result import Column, Table

Driver = Literal["fall", "redemption", "holding", "depreciation"]
NEVER: dict[Driver, str] = {
    "fall": "not by a fall of 100 %",
    "redemption": "not by redeeming all",
    "holding": "not by any holding",
    "depreciation": "not by any depreciation",
}
NOT_KNOWN = "n.a."


class Breach(NamedTuple):
    """One threshold and the smallest cause, at high, central and low exposure (all alike where there is no range).

    ``causes`` are shares, or percent of GDP or of Tier 1 for holdings; None where nothing breaches, NaN where unknown.
    ``at_zero`` says what a cause of nothing means; ``side`` whether a confidential cause is rounded down, "at least" that.
    """

    threshold: str
    driver: Driver
    cause: str
    causes: tuple[float | None, float | None, float | None]
    coarse: bool = False
    reason: str = ""
    at_zero: str = "already"
    side: Side | None = None


def smallest_fall(limit_usd: float, exposed_usd: float) -> float | None:
    """Smallest fall of prices that costs more than an amount: ``limit / exposed``; None when a fall of 100 % does not.

    Parameters
    ----------
    limit_usd, exposed_usd : float
        Amount that may be lost, and what falls with the price.
    """
    if exposed_usd <= 0 or limit_usd >= exposed_usd:
        return None
    return max(limit_usd, 0.0) / exposed_usd


def household_breaches(exposure: Exposure, scenario: Scenario, params: CrashParams) -> list[Breach]:
    """Fall, and holdings in percent of GDP, with which households lose more than the limit."""
    limit, split = params.household_loss_limit, exposure.bitcoin_share
    threshold = f"Households lose {100 * limit:g} % of GDP"
    found: list[Breach] = []
    under = exposure.under
    if under is None or exposure.holdings is None or split.central == 0:
        reason = (
            exposure["household_holdings_pct_gdp"].reason
            or "households' holdings of bitcoin are not estimated"
        )
        found.append(Breach(threshold, "fall", "Fall of bitcoin", (math.nan,) * 3, reason=reason))
    else:
        held = exposure.holdings
        exposed = (held.high * split.high, held.central * split.central, held.low * split.low)
        causes = tuple(
            smallest_fall(limit * against, amount)
            for against, amount in zip((under.high, under.central, under.low), exposed, strict=True)
        )
        found.append(Breach(threshold, "fall", "Fall of bitcoin", _three(causes), exposure.hidden))
    if split.central > 0:
        sizes = tuple(
            100 * limit / scenario.loss_share(share) for share in (split.high, split.central, split.low)
        )
        cause = f"Holdings, {scenario.name}"
        found.append(Breach(threshold, "holding", cause, _three(sizes)))
    return found


def government_breaches(
    government_usd: float | None, revenue_usd: float | None, params: CrashParams, coarse: bool
) -> list[Breach]:
    """Fall with which the state loses more than the limit of its revenue."""
    threshold = f"Government loses {100 * params.government_loss_limit:g} % of yearly revenue"
    if government_usd is None or revenue_usd is None:
        why = (
            "no published holdings were found"
            if government_usd is None
            else "its revenue is not in the vintage"
        )
        return [Breach(threshold, "fall", "Fall of bitcoin", (math.nan,) * 3, reason=why)]
    cause = smallest_fall(params.government_loss_limit * revenue_usd, government_usd)
    return [Breach(threshold, "fall", "Fall of bitcoin", (cause,) * 3, coarse)]


def reserves_breaches(
    stable: Band | None, around: Surroundings, params: CrashParams, coarse: bool
) -> list[Breach]:
    """Share of residents' stablecoins that takes reserves below the months of imports if the authority paid for it.

    An issuer abroad pays dollars, which takes nothing from reserves: only an authority in its place would draw on them.
    On confidential reserves or imports it is the least share that their digit leaves possible: to the nearest digit reserves
    may seem to be above a minimum that they miss, and a verdict from the figure itself would tell more than the digit.
    """
    threshold = f"Reserves below {params.reserves_months:g} months of imports"
    cause = "Residents' stablecoins for which the authority pays in the issuers' place"
    spare = around.spare(params.reserves_months)
    if spare is None or stable is None:
        reason = around.reserves.reason or "imports or holdings of stablecoins are not known"
        return [Breach(threshold, "redemption", cause, (math.nan,) * 3, reason=reason)]
    least, most = spare
    shares = _three(
        tuple(smallest_fall(least, amount) for amount in (stable.high, stable.central, stable.low))
    )
    if not (around.hidden_reserves or around.hidden_imports):
        return [Breach(threshold, "redemption", cause, shares, coarse)]
    zero = "already" if most <= 0 else "at least 0 %"
    return [Breach(threshold, "redemption", cause, shares, True, at_zero=zero, side="at least")]


def reverse_part(breaches: Sequence[Breach], sources: tuple[str, ...]) -> Part:
    """``crash.reverse``, and the smallest fall that costs households the limit as an estimate.

    Parameters
    ----------
    breaches : sequence of Breach
    sources : tuple of str
    """
    rows = [(b.threshold, b.cause, *(_cell(b, cause) for cause in b.causes), b.reason) for b in breaches]
    columns: tuple[Column, ...] = (
        Column("threshold", "Threshold"),
        Column("cause", "Smallest cause"),
        Column("high", "At high exposure"),
        Column("central", "At central"),
        Column("low", "At low"),
        Column("reason", "Why not known"),
    )
    if not any(b.reason for b in breaches):
        columns = columns[:-1]
    frame = pd.DataFrame(rows, columns=["threshold", "cause", "high", "central", "low", "reason"])
    table = Table(
        "crash.reverse",
        "Reverse stress: what it would take",
        frame,
        columns,
        note="One cause at a time, everything else unchanged; no probability is attached. Banks' and the government's "
        "figures have no range. A fall shrinks banks' exposure faster than Tier 1 and breaches no limit of SCO60. CET1: "
        "loss in full, without tax relief, with 1250 % on all that is left or, for hedged positions, on what the limit "
        "penalises."
        + (
            " To one digit where a confidential figure stands behind it."
            if any(b.coarse for b in breaches)
            else ""
        ),
        sources=sources,
    )
    return Part((_household_estimate(breaches, sources),), (table,))


def _cell(breach: Breach, cause: float | None) -> str:
    if cause is None:
        return NEVER[breach.driver]
    if math.isnan(cause):
        return NOT_KNOWN
    percent = cause if breach.driver == "holding" else 100 * cause
    if breach.coarse:
        percent = bounded(percent, breach.side) if breach.side else one_digit(percent) or 0.0
    if percent <= 0:
        return breach.at_zero
    unit = "%"
    if breach.driver == "holding":
        unit = "% of GDP" if breach.threshold.startswith("Households") else "% of Tier 1"
    text = f"{percent:g}" if breach.coarse else number(percent, 0 if percent >= 10 else 1)
    return f"{breach.side} {text} {unit}" if breach.side else f"{text} {unit}"


def _household_estimate(breaches: Sequence[Breach], sources: tuple[str, ...]) -> Estimate:
    name, label = (
        "crash.reverse_household_fall_pct",
        "Smallest fall of bitcoin that costs households the limit",
    )
    breach = next(b for b in breaches if b.driver == "fall" and b.threshold.startswith("Households"))
    label = f"Smallest fall of bitcoin with which {breach.threshold[0].lower()}{breach.threshold[1:]}"
    high, central, low = breach.causes
    if central is None:
        edge = "" if high is None else f"; at high exposure a fall of {_cell(breach, high)} would do"
        return Estimate.missing(
            name, label, "pct", f"a fall of 100 % does not at central exposure{edge}", applies=False
        )
    if math.isnan(central):
        return Estimate.missing(name, label, "pct", breach.reason)
    ends = {}
    if high is not None and high < central:
        ends = {"low": 100 * high, "high": 100 * (1.0 if low is None else low), "interval": "range"}
    made = Estimate(
        name,
        label,
        100 * central,
        "pct",
        method="Limit over what falls with the price; the range is that of the exposure"
        + (", cut at 100 % where low exposure does not reach the limit." if low is None else "."),
        sources=sources,
        function="cryptorisk.models.crash.reverse.smallest_fall",
        **ends,  # type: ignore[arg-type]
    )
    return made.coarsened() if breach.coarse else made


def _three(values: tuple[float | None, ...]) -> tuple[float | None, float | None, float | None]:
    first, second, third = values
    return first, second, third
