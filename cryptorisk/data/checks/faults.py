"""Known faults: ranges of a series that are left out, or that a report must warn of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from cryptorisk.data.catalogue import LIVE, Fault
from cryptorisk.data.observation import BLOCK

_ABSENT = -2
"""The code of no series; -1 is that of a missing one."""


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
    coded = {name: _Coded.of(observations[name]) for name in BLOCK}
    days = observations["date"].to_numpy()
    rows = []
    for fault in known:
        hit = _concerned(coded, days, fault)
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


@dataclass(frozen=True)
class _Coded:
    """A column of names as numbers: every fault asks for the same few names in as many rows as there are."""

    codes: npt.NDArray[np.int64]
    place: Mapping[str, int]

    @classmethod
    def of(cls, column: pd.Series) -> _Coded:
        codes, names = pd.factorize(column)
        return cls(codes.astype(np.int64), {str(name): code for code, name in enumerate(names)})

    def among(self, rows: npt.NDArray[np.int64], names: Iterable[str]) -> npt.NDArray[np.int64]:
        """Those of ``rows`` that bear one of the names."""
        wanted = [self.place[name] for name in names if name in self.place]
        return rows[np.isin(self.codes[rows], wanted)]


def _concerned(
    coded: Mapping[str, _Coded], days: npt.NDArray[np.datetime64], fault: Fault
) -> npt.NDArray[np.int64]:
    """Positions of the rows that a fault is about."""
    rows = np.flatnonzero(coded["series"].codes == coded["series"].place.get(fault.series, _ABSENT))
    rows = coded["country"].among(rows, [fault.country])
    if fault.source:
        rows = coded["source"].among(rows, [fault.source, live_edition(fault.source)])
    if fault.start:
        rows = rows[days[rows] >= np.datetime64(fault.start)]
    if fault.end:
        rows = rows[days[rows] <= np.datetime64(fault.end)]
    return rows


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
