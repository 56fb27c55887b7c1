"""Figures of chapter 5, policy channels."""

from __future__ import annotations

from matplotlib.axes import Axes

from cryptorisk.charts import theme
from cryptorisk.charts.figure import Figure, draw
from cryptorisk.models.channels.remittances import SDG_CORRIDOR_CEILING_PCT, SDG_TARGET_PCT
from cryptorisk.result import Result, Table

MOST_CORRIDORS = 20


def remittance_costs(channels: Result) -> Figure:
    """Cost of sending money to the country, by sending country, against the targets of SDG 10.c."""
    id, title = "channels.remittance_costs", "Cost of sending money by corridor"
    table = channels.tables.get("remittance_corridors")
    cost = channels["remittance_cost_pct"]
    if table is None or cost.value is None:
        return Figure.notice(id, title, cost.reason)
    frame = table.frame.sort_values("cost_pct").tail(MOST_CORRIDORS)
    above = int((table.frame["cost_pct"] > SDG_CORRIDOR_CEILING_PCT).sum())
    n = len(table.frame)
    found = (
        f"{above} of {n} corridors cost more than 5 % of the amount sent"
        if n > 1
        else "One corridor is priced"
    )

    def plot(ax: Axes) -> None:
        colours = [theme.VERMILION if c > SDG_CORRIDOR_CEILING_PCT else theme.BLUE for c in frame["cost_pct"]]
        bars = ax.barh(frame["sender"], frame["cost_pct"], color=colours, height=0.65)
        for bar, value in zip(bars, frame["cost_pct"], strict=True):
            bar.set_hatch("///" if value > SDG_CORRIDOR_CEILING_PCT else "")
            ax.annotate(
                f"{value:.1f}",
                (value, bar.get_y() + bar.get_height() / 2),
                xytext=(4, 0),
                textcoords="offset points",
                va="center",
            )
        for mark, style in ((SDG_TARGET_PCT, "--"), (SDG_CORRIDOR_CEILING_PCT, ":")):
            ax.axvline(mark, color=theme.INK, linewidth=1, linestyle=style)
        ax.grid(axis="y", visible=False)
        ax.set_xlabel("% of the amount sent; dashed: 3 % target, dotted: 5 % ceiling of SDG 10.c")

    return draw(
        id,
        title=found,
        subtitle=f"{table.title}, % of the amount",
        note=f"{table.note} Class: {cost.data_class}.",
        alt=(
            f"Bars of the cost by sending country in {cost.date}, "
            f"from {cost.low or cost.value:.1f} to {cost.high or cost.value:.1f} %."
        ),
        data=table,
        plot=plot,
        height=0.9 + 0.26 * len(frame),
    )


TABLES = {
    "regulation": "Legal status of crypto-assets",
    "adoption_history": "Rank in the adoption index by year",
}


def table(channels: Result, name: str) -> Table | Figure:
    """The chapter's table of that name, or a line that says why there is none."""
    if name in channels.tables:
        return channels.tables[name]
    estimate = channels["regulation_aspects" if name == "regulation" else "adoption_rank"]
    return Figure.notice(f"channels.{name}", TABLES[name], estimate.reason)
