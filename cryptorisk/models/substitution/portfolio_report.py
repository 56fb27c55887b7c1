"""What the chapter says of the portfolio with stablecoins and bitcoin: estimates, tables, and which substitute came out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptorisk.models.flight.part import coarse_table
from cryptorisk.models.part import Part
from cryptorisk.models.substitution.asset_sample import asset_sample
from cryptorisk.models.substitution.portfolio import choices
from cryptorisk.models.substitution.portfolio_estimates import LABELS, missing, portfolio_estimates
from cryptorisk.models.substitution.portfolio_findings import portfolio_findings
from cryptorisk.models.substitution.portfolio_tables import choices_table, horizons_table
from cryptorisk.models.substitution.sample import MonthlySample
from cryptorisk.models.substitution.verdict import Verdict
from cryptorisk.params import Params
from cryptorisk.result import Table

if TYPE_CHECKING:
    from cryptorisk.data.inputs import Inputs


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
    estimates = portfolio_estimates(found, assets, params)
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
    return Part(tuple(missing(name, reason, params) for name in LABELS))
