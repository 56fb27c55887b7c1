"""Which series are stocks: what stands at a day, so that the last figure of a period stands for the period.

A flow (exports of a year) or an average (an exchange rate of a month) belongs to its whole period, and a figure for
a part of it is another quantity; a stock is read off at the period's end.
"""

from __future__ import annotations

from cryptorisk.data.catalogue import SeriesSpec

STOCKS = frozenset(
    {
        # what only the institution can give: positions and capital of banks, holdings, liabilities
        "bank_crypto_exposure_usd",
        "bank_tier1_usd",
        "bank_cet1_usd",
        "bank_rwa_usd",
        "household_crypto_holdings_usd",
        "household_ether_holdings_usd",
        "household_other_crypto_holdings_usd",
        "nonbank_crypto_exposure_usd",
        "bank_stablecoin_reserves_usd",
        "bank_hqla_usd",
        "bank_net_cash_outflows_usd",
        "government_crypto_holdings_usd",
        "base_money_pct_gdp",
        "other_external_liabilities_usd",
        "short_term_debt_remaining_maturity_usd",
        "bank_foreign_assets_usd",
        "external_debt_share_eur_pct",
        "external_debt_share_jpy_pct",
        "external_debt_share_gbp_pct",
        "external_debt_share_chf_pct",
        "external_debt_share_cny_pct",
        "external_debt_share_sdr_pct",
        # reserves and external positions
        "reserves_usd",
        "reserves_excluding_gold_usd",
        "external_debt_usd",
        "imf_credit_usd",
        "external_debt_pct_gni",
        "reserves_pct_external_debt",
        "short_term_debt_pct_reserves",
        # money, credit and the balance sheets of banks
        "broad_money_usd",
        "broad_money_lcu",
        "fx_deposits_lcu",
        "reserves_monthly_usd",
        "broad_money_pct_gdp",
        "domestic_credit_usd",
        "domestic_credit_private_pct_gdp",
        "deposit_dollarization_pct",
        "npl_ratio_pct",
        "bank_capital_to_assets_pct",
        "market_cap_pct_gdp",
        "public_debt_pct_gdp",
        # counts of people and outlets, and the rate at a quarter's end
        "population",
        "ownership_share_pct_population",
        "atms_per_100k",
        "bank_branches_per_100k",
        "official_fx_quarter_end_lcu_per_usd",
    }
)
"""Ratios of a stock to a year's product count as stocks: the stock is what a later figure replaces."""


FLOWS = frozenset(
    {
        "p2p_volume_usd",
        "real_gdp_index_q",
        # of a year: capital that came in, and trade as both sides record it
        "portfolio_equity_net_inflow_usd",
        "short_term_private_net_inflow_usd",
        "exports_goods_usd",
        "imports_goods_usd",
        "imports_reported_by_partners_usd",
        "exports_reported_by_partners_usd",
        "partners_share_exports_pct",
        "partners_share_imports_pct",
    }
)
"""What only the institution can give and is no stock."""

TO_JUNE = frozenset({"crypto_value_received_usd"})
"""Annual flows whose year ends on 30 June, as that of the vendor's regional reports does."""


def is_stock(spec: SeriesSpec) -> bool:
    """Whether a series is a stock: one of `STOCKS`, or one that only the institution can give but those of `FLOWS`."""
    return spec.id in STOCKS or not (spec.precedence or spec.id in FLOWS)
