"""Where another economy's money circulates: stablecoins against the banks' deposits in that same money."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cryptorisk.countries import Country
from cryptorisk.estimate import Estimate, number
from cryptorisk.models.flight.part import guarded
from cryptorisk.models.part import Part
from cryptorisk.models.substitution.asset_sample import (
    NO_RECORD,
    AssetSample,
    asset_sample,
    stablecoin_record,
)
from cryptorisk.models.substitution.assets import Asset, Deviation, End, Terms, terms
from cryptorisk.models.substitution.portfolio import Choice, asset_covariance, choose, offered
from cryptorisk.models.substitution.sample import MonthlySample, home_sample
from cryptorisk.params import Params
from cryptorisk.result import Column, Finding, Table

if TYPE_CHECKING:
    from cryptorisk.data.inputs import Inputs

ASSETS: tuple[Asset, ...] = ("bank", "stablecoin", "bitcoin")
LABELS = {
    "portfolio_bitcoin": "Bitcoin in the portfolio of least risk",
    "stablecoin_break_even": "Advantage in return at which half of bank deposits would be in stablecoins",
}
_SCENARIO = "Scenario: stablecoins displace a part of broad money"
_AMOUNTS = {
    "deposits_displaced_usd": ("Broad money displaced by stablecoins (scenario)", "usd"),
    "deposits_displaced_pct_gdp": ("Broad money displaced by stablecoins, to GDP (scenario)", "pct_gdp"),
    "deposits_displaced_pct_reserves": (
        "Broad money displaced by stablecoins, to reserves (scenario)",
        "pct_reserves",
    ),
}


def dollarised_part(
    inputs: Inputs, params: Params, economy: Country, context: Mapping[str, Estimate]
) -> Part:
    """Stablecoins against bank deposits in the same money: the portfolio, what tips it, and what could be displaced.

    Parameters
    ----------
    inputs : Inputs
    params : Params
    economy : Country
    context : mapping of str to Estimate
        Broad money, in percent of GDP, in dollars and against reserves, by id.

    Returns
    -------
    Part
    """
    amounts, table = _displaced(inputs, params, context)
    portfolio, findings = _portfolio(inputs, params, economy, home_sample(inputs))
    estimates = (*portfolio, *amounts)
    by_id = {one.id: one for one in estimates}
    moved = by_id["substitution.deposits_displaced_usd"]
    if moved.value is not None:
        shares = params.substitution.displacement
        gdp, reserves = (by_id[f"substitution.deposits_displaced_pct_{of}"] for of in ("gdp", "reserves"))
        text = (
            f"In a scenario in which stablecoins displace {100 * shares.central:g} % of broad money (range "
            f"{100 * shares.low:g} to {100 * shares.high:g} %), {moved} leave the banks, which is {gdp:value}"
            + (f" and {reserves:value}" if reserves.value is not None else "")
            + ". No authority of the economy can issue this money to lend it to them."
        )
        findings = (Finding("substitution.deposits", text, "notice", estimates=(moved.id, gdp.id)), *findings)
    return Part(estimates, table, findings)


def _portfolio(
    inputs: Inputs, params: Params, economy: Country, home: MonthlySample
) -> tuple[tuple[Estimate, ...], tuple[Finding, ...]]:
    even = _advantage(stablecoin_record(inputs, params), params)
    sample = asset_sample(inputs, params, home)
    if home.log_price.empty or sample.reason:
        reason, label = home.reason or sample.reason, LABELS["portfolio_bitcoin"]
        bitcoin = Estimate.missing("substitution.portfolio_bitcoin", label, "pct", reason)
    else:
        months = params.substitution.horizon_months
        covariance = asset_covariance(sample, params, months)
        risk = choose(covariance, sample, params, ASSETS, _terms(params), costs=False)
        bitcoin = _bitcoin(risk, sample, params)
        bitcoin = bitcoin.coarsened() if sample.confidential else bitcoin
    if even.value is None:
        return (bitcoin, even), ()
    return (bitcoin, even), (_finding(bitcoin, even, economy, params),)


def _terms(params: Params) -> tuple[Terms, ...]:
    """Deposits cost nothing to reach where their money circulates; the rest as everywhere."""
    bank = terms("bank", params)
    return Terms(0.0, bank.failure, bank.loss), terms("stablecoin", params), terms("bitcoin", params)


def _bitcoin(risk: Choice, sample: AssetSample, params: Params) -> Estimate:
    low, high = risk.ends("bitcoin")
    return Estimate(
        "substitution.portfolio_bitcoin",
        f"{LABELS['portfolio_bitcoin']} ({params.substitution.horizon_months} months)",
        100 * risk.weight("bitcoin"),
        "pct",
        100 * low,
        100 * high,
        risk.found.level,
        interval="confidence",
        method="Long-only weights of least variance of real returns on bank deposits, stablecoins and bitcoin, no costs; "
        "circular block bootstrap.",
        date=sample.period(params.substitution.horizon_months, params.substitution.window_months),
        n_obs=risk.found.n,
        sources=sample.sources,
        inputs=sample.series,
        function="cryptorisk.models.substitution.dollarised.dollarised_part",
    )


def advantage(params: Params, deviation_variance: float, favour: End) -> float:
    """Return over deposits, a share of the amount over the horizon, that puts half of savings into stablecoins.

    Equal marginal risk and cost of both at weights of one half: ``c_S + e_S - e_D + g (v_S - v_D) / 2``, c the cost of
    access, e the loss expected from a failure, v the variance, g the risk aversion.

    Parameters
    ----------
    params : Params
    deviation_variance : float
        Of stablecoins around one dollar.
    favour : {"low", "central", "high"}
        ``low``: stablecoins on good terms, banks as unsafe as assumed.
    """
    months = params.substitution.horizon_months
    bank, coin = offered(("bank", "stablecoin"), params, favour)
    variance = coin.variance(months) + deviation_variance - bank.variance(months)
    expected = coin.charge(months) - bank.failing(months) * bank.loss
    return expected + params.substitution.risk_aversion * variance / 2


def _advantage(record: Deviation, params: Params) -> Estimate:
    id = "substitution.stablecoin_break_even"
    label = f"{LABELS['stablecoin_break_even']} ({params.substitution.horizon_months} months)"
    if not record.coin:
        return Estimate.missing(id, label, "pp", NO_RECORD)
    ends: tuple[End, End, End] = ("low", "central", "high")
    low, central, high = (100 * advantage(params, record.variance, end) for end in ends)
    return Estimate(
        id,
        label,
        central,
        "pp",
        min(low, central, high),
        max(low, central, high),
        interval="range",
        method="Stablecoins' cost of access, expected loss and variance less those of deposits; range over the "
        "assumptions about costs and failures.",
        date=f"{record.first:%Y-%m}/{record.last:%Y-%m}",
        n_obs=record.days,
        sources=record.sources,
        inputs=record.series,
        function="cryptorisk.models.substitution.dollarised.advantage",
        note="What they would have to pay more than deposits over the holding, by interest or by cheaper payments.",
    )


def _finding(bitcoin: Estimate, even: Estimate, economy: Country, params: Params) -> Finding:
    ends = f"range {number(even.low or 0.0, 1)} to {number(even.high or 0.0, 1)}"
    if (even.low or 0.0) < 0 <= (even.value or 0.0):
        ends += ", below zero where the bank is taken to be less safe than the coin"
    text = (
        f"In {economy.name_in_sentence} a dollar stablecoin and a bank deposit are claims in the same currency; "
        f"cost, the coin's issuer and the bank set them apart. On the assumed terms half of savings would be in coins if "
        f"they paid {even:value} more than deposits over {params.substitution.horizon_months} months ({ends})."
    )
    if bitcoin.value is not None:
        text += f" Bitcoin's share of least risk is {bitcoin}."
    return Finding("substitution.stablecoin_or_deposit", text, "notice", estimates=(bitcoin.id, even.id))


def _displaced(
    inputs: Inputs, params: Params, context: Mapping[str, Estimate]
) -> tuple[tuple[Estimate, ...], tuple[Table, ...]]:
    """Broad money displaced, at the low, central and high share of the scenario."""
    shares = params.substitution.displacement
    bases = {
        "deposits_displaced_usd": (context["substitution.broad_money_usd"], 1.0),
        "deposits_displaced_pct_gdp": (context["substitution.broad_money_pct_gdp"], 1.0),
        "deposits_displaced_pct_reserves": (context["substitution.one_pct_of_broad_money"], 100.0),
    }
    estimates = []
    for name, (base, factor) in bases.items():
        label, unit = _AMOUNTS[name]
        if base.value is None:
            estimates.append(Estimate.missing(f"substitution.{name}", label, unit, base.reason))
            continue
        one = Estimate(
            f"substitution.{name}",
            label,
            factor * shares.central * base.value,
            unit,
            factor * shares.low * (base.low if base.low is not None else base.value),
            factor * shares.high * (base.high if base.high is not None else base.value),
            interval="range",
            method="Broad money times the displaced share of the scenario.",
            date=base.date,
            sources=base.sources,
            inputs=base.inputs,
            function="cryptorisk.models.substitution.dollarised.dollarised_part",
            note="Scenario, not forecast; parameter substitution.displacement.",
        )
        estimates.append(guarded(one, inputs.confidential))
    if estimates[0].value is None and estimates[1].value is None:
        return tuple(estimates), ()
    used = {one for base, _ in bases.values() for one in base.inputs}
    if inputs.confidential & used:
        return tuple(estimates), ()
    return tuple(estimates), (_table(params, bases),)


def _table(params: Params, bases: Mapping[str, tuple[Estimate, float]]) -> Table:
    shares, scales = params.substitution.displacement, (1e-9, 1.0, 1.0)
    rows = []
    for share in (shares.low, shares.central, shares.high):
        row = {"share": 100 * share}
        for (name, (base, factor)), scale in zip(bases.items(), scales, strict=True):
            row[name] = np.nan if base.value is None else factor * share * base.value * scale
        rows.append(row)
    return Table(
        "substitution.deposits",
        _SCENARIO,
        pd.DataFrame(rows),
        (
            Column("share", "Displaced", "% of broad money", 0),
            Column("deposits_displaced_usd", "Amount", "bn USD", 2),
            Column("deposits_displaced_pct_gdp", "To GDP", "%", 1),
            Column("deposits_displaced_pct_reserves", "To reserves", "%", 0),
        ),
        "Scenario, not forecast (parameter substitution.displacement).",
        tuple(sorted({source for base, _ in bases.values() for source in base.sources})),
    )
