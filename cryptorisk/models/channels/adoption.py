"""Adoption channel: where the country stands in the published adoption index."""

from __future__ import annotations

import pandas as pd

from cryptorisk.data.inputs import Inputs
from cryptorisk.estimate import Estimate
from cryptorisk.result import Column, Finding, Table

FUNCTION = "cryptorisk.models.channels.adoption.adoption"
SERIES = "gcai_rank"


def adoption(inputs: Inputs) -> tuple[list[Estimate], list[Table], list[Finding]]:
    """Rank in the Global Crypto Adoption Index, its percentile among the ranked economies, and its history.

    Returns
    -------
    tuple of (list of Estimate, list of Table, list of Finding)

    Notes
    -----
    The index changed its method in 2021, 2022, 2024 and 2025; ranks of different years are not comparable and
    no change of rank is interpreted. In 2020 and 2021 only the top ranks are published, so the percentile is given for
    years with at least 100 ranked economies.
    """
    series = inputs.series(SERIES)
    label, label_pct = "Rank in the adoption index", "Share of ranked economies with lower adoption"
    if series.empty:
        reason = "not ranked in the adoption index"
        return (
            [
                Estimate.missing("channels.adoption_rank", label, "rank", reason),
                Estimate.missing("channels.adoption_percentile", label_pct, "pct", reason),
            ],
            [],
            [],
        )
    panel = inputs.panel(SERIES)
    counts = panel.notna().sum(axis=1)
    frame = series.values.rename("rank").to_frame()
    frame["ranked"] = counts.reindex(frame.index)
    latest = series.latest
    assert latest is not None
    rank = Estimate(
        "channels.adoption_rank",
        label,
        latest.value,
        "rank",
        data_class="proxy",
        date=str(latest.date.year),
        method="Chainalysis Global Crypto Adoption Index, as published; its method changes from year to year.",
        sources=(latest.source,),
        inputs=(SERIES,),
        function=FUNCTION,
    )
    table = Table(
        "channels.adoption_history",
        "Rank in the adoption index by year",
        frame.assign(year=pd.DatetimeIndex(frame.index).year.astype(str)).sort_index()[
            ["year", "rank", "ranked"]
        ],
        (
            Column("year", "Year"),
            Column("rank", "Rank", "1 = highest", 0),
            Column("ranked", "Economies in the data", "", 0),
        ),
        note="The index changed its method in 2021, 2022, 2024 and 2025: ranks of different years do not compare.",
        sources=(latest.source,),
    )
    return [rank, _percentile(frame, rank, label_pct)], [table], []


def _percentile(frame: pd.DataFrame, rank: Estimate, label: str) -> Estimate:
    full = frame[frame["ranked"] >= 100]
    if full.empty:
        return Estimate.missing(
            "channels.adoption_percentile",
            label,
            "pct",
            "only the top ranks were published for the years with a rank",
        )
    last = full.sort_index().iloc[-1]
    return Estimate(
        "channels.adoption_percentile",
        label,
        100 * (last["ranked"] - last["rank"]) / (last["ranked"] - 1),
        "pct",
        data_class="proxy",
        date=str(full.sort_index().index[-1].year),
        n_obs=int(last["ranked"]),
        method="Ranked economies below it over all others ranked, latest year with a full list.",
        sources=rank.sources,
        inputs=rank.inputs,
        function=FUNCTION,
    )
