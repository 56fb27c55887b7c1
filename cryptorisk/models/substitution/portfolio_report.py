"""What the chapter says of the portfolio with stablecoins and bitcoin: estimates, tables, and which substitute came out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cryptorisk.estimate import Estimate
from cryptorisk.models.flight.part import coarse_table
from cryptorisk.models.part import Part
from cryptorisk.models.substitution.asset_sample import AssetSample, asset_sample
from cryptorisk.models.substitution.assets import Asset, End
from cryptorisk.models.substitution.portfolio import LEVEL, Choice, break_even, choices
from cryptorisk.models.substitution.portfolio_findings import portfolio_findings
from cryptorisk.models.substitution.portfolio_tables import choices_table, horizons_table
from cryptorisk.models.substitution.sample import MonthlySample
from cryptorisk.models.substitution.verdict import Verdict
from cryptorisk.params import Params
from cryptorisk.result import Table

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
        choices_table(found, assets, params),
        horizons_table(assets, params),
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
