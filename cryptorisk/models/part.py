"""What parts of a chapter have in common: their estimates, tables and findings, and figures as given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from cryptorisk.data.inputs import Observation
from cryptorisk.estimate import Estimate, one_digit
from cryptorisk.result import Finding, Table


class Part(NamedTuple):
    """Estimates, tables and findings of one part of a chapter."""

    estimates: tuple[Estimate, ...] = ()
    tables: tuple[Table, ...] = ()
    findings: tuple[Finding, ...] = ()

    @classmethod
    def join(cls, parts: Iterable[Part]) -> Part:
        """All parts as one, in their order."""
        estimates: tuple[Estimate, ...] = ()
        tables: tuple[Table, ...] = ()
        findings: tuple[Finding, ...] = ()
        for part in parts:
            estimates += part.estimates
            tables += part.tables
            findings += part.findings
        return cls(estimates, tables, findings)


def to_one_digit(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """A copy with the cells of some columns to one significant digit: they stand on a confidential figure."""
    return frame.assign(**{name: frame[name].map(one_digit, na_action="ignore") for name in columns})


MOST_PLACES = 4
"""A cell with more decimals is not read; what is smaller is written as zero."""


def places(frame: pd.DataFrame, columns: Sequence[str], least: int) -> int:
    """Decimals of a table's columns with which its smallest number other than zero is not written as zero.

    Parameters
    ----------
    frame : DataFrame
    columns : sequence of str
        Shown alike.
    least : int
        Decimals that they have in any case; at most `MOST_PLACES` are given.
    """
    cells = frame[list(columns)].to_numpy(dtype=float).ravel()
    sizes = np.abs(cells[np.isfinite(cells) & (cells != 0)])
    if not sizes.size:
        return least
    smallest = float(sizes.min())
    return next((n for n in range(least, MOST_PLACES) if round(smallest, n) != 0), MOST_PLACES)


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
