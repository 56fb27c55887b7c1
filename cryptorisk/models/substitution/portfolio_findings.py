"""Which substitute for national money came out, in sentences by rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from cryptorisk.estimate import Estimate, number
from cryptorisk.models.substitution.asset_sample import AssetSample
from cryptorisk.models.substitution.break_even import assumed_gap
from cryptorisk.models.substitution.portfolio import Choice
from cryptorisk.params import Params
from cryptorisk.result import Finding

if TYPE_CHECKING:
    from cryptorisk.data.inputs import Inputs

SMALL_PCT = 5.0
"""A weight whose whole interval lies below a twentieth of savings is called negligible."""

NOTHING_PCT = 0.05
"""Upper ends that would be printed as nought."""

OLD_RECORD_MONTHS = 24
"""A record of stablecoin prices that ends two years before the report misses whole episodes."""


def portfolio_findings(
    estimates: Mapping[str, Estimate],
    found: Mapping[str, Choice],
    sample: AssetSample,
    inputs: Inputs,
    params: Params,
) -> tuple[Finding, ...]:
    """What came out, whether of stablecoins or of dollar deposits, and how far the record of stablecoins reaches."""
    says = [
        _substitute(estimates, found["risk_without"], sample, params),
        _bank_or_coin(estimates, assumed_gap(params), _held(inputs)),
    ]
    if (record := _record(sample, inputs, params)) is not None:
        says.append(record)
    return tuple(says)


def _substitute(
    estimates: Mapping[str, Estimate], risk: Choice, sample: AssetSample, params: Params
) -> Finding:
    coin, bitcoin = (
        estimates["substitution.portfolio_stablecoin"],
        estimates["substitution.portfolio_bitcoin"],
    )
    cost = estimates["substitution.portfolio_stablecoin_cost"]
    low, high = risk.found.interval(risk.drawn("stablecoin") - risk.drawn("bitcoin"))
    months = params.substitution.horizon_months
    shares = f"stablecoins {coin}, bitcoin {_hardly(bitcoin)}"
    if low > 0:
        text = (
            "Of what a saver without an account in foreign currency can buy, stablecoins and not bitcoin come out as "
            f"the substitute for national money: {shares} of the portfolio of least risk over {months} months"
        )
    elif high < 0:
        text = f"Bitcoin comes out ahead of stablecoins as a substitute for national money over {months} months: {shares}"
    elif _negligible(coin) and _negligible(bitcoin):
        text = f"Neither stablecoins nor bitcoin come out as a substitute for national money over {months} months: {shares}"
    elif _negligible(bitcoin):
        text = (
            f"Bitcoin does not come out as a substitute for national money over {months} months, and the sample does "
            f"not tell whether stablecoins do: {shares}"
        )
    else:
        text = f"The sample does not tell stablecoins and bitcoin apart as substitutes over {months} months: {shares}"
    text += (
        f". With the assumed costs of access stablecoins take {_or_none(cost)}. These are incentives, not amounts that "
        f"move{_reach(sample)}."
    )
    return Finding("substitution.portfolio", text, "notice", estimates=(coin.id, bitcoin.id, cost.id))


def _reach(sample: AssetSample) -> str:
    """Until when the data go, for the end of the sentence: prices and the rate, and the stablecoins' own record."""
    ends = [f"data to {sample.last:%Y-%m}"] if sample.last is not None else []
    if sample.deviation.last is not None:
        ends.append(f"stablecoins' own prices to {sample.deviation.last:%Y-%m}")
    return f" ({', '.join(ends)})" if ends else ""


def _hardly(weight: Estimate) -> str:
    """The weight, or how much it is at most where the best value is none."""
    if weight.value is None or weight.value >= NOTHING_PCT or weight.high is None:
        return f"{weight}"
    return f"none (at most {number(weight.high, 1)} %, {100 * (weight.level or 0.0):.0f} % interval)"


def _or_none(weight: Estimate) -> str:
    """The weight, or in words that nothing is held."""
    nothing = max(weight.value or 0.0, weight.high or 0.0) < NOTHING_PCT
    return "no part" if nothing else f"{weight}"


def _negligible(weight: Estimate) -> bool:
    return weight.high is not None and weight.high < SMALL_PCT


def _held(inputs: Inputs) -> str:
    """What deposits in foreign currency were, for a sentence; empty when unknown, confidential or next to nothing."""
    latest = inputs.latest("deposit_dollarization_pct")
    if latest is None or "deposit_dollarization_pct" in inputs.confidential or latest.value < SMALL_PCT:
        return ""
    return (
        f" In {latest.date:%Y} {number(latest.value, 0)} % of deposits were in foreign currency all the same: what makes "
        "savers hold it is not in this portfolio."
    )


def _bank_or_coin(estimates: Mapping[str, Estimate], assumed: float, held: str) -> Finding:
    moved, even = (
        estimates["substitution.displaceable_foreign"],
        estimates["substitution.stablecoin_break_even"],
    )
    if moved.value is None:
        text = f"Savers with an account: {moved.reason}.{held}"
    else:
        text = (
            f"For savers with an account, stablecoins take {moved:value} of the foreign-currency part on the assumed "
            f"terms and {moved:interval} when those terms are varied: the terms decide it."
        )
    if even.value is not None:
        size, way = f"{number(abs(even.value), 1)} points", "more" if even.value >= 0 else "less"
        ends = f"{number(even.low or 0.0, 1)} to {number(even.high or 0.0, 1)}"
        text += (
            f" They would hold as much in stablecoins as in dollar deposits if these cost {size} {way} than stablecoins to "
            f"buy and sell (assumed: {number(assumed, 1)}; range over failures {ends})."
        )
    return Finding("substitution.bank_or_stablecoin", text, "info", estimates=(moved.id, even.id))


def _record(sample: AssetSample, inputs: Inputs, params: Params) -> Finding | None:
    """Said when the record of stablecoin prices is old."""
    last = sample.deviation.last
    if last is None:
        return None
    as_of = pd.Timestamp(inputs.as_of)
    months = (as_of.year - last.year) * 12 + as_of.month - last.month
    if months <= OLD_RECORD_MONTHS:
        return None
    failure = params.substitution.stablecoin_failure
    text = (
        f"Daily stablecoin prices in the data end in {last:%Y-%m}: episodes since then are not in the distance from a "
        f"dollar, and the assumed probability of a failure ({100 * failure.low:g} to {100 * failure.high:g} % a year) "
        "has to stand for them."
    )
    return Finding("substitution.stablecoin_record", text, "notice", "data")
