"""What a country report may be told: frozen parameter models with units, bounds and explanations.

The models are the single statement of every parameter: `params/template.yaml` and `params/schema.json` are
generated from them, and `cryptorisk.paramfile` reads YAML into them.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import Field, field_validator

from cryptorisk.params.base import (
    FIRST_BLOCK,
    ISO3_IN_WORDS,
    DepreciationRange,
    Frozen,
    Iso3,
    PositiveRange,
    Printed,
    Share,
    ShareRange,
    without_repeats,
)
from cryptorisk.params.channels import ChannelsParams
from cryptorisk.params.crash import CrashParams, CrashScenario
from cryptorisk.params.flight import FlightParams
from cryptorisk.params.matrix import MatrixParams
from cryptorisk.params.override import Override
from cryptorisk.params.substitution import SubstitutionParams
from cryptorisk.params.volumes import VolumesParams

__all__ = [
    "FIRST_BLOCK",
    "ISO3_IN_WORDS",
    "ChannelsParams",
    "CrashParams",
    "CrashScenario",
    "DepreciationRange",
    "FlightParams",
    "Frozen",
    "MatrixParams",
    "Override",
    "Params",
    "PositiveRange",
    "Printed",
    "Share",
    "ShareRange",
    "SubstitutionParams",
    "VolumesParams",
]


class Params(Frozen):
    """Everything a country report may be told."""

    country: str = Field(
        pattern="^[A-Z]{3}$",
        description="ISO 3166-1 alpha-3 code of the economy (XKX for Kosovo).",
        json_schema_extra={"hint": "for example KEN", "pattern_in_words": ISO3_IN_WORDS},
    )
    as_of: dt.date | None = Field(
        None,
        ge=FIRST_BLOCK,
        description=f"The report sees no figure dated later; default the vintage's date; not before {FIRST_BLOCK}.",
        json_schema_extra={"unit": "date"},
    )
    vintage: str = Field(
        "latest",
        pattern=r"^(latest|\d{4}-\d{2}-\d{2}(-[a-z0-9]+)?)$",
        description="Data vintage: latest, or its date.",
        json_schema_extra={
            "hint": "`cryptorisk data verify` names the vintage at hand",
            "pattern_in_words": "latest or a date written YYYY-MM-DD",
        },
    )
    institution: Printed = Field("", max_length=120, description="Printed on the cover strip.")
    classification: Printed = Field(
        "", max_length=60, description="Printed on the cover strip, for example Internal."
    )
    seed: int = Field(20261123, ge=0, le=2**32 - 1, description="Seed of every simulation.")
    include_non_commercial: bool = Field(
        True,
        description=(
            "Use series under a non-commercial licence (Coin Metrics prices and on-chain figures); "
            "false leaves them out, and what needs them is shown as not available."
        ),
    )
    peers: tuple[Iso3, ...] = Field(
        (),
        max_length=40,
        description="Peer economies; default those of the same World Bank region.",
        json_schema_extra={"unit": "ISO 3166-1 alpha-3 codes"},
    )
    volumes: VolumesParams = VolumesParams()
    substitution: SubstitutionParams = SubstitutionParams()
    flight: FlightParams = FlightParams()
    crash: CrashParams = CrashParams()
    channels: ChannelsParams = ChannelsParams()
    matrix: MatrixParams = MatrixParams()
    own_files: tuple[str, ...] = Field(
        (),
        max_length=20,
        description=(
            "Files with several series of the bank's own: CSV, Excel (.xlsx) or Parquet with a row a figure, beside "
            "the parameter file or below. `cryptorisk data template` writes empty ones with explanations. A figure "
            "is confidential unless its row says no. What stands under overrides comes first."
        ),
        json_schema_extra={"unit": "paths relative to the parameter file"},
    )
    use_overrides_folder: bool = Field(
        True,
        description=(
            "Also use the files (of the same form, every row with its country) in data/overrides/; what stands "
            "under overrides and own_files comes first."
        ),
    )
    overrides: dict[str, Override] = Field(
        default_factory=dict,
        description=(
            "The bank's own figures by series id: a number, or value/file with unit, date, note, "
            "confidential. `cryptorisk data list` names the series."
        ),
    )

    @field_validator("own_files")
    @classmethod
    def _named_once(cls, files: tuple[str, ...]) -> tuple[str, ...]:
        return without_repeats(files, files)

    @field_validator("overrides", mode="before")
    @classmethod
    def _scalars(cls, overrides: Any) -> Any:
        if not isinstance(overrides, dict):
            return overrides
        return {name: {"value": given} if _is_number(given) else given for name, given in overrides.items()}


def _is_number(given: Any) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool)
