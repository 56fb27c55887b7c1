"""Known faults: ranges of a series that are left out, or that a report must warn of."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cryptorisk.data.catalogue import LIVE, Fault


def apply_faults(observations: pd.DataFrame, known: tuple[Fault, ...]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Leave out the ranges whose fault says so; return what stays and the faults with the rows each concerns.

    A fault of one edition of a publication also concerns what is fetched live from it: the International Monetary
    Fund's exchange rates in bolívares fuertes are no better today than in the copy of January 2026.

    Parameters
    ----------
    observations : DataFrame
        Columns country, series, date, value, source.
    known : tuple of Fault

    Returns
    -------
    stays, table : DataFrame
    """
    keep = np.ones(len(observations), dtype=bool)
    rows = []
    for fault in known:
        hit = _concerned(observations, fault)
        if fault.action == "drop":
            keep[hit] = False
        rows.append(_fault_row(fault, len(hit)))
    return observations[keep].reset_index(drop=True), pd.DataFrame(rows)


def live_edition(source: str) -> str:
    """Id of what is fetched live from the publication of a source: ``imf_er_live`` for ``imf_er_2026_01``."""
    words = source.split("_")
    while len(words) > 1 and (words[-1].isdecimal() or words[-1] == LIVE):
        words.pop()
    return "_".join((*words, LIVE))


def _concerned(observations: pd.DataFrame, fault: Fault) -> np.ndarray:
    """Positions of the rows that a fault is about."""
    named = (observations["series"] == fault.series).to_numpy()
    rows = np.flatnonzero(named)
    part = observations.iloc[rows]
    hit = (part["country"] == fault.country).to_numpy()
    if fault.source:
        hit = hit & part["source"].isin((fault.source, live_edition(fault.source))).to_numpy()
    if fault.start:
        hit = hit & (part["date"] >= np.datetime64(fault.start)).to_numpy()
    if fault.end:
        hit = hit & (part["date"] <= np.datetime64(fault.end)).to_numpy()
    return rows[hit]


def _fault_row(fault: Fault, count: int) -> dict[str, object]:
    return {
        "series": fault.series,
        "country": fault.country,
        "from": fault.start.isoformat() if fault.start else "",
        "to": fault.end.isoformat() if fault.end else "",
        "source": fault.source,
        "action": fault.action,
        "rows": count,
        "reason": fault.reason,
    }
