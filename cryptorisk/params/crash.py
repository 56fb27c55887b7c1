"""Parameters of chapter 4, price crash."""

from __future__ import annotations

import datetime as dt

from pydantic import Field, field_validator

from cryptorisk.params.base import (
    FIRST_BLOCK,
    DepreciationRange,
    ElasticityRange,
    Frozen,
    PositiveRange,
    Printed,
    Share,
    ShareRange,
    without_repeats,
)


class CrashScenario(Frozen):
    """A rung of the user's own severity ladder."""

    name: Printed = Field(min_length=1, max_length=80, description="Shown in the report.")
    price_drop: float = Field(
        ge=0.01,
        le=1,
        description="Fall of crypto prices as a share of the price before.",
        json_schema_extra={"unit": "share, 0 to 1", "hint": "a drop of 50 % is 0.5"},
    )
    stablecoin_loss: float = Field(
        0.0,
        ge=0,
        le=1,
        description="Loss on stablecoin holdings in the same scenario.",
        json_schema_extra={"unit": "share, 0 to 1", "hint": "a loss of 5 % is 0.05"},
    )
    ether_drop: Share | None = Field(
        None, description="Fall of ether; default altcoin_beta times price_drop, at most all of it."
    )
    altcoin_beta: float = Field(
        1.1,
        ge=0,
        le=5,
        description=(
            "Fall of other crypto-assets as a multiple of bitcoin's. The default is ether against bitcoin from peak to "
            "trough in 2018 (94.0 against 83.8 %)."
        ),
        json_schema_extra={"unit": "number"},
    )
    redemption: Share = Field(0.0, description="Share of stablecoins that holders redeem at once.")
    depreciation: float = Field(
        0.0,
        ge=0,
        lt=1,
        description="Share of its value in US dollars that the national currency loses.",
        json_schema_extra={"unit": "share, 0 to 1", "hint": "a currency that halves in dollars is 0.5"},
    )
    equity_drop: Share = Field(0.0, description="Fall of domestic share prices.")
    premium: float = Field(
        0.0,
        ge=0,
        le=5,
        description=(
            "Premium that residents pay for crypto-assets over the official exchange rate, after the depreciation."
        ),
        json_schema_extra={"unit": "share of the price abroad", "hint": "a premium of 20 % is 0.2"},
    )


class CrashParams(Frozen):
    """Chapter 4, price crash."""

    sample_start: dt.date = Field(
        dt.date(2014, 1, 1),
        ge=FIRST_BLOCK,
        description=f"First day of the price sample for volatility and tails; not before {FIRST_BLOCK}.",
        json_schema_extra={"unit": "date"},
    )
    var_level: float = Field(
        0.99,
        ge=0.9,
        le=0.999,
        description="Confidence level of value at risk and expected shortfall.",
        json_schema_extra={"unit": "share, 0 to 1", "hint": "99 % is 0.99"},
    )
    tail_threshold: float = Field(
        0.95,
        ge=0.8,
        le=0.99,
        description="Quantile of daily losses above which the generalised Pareto tail is fitted.",
        json_schema_extra={"unit": "share, 0 to 1"},
    )
    horizon_days: int = Field(
        10,
        ge=1,
        le=10,
        description=(
            "Horizon of the filtered historical simulation; beyond ten days the fitted volatility process "
            "is too close to the integrated boundary to be simulated."
        ),
        json_schema_extra={"unit": "days"},
    )
    paths: int = Field(
        10_000, ge=1000, le=200_000, description="Simulated paths.", json_schema_extra={"unit": "count"}
    )
    price_drop: float = Field(
        0.5,
        ge=0.01,
        le=1,
        description="Fall of crypto prices in the report's own one-month scenario.",
        json_schema_extra={"unit": "share, 0 to 1", "hint": "a drop of 50 % is 0.5"},
    )
    scenarios: tuple[CrashScenario, ...] = Field(
        (),
        max_length=12,
        description=(
            "Further rungs beside the historical menu: name, price_drop and, where wanted, stablecoin_loss, ether_drop, "
            "altcoin_beta, redemption, depreciation, equity_drop, premium."
        ),
    )
    stablecoin_loss: ShareRange = Field(
        ShareRange(low=0.0, central=0.05, high=0.127),
        description=(
            "Loss on stablecoins in the combined scenario, mild, central, severe. The defaults are lows of USDT on 12 "
            "May 2022 (0.95) and of USDC on 11 March 2023 (0.873)."
        ),
        json_schema_extra={"unit": "share, 0 to 1"},
    )
    redemption: ShareRange = Field(
        ShareRange(low=0.0, central=0.12, high=0.25),
        description=(
            "Share of stablecoins redeemed at once in the combined scenario. Central: USDT in May 2022 (83 to 73 billion "
            "dollars); high: an assumption, about twice that."
        ),
        json_schema_extra={"unit": "share, 0 to 1"},
    )
    depreciation: DepreciationRange | None = Field(
        None,
        description=(
            "Loss of the national currency's value in US dollars in the combined scenario, below 1. Default: none, the 90th "
            "percentile and the largest of the windows of twelve months in the last twenty years; for a held rate an "
            "assumption from those that gave way elsewhere."
        ),
        json_schema_extra={"unit": "share, 0 to 1", "hint": "a currency that halves in dollars is 0.5"},
    )
    uncertainty_correlation: float = Field(
        0.3,
        ge=0,
        le=0.95,
        description=(
            "Assumption: rank correlation among the shocks, and among the unknown sizes of exposures, in the Monte Carlo "
            "simulation."
        ),
        json_schema_extra={"unit": "correlation"},
    )
    monte_carlo_draws: int = Field(
        100_000,
        ge=1000,
        le=1_000_000,
        description="Draws of the Monte Carlo simulation of losses.",
        json_schema_extra={"unit": "count"},
    )
    household_loss_limit: Share = Field(
        0.01,
        description="Reverse stress: loss of households, as a share of GDP, whose smallest cause is sought.",
    )
    government_loss_limit: Share = Field(
        0.01,
        description="Reverse stress: loss of the government, as a share of a year's revenue, whose least cause is sought.",
    )
    cet1_requirement: Share | None = Field(
        None,
        description=(
            "Reverse stress: the jurisdiction's own requirement for the CET1 ratio, beside the Basel minimum of 4.5 % and "
            "7 % with the conservation buffer."
        ),
    )
    reserves_months: float = Field(
        3.0,
        gt=0,
        le=24,
        description="Reverse stress: months of imports that reserves should cover.",
        json_schema_extra={"unit": "months of imports"},
    )
    mining_electricity_cost: PositiveRange = Field(
        PositiveRange(low=0.03, central=0.045, high=0.0555),
        description=(
            "Price of electricity that miners pay. Central: median of the Cambridge survey of 2025; high: its mean of all "
            "running costs; low: an assumption."
        ),
        json_schema_extra={"unit": "USD per kWh"},
    )
    consumption_response: ShareRange = Field(
        ShareRange(low=0.03, central=0.05, high=0.10),
        description="Fall of consumption per unit of crypto wealth lost.",
        json_schema_extra={"unit": "share, 0 to 1"},
    )
    income_elasticity: ElasticityRange = Field(
        ElasticityRange(low=0.5, central=0.75, high=1.0),
        description="Elasticity of an owner's average holding to GDP per head relative to the world, at most 3.",
        json_schema_extra={"unit": "elasticity"},
    )

    @field_validator("scenarios")
    @classmethod
    def _distinct(cls, scenarios: tuple[CrashScenario, ...]) -> tuple[CrashScenario, ...]:
        return without_repeats(scenarios, [scenario.name for scenario in scenarios])
