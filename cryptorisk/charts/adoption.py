"""Figures of adoption and of the scenarios in chapter 2, drawn from the result's tables."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from cryptorisk.charts import theme
from cryptorisk.charts.figure import Figure, draw
from cryptorisk.countries import country
from cryptorisk.estimate import Estimate, number
from cryptorisk.result import Result, Table
from cryptorisk.words import listing

KINDS = (
    ("survey", "asked in a survey", theme.GREEN, "s"),
    ("modelled", "modelled by a vendor, or unnamed", theme.BLUE, "o"),
)
"""Data class, words, colour, marker of a published share."""

MOST_ROWS = 16

TITLES = {
    "adoption": "This economy: ownership and adoption",
    "scenarios": "Scenarios and illustrations in figures",
    "adoption_ownership": "Published ownership of crypto-assets",
    "adoption_index": "Ranks in the adoption index",
    "adoption_effects": "What goes with adoption across economies",
    "adoption_robustness": "The same with other samples and models",
    "ces_scenarios": "Scenario: what money would be held in if its costs changed",
    "tipping_grid": "Illustration: thresholds of adoption",
    "tipping_states": "Illustration: steady states",
    "inflow_scenario": "Scenario: inflows into stablecoins and the price of foreign exchange",
    "pass_through_left": "Illustration: pass-through after displacement",
    "cagan": "Illustration: inflation that raises most revenue",
}
ESTIMATES = {
    "adoption": "ownership_reported",
    "scenarios": "ces_foreign_share",
    "adoption_ownership": "ownership_reported",
    "adoption_index": "adoption_expected_place",
    "adoption_effects": "adoption_expected_place",
    "adoption_robustness": "adoption_expected_place",
    "ces_scenarios": "ces_foreign_share",
    "tipping_grid": "tipping_distance",
    "tipping_states": "tipping_distance",
    "inflow_scenario": "inflow_parity",
    "pass_through_left": "pass_through_left",
    "cagan": "cagan_break_even",
}
"""Estimate whose reason says why a table is not there."""


def table(result: Result, name: str) -> Table | Figure:
    """The result's table of that name, or a line that says why there is none."""
    if name in result.tables:
        return result.tables[name]
    return Figure.notice(f"substitution.{name}", TITLES[name], _why(result, ESTIMATES[name]))


def ownership(result: Result) -> Figure:
    """Published shares of owners in the country and its peers, by what kind of figure they are."""
    id, name = "substitution.adoption_peers", TITLES["adoption_ownership"]
    found = result.tables.get("adoption_ownership")
    if found is None:
        return Figure.notice(id, name, _why(result, "ownership_reported"))
    frame = found.frame
    order = list(dict.fromkeys(frame["economy"]))[:MOST_ROWS]
    frame = frame[frame["economy"].isin(order)]
    places = {economy: len(order) - 1 - i for i, economy in enumerate(order)}
    own = frame[frame["country"] == result.country]
    title = _ownership_title(result, own)

    def plot(ax: Axes) -> None:
        if not own.empty:
            ax.axhspan(len(order) - 1.5, len(order) - 0.5, color=theme.RULE, alpha=0.6, linewidth=0)
        for kind, _words, colour, marker in KINDS:
            rows = frame[_class(frame) == kind]
            ax.plot(
                rows["value"],
                rows["economy"].map(places),
                linestyle="",
                marker=marker,
                color=colour,
                markersize=6,
            )
        ax.set_yticks(list(places.values()), list(places))
        ax.set_ylim(-0.5, len(order) - 0.5)
        ax.set_xlim(0, 1.05 * float(frame["value"].max()))
        ax.grid(axis="x", visible=True)
        ax.grid(axis="y", visible=False)
        ax.set_xlabel("Share of the population, %")
        handles = [Line2D([], [], linestyle="", marker=m, color=c, label=w) for _k, w, c, m in KINDS]
        ax.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.4, -0.16 - 0.6 / len(order)), ncol=2)

    return draw(
        id,
        title=title,
        subtitle="Share of the population that owns crypto-assets, percent; one mark a published figure",
        note=_note(found),
        alt=f"{title}. Marks for {len(order)} economies from {number(float(frame['value'].min()), 1)} to "
        f"{number(float(frame['value'].max()), 1)} %; {int((_class(frame) == 'survey').sum())} of {len(frame)} figures "
        "come from a survey.",
        data=found,
        plot=plot,
        height=1.4 + 0.3 * len(order),
    )


