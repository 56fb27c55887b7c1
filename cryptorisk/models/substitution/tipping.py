"""Distance to tipping: where adoption would feed on itself if tastes and the network were as assumed. Illustrative."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cryptorisk.estimate import Estimate, number
from cryptorisk.models.part import Part
from cryptorisk.result import Column, Table
from cryptorisk.stats.tipping import Network, slack, through

EXTERNALITIES = (0.5, 1.0, 2.0)
SPREADS = (0.15, 0.25, 0.5)
SPEEDS = (0.1, 0.3)
"""Nothing in the data identifies these. Only b/s decides where the steady states are: a second one can begin at 2.5, and
the grid reaches from 1 to 13. Speeds: the part of those who would switch that do so in a year."""

CENTRAL = (1.0, 0.25)
"""b/s of 4: more than the least at which there can be a threshold, and low enough for the small shares of owners that are
published to last."""

NEARLY = 0.9
"""Part of the way from the threshold to high adoption that counts as having tipped."""

NUDGE = 0.01
"""Share above the threshold from which the years to high adoption are counted."""

CURVE = 101
FUNCTION = "cryptorisk.models.substitution.tipping.tipping"
_DISTANCE = "Published ownership to the next threshold of adoption (illustrative)"
_SLACK = (
    "Fall in the cost of adopting that ends low adoption, in standard deviations of tastes (illustrative)"
)


@dataclass(frozen=True)
class Case:
    """One cell of the grid, with the network on which the observed share is a steady state."""

    network: Network
    share: float

    @property
    def stable(self) -> bool:
        """Whether the observed share could last under these assumptions."""
        return self.network.slope(self.share) < 0

    @property
    def threshold(self) -> float | None:
        """Share at which adoption would go on by itself; None when there is none above, or the share cannot last."""
        return self.network.threshold(self.share) if self.stable else None


def tipping(reported: Estimate) -> Part:
    """Distance of the published share of owners to the next threshold, over a grid of assumptions.

    Parameters
    ----------
    reported : Estimate
        ``ownership_reported``: percent of the population with the range of published figures.

    Returns
    -------
    Part
        Estimates ``tipping_distance`` (percentage points) and ``tipping_slack``; tables ``tipping_grid``,
        ``tipping_curve`` (plotted) and ``tipping_states``.
    """
    if reported.value is None:
        return Part(_missing(f"no starting share: {reported.reason}"))
    ends = (reported.low or reported.value, reported.value, reported.high or reported.value)
    if not 0 < min(ends) <= max(ends) < 100:
        return Part(_missing("the published share leaves nothing to adopt"))
    low, central, high = (one / 100 for one in ends)
    cells = [(b, s) for b in EXTERNALITIES for s in SPREADS]
    grid = pd.DataFrame([_row(b, s, low, central, high) for b, s in cells])
    main = Case(through(central, *CENTRAL), central)
    tables = (
        _grid_table(grid, reported),
        _curve_table(main.network, reported),
        _states_table(main.network, reported),
    )
    return Part(_estimates(grid, main, reported), tables)


def _missing(reason: str) -> tuple[Estimate, ...]:
    return (
        Estimate.missing("substitution.tipping_distance", _DISTANCE, "pp", reason),
        Estimate.missing("substitution.tipping_slack", _SLACK, "ratio", reason),
    )


def _row(b: float, s: float, low: float, central: float, high: float) -> dict[str, object]:
    case = Case(through(central, b, s), central)
    threshold = case.threshold
    states = case.network.states()
    distances = [
        100 * (one.threshold - one.share)
        for one in (Case(through(share, b, s), share) for share in (low, central, high))
        if threshold is not None and one.threshold is not None
    ]
    row: dict[str, object] = {
        "b": b,
        "s": s,
        "strength": b / s,
        "states": len(states),
        "verdict": _verdict(case, threshold),
        "threshold": np.nan if threshold is None else 100 * threshold,
        "distance": np.nan if threshold is None else 100 * (threshold - central),
        "distance_low": min(distances, default=np.nan),
        "distance_high": max(distances, default=np.nan),
        "slack": np.nan,
    }
    room = slack(case.network) if threshold is not None else None
    row["slack"] = np.nan if room is None else room
    for speed in SPEEDS:
        row[f"years_{speed:g}"] = _years(case.network, threshold, speed)
    return row


def _verdict(case: Case, threshold: float | None) -> str:
    if not case.stable:
        return "the published share could not last"
    return "threshold above" if threshold is not None else "no threshold above"


def _years(network: Network, threshold: float | None, speed: float) -> float:
    """Years from just above the threshold to nearly all of the way to high adoption."""
    if threshold is None:
        return float("nan")
    top = network.states()[-1].share
    begin = threshold + NUDGE
    if begin >= top:
        return float("nan")
    found = network.periods(begin, threshold + NEARLY * (top - threshold), speed)
    return float("nan") if found is None else float(found)


def _estimates(grid: pd.DataFrame, main: Case, reported: Estimate) -> tuple[Estimate, ...]:
    known = grid.dropna(subset=["threshold"])
    threshold = main.threshold
    if threshold is None or known.empty:
        reason = (
            "in the central case of the grid the published share could not last"
            if not main.stable
            else "in the central case of the grid there is no threshold above the published share"
        )
        return _missing(reason)
    of = f"{len(known)} of {len(grid)} cells of the grid have a threshold."
    distance = Estimate(
        "substitution.tipping_distance",
        _DISTANCE,
        100 * (threshold - main.share),
        "pp",
        low=float(known["distance_low"].min()),
        high=float(known["distance_high"].max()),
        data_class="modelled",
        interval="range",
        method="Network-externality threshold model in which the published share is a steady state; range over assumed "
        "externalities and spreads of tastes and the published figures.",
        date=reported.date,
        sources=reported.sources,
        inputs=reported.inputs,
        function=FUNCTION,
        note=f"Illustrative: the parameters are assumed, not estimated. {of}",
    )
    room = slack(main.network)
    values = [*known["slack"].dropna(), *([] if room is None else [room])]
    if room is None:
        return distance, _missing("no threshold in the central case")[1]
    return distance, distance.with_(
        id="substitution.tipping_slack",
        label=_SLACK,
        value=room,
        low=float(min(values)),
        high=float(max(values)),
        unit="ratio",
        function="cryptorisk.stats.tipping.slack",
    )


def _grid_table(grid: pd.DataFrame, reported: Estimate) -> Table:
    columns = (
        Column("b", "Externality b", "", 1),
        Column("s", "Spread of tastes s", "", 1),
        Column("strength", "b / s", "", 2),
        Column("states", "Steady states", "", 0),
        Column("verdict", "Verdict"),
        Column("threshold", "Threshold", "% of the population", 0),
        Column("distance", "Distance", "points", 0),
        Column("distance_low", "low", "points", 0),
        Column("distance_high", "high", "points", 0),
        Column("slack", "Cost to fall by", "s.d. of tastes", 2),
        *(Column(f"years_{speed:g}", f"Years to high adoption, g = {speed:g}", "", 0) for speed in SPEEDS),
    )
    shown = tuple(c for c in columns if grid[c.name].notna().any())
    least = number(np.sqrt(2 * np.pi), 2)
    return Table(
        "substitution.tipping_grid",
        "Illustration: thresholds of adoption over a grid of assumptions",
        grid,
        shown,
        f"Illustrative. The published share ({reported:value}, {reported.date}) is taken for a steady state; b, s and the "
        f"speed g are assumed. Several steady states need b/s above {least}. Low and high: over the published figures. "
        "Years are from one point above the threshold to nine tenths of the way up. Owners of any crypto-asset are "
        "counted, not those who use stablecoins as money.",
        reported.sources,
    )


def _curve_table(network: Network, reported: Estimate) -> Table:
    shares = np.linspace(0, 1, CURVE)
    frame = pd.DataFrame({"share": 100 * shares, "wishes": [100 * network.wishes(float(x)) for x in shares]})
    return Table(
        "substitution.tipping_curve",
        "Who would adopt when a given share has",
        frame,
        (
            Column("share", "Has adopted", "% of the population", 0),
            Column("wishes", "Would adopt", "% of the population", 1),
        ),
        f"Illustrative: b = {CENTRAL[0]:g}, s = {CENTRAL[1]:g}, through the published share of {reported.date}.",
        reported.sources,
        shown=False,
    )


def _states_table(network: Network, reported: Estimate) -> Table:
    words = {
        "stable": "stable: adoption returns to it",
        "unstable": "threshold: adoption moves away from it",
        "tangent": "touching: reached from below, left above",
    }
    frame = pd.DataFrame(
        [(100 * one.share, words[one.kind]) for one in network.states()], columns=["share", "kind"]
    )
    return Table(
        "substitution.tipping_states",
        "Illustration: steady states in the central case",
        frame,
        (Column("share", "Share of adopters", "% of the population", 1), Column("kind", "Kind")),
        f"b = {CENTRAL[0]:g}, s = {CENTRAL[1]:g}; all steady states are found, as the excess of wishes over adoption is "
        "monotone between its turning points.",
        reported.sources,
    )
