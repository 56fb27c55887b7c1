"""The bank's own figure or series in a parameter file."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import Field, field_validator, model_validator

from cryptorisk.params.base import (
    Frozen,
    Printed,
)


class Override(Frozen):
    """The bank's own figure or series, in place of the public one.

    Exactly one of ``value`` and ``file`` is given. A file (CSV, Excel or Parquet) has the columns ``date,value``.
    """

    value: float | None = Field(None, description="A single figure.")
    file: str | None = Field(
        None,
        description=(
            "CSV, Excel (.xlsx) or Parquet with the columns date,value; relative to the parameter file. Of a stock "
            "the last figure in each period counts; a flow needs one figure a period."
        ),
    )
    unit: str | None = Field(None, description="Unit of the figures; must be the series' unit when given.")
    date: dt.date | None = Field(None, description="Date of the single figure; default as_of.")
    note: Printed = Field("", max_length=500, description="Origin, printed in the report.")
    confidential: bool = Field(
        False,
        description=(
            "When true the report says that the series was used, does not print the input itself, and prints "
            "results that stand on it to one digit."
        ),
    )

    @field_validator("date", mode="before")
    @classmethod
    def _day(cls, given: Any) -> Any:
        """A bare number beside it makes pydantic see Python values here, where strict reading takes no text."""
        if not isinstance(given, str) or len(given) != len("YYYY-MM-DD"):
            return given
        try:
            return dt.date.fromisoformat(given)
        except ValueError:
            return given

    @model_validator(mode="after")
    def _one(self) -> Override:
        if (self.value is None) == (self.file is None):
            raise ValueError("give either value or file")
        if self.file is not None and self.unit is None:
            raise ValueError("a file needs its unit")
        return self
