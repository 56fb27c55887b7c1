"""What parameter models have in common: frozen, unknown keys fatal, ranges and printed text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

FIRST_BLOCK = dt.date(2009, 1, 3)
"""Date of Bitcoin's first block: before it there is nothing to report on."""

ISO3_IN_WORDS = "a country code of three capital letters"
Iso3 = Annotated[str, Field(pattern="^[A-Z]{3}$", json_schema_extra={"pattern_in_words": ISO3_IN_WORDS})]
_Entry = TypeVar("_Entry")
Share = Annotated[float, Field(ge=0, le=1, json_schema_extra={"unit": "share, 0 to 1"})]


def _printable(text: str) -> str:
    """The page's checks take double braces for a template that was not filled in."""
    for mark in ("{{", "}}", "{%", "%}", "{#"):
        if mark in text:
            raise ValueError(f"must not hold {mark}, which the page's checks take for an unfilled template")
    return text


Printed = Annotated[str, AfterValidator(_printable)]
"""Text of the user that a report prints."""


class Frozen(BaseModel):
    """Base of all parameter models: frozen, unknown keys fatal, no coercion of text to numbers."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, allow_inf_nan=False)


class ShareRange(Frozen):
    """Low, central and high assumption about a share."""

    low: Share
    central: Share
    high: Share

    @model_validator(mode="after")
    def _ordered(self) -> ShareRange:
        if not self.low <= self.central <= self.high:
            raise ValueError("must be ordered: low <= central <= high")
        return self


class DepreciationRange(Frozen):
    """Low, central and high loss of a currency's value; a currency that loses all of it has no exchange rate."""

    low: float = Field(ge=0, lt=1)
    central: float = Field(ge=0, lt=1)
    high: float = Field(ge=0, lt=1)

    @model_validator(mode="after")
    def _ordered(self) -> DepreciationRange:
        if not self.low <= self.central <= self.high:
            raise ValueError("must be ordered: low <= central <= high")
        return self


class PositiveRange(Frozen):
    """Low, central and high assumption about a positive quantity."""

    low: float = Field(gt=0)
    central: float = Field(gt=0)
    high: float = Field(gt=0)

    @model_validator(mode="after")
    def _ordered(self) -> PositiveRange:
        if not self.low <= self.central <= self.high:
            raise ValueError("must be ordered: low <= central <= high")
        return self


class ElasticityRange(PositiveRange):
    """Low, central and high assumption about an elasticity; beyond three a rich economy's owners would hold everything."""

    low: float = Field(gt=0, le=3)
    central: float = Field(gt=0, le=3)
    high: float = Field(gt=0, le=3)


def without_repeats(entries: tuple[_Entry, ...], names: Sequence[object]) -> tuple[_Entry, ...]:
    """The entries, refused when two bear the same name: tables and figures tell them apart by it."""
    repeated = sorted({repr(name) for name in names if names.count(name) > 1})
    if repeated:
        raise ValueError(f"must be distinct ({', '.join(repeated)} stands twice)")
    return entries
