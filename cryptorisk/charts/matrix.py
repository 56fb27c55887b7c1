"""Figures of chapter 6, risk matrix."""

from __future__ import annotations

import math

from matplotlib.axes import Axes

from cryptorisk.charts import theme
from cryptorisk.charts.figure import Figure, draw
from cryptorisk.result import Result
from cryptorisk.words import listing


def pillars(matrix: Result) -> Figure:
    """Score of each pillar, worst first, with its band in words; a pillar without data is hatched."""
    table = matrix.tables["pillars"]
    frame = table.frame.assign(order=table.frame["score"].fillna(-1)).sort_values("order")
    seen = frame[frame["score"].notna()]
    if seen.empty:
        return Figure.notice("matrix.heat", "Scores of the pillars", "no pillar has enough data")
    top = list(seen[seen["score"] >= 50]["pillar"].str.lower())[::-1]
    title = f"Elevated or high: {listing(top)}" if top else "No pillar is elevated or high"
    n_missing = int(frame["score"].isna().sum())

    def plot(ax: Axes) -> None:
        for position, row in enumerate(frame.itertuples(index=False)):
            missing = math.isnan(row.score)
            colour = theme.RISK["missing" if missing else row.band]
            ax.barh(
                position,
                100 if missing else max(row.score, 1.0),
                color=colour,
                edgecolor=theme.GREY,
                hatch="///" if missing else "",
                height=0.7,
            )
            text = "no data" if missing else f"{row.score:.0f}  {row.band}"
            ax.annotate(
                text,
                (2 if missing or row.score > 30 else row.score + 1, position),
                xytext=(3, 0),
                textcoords="offset points",
                va="center",
                color=theme.INK if missing or row.score <= 30 else theme.text_on(colour),
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0} if missing else None,
            )
        ax.set_yticks(range(len(frame)), list(frame["pillar"]))
        ax.set_xlim(0, 100)
        ax.set_xticks([0, 25, 50, 75, 100])
        ax.grid(axis="y", visible=False)
        ax.grid(axis="x", visible=True)
        ax.set_xlabel("Score: 0 calm, 100 stressed")

    return draw(
        "matrix.heat",
        title=title,
        subtitle="Score of each pillar from 0 to 100 against its thresholds",
        note=f"{n_missing} of {len(frame)} pillars have no data and no score; that is not a low score."
        if n_missing
        else "All pillars are observed.",
        alt="Bars of scores: "
        + "; ".join(
            f"{r.pillar} " + ("no data" if math.isnan(r.score) else f"{r.score:.0f}, {r.band}")
            for r in frame[::-1].itertuples(index=False)
        )
        + ".",
        data=table,
        plot=plot,
        height=0.8 + 0.42 * len(frame),
    )


def sensitivity(matrix: Result) -> Figure:
    """The rating under other choices of mean and without each pillar."""
    id, title = "matrix.choices", "The rating under other choices"
    rating = matrix["rating"]
    table = matrix.tables["sensitivity"]
    frame = table.frame.dropna()
    if rating.value is None or frame.empty:
        return Figure.notice(id, title, rating.reason)
    shown = frame.iloc[::-1]
    spread = f"{shown['rating'].min():.0f} to {shown['rating'].max():.0f}"

    def plot(ax: Axes) -> None:
        if rating.low is not None and rating.high is not None:
            ax.axvspan(rating.low, rating.high, color=theme.BLUE, alpha=theme.BAND_ALPHA, linewidth=0)
        ax.plot(shown["rating"], range(len(shown)), "o", color=theme.BLUE)
        for position, value in enumerate(shown["rating"]):
            ax.annotate(
                f"{value:.0f}", (value, position), xytext=(7, 0), textcoords="offset points", va="center"
            )
        ax.set_yticks(range(len(shown)), list(shown["case"]))
        ax.set_xlim(0, 100)
        ax.set_xlabel("Rating, 0 to 100; band: 5th to 95th percentile over weights, thresholds and estimates")

    return draw(
        id,
        title=f"Single choices move the rating between {spread}",
        subtitle="Rating with the arithmetic mean, and without each observed pillar",
        note="Each point changes one choice; the band changes all of them at once.",
        alt="Points of the rating: "
        + "; ".join(f"{r.case} {r.rating:.0f}" for r in frame.itertuples(index=False))
        + ".",
        data=table,
        plot=plot,
        height=0.8 + 0.36 * len(shown),
    )
