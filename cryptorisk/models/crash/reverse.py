"""Reverse stress: the smallest shock, or the smallest holding, that takes a loss past a threshold.

Every loss here is a known function of one unknown that only rises with it, so that the smallest value that breaches is the
root, in closed form but for banks' CET1 ratio (`Capital.smallest_fall`). Other parts of the scenario stay at nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal, NamedTuple

import pandas as pd

from cryptorisk.estimate import Estimate, number, one_digit
from cryptorisk.models.crash.bank_capital import READINGS, Capital, requirements
from cryptorisk.models.crash.one_side import Side, bounded
from cryptorisk.models.crash.scenarios import Scenario
from cryptorisk.models.crash.surroundings import Surroundings
from cryptorisk.models.exposure import Exposure
from cryptorisk.models.exposure.holdings import Band
from cryptorisk.models.part import Part
from cryptorisk.params import CrashParams
from cryptorisk.result import Column, Table
from cryptorisk.rules.sco60 import LIMIT_SHARE, NOTIFY_SHARE

Driver = Literal["fall", "redemption", "holding", "depreciation"]
NEVER: dict[Driver, str] = {
    "fall": "not by a fall of 100 %",
    "redemption": "not by redeeming all",
    "holding": "not by any holding",
    "depreciation": "not by any depreciation",
}
MONTHS_A_YEAR = 12
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
    gdp = exposure.gdp
    if gdp is None or exposure.holdings is None or split.central == 0:
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
            for against, amount in zip((gdp.low, gdp.central, gdp.high), exposed, strict=True)
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
    """
    threshold = f"Reserves below {params.reserves_months:g} months of imports"
    cause = "Residents' stablecoins for which the authority pays in the issuers' place"
    held, imports = around.reserves.usd, around.imports_usd
    if held is None or imports is None or stable is None:
        reason = (
            around.reserves.reason if held is None else "imports or holdings of stablecoins are not known"
        )
        return [Breach(threshold, "redemption", cause, (math.nan,) * 3, reason=reason)]
    spare = held - params.reserves_months / MONTHS_A_YEAR * imports
    shares = tuple(smallest_fall(spare, amount) for amount in (stable.high, stable.central, stable.low))
    return [Breach(threshold, "redemption", cause, _three(shares), coarse or around.coarse_reserves)]


def bank_breaches(
    capital: Capital | None,
    bare: Capital | None,
    exposure_share: float | None,
    params: CrashParams,
    coarse: bool,
    own_currency: bool = True,
) -> list[Breach]:
    """What takes banks past the limits of SCO60 and below the requirements for CET1.

    Parameters
    ----------
    capital : Capital or None
    bare : Capital or None
        Capital and risk-weighted assets alone, which are enough to say how much could be lost.
    exposure_share : float or None
        Exposure to Tier 1; rounded up to one digit where a figure behind it is confidential.
    params : CrashParams
    coarse : bool
    own_currency : bool
        Whether there is a currency that can lose value against the dollar.

    Notes
    -----
    A fall of prices shrinks the exposure faster than Tier 1, so that it breaches no limit of SCO60; a larger holding, a rise
    of the price or a weaker national currency does.
    """
    found = []
    nothing = "at least 0 %" if coarse else "any"
    for limit in (NOTIFY_SHARE, LIMIT_SHARE):
        threshold = f"Banks' exposure above {100 * limit:g} % of Tier 1"
        if exposure_share is None:
            why = "banks' exposure or Tier 1 is not public"
            found.append(Breach(threshold, "fall", "Fall of bitcoin", (math.nan,) * 3, reason=why))
            continue
        above = exposure_share > limit
        found.append(Breach(threshold, "fall", "Fall of bitcoin", (0.0 if above else None,) * 3, coarse))
        if above:
            continue
        room = 100 * max(0.0, limit - exposure_share)
        found.append(_banks(threshold, "holding", "Further exposure", room, coarse, nothing))
        if own_currency:
            cause = 1.0 - exposure_share / limit if exposure_share > 0 else None
            words = "Depreciation, prices in dollars unchanged"
            found.append(_banks(threshold, "depreciation", words, cause, coarse, nothing))
    for requirement in requirements(params.cet1_requirement):
        threshold = f"Banks' CET1 ratio below {100 * requirement:g} %"
        if capital is None:
            why = "banks' exposure and capital are not public"
            found.append(Breach(threshold, "fall", "Fall of bitcoin", (math.nan,) * 3, reason=why))
        else:
            found += _capital_breaches(capital, requirement, threshold, coarse)
        if bare is not None:
            room = 100 * max(0.0, bare.cet1 - requirement * bare.rwa) / bare.tier1
            found.append(_banks(threshold, "holding", "Exposure that is lost whole", room, coarse, "already"))
    return found


def _capital_breaches(capital: Capital, requirement: float, threshold: str, coarse: bool) -> list[Breach]:
    """The fall by each reading of the weights, or one line where they agree."""
    zero = "already"
    if (
        capital.cet1 >= requirement * capital.rwa
    ):  # by the weights, of an exposure that may have been rounded up
        zero = "at least 0 %" if coarse else "already, by the weights"
    causes = {reading: capital.smallest_fall(requirement, reading) for reading in READINGS}
    if causes["limit"] == causes["all"]:
        return [_banks(threshold, "fall", "Fall of bitcoin, by both readings", causes["all"], coarse, zero)]
    return [
        _banks(threshold, "fall", f"Fall of bitcoin, {words}", causes[reading], coarse, zero)
        for reading, words in READINGS.items()
    ]


def _banks(
    threshold: str, driver: Driver, words: str, cause: float | None, coarse: bool, at_zero: str
) -> Breach:
    """A line on banks, whose figures have no range."""
    side: Side | None = "at least" if coarse else None
    return Breach(threshold, driver, words, (cause,) * 3, coarse, at_zero=at_zero, side=side)


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
        "loss in full, without tax relief, with 1250 % on what the limit penalises or on all that is left."
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
