"""Rank in the vendor's adoption index by year; ranks of different years do not compare."""

from __future__ import annotations

import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import Estimate
from cryptorisk.result import Column, Table

LABEL = "Rank in the Global Crypto Adoption Index"


def adoption_rank(inputs: Inputs) -> Estimate:
    """Latest published rank; a proxy, without an interval."""
    latest = inputs.latest("gcai_rank")
    if latest is None:
        return Estimate.missing(
            "volumes.adoption_rank", LABEL, "rank", "the index does not rank this economy"
        )
    return Estimate(
        "volumes.adoption_rank",
        LABEL,
        latest.value,
        "rank",
        data_class="proxy",
        method="As published; ranks of different years do not compare, since the index changed in 2021, 2022, 2024, 2025.",
        date=str(latest.date.year),
        sources=(latest.source,),
        inputs=("gcai_rank",),
        function="cryptorisk.models.volumes.analyse",
    )


def adoption_table(inputs: Inputs) -> Table | None:
    """Overall rank and rank of value received, by year of the index."""
    overall, value = inputs.series("gcai_rank"), inputs.series("gcai_rank_cex_value")
    if overall.empty:
        return None
    counted = inputs.panel("gcai_rank").notna().sum(axis=1)
    frame = pd.DataFrame({"rank": overall.values, "rank_value": value.values})
    frame["known"] = counted.reindex(frame.index)
    frame["year"] = [str(date.year) for date in frame.index]
    columns = (
        Column("year", "Index of"),
        Column("rank", "Overall rank", "1 is highest", 0),
        Column("rank_value", "Rank by value received", "1 is highest", 0),
        Column("known", "Economies with a known rank", "", 0),
    )
    note = "The index changed its method in 2021, 2022, 2024 and 2025: a change of rank is not a change of adoption."
    return Table(
        "volumes.adoption", "Adoption index by year", frame, columns, note, tuple(overall.source_ids)
    )
