"""How deep a fall a quarter or a year may bring, from resampled history: no model is simulated that far."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from cryptorisk.errors import ModelError
from cryptorisk.estimate import Estimate, number
from cryptorisk.result import Column, Table
from cryptorisk.stats.resampled_falls import observed_falls, worst_fall, worst_fall_intervals

HORIZONS = {91: "quarter", 365: "year"}
LEVELS = (0.95, 0.99)

BLOCK = 91
"""Blocks of a quarter: bitcoin's falls last for months, and blocks of a month break them (the fall of a year at 95 %
is then 67 %, with blocks of a quarter 68 %, with blocks of half a year 68 %, and 70 % of overlapping years)."""

PATHS = 5_000
"""Resampled spells: the error of a 99 % quantile is then about half a percentage point."""

HISTORIES = 150
"""Resampled histories behind the interval, each with `INNER_PATHS` spells."""
INNER_PATHS = 400


NOTABLE = 1.2
"""A fall that came so much more often in the sample than its chance says is called by the sample's frequency too."""


class LongFalls(NamedTuple):
    """Falls below the starting price.

    Attributes
    ----------
    frame : pandas.DataFrame
        ``horizon_days, level, fall_pct, low, high, end_pct`` (loss at the end at that level), ``without_rise_pct`` (the
        same fall when the sample's mean return is taken out), ``observed_pct`` (share of the sample's spells
        that fell by more), ``observed_fall_pct`` (the fall at that level among the sample's spells).
    refused : dict of int to str
        Horizons that the sample does not carry, with the reason.
    """

    frame: pd.DataFrame
    refused: dict[int, str]


def long_falls(returns: pd.Series[float], rng: np.random.Generator, coverage: float) -> LongFalls:
    """Falls over each horizon at each level, with block-bootstrap intervals.

    Parameters
    ----------
    returns : pandas.Series
        Daily log returns in percent.
    rng : numpy.random.Generator
    coverage : float
        Of the intervals.
    """
    rows: list[dict[str, float]] = []
    refused = {}
    for horizon in HORIZONS:
        try:
            rows += _rows(returns, horizon, rng, coverage)
        except ModelError as error:
            refused[horizon] = str(error)
    return LongFalls(pd.DataFrame(rows), refused)


def _rows(
    returns: pd.Series[float], horizon: int, rng: np.random.Generator, coverage: float
) -> list[dict[str, float]]:
    drawn = worst_fall(returns, horizon_days=horizon, rng=rng, block=BLOCK, replications=PATHS)
    flat = worst_fall(
        returns - returns.mean(), horizon_days=horizon, rng=rng, block=BLOCK, replications=PATHS
    )
    seen = observed_falls(returns, horizon)
    ends = worst_fall_intervals(
        returns,
        LEVELS,
        horizon_days=horizon,
        rng=rng,
        measure="from_start",
        block=BLOCK,
        replications=HISTORIES,
        paths=INNER_PATHS,
        coverage=coverage,
    )
    rows = []
    for level, (low, high) in zip(LEVELS, ends, strict=True):
        fall = drawn.quantile(level, "from_start")
        rows.append(
            {
                "horizon_days": horizon,
                "level": level,
                "fall_pct": fall,
                "low": min(low, fall),
                "high": max(high, fall),
                "end_pct": -float(np.quantile(drawn.end_return_pct, 1.0 - level)),
                "without_rise_pct": flat.quantile(level, "from_start"),
                "observed_pct": 100 * seen.probability_of(fall, "from_start"),
                "observed_fall_pct": seen.quantile(level, "from_start"),
            }
        )
    return rows


def falls_table(falls: LongFalls, coverage: float, sources: tuple[str, ...]) -> Table:
    """``crash.long_falls``: the falls with their intervals."""
    frame = falls.frame
    if len(frame):
        frame = frame.assign(
            within=[f"a {HORIZONS[int(days)]}" for days in frame["horizon_days"]],
            once_pct=100 * (1 - frame["level"]),
        )
    refused = "".join(
        f" Over a {HORIZONS[days]}: not given, {reason}." for days, reason in falls.refused.items()
    )
    return Table(
        "crash.long_falls",
        "How far bitcoin may fall below the starting price within a quarter and a year",
        frame if len(frame) else pd.DataFrame(columns=[c.name for c in _COLUMNS]),
        _COLUMNS,
        note=(
            f"History resampled in blocks of a quarter, without a model; {100 * coverage:g} % block-bootstrap interval, too "
            "narrow where the chance is 1 % (METHODS.md). The past average rise is in it; without it the falls are those "
            "of the column. Spells: share of the sample's own overlapping spells that fell by more, which should be near "
            "the chance." + refused
        ),
        sources=sources,
    )


_COLUMNS = (
    Column("within", "Within"),
    Column("once_pct", "Chance of more", "%", 0),
    Column("fall_pct", "Fall", "%", 0),
    Column("low", "Low", "%", 0),
    Column("high", "High", "%", 0),
    Column("without_rise_pct", "Without the past rise", "%", 0),
    Column("observed_pct", "Spells that fell by more", "%", 1),
)


def names() -> dict[str, tuple[str, str]]:
    """Label and unit of this part's estimates by name."""
    return {
        _name(horizon, level): (
            f"Fall of bitcoin below the starting price within a {word}, exceeded with {100 * (1 - level):.0f} %",
            "pct",
        )
        for horizon, word in HORIZONS.items()
        for level in LEVELS
    }


def fall_estimates(falls: LongFalls, coverage: float, **dated: object) -> list[Estimate]:
    """``crash.fall_91d_95_pct`` and its like, missing with the reason where the sample does not carry the horizon."""
    labels = names()
    found = [
        Estimate.missing(f"crash.{_name(horizon, level)}", *labels[_name(horizon, level)], reason)
        for horizon, reason in falls.refused.items()
        for level in LEVELS
    ]
    for row in falls.frame.to_dict("records"):
        name = _name(int(row["horizon_days"]), float(row["level"]))
        label, unit = labels[name]
        found.append(
            Estimate(
                f"crash.{name}",
                label,
                float(row["fall_pct"]),
                unit,
                low=float(row["low"]),
                high=float(row["high"]),
                level=coverage,
                interval="confidence",
                data_class="modelled",
                method="Daily history resampled in blocks of a quarter, worst fall below the start; block bootstrap.",
                function="cryptorisk.models.price_risk.falls.long_falls",
                note=_check(row),
                **dated,  # type: ignore[arg-type]
            )
        )
    return found


def _check(row: Mapping[Hashable, Any]) -> str:
    """The fall held against the sample's own spells, and without the past rise."""
    due, seen, spell = 100 * (1 - row["level"]), row["observed_pct"], HORIZONS[int(row["horizon_days"])]
    text = f"{number(seen, 1)} % of the sample's own overlapping spells of a {spell} fell by more where {due:.0f} % are due"
    if seen > NOTABLE * due:
        text += f", nearer one in {100 / seen:.0f} than one in {100 / due:.0f}"
    return text + (
        f"; {due:.0f} % of them fell by more than {number(row['observed_fall_pct'], 0)} %. Without the past average rise "
        f"the fall is {number(row['without_rise_pct'], 0)} %."
    )


def _name(horizon: int, level: float) -> str:
    return f"fall_{horizon}d_{100 * level:.0f}_pct"
