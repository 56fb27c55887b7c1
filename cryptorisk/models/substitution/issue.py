"""The monetary measure of seigniorage at risk: new base money that displacement leaves unissued. A scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from cryptorisk.estimate import Estimate
from cryptorisk.models.flight.part import GIVES_AWAY, merge_sources
from cryptorisk.models.substitution.money import years_old
from cryptorisk.models.substitution.seigniorage import OLDEST_INTEREST_YEARS, UNIT_BASE_PCT_GDP
from cryptorisk.params import Params
from cryptorisk.stats import seigniorage

if TYPE_CHECKING:
    from cryptorisk.data.inputs import Inputs, Observation

_ISSUE = {
    "issue_at_risk": "New money not issued a year, monetary measure of seigniorage at risk (scenario)",
    "issue_per_pct_of_gdp": "The same per 1 % of GDP of base money (scenario)",
}

_LACKING = "base money is not in the data; give base_money_pct_gdp as an override"


def issue(inputs: Inputs, params: Params) -> tuple[Estimate, ...]:
    """New base money at a constant ratio to GDP that displacement leaves unissued, percent of GDP a year.

    ``issue_at_risk`` on the user's base money, ``issue_per_pct_of_gdp`` for each percent of GDP of base money.
    Its figures are prices, growth and base money. A confidential one among them is not used: three multiples of one
    product, each to one digit, would tell more than a digit.
    """
    used = ("cpi_inflation_pct", "real_gdp_growth_pct")
    prices, given = inputs.latest(used[0]), inputs.latest("base_money_pct_gdp")
    growth = inputs.at(used[1], pd.Timestamp(prices.date).year) if prices else None
    reason = ""
    if prices is None or growth is None or years_old(inputs, prices) > OLDEST_INTEREST_YEARS:
        reason = (
            f"no inflation with growth of the same year in the last {OLDEST_INTEREST_YEARS} years of the data"
        )
    elif prices.value + growth.value <= -100:
        reason = "nominal output would vanish at the latest inflation and growth"
    elif inputs.confidential & set(used):
        reason = GIVES_AWAY
    if reason or prices is None or growth is None:
        return tuple(
            Estimate.missing(f"substitution.{n}", text, "pct_gdp", reason) for n, text in _ISSUE.items()
        )
    whole = seigniorage.monetary(prices.value, growth.value, UNIT_BASE_PCT_GDP)
    per = _issue_estimate(params, "issue_per_pct_of_gdp", whole, prices, growth)
    lacking = _LACKING if given is None else GIVES_AWAY
    if given is None or "base_money_pct_gdp" in inputs.confidential:
        return Estimate.missing(
            "substitution.issue_at_risk", _ISSUE["issue_at_risk"], "pct_gdp", lacking
        ), per
    own = _issue_estimate(params, "issue_at_risk", whole * given.value / UNIT_BASE_PCT_GDP, prices, growth)
    own = own.with_(
        sources=merge_sources(own.sources, (given.source,)), inputs=(*own.inputs, "base_money_pct_gdp")
    )
    return own, per


def _issue_estimate(
    params: Params, name: str, whole: float, prices: Observation, growth: Observation
) -> Estimate:
    shares = params.substitution.displacement
    parts = [seigniorage.displaced_flow(one, abs(whole)) for one in (shares.low, shares.central, shares.high)]
    # Where nominal output shrinks money is taken back, and displacement spares that.
    low, central, high = (one if whole >= 0 else -one for one in parts)
    return Estimate(
        f"substitution.{name}",
        _ISSUE[name],
        central,
        "pct_gdp",
        low=min(low, high),
        high=max(low, high),
        interval="range",
        method="Nominal growth over one plus itself, times base money, times the displaced share (monetary measure).",
        date=f"{prices.date:%Y}",
        sources=merge_sources((prices.source,), (growth.source,)),
        inputs=("cpi_inflation_pct", "real_gdp_growth_pct"),
        function="cryptorisk.stats.seigniorage.monetary",
        note=f"Scenario: {100 * shares.central:g} % displaced (range {100 * shares.low:g} to {100 * shares.high:g} %), "
        f"inflation {prices.value:.1f} % and growth {growth.value:.1f} % ({prices.date:%Y}). An alternative to the "
        "interest forgone, not to be added to it.",
    )
