"""Parameters of chapter 6, risk matrix."""

from __future__ import annotations

from pydantic import Field, field_validator

from cryptorisk.params.base import (
    Frozen,
)


class MatrixParams(Frozen):
    """Chapter 6, risk matrix."""

    weights: dict[str, float] = Field(
        default_factory=dict,
        description=(
            "Weights of the pillars by name; those left out weigh 1. Names: see cryptorisk/models/matrix/cram.yaml."
        ),
        json_schema_extra={"unit": "weight"},
    )
    weight_draws: int = Field(
        5000,
        ge=500,
        le=100_000,
        description="Draws of weights and thresholds behind the rating's interval.",
        json_schema_extra={"unit": "count"},
    )

    @field_validator("weights")
    @classmethod
    def _positive(cls, weights: dict[str, float]) -> dict[str, float]:
        bad = {name: weight for name, weight in weights.items() if weight < 0}
        if bad:
            raise ValueError(f"weights must not be negative (got {bad})")
        return weights
