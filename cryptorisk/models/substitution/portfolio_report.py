"""What the chapter says of the portfolio with stablecoins and bitcoin: estimates, tables, and which substitute came out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cryptorisk.estimate import Estimate, number
from cryptorisk.models.flight.part import Part, coarse_table
from cryptorisk.models.substitution.asset_sample import AssetSample, asset_sample
from cryptorisk.models.substitution.assets import Asset, End
from cryptorisk.models.substitution.portfolio import LEVEL, Choice, break_even, by_horizon, choices
from cryptorisk.models.substitution.portfolio_findings import portfolio_findings
from cryptorisk.models.substitution.sample import MonthlySample
from cryptorisk.models.substitution.verdict import Verdict
from cryptorisk.params import Params
from cryptorisk.result import Column, Table
from cryptorisk.words import capital

if TYPE_CHECKING:
    from cryptorisk.data.inputs import Inputs

LABELS = {
    "portfolio_stablecoin": "Stablecoins in the portfolio of least risk",
    "portfolio_bitcoin": "Bitcoin in the portfolio of least risk",
    "portfolio_stablecoin_cost": "Stablecoins in the portfolio of least risk and cost",
    "displaceable_local": "Local savings with an incentive to go to stablecoins, savers without an account",
    "displaceable_local_account": "Local savings with an incentive to go to stablecoins, savers with an account",
    "displaceable_foreign": "Foreign-currency savings with an incentive to go to stablecoins",
    "stablecoin_break_even": "Cost advantage at which stablecoins are half of a foreign-currency holding",
}
UNITS = {"stablecoin_break_even": "pp"}
"""The others are percent of the savings that the label names."""

INCENTIVE = "An incentive under stated assumptions, not an amount that will move."
FEWEST_HELD = 0.005
"""Half a percent of savings: below it a foreign-currency holding is rounding, and a share of it says nothing."""

_SHOWN = (
    "risk_without",
    "free_without",
    "simple_without",
    "cost_without",
    "good_without",
    "bad_without",
    "risk_with",
    "cost_with",
    "good_with",
    "bad_with",
)


def portfolio_part(inputs: Inputs, params: Params, sample: MonthlySample, verdict: Verdict) -> Part:
    """Estimates, tables and findings on the portfolio with stablecoins and bitcoin.

    Parameters
    ----------
    inputs : Inputs
    params : Params
    sample : MonthlySample
    verdict : Verdict
        Of the share: where the exchange rate says nothing about it, it says nothing about the portfolio.

    Returns
    -------
    Part
        With missing estimates and their reason where there is no portfolio.
    """
    if not verdict.determinate:
        return _refused(params, verdict.text)
    assets = asset_sample(inputs, params, sample)
    if assets.reason:
        return _refused(params, assets.reason)
    found = choices(assets, params)
    estimates = _estimates(found, assets, params)
    tables: tuple[Table, ...] = (
        _choices_table(found, assets, params),
        _horizons_table(assets, params),
    )
    if assets.confidential:
        # Before any sentence is written: weights are ratios of sums over the confidential series.
        estimates = tuple(one.coarsened() for one in estimates)
        tables = tuple(coarse_table(one, keep=("horizon",)) for one in tables)
    findings = portfolio_findings({one.id: one for one in estimates}, found, assets, inputs, params)
    return Part(estimates, tables, findings)


def _refused(params: Params, reason: str) -> Part:
    months = params.substitution.horizon_months
    return Part(
        tuple(
            Estimate.missing(
                f"substitution.{name}", f"{label} ({months} months)", UNITS.get(name, "pct"), reason
            )
            for name, label in LABELS.items()
        )
    )


def _estimates(found: dict[str, Choice], sample: AssetSample, params: Params) -> tuple[Estimate, ...]:
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
        _ranged(
            "displaceable_local",
            _national_lost(found, "only", "without"),
            "No account in foreign currency: weight of national money without stablecoins less that with them.",
            sample,
            params,
        ),
        _ranged(
            "displaceable_local_account",
            _national_lost(found, "before", "with"),
            "An account in foreign currency: weight of national money without stablecoins less that with them.",
            sample,
            params,
        ),
        _foreign_moved(found, sample, params),
        _ranged(
            "stablecoin_break_even",
            {
                end: 100 * break_even(sample, params, found["risk_without"].weight("stablecoin"), end)
                for end in ("low", "central", "high")
            },
            "Stablecoins' expected loss and variance beyond the currency's less those of dollar deposits, at the foreign "
            "share of least risk; what dollar deposits must cost more in buying and selling.",
            sample,
            params,
        ),
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


def _national_lost(found: dict[str, Choice], before: str, after: str) -> dict[End, float]:
    """Part of national money given up when stablecoins can be bought, percent, on good, central and bad terms."""
    pairs: dict[End, tuple[str, str]] = {
        "low": (f"{before}_good", f"good_{after}"),
        "central": (f"{before}_central", f"cost_{after}"),
        "high": (f"{before}_bad", f"bad_{after}"),
    }
    lost: dict[End, float] = {}
    for end, (without, beside) in pairs.items():
        held = found[without].weight("national")
        lost[end] = 100 * (held - found[beside].weight("national")) / held if held > 0 else 0.0
    return lost


def _foreign_moved(found: dict[str, Choice], sample: AssetSample, params: Params) -> Estimate:
    name = "displaceable_foreign"
    moved: dict[End, float] = {}
    named: tuple[tuple[End, str], ...] = (
        ("low", "good_with"),
        ("central", "cost_with"),
        ("high", "bad_with"),
    )
    for end, choice in named:
        coins, bank = found[choice].weight("stablecoin"), found[choice].weight("bank")
        if coins + bank >= FEWEST_HELD:
            moved[end] = 100 * coins / (coins + bank)
    if "central" not in moved:
        reason = "at the assumed costs the portfolio of least risk and cost holds no foreign currency to move"
        months = params.substitution.horizon_months
        return Estimate.missing(
            f"substitution.{name}", f"{LABELS[name]} ({months} months)", UNITS.get(name, "pct"), reason
        )
    method = "An account in foreign currency: stablecoins in the foreign part of the portfolio of least risk and cost."
    return _ranged(name, moved, method, sample, params)


def _ranged(name: str, ends: dict[End, float], method: str, sample: AssetSample, params: Params) -> Estimate:
    return _base(name, ends["central"], method, sample, params).with_(
        low=min(ends.values()),
        high=max(ends.values()),
        interval="range",
        note=f"{INCENTIVE} Range: stablecoins on good and on bad terms, dollar deposits on the opposite ones.",
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


def _choices_table(found: dict[str, Choice], sample: AssetSample, params: Params) -> Table:
    rows = []
    for name in _SHOWN:
        choice = found[name]
        (coin_low, coin_high), (_low, bitcoin_high) = choice.ends("stablecoin"), choice.ends("bitcoin")
        rows.append(
            {
                "rule": choice.label,
                "account": "with" if "bank" in choice.assets else "without",
                "national": 100 * choice.weight("national"),
                "bank": 100 * choice.weight("bank") if "bank" in choice.assets else np.nan,
                "stablecoin": 100 * choice.weight("stablecoin"),
                "stablecoin_low": 100 * coin_low,
                "stablecoin_high": 100 * coin_high,
                "bitcoin": 100 * choice.weight("bitcoin"),
                "bitcoin_high": 100 * bitcoin_high,
            }
        )
    months, strayed = params.substitution.horizon_months, sample.deviation
    return Table(
        "substitution.portfolio",
        f"Portfolios of savers over {months} months: national money, dollar deposits, stablecoins, bitcoin",
        pd.DataFrame(rows),
        (
            Column("rule", "Least"),
            Column("account", "Account in foreign currency"),
            Column("national", "National money", "%", 0),
            Column("bank", "Dollar deposits", "%", 0),
            Column("stablecoin", "Stablecoins", "%", 0),
            Column("stablecoin_low", "low", "%", 0),
            Column("stablecoin_high", "high", "%", 0),
            Column("bitcoin", "Bitcoin", "%", 1),
            Column("bitcoin_high", "high", "%", 1),
        ),
        f"{100 * LEVEL:.0f} % intervals of the sample by block bootstrap. Costs and failures are assumptions "
        f"(parameters): {_terms(params)}. {strayed.coin} stood {number(strayed.sd_pct, 2)} % (standard deviation of "
        f"{strayed.days} days, {strayed.first:%Y-%m} to {strayed.last:%Y-%m}) from a dollar. "
        f"{capital(sample.rate_name)} rate.",
        sample.sources,
    )


def _terms(params: Params) -> str:
    """The central assumptions in words."""
    given = params.substitution
    return (
        f"buying and selling cost {100 * given.bank_dollar_cost.central:g} % for dollar deposits, "
        f"{100 * given.stablecoin_cost.central:g} % for stablecoins; a failure a year has the probability "
        f"{100 * given.bank_dollar_failure.central:g} and {100 * given.stablecoin_failure.central:g} % and takes "
        f"{100 * given.loss_given_failure:g} %"
    )


def _horizons_table(sample: AssetSample, params: Params) -> Table:
    rows = []
    for risk, cost in by_horizon(sample, params):
        row: dict[str, float] = {"horizon": risk.found.horizon}
        for name, choice in (("risk", risk), ("cost", cost)):
            low, high = choice.ends("stablecoin")
            row |= {
                name: 100 * choice.weight("stablecoin"),
                f"{name}_low": 100 * low,
                f"{name}_high": 100 * high,
            }
        row |= {"bitcoin": 100 * risk.weight("bitcoin"), "bitcoin_high": 100 * risk.ends("bitcoin")[1]}
        rows.append(row)
    return Table(
        "substitution.portfolio_horizons",
        "Stablecoins and bitcoin in the portfolio of savers without an account, by holding horizon",
        pd.DataFrame(rows),
        (
            Column("horizon", "Holding horizon", "months", 0),
            Column("risk", "Stablecoins, risk alone", "%", 0),
            Column("risk_low", "low", "%", 0),
            Column("risk_high", "high", "%", 0),
            Column("cost", "Stablecoins, risk and cost", "%", 0),
            Column("cost_low", "low", "%", 0),
            Column("cost_high", "high", "%", 0),
            Column("bitcoin", "Bitcoin, risk alone", "%", 1),
            Column("bitcoin_high", "high", "%", 1),
        ),
        f"{100 * LEVEL:.0f} % intervals by block bootstrap. Assumptions: {_terms(params)}.",
        sample.sources,
        shown=False,
    )
