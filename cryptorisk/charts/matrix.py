"""Figures of chapter 6, risk matrix."""

from __future__ import annotations

import math

from matplotlib.axes import Axes

from cryptorisk.charts import theme
from cryptorisk.charts.figure import Figure, draw
from cryptorisk.models.matrix.tables import NO_DATA, NOT_ASKED, UNSCORED
from cryptorisk.result import Result
from cryptorisk.words import listing

ELEVATED = 50.0
"""Where the band "elevated" begins in `cryptorisk/models/matrix/cram.yaml`."""


def pillars(matrix: Result) -> Figure:
    """Score of each pillar, worst first, with its band in words; a pillar without a score is hatched."""
    table = matrix.tables["pillars"]
    columns = (table.frame[name].tolist() for name in ("pillar", "score", "band"))
    bars = [
        (str(p), float("nan") if s is None else float(s), str(b)) for p, s, b in zip(*columns, strict=True)
    ]
    bars.sort(key=lambda bar: -1.0 if math.isnan(bar[1]) else bar[1])
    seen = [bar for bar in bars if not math.isnan(bar[1])]
    if not seen:
        return Figure.notice("matrix.heat", "Scores of the pillars", "no pillar has enough data")
    top = [name.lower() for name, score, _ in reversed(seen) if score >= ELEVATED]
    asked = [band for _, _, band in bars if band != NOT_ASKED]
    n_missing = sum(band in (NO_DATA, UNSCORED) for band in asked)

    def plot(ax: Axes) -> None:
        for position, (_, score, band) in enumerate(bars):
            _bar(ax, position, score, band)
        ax.set_yticks(range(len(bars)), [name for name, _, _ in bars])
        ax.set_xlim(0, 100)
        ax.set_xticks([0, 25, 50, 75, 100])
        ax.grid(axis="y", visible=False)
        ax.grid(axis="x", visible=True)
        ax.set_xlabel("Score: 0 calm, 100 stressed")

    words = [
        f"{name} {band if math.isnan(score) else f'{score:.0f}, {band}'}" for name, score, band in bars[::-1]
    ]
    return draw(
        "matrix.heat",
        title=f"Elevated or high: {listing(top)}" if top else "No pillar is elevated or high",
        subtitle="Score of each pillar from 0 to 100 against its thresholds",
        note=f"{n_missing} of {len(asked)} pillars have no score; that is not a low score."
        if n_missing
        else "All pillars are scored.",
        alt=f"Bars of scores: {'; '.join(words)}.",
        data=table,
        plot=plot,
        height=0.8 + 0.42 * len(bars),
    )


def _bar(ax: Axes, position: int, score: float, band: str) -> None:
    """One pillar: its bar, or a hatched one across the whole scale when there is no score."""
    missing = math.isnan(score)
    colour = theme.RISK["missing" if missing else band]
    inside = not missing and score > 30
    ax.barh(
        position,
        100 if missing else max(score, 1.0),
        color=colour,
        edgecolor=theme.GREY,
        hatch="///" if missing else "",
        height=0.7,
    )
    ax.annotate(
        band if missing else f"{score:.0f}  {band}",
        (2 if missing or inside else score + 1, position),
        xytext=(3, 0),
        textcoords="offset points",
        va="center",
        color=theme.text_on(colour) if inside else theme.INK,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0} if missing else None,
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
    spread = f"{shown['rating'].min():.0f} and {shown['rating'].max():.0f}"

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