def _class(frame: pd.DataFrame) -> pd.Series[str]:
    return frame["data_class"].where(frame["data_class"] == "survey", "modelled")


def _ownership_title(result: Result, own: pd.DataFrame) -> str:
    name = country(result.country).name
    if own.empty:
        return f"No share of owners has been published for {country(result.country).name_in_sentence}"
    low, high = float(own["value"].min()), float(own["value"].max())
    if len(own) == 1:
        return f"{name}: one published share of owners, {number(high, 1)} % in {own['year'].iloc[0]:.0f}"
    return f"{name}: published shares of owners run from {number(low, 1)} to {number(high, 1)} %"


def effects(result: Result) -> Figure:
    """Average differences in adoption per standard deviation of each regressor, with intervals."""
    id = "substitution.adoption_effects_figure"
    found = result.tables.get("adoption_effects")
    if found is None:
        return Figure.notice(id, TITLES["adoption_effects"], _why(result, "adoption_expected_place"))
    frame = found.frame.iloc[::-1].reset_index(drop=True)
    panels = [
        (name, title)
        for name, title in (
            ("ownership", "Ownership, points of %"),
            ("index", "Index, points of 100"),
        )
        if frame[f"{name}_effect"].notna().any()
    ]
    title = _effects_title(found.frame, [name for name, _ in panels])

    def plot(axes: Sequence[Axes]) -> None:
        for ax, (name, label) in zip(axes, panels, strict=True):
            ax.axvline(0, color=theme.GREY, linewidth=0.8)
            known = frame[frame[f"{name}_effect"].notna()]
            apart = (known[f"{name}_low"] > 0) | (known[f"{name}_high"] < 0)
            for rows, colour in ((known[apart], theme.VERMILION), (known[~apart], theme.BLUE)):
                ax.hlines(rows.index, rows[f"{name}_low"], rows[f"{name}_high"], color=colour, linewidth=2)
                ax.plot(rows[f"{name}_effect"], rows.index, linestyle="", marker="o", color=colour)
            ax.set_yticks(range(len(frame)), list(frame["regressor"]))
            ax.set_ylim(-0.6, len(frame) - 0.4)
            ax.grid(axis="x", visible=True)
            ax.grid(axis="y", visible=False)
            ax.set_title(label)

    return draw(
        id,
        title=title,
        subtitle="Average difference per standard deviation of a regressor, 90 % intervals; no cause is meant",
        note=_note(found),
        alt=f"{title}. One interval a regressor in {len(panels)} panels.",
        data=found,
        plot=plot,
        panels=(1, len(panels)),
        sharey=True,
        height=3.2,
    )


def _effects_title(frame: pd.DataFrame, names: Sequence[str]) -> str:
    """Which intervals exclude zero, counted; and what is left of them when the number of tests is allowed for."""
    apart = [
        str(row["regressor"]).lower()
        for name in names
        for _, row in frame.iterrows()
        if row[f"{name}_low"] > 0 or row[f"{name}_high"] < 0
    ]
    firm = sum(int((frame[f"{name}_p"] < 0.1).sum()) for name in names)
    tested = sum(int(frame[f"{name}_effect"].notna().sum()) for name in names)
    if not apart:
        return f"None of {tested} intervals excludes zero: adoption goes with none of the regressors"
    left = "none" if firm == 0 else str(firm)
    verb = "excludes" if len(apart) == 1 else "exclude"
    told = f"{len(apart)} of {tested} intervals {verb} zero ({listing(apart)})"
    return f"{told}; {left} when the number of tests is allowed for"


