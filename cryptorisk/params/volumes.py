"""Parameters of chapter 1, transaction volumes."""

from __future__ import annotations

from pydantic import Field

from cryptorisk.params.base import (
    Frozen,
)


class VolumesParams(Frozen):
    """Chapter 1, transaction volumes."""

    interval_level: float = Field(
        0.8,
        gt=0.5,
        lt=1,
        description="Nominal coverage of the intervals of regional and country volumes.",
        json_schema_extra={"unit": "share, 0.5 to 1"},
    )
    flows_file: str | None = Field(
        None,
        description=(
            "The bank's own crypto-asset flows between economies, for a gravity regression: CSV, Excel (.xlsx) or "
            "Parquet with the columns origin,destination,date,asset,value (asset may be left out; values in one unit) "
            "and, if at hand, variables of the pairs such as ln_distance, contiguity or language. Beside the parameter "
            "file or below."
        ),
        json_schema_extra={"unit": "path relative to the parameter file"},
    )
    flows_confidential: bool = Field(
        True,
        description=(
            "When true nothing of the flows is printed but the regression, its numbers to one digit; false prints "
            "them in full."
        ),
    )
