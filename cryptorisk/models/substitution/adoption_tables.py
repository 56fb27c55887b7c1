"""Tables of adoption: figures of the country and its peers, ranks, effects across economies, what survives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cryptorisk.countries import country
from cryptorisk.estimate import MISSING, number
from cryptorisk.models.substitution import adoption_sample as sample
from cryptorisk.models.substitution.adoption_panel import BASE, LEVEL, AdoptionPanel, Dependent
from cryptorisk.models.substitution.adoption_regression import Regression
from cryptorisk.result import Column, Table
from cryptorisk.stats.cluster_jackknife import Effects

if TYPE_CHECKING:
    from cryptorisk.data.inputs import Inputs

MOST_PEERS = 14
"""Peers in a table of ranks: the highest-ranked."""


def ownership_table(published: pd.DataFrame, iso3: str, peers: tuple[str, ...]) -> Table:
    """Every figure of the country, and each organisation's newest of its peers, highest first."""
    own = published[published["country"] == iso3].sort_values(["year", "value"], ascending=False)
    others = published[published["country"].isin(peers)]
    others = others.sort_values("year", kind="stable").groupby(["country", "organisation"]).tail(1)
    top = others.groupby("country")["value"].transform("max")
    others = others.assign(top=top).sort_values(["top", "country", "value"], ascending=[False, True, False])
    frame = pd.concat([own, others], ignore_index=True)
    frame["economy"] = [country(code).name for code in frame["country"]]
    lacking = "" if len(own) else f" The data have no figure of {country(iso3).name_in_sentence}."
    return Table(
        "substitution.adoption_ownership",
        "Published shares of the population that owns crypto-assets, the country and its peers",
        frame[["economy", "value", "year", "organisation", "data_class", "remark", "url", "country"]],
        (
            Column("economy", "Economy"),
            Column("value", "Share", "% of the population", 1),
            Column("year", "Year"),
            Column("organisation", "By"),
            Column("data_class", "Class"),
            Column("remark", "What it is"),
            Column("url", "Page"),
        ),
        "Of peers the newest figure of each organisation. UNCTAD's figures equal those of the vendor Triple-A's model "
        f"for 2021: they are no survey and not independent of it.{lacking}",
        tuple(dict.fromkeys(frame["source"])) if len(frame) else (),
    )


def index_table(inputs: Inputs, iso3: str, peers: tuple[str, ...]) -> Table:
    """Ranks in the years with a full list, the country first, then its highest-ranked peers."""
    ranks, value = (_full(inputs, series) for series in ("gcai_rank", "gcai_rank_cex_value"))
    id, title = "substitution.adoption_index", "Ranks in the adoption index, the country and its peers"
    if ranks.empty:
        return Table(id, title, pd.DataFrame(columns=["economy"]), (Column("economy", "Economy"),))
    last = ranks.index.max()
    known = [code for code in peers if code in ranks.columns]
    order = ranks.loc[last, known].dropna().sort_values().index[:MOST_PEERS]
    codes = [code for code in (iso3, *order) if code in ranks.columns and ranks[code].notna().any()]
    frame = pd.DataFrame({"economy": [country(code).name for code in codes], "country": codes})
    columns = [Column("economy", "Economy")]
    for year in ranks.index[::-1]:
        count = int(ranks.loc[year].notna().sum())
        frame[f"rank_{year}"] = ranks.loc[year].reindex(codes).to_numpy(dtype=float)
        columns.append(Column(f"rank_{year}", f"Rank {year}", f"of {count}", 0))
    if last in value.index:
        frame["value_rank"] = value.loc[last].reindex(codes).to_numpy(dtype=float)
        columns.append(Column("value_rank", f"Value received {last}", "rank", 0))
    shown = [c for c in columns if frame[c.name].notna().any()]
    sources = inputs.panel_latest("gcai_rank")["source"].astype(str)
    return Table(
        id,
        title,
        frame,
        tuple(shown),
        "Global Crypto Adoption Index of Chainalysis, class proxy; 1 is the highest. Its method changed in 2022 and 2024: "
        "ranks of different years do not compare. Only years with a full list; value received is that of centralised "
        "services relative to income at purchasing power."
        + ("" if iso3 in codes else f" {country(iso3).name} is in none of these lists."),
        tuple(dict.fromkeys(sources)),
    )


def _full(inputs: Inputs, series: str) -> pd.DataFrame:
    panel = inputs.panel(series)
    panel = panel[panel.notna().sum(axis=1) >= sample.FULL_LIST]
    return panel.set_axis(pd.DatetimeIndex(panel.index).year, axis=0)


