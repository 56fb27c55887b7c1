"""The measures beside the World Bank residual: hot money, Morgan Guaranty's, Ndikumana and Boyce's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.models.flight.debt import AdjustedDebt
from cryptorisk.models.flight.misinvoicing import Misinvoicing
from cryptorisk.models.flight.part import merge_sources, public_annual
from cryptorisk.rules import residual_flight as rule

HOT_MONEY = "Hot money"
IMPLIED = f"{HOT_MONEY}, implied by the accounts"
"""Stands beside the published item where there is one."""
MORGAN = "Morgan Guaranty"
NDIKUMANA_BOYCE = "Ndikumana-Boyce"
ACCOUNT = (
    "direct_investment_net_usd",
    "portfolio_net_usd",
    "other_investment_net_usd",
    "fin_derivatives_net_usd",
    "financial_account_excl_reserves_net_usd",
)
"""The functional categories of the financial account without reserves, and its analytic total."""


class Recorded(NamedTuple):
    """What every residual is made of, USD by year, in the residual's signs."""

    world_bank: pd.Series
    direct_investment: pd.Series
    current_account: pd.Series
    reserves_change: pd.Series


def hot_money(
    inputs: Inputs, kept: Mapping[str, pd.Series], accounts: Mapping[str, pd.Series]
) -> tuple[dict[str, pd.Series], tuple[str, ...], bool]:
    """Hot money by treatment, its sources, and whether there is a financial account or a published residual item.

    The centre is the published item where there is one; else what the accounts imply, with transactions in reserves
    in place of changes of stocks where they are recorded.
    """
    financial, of_account = _financial_account(inputs)
    published = public_annual(inputs, "net_errors_omissions_usd")
    transactions = public_annual(inputs, "reserve_transactions_usd")
    short = public_annual(inputs, "short_term_private_net_inflow_usd")
    flows = dict(kept)
    if not transactions.empty:
        flows["reserves"] = transactions.by_year.combine_first(kept["reserves"])
    hot = {
        treatment(HOT_MONEY, "", taken) + which: rule.hot_money(
            errors_and_omissions=rule.implied_errors_and_omissions(
                financial_account=financial, reserves_change=change, current_account=account
            )
        )
        for taken, change in flows.items()
        for which, account in accounts.items()
    }
    if not published.empty:
        hot[IMPLIED] = hot[HOT_MONEY]
        narrow = rule.hot_money(errors_and_omissions=published.by_year)
        hot[HOT_MONEY] = narrow.combine_first(hot[HOT_MONEY])
    if not short.empty:
        hot[f"{HOT_MONEY}, with short-term private capital"] = rule.hot_money(
            errors_and_omissions=-hot[HOT_MONEY], short_term_private_inflow=short.by_year
        )
    used = (published, transactions, short)
    has_bop = not (financial.empty and published.empty)
    sources = merge_sources(of_account, *(one.source_ids() for one in used)) if has_bop else ()
    return hot, sources, has_bop


def _financial_account(inputs: Inputs) -> tuple[pd.Series, tuple[str, ...]]:
    """The financial account without reserves by year, outflow positive, and its sources.

    The sum of the functional categories; the analytic total only where the balance of payments has no other investment
    or portfolio investment at all, because that total leaves out credit from the IMF and exceptional financing, which would
    then pass for unrecorded money.
    """
    direct, portfolio, other, derivatives, analytic = (public_annual(inputs, id) for id in ACCOUNT)
    summed = rule.financial_account(
        direct_investment=direct.by_year,
        portfolio_investment=portfolio.by_year,
        other_investment=other.by_year,
        derivatives=derivatives.by_year.reindex(other.by_year.index).fillna(0.0),
    )
    parts = (direct, portfolio, other, derivatives)
    if portfolio.empty or other.empty:
        return analytic.by_year, analytic.source_ids()
    return summed.dropna(), merge_sources(*(one.source_ids() for one in parts))


def further(
    inputs: Inputs, recorded: Recorded, adjusted: AdjustedDebt, trade: Misinvoicing
) -> tuple[dict[str, pd.Series], tuple[str, ...]]:
    """Morgan Guaranty's and Ndikumana and Boyce's measures, as far as the bank gives what they need."""
    banks = public_annual(inputs, "bank_foreign_assets_usd")
    equity = public_annual(inputs, "portfolio_equity_net_inflow_usd")
    found: dict[str, pd.Series] = {}
    if not banks.empty:
        found[MORGAN] = rule.morgan_guaranty(
            world_bank_residual=recorded.world_bank, bank_foreign_assets_change=banks.change()
        )
    if adjusted.change.empty or equity.empty:
        return found, merge_sources(banks.source_ids())
    before = rule.ndikumana_boyce(
        debt_change_adjusted=adjusted.change,
        direct_investment_inflow=recorded.direct_investment,
        portfolio_inflow=equity.by_year,
        current_account_deficit=-recorded.current_account,
        reserves_change=recorded.reserves_change,
        misinvoicing=0.0 * recorded.current_account,
    )
    if not trade.usd.empty:
        found[NDIKUMANA_BOYCE] = before + trade.usd["central"]
        for end in ("low", "high"):
            label = f"{NDIKUMANA_BOYCE}, factor of freight and insurance {rule.CIF_FACTORS[end]:.2f}"
            found[label] = before + trade.usd[end]
    found[f"{NDIKUMANA_BOYCE}, before misinvoicing"] = before
    return found, merge_sources(banks.source_ids(), equity.source_ids(), trade.sources)


def treatment(label: str, *taken: str) -> str:
    """A treatment's name: from which stocks revaluation is taken out."""
    stocks = [one for one in taken if one]
    return f"{label}, revaluation of {' and '.join(stocks)} taken out" if stocks else label