def ces(result: Result) -> Figure:
    """Foreign-currency share of money in the scenarios: a mark at elasticity one, a line from low to high."""
    id = "substitution.ces_figure"
    found = result.tables.get("ces_scenarios")
    if found is None:
        return Figure.notice(id, TITLES["ces_scenarios"], _why(result, "ces_foreign_share"))
    frame = found.frame.iloc[::-1].reset_index(drop=True)
    columns = [c for c in frame.columns if c.startswith("foreign_")]
    low, high = frame[columns].min(axis=1), frame[columns].max(axis=1)
    start = float(frame["foreign_1"].iloc[-1])
    widest = int((high - low).to_numpy().argmax())
    title = (
        f"From {number(start, 0)} % today: in the widest scenario between {number(float(low[widest]), 0)} and "
        f"{number(float(high[widest]), 0)} %, by the elasticity assumed"
    )

    def plot(ax: Axes) -> None:
        ax.axvline(start, color=theme.GREY, linewidth=0.8)
        ax.hlines(frame.index, low, high, color=theme.BLUE, linewidth=2)
        ax.plot(frame["foreign_1"], frame.index, linestyle="", marker="o", color=theme.BLUE)
        ax.set_yticks(range(len(frame)), list(frame["scenario"]))
        ax.set_ylim(-0.6, len(frame) - 0.4)
        ax.set_xlim(0, 100)
        ax.grid(axis="x", visible=True)
        ax.grid(axis="y", visible=False)
        ax.set_xlabel("Foreign currency, % of money")

    return draw(
        id,
        title=title,
        subtitle="Scenarios: money held in foreign currency, stablecoins included; mark: elasticity 1, line: 0.5 to 3",
        note=_note(found),
        alt=f"{title}. One line a scenario.",
        data=found,
        plot=plot,
        height=0.9 + 0.32 * len(frame),
    )


def tipping(result: Result) -> Figure:
    """Who would adopt when a given share has, the line where nothing changes, and the steady states. Illustrative."""
    id, name = "substitution.tipping_figure", TITLES["tipping_grid"]
    curve, states = result.tables.get("tipping_curve"), result.tables.get("tipping_states")
    if curve is None or states is None:
        return Figure.notice(id, name, _why(result, "tipping_distance"))
    frame, points = curve.frame, states.frame
    stable = points["kind"].str.startswith("stable")
    thresholds = points.loc[~stable, "share"]
    if len(thresholds) and not result["tipping_distance"].available:
        title = "In the central illustration the published share is itself a threshold and could not last"
    elif len(thresholds):
        first = number(float(thresholds.iloc[-1]), 0)
        title = f"In the central illustration adoption above {first} % would feed on itself"
    else:
        title = "In the central illustration there is one steady state and no threshold"

    def plot(ax: Axes) -> None:
        ax.plot([0, 100], [0, 100], color=theme.GREY, linewidth=1, linestyle="--")
        ax.plot(frame["share"], frame["wishes"], color=theme.BLUE)
        for rows, filled in ((points[stable], True), (points[~stable], False)):
            ax.plot(
                rows["share"],
                rows["share"],
                linestyle="",
                marker="o",
                markersize=8,
                color=theme.VERMILION,
                markerfacecolor=theme.VERMILION if filled else theme.PAPER,
            )
        ax.set_xlim(0, 100)
        ax.set_ylim(0, 100)
        ax.set_xlabel("Share that has adopted, %")
        ax.set_ylabel("Share that would adopt, %")

    told = listing([f"{number(float(share), 0)} %" for share in points["share"]])
    return draw(
        id,
        title=title,
        subtitle="Illustration, parameters assumed; full marks are stable, empty ones thresholds; dashed: no change",
        note=_note(curve),
        alt=f"{title}. A curve that crosses the line of no change at {told}.",
        data=curve,
        plot=plot,
        height=3.8,
    )


def _why(result: Result, name: str) -> str:
    estimate: Estimate | None = result.estimates.get(name)
    if estimate is not None and estimate.reason:
        return estimate.reason
    if not result.applicable:
        return result.reason.split(":")[0]
    return "the data have nothing to show"


def _note(table: Table) -> str:
    sources = f"Sources: {', '.join(table.sources)}." if table.sources else ""
    return " ".join(part for part in (table.note, sources) if part)
