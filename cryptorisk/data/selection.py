"""Choosing one figure a period where several sources have one: by stated precedence, never by averaging."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cryptorisk.data.block import Observations
from cryptorisk.data.catalogue import SeriesSpec


def choose(rows: Observations, spec: SeriesSpec, sources: Sequence[str] | None = None) -> Observations:
    """One figure a period.

    Parameters
    ----------
    rows : Observations
        Of one country and series.
    spec : SeriesSpec
        Its ``precedence``: the first group of sources that has any figure stands for the whole history; within it,
        the first source that has a figure for the period.
    sources : sequence of str, optional
        One group in place of the catalogue's; other sources are left out.

    Returns
    -------
    Observations
        By date, every date once.
    """
    groups = (tuple(sources),) if sources is not None else spec.precedence
    present = set(rows.sources)
    group = next((group for group in groups if present.intersection(group)), ())
    order = {source: rank for rank, source in enumerate(group)}
    rank = np.array([order.get(source, -1) for source in rows.sources], dtype=int)
    rows, rank = rows.take(rank >= 0), rank[rank >= 0]
    if not len(rows):
        return rows
    rows = rows.take(np.lexsort((rank, rows.dates)))
    return rows.take(np.concatenate([[True], rows.dates[1:] != rows.dates[:-1]]))
