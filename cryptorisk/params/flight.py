"""Parameters of chapter 3, capital flight."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator

from cryptorisk.params.base import (
    Frozen,
    PositiveRange,
    Share,
    ShareRange,
    without_repeats,
)


class FlightParams(Frozen):
    """Chapter 3, capital flight."""

    exchange_rate_regime: Literal["auto", "fixed", "floating"] = Field(
        "auto",
        description=(
            "Row of the IMF reserve-adequacy weights; auto takes the latest coded regime and shows both rows."
        ),
    )
    capital_controls: Literal["auto", "yes", "no"] = Field(
        "auto",
        description="Whether outflow controls lower the weight of broad money; auto reads the coded index.",
    )
    drain_shares: tuple[Share, ...] = Field(
        (0.01, 0.05, 0.10),
        min_length=1,
        max_length=6,
        description=(
            "Scenario, not forecast: shares of crypto-accessible broad money that leave within a year. The middle one of "
            "those above zero, by size, is the headline and decides which rules count as broken; of an even number the "
            "larger of the two in the middle."
        ),
        json_schema_extra={"unit": "share, 0 to 1", "hint": "5 % is 0.05"},
    )
    stablecoin_pass_through: ShareRange = Field(
        ShareRange(low=0.01, central=0.03, high=0.10),
        description=(
            "Assumption, not measured: share of the value received in stablecoins that residents paid for with national "
            "currency and that reserves had to meet; the rest is turnover among residents, paid for with foreign exchange "
            "that they had, or comes in (remittances, exports)."
        ),
        json_schema_extra={"unit": "share, 0 to 1", "hint": "5 % is 0.05"},
    )
    money_semi_elasticity: PositiveRange = Field(
        PositiveRange(low=0.19, central=0.34, high=0.73),
        description=(
            "Years: fall of log money demand per unit of expected yearly depreciation, for the illustration of an attack on "
            "a peg. The default is the range of Cagan's estimates (1956), 2.3 to 8.7 months, median 4.1."
        ),
        json_schema_extra={"unit": "years", "hint": "6 months is 0.5"},
    )

    @field_validator("drain_shares")
    @classmethod
    def _distinct(cls, shares: tuple[float, ...]) -> tuple[float, ...]:
        return without_repeats(shares, shares)
