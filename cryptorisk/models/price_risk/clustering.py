"""How far the clustering of large losses depends on what counts as large and on where a cluster ends."""

from __future__ import annotations

import pandas as pd

from cryptorisk.result import Column, Table
from cryptorisk.stats.clusters import LEAST_COUNTED, decluster, intervals_extremal_index
from cryptorisk.stats.sample import Values
from cryptorisk.stats.tails import GpdFit

RUN_LENGTHS = (2, 4, 7, 14)
"""Quiet days that end a cluster; the chapter takes four, as Coles (2001, section 5.3.3) does for daily returns."""

COUNTS = (100, 60, LEAST_COUNTED, 20)
"""Losses above the higher thresholds that are shown."""


def clustering_frame(losses: Values, fit: GpdFit, fall: float, days: int) -> pd.DataFrame:
    """Extremal index by threshold and run length, and what it makes of the chance of a fall.

    Parameters
    ----------
    losses : array-like, shape (n,)
        In time order, percent log points.
    fit : GpdFit
        Its threshold is the lowest.
    fall : float
        Loss asked about, percent log points.
    days : int
        Within which.

    Returns
    -------
    pandas.DataFrame
        ``n_exceed, threshold, runs_2, ..., intervals`` (Ferro and Segers), ``probability_pct`` with the index by runs of
        four days.
    """
    ordered = pd.Series(losses).sort_values(ascending=False, ignore_index=True)
    thresholds = [fit.threshold, *(float(ordered[n]) for n in COUNTS if n < fit.n_exceed)]
    rows = []
    for threshold in thresholds:
        found = {length: decluster(losses, threshold, run_length=length) for length in RUN_LENGTHS}
        index = found[4].extremal_index
        rows.append(
            {
                "n_exceed": found[4].n_exceed,
                "threshold": threshold,
                **{f"runs_{length}": each.extremal_index for length, each in found.items()},
                "intervals": intervals_extremal_index(losses, threshold),
                "probability_pct": 100 * fit.probability_within(fall, days, index),
            }
        )
    return pd.DataFrame(rows)


def clustering_table(frame: pd.DataFrame, fall_pct: float, counted: int, sources: tuple[str, ...]) -> Table:
    """``crash.clustering``: the frame, for the annex.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of `clustering_frame`.
    fall_pct : float
    counted : int
        Losses that the chapter's index is counted from.
    sources : tuple of str
    """
    return Table(
        "crash.clustering",
        "Clustering of large losses by threshold and by the days that end a cluster",
        frame,
        (
            Column("n_exceed", "Losses above", "", 0),
            Column("threshold", "Threshold", "log %", 1),
            *(Column(f"runs_{length}", f"{length} days", "", 2) for length in RUN_LENGTHS),
            Column("intervals", "Ferro and Segers", "", 2),
            Column("probability_pct", f"Chance of a fall above {fall_pct:g} % in a year", "%", 1),
        ),
        note=(
            "Extremal index: clusters per large loss, one where losses come singly. The chance takes four days; the "
            f"chapter's takes the index of the {counted} largest losses, the level nearest to such a fall at which clusters "
            "can still be counted."
        ),
        sources=sources,
    )
