"""Figures behind the tail of daily falls: whether the threshold matters, and whether the fitted tail holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import pandas as pd
from matplotlib.axes import Axes

from cryptorisk.charts import theme
from cryptorisk.charts.figure import Figure, draw
from cryptorisk.estimate import number
from cryptorisk.result import Column, Result, Table


def stability(result: Result) -> Figure:
    """Shape of the tail by threshold, with its intervals and the estimate of the chapter."""
    id = "crash.stability_chart"
    table = result.tables.get("stability")
    if table is None:
        return Figure.notice(id, "Shape of the tail by threshold", result["tail_index"].reason)
    frame, chosen = table.frame, result["tail_index"]
    low, high = frame["xi"].min(), frame["xi"].max()
    return draw(
        id,
        title=f"By threshold the shape of the tail lies between {number(low, 2)} and {number(high, 2)}",
        subtitle="Shape of the generalised Pareto tail (vertical) by threshold in percent (horizontal), 80 % intervals",
        note=f"Dashed: the chapter's estimate. Sources: {', '.join(table.sources)}. Class: modelled.",
        alt=(
            f"Dots with intervals for {len(frame)} thresholds. The shape runs from {number(low, 2)} to {number(high, 2)}; "
            f"the chapter's estimate is {chosen:value}. The intervals reach from {number(frame['xi_low'].min(), 2)} "
            f"to {number(frame['xi_high'].max(), 2)}."
        ),
        data=Table(id, table.title, frame, table.columns, table.note, table.sources),
        plot=lambda ax: _plot_stability(cast(Axes, ax), frame, chosen.value or 0.0),
        size="half",
    )


def _plot_stability(ax: Axes, frame: pd.DataFrame, chosen: float) -> None:
    ends = [frame["xi"] - frame["xi_low"], frame["xi_high"] - frame["xi"]]
    ax.errorbar(frame["threshold"], frame["xi"], yerr=ends, fmt="o", ms=4, color=theme.BLUE, lw=1.2)
    ax.axhline(chosen, color=theme.VERMILION, ls=(0, (5, 2)), lw=1.2)
    ax.axhline(0, color=theme.MUTED, lw=0.8)
    ax.set_xlabel("daily loss above which it is fitted (log %)")


def diagnostics(result: Result) -> Figure:
    """Losses against the fitted tail, and mean excess by threshold."""
    id = "crash.tail_diagnostics_chart"
    pairs, excess = result.tables.get("tail_quantiles"), result.tables.get("mean_excess")
    if pairs is None or excess is None:
        return Figure.notice(id, "The fitted tail against the data", result["tail_index"].reason)
    points, means = pairs.frame, excess.frame
    worst = points.iloc[-1]
    where = "deeper" if worst["observed"] > worst["expected"] else "less deep"
    both = pd.concat([points.assign(what="loss"), means.assign(what="mean excess")], ignore_index=True)
    return draw(
        id,
        title=f"The worst day was {where} than its rank in the fitted tail",
        subtitle="Observed losses against the fitted tail (left); mean loss above a threshold (right); log percent",
        note=f"Bars: two standard errors. Sources: {', '.join(pairs.sources)}. Class: measured and modelled.",
        alt=(
            f"Left, {len(points)} losses against those that the fitted tail expects at their rank; the largest is "
            f"{number(worst['observed'], 1)} where {number(worst['expected'], 1)} is expected. Right, the mean loss above a "
            f"threshold, from {number(means['mean_excess'].iloc[0], 1)} at the lowest to "
            f"{number(means['mean_excess'].iloc[-1], 1)} at the highest."
        ),
        data=Table(
            id,
            "Losses against the fitted tail, and mean excess",
            both,
            (
                Column("what", "Kind"),
                Column("expected", "Fitted tail", "log %", 2),
                Column("observed", "Observed", "log %", 2),
                Column("threshold", "Threshold", "log %", 2),
                Column("mean_excess", "Mean excess", "log %", 2),
            ),
            "",
            pairs.sources,
        ),
        plot=lambda axes: _plot_diagnostics(cast(Sequence[Axes], axes), points, means),
        panels=(1, 2),
    )


def _plot_diagnostics(axes: Sequence[Axes], points: pd.DataFrame, means: pd.DataFrame) -> None:
    left, right = axes
    end = float(points[["expected", "observed"]].to_numpy().max())
    begin = float(points[["expected", "observed"]].to_numpy().min())
    left.plot([begin, end], [begin, end], color=theme.MUTED, lw=1.0)
    left.plot(points["expected"], points["observed"], ls="", marker="o", ms=3, color=theme.BLUE)
    left.set_xlabel("fitted tail (log %)")
    left.set_ylabel("observed (log %)")
    right.errorbar(
        means["threshold"], means["mean_excess"], yerr=2 * means["std_error"], fmt="o", ms=4, color=theme.BLUE
    )
    right.set_ylim(bottom=0)
    right.set_xlabel("threshold (log %)")
    right.set_ylabel("mean excess (log %)")
