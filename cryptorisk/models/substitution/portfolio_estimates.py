"""Estimates on the portfolio with stablecoins and bitcoin: weights, what has an incentive to move, the break-even."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from cryptorisk.estimate import Estimate, number
from cryptorisk.models.substitution.asset_sample import AssetSample
from cryptorisk.models.substitution.assets import Asset, End
from cryptorisk.models.substitution.break_even import assumed_gap, break_even
from cryptorisk.models.substitution.portfolio import FEWEST_HELD, LEVEL, Choice, asset_covariance
from cryptorisk.models.substitution.verdict import WIDEST_COVER
from cryptorisk.params import Params
from cryptorisk.stats.sample import FloatArray

LABELS = {
    "portfolio_stablecoin": "Stablecoins in the portfolio of least risk",
    "portfolio_bitcoin": "Bitcoin in the portfolio of least risk",
    "portfolio_stablecoin_cost": "Stablecoins in the portfolio of least risk and cost",
    "displaceable_local": "Local savings with an incentive to go to stablecoins, savers without an account",
    "displaceable_local_account": "Local savings with an incentive to go to stablecoins, savers with an account",
    "displaceable_foreign": "Foreign-currency savings with an incentive to go to stablecoins",
    "stablecoin_break_even": "What dollar deposits must cost more than stablecoins for half of a holding in each",
}
UNITS = {"stablecoin_break_even": "pp"}
"""The others are percent of the savings that the label names."""

INCENTIVE = "An incentive under stated assumptions, not an amount that will move."
WIDEST_COVER_PCT = 100 * WIDEST_COVER
"""A range that covers more of 0 to 100 % says nothing: the rule of the share (`verdict.interval_verdict`)."""


ENDS: tuple[tuple[End, str, str], ...] = (
    ("low", "good_", "_good"),
    ("central", "cost_", "_central"),
    ("high", "bad_", "_bad"),
)
"""Terms of stablecoins, and how the portfolios on these terms are named."""

_NOTHING_HELD = "the portfolio of least risk and cost holds no foreign currency to move"

_FAILURES: Mapping[End, str] = {
    "central": "",
    "low": " and failures on good terms",
    "high": " and failures on bad terms",
}
"""Terms of the break-even in words, in the order in which they are looked at."""


def portfolio_estimates(
    found: Mapping[str, Choice], sample: AssetSample, params: Params
) -> tuple[Estimate, ...]:
    """Weights of least risk with their intervals, what has an incentive to move, and the break-even of costs.

    Parameters
    ----------
    found : mapping of str to Choice
        As `choices` gives them.
    sample : AssetSample
    params : Params

    Returns
    -------
    tuple of Estimate
        In the order of `LABELS`.
    """
    risk = (
        "Long-only weights of least variance of real returns on national money, stablecoins and bitcoin, overlapping "
        "log changes; variance of a lost peg and of a failed custodian added; no costs. Circular block bootstrap."
    )
    cost = (
        "As the portfolio of least risk, with the cost of access and the loss expected from a failure weighed against "
        f"risk at a relative risk aversion of {params.substitution.risk_aversion:g}. Circular block bootstrap."
    )
    return (
        _weight(found["risk_without"], "stablecoin", "portfolio_stablecoin", risk, sample, params),
        _weight(found["risk_without"], "bitcoin", "portfolio_bitcoin", risk, sample, params),
        _weight(found["cost_without"], "stablecoin", "portfolio_stablecoin_cost", cost, sample, params),
        _national_lost(found, "displaceable_local", "only", "without", sample, params),
        _national_lost(found, "displaceable_local_account", "before", "with", sample, params),
        _foreign_moved(found, sample, params),
        _break_even(sample, params),
    )


def _weight(
    choice: Choice, asset: Asset, name: str, method: str, sample: AssetSample, params: Params
) -> Estimate:
    low, high = choice.ends(asset)
    known = np.isfinite(low)
    return _base(name, 100 * choice.weight(asset), method, sample, params).with_(
        low=100 * low if known else None,
        high=100 * high if known else None,
        level=LEVEL if known else None,
        interval="confidence" if known else "none",
        n_obs=choice.found.n,
    )


def _national_lost(
    found: Mapping[str, Choice], name: str, before: str, after: str, sample: AssetSample, params: Params
) -> Estimate:
    """Part of national money given up when stablecoins can be bought, percent."""
    whose = "No account" if after == "without" else "An account"
    method = f"{whose} in foreign currency: weight of national money without stablecoins less that with them."
    lost = {end: _lost(found[f"{before}{term}"], found[f"{rule}{after}"]) for end, rule, term in ENDS}
    return _ranged(name, lost, method, sample, params)


def _lost(without: Choice, beside: Choice) -> _Drawn:
    """Part of national money that a second portfolio gives up against a first one."""

    def part(held: FloatArray, kept: FloatArray) -> FloatArray:
        given_up = 100 * (1 - kept / np.where(held > 0, held, 1.0))
        return np.asarray(np.where(held > 0, np.clip(given_up, 0, 100), 0.0), dtype=np.float64)

    point = part(np.array(without.weight("national")), np.array(beside.weight("national")))
    drawn = part(without.drawn("national"), beside.drawn("national"))
    return _Drawn(float(point), *_sampled(beside, drawn))


def _foreign_moved(found: Mapping[str, Choice], sample: AssetSample, params: Params) -> Estimate:
    """Stablecoins in the foreign part of what savers with an account hold, percent."""
    name = "displaceable_foreign"
    moved: dict[End, _Drawn] = {}
    for end, rule, _term in ENDS:
        choice = found[f"{rule}with"]
        coins, bank = choice.weight("stablecoin"), choice.weight("bank")
        if coins + bank >= FEWEST_HELD:
            drawn, both = choice.drawn("stablecoin"), choice.drawn("stablecoin") + choice.drawn("bank")
            told = both >= FEWEST_HELD
            ends = _sampled(choice, 100 * drawn[told] / both[told])
            moved[end] = _Drawn(100 * coins / (coins + bank), *ends)
    if "central" not in moved:
        return missing(name, f"at the assumed costs {_NOTHING_HELD}", params)
    method = "An account in foreign currency: stablecoins in the foreign part of the portfolio of least risk and cost."
    # Here a range from nothing to all is an answer: the terms decide.
    return _ranged(name, moved, method, sample, params, refuse=False)


def _break_even(sample: AssetSample, params: Params) -> Estimate:
    """The gap of costs at which savers with an account hold as much in dollar deposits as in stablecoins."""
    name = "stablecoin_break_even"
    covariance = asset_covariance(sample, params, params.substitution.horizon_months, drawn=False)
    gaps = {end: 100 * break_even(covariance, sample, params, end) for end, _rule, _term in ENDS}
    for end, on_these in _FAILURES.items():
        if np.isnan(gaps[end]):
            return missing(name, f"with stablecoins at their assumed cost{on_these} {_NOTHING_HELD}", params)
    method = (
        "An account in foreign currency: stablecoins at their assumed cost, and the cost of dollar deposits at which the "
        "portfolio of least risk and cost holds as much of either, less that of stablecoins."
    )
    note = f"{INCENTIVE} Assumed: {number(assumed_gap(params), 1)} points. Range: failures on good and on bad terms."
    return _base(name, gaps["central"], method, sample, params).with_(
        low=min(gaps.values()), high=max(gaps.values()), interval="range", note=note
    )


class _Drawn(NamedTuple):
    """A percentage with the interval of its sample; the ends are NaN without draws."""

    value: float
    low: float
    high: float


def _sampled(choice: Choice, drawn: FloatArray) -> tuple[float, float]:
    """Interval of a percentage from the draws of a portfolio, within 0 to 100; NaN without draws."""
    low, high = choice.found.interval(drawn) if len(drawn) else (math.nan, math.nan)
    return float(np.clip(low, 0, 100)), float(np.clip(high, 0, 100))


def _ranged(
    name: str,
    ends: dict[End, _Drawn],
    method: str,
    sample: AssetSample,
    params: Params,
    *,
    refuse: bool = True,
) -> Estimate:
    """A percentage with the envelope, over the terms, of the intervals of the sample; refused where that says nothing."""
    every = [end for one in ends.values() for end in one if not np.isnan(end)]
    low, high = min(every), max(every)
    if refuse and high - low > WIDEST_COVER_PCT:
        reason = f"indeterminate (range too wide): sample and terms together leave {number(low, 0)} to {number(high, 0)} %"
        return missing(name, reason, params)
    drawn = not any(np.isnan(one.low) for one in ends.values())
    sampled = f" and the {100 * LEVEL:.0f} % interval of the sample on each" if drawn else ""
    return _base(name, ends["central"].value, f"{method} Circular block bootstrap.", sample, params).with_(
        low=low,
        high=high,
        interval="range",
        note=f"{INCENTIVE} Range: stablecoins on good and on bad terms, dollar deposits on the opposite ones{sampled}.",
    )


def missing(name: str, reason: str, params: Params) -> Estimate:
    """An estimate of `LABELS` that cannot be given."""
    months = params.substitution.horizon_months
    return Estimate.missing(
        f"substitution.{name}", f"{LABELS[name]} ({months} months)", UNITS.get(name, "pct"), reason
    )


def _base(name: str, value: float, method: str, sample: AssetSample, params: Params) -> Estimate:
    months = params.substitution.horizon_months
    return Estimate(
        f"substitution.{name}",
        f"{LABELS[name]} ({months} months)",
        value,
        UNITS.get(name, "pct"),
        method=method,
        date=sample.period(months, params.substitution.window_months),
        sources=sample.sources,
        inputs=sample.series,
        function="cryptorisk.models.substitution.portfolio.choices",
        note=INCENTIVE,
    )
