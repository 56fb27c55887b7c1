"""What the chapter's parts have in common: a group of holders' estimates, tables and findings, and figures as given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from cryptorisk.data.inputs import Observation
from cryptorisk.estimate import Estimate, one_digit
from cryptorisk.result import Finding, Table


@dataclass(frozen=True, eq=False)
class Part:
    """Estimates, tables and findings of a group of holders."""

    estimates: tuple[Estimate, ...]
    tables: tuple[Table, ...] = ()
    findings: tuple[Finding, ...] = ()


def to_one_digit(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """A copy with the cells of some columns to one significant digit: they stand on a confidential figure."""
    return frame.assign(**{name: frame[name].map(one_digit, na_action="ignore") for name in columns})


def given(figure: Observation) -> dict[str, Any]:
    """Attributes of an estimate that is a figure as published or given."""
    return {
        "data_class": figure.data_class,
        "date": figure.date.isoformat(),
        "sources": (figure.source,),
        "inputs": (figure.series,),
        "method": "As published or given.",
        "note": figure.note,
    }