def effects_table(panel: AdoptionPanel) -> Table:
    """Average marginal effects of both main regressions, one regressor a row."""
    both = (panel.ownership, panel.index)
    rows = []
    for name in BASE:
        row: dict[str, Any] = {"regressor": _named(name), "measure": sample.REGRESSORS[name].measure}
        for one in both:
            row |= _cells(one, name)
        rows.append(row)
    frame = pd.DataFrame(rows)
    if not any(one.main.effects is not None for one in both):
        frame = frame.iloc[:0]
    columns = [Column("regressor", "Regressor")]
    for one in both:
        if one.main.effects is None:
            continue
        unit = "points of %" if one.name == "ownership" else "points of 100"
        what = "Ownership" if one.name == "ownership" else "Place in the index"
        columns += [
            Column(f"{one.name}_spread", f"{what}: one standard deviation", "of the regressor", 1),
            Column(f"{one.name}_effect", f"{what}: effect", unit, 1),
            Column(f"{one.name}_low", "low", unit, 1),
            Column(f"{one.name}_high", "high", unit, 1),
            Column(f"{one.name}_p", "p, all tests", "", 2),
        ]
    return Table(
        "substitution.adoption_effects",
        "What goes with adoption across economies: average difference per standard deviation of a regressor",
        frame,
        tuple(columns),
        _effects_note(panel),
        panel.sources,
    )


def _named(name: str) -> str:
    return sample.REGRESSORS[name].label


def _cells(one: Dependent, name: str) -> dict[str, float]:
    keys = ("spread", "effect", "low", "high", "p")
    effects = one.main.effects
    if effects is None or name not in effects.names:
        return dict.fromkeys((f"{one.name}_{key}" for key in keys), float("nan"))
    at, (low, high) = effects.at(name), effects.interval(LEVEL)
    values = (one.spread[name], effects.values[at], low[at], high[at], effects.adjusted_p_values[at])
    return {f"{one.name}_{key}": float(value) for key, value in zip(keys, values, strict=True)}


def _effects_note(panel: AdoptionPanel) -> str:
    """Method, samples, what was left out, how much is explained, and what must be doubted."""
    parts = [
        "Fractional logit (Papke and Wooldridge 1996) with effects of years; "
        f"{100 * LEVEL:.0f} % intervals by the jackknife over economies. Measures: "
        + "; ".join(f"{_named(name).lower()}, {sample.REGRESSORS[name].measure}" for name in BASE)
        + (f" ({panel.income})." if panel.income else ".")
    ]
    for one in (panel.ownership, panel.index):
        what = "Ownership" if one.name == "ownership" else "Index"
        if one.main.effects is None:
            parts.append(f"{what}: not estimated ({one.main.reason}).")
            continue
        gone = [_named(name).lower() for name in one.left_out]
        parts.append(
            f"{what}: {one.main.n} economy-years of {one.main.effects.clusters} economies, {one.years[0]} to "
            f"{one.years[-1]}; left-out economies are predicted with {_gain(one.gain)} squared error than by the mean of "
            f"the year" + (f"; {', '.join(gone)} left out, as the other regressors hold it." if gone else ".")
        )
    parts.append(
        "The dependent shares are mostly one vendor's model, built on adoption scores, and the index divides by income: "
        "relations to internet use and income are partly theirs. p is adjusted for the number of regressors (Holm 1979). "
        "Nothing here is a cause."
    )
    return " ".join(parts)


def _gain(gain: float) -> str:
    word = "less" if gain > 0 else "more"
    return f"{number(100 * abs(gain), 0)} % {word}"


def robustness_table(panel: AdoptionPanel) -> Table:
    """Main regressions and their variants, effects with intervals in each cell."""
    rows: list[dict[str, Any]] = []
    for one in (panel.ownership, panel.index):
        what = "Ownership" if one.name == "ownership" else "Index"
        for regression in (one.main, *one.variants):
            rows.append({"variant": f"{what}: {regression.label}", **_row(regression)})
    columns = ["variant", *BASE, "n", "clusters"]
    frame = pd.DataFrame(rows, columns=columns)
    if not any(one.main.effects is not None for one in (panel.ownership, panel.index)):
        frame = frame.iloc[:0]
    return Table(
        "substitution.adoption_robustness",
        "The same with other regressors, years, samples, dependent variables and models",
        frame,
        (
            Column("variant", "Variant"),
            *(Column(name, _named(name), "points per s.d.") for name in BASE),
            Column("n", "Economy-years", "", 0),
            Column("clusters", "Economies", "", 0),
        ),
        f"Effects per standard deviation of the main sample with {100 * LEVEL:.0f} % intervals; an asterisk marks those "
        "that exclude zero, without any allowance for the number of tests. Capital controls of Fernandez and others stand "
        "in the column of capital controls. The bank's own figures take no part. Intervals of the ordered logit are by "
        "the sandwich over economies.",
        panel.sources,
    )


def _row(regression: Regression) -> dict[str, Any]:
    effects = regression.effects
    if effects is None:
        return {BASE[0]: f"{MISSING}: {regression.reason}", "n": regression.n}
    shown = {("controls" if name == "restrictions" else name): _cell(effects, name) for name in effects.names}
    return {**dict.fromkeys(BASE, "\u2013"), **shown, "n": regression.n, "clusters": effects.clusters}


def _cell(effects: Effects, name: str) -> str:
    at, (low, high) = effects.at(name), effects.interval(LEVEL)
    mark = "*" if low[at] > 0 or high[at] < 0 else ""
    digits = 1 if np.abs(high[at] - low[at]) >= 1 else 2
    ends = f"{number(float(low[at]), digits)} to {number(float(high[at]), digits)}"
    return f"{number(float(effects.values[at]), digits)} ({ends}){mark}"
