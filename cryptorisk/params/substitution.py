"""Parameters of chapter 2, currency substitution."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cryptorisk.params.base import (
    Frozen,
    Share,
    ShareRange,
)


class SubstitutionParams(Frozen):
    """Chapter 2, currency substitution."""

    reference_currency: Literal["USD", "EUR"] = Field(
        "USD", description="Foreign currency that competes with the national one."
    )
    horizon_months: int = Field(
        12,
        ge=1,
        le=24,
        description="Holding horizon of the headline minimum-variance share; the report shows 1 to 24.",
        json_schema_extra={"unit": "months"},
    )
    window_months: int = Field(
        120,
        ge=60,
        le=300,
        description="Sample that the headline share is computed on, counted back from the last month.",
        json_schema_extra={"unit": "months"},
    )
    bootstrap_replications: int = Field(
        2000,
        ge=200,
        le=50_000,
        description="Block-bootstrap replications.",
        json_schema_extra={"unit": "count"},
    )
    displacement: ShareRange = Field(
        ShareRange(low=0.05, central=0.10, high=0.20),
        description=(
            "Scenario, not forecast: share of currency in circulation and non-remunerated balances "
            "that foreign-currency stablecoins displace, for seigniorage at risk; where another economy's money "
            "circulates, the share of broad money that they displace."
        ),
        json_schema_extra={"unit": "share, 0 to 1"},
    )
    stablecoin_share: float = Field(
        0.05,
        gt=0,
        lt=1,
        description=(
            "Assumption: share of stablecoins in foreign-currency money today, from which the scenarios of changed "
            "costs start; no public source observes it."
        ),
        json_schema_extra={"unit": "share, 0 to 1", "hint": "5 % is 0.05"},
    )
    risk_aversion: float = Field(
        5.0,
        ge=1,
        le=50,
        description=(
            "Assumption: relative risk aversion that weighs the cost of reaching an asset against risk in the "
            "portfolio with stablecoins and bitcoin; the portfolio of least risk alone does not use it."
        ),
        json_schema_extra={"unit": "number", "hint": "1 to 10 in most portfolio studies"},
    )
    loss_given_failure: Share = Field(
        0.5,
        description="Assumption: share of a holding that is lost when a bank, an issuer or a custodian fails.",
    )
    bank_dollar_cost: ShareRange = Field(
        ShareRange(low=0.01, central=0.02, high=0.05),
        description=(
            "Assumption: what a saver loses in buying and selling foreign currency at a bank, both together."
        ),
        json_schema_extra={"unit": "share of the amount, 0 to 1", "hint": "2 % is 0.02"},
    )
    bank_dollar_failure: ShareRange = Field(
        ShareRange(low=0.0, central=0.002, high=0.02),
        description=(
            "Assumption: yearly probability that foreign-currency deposits are frozen or converted by decree."
        ),
        json_schema_extra={"unit": "probability a year, 0 to 1", "hint": "1 % is 0.01"},
    )
    stablecoin_cost: ShareRange = Field(
        ShareRange(low=0.001, central=0.015, high=0.04),
        description=(
            "Assumption: what a saver loses in buying and selling a dollar stablecoin, both together. The default "
            "follows spreads of payment firms in January 2026 (Borderless.xyz, via the press)."
        ),
        json_schema_extra={"unit": "share of the amount, 0 to 1", "hint": "2 % is 0.02"},
    )
    stablecoin_failure: ShareRange = Field(
        ShareRange(low=0.002, central=0.01, high=0.03),
        description="Assumption: yearly probability that the issuer of a stablecoin or its custodian fails.",
        json_schema_extra={"unit": "probability a year, 0 to 1", "hint": "1 % is 0.01"},
    )
    bitcoin_cost: ShareRange = Field(
        ShareRange(low=0.001, central=0.015, high=0.04),
        description="Assumption: what a saver loses in buying and selling bitcoin; the same firms sell both.",
        json_schema_extra={"unit": "share of the amount, 0 to 1", "hint": "2 % is 0.02"},
    )
    bitcoin_failure: ShareRange = Field(
        ShareRange(low=0.002, central=0.01, high=0.03),
        description="Assumption: yearly probability that the custodian of a saver's bitcoin fails.",
        json_schema_extra={"unit": "probability a year, 0 to 1", "hint": "1 % is 0.01"},
    )
