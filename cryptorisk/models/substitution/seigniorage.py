"""What the displacement of base money would cost the state: seigniorage at risk. Scenarios, not forecasts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from cryptorisk.estimate import Estimate, one_digit
from cryptorisk.models.flight.part import guarded, without_blanks
from cryptorisk.models.substitution.money import unusable, years_old
from cryptorisk.params import Params
from cryptorisk.result import Column, Table
from cryptorisk.stats import seigniorage

if TYPE_CHECKING:
    from cryptorisk.data.inputs import Inputs, Observation

OLDEST_INTEREST_YEARS = 3
"""An interest rate older than three years belongs to another monetary policy."""


UNIT_BASE_PCT_GDP = 1.0
"""Base money is not in public data of the vintage; without the user's own the scenario is given for each percent of
GDP of it, which is arithmetic and no estimate."""


def interest(inputs: Inputs) -> tuple[str, Observation] | None:
    """The policy rate, else the deposit rate, when not older than three years."""
    for series in ("policy_rate_pct", "deposit_rate_pct"):
        latest = inputs.latest(series)
        if latest is not None and years_old(inputs, latest) <= OLDEST_INTEREST_YEARS:
            return series, latest
    return None


def at_risk(inputs: Inputs, params: Params) -> tuple[tuple[Estimate, ...], tuple[Table, ...]]:
    """Seigniorage at risk in the displacement scenario, with its table.

    Returns
    -------
    estimates
        ``seigniorage_at_risk`` on the user's base money, ``seigniorage_per_pct_of_gdp`` for each percent of GDP
        of base money, ``seigniorage_ceiling`` on broad money.
    tables
        ``displacement``; none without an interest rate.
    """
    labels = {
        "seigniorage_at_risk": "Seigniorage at risk a year (scenario)",
        "seigniorage_per_pct_of_gdp": "Seigniorage at risk a year per 1 % of GDP of base money (scenario)",
        "seigniorage_ceiling": "Ceiling of seigniorage at risk, were all broad money base money (scenario)",
    }
    chosen = interest(inputs)
    if chosen is None:
        reason = f"no policy or deposit rate of the last {OLDEST_INTEREST_YEARS} years in the data"
        return tuple(
            Estimate.missing(f"substitution.{name}", label, "pct_gdp", reason)
            for name, label in labels.items()
        ), ()
    given, broad = inputs.latest("base_money_pct_gdp"), inputs.latest("broad_money_pct_gdp")
    if unusable(inputs, broad):
        broad = None
    bases = {"seigniorage_at_risk": given, "seigniorage_ceiling": broad}
    secret = inputs.confidential
    found = [_per_percent(params, chosen, labels["seigniorage_per_pct_of_gdp"], secret)]
    for name, base in bases.items():
        if base is None:
            found.append(Estimate.missing(f"substitution.{name}", labels[name], "pct_gdp", _LACKING[name]))
        else:
            used = "broad_money_pct_gdp" if name == "seigniorage_ceiling" else "base_money_pct_gdp"
            note = "" if used in secret else f" Base: {base.value:.1f} % of GDP ({base.date:%Y})."
            note += _CEILING if name == "seigniorage_ceiling" else ""
            # Low, central and high are public multiples of one product: it is rounded once, before them, so that
            # the three together tell no more than one digit.
            told = replace(base, value=one_digit(base.value) or 0.0) if used in secret else base
            found.append(_scenario(params, chosen, told, name, labels[name], note, secret))
    return tuple(guarded(one, secret) for one in found), _displacement_table(inputs, params, chosen, given)


_LACKING = {
    "seigniorage_at_risk": "base money is not in the data; give base_money_pct_gdp as an override",
    "seigniorage_ceiling": "the data have no usable broad money for this economy",
}
_CEILING = (
    " Far above the figure itself, as most of broad money is bank deposits. Assumes that base money does not "
    "exceed broad money: it holds unless banks keep more at the central bank than they owe depositors, which "
    "very large excess reserves or foreign-funded banks can bring about."
)


def _per_percent(
    params: Params, chosen: tuple[str, Observation], label: str, secret: frozenset[str]
) -> Estimate:
    series, rate = chosen
    flow = seigniorage.opportunity_cost(rate.value, UNIT_BASE_PCT_GDP)
    return _estimate(params, chosen, flow, "seigniorage_per_pct_of_gdp", label, secret).with_(
        sources=(rate.source,), inputs=(series,)
    )


def _scenario(
    params: Params,
    chosen: tuple[str, Observation],
    base: Observation,
    name: str,
    label: str,
    note: str,
    secret: frozenset[str],
) -> Estimate:
    series, rate = chosen
    flow = seigniorage.opportunity_cost(rate.value, base.value)
    estimate = _estimate(params, chosen, flow, name, label, secret)
    used = "broad_money_pct_gdp" if name == "seigniorage_ceiling" else "base_money_pct_gdp"
    return estimate.with_(
        data_class="proxy" if name == "seigniorage_ceiling" else "modelled",
        sources=tuple(sorted({base.source, rate.source})),
        inputs=(series, used),
        note=estimate.note + note,
    )


def _estimate(
    params: Params,
    chosen: tuple[str, Observation],
    flow: float,
    name: str,
    label: str,
    secret: frozenset[str],
) -> Estimate:
    series, rate = chosen
    shares = params.substitution.displacement
    low, central, high = (
        seigniorage.displaced_flow(share, flow) for share in (shares.low, shares.central, shares.high)
    )
    kind = "policy rate" if series == "policy_rate_pct" else "deposit rate"
    return Estimate(
        f"substitution.{name}",
        label,
        central,
        "pct_gdp",
        low=min(low, high),
        high=max(low, high),
        interval="range",
        method="Interest rate times base money times the displaced share (opportunity-cost measure).",
        date=f"{rate.date:%Y-%m}",
        function="cryptorisk.stats.seigniorage.opportunity_cost",
        note=f"Scenario: {100 * shares.central:g} % of the base displaced (range {100 * shares.low:g} to "
        f"{100 * shares.high:g} %), {kind}{'' if series in secret else f' {rate.value:.2f} %'} ({rate.date:%Y-%m}).",
    )


def _displacement_table(
    inputs: Inputs, params: Params, chosen: tuple[str, Observation], given: Observation | None
) -> tuple[Table, ...]:
    series, rate = chosen
    # Each column stands on other figures: base money, the rate, prices and growth. Two roundings of one figure tell
    # more than one, so the table is given only when none of them is confidential.
    used_here = {series, "base_money_pct_gdp", "cpi_inflation_pct", "real_gdp_growth_pct"}
    if inputs.confidential & used_here:
        return ()
    shares, prices = params.substitution.displacement, inputs.latest("cpi_inflation_pct")
    growth = inputs.at("real_gdp_growth_pct", pd.Timestamp(prices.date).year) if prices else None
    base = UNIT_BASE_PCT_GDP if given is None else given.value
    cost = seigniorage.opportunity_cost(rate.value, base)
    issue = float("nan")
    if prices is not None and growth is not None and prices.value + growth.value > -100:
        issue = seigniorage.monetary(prices.value, growth.value, base)
    rows = [
        {
            "case": name,
            "share": 100 * share,
            "flow": seigniorage.displaced_flow(share, cost),
            "issue": share * issue,
            "stock": seigniorage.displaced_stock(share, base),
        }
        for name, share in (("low", shares.low), ("central", shares.central), ("high", shares.high))
    ]
    what = (
        "for each 1 % of GDP of base money, which the data lack"
        if given is None
        else f"on base money of {base:.1f} % of GDP ({given.date:%Y})"
    )
    used = [x.source for x in (rate, prices, growth, given) if x is not None]
    table = Table(
        "substitution.displacement",
        "Scenario: base money displaced by foreign-currency stablecoins",
        pd.DataFrame(rows),
        (
            Column("case", "Case"),
            Column("share", "Displaced", "% of base", 0),
            Column("flow", "Interest forgone a year", "% of GDP", 3),
            Column("issue", "New money not issued a year", "% of GDP", 3),
            Column("stock", "One-off redemption", "% of GDP", 2),
        ),
        f"Computed {what}, interest {rate.value:.2f} % ({rate.date:%Y-%m})"
        + (f", inflation and growth of {prices.date:%Y}" if prices is not None and growth is not None else "")
        + ". The displaced shares are assumptions; the two yearly measures are alternatives, not a sum.",
        tuple(sorted(set(used))),
    )
    return (without_blanks(table, key="case", reason="no inflation or growth"),)
